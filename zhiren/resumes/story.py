"""Paragraphs, cells, rows and boxes put together into lines: what all readers of word processors' files share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from zhiren.resumes.document import CELL, RawLine
from zhiren.resumes.errors import Reason, Unreadable
from zhiren.resumes.headings import kind_of_heading
from zhiren.resumes.limits import MAX_TEXT

BULLET = "• "
_BODY_SIZE, _HEADING_SIZE = 11.0, 20.0  # what is taken for set, where styles tell headings
_MOST_PARAGRAPHS = 20_000
_DEEPEST = 60
_LABEL_WIDTH = 24
_FEWEST_LETTERS = 12
_CHINESE = re.compile(r"[\u2e80-\u9fff]+")


class Story:
    """Takes a file's text as it comes and gives its lines.

    Whoever fills it opens and closes; what was not opened is not closed, so that a broken file does no harm.

    Raises:
        Unreadable: `bomb` where there are more paragraphs, letters or tables in tables than a résumé has.
    """

    def __init__(self) -> None:
        self.saw_table = False
        self._headed = False
        self._size_now: float | None = None
        self._blocks: list[list[RawLine]] = [[]]
        self._rows: list[tuple[int, list[list[RawLine]]]] = []
        self._open: list[str] = []
        self._shown: list[list[str]] = [[]]
        self._hidden: list[list[str]] = [[]]
        self._paragraphs = 0
        self._size = 0

    def write(self, text: str, *, hidden: bool = False) -> None:
        """Add text to the paragraph; a line break in it parts lines."""
        self._size += len(text)
        if self._size > MAX_TEXT * 4:
            raise Unreadable(Reason.BOMB, "text")
        (self._hidden if hidden else self._shown)[-1].append(text)

    def head(self, level: int) -> None:
        """Say that the paragraph is a heading by its style, of the first level or a lower one."""
        self._headed = True
        self._size_now = _HEADING_SIZE - level

    def end_paragraph(self, *, page: int | None = None) -> None:
        """Close the paragraph; an empty one is a blank line."""
        self._paragraphs += 1
        if self._paragraphs > _MOST_PARAGRAPHS:
            raise Unreadable(Reason.BOMB, "paragraphs")
        shown, hidden = "".join(self._shown[-1]), "".join(self._hidden[-1])
        if shown or not hidden.strip():
            self._blocks[-1].extend(RawLine(line, page, self._size_now) for line in shown.split("\n"))
        if hidden.strip():
            self._blocks[-1].extend(RawLine(line, page, hidden=True) for line in hidden.split("\n"))
        self._shown[-1], self._hidden[-1] = [], []
        self._size_now = None

    def break_off(self) -> None:
        """Close the paragraph if anything is in it."""
        if self._shown[-1] or self._hidden[-1]:
            self.end_paragraph()

    def open_row(self) -> None:
        """Begin a row of a table; cells go into it."""
        self._begin("row")
        self.saw_table = True
        self._rows.append((len(self._blocks), []))

    def close_row(self) -> None:
        """End the row and all that is still open in it."""
        if self._end("row"):
            _, cells = self._rows.pop()
            self._blocks[-1].extend(row_lines(cells))

    def open_cell(self) -> None:
        """Begin a cell of the row; outside a row it is a box."""
        self._begin("cell")
        self._nest()

    def close_cell(self) -> None:
        """End the cell and all that is still open in it."""
        if self._end("cell"):
            lines = self._unnest()
            if self._rows and self._rows[-1][0] == len(self._blocks):
                self._rows[-1][1].append(lines)
            else:
                self._blocks[-1].extend(lines)

    def open_box(self) -> None:
        """Begin a text box; its lines stand before the paragraph it hangs on."""
        self._begin("box")
        self._nest()

    def close_box(self) -> None:
        """End the box and all that is still open in it."""
        if self._end("box"):
            lines = self._unnest()
            self._blocks[-1].extend(lines)

    def take(self) -> list[RawLine]:
        """Return the lines so far and begin anew, with the counts going on."""
        while self._open:
            self._close_last()
        self.break_off()
        lines, self._blocks[-1] = self._blocks[-1], []
        return [replace(line, size=line.size or _BODY_SIZE) for line in lines] if self._headed else lines

    def _begin(self, what: str) -> None:
        self._open.append(what)
        if len(self._open) > _DEEPEST:
            raise Unreadable(Reason.BOMB, "depth")

    def _end(self, what: str) -> bool:
        """Make `what` the last thing that is open, and note it as closed; False if it is not open."""
        if what not in self._open:
            return False
        while self._open[-1] != what:
            self._close_last()
        self._open.pop()
        return True

    def _close_last(self) -> None:
        {"row": self.close_row, "cell": self.close_cell, "box": self.close_box}[self._open[-1]]()

    def _nest(self) -> None:
        self._blocks.append([])
        self._shown.append([])
        self._hidden.append([])

    def _unnest(self) -> list[RawLine]:
        self.break_off()
        self._shown.pop()
        self._hidden.pop()
        return self._blocks.pop()


def row_lines(cells: Iterable[Sequence[RawLine]]) -> Iterator[RawLine]:
    """Yield the lines of one row of a table.

    Cells of one line stand beside each other on one line; of a cell with more lines the first stays with the label
    before it. A row of large cells is a layout and is read cell by cell. A label written downwards is one word.
    """
    beside: list[RawLine] = []
    hidden: list[RawLine] = []
    for cell in cells:
        hidden.extend(line for line in cell if line.hidden)
        lines = _upright([line for line in cell if line.text.strip() and not line.hidden])
        if len(lines) <= 1:
            beside.extend(lines)
            continue
        if beside and _is_label(beside[-1].text):
            beside.append(lines.pop(0))
        if beside:
            yield joined(beside)
        beside = []
        yield from lines
    if beside:
        yield joined(beside)
    yield from hidden


def joined(lines: Sequence[RawLine], *, by: str = CELL) -> RawLine:
    """Return lines that stand beside each other, or go on in each other, as one."""
    if len(lines) == 1:
        return lines[0]
    letters = [letter for line in lines for letter in line.letters] if all(line.letters for line in lines) else []
    return replace(lines[0], text=by.join(line.text for line in lines), letters=letters)


def without_text(lines: Iterable[RawLine], *, fewest: int = _FEWEST_LETTERS) -> bool:
    """Return whether fewer letters and digits are to be seen in these lines than the shortest résumé has."""
    count = 0
    for line in lines:
        count += 0 if line.hidden else sum(char.isalnum() for char in line.text)
        if count >= fewest:
            return False
    return True


def _upright(lines: list[RawLine]) -> list[RawLine]:
    """Return a label whose characters stand below each other (`教`, `育`, `经`, `历`) as one line."""
    if 2 <= len(lines) <= 8 and all(_CHINESE.fullmatch(line.text.strip()) for line in lines):
        word = "".join(line.text.strip() for line in lines)
        if all(len(line.text.strip()) == 1 for line in lines) or (len(word) <= 8 and kind_of_heading(word)):
            return [joined([replace(line, text=line.text.strip()) for line in lines], by="")]
    return lines


def _is_label(text: str) -> bool:
    return sum(2 if char > "\u2e7f" else 1 for char in text.strip()) <= _LABEL_WIDTH
