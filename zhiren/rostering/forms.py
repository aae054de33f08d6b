"""What is typed about shifts, groups and who works by them."""

import itertools
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.kernel.actors import Actor
from zhiren.org import queries as org
from zhiren.plumbing.choices import validate_zone
from zhiren.plumbing.forms import DayField, NamedChoiceField
from zhiren.rostering import law, law_words, plans, queries
from zhiren.rostering.models import GroupVersion
from zhiren.rostering.services import Way
from zhiren.rostering.shift_rules import MoreRules
from zhiren.rostering.spans import MinutesField, SpansField, joined

_NIGHT = (22 * 60, 30 * 60)
_MINUTE, _HOUR = 60, 60  # in seconds, in minutes
_KINDS = (
    (plans.Kind.FIXED, pgettext_lazy("kind of shift", "Fixed hours")),
    (plans.Kind.FLEXIBLE, pgettext_lazy("kind of shift", "Arrive later, leave later")),
    (plans.Kind.CORE, pgettext_lazy("kind of shift", "Core time within a band")),
    (plans.Kind.FREE, pgettext_lazy("kind of shift", "Free hours")),
    (plans.Kind.IRREGULAR, pgettext_lazy("kind of shift", "Irregular hours")),
)
# What of a policy is typed in minutes.
_IN_MINUTES = (
    "flex_early", "flex_late", "grace_in", "serious_after", "late_absent_after", "grace_out", "dup", "ot_min",
    "ot_round",
)  # fmt: skip
_WITH_HOURS = frozenset({plans.Kind.FIXED, plans.Kind.FLEXIBLE, plans.Kind.CORE})
_USUAL = plans.Policy(holiday_is_overtime=True)
_OVERTIME = (
    (plans.Overtime.NEVER, _("None")),
    (plans.Overtime.PUNCHED, _("As punched, without asking")),
    (plans.Overtime.APPROVED_AND_PUNCHED, _("As punched, where it was approved")),
    (plans.Overtime.APPROVED, _("As approved, punched or not")),
    (plans.Overtime.EXTRA, _("Counts as ordinary work (comprehensive hours)")),
)


class ShiftForm(forms.Form):
    """A shift and how strictly it is read; in wall time, the same on every date and in every zone."""

    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=100)
    name_en = forms.CharField(label=_("English name"), max_length=100, required=False)
    valid_from = DayField(label=_("Holds from"))
    kind = forms.TypedChoiceField(label=_("Kind"), choices=_KINDS, coerce=int)
    hours = SpansField(
        label=_("Working hours"),
        required=False,
        help_text=_("Several stretches parted by commas; 22:00-06:00 is a night."),
    )
    breaks = SpansField(label=_("Breaks"), required=False, help_text=_("Within the working hours, not paid."))
    core = SpansField(label=_("Core time"), required=False)
    target_hours = forms.DecimalField(
        label=_("Hours due"), required=False, min_value=0, max_value=24, help_text=_("For core time and free hours.")
    )
    flex_early = MinutesField(_("May come earlier by (minutes)"))
    flex_late = MinutesField(_("May come later by (minutes)"))
    grace_in = MinutesField(_("Not late up to (minutes)"))
    serious_after = MinutesField(_("Seriously late after (minutes)"))
    late_absent_after = MinutesField(_("Late counts as absence after (minutes)"))
    grace_out = MinutesField(_("Not early up to (minutes)"))
    dup = MinutesField(_("Punches closer than this are one (minutes)"))
    drop_seconds = forms.BooleanField(label=_("Seconds do not count"), required=False)
    ot_mode = forms.TypedChoiceField(label=_("Overtime"), choices=_OVERTIME, coerce=int)
    ot_min = MinutesField(_("Overtime counts from (minutes)"))
    ot_round = MinutesField(_("Overtime in steps of (minutes)"))

    def __init__(self, *args: Any, said: plans.Shift | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.said = said or plans.Shift(kind=plans.Kind.IRREGULAR, night=_NIGHT, policy=_USUAL)
        self.more = MoreRules(self.data if self.is_bound else None, said=self.said)

    def clean(self) -> dict[str, Any]:
        """Ask for what the kind has, and refuse what nobody can work."""
        cleaned = super().clean() or self.cleaned_data
        kind, hours, core = cleaned.get("kind"), cleaned.get("hours") or [], cleaned.get("core") or []
        if kind in _WITH_HOURS and not hours and "hours" not in self.errors:
            self.add_error("hours", _("Write it like 09:00-12:00, 13:00-18:00."))
        if any(one[1] > other[0] for one, other in itertools.pairwise(hours)):
            self.add_error("hours", _("One stretch after the other, none in another."))
        if (
            kind == plans.Kind.CORE
            and hours
            and not (len(hours) == len(core) == 1 and hours[0][0] <= core[0][0] < core[0][1] <= hours[0][1])
        ):
            self.add_error("core", _("One stretch within the working hours, which are one stretch, too."))
        if kind in {plans.Kind.CORE, plans.Kind.FREE} and not cleaned.get("target_hours"):
            self.add_error("target_hours", _("Say how many hours are due."))
        if kind in _WITH_HOURS and hours and "breaks" in cleaned:
            cleaned["breaks"] = [_within(one, hours) for one in cleaned["breaks"]]
            if None in cleaned["breaks"]:
                self.add_error("breaks", _("A break lies outside the working hours."))
        if self.more.is_bound and not self.more.is_valid():
            raise forms.ValidationError(_("Something under “More rules” does not fit."))
        if not self.errors:
            try:
                plans.Shift.from_json(self.definition())
            except ValueError as error:
                raise forms.ValidationError(_("This shift cannot be worked as written.")) from error
        return cleaned

    def definition(self) -> dict[str, Any]:
        """Return what was typed as a shift in JSON (`plans.Shift`); what was not asked stays as it was."""
        given, before = self.cleaned_data, self.said.to_json()
        kind = given["kind"]
        hours = given["hours"] if kind in _WITH_HOURS else []
        kept = [*before["segments"], *[{}] * len(hours)]
        segments = [
            {
                **kept[number],
                "start": since,
                "end": until,
                "breaks": [one for one in given["breaks"] if since < one[1] and one[0] < until],
            }
            for number, (since, until) in enumerate(hours)
        ]
        policy = {name: (given[name] or 0) * _MINUTE for name in _IN_MINUTES}
        policy |= {"drop_seconds": given["drop_seconds"], "ot_mode": given["ot_mode"]}
        definition = {
            **before,
            "kind": kind,
            "segments": segments,
            "core": given["core"][0] if kind == plans.Kind.CORE else None,
            "target": int((given["target_hours"] or 0) * 3600) if kind in {plans.Kind.CORE, plans.Kind.FREE} else 0,
            "policy": before["policy"] | policy,
        }
        return self.more.applied(definition) if self.more.is_bound else definition


def _within(span: tuple[int, int], hours: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Return a break where it lies in these hours, on the next day if need be; None if it does not."""
    for days in (0, 24 * 60):
        since, until = span[0] + days, span[1] + days
        if any(begins <= since and until <= ends for begins, ends in hours):
            return since, until
    return None


def shift_as_filled_in(shift: plans.Shift) -> dict[str, Any]:
    """Return the values with which the form shows a shift."""
    policy = shift.policy
    return {
        "kind": int(shift.kind),
        "hours": joined([(one.start, one.end) for one in shift.segments]),
        "breaks": joined([one for segment in shift.segments for one in segment.breaks]),
        "core": joined([shift.core] if shift.core else []),
        "target_hours": shift.target / 3600 if shift.target else None,
        "drop_seconds": policy.drop_seconds,
        "ot_mode": int(policy.ot_mode),
        **{name: getattr(policy, name) // _MINUTE for name in _IN_MINUTES},
    }


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
    zone = forms.CharField(label=_("Time zone"), max_length=64, validators=[validate_zone])
    region = forms.CharField(label=_("Country of its holidays"), max_length=10)
    follows_holidays = forms.BooleanField(label=_("Off on holidays, at work on make-up days"), required=False)
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
    per_cycle = forms.IntegerField(label=_("At most so many a month"), min_value=0, max_value=99, required=False)
    cycle_day = forms.IntegerField(label=_("The month begins on day"), min_value=1, max_value=28, required=False)
    days = forms.IntegerField(label=_("Within so many working days"), min_value=0, max_value=99, required=False)
    places = forms.CharField(
        label=_("Places where phones may punch"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: name, latitude, longitude, metres around it. Without any, phones punch anywhere."),
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

    def clean(self) -> dict[str, Any]:
        """Refuse comprehensive hours that the country's law does not know."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["period"] = cleaned.get("period") or GroupVersion.Period.MONTH
        is_comprehensive = cleaned.get("regime") == GroupVersion.Regime.COMPREHENSIVE
        if is_comprehensive and self._country and cleaned["period"] not in law.comprehensive_periods(self._country):
            self.add_error("period", _("The law there knows no comprehensive hours over this period."))
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
            "working_days": True,
        }
        return Way(
            pattern=[UUID(given[name]) if given[name] else None for name in self.pattern_names],
            pattern_from=given["pattern_from"],
            zone=given["zone"],
            region=given["region"],
            follows_holidays=given["follows_holidays"],
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
        name, (latitude, longitude, metres) = parts[0], map(float, parts[1:])
    except ValueError as error:
        raise forms.ValidationError(_("Write it like: Jing'an store, 31.2304, 121.4737, 200.")) from error
    if not name or not (abs(latitude) <= 90 and abs(longitude) <= 180 and 0 < metres <= 100_000):
        raise forms.ValidationError(_("Write it like: Jing'an store, 31.2304, 121.4737, 200."))
    return {"name": name[:100], "lat": latitude, "lon": longitude, "radius_m": round(metres)}


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
        "places": "\n".join(
            f"{place['name']}, {place['lat']}, {place['lon']}, {place['radius_m']}" for place in version.places
        ),
        **{f"day_{number}": shift for number, shift in enumerate(version.pattern)},
    }


class PlaceForm(forms.Form):
    """Whom a group plans, from which day on."""

    employment = forms.ChoiceField(label=_("Person"))
    from_on = DayField(label=_("From"))

    def offer(self, people: Sequence[tuple[UUID, str]]) -> None:
        """Fill the choices."""
        self.fields["employment"].choices = [(str(pk), name) for pk, name in people]  # type: ignore[attr-defined]
