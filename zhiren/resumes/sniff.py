"""What a file truly is, by its bytes; its name is only believed where the two agree."""

from __future__ import annotations

import re
from enum import StrEnum

from zhiren.resumes.errors import Reason, Unreadable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ZIP_END = b"PK\x05\x06"
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa", b"#!")
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM", b"RIFF", b"\x00\x00\x00\x0cjP")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_MARKUP = re.compile(
    rb"\s*(?:<!--.{0,500}?-->\s*)*<(?:!doctype|html|head|body|svg|script|\?xml|xml)\b",
    re.IGNORECASE | re.DOTALL,
)
_MHTML = re.compile(rb"\s*(?:MIME-Version:|From:|Message-ID:|Received:)", re.IGNORECASE)


class Kind(StrEnum):
    """The true type of a file."""

    PDF = "pdf"
    DOCX = "docx"
    TEXT = "text"
    ARCHIVE = "archive"
    OFFICE = "office"
    DOC = "doc"
    RTF = "rtf"
    MARKUP = "markup"
    IMAGE = "image"
    PROGRAM = "program"
    UNKNOWN = "unknown"


READABLE = frozenset({Kind.PDF, Kind.DOCX, Kind.TEXT})
_DANGEROUS = frozenset({Kind.PROGRAM, Kind.MARKUP, Kind.ARCHIVE})
_ENDINGS: dict[str, frozenset[Kind]] = {
    "pdf": frozenset({Kind.PDF}),
    "docx": frozenset({Kind.DOCX}),
    "doc": frozenset({Kind.DOC, Kind.DOCX, Kind.RTF, Kind.MARKUP}),  # job boards call their HTML .doc
    "wps": frozenset({Kind.DOC, Kind.DOCX}),
    "txt": frozenset({Kind.TEXT}),
    "text": frozenset({Kind.TEXT}),
    "md": frozenset({Kind.TEXT}),
    "": frozenset({Kind.PDF, Kind.DOCX, Kind.TEXT}),
}


def sniff(data: bytes) -> Kind:
    """Return what the bytes are, whatever they are called."""
    head = data[:1024]
    if head.startswith((_ZIP, _ZIP_END)):
        return _kind_of_zip(data)
    if head.startswith(_OLE):
        return Kind.DOC
    if head.startswith(_PROGRAMS) and (not head.startswith(b"MZ") or b"\x00" in head):
        return Kind.PROGRAM
    if head.startswith(_IMAGES) and (not head.startswith((b"BM", b"RIFF")) or b"\x00" in head[:16]):
        return Kind.IMAGE
    if head.startswith(_ARCHIVES):
        return Kind.ARCHIVE
    if head[4:12] in {b"ftypheic", b"ftypmif1", b"ftypavif"}:
        return Kind.IMAGE
    if head.startswith(b"{\\rtf"):
        return Kind.RTF
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        return Kind.MARKUP
    if b"%PDF-" in head:
        return Kind.PDF
    if _MHTML.match(head):
        return Kind.MARKUP
    return Kind.TEXT if _looks_like_text(data) else Kind.UNKNOWN


def check(data: bytes, filename: str) -> Kind:
    """Return the kind of a file that may be read.

    Raises:
        Unreadable: `empty`, `encrypted`, `unsupported` with the kind as detail, or `lying` where the ending of the
            name promises something else or the bytes are two kinds of file at once.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise Unreadable(Reason.EMPTY)
    kind = sniff(data)
    ending = filename.rpartition(".")[2].strip().lower() if "." in filename else ""
    expected = _ENDINGS.get(ending)
    if kind is Kind.PDF:
        _refuse_double_nature(data)
    if expected is not None and kind not in expected:
        raise (
            Unreadable(Reason.LYING, f"{ending or 'none'}/{kind.value}")
            if (kind in READABLE | _DANGEROUS or (expected & READABLE and ending))
            else Unreadable(Reason.UNSUPPORTED, kind.value)
        )
    if expected is None and kind in READABLE:
        raise Unreadable(Reason.LYING, f"other/{kind.value}")
    if kind is Kind.DOC and b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k" in data:
        raise Unreadable(Reason.ENCRYPTED, "office")
    if kind not in READABLE:
        raise Unreadable(Reason.UNSUPPORTED, kind.value)
    return kind


def _kind_of_zip(data: bytes) -> Kind:
    """Tell the office formats from plain archives by the member names; these stand uncompressed in the file."""
    if b"[Content_Types].xml" in data:
        if b"word/document" in data:
            return Kind.OFFICE if b"vbaProject.bin" in data else Kind.DOCX
        return Kind.OFFICE
    return Kind.OFFICE if data[30:38] == b"mimetype" else Kind.ARCHIVE


def _refuse_double_nature(data: bytes) -> None:
    """Refuse a PDF that is also a program, a page or an archive for a reader that looks elsewhere."""
    lead = data[: data.index(b"%PDF-")]
    if lead.lstrip(b"\xef\xbb\xbf \t\r\n\x00") and (lead.startswith(_PROGRAMS) or b"<" in lead):
        raise Unreadable(Reason.LYING, "pdf/lead")
    tail = data[max(data.rfind(b"%%EOF"), 0) :]
    if _ZIP_END in tail or _MARKUP.search(tail):
        raise Unreadable(Reason.LYING, "pdf/tail")


def _looks_like_text(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    sample = data[:65536]
    if b"\x00" in sample:
        nulls = sample.count(b"\x00")
        half = len(sample) // 2
        # UTF-16 without a mark: the zeros of its Latin letters and blanks all sit on one side of the pairs.
        return max(sample[::2].count(b"\x00"), sample[1::2].count(b"\x00")) == nulls and nulls > half // 20
    odd = sum(sample.count(bytes([code])) for code in (*range(1, 9), *range(14, 27), *range(28, 32), 127))
    return odd <= len(sample) // 500
