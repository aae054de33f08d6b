"""Conditions and what came of them, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from zhiren.people import queries as people
from zhiren.screening.conditions import (
    DEGREES,
    LEVELS,
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
from zhiren.screening.rules import Outcome, Verdict

LANGUAGES: Mapping[str, Any] = {
    "zh": _("Chinese"),
    "en": _("English"),
    "ja": _("Japanese"),
    "ko": _("Korean"),
    "de": _("German"),
    "fr": _("French"),
    "es": _("Spanish"),
    "ru": _("Russian"),
    "pt": _("Portuguese"),
    "it": _("Italian"),
    "ar": _("Arabic"),
    "th": _("Thai"),
    "vi": _("Vietnamese"),
    "id": _("Indonesian"),
}
ATTRIBUTES: Mapping[str, Any] = {
    "gender": _("Gender"),
    "family": _("Marriage and children"),
    "health": _("Health and looks"),
    "ethnicity": _("Ethnicity and religion"),
    "origin": _("Where somebody is registered"),
    "age": _("Age"),
}
_NATIVE = gettext_lazy("Native")


def degrees() -> list[tuple[str, str]]:
    """Return the degrees to choose from, the lowest first."""
    labels = people.degree_labels()
    return [
        ("", gettext("Any degree")),
        *((code, gettext("%(degree)s or higher") % {"degree": labels[code]}) for code in DEGREES),
    ]


def languages() -> list[tuple[str, str]]:
    """Return the languages to choose from."""
    return [("", gettext("No language")), *((code, str(name)) for code, name in LANGUAGES.items())]


def levels() -> list[tuple[str, str]]:
    """Return the levels of a language to choose from."""
    return [("", gettext("Any level")), *((level, _level(level)) for level in LEVELS)]


def _level(level: str) -> str:
    return str(_NATIVE) if level == "native" else level


def condition(one: Condition) -> str:
    """Return a condition in one line.

    >>> condition(Notice(days=30))
    'Can start within 30 days'
    """
    match one:
        case Degree(at_least=degree):
            return gettext("%(degree)s or higher") % {"degree": people.degree_labels()[degree]}
        case Experience(years=years, field=field):
            if field:
                return gettext("%(years)s years or more in: %(field)s") % {"years": f"{years:g}", "field": _list(field)}
            return gettext("%(years)s years of experience or more") % {"years": f"{years:g}"}
        case Skills(all_of=all_of, any_of=any_of):
            both = [_list(all_of), gettext("one of %(names)s") % {"names": _list(any_of)} if any_of else ""]
            return gettext("Skills: %(names)s") % {"names": "; ".join(filter(None, both))}
        case City(any_of=places):
            return gettext("Lives in %(places)s") % {"places": _list(places)}
        case Pay(at_most=amount, currency=currency):
            return gettext("Expects at most %(pay)s a month") % {"pay": f"{currency} {amount // 100:,}"}
        case Language(code=code, at_least=level):
            name = str(LANGUAGES.get(code, code))
            return (
                gettext("%(language)s, %(level)s or better") % {"language": name, "level": _level(level)}
                if level
                else name
            )
        case Notice(days=days):
            return ngettext("Can start within %(n)d day", "Can start within %(n)d days", days) % {"n": days}
        case Certificate(any_of=names):
            return gettext("Certificate: %(names)s") % {"names": _list(names)}


def verdict(one: Condition, found: Verdict) -> str:
    """Return what a résumé says to a condition, in one line. Personal data."""
    if found.missing and found.outcome is not Outcome.PASSED:
        words = gettext("not named: %(names)s") % {"names": _list(found.missing)}
        return f"{words} · {found.found}" if found.found and found.found != "0" else words
    if not found.found:
        return gettext("the résumé says nothing")
    match one:
        case Degree():
            label = people.degree_labels().get(found.found, found.found)
            return (
                gettext("%(degree)s, not finished yet") % {"degree": label}
                if found.outcome is Outcome.UNKNOWN
                else label
            )
        case Experience():
            return gettext("%(years)s years") % {"years": found.found}
        case _:
            return found.found


def _list(names: tuple[str, ...]) -> str:
    return pgettext("list", ", ").join(names)
