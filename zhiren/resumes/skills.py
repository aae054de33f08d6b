"""Skills: those of our own list wherever they stand, and whatever a list of skills holds."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from zhiren.resumes.dates import dates_in
from zhiren.resumes.document import Line, fact
from zhiren.resumes.facts import Fact
from zhiren.resumes.limits import MAX_LINE
from zhiren.resumes.places import is_place
from zhiren.resumes.segments import HEADER, Segment
from zhiren.resumes.vocabulary import load

_MOST = 80
_SPLIT = re.compile(r"[,，、;；|\t/•·●▪■◆]|(?<=\S)\s{2,}|\s[-–—]\s")
_LEAD = re.compile(
    r"^[\s\-–—*•·●○◦▪■◆►✓√>\d.、)）(]*(?:(?:熟练)?(?:掌握|使用|运用)|精通|熟悉|了解|擅长|能够|具备|熟练|"
    r"会(?=使?用|[A-Za-z])|良好的|"
    r"proficient (?:in|with)|"
    r"familiar with|experienced? (?:in|with)|knowledge of|skilled in|expert in|working knowledge of|including|and|"
    r"以及|等)*\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:等(?:[工技]\S{0,6})?|\s?[（(][^()（）]{0,20}[)）]|[.。;；:：\s]|语言|and|experience|skills?)+$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^[\s•·●○◦▪■◆*\-]*(?P<label>[^:：,，]{1,30})[:：]\s*(?=\S)")
_SENTENCE = re.compile(r"[。！？!?]|\.\s|\b(?:I|my|the|was|were|have|has|with the|able to)\b|的|我")
_BLANK_WORD = re.compile(
    r"(?:(?:with|on|and|or|to|of|as|by|such|including|包括|以及|并|对|能)\b.*|[包括以及并对能专].{0,3}(?:于|括)?|"
    r"more|熟练|精通|掌握|一般|"
    r"良好|优秀|native|fluent|basic|advanced|intermediate|good|excellent|others?|其他|etc|skills?|无|none|n/a)",
    re.IGNORECASE,
)


def skills_in(segments: list[Segment]) -> list[Fact]:
    """Return each skill once, those named in a list of skills first; at most 80."""
    found: dict[str, Fact] = {}
    for segment in segments:
        if segment.kind == "skills":
            for line in segment.lines:
                for item in (*_known(line, listed=True), *_listed(line)):
                    _keep(found, item)
    for segment in segments:
        if segment.kind not in {"skills", HEADER, "education", "references", "interests"}:
            for line in segment.lines:
                for item in _known(line, listed=False):
                    _keep(found, item)
    return list(found.values())[:_MOST]


def _keep(found: dict[str, Fact], item: Fact) -> None:
    found.setdefault(item.value.casefold(), item)


@functools.cache
def _spellings() -> dict[str, str]:
    spellings: dict[str, str] = {}
    for name, others in load("skills")["known"].items():
        for spelling in (name, *others.split(",")):
            if spelling.strip():
                spellings[spelling.strip().lower()] = name
    return spellings


@functools.cache
def _known_pattern() -> re.Pattern[str]:
    names = sorted(_spellings(), key=len, reverse=True)
    return re.compile(
        r"(?<![a-z0-9.#+@/\-])(?:" + "|".join(re.escape(name) for name in names) + r")(?![a-z0-9#+@]|\.[a-z]|-[a-z])",
        re.IGNORECASE,
    )


@functools.cache
def _strict() -> frozenset[str]:
    return frozenset(word.strip() for word in load("skills")["strict"].split(","))


def _known(line: Line, *, listed: bool) -> Iterator[Fact]:
    if len(line.text) > MAX_LINE:
        return
    for match in _known_pattern().finditer(line.folded):
        value = _spellings()[match.group().lower()]
        yield fact(line, match.span(), confidence=0.95 if listed else 0.75, rule="skill_known", value=value)


def _listed(line: Line) -> Iterator[Fact]:
    """Yield the entries of a line that reads like a list; a sentence yields none."""
    if not line.text or len(line.text) > MAX_LINE or dates_in(line.folded):
        return
    label = _LABEL.match(line.folded)
    position = label.end() if label else 0
    entries = _SPLIT.split(line.folded[position:])
    if _SENTENCE.search(line.folded) and len(entries) < 4:
        return
    spans = []
    for entry in entries:
        begin = line.folded.index(entry, position) if entry else position
        position = begin + len(entry)
        lead = _LEAD.match(entry)
        start = begin + (lead.end() if lead else 0)
        end = begin + len(_TAIL.sub("", entry))
        if start < end:
            spans.append((start, end))
    fitting = [span for span in spans if _is_entry(line.text[slice(*span)])]
    prose = len(fitting) * 4 < len(spans) * 3
    for start, end in fitting:
        text = line.text[start:end]
        known = _spellings().get(text.lower())
        sure = known is not None or text in _strict()
        if sure or not (prose or _names_known(text)):
            yield fact(line, (start, end), confidence=0.95 if sure else 0.6, rule="skill_listed", value=known or text)


def _names_known(text: str) -> bool:
    """Return whether an entry only wraps skills of our list, as 英语 CET-6 does, or strings several together."""
    return len(_known_pattern().findall(text)) >= (2 if text.isascii() else 1)


def is_skill(text: str) -> bool:
    """Return whether a text is the name of a skill on our list."""
    return text.lower() in _spellings()


def _is_entry(text: str) -> bool:
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    if not text or len(text) > 40 or chinese > 10 or len(text.split()) > 4:
        return False
    if not re.search(r"[^\W\d_]", text) or (len(text) == 1 and text not in _strict()):
        return False
    return not (_SENTENCE.search(text) or _BLANK_WORD.fullmatch(text) or is_place(text))
