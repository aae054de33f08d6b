"""Hours of a period in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiren.attendance import words
from zhiren.attendance.comprehensive import Hours

_OF: Mapping[str, Any] = {
    "week": gettext_lazy("%(worked)s of %(standard)s standard hours of the week"),
    "month": gettext_lazy("%(worked)s of %(standard)s standard hours of the month"),
    "quarter": gettext_lazy("%(worked)s of %(standard)s standard hours of the quarter"),
    "year": gettext_lazy("%(worked)s of %(standard)s standard hours of the year"),
}


@dataclass(frozen=True)
class ShownHours:
    """What a period came to so far, as a page shows it; `over` is empty where nothing is."""

    sentence: str
    first: date
    ends: date
    standard: str
    worked: str
    over: str
    percent: int


def shown(hours: Hours) -> ShownHours:
    """Return the hours of a period in words."""
    over = words.span(hours.excess) if hours.excess else ""
    parts = [str(_OF[hours.period]) % {"worked": words.span(hours.worked), "standard": words.span(hours.standard)}]
    if over:
        parts.append(_("%(hours)s over") % {"hours": over})
    return ShownHours(
        sentence=" · ".join(parts),
        first=hours.first,
        ends=hours.ends,
        standard=words.span(hours.standard),
        worked=words.span(hours.worked),
        over=over,
        percent=min(100, 100 * hours.worked // hours.standard) if hours.standard else 0,
    )


def for_table(hours: Hours | None) -> str:
    """Return the hours of a period for a cell of a table: worked of standard, and what is over; empty without any."""
    if hours is None:
        return ""
    text = f"{words.hours(hours.worked)} / {words.hours(hours.standard)}"
    return f"{text} (+{words.hours(hours.excess)})" if hours.excess else text
