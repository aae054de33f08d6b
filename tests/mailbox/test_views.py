"""The pages of the mailbox."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import MONDAY, make_opening, make_person, make_user
from tests.mailbox.letters import BOARD_HTML, letter, resume
from tests.mailbox.making import make_account, make_mail
from zhiren.access.models import User
from zhiren.mailbox import queries, services
from zhiren.mailbox.models import Mail, MailAccount
from zhiren.recruiting.models import Intake

pytestmark = pytest.mark.django_db
GIVEN: dict[str, Any] = {
    "name": "Jobs", "host": "127.0.0.1", "port": 1, "tls": "none", "user": "jobs", "password": "secret words",
    "folder": "INBOX", "since": "2026-11-01", "after": "seen", "poll_minutes": 5, "uses_idle": "on",
}  # fmt: skip


def client_of(user: User) -> Client:
    """Return the client of somebody who is signed in."""
    client = Client()
    client.force_login(user)
    return client


def manager() -> User:
    """Return a manager for the whole company."""
    return make_user("hr_manager", scope="all", language="en")


def text_of(client: Client, url: str) -> str:
    """Return a page."""
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


class TestUnfiled:
    def test_shows_each_mail_with_its_reason_in_few_queries(self) -> None:
        account = make_account()
        for number in range(3):
            make_person(mails=[f"p{number}@example.com"])
            make_mail(account, letter(f"Letter {number}", From=f"p{number}@example.com"))
        client = client_of(manager())

        with CaptureQueriesContext(connection) as seen:
            page = text_of(client, reverse("mailbox:unfiled"))

        assert page.count("A letter of") == 3
        assert "Letter 0" in page
        assert len(seen) <= 12

    def test_goes_on_page_by_page(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queries, "ROWS", 2)
        account = make_account()
        for number in range(3):
            make_mail(account, letter(f"Number {number}"))
        client = client_of(manager())

        first = client.get(reverse("mailbox:unfiled"))
        rest = client.get(reverse("mailbox:unfiled"), {"after": first.context["after"]}, HTTP_HX_REQUEST="true")

        assert first.content.decode().count("data-row") == 2
        assert rest.content.decode().count("data-row") == 1

    def test_names_nobody_whom_the_reader_may_not_see(self) -> None:
        account, reader = make_account(), make_user("recruiter", language="en")
        account.readers.set([reader])
        make_person(name="秦无声", mails=["secret@example.com"])
        make_mail(account, letter("Hello", From="secret@example.com"))

        page = text_of(client_of(reader), reverse("mailbox:unfiled"))

        assert "秦无声" not in page
        assert "A letter of somebody who is known already." in page

    def test_shows_a_recruiter_only_the_mailboxes_they_file_for(self) -> None:
        reader = make_user("recruiter")
        make_mail(make_account(), letter("Hidden"))
        mine = make_account(user="b")
        mine.readers.set([reader])
        make_mail(mine, letter("Shown"))

        page = text_of(client_of(reader), reverse("mailbox:unfiled"))

        assert "Shown" in page
        assert "Hidden" not in page

    def test_says_that_a_mailbox_cannot_be_read(self) -> None:
        account = make_account(name="Careers box")
        services.note_failure(account_id=account.pk, at=MONDAY, problem="sign_in", lasting=True)

        page = text_of(client_of(manager()), reverse("mailbox:unfiled"))

        assert "Careers box" in page
        assert "refuses user name or password" in page


class TestMail:
    def test_shows_the_text_and_nothing_that_could_run_or_load(self) -> None:
        mail = make_mail(make_account(), letter("<b>Hi</b>", html=BOARD_HTML, body="x", files=(("<i>.txt", resume()),)))

        page = text_of(client_of(manager()), reverse("mailbox:mail", args=[mail.pk]))

        assert "姓名：郑亦安" in page
        assert "tracker.example" not in page
        assert "alert(1)" not in page
        assert "<b>Hi</b>" not in page
        assert "<i>.txt" not in page

    def test_hands_out_attachments_never_as_pages_and_notes_it(self) -> None:
        mail = make_mail(make_account(), letter("您好", files=(("简历.html", b"<script>1</script>"),)))
        client = client_of(manager())

        answer = client.get(reverse("mailbox:attachment", args=[mail.pk]), {"n": 1})
        original = client.get(reverse("mailbox:attachment", args=[mail.pk]))
        none = client.get(reverse("mailbox:attachment", args=[mail.pk]), {"n": 9})

        assert answer.content == b"<script>1</script>"
        assert answer["Content-Type"] == "application/octet-stream"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert original.content.startswith(b"Subject:")
        assert none.status_code == 404

    def test_files_it_into_the_opening_chosen(self) -> None:
        opening = make_opening()
        mail = make_mail(make_account(), letter("您好", files=(("a.txt", resume()),)))
        client = client_of(manager())

        nothing = client.post(reverse("mailbox:file", args=[mail.pk]), {})
        answer = client.post(reverse("mailbox:file", args=[mail.pk]), {"opening": opening.pk})

        assert nothing.status_code == 422
        assert answer["Location"] == reverse("recruiting:intake", args=[Intake.objects.get().pk])

    def test_puts_it_aside_and_takes_it_back(self) -> None:
        mail = make_mail(make_account(), letter("您好"))
        client = client_of(manager())

        client.post(reverse("mailbox:aside", args=[mail.pk]), {"note": "a quote"})
        aside = text_of(client, reverse("mailbox:unfiled") + "?state=aside")
        client.post(reverse("mailbox:back", args=[mail.pk]))

        assert "a quote" in aside
        assert queries.mail_by_id(mail.pk).state == "unfiled"


class TestFileMany:
    def test_files_the_ticked_and_tells_how_many(self) -> None:
        opening, account = make_opening(), make_account()
        mails = [make_mail(account, letter("您好", files=(("a.txt", resume()),))) for _ in range(2)]

        answer = client_of(manager()).post(
            reverse("mailbox:file_many"),
            {"mail": [mail.pk for mail in mails] + ["nonsense"], "opening": opening.pk},
            follow=True,
        )

        assert "2 mails filed" in answer.content.decode()
        assert set(Mail.objects.values_list("state", flat=True)) == {"filed"}

    def test_asks_for_a_mail_where_none_is_ticked(self) -> None:
        answer = client_of(manager()).post(reverse("mailbox:file_many"), {"opening": make_opening().pk}, follow=True)

        assert "choose at least one mail" in answer.content.decode()


class TestAccounts:
    def test_are_listed_with_how_they_stand_and_never_with_a_password(self) -> None:
        make_account(password="very secret words")

        page = text_of(client_of(manager()), reverse("mailbox:accounts"))

        assert "Not looked at yet" in page
        assert "very secret words" not in page

    def test_are_set_up_and_changed(self) -> None:
        client = client_of(make_user("administrator", language="en"))

        added = client.post(reverse("mailbox:new_account"), GIVEN)
        account = MailAccount.objects.get()
        form = text_of(client, reverse("mailbox:account", args=[account.pk]))
        changed = client.post(
            reverse("mailbox:account", args=[account.pk]), {**GIVEN, "password": "", "name": "Renamed"}
        )

        assert (added.status_code, changed.status_code) == (302, 302)
        assert "secret words" not in form
        account.refresh_from_db()
        assert (account.name, queries.box_of(account).password) == ("Renamed", "secret words")

    def test_say_what_does_not_fit(self) -> None:
        client = client_of(make_user("administrator", language="en"))

        moved = client.post(reverse("mailbox:new_account"), {**GIVEN, "after": "move"})

        assert moved.status_code == 422
        assert "Please name the folder they are moved to." in moved.content.decode()
        assert not MailAccount.objects.exists()

    def test_can_be_tried_without_being_saved(self) -> None:
        client = client_of(make_user("administrator", language="en"))

        tried = client.post(reverse("mailbox:new_account"), {**GIVEN, "test": "1"}, HTTP_HX_REQUEST="true")

        assert "The server does not answer." in tried.content.decode()
        assert not MailAccount.objects.exists()

    def test_are_switched_off_and_on(self) -> None:
        account, client = make_account(), client_of(manager())

        client.post(reverse("mailbox:switch", args=[account.pk]), {"active": "0"})
        off = MailAccount.objects.get().is_active
        client.post(reverse("mailbox:switch", args=[account.pk]), {"active": "1"})

        assert (off, MailAccount.objects.get().is_active) == (False, True)

    def test_are_nothing_for_recruiters(self) -> None:
        assert client_of(make_user("recruiter")).get(reverse("mailbox:accounts")).status_code == 403
