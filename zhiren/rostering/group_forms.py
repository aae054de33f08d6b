"""What is typed about groups, and who works by them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from ipaddress import ip_network
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.kernel.actors import Actor
from zhiren.org import queries as org
from zhiren.plumbing.forms import DayField, NamedChoiceField
from zhiren.plumbing.places import RegionField, ZoneField
from zhiren.rostering import law, law_words, plans, queries
from zhiren.rostering.models import GroupVersion
from zhiren.rostering.services import Way
from zhiren.rostering.spans import DatesField

_HOUR = 60  # minutes
_RESULTS = [
    ("missing", pgettext_lazy("result of a day", "A punch is missing, or all are")),
    ("late", pgettext_lazy("result of a day", "Late")),
    ("early", pgettext_lazy("result of a day", "Left early")),
    ("normal", pgettext_lazy("result of a day", "Nothing was wrong")),
]
_BANKED = [
    (int(plans.DayClass.WORKDAY), pgettext_lazy("overtime on", "Workdays")),
    (int(plans.DayClass.REST_DAY), pgettext_lazy("overtime on", "Rest days")),
    (int(plans.DayClass.HOLIDAY), pgettext_lazy("overtime on", "Holidays")),
]


class GroupForm(forms.Form):
    """A group: the shifts of its week, its holidays, and what its people may have corrected."""

    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=100)
    name_en = forms.CharField(label=_("English name"), max_length=100, required=False)
    entity = NamedChoiceField(label=_("Legal entity"))
    valid_from = DayField(label=_("Holds from"))
    pattern_from = DayField(
        label=_("The pattern begins on"),
        help_text=_("A Monday for a week; the first day of the first shift for a rotation."),
    )
    zone = ZoneField()
    region = RegionField(label=_("Country of its holidays"))
    follows_holidays = forms.BooleanField(label=_("Off on holidays, at work on make-up days"), required=False)
    days_off = DatesField(label=_("Own days off"))
    workdays = DatesField(label=_("Own workdays"), help_text=_("They come before holidays and the pattern."))
    regime = forms.ChoiceField(label=_("Working-time system"), choices=GroupVersion.Regime.choices)
    period = forms.ChoiceField(
        label=_("Comprehensive hours are reckoned over a"), choices=GroupVersion.Period.choices, required=False,
        help_text=_("What is worked beyond the standard hours of the whole period is overtime."),
    )  # fmt: skip
    preset = forms.ChoiceField(
        label=_("Rules of the house"), choices=[("", _("None")), *law_words.PRESETS.items()], required=False,
        help_text=_("Rest and days in a row where the law says nothing; the law comes first."),
    )  # fmt: skip
    agreed = forms.MultipleChoiceField(
        label=_("Permits and agreements"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("What changes the numbers of the law for these people."),
    )  # fmt: skip
    bank_classes = forms.TypedMultipleChoiceField(
        label=_("Overtime that becomes time off"), coerce=lambda code: plans.DayClass(int(code)), required=False,
        choices=_BANKED, widget=forms.CheckboxSelectMultiple,
        help_text=_("Instead of pay. In China the law allows it for rest days alone (Labour Law, art. 44)."),
    )  # fmt: skip
    bank_cap = forms.IntegerField(
        label=_("At most so many hours kept"), min_value=1, max_value=9999, required=False,
        help_text=_("What has no room is paid."),
    )  # fmt: skip
    bank_days = forms.IntegerField(label=_("Lapses after so many days"), min_value=1, max_value=3650, required=False)
    may_correct = forms.BooleanField(label=_("Missing punches may be added"), required=False)
    results = forms.MultipleChoiceField(
        label=_("What of a day may be mended"), choices=_RESULTS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Without a choice: everything."),
    )  # fmt: skip
    per_cycle = forms.IntegerField(label=_("At most so many a month"), min_value=0, max_value=99, required=False)
    cycle_day = forms.IntegerField(label=_("The month begins on day"), min_value=1, max_value=28, required=False)
    days = forms.IntegerField(label=_("Within so many days"), min_value=0, max_value=99, required=False)
    natural_days = forms.BooleanField(label=_("Days off count, too"), required=False)
    places = forms.CharField(
        label=_("Places where phones may punch"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One a line: name, latitude, longitude, metres around it; then, if you like, the internet addresses of its "
            "Wi-Fi: who calls from these is there. Without any place, phones punch anywhere."
        ),
    )

    def __init__(self, *args: Any, actor: Actor, length: int = 7, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].queryset = org.entities(actor)  # type: ignore[attr-defined]  # a choice of rows
        choices = [("", pgettext_lazy("roster", "Off")), *((str(row.pk), row.label) for row in queries.shifts(actor))]
        region = self.data.get("region") if self.is_bound else self.initial.get("region", "")
        self._country = law.country_of(str(region or ""))
        if self._country:
            agreed = [(code, law_words.AGREEMENTS[code]) for code in sorted(law.agreements(self._country))]
            self.fields["agreed"].choices = agreed  # type: ignore[attr-defined]  # a choice among several
        else:
            del self.fields["agreed"]
        self.pattern_names = [f"day_{number}" for number in range(length)]
        for number, name in enumerate(self.pattern_names, 1):
            self.fields[name] = forms.ChoiceField(label=_("Day %(n)s") % {"n": number}, choices=choices, required=False)

    @property
    def way_fields(self) -> list[forms.BoundField]:
        """Everything but the days of the pattern."""
        return [self[name] for name in self.fields if name not in self.pattern_names]

    @property
    def day_fields(self) -> list[forms.BoundField]:
        """The days of the pattern."""
        return [self[name] for name in self.pattern_names]

    def as_typed(self) -> dict[str, Any]:
        """Return what was typed, whether it fits or not: what a form with a longer or shorter pattern begins with."""
        return {
            name: field.widget.value_from_datadict(self.data, self.files, name) for name, field in self.fields.items()
        }

    def clean(self) -> dict[str, Any]:
        """Refuse comprehensive hours that the country's law does not know."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["period"] = cleaned.get("period") or GroupVersion.Period.MONTH
        is_comprehensive = cleaned.get("regime") == GroupVersion.Regime.COMPREHENSIVE
        if is_comprehensive and self._country and cleaned["period"] not in law.comprehensive_periods(self._country):
            self.add_error("period", _("The law there knows no comprehensive hours over this period."))
        if both := sorted({*cleaned.get("days_off", ())} & {*cleaned.get("workdays", ())}):
            self.add_error("workdays", _("%(day)s is a day off and a workday.") % {"day": both[0].isoformat()})
        return cleaned

    def clean_places(self) -> list[dict[str, Any]]:
        """Return the places that were typed."""
        return [_place(line) for line in self.cleaned_data["places"].splitlines() if line.strip()]

    def way(self) -> Way:
        """Return what was typed."""
        given = self.cleaned_data
        corrections: Mapping[str, Any] = {
            "allowed": given["may_correct"],
            "per_cycle": given["per_cycle"],
            "cycle_day": given["cycle_day"] or 1,
            "days": given["days"],
            "working_days": not given["natural_days"],
            "results": given["results"],
        }
        return Way(
            pattern=[UUID(given[name]) if given[name] else None for name in self.pattern_names],
            pattern_from=given["pattern_from"],
            zone=given["zone"],
            region=given["region"],
            follows_holidays=given["follows_holidays"],
            own_days=dict.fromkeys(given["days_off"], False) | dict.fromkeys(given["workdays"], True),
            regime=given["regime"],
            period=given["period"],
            agreed=given.get("agreed", []),
            preset=given["preset"],
            bank=plans.Bank(frozenset(given["bank_classes"]), (given["bank_cap"] or 0) * _HOUR, given["bank_days"] or 0)
            if given["bank_classes"]
            else None,
            corrections=corrections,
            places=given["places"],
        )


def _place(line: str) -> dict[str, Any]:
    """Return the place that a line tells of."""
    parts = [part.strip() for part in re.split(r"[,，]", line)]
    try:
        name, (latitude, longitude, metres) = parts[0], map(float, parts[1:4])
        networks = [str(ip_network(part, strict=False)) for part in parts[4:] if part]
    except ValueError as error:
        raise forms.ValidationError(_("Write it like: Jing'an store, 31.2304, 121.4737, 200.")) from error
    if not name or not (abs(latitude) <= 90 and abs(longitude) <= 180 and 1 <= metres <= 100_000):
        raise forms.ValidationError(_("Write it like: Jing'an store, 31.2304, 121.4737, 200."))
    found = {"name": name[:100], "lat": latitude, "lon": longitude, "radius_m": round(metres)}
    return found | ({"networks": networks} if networks else {})


def _where(place: Mapping[str, Any]) -> tuple[Any, ...]:
    return place["name"], place["lat"], place["lon"], place["radius_m"]


def group_as_filled_in(version: GroupVersion | None, *, today: date) -> dict[str, Any]:
    """Return the values with which the form shows how a group works; usual ones for a new group."""
    if version is None:
        monday = date.fromordinal(today.toordinal() - today.weekday())
        return {
            "valid_from": today, "pattern_from": monday, "region": "CN", "follows_holidays": True, "may_correct": True,
            "per_cycle": 3, "cycle_day": 1, "days": 3,
        }  # fmt: skip
    rules = version.corrections
    return {
        "name": version.group.name,
        "name_en": version.group.name_en,
        "entity": version.group.entity_id,
        "valid_from": today,
        "pattern_from": version.pattern_from,
        "zone": version.zone,
        "region": version.region,
        "follows_holidays": version.follows_holidays,
        "days_off": ", ".join(on for on, works in version.own_days.items() if not works),
        "workdays": ", ".join(on for on, works in version.own_days.items() if works),
        "regime": version.regime,
        "period": version.period,
        "agreed": version.agreed,
        "preset": version.preset,
        "bank_classes": version.bank.get("classes", []),
        "bank_cap": version.bank.get("cap", 0) // _HOUR or None,
        "bank_days": version.bank.get("days") or None,
        "may_correct": rules.get("allowed", True),
        "per_cycle": rules.get("per_cycle"),
        "cycle_day": rules.get("cycle_day", 1),
        "days": rules.get("days"),
        "natural_days": bool(rules) and not rules.get("working_days"),
        "results": rules.get("results", []),
        "places": "\n".join(
            ", ".join(
                map(str, (place["name"], place["lat"], place["lon"], place["radius_m"], *place.get("networks", ())))
            )
            for place in version.places
        ),
        **{f"day_{number}": shift for number, shift in enumerate(version.pattern)},
    }


class PlaceForm(forms.Form):
    """Whom a group plans, from which day on."""

    employment = forms.ChoiceField(label=_("Person"))
    from_on = DayField(label=_("From"))

    def offer(self, people: Sequence[tuple[UUID, str]]) -> None:
        """Fill the choices."""
        nobody = ("", pgettext_lazy("choice", "Choose…"))
        self.fields["employment"].choices = [nobody, *((str(pk), name) for pk, name in people)]  # type: ignore[attr-defined]  # a choice
