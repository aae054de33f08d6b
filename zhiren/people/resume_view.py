"""A résumé's facts as the page shows them, each with the words it was read from. Pure."""

import json
from dataclasses import dataclass

from zhiren.resumes import Education, Employment, Fact, Resume


@dataclass(frozen=True)
class Line:
    """One stay with an employer or at a school. Dates are as read: YYYY-MM, YYYY, or empty; `now` says it goes on."""

    what: str
    detail: str
    start: str
    end: str
    now: bool
    source: str


@dataclass(frozen=True)
class ResumeView:
    """The facts of one résumé."""

    employers: list[Line]
    schools: list[Line]
    skills: list[Fact]
    facts: list[tuple[str, Fact]]
    warnings: list[str]
    text: str


def resume_view(parsed_json: str) -> ResumeView:
    """Return what the page shows of a parsed résumé."""
    resume = Resume.from_json(json.loads(parsed_json))
    single = [("name", resume.name), ("city", resume.city), ("degree", resume.degree), ("birth", resume.birth)]
    facts = [(name, fact) for name, fact in single if fact]
    facts += [("phone", fact) for fact in resume.phones] + [("mail", fact) for fact in resume.mails]
    return ResumeView(
        employers=[_employer(stay) for stay in resume.employers],
        schools=[_school(stay) for stay in resume.schools],
        skills=list(resume.skills),
        facts=facts,
        warnings=list(resume.warnings),
        text=resume.text,
    )


def count_facts(resume: Resume) -> int:
    """Return how many facts were read, stays counted once."""
    single = (resume.name, resume.city, resume.degree, resume.birth)
    lists = (resume.phones, resume.mails, resume.schools, resume.employers, resume.skills)
    return sum(fact is not None for fact in single) + sum(len(found) for found in lists)


def _value(fact: Fact | None) -> str:
    return fact.value if fact else ""


def _sources(*facts: Fact | None) -> str:
    return " … ".join(dict.fromkeys(" ".join(fact.source.split()) for fact in facts if fact))


def _employer(stay: Employment) -> Line:
    return Line(
        what=_value(stay.employer),
        detail=_value(stay.title),
        start=_value(stay.start),
        end=_value(stay.end),
        now=stay.current,
        source=_sources(stay.employer, stay.title, stay.start, stay.end),
    )


def _school(stay: Education) -> Line:
    return Line(
        what=_value(stay.school),
        detail=_value(stay.major),
        start=_value(stay.start),
        end=_value(stay.end),
        now=False,
        source=_sources(stay.school, stay.major, stay.degree, stay.start, stay.end),
    )
