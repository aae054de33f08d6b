"""What the pages of interviews take in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhiren.interviews import rules
from zhiren.interviews.models import Interview, Scorecard
from zhiren.interviews.queries import CardWords
from zhiren.interviews.words import ZONES, zone_city
from zhiren.plumbing.forms import DayField

LENGTHS = (30, 45, 60, 90, 120)
LEVELS = (
    (1, pgettext_lazy("level", "Weak")),
    (2, pgettext_lazy("level", "Fair")),
    (3, pgettext_lazy("level", "Good")),
    (4, pgettext_lazy("level", "Excellent")),
)
_HALF_HOUR = 30


def uuids(values: Iterable[Any]) -> list[UUID]:
    """Return the ids among values, each once; what is none is left out."""
    found: list[UUID] = []
    for value in values:
        try:
            found.append(UUID(str(value)))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


class Colleagues(forms.Field):
    """Ids of users, in the order in which they were chosen."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[UUID]:
        """Return the ids; what is none is left out."""
        return uuids(value or [])


class ArrangeForm(forms.Form):
    """When, how, where, with whom."""

    round_name = forms.CharField(label=pgettext_lazy("interview", "Round"), max_length=60)
    kind = forms.ChoiceField(
        label=pgettext_lazy("interview", "Kind"), choices=Interview.Kind.choices, widget=forms.RadioSelect
    )
    day = DayField(label=pgettext_lazy("interview", "Day"))
    clock = forms.TimeField(
        label=pgettext_lazy("interview", "Begins"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    minutes = forms.TypedChoiceField(label=pgettext_lazy("interview", "Length"), coerce=int)
    zone = forms.ChoiceField(label=_("Time zone"))
    place = forms.CharField(
        label=_("Place or link"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Meeting room, phone, or the link to the call")}),
    )
    interviewers = Colleagues(
        label=_("Interviewers"), error_messages={"required": _("Choose at least one interviewer.")}
    )

    def __init__(self, *args: Any, near_zones: Sequence[str], length: int = 60, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        minutes = self.fields["minutes"]
        zone = self.fields["zone"]
        if isinstance(minutes, forms.ChoiceField) and isinstance(zone, forms.ChoiceField):
            lengths = sorted({*LENGTHS, length})
            minutes.choices = [(one, gettext("%(n)d minutes") % {"n": one}) for one in lengths]
            zone.choices = _zones(near_zones)
        self.starts_at: datetime | None = None

    def clean(self) -> dict[str, Any]:
        """Find the moment; there is none in the hour that clocks skip."""
        cleaned = super().clean() or {}
        if all(cleaned.get(name) is not None for name in ("day", "clock", "zone")):
            self.starts_at = rules.moment_in(cleaned["zone"], cleaned["day"], cleaned["clock"])
            if self.starts_at is None:
                self.add_error("clock", gettext("Clocks are put forward that night: this time does not exist there."))
        return cleaned

    def plan(self) -> dict[str, Any]:
        """Return what the services take."""
        taken = ("round_name", "kind", "minutes", "zone", "place")
        return {
            **{name: self.cleaned_data[name] for name in taken},
            "starts_at": self.starts_at,
            "interviewer_ids": self.cleaned_data["interviewers"],
        }


def _zones(near: Sequence[str]) -> list[Any]:
    known = list(dict.fromkeys([*(zone for zone in near if zone), *ZONES]))
    others = sorted(available_timezones() - set(known))
    return [
        (pgettext("time zones", "Common"), [(zone, zone_city(zone)) for zone in known]),
        (
            pgettext("time zones", "All"),
            [(zone, zone.replace("_", " ")) for zone in others if "/" in zone and not zone.startswith("Etc/")],
        ),
    ]


def initial_of_new(*, at: datetime, zone: str, round_number: int) -> dict[str, Any]:
    """Return how the form for a new interview begins: at the last full half hour, in the opening's zone."""
    local = at.astimezone(ZoneInfo(zone))
    local -= timedelta(minutes=local.minute % _HALF_HOUR)
    rounds = [_("First round"), _("Second round"), _("Third round"), _("Final round")]
    return {
        "round_name": str(rounds[min(round_number, len(rounds) - 1)]),
        "kind": Interview.Kind.VIDEO,
        "day": local.date(),
        "clock": local.time(),
        "minutes": 60,
        "zone": zone,
    }


def initial_of(interview: Interview) -> dict[str, Any]:
    """Return how the form for changing an interview begins."""
    local = interview.starts_at.astimezone(ZoneInfo(interview.zone))
    return {
        "round_name": interview.round_name,
        "kind": interview.kind,
        "day": local.date(),
        "clock": local.time(),
        "minutes": interview.minutes,
        "zone": interview.zone,
        "place": interview.place,
    }


class CancelForm(forms.Form):
    """Why an interview does not take place."""

    reason = forms.ChoiceField(
        label=pgettext_lazy("interview", "Why"),
        choices=[choice for choice in Interview.CancelReason.choices if choice[0] != Interview.CancelReason.ENDED],
        widget=forms.RadioSelect,
        initial=Interview.CancelReason.CANDIDATE,
    )


@dataclass(frozen=True)
class Level:
    """One step of an attribute's scale."""

    value: int
    label: str
    anchor: str
    chosen: bool


@dataclass(frozen=True)
class Row:
    """One attribute of the scorecard as the page shows it."""

    code: str
    name: str
    question: str
    levels: Sequence[Level]
    not_asked: bool
    evidence: str
    is_missing: bool


class ScorecardForm(forms.Form):
    """An interviewer's scorecard: a rating and evidence for every attribute, the verdict, words for two readers."""

    verdict = forms.ChoiceField(choices=Scorecard.Verdict.choices)
    strengths = forms.CharField(max_length=2000, required=False)
    concerns = forms.CharField(max_length=2000, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        attributes: rules.Attributes,
        ratings: Mapping[str, int],
        words: CardWords,
        verdict: str,
        language: str,
    ) -> None:
        initial: dict[str, Any] = {"verdict": verdict, "strengths": words.strengths, "concerns": words.concerns}
        initial |= {f"rating-{code}": value for code, value in ratings.items()}
        initial |= {f"evidence-{code}": text for code, text in words.evidence.items()}
        super().__init__(data, initial=initial)
        self._attributes, self._language = attributes, language
        steps = [(value, value) for value in (rules.NOT_ASKED, *rules.LEVELS)]
        for attribute in attributes:
            code = attribute["code"]
            self.fields[f"rating-{code}"] = forms.TypedChoiceField(choices=steps, coerce=int)
            self.fields[f"evidence-{code}"] = forms.CharField(max_length=2000, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a strong no."""
        cleaned = super().clean() or {}
        words = [cleaned.get("concerns"), *(value for name, value in cleaned.items() if name.startswith("evidence-"))]
        if cleaned.get("verdict") == Scorecard.Verdict.STRONG_NO and not any(words):
            self.add_error("concerns", gettext("A strong no stops the candidate. Say why in one sentence."))
        return cleaned

    def given(self) -> dict[str, Any]:
        """Return what was entered and makes sense, as the services take it; complete only when the form is valid."""
        cleaned = self.cleaned_data
        codes = [attribute["code"] for attribute in self._attributes]
        return {
            "ratings": {
                code: cleaned[f"rating-{code}"] for code in codes if cleaned.get(f"rating-{code}") not in (None, "")
            },
            "evidence": {code: cleaned.get(f"evidence-{code}", "") for code in codes},
            "verdict": cleaned.get("verdict", ""),
            "summary_for_candidate": cleaned.get("strengths", ""),
            "concerns": cleaned.get("concerns", ""),
        }

    def missing(self) -> int:
        """Return how many answers are still needed."""
        given = sum(self._number(attribute["code"]) is not None for attribute in self._attributes)
        return len(self._attributes) - given + (0 if self["verdict"].value() else 1)

    def total(self) -> int:
        """Return how many answers are needed in all."""
        return len(self._attributes) + 1

    def done(self) -> int:
        """Return how many of the needed answers are there."""
        return self.total() - self.missing()

    def rows(self) -> list[Row]:
        """Return the attributes with what was entered."""
        return [self._row(attribute) for attribute in self._attributes]

    def verdicts(self) -> list[tuple[str, Any, bool]]:
        """Return the verdicts: code, label, whether chosen."""
        return [(code, label, self["verdict"].value() == code) for code, label in Scorecard.Verdict.choices]

    def _number(self, code: str) -> int | None:
        value = self[f"rating-{code}"].value()
        return int(value) if str(value).isdecimal() else None

    def _row(self, attribute: Mapping[str, Any]) -> Row:
        code, rating = attribute["code"], self._number(attribute["code"])
        anchors = [rules.in_language(anchor, self._language) for anchor in attribute["anchors"]]
        return Row(
            code=code,
            name=rules.in_language(attribute["name"], self._language),
            question=rules.in_language(attribute.get("question", {}), self._language),
            levels=[Level(value, str(label), anchors[value - 1], rating == value) for value, label in LEVELS],
            not_asked=rating == rules.NOT_ASKED,
            evidence=self[f"evidence-{code}"].value() or "",
            is_missing=self.is_bound and bool(self.errors.get(f"rating-{code}")),
        )
