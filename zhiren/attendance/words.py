"""Days, flags and punches in the reader's words."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from zhiren.attendance import rules
from zhiren.attendance.models import DayRecord, MonthRecord

# What a day looks like at a glance, the gravest first: its code, which flags make it so, its name.
LOOKS: tuple[tuple[str, int, Any], ...] = (
    ("absent", rules.ABSENT | rules.LATE_ABSENT | rules.EARLY_ABSENT, pgettext_lazy("day", "Absent")),
    ("missing", rules.MISSING_IN | rules.MISSING_OUT, gettext_lazy("Punch missing")),
    ("late", rules.LATE | rules.SERIOUSLY_LATE, gettext_lazy("Late")),
    ("early", rules.EARLY, gettext_lazy("Left early")),
    ("leave", rules.LEAVE, gettext_lazy("On leave")),
    ("duty", rules.DUTY, gettext_lazy("Away on duty")),
)
FLAGS: tuple[tuple[int, Any], ...] = (
    (rules.LATE, gettext_lazy("Late")),
    (rules.SERIOUSLY_LATE, gettext_lazy("Seriously late")),
    (rules.LATE_ABSENT, gettext_lazy("So late that it counts as absence")),
    (rules.EARLY, gettext_lazy("Left early")),
    (rules.EARLY_ABSENT, gettext_lazy("Left so early that it counts as absence")),
    (rules.MISSING_IN, gettext_lazy("No punch in")),
    (rules.MISSING_OUT, gettext_lazy("No punch out")),
    (rules.ABSENT, pgettext_lazy("day", "Absent")),
    (rules.LEAVE, gettext_lazy("On leave")),
    (rules.DUTY, gettext_lazy("Away on duty")),
    (rules.OVERTIME, gettext_lazy("Overtime")),
    (rules.AWAY, gettext_lazy("Went out in between")),
    (rules.SHORT, gettext_lazy("Fewer hours than due")),
    (rules.UNPLANNED, gettext_lazy("Came on a day off")),
)
TOTALS: dict[str, Any] = {
    "planned": pgettext_lazy("minutes of a day", "Planned"),
    "worked": pgettext_lazy("minutes of a day", "Worked"),
    "late": gettext_lazy("Late"),
    "early": gettext_lazy("Left early"),
    "absent": pgettext_lazy("day", "Absent"),
    "away": gettext_lazy("Went out in between"),
    "short": gettext_lazy("Fewer hours than due"),
    "leave_paid": gettext_lazy("Paid leave"),
    "leave_unpaid": gettext_lazy("Unpaid leave"),
    "duty": gettext_lazy("Away on duty"),
    "extra": gettext_lazy("Beyond the plan"),
    "ot_work": gettext_lazy("Overtime on workdays"),
    "ot_rest": gettext_lazy("Overtime on rest days"),
    "ot_holiday": gettext_lazy("Overtime on holidays"),
    "night": gettext_lazy("At night"),
}
ROLES: dict[str, Any] = {
    "in": gettext_lazy("in"),
    "out": gettext_lazy("out"),
    "left": gettext_lazy("out in between"),
    "back": gettext_lazy("back again"),
    "between": gettext_lazy("in between"),
    "duplicate": gettext_lazy("too soon after the one before: ignored"),
}
CLASSES: dict[int, Any] = {
    0: pgettext_lazy("class of a day", "Workday"),
    1: pgettext_lazy("class of a day", "Rest day"),
    2: pgettext_lazy("class of a day", "Holiday"),
}


REQUESTS: tuple[tuple[str, str, Any], ...] = (
    ("correction", "pencil", pgettext_lazy("attendance request", "Missing punch")),
    ("overtime", "alarm-clock-plus", pgettext_lazy("attendance request", "Overtime")),
    ("outing", "footprints", pgettext_lazy("attendance request", "Errand outside")),
    ("trip", "plane", pgettext_lazy("attendance request", "Business trip")),
    ("remote", "house", pgettext_lazy("attendance request", "Remote work")),
)
DAYS: dict[str, Any] = {
    "days_worked": gettext_lazy("Days worked"),
    "days_late": gettext_lazy("Days late"),
    "days_early": gettext_lazy("Days left early"),
    "days_absent": gettext_lazy("Days absent"),
    "days_missing": gettext_lazy("Days with a punch missing"),
}
ONLY: tuple[tuple[str, Any], ...] = (
    ("late", gettext_lazy("Late")),
    ("early", gettext_lazy("Left early")),
    ("absent", pgettext_lazy("day", "Absent")),
    ("missing", gettext_lazy("Punch missing")),
)
HEADLINE: tuple[tuple[str, Any], ...] = (
    ("worked", pgettext_lazy("minutes of a day", "Worked")),
    ("late", gettext_lazy("Late")),
    ("absent", pgettext_lazy("day", "Absent")),
)


def look(row: DayRecord | None) -> str:
    """Return the code of what a day looks like; empty where there is nothing to see."""
    if row is None:
        return ""
    for code, flags, _label in LOOKS:
        if row.flags & flags:
            return code
    if not row.is_final:
        return "open"
    return "fine" if row.worked or row.ot_rest or row.ot_holiday or row.extra else "off"


LEGEND = ("fine", "late", "early", "missing", "absent", "leave", "duty")
NAMES: dict[str, Any] = {code: label for code, _flags, label in LOOKS} | {
    "fine": pgettext_lazy("day", "As planned"),
    "open": gettext_lazy("Going on"),
    "off": gettext_lazy("Day off"),
}


def flags_of(flags: int) -> list[Promise]:
    """Return what flags say, the most telling first."""
    return [label for flag, label in FLAGS if flags & flag]


def span(minutes: int) -> str:
    """Return minutes as people say them: 45 minutes, 7 h 50."""
    if abs(minutes) < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else ""
    return sign + (_("%(h)s h %(m)02d") % {"h": hours, "m": rest} if rest else _("%(h)s h") % {"h": hours})


def hours(minutes: int) -> str:
    """Return minutes as hours with one decimal, for tables."""
    return str(number_format(minutes / 60, 1))


def shift_told(values: Mapping[str, str]) -> str:
    """Return a planned shift as it was frozen (`shift_queries.as_values`) in the reader's language."""
    if not values:
        return _("Day off")
    name = (values["shift_en"] if get_language() == "en" else "") or values["shift"]
    return f"{name} {values['hours']}".strip()


def told(row: DayRecord) -> list[tuple[Any, str]]:
    """Return the minutes of a day that are not nothing, by name."""
    return [(label, span(getattr(row, name))) for name, label in TOTALS.items() if getattr(row, name)]


def told_month(row: MonthRecord) -> list[tuple[Any, str]]:
    """Return the sums of a month that are not nothing, by name: minutes, then days."""
    minutes = [(label, span(getattr(row, name))) for name, label in TOTALS.items() if getattr(row, name)]
    days = [(label, str(getattr(row, name))) for name, label in DAYS.items() if getattr(row, name)]
    return minutes + days


def cells(address: str, first: date, count: int, rows: dict[date, DayRecord]) -> SafeString:
    """Return the cells of one person's month: a link to each day that has something to show.

    `address` is where that person's days are, and ends with a slash. Made here, for a page shows thousands.
    """
    names = {code: format_html("{}", label) for code, label in NAMES.items()}
    made = []
    for number in range(count):
        on = first + timedelta(days=number)
        row = rows.get(on)
        if row is None:
            made.append("<td></td>")
            continue
        code = look(row)
        minutes = f" {row.late or row.early or row.absent}" if code in {"late", "early", "absent"} else ""
        title = f"{on.month}-{on.day} {names[code]}{minutes}"
        made.append(f'<td><a href="{address}{on}" data-look="{code}" title="{title}" aria-label="{title}"></a></td>')
    return mark_safe("".join(made))  # dates, codes and escaped names


def days_of_month(first: date, count: int) -> Sequence[tuple[int, bool]]:
    """Return the days of a month by number, and whether each is a Saturday or a Sunday."""
    days = [first + timedelta(days=number) for number in range(count)]
    return [(day.day, day.isoweekday() in {6, 7}) for day in days]
