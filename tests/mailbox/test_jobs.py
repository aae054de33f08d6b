"""Mailboxes watched beside the worker: a real server, a real database, threads as in the worker."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection

from tests.connectors import dovecot
from tests.connectors.dovecot import PASSWORD, Dovecot
from tests.factories import SYSTEM, make_opening, make_position
from tests.mailbox.letters import letter, resume
from tests.mailbox.making import dying, facts
from zhiren.mailbox import jobs as watching
from zhiren.mailbox import queries, services
from zhiren.mailbox.models import Mail, MailAccount
from zhiren.people.models import Document, Person
from zhiren.plumbing import clock, jobs
from zhiren.recruiting.models import Application

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not dovecot.PROGRAM, reason=dovecot.WHY_NOT),
]


@pytest.fixture(scope="module")
def running() -> Iterator[Dovecot]:
    """A server for the tests of this module."""
    with dovecot.running() as server:
        yield server


@pytest.fixture
def server(running: Dovecot) -> Dovecot:
    """The server with empty mailboxes."""
    running.empty()
    return running


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> None:
    """Look around more often than a worker does, and begin without the jobs of the test before."""
    monkeypatch.setattr(watching, "ROUND_SECONDS", 0.1)
    monkeypatch.setattr(watching, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(watching, "WAIT_SECONDS", 5)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def make_account(server: Dovecot, user: str = "jobs", **given: object) -> MailAccount:
    """Return an account on the server."""
    usual = {"host": "127.0.0.1", "port": server.port, "tls": "none", "user": user, "password": PASSWORD,
             "since": date(2020, 1, 1)}  # fmt: skip
    return services.save_account(actor=SYSTEM, at=clock.now(), facts=facts(**{**usual, **given}))


def look(account: MailAccount) -> None:
    """Visit a mailbox once, as a poll does: take in, mark, leave."""
    account.refresh_from_db()
    with watching.channels.postman().open(queries.box_of(account)) as session:
        services.begin_session(account_id=account.pk, uid_validity=session.uid_validity)
        account.refresh_from_db()
        watching._look(account, session, threading.Event())
        watching._mark(account, session)
    account.refresh_from_db()


@contextmanager
def watched() -> Iterator[None]:
    """Watch all mailboxes as a worker does."""
    stop = threading.Event()
    thread = threading.Thread(target=watching.keep_watch, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
        until(lambda: not any(one.name.startswith("mailbox ") for one in threading.enumerate()))


def until(so: Callable[[], object], seconds: float = 25) -> None:
    """Wait until something is so."""
    give_up = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < give_up, "it did not come to pass"
        time.sleep(0.1)


class TestKeepWatch:
    def test_is_called_by_the_server_and_reads_what_arrived(self, server: Dovecot) -> None:
        make_opening(position=make_position(title="后端工程师"))
        account = make_account(server)
        raw = letter(files=(("简历.txt", resume()),))
        with watched():
            until(lambda: MailAccount.objects.get(pk=account.pk).last_contact_at)
            time.sleep(1)  # it waits for the server's call by now
            begun = time.monotonic()
            server.deliver(raw)
            until(lambda: Mail.objects.filter(state="waiting").exists())
            waited = time.monotonic() - begun
            assert server.flags() == [False]  # stored, not read yet
            jobs.run_due(clock.now())
            until(lambda: server.flags() == [True])

        assert waited < 3  # it would have looked by itself after five seconds, at the latest
        [application] = Application.objects.select_related("person")
        assert application.person.name == "郑亦安"
        account.refresh_from_db()
        assert account.lag_seconds is not None
        assert account.lag_seconds < 10

    def test_looks_again_after_a_while_where_it_may_not_wait(self, server: Dovecot) -> None:
        account = make_account(server, uses_idle=False, poll_minutes=7)
        with watched():
            until(lambda: MailAccount.objects.get(pk=account.pk).try_at)

        account.refresh_from_db()
        assert account.last_contact_at is not None
        assert account.try_at is not None
        assert 400 < (account.try_at - account.last_contact_at).total_seconds() < 430

    def test_reads_two_mailboxes_at_once(self, server: Dovecot) -> None:
        make_account(server)
        make_account(server, "hr")
        server.deliver(letter("one"), "jobs")
        server.deliver(letter("two"), "hr")
        with watched():
            until(lambda: Mail.objects.count() == 2)

        assert set(Mail.objects.values_list("account__user", flat=True)) == {"jobs", "hr"}

    def test_shows_a_wrong_password_and_does_not_hammer(self, server: Dovecot) -> None:
        account = make_account(server, password="wrong")
        with watched():
            until(lambda: MailAccount.objects.get(pk=account.pk).failing_since)
            time.sleep(1)

        account.refresh_from_db()
        assert (account.problem, account.failures) == ("sign_in", 1)
        assert [row.pk for row in queries.failing_accounts(SYSTEM)] == [account.pk]

    def test_goes_on_when_the_server_is_back(self, server: Dovecot) -> None:
        account = make_account(server)
        with watched():
            until(lambda: MailAccount.objects.get(pk=account.pk).last_contact_at)
            server.stop()
            try:
                until(lambda: MailAccount.objects.get(pk=account.pk).failing_since)
            finally:
                server.start()
            server.deliver(letter())
            MailAccount.objects.filter(pk=account.pk).update(try_at=clock.now())  # the minute is over
            until(lambda: Mail.objects.count() == 1)

        account.refresh_from_db()
        assert (account.failing_since, account.problem, account.failures) == (None, "", 0)

    def test_stops_reading_a_mailbox_that_was_switched_off(
        self, server: Dovecot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(watching, "WAIT_SECONDS", 0.5)
        account = make_account(server)
        with watched():
            until(lambda: MailAccount.objects.get(pk=account.pk).last_contact_at)
            services.switch_account(actor=SYSTEM, at=clock.now(), account_id=account.pk, active=False)
            until(lambda: not any(one.name == f"mailbox {account.pk}" for one in threading.enumerate()))
            server.deliver(letter())
            time.sleep(1)

        assert not Mail.objects.exists()


class TestHold:
    def test_leaves_a_mailbox_to_the_worker_that_has_it(self, server: Dovecot) -> None:
        account = make_account(server)
        server.deliver(letter())
        assert queries.try_to_hold(account.pk)  # this connection is the other worker
        try:
            thread = threading.Thread(target=watching.hold, args=(account.pk, threading.Event()))
            thread.start()
            thread.join(10)
        finally:
            queries.let_go(account.pk)

        assert not thread.is_alive()
        assert not Mail.objects.exists()

    def test_is_let_go_when_the_worker_dies(self, server: Dovecot) -> None:
        account = make_account(server)
        held = []

        def worker() -> None:
            held.append(queries.try_to_hold(account.pk))
            connection.close()  # as the death of a process closes it

        thread = threading.Thread(target=worker)
        thread.start()
        thread.join(10)

        assert held == [True]
        until(lambda: queries.try_to_hold(account.pk))  # the database notices within a moment
        queries.let_go(account.pk)


class TestLook:
    def test_takes_nothing_twice_after_dying_between_storing_and_marking(
        self, server: Dovecot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_opening(position=make_position(title="后端工程师"))
        account = make_account(server)
        server.deliver(letter(files=(("a.txt", resume()),)))
        look(account)
        jobs.run_due(clock.now())
        with monkeypatch.context() as dies:
            dies.setattr(services, "mark_on_server", dying)
            with pytest.raises(KeyboardInterrupt):
                look(account)
        MailAccount.objects.update(last_uid=0)  # as if the number had not been kept either

        look(account)
        jobs.run_due(clock.now())

        assert server.flags() == [True]
        assert Mail.objects.count() == Application.objects.count() == Person.objects.count() == 1
        assert Mail.objects.filter(marked_at__isnull=False).count() == 1

    def test_marks_nothing_when_it_dies_before_storing(self, server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
        account = make_account(server)
        server.deliver(letter())
        with monkeypatch.context() as dies:
            dies.setattr(services, "record", dying)  # the last step of storing
            with pytest.raises(KeyboardInterrupt):
                look(account)

        assert server.flags() == [False]
        assert not Mail.objects.exists()
        look(account)
        assert Mail.objects.count() == 1

    def test_takes_nothing_twice_when_the_folder_was_made_anew(self, server: Dovecot) -> None:
        account = make_account(server, folder="Jobs")
        raw = letter()
        with server.signed_in() as client:
            client.create("Jobs")
        server.deliver(letter("other"), folder="Jobs")
        server.deliver(raw, folder="Jobs")
        look(account)
        before = account.uid_validity
        time.sleep(1.1)
        with server.signed_in() as client:
            client.delete("Jobs")
            client.create("Jobs")
        server.deliver(raw, folder="Jobs")
        server.deliver(letter("new"), folder="Jobs")

        look(account)

        assert account.uid_validity != before
        assert Mail.objects.count() == Document.objects.count() == 3

    def test_moves_what_was_dealt_with_where_it_should(self, server: Dovecot) -> None:
        account = make_account(server, after="move", move_to="Done")
        server.deliver(letter())
        look(account)
        jobs.run_due(clock.now())
        assert server.flags() == [False]

        look(account)

        assert server.flags() == []
        assert len(server.flags(folder="Done")) == 1

    def test_leaves_everything_as_it_is_where_it_should(self, server: Dovecot) -> None:
        account = make_account(server, after="leave")
        server.deliver(letter())
        look(account)
        jobs.run_due(clock.now())
        look(account)

        assert server.flags() == [False]
        assert Mail.objects.count() == 1

    def test_leaves_a_mail_that_is_too_large_on_the_server(
        self, server: Dovecot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(services, "MOST_BYTES", 1_000)
        account = make_account(server)
        server.deliver(letter("大附件", body="x" * 2_000))

        look(account)

        [mail] = Mail.objects.all()
        assert (mail.state, mail.reason, mail.document) == ("unfiled", "too_large", None)
        assert queries.summary_of(mail).subject == "大附件"
