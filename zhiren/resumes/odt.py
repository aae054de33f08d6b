"""The reader of ODT files (LibreOffice, OpenOffice, WPS): streamed and walled in like DOCX."""

from __future__ import annotations

from xml.parsers import expat

from zhiren.resumes.document import CELL, Document, RawLine, build
from zhiren.resumes.docx import read_members
from zhiren.resumes.errors import Reason, Unreadable
from zhiren.resumes.headings import with_headings_apart
from zhiren.resumes.story import BULLET, Story, without_text

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_MOST_BLANKS = 40
_LIGHTEST = 0xF4
_PARAGRAPHS = frozenset({"p", "h"})
_NOT_WRITTEN = frozenset(
    {"tracked-changes", "annotation", "note", "ruby-text", "forms", "sequence-decls", "script", "desc"}
)


def read_odt(data: bytes) -> Document:
    """Return the text of an ODT: heads, body with tables and text boxes, feet. Deleted text is left out.

    Hidden and white text is kept apart as hidden; white only where the file sets no background.

    Raises:
        Unreadable: `bomb`, `lying` (a document type), `damaged`, `encrypted`, `no_text`.
    """
    members = read_members(data)
    if b"encryption-data" in members.get("META-INF/manifest.xml", b""):
        raise Unreadable(Reason.ENCRYPTED, "odt")
    if "content.xml" not in members:
        raise Unreadable(Reason.DAMAGED, "no_content")
    coloured = any(_has_background(members.get(name, b"")) for name in ("content.xml", "styles.xml"))
    reader = _Reader(coloured=coloured)
    around = reader.read(members["styles.xml"]) if "styles.xml" in members else {}
    body = reader.read(members["content.xml"]).get("body", [])
    lines = [*around.get("head", []), RawLine(""), *body, RawLine(""), *around.get("foot", [])]
    if without_text(lines):
        raise Unreadable(Reason.NO_TEXT, "odt")
    layout = "odt-table" if reader.story.saw_table else "odt"
    return build(with_headings_apart(lines), pages=None, layout=layout)


def _has_background(content: bytes) -> bool:
    shades = content.count(b"background-color=") - content.count(b'background-color="transparent"')
    return shades > content.count(b'background-color="#ffffff"') or b"draw:fill-color" in content


class _Reader:
    """Streams the two files of text into the lines of head, body and foot."""

    def __init__(self, *, coloured: bool) -> None:
        self.story = Story()
        self._coloured = coloured
        self._hiding: set[str] = set()

    def read(self, xml: bytes) -> dict[str, list[RawLine]]:
        self._where = ""
        self._found: dict[str, list[RawLine]] = {}
        self._skipping = self._paragraphs = 0
        self._style = ""
        self._hidden = [False]
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
        return self._found

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        group = space.removeprefix(_OASIS).partition(":")[0]
        if self._skipping or (self._where and tag in _NOT_WRITTEN):
            self._skipping += 1
            return
        values = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if group == "style":
            self._open_style(tag, values)
        elif group == "office" and tag == "text":
            self._where = "body"
        elif not self._where:
            return
        elif group == "text":
            self._open_text(tag, values)
        elif group == "table" and tag == "table-row":
            self.story.open_row()
        elif group == "table" and tag in {"table-cell", "covered-table-cell"}:
            self.story.open_cell()
        elif group == "draw" and tag in {"text-box", "custom-shape"}:
            self.story.open_box()

    def _open_style(self, tag: str, values: dict[str, str]) -> None:
        if tag == "style":
            self._style = values.get("name", "")
        elif tag in {"header", "footer"}:
            self._where = "head" if tag == "header" else "foot"
        elif tag == "text-properties" and self._style:
            colour = values.get("color", "")
            if values.get("display") == "none" or (not self._coloured and _is_white(colour)):
                self._hiding.add(self._style)

    def _open_text(self, tag: str, values: dict[str, str]) -> None:
        if tag in _PARAGRAPHS or tag in {"span", "a"}:
            self._hidden.append(self._hidden[-1] or values.get("style-name") in self._hiding)
            self._paragraphs += tag in _PARAGRAPHS
        elif tag in {"hidden-text", "hidden-paragraph"}:
            self._hidden[-1] = True
        elif tag == "tab":
            self.story.write(CELL)
        elif tag == "line-break":
            self.story.write("\n")
        elif tag == "s":
            count = values.get("c", "1")
            self.story.write(" " * min(int(count) if count.isdecimal() and len(count) < 9 else 1, _MOST_BLANKS))
        elif tag == "list-item":
            self.story.write(BULLET)

    def _close(self, name: str) -> None:
        space, _, tag = name.rpartition(" ")
        group = space.removeprefix(_OASIS).partition(":")[0]
        if self._skipping:
            self._skipping -= 1
        elif (group, tag) == ("office", "text") or (group == "style" and tag in {"header", "footer"}):
            lines = self._found.setdefault(self._where, [])
            lines.extend(line for line in self.story.take() if self._where == "body" or line not in lines)
            self._where = ""
        elif not self._where:
            return
        elif group == "text" and (tag in _PARAGRAPHS or tag in {"span", "a"}) and len(self._hidden) > 1:
            self._hidden.pop()
            if tag in _PARAGRAPHS:
                self._paragraphs -= 1
                self.story.end_paragraph()
        elif group == "table" and tag == "table-row":
            self.story.close_row()
        elif group == "table" and tag in {"table-cell", "covered-table-cell"}:
            self.story.close_cell()
        elif group == "draw" and tag in {"text-box", "custom-shape"}:
            self.story.close_box()

    def _characters(self, text: str) -> None:
        if self._where and not self._skipping and self._paragraphs:
            self.story.write(" ".join(text.split("\n")), hidden=self._hidden[-1] and bool(text.strip()))

    def _refuse_doctype(self, *_: object) -> None:
        raise Unreadable(Reason.LYING, "doctype")


def _is_white(colour: str) -> bool:
    try:
        return len(colour) == 7 and min(bytes.fromhex(colour[1:])) >= _LIGHTEST
    except ValueError:
        return False
