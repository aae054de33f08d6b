"""Past attendance as a page shows it: each rate with the counts it comes from."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhiren.people.models import PastAttendance

_DAYS_OF_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Line:
    """One figure: what it is, how much, and of how many."""

    label: Any
    value: str
    of: str


@dataclass(frozen=True)
class Shown:
    """Attendance at one employer."""

    row: PastAttendance
    employer: str
    months: str
    by: str
    lines: list[Line]


def shown(row: PastAttendance, employer: str, by: str) -> Shown:
    """Return what is known in words; what was not measured is left out."""
    months = months_of(row)
    lines = [
        Line(
            gettext_lazy("Late"), _percent(row.late, row.workdays),
            _("%(n)s of %(of)s days") % {"n": row.late, "of": row.workdays},
        ),
        Line(
            pgettext_lazy("past attendance", "Leave"),
            _("%(n)s a month") % {"n": number_format(row.leaves / months, 1)},
            _("%(n)s leaves, %(days)s days") % {"n": row.leaves, "days": row.leave_days},
        ),
        Line(
            gettext_lazy("Longest full attendance"), _("%(n)s days") % {"n": row.longest_streak},
            _("of %(of)s days") % {"of": row.workdays},
        ),
    ]  # fmt: skip
    if row.measured:
        told = _("%(n)s of %(of)s days") % {"n": row.steady, "of": row.measured}
        lines.append(Line(gettext_lazy("Steady hours"), _percent(row.steady, row.measured), told))
    return Shown(row, employer, str(number_format(months, 1)), by, lines)


def months_of(row: PastAttendance) -> float:
    """Return how many months the period is long."""
    return ((row.to_on - row.from_on).days + 1) / _DAYS_OF_A_MONTH


def _percent(part: int, whole: int) -> str:
    return f"{number_format(100 * part / whole, 1)} %"
