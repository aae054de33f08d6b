"""Overtime by class, as the law in force on each day divides and prices it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zhiren.rostering.law.days import HOLIDAY, REST_DAY, WORKDAY, Day, Row, night_minutes, read
from zhiren.rostering.law.terms import Law, Period, Regime, Step

IN_WORKDAY, IN_REST_DAY, IN_HOLIDAY = "workday", "rest_day", "holiday"
ON_SEVENTH_DAY, AT_NIGHT = "seventh_day", "night"

_ALWAYS = 1 << 62


@dataclass(frozen=True, slots=True)
class Share:
    """Minutes of one date in one class, and the percentage of a normal hour's wage that is due for them.

    Those of the class `night` are counted in another class, or as normal hours, too: theirs is due on top.
    """

    on: date
    kind: str
    percent: int
    minutes: int


def overtime(days: Sequence[Day], *, law: Law) -> list[Share]:
    """Return the overtime of days, by date. Hours at the normal rate are in no share.

    Weeks, months and periods are counted from what is given: begin with the first day of a week and of a month. A
    period of comprehensive hours is reckoned once every date of it is given, worked or not.
    """
    return shares_of(read(days, law=law, at=_ALWAYS), law)


def totals(shares: Iterable[Share]) -> dict[tuple[str, int], int]:
    """Return the minutes by class and percentage."""
    found: Counter[tuple[str, int]] = Counter()
    for share in shares:
        found[share.kind, share.percent] += share.minutes
    return dict(found)


def minutes_by_date(shares: Iterable[Share], kinds: Sequence[str]) -> dict[date, int]:
    """Return the minutes in some classes by date."""
    found: dict[date, int] = {}
    for share in shares:
        if share.kind in kinds:
            found[share.on] = found.get(share.on, 0) + share.minutes
    return found


def shares_of(rows: Sequence[Row], law: Law) -> list[Share]:
    """Return the overtime of days that were read."""
    if law.regime == Regime.STANDARD:
        shares = _standard(rows, law)
    elif law.regime == Regime.COMPREHENSIVE:
        shares = _comprehensive(rows, law)
    else:
        shares = []
    for row in rows:
        premium = row.terms.get("night_premium")
        if premium and (minutes := night_minutes(row)):
            shares.append(Share(row.day.on, AT_NIGHT, premium.value, minutes))
    return sorted(shares, key=_by_date)


def _by_date(share: Share) -> date:
    return share.on


def _standard(rows: Sequence[Row], law: Law) -> list[Share]:
    shares: list[Share] = []
    week = month = None
    straight = worked_days = month_total = 0
    for row in rows:
        if (this_week := law.week_of(row.ordinal)) != week:
            week, straight, worked_days = this_week, 0, 0
        if (this_month := (row.day.on.year, row.day.on.month)) != month:
            month, month_total = this_month, 0
        if not row.minutes:
            continue
        worked_days += 1
        parts, normal = _of_day(row, is_seventh=worked_days == 7)
        if weekly := row.terms.get("week_steps"):
            parts += _parts(straight, straight + normal, weekly.value, IN_WORKDAY)
        straight += normal
        for kind, percent, minutes in parts:
            if kind == IN_WORKDAY and (monthly := row.terms.get("month_steps")):
                beyond = list(_parts(month_total, month_total + minutes, monthly.value, kind))
                month_total += minutes
                shares += [Share(row.day.on, kind, max(percent, more), part) for _kind, more, part in beyond]
                minutes -= sum(part for _kind, _more, part in beyond)
            if minutes:
                shares.append(Share(row.day.on, kind, percent, minutes))
    return shares


Part = tuple[str, int, int]
"""A class, its percentage, and minutes."""


def _of_day(row: Row, *, is_seventh: bool) -> tuple[list[Part], int]:
    """Return what a day by itself makes overtime, and how much of it is at the normal rate."""
    terms, minutes = row.terms, row.minutes
    for applies, name, kind in (
        (row.day.kind == HOLIDAY, "holiday_steps", IN_HOLIDAY),
        (row.day.kind == REST_DAY, "rest_day_steps", IN_REST_DAY),
        (is_seventh, "seventh_day_steps", ON_SEVENTH_DAY),
    ):
        if applies and name in terms:
            return list(_parts(0, minutes, terms[name].value, kind)), 0
    parts = list(_parts(0, minutes, terms["day_steps"].value, IN_WORKDAY)) if "day_steps" in terms else []
    return parts, minutes - sum(part for _kind, _percent, part in parts)


def _parts(before: int, after: int, steps: Sequence[Step], kind: str) -> Iterator[Part]:
    """Divide the minutes between two totals by the steps they lie in; below the first step there is no part."""
    for index, step in enumerate(steps):
        ceiling = steps[index + 1].over if index + 1 < len(steps) else _ALWAYS
        minutes = min(after, ceiling) - max(before, step.over)
        if minutes > 0:
            yield step.counts_as or kind, step.percent, minutes


# Comprehensive hours --------------------------------------------------------------------------------------------------


def _comprehensive(rows: Sequence[Row], law: Law) -> list[Share]:
    """Return the work of holidays, and of a whole period what goes beyond the normal hours of its workdays."""
    shares: list[Share] = []
    periods: dict[date, list[Row]] = {}
    for row in rows:
        periods.setdefault(bounds(row.day.on, law)[0], []).append(row)
    for members in periods.values():
        first, last = bounds(members[0].day.on, law)
        terms = members[-1].terms
        is_whole = len(members) == last.toordinal() - first.toordinal() + 1
        standard = sum(row.terms["normal_day"].value for row in members if row.day.kind == WORKDAY and row.terms)
        total = 0
        for row in members:
            if row.day.kind == HOLIDAY and "holiday_steps" in terms:
                parts = _parts(0, row.minutes, terms["holiday_steps"].value, IN_HOLIDAY)
            elif is_whole and "day_steps" in terms:
                step = Step(standard, terms["day_steps"].value[0].percent)
                parts = _parts(total, total + row.minutes, (step,), IN_WORKDAY)
                total += row.minutes
            else:
                continue
            shares += [Share(row.day.on, kind, percent, minutes) for kind, percent, minutes in parts]
    return shares


def bounds(day: date, law: Law) -> tuple[date, date]:
    """Return the first and the last date of the period of comprehensive hours that a date lies in."""
    return period_of(day, law.period, week_starts=law.week_starts, year_starts=law.year_starts)


def period_of(day: date, period: Period, *, week_starts: int = 1, year_starts: int = 1) -> tuple[date, date]:
    """Return the first and the last date of the week, month, quarter or year that a date lies in.

    >>> period_of(date(2026, 11, 30), Period.QUARTER)
    (datetime.date(2026, 10, 1), datetime.date(2026, 12, 31))
    """
    match period:
        case Period.WEEK:
            first = day - timedelta(days=(day.isoweekday() - week_starts) % 7)
            return first, first + timedelta(days=6)
        case Period.QUARTER:
            first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case Period.YEAR:
            first = date(day.year if day.month >= year_starts else day.year - 1, year_starts, 1)
        case _:
            first = day.replace(day=1)
    return first, months_after(first, MONTHS.get(period, 1)) - timedelta(days=1)


MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


def months_after(first: date, months: int) -> date:
    """Return the first of the month so many months after a first of a month."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)
