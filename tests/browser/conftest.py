"""An installation for the browser tests, and people who use it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect, sync_playwright

from tests.browser.installation import Installation
from zhiren.access import services as access
from zhiren.operations.demo import setup

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
)  # fmt: skip
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
SECONDS = 1000
GOOD = 400
NO_ANSWER = "Failed to load resource"
# What a page shows in the end is tested, not how fast: a busy machine reads a résumé slowly.
expect.set_options(timeout=30 * SECONDS)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A Chromium; without one the test is skipped."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine (`make browser` installs it)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def installation(django_db_blocker: Any) -> Iterator[Installation]:
    """A running installation with the company of the demo, without its history."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine (`make browser` installs it)")
    running = Installation()
    with django_db_blocker.unblock(), running.entered():
        running.start()
        running.company = running.call(setup.set_up, datetime.now(UTC))
    yield running
    with django_db_blocker.unblock():
        running.stop()


class Visitors:
    """Opens pages for people, and remembers what their browsers complained of."""

    def __init__(self, browser: Browser, installation: Installation) -> None:
        self.browser = browser
        self.installation = installation
        self.complaints: list[str] = []
        self._allowed: set[int] = set()
        self._contexts: list[BrowserContext] = []

    def guest(self, **how: Any) -> Page:
        """Return an empty page of somebody who is not signed in."""
        context = self.browser.new_context(
            **{"base_url": self.installation.url, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **DESK, **how}
        )
        context.set_default_timeout(20 * SECONDS)
        self._contexts.append(context)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.complaints.append(f"script error: {error.error}"))
        context.on("response", self._on_response)
        return context.new_page()

    def user(self, key: str, **how: Any) -> Page:
        """Return an empty page of a user of the demo company, signed in by a one-time link."""
        states = self.installation.signed_in
        if key not in states:
            states[key] = self._sign_in(key)
        return self.guest(storage_state=states[key], **how)

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Take it as right that the server refuses with one of these statuses."""
        self._allowed |= set(statuses)
        yield
        self._allowed -= set(statuses)

    def leave(self) -> None:
        """Close every page."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()

    def _sign_in(self, key: str) -> Any:
        place = self.installation
        token = place.call(
            access.make_sign_in_link,
            actor=setup.SYSTEM,
            at=place.now(),
            user_id=place.company.users[key].pk,
        )
        page = self.guest()
        page.goto(f"/access/link/{token}")
        page.locator("form button[type=submit]").first.click()
        page.wait_for_url(lambda url: "/access/link/" not in url)
        state = page.context.storage_state()
        page.context.close()
        return state

    def _on_console(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"} and not (said.text.startswith(NO_ANSWER) and self._allowed):
            self.complaints.append(f"{said.type} on {said.page.url if said.page else '?'}: {said.text}")

    def _on_response(self, response: Response) -> None:
        if response.status >= GOOD and response.status not in self._allowed:
            self.complaints.append(f"{response.status} for {urlsplit(response.url).path}")


@pytest.fixture
def visitors(browser: Browser, installation: Installation, django_db_blocker: Any) -> Iterator[Visitors]:
    """Whoever comes to the installation; afterwards no browser may have complained."""
    coming = Visitors(browser, installation)
    with django_db_blocker.unblock(), installation.entered():
        yield coming
        coming.leave()
    assert coming.complaints == []
