"""Employers, titles and the time spent there. Every entry hangs on a date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from zhiren.resumes.dates import When, dates_in, ranges_in
from zhiren.resumes.document import CELL, Line, fact, goes_on_below
from zhiren.resumes.facts import Employment, Fact
from zhiren.resumes.places import is_place, is_town, place_spans
from zhiren.resumes.segments import Segment
from zhiren.resumes.titles import looks_like_employer, looks_like_title
from zhiren.resumes.vocabulary import confidence
from zhiren.resumes.worktables import columns_of, date_fact, rows_of_table, text_of

_BULLET = re.compile(r"^\s*(?:[•·●○◦▪■◆*‣➢►▸▶➤›»∙⁃✓√–—]|-\s|\d{1,2}[.)、]\s?|[（(]\d{1,2}[)）])")
_SENTENCE_END = re.compile(r"[.。;；!！,，、]\s*$")
_COMPANY_TAIL = re.compile(r"(?:Inc|Ltd|Co|Corp|LLC|L\.L\.C|Jr|Sr)\.\s*$")
_DURATION = re.compile(
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
    (role, re.compile(rf"^(?:{words})\s?[:：]\s?", re.IGNORECASE))
    for role, words in (
        (
            "employer",
            "公司名?称?|单位名?称?|工作单位|任职公司|所在公司|企业名称|employer|company|organi[sz]ation",
        ),
        (
            "title",
            (
                r"职\s?[位务]名?称?|岗位名?称?|担任职[位务]|所任职[位务]|所在岗位|任职|担任|title|position|role|"
                "job title|designation"
            ),
        ),
        (
            "other",
            (
                "工作时间|时间|任职时间|起止时间|在职时间|部门|所在部门|所属部门|汇报对象|下属人数|薪资|月薪|"
                "工作地点|地点|行业|公司规模|公司性质|离职原因|工作内容|工作描述|职责|工作职责|主要职责|"
                "dates?|duration|location|department|industry|responsibilities|tech(?: stack)?"
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
_ORDINAL = re.compile(r"^[一二三四五六七八九十]{1,2}、\s?")
_NUMBER_AND_NAME = re.compile(r"\d{1,3}[-A-Z]\w")  # 7-Eleven, 3M
_DEPARTMENT = re.compile(r"^[\u4e00-\u9fffA-Za-z]{1,12}(?:部|部门|事业部|事业群|小组|科室|车间|中台)$")
_TIME_WORD = re.compile(
    r"^(?:spring|summer|fall|autumn|winter|full[- ]?time|part[- ]?time|contract|全职|兼职|实习期?|remote)$",
    re.IGNORECASE,
)
_LINKS = re.compile(r"\b(?:and|for|the)\b")
_FEWEST_PROSE = 3  # words in small letters
_LONGEST_HEAD = 110
_LONGEST_HEAD_CHINESE = 48


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a head line: where it stands and what it is by its look."""

    line: Line
    start: int
    end: int
    role: str

    @property
    def text(self) -> str:
        return self.line.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A line with the dates of one entry."""

    index: int
    first: When | None
    last: When | None
    current: bool
    start: int
    end: int


def employers_in(segments: list[Segment]) -> list[Employment]:
    """Return the employments in the order of the résumé; each has a date and an employer or a title."""
    found: list[Employment] = []
    for segment in segments:
        if segment.kind == "work":
            lines = [line for line in segment.lines if line.text]
            found.extend(rows_of_table(lines) or _entries(lines))
    return found


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry before it is told apart from its neighbours: `above` says that its employer has a line of its own."""

    anchor: _Anchor
    employer: Fact | None
    title: Fact | None
    above: bool
    text: Fact | None


def _entries(lines: Sequence[Line]) -> Iterator[Employment]:
    anchors = _anchors(lines)
    heads = []
    floor = 0
    for place, anchor in enumerate(anchors):
        ceiling = anchors[place + 1].index if place + 1 < len(anchors) else len(lines)
        head = _head(lines, anchor, floor, ceiling, names_above=anchors[0].index > 0)
        heads.append(head)
        floor = max(head) + 1
    pieces = [[piece for index in head for piece in _pieces(lines[index])] for head in heads]
    employer_first = _employer_first(pieces)
    entries = []
    for place, (anchor, head) in enumerate(zip(anchors, heads, strict=True)):
        employer, title = _employer_and_title(pieces[place], employer_first)
        if not employer and not title:
            continue
        stop = min(heads[place + 1]) if place + 1 < len(heads) else len(lines)
        above = employer is not None and employer.line is not None and employer.line < lines[anchor.index].number
        entries.append(_Entry(anchor, employer, title, above, text_of(lines[max(head) + 1 : stop])))
    for entry in _with_employers_handed_down(entries):
        yield Employment(
            employer=entry.employer,
            title=entry.title,
            start=date_fact(lines[entry.anchor.index], entry.anchor.first),
            end=date_fact(lines[entry.anchor.index], entry.anchor.last),
            current=entry.anchor.current,
            text=entry.text,
        )


def _with_employers_handed_down(entries: list[_Entry]) -> Iterator[_Entry]:
    """Yield the entries; several titles under one employer, who is named once, all get that employer.

    The employer stands on a line above the first title, or has dates of its own that hold those of the titles.
    """
    giver: _Entry | None = None
    whole: _Entry | None = None
    for place, entry in enumerate(entries):
        after = entries[place + 1] if place + 1 < len(entries) else None
        if (
            entry.employer
            and not entry.title
            and after
            and after.title
            and not after.employer
            and _holds(entry.anchor, after.anchor)
        ):
            giver = whole = entry
            continue
        if entry.title and not entry.employer and giver and (whole is None or _holds(whole.anchor, entry.anchor)):
            yield replace(entry, employer=giver.employer)
            continue
        giver, whole = (entry if entry.above and entry.title else None), None
        yield entry


def _holds(outer: _Anchor, inner: _Anchor) -> bool:
    if outer.first is None or inner.first is None:
        return False
    last = "9" if outer.current or outer.last is None else outer.last.month
    inner_last = "9" if inner.current or inner.last is None else inner.last.month
    return outer.first.month[:4] <= inner.first.month[:4] and inner_last[:4] <= last[:4]


def _employer_first(heads: list[list[_Piece]]) -> bool | None:
    """Return what comes first where words tell both apart: the employer, the title, or None where none tells."""
    votes = 0
    for pieces in heads:
        roles = [piece.role for piece in pieces]
        if "employer" in roles and "title" in roles:
            votes += 1 if roles.index("employer") < roles.index("title") else -1
    return None if votes == 0 else votes > 0


def _anchors(lines: Sequence[Line]) -> list[_Anchor]:
    """Return the dates of all entries; those that end a point are among them only where all of them do."""
    found = [anchor for index, line in enumerate(lines) if (anchor := _anchor(line, index))]
    plain = [anchor for anchor in found if not _ends_a_point(lines[anchor.index], anchor)]
    return plain or found


def _ends_a_point(line: Line, anchor: _Anchor) -> bool:
    bullet = _BULLET.match(line.folded)
    if bullet is None or anchor.start <= bullet.end() + 1:
        return False
    return CELL not in line.folded[: anchor.start]


def _anchor(line: Line, index: int) -> _Anchor | None:
    """Return the dates of a line whose dates stand at an edge of it, as heads have them and sentences do not."""
    text = line.folded
    ranges = ranges_in(text)
    if ranges:
        stretch = ranges[0]
        rest = _DURATION.sub("", text[: stretch.start] + text[stretch.end :])
        if not _is_short(rest) or (_BULLET.match(text) and not _is_edge(text, stretch.start, stretch.end)):
            return None
        if _is_edge(text, stretch.start, stretch.end) or _parts_employer_from_title(line, rest):
            return _Anchor(index, stretch.first, stretch.last, stretch.last is None, stretch.start, stretch.end)
        return None
    singles = dates_in(text)
    if len(singles) == 1 and not _BULLET.match(text) and text.endswith(text[singles[0].start : singles[0].end]):
        when = singles[0]
        begin = re.search(r"(?:spring|summer|fall|autumn|winter)?\s?$", text[: when.start], re.IGNORECASE)
        start = begin.start() if begin else when.start
        if _is_short(text[:start]) and looks_like_title(text[:start]):
            return _Anchor(index, when, None, False, start, when.end)
    return None


def _is_edge(text: str, start: int, end: int) -> bool:
    before = _ORDINAL.sub("", _BULLET.sub("", text[:start])).strip(" \t()（）[]【】|:：")
    after = _DURATION.sub("", text[end:]).strip(" \t()（）[]【】|:：,，.")
    label = re.fullmatch(r"(?:工作|任职|起止|在职)?时间|dates?|duration", before, re.IGNORECASE)
    in_cell = text[:start].endswith("\t") and text[end : end + 1] in {"\t", ""}
    return not before or not after or label is not None or in_cell


def _parts_employer_from_title(line: Line, rest: str) -> bool:
    """Return whether the dates stand between an employer and a title and nothing else is said."""
    if _BULLET.match(line.folded) or _SENTENCE_END.search(line.folded) or len(rest.split()) > 12:
        return False
    roles = {piece.role for piece in _pieces(line)}
    return "title" in roles and len(roles & {"employer", "unknown", "title"}) > 1


def _is_short(text: str) -> bool:
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    return len(text) <= _LONGEST_HEAD and chinese <= _LONGEST_HEAD_CHINESE and "。" not in text


def _head(lines: Sequence[Line], anchor: _Anchor, floor: int, ceiling: int, *, names_above: bool) -> list[int]:
    """Return the lines that name employer and title: the dated one, and what is missing from above, then from below.

    Around dates that have a line to themselves also names that no word tells are believed, on the side on which the
    first entry of the part has its names.
    """
    head = [anchor.index]
    alone = not any(piece.role != "department" for piece in _pieces(lines[anchor.index]))
    below = anchor.index + 1
    told_below = below < ceiling and _may_follow(lines, below, ceiling, wanted=False) and bool(_pieces(lines[below]))
    while len(head) < 3 and not _complete(lines, head):
        above = min(head) - 1
        if (
            above >= floor
            and not _is_indented(lines[above], lines[anchor.index])
            and (
                _may_head(lines, above, floor)
                or (alone and names_above and not told_below and _could_name(lines[above]))
            )
        ):
            head.insert(0, above)
        else:
            break
    while len(head) < 4 and not _complete(lines, head):
        below = max(head) + 1
        named = [piece.role for index in head for piece in _pieces(lines[index]) if piece.role != "department"]
        if below < ceiling and (
            _may_follow(lines, below, ceiling, wanted=named == ["title"])
            or (alone and not names_above and len(head) < 3 and _could_name(lines[below]))
        ):
            head.append(below)
        else:
            break
    return _with_employer_apart(lines, head, floor, ceiling)


def _with_employer_apart(lines: Sequence[Line], head: list[int], floor: int, ceiling: int) -> list[int]:
    """Return the lines of a head; where a comma may only add a field to the title, the employer may have its own line.

    `Staff Engineer, Payments` is no employer if the line below names one beside a place, or the line above does
    that follows the points of the entry before.
    """
    pieces = [piece for index in head for piece in _pieces(lines[index]) if piece.role != "department"]
    if len(pieces) != 2 or pieces[0].role != "title" or _field_of(pieces[0], pieces) is None:
        return head
    above, below = min(head) - 1, max(head) + 1
    if below < ceiling and _names_employer(lines, below):
        told = place_spans(lines[below].folded) or any(is_place(cell) for cell in lines[below].folded.split(CELL)[1:])
        if told or any(piece.role == "employer" for piece in _pieces(lines[below])):
            return [*head, below]
    if above >= floor and _names_employer(lines, above) and not _is_indented(lines[above], lines[min(head)]):
        before = lines[above - 1] if above else None
        if before is None or _BULLET.match(before.folded) or goes_on_below(lines[above], before):
            return [above, *head] if before is not None or floor == 0 else head
    return head


def _names_employer(lines: Sequence[Line], index: int) -> bool:
    pieces = [piece for piece in _pieces(lines[index]) if piece.role != "department"]
    return _could_name(lines[index]) and len(pieces) == 1 and pieces[0].role in {"employer", "unknown"}


def _complete(lines: Sequence[Line], head: list[int]) -> bool:
    roles = [piece.role for index in head for piece in _pieces(lines[index])]
    return ("employer" in roles and "title" in roles) or len(
        [role for role in roles if role not in {"other", "department"}]
    ) >= 2


def _may_head(lines: Sequence[Line], index: int, floor: int) -> bool:
    """A line above the dates belongs to them if it cannot be the end of what was said about the entry before."""
    line = lines[index]
    if not _is_head_like(line):
        return False
    if index == floor == 0:
        return True
    pieces = _pieces(line)
    named = any(piece.role in {"employer", "title"} for piece in pieces)
    before = lines[index - 1] if index > 0 else None
    after_bullet = before is not None and (_BULLET.match(before.folded) or _SENTENCE_END.search(before.folded))
    larger = line.size is not None and before is not None and before.size is not None and line.size > before.size * 1.04
    return len(line.text) <= 70 and (named or bool(after_bullet) or larger)


def _could_name(line: Line) -> bool:
    """Return whether a line is as short as a name and begins like one."""
    bare = line.folded.strip()
    return (
        _is_head_like(line)
        and len(bare) <= 60
        and len(bare.split()) <= 8
        and (bare[:1].isupper() or bare[:1] > "\u2e7f" or _NUMBER_AND_NAME.match(bare) is not None)
        and any(piece.role != "department" for piece in _pieces(line))
    )


def _is_indented(line: Line, head: Line) -> bool:
    """Return whether a line stands further right than the head below it, as the rest of a point does."""
    return line.box is not None and head.box is not None and 0.008 < line.box[0] - head.box[0] < 0.1


def _may_follow(lines: Sequence[Line], index: int, ceiling: int, *, wanted: bool) -> bool:
    line = lines[index]
    if not _is_head_like(line):
        return False
    pieces = _pieces(line)
    if not pieces or len(pieces) > 4:
        # nothing but a place or a duration: look past it
        return not pieces and index + 1 < ceiling
    if any(piece.role in {"employer", "title"} for piece in pieces) and len(line.text) <= 70:
        return True
    return wanted and pieces[0].role == "unknown" and len(pieces) <= 2 and _is_named_like_a_head(lines, index, ceiling)


def _is_named_like_a_head(lines: Sequence[Line], index: int, ceiling: int) -> bool:
    """Return whether a line without a telling word is set like a name: with a place beside it, or before the points."""
    line = lines[index]
    if len(line.text) > 60:
        return False
    if place_spans(line.folded) or any(is_place(cell) for cell in line.folded.split(CELL)[1:]):
        return True
    words = [word for word in line.folded.split() if len(word) > 3 or word.istitle()]
    follows = lines[index + 1] if index + 1 < len(lines) else None
    return (
        index + 1 <= ceiling
        and (follows is None or index + 1 == ceiling or _BULLET.match(follows.folded) is not None)
        and 0 < len(words) <= 6
        and all(word[:1].isupper() for word in words)
    )


def _is_head_like(line: Line) -> bool:
    if _BULLET.match(line.folded) or not _is_short(line.folded) or columns_of(line):
        return False
    if _SENTENCE_END.search(line.folded) and not _COMPANY_TAIL.search(line.folded):
        return False
    first = line.folded.lstrip("(（[【\"'“")[:1]
    return not first.islower() and len(line.folded.split()) <= 14


def _pieces(line: Line) -> list[_Piece]:
    """Return the parts of a head line that can name an employer or a title; dates, places, durations are not."""
    text = line.folded
    dates = [(found.start, found.end) for found in ranges_in(text) or dates_in(text)]
    beside = _PLACE_BESIDE.fullmatch(text)
    blocked = [*dates, *place_spans(text), *([beside.span("place")] if beside else [])]
    stops = sorted({0, len(text), *(edge for span in blocked for edge in span)})
    found: list[_Piece] = []
    for begin, end in pairwise(stops):
        if any(start <= begin < stop for start, stop in blocked):
            continue
        for start, stop in _parts(text, begin, end):
            piece = _piece(line, start, stop)
            if piece:
                found.append(piece)
    if len(found) > 1 and found[-1].role == "unknown" and _IN_A_COLUMN.search(text, found[-2].end, found[-1].start):
        return found[:-1] if is_town(found[-1].text) else found
    return found


def _parts(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    start = begin
    for match in _SPLIT.finditer(text, begin, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _piece(line: Line, start: int, stop: int) -> _Piece | None:
    text = line.folded
    while start < stop and text[start] in " \t-–—,，|:：()（）[]【】·•/~@":
        start += 1
    while start < stop and text[stop - 1] in " \t-–—,，|:：([（【·•/~":
        stop -= 1
    if stop > start and text[stop - 1] in ")）" and not re.search(r"[(（]", text[start:stop]):
        stop -= 1
    stop = start + len(_SIZE_OR_DURATION.sub("", text[start:stop]))
    ordinal = _ORDINAL.match(text[start:stop])
    start += ordinal.end() if ordinal else 0
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
            return _Piece(line, start, stop, role) if start < stop else None
    if (
        not 1 < len(bare) <= 60
        or _DURATION.fullmatch(bare)
        or _TIME_WORD.match(bare)
        or is_place(bare)
        or not re.search(r"[^\W\d_]", bare)
    ):
        return None
    city = re.search(r"\s(?:City ?, ?State|[A-Z][a-z]+, [A-Z]{2})$", bare)
    if city:
        bare = bare[: city.start()]
        stop = start + len(bare)
    return _Piece(line, start, stop, _role(bare))


def _role(bare: str) -> str:
    if _DEPARTMENT.match(bare) and not looks_like_employer(bare):
        return "department"
    title, employer = looks_like_title(bare), looks_like_employer(bare)
    if title and employer:
        # "Bank Teller", "Research Intern": the last word decides what the whole is
        last = bare.split()[-1] if bare.isascii() else bare[-3:]
        return "title" if looks_like_title(last) else "employer"
    return "title" if title else "employer" if employer else "unknown"


def _employer_and_title(pieces: list[_Piece], employer_first: bool | None) -> tuple[Fact | None, Fact | None]:
    """Return who employed and as what: by telling words, else by the order that the other entries show."""
    employers = [piece for piece in pieces if piece.role == "employer"]
    titles = [piece for piece in pieces if piece.role == "title"]
    unknown = [piece for piece in pieces if piece.role == "unknown"]
    if employers and titles:
        whole = _with_field(titles[0], pieces)
        return _named(employers[0], "employer_word"), _named(whole, "title_word")
    if employers:
        if employer_first is False:
            before = [piece for piece in unknown if pieces.index(piece) < pieces.index(employers[0])]
            unknown = before[-1:] or unknown
        return _named(employers[0], "employer_word"), _named(_first(_short_ones(unknown)), "title_beside_employer")
    if titles and unknown:
        field = _field_of(titles[0], pieces)
        others = [piece for piece in unknown if field and not _goes_on_with(titles[0], field, piece)]
        if others:
            return _named(others[0], "employer_beside_title"), _named(_with_field(titles[0], pieces), "title_word")
        return _named(unknown[0], "employer_beside_title"), _named(titles[0], "title_word")
    if titles:
        if len(titles) > 1 and employer_first is not None:
            named, other = (titles[0], titles[1]) if employer_first else (titles[1], titles[0])
            return _named(named, "employer_by_order"), _named(other, "title_word")
        return None, _named(titles[0], "title_word")
    if len(unknown) > 1 and employer_first is False:
        return _named(unknown[1], "employer_by_order"), _named(unknown[0], "title_by_order")
    title = _first(_short_ones(unknown[1:]))
    return _named(_first(unknown), "employer_beside_date"), _named(title, "title_beside_employer")


def _with_field(title: _Piece, pieces: list[_Piece]) -> _Piece:
    """Return the title with what a comma adds to it: `Financial Controller, APAC`."""
    field = _field_of(title, pieces)
    return replace(title, end=field.end) if field else title


def _field_of(title: _Piece, pieces: list[_Piece]) -> _Piece | None:
    place = pieces.index(title) + 1
    after = pieces[place] if place < len(pieces) else None
    if (
        after is None
        or after.role != "unknown"
        or after.line is not title.line
        or title.line.folded[title.end : after.start] not in {", ", "，"}
        or len(after.text.split()) > 3
    ):
        return None
    return after


def _goes_on_with(title: _Piece, field: _Piece, other: _Piece) -> bool:
    """Return whether a piece is the field behind a title, or what a comma adds to that field."""
    return other is field or (
        other.line is field.line
        and other.start > title.start
        and "\t" not in other.line.folded[field.end : other.start]
        and other.line.folded[field.end : other.start].strip() in {",", "，"}
    )


def _short_ones(pieces: list[_Piece]) -> list[_Piece]:
    """Return the pieces that read like a title and not like the beginning of a sentence."""
    return [
        piece for piece in pieces if len(re.findall(r"(?<![\w-])[a-z]{3,}", _LINKS.sub("", piece.text))) < _FEWEST_PROSE
    ]


def _first(pieces: list[_Piece]) -> _Piece | None:
    return pieces[0] if pieces else None


def _named(piece: _Piece | None, rule: str) -> Fact | None:
    return None if piece is None else fact(piece.line, (piece.start, piece.end), confidence=confidence(rule), rule=rule)
