"""Pictures of the pages of a file, so that a person sees what the parser read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
import pypdfium2.raw as pdfium

from zhiren.resumes.errors import Reason, Unreadable
from zhiren.resumes.limits import MAX_FILE_BYTES, MAX_PAGES
from zhiren.resumes.sniff import Kind, check

MAX_WIDTH = 1_600
_MAX_PIXELS = 8_000_000
_NARROWEST = 16


def render_page(data: bytes, filename: str, *, page: int, width: int) -> bytes:
    """Return one page of a PDF as a PNG so many pixels wide; pages count from 1.

    `width` is brought to 16-1600; a very long page comes out narrower, so that no picture passes eight megapixels.

    Raises:
        Unreadable: what `sniff.check` refuses; `unsupported` (a format without pages, detail `pages`; a page that is
            not there, detail `no_page`); `encrypted`, `damaged`, `too_many_pages`, `too_large`.
    """
    with _opened(data, filename) as pdf:
        if not 1 <= page <= len(pdf):
            raise Unreadable(Reason.UNSUPPORTED, "no_page")
        shown = pdf[page - 1]
        wide, high = shown.get_size()
        if wide <= 0 or high <= 0:
            raise Unreadable(Reason.DAMAGED, "page_size")
        scale = min(max(min(width, MAX_WIDTH), _NARROWEST) / wide, (_MAX_PIXELS / (wide * high)) ** 0.5)
        bitmap = shown.render(scale=scale, may_draw_forms=False, rev_byteorder=True, prefer_bgrx=False)
        picture = io.BytesIO()
        # Few colours and light packing: a page of text needs no more, and the reader of it is waiting.
        bitmap.to_pil().convert("P", palette=1, colors=128).save(picture, format="PNG", compress_level=3)
        return picture.getvalue()


def page_sizes(data: bytes, filename: str) -> list[tuple[float, float]]:
    """Return the width and height of every page in points, as shown.

    Raises:
        Unreadable: as `render_page`.
    """
    with _opened(data, filename) as pdf:
        return [(round(wide, 2), round(high, 2)) for wide, high in (pdf.get_page_size(n) for n in range(len(pdf)))]


@contextmanager
def _opened(data: bytes, filename: str) -> Iterator[pypdfium2.PdfDocument]:
    if len(data) > MAX_FILE_BYTES:
        raise Unreadable(Reason.TOO_LARGE, "file")
    if check(data, filename) is not Kind.PDF:
        raise Unreadable(Reason.UNSUPPORTED, "pages")
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        needs_password = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
        raise Unreadable(Reason.ENCRYPTED if needs_password else Reason.DAMAGED, "pdf") from error
    try:
        if len(pdf) > MAX_PAGES:
            raise Unreadable(Reason.TOO_MANY_PAGES, str(len(pdf)))
        yield pdf
    except pypdfium2.PdfiumError as error:
        raise Unreadable(Reason.DAMAGED, "page") from error
    finally:
        pdf.close()
