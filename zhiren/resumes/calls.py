"""The questions to pdfium that are asked for every letter and every thing on a page, with as little around as can be.

Handles and addresses go in and out as plain numbers: making a pointer object takes longer than pdfium's answer.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from itertools import repeat
from struct import iter_unpack
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

_RECTANGLE = "4f"  # left, top, right, bottom
_RECTANGLE_BYTES = 16


def _direct(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """Return a function of pdfium that takes plain numbers. It keeps the interpreter's lock."""
    called: Callable[..., Any] = ctypes.PYFUNCTYPE(result, *arguments)(_number(function))
    return called


def _number(handle: Any) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


_UNICODE = _direct(pdfium.FPDFText_GetUnicode, ctypes.c_uint, ctypes.c_void_p, ctypes.c_int)
_LOOSE_BOX = _direct(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_GENERATED = _direct(pdfium.FPDFText_IsGenerated, ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_ORIGIN = _direct(
    pdfium.FPDFText_GetCharOrigin, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p
)
_FONT_SIZE = _direct(pdfium.FPDFText_GetFontSize, ctypes.c_double, ctypes.c_void_p, ctypes.c_int)
_FONT_WEIGHT = _direct(pdfium.FPDFText_GetFontWeight, ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_ANGLE = _direct(pdfium.FPDFText_GetCharAngle, ctypes.c_float, ctypes.c_void_p, ctypes.c_int)
_TEXT_OBJECT = _direct(pdfium.FPDFText_GetTextObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_INNER_COUNT = _direct(pdfium.FPDFFormObj_CountObjects, ctypes.c_int, ctypes.c_void_p)
_INNER_OBJECT = _direct(pdfium.FPDFFormObj_GetObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong)
_OBJECT = _direct(pdfium.FPDFPage_GetObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_KIND = _direct(pdfium.FPDFPageObj_GetType, ctypes.c_int, ctypes.c_void_p)


class Letters:
    """What pdfium tells of one letter of a page by its number."""

    def __init__(self, textpage: pypdfium2.PdfTextPage) -> None:
        self._page = _number(textpage.raw)
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._places = (ctypes.addressof(self._x), ctypes.addressof(self._y))

    def is_generated(self, index: int) -> bool:
        """Return whether the file does not write this letter: a blank that pdfium saw as a gap."""
        return bool(_GENERATED(self._page, index) == 1)

    def origin(self, index: int) -> tuple[float, float]:
        """Return where the letter begins on its baseline; what was told last where pdfium does not know."""
        _ORIGIN(self._page, index, *self._places)
        return self._x.value, self._y.value

    def size(self, index: int) -> float:
        """Return the size of the letter's font."""
        size: float = _FONT_SIZE(self._page, index)
        return size

    def weight(self, index: int) -> int:
        """Return how bold the letter's font is by its own account; 0 where it gives none."""
        weight: int = _FONT_WEIGHT(self._page, index)
        return max(weight, 0)

    def quarter_turns(self, index: int) -> int:
        """Return how often the letter is turned by a right angle, counter-clockwise, 0 to 3."""
        return -round(math.degrees(_ANGLE(self._page, index)) / 90) % 4

    def thing(self, index: int) -> int:
        """Return the address of the thing on the page that the letter belongs to; 0 where pdfium knows none."""
        return _TEXT_OBJECT(self._page, index) or 0


def order_of_things(page: pypdfium2.PdfPage, most: int) -> dict[int, int]:
    """Return the addresses of the first things on a page and in the forms on it, each with its turn in the drawing."""
    waiting = list(map(_OBJECT, repeat(_number(page.raw)), range(min(pdfium.FPDFPage_CountObjects(page.raw), most))))
    waiting.reverse()
    order: dict[int, int] = {}
    while waiting and len(order) < most:
        thing = waiting.pop()
        if not thing or thing in order:
            continue
        order[thing] = len(order)
        if _KIND(thing) == pdfium.FPDF_PAGEOBJ_FORM:
            count = min(_INNER_COUNT(thing), most - len(order))
            waiting.extend(_INNER_OBJECT(thing, index) for index in range(count - 1, -1, -1))
    return order


def codes_of(textpage: pypdfium2.PdfTextPage, count: int) -> list[int]:
    """Return the code of each of the first letters of a page, as pdfium counts them."""
    everything = textpage.count_chars()
    units = (ctypes.c_ushort * (everything + 1))()
    written = pdfium.FPDFText_GetText(textpage.raw, 0, everything, units) - 1
    codes: list[int] = units[:count]
    if written == everything and not any(0xD800 <= code < 0xE000 for code in codes):
        return codes
    # Some letters stand for more or less than one of the text: each is asked for by itself.
    return list(map(_UNICODE, repeat(_number(textpage.raw)), range(count)))


def boxes_of(textpage: pypdfium2.PdfTextPage, count: int) -> list[tuple[float, ...] | None]:
    """Return left, top, right and bottom of the first letters of a page; None where pdfium knows no place."""
    space = ctypes.create_string_buffer(_RECTANGLE_BYTES * max(count, 1))
    begin = ctypes.addressof(space)
    places = range(begin, begin + _RECTANGLE_BYTES * count, _RECTANGLE_BYTES)
    told = list(map(_LOOSE_BOX, repeat(_number(textpage.raw)), range(count), places))
    return [box if known else None for known, box in zip(told, iter_unpack(_RECTANGLE, space.raw), strict=False)]


def things_of(page: pypdfium2.PdfPage, count: int) -> tuple[list[int], list[object]]:
    """Return the addresses of the first things on a page in the order of their drawing, and those but letters."""
    addresses = list(map(_OBJECT, repeat(_number(page.raw)), range(count)))
    numbers = [number for number in addresses if number and _KIND(number) != pdfium.FPDF_PAGEOBJ_TEXT]
    return addresses, [ctypes.cast(number, pdfium.FPDF_PAGEOBJECT) for number in numbers]
