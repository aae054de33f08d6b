"""The rules for the overtime of months, years and periods of comprehensive hours."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from zhiren.rostering.law.classes import IN_REST_DAY, IN_WORKDAY, MONTHS, Share, bounds, minutes_by_date
from zhiren.rostering.law.days import Row, is_sunday
from zhiren.rostering.law.findings import Code, Finding, Severity, Unit, grouped, too_much
from zhiren.rostering.law.terms import Law, Period, Term


def _month(row: Row) -> int:
    return row.day.on.year * 12 + row.day.on.month - 1


def overtime_of_months(worked: Sequence[Row], shares: Sequence[Share], law: Law) -> Iterator[Finding]:
    """Months and years of too much overtime."""
    for members, terms, by_day in _counted(worked, shares, _month):
        if term := terms.get("overtime_month"):
            yield from too_much(Code.OVERTIME_MONTH, term, _parts_of(members, by_day), Period.MONTH)
    for members, terms, by_day in _counted(worked, shares, lambda row: law.year_of(row.day.on)):
        if term := terms.get("overtime_year"):
            yield from too_much(Code.OVERTIME_YEAR, term, _parts_of(members, by_day), Period.YEAR)
        yield from _months_over(members, terms, by_day)


def _counted(
    worked: Sequence[Row], shares: Sequence[Share], key: Callable[[Row], int]
) -> Iterator[tuple[list[Row], Mapping[str, Term], dict[date, int]]]:
    """Yield each period's days with the law of its last one, and the overtime that this law counts, by date."""
    counted: dict[tuple[str, ...], dict[date, int]] = {}
    for members in grouped(worked, key).values():
        terms = members[-1].terms
        kinds = terms["overtime_counts"].value if "overtime_counts" in terms else ()
        if kinds not in counted:
            counted[kinds] = minutes_by_date(shares, kinds)
        yield members, terms, counted[kinds]


def _parts_of(members: Sequence[Row], by_day: Mapping[date, int]) -> list[tuple[Row, int]]:
    return [(row, by_day[row.day.on]) for row in members if row.day.on in by_day]


def _months_over(members: Sequence[Row], terms: Mapping[str, Term], by_day: Mapping[date, int]) -> Iterator[Finding]:
    """A year with more months of much overtime than may have it."""
    most, over = terms.get("months_over"), terms.get("months_over_hours")
    if not most or not over:
        return
    passed = []
    for month in grouped(members, _month).values():
        parts = _parts_of(month, by_day)
        if sum(minutes for _row, minutes in parts) > over.value:
            passed.append(parts)
    if len(passed) > most.value:
        done = sum(sum(minutes * row.is_done for row, minutes in parts) > over.value for parts in passed)
        yield Finding(
            code=Code.MONTHS_OVER,
            severity=Severity.BREACH if done > most.value else Severity.SOON,
            reached=len(passed),
            limit=most.value,
            unit=Unit.MONTH,
            period=Period.YEAR,
            days=tuple(row.day.on for parts in passed for row, _minutes in parts),
            source=most.source,
        )


def totals_of_months(worked: Sequence[Row], shares: Sequence[Share], _law: Law) -> Iterator[Finding]:
    """Overtime and rest days together: a month must stay below a limit, several months within one on the average."""
    if not any("total_month_below" in row.terms or "total_average" in row.terms for row in worked):
        return
    by_day = minutes_by_date(shares, (IN_WORKDAY, IN_REST_DAY))
    months = {month: _parts_of(members, by_day) for month, members in grouped(worked, _month).items()}
    for month, members in grouped(worked, _month).items():
        terms = members[-1].terms
        if below := terms.get("total_month_below"):
            yield from too_much(Code.TOTAL_MONTH_BELOW, below, months[month], Period.MONTH, limit=below.value - 1)
        if (term := terms.get("total_average")) and "total_average_months" in terms:
            yield from _average_of_months(term, months, month, terms["total_average_months"].value)


def _average_of_months(
    term: Term, months: Mapping[int, list[tuple[Row, int]]], month: int, longest: int
) -> Iterator[Finding]:
    """Yield the worst of the averages of two months and more that end with a month."""
    found: list[Finding] = []
    for length in range(2, longest + 1):
        parts = [part for each in range(month - length + 1, month + 1) for part in months.get(each, ())]
        found += too_much(Code.TOTAL_AVERAGE, term, parts, Period.MONTH, limit=term.value * length, length=length)
    averages = [replace(finding, reached=-(-finding.reached // finding.length), limit=term.value) for finding in found]
    if averages:
        yield max(averages, key=lambda finding: finding.reached)


def free_sundays(worked: Sequence[Row], _shares: Sequence[Share], _law: Law) -> Iterator[Finding]:
    """A calendar year of which too few Sundays are left."""
    if not any("free_sundays" in row.terms for row in worked):
        return
    sundays = [row for row in worked if is_sunday(row.ordinal)]
    for year, members in grouped(sundays, lambda row: row.day.on.year).items():
        term = members[-1].terms.get("free_sundays")
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        free = last // 7 - (first - 1) // 7 - len(members)
        if term and free < term.value:
            done = sum(1 for row in members if row.done)
            yield Finding(
                code=Code.FREE_SUNDAYS,
                severity=Severity.BREACH if free + len(members) - done < term.value else Severity.SOON,
                reached=free,
                limit=term.value,
                unit=Unit.DAY,
                period=Period.YEAR,
                days=tuple(row.day.on for row in members),
                source=term.source,
            )


def overtime_of_periods(worked: Sequence[Row], shares: Sequence[Share], law: Law) -> Iterator[Finding]:
    """Comprehensive hours: the limit of the month, times the months of the period."""
    by_day = minutes_by_date(shares, (IN_WORKDAY,))
    key = _month if law.period == Period.WEEK else lambda row: bounds(row.day.on, law)[0].toordinal()
    for members in grouped(worked, key).values():
        if term := members[-1].terms.get("overtime_month"):
            length = MONTHS.get(law.period, 1)
            parts = _parts_of(members, by_day)
            yield from too_much(
                Code.OVERTIME_MONTH, term, parts, Period.MONTH, limit=term.value * length, length=length
            )
