"""Form fields without HR."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

# Of what is typed, no day lies outside: whatever reckons with it, by zones or months, has room on both sides.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


class DayField(forms.DateField):
    """A day that people may mean."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, **options})
        self.validators += [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]


class MomentField(forms.DateTimeField):
    """A moment that people may mean."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(**{"widget": widget, **options})
        limits = [datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (FIRST_DAY, LAST_DAY)]
        self.validators += [MinValueValidator(limits[0]), MaxValueValidator(limits[1])]


class NamedChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for mypy only
    """A choice among rows, shown by title or name. Its rows are given per request, to those who may see them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=None, **options)

    def label_from_instance(self, obj: Any) -> str:
        """Return what a row is called."""
        return getattr(obj, "title", "") or str(obj.name)
