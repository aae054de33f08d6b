"""Somebody's approved leave and planned shifts as an iCalendar feed (RFC 5545)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _

from zhiren.leave.models import Leave, LeaveDay
from zhiren.leave.rules import Spans
from zhiren.people.models import Employment
from zhiren.rostering import plans
from zhiren.rostering import queries as rostering
from zhiren.rostering.queries import Planned

_LINE = 75
_DAY = timedelta(days=1)
# What calendars count changes by: minutes since then, so that a later change always has a higher number.
_FIRST_CHANGE = datetime(2020, 1, 1, tzinfo=UTC)

Leaves = Sequence[tuple[Leave, Sequence[LeaveDay]]]


@dataclass(frozen=True)
class Entry:
    """One thing in a calendar, from a moment or a date to another that is not part of it.

    `changed_at` is when it last became what it is, where that is known. Who is free meanwhile may be booked.
    """

    uid: str
    summary: str
    starts: datetime | date
    ends: datetime | date
    changed_at: datetime | None = None
    is_free: bool = False


def calendar_of(entries: Iterable[Entry], *, name: str, at: datetime) -> str:
    """Return the feed."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Zhiren//Leave//EN", f"X-WR-CALNAME:{escaped(name)}"]
    for entry in entries:
        lines += _lines(entry, at)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


# Leave ----------------------------------------------------------------------------------------------------------------


def leave_entries(leaves: Leaves) -> Iterator[Entry]:
    """Yield approved leave: whole days of one leave that follow each other as one entry, others with their times."""
    for leave, days in leaves:
        for number, run in enumerate(_runs(days)):
            uid = f"{leave.pk}-{number}@zhiren"
            if run[0].part == LeaveDay.Part.DAY:
                yield Entry(uid, leave.type.label, run[0].day, run[-1].day + _DAY)
            else:
                yield Entry(uid, leave.type.label, run[0].starts_at, run[0].ends_at)


def _runs(days: Sequence[LeaveDay]) -> Iterator[Sequence[LeaveDay]]:
    run: list[LeaveDay] = []
    for day in days:
        follows = run and day.day - run[-1].day == _DAY
        if run and not (follows and day.part == run[-1].part == LeaveDay.Part.DAY):
            yield run
            run = []
        run.append(day)
    if run:
        yield run


# Shifts ---------------------------------------------------------------------------------------------------------------


def shift_entries(employment: Employment, leaves: Leaves, *, first: date, last: date) -> Iterator[Entry]:
    """Yield what is planned for somebody on the dates from `first` to `last`, each stretch of a split shift for itself.

    A stretch keeps its UID whatever becomes of its times. What is taken as leave is left out; hours that people choose
    themselves are one entry on the date, without a time.
    """
    days = {
        on: planned
        for on, planned in rostering.roster([employment.pk], first, last).get(employment.pk, {}).items()
        if planned.shift_id and employment.covers(on)
    }
    changed = rostering.last_changes(employment, days)
    labels = rostering.shift_labels({planned.shift_id for planned in days.values() if planned.shift_id})
    away = [day for _leave, taken in leaves for day in taken]
    whole = {day.day for day in away if day.part == LeaveDay.Part.DAY}
    spans = sorted((int(day.starts_at.timestamp()), int(day.ends_at.timestamp())) for day in away)
    for on in sorted(days.keys() - whole):
        planned = days[on]
        label = labels.get(planned.shift_id, "") if planned.shift_id else ""
        for key, starts, ends in _stretches(planned, spans):
            yield Entry(_uid(employment, on, key), label, starts, ends, changed.get(on))
        if planned.plan.kind == plans.Kind.FREE:
            hours = _("%(shift)s, %(hours)s h at any time") % {
                "shift": label,
                "hours": f"{planned.plan.target / 3600:g}",
            }
            yield Entry(_uid(employment, on, "0"), hours, on, on + _DAY, changed.get(on), is_free=True)


def _uid(employment: Employment, on: date, key: str) -> str:
    return f"shift-{employment.pk}-{on:%Y%m%d}-{key}@zhiren"


def _stretches(planned: Planned, away: Spans) -> Iterator[tuple[str, datetime, datetime]]:
    """Yield what is left of each planned stretch without leave, and a key that is its own on the date."""
    for number, segment in enumerate(planned.plan.segments):
        left = _without((segment.start, segment.end), away)
        for piece, (starts, ends) in enumerate(left):
            key = f"{number}.{piece}" if piece else str(number)
            yield key, datetime.fromtimestamp(starts, tz=UTC), datetime.fromtimestamp(ends, tz=UTC)


def _without(span: tuple[int, int], holes: Spans) -> list[tuple[int, int]]:
    """Return what is left of a span without ascending holes.

    >>> _without((0, 10), [(2, 4), (8, 20)])
    [(0, 2), (4, 8)]
    """
    start, end = span
    found = []
    for begins, ends in holes:
        if begins < end and ends > start:
            if begins > start:
                found.append((start, begins))
            start = max(start, ends)
    return [*found, (start, end)] if start < end else found


# In writing -----------------------------------------------------------------------------------------------------------


def _lines(entry: Entry, at: datetime) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{entry.uid}", f"DTSTAMP:{_moment(at)}")
    if entry.changed_at:
        minutes = max(int((entry.changed_at - _FIRST_CHANGE).total_seconds()) // 60, 0)
        yield from (f"LAST-MODIFIED:{_moment(entry.changed_at)}", f"SEQUENCE:{minutes}")
    yield from (f"DTSTART{_value(entry.starts)}", f"DTEND{_value(entry.ends)}")
    yield f"SUMMARY:{escaped(entry.summary)}"
    yield from (f"TRANSP:{'TRANSPARENT' if entry.is_free else 'OPAQUE'}", "CLASS:PRIVATE", "END:VEVENT")


def _value(when: datetime | date) -> str:
    return f":{_moment(when)}" if isinstance(when, datetime) else f";VALUE=DATE:{when:%Y%m%d}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    """Return a text as a value of iCalendar.

    >>> escaped("a, b; c")
    'a\\\\, b\\\\; c'
    """
    for plain, safe in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, safe)
    return text.replace("\r", "")


def folded(line: str) -> str:
    """Return a line broken so that no piece is longer than 75 octets, never within a character."""
    pieces: list[str] = []
    piece = ""
    for character in line:
        room = _LINE if not pieces else _LINE - 1
        if len((piece + character).encode()) > room:
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece])
