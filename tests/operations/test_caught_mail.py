"""The mail that the sandbox caught."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import MONDAY, SYSTEM, make_person, make_user
from zhiren.conversation import services
from zhiren.conversation.models import Message
from zhiren.operations import queries
from zhiren.operations.catcher import Catcher, start_catcher
from zhiren.plumbing import jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def catcher(settings: Any, tmp_path: Path) -> Iterator[Catcher]:
    """A sandbox whose mail is caught."""
    found = start_catcher(tmp_path / "caught-mail")
    given = found.environment()
    settings.SANDBOX = True
    settings.CAUGHT_MAIL_DIR = tmp_path / "caught-mail"
    settings.SMTP = {
        "host": given["ZHIREN_SMTP_HOST"], "port": int(given["ZHIREN_SMTP_PORT"]), "user": "", "password": "",
        "tls": given["ZHIREN_SMTP_TLS"], "sender": given["ZHIREN_SMTP_SENDER"], "timeout": 5,
    }  # fmt: skip
    yield found
    found.stop()


def client(role: str = "interviewer") -> Client:
    """Return a browser in which somebody has signed in."""
    found = Client()
    found.force_login(make_user(role))
    return found


def keys(settings: Any) -> list[str]:
    """Return the keys of all caught mail."""
    return sorted(path.name for path in (settings.CAUGHT_MAIL_DIR / "new").iterdir())


def send(key: str = "m1", **values: str) -> Message:
    """Return a message that went through the whole way into the catcher."""
    message = services.send_template(
        actor=SYSTEM, at=MONDAY, template_key="application_received",
        to_person=make_person(name="周明远").pk, business_key=key,
        values={"opening_title": "后端工程师", "status_link": "https://hr.example/c/abc/", **values},
    )  # fmt: skip
    jobs.run_due(MONDAY)
    message.refresh_from_db()
    return message


class TestCatcher:
    def test_has_every_letter_on_disk_when_it_says_so(self, catcher: Catcher, settings: Any) -> None:
        message = send()

        assert message.state == "sent"
        data = (settings.CAUGHT_MAIL_DIR / "new" / keys(settings)[0]).read_bytes()
        assert message.message_id.encode() in data
        assert data.startswith(b"Delivered-To: person")

    def test_keeps_what_it_caught_when_it_is_started_again(self, catcher: Catcher, settings: Any) -> None:
        send()
        catcher.stop()
        again = start_catcher(settings.CAUGHT_MAIL_DIR)
        settings.SMTP = {**settings.SMTP, "port": again.port}

        send("m2")
        again.stop()

        assert len(keys(settings)) == 2

    def test_takes_mail_again_after_it_was_away(self, catcher: Catcher, settings: Any) -> None:
        port = catcher.port
        catcher.stop()
        message = send()
        away = (message.state, message.error)
        again = start_catcher(settings.CAUGHT_MAIL_DIR, port=port)

        services.send_message(message_id=message.pk, at=MONDAY)
        again.stop()
        message.refresh_from_db()

        assert away == ("queued", "unreachable")
        assert message.state == "sent"


class TestCaughtMail:
    def test_lists_what_was_caught_newest_first(self, catcher: Catcher) -> None:
        send("a", opening_title="第一份工作")
        send("b", opening_title="第二份工作")

        page = client().get(reverse("operations:caught_mail")).content.decode()

        assert page.index("第二份工作") < page.index("第一份工作")
        assert "2 封" in page

    def test_shows_page_after_page(self, catcher: Catcher, monkeypatch: pytest.MonkeyPatch) -> None:
        for number in range(3):
            send(str(number), opening_title=f"工作{number}")
        monkeypatch.setattr(queries, "PAGE_SIZE", 2)
        browser = client()

        first = browser.get(reverse("operations:caught_mail")).content.decode()
        cursor = first.split("?after=")[1].split('"')[0]
        second = browser.get(reverse("operations:caught_mail") + f"?after={cursor}").content.decode()

        assert ["工作0" in first, "工作1" in first, "工作2" in first] == [False, True, True]
        assert "工作0" in second
        assert "?after=" not in second

    def test_says_what_to_do_while_there_is_none(self, catcher: Catcher) -> None:
        assert "还没有邮件" in client().get(reverse("operations:caught_mail")).content.decode()

    def test_does_not_exist_outside_a_sandbox(self, catcher: Catcher, settings: Any) -> None:
        send()
        key = keys(settings)[0]
        settings.SANDBOX = False
        browser = client("administrator")

        for url in (
            reverse("operations:caught_mail"),
            reverse("operations:caught_message", args=[key]),
            reverse("operations:caught_html", args=[key]),
        ):
            assert browser.get(url).status_code == 404

    def test_asks_visitors_to_sign_in(self, catcher: Catcher) -> None:
        assert Client().get(reverse("operations:caught_mail")).status_code == 302


class TestCaughtMessage:
    def test_shows_words_and_headers(self, catcher: Catcher, settings: Any) -> None:
        message = send()

        page = client().get(reverse("operations:caught_message", args=keys(settings)) + "?part=text").content.decode()

        assert "周明远，你好" in page
        assert '<a href="https://hr.example/c/abc/"' in page
        assert message.message_id.strip("<>") in page
        assert "auto-generated" in page

    def test_shows_html_where_it_can_do_nothing(self, catcher: Catcher, settings: Any) -> None:
        send(next_step="<script>alert(1)</script>")
        browser = client()

        page = browser.get(reverse("operations:caught_message", args=keys(settings))).content.decode()
        part = browser.get(reverse("operations:caught_html", args=keys(settings)))

        assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
        policy = part["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "sandbox allow-popups" in policy
        assert "allow-scripts" not in policy
        assert part["X-Frame-Options"] == "SAMEORIGIN"
        assert "<script>alert" not in part.content.decode()

    @pytest.mark.parametrize("key", ["..", "nothing", "%2e%2e%2fsecret", "a b", "x" * 300])
    def test_finds_nothing_by_a_name_that_was_not_caught(self, catcher: Catcher, settings: Any, key: str) -> None:
        (settings.CAUGHT_MAIL_DIR.parent / "secret").write_text("Subject: secret\n\nsecret")
        browser = client()

        for name in ("caught_message", "caught_html"):
            assert (
                browser.get(f"/operations/mail/{key}" + ("/html" if name == "caught_html" else "")).status_code == 404
            )

    def test_shows_whatever_came_in(self, catcher: Catcher, settings: Any) -> None:
        folder = settings.CAUGHT_MAIL_DIR / "new"
        (folder / "1.M1P1Q1.x").write_bytes(
            b"Date: rubbish\r\nSubject: \xff\xfe\r\nContent-Type: text/plain; charset=nonsense\r\n\r\nhi \xff"
        )
        (folder / "2.M1P1Q1.x").write_bytes(b"")
        browser = client()

        assert browser.get(reverse("operations:caught_mail")).status_code == 200
        assert "hi " in browser.get(reverse("operations:caught_message", args=["1.M1P1Q1.x"])).content.decode()
        assert browser.get(reverse("operations:caught_message", args=["2.M1P1Q1.x"])).status_code == 200
