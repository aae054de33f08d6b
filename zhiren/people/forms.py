"""What is typed about a person."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiren.people.models import Contact, Person
from zhiren.people.resume_page import LABELS
from zhiren.people.resume_values import DATES, MOST_LETTERS, stated, stated_entry
from zhiren.resumes.corrections import ENTRY_FIELDS


class PersonForm(forms.Form):
    """Corrections by hand."""

    name = forms.CharField(label=_("Name"), max_length=200)
    headline = forms.CharField(label=_("Current work"), max_length=300, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    degree = forms.ChoiceField(label=_("Degree"), choices=[("", "—"), *Person.Degree.choices], required=False)
    preferred_channel = forms.ChoiceField(
        label=_("Prefers"), choices=[("", "—"), *Person.Channel.choices], required=False
    )
    preferred_hours = forms.CharField(label=_("Good hours"), max_length=100, required=False)
    concerns = forms.CharField(label=_("What matters to them"), max_length=500, required=False)
    zone = forms.CharField(label=_("Time zone"), max_length=64, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[("zh-hans", "中文"), ("en", "English")])
    tags = forms.CharField(label=_("Tags"), required=False, help_text=_("Separate them with commas."))

    def __init__(self, data: Any = None, *, initial: dict[str, Any]) -> None:
        tags = initial.get("tags") or []
        super().__init__(data, initial={**initial, "tags": "，".join(tags)})

    def clean_zone(self) -> str:
        """Return the zone, if it is one."""
        zone: str = self.cleaned_data["zone"]
        if zone and zone not in available_timezones():
            raise forms.ValidationError(_("This is not a time zone. Choose one such as Asia/Shanghai."))
        return zone

    def changes(self) -> dict[str, str]:
        """Return the plain columns."""
        return {name: value for name, value in self.cleaned_data.items() if name != "tags"}

    def chosen_tags(self) -> list[str]:
        """Return the tags one by one."""
        return [tag.strip() for tag in self.cleaned_data["tags"].replace("，", ",").split(",") if tag.strip()]


class ContactForm(forms.Form):
    """A phone number or an address."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Contact.Kind.choices)
    value = forms.CharField(label=_("Number or address"), max_length=200)


class FactForm(forms.Form):
    """What one fact of a résumé is in truth."""

    value = forms.CharField(max_length=MOST_LETTERS)

    def __init__(self, data: Any = None, *, field: str, value: str = "") -> None:
        super().__init__(data, initial={"value": value})
        self.field = field
        self.stated: dict[str, str] = {}
        self.fields["value"] = _input(field)

    def clean_value(self) -> str:
        """Return what was typed, if it can be a value of the field."""
        typed: str = self.cleaned_data["value"]
        found = stated(self.field, typed)
        if found is None:
            raise forms.ValidationError(malformed(self.field))
        self.stated = found
        return typed


class EntryForm(forms.Form):
    """A whole employment, education, language or certificate that was not read."""

    def __init__(self, data: Any = None, *, name: str) -> None:
        super().__init__(data)
        self.stated: dict[str, str] = {}
        self._name = name
        for place, inner in enumerate(ENTRY_FIELDS[name]):
            self.fields[inner] = _input(f"{name}.{inner}", required=place == 0)

    def clean(self) -> dict[str, Any]:
        """Bring every field to its form; say which cannot be."""
        self.stated, wrong = stated_entry(self._name, {k: str(v) for k, v in self.cleaned_data.items()})
        for inner in wrong:
            self.add_error(inner, malformed(f"{self._name}.{inner}"))
        return self.cleaned_data


def _input(field: str, *, required: bool = True) -> forms.Field:
    label = LABELS[field]
    inner = field.rpartition(".")[2]
    if inner == "degree":
        choices = [] if required else [("", "—")]
        return forms.ChoiceField(label=label, choices=[*choices, *Person.Degree.choices], required=required)
    hint = _HINTS.get(field) or (_DATE_HINT if inner in DATES else "")
    wide = forms.Textarea(attrs={"rows": 4}) if inner == "text" else None
    return forms.CharField(label=label, required=required, max_length=MOST_LETTERS, help_text=hint, widget=wide)


def malformed(field: str) -> Any:
    """Return what to say of a text that cannot be a value of a field."""
    inner = field.rpartition(".")[2]
    if inner in DATES or inner == "birth":
        return _("This is not a date. Write it like 2022-03 or 2022.")
    return _MALFORMED.get(field, _("This cannot be read as a value here. Please write it otherwise."))


_DATE_HINT = _("Year and month, such as 2022-03.")
_HINTS = {
    "employers.end": _("Year and month, such as 2022-03; “now” for a job that goes on."),
    "expected_pay": _("As one says it: 20-25K, 18万/年, 15K*13."),
    "current_pay": _("As one says it: 20-25K, 18万/年, 15K*13."),
    "notice": _("In days, or in words such as one month."),
    "birth": _("Year, month, day as far as known, such as 1995-03."),
}
_MALFORMED = {
    "expected_pay": _("No pay can be read in this. Write it like 20-25K or 18万/年."),
    "current_pay": _("No pay can be read in this. Write it like 20-25K or 18万/年."),
    "notice": _("No time can be read in this. Write days, such as 30."),
    "phones": _("This is not a phone number."),
    "mails": _("This is not a mail address."),
}
