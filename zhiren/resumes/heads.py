"""The dates that entries hang on, and the lines around them that name employer and title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from zhiren.resumes.dates import When, dates_in, ranges_in
from zhiren.resumes.document import CELL, Line, goes_on_below
from zhiren.resumes.headpieces import BULLET, DURATION, ORDINAL, SENTENCE_END, Piece, is_short, pieces_of
from zhiren.resumes.places import is_place, is_town, place_spans
from zhiren.resumes.titles import looks_like_title
from zhiren.resumes.worktables import columns_of

_COMPANY_TAIL = re.compile(r"(?:Inc|Ltd|Co|Corp|LLC|L\.L\.C|Jr|Sr)\.\s*$")
_BESIDE = re.compile(r"\t|, |\s?[·•|｜]\s?|\s[-–—]\s")
_PREPOSITION = re.compile(r"\b(?:in|by|of|for|until|during|since|before|after)\s*$", re.IGNORECASE)
_NUMBER_AND_NAME = re.compile(r"\d{1,3}[-A-Z]\w")  # 7-Eleven, 3M


@dataclass(frozen=True, slots=True)
class Anchor:
    """A line with the dates of one entry."""

    index: int
    first: When | None
    last: When | None
    current: bool
    start: int
    end: int


def anchors_of(lines: Sequence[Line]) -> list[Anchor]:
    """Return the dates of all entries; those that end a point are among them only where all of them do."""
    found = [anchor for index, line in enumerate(lines) if (anchor := _anchor(line, index))]
    plain = [anchor for anchor in found if not _ends_a_point(lines[anchor.index], anchor)]
    return plain or found


def _ends_a_point(line: Line, anchor: Anchor) -> bool:
    bullet = BULLET.match(line.folded)
    if bullet is None or anchor.start <= bullet.end() + 1:
        return False
    return CELL not in line.folded[: anchor.start]


def _anchor(line: Line, index: int) -> Anchor | None:
    """Return the dates of a line whose dates stand at an edge of it, as heads have them and sentences do not."""
    text = line.folded
    ranges = ranges_in(text)
    if ranges:
        stretch = ranges[0]
        rest = DURATION.sub("", text[: stretch.start] + text[stretch.end :])
        if not is_short(rest) or (BULLET.match(text) and not _is_edge(text, stretch.start, stretch.end)):
            return None
        if _is_edge(text, stretch.start, stretch.end) or _parts_employer_from_title(line, rest):
            return Anchor(index, stretch.first, stretch.last, stretch.last is None, stretch.start, stretch.end)
        return None
    singles = dates_in(text)
    if len(singles) == 1 and not BULLET.match(text) and text.endswith(text[singles[0].start : singles[0].end]):
        when = singles[0]
        begin = re.search(r"(?:spring|summer|fall|autumn|winter)?\s?$", text[: when.start], re.IGNORECASE)
        start = begin.start() if begin else when.start
        if _PREPOSITION.search(text, 0, start):
            return None
        if is_short(text[:start]) and looks_like_title(text[:start]):
            return Anchor(index, when, None, False, start, when.end)
    return None


def _is_edge(text: str, start: int, end: int) -> bool:
    before = ORDINAL.sub("", BULLET.sub("", text[:start])).strip(" \t()（）[]【】|:：")
    after = DURATION.sub("", text[end:]).strip(" \t()（）[]【】|:：,，.")
    label = re.fullmatch(r"(?:工作|任职|起止|在职)?时间|dates?|duration", before, re.IGNORECASE)
    in_cell = text[:start].endswith("\t") and text[end : end + 1] in {"\t", ""}
    return not before or not after or label is not None or in_cell


def _parts_employer_from_title(line: Line, rest: str) -> bool:
    """Return whether the dates stand between an employer and a title and nothing else is said."""
    if BULLET.match(line.folded) or SENTENCE_END.search(line.folded) or len(rest.split()) > 12:
        return False
    roles = {piece.role for piece in pieces_of(line)}
    return "title" in roles and len(roles & {"employer", "unknown", "title"}) > 1


def head_of(
    lines: Sequence[Line], anchor: Anchor, floor: int, ceiling: int, *, names_above: bool, apart: bool
) -> list[int]:
    """Return the lines that name employer and title: the dated one, and what is missing from above, then from below.

    Around dates that have a line to themselves also names that no word tells are believed, on the side on which the
    first entry of the part has its names. `apart` says that employers stand below dated titles (`employers_below`).
    """
    head = [anchor.index]
    alone = not any(piece.role != "department" for piece in pieces_of(lines[anchor.index]))
    below = anchor.index + 1
    told_below = below < ceiling and _may_follow(lines, below, ceiling, wanted=False) and bool(pieces_of(lines[below]))
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
        named = [piece.role for index in head for piece in pieces_of(lines[index]) if piece.role != "department"]
        if below < ceiling and (
            _may_follow(lines, below, ceiling, wanted=named == ["title"])
            or (alone and not names_above and len(head) < 3 and _could_name(lines[below]))
        ):
            head.append(below)
        else:
            break
    head = _with_title_apart(lines, _with_employer_apart(lines, head, floor, ceiling, below=apart), ceiling)
    return _with_labelled(lines, head, ceiling)


def _with_labelled(lines: Sequence[Line], head: list[int], ceiling: int) -> list[int]:
    """Return the lines of a head in which a label names one of the two, and the line with the label of the other."""
    named = {piece.role for index in head for piece in pieces_of(lines[index]) if piece.labelled}
    if len(named) != 1:
        return head
    for index in range(max(head) + 1, ceiling):
        told = {piece.role for piece in pieces_of(lines[index]) if piece.labelled}
        if told and not told & named:
            return [*head, index]
    return head


def employers_below(lines: Sequence[Line], anchors: Sequence[Anchor]) -> bool:
    """Return whether one dated title surely has its employer on the line below, as the other entries will."""
    for anchor in anchors:
        named = pieces_of(lines[anchor.index])
        below = anchor.index + 1
        if not named or named[0].role != "title" or below >= len(lines) or not _could_name(lines[below]):
            continue
        roles = [piece.role for piece in pieces_of(lines[below])]
        beside_place = len(named) == 2 and field_of(named[0], named, weak=True) and has_place(lines[below])
        if "title" not in roles and (len(named) == 1 or (beside_place and len(roles) == 1)) and len(roles) <= 2:
            return True
    return False


def _with_employer_apart(lines: Sequence[Line], head: list[int], floor: int, ceiling: int, *, below: bool) -> list[int]:
    """Return the lines of a head; where a comma may only add a field to the title, the employer may have its own line.

    `Staff Engineer, Payments` is no employer if the line below names one beside a place, or by a word, or as the other
    entries do, or the line above does that follows the points of the entry before.
    """
    pieces = [piece for index in head for piece in pieces_of(lines[index]) if piece.role != "department"]
    field = field_of(pieces[0], pieces, weak=True) if len(pieces) == 2 and pieces[0].role == "title" else None
    if field is None:
        return head
    above, after = min(head) - 1, max(head) + 1
    if after < ceiling and _could_name(lines[after]):
        roles = [piece.role for piece in pieces_of(lines[after])]
        beside_place = len(roles) == 1 and has_place(lines[after])
        if "title" not in roles and (
            beside_place or (roles[0] == "employer" and len(roles) <= 2) or (below and len(roles) <= 2)
        ):
            return [*head, after]
    if (
        field.role == "unknown"
        and above >= floor
        and _names_employer(lines, above)
        and not _is_indented(lines[above], lines[min(head)])
    ):
        before = lines[above - 1] if above else None
        if before is None or BULLET.match(before.folded) or goes_on_below(lines[above], before):
            return [above, *head] if before is not None or floor == 0 else head
    return head


def _with_title_apart(lines: Sequence[Line], head: list[int], ceiling: int) -> list[int]:
    """Return the lines of a head; what a comma adds to an employer is a place if the line below names a title."""
    pieces = [piece for index in head for piece in pieces_of(lines[index]) if piece.role != "department"]
    below = max(head) + 1
    if len(pieces) != 2 or below >= ceiling or not _could_name(lines[below]) or any(p.role == "title" for p in pieces):
        return head
    added = pieces[0].line is pieces[1].line and pieces[1].role == "unknown"
    return [*head, below] if added and [piece.role for piece in pieces_of(lines[below])][:1] == ["title"] else head


def has_place(line: Line) -> bool:
    """Return whether a line names a place behind something else."""
    return bool(place_spans(line.folded)) or any(
        is_place(part) or is_town(part) for part in _BESIDE.split(line.folded)[1:]
    )


def _names_employer(lines: Sequence[Line], index: int) -> bool:
    pieces = [piece for piece in pieces_of(lines[index]) if piece.role != "department"]
    return _could_name(lines[index]) and len(pieces) == 1 and pieces[0].role in {"employer", "unknown"}


def _complete(lines: Sequence[Line], head: list[int]) -> bool:
    roles = [piece.role for index in head for piece in pieces_of(lines[index])]
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
    pieces = pieces_of(line)
    named = any(piece.role in {"employer", "title"} for piece in pieces)
    before = lines[index - 1] if index > 0 else None
    after_bullet = before is not None and (BULLET.match(before.folded) or SENTENCE_END.search(before.folded))
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
        and any(piece.role != "department" for piece in pieces_of(line))
    )


def _is_indented(line: Line, head: Line) -> bool:
    """Return whether a line stands further right than the head below it, as the rest of a point does."""
    return line.box is not None and head.box is not None and 0.008 < line.box[0] - head.box[0] < 0.1


def _may_follow(lines: Sequence[Line], index: int, ceiling: int, *, wanted: bool) -> bool:
    line = lines[index]
    if not _is_head_like(line):
        return False
    pieces = pieces_of(line)
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
        and (follows is None or index + 1 == ceiling or BULLET.match(follows.folded) is not None)
        and 0 < len(words) <= 6
        and all(word[:1].isupper() for word in words)
    )


def _is_head_like(line: Line) -> bool:
    if BULLET.match(line.folded) or not is_short(line.folded) or columns_of(line):
        return False
    if SENTENCE_END.search(line.folded) and not _COMPANY_TAIL.search(line.folded):
        return False
    first = line.folded.lstrip("(（[【\"'“")[:1]
    return not first.islower() and len(line.folded.split()) <= 14


def field_of(title: Piece, pieces: Sequence[Piece], *, weak: bool = False) -> Piece | None:
    """Return the piece that a comma adds to a title and no word explains: `Financial Controller, APAC`.

    With `weak` also one with a word that employers and departments share: `Analyst, Talent & Organization`.
    """
    place = pieces.index(title) + 1
    after = pieces[place] if place < len(pieces) else None
    if (
        after is None
        or after.role not in ({"unknown", "employer"} if weak else {"unknown"})
        or after.line is not title.line
        or title.line.folded[title.end : after.start] not in {", ", "，"}
        or len(after.text.split()) > 3
    ):
        return None
    return after
