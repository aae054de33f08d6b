"""What leave is due, what it is taken from, what of it lapses. Pure.

Amounts are minutes. Where a type is counted in days, a day is `DAY` minutes, however long the person works that day:
a quarter of a day or a twelfth of five days is then a whole number still.
"""

import calendar
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Literal
from uuid import UUID

DAY = 480
HALF_DAY = DAY // 2
ONE = timedelta(days=1)


# Accrual --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """From so many months of service on: so many minutes a year."""

    after_months: int
    minutes: int


@dataclass(frozen=True)
class Plan:
    """How leave is earned.

    `grants` gives the whole year at once, or a twelfth each month; `year` runs from January, or from joining. Nothing
    is earned before `start_after_months` here, nor before `from_on`. `is_prorated` gives only the part of a year in
    which the step held and the person was employed; else who is there on one day of it has the whole. `round_to` is
    the smallest amount (1 keeps minutes). What is left of a year is carried over up to `carry_most` (None: all of it),
    and lapses `carry_months` after the year (None: never).
    """

    steps: tuple[Step, ...]
    grants: Literal["yearly", "monthly"] = "yearly"
    year: Literal["calendar", "joining"] = "calendar"
    start_after_months: int = 0
    from_on: date = date.min
    is_prorated: bool = True
    round_to: int = HALF_DAY
    rounds: Literal["down", "up", "nearest"] = "down"
    carry_most: int | None = 0
    carry_months: int | None = None


@dataclass(frozen=True)
class Service:
    """From when to when somebody works here, and since when at all: steps count from `worked_since`."""

    from_on: date
    to_on: date | None = None
    worked_since: date | None = None


@dataclass(frozen=True)
class Due:
    """What a plan gives for one period: `key` names the period; it may be used from `from_on` on.

    `ends_on` is the last day of its leave year.
    """

    key: str
    from_on: date
    ends_on: date
    minutes: int


def add_months(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last.

    >>> add_months(date(2028, 1, 31), 1)
    datetime.date(2028, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def leave_year(plan: Plan, service: Service, day: date) -> tuple[date, date]:
    """Return the first and the last day of the leave year that holds a day."""
    if plan.year == "calendar":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    years = day.year - service.from_on.year
    if add_months(service.from_on, 12 * years) > day:
        years -= 1
    return add_months(service.from_on, 12 * years), add_months(service.from_on, 12 * years + 12) - ONE


def due(plan: Plan, service: Service, until: date) -> Iterator[Due]:
    """Yield what the plan gives in every period that has begun by `until`, in order; what is nothing is left out.

    A month's part is what the year's sum, rounded, grows by in it: twelve of them are exactly the year's.
    """
    begins = _first_day(plan, service)
    first, last = leave_year(plan, service, begins)
    ends = min(until, service.to_on or until)
    while first <= ends:
        before = 0
        for start, end in _periods(plan, first, last):
            so_far = entitlement(plan, service, first, last, through=end)
            usable_from = max(start, _first_earning_day(plan, service, start, end) or start)
            if so_far != before and usable_from <= ends:
                yield Due(start.isoformat(), usable_from, last, so_far - before)
                before = so_far
        first, last = leave_year(plan, service, last + ONE)


def entitlement(plan: Plan, service: Service, first: date, last: date, *, through: date | None = None) -> int:
    """Return what is due for a leave year, or for its days through one of them, rounded as the plan says."""
    through = min(through or last, last)
    periods = _periods(plan, first, last)
    if plan.is_prorated:
        parts = [
            Fraction(days * rate, (end - start).days + 1)
            for start, end in periods
            for days, rate in _stretches(plan, service, start, min(end, through))
        ]
        return _rounded(sum(parts, Fraction()) / len(periods), plan)
    earning = _first_earning_day(plan, service, first, last)
    if earning is None or earning > through:
        return 0
    begun = [start for start, end in periods if start <= through and _first_earning_day(plan, service, start, end)]
    return _rounded(Fraction(_rate(plan, service, earning) * len(begun), len(periods)), plan)


def _periods(plan: Plan, first: date, last: date) -> Sequence[tuple[date, date]]:
    if plan.grants == "yearly":
        return [(first, last)]
    starts = [add_months(first, month) for month in range(13)]
    return [(start, following - ONE) for start, following in pairwise(starts)]


def _stretches(plan: Plan, service: Service, first: date, last: date) -> Iterator[tuple[int, int]]:
    """Yield days and yearly minutes of each stretch of a span in which one step holds."""
    start, end = max(first, _first_day(plan, service)), min(last, service.to_on or last)
    if start > end:
        return
    since = service.worked_since or service.from_on
    changes = {add_months(since, step.after_months) for step in plan.steps}
    edges = [start, *sorted(day for day in changes if start < day <= end), end + ONE]
    for begin, following in pairwise(edges):
        yield (following - begin).days, _rate(plan, service, begin)


def _first_day(plan: Plan, service: Service) -> date:
    """Return the first day that can earn anything."""
    return max(add_months(service.from_on, plan.start_after_months), plan.from_on)


def _first_earning_day(plan: Plan, service: Service, first: date, last: date) -> date | None:
    """Return the first day of a span that earns something."""
    at = max(first, _first_day(plan, service))
    for days, rate in _stretches(plan, service, first, last):
        if rate:
            return at
        at += timedelta(days=days)
    return None


def _rate(plan: Plan, service: Service, day: date) -> int:
    """Return what a year is worth to somebody on a day, in minutes."""
    since = service.worked_since or service.from_on
    reached = [step for step in plan.steps if add_months(since, step.after_months) <= day]
    return max(reached, key=lambda step: step.after_months).minutes if reached else 0


def _rounded(minutes: Fraction, plan: Plan) -> int:
    """Return an amount in whole steps of `round_to`."""
    steps = minutes / plan.round_to
    whole = {"down": floor(steps), "up": ceil(steps), "nearest": floor(steps + Fraction(1, 2))}
    return whole[plan.rounds] * plan.round_to


# The ledger -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lot:
    """Leave given at once, and what is left of it; usable from `from_on` through `expires_on` (None: without end)."""

    id: UUID
    left: int
    from_on: date
    expires_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether leave of a day may be taken from it."""
        return self.from_on <= day and (self.expires_on is None or day <= self.expires_on)


def draws(lots: Iterable[Lot], wanted: Mapping[date, int]) -> list[tuple[date, UUID | None, int]]:
    """Return from which lots the leave of each day is taken: what lapses first goes first.

    What no lot covers is owed: it is taken from none.
    """
    in_order = sorted(lots, key=lambda lot: (lot.expires_on or date.max, lot.from_on, lot.id))
    left = [lot.left for lot in in_order]
    taken: list[tuple[date, UUID | None, int]] = []
    for day in sorted(wanted):
        missing = wanted[day]
        for place, lot in enumerate(in_order):
            part = min(missing, left[place]) if lot.holds_on(day) else 0
            if part > 0:
                taken.append((day, lot.id, part))
                left[place] -= part
                missing -= part
        if missing > 0:
            taken.append((day, None, missing))
    return taken


def settling(lots: Iterable[Lot], owed: Mapping[date, int]) -> list[tuple[date, UUID, int]]:
    """Return what of each lot goes to what is owed for which day, oldest first.

    What comes later pays for earlier days too; what lapsed before a day pays nothing for it.
    """
    left = {lot.id: max(lot.left, 0) for lot in lots}
    in_order = sorted(lots, key=lambda lot: (lot.from_on, lot.expires_on or date.max, lot.id))
    parts = []
    for day in sorted(owed):
        missing = max(owed[day], 0)
        for lot in in_order:
            part = min(missing, left[lot.id]) if lot.expires_on is None or day <= lot.expires_on else 0
            if part:
                parts.append((day, lot.id, part))
                left[lot.id] -= part
                missing -= part
    return parts


def rollover(lots: Iterable[Lot], carry_most: int | None) -> list[tuple[UUID, int, int]]:
    """Return of each lot of an ended year what is carried over and what lapses; what came last is carried first."""
    room = carry_most
    parts = []
    for lot in sorted(lots, key=lambda lot: (lot.from_on, lot.id), reverse=True):
        if lot.left > 0:
            carried = lot.left if room is None else min(lot.left, room)
            room = None if room is None else room - carried
            parts.append((lot.id, carried, lot.left - carried))
    return parts


def lasting(lots: Iterable[Lot], granted: Collection[UUID], plan: Plan | None) -> list[Lot]:
    """Return the lots as they will last: what is carried over from a year counts on as long as it may then be taken.

    `granted` are the lots that carry over; a lot of which a part lapses with the year becomes two of one id.
    """
    by_end: dict[date | None, list[Lot]] = defaultdict(list)
    for lot in lots:
        by_end[lot.expires_on if lot.id in granted and plan else None].append(lot)
    found = by_end.pop(None, [])
    for end, together in by_end.items():
        assert end is not None  # noqa: S101 - those were taken out
        assert plan is not None  # noqa: S101
        until = None if plan.carry_months is None else add_months(end + ONE, plan.carry_months) - ONE
        begins = {lot.id: lot.from_on for lot in together}
        for lot_id, carried, lost in rollover(together, plan.carry_most):
            found += [Lot(lot_id, part, begins[lot_id], last) for part, last in ((lost, end), (carried, until)) if part]
    return found


# Requests -------------------------------------------------------------------------------------------------------------

Part = Literal["day", "first", "second", "hours"]
Spans = Sequence[tuple[int, int]]
"""Planned work of a date from start to end, in seconds since 1970, ascending."""


def halves(spans: Spans) -> tuple[Spans, Spans]:
    """Return a day's planned work before and after its longest break; without a break, in two equal halves.

    >>> halves([(0, 100), (150, 400)])
    ([(0, 100)], [(150, 400)])
    >>> halves([(0, 100)])
    ([(0, 50)], [(50, 100)])
    """
    if len(spans) > 1:
        breaks = [after[0] - before[1] for before, after in pairwise(spans)]
        cut = breaks.index(max(breaks)) + 1
        return list(spans[:cut]), list(spans[cut:])
    if not spans:
        return [], []
    start, end = spans[0]
    middle = (start + end) // 2
    return [(start, middle)], [(middle, end)]


def seconds_within(spans: Spans, start: int, end: int) -> int:
    """Return how much planned work lies between two moments."""
    return sum(max(min(end, closes) - max(start, opens), 0) for opens, closes in spans)


def day_share(spans: Spans, start: int, end: int) -> int:
    """Return which share of a day, in minutes of `DAY`, the planned work between two moments is; rounded to minutes.

    >>> day_share([(0, 27000)], 0, 13500)
    240
    """
    planned = sum(closes - opens for opens, closes in spans)
    return (seconds_within(spans, start, end) * DAY * 2 + planned) // (planned * 2) if planned else 0
