"""What the picture of a year shows, in words: `{% load rostering_words %}`."""

from typing import Any

from django import template
from django.utils.translation import pgettext_lazy

from zhiren.rostering.pictures import Look

register = template.Library()
_LOOKS: dict[Look, Any] = {
    Look.WORK: pgettext_lazy("date of a group", "Workday"),
    Look.MAKE_UP: pgettext_lazy("date of a group", "Make-up workday"),
    Look.HOLIDAY: pgettext_lazy("date of a group", "Public holiday"),
    Look.BRIDGE: pgettext_lazy("date of a group", "Off by the calendar"),
    Look.OFF: pgettext_lazy("date of a group", "Day off"),
}


@register.filter
def look(code: Look) -> str:
    """Return what a date of the picture is."""
    return str(_LOOKS[code])


@register.simple_tag
def looks() -> list[tuple[Look, Any]]:
    """Return everything a date may be, for the legend."""
    return list(_LOOKS.items())
