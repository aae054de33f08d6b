"""A résumé as a document of the JSON Resume schema (jsonresume.org, 1.0.0), with what that schema has no place for.

The schema forbids fields of one's own at the top and allows them under `meta`: ours are in `meta["x-zhiren"]`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from zhiren.resumes.checks import Finding, check
from zhiren.resumes.explain import fact_paths
from zhiren.resumes.facts import Fact, Pay, Resume

SCHEMA = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"


def to_jsonresume(resume: Resume, *, on: date) -> dict[str, Any]:
    """Return the document; what the résumé does not say is left out, except in the lists, which are always there.

    `meta["x-zhiren"]` holds pay (hundredths of the currency a month), notice in days, what else the schema lacks, the
    findings as seen `on` that day, and for each fact its evidence under its path (`employers[0].title`).
    """
    return {
        "$schema": SCHEMA,
        "basics": _kept(
            name=_value(resume.name),
            email=resume.mails[0].value if resume.mails else None,
            phone=resume.phones[0].value if resume.phones else None,
            location={"city": resume.city.value} if resume.city else None,
        ),
        "work": [
            _kept(
                name=_value(job.employer),
                position=_value(job.title),
                startDate=_value(job.start),
                endDate=_value(job.end),
                summary=_value(job.text),
            )
            for job in resume.employers
        ],
        "education": [
            _kept(
                institution=stay.school.value,
                area=_value(stay.major),
                studyType=_value(stay.degree),
                startDate=_value(stay.start),
                endDate=_value(stay.end),
            )
            for stay in resume.schools
        ],
        "skills": [{"name": skill.value} for skill in resume.skills],
        "languages": [_kept(language=known.language.value, fluency=_value(known.level)) for known in resume.languages],
        "certificates": [_kept(name=held.name.value, date=_value(held.date)) for held in resume.certificates],
        "meta": {"version": "v1.0.0", "x-zhiren": _extensions(resume, on)},
    }


def _extensions(resume: Resume, on: date) -> dict[str, Any]:
    return {
        **_kept(
            birth=_value(resume.birth),
            degree=_value(resume.degree),
            expected_pay=_pay(resume.expected_pay),
            current_pay=_pay(resume.current_pay),
            notice_days=int(resume.notice.value) if resume.notice else None,
            years_of_experience=resume.years_of_experience(on=on),
            language=resume.language,
            layout=resume.layout or None,
            pages=resume.pages,
        ),
        "sections": [section.to_json() for section in resume.sections],
        "findings": _findings(check(resume, on=on)),
        "warnings": list(resume.warnings),
        "evidence": {path: _evidence(fact) for path, fact in fact_paths(resume)},
    }


def _findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [
        {"code": item.code, "fields": list(item.fields), "words": dict(item.words), "sentence": item.sentence()}
        for item in findings
    ]


def _evidence(fact: Fact) -> dict[str, Any]:
    return {name: value for name, value in fact.to_json().items() if value is not None and (value or name != "code")}


def _pay(pay: Pay | None) -> dict[str, Any] | None:
    if pay is None:
        return None
    return {
        "low": pay.low,
        "high": pay.high,
        "currency": pay.currency,
        "months": pay.months,
        "unit": "hundredths a month",
        "text": pay.fact.source,
    }


def _value(fact: Fact | None) -> str | None:
    return fact.value if fact else None


def _kept(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
