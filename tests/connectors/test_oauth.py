"""Access tokens from an authorization server, and a mailbox entered by one: both servers run on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from tests.connectors import dovecot, office
from tests.connectors.dovecot import Dovecot
from tests.connectors.office import REFRESH, SECRET, Office
from zhiren.connectors.imap.channel import ImapPostman
from zhiren.connectors.imap.tokens import OAuthOffice
from zhiren.mailbox.channels import Access, Grant, Unavailable


@pytest.fixture(scope="module")
def running() -> Iterator[Office]:
    """An authorization server for the tests of this module."""
    with office.running() as there:
        yield there


@pytest.fixture
def there(running: Office) -> Office:
    """The authorization server, with nothing behind it."""
    for known in (running.tokens, running.asked, running.answers):
        known.clear()
    running.rotates = False
    return running


@pytest.fixture(scope="module")
def server(running: Office) -> Iterator[Dovecot]:
    """A mail server that asks the authorization server whose a token is."""
    with dovecot.running(running.tokeninfo) as server:
        yield server


class TestAsk:
    def test_gives_a_token_for_a_refresh_token(self, there: Office) -> None:
        access = OAuthOffice().ask(there.grant(scope="imap offline_access"))

        assert access == Access(token=next(iter(there.tokens)), seconds=3599)
        assert there.asked == [
            {"grant_type": "refresh_token", "refresh_token": REFRESH, "client_id": "zhiren", "client_secret": SECRET,
             "scope": "imap offline_access"},
        ]  # fmt: skip

    def test_gives_a_token_to_the_client_itself_without_one(self, there: Office) -> None:
        assert OAuthOffice().ask(there.grant(refresh_token="")).token in there.tokens
        assert there.asked == [{"grant_type": "client_credentials", "client_id": "zhiren", "client_secret": SECRET}]

    def test_gives_the_refresh_token_for_the_next_time(self, there: Office) -> None:
        there.rotates = True

        assert OAuthOffice().ask(there.grant()).refresh_token == "another-one"

    @pytest.mark.parametrize(
        ("given", "problem", "lasting"),
        [
            ({"refresh_token": "taken back"}, "consent_gone", True),
            ({"client_secret": "run out"}, "client_refused", True),
            ({"token_url": "http://127.0.0.1:1/token"}, "token_unreachable", False),
            ({"token_url": "https://nowhere.invalid/token"}, "token_unreachable", False),
            ({"token_url": "http://192.0.2.1/token"}, "no_encryption", True),
            ({"token_url": "https://169.254.169.254/token"}, "host_not_allowed", True),
            ({"token_url": "file:///etc/passwd"}, "no_token", True),
            ({"token_url": "http://127.0.0.1:99999/token"}, "no_token", True),
        ],
    )
    def test_says_what_is_wrong(self, there: Office, given: dict[str, str], problem: str, lasting: bool) -> None:
        with pytest.raises(Unavailable) as told:
            OAuthOffice().ask(there.grant(**given))

        assert (told.value.problem, told.value.lasting) == (problem, lasting)

    @pytest.mark.parametrize(
        ("status", "body", "problem", "lasting"),
        [
            (503, b"", "token_unreachable", False),
            (429, b"{}", "token_unreachable", False),
            (400, b'{"error": "temporarily_unavailable"}', "token_unreachable", False),
            (400, b'{"error": "invalid_scope"}', "client_refused", True),
            (200, b"<html>", "no_token", True),
            (200, b"[]", "no_token", True),
            (200, b'{"access_token": "two\\r\\nlines"}', "no_token", True),
            (302, b"", "no_token", True),
        ],
    )
    def test_takes_nothing_else_for_a_token(
        self, there: Office, status: int, body: bytes, problem: str, lasting: bool
    ) -> None:
        there.answers.append((status, body))

        with pytest.raises(Unavailable) as told:
            OAuthOffice().ask(there.grant())

        assert (told.value.problem, told.value.lasting) == (problem, lasting)
        assert len(there.asked) == 1  # and goes nowhere else

    def test_trusts_a_token_for_minutes_where_nobody_says_how_long_it_holds(self, there: Office) -> None:
        there.answers.append((200, b'{"access_token": "t"}'))

        assert OAuthOffice().ask(there.grant()) == Access(token="t", seconds=300)


class TestGrant:
    def test_keeps_its_secrets_out_of_logs(self) -> None:
        shown = repr(Grant(token_url="a", client_id="b", client_secret="hidden", refresh_token="hidden"))

        assert "hidden" not in shown + repr(Access(token="hidden", seconds=1, refresh_token="hidden"))


@pytest.mark.skipif(not dovecot.PROGRAM, reason=dovecot.WHY_NOT)
class TestOpen:
    def test_lets_in_whose_the_token_is(self, server: Dovecot, there: Office) -> None:
        server.deliver(b"Subject: a\r\n\r\nb")
        token = OAuthOffice().ask(there.grant()).token

        with ImapPostman().open(server.box(password=token, is_token=True)) as session:
            assert len(session.lying(after_uid=0, since=date(2020, 1, 1))) == 1
        assert "INBOX" in ImapPostman().folders(server.box(password=token, is_token=True))

    @pytest.mark.parametrize("user", ["jobs", "hr"])
    def test_lets_nobody_in_with_a_token_called_in_or_of_somebody_else(
        self, server: Dovecot, there: Office, user: str
    ) -> None:
        token = OAuthOffice().ask(there.grant()).token
        if user == "jobs":
            there.tokens.clear()

        with (
            pytest.raises(Unavailable) as told,
            ImapPostman().open(server.box(user=user, password=token, is_token=True)),
        ):
            pass

        assert (told.value.problem, told.value.lasting) == ("token_refused", True)

    def test_says_so_where_the_server_takes_no_tokens(self) -> None:
        with dovecot.running() as server, pytest.raises(Unavailable) as told:
            ImapPostman().folders(server.box(password="t", is_token=True))

        assert told.value.problem == "token_refused"
