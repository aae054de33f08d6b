"""What candidates are told, in words."""

from typing import Any

from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

STEPS: dict[str, Any] = {
    "new": pgettext_lazy("step of a candidate", "Received"),
    "screening": pgettext_lazy("step of a candidate", "Reading"),
    "interview": pgettext_lazy("step of a candidate", "Interview"),
    "offer": pgettext_lazy("step of a candidate", "Offer"),
    "hired": pgettext_lazy("step of a candidate", "First day"),
}

# What the candidate's page says first, by stage.
WHERE: dict[str, Any] = {
    "new": _("We have your application"),
    "screening": _("We are reading your application"),
    "interview": _("You are in the interviews"),
    "offer": _("We are talking about an offer"),
    "hired": _("You are joining us"),
}

NEXT: dict[str, Any] = {
    "new": _("A colleague reads your résumé and tells you whether it goes on."),
    "screening": _("We compare your résumé with what the job needs, then tell you whether we meet."),
    "interview": _("We arrange the interviews with you, and after each one tell you how it went and what comes next."),
    "offer": _("We settle pay, date and terms with you, and put them in writing."),
    "hired": _("We prepare your first day and tell you where and when to come."),
}

# What we promised, by the code of the promise.
_PROMISED: dict[str, Any] = {
    "next_step": _("We tell you the next step."),
    "feedback": _("We tell you how the interview went."),
}

# Why a file could not be read, and what the candidate may do; all of them are kept nevertheless.
_UNREADABLE: dict[str, Any] = {
    "encrypted": _("It is protected by a password. You can choose a copy without one."),
    "no_text": _("It is a picture without text, so nothing could be filled in for you."),
    "unsupported": _("We cannot fill in the form from this kind of file; PDF and Word work."),
    "damaged": _("It seems to be damaged. You can choose it again."),
    "empty": _("It is empty. Please choose another one."),
}

_ZONES: dict[str, Any] = {"Asia/Shanghai": _("Beijing time"), "Asia/Hong_Kong": _("Hong Kong time")}


def promised(what: str) -> str:
    """Return what was promised to a candidate."""
    return str(_PROMISED.get(what, _PROMISED["next_step"]))


def unreadable(problem: str) -> str:
    """Return what to tell somebody whose file could not be read."""
    return str(_UNREADABLE.get(problem, _("We could not read it by machine.")))


def zone_name(zone: str) -> str:
    """Return a time zone as people say it: Beijing time, Berlin time."""
    if zone in _ZONES:
        return str(_ZONES[zone])
    return gettext("%(place)s time") % {"place": zone.rpartition("/")[2].replace("_", " ")}


def described(opening: Any) -> str:
    """Return an opening's text in the reader's language, else in the one it was written in."""
    english = get_language() == "en"
    first, second = opening.description, opening.description_en
    return str((second or first) if english else (first or second))


def introduced(company: Any) -> str:
    """Return what the company says about itself, in the reader's language."""
    return str((company.introduction_en if get_language() == "en" else "") or company.introduction)
