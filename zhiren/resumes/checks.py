"""What in a résumé contradicts itself or cannot be. It is told to people and changes no fact."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

from zhiren.resumes.dates import dates_in
from zhiren.resumes.document import fold
from zhiren.resumes.facts import Education, Employment, Fact, Resume

OVERLAP_MONTHS = 2
GAP_MONTHS = 6
STUDY_MONTHS = 48
YEARS_APART = 2
YOUNGEST_WORKER = 16
YOUNGEST_STUDENT = {"associate": 14, "bachelor": 14, "master": 18, "doctor": 20}
_RANKS = ("secondary", "associate", "bachelor", "master", "doctor")

FINDINGS: dict[str, str] = {
    "end_before_start": "An entry ends (%(end)s) before it begins (%(start)s).",
    "in_future": "The date %(date)s lies in the future.",
    "impossible_date": "“%(text)s” in line %(line)s is no date.",
    "overlap": "%(first)s and %(second)s overlap by %(months)s months or more.",
    "gap": "No work or study is dated between %(start)s and %(end)s: %(months)s months.",
    "young_worker": "Work begins in %(start)s, at %(age)s years of age.",
    "young_student": "Study at %(school)s begins in %(start)s, at %(age)s years of age.",
    "age_differs": "The stated age of %(stated)s does not agree with a birth in %(birth)s.",
    "education_order": "%(higher)s ended (%(end)s) before the lower degree at %(lower)s began (%(start)s).",
    "two_births": "Two dates of birth: %(first)s and %(second)s.",
    "years_differ": "%(claimed)s years of experience are stated, the dates of the jobs make %(computed)s.",
    "degree_without_school": "A degree is stated, but no school that gave it.",
}
"""A sentence in English for each code, with the places of its words; whoever shows it translates it and fills it in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something a person should look at. `fields` are paths as `fact_paths` gives them, or of whole entries."""

    code: str
    fields: tuple[str, ...] = ()
    words: dict[str, str | int | float]
    """What stands in the sentence of the code."""

    def sentence(self) -> str:
        """Return the finding in English."""
        return FINDINGS[self.code] % self.words


_PART_TIME = re.compile(
    r"实习|兼职|自由职业|志愿|顾问|独立董事|intern|part[- ]?time|freelanc|volunteer|contract|"
    r"consult|advisor|board|student|trainee",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    r"(?:出生(?:年月日?|日期|时间|年份)?|生\s?日|\bdate\sof\sbirth|\bbirth\s?(?:day|date)|\bd\.?o\.?b\.?|\bborn(?:\son|\sin)?)"
    r"\s?[:：\t ]\s?",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"(?:年\s?龄\s?[:：\t ]\s?|\bage\s?[:：]\s?)(?P<age>[1-9]\d)(?!\d)|(?<!\d)(?P<sui>[1-9]\d)\s?周?岁", re.IGNORECASE
)
_CLAIM = re.compile(
    r"(?:工作年限|工作经验|从业年限|工龄)\s?[:：\t ]\s?(?P<zh1>\d{1,2})(?:\.\d)?\s?年?|"
    r"(?<![\d.])(?P<zh2>\d{1,2})\s?年(?:以上)?(?:的)?(?:[\u4e00-\u9fff]{0,8})?(?:工作|从业|行业|相关|管理)?经验|"
    r"(?<![\d.])(?P<en>\d{1,2})\+?\s?years?(?:['’]|\sof)?\s(?:[a-z\-]+\s){0,4}?experience",
    re.IGNORECASE,
)
_CLAIM_SECTIONS = frozenset({"header", "personal", "summary", "objective"})
_DATED_SECTIONS = frozenset({"work", "education", "projects", "campus"})
_IMPOSSIBLE = re.compile(
    r"(?<![\d.])(?:19|20)\d\d\s?(?:年\s?(?:1[3-9]|[2-9]\d|00?)\s?月|[.](?:1[3-9]|[2-9]\d|00)(?=\s?(?:$|[-–—~～至到\s])))",
    re.MULTILINE,
)
_UNTIL = re.compile(r"\s*(?:-{1,3}|[–—−~～〜至到]|——|->|→|\bto\b)\s*", re.IGNORECASE)


def check(resume: Resume, *, on: date) -> tuple[Finding, ...]:
    """Return what in a résumé contradicts itself or cannot be, as seen on a day.

    Gaps and overlaps are told as they are: they are no fault. Where a date has no month, the reading that is kindest
    counts.
    """
    findings = (
        _turned(resume), _future(resume, on), _impossible(resume), _overlaps(resume, on), _gaps(resume, on),
        _ages(resume), _stated_age(resume, on), _order(resume), _births(resume), _years(resume, on), _degree(resume),
    )  # fmt: skip
    return tuple(finding for found in findings for finding in found)


def _entries(resume: Resume) -> Iterator[tuple[str, Education | Employment]]:
    yield from ((f"employers[{place}]", job) for place, job in enumerate(resume.employers))
    yield from ((f"schools[{place}]", stay) for place, stay in enumerate(resume.schools))


def _turned(resume: Resume) -> Iterator[Finding]:
    told: list[dict[str, str | int | float]] = []
    for path, entry in _entries(resume):
        if entry.start and entry.end and _last(entry.end.value) < _first(entry.start.value):
            told.append({"start": entry.start.value, "end": entry.end.value})
            yield Finding(code="end_before_start", fields=(f"{path}.start", f"{path}.end"), words=told[-1])
    # the rules read no entry from dates that are turned round, so the text is asked as well
    for _, text in _lines(resume, _DATED_SECTIONS):
        for one, other in pairwise(dates_in(text)):
            words: dict[str, str | int | float] = {"start": one.month, "end": other.month}
            turned = _last(other.month) < _first(one.month) and _UNTIL.fullmatch(text, one.end, other.start)
            if turned and words not in told:
                yield Finding(code="end_before_start", words=words)


def _future(resume: Resume, on: date) -> Iterator[Finding]:
    dated: list[tuple[str, Fact | None]] = [("birth", resume.birth)]
    for path, entry in _entries(resume):
        dated.append((f"{path}.start", entry.start))
        if isinstance(entry, Employment):  # the end of a study is often still to come
            dated.append((f"{path}.end", entry.end))
    dated += [(f"certificates[{place}].date", held.date) for place, held in enumerate(resume.certificates)]
    today = _month(on)
    for path, fact in dated:
        if fact and _first(fact.value) > today:
            yield Finding(code="in_future", fields=(path,), words={"date": fact.value})


def _impossible(resume: Resume) -> Iterator[Finding]:
    for number, text in _lines(resume, _DATED_SECTIONS):
        for match in _IMPOSSIBLE.finditer(text):
            yield Finding(code="impossible_date", words={"text": match.group().strip(), "line": number})


def _overlaps(resume: Resume, on: date) -> Iterator[Finding]:
    jobs = [
        (place, job, *span)
        for place, job in enumerate(resume.employers)
        if (span := _kind_span(job, on)) and not _PART_TIME.search(f"{_value(job.title)} {_value(job.employer)}")
    ]
    for (one, first, begin, end), (other, second, start, stop) in combinations(jobs, 2):
        months = min(end, stop) - max(begin, start)
        same = _value(first.employer) and _value(first.employer) == _value(second.employer)
        if months > OVERLAP_MONTHS and not same:
            yield Finding(
                code="overlap",
                fields=(f"employers[{one}]", f"employers[{other}]"),
                words={"first": _named(first), "second": _named(second), "months": months},
            )


def _gaps(resume: Resume, on: date) -> Iterator[Finding]:
    jobs = [span for job in resume.employers if (span := _wide_span(job.start, job.end, job.current, on, None))]
    studies = [span for stay in resume.schools if (span := _wide_span(stay.start, stay.end, False, on, STUDY_MONTHS))]
    if not jobs:
        return
    reached = min(begin for begin, _ in jobs)
    for begin, end in sorted([*jobs, *studies]):
        if end <= reached:
            continue
        if begin - reached > GAP_MONTHS:
            yield _gap(reached, begin)
        reached = max(reached, end)
    if _month(on) - reached > GAP_MONTHS:
        yield _gap(reached, _month(on))


def _gap(begin: int, end: int) -> Finding:
    return Finding(code="gap", words={"start": _written(begin), "end": _written(end - 1), "months": end - begin})


def _ages(resume: Resume) -> Iterator[Finding]:
    if resume.birth is None:
        return
    born = int(resume.birth.value[:4])
    for place, job in enumerate(resume.employers):
        if job.start and 0 <= (age := int(job.start.value[:4]) - born) < YOUNGEST_WORKER:
            yield Finding(
                code="young_worker",
                fields=("birth", f"employers[{place}].start"),
                words={"start": job.start.value, "age": age},
            )
    for place, stay in enumerate(resume.schools):
        least = YOUNGEST_STUDENT.get(_value(stay.degree))
        if stay.start and least and (age := int(stay.start.value[:4]) - born) < least:
            yield Finding(
                code="young_student",
                fields=("birth", f"schools[{place}].start"),
                words={"school": stay.school.value, "start": stay.start.value, "age": age},
            )


def _stated_age(resume: Resume, on: date) -> Iterator[Finding]:
    """A résumé may be old and its age too low; it cannot be higher than today's, counted from one at birth."""
    if resume.birth is None:
        return
    born = int(resume.birth.value[:4])
    for _, text in _lines(resume, frozenset({"header", "personal"})):
        match = _AGE.search(text)
        if match and (stated := int(match["age"] or match["sui"])) > on.year - born + 1:
            yield Finding(code="age_differs", fields=("birth",), words={"stated": stated, "birth": resume.birth.value})


def _order(resume: Resume) -> Iterator[Finding]:
    for (one, first), (other, second) in combinations(enumerate(resume.schools), 2):
        ranks = [_RANKS.index(_value(stay.degree)) if _value(stay.degree) in _RANKS else -1 for stay in (first, second)]
        if min(ranks) < 0 or ranks[0] == ranks[1]:
            continue
        (high, higher), (low, lower) = sorted(
            ((one, first), (other, second)), key=lambda item: _RANKS.index(_value(item[1].degree)), reverse=True
        )
        if higher.end and lower.start and _last(higher.end.value) <= _first(lower.start.value):
            yield Finding(
                code="education_order",
                fields=(f"schools[{high}].end", f"schools[{low}].start"),
                words={
                    "higher": higher.school.value,
                    "end": higher.end.value,
                    "lower": lower.school.value,
                    "start": lower.start.value,
                },
            )


def _births(resume: Resume) -> Iterator[Finding]:
    births: list[str] = []
    for _, text in _lines(resume, None):
        for label in _BIRTH.finditer(text):
            dates = dates_in(text[label.end() : label.end() + 24])
            if dates and dates[0].start <= 2:
                births.append(dates[0].value)
    for one, other in combinations(dict.fromkeys(births), 2):
        shared = min(len(one), len(other))
        if one[:shared] != other[:shared]:
            yield Finding(
                code="two_births", fields=("birth",) if resume.birth else (), words={"first": one, "second": other}
            )
            return


def _years(resume: Resume, on: date) -> Iterator[Finding]:
    computed = resume.years_of_experience(on=on)
    if computed is None:
        return
    for _, text in _lines(resume, _CLAIM_SECTIONS):
        match = _CLAIM.search(text)
        if match:
            claimed = int(match["zh1"] or match["zh2"] or match["en"])
            if abs(claimed - computed) > YEARS_APART:
                yield Finding(code="years_differ", words={"claimed": claimed, "computed": computed})
            return


def _degree(resume: Resume) -> Iterator[Finding]:
    if resume.degree and resume.degree.value != "secondary" and not resume.schools:
        yield Finding(code="degree_without_school", fields=("degree",), words={})


def _lines(resume: Resume, kinds: frozenset[str] | None) -> Iterator[tuple[int, str]]:
    """Yield number and text, made narrow, of the lines of these kinds of sections; of all where None is given."""
    wanted = [(part.start, part.end) for part in resume.sections if kinds is None or part.kind in kinds]
    position = 0
    for number, line in enumerate(resume.text.split("\n"), start=1):
        if len(line) < 400 and any(start <= position < end for start, end in wanted):
            yield number, fold(line)
        position += len(line) + 1


def _value(fact: Fact | None) -> str:
    return fact.value if fact else ""


def _named(job: Employment) -> str:
    return _value(job.employer) or _value(job.title)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first(value: str) -> int:
    """Return the earliest month a date can mean, counted from the year 0."""
    return int(value[:4]) * 12 + (int(value[5:7]) - 1 if len(value) >= 7 else 0)


def _last(value: str) -> int:
    """Return the latest month a date can mean."""
    return int(value[:4]) * 12 + (int(value[5:7]) - 1 if len(value) >= 7 else 11)


def _written(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02}"


def _kind_span(job: Employment, on: date) -> tuple[int, int] | None:
    """Return the months an employment takes at least: from its first to after its last."""
    if job.start is None or not (job.current or job.end):
        return None
    end = _month(on) if job.current or job.end is None else _first(job.end.value)
    return _last(job.start.value), end


def _wide_span(
    start: Fact | None, end: Fact | None, current: bool, on: date, lasting: int | None
) -> tuple[int, int] | None:
    """Return the months an entry takes at most, the one after its last as its end.

    One without an end takes `lasting` months, or until the day where that is None.
    """
    if start is None:
        return None
    begin = _first(start.value)
    if end and not current:
        stop = _last(end.value)
    elif current or lasting is None:
        stop = _month(on)
    else:
        stop = begin + lasting
    return (begin, stop + 1) if stop >= begin else None
