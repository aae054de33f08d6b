"""Mailboxes entered by access tokens, and watched as the worker does; the console's doubles stand for both servers."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.factories import MONDAY, SYSTEM, make_opening, make_position, make_user
from tests.mailbox.letters import letter, resume
from tests.mailbox.making import facts
from zhiren.connectors.console.mailboxes import ConsoleOffice, ConsolePostman
from zhiren.mailbox import jobs as watching
from zhiren.mailbox import queries, services, signing_in
from zhiren.mailbox.channels import Access, Unavailable
from zhiren.mailbox.errors import HostNotAllowed, PasswordNeededAgain, PlainTextAway
from zhiren.mailbox.models import Mail, MailAccount
from zhiren.plumbing import clock, jobs
from zhiren.recruiting.models import Application
from zhiren.timeline import queries as timeline

pytestmark = pytest.mark.django_db
TOKEN_URL = "https://login.example.com/tenant/oauth2/v2.0/token"
OAUTH: dict[str, Any] = {
    "sign_in": "oauth2", "password": "", "token_url": TOKEN_URL, "client_id": "zhiren", "client_secret": "secret-1",
    "refresh_token": "refresh-1", "scope": "imap", "uses_idle": False,
}  # fmt: skip
FORM: dict[str, Any] = {
    "name": "Jobs", "host": "imap.example.com", "port": 993, "tls": "tls", "user": "jobs@yunshan.example",
    "folder": "INBOX", "since": "2026-11-01", "after": "seen", "poll_minutes": 5, "sign_in": "oauth2",
    "token_url": TOKEN_URL, "client_id": "zhiren",
}  # fmt: skip


def make_account(**given: Any) -> MailAccount:
    """Return a mailbox that is entered by OAuth 2."""
    return services.save_account(actor=SYSTEM, at=MONDAY, facts=facts(**{**OAUTH, **given}))


def visit(account: MailAccount, *, at: datetime = MONDAY) -> MailAccount:
    """Look into a mailbox once, as the worker does, and return how it stands."""
    account = MailAccount.objects.get(pk=account.pk)
    with clock.travel(at):
        watching.visit(account, threading.Event())
    account.refresh_from_db()
    return account


def minutes_until_next(account: MailAccount) -> int:
    """Return how long after MONDAY it is tried again, in whole minutes."""
    assert account.try_at is not None
    return int((account.try_at - MONDAY).total_seconds() // 60)


class TestVisit:
    def test_enters_with_a_token_and_takes_in_what_lies_there(
        self, postman: ConsolePostman, office: ConsoleOffice
    ) -> None:
        make_opening(position=make_position(title="后端工程师"))
        account = make_account(uses_idle=True)
        uid = postman.deliver(letter(files=(("简历.txt", resume()),)), user=account.user, at=MONDAY)
        busy = visit_until_read(account)

        assert [(box.password, box.is_token) for box in postman.opened] == [("token-1", True)]
        assert Application.objects.get().person.name == "郑亦安"
        assert postman.folder(account.user).mails[uid].is_seen
        assert busy.failing_since is None
        assert busy.last_contact_at is not None

    def test_asks_for_a_token_only_when_the_last_one_is_about_to_end(self, office: ConsoleOffice) -> None:
        account = make_account()
        for minutes in (0, 30, 57, 59):
            visit(account, at=MONDAY + timedelta(minutes=minutes))

        assert len(office.asked) == 2
        assert (office.asked[0].refresh_token, office.asked[0].client_secret) == ("refresh-1", "secret-1")

    def test_keeps_the_refresh_token_for_the_next_time_sealed(self, office: ConsoleOffice) -> None:
        account = make_account()
        office.answers.append(Access(token="a", seconds=3600, refresh_token="refresh-2"))

        account = visit(account)
        visit(account, at=MONDAY + timedelta(hours=2))

        assert signing_in.grant_of(account).refresh_token == "refresh-2"
        assert office.asked[1].refresh_token == "refresh-2"
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM mailbox_mailaccount")
            stored = b"".join(bytes(cell) for row in cursor.fetchall() for cell in row if isinstance(cell, memoryview))
        assert b"refresh" not in stored
        assert b"secret" not in stored

    def test_keeps_no_refresh_token_over_one_that_was_entered_meanwhile(
        self, office: ConsoleOffice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        account = make_account()
        answer = office.ask

        def slowly(grant: Any) -> Access:
            make_changed(account, refresh_token="entered-by-hand")
            answer(grant)
            return Access(token="a", seconds=3600, refresh_token="refresh-2")

        monkeypatch.setattr(office, "ask", slowly)

        assert signing_in.grant_of(visit(account)).refresh_token == "entered-by-hand"

    def test_asks_anew_soon_after_a_token_was_called_in(self, postman: ConsolePostman, office: ConsoleOffice) -> None:
        account = visit(make_account())
        postman.answers.append(Unavailable("token_refused", lasting=True))

        failed = visit(account, at=MONDAY + timedelta(minutes=20))
        again = visit(account, at=MONDAY + timedelta(minutes=21))

        assert minutes_until_next(failed) == 21
        assert len(office.asked) == 2
        assert again.failing_since is None
        assert timeline.events_named(["mailbox.account.failed"]).count() == 0

    def test_says_at_once_that_even_a_new_token_is_refused(
        self, postman: ConsolePostman, office: ConsoleOffice
    ) -> None:
        postman.answers.append(Unavailable("token_refused", lasting=True))

        failed = visit(make_account())

        assert (failed.problem, minutes_until_next(failed)) == ("token_refused", 30)
        assert timeline.events_named(["mailbox.account.failed"]).get().payload["problem"] == "token_refused"

    def test_says_that_the_consent_is_gone_and_asks_nobody_for_mail(
        self, postman: ConsolePostman, office: ConsoleOffice
    ) -> None:
        office.answers.append(Unavailable("consent_gone", lasting=True))

        failed = visit(make_account())

        assert failed.problem == failed.told_problem == "consent_gone"
        assert not postman.opened


def visit_until_read(account: MailAccount) -> MailAccount:
    """Visit a mailbox whose server calls, until what came was read and marked."""
    stop = threading.Event()
    real = services.note_contact

    def note(**given: Any) -> None:
        real(**given)
        jobs.run_due(MONDAY + timedelta(minutes=1))
        if not Mail.objects.filter(marked_at__isnull=True).exists():
            stop.set()

    with clock.travel(MONDAY), pytest.MonkeyPatch.context() as patched:
        patched.setattr(services, "note_contact", note)
        patched.setattr(watching, "BUSY_SECONDS", 0.01)
        patched.setattr(watching, "WAIT_SECONDS", 0.01)
        patched.setattr(watching, "_NOTE_AFTER", timedelta(-1))
        watching.visit(account, stop)
    account.refresh_from_db()
    return account


def make_changed(account: MailAccount, **given: Any) -> MailAccount:
    """Change how a mailbox is entered; what is not given is left empty, as the form leaves it."""
    wanted = {**OAUTH, "client_secret": "", "refresh_token": "", **given}
    return services.save_account(actor=SYSTEM, at=MONDAY, facts=facts(**wanted), account_id=account.pk)


class TestSaveAccount:
    def test_keeps_what_is_stored_where_nothing_is_entered(self) -> None:
        account = make_account()

        changed = make_changed(account, name="Renamed", refresh_token="refresh-9")

        grant = signing_in.grant_of(changed)
        assert (grant.client_secret, grant.refresh_token, changed.name) == ("secret-1", "refresh-9", "Renamed")

    @pytest.mark.parametrize(
        "given",
        [
            {"host": "imap.elsewhere.example"},
            {"token_url": "https://elsewhere.example/token"},
            {"client_id": "another"},
            {"sign_in": "password"},
        ],
    )
    def test_sends_nothing_stored_to_another_server(self, given: dict[str, str]) -> None:
        account = make_account()

        with pytest.raises(PasswordNeededAgain):
            make_changed(account, **given)

        assert queries.box_of(MailAccount.objects.get()).host == "imap.example.com"

    def test_sends_no_stored_password_to_another_server(self) -> None:
        account = services.save_account(actor=SYSTEM, at=MONDAY, facts=facts())

        with pytest.raises(PasswordNeededAgain):
            services.save_account(
                actor=SYSTEM, at=MONDAY, facts=facts(host="elsewhere.example", password=""), account_id=account.pk
            )

    def test_keeps_nothing_of_the_way_that_is_not_used_any_more(self) -> None:
        account = make_account()

        by_password = make_changed(account, sign_in="password", password="words")
        assert (bytes(by_password.oauth_sealed), by_password.token_url) == (b"", "")
        assert queries.box_of(by_password).password == "words"
        by_token = make_changed(account, refresh_token="refresh-3")

        assert bytes(by_token.password_sealed) == b""

    def test_refuses_tokens_in_the_clear_and_servers_that_are_not_allowed(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with pytest.raises(PlainTextAway):
            make_account(token_url="http://login.example.com/token")
        monkeypatch.setenv("ZHIREN_MAIL_HOSTS", "imap.example.com")
        with pytest.raises(HostNotAllowed):
            make_account()
        monkeypatch.setenv("ZHIREN_MAIL_HOSTS", "imap.example.com,login.example.com")
        assert make_account().sign_in == "oauth2"


class TestPage:
    def client(self) -> Client:
        client = Client()
        client.force_login(make_user("administrator", language="en"))
        return client

    def test_sets_up_a_mailbox_without_showing_a_secret_again(self) -> None:
        client = self.client()

        client.post(reverse("mailbox:new_account"), {**FORM, "client_secret": "secret-1", "refresh_token": "refresh-1"})
        account = MailAccount.objects.get()
        page = client.get(reverse("mailbox:account", args=[account.pk])).content.decode()
        client.post(reverse("mailbox:account", args=[account.pk]), {**FORM, "name": "Renamed"})

        assert TOKEN_URL in page
        assert "secret-1" not in page
        assert "refresh-1" not in page
        account.refresh_from_db()
        assert (account.name, signing_in.grant_of(account).refresh_token) == ("Renamed", "refresh-1")

    @pytest.mark.parametrize(
        "missing", [{"token_url": ""}, {"client_id": ""}, {"refresh_token": ""}, {"sign_in": "password"}]
    )
    def test_asks_for_what_signing_in_needs(self, missing: dict[str, str]) -> None:
        answer = self.client().post(reverse("mailbox:new_account"), {**FORM, "refresh_token": "r", **missing})

        assert answer.status_code == 422
        assert not MailAccount.objects.exists()

    def test_really_signs_in_when_it_is_tried(self, postman: ConsolePostman, office: ConsoleOffice) -> None:
        client, url = self.client(), reverse("mailbox:new_account")
        given = {**FORM, "refresh_token": "refresh-1", "test": "1"}
        office.answers.extend([Access(token="a", seconds=9), Unavailable("client_refused", lasting=True)])

        tried = client.post(url, given, headers={"HX-Request": "true"}).content.decode()
        refused = client.post(url, given, headers={"HX-Request": "true"}).content.decode()

        assert "INBOX" in tried
        assert postman.opened[0].password == "a"
        assert "The authorization server refuses the client." in refused
