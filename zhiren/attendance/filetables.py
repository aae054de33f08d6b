"""Files of punches as tables: bytes in, rows of cells with their line in the file out. Pure.

Text of any usual encoding and delimiter, and workbooks (by a child process). Every line that holds anything is a row.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhiren.attendance.filebooks import MAX_FILLED as MAX_FILLED
from zhiren.attendance.filebooks import Cell as Cell
from zhiren.attendance.filebooks import sheets_of
from zhiren.resumes.errors import Reason, Unreadable

MAX_BYTES = 100 * 1024 * 1024
MAX_LINES = 1_000_000
"""How many lines a text may have: each takes some 700 bytes of memory until its file is read."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = "\t,;|"
_SAMPLE_LINES = 500
_LONGEST_RECORD = 6  # lines that a quoted cell may run over
_WIDE_BLANKS = re.compile(r"[ \u3000]{2,}")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line; `line` counts from 1 in its file or sheet."""

    line: int
    cells: tuple[Cell, ...]

    @property
    def text(self) -> str:
        """Return the line for people who look for it, a tab between cells, at most 500 characters."""
        return "\t".join(str(cell) for cell in self.cells).rstrip()[:500]


@dataclass(frozen=True)
class Table:
    """A text file, or one sheet of a workbook: `lines` counts all lines, `rows` are those with anything on them."""

    name: str
    rows: tuple[Row, ...]
    lines: int
    encoding: str = ""
    delimiter: str = ""


def tables_of(data: bytes, *, name: str = "") -> tuple[Table, ...]:
    """Return the tables of a file, told by its bytes: one for a text, one per sheet for a workbook.

    Raises:
        Unreadable: `empty`, `too_large`, `encrypted`, `damaged`, `bomb`, `timeout`, `unsupported` (another kind).
    """
    if not data.strip(b"\x00\r\n\t "):
        raise Unreadable(Reason.EMPTY)
    if len(data) > MAX_BYTES:
        raise Unreadable(Reason.TOO_LARGE)
    if data.startswith((_ZIP, _OLE)):
        return tuple(_sheets(data))
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")):
        raise Unreadable(Reason.UNSUPPORTED, "kind")
    return (_text_table(data, name),)


# Text


def _text_table(data: bytes, name: str) -> Table:
    text, encoding = _decoded(data)
    if re.match(r"\s*<(?:!doctype\s+html|html|table|\?xml)", text, re.IGNORECASE):
        raise Unreadable(Reason.UNSUPPORTED, "markup")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MAX_LINES:
        raise Unreadable(Reason.TOO_LARGE, "lines")
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    delimiter = _delimiter_of([line for line in lines if line.strip()][:_SAMPLE_LINES])
    rows = tuple(row for row in _records(lines, delimiter) if any(_holds(cell) for cell in row.cells))
    return Table(name, rows, len(lines), encoding, delimiter)


def _holds(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(cell.strip(" \u3000\x00\x1a"))


def _decoded(data: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding; a broken letter is marked and spoils its own line only."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace").removeprefix("\ufeff"), encoding
    if data.count(b"\x00") * 5 > len(data):
        little = data[1::2].count(b"\x00") >= data[::2].count(b"\x00")
        encoding = "utf-16-le" if little else "utf-16-be"
        return data.decode(encoding, errors="replace"), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    foreign = [line for line in data.split(b"\n") if not line.isascii()]
    fits = {encoding: sum(_reads(line, encoding) for line in foreign) for encoding in ("utf-8", "gb18030")}
    encoding = "utf-8" if fits["utf-8"] * 10 >= len(foreign) * 5 else "gb18030"
    return data.decode(encoding, errors="replace"), encoding


def _reads(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter_of(lines: Sequence[str]) -> str:
    """Return what parts most lines into the same number of cells; "" for lines that only blanks part."""
    best, best_score = "", (0, 0)
    for delimiter in _DELIMITERS:
        counts = Counter(line.count(delimiter) for line in lines if not _edges_cells(delimiter, line))
        counts.pop(0, None)
        score = (sum(counts.values()), max(counts.values(), default=0))
        if score > best_score:
            best, best_score = delimiter, score
    return best if best_score[0] * 2 > len(lines) else ""


def _edges_cells(delimiter: str, line: str) -> bool:
    """Tell a tab that is only there to make a spreadsheet take the cell of a comma-separated line for text."""
    return delimiter == "\t" and ("\t," in line or "\t;" in line or '\t"' in line)


def _records(lines: Sequence[str], delimiter: str) -> Iterator[Row]:
    """Yield the rows of lines. A quote that is not closed soon spoils its own line, not all that follow."""
    if not delimiter:
        wide = sum(_WIDE_BLANKS.search(line.strip()) is not None for line in lines) * 2 > len(lines)
        for number, line in enumerate(lines, 1):
            yield Row(number, tuple(_WIDE_BLANKS.split(line.strip()) if wide else line.split()))
        return
    at = 0
    while at < len(lines):
        last = at
        if delimiter != "\t":
            quotes = lines[at].count('"')
            while quotes % 2 and last + 1 < len(lines) and last - at < _LONGEST_RECORD:
                last += 1
                quotes += lines[last].count('"')
            last = last if quotes % 2 == 0 else at
            quoted = quotes % 2 == 0 and quotes > 0
        else:
            quoted = False
        record = "\n".join(lines[at : last + 1])
        cells = next(csv.reader(io.StringIO(record), delimiter=delimiter), []) if quoted else record.split(delimiter)
        yield Row(at + 1, tuple(cells))
        at = last + 1


# Workbooks


def _sheets(data: bytes) -> Iterator[Table]:
    for name, found in sheets_of(data):
        rows = (Row(number, tuple(cells)) for number, cells in enumerate(found, 1))
        yield Table(name, tuple(row for row in rows if any(_holds(cell) for cell in row.cells)), len(found))
