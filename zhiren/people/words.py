"""What speaks for and against two records being one person, in words, and what is set side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from zhiren import resumes
from zhiren.people import likeness, queries
from zhiren.people.models import Contact, DuplicateSuggestion, Person
from zhiren.people.pairs import Pair, Side

_REASONS = {
    "same_id_number": gettext_lazy("Same ID number"),
    "same_file": gettext_lazy("Same file"),
    "same_phone": gettext_lazy("Same phone number"),
    "same_mail": gettext_lazy("Same mail address"),
    "same_wechat": gettext_lazy("Same WeChat"),
    "same_name": gettext_lazy("Same name"),
    "same_reading": gettext_lazy("Name read the same"),
    "similar_name": gettext_lazy("Similar name"),
    "same_birth": gettext_lazy("Same date of birth"),
    "same_birth_month": gettext_lazy("Same month of birth"),
    "same_birth_year": gettext_lazy("Same year of birth"),
    "same_city": gettext_lazy("Same city"),
    "other_id_number": gettext_lazy("Different ID number"),
    "other_birth": gettext_lazy("Different year of birth"),
    "other_name": gettext_lazy("Different name"),
    "other_employers": gettext_lazy("No employer in common"),
    "other_schools": gettext_lazy("No school in common"),
    "other_phone": gettext_lazy("Different phone number"),
    "other_mail": gettext_lazy("Different mail address"),
}


@dataclass(frozen=True)
class Reason:
    """One piece of evidence in words; `tone` colours it: good speaks for, warn against."""

    text: str
    tone: str


def reasons(found: Iterable[dict[str, Any]]) -> list[Reason]:
    """Return evidence in words, in its order."""
    return [
        Reason(_reason(reason), "warn" if str(reason.get("code", "")).startswith("other_") else "good")
        for reason in found
        if _reason(reason)
    ]


def _reason(reason: dict[str, Any]) -> str:
    code = reason.get("code", "")
    if code in {"same_schools", "same_employers"}:
        numbers = {"agree": reason.get("agree", 1), "of": reason.get("of", 1)}
        if code == "same_schools":
            text = ngettext("Same school", "%(agree)s of %(of)s schools agree", numbers["of"]) % numbers
        else:
            text = ngettext("Same employer", "%(agree)s of %(of)s employers agree", numbers["of"]) % numbers
        years = "–".join(dict.fromkeys(str(reason[name]) for name in ("from", "to") if reason.get(name)))
        return f"{text} {years}".strip()
    return str(_REASONS.get(code, ""))


def how_likely(score: int) -> tuple[str, str]:
    """Return in words how likely a suggestion is, and the tone of it."""
    if score >= 90:
        return _("Very likely"), "good"
    return (_("Likely"), "brand") if score >= 50 else (_("Possible"), "outline")


@dataclass(frozen=True)
class Suggested:
    """A suggestion as a line shows it; `other` is who is not the person whose page it is."""

    row: DuplicateSuggestion
    other: Person
    reasons: list[Reason]
    likely: str
    tone: str


def suggested(rows: Iterable[DuplicateSuggestion], *, about: Person | None = None) -> list[Suggested]:
    """Return suggestions as lines."""
    return [
        Suggested(row, row.second if about is None or row.first_id == about.pk else row.first, found, *likely)
        for row in rows
        for found, likely in [(reasons(row.reasons), how_likely(row.score))]
    ]


# Side by side ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One fact of two persons. `state` is same, differs, or "" where only one of them says something."""

    label: Any
    left: Sequence[str]
    right: Sequence[str]
    state: str


def side_by_side(pair: Pair, *, shows_contacts: bool) -> list[Line]:
    """Return the facts of two persons line by line; what neither says is left out."""
    left, right = pair.stays, pair.goes
    one, other = left.person, right.person
    degrees = queries.degree_labels()
    lines = [
        _line(_("Name"), [one.name], [other.name], likeness.plain_name(one.name) == likeness.plain_name(other.name)),
        _plain(_("Current work"), one.headline, other.headline),
        _plain(_("Born"), _born(left.resume), _born(right.resume)),
        _plain(_("City"), one.city, other.city),
        _plain(_("Degree"), degrees.get(one.degree, ""), degrees.get(other.degree, "")),
    ]
    if shows_contacts:
        for kind in Contact.Kind:
            same = bool(left.marks.get(kind, set()) & right.marks.get(kind, set()))
            lines.append(_line(kind.label, left.contacts.get(kind, []), right.contacts.get(kind, []), same))
    lines += [
        _line(_("Schools"), *_stays(left, right, "schools")),
        _line(_("Employers"), *_stays(left, right, "employers")),
        _listed(_("Skills"), one.skills[:12], other.skills[:12]),
        _listed(_("Tags"), one.tags, other.tags),
    ]
    for (label, mine), (_label, theirs) in zip(left.counts, right.counts, strict=True):
        lines.append(Line(label, [str(mine)], [str(theirs)], ""))
    lines.append(Line(_("Entries in the history"), [str(left.events)], [str(right.events)], ""))
    return [line for line in lines if line.left or line.right]


def together(pair: Pair) -> list[tuple[Any, int]]:
    """Return what will be seen once two persons are one, in words, and how many there are."""
    counts = [
        (label, mine + theirs)
        for (label, mine), (_label, theirs) in zip(pair.stays.counts, pair.goes.counts, strict=True)
    ]
    return [(_("Entries in the history"), pair.stays.events + pair.goes.events), *counts]


def _plain(label: Any, left: str, right: str) -> Line:
    return _line(label, [left] if left else [], [right] if right else [], left == right)


def _line(label: Any, left: Sequence[str], right: Sequence[str], same: bool) -> Line:
    return Line(label, left, right, ("same" if same else "differs") if left and right else "")


def _listed(label: Any, left: Sequence[str], right: Sequence[str]) -> Line:
    """Return what one may have more or less of without being somebody else: it is not held against anybody."""
    between = pgettext("list", ", ")
    mine, theirs = ([between.join(items)] if items else [] for items in (left, right))
    return Line(label, mine, theirs, "")


def _born(resume: resumes.Resume | None) -> str:
    return resume.birth.value if resume and resume.birth else ""


def _stays(left: Side, right: Side, what: str) -> tuple[list[str], list[str], bool]:
    mine, theirs = (_named(side.resume, what) for side in (left, right))
    same = likeness.same_school if what == "schools" else likeness.same_employer
    agree = any(same(one[0], other[0]) for one in mine for other in theirs)
    return [_dated(*stay) for stay in mine], [_dated(*stay) for stay in theirs], agree


def _named(resume: resumes.Resume | None, what: str) -> list[tuple[str, str, str]]:
    if resume is None:
        return []
    if what == "schools":
        return [(stay.school.value, _value(stay.start), _value(stay.end)) for stay in resume.schools]
    return [(stay.employer.value, _value(stay.start), _value(stay.end)) for stay in resume.employers if stay.employer]


def _value(fact: resumes.Fact | None) -> str:
    return fact.value if fact else ""


def _dated(name: str, start: str, end: str) -> str:
    return f"{name} {'–'.join(filter(None, (start, end)))}".strip()
