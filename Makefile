# 知人 Zhiren. `make help` lists what there is to make. Every target installs what it needs and is safe to run again.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
PORT ?= 8000
# Each of the many programs that the tests start would compile its modules anew.
unexport PYTHONDONTWRITEBYTECODE
ifneq ($(CI),)
PYTEST_ARGS ?= -q
endif

.PHONY: help demo up test lint bench install browser mailserver programs frontend words screenshots lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  \033[36m%-12s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: install ## Start a made-up company at http://127.0.0.1:8000, or PORT=8001 (nothing leaves this machine)
	@$(BIN)/zhiren demo --port $(PORT)

up: install ## Start Zhiren for real: database, migrations, web and worker
	@$(BIN)/zhiren up --port $(PORT)

test: | $(VENV)/.installed ## Run every check and every test
	@$(MAKE) --no-print-directory -j 2 install lint programs
	@browser=$$(mktemp); trap 'rm -f $$browser' EXIT; \
	$(BIN)/pytest $(PYTEST_ARGS) -m browser $$(grep -rl --include='*.py' pytest.mark.browser tests) > $$browser 2>&1 & \
	$(BIN)/pytest $(PYTEST_ARGS) -n 2 --dist worksteal -m "not browser"; units=$$?; \
	echo "In the browser:"; wait $$!; pages=$$?; cat $$browser; exit $$((units > pages ? units : pages))

lint: | $(VENV)/.installed ## Check style, types and layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy

bench: install ## Print the figures: pages, events, résumés (minutes)
	@for program in benchmarks/[!_]*.py; do echo "== $$program"; $(BIN)/python $$program || exit 1; done

screenshots: install browser ## Take the pictures of the README from a running demo
	@$(BIN)/python scripts/screenshots.py

install: $(VENV)/.installed frontend words ## Install the Python packages and build the front end

$(VENV)/.installed: requirements.lock pyproject.toml
	@echo "Installing Python packages ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Zhiren needs Python 3.11 or newer. Where it has another name: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "On Debian and Ubuntu: apt install python3-venv"; rm -rf $(VENV); exit 1; }
	@if command -v uv >/dev/null; then uv pip install -q --python $(BIN)/python --no-deps --require-hashes -r requirements.lock && uv pip install -q --python $(BIN)/python --no-deps -e .; \
	else $(BIN)/python -m pip install -q --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements.lock && $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .; fi
	@touch $@

FRONTEND_SOURCES := $(shell find frontend zhiren -not -path '*/node_modules/*' \( -path 'frontend/*' -o -name '*.html' -o -path 'zhiren/*.py' \) -type f 2>/dev/null)

frontend: zhiren/site/assets_built/.built ## Build styles, scripts and icons

zhiren/site/assets_built/.built: $(FRONTEND_SOURCES) | $(VENV)/.installed
	@echo "Building the front end ..."
	@$(BIN)/python scripts/build_frontend.py
	@touch $@

words: | $(VENV)/.installed ## Compile the translations
	@$(BIN)/python scripts/compile_words.py

browser: ## Install Chromium and Chinese fonts for the browser tests (with apt, where allowed)
	@bash scripts/install_browser.sh

mailserver: ## Install Dovecot for the tests of incoming mail (with apt, where allowed)
	@bash scripts/install_mail_server.sh

programs:
	@$(MAKE) --no-print-directory -j 1 browser mailserver

lock: ## Write requirements.lock anew (no address of any registry is written)
	@uv pip compile -q --universal --generate-hashes --no-emit-index-url --extra demo --extra fast --extra ocr --group dev --override scripts/lock_overrides.txt pyproject.toml -o requirements.lock

clean: ## Remove what was built (never any data)
	@rm -rf $(VENV) frontend/node_modules zhiren/site/assets_built zhiren/site/static .mypy_cache .ruff_cache .pytest_cache
