"""Glyphs of a page put back into lines in the order a person reads them: rows, or columns where there are columns."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter

from zhiren.resumes.dates import dates_in, ranges_in
from zhiren.resumes.document import CELL, Glyph, RawLine
from zhiren.resumes.grids import Cell, Grid, Rule, grids_of
from zhiren.resumes.headings import kind_of_heading
from zhiren.resumes.story import joined, row_lines
from zhiren.resumes.titles import looks_like_title

# All in heights of a letter.
_SAME_LINE = 0.35
_WORD_GAP, _WORD_GAP_CHINESE = 0.13, 0.45
_PIECE_GAP, _CELL_GAP = 0.9, 1.2
_OTHER_SIZE = 1.2  # a larger or smaller font begins something else
_PURPOSE_GAP = 0.45
_UNLIKE = 2.0  # as wide as that beside the blanks of its line, a gap parts cells
_GLYPHS_PER_SPACE = 40
_FEWEST_LABELS = 3
_FEWEST_CELLS = 3
_FEWEST_COLUMN_LINES = 5
_BESIDE = 8  # a table has at most one letter beside it for so many in it
_MOST_WRAPPED = 4
_PADDING = 4.0  # points

_BULLET = re.compile(r"[•·●○◦▪■◆*‣–-]\s?")
# A name that its column was too narrow for: how it ends, and what may go on with it.
_ENDS_OPEN = re.compile(r"^[A-Z][\w.,&'’ -]*\s(?:of|and|for|&|de|der|du|della)$")
_NAME_GOES_ON = re.compile(r"[A-Z][\w.&'’-]+(?: (?:and|of|&|[A-Z][\w.&'’-]*)){0,3}")
_SCHOOL = re.compile(r"\b(?:Universit|College|Institut|School of|Academy|Polytechnic)")
_OTHER_MATTER = re.compile(
    r"\b(?:[BM]\.?(?:A|S|Sc|Eng|BA|Com|Tech|Phil|Ed)\b|Ph\.?D|Bachelor|Master|Doctor|Diploma|Degree|GPA|Honou?rs|"
    r"Sciences?$|Engineering$|Mathematics|Statistics|Economics|Management|Marketing|Design|Finance|Accounting|Physics|"
    r"Chemistry|Biology|History|Psychology|Nursing|Literature|Law$|Studies|Philosophy|Administration|Informatics)"
)
_CHINESE_NAME = re.compile(r"[\u4e00-\u9fff（）()]{6,}")
_CHINESE_END = re.compile(r"[\u4e00-\u9fff]{0,4}(?:学院|大学|学校|公司|集团|限公司|司|院|学)")
# An f leans over the blank behind it, so that no gap is left to be seen.
_OF = re.compile(r"(?<![A-Za-z])of(?=[A-Z][a-z])")
_NEXT_LINE = 1.8  # heights from one baseline to the next

_DURATION = re.compile(r"(?:\d{1,2} years?)?,? ?(?:\d{1,2} months?)?", re.IGNORECASE)


@dataclass(slots=True)
class _Piece:
    """Letters that stand close together on one baseline; `is_cell` says that it stands apart from what is before it."""

    glyphs: list[Glyph]
    is_cell: bool
    left: float = field(init=False)
    right: float = field(init=False)
    _written: str = ""

    def __post_init__(self) -> None:
        self.left = self.glyphs[0].left
        self.right = max([glyph.right for glyph in self.glyphs])

    @property
    def text(self) -> str:
        """The letters with blanks between words; worked out once, for several rules look at it."""
        if not self._written:
            self._written = _text(self.glyphs)
        return self._written


@dataclass(slots=True)
class _Row:
    """Pieces on one baseline, from left to right."""

    pieces: list[_Piece]

    @property
    def base(self) -> float:
        return self.pieces[0].glyphs[0].base

    def cut(self, x: float) -> tuple[_Row | None, _Row | None]:
        left = [piece for piece in self.pieces if piece.left < x]
        right = [piece for piece in self.pieces if piece.left >= x]
        return (_Row(left) if left else None), (_Row(right) if right else None)


PlacedLine = tuple[str, float, Sequence[Glyph]]
"""The text of a line, the height of its letters in points, and its letters; or the part of them it is made of."""


def lines_of_page(glyphs: Sequence[Glyph], width: float) -> tuple[list[PlacedLine], int]:
    """Return the lines of one page in reading order, and how many columns stand beside each other."""
    rows, columns = _in_reading_order(_with_labels_on_top(_rows(glyphs)), 0.0, width)
    return [line for row in _with_cells_whole(rows) for line in _lines(row)], columns


def lines_of_sheet(glyphs: Sequence[Glyph], rules: Sequence[Rule], width: float) -> tuple[list[PlacedLine], int]:
    """Return the lines of one page with its tables read row by row, and how many columns stand beside each other.

    A table is one where rules part it into cells. Text in a cell is read by itself, so that what is wrapped in one cell
    does not mix with the cells beside it. Where much text stands beside a table, its rules are decoration.
    """
    lines: list[PlacedLine] = []
    columns = 1
    rest = list(glyphs)
    for grid in grids_of(rules) if rules else ():
        place = grid.place
        level = [glyph for glyph in rest if place.bottom <= glyph.base < place.top]
        inside = [glyph for glyph in level if place.left <= (glyph.left + glyph.right) / 2 < place.right]
        if not inside or (len(level) - len(inside)) * _BESIDE > len(inside):
            continue
        above = [glyph for glyph in rest if glyph.base >= place.top]
        if above:
            found, beside = lines_of_page(above, width)
            lines.extend(found)
            columns = max(columns, beside)
        lines.extend(_table_lines(grid, inside, width))
        kept = {id(glyph) for glyph in (*above, *inside)}
        rest = [glyph for glyph in rest if id(glyph) not in kept]
    found, beside = lines_of_page(rest, width)
    return [*lines, *found], max(columns, beside)


def _table_lines(grid: Grid, glyphs: Sequence[Glyph], width: float) -> Iterator[PlacedLine]:
    left = list(glyphs)
    for row in grid.rows:
        cells = []
        for cell in row:
            within = [
                glyph for glyph in left if cell.holds((glyph.left + glyph.right) / 2, glyph.bottom + glyph.height / 2)
            ]
            kept = {id(glyph) for glyph in within}
            left = [glyph for glyph in left if id(glyph) not in kept] if kept else left
            cells.append(_cell_lines(cell, within, width))
        for line in row_lines(cells):
            yield line.text, line.size or 0.0, line.letters
    yield from lines_of_page(left, width)[0]


def _cell_lines(cell: Cell, glyphs: Sequence[Glyph], width: float) -> list[RawLine]:
    """Return the lines of a cell; a short text that was only wrapped by its cell is one line again."""
    lines = [RawLine(text, None, size, letters=letters) for text, size, letters in lines_of_page(glyphs, width)[0]]
    if not 2 <= len(lines) <= _MOST_WRAPPED:
        return lines
    merged = lines[:1]
    for line in lines[1:]:
        before = merged[-1]
        if _goes_on(cell, before, line):
            chinese = _is_chinese(before.text[-1]) or _is_chinese(line.text[0])
            merged[-1] = joined([before, line], by="" if chinese or before.text.endswith("-") else " ")
        else:
            merged.append(line)
    return merged


def _goes_on(cell: Cell, before: RawLine, line: RawLine) -> bool:
    """Tell a wrapped line from the next one: the line before has no room for one more letter or word."""
    if CELL in before.text or CELL in line.text or _BULLET.match(line.text) or kind_of_heading(before.text):
        return False
    high = before.size or 1.0
    wide = cell.right - cell.left
    used = before.letters[-1].right - before.letters[0].left
    narrow = wide < 6 * high and all(_is_chinese(char) for char in before.text + line.text)
    if narrow:
        return used > wide / 2
    word = line.letters[min(len(line.text.split(" ")[0]), len(line.letters)) - 1].right - line.letters[0].left
    room = cell.right - before.letters[-1].right - _PADDING
    return room < (high if _is_chinese(line.text[0]) else word)


def _lines(row: _Row) -> Iterator[PlacedLine]:
    """Yield a row as a line; a date that only happens to stand beside a bullet is a line of its own before it."""
    text, size, letters = _written(row)
    body, parted, beside = text.rpartition(CELL)
    if parted and (_BULLET.match(body) and (_is_mostly_date(beside) or _DURATION.fullmatch(beside))):
        yield beside, size, letters
        yield body, size, letters
    else:
        yield text, size, letters


def _rows(glyphs: Sequence[Glyph]) -> list[_Row]:
    """Group the glyphs by baseline."""
    inked = [glyph for glyph in glyphs if glyph.height > 0]
    inked.sort(key=attrgetter("base"), reverse=True)
    groups: list[list[Glyph]] = []
    first: Glyph | None = None
    for glyph in inked:
        if first is not None and (
            first.base == glyph.base
            or first.base - glyph.base <= _SAME_LINE * min(max(first.height, 4), max(glyph.height, 4))
        ):
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
            first = glyph
    spaced = len([glyph for glyph in glyphs if glyph.char.isspace()]) * _GLYPHS_PER_SPACE > len(glyphs)
    rows = [_row(group, spaced=spaced) for group in groups]
    return [row for row in rows if row.pieces]


def _row(group: list[Glyph], *, spaced: bool) -> _Row:
    """Cut a line into pieces. Where the page writes its blanks (`spaced`), a gap without one was made on purpose."""
    group.sort(key=attrgetter("left"))
    pieces: list[_Piece] = []
    current: list[Glyph] = []
    reach, usual, is_cell = 0.0, 0.0, False
    widest, gaps = 0.0, list[float]()  # of the blanks within pieces; of those between pieces
    for glyph in group:
        if glyph.char.isspace():
            if current:
                current.append(glyph)
            continue
        gap = (glyph.left - reach) / glyph.height
        other_size = bool(current) and current[0].size != glyph.size and _differ_in_size(current[0], glyph)
        on_purpose = spaced and len(current) > 1 and not current[-1].char.isspace() and gap > _PURPOSE_GAP + usual
        if current and (gap > _PIECE_GAP or other_size or on_purpose):
            pieces.append(_Piece(_trimmed(current), is_cell))
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
        pieces.append(_Piece(_trimmed(current), is_cell))
    for gap, piece in zip(gaps, pieces[1:], strict=True):
        # A line that is set to both edges has wide blanks, but they are all alike.
        piece.is_cell = piece.is_cell or 0 < _UNLIKE * widest < gap
    return _Row(pieces)


def _differ_in_size(one: Glyph, other: Glyph) -> bool:
    """Tell a name from the title set smaller beside it; raised figures and bullets are no such case."""
    smaller, larger = sorted((one.size, other.size))
    return larger > smaller * _OTHER_SIZE > 0 and one.char.isalnum() and other.char.isalpha()


def _trimmed(glyphs: list[Glyph]) -> list[Glyph]:
    while glyphs and glyphs[-1].char.isspace():
        glyphs.pop()
    return glyphs


def _with_labels_on_top(rows: list[_Row]) -> list[_Row]:
    """Return the rows with the headings of a form above their content instead of at its middle.

    In such a form each label in the left column stands at half the height of its cell. This is believed only if all
    cells of the page, reckoned from the top, come out so; otherwise the rows stay as they are.
    """
    headed = [row.pieces[0] for row in rows if kind_of_heading(row.pieces[0].text)]
    if not headed:
        return rows
    edge = max(piece.right for piece in headed)
    labels = [index for index, row in enumerate(rows) if row.pieces[0].left < edge]
    if len(labels) < len(headed) or len(labels) < _FEWEST_LABELS:
        return rows
    height = statistics.median(row.pieces[0].glyphs[0].height for row in rows)
    begin, moved = labels[0], dict[int, int]()
    for place, label in enumerate(labels):
        stop = labels[place + 1] if place + 1 < len(labels) else len(rows)
        if begin > label:
            return rows
        end = min(range(label, stop), key=lambda last: abs(rows[begin].base + rows[last].base - 2 * rows[label].base))
        if abs(rows[begin].base + rows[end].base - 2 * rows[label].base) > 1.5 * height:
            return rows
        if begin < label and rows[label].pieces[0] in headed:
            moved[begin] = label
        begin = end + 1
    if begin != len(rows):
        return rows
    ordered: list[_Row] = []
    taken = set(moved.values())
    for index, row in enumerate(rows):
        if index in moved:
            ordered.append(_Row(rows[moved[index]].pieces[:1]))
        if index not in taken:
            ordered.append(row)
        elif len(row.pieces) > 1:
            ordered.append(_Row(row.pieces[1:]))
    return ordered


def _written(row: _Row) -> PlacedLine:
    parts: list[str] = []
    for piece in row.pieces:
        if parts:
            cell = piece.is_cell and not _BULLET.fullmatch(parts[-1])
            wrapped = piece.glyphs[0].base < row.base - piece.glyphs[0].height and _is_chinese(piece.text[0])
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
            chinese = _is_chinese(before.char) and _is_chinese(after.char)
            wide = (_WORD_GAP_CHINESE if chinese else _WORD_GAP) * max(before.height, after.height)
            if gap - usual > wide:
                parts.append(" ")
        parts.append(after.char)
    return _OF.sub("of ", "".join(parts))


def _is_chinese(char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\uf900" <= char <= "\uffef"


def _in_reading_order(rows: list[_Row], left: float, right: float) -> tuple[list[_Row], int]:
    """Return the rows between two edges from top to bottom, and the most columns that stand beside each other.

    Where a stretch of rows is set in columns, the left column comes first; a column may be parted once more.
    """
    width = right - left
    best: tuple[int, int, int, float] | None = None
    spans = [[(piece.left, piece.right) for piece in row.pieces if not _sticks_out(row)] for row in rows]
    for step in range(15, 86):
        x = left + width * step / 100
        begin = 0
        crossed = [index for index, places in enumerate(spans) for place in places if place[0] < x < place[1]]
        for index in (*crossed, len(rows)):
            if index - begin >= _FEWEST_COLUMN_LINES:
                both = _weight(rows[begin:index], x)
                if both >= _FEWEST_COLUMN_LINES and (best is None or (both, index - begin) > best[:2]):
                    best = (both, index - begin, begin, x)
            begin = index + 1
    if best is None:
        return rows, 1
    _, length, begin, x = best
    end = begin + length
    if not _are_columns(rows[begin:end], x, width):
        return rows, 1
    cut = [row.cut(x) for row in rows[begin:end]]
    first, one = _in_reading_order(_with_names_whole([part for part, _ in cut if part]), left, x)
    second, other = _in_reading_order(_with_names_whole([part for _, part in cut if part]), x, right)
    after, below = _in_reading_order(rows[end:], left, right)
    return [*rows[:begin], *first, *second, *after], max(one + other, below)


def _with_cells_whole(rows: list[_Row]) -> list[_Row]:
    """Return the rows of tables without rules; what is wrapped within a cell stands in that cell again.

    Such a table has three cells in a row or more, and what goes on stands below its cell, which has no room for it.
    """
    edge = max([row.pieces[-1].right for row in rows], default=0.0)
    whole: list[_Row] = []
    base = 0.0
    for row in rows:
        above = whole[-1] if whole else row
        cells = [place for place, piece in enumerate(above.pieces) if place == 0 or piece.is_cell]
        homes = [_cell_above(above, cells, piece, edge) for piece in row.pieces] if len(cells) >= _FEWEST_CELLS else []
        high = row.pieces[0].glyphs[0].height
        if homes and len(homes) < len(cells) and all(homes) and 0 < base - row.base <= _NEXT_LINE * high:
            pieces = list(above.pieces)
            for home, piece in sorted(zip(homes, row.pieces, strict=True), key=lambda pair: -pair[0]):
                pieces.insert(home, _Piece(piece.glyphs, is_cell=False))
            whole[-1] = _Row(pieces)
        else:
            whole.append(row)
        base = row.base
    return whole


def _cell_above(row: _Row, cells: list[int], piece: _Piece, edge: float) -> int:
    """Return behind which piece of a row another one goes on, 0 if behind none; the first cell is never wrapped."""
    high = piece.glyphs[0].height
    for place in cells[1:]:
        begins = row.pieces[place]
        if abs(begins.left - piece.left) > high / 2 or _differ_in_size(begins.glyphs[0], piece.glyphs[0]):
            continue
        behind = next((other for other in cells if other > place), len(row.pieces))
        last = row.pieces[behind - 1]
        limit = row.pieces[behind].left if behind < len(row.pieces) else edge
        word = piece.glyphs[len(piece.text.split(" ")[0]) - 1].right - piece.left
        has_room = last.right + (high if _is_chinese(piece.text[0]) else word) + high < limit
        return 0 if has_room or _BULLET.match(piece.text) else behind
    return 0


def _with_names_whole(rows: list[_Row]) -> list[_Row]:
    """Return the rows of a column; a name of a school or a firm that the column is too narrow for is one row again."""
    edge = max([row.pieces[-1].right for row in rows], default=0.0)
    whole: list[_Row] = []
    for row in rows:
        if whole and _is_rest_of_name(whole[-1], row, edge):
            whole[-1] = _Row([*whole[-1].pieces, _Piece(row.pieces[0].glyphs, is_cell=False)])
        else:
            whole.append(row)
    return whole


def _is_rest_of_name(before: _Row, row: _Row, edge: float) -> bool:
    one, other = before.pieces[-1], row.pieces[0]
    high = one.glyphs[0].height
    if len(before.pieces) + len(row.pieces) > 2 or before.base - row.base > _NEXT_LINE * high:
        return False
    if abs(one.left - other.left) > high / 2 or _differ_in_size(one.glyphs[0], other.glyphs[0]):
        return False
    if _ENDS_OPEN.search(one.text):
        return _NAME_GOES_ON.fullmatch(other.text) is not None
    word = other.glyphs[len(other.text.split(" ")[0]) - 1].right - other.left
    has_room = one.right + _WORD_GAP * high + (high if _is_chinese(other.text[0]) else word) < edge
    if has_room:
        return False
    return (
        _SCHOOL.search(one.text) is not None
        and _NAME_GOES_ON.fullmatch(other.text) is not None
        and not (_OTHER_MATTER.search(other.text) or looks_like_title(other.text) or kind_of_heading(other.text))
    ) or (_CHINESE_NAME.fullmatch(one.text) is not None and _CHINESE_END.fullmatch(other.text) is not None)


def _sticks_out(row: _Row) -> bool:
    """Return whether a row is one mail address alone: it may be longer than its column is wide."""
    return (
        len(row.pieces) == 1
        and any(glyph.char == "@" for glyph in row.pieces[0].glyphs)
        and " " not in row.pieces[0].text
    )


def _weight(rows: list[_Row], x: float) -> int:
    """Return how many lines the thinner side of a cut has."""
    left = sum(row.pieces[0].left < x for row in rows)
    right = sum(row.pieces[-1].left >= x for row in rows)
    return min(left, right)


def _are_columns(rows: list[_Row], x: float, width: float) -> bool:
    """Tell columns from rows whose dates, places or labels stand apart at one side."""
    cut = [row.cut(x) for row in rows]
    left = [part for part, _ in cut if part]
    right = [part for _, part in cut if part]
    texts = [[_written(row)[0] for row in side] for side in (left, right)]
    if all(any(kind_of_heading(part) for text in side for part in text.split(CELL)) for side in texts):
        return True
    if any(sum(_is_mostly_date(text) for text in side) >= 0.25 * len(side) for side in texts):
        return False
    alone_left = sum(1 for part, other in cut if part and not other)
    alone_right = sum(1 for part, other in cut if other and not part)
    narrow = any(
        statistics.mean(row.pieces[-1].right - row.pieces[0].left for row in side) < 0.12 * width
        for side in (left, right)
    )
    return alone_left >= 0.3 * len(left) and alone_right >= 0.3 * len(right) and not narrow


def _is_mostly_date(text: str) -> bool:
    covered = sum(found.end - found.start for found in ranges_in(text) or dates_in(text))
    return covered * 2 > len(text)
