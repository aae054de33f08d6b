"""The reader of PDF files: glyphs with their places from pdfium, put back into lines."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from zhiren.resumes.calls import Letters, boxes_of, codes_of
from zhiren.resumes.document import Document, Glyph, RawLine, build
from zhiren.resumes.drawing import covered, invisible, is_doubtful, survey
from zhiren.resumes.errors import Reason, Unreadable
from zhiren.resumes.headings import with_headings_apart
from zhiren.resumes.layout import lines_of_page, lines_of_sheet
from zhiren.resumes.limits import MAX_PAGES, MAX_TEXT
from zhiren.resumes.points import with_points
from zhiren.resumes.rows import PlacedLine

_FEWEST_LETTERS = 12
_SMALLEST_SHARE = 1 / 400  # of the page's height: two points of A4
_LETTERS_BETWEEN = 8
_SAME_EDGE = 0.01  # points
_HYPHENS = {0x02, 0xFFFE}  # how pdfium marks a hyphen at the end of a line
_PAGE_NUMBER = re.compile(
    r"^(?:.{0,60}?[\s–—|-])?(?:page\s)?\d{1,3}\s?(?:/|of)\s?\d{1,3}$|^[-–—\s]*\d{1,3}[-–—\s]*$|^第\s?\d+\s?页.{0,12}$",
    re.IGNORECASE,
)


def read_pdf(data: bytes) -> Document:
    """Return the text of a PDF in reading order.

    Raises:
        Unreadable: `encrypted`, `damaged`, `too_many_pages`, `no_text`, `empty` where all pages are blank.
    """
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        needs_password = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
        raise Unreadable(Reason.ENCRYPTED if needs_password else Reason.DAMAGED, "pdf") from error
    try:
        pages = len(pdf)
        if pages == 0:
            raise Unreadable(Reason.DAMAGED, "no_pages")
        if pages > MAX_PAGES:
            raise Unreadable(Reason.TOO_MANY_PAGES, str(pages))
        warnings = []
        if pdfium.FPDFDoc_GetJavaScriptActionCount(pdf.raw) > 0 or pdfium.FPDFDoc_GetAttachmentCount(pdf.raw) > 0:
            warnings.append("active_content")
        by_page: list[list[RawLine]] = []
        total, columns = 0, 1
        for number in range(pages):
            if total > MAX_TEXT:
                break
            lines, beside = _read_page(pdf, number)
            columns = max(columns, beside)
            total += sum(len(line.text) for line in lines)
            by_page.append(lines)
        seen = sum(char.isalnum() for lines in by_page for line in lines if not line.hidden for char in line.text)
        if seen < _FEWEST_LETTERS:
            blank = all(_is_blank(pdf[number]) for number in range(pages))
            raise Unreadable(Reason.EMPTY if blank else Reason.NO_TEXT, f"{pages} pages")
    except pypdfium2.PdfiumError as error:
        raise Unreadable(Reason.DAMAGED, "page") from error
    finally:
        pdf.close()
    return build(
        with_headings_apart(_without_running_lines(by_page)),
        pages=pages,
        warnings=warnings,
        layout="pdf-1-column" if columns == 1 else f"pdf-{columns}-columns",
    )


def _is_blank(page: pypdfium2.PdfPage) -> bool:
    """Return whether nothing at all stands on a page, so that no reader of pictures would see anything either."""
    things: int = pdfium.FPDFPage_CountObjects(page.raw) + pdfium.FPDFPage_GetAnnotCount(page.raw)
    return things == 0


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page as it is shown: its size in points, and how the file's own coordinates lie on it."""

    width: float
    height: float
    left: float
    bottom: float
    turned: int

    def places(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the file as a point of the upright page, from its lower left corner."""
        x, y = x - self.left, y - self.bottom
        if self.turned == 90:
            return y, self.height - x
        if self.turned == 180:
            return self.width - x, self.height - y
        if self.turned == 270:
            return self.width - y, x
        return x, y


def _read_page(pdf: pypdfium2.PdfDocument, number: int) -> tuple[list[RawLine], int]:
    """Return the lines of a page, hidden ones last, and how many columns stand beside each other on it."""
    page = pdf[number]
    left, bottom, *_ = page.get_bbox()
    sheet = _Sheet(page.get_width() or 1.0, page.get_height() or 1.0, left, bottom, page.get_rotation())
    size = (sheet.width, sheet.height)
    textpage = page.get_textpage()
    try:
        drawn = survey(page, sheet.places)
        numbers: list[int] = []
        sideways: dict[int, int] = {}
        glyphs = list(_glyphs(textpage, sheet, numbers, sideways))
        turns = {id(glyphs[place]): turned for place, turned in sideways.items()}
        unseen = _out_of_sight(glyphs, sheet)
        if is_doubtful(textpage, _one_of_each_word(glyphs, numbers)):
            unseen += invisible(page, textpage, glyphs, numbers, scan=drawn.scan)
        if drawn.covers and not drawn.scan:
            unseen += covered(page, textpage, glyphs, numbers, drawn)
        if unseen:
            gone = {id(glyph) for glyph in unseen}
            unseen = [glyph for glyph in glyphs if id(glyph) in gone]
            glyphs = [glyph for glyph in glyphs if id(glyph) not in gone]
        level = [glyph for glyph in glyphs if id(glyph) not in turns] if turns else glyphs
        if drawn.dots:
            level = with_points(level, drawn.dots)
        lines, columns = lines_of_sheet(level, drawn.rules, sheet.width)
        for turned in sorted(set(turns.values())):
            lines += _sideways_lines([glyph for glyph in glyphs if turns.get(id(glyph)) == turned], turned, sheet)
        hidden, _ = lines_of_page(unseen, sheet.width) if unseen else ([], 1)
        return [
            RawLine(text, number + 1, high, letters=letters, sheet=size, hidden=out_of_sight)
            for found, out_of_sight in ((lines, False), (hidden, True))
            for text, high, letters in found
        ], columns
    finally:
        textpage.close()
        page.close()


def _sideways_lines(glyphs: list[Glyph], turned: int, sheet: _Sheet) -> list[PlacedLine]:
    """Return the lines that run upwards (letters turned once, counter-clockwise) or downwards (three times)."""
    wide, high = sheet.width, sheet.height
    upright: dict[int, Glyph] = {}
    laid = []
    for glyph in glyphs:
        left, right, bottom, top = glyph.left, glyph.right, glyph.bottom, glyph.bottom + glyph.height
        upwards = (bottom, top, wide - right, wide - left)
        begin, end, low, upper = upwards if turned == 1 else (high - top, high - bottom, left, right)
        made = Glyph(glyph.char, begin, end, low, upper - low, glyph.size, low, glyph.weight)
        upright[id(made)] = glyph
        laid.append(made)
    lines, _ = lines_of_page(laid, high)
    return [(text, size, [upright[id(letter)] for letter in letters]) for text, size, letters in lines]


def _one_of_each_word(glyphs: list[Glyph], numbers: list[int]) -> list[int]:
    """Return numbers of letters close enough to each other that no word slips through between two."""
    return [
        number
        for place, (number, glyph, before) in enumerate(zip(numbers[1:], glyphs[1:], glyphs, strict=False))
        if before.char == " " or glyph.base != before.base or place % _LETTERS_BETWEEN == 0
    ]


def _out_of_sight(glyphs: list[Glyph], sheet: _Sheet) -> list[Glyph]:
    """Return the letters that stand outside of the page or are too small to be seen."""
    least, wide, high = sheet.height * _SMALLEST_SHARE, sheet.width, sheet.height
    return [
        glyph
        for glyph in glyphs
        if (
            (glyph.height < least and glyph.right - glyph.left < least)
            or glyph.right < 0
            or glyph.left > wide
            or glyph.bottom > high
            or glyph.bottom + glyph.height < 0
        )
        and glyph.height > 0
        and glyph.char != " "
    ]


def _glyphs(
    textpage: pypdfium2.PdfTextPage, sheet: _Sheet, numbers: list[int], sideways: dict[int, int]
) -> Iterator[Glyph]:
    """Yield the letters of a page; note pdfium's number for each, and which do not stand upright.

    A question to pdfium costs as much as all the rest: none is asked in vain.
    """
    letters = Letters(textpage)
    x = y = base = size = 0.0
    weight = 0
    moved = bool(sheet.left or sheet.bottom or sheet.turned)
    surrogate = 0
    top_before = bottom_before = left_before = right_before = math.nan
    count = min(textpage.count_chars(), MAX_TEXT)
    for index, (code, box) in enumerate(zip(codes_of(textpage, count), boxes_of(textpage, count), strict=True)):
        if 0xD800 <= code < 0xDC00:
            surrogate = code
            continue
        if 0xDC00 <= code < 0xE000 and surrogate:
            code = 0x10000 + ((surrogate - 0xD800) << 10) + (code - 0xDC00)
        surrogate = 0
        if code in _HYPHENS:
            code = 0x2D
        if code <= 0x20 and (code < 0x20 or letters.is_generated(index)):
            continue
        if box is None:
            continue
        left, top, right, bottom = box
        if top != top_before or bottom != bottom_before:  # else it stands on the same baseline in the same size
            x, y = letters.origin(index)
            size = letters.size(index)
            weight = letters.weight(index)
            top_before, bottom_before = top, bottom
            base = y
            if abs(left - left_before) < _SAME_EDGE and abs(right - right_before) < _SAME_EDGE:
                # One letter above another: they may stand on a line that runs upwards or downwards.
                for place, number in ((len(numbers) - 1, numbers[-1]), (len(numbers), index)):
                    turned = (letters.quarter_turns(number) - sheet.turned // 90) % 4
                    if turned in {1, 3}:
                        sideways[place] = turned
            left_before, right_before = left, right
        if moved:
            _, base = sheet.places(x, y)
            (left, bottom), (right, top) = sheet.places(left, bottom), sheet.places(right, top)
            left, right, bottom, top = min(left, right), max(left, right), min(bottom, top), max(bottom, top)
        numbers.append(index)
        upper, lower = (top, bottom) if top >= bottom else (bottom, top)
        yield Glyph(chr(code), left, right, base, upper - lower, size, lower, weight)


def _without_running_lines(by_page: list[list[RawLine]]) -> Iterator[RawLine]:
    """Yield the lines without page numbers, and a head or foot that repeats only where it stands first."""
    edges = Counter(mask for lines in by_page for mask in {_mask(line.text) for line in (*lines[:2], *lines[-2:])})
    seen: set[str] = set()
    for lines in by_page:
        for place, line in enumerate(lines):
            if place < 2 or place >= len(lines) - 2:
                if _PAGE_NUMBER.match(line.text.strip()):
                    continue
                mask = _mask(line.text)
                if edges[mask] > 1 and mask in seen:
                    continue
                seen.add(mask)
            yield line


def _mask(text: str) -> str:
    return re.sub(r"\d+", "0", text.strip())
