"""The text of a résumé in reading order, line by line, and where each line stands. Every reader ends here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from zhiren.resumes.facts import Fact, Section
from zhiren.resumes.limits import MAX_TEXT

CELL = "\t"
"""Stands between things that are apart on one line: table cells, contact details, a title and its date."""

Box = tuple[float, float, float, float]

HIDDEN = "hidden"
"""The kind of the section that holds what a person looking at the file does not see; it stands last."""

_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# UTF-8 read as Windows-1252: – — • ◦ ● ▪ and the head of a full-width sign.
_MISREAD = re.compile('(?P<dash>â€[“”"])|(?P<bullet>â€¢|â—[¦\u008f]|â–ª)|ï¼[\u0080-\u00bf\u02c6\u0161\u0152\u017d]?')
_LEAST_INDENT, _MOST_INDENT = 0.006, 0.06  # shares of the page's width
_COMBINING = re.compile("[\u0300-\u036f\u3099\u309a]")


class Glyph(NamedTuple):
    """One letter and its place on an upright page, in points from the lower left corner.

    `base` is its baseline, `bottom` the lower edge of its box, `height` that of its box; `size` is its font's own size.
    `weight` is how bold the first letter on its baseline is, in a measure that differs from file to file; 0 if unknown.
    """

    char: str
    left: float
    right: float
    base: float
    height: float
    size: float = 0.0
    bottom: float = 0.0
    weight: int = 0


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as a reader found it.

    `size` is its letters' height in points; `box` is left, top, right, bottom as shares of the page; both where the
    format tells. `seen` is how sure a reader of pictures is of its letters, 0 to 1. A reader that knows where each
    letter stands gives `letters` without the blanks, in the order of the text, and the `sheet` they stand on, its
    width and height in points, instead of a `box`. `hidden` says that a person looking at the file does not see it.
    """

    text: str
    page: int | None = None
    size: float | None = None
    box: Box | None = None
    seen: float = 1.0
    letters: Sequence[Glyph] = ()
    sheet: tuple[float, float] = (1.0, 1.0)
    hidden: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A cleaned line; `text` is `document.text[start:end]`. It is itself alone: what is found in it is kept by it.

    `folded` is the same line, as long letter for letter, with full-width forms made narrow: rules look at it.
    """

    text: str
    folded: str
    page: int | None
    number: int
    start: int
    end: int
    size: float | None
    box: Box | None = None
    seen: float = 1.0
    letters: Sequence[Glyph] = ()
    """The letters of the text that are not blank, one for one; empty where nobody knows their places."""
    sheet: tuple[float, float] = (1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader hands on: the lines, the text they make up, the number of pages, codes of what was odd.

    `layout` is a short code of the kind of file and its arrangement (`Resume.layout`). `hidden` is the text nobody
    sees who looks at the file: no stage reads it, so it can state no fact; it is only kept, behind the rest.
    """

    text: str
    lines: tuple[Line, ...]
    pages: int | None
    warnings: tuple[str, ...]
    layout: str = ""
    hidden: str = ""

    def whole_text(self) -> str:
        """Return all that is written in the file; what is hidden stands last."""
        return f"{self.text}\n\n{self.hidden}" if self.hidden else self.text

    def hidden_sections(self) -> tuple[Section, ...]:
        """Return the section of what is hidden, by its place in the whole text; nothing where nothing is."""
        if not self.hidden:
            return ()
        end = len(self.whole_text())
        return (Section(kind=HIDDEN, heading="", start=end - len(self.hidden), end=end),)


_VARIANTS = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))  # they only choose among drawings of a letter


class _Cleaner(dict[int, str]):
    """Maps each code point to what is kept of it: compatibility forms and ligatures are undone."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        if code == 9:
            kept = CELL
        elif category == "Co":
            kept = CELL  # an icon font: the icon announces the next contact detail
        elif category in {"Zs", "Zl", "Zp"} or code in {0x0B, 0x0C, 0x85}:
            kept = " "
        elif category in {"Cc", "Cf", "Cs", "Cn"} or code == 0xFFFD or code in _VARIANTS:
            kept = ""
        elif 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFB06 or 0x1D400 <= code <= 0x1D7FF:
            kept = unicodedata.normalize("NFKC", char)
        else:
            kept = char
        self[code] = kept
        return kept


class _Folder(dict[int, str]):
    def __missing__(self, code: int) -> str:
        narrow = unicodedata.normalize("NFKC", chr(code))
        self[code] = kept = narrow if len(narrow) == 1 else chr(code)
        return kept


_CLEANER, _FOLDER = _Cleaner(), _Folder()


def build(
    raw_lines: Iterable[RawLine], *, pages: int | None, warnings: Iterable[str] = (), layout: str = ""
) -> Document:
    """Return the cleaned document: one blank line at most between two lines, cells parted by one tab."""
    lines: list[Line] = []
    hidden: list[str] = []
    position = size = 0
    notes = dict.fromkeys(warnings)
    blank = True
    for raw in raw_lines:
        if _DIRECTION_MARKS.search(raw.text):
            notes["hidden_marks"] = None
        text = clean(raw.text)
        if (not text and (blank or raw.hidden)) or (raw.hidden and not text.strip()):
            continue
        if size + len(text) > MAX_TEXT:
            notes["text_cut"] = None
            break
        size += len(text) + 1
        if raw.hidden:
            notes["hidden_text"] = None
            hidden.append(text)
            continue
        blank = not text
        lines.append(_line(raw, text, number=len(lines) + 1, start=position))
        position += len(text) + 1
    while lines and not lines[-1].text:
        lines.pop()
    text = "\n".join(line.text for line in lines)
    return Document(text, tuple(lines), pages, tuple(notes), layout, "\n".join(hidden))


def _line(raw: RawLine, text: str, *, number: int, start: int) -> Line:
    letters = _letters_of(text, raw.letters) if raw.letters else ()
    box = _box_around(letters, raw.sheet) if letters else raw.box
    return Line(
        text, fold(text), raw.page, number, start, start + len(text), raw.size, box, raw.seen, letters, raw.sheet
    )


def _letters_of(text: str, letters: Sequence[Glyph]) -> Sequence[Glyph]:
    """Return the letters that make up a text, one for one. It may be the beginning or the end of what they wrote."""
    bare = "".join(text.split())
    if len(bare) == len(letters):
        return letters
    kept = [letter for letter in letters for char in letter.char.translate(_CLEANER) if not char.isspace()]
    if len(bare) == len(kept):
        return kept
    written = "".join(letter.char.translate(_CLEANER).strip() for letter in letters)
    at = 0 if written.startswith(bare) else len(written) - len(bare) if written.endswith(bare) else -1
    return kept[at : at + len(bare)] if at >= 0 and bare else ()


def _box_around(letters: Sequence[Glyph], sheet: tuple[float, float]) -> Box:
    """Return the box of letters as shares of their page, from its upper left corner."""
    width, height = sheet
    edges = (
        min([letter.left for letter in letters]) / width,
        1 - max([letter.bottom + letter.height for letter in letters]) / height,
        max([letter.right for letter in letters]) / width,
        1 - min([letter.bottom for letter in letters]) / height,
    )
    left, top, right, bottom = (round(min(max(edge, 0.0), 1.0), 4) for edge in edges)
    return left, top, right, bottom


def clean(text: str) -> str:
    """Return one line without control, direction and private marks; blanks in a row part cells, but not sentences."""
    kept = text.translate(_CLEANER)
    if _COMBINING.search(kept):
        kept = unicodedata.normalize("NFC", kept)
    if "  " in kept or CELL in kept or kept[:1] == " " or kept[-1:] == " ":
        kept = re.sub(r" *\t[ \t]*|(?<![.!?:;,。 ]) {2,}| {3,}", CELL, kept.strip(" \t"))
        kept = re.sub(r" {2,}", " ", kept)
    return kept


def fold(text: str) -> str:
    """Return the text with full-width letters, digits and signs made narrow; its length does not change.

    Dashes, bullets and full-width signs that some program before took for three Latin letters (`â€“`) part as meant.
    """
    if text.isascii():
        return text
    folded = text.translate(_FOLDER)
    return _MISREAD.sub(_as_meant, folded) if "â" in text or "ï¼" in text else folded


def _as_meant(match: re.Match[str]) -> str:
    meant = "-" if match["dash"] else "•" if match["bullet"] else CELL
    return f" {meant} "[: len(match.group())].ljust(len(match.group()))


def one_line(line: Line, rest: Line, folded: str) -> Line:
    """Return two lines that follow each other as one, with a folded text that is as long as theirs together."""
    text = line.text + "\n" * (rest.start - line.end) + rest.text
    letters = [*line.letters, *rest.letters] if line.page == rest.page and line.letters and rest.letters else ()
    return replace(line, text=text, folded=folded, end=rest.end, letters=letters)


def goes_on_below(point: Line, line: Line) -> bool:
    """Return whether a line is the rest of a point above it: it stands below the words and not below the bullet."""
    return (
        point.box is not None
        and line.box is not None
        and point.page == line.page
        and point.box[1] < line.box[1]
        and _LEAST_INDENT < line.box[0] - point.box[0] < _MOST_INDENT
    )


def fact(
    line: Line, span: tuple[int, int], *, confidence: float, rule: str, value: str | None = None, code: str = ""
) -> Fact:
    """Return a fact from a span of one line; without a value it is the span itself."""
    start, end = span
    source = line.text[start:end]
    return Fact(
        value=source if value is None else value,
        source=source,
        page=line.page,
        line=line.number,
        start=line.start + start,
        end=line.start + end,
        confidence=round(confidence * line.seen, 3),
        rule=rule,
        code=code,
        box=_box_of(line, span),
    )


def _box_of(line: Line, span: tuple[int, int]) -> Box | None:
    """Return where a span stands: by its letters where their places are known, else by the widths letters usually have.

    A Chinese letter is twice as wide as a Latin one.
    """
    if line.letters:
        before = len("".join(line.text[: span[0]].split()))
        within = len("".join(line.text[slice(*span)].split()))
        letters = line.letters[before : before + within]
        return _box_around(letters, line.sheet) if letters else line.box
    if line.box is None:
        return None
    left, top, right, bottom = line.box
    widths = [2 if char > "\u2e7f" else 1 for char in line.text]
    scale = (right - left) / (sum(widths) or 1)
    start, end = span
    from_left, wide = sum(widths[:start]), sum(widths[start:end])
    return (round(left + from_left * scale, 4), top, round(left + (from_left + wide) * scale, 4), bottom)
