"""The pieces of a line that name an employer or a title, and what each is by its look."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from zhiren.resumes.dates import dates_in, ranges_in
from zhiren.resumes.document import Line
from zhiren.resumes.places import is_place, is_town, place_spans
from zhiren.resumes.titles import looks_like_employer, looks_like_title

BULLET = re.compile(r"^\s*(?:[•·●○◦▪■◆*‣➢►▸▶➤›»∙⁃✓√–—]|-\s|\d{1,2}[.)、](?!\d)\s?|[（(]\d{1,2}[)）])")
SENTENCE_END = re.compile(r"[.。;；!！,，、]\s*$")
DURATION = re.compile(
    r"[（(]?\s?(?:\d{1,2}\s?(?:years?|yrs?|年)\s?)?(?:零|又|and|,)?\s?\d{1,2}\s?(?:个?月|months?|mos?|years?|yrs?|"
    r"年)\s?[)）]?",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\t|\s@\s|\sat\s(?=[A-Z\u4e00-\u9fff])|\s?[|｜◆]\s?|\s[-–—~]\s|\s?[·•]\s?|[,，](?!\s?(?:Inc|Ltd|LLC|"
    r"L\.L\.C|Co(?=[\s.,]|$)|"
    r"Corp|S\.A|Limited))\s?|"
    r"\s?[;；]\s?|\s/\s|(?<=[\u4e00-\u9fff)）])\s(?=[\u4e00-\u9fff])|(?<=[司店行院校])\s(?=[A-Za-z])"
)
_LABELS = tuple(
    (role, re.compile(rf"^(?:{words})\s?(?:[:：]\s?|\t(?=\S)|$)", re.IGNORECASE))
    for role, words in (
        (
            "employer",
            (
                r"公司名?称?|单位名?称?|工作单位|任职公司|所在公司|企业名称|employer|company|organi[sz]ation|"
                r"company name(?=\s?[:：])|name (?:and address )?of (?:the )?employer|employer(?:'s)? name"
            ),
        ),
        (
            "title",
            (
                r"职\s?[位务]名?称?|岗位名?称?|担任职[位务]|所任职[位务]|所在岗位|任职|担任|title|position|role|"
                "job title|designation|(?:occupation or )?position held|occupation"
            ),
        ),
        (
            "other",
            (
                "工作时间|时间|任职时间|起止时间|在职时间|部门|所在部门|所属部门|汇报对象|下属人数|薪资|月薪|"
                "工作地点|地点|行业|公司规模|公司性质|离职原因|工作内容|工作描述|职责|工作职责|主要职责|"
                "dates?(?: of employment)?|duration|period|from ?[-–/] ?to|when|location|place|department|industry|"
                "sector|type of business(?: or sector)?|(?:main (?:activities|tasks|duties)(?: and )?)?"
                "responsibilities|(?:main )?(?:activities|tasks|duties)|tech(?: stack)?"
            ),
        ),
    )
)
_SIZE_OR_DURATION = re.compile(
    r"(?:\s?[（(\[【][^（()）\[\]【】]{0,20}(?:人|年|个?月|上市|融资)[^（()）\[\]【】]{0,6}[）)\]】])+\s?$"
)
_PLACE_BESIDE = re.compile(r".+? -\s+(?P<place>[A-Z][^-]{1,60}?)\s?-\s?")  # Indeed: "Employer -  City, State -"
_FIRM_AND_PLACE = re.compile(
    r"(?P<firm>.*[\u4e00-\u9fff](?:公司|集团)|.*\S(?= Remote$))\s?(?P<place>[\u4e00-\u9fff]{2,6}|Remote)$"
)
_IN_A_COLUMN = re.compile(r"\t|\s[-–—]\s")
_FIRM_IN_PLACE = re.compile(
    r"(?P<firm>.*(?:公司|集团|医院|中学|小学|银行|事务所))\s?[(（](?P<place>[\u4e00-\u9fff]{2,6})[)）]"
)
_PAIR_OF_FIELDS = re.compile(
    r"(?:&|\band) (?:organi[sz]ation|technology|research|media|logistics|systems|development|services|insurance)$",
    re.IGNORECASE,
)  # Talent & Organization: a department rather than a firm
_AT = re.compile(r"\s(?:at|@)\s+$")
ORDINAL = re.compile(r"^[一二三四五六七八九十]{1,2}、\s?")
_DEPARTMENT = re.compile(r"^[\u4e00-\u9fffA-Za-z]{1,12}(?:部|部门|事业部|事业群|小组|科室|车间|中台)$")
_TIME_WORD = re.compile(
    r"^(?:spring|summer|fall|autumn|winter|full[- ]?time|part[- ]?time|contract|全职|兼职|实习期?|remote)$",
    re.IGNORECASE,
)
_LONGEST_HEAD = 110
_LONGEST_HEAD_CHINESE = 48


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a head line: where it stands and what it is by its look."""

    line: Line
    start: int
    end: int
    role: str
    labelled: bool = False

    @property
    def text(self) -> str:
        return self.line.text[self.start : self.end]


def is_short(text: str) -> bool:
    """Return whether a line is as short as a head, and no sentence."""
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    return len(text) <= _LONGEST_HEAD and chinese <= _LONGEST_HEAD_CHINESE and "。" not in text


@lru_cache(maxsize=1024)  # some six rules look at the lines around a head
def pieces_of(line: Line) -> Sequence[Piece]:
    """Return the parts of a head line that can name an employer or a title; dates, places, durations are not."""
    text = line.folded
    label = _label_of(text)
    if label and label[0] == "other" and label[1] < len(text) and not ranges_in(text) and not dates_in(text):
        return []
    dates = [(found.start, found.end) for found in ranges_in(text) or dates_in(text)]
    beside = _PLACE_BESIDE.fullmatch(text)
    blocked = [*dates, *place_spans(text), *([beside.span("place")] if beside else [])]
    blocked.extend([(0, label[1])] if label else [])
    stops = sorted({0, len(text), *(edge for span in blocked for edge in span)})
    found: list[Piece] = []
    for begin, end in pairwise(stops):
        if any(start <= begin < stop for start, stop in blocked):
            continue
        for start, stop in _parts(text, begin, end):
            piece = _piece(line, start, stop)
            if piece and label and label[0] != "other" and not found:
                piece = replace(piece, role=label[0], labelled=True)
            if piece:
                found.append(piece)
    if len(found) > 1 and found[-1].role == "unknown" and _IN_A_COLUMN.search(text, found[-2].end, found[-1].start):
        found = found[:-1] if is_town(found[-1].text) else found
    return _with_employer_behind_at(text, found)


def _with_employer_behind_at(text: str, found: list[Piece]) -> list[Piece]:
    """Return the pieces; of `Analyst, Talent & Organization at Kestrel` the employer is what stands behind "at"."""
    named = next((piece for piece in found if _AT.search(text, 0, piece.start)), None)
    before = found[: found.index(named)] if named else []
    if named is None or named.role == "title" or not any(piece.role == "title" for piece in before):
        return found
    return [
        replace(piece, role="employer" if piece is named else "unknown" if piece.role == "employer" else piece.role)
        for piece in found
    ]


def _label_of(text: str) -> tuple[str, int] | None:
    """Return what the label at the beginning of a line announces, and where the label ends."""
    lead = BULLET.match(text)
    begin = lead.end() if lead else 0
    return next(((role, begin + found.end()) for role, label in _LABELS if (found := label.match(text[begin:]))), None)


def _parts(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    start = begin
    for match in _SPLIT.finditer(text, begin, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _piece(line: Line, start: int, stop: int) -> Piece | None:
    text = line.folded
    while start < stop and text[start] in " \t-–—,，|:：()（）[]【】·•/~@":
        start += 1
    while start < stop and text[stop - 1] in " \t-–—,，|:：([（【·•/~":
        stop -= 1
    if stop > start and text[stop - 1] in ")）" and not re.search(r"[(（]", text[start:stop]):
        stop -= 1
    stop = start + len(_SIZE_OR_DURATION.sub("", text[start:stop]))
    ordinal = ORDINAL.match(text[start:stop])
    start += ordinal.end() if ordinal else 0
    branch = _FIRM_IN_PLACE.fullmatch(text[start:stop])
    if branch and is_place(branch["place"]):
        stop = start + branch.end("firm")
    behind = _FIRM_AND_PLACE.match(text[start:stop])
    if behind and is_place(behind["place"]):
        stop = start + behind.end("firm")
    bare = text[start:stop]
    for role, label in _LABELS:
        match = label.match(bare)
        if match:
            if role == "other":
                return None
            start += match.end()
            return Piece(line, start, stop, role, labelled=True) if start < stop else None
    if (
        not 1 < len(bare) <= 60
        or DURATION.fullmatch(bare)
        or _TIME_WORD.match(bare)
        or is_place(bare)
        or not re.search(r"[^\W\d_]", bare)
    ):
        return None
    city = re.search(r"\s(?:City ?, ?State|[A-Z][a-z]+, [A-Z]{2})$", bare)
    if city:
        bare = bare[: city.start()]
        stop = start + len(bare)
    return Piece(line, start, stop, _role(bare))


def _role(bare: str) -> str:
    if _DEPARTMENT.match(bare) and not (looks_like_employer(bare) or looks_like_title(bare)):
        return "department"
    title, employer = looks_like_title(bare), looks_like_employer(bare) and not _PAIR_OF_FIELDS.search(bare)
    if title and employer:
        # "Bank Teller", "Research Intern": the last word decides what the whole is
        last = bare.split()[-1] if bare.isascii() else bare[-3:]
        return "title" if looks_like_title(last) else "employer"
    return "title" if title else "employer" if employer else "unknown"
