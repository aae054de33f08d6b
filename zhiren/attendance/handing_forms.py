"""What is typed to hand punches of a badge over."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiren.attendance import handing_queries
from zhiren.attendance.handing import Wish
from zhiren.attendance.handing_queries import Badge
from zhiren.kernel.actors import Actor
from zhiren.people.models import Employment
from zhiren.plumbing.forms import DayField


class HandOverForm(forms.Form):
    """Which punches of somebody are another's: those of a badge, from a date to another."""

    badge = forms.ChoiceField(label=_("Badge number"))
    first = DayField(label=_("From"))
    last = DayField(label=_("Until"))
    whose = forms.CharField(
        label=_("Whose they are"), max_length=40, help_text=_("Their staff number, or the badge they have now.")
    )

    def __init__(
        self, data: Any = None, *, actor: Actor, employment: Employment, badges: Sequence[Badge], today: date
    ) -> None:
        zone = ZoneInfo(employment.zone)
        newest = badges[0] if badges else None
        super().__init__(
            data,
            initial={
                "badge": newest.badge if newest else "",
                "first": newest.first_at.astimezone(zone).date() if newest else today,
                "last": today,
                "whose": newest.badge if newest and newest.badge != employment.badge else "",
            },
        )
        self.actor, self.employment = actor, employment
        self.fields["badge"].choices = [  # type: ignore[attr-defined]  # a choice
            (one.badge, _("%(badge)s: %(n)s punches, %(first)s to %(last)s") % _told(one, zone)) for one in badges
        ]

    def clean_whose(self) -> Employment:
        """Return whose they are; refuse a number that nobody has, or two people."""
        found = handing_queries.known_as(self.actor, self.employment, self.cleaned_data["whose"].strip())
        if len(found) != 1:
            raise forms.ValidationError(
                _("Nobody else of this legal entity that you manage has this number.")
                if not found
                else _("Several people have this number; give another.")
            )
        return found[0]

    def clean(self) -> dict[str, Any]:
        """Refuse dates that are mixed up."""
        cleaned = super().clean() or self.cleaned_data
        if "first" in cleaned and "last" in cleaned and cleaned["first"] > cleaned["last"]:
            self.add_error("last", _("This is before the first day."))
        return cleaned

    def wish(self) -> Wish:
        """Return what was typed."""
        given = self.cleaned_data
        return Wish(self.employment.pk, given["whose"].pk, given["badge"], given["first"], given["last"])


def _told(one: Badge, zone: ZoneInfo) -> dict[str, Any]:
    return {"badge": one.badge, "n": one.punches, "first": _day(one.first_at, zone), "last": _day(one.last_at, zone)}


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).date().isoformat()
