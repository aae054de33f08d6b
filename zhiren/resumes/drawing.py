"""What is drawn on a PDF page besides letters, and which letters are drawn so that nobody sees them."""

from __future__ import annotations

import ctypes
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from zhiren.resumes.calls import Letters, order_of_things, things_of
from zhiren.resumes.document import Glyph
from zhiren.resumes.grids import Rule

_MOST_OBJECTS = 30_000
_MOST_RULES = 1_500
_MOST_DOTS = 600
_MOST_SEGMENTS = 200
_DEEPEST = 4
_THIN, _LONG = 2.5, 8.0
_LEAST_DOT, _LARGEST_DOT = 1.0, 7.0  # points
_ROUND = 1.4  # a dot is at most so much wider than high, or higher than wide
_LIGHT = 200  # of 255: from here on letters are looked at in a picture of the page
_CONTRAST = 20  # of 255: less than this between letters and paper nobody reads
_CLEAR = 26  # of 255: letters less opaque than that
_INVISIBLE = {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP}
_SCAN_SHARE = 0.5
_LEAST_COVER = 4.0  # points: what is lower or narrower covers no letters
_MOST_COVERS = 300
_DENSE = 200  # of 255: what is more transparent than that covers nothing
_MOST_PIXELS = 3_000_000

Places = Callable[[float, float], tuple[float, float]]
"""Turns a point of the file into a point of the upright page."""


Edges = tuple[float, float, float, float]


@dataclass(slots=True)
class Drawn:
    """`rules` are straight lines of tables; `scan` says that a picture covers the page, so that letters without ink on
    it are what somebody's OCR read. `covers` are the filled shapes and pictures that letters could be under: address
    and left, bottom, right, top; `things` are the addresses of all things on the page as they are drawn. `dots` are
    small shapes as wide as high, as browsers draw the points of a list."""

    rules: list[Rule] = field(default_factory=list)
    covers: list[tuple[int, Edges]] = field(default_factory=list)
    things: list[int] = field(default_factory=list)
    dots: list[Edges] = field(default_factory=list)
    scan: bool = False


def survey(page: pypdfium2.PdfPage, places: Places) -> Drawn:
    """Return what stands on a page besides its letters. Every object is asked for little: a page has thousands."""
    drawn = Drawn()
    edges = [ctypes.c_float() for _ in range(4)]
    area = page.get_width() * page.get_height()
    for thing, kind, matrix in _objects(page, drawn.things):
        if kind in {pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE}:
            if not pdfium.FPDFPageObj_GetBounds(thing, *(ctypes.byref(edge) for edge in edges)):
                continue
            left, bottom, right, top = _moved([edge.value for edge in edges], matrix, places)
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                drawn.scan = drawn.scan or (right - left) * (top - bottom) > _SCAN_SHARE * area
            is_large = min(right - left, top - bottom) >= _LEAST_COVER and len(drawn.covers) < _MOST_COVERS
            if is_large and (kind == pdfium.FPDF_PAGEOBJ_IMAGE or _is_filled(thing)):
                drawn.covers.append((_address(thing), (left, bottom, right, top)))
            if kind == pdfium.FPDF_PAGEOBJ_PATH and _is_dot(right - left, top - bottom):
                if len(drawn.dots) < _MOST_DOTS:
                    drawn.dots.append((left, bottom, right, top))
            elif kind == pdfium.FPDF_PAGEOBJ_PATH and len(drawn.rules) < _MOST_RULES:
                drawn.rules.extend(_rules(thing, (left, bottom, right, top), matrix, places))
    return drawn


def _is_dot(wide: float, high: float) -> bool:
    short, long = sorted((wide, high))
    return short >= _LEAST_DOT and long <= min(_LARGEST_DOT, short * _ROUND)


def _address(thing: Any) -> int:
    return ctypes.addressof(thing.contents)


def _is_filled(thing: object) -> bool:
    """Return whether a shape hides what is behind it."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(thing, ctypes.byref(fill), ctypes.byref(stroke))
    if not fill.value:
        return False
    parts = [ctypes.c_uint() for _ in range(4)]
    known = pdfium.FPDFPageObj_GetFillColor(thing, *(ctypes.byref(part) for part in parts))
    return not known or parts[3].value >= _DENSE


def covered(
    page: pypdfium2.PdfPage,
    textpage: pypdfium2.PdfTextPage,
    glyphs: Sequence[Glyph],
    numbers: Sequence[int],
    drawn: Drawn,
) -> list[Glyph]:
    """Return the letters over which a shape or a picture was drawn later, so that they cannot be read."""
    letters = Letters(textpage)
    order = dict(zip(drawn.things, count(), strict=False))
    if not all(cover in order for cover, _ in drawn.covers) or not all(
        letters.thing(number) in order for number in numbers[:1]
    ):
        order = order_of_things(page, _MOST_OBJECTS)  # something is in a form
    by_height = sorted((glyph.bottom + glyph.height / 2, place) for place, glyph in enumerate(glyphs))
    groups: dict[tuple[int, int, float], list[Glyph]] = {}
    for cover, (left, bottom, right, top) in drawn.covers:
        turn = order.get(cover, -1)
        for _, place in by_height[bisect_left(by_height, (bottom, 0)) : bisect_left(by_height, (top, 0))]:
            glyph = glyphs[place]
            if left <= (glyph.left + glyph.right) / 2 <= right:
                thing = letters.thing(numbers[place])
                if order.get(thing, _MOST_OBJECTS) < turn:
                    groups.setdefault((turn, thing, glyph.base), []).append(glyph)
    picture = _Picture(page) if groups else None
    return [glyph for group in groups.values() if picture and not picture.shows(group) for glyph in group]


def is_doubtful(textpage: pypdfium2.PdfTextPage, numbers: Sequence[int]) -> bool:
    """Return whether any of these letters may be invisible; one of each word is enough."""
    parts = [ctypes.c_uint() for _ in range(4)]
    red, green, blue, alpha = parts
    colours = [ctypes.byref(part) for part in parts]
    for number in numbers:
        if pdfium.FPDFText_GetFillColor(textpage.raw, number, *colours) and (
            alpha.value < _CLEAR or (red.value > _LIGHT and green.value > _LIGHT and blue.value > _LIGHT)
        ):
            return True
        thing = pdfium.FPDFText_GetTextObject(textpage.raw, number)
        if thing and pdfium.FPDFTextObj_GetTextRenderMode(thing) in _INVISIBLE:
            return True
    return False


def invisible(
    page: pypdfium2.PdfPage,
    textpage: pypdfium2.PdfTextPage,
    glyphs: Sequence[Glyph],
    numbers: Sequence[int],
    *,
    scan: bool,
) -> list[Glyph]:
    """Return the letters nobody sees: drawn without ink, clear, or in the colour of what is behind them.

    `numbers` are pdfium's own for the letters. Letters without ink over a scan are its text and count as seen.
    """
    groups: dict[tuple[int, float], list[Glyph]] = {}
    verdicts: dict[int, str] = {}
    for glyph, number in zip(glyphs, numbers, strict=True):
        thing = pdfium.FPDFText_GetTextObject(textpage.raw, number)
        if not thing:
            continue
        address = ctypes.addressof(thing.contents)
        if address not in verdicts:
            verdicts[address] = _verdict(thing)
        if verdicts[address]:
            groups.setdefault((address, glyph.base), []).append(glyph)
    picture: _Picture | None = None
    unseen: list[Glyph] = []
    for (address, _), letters in groups.items():
        if verdicts[address] == "inkless":
            unseen.extend([] if scan else letters)
        else:
            picture = picture or _Picture(page)
            if not picture.shows(letters):
                unseen.extend(letters)
    return unseen


def _verdict(thing: object) -> str:
    """Return `inkless`, `light` for what must be looked at, or "" for what is seen."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    mode = pdfium.FPDFTextObj_GetTextRenderMode(thing)
    if mode in _INVISIBLE:
        return "inkless"
    pdfium.FPDFPageObj_GetFillColor(thing, *(ctypes.byref(part) for part in (red, green, blue, alpha)))
    if alpha.value < _CLEAR and mode != pdfium.FPDF_TEXTRENDERMODE_STROKE:
        return "inkless"
    return "light" if min(red.value, green.value, blue.value) > _LIGHT else ""


class _Picture:
    """A grey picture of a page, for a look at whether letters stand out from what is behind them."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        wide, high = page.get_size()
        self._scale = min(2.0, (_MOST_PIXELS / max(wide * high, 1.0)) ** 0.5)
        bitmap = page.render(scale=self._scale, grayscale=True, may_draw_forms=False)
        self._width, self._height, self._stride = bitmap.width, bitmap.height, bitmap.stride
        self._pixels = bytes(bitmap.buffer)
        self._page_height = high

    def shows(self, letters: Sequence[Glyph]) -> bool:
        """Return whether light and dark lie where the letters are."""
        left = max(int(min(letter.left for letter in letters) * self._scale), 0)
        right = min(int(max(letter.right for letter in letters) * self._scale) + 1, self._width)
        upper = self._page_height - max(letter.bottom + letter.height for letter in letters)
        lower = self._page_height - min(letter.bottom for letter in letters)
        tones = [
            (min(line), max(line))
            for row in range(max(int(upper * self._scale), 0), min(int(lower * self._scale) + 1, self._height))
            if (line := self._pixels[row * self._stride + left : row * self._stride + right])
        ]
        return bool(tones) and max(high for _, high in tones) - min(low for low, _ in tones) >= _CONTRAST


Matrix = tuple[float, float, float, float, float, float]


def _objects(page: pypdfium2.PdfPage, addresses: list[int]) -> Iterator[tuple[object, int, Matrix | None]]:
    """Yield what is drawn on a page and in the forms on it but letters: the kind, and the matrix of the form around."""
    count = min(pdfium.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)
    numbers, things = things_of(page, count)
    addresses.extend(numbers)
    left = _MOST_OBJECTS - count + len(things)
    stack: list[tuple[object, Matrix | None, int]] = [(thing, None, 0) for thing in things]
    while stack and left:
        thing, matrix, depth = stack.pop()
        left -= 1
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        if kind != pdfium.FPDF_PAGEOBJ_FORM:
            yield thing, kind, matrix
        elif depth < _DEEPEST:
            own = pdfium.FS_MATRIX()
            pdfium.FPDFPageObj_GetMatrix(thing, ctypes.byref(own))
            inner = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
            count = min(pdfium.FPDFFormObj_CountObjects(thing), left)
            stack.extend((pdfium.FPDFFormObj_GetObject(thing, index), inner, depth + 1) for index in range(count))


def _times(one: Matrix, other: Matrix | None) -> Matrix:
    if other is None:
        return one
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _point(x: float, y: float, matrix: Matrix | None, places: Places) -> tuple[float, float]:
    if matrix is not None:
        a, b, c, d, e, f = matrix
        x, y = a * x + c * y + e, b * x + d * y + f
    return places(x, y)


def _moved(edges: Sequence[float], matrix: Matrix | None, places: Places) -> tuple[float, float, float, float]:
    (x0, y0), (x1, y1) = _point(edges[0], edges[1], matrix, places), _point(edges[2], edges[3], matrix, places)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _rules(
    thing: object, box: tuple[float, float, float, float], matrix: Matrix | None, places: Places
) -> Iterator[Rule]:
    """Yield the upright and level lines of one path: a thin one is a line itself, of others the edges are asked for."""
    left, bottom, right, top = box
    wide, high = right - left, top - bottom
    if wide <= _THIN or high <= _THIN:
        if max(wide, high) >= _LONG:
            yield Rule(left, bottom, right, top)
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(thing, ctypes.byref(fill), ctypes.byref(stroke))
    count = pdfium.FPDFPath_CountSegments(thing)
    if not stroke.value or not 2 <= count <= _MOST_SEGMENTS:
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    begin: tuple[float, float] | None = None
    before: tuple[float, float] | None = None
    own = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(thing, ctypes.byref(own))
    matrix = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(thing, index)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        kind = pdfium.FPDFPathSegment_GetType(segment)
        point = _point(x.value, y.value, matrix, places)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            begin = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO and before is not None:
            yield from _line(before, point)
        if begin is not None and pdfium.FPDFPathSegment_GetClose(segment):
            yield from _line(point, begin)
        before = point


def _line(one: tuple[float, float], other: tuple[float, float]) -> Iterator[Rule]:
    left, right = sorted((one[0], other[0]))
    bottom, top = sorted((one[1], other[1]))
    if min(right - left, top - bottom) <= 0.5 and max(right - left, top - bottom) >= _LONG:
        yield Rule(left, bottom, right, top)
