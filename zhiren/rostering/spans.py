"""Spans of a day and minutes, as they are typed and shown."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_SPAN = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–—~至到]\s*(\d{1,2}):(\d{2})\s*")
_APART = re.compile(r"[\s,，;；、]+")
_MOST_DATES, _FIRST_YEAR, _LAST_YEAR = 366, 1990, 2199
_BETWEEN = re.compile(r"[,，;；、\n]+")


def clock(minutes: int) -> str:
    """Return minutes after midnight as a clock reads; 26:00 is two in the morning of the next day.

    >>> clock(1560)
    '26:00'
    """
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def spans_in(text: str) -> list[tuple[int, int]]:
    """Return the spans of a text such as "09:00-12:00, 13:00-18:00"; one that ends before it starts ends tomorrow.

    Raises:
        ValueError: something in it is no span.
    """
    found = []
    for part in _BETWEEN.split(text.strip()):
        if not part.strip():
            continue
        match = _SPAN.fullmatch(part)
        if not match:
            raise ValueError(part)
        since, until = (_minutes(match[one], match[one + 1]) for one in (1, 3))
        found.append((since, until if until > since else until + 24 * 60))
    return found


def _minutes(hours: str, minutes: str) -> int:
    if int(minutes) > 59 or int(hours) > 47:
        raise ValueError(f"{hours}:{minutes}")
    return int(hours) * 60 + int(minutes)


class SpansField(forms.CharField):
    """Spans of time, parted by commas."""

    def clean(self, value: Any) -> list[tuple[int, int]]:
        """Return the spans in minutes after midnight."""
        text = super().clean(value)
        try:
            return spans_in(text)
        except ValueError as error:
            raise forms.ValidationError(_("Write it like 09:00-12:00, 13:00-18:00.")) from error


class DatesField(forms.CharField):
    """Dates, parted by commas or spaces; a year of them at most."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=6000, **kwargs)
        self.widget.attrs["placeholder"] = "2026-12-24, 2026-12-31"

    def clean(self, value: Any) -> list[date]:
        """Return the dates, each once, in order."""
        parts = _APART.split(super().clean(value).strip())
        try:
            found = sorted({date.fromisoformat(part) for part in parts if part})
        except ValueError as error:
            raise forms.ValidationError(_("Write dates like 2026-12-24, 2026-12-31.")) from error
        if len(found) > _MOST_DATES or any(not _FIRST_YEAR <= on.year <= _LAST_YEAR for on in found):
            raise forms.ValidationError(_("Write dates like 2026-12-24, 2026-12-31."))
        return found


class MinutesField(forms.IntegerField):
    """Minutes, at most a day of them."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label=label, min_value=0, max_value=24 * 60, required=False, **kwargs)


def joined(spans: Sequence[tuple[int, int]]) -> str:
    """Return spans as they are typed."""
    return ", ".join(f"{clock(since)}-{clock(until)}" for since, until in spans)
