"""The reader of RTF files: a parser of groups and control words of our own, without recursion and without code."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from zhiren.resumes.document import CELL, Document, RawLine, build
from zhiren.resumes.errors import Reason, Unreadable
from zhiren.resumes.headings import with_headings_apart
from zhiren.resumes.limits import MAX_TEXT
from zhiren.resumes.plain import known_encoding
from zhiren.resumes.story import row_lines, without_text

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|([^\\{}\r\n\x00]+)|[\r\n\x00\\]",
    re.DOTALL,
)
_DEEPEST = 500
_MOST_TOKENS = 2_500_000
_MOST_LINES = 20_000
_LARGEST_INVISIBLE = 4  # half points
_LIGHTEST = 0xF4
_CHARSETS = {
    0: "",
    1: "",
    77: "mac-roman",
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "big5hkscs",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
_SKIPPED = frozenset(
    [
        "stylesheet",
        "info",
        "pict",
        "object",
        "objdata",
        "themedata",
        "colorschememapping",
        "datastore",
        "latentstyles",
        "listtable",
        "listoverridetable",
        "revtbl",
        "rsidtbl",
        "xmlnstbl",
        "generator",
        "fldinst",
        "bkmkstart",
        "bkmkend",
        "pntxta",
        "pntxtb",
        "pnseclvl",
        "annotation",
        "atnid",
        "atnauthor",
        "atntime",
        "atnref",
        "atndate",
        "shprslt",
        "nonshppict",
        "footnote",
        "ftnsep",
        "ftnsepc",
        "filetbl",
        "sp",
        "mmathPr",
        "private",
        "wgrffmtfilter",
        "passwordhash",
        "docvar",
        "upr",
        "falt",
        "panose",
        "fontemb",
        "protusertbl",
        "userprops",
        "factoidname",
        "nesttableprops",
    ]
)
_READ = frozenset(["shppict", "shpinst", "shptxt", "fldrslt", "ud", "listtext", "pntext", "nestcell"])
_HEADS = frozenset(["header", "headerf", "headerl", "headerr"])
_FEET = frozenset(["footer", "footerf", "footerl", "footerr"])
_SIGNS = {
    b"tab": CELL,
    b"line": "\n",
    b"lbr": "\n",
    b"emdash": "—",
    b"endash": "–",
    b"bullet": "•",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"emspace": " ",
    b"enspace": " ",
    b"qmspace": " ",
}
_SHADES = (b"\\cbpat", b"\\clcbpat", b"\\chcbpat", b"\\highlight", b"\\clshdng", b"\\shading", b"fillColor")


@dataclass(slots=True)
class _State:
    """What a group hands down to the groups in it."""

    skip: bool = False
    table: str = ""
    """`font` or `color` inside those tables."""
    font: int = -1
    after_unicode: int = 1
    hidden: bool = False
    tiny: bool = False
    colour: int = 0
    deleted: bool = False
    in_table: bool = False
    depth: int = 1
    story: str = "body"


class _Lines:
    """The lines of one story: head, body or foot."""

    def __init__(self) -> None:
        self.lines: list[RawLine] = []
        self.cell: list[RawLine] = []
        self.row: list[list[RawLine]] = []
        self.inner_cell: list[RawLine] = []
        self.inner_row: list[list[RawLine]] = []
        self.shown: list[str] = []
        self.hidden: list[str] = []

    def end_paragraph(self, *, in_table: bool, nested: bool) -> None:
        shown, hidden = "".join(self.shown), "".join(self.hidden)
        self.shown, self.hidden = [], []
        lines = [RawLine(line) for line in shown.split("\n")] if shown or not hidden.strip() else []
        if hidden.strip():
            lines.extend(RawLine(line, hidden=True) for line in hidden.split("\n"))
        if nested:
            self.inner_cell.extend(lines)
        elif in_table:
            self.cell.extend(lines)
        else:
            self.end_row()
            self.lines.extend(lines)

    def end_row(self) -> None:
        self.end_inner_row()
        if self.cell:
            self.row.append(self.cell)
            self.cell = []
        self.lines.extend(row_lines(self.row))
        self.row = []

    def end_inner_row(self) -> None:
        if self.inner_cell:
            self.inner_row.append(self.inner_cell)
            self.inner_cell = []
        self.cell.extend(row_lines(self.inner_row))
        self.inner_row = []


def read_rtf(data: bytes) -> Document:
    """Return the text of an RTF file: heads, body with tables and text boxes, feet. Deleted text is left out.

    Hidden, white and tiny text is kept apart as hidden; white only where the file shades nothing.

    Raises:
        Unreadable: `bomb` (groups in groups, text without end), `damaged` (ends inside a group), `no_text`.
    """
    reader = _Reader(data)
    reader.run()
    parts = [reader.stories[name] for name in ("head", "body", "foot")]
    for part in parts:
        part.end_paragraph(in_table=False, nested=False)
    lines = [line for part in parts for line in (*part.lines, RawLine(""))]
    if without_text(lines):
        raise Unreadable(Reason.NO_TEXT, "rtf")
    layout = "rtf-table" if reader.saw_table else "rtf"
    return build(with_headings_apart(lines), pages=None, layout=layout)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.stories = {"head": _Lines(), "body": _Lines(), "foot": _Lines()}
        self.saw_table = False
        self._data = data
        self._ansi = "cp1252"
        self._default_font = 0
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._colours: list[tuple[int, int, int]] = []
        self._rgb = [0, 0, 0]
        self._said_colour = False
        self._shaded = any(shade in data for shade in _SHADES)
        self._bytes = bytearray()
        self._to_pass = 0
        self._surrogate = ""
        self._size = 0
        self._paragraphs = 0

    def run(self) -> None:
        data, at, end = self._data, 0, len(self._data)
        stack: list[_State] = []
        state = _State()
        star = False
        for _ in range(_MOST_TOKENS):
            token = _TOKEN.match(data, at) if at < end else None
            if token is None:
                break
            at = token.end()
            word, number, coded, sign, brace, text = token.groups()
            if brace == b"{":
                self._flush(state)
                stack.append(replace(state))
                self._to_pass = 0
                if len(stack) > _DEEPEST:
                    raise Unreadable(Reason.BOMB, "depth")
            elif brace == b"}":
                self._flush(state)
                self._to_pass = 0
                if not stack:
                    break
                ended, state = state, stack.pop()
                if ended.story != state.story:
                    self.stories[ended.story].end_paragraph(in_table=False, nested=False)
                if not stack:
                    return
            elif sign == b"*":
                star = True
                continue
            elif word is not None:
                value = int(number) if number is not None else None
                if word == b"bin" and value and value > 0:
                    at = min(at + value, end)
                else:
                    self._word(word, value, state, star=star)
            elif self._to_pass and (coded or sign or text):
                rest = self._pass_over(text)
                if rest:
                    self._plain(rest, state)
            elif coded is not None:
                if not state.skip and not state.table:
                    self._bytes.append(int(coded, 16))
            elif text is not None:
                self._plain(text, state)
            elif sign is not None:
                self._sign(sign, state)
            star = False
        else:
            raise Unreadable(Reason.BOMB, "tokens")
        raise Unreadable(Reason.DAMAGED, "rtf")

    def _pass_over(self, text: bytes | None) -> bytes:
        """Leave out what stands in for a Unicode letter for old readers; return what of a text comes after it."""
        if text is None:
            self._to_pass -= 1
            return b""
        passed = min(self._to_pass, len(text))
        self._to_pass -= passed
        return text[passed:]

    def _plain(self, text: bytes, state: _State) -> None:
        if state.table == "color":
            for _ in range(min(text.count(b";"), 500)):
                self._colours.append((self._rgb[0], self._rgb[1], self._rgb[2]) if self._said_colour else (0, 0, 0))
                self._rgb, self._said_colour = [0, 0, 0], False
        elif not state.skip and not state.table:
            self._bytes += text

    def _sign(self, sign: bytes, state: _State) -> None:
        if sign in {b"\r", b"\n"}:
            self._word(b"par", None, state, star=False)
        elif sign in {b"\\", b"{", b"}"}:
            self._plain(sign, state)
        elif sign == b"~":
            self._write(" ", state)
        elif sign == b"_":
            self._write("-", state)

    def _word(self, word: bytes, value: int | None, state: _State, *, star: bool) -> None:
        if word == b"u":
            self._unicode(value or 0, state)
            return
        self._flush(state)
        self._to_pass = 0
        name = word.decode("ascii")
        if name in _SKIPPED or (star and name not in _READ):
            state.skip = True
        elif name == "ud":
            state.skip = False
        elif name in {"fonttbl", "colortbl"}:
            state.table = name.removesuffix("tbl")
        elif name in _HEADS or name in _FEET:
            state.story = "head" if name in _HEADS else "foot"
            state.in_table = False
        elif state.table:
            self._table_word(name, value)
        elif state.skip:
            if name == "shptxt":
                state.skip = False
        elif word in _SIGNS:
            self._write(_SIGNS[word], state)
        else:
            self._format(name, value, state)

    def _table_word(self, name: str, value: int | None) -> None:
        if name == "f" and value is not None:
            self._font = value
        elif name == "fcharset" and value is not None and len(self._fonts) < 5_000:
            self._fonts[self._font] = _CHARSETS.get(value, "")
        elif name == "cpg" and value:
            self._fonts[self._font] = known_encoding(f"cp{value}") or self._fonts.get(self._font, "")
        elif name in {"red", "green", "blue"} and value is not None:
            self._rgb[("red", "green", "blue").index(name)] = value
            self._said_colour = True

    def _format(self, name: str, value: int | None, state: _State) -> None:
        story = self.stories[state.story]
        nested = state.depth > 1
        on = value != 0
        if name == "par" or name in {"sect", "page", "column"}:
            self._end_paragraph(state)
        elif name in {"cell", "nestcell"}:
            self.saw_table = True
            self._count_paragraph()
            story.end_paragraph(in_table=True, nested=name == "nestcell")
            if name == "nestcell":
                story.inner_row.append(story.inner_cell)
                story.inner_cell = []
            else:
                story.end_inner_row()
                story.row.append(story.cell)
                story.cell = []
        elif name == "nestrow":
            story.end_inner_row()
        elif name == "row":
            self._count_paragraph()
            story.end_row()
        elif name == "pard":
            state.in_table, state.depth = False, 1
        elif name == "intbl":
            state.in_table = True
        elif name == "itap":
            state.depth, state.in_table = value or 0, bool(value)
        elif name == "f" and value is not None:
            state.font = value
        elif name == "plain":
            state.hidden = state.tiny = state.deleted = False
            state.colour, state.font = 0, self._default_font
        elif name == "v":
            state.hidden = on
        elif name == "deleted":
            state.deleted = on
        elif name == "cf":
            state.colour = value or 0
        elif name == "fs":
            state.tiny = value is not None and value <= _LARGEST_INVISIBLE
        elif name == "uc":
            state.after_unicode = min(max(value or 0, 0), 10)
        elif name == "ansicpg":
            self._ansi = known_encoding(f"cp{value}") or self._ansi
        elif name == "mac":
            self._ansi = "mac-roman"
        elif name == "deff":
            self._default_font = value or 0
        elif name == "shptxt" and not nested:
            self._end_paragraph(state)

    def _count_paragraph(self) -> None:
        self._paragraphs += 1
        if self._paragraphs > _MOST_LINES:
            raise Unreadable(Reason.BOMB, "paragraphs")

    def _end_paragraph(self, state: _State) -> None:
        self._count_paragraph()
        self.stories[state.story].end_paragraph(in_table=state.in_table, nested=state.depth > 1)

    def _unicode(self, value: int, state: _State) -> None:
        """Take a letter written by its number; those beyond the first plane come as two halves."""
        self._flush(state)
        self._to_pass = state.after_unicode
        code = value & 0xFFFF
        if 0xD800 <= code < 0xDC00:
            self._surrogate = chr(code)
        elif 0xDC00 <= code < 0xE000:
            pair = (self._surrogate + chr(code)).encode("utf-16-le", "surrogatepass")
            self._surrogate = ""
            self._write(pair.decode("utf-16-le", "ignore"), state)
        else:
            # Symbol fonts put their bullets here.
            self._write("•" if 0xF000 <= code <= 0xF0FF else chr(code), state)

    def _flush(self, state: _State) -> None:
        """Decode the bytes that have come together, in the encoding of their font."""
        if not self._bytes:
            return
        raw = bytes(self._bytes)
        self._bytes.clear()
        if raw.isascii():
            self._write(raw.decode("ascii"), state)
            return
        font = self._fonts.get(state.font if state.font >= 0 else self._default_font, "")
        for encoding in (font or self._ansi, self._ansi, "gb18030"):
            try:
                self._write(raw.decode(encoding), state)
            except UnicodeDecodeError:
                continue
            return
        self._write(raw.decode(font or self._ansi, errors="replace"), state)

    def _write(self, text: str, state: _State) -> None:
        if state.skip or state.table or state.deleted:
            return
        self._size += len(text)
        if self._size > MAX_TEXT * 4:
            raise Unreadable(Reason.BOMB, "text")
        story = self.stories[state.story]
        known = 0 <= state.colour < len(self._colours)
        white = not self._shaded and known and min(self._colours[state.colour]) >= _LIGHTEST
        hidden = (state.hidden or state.tiny or white) and bool(text.strip())
        (story.hidden if hidden else story.shown).append(text)
