"""Made-up people whose months are as nasty as the rules allow; the same generator always makes the same people."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from zhiren.rostering.plans import Kind, PlanDay, Policy, Shift, ShiftSegment, Span, off_day, resolve

# Where the clocks change, or do not, and around which dates: two of them by half an hour or from a half-hour offset.
ZONES = {
    "Asia/Shanghai": (date(2026, 3, 1), date(2026, 10, 1)),
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "America/St_Johns": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 10, 4), date(2026, 4, 5)),
    "Pacific/Auckland": (date(2026, 9, 27), date(2026, 4, 5)),
}
PAID, UNPAID, DUTY = 1, 2, 3
_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True)
class PersonMonth:
    """One person's facts: a plan for each of consecutive dates, punches ascending, absences and approvals disjoint."""

    plans: list[PlanDay]
    punches: list[int]
    absences: list[tuple[int, int, int]]
    overtimes: list[tuple[int, int]]


def random_person(rng: random.Random, days: int) -> PersonMonth:
    """Return somebody with as many consecutive plans as asked for, over a change of the clock more often than not."""
    zone = rng.choice(list(ZONES))
    first = rng.choice(ZONES[zone]) - timedelta(days=rng.randrange(days))
    shifts = [_shift(rng) for _number in range(rng.choice((1, 1, 2, 3)))]
    classes = [_day_class(rng, first + timedelta(days=number)) for number in range(days + 1)]
    plans = [
        _plan(rng, shifts, on=first + timedelta(days=number), zone=zone, classes=classes[number : number + 2])
        for number in range(days)
    ]
    absences = [(start, end, rng.choice((PAID, UNPAID, DUTY))) for start, end in _spans(rng, plans, share=0.12)]
    return PersonMonth(plans, _punches(rng, plans), absences, _spans(rng, plans, share=0.3, late=True))


def edges_of(plan: PlanDay) -> list[int]:
    """Return the instants around which a plan's verdicts turn."""
    policy = plan.policy
    found = [*plan.midnights[:2], plan.day_start, plan.day_end]
    for each in plan.segments:
        found += [each.start, each.end, (each.start + each.end) // 2, each.start - each.before, each.end + each.after]
        found += [at for span in each.breaks for at in span]
        found += [each.start + policy.grace_in, each.start + policy.late_absent_after, each.end - policy.grace_out]
        found += [each.start - policy.flex_early, each.start + policy.flex_late, each.end + policy.flex_late]
        found += [each.end + policy.ot_start_after, each.end + policy.ot_start_after + policy.ot_min]
    found += [at for span in plan.night for at in span]
    return [*found, plan.core_start, plan.core_end] if plan.kind == Kind.CORE else found


def _day_class(rng: random.Random, on: date) -> int:
    if rng.random() < 0.08:
        return 2
    return int(on.weekday() >= 5) if rng.random() < 0.95 else int(on.weekday() < 5)


def _plan(rng: random.Random, shifts: Sequence[Shift], *, on: date, zone: str, classes: Sequence[int]) -> PlanDay:
    shift = rng.choice(shifts)
    if rng.random() < (0.75 if classes[0] else 0.08):
        night, policy = shift.night, shift.policy
        return off_day(on=on, zone=zone, day_class=classes[0], next_class=classes[1], night=night, policy=policy)
    return resolve(shift, on=on, zone=zone, day_class=classes[0], next_class=classes[1])


def _shift(rng: random.Random) -> Shift:
    kind = rng.choice((Kind.FIXED, Kind.FIXED, Kind.FIXED, Kind.FLEXIBLE, Kind.CORE, Kind.FREE, Kind.IRREGULAR))
    night = rng.choice((None, (22 * 60, 30 * 60), (23 * 60, 30 * 60), (0, 300)))
    policy = _policy(rng, kind)
    if kind in (Kind.FREE, Kind.IRREGULAR):
        target = rng.choice((0, 4 * _HOUR, 8 * _HOUR))
        return Shift(kind=kind, target=target, day_start=rng.choice((0, 0, 240, 330)), night=night, policy=policy)
    count = 1 if kind == Kind.CORE else rng.choice((1, 1, 1, 2, 2, 3, 4))
    segments = _segments(rng, count)
    if kind != Kind.CORE:
        if len(segments) > 1:
            first, last = ((each.end - each.start) * 60 - 1 for each in (segments[0], segments[-1]))
            policy = replace(policy, flex_early=min(policy.flex_early, last), flex_late=min(policy.flex_late, first))
        return Shift(kind=kind, segments=segments, night=night, policy=policy)
    start, end = segments[0].start, segments[0].end
    core = (start + (end - start) // 4, end - (end - start) // 4)
    target = (end - start) * rng.choice((30, 45, 60))
    return Shift(kind=kind, segments=segments, core=core, target=target, night=night, policy=policy)


def _segments(rng: random.Random, count: int) -> tuple[ShiftSegment, ...]:
    """Return segments that begin at any hour, some on the next day, some touching one another."""
    at = rng.choice((0, 60, 120, 6 * 60, 8 * 60 + 30, 9 * 60, 9 * 60, 14 * 60, 20 * 60, 22 * 60, 23 * 60 + 59, 25 * 60))
    found = []
    for _number in range(count):
        length = rng.choice((30, 181, 240, 480, 540, 600)) // (1 if count == 1 else 2)
        end = min(at + length, 2870)
        if end - at < 10:
            break
        found.append(
            ShiftSegment(
                start=at,
                end=end,
                breaks=_breaks(rng, at, end),
                need_in=rng.random() < 0.85,
                need_out=rng.random() < 0.85,
                before=rng.choice((0, 600, _HOUR, 4 * _HOUR, 6 * _HOUR)),
                after=rng.choice((0, 600, 2 * _HOUR, 6 * _HOUR, 8 * _HOUR)),
            )
        )
        at = end + rng.choice((0, 1, 30, 60, 185))
    return tuple(found)


def _breaks(rng: random.Random, start: int, end: int) -> tuple[Span, ...]:
    """Return none to four breaks, now and then at the segment's very edge or beyond it."""
    count = rng.choice((0, 0, 1, 1, 1, 2, 4))
    edges = sorted(rng.sample(range(max(start - 5, 0), min(end + 6, 2879)), 2 * count))
    if count == 1 and rng.random() < 0.3:
        edges = [start, start + 5] if rng.random() < 0.5 else [end - 5, end]
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def _policy(rng: random.Random, kind: Kind) -> Policy:
    flexible = kind == Kind.FLEXIBLE
    return Policy(
        drop_seconds=rng.random() < 0.4,
        dup=rng.choice((0, 1, 60, 120, 600)),
        grace_in=rng.choice((0, 0, 59, 300, 600)),
        late_from_grace=rng.random() < 0.3,
        serious_after=rng.choice((0, 900, 1800)),
        late_absent_after=rng.choice((0, 0, 1800, 3600)),
        grace_out=rng.choice((0, 0, 300)),
        early_absent_after=rng.choice((0, 0, 1800)),
        flex_early=rng.choice((0, 1800, 7200)) if flexible else 0,
        flex_late=rng.choice((0, 1800, 7200)) if flexible else 0,
        missing_trusted=rng.random() < 0.25,
        gate=rng.random() < 0.5,
        gate_free=rng.choice((0, 300, 900)),
        pairing=rng.randrange(2),
        auto_break_after=rng.choice((0, 0, 4 * _HOUR, 6 * _HOUR)),
        auto_break=rng.choice((0, 1800, _HOUR)),
        ot_mode=rng.choice((0, 1, 1, 2, 2, 3, 4)),
        ot_before=rng.random() < 0.5,
        ot_start_after=rng.choice((0, 0, 600, 1800)),
        ot_min=rng.choice((0, 0, 1800, _HOUR)),
        ot_round=rng.choice((0, 1, 900, 1800)),
        ot_by_calendar=rng.random() < 0.5,
        holiday_is_overtime=rng.random() < 0.5,
    )


def _punches(rng: random.Random, plans: Sequence[PlanDay]) -> list[int]:
    """Return what a careless person punches: near every edge, in chains, too often, or not at all."""
    found: list[int] = []
    for plan in plans:
        for each in plan.segments:
            if rng.random() < 0.85:
                found.append(each.start + rng.choice((-900, -300, -61, -1, 0, 1, 59, 60, 300, 301, 599, 1801, 3700)))
            if rng.random() < 0.85:
                found.append(each.end + rng.choice((-1801, -301, -300, -60, -1, 0, 1, 600, 1800, 1801, 3600, 9000)))
            if rng.random() < 0.25:
                found += [rng.randrange(each.start, each.end + 1) for _number in range(rng.choice((1, 2, 3, 4)))]
        if not plan.segments and rng.random() < 0.6:
            length = max(plan.day_end - plan.day_start, 1)
            found += [plan.day_start + rng.randrange(length) for _number in range(rng.choice((1, 2, 2, 3, 4, 6)))]
        if rng.random() < 0.4:
            edges = edges_of(plan)
            found += [rng.choice(edges) + rng.choice((-60, -1, 0, 1, 60)) for _number in range(rng.choice((1, 2, 5)))]
    for at in rng.sample(found, len(found) // 6):
        dup = rng.choice((0, 1, 59, 60, 119, 120, 600))
        found += [at + step * dup for step in range(1, rng.choice((2, 3, 4)))]
    return sorted(found)


def _spans(rng: random.Random, plans: Sequence[PlanDay], *, share: float, late: bool = False) -> list[Span]:
    """Return disjoint spans that begin or end at edges of plans, some over several days, some touching each other."""
    found: list[Span] = []
    for plan in plans:
        if rng.random() >= share:
            continue
        edges = edges_of(plan)
        start = rng.choice(edges) + rng.choice((0, 0, -1, 1, 1800))
        if late and plan.segments:
            start = plan.segments[-1].end + rng.choice((-3600, 0, 0, 1800))
        length = rng.choice((1, _MINUTE, _HOUR, 4 * _HOUR, 9 * _HOUR, 24 * _HOUR, 60 * _HOUR))
        end = max(rng.choice(edges), start + 1) if rng.random() < 0.4 else start + length
        start = max(start, found[-1][1]) if found else start
        if start < end:
            found.append((start, end))
    return found
