"""Platforms in memory, one on which people punch and one that is told of punches: nobody outside is asked."""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime

from zhiren.attendance.channels import Login, Note, Told, Unavailable, platforms


class ConsolePlatform:
    """Signs everybody in. `answers` holds what it does when it is asked next: None lets in, an exception is raised."""

    def __init__(self) -> None:
        self.answers: deque[Unavailable | None] = deque()
        self.logins: deque[Login] = deque(maxlen=1000)

    def check(self, login: Login) -> None:
        """Let in, or answer as told."""
        self.logins.append(login)
        answer = self.answers.popleft() if self.answers else None
        if answer:
            raise answer


class ConsoleTeller(ConsolePlatform):
    """Tells of the punches in `punches`, one call for each person; `asked` are the times it was asked about."""

    def __init__(self) -> None:
        super().__init__()
        self.punches: list[Told] = []
        self.asked: deque[tuple[tuple[str, ...], datetime, datetime]] = deque(maxlen=1000)

    def empty(self) -> None:
        """Forget everything."""
        self.punches.clear()
        self.answers.clear()
        self.logins.clear()
        self.asked.clear()

    def pull(self, login: Login, *, users: Sequence[str], since: datetime, until: datetime) -> Iterator[list[Told]]:
        """Yield each person's punches."""
        self.asked.append((tuple(users), since, until))
        for user in users:
            self.check(login)
            yield [one for one in self.punches if one.user == user and since <= one.at <= until]


class ConsoleListener(ConsolePlatform):
    """Keeps in `notes` what it is told of, two in a call. It refuses what is told of the people in `strangers`."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: deque[Note] = deque(maxlen=1000)
        self.strangers: set[str] = set()

    def empty(self) -> None:
        """Forget everything."""
        self.notes.clear()
        self.strangers.clear()
        self.answers.clear()
        self.logins.clear()

    def push(self, login: Login, notes: Sequence[Note]) -> Iterator[list[str]]:
        """Take punches."""
        for begin in range(0, len(notes), 2):
            self.check(login)
            some = notes[begin : begin + 2]
            self.notes.extend(note for note in some if note.user not in self.strangers)
            yield ["no such person" if note.user in self.strangers else "" for note in some]


teller = ConsoleTeller()
listener = ConsoleListener()
platforms.add("console", teller)
platforms.add("console-out", listener)
