"""Days as a person would write them down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from zhiren.rostering import law

BEFORE, AFTER = 0, 1 << 40
"""Moments at which everything is still a plan, and at which everything is done."""


def at(on: date, clock: str, zone: str) -> int:
    """Return a moment in UTC seconds; the clock may go past 24:00."""
    hours, minutes = map(int, clock.split(":"))
    wall = datetime.combine(on, time(), tzinfo=ZoneInfo(zone)) + timedelta(hours=hours, minutes=minutes)
    return round(wall.timestamp())


def day(on: date, *spans: str, zone: str = "UTC", kind: int = law.WORKDAY, away: bool = False) -> law.Day:
    """Return a day with the work written like "09:00-12:00"."""
    edges = [span.split("-") for span in spans]
    return law.Day(on, tuple((at(on, start, zone), at(on, end, zone)) for start, end in edges), zone, kind, away)


def lasting(on: date, minutes: int, *, kind: int = law.WORKDAY) -> law.Day:
    """Return a day with so many minutes of work from six in the morning on, and no break."""
    start = at(on, "06:00", "UTC")
    return law.Day(on, ((start, start + minutes * 60),) if minutes else (), "UTC", kind)


def dates(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


def weeks(first: date, count: int, minutes: Sequence[int]) -> list[law.Day]:
    """Return weeks from a Monday on, each with the same minutes on its seven days."""
    return [lasting(on, minutes[n % 7]) for n, on in enumerate(dates(first, count * 7))]


def said(findings: Iterable[law.Finding]) -> list[tuple[str, int, int]]:
    """Return what was found as code, how much there is, and the limit."""
    return [(finding.code, finding.reached, finding.limit) for finding in findings]
