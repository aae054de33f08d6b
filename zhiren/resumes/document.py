"""The text of a résumé in reading order, line by line, and where each line stands. Every reader ends here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from zhiren.resumes.facts import Fact
from zhiren.resumes.limits import MAX_TEXT

CELL = "\t"
"""Stands between things that are apart on one line: table cells, contact details, a title and its date."""

Box = tuple[float, float, float, float]

_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as a reader found it.

    `size` is its letters' height in points; `box` is left, top, right, bottom as shares of the page; both where the
    format tells. `seen` is how sure a reader of pictures is of its letters, 0 to 1.
    """

    text: str
    page: int | None = None
    size: float | None = None
    box: Box | None = None
    seen: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A cleaned line; `text` is `document.text[start:end]`.

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


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader hands on: the lines, the text they make up, the number of pages, codes of what was odd.

    `layout` is a short code of the kind of file and its arrangement (`Resume.layout`).
    """

    text: str
    lines: tuple[Line, ...]
    pages: int | None
    warnings: tuple[str, ...]
    layout: str = ""


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
        elif category in {"Cc", "Cf", "Cs", "Cn"} or code == 0xFFFD:
            kept = ""
        elif 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFB06:
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
    position = 0
    notes = dict.fromkeys(warnings)
    blank = True
    for raw in raw_lines:
        if _DIRECTION_MARKS.search(raw.text):
            notes["hidden_marks"] = None
        text = clean(raw.text)
        if not text and blank:
            continue
        blank = not text
        if position + len(text) > MAX_TEXT:
            notes["text_cut"] = None
            break
        end = position + len(text)
        lines.append(Line(text, fold(text), raw.page, len(lines) + 1, position, end, raw.size, raw.box, raw.seen))
        position = end + 1
    while lines and not lines[-1].text:
        lines.pop()
    return Document("\n".join(line.text for line in lines), tuple(lines), pages, tuple(notes), layout)


def clean(text: str) -> str:
    """Return one line without control, direction and private marks; blanks in a row part cells, but not sentences."""
    kept = text.translate(_CLEANER)
    if "  " in kept or CELL in kept or kept[:1] == " " or kept[-1:] == " ":
        kept = re.sub(r" *\t[ \t]*|(?<![.!?:;,。 ]) {2,}| {3,}", CELL, kept.strip(" \t"))
        kept = re.sub(r" {2,}", " ", kept)
    return kept


def fold(text: str) -> str:
    """Return the text with full-width letters, digits and signs made narrow; its length does not change."""
    return text if text.isascii() else text.translate(_FOLDER)


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
    """Return where a span stands, by the widths letters usually have: a Chinese one is twice as wide as a Latin one."""
    if line.box is None:
        return None
    left, top, right, bottom = line.box
    widths = [2 if char > "\u2e7f" else 1 for char in line.text]
    scale = (right - left) / (sum(widths) or 1)
    start, end = span
    before, within = sum(widths[:start]), sum(widths[start:end])
    return (round(left + before * scale, 4), top, round(left + (before + within) * scale, 4), bottom)
