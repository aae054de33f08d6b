"""A résumé as its page shows it: fields with their state beside the original. Words, no tables."""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language_info, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from zhiren import resumes
from zhiren.people import names
from zhiren.people.models import Person
from zhiren.resumes import Fact
from zhiren.resumes import corrections as laid
from zhiren.resumes.checks import FINDINGS, check
from zhiren.resumes.differences import Difference

# A fact below this is one to look at: its rule is wrong often enough.
SURE_FROM = 0.75
_MOST_SHOWN = 400

LABELS: Mapping[str, Any] = {
    "name": gettext_lazy("Name"),
    "city": gettext_lazy("City"),
    "birth": gettext_lazy("Born"),
    "degree": gettext_lazy("Highest degree"),
    "expected_pay": gettext_lazy("Expected pay"),
    "current_pay": gettext_lazy("Current pay"),
    "notice": gettext_lazy("Can start"),
    "phones": gettext_lazy("Phone"),
    "mails": gettext_lazy("Mail address"),
    "skills": gettext_lazy("Skill"),
    "employers": gettext_lazy("Employment"),
    "employers.employer": gettext_lazy("Employer"),
    "employers.title": gettext_lazy("Job title"),
    "employers.start": pgettext_lazy("beginning of a job", "From"),
    "employers.end": pgettext_lazy("end of a job", "Until"),
    "employers.text": gettext_lazy("What was done there"),
    "schools": gettext_lazy("Education"),
    "schools.school": gettext_lazy("School"),
    "schools.degree": gettext_lazy("Degree"),
    "schools.major": gettext_lazy("Major"),
    "schools.start": pgettext_lazy("beginning of a job", "From"),
    "schools.end": pgettext_lazy("end of a job", "Until"),
    "languages": gettext_lazy("Language"),
    "languages.language": gettext_lazy("Language"),
    "languages.level": gettext_lazy("Level"),
    "certificates": gettext_lazy("Certificate"),
    "certificates.name": gettext_lazy("Certificate"),
    "certificates.date": gettext_lazy("Date"),
}
_CONTACTS = {"phones": "phone", "mails": "mail"}
_GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("person", gettext_lazy("Person"), (*laid.SINGLE, "phones", "mails")),
    ("employers", gettext_lazy("Employers"), ("employers",)),
    ("schools", gettext_lazy("Education"), ("schools",)),
    ("skills", gettext_lazy("Skills"), ("skills",)),
    ("languages", gettext_lazy("Languages"), ("languages",)),
    ("certificates", gettext_lazy("Certificates"), ("certificates",)),
)


@dataclass(frozen=True)
class Field:
    """One fact as shown; `state` is sure, check, corrected, confirmed, or missing where nothing was read."""

    key: str
    name: str
    value: str
    state: str
    fact: Fact | None = None
    correction: str = ""
    by: str = ""

    @property
    def label(self) -> str:
        """What the field is called."""
        return str(LABELS[self.name])

    @property
    def mark(self) -> str:
        """The name the script knows it by, the same in the fields and in the original."""
        return mark_of(self.key)


@dataclass(frozen=True)
class Entry:
    """What belongs together: an employment with its fields, or a single fact."""

    key: str
    name: str
    fields: Sequence[Field]


@dataclass(frozen=True)
class Group:
    """A headed part of the fields; `adds` are lists one can add to, `many` says that entries have several fields."""

    code: str
    title: str
    entries: Sequence[Entry]
    adds: Sequence[str]
    many: bool


@dataclass(frozen=True)
class Gone:
    """A correction that shows nowhere among the fields: something said not to be there, or one without a place."""

    correction: str
    label: str
    value: str
    by: str


def mark_of(key: str) -> str:
    """Return a key as a name for the script and for ids."""
    return re.sub(r"\W+", "-", key).strip("-")


def groups_of(applied: laid.Applied, authors: Mapping[str, str]) -> list[Group]:
    """Return the fields of a résumé in their groups. `authors` names who made each correction."""
    found = []
    for code, title, lists in _GROUPS:
        entries = [entry for name in lists for entry in _entries(applied, name, authors)]
        adds = [name for name in lists if name not in laid.SINGLE]
        found.append(Group(code, str(title), entries, adds, many=code in laid.ENTRY_FIELDS))
    return found


def doubtful(groups: Sequence[Group]) -> list[Field]:
    """Return the fields to look at first, the least sure before the others."""
    fields = [field for group in groups for entry in group.entries for field in entry.fields if field.state == "check"]
    return sorted(fields, key=lambda field: field.fact.confidence if field.fact else 0)


def field_at(groups: Sequence[Group], key: str) -> Field | None:
    """Return the field of a key; None if the résumé has none."""
    fields = (field for group in groups for entry in group.entries for field in entry.fields)
    return next((field for field in fields if field.key == key), None)


def gone_of(
    read: resumes.Resume, applied: laid.Applied, said: Mapping[str, laid.Correction], authors: Mapping[str, str]
) -> tuple[list[Gone], list[Gone]]:
    """Return what was said not to be there, and what could not be placed in this reading."""
    removed = []
    facts = dict(resumes.fact_paths(read))
    for key, correction in applied.removed.items():
        name, place, inner = laid.parts_of(key)
        first = f"{key}.{laid.ENTRY_FIELDS[name][0]}" if place is not None and name in laid.ENTRY_FIELDS else key
        fact = facts.get(key if inner else first) or facts.get(key)
        removed.append(_gone(correction, laid.field_of(key), fact.value if fact else "", authors))
    unplaced = [
        _gone(one, said[one].field, " · ".join(filter(None, said[one].values.values())), authors)
        for one in applied.unplaced
    ]
    return removed, unplaced


def _gone(correction: str, field: str, value: str, authors: Mapping[str, str]) -> Gone:
    return Gone(correction, str(LABELS[field]), shown(field, value)[:_MOST_SHOWN], authors.get(correction, ""))


def _entries(applied: laid.Applied, name: str, authors: Mapping[str, str]) -> list[Entry]:
    resume = applied.resume
    if name in laid.SINGLE:
        held = getattr(resume, name)
        fact = held.fact if isinstance(held, resumes.Pay) else held
        return [Entry(name, name, [_field(applied, name, name, fact, authors)])]
    entries = []
    for place, (facts, held) in enumerate(zip(laid.entry_facts(resume, name), getattr(resume, name), strict=True)):
        key = applied.keys[f"{name}[{place}]"]
        if name in laid.FACT_LISTS:
            fields = [_field(applied, key, name, facts[""], authors)]
        else:
            fields = [
                _field(applied, f"{key}.{inner}", f"{name}.{inner}", facts.get(inner), authors)
                for inner in laid.ENTRY_FIELDS[name]
            ]
            if getattr(held, "current", False):
                fields = [
                    _going_on(applied, field, authors) if field.name == "employers.end" else field for field in fields
                ]
        entries.append(Entry(key, name, fields))
    return entries


def _field(applied: laid.Applied, key: str, name: str, fact: Fact | None, authors: Mapping[str, str]) -> Field:
    correction = applied.made_by.get(key, "")
    if fact is None:
        return Field(key, name, "", "missing")
    state = "sure" if fact.confidence >= SURE_FROM else "check"
    if fact.rule in (laid.CORRECTED, laid.CONFIRMED):
        state = fact.rule
    return Field(key, name, shown(name, fact.value, fact.code), state, fact, correction, authors.get(correction, ""))


def _going_on(applied: laid.Applied, field: Field, authors: Mapping[str, str]) -> Field:
    correction = applied.made_by.get(field.key, "")
    state = laid.CORRECTED if correction else "sure"
    return Field(
        field.key, field.name, shown(field.name, laid.NOW), state, None, correction, authors.get(correction, "")
    )


def shown(field: str, value: str, code: str = "") -> str:
    """Return a value as a reader sees it: contacts masked, codes in words."""
    name, _dot, inner = field.partition(".")
    if name in _CONTACTS:
        return names.mask(_CONTACTS[name], value)
    if "degree" in (name, inner) and value in Person.Degree.values:
        return str(Person.Degree(value).label)
    if field == "notice" and value.isdecimal():
        days = int(value)
        return (
            ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days} if days else pgettext("can start", "at once")
        )
    if field == "employers.end" and value == laid.NOW:
        return pgettext("end of a job", "now")
    if field == "languages.language" and code:
        return _language(code, value)
    if field == "languages.level" and code and code != value:
        return f"{value} ({code})"
    return value.replace("-", ".") if inner in ("start", "end", "date") else value


def _language(code: str, value: str) -> str:
    if code == "zh":  # Django knows only its two scripts
        return _("Chinese")
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return value


_PAGE = 1000  # a page's width and height in the units of the overlay


@dataclass(frozen=True)
class Mark:
    """A fact's place on a page of the original, in thousandths of its width and height, as texts for an attribute."""

    mark: str
    x: str
    y: str
    wide: str
    high: str
    label: str


def marks_by_page(read: resumes.Resume) -> dict[int, list[Mark]]:
    """Return the places of all facts that have one, by page."""
    found: dict[int, list[Mark]] = {}
    for key, fact in resumes.fact_paths(read):
        if fact.box and fact.page and not key.endswith(".text"):
            left, top, right, bottom = (share * _PAGE for share in fact.box)
            x, y, wide, high = left - 3, top - 2, max(right - left, 4) + 6, max(bottom - top, 4) + 4
            label = str(LABELS[laid.field_of(key)])
            mark = Mark(mark_of(key), f"{x:.1f}", f"{y:.1f}", f"{wide:.1f}", f"{high:.1f}", label)
            found.setdefault(fact.page, []).append(mark)
    return found


@dataclass(frozen=True)
class Piece:
    """A stretch of one line of the original; `marks` names the facts read from it."""

    text: str
    marks: str


def lines_of(read: resumes.Resume) -> list[list[Piece]]:
    """Return the text line by line, cut where facts begin and end."""
    spans = [
        (fact.start, fact.end, mark_of(key))
        for key, fact in resumes.fact_paths(read)
        if fact.end > fact.start and not key.endswith(".text")
    ]
    lines, start = [], 0
    for line in read.text.split("\n"):
        end = start + len(line)
        inside = [span for span in spans if span[0] < end and span[1] > start]
        cuts = sorted({start, end, *(min(max(edge, start), end) for span in inside for edge in span[:2])})
        lines.append(
            [
                Piece(read.text[a:b], " ".join(mark for s, e, mark in inside if s <= a and b <= e))
                for a, b in itertools.pairwise(cuts)
            ]
        )
        start = end + 1
    return lines


def snippet_of(read: resumes.Resume, fact: Fact) -> tuple[str, str, str] | None:
    """Return the line a fact was read from as what stands before it, itself, and what follows; None without a place."""
    if fact.end <= fact.start or read.text[fact.start : fact.end] != fact.source:
        return None
    begin = read.text.rfind("\n", 0, fact.start) + 1
    end = read.text.find("\n", fact.end)
    end = len(read.text) if end < 0 else end
    return read.text[begin : fact.start][-80:], fact.source[:_MOST_SHOWN], read.text[fact.end : end][:80]


def typed(field: Field) -> str:
    """Return what the form of a field begins with; a contact is typed anew, it is not shown in the clear."""
    if field.name in _CONTACTS:
        return ""
    if field.name == "employers.end" and field.fact is None:
        return field.value
    return field.fact.value if field.fact else ""


_KINDS = {"added": pgettext_lazy("difference", "New"), "gone": gettext_lazy("Gone"), "changed": gettext_lazy("Changed")}


@dataclass(frozen=True)
class Change:
    """One difference between two readings in words."""

    kind: str
    kind_label: str
    label: str
    old: str
    new: str


def changes_of(found: Sequence[Difference]) -> list[Change]:
    """Return differences in words."""
    return [
        Change(
            one.kind,
            str(_KINDS[one.kind]),
            str(LABELS[one.field]),
            shown(one.field, one.old)[:_MOST_SHOWN] if one.old else "",
            shown(one.field, one.new)[:_MOST_SHOWN] if one.new else "",
        )
        for one in found
    ]


def change_rows(counts: Mapping[str, Mapping[str, int]]) -> list[tuple[str, int, int, int]]:
    """Return per field how many facts are new, gone and changed, most differences first."""
    rows = [
        (str(LABELS[field]), kinds.get("added", 0), kinds.get("gone", 0), kinds.get("changed", 0))
        for field, kinds in counts.items()
        if field in LABELS
    ]
    return sorted(rows, key=lambda row: (-sum(row[1:]), row[0]))


REPORTS: Mapping[str, Sequence[str]] = {
    "field": ("field",),
    "layout": ("field", "layout"),
    "rule": ("field", "rule"),
}


def report_rows(rows: Sequence[Any]) -> list[tuple[str, str, Any]]:
    """Return the lines of the reader's report: field in words, layout or rule as code, counts."""
    return [(str(LABELS.get(row.field, row.field)), row.layout or row.rule, row) for row in rows]


def notes_of(resume: resumes.Resume, *, on: date) -> list[str]:
    """Return what does not fit together in a résumé, in words."""
    return [_(FINDINGS[finding.code]) % finding.words for finding in check(resume, on=on)]


def problem_of(code: str) -> str:
    """Return why a file could not be read again; "" where it could."""
    if code == "file_missing":
        return _("The original file cannot be read from the store.")
    return _(resumes.REASONS[resumes.Reason(code)]) if code else ""
