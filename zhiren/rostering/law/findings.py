"""What a check finds, and how the minutes of several days become a finding."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhiren.rostering.law.classes import Share
from zhiren.rostering.law.days import Row
from zhiren.rostering.law.terms import Law, Period, Term


class Severity(StrEnum):
    """Whether a limit is passed, or would be by what is still to come."""

    BREACH = "breach"
    SOON = "soon"


class Unit(StrEnum):
    """What `reached` and `limit` of a finding count."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


class Code(StrEnum):
    """Which limit is not kept."""

    APPROVAL = "approval"
    LONGEST_DAY = "longest_day"
    NIGHT_LONGEST_DAY = "night_longest_day"
    OVERTIME_DAY = "overtime_day"
    BREAK = "break"
    FIRST_BREAK_BY = "first_break_by"
    LONGEST_STRETCH = "longest_stretch"
    SUNDAY_BAN = "sunday_ban"
    HOLIDAY_BAN = "holiday_ban"
    DAILY_REST = "daily_rest"
    LONGEST_WEEK = "longest_week"
    REST_DAYS = "rest_days"
    WEEKLY_REST = "weekly_rest"
    CONSECUTIVE_DAYS = "consecutive_days"
    SUBSTITUTE_DAY = "substitute_day"
    AVERAGE_WEEK = "average_week"
    AVERAGE_WORKDAY = "average_workday"
    NIGHT_AVERAGE_WORKDAY = "night_average_workday"
    NIGHT_AVERAGE_DAY = "night_average_day"
    OVERTIME_MONTH = "overtime_month"
    OVERTIME_YEAR = "overtime_year"
    MONTHS_OVER = "months_over"
    TOTAL_MONTH_BELOW = "total_month_below"
    TOTAL_AVERAGE = "total_average"
    FREE_SUNDAYS = "free_sundays"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One limit that is not kept: how much there is, how much there may or must be, over which period, on which dates.

    The period is `length` times `period`. Averages are rounded away from their limit; `zhiren.rostering.words` says it.
    """

    code: Code
    severity: Severity
    reached: int
    limit: int
    unit: Unit
    period: Period
    length: int = 1
    days: tuple[date, ...]
    source: str


Rule = Callable[[Sequence[Row], Sequence[Share], Law], Iterable[Finding]]
"""What is asked of the days that were worked, or of all, with their overtime."""


def too_much(
    code: Code,
    term: Term,
    parts: Sequence[tuple[Row, int]],
    period: Period,
    *,
    limit: int | None = None,
    length: int = 1,
) -> Iterator[Finding]:
    """Yield the finding where the minutes of days together pass the limit: what is done of them is a fact."""
    limit = term.value if limit is None else limit
    total = sum(minutes for _row, minutes in parts)
    if total > limit:
        done = sum(row.done if minutes == row.minutes else minutes * row.is_done for row, minutes in parts)
        yield Finding(
            code=code,
            severity=Severity.BREACH if done > limit else Severity.SOON,
            reached=total,
            limit=limit,
            unit=Unit.MINUTE,
            period=period,
            length=length,
            days=tuple(row.day.on for row, minutes in parts if minutes),
            source=term.source,
        )


def grouped(rows: Iterable[Row], key: Callable[[Row], int]) -> dict[int, list[Row]]:
    """Return the rows by key, in the order they come in."""
    groups: dict[int, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups
