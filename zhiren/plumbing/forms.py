"""Form fields without HR."""

from typing import Any

from django import forms


class NamedChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for mypy only
    """A choice among rows, shown by title or name. Its rows are given per request, to those who may see them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=None, **options)

    def label_from_instance(self, obj: Any) -> str:
        """Return what a row is called."""
        return getattr(obj, "title", "") or str(obj.name)
