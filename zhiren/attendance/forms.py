"""What is typed about attendance."""

from datetime import UTC, date, datetime
from ipaddress import ip_network
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.attendance.models import Device, Request
from zhiren.attendance.services import Place
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.org import queries as org
from zhiren.plumbing.forms import FIRST_DAY, LAST_DAY, MomentField, NamedChoiceField
from zhiren.plumbing.places import ZoneField


class PunchForm(forms.Form):
    """What a phone tells with a punch: a key of its own, and where it is if it may say so."""

    key = forms.CharField(required=False, max_length=60)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180)
    accuracy = forms.FloatField(required=False, min_value=0)

    def key_of(self) -> str:
        """Return what names the punch; empty if the phone gave nothing fit for it."""
        return str(self._clean().get("key", ""))

    def place(self) -> Place | None:
        """Return where the phone is; None if it did not say, or said what cannot be."""
        given = self._clean()
        latitude, longitude = given.get("latitude"), given.get("longitude")
        if latitude is None or longitude is None:
            return None
        return Place(latitude, longitude, given.get("accuracy") or 0)

    def _clean(self) -> dict[str, Any]:
        self.is_valid()  # what does not fit is left out
        return self.cleaned_data


class AskForm(forms.Form):
    """A request: what for, from when to when in the zone of the place of work, and why."""

    kind = forms.ChoiceField(label=_("What for"), choices=Request.Kind.choices)
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"), required=False, help_text=_("Not needed for a missing punch."))
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        self.fields["starts_at"].help_text = _("By the clock of %(zone)s.") % {"zone": zone}

    def clean(self) -> dict[str, Any]:
        """Read the times in the zone of the place of work, whatever the reader's is."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("starts_at", "ends_at"):
            if isinstance(moment := cleaned.get(name), datetime):
                cleaned[name] = moment.replace(tzinfo=self.zone).astimezone(UTC)
        if cleaned.get("kind") != Request.Kind.CORRECTION and not cleaned.get("ends_at") and "ends_at" in cleaned:
            self.add_error("ends_at", _("Say until when."))
        return cleaned


class SeenForm(forms.Form):
    """Why a finding of working-time law may stand."""

    reason = forms.CharField(
        label=_("Why it may stand"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever sees these findings reads it, and so does the spreadsheet of the month."),
    )


class DeviceForm(forms.Form):
    """A device: what it is called, where it hangs, and from where it may call."""

    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=100)
    branch = NamedChoiceField(label=_("Place of work"), required=False)
    zone = ZoneField(label=_("Time zone of its clock"))
    network = forms.CharField(
        label=_("May call only from"),
        required=False,
        max_length=50,
        help_text=_("An address or a network such as 10.1.0.0/16. Devices cannot sign in, so this keeps others out."),
    )
    state = forms.ChoiceField(label=_("State"), choices=Device.State.choices)

    def offer(self, actor: Actor) -> None:
        """Fill the choices."""
        self.fields["branch"].queryset = org.branches(actor)  # type: ignore[attr-defined]  # a choice of rows

    def clean_network(self) -> str:
        """Return the network; refuse what is none."""
        text: str = self.cleaned_data["network"].strip()
        try:
            return str(ip_network(text, strict=False)) if text else ""
        except ValueError as error:
            raise forms.ValidationError(_("This is no address and no network.")) from error


def day_in(text: str) -> date:
    """Return the date that an address names such as 2026-11-17; NotFound for what is none of these centuries."""
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise NotFound from error
    if not FIRST_DAY <= found <= LAST_DAY:
        raise NotFound
    return found


def month_in(text: str, *, today: date) -> date:
    """Return the first day of the month that an address names such as 2026-11; this month for what is none."""
    try:
        return day_in(f"{text}-01")
    except NotFound:
        return today.replace(day=1)


def id_in(text: str) -> str:
    """Return the id that a filter names; empty for what is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""
