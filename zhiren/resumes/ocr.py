"""The reader of pictures: photographs and scans of a résumé, read letter by letter on this machine.

It needs the optional part `ocr`. Its models lie in the package that brings them; nothing is fetched.
"""

from __future__ import annotations

import io
import re
import statistics
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image, ImageOps

from zhiren.resumes.document import CELL, Document, Glyph, RawLine, build
from zhiren.resumes.errors import Reason, Unreadable
from zhiren.resumes.headings import with_headings_apart
from zhiren.resumes.layout import lines_of_page

MAX_PICTURES = 10
"""Pages of a scan; each takes seconds."""
MAX_PIXELS = 80_000_000
"""A photograph of more is brought down while it is opened where its format allows, and refused where not."""
_DOTS_PER_INCH = 150
_LONGEST_SIDE = 2200
_SHORTEST_SIDE = 32
_SUREST_NOISE = 0.5  # what is read with less is a smudge, an icon or a pattern
_FEWEST_LETTERS = 12
_LETTER_OF_BOX = 0.8
_OVERLAP = 0.3  # of a line's height, by which a box may reach into the one beside it
_WIDEST_JOINT = 0.75  # heights of a letter between two that no blank parts
_HEAD_LINES = 12
# What icons are read as: signs in a frame, letters that look like one, and a letter alone before what it stands for.
_ICON = re.compile(
    r"(?:[\u2460-\u2473○◯●◎⊙◉©®△▲▽▼■□▣◇◆☆★♀♂♡⊕⊗☎✆✉]|[回国囗口日曰因固图圆](?=\s?[A-Za-z0-9+(]|\s[\u4e00-\u9fff])|"
    r"[a-zO0](?=[\u4e00-\u9fff]{2,4}$)|[A-Za-z0](?=\s[+(]\d|\s\S+@)|[a-zO0](?=\s[A-Z\u4e00-\u9fff]))\s?(?=\S)"
)
_FRAMES = frozenset("回国囗口日曰因固图圆①○◯◎⊙◉©®□▣OoQ0")
# What the openers of some thirty formats raise when a file is not what its head promises.
_BROKEN = (
    OSError, SyntaxError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError, EOFError, struct.error,
)  # fmt: skip


def read_picture(data: bytes) -> Document:
    """Return the text of a photograph, of each page of a TIFF.

    Raises:
        Unreadable: `damaged`, `too_large`, `too_many_pages`, `no_text`.
    """
    return _document(pictures_in(data))


def read_scan(data: bytes) -> Document:
    """Return the text of a PDF whose pages are pictures.

    Raises:
        Unreadable: `encrypted`, `damaged`, `too_many_pages`, `no_text`.
    """
    return _document(_pages_of_pdf(data))


def _document(pictures: Iterator[Image.Image]) -> Document:
    lines: list[RawLine] = []
    pages, columns = 0, 1
    for pages, picture in enumerate(pictures, start=1):
        found, beside = _lines(picture, page=pages)
        lines.extend(without_icons(found) if pages == 1 else found)
        columns = max(columns, beside)
    if sum(char.isalnum() for line in lines for char in line.text) < _FEWEST_LETTERS:
        raise Unreadable(Reason.NO_TEXT, f"{pages} pictures")
    layout = "picture-1-column" if columns == 1 else f"picture-{columns}-columns"
    return build(with_headings_apart(lines), pages=pages, warnings=("read_from_picture",), layout=layout)


def pictures_in(data: bytes) -> Iterator[Image.Image]:
    """Yield the pages of a photograph or a TIFF, upright, on white and of a size that can be read.

    Raises:
        Unreadable: `damaged`, `too_large`, `too_many_pages`.
    """
    Image.MAX_IMAGE_PIXELS = None  # the walls are our own: they look before anything is unpacked
    try:
        with Image.open(io.BytesIO(data)) as opened:
            opened.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))  # a JPEG is unpacked at a fraction of its size
            for frame in _frames(opened):
                yield _ready(ImageOps.exif_transpose(frame))
    except _BROKEN as error:
        raise Unreadable(Reason.DAMAGED, "picture") from error


def _frames(opened: Image.Image) -> Iterator[Image.Image]:
    """Yield the pages of a TIFF, or the picture; a moving picture says the same in each of its frames."""
    frames = getattr(opened, "n_frames", 1) if opened.format == "TIFF" else 1
    if frames > MAX_PICTURES:
        raise Unreadable(Reason.TOO_MANY_PAGES, str(frames))
    for number in range(frames):
        opened.seek(number)
        if opened.width * opened.height > MAX_PIXELS:
            raise Unreadable(Reason.TOO_LARGE, f"{opened.width}x{opened.height}")
        yield opened


def _pages_of_pdf(data: bytes) -> Iterator[Image.Image]:
    try:
        pdf = pypdfium2.PdfDocument(data)
        if len(pdf) > MAX_PICTURES:
            raise Unreadable(Reason.TOO_MANY_PAGES, f"{len(pdf)} pictures")
        for page in pdf:
            longest = max(page.get_size()) or 1
            scale = min(_DOTS_PER_INCH / 72, _LONGEST_SIDE / longest)
            yield _ready(page.render(scale=scale).to_pil())
    except pypdfium2.PdfiumError as error:
        raise Unreadable(Reason.DAMAGED, "page") from error


def _ready(picture: Image.Image) -> Image.Image:
    """Return a picture on white, of a size whose letters can be read."""
    if picture.mode in {"RGBA", "LA", "P", "PA"}:
        clear = picture.convert("RGBA")
        picture = Image.new("RGB", clear.size, "white")
        picture.paste(clear, mask=clear.getchannel("A"))
    picture = picture.convert("RGB")
    picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return picture


def _lines(picture: Image.Image, *, page: int) -> tuple[list[RawLine], int]:
    """Return the lines of a picture and how many columns stand beside each other on it."""
    if min(picture.size) < _SHORTEST_SIDE:
        return [], 1
    width, height = picture.size
    sure: dict[Glyph, float] = {}
    found = engine()(np.asarray(picture)[:, :, ::-1], return_word_box=True)  # it wants blue, green, red
    read = list(zip(found.txts or (), found.word_results or (), found.boxes if found.txts else (), strict=False))
    for line, words, box in read:
        others = [other for _, _, other in read if other is not box]
        if line.strip() in _FRAMES and any(_stands_before(box, other) for other in others):
            continue
        if len(words) > 1 and any(_holds(other, words[0][2]) for other in others):
            # Two boxes overlap, and the edge of a letter of the one was read again as the first of the other.
            line, words = line.removeprefix(words[0][0]), words[1:]
        sure.update(_letters(line, words, height))
    if not sure:
        return [], 1
    placed, columns = lines_of_page(list(sure), width)
    lines = [
        RawLine(
            text,
            page,
            high,
            seen=round(statistics.mean(sure.get(letter, 1.0) for letter in letters), 3) if letters else 1.0,
            letters=letters,
            sheet=(width, height),
        )
        for text, high, letters in placed
    ]
    return lines, columns


def _stands_before(icon: Any, text: Any) -> bool:
    """Return whether a box stands closely to the left of another one, at its height."""
    left, right = max(corner[0] for corner in icon), min(corner[0] for corner in text)
    middle = (min(corner[1] for corner in icon) + max(corner[1] for corner in icon)) / 2
    upper, lower = min(corner[1] for corner in text), max(corner[1] for corner in text)
    tall = lower - upper
    return bool(-_OVERLAP * tall <= right - left <= tall and upper < middle < lower)


def _holds(box: Any, word: Any) -> bool:
    """Return whether the middle of a word lies in a box."""
    across, down = (sum(corner[axis] for corner in word) / len(word) for axis in (0, 1))
    return bool(
        min(corner[0] for corner in box) < across < max(corner[0] for corner in box)
        and min(corner[1] for corner in box) < down < max(corner[1] for corner in box)
    )


def without_icons(lines: Sequence[RawLine]) -> list[RawLine]:
    """Return the lines; what icons before a name or a contact were taken for is gone.

    Only near the top of the first page and beside mail addresses: elsewhere such a sign is the point of a list.
    """
    return [_bare(line) if place < _HEAD_LINES or "@" in line.text else line for place, line in enumerate(lines)]


def _bare(line: RawLine) -> RawLine:
    cells, gone, before = [], set[int](), 0
    for cell in line.text.split(CELL):
        icon = _ICON.match(cell)
        letters = len("".join(cell.split()))
        if icon:
            gone.add(before)
        cells.append(cell[icon.end() :] if icon else cell)
        before += letters
    if not gone:
        return line
    letters_left = [letter for place, letter in enumerate(line.letters) if place not in gone]
    return replace(line, text=CELL.join(cells), letters=letters_left)


def _letters(line: str, words: Iterable[tuple[str, float, Any]], height: int) -> dict[Glyph, float]:
    """Return the letters of a line, each with how sure it is.

    Only the line knows its blanks: the boxes of its words stand apart also where none is, as around the dot of a mail
    address. So a letter reaches to the next one unless the line has a blank between them, or so much paper that an
    icon stands there: the line swallows it together with the blanks around it.
    """
    letters: dict[Glyph, float] = {}
    at, last = 0, None
    for word, score, corners in words:
        begins = line.find(word, at)
        apart = begins < 0 or line[at:begins].isspace()
        at = max(begins, at) + len(word)
        if not word or score < _SUREST_NOISE:
            last = None
            continue
        glyphs = list(_glyphs(word, corners, height))
        gap = glyphs[0].left - last.right if last is not None else 0.0
        if last is not None and not apart and 0 < gap <= _WIDEST_JOINT * last.height:
            surety = letters.pop(last)
            letters[last._replace(right=glyphs[0].left)] = surety
        letters.update(dict.fromkeys(glyphs, float(score)))
        last = glyphs[-1]
    return letters


def _glyphs(word: str, corners: Any, height: int) -> Iterator[Glyph]:
    """Spread the letters of a word over its place; a Chinese one is as wide as two Latin ones."""
    left, right = (float(pick(corner[0] for corner in corners)) for pick in (min, max))
    top, bottom = (float(pick(corner[1] for corner in corners)) for pick in (min, max))
    widths = [2 if char > "\u2e7f" else 1 for char in word]
    step = (right - left) / (sum(widths) or 1)
    # The box of a word has air above and below its letters.
    tall = (bottom - top) * _LETTER_OF_BOX
    base = height - bottom + (bottom - top - tall) / 2
    at = left
    for char, wide in zip(word, widths, strict=True):
        yield Glyph(char, at, at + wide * step, base, tall, 0.0, base)
        at += wide * step


@cache
def engine() -> Any:
    """Return the reader of letters, loaded once. It works in one thread: the process it runs in may make no other.

    Raises:
        ImportError: the optional part is missing.
    """
    import cv2
    from rapidocr import RapidOCR

    cv2.setNumThreads(0)
    alone = {"intra_op_num_threads": 1, "inter_op_num_threads": 1}
    options: dict[str, Any] = {f"EngineConfig.onnxruntime.{name}": value for name, value in alone.items()}
    return RapidOCR(params={**options, "Global.log_level": "critical", "Global.use_cls": False})
