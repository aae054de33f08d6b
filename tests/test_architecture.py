"""The rules of the house that the layers' contracts cannot say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent / "zhiren"
APPS = sorted(path.name for path in ROOT.iterdir() if (path / "__init__.py").exists())
# What an app shows to the others; everything else in it is private. Below these stands what has no HR in it.
PUBLIC = {
    "services", "queries", "events", "errors", "rules", "permissions", "models",
    # Ports, and parts of services and queries.
    "panels", "plans", "law", "kinds", "mergeparts", "telling", "channels", "names", "vault", "intake", "employing",
    "employment_queries", "past_queries", "past_attendance", "platform_queries", "letters", "standing_in", "ledger",
    "counting", "judging", "law_days", "law_words", "alike", "kiosks",
}  # fmt: skip
CLOCKS = {"timezone.now", "clock.now", "datetime.now", "date.today", "datetime.today", "time.time"}
FOUNDATIONS = {"kernel", "plumbing", "timeline", "resumes"}
# Routes of packages, which carry no declaration of ours: why each may be there.
FOREIGN_ROUTES = {
    "account/": "sign-in, by django-allauth",
    "api/v1/": "each operation declares its permission (PermRouter)",
}


def part_of(path: Path) -> str:
    """Return which part of its app a file is: `import_views` are views."""
    return path.stem.rpartition("_")[2]


def sources(*names: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        if "migrations" not in path.parts and (not names or part_of(path) in names):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, where)
        else:
            yield where, pattern


class TestInterface:
    def test_touches_no_table(self) -> None:
        found = []
        for path, tree in sources("views", "forms", "endpoints"):
            for node in ast.walk(tree):
                touches = isinstance(node, ast.Attribute) and node.attr in {"objects", "bulk_create"}
                saves = (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr == "save"
                    and ast.unparse(node.func) != "services.save"
                )
                commits = saves and not any(
                    isinstance(k.value, ast.Constant) and k.value.value is False
                    for k in node.keywords  # type: ignore[attr-defined]  # a call
                )
                if touches or commits:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")  # type: ignore[attr-defined]  # a node

        assert found == []

    def test_lets_refusals_pass(self) -> None:
        found = [
            f"{path.relative_to(ROOT)}:{node.lineno}"
            for path, tree in sources("views", "endpoints")
            for node in ast.walk(tree)
            if isinstance(node, ast.Try) and not path.is_relative_to(ROOT / "site")
        ]

        assert found == []


# Who writes to candidates puts their personal link into the mail.
MAY_LINK = {("playbooks", "careers"), ("screening", "careers")}


class TestImports:
    def test_of_another_app_take_only_what_it_shows(self) -> None:
        found = []
        for path, tree in sources():
            own = path.relative_to(ROOT).parts[0]
            if own == "site":
                continue
            for node in ast.walk(tree):
                if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("zhiren."):
                    continue
                parts = (node.module or "").split(".")[1:]
                if parts[0] == own or parts[0] in FOUNDATIONS:
                    continue
                names = [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]
                hidden = [name for name in names if name not in PUBLIC]
                if hidden and (own, parts[0]) not in MAY_LINK:
                    found.append(f"{path.relative_to(ROOT)}: {parts[0]}.{', '.join(hidden)}")

        assert found == []


class TestTime:
    def test_is_asked_only_by_views_endpoints_and_jobs(self) -> None:
        may_ask = {
            "views",
            "endpoints",
            "jobs",
            "clock",
            "cli",
            "health",
            "errors",
            "middleware",
            "words",
            "apps",
            "sessions",
            "seeds",
            "context",
        }
        found = []
        for path, tree in sources():
            if part_of(path) in may_ask or path.is_relative_to(ROOT / "timeline"):
                continue
            found += [
                f"{path.relative_to(ROOT)}:{node.lineno}"
                for node in ast.walk(tree)
                if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCKS
            ]

        assert found == []


class TestModels:
    @pytest.mark.parametrize("model", [m for m in apps.get_models() if m.__module__.startswith("zhiren.")])
    def test_say_what_personal_data_they_hold(self, model: type) -> None:
        assert "personal data" in (model.__doc__ or "").lower(), f"{model.__name__}: what in it is personal?"


class TestRoutes:
    def test_all_declare_who_may_use_them(self) -> None:
        undeclared = [
            where
            for where, pattern in routes(get_resolver().url_patterns)
            if not hasattr(pattern.callback, "declared") and not where.startswith(tuple(FOREIGN_ROUTES))
        ]

        assert undeclared == []


class TestReadmes:
    @pytest.mark.parametrize("app", [name for name in APPS if name != "site"])
    def test_exist_for_each_app(self, app: str) -> None:
        text = (ROOT / app / "README.md").read_text(encoding="utf-8")
        assert len(text) > 200
