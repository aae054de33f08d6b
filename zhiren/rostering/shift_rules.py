"""What else may be typed about a shift, that most never need: how its punches, absences and overtime are read."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiren.rostering import plans
from zhiren.rostering.spans import MinutesField, SpansField, clock, joined

_MINUTE, _DAY = 60, 24 * 60  # in seconds, in minutes
_IN_MINUTES = ("early_absent_after", "gate_free", "auto_break_after", "auto_break", "ot_start_after")
_YES = ("late_from_grace", "missing_trusted", "gate", "pairing", "ot_before", "ot_by_calendar")
_AS_BEFORE = "as_before"
_NEEDED = (
    ("all", _("Coming and going, of each stretch")),
    ("ends", _("Coming to the first stretch, going from the last")),
    ("in", _("Coming only")),
    ("out", _("Going only")),
    ("none", _("None")),
)


class MoreRules(forms.Form):
    """Rules of a shift beyond its hours and grace. Unbound, or never opened, it changes nothing of what was said."""

    asked = forms.CharField(widget=forms.HiddenInput, initial="1")
    early_absent_after = MinutesField(_("Leaving early counts as absence after (minutes)"))
    late_from_grace = forms.BooleanField(label=_("Late counts from the end of what is let pass"), required=False)
    needed = forms.ChoiceField(label=_("Punches that are needed"), choices=_NEEDED)
    missing_trusted = forms.BooleanField(label=_("A missing punch counts as on time, but is shown"), required=False)
    count_before = MinutesField(_("Punches count from so long before (minutes)"))
    count_after = MinutesField(_("Punches count until so long after (minutes)"))
    gate = forms.BooleanField(
        label=_("Who punches out and in again was away"), required=False,
        help_text=_("Gate passes: approved errands are taken off."),
    )  # fmt: skip
    gate_free = MinutesField(_("Away is not counted up to (minutes)"))
    pairing = forms.BooleanField(
        label=_("Punches alternate: in, out, in, out"), required=False,
        help_text=_("For free and irregular hours and days off; else the first and the last count."),
    )  # fmt: skip
    day_start = forms.TimeField(
        label=_("The day begins at"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_("For free and irregular hours."),
    )  # fmt: skip
    auto_break_after = MinutesField(
        _("A break is taken off from so long a presence on (minutes)"),
        help_text=_("For free and irregular hours and days off."),
    )
    auto_break = MinutesField(_("So long a break (minutes)"))
    ot_before = forms.BooleanField(label=_("Time before the shift is overtime, too"), required=False)
    ot_start_after = MinutesField(_("Overtime begins so long after the end (minutes)"))
    ot_by_calendar = forms.BooleanField(
        label=_("Overtime is of the date it lies on"), required=False,
        help_text=_("Else of the date on which the shift began."),
    )  # fmt: skip
    holiday_is_plain = forms.BooleanField(label=_("Work on holidays is no overtime"), required=False)
    night = SpansField(label=_("Night hours"), required=False)

    def __init__(self, data: Any = None, *, said: plans.Shift) -> None:
        opened = data is not None and "more-asked" in data
        super().__init__(data if opened else None, prefix="more", initial=_filled_in(said))
        self.said = said
        if _needed_of(said.segments) == _AS_BEFORE:
            choices = [(_AS_BEFORE, _("As it was, stretch by stretch")), *_NEEDED]
            self.fields["needed"].choices = choices  # type: ignore[attr-defined]  # a choice

    @property
    def is_telling(self) -> bool:
        """Whether something in it is not as most have it, or is wrong: then it is shown open."""
        return bool(self.errors) or self.initial != _USUAL or (self.is_bound and self.has_changed())

    def clean_night(self) -> tuple[int, int] | None:
        """Return the night, which is one stretch of a day at most."""
        found = self.cleaned_data["night"]
        if len(found) > 1:
            raise forms.ValidationError(_("One stretch, such as 22:00-06:00."))
        return found[0] if found else None

    def clean(self) -> dict[str, Any]:
        """Refuse a break without the presence it is taken from."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("auto_break") and not cleaned.get("auto_break_after"):
            self.add_error("auto_break_after", _("Say from how long a presence on."))
        return cleaned

    def applied(self, definition: Mapping[str, Any]) -> dict[str, Any]:
        """Return a shift in JSON as it is with what was typed here."""
        given = self.cleaned_data
        policy = {name: (given[name] or 0) * _MINUTE for name in _IN_MINUTES}
        policy |= {name: given[name] for name in _YES if name != "pairing"}
        policy |= {"pairing": int(given["pairing"]), "holiday_is_overtime": not given["holiday_is_plain"]}
        start = given["day_start"]
        return {
            **definition,
            "segments": [
                self._segment(one, number, len(definition["segments"]))
                for number, one in enumerate(definition["segments"])
            ],
            "day_start": start.hour * 60 + start.minute if start else 0,
            "night": given["night"] or None,
            "policy": definition["policy"] | policy,
        }

    def _segment(self, one: Mapping[str, Any], number: int, count: int) -> dict[str, Any]:
        given, found = self.cleaned_data, dict(one)
        if given["needed"] != _AS_BEFORE:
            found["need_in"], found["need_out"] = _needs(given["needed"], number, count)
        for name, field in (("before", "count_before"), ("after", "count_after")):
            # What was not touched stays as each stretch has it.
            if given[field] is not None and given[field] != self.initial[field]:
                found[name] = given[field] * _MINUTE
        return found


def _needs(needed: str, number: int, count: int) -> tuple[bool, bool]:
    """Return whether a stretch of so many needs a punch at its begin, and at its end."""
    if needed == "ends":
        return number == 0, number == count - 1
    return needed in ("all", "in"), needed in ("all", "out")


def _needed_of(segments: Sequence[plans.ShiftSegment]) -> str:
    """Return which choice says what stretches need."""
    told = [(one.need_in, one.need_out) for one in segments]
    for name, _label in _NEEDED:
        if told == [_needs(name, number, len(told)) for number in range(len(told))]:
            return name
    return _AS_BEFORE


def _filled_in(shift: plans.Shift) -> dict[str, Any]:
    """Return the values with which a shift is shown."""
    policy = shift.policy
    usual = plans.ShiftSegment(start=0, end=1)
    first, last = (shift.segments[0], shift.segments[-1]) if shift.segments else (usual, usual)
    return {
        "asked": "1",
        **{name: getattr(policy, name) // _MINUTE or None for name in _IN_MINUTES},
        **{name: bool(getattr(policy, name)) for name in _YES},
        "needed": _needed_of(shift.segments),
        "count_before": first.before // _MINUTE,
        "count_after": last.after // _MINUTE,
        "day_start": clock(shift.day_start) if shift.day_start else None,
        "holiday_is_plain": not policy.holiday_is_overtime,
        "night": joined([(shift.night[0], _of_clock(shift.night[1]))] if shift.night else []),
    }


def _of_clock(minutes: int) -> int:
    """Return what the clock shows then, the next day, too."""
    return minutes - _DAY if minutes > _DAY else minutes


_USUAL = _filled_in(
    plans.Shift(kind=plans.Kind.IRREGULAR, night=(22 * 60, 30 * 60), policy=plans.Policy(holiday_is_overtime=True))
)
