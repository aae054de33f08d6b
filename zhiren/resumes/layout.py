"""Glyphs of a page put back into lines in the order a person reads them: rows, or columns where there are columns."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence

from zhiren.resumes.document import CELL, Glyph, RawLine
from zhiren.resumes.grids import Cell, Grid, Rule, grids_of
from zhiren.resumes.headings import is_sure_heading, kind_of_heading
from zhiren.resumes.rows import BULLET, PlacedLine, Row, is_chinese, is_mostly_date, rows_of, written
from zhiren.resumes.story import joined, row_lines
from zhiren.resumes.wraps import with_cells_whole, with_headings_whole, with_names_whole

_BLANK = 0.25  # heights of a letter
_LARGER = 1.06
_FEWEST_LABELS = 3
_FEWEST_COLUMN_LINES = 5
_BESIDE = 8  # a table has at most one letter beside it for so many in it
_MOST_WRAPPED = 4
_PADDING = 4.0  # points

_REACHED_BY = re.compile(r"@|\d(?:[ ()-]{0,2}\d){6}")
_MOST_CONTACTS = 10

_DURATION = re.compile(r"(?:\d{1,2} years?)?,? ?(?:\d{1,2} months?)?", re.IGNORECASE)


def lines_of_page(glyphs: Sequence[Glyph], width: float) -> tuple[list[PlacedLine], int]:
    """Return the lines of one page in reading order, and how many columns stand beside each other."""
    rows = _with_labels_on_top(with_headings_whole(rows_of(glyphs)))
    rows, columns = _in_reading_order(rows, 0.0, width)
    return [line for row in with_cells_whole(rows) for line in _lines(row)], columns


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
            chinese = is_chinese(before.text[-1]) or is_chinese(line.text[0])
            merged[-1] = joined([before, line], by="" if chinese or before.text.endswith("-") else " ")
        else:
            merged.append(line)
    return merged


def _goes_on(cell: Cell, before: RawLine, line: RawLine) -> bool:
    """Tell a wrapped line from the next one: the line before has no room for one more letter or word."""
    if CELL in before.text or CELL in line.text or BULLET.match(line.text) or kind_of_heading(before.text):
        return False
    high = before.size or 1.0
    wide = cell.right - cell.left
    used = before.letters[-1].right - before.letters[0].left
    narrow = wide < 6 * high and all(is_chinese(char) for char in before.text + line.text)
    if narrow:
        return used > wide / 2
    word = line.letters[min(len(line.text.split(" ")[0]), len(line.letters)) - 1].right - line.letters[0].left
    room = cell.right - before.letters[-1].right - _PADDING
    return room < (high if is_chinese(line.text[0]) else word + _BLANK * high)


def _lines(row: Row) -> Iterator[PlacedLine]:
    """Yield a row as a line; a date that only happens to stand beside a bullet is a line of its own before it."""
    text, size, letters = written(row)
    body, parted, beside = text.rpartition(CELL)
    if parted and (BULLET.match(body) and (is_mostly_date(beside) or _DURATION.fullmatch(beside))):
        yield beside, size, letters
        yield body, size, letters
    else:
        yield text, size, letters


def _with_labels_on_top(rows: list[Row]) -> list[Row]:
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
    ordered: list[Row] = []
    taken = set(moved.values())
    for index, row in enumerate(rows):
        if index in moved:
            ordered.append(Row(rows[moved[index]].pieces[:1]))
        if index not in taken:
            ordered.append(row)
        elif len(row.pieces) > 1:
            ordered.append(Row(row.pieces[1:]))
    return ordered


def _in_reading_order(rows: list[Row], left: float, right: float) -> tuple[list[Row], int]:
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
    first, one = _in_reading_order(with_names_whole([part for part, _ in cut if part]), left, x)
    second, other = _in_reading_order(with_names_whole([part for _, part in cut if part]), x, right)
    after, below = _in_reading_order(rows[end:], left, right)
    head, first, second = _with_contacts_first(first, second)
    return [*rows[:begin], *head, *first, *second, *after], max(one + other, below)


def _with_contacts_first(first: list[Row], second: list[Row]) -> tuple[list[Row], list[Row], list[Row]]:
    """Return what heads both columns, and the rest of each: contact details beside a name stand before all parts."""
    one, other = _first_heading(first), _first_heading(second)
    texts = [row.pieces[0].text for row in second[:other]] if other else []
    if one is None or not texts or len(texts) > _MOST_CONTACTS or not any(_REACHED_BY.search(text) for text in texts):
        return [], first, second
    return [*first[:one], *second[:other]], first[one:], second[other:]


def _first_heading(rows: list[Row]) -> int | None:
    return next((place for place, row in enumerate(rows) if kind_of_heading(written(row)[0].split(CELL)[0])), None)


def _is_headed(row: Row, usual: float) -> bool:
    """Return whether a row is or has a heading; a word that may be a label must be set larger than is usual."""
    return any(
        is_sure_heading(piece.text)
        or (piece.glyphs[0].height > _LARGER * usual and kind_of_heading(piece.text) is not None)
        for piece in row.pieces
    )


def _sticks_out(row: Row) -> bool:
    """Return whether a row is one mail address alone: it may be longer than its column is wide."""
    return (
        len(row.pieces) == 1
        and any(glyph.char == "@" for glyph in row.pieces[0].glyphs)
        and " " not in row.pieces[0].text
    )


def _weight(rows: list[Row], x: float) -> int:
    """Return how many lines the thinner side of a cut has."""
    left = sum(row.pieces[0].left < x for row in rows)
    right = sum(row.pieces[-1].left >= x for row in rows)
    return min(left, right)


def _are_columns(rows: list[Row], x: float, width: float) -> bool:
    """Tell columns from rows whose dates, places or labels stand apart at one side."""
    cut = [row.cut(x) for row in rows]
    left = [part for part, _ in cut if part]
    right = [part for _, part in cut if part]
    texts = [[written(row)[0] for row in side] for side in (left, right)]
    usual = statistics.median(row.pieces[0].glyphs[0].height for row in rows)
    if all(any(_is_headed(row, usual) for row in side) for side in (left, right)):
        return True
    if any(sum(is_mostly_date(text) for text in side) >= 0.25 * len(side) for side in texts):
        return False
    alone_left = sum(1 for part, other in cut if part and not other)
    alone_right = sum(1 for part, other in cut if other and not part)
    narrow = any(
        statistics.mean(row.pieces[-1].right - row.pieces[0].left for row in side) < 0.12 * width
        for side in (left, right)
    )
    return alone_left >= 0.3 * len(left) and alone_right >= 0.3 * len(right) and not narrow
