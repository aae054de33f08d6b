"""What the pages of attendance show, gathered: today, a month, a day with its reasons, devices, months to close."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from zhiren.attendance import (
    device_rules,
    findings,
    handing_queries,
    permissions,
    phone_queries,
    punch_words,
    queries,
    reasons,
    team,
    words,
)
from zhiren.attendance.models import Adjustment, DayRecord, Device, MonthRecord, Period, Punch
from zhiren.kernel.actors import Actor
from zhiren.org import queries as org
from zhiren.people.models import Employment
from zhiren.rostering import queries as rostering
from zhiren.rostering.queries import Planned

DAY = timedelta(days=1)
# A device is silent that has not called for so long.
SILENT = timedelta(minutes=30)
_MONTHS_TO_CLOSE = 4


@dataclass(frozen=True)
class Stretch:
    """A planned stretch of work, as the clocks of the place show it."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Today:
    """Today, as somebody needs it on their phone."""

    on: date
    zone: str
    stretches: list[Stretch]
    shift: str
    punches: list[tuple[Punch, punch_words.Origin]]
    record: DayRecord | None
    flags: list[Any]
    places: list[str]
    nearby: str


def today(employment: Employment, at: datetime, *, address: str = "") -> Today:
    """Return what today looks like for somebody who calls from an address: `nearby` is the place of its network."""
    on = at.astimezone(ZoneInfo(employment.zone)).date()
    planned = rostering.roster([employment.pk], on, on).get(employment.pk, {}).get(on)
    record = queries.days_of(employment.pk, on, on).get(on)
    version = rostering.group_version(planned.group_version_id) if planned and planned.group_version_id else None
    zone = planned.zone if planned else employment.zone
    return Today(
        on=on,
        zone=zone,
        stretches=stretches(planned),
        shift=rostering.shift_label(planned.shift_id) if planned and planned.shift_id else "",
        punches=_punched(employment, on, zone),
        record=record,
        flags=words.flags_of(record.flags) if record else [],
        places=[str(place["name"]) for place in version.places] if version else [],
        nearby=device_rules.place_of_network(version.places, address) if version else "",
    )


def _punched(employment: Employment, on: date, zone: str) -> list[tuple[Punch, punch_words.Origin]]:
    """Return somebody's punches of a date, each with how it came."""
    rows = queries.punches_of(employment.pk, *_bounds(on, employment.zone))
    return [(row, punch_words.origin(row, zone)) for row in rows]


def zone_beside(actor: Actor, zone: str, at: datetime) -> str:
    """Return the reader's own zone where its clock shows another time than that of a place; else nothing."""
    here, there = at.astimezone(actor.tzinfo), at.astimezone(ZoneInfo(zone))
    return "" if here.utcoffset() == there.utcoffset() else actor.zone


def clock_at(actor: Actor, zone: str, at: datetime) -> str:
    """Return what the clocks of a place show, with its zone where the reader's show another time."""
    shown = f"{at.astimezone(ZoneInfo(zone)):%H:%M:%S}"
    return f"{shown} ({zone})" if zone_beside(actor, zone, at) else shown


def stretches(planned: Planned | None) -> list[Stretch]:
    """Return the planned stretches of a day, in the zone that it is planned in."""
    if planned is None:
        return []
    zone = ZoneInfo(planned.zone)
    return [Stretch(_local(one.start, zone), _local(one.end, zone)) for one in planned.plan.segments]


def _local(seconds: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC).astimezone(zone)


def _bounds(on: date, zone: str) -> tuple[datetime, datetime]:
    tz = ZoneInfo(zone)
    following = on + DAY
    return datetime(on.year, on.month, on.day, tzinfo=tz), datetime(
        following.year, following.month, following.day, tzinfo=tz
    )


@dataclass(frozen=True)
class Square:
    """A date in a calendar; `on` is empty before the first and after the last of the month."""

    on: date | None = None
    look: str = ""
    name: Any = ""
    is_today: bool = False


@dataclass(frozen=True)
class PersonMonth:
    """A month of somebody: its dates in weeks from Monday, and its sum. `until` is its last date that has come."""

    first: date
    last: date
    until: date
    previous: date
    following: date | None
    squares: list[Square]
    record: MonthRecord | None
    told: list[tuple[Any, str]]
    adjustments: list[Adjustment] = field(default_factory=list)


def month(employment: Employment, first: date, *, today: date) -> PersonMonth:
    """Return a month of somebody as a calendar."""
    begins, ends = team.bounds(first)
    rows = queries.days_of(employment.pk, begins, ends)
    squares = [Square()] * begins.weekday()
    for number in range((ends - begins).days + 1):
        on = begins + DAY * number
        look = words.look(rows.get(on))
        squares.append(Square(on, look, words.NAMES.get(look, ""), on == today))
    record = queries.month_of(employment.pk, begins)
    return PersonMonth(
        first=begins,
        last=ends,
        until=min(ends, today),
        previous=(begins - DAY).replace(day=1),
        following=ends + DAY if ends < today else None,
        squares=squares,
        record=record,
        told=words.told_month(record) if record else [],
        adjustments=queries.adjustments_of(employment.pk, begins, ends),
    )


@dataclass(frozen=True)
class ShownDay:
    """A day and why it reads so, by the clock of its `zone`."""

    zone: str
    record: DayRecord | None
    day_class: Any
    stretches: list[Stretch]
    shift: str
    version: int | None
    told: list[tuple[Any, str]]
    flags: list[Any]
    reasons: reasons.Reasons | None
    adjustment: Adjustment | None
    doubts: list[tuple[Punch, list[str]]]
    of_no_plan: list[tuple[Punch, punch_words.Origin]]


def day(employment: Employment, on: date, at: datetime) -> ShownDay:
    """Return one day of somebody with its reasons, worked out anew from what is stored."""
    days = rostering.roster([employment.pk], on - DAY, on + DAY).get(employment.pk, {})
    planned = days.get(on)
    record = queries.days_of(employment.pk, on, on).get(on)
    adjustments = queries.adjustments_of(employment.pk, on, on)
    version = rostering.shift_version(planned.shift_version_id) if planned and planned.shift_version_id else None
    zone = planned.zone if planned else employment.zone
    return ShownDay(
        zone=zone,
        record=record,
        day_class=words.CLASSES[record.day_class] if record else "",
        stretches=stretches(planned),
        shift=version.shift.label if version else "",
        version=version.number if version else None,
        told=words.told(record) if record else [],
        flags=words.flags_of(record.flags) if record else [],
        reasons=reasons.of_day(employment, on, days, at) if planned else None,
        adjustment=adjustments[0] if adjustments else None,
        of_no_plan=[] if planned else _punched(employment, on, zone),
        doubts=[
            (row.punch, punch_words.doubts(row, zone))
            for row in phone_queries.doubts_between(employment.pk, *_bounds(on, employment.zone))
        ]
        + [
            (row.punch, [punch_words.handed_over(row, zone)])
            for row in handing_queries.handed_over_of(employment.pk, *_bounds(on, employment.zone))
        ],
    )


@dataclass(frozen=True)
class ShownDevice:
    """A device, and what is the matter with it."""

    row: Device
    is_silent: bool
    off: str
    hours_off: int
    lag: str


def device(row: Device, at: datetime) -> ShownDevice:
    """Return a device as the page shows it."""
    off = row.clock_off_s or 0
    is_off = device_rules.is_off(off)
    return ShownDevice(
        row,
        is_silent=row.state == Device.State.CLAIMED and at - row.last_seen_at > SILENT,
        off=words.span(round(off / 60)) if is_off else "",
        hours_off=device_rules.hours_off(off) if is_off else 0,
        lag=words.span(round(row.lag_s / 60)) if row.lag_s and device_rules.is_late(row.lag_s) else "",
    )


@dataclass(frozen=True)
class Closing:
    """A month of an entity: closed, or whether it can be."""

    month: date
    period: Period | None
    opens_on: date
    today: date
    waiting: int
    findings: int

    @property
    def has_ended(self) -> bool:
        """Whether its last date is past; a night shift of it may still go on."""
        return self.today > self.opens_on - 2 * DAY

    @property
    def is_over(self) -> bool:
        """Whether it can be closed."""
        return self.today >= self.opens_on


def closings(actor: Actor, at: datetime) -> list[tuple[Any, list[Closing]]]:
    """Return the last months of each entity whose months this actor may close, the newest first."""
    reach = actor.reach(permissions.MANAGE)
    entities = [one for one in org.entities(actor) if reach.everything or one.pk in reach.entities]
    told = findings.counts([one.pk for one in entities], _months_before(at.date())[-1] - 31 * DAY)
    found = []
    for entity in entities:
        today = at.astimezone(ZoneInfo(entity.zone)).date()
        found.append((entity, [_closing(entity.pk, one, today, told) for one in _months_before(today)]))
    return found


def _months_before(today: date) -> list[date]:
    months = [today.replace(day=1)]
    while len(months) < _MONTHS_TO_CLOSE:
        months.append((months[-1] - DAY).replace(day=1))
    return months


def _closing(entity_id: UUID, first: date, today: date, told: Mapping[tuple[UUID, date], tuple[int, int]]) -> Closing:
    last = team.bounds(first)[1]
    period = queries.closing_of(entity_id, first)
    waiting = 0 if period else queries.count_dirty_of_entity(entity_id, first, last)
    return Closing(first, period, last + 2 * DAY, today, waiting, told.get((entity_id, first), (0, 0))[1])
