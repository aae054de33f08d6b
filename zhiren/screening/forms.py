"""What people fill in about conditions."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhiren.kernel.money import CURRENCIES
from zhiren.screening import words
from zhiren.screening.conditions import (
    Certificate,
    City,
    Condition,
    Degree,
    Experience,
    Language,
    Notice,
    Pay,
    Skills,
)
from zhiren.screening.services import refusals_of

_BETWEEN = re.compile(r"[,，;；、\n]+")
_MOST_NAMES, _LONGEST_NAME = 20, 60


class _Names(forms.CharField):
    """Several names, parted by commas; each at most `_LONGEST_NAME` letters, at most `_MOST_NAMES` of them."""

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return the names, each once."""
        text = super().clean(value)
        names = dict.fromkeys(" ".join(part.split()) for part in _BETWEEN.split(text))
        names.pop("", None)
        if len(names) > _MOST_NAMES or any(len(name) > _LONGEST_NAME for name in names):
            raise forms.ValidationError(_("At most 20 names, each of at most 60 letters."))
        return tuple(names)


class ConditionsForm(forms.Form):
    """The hard conditions of an opening; a part left empty is no condition. Pay is per month, in whole units."""

    degree = forms.ChoiceField(label=_("Degree"), choices=words.degrees, required=False)
    years = forms.DecimalField(
        label=_("Years of experience, at least"),
        min_value=Decimal("0.5"),
        max_value=50,
        decimal_places=1,
        required=False,
    )
    field = _Names(label=_("… in a job that names"), max_length=1000, required=False)
    skills_all = _Names(label=_("All of these skills"), max_length=1000, required=False)
    skills_any = _Names(label=_("One of these skills"), max_length=1000, required=False)
    silence_fails = forms.BooleanField(
        label=_("A skill the résumé does not name counts as missing"), required=False, initial=True
    )
    cities = _Names(label=_("Lives in"), max_length=1000, required=False)
    pay = forms.DecimalField(
        label=_("Expected pay, at most"), min_value=1, max_digits=12, decimal_places=0, required=False
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES], initial="CNY")
    language = forms.ChoiceField(label=_("Language"), choices=words.languages, required=False)
    level = forms.ChoiceField(label=_("Level, at least"), choices=words.levels, required=False)
    notice = forms.IntegerField(label=_("Can start within, in days"), min_value=0, max_value=730, required=False)
    certificates = _Names(label=_("One of these certificates"), max_length=1000, required=False)
    puts_aside = forms.BooleanField(label=_("Put whoever fails a condition aside by itself"), required=False)
    decline_after_hours = forms.IntegerField(
        label=_("Decline them after, in business hours"), min_value=1, max_value=1000, initial=24
    )

    def conditions(self) -> list[Condition]:
        """Return the conditions that were filled in."""
        given = self.cleaned_data
        found: list[Condition] = []
        if given["degree"]:
            found.append(Degree(at_least=given["degree"]))
        if given["years"]:
            found.append(Experience(years=float(given["years"]), field=given["field"]))
        if given["skills_all"] or given["skills_any"]:
            found.append(
                Skills(all_of=given["skills_all"], any_of=given["skills_any"], silence_fails=given["silence_fails"])
            )
        if given["cities"]:
            found.append(City(any_of=given["cities"]))
        if given["pay"]:
            found.append(Pay(at_most=int(given["pay"] * 100), currency=given["currency"]))
        if given["language"]:
            found.append(Language(code=given["language"], at_least=given["level"]))
        if given["notice"] is not None:
            found.append(Notice(days=given["notice"]))
        if given["certificates"]:
            found.append(Certificate(any_of=given["certificates"]))
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse a part that says nothing without another."""
        given = super().clean() or self.cleaned_data
        if given.get("field") and not given.get("years"):
            self.add_error("years", _("Say how many years in these jobs."))
        for name, value in list(given.items()):
            for refusal in refusals_of(value if isinstance(value, tuple) else (), language=get_language() or ""):
                self.add_error(name, str(refusal))
        if given.get("level") and not given.get("language"):
            self.add_error("language", _("Say which language."))
        return given


def as_filled_in(conditions: Iterable[Condition]) -> dict[str, Any]:
    """Return what the form shows for conditions."""
    shown: dict[str, Any] = {}
    for condition in conditions:
        match condition:
            case Degree(at_least=degree):
                shown |= {"degree": degree}
            case Experience(years=years, field=field):
                shown |= {"years": f"{years:g}", "field": _joined(field)}
            case Skills(all_of=all_of, any_of=any_of, silence_fails=silence):
                shown |= {"skills_all": _joined(all_of), "skills_any": _joined(any_of), "silence_fails": silence}
            case City(any_of=cities):
                shown |= {"cities": _joined(cities)}
            case Pay(at_most=amount, currency=currency):
                shown |= {"pay": amount // 100, "currency": currency}
            case Language(code=code, at_least=level):
                shown |= {"language": code, "level": level}
            case Notice(days=days):
                shown |= {"notice": days}
            case Certificate(any_of=names):
                shown |= {"certificates": _joined(names)}
    return shown


def _joined(names: Iterable[str]) -> str:
    return "，".join(names)


class LetterForm(forms.Form):
    """What somebody who is put aside will be told."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(label=_("Text"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 14}))
