"""Which days a wish for leave takes, how much each counts, and from when to when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from zhiren.leave import rules
from zhiren.leave.errors import NotEmployedThroughout, NothingToTake, UnitTooSmall
from zhiren.leave.models import LeaveDay, LeaveType
from zhiren.leave.planned import midnights, planned_work
from zhiren.leave.rules import Spans
from zhiren.people.models import Employment

_LONGEST = 366


@dataclass(frozen=True)
class Wish:
    """What somebody asks for: from a day, or its midday, to a day, or its midday; or some hours of one day.

    Hours are clock times where they work; an end before the start is the next day's.
    """

    from_on: date
    to_on: date
    from_midday: bool = False
    until_midday: bool = False
    starts: time | None = None
    ends: time | None = None

    @property
    def in_hours(self) -> bool:
        """Whether it is for some hours of one day."""
        return self.starts is not None and self.ends is not None


@dataclass(frozen=True)
class Day:
    """One date that a wish takes."""

    day: date
    part: str
    minutes: int
    starts_at: datetime
    ends_at: datetime


def days_taken(leave_type: LeaveType, employment: Employment, wish: Wish) -> list[Day]:
    """Return the days that a wish takes: those with planned work, or every date where calendar days count.

    Raises:
        NotEmployedThroughout: some day is none of the employment, or it is more than a year.
        UnitTooSmall: the type is not taken in half days, or in hours.
        NothingToTake: no work is planned.
    """
    length = (wish.to_on - wish.from_on).days + 1
    if not 0 < length <= _LONGEST or not (employment.covers(wish.from_on) and employment.covers(wish.to_on)):
        raise NotEmployedThroughout
    _require_unit(leave_type, wish)
    work = planned_work(employment, wish.from_on, wish.to_on)
    if wish.in_hours:
        found = list(_hours(leave_type, employment, wish, work[wish.from_on]))
    else:
        found = [
            day for on, spans in sorted(work.items()) for day in _whole_or_half(leave_type, employment, wish, on, spans)
        ]
    if not found:
        raise NothingToTake
    return found


def _require_unit(leave_type: LeaveType, wish: Wish) -> None:
    halves = wish.from_midday or wish.until_midday
    small = (wish.in_hours and leave_type.unit != LeaveType.Unit.HOUR) or (
        halves and leave_type.unit == LeaveType.Unit.DAY
    )
    if small or (wish.in_hours and wish.from_on != wish.to_on):
        raise UnitTooSmall(type=leave_type.label, unit=leave_type.get_unit_display())


def _whole_or_half(leave_type: LeaveType, employment: Employment, wish: Wish, on: date, spans: Spans) -> Iterator[Day]:
    second = wish.from_midday and on == wish.from_on
    first = wish.until_midday and on == wish.to_on
    if first and second:
        return
    if leave_type.counts == LeaveType.Counts.CALENDAR:
        spans = [midnights(on, employment.zone)]
    if not spans:
        return
    if not (first or second):
        yield _day(leave_type, on, LeaveDay.Part.DAY, spans, rules.DAY)
        return
    half = rules.halves(spans)[0 if first else 1]
    yield _day(leave_type, on, LeaveDay.Part.FIRST if first else LeaveDay.Part.SECOND, half, rules.HALF_DAY)


def _hours(leave_type: LeaveType, employment: Employment, wish: Wish, spans: Spans) -> Iterator[Day]:
    assert wish.starts is not None  # noqa: S101 - the caller has asked `in_hours`
    assert wish.ends is not None  # noqa: S101
    tz = ZoneInfo(employment.zone)
    starts = datetime.combine(wish.from_on, wish.starts, tz)
    ends = datetime.combine(wish.from_on + timedelta(days=wish.ends <= wish.starts), wish.ends, tz)
    start, end = int(starts.timestamp()), int(ends.timestamp())
    minutes = (
        rules.seconds_within(spans, start, end) // 60 if leave_type.in_hours else rules.day_share(spans, start, end)
    )
    if minutes:
        yield Day(wish.from_on, LeaveDay.Part.HOURS, minutes, _moment(start), _moment(end))


def _day(leave_type: LeaveType, on: date, part: str, spans: Spans, share: int) -> Day:
    minutes = sum(end - start for start, end in spans) // 60 if leave_type.in_hours else share
    return Day(on, part, minutes, _moment(spans[0][0]), _moment(spans[-1][1]))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
