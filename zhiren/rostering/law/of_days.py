"""The rules for one day and for the rest between two."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from zhiren.rostering.law.classes import IN_WORKDAY, Share, minutes_by_date
from zhiren.rostering.law.days import HOLIDAY, Row, Span, instant, is_sunday, night_minutes
from zhiren.rostering.law.findings import Code, Finding, Severity, Unit
from zhiren.rostering.law.terms import Law, Period, Term


def _of_one_day(
    code: Code, row: Row, reached: int, term: Term, *, limit: int | None = None, passed: bool = False
) -> Finding:
    return Finding(
        code=code,
        severity=Severity.BREACH if passed or row.is_done else Severity.SOON,
        reached=reached,
        limit=term.value if limit is None else limit,
        unit=Unit.MINUTE,
        period=Period.DAY,
        days=(row.day.on,),
        source=term.source,
    )


def long_days(worked: Sequence[Row], _shares: Sequence[Share], _law: Law) -> Iterator[Finding]:
    """Days, and days with night work, of too many hours."""
    for row in worked:
        term = row.terms.get("longest_day")
        if term and row.minutes > term.value:
            yield _of_one_day(Code.LONGEST_DAY, row, row.minutes, term, passed=row.done > term.value)
        term = row.terms.get("night_longest_day")
        if term and row.minutes > term.value and _is_night_work(row):
            yield _of_one_day(Code.NIGHT_LONGEST_DAY, row, row.minutes, term)


def _is_night_work(row: Row) -> bool:
    least, over = row.terms.get("night_least"), row.terms.get("night_over")
    return night_minutes(row) >= max(least.value if least else 1, over.value + 1 if over else 1)


def overtime_days(worked: Sequence[Row], shares: Sequence[Share], _law: Law) -> Iterator[Finding]:
    """Days of too much overtime."""
    if not any("overtime_day" in row.terms for row in worked):
        return
    by_date = minutes_by_date(shares, (IN_WORKDAY,))
    for row in worked:
        term, reached = row.terms.get("overtime_day"), by_date.get(row.day.on, 0)
        if term and reached > term.value:
            yield _of_one_day(Code.OVERTIME_DAY, row, reached, term)


def breaks(worked: Sequence[Row], _shares: Sequence[Share], _law: Law) -> Iterator[Finding]:
    """Days with too little of breaks, or with a break too late."""
    for row in worked:
        terms = row.terms
        longest, breaks, first_by = terms.get("longest_stretch"), terms.get("breaks"), terms.get("first_break_by")
        if not longest and not breaks:
            continue
        smallest = terms["break_smallest"].value if "break_smallest" in terms else 1
        stretches, rested = _stretches(row.day.work, smallest * 60)
        needed = max((minutes for over, minutes in breaks.value if row.minutes > over), default=0) if breaks else 0
        if breaks and rested < needed:
            yield _of_one_day(Code.BREAK, row, rested, breaks, limit=needed)
        elif first_by and needed and stretches[0] > first_by.value:
            yield _of_one_day(Code.FIRST_BREAK_BY, row, stretches[0], first_by)
        if longest and max(stretches) > longest.value:
            yield _of_one_day(Code.LONGEST_STRETCH, row, max(stretches), longest)


def _stretches(work: Sequence[Span], smallest: int) -> tuple[list[int], int]:
    """Return the minutes between breaks, and of breaks; an interruption shorter than `smallest` seconds is work on."""
    begun = work[0][0]
    stretches, rested = [], 0
    for (_start, end), (start, _end) in pairwise(work):
        if start - end >= smallest:
            stretches.append((end - begun) // 60)
            rested += start - end
            begun = start
    stretches.append((work[-1][1] - begun) // 60)
    return stretches, rested // 60


def forbidden_days(rows: Sequence[Row], _shares: Sequence[Share], _law: Law) -> Iterator[Finding]:
    """Work that touches a Sunday or a public holiday, midnight to midnight, where that is forbidden."""
    if not any("sunday_ban" in row.terms or "holiday_ban" in row.terms for row in rows):
        return
    holidays = {row.ordinal for row in rows if row.day.kind == HOLIDAY}
    for row in rows:
        if not row.minutes:
            continue
        sunday, holiday = row.terms.get("sunday_ban"), row.terms.get("holiday_ban")
        touched = [row.ordinal]
        if row.last > instant(row.day.zone, row.ordinal + 1, 0):
            touched.append(row.ordinal + 1)
        for ordinal in touched:
            if holiday and ordinal in holidays:
                yield _of_one_day(Code.HOLIDAY_BAN, row, row.minutes, holiday, limit=0, passed=row.done > 0)
            elif sunday and is_sunday(ordinal):
                yield _of_one_day(Code.SUNDAY_BAN, row, row.minutes, sunday, limit=0, passed=row.done > 0)


def daily_rest(worked: Sequence[Row], _shares: Sequence[Share], _law: Law) -> Iterator[Finding]:
    """Too little rest between the work of two dates."""
    for before, after in pairwise(worked):
        term = after.terms.get("daily_rest")
        if term and (rest := (after.first - before.last) // 60) < term.value:
            yield Finding(
                code=Code.DAILY_REST,
                severity=Severity.BREACH if after.done else Severity.SOON,
                reached=rest,
                limit=term.value,
                unit=Unit.MINUTE,
                period=Period.DAY,
                days=(before.day.on, after.day.on),
                source=term.source,
            )
