"""The port to platforms outside on which people punch, or that are told of punches: what a connector is told and gives.

A connector adds itself to `platforms` under the name of its platform (`PunchAccount.Platform`). Nobody calls one unless
an account was set up.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from zhiren.kernel.registry import Registry


@dataclass(frozen=True, kw_only=True)
class Login:
    """An application of a company on a platform. `tenant` is the company's id there, where there is one."""

    tenant: str = ""
    app_id: str = ""
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Told:
    """A punch as a platform tells of it: whose, by their id there, and when, to the second."""

    user: str
    at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Note:
    """A punch that a platform is told of: whose, by their id there, when, and where it was made."""

    user: str
    at: datetime
    place: str
    source: str


class Unavailable(Exception):
    """A platform could not be used. `problem` is a code (`platform_words.PROBLEMS`), `detail` the other side's words.

    `permanent` means that trying again soon is of no use: somebody has to change something.
    """

    def __init__(self, problem: str, *, permanent: bool = False, detail: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.permanent = permanent
        self.detail = detail[:200]


class Platform(Protocol):
    """A way to a platform. Whatever is asked of it may raise Unavailable."""

    def check(self, login: Login) -> None:
        """Sign in, and do nothing else."""


@runtime_checkable
class Teller(Platform, Protocol):
    """A platform on which people punch."""

    def pull(self, login: Login, *, users: Sequence[str], since: datetime, until: datetime) -> Iterator[list[Told]]:
        """Yield the punches of these people from a moment to another, call by call; each may be told more than once.

        However many people and however long a time: the connector keeps within the limits of the platform.
        """


@runtime_checkable
class Listener(Platform, Protocol):
    """A platform that wants to know of punches made here."""

    def push(self, login: Login, notes: Sequence[Note]) -> Iterator[list[str]]:
        """Tell of punches in their order; yield after each call what the platform said to the next of them.

        That is empty for a punch that was taken; one that was refused for its own sake holds up no other.
        """


platforms: Registry[Platform] = Registry("platform for punches")
