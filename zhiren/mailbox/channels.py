"""The port through which mail comes in: what a connector is told, what it gives, and how it refuses.

A connector adds itself to `postmen`. Nobody calls one unless an account was set up.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from zhiren.kernel.registry import Registry


@dataclass(frozen=True, kw_only=True)
class Box:
    """A folder on a mail server, and how to get in. `tls` is "tls", "starttls" or "none"."""

    host: str
    port: int
    tls: str
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"


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


postmen: Registry[Postman] = Registry("postman")
