"""What pages do by script, in a real Chromium under the content security policy; the server's answers are given."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation
from playwright.sync_api import Browser, Page, Request, Route, sync_playwright

from zhiren.site.context import Frame

pytestmark = pytest.mark.browser
ASSETS = Path(settings.BASE_DIR) / "assets_built"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
POLICY = "; ".join(
    f"{name}-src 'self'" if name != "default" else "default-src 'none'"
    for name in ("default", "script", "style", "img", "connect")
)
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}
HOME = "http://zhiren.test/page"
Answer = Callable[[Request], dict[str, object]]

CARD = '<li data-card tabindex="0" id="card" data-move-url="/move" data-version="{version}">{text}</li>'
BOARD = """
<div class="board" data-board="moves">
  <section data-stage="new"><span data-count>1</span><ul data-cards>{card}</ul></section>
  <section data-stage="interview" data-stage-name="面试"><span data-count>4</span><ul data-cards></ul></section>
  <section data-stage="left" data-asks><span data-count>0</span><ul data-cards></ul></section>
</div>
""".format(card=CARD.format(version=3, text="周明远"))
LIST = """
<ul data-list>
  <li data-row id="first">
    <a data-open href="/first">一</a>
    <button data-key="e" hx-post="/done" hx-target="closest li" hx-swap="delete">好</button>
  </li>
  <li data-row id="second"><a data-open href="/second">二</a></li>
</ul>
"""
FORM = """
<form method="post" action="/save" data-draft="note"><input name="text" id="text"><button id="send">好</button></form>
"""


class SignedIn(Frame):
    """A frame with a reader, and without a database."""

    signed_in = True
    user_name = "林晓"
    user_note = "招聘专员"
    company = "云杉科技"
    groups = bottom = create = account = ()
    sign_out_url = "/sign-out"


def drawn(content: str) -> str:
    source = '{% extends "shell.html" %}{% block content %}' + content + "{% endblock %}"
    with translation.override("zh-hans"):
        return Template(source).render(Context({"shell": SignedIn(), "csrf_token": "the-token"}))


def notices(*items: dict[str, str]) -> dict[str, str]:
    return {"HX-Trigger": json.dumps({"notices": {"items": list(items)}})}


class Site:
    """A page, what the server answers it, and what it asked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answers: dict[str, Answer] = {}
        self.asked: list[Request] = []
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if "Content Security" in said.text else None)
        page.route("**/*", self._answer)

    def open(self, content: str) -> Page:
        html = drawn(content)
        self.answers["/page"] = lambda request: {"body": html, "content_type": "text/html"}
        self.page.goto(HOME)
        return self.page

    def answer(self, path: str, **answer: object) -> None:
        self.answers[path] = lambda request: {"content_type": "text/html", "body": "", **answer}

    def form(self, path: str) -> dict[str, list[str]]:
        [request] = [one for one in self.asked if urlsplit(one.url).path == path]
        return parse_qs(request.post_data or urlsplit(request.url).query)

    def _answer(self, route: Route, request: Request) -> None:
        path = urlsplit(request.url).path
        if path.startswith("/static/"):
            file = ASSETS / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
            return
        self.asked.append(request)
        answer = self.answers.get(path, lambda request: {"status": 404, "body": ""})(request)
        headers = {"Content-Security-Policy": POLICY, **answer.pop("headers", {})}  # type: ignore[dict-item]  # headers are one
        kind = str(answer.pop("content_type", "text/html"))
        route.fulfill(headers={"Content-Type": f"{kind}; charset=utf-8", **headers}, **answer)  # type: ignore[arg-type]  # body or path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def site(browser: Browser, settings: object) -> Iterator[Site]:
    settings.STORAGES = {  # type: ignore[attr-defined]  # pytest-django's fixture
        **settings.STORAGES,  # type: ignore[attr-defined]  # the same
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    context = browser.new_context(viewport={"width": 1200, "height": 800}, locale="zh-CN")
    context.set_default_timeout(10_000)
    opened = Site(context.new_page())
    yield opened
    context.close()
    assert opened.complaints == []


def until(page: Page, function: str) -> None:
    """Wait until a function of the page is true; the policy lets Playwright evaluate nothing inside the page."""
    for _try in range(100):
        if page.evaluate(function):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{function} never became true")


def stage_of_card(page: Page) -> str:
    return str(page.evaluate("document.querySelector('#card').closest('[data-stage]').dataset.stage"))


class TestBoard:
    def test_moves_the_focused_card_by_key_and_takes_the_servers_card(self, site: Site) -> None:
        page = site.open(BOARD)
        site.answer("/move", body=CARD.format(version=4, text="周明远，已移动"))

        page.focus("#card")
        page.keyboard.press("]")
        page.wait_for_selector("#card:has-text('已移动')")

        assert site.form("/move") == {"stage": ["interview"], "version": ["3"]}
        assert site.asked[-1].headers["x-csrftoken"] == "the-token"
        assert stage_of_card(page) == "interview"
        assert page.locator("[data-count]").all_inner_texts() == ["0", "5", "0"]
        assert page.evaluate("document.activeElement.id") == "card"

    def test_puts_a_refused_card_back_and_says_why(self, site: Site) -> None:
        page = site.open(BOARD)
        told = notices({"text": "有人先了一步。", "tone": "bad", "undo": ""})
        site.answer("/move", status=409, headers={"HX-Reswap": "none", **told})

        page.drag_and_drop("#card", "[data-stage=interview] [data-cards]")
        page.wait_for_selector("[data-notice]:has-text('有人先了一步。')")

        until(page, "() => document.querySelector('#card').closest('[data-stage]').dataset.stage === 'new'")
        assert page.locator("[data-count]").all_inner_texts() == ["1", "4", "0"]

    def test_asks_first_where_a_column_wants_a_reason(self, site: Site) -> None:
        page = site.open(BOARD)
        site.answer("/move", body="<p>为什么？</p>")

        page.focus("#card")
        page.drag_and_drop("#card", "[data-stage=left] [data-cards]")
        page.wait_for_selector("#dialog[open] :text('为什么？')")

        assert site.form("/move") == {"stage": ["left"]}
        assert [one.method for one in site.asked if one.url.endswith("stage=left")] == ["GET"]
        assert stage_of_card(page) == "new"


class TestList:
    def test_is_worked_through_by_keys(self, site: Site) -> None:
        page = site.open(LIST)
        site.answer("/done", headers=notices({"text": "已完成", "tone": "good", "undo": "/undo"}))
        site.answer("/undo", status=204)
        site.answer("/second", body="<p>第二个</p>")

        page.keyboard.press("j")
        page.keyboard.press("e")
        page.wait_for_selector("#first", state="detached")
        page.click("[data-undo] button")
        page.keyboard.press("j")
        page.keyboard.press("Enter")

        page.wait_for_url("**/second")
        assert [urlsplit(one.url).path for one in site.asked] == ["/page", "/done", "/undo", "/second"]


class TestDraft:
    def test_comes_back_until_it_is_sent(self, site: Site) -> None:
        page = site.open(FORM)
        page.fill("#text", "还没写完")
        until(page, "() => localStorage.getItem('draft:note')")

        page.reload()
        assert page.input_value("#text") == "还没写完"

        site.answer("/save", body=drawn("<p>已保存</p>"))
        page.click("#send")
        page.wait_for_selector("text=已保存")
        assert page.evaluate("localStorage.getItem('draft:note')") is None

    def test_stays_when_the_form_comes_back_with_errors(self, site: Site) -> None:
        page = site.open(FORM)
        page.fill("#text", "太长")
        until(page, "() => localStorage.getItem('draft:note')")
        site.answer("/save", status=422, body=drawn(FORM.replace("<input", '<p role="alert">太长</p><input')))

        page.click("#send")
        page.wait_for_selector("text=太长")

        assert page.evaluate("localStorage.getItem('draft:note')") is not None

    def test_is_gone_after_signing_out(self, site: Site) -> None:
        page = site.open(FORM)
        page.fill("#text", "私事")
        until(page, "() => localStorage.getItem('draft:note')")
        site.answer("/sign-out", body="<p>再见</p>")

        page.click("aside details summary")
        page.click("aside [data-sign-out] button")
        page.wait_for_selector("text=再见")

        assert page.evaluate("Object.keys(localStorage)") == []


class TestSearch:
    def test_opens_by_key_and_follows_the_chosen_hit(self, site: Site) -> None:
        page = site.open("<p>页面</p>")
        hit = '<a class="palette-hit" role="option" id="hit-{n}" href="/{n}" aria-selected="{chosen}">{n}</a>'
        found = hit.format(n="one", chosen="true") + hit.format(n="two", chosen="false")
        site.answer("/palette", body=found)
        site.answer("/two", body="<p>第二页</p>")

        page.keyboard.press("Control+k")
        page.wait_for_selector("#hit-two")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")

        page.wait_for_selector("text=第二页")


class TestFailure:
    def test_of_the_network_is_told_and_loses_nothing(self, site: Site) -> None:
        page = site.open(LIST)
        page.route("**/done", lambda route: route.abort())

        page.click("#first button")

        page.wait_for_selector("[data-notice][data-tone=bad]:has-text('连不上服务器')")
        assert page.locator("#first").count() == 1

    def test_of_the_server_is_told_where_it_did_not_say_anything_itself(self, site: Site) -> None:
        page = site.open(LIST)
        site.answer("/done", status=502, body="<h1>Bad gateway</h1>")

        page.click("#first button")

        page.wait_for_selector("[data-notice][data-tone=bad]")
        assert page.locator("text=Bad gateway").count() == 0


class TestUpload:
    def test_sends_the_files_and_shows_the_answer(self, site: Site) -> None:
        page = site.open(
            '<form data-upload="#result" method="post" action="/upload" enctype="multipart/form-data">'
            '<input type="file" name="files" id="files" multiple><button id="send">好</button></form>'
            '<div id="result"></div>'
        )
        site.answer("/upload", body='<p id="progress">正在读第 1 份</p>')

        page.set_input_files("#files", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})
        page.click("#send")
        page.wait_for_selector("#result #progress")

        assert b'filename="a.pdf"' in (site.asked[-1].post_data_buffer or b"")


class TestTheme:
    def test_is_remembered(self, site: Site) -> None:
        page = site.open("<p>页面</p>")

        page.click("aside details summary")
        page.click("aside [data-theme-choice=dark]")
        page.reload()

        assert "dark" in page.evaluate("document.documentElement.className")


class TestChart:
    def test_is_drawn_under_the_policy(self, site: Site) -> None:
        described = json.dumps({"labels": ["一", "二"], "series": [{"name": "投递", "values": [3, 9]}], "unit": "份"})
        page = site.open(
            f'<div class="h-52" data-chart="bar"><script type="application/json">{described}</script></div>'
        )

        page.wait_for_selector("[data-chart] canvas")
