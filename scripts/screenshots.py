"""Take the pictures of the README from a demo company that this program starts, and stops again.

Every picture shows a working day at half past ten, whenever it is taken: the demo's clock runs ahead to the next one.
With `--data FOLDER` the company is kept there and the next run starts within seconds; without, it is made afresh.
"""

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
DESK: dict[str, Any] = {"locale": "zh-CN", "viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {
    "locale": "zh-CN",
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
LARGEST_PICTURE = 250_000  # bytes
DRAFT_SAVED_MS = 1500  # the page saves a draft a moment after the last change
COMPANY_ZONE = ZoneInfo("Asia/Shanghai")
LINK = re.compile(r"\| +(\w+) +\S.*: (http\S+/access/link/\S+)")
LAST_ROLE = "administrator"  # its link is printed last


def main() -> None:
    """Start the demo, take every picture, stop the demo."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--data", type=Path, help="keep the demo company in this folder")
    chosen = reader.parse_args()
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        sys.exit("Chromium is needed to take pictures; `make browser` installs it where it can.")
    PICTURES.mkdir(parents=True, exist_ok=True)
    at = next_working_morning(datetime.now(UTC))
    with data_folder(chosen.data) as folder, demo(folder, at) as ways_in, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take_all(Camera(browser, at), ways_in)
        browser.close()


def next_working_morning(after: datetime) -> datetime:
    """Return the next half past ten of the company's clock that is no weekend."""
    at = after.astimezone(COMPANY_ZONE).replace(hour=10, minute=30, second=0, microsecond=0)
    while at <= after or at.isoweekday() > 5:
        at += timedelta(days=1)
    return at


@contextmanager
def data_folder(chosen: Path | None) -> Iterator[Path]:
    """Give the folder of the demo company; one that nobody chose is removed at the end."""
    if chosen:
        yield chosen
        return
    with tempfile.TemporaryDirectory(prefix="zhiren-pictures-") as made:
        Path(made).chmod(0o711)  # started by root, the database runs as a user of its own and must reach it
        yield Path(made)


@contextmanager
def demo(folder: Path, at: datetime) -> Iterator[dict[str, str]]:
    """Run a demo on a free port, whose clock says `at`, and give the first sign-in link of each role."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = subprocess.Popen(
        [sys.executable, "-m", "zhiren.site.cli", "demo", "--port", str(port)],
        cwd=ROOT,
        env={
            **os.environ,
            "ZHIREN_DATA": str(folder),
            "ZHIREN_CLOCK_AHEAD": str((at - datetime.now(UTC)).total_seconds()),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield read_links(running)
    finally:
        running.send_signal(signal.SIGINT)
        running.communicate()


def read_links(running: "subprocess.Popen[str]") -> dict[str, str]:
    """Repeat what the demo says until its last link; stop when it ends before."""
    ways_in: dict[str, str] = {}
    for line in running.stdout or ():
        print(line, end="", flush=True)
        if found := LINK.search(line):
            ways_in.setdefault(found[1], found[2])
        if LAST_ROLE in ways_in:
            return ways_in
    sys.exit("The demo ended before it could be used.")


@dataclass(frozen=True)
class Camera:
    """A browser whose pages believe that it is `at`."""

    browser: Browser
    at: datetime

    def window(self, screen: dict[str, Any], *, like: Page | None = None) -> Page:
        """Open an empty page; signed in if another one `like` it is."""
        cookies = like.context.storage_state() if like else None
        page = self.browser.new_context(**screen, storage_state=cookies).new_page()
        page.clock.set_fixed_time(self.at)
        return page

    def signed_in(self, link: str, screen: dict[str, Any]) -> Page:
        """Return the first page somebody sees after using their one-time link."""
        page = self.window(screen)
        page.goto(link)
        page.locator("form[method=post] button[type=submit]").click()
        page.locator("main").wait_for()
        return page


def take_all(camera: Camera, ways_in: dict[str, str]) -> None:
    """Take every picture."""
    desk = camera.signed_in(ways_in["recruiter"], DESK)
    today = desk.url
    take(desk, "today")
    go(desk, path_of(desk.locator("[data-row] a[data-open]").first))
    take(desk, "person")
    go(desk, path_of(desk.locator("main a[href^='/recruiting/openings/']").first))
    take(desk, "board")

    phone = camera.window(PHONE, like=desk)
    phone.goto(today)
    take(phone, "today-phone")
    go(phone, "/attendance/")
    take(phone, "attendance-phone")

    hr = camera.signed_in(ways_in["hr_manager"], DESK)
    go(hr, f"/attendance/month?month={camera.at.replace(day=1) - timedelta(days=1):%Y-%m}")  # one that is whole
    take(hr, "attendance")

    interviewer = camera.signed_in(ways_in["interviewer"], PHONE)
    go(interviewer, "/interviews/?show=waiting")
    go(interviewer, path_of(interviewer.locator("a[href$='/scorecard']").first))
    interviewer.locator("fieldset").nth(0).get_by_text("良好", exact=True).click()
    interviewer.locator("fieldset").nth(1).get_by_text("突出", exact=True).click()
    interviewer.wait_for_timeout(DRAFT_SAVED_MS)
    take(interviewer, "scorecard-phone")

    candidate = camera.window(PHONE)
    candidate.goto(candidate_link(desk))
    take(candidate, "candidate-phone")

    desk.emulate_media(color_scheme="dark")
    desk.goto(today)
    with speaking(desk, "en"):
        take(desk, "today-dark-en")


@contextmanager
def speaking(page: Page, language: str) -> Iterator[None]:
    """Have the reader's pages in another language, then again as before."""
    before = page.locator("html").get_attribute("lang") or ""
    choose_language(page, language)
    yield
    choose_language(page, before.lower())


def choose_language(page: Page, language: str) -> None:
    """Press the button of the reader's menu."""
    page.locator("aside details.menu > summary").click()
    page.locator(f"aside button[name=language][value={language}]").click()
    page.locator(f"html[lang={language} i]").wait_for()


def candidate_link(page: Page) -> str:
    """Return the personal link of the newest mail that thanks for an interview."""
    go(page, "/operations/mail")
    thanks = page.locator("[data-row] a[data-open]").filter(has_text="谢谢你来面试")
    for path in [path_of(link) for link in thanks.all()]:
        go(page, f"{path}?part=text")
        if found := re.search(r"http\S+/c/[\w-]+/", page.locator("main").inner_text()):
            return urljoin(page.url, urlsplit(found[0]).path)  # the mail may be older than this run and its port
    sys.exit("No caught mail holds a candidate's link.")


def path_of(link: Locator) -> str:
    """Return where a link leads."""
    return link.get_attribute("href") or "/"


def go(page: Page, path: str) -> None:
    """Open a page of the same site."""
    page.goto(urljoin(page.url, path))


def take(page: Page, name: str) -> None:
    """Take what the window shows, once everything has loaded and nothing moves."""
    page.wait_for_load_state("networkidle")
    picture = page.screenshot(animations="disabled", caret="hide")
    path = PICTURES / f"{name}.png"
    path.write_bytes(picture)
    print(f"{path.relative_to(ROOT)}: {len(picture) // 1000} kB", flush=True)
    if len(picture) > LARGEST_PICTURE:
        sys.exit(f"{path.name} is larger than {LARGEST_PICTURE // 1000} kB.")


if __name__ == "__main__":
    main()
