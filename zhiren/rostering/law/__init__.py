"""Working-time law: what it allows of a plan or of what was worked, and which of it is overtime. Pure.

Numbers, with their sources, are data by country and date (`parameters/`); nothing here knows a country. `Law` is the
law for one person, `Day` a date of theirs; `check` says what is not allowed, `overtime` divides hours into classes.
"""

from zhiren.rostering.law.checking import check
from zhiren.rostering.law.classes import Share, overtime, period_of, totals
from zhiren.rostering.law.days import HOLIDAY, REST_DAY, WORKDAY, Day, Span, night_minutes
from zhiren.rostering.law.findings import Code, Finding, Severity, Unit
from zhiren.rostering.law.terms import (
    PRESETS,
    Law,
    Period,
    Regime,
    Term,
    agreements,
    comprehensive_periods,
    countries,
    country_of,
)

__all__ = [
    "HOLIDAY",
    "PRESETS",
    "REST_DAY",
    "WORKDAY",
    "Code",
    "Day",
    "Finding",
    "Law",
    "Period",
    "Regime",
    "Severity",
    "Share",
    "Span",
    "Term",
    "Unit",
    "agreements",
    "check",
    "comprehensive_periods",
    "countries",
    "country_of",
    "night_minutes",
    "overtime",
    "period_of",
    "totals",
]
