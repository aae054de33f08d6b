"""Some persons side by side: what is known of each, and what shows it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from zhiren.kernel.actors import Actor
from zhiren.kernel.money import Money
from zhiren.kernel.refusals import NotFound
from zhiren.people import queries as people
from zhiren.people.models import Person
from zhiren.recruiting.models import Application, Opening
from zhiren.resumes import Education, Employment, Fact, Resume
from zhiren.resumes.facts import Language, Pay
from zhiren.resumes.skills import called
from zhiren.talent import queries
from zhiren.talent.errors import NotComparable
from zhiren.talent.panels import Criterion, Shown, criteria

FEWEST, MOST = 2, 5
_STAYS, _SKILLS = 4, 16


@dataclass(frozen=True)
class Cell:
    """What is known of one person on one criterion; `is_unlike` where it is not what the first of them has."""

    person: Person
    values: Sequence[Shown]


@dataclass(frozen=True)
class Line:
    """One criterion with a cell for each person; `differs` if not all are alike."""

    label: Any
    cells: list[Cell]
    differs: bool


@dataclass(frozen=True)
class Comparison:
    """Two to five persons, the opening all of them are candidates for (if there is one), and the lines."""

    persons: list[Person]
    applications: dict[UUID, list[Application]]
    opening: Opening | None
    lines: list[Line]


def compare(actor: Actor, person_ids: Sequence[UUID]) -> Comparison:
    """Return what is known of two to five persons side by side.

    Raises:
        NotComparable: they are not two to five.
        NotFound: one of them does not exist, or is not this actor's to see.
    """
    ids = list(dict.fromkeys(person_ids))
    if not FEWEST <= len(ids) <= MOST:
        raise NotComparable
    found = {row.pk: row for row in people.persons_visible_to(actor).filter(pk__in=ids)}
    if len(found) < len(ids):
        raise NotFound
    persons = [found[person_id] for person_id in ids]
    applications = queries.applications_of(actor, ids, "opening__description", "opening__description_en")
    opening = _shared_opening(ids, applications)
    resumes = people.resumes_of(ids)
    given = _facts(persons, resumes, applications, opening)
    for judge in criteria.values():
        given += judge(actor, ids, opening.pk if opening else None)
    return Comparison(persons, applications, opening, [_line(one, persons) for one in given])


def _line(criterion: Criterion, persons: Sequence[Person]) -> Line:
    cells = [Cell(person, list(criterion.values.get(person.pk, ()))) for person in persons]
    said = {tuple(value.text.casefold() for value in cell.values) for cell in cells}
    return Line(criterion.label, cells, differs=len(said) > 1)


def _shared_opening(ids: Iterable[UUID], applications: Mapping[UUID, Sequence[Application]]) -> Opening | None:
    openings = [{row.opening_id: row.opening for row in applications.get(one, ())} for one in ids]
    shared = [opening for opening_id, opening in openings[0].items() if all(opening_id in one for one in openings)]
    return shared[0] if shared else None


def _facts(
    persons: Sequence[Person],
    resumes: Mapping[UUID, Resume],
    applications: Mapping[UUID, Sequence[Application]],
    opening: Opening | None,
) -> list[Criterion]:
    degrees = people.degree_labels()
    wanted = (
        f"{opening.title} {opening.title_en} {opening.description} {opening.description_en}".casefold()
        if opening
        else ""
    )

    def of_all(label: str, known: Any) -> Criterion:
        return Criterion(label, {person.pk: known(person, resumes.get(person.pk)) for person in persons})

    def degree(person: Person, resume: Resume | None) -> list[Shown]:
        fact = resume.degree if resume and resume.degree and resume.degree.value == person.degree else None
        return [_shown(degrees[person.degree], fact)] if person.degree in degrees else []

    def city(person: Person, resume: Resume | None) -> list[Shown]:
        fact = resume.city if resume and resume.city and resume.city.value == person.city else None
        return [_shown(person.city, fact)] if person.city else []

    def skills(person: Person, resume: Resume | None, *, asked: bool) -> list[Shown]:
        facts = {fact.value.casefold(): fact for fact in (resume.skills if resume else ())}
        names = {skill.casefold(): skill for skill in (*person.skills, *(fact.value for fact in facts.values()))}
        return [
            _shown(called(name, get_language() or ""), facts.get(folded))
            for folded, name in sorted(names.items())
            if _is_named(name, wanted) == asked
        ][:_SKILLS]

    found = [
        Criterion(_("Stage"), {one.pk: [_stage(row) for row in applications.get(one.pk, ())[:3]] for one in persons}),
        of_all(_("Degree"), degree),
        of_all(_("Schools"), lambda _person, resume: [_school(one, degrees) for one in _some(resume, "schools")]),
        of_all(pgettext("criterion", "Years of work"), lambda person, _resume: _years(person)),
        of_all(_("Employers"), lambda _person, resume: [_employer(one) for one in _some(resume, "employers")]),
    ]
    if opening and wanted.strip():
        found.append(of_all(_("Skills the opening names"), lambda one, resume: skills(one, resume, asked=True)))
    return [
        *found,
        of_all(_("Other skills") if opening else _("Skills"), lambda one, resume: skills(one, resume, asked=False)),
        of_all(_("Languages"), lambda _person, resume: [_language(one) for one in resume.languages] if resume else []),
        of_all(
            _("Certificates"),
            lambda _person, resume: [_shown(one.name.value, one.name) for one in resume.certificates] if resume else [],
        ),
        of_all(_("Expected pay"), lambda _person, resume: _pay(resume.expected_pay) if resume else []),
        of_all(_("Current pay"), lambda _person, resume: _pay(resume.current_pay) if resume else []),
        of_all(_("Can start"), lambda _person, resume: _notice(resume.notice) if resume else []),
        of_all(_("City"), city),
        *(
            [of_all(_("Tags"), lambda person, _resume: [Shown(tag) for tag in person.tags])]
            if any(one.tags for one in persons)
            else []
        ),
    ]


def _is_named(skill: str, text: str) -> bool:
    """Return whether a text in small letters names a skill, in English or by its Chinese name."""
    return any(
        re.search(rf"(?<![a-z0-9]){re.escape(name.casefold())}(?![a-z0-9])", text)
        for name in (skill, called(skill, "zh"))
    )


def _some(resume: Resume | None, what: str) -> Sequence[Any]:
    return getattr(resume, what)[:_STAYS] if resume else ()


def _shown(text: str, *facts: Fact | None) -> Shown:
    known = [fact for fact in facts if fact]
    source = " … ".join(dict.fromkeys(" ".join(fact.source.split()) for fact in known))
    return Shown(text, source, known[0].line if known else None)


def _stage(row: Application) -> Shown:
    stage = row.stage.label if row.state == Application.State.ACTIVE else _("Ended")
    return Shown(f"{row.opening.label} · {stage}")


def _years(person: Person) -> list[Shown]:
    if person.years is None:
        return []
    return [Shown(ngettext("%(n)d year", "%(n)d years", person.years) % {"n": person.years})]


def _span(start: Fact | None, end: Fact | None, *, is_current: bool) -> str:
    until = pgettext("until", "now") if is_current else end.value if end else ""
    return " – ".join(part for part in (start.value if start else "", until) if part)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _school(stay: Education, degrees: Mapping[str, str]) -> Shown:
    degree = degrees.get(stay.degree.value, stay.degree.value) if stay.degree else ""
    major = stay.major.value if stay.major else ""
    text = _joined(stay.school.value, major, degree, _span(stay.start, stay.end, is_current=False))
    return _shown(text, stay.school, stay.major, stay.degree)


def _employer(stay: Employment) -> Shown:
    named = [fact.value for fact in (stay.employer, stay.title) if fact]
    return _shown(_joined(*named, _span(stay.start, stay.end, is_current=stay.current)), stay.employer, stay.title)


def _language(one: Language) -> Shown:
    name = LANG_INFO.get(one.language.code, {}).get("name", one.language.value)
    called = _("Chinese") if one.language.code == "zh" else _(name)
    return _shown(_joined(called, one.level.value if one.level else ""), one.language, one.level)


def _pay(pay: Pay | None) -> list[Shown]:
    if pay is None:
        return []
    ends = [Money(amount, pay.currency).format() for amount in dict.fromkeys((pay.low, pay.high)) if amount]
    text = " – ".join(ends) if pay.high else _("from %(pay)s") % {"pay": ends[0]} if ends else pay.fact.value
    months = _("%(n)d pays a year") % {"n": pay.months} if pay.months else ""
    return [_shown(_joined(_("%(pay)s a month") % {"pay": text}, months), pay.fact)]


def _notice(notice: Fact | None) -> list[Shown]:
    if notice is None or not notice.value.isdigit():
        return [_shown(notice.value, notice)] if notice else []
    days = int(notice.value)
    text = (
        ngettext("within %(n)d day", "within %(n)d days", days) % {"n": days}
        if days
        else pgettext("start of work", "at once")
    )
    return [_shown(text, notice)]
