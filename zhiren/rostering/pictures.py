"""The picture of a shift's day: stretches of work and breaks along 24 or 48 hours; and of a group's year. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from zhiren.rostering import plans

_DAY = 24 * 60


@dataclass(frozen=True)
class Bar:
    """A stretch of the picture: what it shows, where it begins and how long it is, in thousandths of the width."""

    kind: str
    x: int
    width: int
    title: str


@dataclass(frozen=True)
class Picture:
    """A day as bars along an axis of hours; `minutes` is what the shift plans."""

    bars: Sequence[Bar]
    ticks: Sequence[tuple[int, str]]
    minutes: int


class Look(StrEnum):
    """What a date is for a group: worked, worked for another one, off by the calendar, or off by its pattern."""

    WORK = "work"
    MAKE_UP = "make_up"
    HOLIDAY = "holiday"
    BRIDGE = "bridge"
    OFF = "off"


@dataclass(frozen=True)
class Date:
    """A date of a year: what it is, and whether the group itself says so."""

    on: date
    look: Look
    is_own: bool

    @property
    def is_worked(self) -> bool:
        """Whether it is worked."""
        return self.look in {Look.WORK, Look.MAKE_UP}


@dataclass(frozen=True)
class Month:
    """A month of a year; `before` are the weekdays, from Monday on, of its first week that are the month's before."""

    first: date
    before: range
    dates: Sequence[Date]


def of_year(year: int, look_of: Callable[[date], tuple[Look, bool]]) -> list[Month]:
    """Return the picture of a year, by what a date is and whether it is said of it alone."""
    months: list[list[Date]] = [[] for _month in range(12)]
    on = date(year, 1, 1)
    while on.year == year:
        months[on.month - 1].append(Date(on, *look_of(on)))
        on += timedelta(days=1)
    return [Month(dates[0].on, range(dates[0].on.weekday()), dates) for dates in months]


def of_shift(shift: plans.Shift) -> Picture:
    """Return the picture of a shift: over two days only if it reaches into the second."""
    latest = max([one.end for one in shift.segments], default=_DAY)
    whole = _DAY if latest <= _DAY else 2 * _DAY
    bars = []
    for segment in shift.segments:
        early, late = shift.policy.flex_early // 60, shift.policy.flex_late // 60
        if shift.kind == plans.Kind.FLEXIBLE and (early or late):
            bars.append(_bar("flex", segment.start - early, segment.end + late, whole))
        bars.append(_bar("work", segment.start, segment.end, whole))
        bars += [_bar("break", since, until, whole) for since, until in segment.breaks]
    if shift.core:
        bars.append(_bar("core", *shift.core, whole))
    step = 6 * 60
    ticks = [(minute * 1000 // whole, f"{minute // 60:02d}:00") for minute in range(0, whole + 1, step)]
    return Picture(bars, ticks, plans.planned_minutes(shift))


def _bar(kind: str, since: int, until: int, whole: int) -> Bar:
    title = f"{since // 60:02d}:{since % 60:02d}–{until // 60:02d}:{until % 60:02d}"
    return Bar(kind, since * 1000 // whole, max((until - since) * 1000 // whole, 2), title)
