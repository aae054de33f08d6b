"""The reader of plain text in the encodings Chinese and Western systems write."""

from __future__ import annotations

import codecs
import re

from zhiren.resumes.document import Document, RawLine, build
from zhiren.resumes.errors import Reason, Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FEWEST_LETTERS = 2


def read_plain(data: bytes) -> Document:
    """Return the lines of a text file.

    Raises:
        Unreadable: `damaged` (no known encoding fits), `empty`.
    """
    text = decode(data)
    if sum(char.isalnum() for char in text[:100_000]) < _FEWEST_LETTERS:
        raise Unreadable(Reason.EMPTY, "text")
    return build((RawLine(line) for line in text.splitlines()), pages=None, layout="txt")


def decode(data: bytes) -> str:
    """Return the text of bytes in UTF-8, UTF-16, UTF-32, GB18030, Big5 or Windows-1252.

    Raises:
        Unreadable: `damaged`.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    if b"\x00" in data:
        return _decoded(data, "utf-16-be" if data[::2].count(b"\x00") > data[1::2].count(b"\x00") else "utf-16-le")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, _guess(data))


def _guess(data: bytes) -> str:
    """Choose among the encodings without a mark by where the bytes of everyday characters lie."""
    high = len(re.findall(rb"[\x80-\xff]", data))
    lonely = len(re.findall(rb"(?<![\x80-\xff])[\x80-\xff](?=[\s'a-z.,;)]|$)", data))
    if lonely * 2 > high:
        return "cp1252"
    simplified = _everyday_share(data, rb"[\xb0-\xd7][\xa1-\xfe]", rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
    traditional = _everyday_share(data, rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]", rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]")
    order = ["gb18030", "big5hkscs"] if simplified >= traditional else ["big5hkscs", "gb18030"]
    for encoding in order:
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "gb18030"


def _everyday_share(data: bytes, everyday: bytes, pair: bytes) -> float:
    pairs = re.findall(pair, data)
    return sum(re.match(everyday, found) is not None for found in pairs) / max(len(pairs), 1)


def _decoded(data: bytes, encoding: str) -> str:
    """Decode; a few broken characters are let through as marks, more than 2 % are not."""
    text = data.decode(encoding, errors="replace")
    if text.count("\ufffd") * 50 > len(text):
        raise Unreadable(Reason.DAMAGED, "encoding")
    return text
