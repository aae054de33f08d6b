"""How each event is told on a person's timeline: the app that records it says it in words."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from zhiren.kernel.actors import Actor
from zhiren.kernel.events import Event, from_payload
from zhiren.plumbing.user_names import names_of
from zhiren.timeline.models import EventRow

E = TypeVar("E", bound=Event)
T = TypeVar("T")
_UUID_LENGTH, _UUID_DASHES = 36, 4


@dataclass(frozen=True)
class Told:
    """An event in words. `quote` is what was said or written, `link` where it can be seen."""

    text: Any
    quote: str = ""
    link: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of a timeline: when, by whom (None and no name for the system or the person), and what."""

    number: int
    event_id: UUID
    at: datetime
    by: UUID | None
    icon: str
    kind: Any
    told: Told
    who: str = ""


Teller = Callable[[Sequence[Any], Actor], Sequence[Told | str | None]]


@dataclass(frozen=True)
class _Way:
    icon: str
    kind: Any
    tell: Teller


_ways: dict[str, _Way] = {}


@dataclass
class _Page:
    """The events that are being told together: every id in them, and what was looked up by these."""

    ids: set[UUID] = field(default_factory=set)
    found: dict[str, Any] = field(default_factory=dict)


_page: ContextVar[_Page | None] = ContextVar("page of a timeline", default=None)


def look_up(what: str, load: Callable[[set[UUID]], dict[UUID, T]], ids: Iterable[UUID | None]) -> dict[UUID, T]:
    """Return what `load` finds by id, asking once for all events that are told together, whatever their kind.

    `what` names the things ("interviews"); `ids` are those that the caller needs.
    """
    page = _page.get()
    if page is None:
        return load({one for one in ids if one})
    if what not in page.found:
        page.found[what] = load(page.ids)
    found: dict[UUID, T] = page.found[what]
    return found


def _ids_in(row: EventRow) -> set[UUID]:
    texts = [value for value in row.payload.values() if isinstance(value, str) and len(value) == _UUID_LENGTH]
    found = {UUID(text) for text in texts if text.count("-") == _UUID_DASHES}
    return found | {one for one in (row.by, row.person_id) if one}


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
    before = _page.set(_Page(ids={found for row in rows for found in _ids_in(row)}))
    try:
        for name, group in by_name.items():
            way = _ways[name]
            events = [from_payload(name, row.payload, person_id=row.person_id, at=row.at, by=row.by) for row in group]
            for row, words in zip(group, way.tell(events, actor), strict=True):
                if words is not None:
                    said = words if isinstance(words, Told) else Told(words)
                    told[row.number] = Entry(row.number, row.id, row.at, row.by, way.icon, way.kind, said)
        names = look_up("names of users", names_of, [row.by for row in rows])
    finally:
        _page.reset(before)
    return [
        replace(told[row.number], who=names.get(row.by, "") if row.by else "") for row in rows if row.number in told
    ]
