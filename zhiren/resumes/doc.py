"""The reader of DOC files of Word 97 to 2003 and WPS: text by its table of pieces, cells and hidden runs by marks.

What is read and where it stands: [MS-DOC], sections 2.3 (fields of the head), 2.4 (how text and properties are found)
and 2.6 (properties). Numbers in brackets are places in the head of the file.
"""

from __future__ import annotations

import io
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

import olefile  # type: ignore[import-untyped]  # it ships no types

from zhiren.resumes.document import CELL, Document, RawLine, build
from zhiren.resumes.errors import Reason, Unreadable
from zhiren.resumes.headings import with_headings_apart
from zhiren.resumes.limits import MAX_TEXT
from zhiren.resumes.plain import decode
from zhiren.resumes.story import row_lines, without_text

_MAGIC, _MAGIC_WORD_6 = 0xA5EC, 0xA5DC
_FIRST_WORD_97 = 0x00C1
_MOST_PIECES = 100_000
_MOST_PAGES = 20_000
_MOST_LINES = 20_000
_PAGE = 512
_LENGTHS = struct.Struct("<8i")
_IN_TABLE, _INNER_CELL = 0x2416, 0x244B
_TABLE_ROW_END, _VANISHED, _DELETED, _TINY_SIZE = 0x2417, 0x083C, 0x0800, 0x4A43
_COLOUR, _COLOUR_INDEX = 0x6870, 0x2A42
_TABLE_SHADES = frozenset({0xD609, 0xD612, 0xD60C})
_SHADES = frozenset({0x442D, 0xC64D, 0x4866, 0xCA71, 0x2A0C}) | _TABLE_SHADES
_WHITE_INDEX = 8
_LIGHTEST = 0xF4
_LARGEST_INVISIBLE = 4  # half points
_OPERAND_BYTES = (1, 1, 2, 4, 2, 2, 0, 3)
_FIELD_BEGIN, _FIELD_MIDDLE, _FIELD_END = "\x13", "\x14", "\x15"
_SIGNS = {"\t": CELL, "\x0b": "\n", "\x1e": "-", "\x1f": "", "\xa0": " "}


def read_doc(data: bytes) -> Document:
    """Return the text of a DOC: heads, body with tables, text boxes, feet. Deleted text is left out.

    Hidden, white and tiny text is kept apart as hidden; white only where nothing shaded can be behind it.

    Raises:
        Unreadable: `encrypted`, `damaged`, `bomb`, `no_text`.
    """
    try:
        word, tables = _streams(data)
        if len(word) < 0x60:
            raise Unreadable(Reason.DAMAGED, "doc_head")
        magic, version = struct.unpack_from("<HH", word)
        (flags,) = struct.unpack_from("<H", word, 0x0A)
        if flags & 0x0100:
            raise Unreadable(Reason.ENCRYPTED, "doc")
        if magic == _MAGIC_WORD_6 or (magic == _MAGIC and version < _FIRST_WORD_97):
            stories = [("body", _Stretch(_old_text(word)))]
        elif magic == _MAGIC:
            stories = list(_stories(word, tables[1 if flags & 0x0200 else 0]))
        else:
            raise Unreadable(Reason.DAMAGED, "doc_magic")
    except (struct.error, IndexError) as error:
        raise Unreadable(Reason.DAMAGED, "doc") from error
    writer = _Writer()
    for _, stretch in sorted(stories, key=lambda story: ("head", "body", "foot").index(story[0])):
        writer.write(stretch)
    if without_text(writer.lines):
        raise Unreadable(Reason.NO_TEXT, "doc")
    layout = "doc-table" if writer.saw_table else "doc"
    return build(with_headings_apart(writer.lines), pages=None, layout=layout)


@dataclass(slots=True)
class _Stretch:
    """A text, and places in it: marks that end a row, a paragraph in a cell, a cell of a table in a cell; hidden and
    deleted letters."""

    text: str
    row_ends: set[int] = field(default_factory=set)
    in_table: set[int] = field(default_factory=set)
    inner_cells: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    deleted: set[int] = field(default_factory=set)


def _streams(data: bytes) -> tuple[bytes, tuple[bytes, bytes]]:
    """Return the stream of the text and the two of which one has the tables."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            if not ole.exists("WordDocument"):
                raise Unreadable(Reason.DAMAGED, "no_document")
            one, other = (ole.openstream(name).read() if ole.exists(name) else b"" for name in ("0Table", "1Table"))
            return ole.openstream("WordDocument").read(), (one, other)
    except (
        OSError,
        ValueError,
        struct.error,
        IndexError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        raise Unreadable(Reason.DAMAGED, "ole") from error


def _old_text(word: bytes) -> str:
    """Return the text of Word 6 and 95, which stands in one stretch."""
    begin, end = struct.unpack_from("<II", word, 0x18)
    return decode(bytes(word[begin : min(end, begin + MAX_TEXT * 4)])) if begin < end else ""


def _stories(word: bytes, table: bytes) -> Iterator[tuple[str, _Stretch]]:
    """Yield head, body, boxes and foot."""
    body, notes, heads, macros, remarks, end_notes, boxes, head_boxes = _LENGTHS.unpack_from(word, 0x4C)
    lengths = (body, notes, heads, macros, remarks, end_notes, boxes, head_boxes)
    if any(length < 0 for length in lengths) or sum(lengths) > len(word):
        raise Unreadable(Reason.DAMAGED, "doc_lengths")
    whole = _text(word, table)
    starts = [sum(lengths[:place]) for place in range(len(lengths))]
    for begin, end in _head_stories(word, table, starts[2], heads, foot=False):
        yield "head", _part(whole, begin, end)
    yield "body", _part(whole, 0, body)
    if boxes:
        yield "body", _part(whole, starts[6], starts[6] + boxes)
    for begin, end in _head_stories(word, table, starts[2], heads, foot=True):
        yield "foot", _part(whole, begin, end)


def _part(whole: _Stretch, begin: int, end: int) -> _Stretch:
    def moved(places: set[int]) -> set[int]:
        return {place - begin for place in places if begin <= place < end}

    return _Stretch(
        whole.text[begin:end],
        moved(whole.row_ends),
        moved(whole.in_table),
        moved(whole.inner_cells),
        moved(whole.hidden),
        moved(whole.deleted),
    )


def _head_stories(word: bytes, table: bytes, base: int, length: int, *, foot: bool) -> Iterator[tuple[int, int]]:
    """Yield where heads or feet stand [F2]: six of separators, then for each section even, odd and first page."""
    if not length:
        return
    at, size = struct.unpack_from("<II", word, 0xF2)
    count = min(size // 4, 600)
    places = struct.unpack_from(f"<{count}i", table, at) if count and at + count * 4 <= len(table) else ()
    for index in range(6, len(places) - 1):
        begin, end = places[index], places[index + 1]
        if ((index - 6) % 6 in {2, 3, 5}) == foot and 0 <= begin < end <= length:
            yield base + begin, base + end


def _text(word: bytes, table: bytes) -> _Stretch:
    """Put the text together from its pieces [1A2], with the marks that belong to its letters."""
    rows = _marks(word, table, 0x102, paragraphs=True)
    runs = _marks(word, table, 0xFA, paragraphs=False)
    behind = _merged([*runs.shaded, *rows.shaded, *(rows.table_text if rows.shades_tables else [])])
    gone = _merged([*runs.vanished, *(span for white in runs.white for span in _outside(white, behind))])
    deleted = _merged(runs.deleted)
    parts: list[str] = []
    stretch = _Stretch("")
    at = 0
    for begin, count, wide in _pieces(word, table):
        if at + count > MAX_TEXT * 4:
            raise Unreadable(Reason.BOMB, "text")
        width = 2 if wide else 1
        end = begin + count * width
        raw = word[begin:end]
        # Halves of a letter beyond the first plane count as two places: they stay two.
        text = raw.decode("utf-16-le", "surrogatepass") if wide else raw.decode("cp1252", "replace")
        parts.append("".join(f"{char}\x00" if char > "\uffff" else char for char in text) if wide else text)
        for ends, places in (
            (rows.row_ends, stretch.row_ends),
            (rows.in_table, stretch.in_table),
            (rows.inner_cells, stretch.inner_cells),
        ):
            among = ends[bisect_right(ends, begin) : bisect_right(ends, end)]
            places.update(at + (place - begin) // width - 1 for place in among)
        for spans, places in ((gone, stretch.hidden), (deleted, stretch.deleted)):
            for first, last in spans[max(bisect_right(spans, (begin, begin)) - 1, 0) :]:
                if first >= end:
                    break
                places.update(range(at + (max(first, begin) - begin) // width, at + (min(last, end) - begin) // width))
        at += count
    stretch.text = "".join(parts)
    return stretch


def _outside(span: tuple[int, int], spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the parts of a span that none of the others, which are in order, covers."""
    begin, end = span
    for first, last in spans[max(bisect_right(spans, (begin, begin)) - 1, 0) :]:
        if first >= end:
            break
        if begin < first:
            yield begin, first
        begin = max(begin, last)
    if begin < end:
        yield begin, end


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order, those that touch as one."""
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _pieces(word: bytes, table: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield for each piece its place in the file, its letters, and whether each takes two bytes."""
    at, size = struct.unpack_from("<II", word, 0x1A2)
    clx = table[at : at + size]
    at = 0
    while at < len(clx) and clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at + 5 > len(clx) or clx[at] != 2:
        raise Unreadable(Reason.DAMAGED, "pieces")
    (size,) = struct.unpack_from("<I", clx, at + 1)
    plc = clx[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    if count < 1 or count > _MOST_PIECES:
        raise Unreadable(Reason.DAMAGED, "pieces")
    places = struct.unpack_from(f"<{count + 1}i", plc)
    total = 0
    for index in range(count):
        (where,) = struct.unpack_from("<I", plc, (count + 1) * 4 + index * 8 + 2)
        wide = not where & 0x40000000
        begin = where & 0x3FFFFFFF if wide else (where & 0x3FFFFFFF) // 2
        letters = places[index + 1] - places[index]
        total += letters
        # Pieces may name the same bytes again and again: together they may not be longer than the file.
        if letters < 0 or total > len(word) or begin + letters * (2 if wide else 1) > len(word):
            raise Unreadable(Reason.DAMAGED, "piece")
        yield begin, letters, wide


@dataclass(slots=True)
class _Marks:
    """Places in the file: ends of table rows, and stretches of letters with a property."""

    row_ends: list[int] = field(default_factory=list)
    in_table: list[int] = field(default_factory=list)
    inner_cells: list[int] = field(default_factory=list)
    vanished: list[tuple[int, int]] = field(default_factory=list)
    white: list[tuple[int, int]] = field(default_factory=list)
    deleted: list[tuple[int, int]] = field(default_factory=list)
    shaded: list[tuple[int, int]] = field(default_factory=list)
    table_text: list[tuple[int, int]] = field(default_factory=list)
    shades_tables: bool = False


def _marks(word: bytes, table: bytes, place: int, *, paragraphs: bool) -> _Marks:
    """Read the pages of properties of paragraphs [102] or of runs [FA]."""
    marks = _Marks()
    at, size = struct.unpack_from("<II", word, place)
    count = (min(size, len(table)) - 4) // 8
    if at + size > len(table) or count < 1:
        return marks
    numbers = struct.unpack_from(f"<{count}I", table, at + (count + 1) * 4)
    for number in list(dict.fromkeys(numbers))[:_MOST_PAGES]:
        begin = (number & 0x3FFFFF) * _PAGE
        page = word[begin : begin + _PAGE]
        if len(page) < _PAGE:
            continue
        runs = page[-1]
        entry = 13 if paragraphs else 1
        if (runs + 1) * 4 + runs * entry >= _PAGE:
            continue
        places = struct.unpack_from(f"<{runs + 1}I", page)
        for index in range(runs):
            offset = page[(runs + 1) * 4 + index * entry] * 2
            if offset:
                properties = _properties_at(page, offset, paragraphs=paragraphs)
                _note(marks, properties, places[index], places[index + 1])
    for ends in (marks.row_ends, marks.in_table, marks.inner_cells):
        ends.sort()
    return marks


def _properties_at(page: bytes, offset: int, *, paragraphs: bool) -> bytes:
    size = page[offset]
    if not paragraphs:
        return page[offset + 1 : offset + 1 + size]
    if size:
        return page[offset + 3 : offset + 2 * size]
    return page[offset + 4 : offset + 2 + 2 * page[offset + 1]] if offset + 1 < len(page) else b""


def _note(marks: _Marks, properties: bytes, begin: int, end: int) -> None:
    for code, operand in _modifiers(properties):
        number = int.from_bytes(operand[:4], "little")
        if code == _TABLE_ROW_END and number:
            marks.row_ends.append(end)
        elif code == _IN_TABLE and number:
            marks.in_table.append(end)
            marks.table_text.append((begin, end))
        elif code == _INNER_CELL and number:
            marks.inner_cells.append(end)
        elif (code == _VANISHED and number == 1) or (code == _TINY_SIZE and 0 < number <= _LARGEST_INVISIBLE):
            marks.vanished.append((begin, end))
        elif code == _DELETED and number == 1:
            marks.deleted.append((begin, end))
        elif (code == _COLOUR and len(operand) == 4 and not operand[3] and min(operand[:3]) >= _LIGHTEST) or (
            code == _COLOUR_INDEX and number == _WHITE_INDEX
        ):
            marks.white.append((begin, end))
        elif code in _SHADES and any(byte not in {0, 0xFF} for byte in operand):
            marks.shades_tables = marks.shades_tables or code in _TABLE_SHADES
            marks.shaded.append((begin, end))


def _modifiers(properties: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the codes of properties and their operands; the code says how long the operand is."""
    at = 0
    while at + 2 < len(properties):
        code = properties[at] | properties[at + 1] << 8
        at += 2
        size = _OPERAND_BYTES[code >> 13]
        if not size:
            if code == 0xD608:
                size = int.from_bytes(properties[at : at + 2], "little") - 1
                at += 2
            else:
                size = properties[at]
                at += 1
        yield code, properties[at : at + size]
        at += max(size, 0)


class _Writer:
    """Turns stretches of text with their marks into lines."""

    def __init__(self) -> None:
        self.lines: list[RawLine] = []
        self.saw_table = False

    def write(self, stretch: _Stretch) -> None:
        """Add one story; a story that says what an earlier head or foot said adds nothing."""
        self._paragraph: list[RawLine] = []
        self._cells: list[list[RawLine]] = []
        self._story: list[RawLine] = []
        self._shown: list[str] = []
        self._hidden: list[str] = []
        fields: list[bool] = []
        unread = 0  # how many of the fields around are at their instruction
        for place, char in enumerate(stretch.text):
            if char == _FIELD_BEGIN:
                fields.append(True)
                unread += 1
            elif char in {_FIELD_MIDDLE, _FIELD_END}:
                if fields:
                    unread -= fields.pop()
                    if char == _FIELD_MIDDLE:
                        fields.append(False)
            elif char == "\x07":
                self._mark(ends_row=place in stretch.row_ends)
            elif char == "\r" and place in stretch.inner_cells:
                self._shown.append(CELL)
            elif char in "\r\x0c\x0e":
                self._end_line(in_table=place in stretch.in_table)
            elif place not in stretch.deleted and not unread:
                kept = _SIGNS.get(char, char if char >= " " else "")
                (self._hidden if place in stretch.hidden else self._shown).append(kept)
        self._end_line(in_table=False)
        known = {line.text for line in self.lines}
        if not all(line.text in known for line in self._story):
            self.lines.extend([*self._story, RawLine("")])

    def _end_line(self, *, in_table: bool) -> None:
        shown, hidden = "".join(self._shown), "".join(self._hidden)
        self._shown, self._hidden = [], []
        if len(self._story) + len(self._paragraph) > _MOST_LINES:
            raise Unreadable(Reason.BOMB, "paragraphs")
        if not in_table:
            self._end_table()
        lines = self._paragraph if in_table else self._story
        if shown or not hidden.strip():
            lines.extend(RawLine(line) for line in shown.split("\n"))
        if hidden.strip():
            lines.extend(RawLine(line, hidden=True) for line in hidden.split("\n"))

    def _mark(self, *, ends_row: bool) -> None:
        """Take the mark of a cell or of a row's end."""
        self.saw_table = True
        self._end_line(in_table=True)
        if ends_row:
            self._end_table()
        else:
            self._cells.append(self._paragraph)
            self._paragraph = []

    def _end_table(self) -> None:
        """Write down the row; lines after its last cell, which a whole file does not have, follow it."""
        self._story.extend(row_lines(self._cells))
        self._story.extend(line for line in self._paragraph if line.text)
        self._cells, self._paragraph = [], []
