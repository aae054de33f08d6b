"""What is typed when a file of punches is brought in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiren.attendance import import_queries, import_words
from zhiren.attendance.errors import FileTooLarge
from zhiren.attendance.files import Layout, Mapping
from zhiren.attendance.filetables import MAX_BYTES
from zhiren.kernel.actors import Actor
from zhiren.plumbing.choices import validate_zone
from zhiren.plumbing.forms import DayField, NamedChoiceField


class FileForm(forms.Form):
    """A file, and whose badges it names."""

    file = forms.FileField(label=_("File"))
    entity = NamedChoiceField(
        label=_("Whose badges"), required=False, empty_label=_("The whole company"),
        help_text=_("Two legal entities may have the same badge number."),
    )  # fmt: skip

    def __init__(self, *given: Any, actor: Actor) -> None:
        super().__init__(*given)
        rows = import_queries.entities_to_import_for(actor)
        entity = self.fields["entity"]
        entity.queryset = rows  # type: ignore[attr-defined]  # a choice of rows
        entity.required = not import_queries.may_import_for_all(actor)

    def clean_file(self) -> Any:
        """Return the file; one that is too large is refused before it is taken into memory."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(str(FileTooLarge(limit=MAX_BYTES // 1024 // 1024)))
        return file


class MappingForm(forms.Form):
    """Which column of a file is what, how its dates are written, and by which clock."""

    sheet = forms.TypedChoiceField(label=_("Sheet"), coerce=int)
    zone = forms.CharField(
        label=_("Time zone of the clock"), max_length=64, validators=[validate_zone],
        help_text=_("Times are taken as the clock showed them there."),
    )  # fmt: skip
    badge = forms.TypedChoiceField(label=_("Badge number"), coerce=int, empty_value=None, required=False)
    day = forms.TypedChoiceField(
        label=_("Date, or date and time"), coerce=int, empty_value=None, required=False
    )  # fmt: skip
    times = forms.TypedMultipleChoiceField(
        label=_("Times of day"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None where they stand with the date."),
    )  # fmt: skip
    name = forms.TypedChoiceField(label=_("Name"), coerce=int, empty_value=None, required=False)
    order = forms.ChoiceField(label=_("How dates are written"), choices=import_words.ORDERS, required=False)
    first_line = forms.IntegerField(label=_("First line with a punch"), min_value=1)
    begins = DayField(label=_("First date of the sheet"), required=False)

    def __init__(self, data: Any = None, *, mapping: Mapping, shown: dict[str, Any]) -> None:
        initial = {name: getattr(mapping, name) for name in self.base_fields} | {"times": list(mapping.times)}
        super().__init__(data, initial=initial)
        self.mapping = mapping
        columns = list(enumerate(shown["columns"]))
        sheets = shown["sheets"]
        self.fields["sheet"].choices = [(n, name or str(n + 1)) for n, name in enumerate(sheets)]  # type: ignore[attr-defined]  # a choice
        for name in ("badge", "day", "name"):
            self.fields[name].choices = [("", "–"), *columns]  # type: ignore[attr-defined]  # a choice
        self.fields["times"].choices = columns  # type: ignore[attr-defined]  # a choice
        self.fields["badge"].required = True
        for name in self._not_asked(len(sheets)):
            del self.fields[name]

    def _not_asked(self, sheets: int) -> list[str]:
        """Return what a file of this kind does not need to be told."""
        unneeded = [] if sheets > 1 else ["sheet"]
        if self.mapping.layout is Layout.ROWS:
            return [*unneeded, "begins"]
        unneeded += ["day", "times", "order", "first_line"]
        return unneeded if self.mapping.layout is Layout.DAYS else [*unneeded, "badge", "name"]

    def chosen(self) -> Mapping:
        """Return the mapping that was entered."""
        given = dict(self.cleaned_data)
        if "times" in given:
            given["times"] = tuple(given["times"])
        known = {name: getattr(self.mapping, name) for name in Mapping.__dataclass_fields__}
        return Mapping(**known | given)
