"""The reader of DOCX files: the XML is streamed, so no document can grow a tree in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

from zhiren.resumes.archives import MEGABYTE, Limits, inflate, open_archive
from zhiren.resumes.document import CELL, Document, RawLine, build
from zhiren.resumes.errors import Reason, Unreadable
from zhiren.resumes.headings import with_headings_apart
from zhiren.resumes.limits import MAX_TEXT

_LIMITS = Limits(members=2_000, member_bytes=50 * MEGABYTE, total_bytes=50 * MEGABYTE, ratio=100)
_PARTS = re.compile(r"^word/(header|document|footer)\d*\.xml$")
_ORDER = ("header", "document", "footer")
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WORD_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_MOST_PARAGRAPHS = 20_000
_FEWEST_LETTERS = 12


def read_docx(data: bytes) -> Document:
    """Return the text of a DOCX: heads, body with tables and text boxes, feet. Deleted and hidden text is told apart.

    Every member is inflated and counted before any of them is parsed.

    Raises:
        Unreadable: `bomb`, `lying`, `damaged`, `encrypted`, `no_text`.
    """
    parts: dict[str, bytes] = {}
    with open_archive(data, limits=_LIMITS) as archive:
        left = _LIMITS.total_bytes
        for info in archive.infolist():
            if info.is_dir():
                continue
            try:
                content = inflate(archive, info, limits=_LIMITS, left=left)
            except Unreadable as error:
                reason = Reason.BOMB if error.reason is Reason.TOO_LARGE else error.reason
                raise Unreadable(reason, error.detail) from error
            left -= len(content)
            if info.filename.endswith((".xml", ".rels")) and _has_doctype(content):
                raise Unreadable(Reason.LYING, "doctype")
            if _PARTS.match(info.filename):
                parts[info.filename] = content
    if "word/document.xml" not in parts:
        raise Unreadable(Reason.DAMAGED, "no_document")
    reader = _Reader()
    lines: list[str] = []
    for name in sorted(parts, key=lambda name: (_ORDER.index(_kind(name)), name)):
        new = reader.read(parts[name])
        # First-page and even-page heads say the same as the head itself.
        lines.extend(line for line in new if _kind(name) == "document" or line not in lines)
        lines.append("")
    if sum(char.isalnum() for line in lines for char in line) < _FEWEST_LETTERS:
        raise Unreadable(Reason.NO_TEXT, "docx")
    return build(
        with_headings_apart(RawLine(line) for line in lines),
        pages=None,
        warnings=["hidden_text"] if reader.saw_hidden_text else [],
        layout="docx-table" if reader.saw_table else "docx",
    )


def _kind(part: str) -> str:
    match = _PARTS.match(part)
    return match[1] if match else ""


def _has_doctype(content: bytes) -> bool:
    """Look for a document type in any encoding XML may come in; office files never have one."""
    head = content[:4096].replace(b"\x00", b"")
    return b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"<!DOCTYPE" in head or b"<!doctype" in head.lower()


class _Block:
    """Collects the lines of one story: the body, a table cell or a text box."""

    def __init__(self) -> None:
        self.lines: list[str] = []


class _Row:
    def __init__(self) -> None:
        self.cells: list[list[str]] = []

    def lines(self) -> Iterator[str]:
        """Yield a row of short cells as one line; a row of long cells is a layout and is read cell by cell."""
        filled = [[line for line in cell if line.strip()] for cell in self.cells]
        if all(len(cell) <= 1 for cell in filled):
            yield CELL.join(cell[0] for cell in filled if cell)
        else:
            for cell in filled:
                yield from cell


class _Reader:
    """Streams parts of a document into lines."""

    def __init__(self) -> None:
        self.saw_hidden_text = self.saw_table = False
        self._paragraphs = 0
        self._size = 0

    def read(self, xml: bytes) -> list[str]:
        self._blocks = [_Block()]
        self._rows: list[_Row] = []
        self._texts: list[list[str]] = []
        self._skipping = 0
        self._in_text = False
        self._hidden = False
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        try:
            parser.Parse(xml, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise Unreadable(Reason.DAMAGED, "xml") from error
        return self._blocks[0].lines

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if self._skipping or (space == _COMPATIBILITY and tag == "Fallback") or tag in {"del", "moveFrom", "instrText"}:
            self._skipping += 1
        elif space not in {_WORD, _WORD_STRICT}:
            return
        elif tag == "p":
            self._texts.append([])
            self._paragraphs += 1
            if self._paragraphs > _MOST_PARAGRAPHS:
                raise Unreadable(Reason.BOMB, "paragraphs")
        elif tag == "t":
            self._in_text = True
        elif tag in {"tc", "txbxContent"}:
            self._blocks.append(_Block())
        elif tag == "tr":
            self._rows.append(_Row())
            self.saw_table = True
        elif tag == "r":
            self._hidden = False
        elif tag == "vanish":
            self._hidden = not attributes or ("0" not in attributes.values() and "false" not in attributes.values())
        elif self._texts and tag in {"tab", "ptab"} and not attributes.keys() - {f"{space} alignment"}:
            self._texts[-1].append(CELL)
        elif self._texts and tag in {"br", "cr"}:
            self._texts[-1].append("\n")
        elif self._texts and tag == "noBreakHyphen":
            self._texts[-1].append("-")

    def _close(self, name: str) -> None:
        space, _, tag = name.rpartition(" ")
        if self._skipping:
            self._skipping -= 1
        elif space not in {_WORD, _WORD_STRICT}:
            return
        elif tag == "t":
            self._in_text = False
        elif tag == "p" and self._texts:
            self._blocks[-1].lines.extend("".join(self._texts.pop()).split("\n"))
        elif tag == "tc" and len(self._blocks) > 1 and self._rows:
            self._rows[-1].cells.append(self._blocks.pop().lines)
        elif tag == "txbxContent" and len(self._blocks) > 1:
            box = self._blocks.pop()
            self._blocks[-1].lines.extend(box.lines)
        elif tag == "tr" and self._rows:
            self._blocks[-1].lines.extend(self._rows.pop().lines())

    def _characters(self, text: str) -> None:
        if self._in_text and not self._skipping and self._texts:
            if self._hidden and text.strip():
                self.saw_hidden_text = True
            self._size += len(text)
            if self._size > MAX_TEXT * 4:
                raise Unreadable(Reason.BOMB, "text")
            self._texts[-1].append(text)

    def _refuse_doctype(self, *_: object) -> None:
        raise Unreadable(Reason.LYING, "doctype")
