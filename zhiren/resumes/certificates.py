"""Certificates and licences, with their dates. Awards are none, and examinations of languages tell of a language."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from zhiren.resumes.dates import When, dates_in
from zhiren.resumes.document import CELL, Line, fact
from zhiren.resumes.facts import Certificate, Fact
from zhiren.resumes.languages import is_language_examination
from zhiren.resumes.limits import MAX_LINE
from zhiren.resumes.segments import Segment
from zhiren.resumes.vocabulary import load, pieces, pieces_with_places, small

_MOST = 40
_BLIND = frozenset({"work", "projects", "references", "publications", "volunteer", "campus", "interests", "objective"})
_LABEL = re.compile(
    r"^[\s•·●○◦▪■◆*\-]*(?:(?:资格|职业|技能|专业|所获|相关|荣誉)?(?:证书|资质)(?:/?[\u4e00-\u9fff]{0,4})?|持证情况|"
    r"certifications?|certificates?|licen[sc]es?)\s?[:：]\s?",
    re.IGNORECASE,
)
# A heading that also says other things: 语言与证书
_HEADING = re.compile(r"证书|资质|certif|licen[sc]e", re.IGNORECASE)
_SPLIT = re.compile(r"[,，、;；|\t•·●▪■◆]|\s[/]\s|(?<=\S)\s{2,}|(?<=[\u4e00-\u9fff])[/](?=[\u4e00-\u9fff])")
_LEAD = re.compile(
    r"^[\s\-–—*•·●○◦▪■◆►✓√>)）(（.:：]*(?:\d{1,2}[.、)）]\s?)?(?:(?:已|并|曾)?(?:获得|取得|考取|持有|通过|具有|具备|拥有|考过|荣获|获)了?"
    r"(?:国家)?|(?:obtained|earned|holds?|holding)\s(?:an?\s)?)?\s*[:：]?\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:[\s.。;；,，:：\-–—(（|]|等$|各一[份个]?$)+$")
_LOOKS = re.compile(
    r"证$|证书|资格|认证|执照|职称|(?:管理|工程|设计|会计|经济|咨询|评估|分析|规划|技)师(?=$|[（(])|[一二三四五][级建]|[初中高]级|"
    r"\bcertif|\blicen[sc]|\bcertified\b|\bdiploma\b|\baccredit|\bregistered\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"[月日号]?[\s(（:：\-–—·]{0,3}|\s?[,，]\s?")
_AWARD = re.compile(
    r"奖|优秀|三好|标兵|先进|荣誉称号|称号|第[一二三四五]名|[冠亚季]军|特等|一等|二等|三等|竞赛|大赛|比赛|党员|团员|"
    r"\bawards?\b|scholarship|\bhonou?rs?\b|\bprize|\bwinner\b|dean's list|\bof the (?:year|month)\b|"
    r"\bemployee\b|medal|recognition|appreciation",
    re.IGNORECASE,
)
# What says that somebody has not got it yet.
_NOT_YET = re.compile(
    r"\s?[(（,，\-–—]?\s?(?:candidate|in progress|pursuing|expected|studying|备考|在考|考取中|报考|"
    r"已过\s?[\d一二三四五]\s?[科门]|通过\s?[\d一二三四五]\s?[科门]|预计)",
    re.IGNORECASE,
)
_LICENCE = re.compile(
    r"(?:(?:机动车)?(?:驾驶证|驾照|驾驶执照|驾驶本)\s?[:：(（]?\s?(?P<after>[ABC][123](?:[DEF])?)?\s?(?:照|本|证)?[)）]?|"
    r"(?<![A-Za-z])(?P<before>[ABC][123](?:[DEF])?)\s?(?:类|型)?\s?(?:驾照|驾驶证|驾驶执照|照(?=[,，、;；\s]|$)|驾驶资格)|"
    r"\b(?:valid\s)?driver(?:'|’)?s?(?:'|’)?\slicen[sc]e\b|\bdriving\slicen[sc]e\b)",
    re.IGNORECASE,
)
_LATIN = re.compile("[a-z0-9]")
_PART_OF_NAME = re.compile("学院|专业|行业|公司|事务所|协会|岗|助理")


class _Known(NamedTuple):
    name: str
    anywhere: bool


def certificates_in(segments: list[Segment]) -> list[Certificate]:
    """Return each certificate once, those under a heading for certificates first; at most 40.

    Under such a heading, or behind such a label, an entry counts that is on our list or looks like a certificate;
    elsewhere only what is on the list, and never what was done at work.
    """
    found: dict[str, Certificate] = {}
    ordered = sorted(segments, key=lambda part: part.kind != "certificates")
    for segment in ordered:
        if segment.kind in _BLIND:
            continue
        headed = segment.kind == "certificates" or _HEADING.search(segment.heading) is not None
        for line in segment.lines:
            if not line.text or len(line.text) > MAX_LINE:
                continue
            label = _LABEL.match(line.folded)
            listed = headed or label is not None
            entries = _entries(line, label.end() if label else 0) if listed else _mentions(line)
            for certificate in entries:
                found.setdefault(certificate.name.value.casefold(), certificate)
    return list(found.values())[:_MOST]


def is_certificate(text: str) -> bool:
    """Return whether a text names a certificate of our list."""
    return text.strip().lower() in _known() or _LICENCE.fullmatch(text.strip()) is not None


@functools.cache
def _known() -> dict[str, _Known]:
    """Every spelling in small letters."""
    data = load("certificates")
    listed = {name.strip() for name in data["listed"].split(",")}
    known: dict[str, _Known] = {}
    for name, others in data["known"].items():
        for word in filter(None, map(str.strip, others.split(","))):
            bare = word.removeprefix("~")
            known[bare.lower()] = _Known(name, anywhere=bare == word and (len(bare) > 4 or bare[0] > "\u2e7f"))
        known[name.lower()] = _Known(name, anywhere=name not in listed)
    return known


@functools.cache
def _index() -> dict[str, list[str]]:
    """The spellings by their first piece, the longest first."""
    index: dict[str, list[str]] = {}
    for spelling in sorted(_known(), key=len, reverse=True):
        index.setdefault(pieces(spelling)[0], []).append(spelling)
    return index


def _spans(line: Line, *, listed: bool) -> Iterator[tuple[int, int, str]]:
    text = small(line.folded)
    if not _index().keys().isdisjoint(pieces(text)):
        for start, end, known in _named(text):
            if (listed or known.anywhere) and not _NOT_YET.match(line.folded, end):
                yield start, end, known.name
    if "驾" not in text and "照" not in text and "licen" not in text:
        return
    for match in _LICENCE.finditer(line.folded):
        kind = (match["after"] or match["before"] or "").upper()
        english = match.group().isascii() and not kind
        name = "Driver's license" if english else f"机动车驾驶证 {kind}".strip()
        yield match.start(), match.end(), name


def _named(text: str) -> Iterator[tuple[int, int, _Known]]:
    """Yield where a text in small letters has a name of our list, the longest at each place, none overlapping."""
    index, known, reached = _index(), _known(), 0
    for piece, place in pieces_with_places(text):
        if place < reached or piece not in index:
            continue
        for spelling in index[piece]:
            end = place + len(spelling)
            if text.startswith(spelling, place) and _stands_alone(text, place, end):
                yield place, end, known[spelling]
                reached = end
                break


def _stands_alone(text: str, start: int, end: int) -> bool:
    if text[start].isascii() and start and _LATIN.match(text, start - 1):
        return False
    return (_LATIN if text[end - 1].isascii() else _PART_OF_NAME).match(text, end) is None


def _mentions(line: Line) -> Iterator[Certificate]:
    """Yield what is on our list, from a line about something else."""
    if _AWARD.search(line.folded):
        return
    for start, end, name in _spans(line, listed=False):
        yield Certificate(name=fact(line, (start, end), confidence=0.8, rule="certificate_known", value=name))


def _entries(line: Line, begin: int) -> Iterator[Certificate]:
    """Yield the entries of a line of certificates."""
    dates = dates_in(line.folded)
    spans = list(_parts(line, begin, dates))
    for start, end in spans:
        text = line.folded[start:end]
        if _AWARD.search(text) or is_language_examination(text):
            continue
        date = _date(line, start, end, dates, alone=len(spans) == 1)
        named = [span for span in _spans(line, listed=True) if start <= span[0] and span[1] <= end]
        for first, last, name in named:
            yield Certificate(
                name=fact(line, (first, last), confidence=0.95, rule="certificate_known", value=name), date=date
            )
        if not named and 2 < len(text) <= 70 and _LOOKS.search(text) and not _NOT_YET.search(text):
            yield Certificate(name=fact(line, (start, end), confidence=0.65, rule="certificate_listed"), date=date)


def _parts(line: Line, begin: int, dates: list[When]) -> Iterator[tuple[int, int]]:
    """Yield the entries of a line without their dates."""
    text = line.folded
    for when in dates:
        if when.start >= begin:
            text = text[: when.start] + CELL * (when.end - when.start) + text[when.end :]
    position = begin
    for piece in _SPLIT.split(text[begin:]):
        start = text.index(piece, position) if piece else position
        position = start + len(piece)
        lead = _LEAD.match(piece)
        first = start + (lead.end() if lead else 0)
        last = start + len(_TAIL.sub("", piece))
        if first < last:
            yield first, last


def _date(line: Line, start: int, end: int, dates: list[When], *, alone: bool) -> Fact | None:
    """Return the date of an entry: that of its line if it stands alone there, else the one right beside it."""
    before = [when for when in dates if when.end <= start and _BESIDE.fullmatch(line.folded, when.end, start)]
    after = [when for when in dates if end <= when.start and _BESIDE.fullmatch(line.folded, end, when.start)]
    near = after or before or (dates if alone else [])
    if not near:
        return None
    when = near[0]
    return fact(line, (when.start, when.end), confidence=0.9, rule="certificate_date", value=when.month)
