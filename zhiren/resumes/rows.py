"""Letters put into rows, and the pieces of a row that stand apart from each other."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import attrgetter

from zhiren.resumes.dates import dates_in, ranges_in
from zhiren.resumes.document import CELL, Glyph
from zhiren.resumes.headings import kind_of_heading

# All in heights of a letter.
_SAME_LINE = 0.35
WORD_GAP, WORD_GAP_CHINESE = 0.13, 0.45
_PIECE_GAP, _CELL_GAP = 0.9, 1.2
_OTHER_SIZE = 1.2  # a larger or smaller font begins something else
_PURPOSE_GAP = 0.45
_SMALL_CAPS_GAP = 0.25
_LEAST_BLANK, _LEAST_PARTING, _PARTING = 0.15, 0.5, 2.4  # of two blanks in a piece; how a gap that parts differs
_SPACED_OUT = 0.4  # gaps for each letter, where all letters stand apart
_UNLIKE = 2.0  # as wide as that beside the blanks of its line, a gap parts cells
_GLYPHS_PER_SPACE = 40
NEXT_LINE = 1.8  # heights from one baseline to the next
BULLET = re.compile(r"[•·●○◦▪■◆*‣➢►▸▶➤›»∙⁃–-]\s?")
# An f leans over the blank behind it, so that no gap is left to be seen.
_OF = re.compile(r"(?<![A-Za-z])of(?=[A-Z][a-z])")


@dataclass(slots=True)
class Piece:
    """Letters that stand close together on one baseline; `is_cell` says that it stands apart from what is before it."""

    glyphs: list[Glyph]
    is_cell: bool
    left: float = field(init=False)
    right: float = field(init=False)
    written: str = ""

    def __post_init__(self) -> None:
        self.left = self.glyphs[0].left
        self.right = max([glyph.right for glyph in self.glyphs])

    @property
    def text(self) -> str:
        """The letters with blanks between words; worked out once, for several rules look at it."""
        if not self.written:
            self.written = _text(self.glyphs)
        return self.written


@dataclass(slots=True)
class Row:
    """Pieces on one baseline, from left to right."""

    pieces: list[Piece]

    @property
    def base(self) -> float:
        return self.pieces[0].glyphs[0].base

    def cut(self, x: float) -> tuple[Row | None, Row | None]:
        left = [piece for piece in self.pieces if piece.left < x]
        right = [piece for piece in self.pieces if piece.left >= x]
        return (Row(left) if left else None), (Row(right) if right else None)


PlacedLine = tuple[str, float, Sequence[Glyph]]
"""The text of a line, the height of its letters in points, and its letters; or the part of them it is made of."""


def rows_of(glyphs: Sequence[Glyph]) -> list[Row]:
    """Group the glyphs by baseline."""
    inked = [glyph for glyph in glyphs if glyph.height > 0]
    inked.sort(key=attrgetter("base"), reverse=True)
    groups: list[list[Glyph]] = []
    first: Glyph | None = None
    for base, level in groupby(inked, key=attrgetter("base")):
        run = list(level)
        high = max([glyph.height for glyph in run])
        if first is not None and first.base - base <= _SAME_LINE * min(max(first.height, 4), max(high, 4)):
            groups[-1].extend(run)
        else:
            groups.append(run)
            first = max(run, key=attrgetter("height"))
    spaced = len([glyph for glyph in glyphs if glyph.char.isspace()]) * _GLYPHS_PER_SPACE > len(glyphs)
    rows = [_row(group, spaced=spaced) for group in groups]
    return [row for row in rows if row.pieces]


def _row(group: list[Glyph], *, spaced: bool) -> Row:
    """Cut a line into pieces. Where the page writes its blanks (`spaced`), a gap without one was made on purpose."""
    group.sort(key=attrgetter("left"))
    pieces: list[Piece] = []
    current: list[Glyph] = []
    reach, usual, is_cell = 0.0, 0.0, False
    widest, gaps = 0.0, list[float]()  # of the blanks within pieces; of those between pieces
    for glyph in group:
        if glyph.char.isspace():
            if current:
                current.append(glyph)
            continue
        gap = (glyph.left - reach) / glyph.height
        other_size = (
            bool(current)
            and current[0].size != glyph.size
            and gap > _SMALL_CAPS_GAP  # else the word begins with a large letter
            and differ_in_size(current[0], glyph)
        )
        on_purpose = spaced and len(current) > 1 and not current[-1].char.isspace() and gap > _PURPOSE_GAP + usual
        if current and (gap > _PIECE_GAP or other_size or on_purpose):
            pieces.append(Piece(_trimmed(current), is_cell))
            current = []
            is_cell = gap > _CELL_GAP or other_size or on_purpose
            gaps.append(gap)
        elif len(current) == 1:
            usual = max(gap, 0.0)  # of a letter-spaced heading
        elif gap > widest and current:
            widest = gap
        current.append(glyph)
        if glyph.right > reach or len(current) == 1:
            reach = glyph.right
    if current:
        pieces.append(Piece(_trimmed(current), is_cell))
    for gap, piece in zip(gaps, pieces[1:], strict=True):
        # A line that is set to both edges has wide blanks, but they are all alike.
        piece.is_cell = piece.is_cell or 0 < _UNLIKE * widest < gap
    return Row([part for piece in pieces for part in _parted(piece)])


def _parted(piece: Piece) -> Iterator[Piece]:
    """Yield a piece in parts, cut where a gap is far wider than the blanks between its words."""
    glyphs = piece.glyphs
    blanks: list[tuple[float, int]] = []
    reach = glyphs[0].right
    for place, glyph in enumerate(glyphs):
        if glyph.char.isspace():
            continue
        if glyph.left - reach > _LEAST_BLANK * glyph.height:
            blanks.append((glyph.left - reach, place))
        if glyph.right > reach:
            reach = glyph.right
    begin, is_cell = 0, piece.is_cell
    if 1 < len(blanks) < len(glyphs) * _SPACED_OUT:
        usual = statistics.median_low([wide for wide, _ in blanks])
        for wide, place in blanks:
            bullet = place - begin == 1 and BULLET.fullmatch(glyphs[begin].char)
            if wide > max(_PARTING * usual, _LEAST_PARTING * glyphs[place].height) and not bullet:
                yield Piece(_trimmed(glyphs[begin:place]), is_cell)
                begin, is_cell = place, True
    yield piece if begin == 0 else Piece(glyphs[begin:], is_cell)


def differ_in_size(one: Glyph, other: Glyph) -> bool:
    """Tell a name from the title set smaller beside it; raised figures and bullets are no such case."""
    smaller, larger = sorted((one.size, other.size))
    return larger > smaller * _OTHER_SIZE > 0 and one.char.isalnum() and other.char.isalpha()


def _trimmed(glyphs: list[Glyph]) -> list[Glyph]:
    while glyphs and glyphs[-1].char.isspace():
        glyphs.pop()
    return glyphs


def written(row: Row) -> PlacedLine:
    parts: list[str] = []
    for piece in row.pieces:
        if parts:
            cell = piece.is_cell and not BULLET.fullmatch(parts[-1])
            wrapped = piece.glyphs[0].base < row.base - piece.glyphs[0].height and is_chinese(piece.text[0])
            parts.append(CELL if cell or kind_of_heading(parts[-1]) else "" if wrapped else " ")
        parts.append(piece.text)
    letters = [glyph for piece in row.pieces for glyph in piece.glyphs if not glyph.char.isspace()]
    return "".join(parts), round(statistics.median([letter.height for letter in letters]), 1), letters


def _text(glyphs: list[Glyph]) -> str:
    """Return the letters with blanks where a blank is written or the letters stand apart.

    In letter-spaced headings every gap is wide; there only what exceeds the usual gap is a blank.
    """
    gaps = [
        None if before.char.isspace() or after.char.isspace() else after.left - before.right
        for before, after in pairwise(glyphs)
    ]
    told = [gap for gap in gaps if gap is not None]
    usual = max(statistics.median(told), 0.0) if len(told) >= 4 else 0.0
    parts = [glyphs[0].char]
    for gap, before, after in zip(gaps, glyphs, glyphs[1:], strict=False):
        if gap is None:
            parts.append(" " if after.char.isspace() else after.char)
            continue
        if gap > usual:
            chinese = is_chinese(before.char) and is_chinese(after.char)
            wide = (WORD_GAP_CHINESE if chinese else WORD_GAP) * max(before.height, after.height)
            if gap - usual > wide:
                parts.append(" ")
        parts.append(after.char)
    return _OF.sub("of ", "".join(parts))


def is_chinese(char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\uf900" <= char <= "\uffef"


def is_mostly_date(text: str) -> bool:
    covered = sum(found.end - found.start for found in ranges_in(text) or dates_in(text))
    return covered * 2 > len(text)
