"""Words on pages: when something was or is due, first letters, tones. Built into every template."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect
from django.forms.widgets import CheckboxSelectMultiple
from django.utils import dateformat, timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from zhiren.plumbing import clock, notices
from zhiren.resumes import skills

register = template.Library()

_A_WEEK = 7


@register.filter
def ago(moment: datetime | None, at: datetime | None = None) -> str:
    """Return when something was or will be, as one says it at `at` (now).

    Under an hour in minutes, under a week by day and time, beyond that the date.
    """
    if moment is None:
        return ""
    at = at or clock.now()
    minutes = int(abs((moment - at).total_seconds())) // 60
    if minutes < 1:
        return gettext("just now")
    if minutes < 60 and moment < at:
        return gettext("%(n)s min ago") % {"n": minutes}
    if minutes < 60:
        return gettext("in %(n)s min") % {"n": minutes}
    return _on_the_clock(moment, at)


@register.filter
def skill_name(name: str) -> str:
    """Return what readers of the page call a skill; what our list does not know stays as it was written."""
    return skills.called(name, get_language() or "")


def _on_the_clock(moment: datetime, at: datetime) -> str:
    here, now = timezone.localtime(moment), timezone.localtime(at)
    days = (here.date() - now.date()).days
    time = here.strftime("%H:%M")
    near = {0: gettext("today %(time)s"), 1: gettext("tomorrow %(time)s"), -1: gettext("yesterday %(time)s")}
    if days in near:
        return near[days] % {"time": time}
    if abs(days) < _A_WEEK:
        return gettext("%(weekday)s %(time)s") % {"weekday": _weekday(here), "time": time}
    return day(here.date(), now.date())


def _weekday(here: datetime) -> str:
    return "周" + "一二三四五六日"[here.weekday()] if _in_chinese() else dateformat.format(here, "D")


def _in_chinese() -> bool:
    return (get_language() or "").startswith("zh")


@register.filter
def day(value: date | datetime | None, today: date | None = None) -> str:
    """Return a date, with its year unless that is this year's."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    today = today or timezone.localdate(clock.now())
    with_year = value.year != today.year
    if _in_chinese():
        return f"{value.year}年{value.month}月{value.day}日" if with_year else f"{value.month}月{value.day}日"
    return dateformat.format(value, "j M Y" if with_year else "j M")


@register.filter
def today_with_weekday(at: datetime) -> str:
    """Return the day of `at` with its weekday, as under a heading."""
    here = timezone.localtime(at)
    date_, weekday = day(here.date(), here.date()), dateformat.format(here, "l")
    return f"{date_} {weekday}" if _in_chinese() else f"{weekday} {date_}"


@register.filter
def moment(value: datetime | None) -> str:
    """Return the exact time in the reader's zone, which is named: 2026-11-22 09:12 (Asia/Shanghai)."""
    return (
        timezone.localtime(value).strftime(f"%Y-%m-%d %H:%M ({timezone.get_current_timezone_name()})") if value else ""
    )


@register.filter
def iso(value: datetime | None) -> str:
    """Return a moment for machines, in UTC."""
    return value.astimezone(UTC).isoformat(timespec="seconds") if value else ""


@register.filter
def time_ago(value: datetime | None) -> SafeString:
    """Return what `<c-time>` draws, for lists with one in each row: a component would take longer than all the rest."""
    if value is None:
        return SafeString("")
    told = f'datetime="{iso(value)}" title="{moment(value)}"'
    return SafeString(f'<time class="whitespace-nowrap" {told} data-relative>{ago(value)}</time>')


@register.filter
def due(value: datetime | None, at: datetime | None = None) -> str:
    """Return how a time limit stands at `at` (now): overdue by how much, or due when."""
    if value is None:
        return ""
    at = at or clock.now()
    if value < at:
        return gettext("overdue by %(span)s") % {"span": span(at - value)}
    return gettext("due %(when)s") % {"when": _on_the_clock(value, at)}


@register.filter
def time_due(value: datetime, look: str = "") -> SafeString:
    """Return what `<c-due>` draws, with classes of ours, for lists with one in each row, as `time_ago` does."""
    told = f'datetime="{iso(value)}" title="{moment(value)}" data-tone="{due_tone(value)}"'
    return SafeString(f'<time class="ink whitespace-nowrap {look}" {told}>{due(value)}</time>')


@register.filter
def due_tone(value: datetime | None, at: datetime | None = None) -> str:
    """Return "bad" when overdue, "warn" when due within the day, else "muted"."""
    at = at or clock.now()
    if value is None:
        return "muted"
    if value < at:
        return "bad"
    return "warn" if timezone.localtime(value).date() <= timezone.localtime(at).date() else "muted"


@register.filter
def span(value: timedelta) -> str:
    """Return a length of time in its largest unit: minutes, hours, or from two days on days."""
    minutes = int(value.total_seconds()) // 60
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", max(minutes, 1)) % {"n": max(minutes, 1)}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}


@register.filter
def initial(name: Any) -> str:
    """Return the first character of a name, for a round picture."""
    text = str(name or "").strip()
    return text[0].upper() if text else "?"


@register.filter
def plain(number: Any) -> str:
    """Return a number as HTML attributes want it, whatever the language."""
    return format(float(number), "g") if number not in (None, "") else "0"


_TONES = {"success": "good", "error": "bad", "warning": "warn", "info": "info", "debug": "info"}


@register.filter
def tone(level: str) -> str:
    """Return the tone of a message's level."""
    return _TONES.get(level, "info")


@register.filter
def tone_icon(name: str) -> str:
    """Return the icon of a tone."""
    return {"good": "circle-check", "bad": "circle-alert", "warn": "triangle-alert"}.get(name, "info")


@register.filter
def undo_of(tags: str) -> str:
    """Return the address that takes back what a message tells, if it names one."""
    return notices.undo_of(tags)


@register.filter
def is_checkbox(field: Any) -> bool:
    """Tell whether a field is one box to tick."""
    return isinstance(field, BoundField) and isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_group(field: Any) -> bool:
    """Tell whether a field is a group of boxes or buttons."""
    return isinstance(field, BoundField) and isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)


@register.filter
def dressed(field: BoundField) -> SafeString:
    """Return a field's input, tied to the error beneath it for those who do not see it."""
    attrs: dict[str, str | bool] = {}
    if field.errors:
        hint = f"{field.auto_id}_helptext " if field.help_text else ""
        attrs = {"aria-invalid": "true", "aria-describedby": f"{hint}{field.auto_id}_error"}
    return field.as_widget(attrs=attrs)


@register.simple_tag(takes_context=True)
def query_replace(context: template.Context, **changes: Any) -> str:
    """Return this page's query string with some parameters changed; None and "" remove one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = value
    return "?" + urlencode(list(query.lists()), doseq=True)
