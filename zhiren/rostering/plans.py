"""What somebody is to work on a date: shifts in wall time, resolved into plan days in instants.

Zones are known here and nowhere else in the rules. What the numbers mean is told in `docs/attendance-rules.md`.
Lengths are seconds, instants UTC seconds, wall times minutes after midnight of the work date (0 to 2879).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

MOST_SEGMENTS = 4
MOST_BREAKS = 4
LAST_MINUTE = 2879
MOST_AROUND = 24 * 3600

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(1970, 1, 1).toordinal()
_SECOND = timedelta(seconds=1)
_MINUTES_A_DAY = 24 * 60

Span = tuple[int, int]
Made = TypeVar("Made")


class Kind(IntEnum):
    """How a plan is judged."""

    OFF = 0
    FIXED = 1
    FLEXIBLE = 2
    CORE = 3
    FREE = 4
    IRREGULAR = 5


class DayClass(IntEnum):
    """What kind of date it is, which decides what overtime on it is called."""

    WORKDAY = 0
    REST_DAY = 1
    HOLIDAY = 2


class Overtime(IntEnum):
    """When time beyond the plan is overtime."""

    NEVER = 0
    PUNCHED = 1
    APPROVED_AND_PUNCHED = 2
    APPROVED = 3
    EXTRA = 4


@dataclass(frozen=True)
class Bank:
    """Which overtime becomes time off instead of pay: of which classes, up to how many minutes, for how many days.

    A cap or days of 0 mean without end.
    """

    classes: frozenset[DayClass]
    cap: int = 0
    days: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {"classes": sorted(map(int, self.classes)), "cap": self.cap, "days": self.days}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self | None:
        """Return what is stored; None for nothing."""
        classes = frozenset(map(DayClass, stored.get("classes", ())))
        return cls(classes, stored.get("cap", 0), stored.get("days", 0)) if classes else None


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How strictly a plan is read. Numbers are seconds; a limit of 0 whose name ends in `_after` is switched off,
    except `ot_start_after`."""

    drop_seconds: bool = False
    dup: int = 0
    grace_in: int = 0
    late_from_grace: bool = False
    serious_after: int = 0
    late_absent_after: int = 0
    grace_out: int = 0
    early_absent_after: int = 0
    flex_early: int = 0
    flex_late: int = 0
    missing_trusted: bool = False
    gate: bool = False
    gate_free: int = 0
    pairing: int = 0
    auto_break_after: int = 0
    auto_break: int = 0
    ot_mode: int = Overtime.NEVER
    ot_before: bool = False
    ot_start_after: int = 0
    ot_min: int = 0
    ot_round: int = 0
    ot_by_calendar: bool = False
    holiday_is_overtime: bool = False

    def __post_init__(self) -> None:
        if any(getattr(self, each.name) < 0 for each in fields(self)):
            raise ValueError("a policy has no negative numbers")
        if self.pairing > 1 or self.ot_mode > Overtime.EXTRA:
            raise ValueError(f"unknown pairing {self.pairing} or overtime mode {self.ot_mode}")


@dataclass(frozen=True, kw_only=True)
class ShiftSegment:
    """A stretch of work in wall time. `before` and `after` say by how many seconds around it its punches count."""

    start: int
    end: int
    breaks: tuple[Span, ...] = ()
    need_in: bool = True
    need_out: bool = True
    before: int = 4 * 3600
    after: int = 6 * 3600

    def __post_init__(self) -> None:
        edges = [edge for span in self.breaks for edge in span]
        if not 0 <= self.start < self.end <= LAST_MINUTE:
            raise ValueError(f"a segment ends after it starts, within two days: {self.start} to {self.end}")
        if not 0 <= self.before <= MOST_AROUND or not 0 <= self.after <= MOST_AROUND:
            raise ValueError("the punches of a segment are at most a day away from it")
        if edges != sorted(edges) or len(self.breaks) > MOST_BREAKS or any(not 0 <= at <= LAST_MINUTE for at in edges):
            raise ValueError(f"at most {MOST_BREAKS} breaks, ascending and apart: {self.breaks}")


@dataclass(frozen=True, kw_only=True)
class Shift:
    """What is worked, in wall time: the same in every zone and on every date.

    `core` is the time that must be worked within the band of a `core` shift, `target` what is due of a `core` or
    `free` one; `night` is when work counts as night work, `day_start` when the date of a `free` or `irregular` one
    begins. The end of `night` may lie on the next day.
    """

    kind: Kind
    segments: tuple[ShiftSegment, ...] = ()
    core: Span | None = None
    target: int = 0
    day_start: int = 0
    night: Span | None = None
    policy: Policy = field(default_factory=Policy)

    def __post_init__(self) -> None:
        most = {Kind.FIXED: MOST_SEGMENTS, Kind.FLEXIBLE: MOST_SEGMENTS, Kind.CORE: 1}.get(self.kind, 0)
        if not min(most, 1) <= len(self.segments) <= most:
            raise ValueError(f"a {self.kind.name.lower()} shift has at most {most} segments, not {len(self.segments)}")
        if any(one.end > other.start for one, other in zip(self.segments, self.segments[1:], strict=False)):
            raise ValueError("segments ascend and do not overlap")
        if self.kind == Kind.FLEXIBLE and self.policy != _flexing_within(self.policy, self.segments, 60):
            raise ValueError("a flexible day of several segments moves by less than its first and its last one last")
        if (self.core is not None) != (self.kind == Kind.CORE):
            raise ValueError("a core shift has a core, and no other has")
        if self.core and not self.segments[0].start <= self.core[0] < self.core[1] <= self.segments[0].end:
            raise ValueError(f"the core lies within its band: {self.core}")
        if self.night and not 0 <= self.night[0] < self.night[1] <= self.night[0] + _MINUTES_A_DAY:
            raise ValueError(f"a night ends after it starts and lasts a day at most: {self.night}")
        if self.target < 0 or not 0 <= self.day_start < _MINUTES_A_DAY:
            raise ValueError("a target is not negative, and a day starts on its date")

    def to_json(self) -> dict[str, Any]:
        """Return the shift as plain values for JSON; `from_json` reads them."""
        return _plain(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Return the shift that `to_json` wrote; what is left out has its usual value.

        Raises:
            ValueError: no shift can look like that.
        """
        values = dict(value)
        values["kind"] = Kind(values["kind"])
        values["segments"] = tuple(_segment_from_json(each) for each in values.get("segments", ()))
        values["core"], values["night"] = _span(values.get("core")), _span(values.get("night"))
        values["policy"] = _known(Policy, values.get("policy", {}))
        return _known(cls, values)


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A stretch of work in instants; `before` and `after` are seconds."""

    start: int
    end: int
    breaks: tuple[Span, ...] = ()
    need_in: bool = True
    need_out: bool = True
    before: int = 0
    after: int = 0


@dataclass(frozen=True, kw_only=True)
class PlanDay:
    """What one person is to work on one date, all in instants: the rules' view of a plan.

    `work_date` counts days since 1970-01-01. `midnights` are the beginnings of the work date and the two dates after
    it, `day_start` and `day_end` what a plan without segments owns, `night` up to two stretches.
    """

    work_date: int
    kind: Kind
    day_class: int = DayClass.WORKDAY
    next_class: int = DayClass.WORKDAY
    midnights: tuple[int, int, int]
    day_start: int
    day_end: int
    night: tuple[Span, ...] = ()
    segments: tuple[Segment, ...] = ()
    core_start: int = 0
    core_end: int = 0
    target: int = 0
    policy: Policy = field(default_factory=Policy)

    def to_json(self) -> dict[str, Any]:
        """Return the plan as plain values for JSON; `from_json` reads them."""
        return _plain(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Return the plan that `to_json` wrote."""
        values = dict(value)
        values["kind"] = Kind(values["kind"])
        values["midnights"] = tuple(values["midnights"])
        values["night"] = tuple((start, end) for start, end in values.get("night", ()))
        values["segments"] = tuple(
            Segment(**{**each, "breaks": tuple((start, end) for start, end in each["breaks"])})
            for each in values.get("segments", ())
        )
        values["policy"] = _known(Policy, values.get("policy", {}))
        return _known(cls, values)


def under(shift: Shift, regime: str, *, is_off: bool, day_class: int) -> Shift:
    """Return a shift as people of a regime work it (`standard`, `comprehensive`, `irregular`).

    With comprehensive hours what is worked beyond the plan, or on a rest day, is work like any other; a holiday is
    overtime. With irregular hours nobody is late or works overtime, and no date is off.
    """
    if regime == "irregular":
        return Shift(kind=Kind.IRREGULAR, day_start=shift.day_start, night=shift.night, policy=shift.policy)
    if regime == "comprehensive":
        counts = Overtime.PUNCHED if is_off and day_class == DayClass.HOLIDAY else Overtime.EXTRA
        return replace(shift, policy=replace(shift.policy, ot_mode=counts))
    return shift


def planned_minutes(shift: Shift) -> int:
    """Return how many minutes a shift plans on a date without a change of the clock, breaks taken off.

    >>> planned_minutes(Shift(kind=Kind.FIXED, segments=(ShiftSegment(start=540, end=1080, breaks=((720, 780),)),)))
    480
    """
    if shift.kind in (Kind.CORE, Kind.FREE):
        return shift.target // 60
    return sum(
        each.end - each.start - sum(max(min(to, each.end) - max(since, each.start), 0) for since, to in each.breaks)
        for each in shift.segments
    )


def days_since_1970(on: date) -> int:
    """Return the number by which the rules know a date.

    >>> days_since_1970(date(2026, 3, 29))
    20541
    """
    return on.toordinal() - _FIRST_DAY


def instant(on: date, minutes: int, zone: str) -> int:
    """Return when a wall time is, in UTC seconds.

    One that the clock shows twice is the first of the two; one that it skips is read with the offset before the change.

    >>> instant(date(2026, 3, 29), 150, "Europe/Berlin") == instant(date(2026, 3, 29), 210, "Europe/Berlin")
    True
    """
    wall = datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(zone)) + timedelta(minutes=minutes)
    return (wall - _EPOCH) // _SECOND


def resolve(shift: Shift, *, on: date, zone: str, day_class: int, next_class: int) -> PlanDay:
    """Return what a shift means on a date in a zone; `next_class` is the class of the date after it.

    Where a change of the clock makes breaks or segments run into one another, they are cut apart; a segment that it
    swallows is left out, and a date of which nothing is left is off. A day whose segments it shortens flexes by less.
    """
    owns_day = shift.kind in (Kind.FREE, Kind.IRREGULAR)
    segments: list[Segment] = []
    starts = [instant(on, each.start, zone) for each in shift.segments]
    for number, each in enumerate(shift.segments):
        start, end = starts[number], min([instant(on, each.end, zone), *starts[number + 1 : number + 2]])
        if start < end:
            segments.append(
                Segment(
                    start=start,
                    end=end,
                    breaks=_breaks(each, start, end, on, zone),
                    need_in=each.need_in,
                    need_out=each.need_out,
                    before=each.before,
                    after=each.after,
                )
            )
    core = [instant(on, minutes, zone) for minutes in shift.core or ()]
    if shift.kind == Kind.FLEXIBLE:
        policy = _flexing_within(shift.policy, segments)
    else:
        policy = replace(shift.policy, flex_early=0, flex_late=0)
    return PlanDay(
        kind=shift.kind if segments or owns_day else Kind.OFF,
        day_class=day_class,
        next_class=next_class,
        segments=tuple(segments),
        core_start=core[0] if core else 0,
        core_end=core[1] if core else 0,
        target=shift.target if shift.kind in (Kind.CORE, Kind.FREE) else 0,
        policy=policy,
        **_frame(on, zone, shift.day_start if owns_day else 0, shift.night),
    )


def off_day(
    *,
    on: date,
    zone: str,
    day_class: int = DayClass.REST_DAY,
    next_class: int = DayClass.WORKDAY,
    night: Span | None = None,
    policy: Policy | None = None,
) -> PlanDay:
    """Return a date on which nothing is planned; what is worked on it may be overtime, by `policy`."""
    return PlanDay(
        kind=Kind.OFF,
        day_class=day_class,
        next_class=next_class,
        policy=replace(policy or Policy(), flex_early=0, flex_late=0),
        **_frame(on, zone, 0, night),
    )


def _flexing_within(policy: Policy, segments: "Sequence[ShiftSegment] | Sequence[Segment]", unit: int = 1) -> Policy:
    """Return the policy, of several segments with no more flexibility than the first and the last one are long."""
    if len(segments) < 2:
        return policy
    first, last = segments[0], segments[-1]
    return replace(
        policy,
        flex_early=min(policy.flex_early, (last.end - last.start) * unit - 1),
        flex_late=min(policy.flex_late, (first.end - first.start) * unit - 1),
    )


def _frame(on: date, zone: str, day_start: int, night: Span | None) -> dict[str, Any]:
    """Return what every plan of a date has: its number, midnights, own day and nights."""
    following = on + timedelta(days=1)
    return {
        "work_date": days_since_1970(on),
        "midnights": (instant(on, 0, zone), instant(following, 0, zone), instant(on + timedelta(days=2), 0, zone)),
        "day_start": instant(on, day_start, zone),
        "day_end": instant(following, day_start, zone),
        "night": _nights(on, zone, night) if night else (),
    }


def _nights(on: date, zone: str, night: Span) -> tuple[Span, ...]:
    """Return the night that began the day before and the one that begins on the date."""
    days = (on - timedelta(days=1), on)
    return _apart([(instant(day, night[0], zone), instant(day, night[1], zone)) for day in days])


def _breaks(segment: ShiftSegment, start: int, end: int, on: date, zone: str) -> tuple[Span, ...]:
    found = [(instant(on, first, zone), instant(on, last, zone)) for first, last in segment.breaks]
    return _apart([(max(first, start), min(last, end)) for first, last in found])


def _apart(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the same instants as ascending spans that neither overlap nor are empty."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def _plain(value: Shift | PlanDay) -> dict[str, Any]:
    return {key: int(found) if isinstance(found, IntEnum) else found for key, found in asdict(value).items()}


def _segment_from_json(value: Mapping[str, Any]) -> ShiftSegment:
    breaks = tuple((start, end) for start, end in value.get("breaks", ()))
    return _known(ShiftSegment, {**value, "breaks": breaks})


def _span(value: Sequence[int] | None) -> Span | None:
    return (value[0], value[1]) if value else None


def _known(kind: type[Made], values: Mapping[str, Any]) -> Made:
    names = {each.name for each in fields(kind)}  # type: ignore[arg-type]  # always one of the dataclasses above
    if unknown := set(values) - names:
        raise ValueError(f"nobody knows {', '.join(sorted(unknown))} of a {kind.__name__}")
    return kind(**values)
