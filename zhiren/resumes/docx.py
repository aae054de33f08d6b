"""The reader of DOCX files: the XML is streamed, so no document can grow a tree in memory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

from zhiren.resumes.archives import MEGABYTE, Limits, inflate, is_folder, open_archive
from zhiren.resumes.document import CELL, Document, RawLine, build
from zhiren.resumes.errors import Reason, Unreadable
from zhiren.resumes.headings import with_headings_apart
from zhiren.resumes.story import BULLET, Story, without_text

_LIMITS = Limits(members=2_000, member_bytes=50 * MEGABYTE, total_bytes=50 * MEGABYTE, ratio=100)
_HEADING = re.compile(r"Heading\s?([1-9])")
_POINT = re.compile(r"List(?:Bullet|Number)")
_PARTS = re.compile(r"^word/(header|document|footer)\d*\.xml$")
_ORDER = ("header", "document", "footer")
_WORDS = frozenset(
    {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
        "http://schemas.microsoft.com/office/word/2003/wordml",
    }
)
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_NOT_WRITTEN = frozenset({"del", "moveFrom", "instrText", "delText", "binData"})
# Properties as they were before a tracked change, and those of a paragraph's mark: neither is about the text.
_NOT_NOW = frozenset({"rPrChange", "pPrChange", "tcPrChange", "tblPrChange", "sectPrChange"})
_LARGEST_INVISIBLE = 4  # half points
_LIGHTEST = 0xF4


def read_docx(data: bytes) -> Document:
    """Return the text of a DOCX: heads, body with tables and text boxes, feet. Deleted text is left out.

    Hidden, white and tiny text is kept apart as hidden; white counts only where nothing shaded can be behind it.
    Every member is inflated and counted before any of them is parsed.

    Raises:
        Unreadable: `bomb`, `lying`, `damaged`, `encrypted`, `no_text`.
    """
    members = read_members(data)
    parts = {name: content for name, content in members.items() if _PARTS.match(name)}
    if "word/document.xml" not in parts:
        raise Unreadable(Reason.DAMAGED, "no_document")
    reader = _Reader(shapes_behind=b'behindDoc="1"' in parts["word/document.xml"])
    lines: list[RawLine] = []
    for name in sorted(parts, key=lambda name: (_ORDER.index(_kind(name)), name)):
        new = reader.read(parts[name])
        # First-page and even-page heads say the same as the head itself.
        lines.extend(line for line in new if _kind(name) == "document" or line not in lines)
        lines.append(RawLine(""))
    return _built(lines, reader, "docx")


def read_word_xml(data: bytes) -> Document:
    """Return the text of a Word document saved as one XML file, in the form of 2003 or of 2006.

    Raises:
        Unreadable: `bomb`, `lying` (a document type), `damaged`, `no_text`.
    """
    if has_doctype(data):
        raise Unreadable(Reason.LYING, "doctype")
    reader = _Reader(shapes_behind=True)
    return _built(reader.read(data), reader, "word-xml")


def read_members(data: bytes) -> dict[str, bytes]:
    """Return the XML members of an office file, after all members were counted and looked at.

    Raises:
        Unreadable: `bomb`, `lying` (a document type, a link, a false size), `damaged`, `encrypted`.
    """
    members: dict[str, bytes] = {}
    with open_archive(data, limits=_LIMITS) as archive:
        left = _LIMITS.total_bytes
        for info in archive.infolist():
            if is_folder(info):
                continue
            try:
                content = inflate(archive, info, limits=_LIMITS, left=left)
            except Unreadable as error:
                reason = Reason.BOMB if error.reason is Reason.TOO_LARGE else error.reason
                raise Unreadable(reason, error.detail) from error
            left -= len(content)
            if info.filename.endswith((".xml", ".rels")):
                if has_doctype(content):
                    raise Unreadable(Reason.LYING, "doctype")
                members[info.filename] = content
    return members


def has_doctype(content: bytes) -> bool:
    """Look for a document type in any encoding XML may come in; office files never have one."""
    head = content[:4096].replace(b"\x00", b"")
    return b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"<!DOCTYPE" in head or b"<!doctype" in head.lower()


def _built(lines: list[RawLine], reader: _Reader, kind: str) -> Document:
    if without_text(lines):
        raise Unreadable(Reason.NO_TEXT, kind)
    layout = f"{kind}-table" if reader.story.saw_table else kind
    return build(with_headings_apart(lines), pages=None, layout=layout)


def _kind(part: str) -> str:
    match = _PARTS.match(part)
    return match[1] if match else ""


@dataclass(slots=True)
class _Run:
    hidden: bool = False
    white: bool = False
    tiny: bool = False
    shaded: bool = False


class _Reader:
    """Streams parts of a document into lines."""

    def __init__(self, *, shapes_behind: bool) -> None:
        self.story = Story()
        self._shapes_behind = shapes_behind

    def read(self, xml: bytes) -> list[RawLine]:
        self._skipping = 0
        self._in_text = self._pointed = False
        self._runs: list[_Run] = []
        self._shades = [False]  # of the table cell, box or paragraph around; the innermost last
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
        return self.story.take()

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if self._skipping or (space == _COMPATIBILITY and tag == "Fallback"):
            self._skipping += 1
        elif space not in _WORDS:
            return
        elif tag in _NOT_WRITTEN or tag in _NOT_NOW:
            self._skipping += 1
        elif tag == "t":
            self._in_text = True
        elif tag in {"p", "tc", "txbxContent"}:
            self._pointed = False
            # What lies under a text box is a shape with a colour of its own.
            self._shades.append(self._shades[-1] or tag == "txbxContent")
            if tag == "tc":
                self.story.open_cell()
            elif tag == "txbxContent":
                self.story.open_box()
        elif tag == "tr":
            self.story.open_row()
        elif tag == "r":
            self._runs.append(_Run())
        elif tag in {"tab", "ptab"} and self._runs:
            self.story.write(CELL)
        elif tag in {"br", "cr"} and self._runs:
            self.story.write("\n")
        elif tag == "noBreakHyphen":
            self.story.write("-")
        else:
            self._property(tag, {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def _property(self, tag: str, values: dict[str, str]) -> None:
        """Note what decides whether text is seen, and that a paragraph belongs to a list."""
        style = values.get("val", "") if tag == "pStyle" else ""
        heading = _HEADING.match(style)
        pointed = _POINT.match(style) or (tag == "numId" and values.get("val", "0") != "0")
        if heading:
            self.story.head(int(heading[1]))
        elif pointed and not self._pointed:
            self._pointed = True
            self.story.write(BULLET)
        elif tag == "shd":
            self._shades[-1] = self._shades[-1] or values.get("fill", "auto").lower() not in {"auto", "ffffff", ""}
        elif not self._runs:
            return
        elif tag == "highlight":
            self._runs[-1].shaded = True
        elif tag == "vanish":
            self._runs[-1].hidden = values.get("val", "true") not in {"0", "false", "off"}
        elif tag == "color":
            self._runs[-1].white = _is_white(values.get("val", ""))
        elif tag == "sz":
            self._runs[-1].tiny = values.get("val", "").isdigit() and int(values["val"]) <= _LARGEST_INVISIBLE

    def _close(self, name: str) -> None:
        space, _, tag = name.rpartition(" ")
        if self._skipping:
            self._skipping -= 1
        elif space not in _WORDS:
            return
        elif tag == "t":
            self._in_text = False
        elif tag == "r":
            self._runs.pop()
        elif tag == "p":
            self._shades.pop()
            self.story.end_paragraph()
        elif tag == "tc":
            self._shades.pop()
            self.story.close_cell()
        elif tag == "txbxContent":
            self._shades.pop()
            self.story.close_box()
        elif tag == "tr":
            self.story.close_row()

    def _characters(self, text: str) -> None:
        if self._in_text and not self._skipping:
            run = self._runs[-1] if self._runs else _Run()
            shaded = self._shapes_behind or self._shades[-1] or run.shaded
            hidden = run.hidden or run.tiny or (run.white and not shaded)
            self.story.write(text, hidden=hidden and bool(text.strip()))

    def _refuse_doctype(self, *_: object) -> None:
        raise Unreadable(Reason.LYING, "doctype")


def _is_white(colour: str) -> bool:
    """Return whether a colour in hexadecimal cannot be told from paper."""
    return re.fullmatch(r"[0-9A-Fa-f]{6}", colour) is not None and min(bytes.fromhex(colour)) >= _LIGHTEST
