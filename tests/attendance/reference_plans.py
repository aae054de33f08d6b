"""The plan side of the reference: wall times found by looking at the clock, instant after instant.

A zone is asked one thing only, what its clocks show at an instant; which instant a wall time means is then searched.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from tests.attendance.reference import FLEXIBLE, Instants
from zhiren.rostering.plans import Kind, PlanDay, Segment, Shift, ShiftSegment, Span

_STEP = 900  # seconds: every zone is whole quarters of an hour from UTC in the years tested here
_FARTHEST = 15 * 3600  # no zone is farther from UTC


def shown(at: int, zone: str) -> datetime:
    """Return what the clocks of a zone show at an instant."""
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@lru_cache(maxsize=100_000)
def instant_of(on: date, minutes: int, zone: str) -> int:
    """Return the instant of a wall time: the first at which it is shown, else where it would have been.

    A time that is never shown would have been so long after the last earlier reading as the clock was to go on.
    """
    wall = datetime.combine(on, datetime.min.time()) + timedelta(minutes=minutes)
    as_if_utc = round((wall - datetime.combine(date(1970, 1, 1), datetime.min.time())).total_seconds())
    last_before = None
    for at in range(as_if_utc - _FARTHEST, as_if_utc + _FARTHEST, _STEP):
        reading = shown(at, zone)
        if reading == wall:
            return at
        if reading < wall:
            last_before = (at, reading)
    assert last_before is not None
    at, reading = last_before
    return at + round((wall - reading).total_seconds())


def day_begins(on: date, zone: str) -> int:
    """Return the first instant at which the clocks show a date."""
    midnight = instant_of(on, 0, zone)
    return next(at for at in range(midnight - 2 * 3600, midnight + 2 * 3600, _STEP) if shown(at, zone).date() == on)


def plan_of(shift: Shift, *, on: date, zone: str, day_class: int, next_class: int) -> PlanDay:
    """Return what a shift means on a date."""
    following = on + timedelta(days=1)
    owns_the_day = shift.kind in (Kind.FREE, Kind.IRREGULAR)
    segments = _segments(shift.segments, on, zone)
    kind = shift.kind if owns_the_day or segments else Kind.OFF
    day_start = shift.day_start if owns_the_day else 0
    early = late = 0
    if kind == FLEXIBLE:
        early, late = shift.policy.flex_early, shift.policy.flex_late
        if len(segments) > 1:
            early = min(early, segments[-1].end - segments[-1].start - 1)
            late = min(late, segments[0].end - segments[0].start - 1)
    return PlanDay(
        work_date=(on - date(1970, 1, 1)).days,
        kind=kind,
        day_class=day_class,
        next_class=next_class,
        midnights=(day_begins(on, zone), day_begins(following, zone), day_begins(on + timedelta(days=2), zone)),
        day_start=instant_of(on, day_start, zone),
        day_end=instant_of(following, day_start, zone),
        night=_nights(shift.night, on, zone) if shift.night else (),
        segments=segments,
        core_start=instant_of(on, shift.core[0], zone) if shift.core else 0,
        core_end=instant_of(on, shift.core[1], zone) if shift.core else 0,
        target=shift.target if shift.kind in (Kind.CORE, Kind.FREE) else 0,
        policy=replace(shift.policy, flex_early=early, flex_late=late),
    )


def _segments(walls: tuple[ShiftSegment, ...], on: date, zone: str) -> tuple[Segment, ...]:
    """Return the segments that the clock leaves: what two of them would share is the later one's."""
    found: list[Segment] = []
    for number, wall in enumerate(walls):
        own = Instants((instant_of(on, wall.start, zone), instant_of(on, wall.end, zone)))
        if number + 1 < len(walls):
            own = own.before(instant_of(on, walls[number + 1].start, zone))
        if not len(own):
            continue
        (start, end), *_none = own.stretches
        breaks = Instants(*((instant_of(on, a, zone), instant_of(on, b, zone)) for a, b in wall.breaks))
        found.append(
            Segment(
                start=start,
                end=end,
                breaks=(breaks & own).stretches,
                need_in=wall.need_in,
                need_out=wall.need_out,
                before=wall.before,
                after=wall.after,
            )
        )
    return tuple(found)


def _nights(night: Span, on: date, zone: str) -> tuple[Span, ...]:
    """Return the night that began the day before and the one that begins on the date."""
    days = (on - timedelta(days=1), on)
    return Instants(*((instant_of(day, night[0], zone), instant_of(day, night[1], zone)) for day in days)).stretches
