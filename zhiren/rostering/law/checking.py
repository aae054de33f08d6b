"""The check: every rule over the days of one person."""

from collections.abc import Iterator, Sequence
from datetime import date

from zhiren.rostering.law import of_days, of_months, of_weeks
from zhiren.rostering.law.classes import shares_of
from zhiren.rostering.law.days import Day, Row, read
from zhiren.rostering.law.findings import Code, Finding, Rule, Severity, Unit
from zhiren.rostering.law.terms import APPROVED, Law, Regime

_ALWAYS: tuple[Rule, ...] = (of_days.long_days, of_days.breaks, of_days.daily_rest, of_weeks.days_in_a_row)
_OF_ALL_DATES: tuple[Rule, ...] = (of_days.forbidden_days, of_weeks.substitute_days, of_weeks.averages)
_STANDARD: tuple[Rule, ...] = (
    of_days.overtime_days,
    of_weeks.long_weeks,
    of_months.overtime_of_months,
    of_months.totals_of_months,
    of_months.free_sundays,
)


def check(days: Sequence[Day], *, law: Law, at: int) -> list[Finding]:
    """Return what is not allowed, by date. Work that ends after `at` (UTC seconds) is a plan, all before is a fact.

    Each day is judged by the law in force on it, a week, a month or a longer period by that of its last day. Give every
    date, worked or not: a date that is missing counts as free in sums and averages, and what asks for rest in a week
    says nothing about a week that is not there whole. Longest look back: the year, for limits of the year, else the
    period of an average.
    """
    rows = read(days, law=law, at=at)
    findings = list(_unapproved(rows, law))
    if rows and law.regime not in {Regime.IRREGULAR, Regime.EXEMPT}:
        shares = shares_of(rows, law)
        worked = [row for row in rows if row.minutes]
        is_standard = law.regime == Regime.STANDARD
        for rule in (*_ALWAYS, *(_STANDARD if is_standard else (of_months.overtime_of_periods,))):
            findings += rule(worked, shares, law)
        for rule in (*_OF_ALL_DATES, *((of_weeks.rest_of_weeks,) if is_standard else ())):
            findings += rule(rows, shares, law)
    return sorted(findings, key=_by_dates)


def _by_dates(finding: Finding) -> tuple[date, ...]:
    return finding.days


def _unapproved(rows: Sequence[Row], law: Law) -> Iterator[Finding]:
    """Hours that are reckoned in a way that needs a permit which nobody has."""
    term = rows[-1].terms.get("needs_approval") if rows else None
    if term and law.regime in term.value and APPROVED not in law.agreed:
        dates = (rows[0].day.on, rows[-1].day.on)
        yield Finding(
            code=Code.APPROVAL,
            severity=Severity.BREACH if any(row.done for row in rows) else Severity.SOON,
            reached=0,
            limit=0,
            unit=Unit.DAY,
            period=law.period,
            days=dates,
            source=term.source,
        )
