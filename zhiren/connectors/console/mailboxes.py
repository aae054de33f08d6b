"""Mailboxes in memory, and a token office that gives what it was told to: nobody outside is asked."""

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from zhiren.mailbox.channels import Access, Box, Grant, Lying, Unavailable, postmen, token_offices


@dataclass
class _Mail:
    raw: bytes
    received_at: datetime
    is_seen: bool = False


@dataclass
class ConsoleFolder:
    """A folder in memory: its mails by their numbers. Another `uid_validity` makes the numbers start anew."""

    uid_validity: int = 1
    mails: dict[int, _Mail] = field(default_factory=dict)
    next_uid: int = 1


class ConsolePostman:
    """Keeps mailboxes by user and folder. `answers` holds what it does when it is asked next: None lets in.

    `opened` are the boxes it was asked to open, in order, with the password or token they came with.
    """

    def __init__(self) -> None:
        self.folders_of: dict[tuple[str, str], ConsoleFolder] = {}
        self.answers: deque[Unavailable | None] = deque()
        self.opened: deque[Box] = deque(maxlen=1000)
        self.arrived = threading.Condition()

    def empty(self) -> None:
        """Forget every mail, answer and box."""
        self.folders_of.clear()
        self.answers.clear()
        self.opened.clear()

    def deliver(self, raw: bytes, *, user: str, at: datetime, folder: str = "INBOX") -> int:
        """Put a mail into a folder, unread; whoever waits is called. Return its number."""
        with self.arrived:
            there = self.folder(user, folder)
            uid, there.next_uid = there.next_uid, there.next_uid + 1
            there.mails[uid] = _Mail(raw, at)
            self.arrived.notify_all()
        return uid

    def folder(self, user: str, name: str = "INBOX") -> ConsoleFolder:
        """Return a folder, which is made if there is none."""
        return self.folders_of.setdefault((user, name), ConsoleFolder())

    @contextmanager
    def open(self, box: Box) -> Iterator["ConsoleSession"]:
        """Give an open folder, or answer as told."""
        self._enter(box)
        yield ConsoleSession(self, box)

    def folders(self, box: Box) -> list[str]:
        """Return the names of the user's folders, or answer as told."""
        self._enter(box)
        return sorted({box.folder, *(name for user, name in self.folders_of if user == box.user)})

    def _enter(self, box: Box) -> None:
        self.opened.append(box)
        answer = self.answers.popleft() if self.answers else None
        if answer:
            raise answer


class ConsoleSession:
    """An open folder in memory."""

    can_wait = True

    def __init__(self, postman: ConsolePostman, box: Box) -> None:
        self._postman, self._user, self._folder = postman, box.user, postman.folder(box.user, box.folder)
        self.uid_validity = self._folder.uid_validity

    def lying(self, *, after_uid: int, since: date) -> list[Lying]:
        """Return the mails with a higher number that arrived on that day or later."""
        return [
            Lying(uid, len(mail.raw), mail.received_at)
            for uid, mail in sorted(self._folder.mails.items())
            if uid > after_uid and mail.received_at.date() >= since
        ]

    def fetch(self, uid: int) -> bytes | None:
        """Return a whole mail."""
        mail = self._folder.mails.get(uid)
        return mail.raw if mail else None

    def fetch_head(self, uid: int) -> bytes | None:
        """Return a mail up to its first empty line."""
        raw = self.fetch(uid)
        return raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n" if raw is not None else None

    def mark_seen(self, uids: Sequence[int]) -> None:
        """Mark mails as read."""
        for uid in uids:
            if uid in self._folder.mails:
                self._folder.mails[uid].is_seen = True

    def move(self, uids: Sequence[int], *, folder: str) -> None:
        """Move mails to another folder, where they get other numbers."""
        for uid in uids:
            if mail := self._folder.mails.pop(uid, None):
                self._postman.deliver(mail.raw, user=self._user, at=mail.received_at, folder=folder)

    def wait(self, seconds: float) -> bool:
        """Wait for `deliver`, at most some seconds."""
        with self._postman.arrived:
            return self._postman.arrived.wait(seconds)


class ConsoleOffice:
    """Gives one token after the other. `answers` holds what it gives next; `asked` is what it was asked with."""

    def __init__(self) -> None:
        self.answers: deque[Access | Unavailable] = deque()
        self.asked: deque[Grant] = deque(maxlen=1000)

    def empty(self) -> None:
        """Forget every question and answer."""
        self.answers.clear()
        self.asked.clear()

    def ask(self, grant: Grant) -> Access:
        """Return a token that holds for an hour, or answer as told."""
        self.asked.append(grant)
        answer = self.answers.popleft() if self.answers else Access(token=f"token-{len(self.asked)}", seconds=3600)
        if isinstance(answer, Unavailable):
            raise answer
        return answer


postman = ConsolePostman()
office = ConsoleOffice()
postmen.add("console", postman)
token_offices.add("console", office)
