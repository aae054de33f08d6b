"""What a narrow column or cell broke into two rows, put together again: headings, names, cells of tables."""

from __future__ import annotations

import re

from zhiren.resumes.dates import ends_open
from zhiren.resumes.headings import kind_of_heading
from zhiren.resumes.labels import begins_label
from zhiren.resumes.rows import BULLET, NEXT_LINE, WORD_GAP, Piece, Row, differ_in_size, is_chinese, is_mostly_date
from zhiren.resumes.titles import looks_like_title

_FEWEST_CELLS = 3
_BOLDER = 1.3
_LONGEST_HEADING = 40
# A name that its column was too narrow for: how it ends, and what may go on with it.
_ENDS_OPEN = re.compile(r"^[A-Z][\w.,&+'’ -]*\s(?:of|and|for|&|\+|de|der|du|della)$")
_NAME_GOES_ON = re.compile(
    r"(?:(?:and|of|for|at|&|\+|de|del|do|da) )?[A-Z][\w.&'’-]+(?: (?:and|of|&|[A-Z][\w.&'’-]*)){0,3}"
)
_SCHOOL = re.compile(r"\b(?:Universit|College|Institut|School of|Academy|Polytechnic)")
_OTHER_MATTER = re.compile(
    r"\b(?:[BM]\.?(?:A|S|Sc|Eng|BA|Com|Tech|Phil|Ed)\b|Ph\.?D|Bachelor|Master|Doctor|Diploma|Degree|GPA|Honou?rs|"
    r"Sciences?$|Engineering$|Mathematics|Statistics|Economics|Management|Marketing|Design|Finance|Accounting|Physics|"
    r"Chemistry|Biology|History|Psychology|Nursing|Literature|Law$|Studies|Philosophy|Administration|Informatics)"
)
_AWARD_AND_SUBJECT = re.compile(
    r"^(?:[BM]\.?(?:A|S|Sc|Eng|BA|Com|Tech|Ed|Des)|Ph\.?D|MBA|Bachelor|Master|Doctor|Associate|Certificate|"
    r"(?:(?:Higher|Advanced|Graduate|Postgraduate) )?Diploma)\b[\w.'() ]*(?:,| in )(?: ?[A-Z]|$)"
)
_CHINESE_NAME = re.compile(r"[\u4e00-\u9fff（）()]{6,}")
_CHINESE_END = re.compile(r"[\u4e00-\u9fff]{0,4}(?:学院|大学|学校|公司|集团|限公司|司|院|学)")


def with_headings_whole(rows: list[Row]) -> list[Row]:
    """Return the rows; a heading or label that its column is too narrow for stands in the row it begins in."""
    whole: list[Row] = []
    for row in rows:
        above = whole[-1].pieces if whole else []
        piece = row.pieces[0]
        first = next((place for place, other in enumerate(above) if place and other.is_cell), len(above))
        if above and (_completes_heading(above[0], piece) or _completes_label(above[:first], piece)):
            above.insert(first, Piece(piece.glyphs, is_cell=False))
            for beside in above[first + 1 : first + 2]:
                beside.is_cell = True
            if len(row.pieces) > 1:
                whole.append(Row(row.pieces[1:]))
        else:
            whole.append(row)
    return whole


def _completes_heading(above: Piece, piece: Piece) -> bool:
    one, other = above.glyphs[0], piece.glyphs[0]
    return (
        abs(one.left - other.left) < one.height / 4
        and 0 < one.base - other.base <= NEXT_LINE * one.height
        and not differ_in_size(one, other)
        and len(above.text) + len(piece.text) <= _LONGEST_HEADING
        and not kind_of_heading(above.text)
        and kind_of_heading(f"{above.text} {piece.text}") is not None
    )


def _completes_label(above: list[Piece], piece: Piece) -> bool:
    one, last, other = above[0].glyphs[0], above[-1].glyphs[0], piece.glyphs[0]
    begun = " ".join(part.text for part in above)
    return (
        0 < last.base - other.base <= NEXT_LINE * one.height
        and not differ_in_size(one, other)
        and (abs(one.left - other.left) < one.height or abs(above[-1].right - piece.right) < one.height)
        and begins_label(f"{begun} {piece.text}")
    )


def with_cells_whole(rows: list[Row]) -> list[Row]:
    """Return the rows of tables without rules; what is wrapped within a cell stands in that cell again.

    Such a table has three cells in a row or more, and what goes on stands below its cell, which has no room for it.
    A date below another cell is a row of its own; a date or name that breaks off makes two cells a table.
    """
    edge = max([row.pieces[-1].right for row in rows], default=0.0)
    whole: list[Row] = []
    base = 0.0
    for row in rows:
        above = whole[-1] if whole else row
        cells = [place for place, piece in enumerate(above.pieces) if place == 0 or piece.is_cell]
        is_table = len(cells) >= _FEWEST_CELLS or (len(cells) > 1 and _breaks_off(above.pieces[-1].text))
        first = is_table and len(row.pieces) == len(cells) == 2 and _first_goes_on(above, cells[1], row)
        edges = [*[piece.left for piece in row.pieces[1:]], edge]
        homes = [
            _cell_above(above, cells, piece, limit) if is_table else 0
            for piece, limit in zip(row.pieces, edges, strict=True)
        ]
        if first and homes[1]:
            homes[0] = cells[1]
        high = row.pieces[0].glyphs[0].height
        rest = [piece for home, piece in zip(homes, row.pieces, strict=False) if not home]
        if (
            any(homes)
            and (len(homes) < len(cells) or not all(homes) or len(cells) < _FEWEST_CELLS)
            and 0 < base - row.base <= NEXT_LINE * high
            and all(is_mostly_date(piece.text) and _is_below_a_cell(above, piece) for piece in rest)
        ):
            pieces = list(above.pieces)
            for home, piece in sorted(zip(homes, row.pieces, strict=True), key=lambda pair: -pair[0]):
                if home:
                    pieces.insert(home, Piece(piece.glyphs, is_cell=False))
            whole[-1] = Row(pieces)
            whole.extend([Row(rest)] if rest else [])
        else:
            whole.append(row)
        base = row.base
    return whole


def _first_goes_on(above: Row, second: int, row: Row) -> bool:
    """Return whether the first of two cells goes on below, as the date beside it does that breaks off."""
    one, other, last = above.pieces[0], row.pieces[0], above.pieces[second - 1]
    high = one.glyphs[0].height
    word = other.glyphs[len(other.text.split(" ")[0]) - 1].right - other.left
    return (
        ends_open(above.pieces[-1].text)
        and abs(one.left - other.left) < high / 2
        and not differ_in_size(one.glyphs[0], other.glyphs[0])
        and last.right + word + high > above.pieces[second].left
    )


def _breaks_off(text: str) -> bool:
    return ends_open(text) or _ENDS_OPEN.search(text) is not None


def _is_below_a_cell(row: Row, piece: Piece) -> bool:
    """Return whether a piece begins or ends where a cell of the row does, the first cell apart."""
    near = piece.glyphs[0].height / 2
    return any(abs(cell.left - piece.left) < near or abs(cell.right - piece.right) < near for cell in row.pieces[1:])


def _cell_above(row: Row, cells: list[int], piece: Piece, edge: float) -> int:
    """Return behind which piece of a row another one goes on, 0 if behind none; the first cell is never wrapped."""
    high = piece.glyphs[0].height
    for place in cells[1:]:
        begins = row.pieces[place]
        if abs(begins.left - piece.left) > high / 2 or differ_in_size(begins.glyphs[0], piece.glyphs[0]):
            continue
        behind = next((other for other in cells if other > place), len(row.pieces))
        last = row.pieces[behind - 1]
        limit = min(row.pieces[behind].left, edge) if behind < len(row.pieces) else edge
        word = piece.glyphs[len(piece.text.split(" ")[0]) - 1].right - piece.left
        has_room = last.right + (high if is_chinese(piece.text[0]) else word) + high < limit
        return 0 if has_room or BULLET.match(piece.text) else behind
    return 0


def with_names_whole(rows: list[Row]) -> list[Row]:
    """Return the rows of a column; a name of a school or a firm that the column is too narrow for is one row again."""
    edge = max([row.pieces[-1].right for row in rows], default=0.0)
    whole: list[Row] = []
    for row in rows:
        if whole and _is_rest_of_name(whole[-1], row, edge):
            whole[-1] = Row([*whole[-1].pieces, Piece(row.pieces[0].glyphs, is_cell=False)])
        else:
            whole.append(row)
    return whole


def _is_rest_of_name(before: Row, row: Row, edge: float) -> bool:
    one, other = before.pieces[-1], row.pieces[0]
    high = one.glyphs[0].height
    if len(before.pieces) + len(row.pieces) > 2 or before.base - row.base > NEXT_LINE * high:
        return False
    if abs(one.left - other.left) > high / 2 or differ_in_size(one.glyphs[0], other.glyphs[0]):
        return False
    weights = sorted((before.pieces[0].glyphs[0].weight, other.glyphs[0].weight))
    if weights[1] > _BOLDER * weights[0] > 0:
        return False
    if _ENDS_OPEN.search(one.text):
        return _NAME_GOES_ON.fullmatch(other.text) is not None
    word = other.glyphs[len(other.text.split(" ")[0]) - 1].right - other.left
    has_room = one.right + WORD_GAP * high + (high if is_chinese(other.text[0]) else word) < edge
    if has_room:
        return False
    if _AWARD_AND_SUBJECT.search(one.text):
        return (
            _NAME_GOES_ON.fullmatch(other.text) is not None
            and _SCHOOL.search(other.text) is None
            and not (looks_like_title(other.text) or kind_of_heading(other.text))
        )
    return (
        _SCHOOL.search(one.text) is not None
        and _NAME_GOES_ON.fullmatch(other.text) is not None
        and not (_OTHER_MATTER.search(other.text) or looks_like_title(other.text) or kind_of_heading(other.text))
    ) or (_CHINESE_NAME.fullmatch(one.text) is not None and _CHINESE_END.fullmatch(other.text) is not None)
