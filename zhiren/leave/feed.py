"""Somebody's approved leave as an iCalendar feed (RFC 5545)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from zhiren.leave.models import Leave, LeaveDay

_LINE = 75


def calendar_of(leaves: Iterable[tuple[Leave, Sequence[LeaveDay]]], *, name: str, at: datetime) -> str:
    """Return the feed: whole days of one leave that follow each other as one entry, other days with their times."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Zhiren//Leave//EN", f"X-WR-CALNAME:{escaped(name)}"]
    for leave, days in leaves:
        for number, run in enumerate(_runs(days)):
            lines += _entry(leave, run, number, at)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _runs(days: Sequence[LeaveDay]) -> Iterator[Sequence[LeaveDay]]:
    run: list[LeaveDay] = []
    for day in days:
        follows = run and day.day - run[-1].day == timedelta(days=1)
        if run and not (follows and day.part == run[-1].part == LeaveDay.Part.DAY):
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def _entry(leave: Leave, run: Sequence[LeaveDay], number: int, at: datetime) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{leave.pk}-{number}@zhiren", f"DTSTAMP:{_moment(at)}")
    if run[0].part == LeaveDay.Part.DAY:
        yield f"DTSTART;VALUE=DATE:{run[0].day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{run[-1].day + timedelta(days=1):%Y%m%d}"
    else:
        yield f"DTSTART:{_moment(run[0].starts_at)}"
        yield f"DTEND:{_moment(run[0].ends_at)}"
    yield from (f"SUMMARY:{escaped(leave.type.label)}", "TRANSP:OPAQUE", "CLASS:PRIVATE", "END:VEVENT")


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
