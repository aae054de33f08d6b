"""What recruiting calls things on its pages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from zhiren.people.models import Person
from zhiren.recruiting import intake
from zhiren.recruiting.models import ExitReason, Opening, Stage
from zhiren.resumes import Reason

SOURCES: dict[str, Any] = {
    "upload": pgettext_lazy("source of a candidate", "Upload"),
    "careers": pgettext_lazy("source of a candidate", "Career site"),
    "referral": pgettext_lazy("source of a candidate", "Referral"),
    "by_hand": pgettext_lazy("source of a candidate", "By hand"),
    "mail": pgettext_lazy("source of a candidate", "Mail"),
    "agency": pgettext_lazy("source of a candidate", "Agency"),
    "api": pgettext_lazy("source of a candidate", "API"),
    "mail:zhaopin": pgettext_lazy("source of a candidate", "Zhaopin"),
    "mail:51job": pgettext_lazy("source of a candidate", "51job"),
    "mail:liepin": pgettext_lazy("source of a candidate", "Liepin"),
    "mail:boss": pgettext_lazy("source of a candidate", "BOSS Zhipin"),
    "mail:lagou": pgettext_lazy("source of a candidate", "Lagou"),
    "mail:58": pgettext_lazy("source of a candidate", "58.com"),
    "mail:linkedin": pgettext_lazy("source of a candidate", "LinkedIn"),
    "mail:indeed": pgettext_lazy("source of a candidate", "Indeed"),
}

PROBLEMS: dict[str, Any] = {
    Reason.EMPTY: gettext_lazy("The file is empty. Ask the sender for it again."),
    Reason.TOO_LARGE: gettext_lazy(
        "The file is larger than allowed. Ask for a smaller one, or enter the facts by hand."
    ),
    Reason.ENCRYPTED: gettext_lazy("The file is protected by a password. Ask for a copy without one."),
    Reason.UNSUPPORTED: gettext_lazy("This kind of file cannot be read. Ask for a PDF or a Word file."),
    Reason.LYING: gettext_lazy(
        "The name of the file and its content do not agree. Do not open it; ask the sender for it again."
    ),
    Reason.DAMAGED: gettext_lazy("The file is damaged or incomplete. Ask the sender for it again."),
    Reason.TOO_MANY_PAGES: gettext_lazy("The file has more pages than a résumé may have. Ask for the résumé alone."),
    Reason.NO_TEXT: gettext_lazy(
        "The file is a picture without text. Enter the facts by hand, or ask for a file with text."
    ),
    Reason.BOMB: gettext_lazy(
        "The file grows beyond all measure when it is opened. Do not open it; ask the sender for it again."
    ),
    Reason.TIMEOUT: gettext_lazy("Reading the file took too long. Enter the facts by hand, or ask for a simpler file."),
    Reason.CRASHED: gettext_lazy(
        "The file could not be read. Enter the facts by hand, or ask for it in another format."
    ),
    intake.CANCELLED: gettext_lazy(
        "Reading was stopped before it came to this file. Let the upload go on, or enter the facts by hand."
    ),
    intake.FILE_MISSING: gettext_lazy("The stored file is missing. Please tell your administrator."),
}


def problem(code: str) -> str:
    """Return why a file could not be read, and what to do."""
    return str(PROBLEMS.get(code, PROBLEMS[Reason.CRASHED]))


def source(code: str) -> str:
    """Return what a source is called; one that we do not know is called what it is."""
    return str(SOURCES.get(code, code))


def reasons_by_side(reasons: Iterable[ExitReason]) -> list[tuple[str, list[tuple[str, list[ExitReason]]]]]:
    """Return the reasons under their groups, and these under whose decision it was."""
    sides: dict[str, dict[str, list[ExitReason]]] = {}
    for reason in reasons:
        sides.setdefault(str(reason.get_side_display()), {}).setdefault(reason.group_label, []).append(reason)
    return [(side, list(groups.items())) for side, groups in reversed(sides.items())]


def choices(stages: Iterable[Stage]) -> list[tuple[UUID, str]]:
    """Return stages as the menus of many cards list them: each called by its name once."""
    return [(stage.pk, stage.label) for stage in stages]


def on_cards() -> dict[str, str]:
    """Return what every card says, looked up once for all of them."""
    return {
        "menu": _("More"),
        "move_to": _("Move to"),
        "end": _("End…"),
        "here_for": _("here for"),
        "was_due": _("Was due"),
        "since": _("In this stage since"),
        "choose": pgettext("a candidate", "Choose"),
        "key": _("Key candidate"),
    }


_DEGREES = dict(Person.Degree.choices)


def degree(code: str) -> str:
    """Return what a degree is called; empty for none."""
    return str(_DEGREES.get(code, ""))


def public_address(opening: Opening) -> str:
    """Return where the public finds a published opening; empty for one that it does not."""
    if opening.published_at is None:
        return ""
    try:
        return settings.PUBLIC_URL + reverse("careers:opening", args=[opening.slug])
    except NoReverseMatch:  # an installation without the career site
        return ""


def weeks_for_chart(weeks: list[tuple[datetime, dict[str, int]]]) -> dict[str, Any]:
    """Return applications by week and source as a chart draws them, and as the table beside it shows them."""
    used = sorted({code for _week, numbers in weeks for code in numbers})
    chart = {
        "labels": [f"{week:%m-%d}" for week, _numbers in weeks],
        "series": [
            {"name": source(code), "values": [numbers.get(code, 0) for _week, numbers in weeks]} for code in used
        ],
        "stacked": True,
        "unit": _(" people"),
    }
    table = [
        (week, [numbers.get(code, 0) for code in used], sum(numbers.values())) for week, numbers in reversed(weeks)
    ]
    return {"chart": chart, "week_rows": table, "week_sources": [source(code) for code in used]}
