"""The IMAP connector against a real server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest

from tests.connectors import dovecot
from tests.connectors.dovecot import Dovecot
from zhiren.connectors.imap.channel import ImapPostman
from zhiren.mailbox.channels import Box, Unavailable

pytestmark = pytest.mark.skipif(not dovecot.PROGRAM, reason=dovecot.WHY_NOT)
LONG_AGO = date(2020, 1, 1)


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


def letter(subject: str = "a", body: str = "b") -> bytes:
    """Return a small mail."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.com", "jobs@example.com", subject
    mail.set_content(body)
    return mail.as_bytes()


class TestOpen:
    def test_gives_what_lies_there_lowest_number_first(self, server: Dovecot) -> None:
        for number in range(3):
            server.deliver(letter(str(number)))

        with ImapPostman().open(server.box()) as session:
            first, second, third = session.lying(after_uid=0, since=LONG_AGO)
            rest = session.lying(after_uid=second.uid, since=LONG_AGO)
            none = session.lying(after_uid=third.uid, since=LONG_AGO)

        assert first.uid < second.uid < third.uid
        assert abs(first.received_at - datetime.now(UTC)) < timedelta(minutes=1)
        assert first.size == len(letter("0").replace(b"\n", b"\r\n"))
        assert rest == [third]
        assert none == []

    def test_fetches_a_mail_whole_and_leaves_it_unread(self, server: Dovecot) -> None:
        sent = letter(body="Grüße 你好 " * 2000)
        server.deliver(sent)

        with ImapPostman().open(server.box()) as session:
            [lying] = session.lying(after_uid=0, since=LONG_AGO)
            raw = session.fetch(lying.uid)
            gone = session.fetch(lying.uid + 1)

        assert raw is not None
        assert raw.replace(b"\r\n", b"\n") == sent
        assert gone is None
        assert server.flags() == [False]

    def test_passes_over_what_is_older_than_asked_for(self, server: Dovecot) -> None:
        server.deliver(letter())

        with ImapPostman().open(server.box()) as session:
            assert session.lying(after_uid=0, since=datetime.now(UTC).date() + timedelta(days=2)) == []

    def test_marks_as_read_only_what_it_is_told_to(self, server: Dovecot) -> None:
        server.deliver(letter())
        server.deliver(letter())

        with ImapPostman().open(server.box()) as session:
            session.mark_seen([session.lying(after_uid=0, since=LONG_AGO)[1].uid])

        assert server.flags() == [False, True]

    def test_moves_to_a_folder_that_it_makes(self, server: Dovecot) -> None:
        server.deliver(letter("one"))
        server.deliver(letter("two"))

        with ImapPostman().open(server.box()) as session:
            session.move([session.lying(after_uid=0, since=LONG_AGO)[0].uid], folder="已归档")

        assert server.flags() == [False]
        assert len(server.flags(folder="&XfJfUmhj-")) == 1

    def test_is_called_when_a_mail_arrives(self, server: Dovecot) -> None:
        with ImapPostman().open(server.box()) as session:
            assert session.can_wait
            assert not session.wait(0.2)
            timer = threading.Timer(0.5, lambda: server.deliver(letter()))
            timer.start()
            begun = time.monotonic()
            called = session.wait(20)
            timer.join()

            assert called
            assert time.monotonic() - begun < 10
            assert len(session.lying(after_uid=0, since=LONG_AGO)) == 1

    def test_gives_another_number_to_a_folder_that_was_made_anew(self, server: Dovecot) -> None:
        with server.signed_in() as client:
            client.create("Jobs")
        with ImapPostman().open(server.box(folder="Jobs")) as session:
            before = session.uid_validity
        time.sleep(1.1)  # the number is a time in seconds
        with server.signed_in() as client:
            client.delete("Jobs")
            client.create("Jobs")

        with ImapPostman().open(server.box(folder="Jobs")) as session:
            assert session.uid_validity != before

    def test_says_that_the_server_went_away(self, server: Dovecot) -> None:
        def look_while_it_stops() -> None:
            with ImapPostman().open(server.box()) as session:
                server.stop()
                session.wait(5)
                session.lying(after_uid=0, since=LONG_AGO)

        try:
            with pytest.raises(Unavailable) as told:
                look_while_it_stops()
        finally:
            server.start()

        assert told.value.problem in {"broken_off", "unreachable"}
        assert not told.value.lasting

    @pytest.mark.parametrize(
        ("given", "problem", "lasting"),
        [
            ({"password": "wrong"}, "sign_in", True),
            ({"password": "falsch-ä"}, "sign_in", True),
            ({"folder": "Nowhere"}, "no_folder", True),
            ({"port": 1}, "unreachable", False),
            ({"host": "nowhere.invalid", "tls": "tls"}, "unknown_host", False),
            ({"host": "169.254.169.254", "tls": "tls"}, "host_not_allowed", True),
            ({"host": "192.0.2.1"}, "no_encryption", True),
            ({"tls": "starttls"}, "certificate", True),
        ],
    )
    def test_says_what_is_wrong(self, server: Dovecot, given: dict[str, object], problem: str, lasting: bool) -> None:
        with pytest.raises(Unavailable) as told, ImapPostman().open(server.box(**given)):
            pass

        assert (told.value.problem, told.value.lasting) == (problem, lasting)

    def test_checks_certificates(self, server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
        box = server.box(port=server.tls_port, tls="tls")
        with pytest.raises(Unavailable, match="certificate"), ImapPostman().open(box):
            pass

        monkeypatch.setenv("SSL_CERT_FILE", str(server.folder / "cert.pem"))
        with ImapPostman().open(box) as session:
            assert session.uid_validity
        with ImapPostman().open(server.box(tls="starttls")) as session:
            assert session.uid_validity


class TestFolders:
    def test_lists_them_by_the_names_people_gave(self, server: Dovecot) -> None:
        with server.signed_in() as client:
            client.create("&XfJfUmhj-")

        assert ImapPostman().folders(server.box()) == ["INBOX", "已归档"]

    def test_says_that_the_folder_is_not_there(self, server: Dovecot) -> None:
        with pytest.raises(Unavailable, match="no_folder"):
            ImapPostman().folders(server.box(folder="Nowhere"))


class TestBox:
    def test_keeps_the_password_out_of_logs(self) -> None:
        assert "secret" not in repr(Box(host="a", port=1, tls="tls", user="b", password="secret"))
