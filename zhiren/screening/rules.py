"""What a résumé says to a condition: passed, failed or unknown, and on which evidence. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhiren.resumes import Fact, Resume
from zhiren.resumes import skills as resume_skills
from zhiren.resumes.dates import months_covered
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
from zhiren.screening.conditions import from_json as from_json  # whoever brings conditions as data begins here


class Outcome(StrEnum):
    """What came of a condition, and of all together. Unknown is neither passed nor failed: somebody asks."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one condition; `found` is what the résumé says in short, `evidence` where it says so.

    `missing` names what was looked for and not found. Personal data: `found` and `evidence`.
    """

    outcome: Outcome
    found: str = ""
    evidence: tuple[Fact, ...] = ()
    missing: tuple[str, ...] = ()


def overall(verdicts: Iterable[Verdict]) -> Outcome:
    """Return failed if any condition failed, else unknown if any is unknown, else passed."""
    outcomes = {verdict.outcome for verdict in verdicts}
    for worst in (Outcome.FAILED, Outcome.UNKNOWN):
        if worst in outcomes:
            return worst
    return Outcome.PASSED


def judge(condition: Condition, resume: Resume, *, on: date) -> Verdict:
    """Return what a résumé says to one condition on a day."""
    match condition:
        case Degree():
            return _degree(condition, resume, on)
        case Experience():
            return _experience(condition, resume, on)
        case Skills():
            return _skills(condition, resume)
        case City():
            return _city(condition, resume)
        case Pay():
            return _pay(condition, resume)
        case Language():
            return _language(condition, resume)
        case Notice():
            return _notice(condition, resume)
        case Certificate():
            return _certificate(condition, resume)


def _degree(condition: Degree, resume: Resume, on: date) -> Verdict:
    """A degree that is still being studied for does not count yet; who may finish it next month is unknown."""
    wanted = DEGREES.index(condition.at_least)
    finished: list[Fact] = []
    running: list[Fact] = []
    for stay in resume.schools:
        if stay.degree:
            ends_later = stay.end is not None and stay.end.value[:7] > on.isoformat()[: len(stay.end.value[:7])]
            (running if ends_later else finished).append(stay.degree)
    if resume.degree and not finished and not running:
        finished.append(resume.degree)
    best = max(finished, key=_rank, default=None)
    if best is not None and _rank(best) >= wanted:
        return Verdict(Outcome.PASSED, best.value, (best,))
    coming = max(running, key=_rank, default=None)
    if coming is not None and _rank(coming) >= wanted:
        return Verdict(Outcome.UNKNOWN, coming.value, (coming,))
    if best is None:
        return Verdict(Outcome.UNKNOWN)
    return Verdict(Outcome.FAILED, best.value, (best,))


def _rank(degree: Fact) -> int:
    return DEGREES.index(degree.value) if degree.value in DEGREES else -1


def _experience(condition: Experience, resume: Resume, on: date) -> Verdict:
    spans: list[tuple[str, str | None]] = []
    evidence: list[Fact] = []
    undated = False
    for job in resume.employers:
        about = _naming(condition.field, (job.title, job.text)) if condition.field else job.employer or job.title
        if about is None:
            continue
        if job.start and (job.current or job.end):
            spans.append((job.start.value, None if job.current else job.end.value if job.end else ""))
            evidence.append(about)
        else:
            undated = True
    if not spans:
        silent = not resume.employers or undated
        return Verdict(Outcome.UNKNOWN if silent else Outcome.FAILED, "" if silent else "0", missing=condition.field)
    years = round(months_covered(spans, on=on) / 12, 1)
    short = Outcome.UNKNOWN if undated else Outcome.FAILED
    outcome = Outcome.PASSED if years >= condition.years else short
    return Verdict(outcome, f"{years:g}", tuple(evidence))


def _naming(words: Iterable[str], texts: Iterable[Fact | None]) -> Fact | None:
    """Return the first of the texts that names one of the words or a synonym of it."""
    patterns = [_pattern(word) for word in words]
    for text in texts:
        if text and any(pattern.search(text.source) or pattern.search(text.value) for pattern in patterns):
            return text
    return None


def _pattern(word: str) -> re.Pattern[str]:
    """Return the expression for a word and its synonyms; a Latin word is not found inside another."""
    names = sorted({word, *resume_skills.synonyms(word)}, key=len, reverse=True)
    return re.compile("|".join(_bounded(name) for name in names), re.IGNORECASE)


def _bounded(name: str) -> str:
    inner = re.escape(name)
    before = r"(?<![A-Za-z0-9])" if name[:1].isascii() else ""
    after = r"(?![A-Za-z0-9+#])" if name[-1:].isascii() else ""
    return f"{before}{inner}{after}"


def _skills(condition: Skills, resume: Resume) -> Verdict:
    found = {name: _skill(name, resume) for name in (*condition.all_of, *condition.any_of)}
    missing = [name for name in condition.all_of if found[name] is None]
    if condition.any_of and all(found[name] is None for name in condition.any_of):
        missing.extend(condition.any_of)
    evidence = tuple(fact for fact in found.values() if fact)
    text = ", ".join(name for name, fact in found.items() if fact)
    if not missing:
        return Verdict(Outcome.PASSED, text, evidence)
    fails = condition.silence_fails and bool(resume.skills or resume.employers)
    return Verdict(Outcome.FAILED if fails else Outcome.UNKNOWN, text, evidence, tuple(missing))


def _skill(name: str, resume: Resume) -> Fact | None:
    wanted = resume_skills.normalise(name).casefold()
    for fact in resume.skills:
        if resume_skills.normalise(fact.value).casefold() == wanted:
            return fact
    return _naming([name], [*resume.skills, *(text for job in resume.employers for text in (job.title, job.text))])


def _city(condition: City, resume: Resume) -> Verdict:
    if resume.city is None:
        return Verdict(Outcome.UNKNOWN)
    here = resume.city
    for place in condition.any_of:
        if place.isdigit():
            if here.code and here.code.startswith(re.sub(r"(?:00)+$", "", place)):
                return Verdict(Outcome.PASSED, here.value, (here,))
        elif _same_place(place, here.value):
            return Verdict(Outcome.PASSED, here.value, (here,))
    if not here.code and all(place.isdigit() for place in condition.any_of):
        return Verdict(Outcome.UNKNOWN, here.value, (here,))
    return Verdict(Outcome.FAILED, here.value, (here,))


def _same_place(one: str, other: str) -> bool:
    one, other = (re.sub(r"[市省]$", "", text.strip()).casefold() for text in (one, other))
    return one == other


def _pay(condition: Pay, resume: Resume) -> Verdict:
    pay = resume.expected_pay
    if pay is None:
        return Verdict(Outcome.UNKNOWN)
    if pay.currency != condition.currency:
        return Verdict(Outcome.UNKNOWN, pay.fact.source, (pay.fact,))
    outcome = Outcome.PASSED if pay.low <= condition.at_most else Outcome.FAILED
    return Verdict(outcome, pay.fact.source, (pay.fact,))


def _language(condition: Language, resume: Resume) -> Verdict:
    known = [one for one in resume.languages if one.language.code == condition.code]
    if not known:
        return Verdict(Outcome.UNKNOWN)
    best = max(known, key=lambda one: _level(one.level))
    evidence = tuple(fact for fact in (best.language, best.level) if fact)
    text = " ".join(fact.source for fact in evidence)
    if not condition.at_least:
        return Verdict(Outcome.PASSED, text, evidence)
    level = _level(best.level)
    if level < 0:
        return Verdict(Outcome.UNKNOWN, text, evidence)
    outcome = Outcome.PASSED if level >= LEVELS.index(condition.at_least) else Outcome.FAILED
    return Verdict(outcome, text, evidence)


def _level(level: Fact | None) -> int:
    return LEVELS.index(level.code) if level and level.code in LEVELS else -1


def _notice(condition: Notice, resume: Resume) -> Verdict:
    if resume.notice is None:
        return Verdict(Outcome.UNKNOWN)
    outcome = Outcome.PASSED if int(resume.notice.value) <= condition.days else Outcome.FAILED
    return Verdict(outcome, resume.notice.source, (resume.notice,))


def _certificate(condition: Certificate, resume: Resume) -> Verdict:
    facts: Sequence[Fact] = [one.name for one in resume.certificates]
    found = _naming(condition.any_of, [*facts, *resume.skills])
    if found:
        return Verdict(Outcome.PASSED, found.value, (found,))
    fails = condition.silence_fails and bool(resume.employers or resume.schools)
    return Verdict(Outcome.FAILED if fails else Outcome.UNKNOWN, missing=condition.any_of)
