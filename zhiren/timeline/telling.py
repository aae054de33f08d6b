"""How each event is told on a person's timeline: the app that records it says it in words."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from zhiren.kernel.actors import Actor
from zhiren.kernel.events import Event, from_payload
from zhiren.timeline.models import EventRow

E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Told:
    """An event in words. `quote` is what was said or written, `link` where it can be seen."""

    text: Any
    quote: str = ""
    link: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of a timeline: when, by whom (None for the system or the person), and what."""

    number: int
    event_id: UUID
    at: datetime
    by: UUID | None
    icon: str
    kind: Any
    told: Told


Teller = Callable[[Sequence[Any], Actor], Sequence[Told | str | None]]


@dataclass(frozen=True)
class _Way:
    icon: str
    kind: Any
    tell: Teller


_ways: dict[str, _Way] = {}


def tells(kind: type[E], *, icon: str, label: Any) -> Callable[[Teller], Teller]:
    """Have a function put events of a kind into words: given many, it returns one sentence each, None to leave one out.

    The function asks the database a constant number of times, however many events it is given.
    """

    def wrap(function: Teller) -> Teller:
        _ways[kind.name] = _Way(icon, label, function)
        return function

    return wrap


def tell(rows: Iterable[EventRow], actor: Actor) -> list[Entry]:
    """Return the lines for these rows in their order; events that nobody puts into words are left out."""
    rows = list(rows)
    by_name: dict[str, list[EventRow]] = defaultdict(list)
    for row in rows:
        if row.name in _ways:
            by_name[row.name].append(row)
    told: dict[int, Entry] = {}
    for name, group in by_name.items():
        way = _ways[name]
        events = [from_payload(name, row.payload, person_id=row.person_id, at=row.at, by=row.by) for row in group]
        for row, words in zip(group, way.tell(events, actor), strict=True):
            if words is not None:
                said = words if isinstance(words, Told) else Told(words)
                told[row.number] = Entry(row.number, row.id, row.at, row.by, way.icon, way.kind, said)
    return [told[row.number] for row in rows if row.number in told]
