"""Times and minutes of attendance in words: `{% load attendance_words %}`."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format

from zhiren.attendance import words
from zhiren.attendance.models import Adjustment

register = template.Library()
_TONES = {"waiting": "warn", "approved": "good", "declined": "bad"}


@register.filter
def clock_in(moment: datetime, zone: str) -> str:
    """Return what the clocks of a place show at a moment."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M:%S}"


@register.filter
def minute_in(moment: datetime, zone: str) -> str:
    """Return what the clocks of a place show at a moment, without seconds."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


@register.filter
def clock_and_day(moment: datetime, zone: str) -> str:
    """Return date and time of a moment as a place has them."""
    return str(date_format(moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None), "SHORT_DATETIME_FORMAT"))


@register.filter
def day_at(moment: datetime, zone: str) -> str:
    """Return the date of a moment at a place, as addresses name it."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d}"


@register.filter
def request_tone(state: str) -> str:
    """Return the tone of a request's state."""
    return _TONES.get(state, "")


@register.filter
def minutes_told(row: Adjustment) -> list[tuple[Any, str]]:
    """Return by how much a closed day would differ, by name."""
    return [(words.TOTALS[name], words.span(minutes)) for name, minutes in row.minutes.items() if name in words.TOTALS]
