"""What is typed about a person."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiren.people.models import Contact, Person


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
