"""The nasty set: days whose records were worked out by hand from `docs/attendance-rules.md`, by neither program.

Times are UTC on Monday 2 March 2026, `y` before one is the day before, 26:00 is 02:00 on the day after.
What a case does not name is 0, absent or unset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tests.attendance.reference import FLAG, Record
from zhiren.rostering.plans import Kind, PlanDay, Policy, Segment, Span

MONDAY = date(2026, 3, 2)
DAY, HOUR = 86_400, 3_600
_START = (MONDAY - date(1970, 1, 1)).days * DAY
_KINDS = {"paid": 1, "unpaid": 2, "duty": 3}
_AMOUNTS = (
    "planned", "worked", "late", "early", "absent", "away", "short", "paid_leave", "unpaid_leave", "duty", "extra",
    "overtime_workday", "overtime_rest", "overtime_holiday", "night",
)  # fmt: skip


def at(text: str) -> int:
    """Return the instant of a time of the set."""
    day = -DAY if text.startswith("y") else 0
    hours, minutes, *seconds = (int(part) for part in text.removeprefix("y").split(":"))
    return _START + day + hours * HOUR + minutes * 60 + sum(seconds)


def span(text: str) -> Span:
    """Return the instants of `09:00-18:00`."""
    start, end = text.split("-")
    return at(start), at(end)


def spans(text: str) -> tuple[Span, ...]:
    """Return the instants of several spans with blanks between."""
    return tuple(span(part) for part in text.split())


def plan(
    kind: Kind = Kind.FIXED,
    segments: str = "09:00-18:00",
    *,
    breaks: str = "12:00-13:00",
    needs: Sequence[tuple[bool, bool]] = (),
    before: int = 4 * HOUR,
    after: int = 6 * HOUR,
    day: int = 0,
    classes: tuple[int, int] = (0, 0),
    core: str = "",
    target: int = 0,
    day_start: int = 0,
    night: str = "",
    **policy: Any,
) -> PlanDay:
    """Return a plan; `needs` says of each segment whether in and out are needed, `day` how far its date is away."""
    midnight = _START + day * DAY
    stretches = spans(segments) if kind in (Kind.FIXED, Kind.FLEXIBLE, Kind.CORE) else ()
    return PlanDay(
        work_date=midnight // DAY,
        kind=kind,
        day_class=classes[0],
        next_class=classes[1],
        midnights=(midnight, midnight + DAY, midnight + 2 * DAY),
        day_start=midnight + day_start,
        day_end=midnight + DAY + day_start,
        night=spans(night),
        segments=tuple(
            Segment(
                start=start,
                end=end,
                breaks=tuple((a, b) for a, b in spans(breaks) if start <= a and b <= end),
                need_in=needs[number][0] if needs else True,
                need_out=needs[number][1] if needs else True,
                before=before,
                after=after,
            )
            for number, (start, end) in enumerate(stretches)
        ),
        core_start=span(core)[0] if core else 0,
        core_end=span(core)[1] if core else 0,
        target=target,
        policy=Policy(**policy),
    )


@dataclass(frozen=True)
class Case:
    """One day and its record."""

    name: str
    plan: PlanDay
    punches: tuple[int, ...]
    absences: tuple[tuple[int, int, int], ...]
    overtimes: tuple[Span, ...]
    before: PlanDay | None
    following: PlanDay | None
    record: Record


CASES: list[Case] = []


def day(
    name: str,
    a_plan: PlanDay,
    punches: str = "",
    /,
    *,
    absences: str = "",
    overtimes: str = "",
    before: PlanDay | None = None,
    following: PlanDay | None = None,
    flags: str = "",
    first: str = "",
    last: str = "",
    seen: int | None = None,
    kept: int | None = None,
    **minutes: int,
) -> None:
    """Add a case: `absences` like `paid 09:00-12:00, duty 14:00-18:00`, `flags` with commas, the rest the record's.

    `seen` are the punches of the day, all of them unless said, `kept` those that are no duplicates.
    """
    made = tuple(at(text) for text in punches.split())
    told = [part.split() for part in absences.split(",") if part]
    seen = len(made) if seen is None else seen
    assert set(minutes) <= set(_AMOUNTS), minutes
    record = Record(
        **{amount: minutes.get(amount, 0) for amount in _AMOUNTS},
        flags=sum(FLAG[flag.strip()] for flag in flags.split(",") if flag),
        first_in=at(first) if first else None,
        last_out=at(last) if last else None,
        n_punches=seen,
        n_kept=seen if kept is None else kept,
    )
    off = tuple((*span(text), _KINDS[kind]) for kind, text in told)
    CASES.append(Case(name, a_plan, made, off, spans(overtimes), before, following, record))


def office(**given: Any) -> PlanDay:
    """Return nine to six with an hour at noon: the midpoint is 13:30, the window 05:00 to 24:00."""
    return plan(Kind.FIXED, **given)


def core_day(**given: Any) -> PlanDay:
    """Return eight hours between 7 and 20, there from 10 to 15: the window is 06:00 to 21:00."""
    given = {"before": HOUR, "after": HOUR, "core": "10:00-15:00", "target": 8 * HOUR, **given}
    return plan(Kind.CORE, "07:00-20:00", **given)


def flexible_day(**given: Any) -> PlanDay:
    """Return nine to six, half an hour earlier or an hour later."""
    return plan(Kind.FLEXIBLE, **{"flex_early": HOUR // 2, "flex_late": HOUR, **given})


def free_day(**given: Any) -> PlanDay:
    """Return eight hours, whenever."""
    return plan(Kind.FREE, **{"target": 8 * HOUR, **given})


def rest_day(**given: Any) -> PlanDay:
    """Return a day off before a workday."""
    return plan(Kind.OFF, **{"classes": (1, 0), **given})


def shifted(planned: PlanDay, days: int) -> PlanDay:
    """Return the same plan on another date."""
    return replace(
        planned,
        work_date=planned.work_date + days,
        midnights=tuple(each + days * DAY for each in planned.midnights),  # type: ignore[arg-type]  # three as before
        day_start=planned.day_start + days * DAY,
        day_end=planned.day_end + days * DAY,
        night=tuple((a + days * DAY, b + days * DAY) for a, b in planned.night),
        segments=tuple(
            replace(
                each,
                start=each.start + days * DAY,
                end=each.end + days * DAY,
                breaks=tuple((a + days * DAY, b + days * DAY) for a, b in each.breaks),
            )
            for each in planned.segments
        ),
        core_start=planned.core_start + days * DAY,
        core_end=planned.core_end + days * DAY,
    )
