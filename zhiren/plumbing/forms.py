"""Form fields without HR."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Of what is typed, no day lies outside: whatever reckons with it, by zones or months, has room on both sides.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def _between(first: date, last: date) -> list[Any]:
    said = format_lazy(_("Please choose a day between {first} and {last}."), first=first.year, last=last.year)
    return [MinValueValidator(first, message=said), MaxValueValidator(last, message=said)]


class DayField(forms.DateField):
    """A day that people may mean."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, **options})
        self.validators += _between(FIRST_DAY, LAST_DAY)


class MomentField(forms.DateTimeField):
    """A moment that people may mean."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(**{"widget": widget, **options})
        first, last = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (FIRST_DAY, LAST_DAY))
        self.validators += _between(first, last)


class NamedChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for mypy only
    """A choice among rows, called as the reader calls them. Its rows are given per request, to who may see them."""

    def __init__(self, **options: Any) -> None:
        nothing = pgettext_lazy("choice", "Choose…") if options.get("required", True) else "–"
        super().__init__(**{"queryset": None, "empty_label": nothing, **options})

    def label_from_instance(self, obj: Any) -> str:
        """Return what a row is called."""
        return str(getattr(obj, "label", "") or obj.name)
