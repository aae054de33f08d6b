"""What is typed about shifts."""

import itertools
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.plumbing.forms import DayField
from zhiren.rostering import plans
from zhiren.rostering.shift_rules import MoreRules
from zhiren.rostering.spans import MinutesField, SpansField, joined

_NIGHT = (22 * 60, 30 * 60)
_MINUTE = 60  # seconds
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
