"""Employments told in Chinese sentences: "2007年5月至今任某某公司董事、副总经理，曾任某某厂厂长"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhiren.resumes.dates import When, dates_in, ranges_in
from zhiren.resumes.model.tagger import Span

_GENERIC = re.compile(
    r"(?:本|该|原|股份|集团|总|子|分|控股)?(?:公司|集团|行|厂|院|校|所)(?:董事会|监事会)?|(?:公司)?(?:董事会|监事会)"
)
_SERVES = re.compile(
    r"曾任|现任|历任|兼任|担任|代行|出任|任职|供职|就职|任|兼|职务|等职|工作|加入|进入|调入|创立|创办|从事"
)
_STUDIES = re.compile(r"毕业于|就读|攻读|进修|获得?|学习|授予")
_NOW = re.compile(r"现任|现为|现兼任|目前任|目前担任")
_PAST = re.compile(r"曾任|历任|先后|曾在|曾担任|曾就职")
_NO_MORE = re.compile(r"不再|辞去|辞任|卸任|离任")
_BIRTH_OR_STUDY = re.compile(r"\s?(?:月|日)?(?:出生|生[，。；、,]|生于|毕业|获|参加工作|考入|入党|取得)")
_BEGINS = re.compile(r"\s?(?:加入|进入|调入|起|任|担任|出任|开始|到|就职)")
_UNTIL = re.compile(r"[至到](?=\s?\d)")
_GLUED = re.compile(r"[\u3400-\u9fff](?<![年月])(?=(?:19|20)\d\d)")
"""Sentences write years without a blank before them; the grammar of dates wants one. Both keep every place."""
_BREAK = re.compile(r"[。；;]")


@dataclass(frozen=True, slots=True)
class Told:
    """One title with one employer as a sentence tells it; what it does not tell is None."""

    employer: Span | None
    title: Span | None
    first: When | None
    last: When | None
    current: bool


@dataclass(frozen=True, slots=True)
class _Time:
    first: When | None = None
    last: When | None = None
    current: bool = False


def employments_in_prose(text: str, spans: Sequence[Span]) -> list[Told]:
    """Return the employments a text tells, in its order; `spans` is what a tagger found in it.

    A time holds for what follows it up to the next time or sentence. An employer holds for the titles behind
    it; "公司" stands for the last one named in the text. Studies and professional titles ("高级工程师") are no
    employments, nor is what somebody gave up ("不再担任").
    """
    found: list[Told] = []
    named: Span | None = None
    for begin, end in _sentences(text):
        inside = [span for span in spans if begin <= span.start < end and span.label in {"employer", "school", "title"}]
        times = list(_times(text, begin, end))
        employer: Span | None = None
        waiting: Span | None = None
        time = _Time()
        at = begin
        serving = gone = False
        for span in inside:
            before = text[at : span.start]
            for place, new in times:
                if at <= place < span.start:
                    time, serving = new, True
            if _STUDIES.search(before) and not _SERVES.search(before):
                serving, employer = False, None
            elif _SERVES.search(before):
                serving = True
            if _NOW.search(before):
                time = _Time(current=True) if time.first is None or not time.current else time
            elif _PAST.search(before) and (time.current or not any(at <= place < span.start for place, _ in times)):
                time = _Time()
            if _NO_MORE.search(before):
                gone = True
            elif _SERVES.search(before):
                gone = False
            at = span.end
            if span.label == "title":
                titled = serving or employer is not None
                if titled and not gone:
                    found.append(Told(employer, span, time.first, time.last, time.current))
                waiting = None
                continue
            if waiting is not None and serving and not gone:
                found.append(Told(waiting, None, time.first, time.last, time.current))
            if _GENERIC.fullmatch(text[span.start : span.end]):
                employer = named
                waiting = None
            elif span.label == "school" and not (serving or _titled_next(inside, span)):
                employer = waiting = None
            else:
                employer = named = span
                waiting = span if serving or _works(text, span, end) else None
        if waiting is not None and not gone and (serving or _works(text, waiting, end)):
            found.append(Told(waiting, None, time.first, time.last, time.current))
    return found


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for match in _BREAK.finditer(text):
        yield begin, match.end()
        begin = match.end()
    if begin < len(text):
        yield begin, len(text)


def _times(text: str, begin: int, end: int) -> Iterator[tuple[int, _Time]]:
    """Yield the times of a sentence that can be those of an employment, each with its place in the text."""
    part = _GLUED.sub(" ", _UNTIL.sub("-", text[begin:end]))
    ranges = ranges_in(part)
    for one in ranges:
        yield begin + one.start, _Time(_moved(one.first, begin), one.last and _moved(one.last, begin), one.last is None)
    for when in dates_in(part):
        if any(one.start <= when.start < one.end for one in ranges) or _BIRTH_OR_STUDY.match(part, when.end):
            continue
        if _BEGINS.match(part, when.end):
            yield begin + when.start, _Time(_moved(when, begin))


def _moved(when: When, by: int) -> When:
    return When(when.value, when.start + by, when.end + by)


def _titled_next(spans: Sequence[Span], school: Span) -> bool:
    """Return whether a title stands right behind a school: somebody works there."""
    return any(span.label == "title" and span.start == school.end for span in spans)


def _works(text: str, employer: Span, end: int) -> bool:
    return bool(re.match(r"[^，。；]{0,12}?(?:工作|任职|就职|供职)", text[employer.end : end]))
