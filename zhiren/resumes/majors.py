"""Subjects of study within a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from zhiren.resumes.degrees import DEGREE
from zhiren.resumes.document import CELL, Line, fact
from zhiren.resumes.facts import Fact
from zhiren.resumes.places import is_place, is_town, place_spans
from zhiren.resumes.schoolnames import ENGLISH_SCHOOL, NOT_MAJOR
from zhiren.resumes.vocabulary import confidence

_MAJOR_LABEL = re.compile(
    r"(?:(?:专\s?业|\bmajor(?:ed in)?|\bfield of study|\bconcentration)\s?[:：]|"
    r"(?:所学专业|(?<![\u4e00-\u9fff])专\s?业|\bmajor(?:ed in)?|\bfield of study|\bconcentration)\s?[\t ])\s?"
    r"(?P<major>[^\t,，;；|"
    r"/·:(（]{2,40})",
    re.IGNORECASE,
)
_ANOTHER_LABEL = re.compile(
    r"技能|知识|能力|课程|学\s?历|学\s?位|学校|院校|毕业院校|毕业学校|时间|起止时间|毕业时间|备注|描述|专业|"
    r"degree|school|"
    r"university|period|date",
    re.IGNORECASE,
)
_MAJOR_AND_DEGREE = re.compile(
    r"(?P<major>[\u4e00-\u9fff]{2,14}?)(?:荣誉)?(?:理学|工学|文学|法学|商学)?(?:学士|硕士|"
    r"博士)(?:学位)?(?:[(（][^()（）]{1,12}[)）])?"
)
_DEGREE_AND_MAJOR = re.compile(
    r"(?:博士|硕士|本科|学士|大专|专科)(?:研究生)?(?:学位|学历)?[ ,，]?(?P<major>[\u4e00-\u9fff]{2,12})"
)
_CHINESE_MAJOR = re.compile(r"(?P<major>(?:[\u4e00-\u9fff]{2,10}[学术程]、){0,2}[\u4e00-\u9fff]{2,16}?)\s?专业")
_OF_OR_IN = re.compile(
    r"^[^A-Za-z]{0,3}(?:['’]?s)?\s?(?:Degree\s)?(?:(?:of|in|:|,|-|"
    r"–)\s?)?(?P<first>[A-Z][A-Za-z&/ ,.\-]{2,70}?)?(?:\sin\s|\s?[:,]\s?)(?P<major>[A-Z][A-Za-z&/ \-]{2,60})"
)
_OF = re.compile(r"^\s?(?:(?:of|in)\s)?(?P<major>[A-Z][A-Za-z&/ \-]{2,60})")
_MORE_SUBJECTS = re.compile(
    r"(?:, [A-Z][A-Za-z&-]+(?: (?:of )?[A-Z][A-Za-z&-]+){0,3}){1,3},? "
    r"(?:and|&) [A-Z][A-Za-z&-]+(?: [A-Z][A-Za-z&-]+){0,3}"
    r"(?=\s*(?:$|[\t,;|·•(（]|[-–—]\s|(?:from|at)\s|\d))"
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,12}")
_MORE_CHINESE = re.compile(r"(?:、[\u4e00-\u9fff]{1,10}[学术法理工程语计务易销]){1,2}(?=$|[\t|·•｜◆,，;；（( ])")
_MORE_GENERAL = re.compile(
    r"(?:, (?:[A-Z][A-Za-z-]+ )?(?:Sciences?|Mathematics|Statistics|Economics|Physics|Chemistry|Biology|History|"
    r"Geography|Psychology|Literature|Philosophy|Law|Music|Sociology|Politics|English|French|German|Spanish)){2,4}"
    r"(?=\s*(?:$|[\t,;|(]))"
)  # three subjects of a school, without an "and"
_FIELD = re.compile(r"(?:Science|Arts|Engineering|Technology|Education|Commerce) (?=[A-Z][a-z]+ |[A-Z](?!ducation$))")
_GENERAL = re.compile(
    r"^(?:Science|Arts?|Education|Engineering|Technology|Philosophy|Laws?|Business Administration|Fine Arts|Commerce|"
    r"Applied Science|Degree|Diploma|Honou?rs|Hons)$",
    re.IGNORECASE,
)
DIPLOMA = re.compile(r"(?:(?:Advanced|Higher|National|(?:Post[ -]?)?[Gg]raduate) )?(?:Diploma|Certificate)\b(?! of\b)")
"""What comes with a subject, but is no degree."""
PARTS = re.compile(r"[\t|·•｜◆,，、;；]|(?<=[\dtw])[:：]\s|\s[-–—/~]\s|(?<=[\u4e00-\u9fff)）])\s(?=[\u4e00-\u9fff])")
_MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?$")
_SPELLED = re.compile(r"Bachelor|Master|Doctor|Associate", re.IGNORECASE)


@dataclass(slots=True)
class Found:
    """What one line says."""

    school: Fact | None = None
    degree: Fact | None = None
    major: Fact | None = None
    dates: tuple[Fact | None, Fact | None] | None = None
    spare: Fact | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)


def labelled_major(line: Line) -> Fact | None:
    """Return the subject that a label names."""
    match = _MAJOR_LABEL.search(line.folded)
    if not match or _ANOTHER_LABEL.fullmatch(match["major"].strip()):
        return None
    start = match.start("major")
    named = match["major"].rstrip()
    more = _rest_of_list(line.folded, start + len(named))
    return fact(line, (start, start + len(named + more)), confidence=confidence("major_label"), rule="major_label")


def major_of(line: Line, found: Found) -> Fact | None:
    """Return the subject a line names, beside what else was found in it."""
    text = line.folded
    labelled = labelled_major(line)
    if labelled:
        return labelled
    match = _CHINESE_MAJOR.search(text)
    if match and not NOT_MAJOR.search(match["major"]) and match["major"] not in {"相关", "本"}:
        return fact(line, match.span("major"), confidence=confidence("major_suffix"), rule="major_suffix")
    blocked = [*found.spans, *place_spans(text)]
    diploma = DIPLOMA.search(text)
    awarded = _words(line, found.degree) or (diploma.group() if diploma else "")
    if awarded and awarded[0] < "\u2e80":
        for end in _ends_of(text, awarded):
            english = _english_major(line, end, spelled=_SPELLED.match(awarded) is not None)
            if english:
                return english
    between = _between(line, found)
    if between:
        return between
    position = 0
    for piece in PARTS.split(text):
        begin = text.index(piece, position) if piece else position
        position = begin + len(piece)
        begin += len(piece) - len(piece.lstrip())
        bare = piece.strip()
        both = _MAJOR_AND_DEGREE.fullmatch(bare)
        if both and found.degree and not NOT_MAJOR.search(both["major"]):
            return fact(
                line,
                (begin, begin + both.end("major")),
                confidence=confidence("major_before_degree"),
                rule="major_before_degree",
            )
        behind = _DEGREE_AND_MAJOR.fullmatch(bare)
        if behind and found.degree and not NOT_MAJOR.search(behind["major"]) and not is_place(behind["major"]):
            return fact(
                line,
                (begin + behind.start("major"), begin + behind.end("major")),
                confidence=confidence("major_behind_degree"),
                rule="major_behind_degree",
            )
        for start, end in blocked:
            if begin < start < begin + len(bare) and not text[end : begin + len(bare)].strip(")） "):
                bare = bare[: start - begin].rstrip(" (（")
        more = _MORE_CHINESE.match(text, begin + len(bare)) if _CHINESE.fullmatch(bare) else None
        if more and not NOT_MAJOR.search(more.group()):
            bare += more.group()
        if any(begin < end and start < begin + len(bare) for start, end in blocked) or is_place(bare):
            continue
        if NOT_MAJOR.search(bare) or ENGLISH_SCHOOL.search(bare) or is_town(bare):
            continue
        if re.fullmatch(
            r"[\u4e00-\u9fff]{2,12}(?:[（(][\u4e00-\u9fff]{1,8}[)）])?(?:、[\u4e00-\u9fff]{2,12}){0,2}|"
            r"[A-Z][A-Za-z&]+(?: (?:and|of|&|[A-Z][A-Za-z&]+)){0,5}",
            bare,
        ):
            return fact(
                line,
                (begin, begin + len(bare)),
                confidence=confidence("major_beside_school"),
                rule="major_beside_school",
            )
    return None


def _between(line: Line, found: Found) -> Fact | None:
    """Return the subject that stands between school and degree, or behind `硕士 in`, with blanks alone around it."""
    if found.degree is None:
        return None
    start = 0
    match = re.search(rf"{re.escape(_words(line, found.degree))} in (?P<major>[\u4e00-\u9fff]{{2,16}})", line.folded)
    if match is None and found.school and found.school.end < found.degree.start:
        start = found.school.end - line.start
        match = re.fullmatch(
            r"[ ,]+(?P<major>[A-Z][A-Za-z&]+(?: (?:and|of|&|[A-Z][A-Za-z&]+)){0,5})[ ,]+",
            line.folded[start : found.degree.start - line.start],
        )
    if not match or NOT_MAJOR.search(match["major"]) or is_place(match["major"]):
        return None
    span = (start + match.start("major"), start + match.end("major"))
    return fact(line, span, confidence=confidence("major_between"), rule="major_between")


def _words(line: Line, found: Fact | None) -> str:
    return line.folded[found.start - line.start : found.end - line.start] if found else ""


def _ends_of(text: str, words: str) -> Iterator[int]:
    """Yield where these words end, each time they stand in the text: a degree may have a column of its own, too."""
    position = text.find(words)
    while position >= 0:
        yield position + len(words)
        position = text.find(words, position + len(words))


def _is_first_of_two(match: re.Match[str], rest: str, *, spelled: bool) -> bool:
    """Return whether the subject is what follows the degree and a comma, and what follows it is something else."""
    first = match.groupdict().get("first")
    return (
        bool(first)
        and (rest.startswith((",", " ,", " in ")) or (not spelled and "," in match.group()))
        and not re.search(r"\sin\s", match.group()[3:])
        and not (_GENERAL.match(first or "") and not rest.startswith(" in "))
    )


def _english_major(line: Line, begin: int, *, spelled: bool) -> Fact | None:
    rest = line.folded[begin:].split(CELL)[0]
    for pattern, rule in ((_OF_OR_IN, "major_english"), (_OF, "major_behind_degree")):
        match = pattern.match(rest)
        if not match:
            continue
        first = match.groupdict().get("first") or ""
        is_list = spelled and _FIELD.match(first) is not None and bool(_rest_of_list(rest, match.end("first")))
        named = "first" if is_list or _is_first_of_two(match, rest, spelled=spelled) else "major"
        start, end = match.span(named)
        words = re.split(
            r"\s[-–—]\s|\s(?:from|at|GPA|with|Minor|Degree)\b|(?<=[a-z])(?=\d)|,|\s//|\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\s*$|\s(?:Spring|Summer|Fall|Winter|"
            r"Expected)\b",
            rest[start:end],
        )[0].rstrip(" -–.")
        if (
            words
            and not _MONTH.match(words)
            and not (_GENERAL.match(words) and spelled and not re.search(r"\bin\s$", rest[:start]))
            and not ENGLISH_SCHOOL.search(words)
            and not any(pattern.match(words) for _, pattern in DEGREE)
            and not is_place(words)
            and not NOT_MAJOR.search(words)
        ):
            skipped = _field_of_degree(words) if spelled else 0
            end = start + len(words) + len(_rest_of_list(rest, start + len(words)))
            return fact(line, (begin + start + skipped, begin + end), confidence=confidence(rule), rule=rule)
    return None


def _field_of_degree(words: str) -> int:
    """Return how many letters belong to the degree: the Science of `Bachelor of Science Computer Science`."""
    field = _FIELD.match(words)
    return field.end() if field else 0


def _rest_of_list(text: str, begin: int) -> str:
    """Return what makes a list of a subject that ends here: the `, Economics and Law` of three subjects."""
    more = _MORE_SUBJECTS.match(text, begin) or _MORE_GENERAL.match(text, begin)
    if more is None or ENGLISH_SCHOOL.search(more.group()) or NOT_MAJOR.search(more.group()):
        return ""
    return more.group() if not any(is_place(word) for word in re.split(r", | and | & ", more.group()) if word) else ""
