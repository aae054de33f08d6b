"""The port through which mail comes in: what a connector is told, what it gives, and how it refuses.

A connector adds itself to `postmen` and `token_offices`; `settings.MAIL_POSTMAN` says which is called ("imap" unless
set). Nobody calls one unless an account was set up.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from django.conf import settings

from zhiren.kernel.registry import Registry


@dataclass(frozen=True, kw_only=True)
class Box:
    """A folder on a mail server, and how to get in. `tls` is "tls", "starttls" or "none".

    With `is_token` the password is an access token, and the way in is XOAUTH2.
    """

    host: str
    port: int
    tls: str
    user: str
    password: str = field(repr=False)
    is_token: bool = False
    folder: str = "INBOX"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What an authorization server gives access tokens for (OAuth 2, RFC 6749).

    Somebody's consent is the refresh token; without one the client itself is let in, where the provider allows that.
    """

    token_url: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    scope: str = ""


@dataclass(frozen=True, kw_only=True)
class Access:
    """An access token, for how many seconds it holds, and the refresh token for the next time if that is a new one."""

    token: str = field(repr=False)
    seconds: int
    refresh_token: str = field(default="", repr=False)


@dataclass(frozen=True)
class Lying:
    """A mail that lies on the server: its number there, its size in bytes, and when the server received it."""

    uid: int
    size: int
    received_at: datetime


class Unavailable(Exception):
    """The server could not be used. `problem` is a code of `words.PROBLEMS`.

    `lasting` means that trying again soon is of no use: somebody has to change something.
    """

    def __init__(self, problem: str, *, lasting: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.lasting = lasting


class Session(Protocol):
    """A folder that is open. Whatever is asked of it may raise Unavailable; looking never changes a mail."""

    @property
    def uid_validity(self) -> int:
        """The number under which the folder's mail numbers hold; another one means that they start anew."""

    @property
    def can_wait(self) -> bool:
        """Tell whether the server calls when a mail arrives."""

    def lying(self, *, after_uid: int, since: date) -> list[Lying]:
        """Return the mails with a higher number that arrived on that day or later, lowest number first."""

    def fetch(self, uid: int) -> bytes | None:
        """Return a whole mail without marking it as read; None if it is no longer there."""

    def fetch_head(self, uid: int) -> bytes | None:
        """Return the head of a mail that is too large to fetch; None if it is no longer there."""

    def mark_seen(self, uids: Sequence[int]) -> None:
        """Mark mails as read."""

    def move(self, uids: Sequence[int], *, folder: str) -> None:
        """Move mails to another folder, which is made if there is none."""

    def wait(self, seconds: float) -> bool:
        """Wait until the server calls, at most some seconds; tell whether it did."""


class Postman(Protocol):
    """A way to mailboxes."""

    def open(self, box: Box) -> AbstractContextManager[Session]:
        """Return an open folder, closed at the end. Raises Unavailable."""

    def folders(self, box: Box) -> list[str]:
        """Sign in and return the names of the folders. Raises Unavailable."""


class TokenOffice(Protocol):
    """A way to access tokens."""

    def ask(self, grant: Grant) -> Access:
        """Return an access token. Raises Unavailable."""


postmen: Registry[Postman] = Registry("postman")
token_offices: Registry[TokenOffice] = Registry("token office")


def postman() -> Postman:
    """Return the way to mailboxes in this installation."""
    return postmen[getattr(settings, "MAIL_POSTMAN", "imap")]


def token_office() -> TokenOffice:
    """Return the way to access tokens in this installation."""
    return token_offices[getattr(settings, "MAIL_POSTMAN", "imap")]
