"""Languages, how well somebody says to know them, and what an examination says of it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zhiren.resumes.document import Line, fact
from zhiren.resumes.facts import Fact, Language
from zhiren.resumes.limits import MAX_LINE
from zhiren.resumes.segments import Segment
from zhiren.resumes.vocabulary import first_pieces, load, pieces, small

RANKS = ("A1", "A2", "B1", "B2", "C1", "C2", "native")
_CERTAIN, _COMMON = 0.95, 0.75
_BLIND = frozenset({"work", "projects", "references", "publications", "volunteer", "campus"})
_LABEL = re.compile(
    r"^[\s•·●○◦▪■◆*\-]*(?:语言(?:能力|水平|技能)?|外语(?:能力|水平)?|(?:foreign\s)?languages?(?:\sskills)?)\s?[:：]",
    re.IGNORECASE,
)
# What follows the name of a language when a subject, a post or a people is meant.
_SUBJECT = (
    r"(?!言文|文学|专业|教育|教师|老师|系(?!统)|学院|学校|角|课|社|协会|竞赛|演讲|辩论|国际|版|站|"
    r"\s(?:literature|teacher|teaching|department|university|college|studies|language\sand|education|history|club|"
    r"market|company|government|cuisine|food|customers?|clients?))"
)
_MARKS = r"[\s:：(（\[\-–—,，·]{0,3}"
_BETWEEN = rf"{_MARKS}(?:language\s)?(?:能力|水平|等级|level|proficiency|skills?)?{_MARKS}"
_JOINT = re.compile(r"\s?(?:和|与|及|、|,|and|&)\s?", re.IGNORECASE)
_LEADING = r"(?:的|地)?\s?(?:in|level(?:\sof)?|speaker\sof|command\sof|knowledge\sof|掌握|运用|使用)?\s?(?:both\s)?"
_SCORE = re.compile(
    r"[\s:：(（\-–—,，]{0,3}(?:(?:总分|成绩|得分|score|overall|band|total)\s?(?:of\s)?[:：]?\s?){0,2}"
    r"(?P<score>\d{1,3}(?:\.\d)?)(?:\s?(?:分|/\s?\d{2,3}))?(?![\d年月])[)）]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    end: int
    code: str
    sure: float
    language: str
    """The language an examination is of; "" for a word that fits any."""


def languages_in(segments: list[Segment]) -> list[Language]:
    """Return each language once, with the level that tells most, in the order of the résumé.

    A language counts where it is listed under a heading or a label for languages, or where its level stands beside it;
    an examination stands for its language.
    """
    found: dict[str, Language] = {}
    for segment in sorted(segments, key=lambda part: part.kind != "languages"):
        if segment.kind in _BLIND:
            continue
        for line in segment.lines:
            if not line.text or len(line.text) > MAX_LINE:
                continue
            listed = segment.kind == "languages" or _LABEL.match(line.folded) is not None
            for language in _of_line(line, listed=listed, schools=segment.kind == "education"):
                before = found.get(language.language.code)
                if before is None or _rank(language) > _rank(before):
                    found[language.language.code] = language
    return list(found.values())


def _rank(language: Language) -> tuple[int, int]:
    level = language.level
    if level is None:
        return 0, 0
    return 1, RANKS.index(level.code) + 1 if level.code in RANKS else 0


def _of_line(line: Line, *, listed: bool, schools: bool) -> Iterator[Language]:
    text = small(line.folded)
    if not _may_name_language(text):
        return
    names = list(_names(text))
    examinations = list(_examinations(text))
    words = list(_words(text)) if names and not schools else []
    level: _Level | None = None
    for place, (start, end, code) in enumerate(names):
        shared = level if place and _JOINT.fullmatch(text, names[place - 1][1], start) else None
        stop = names[place + 1][0] if place + 1 < len(names) else len(text)
        level = _level_of(text, start, end, stop, words, names)
        if level is None and shared and shared.end <= names[place - 1][0]:
            level = shared  # fluent in English and Mandarin
        tests = [test for test in examinations if test.language == code]
        if any(test.start <= start and end <= test.end for test in tests):
            continue
        if level or listed:
            yield Language(
                language=_language_fact(line, start, end, code, 0.95 if level else 0.85),
                level=_level_fact(line, level) if level else None,
            )
    for test in examinations:
        named = next((name for name in names if name[2] == test.language and name[0] <= test.start), None)
        start, end = named[:2] if named and test.start - named[1] < 24 else (test.start, test.end)
        yield Language(language=_language_fact(line, start, end, test.language, 0.9), level=_level_fact(line, test))


def _level_of(
    text: str, start: int, end: int, stop: int, words: list[_Level], names: list[tuple[int, int, str]]
) -> _Level | None:
    """Return the level that stands beside a language: behind it, else before it."""
    for word in words:
        if end <= word.start < stop and re.fullmatch(_BETWEEN, text[end : word.start], re.IGNORECASE):
            return word
    for word in words:
        between = text[word.end : start]
        taken = any(name[1] <= word.start and re.fullmatch(_BETWEEN, text[name[1] : word.start]) for name in names)
        if word.end <= start and not taken and re.fullmatch(_LEADING, between, re.IGNORECASE):
            return word
    return None


def _language_fact(line: Line, start: int, end: int, code: str, confidence: float) -> Fact:
    return fact(line, (start, end), confidence=confidence, rule="language", value=_value(code), code=code)


def _level_fact(line: Line, level: _Level) -> Fact:
    rule = "language_examination" if level.language else "language_level"
    return fact(line, (level.start, level.end), confidence=level.sure, rule=rule, code=level.code)


def _split(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _any_of(words: list[str]) -> str:
    """Return an expression for any of these words, whole ones where they are in Latin letters."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(
        rf"(?<![a-zA-Z]){re.escape(word)}(?![a-zA-Z])" if word[0].isascii() else re.escape(word) for word in ordered
    )


def _value(code: str) -> str:
    return _split(load("languages")["languages"][code])[0]


@functools.cache
def _first_pieces() -> frozenset[str]:
    names = (name for about, *_ in _examination_patterns() for name in _names_of(about))
    return first_pieces((*_name_pattern()[1], *names))


def _may_name_language(text: str) -> bool:
    return not _first_pieces().isdisjoint(pieces(text))


@functools.cache
def _name_pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    codes = {word.lower(): code for code, words in load("languages")["languages"].items() for word in _split(words)}
    return re.compile(rf"(?:{_any_of(list(codes))}){_SUBJECT}"), codes


def _names(text: str) -> Iterator[tuple[int, int, str]]:
    pattern, codes = _name_pattern()
    for match in pattern.finditer(text):
        yield match.start(), match.end(), codes[match.group()]


@functools.cache
def _word_pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    codes = {word.lower(): code for code, words in load("languages")["levels"].items() for word in _split(words)}
    return re.compile(f"(?:{_any_of(list(codes))})(?![0-9])"), codes


def _words(text: str) -> Iterator[_Level]:
    pattern, codes = _word_pattern()
    for match in pattern.finditer(text):
        yield _Level(match.start(), match.end(), codes[match.group()], 0.9, "")


def _names_of(about: dict[str, Any]) -> list[str]:
    return [small(name) for name in _split(about["names"])]


@functools.cache
def _examination_patterns() -> list[tuple[dict[str, Any], re.Pattern[str], re.Pattern[str] | None]]:
    """Each examination with what finds its name and what finds its grade behind it."""
    found = []
    for about in load("languages")["examinations"].values():
        grades = "|".join(re.escape(str(grade).lower()) for grade in about.get("grades", ()))
        grade = re.compile(rf"[\s:：(（\-–—]{{0,3}}(?:level|等级|tdn|级别)?\s?(?P<grade>{grades})(?![0-9a-z])级?")
        found.append((about, re.compile(_any_of(_names_of(about))), grade if grades else None))
    return found


def _examinations(text: str) -> Iterator[_Level]:
    for about, name, grade in _examination_patterns():
        for match in name.finditer(text):
            level = _examined(text, about, match, grade)
            if level:
                yield level


def _examined(text: str, about: dict[str, Any], match: re.Match[str], grade: re.Pattern[str] | None) -> _Level | None:
    """Return what an examination tells; None where its name is only part of another word."""
    end, code = match.end(), about.get("pass", "")
    sure = _CERTAIN if about["official"] else _COMMON
    grades = {str(key).lower(): level for key, level in about.get("grades", {}).items()}
    given = grade.match(text, end) if grade else None
    if grade and not given:
        return None  # without its grade the name says nothing: 日语, HSK
    if given:
        end, code = given.end(), grades[given["grade"]]
    scored = _SCORE.match(text, end)
    if scored:
        worth = _worth(about, given["grade"] if given else "", float(scored["score"]))
        if worth is not None:
            end, code = scored.end(), worth
    return _Level(match.start(), end, code, sure, about["language"])


def _worth(about: dict[str, Any], grade: str, score: float) -> str | None:
    """Return the level of a score; "" below the lowest; None where the figure is no score of this examination."""
    own = {**about, "from": about.get("scored", {}).get(grade) or about.get("from", {})}
    scales = [own, *about.get("more", ())]
    for scale in sorted(scales, key=lambda item: float(item["highest"]) if "highest" in item else 0.0):
        if "highest" not in scale or not float(scale.get("least", 0)) <= score <= float(scale["highest"]):
            continue
        if "pass" in scale:
            return str(scale["pass"])
        return max((str(level) for level, least in scale["from"].items() if score >= least), default="")
    if "pass" in about and score <= float(about["highest"]):
        return ""  # not passed
    return None


def is_language_examination(text: str) -> bool:
    """Return whether a text names an examination of a language, or the grade of somebody's Mandarin."""
    lower = small(text)
    return (_may_name_language(lower) and any(True for _ in _examinations(lower))) or re.search(
        r"普通话.{0,8}[一二三][级甲乙]|[一二三]级[甲乙]等", text
    ) is not None


def is_language(text: str) -> bool:
    """Return whether a text names a language or an examination of one."""
    lower = small(text)
    return (_may_name_language(lower) and any(_names(lower))) or is_language_examination(lower)
