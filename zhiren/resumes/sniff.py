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
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|title|meta|style|table|div|span|center|font|p|h[1-6])\b",
    re.IGNORECASE | re.DOTALL,
)
_WORD_XML = re.compile(rb"\bprogid=[\"']Word\.Document|<w:wordDocument\b|<pkg:package\b")
_MAIL = re.compile(
    rb"\s*(?:MIME-Version|From|To|Date|Subject|Message-ID|Received|Return-Path|Delivered-To|Content-Type|DKIM-Signature"
    rb"|Snapshot-Content-Location|X-[\w-]{1,40}|Reply-To|Content-Location):",
    re.IGNORECASE,
)
_MAIL_HEAD = re.compile(rb"^(?:MIME-Version:\s*1|Content-Type:\s*(?:multipart|text)/)", re.IGNORECASE | re.MULTILINE)
_OTHER_OFFICE = ("Workbook", "PowerPoint Document", "__properties_version1", "VisioDocument")
_ODT = b"application/vnd.oasis.opendocument.text"


class Kind(StrEnum):
    """The true type of a file."""

    PDF = "pdf"
    DOCX = "docx"
    DOC = "doc"
    WORD_XML = "word_xml"
    RTF = "rtf"
    ODT = "odt"
    HTML = "html"
    MAIL = "mail"
    TEXT = "text"
    ARCHIVE = "archive"
    OFFICE = "office"
    MARKUP = "markup"
    IMAGE = "image"
    PROGRAM = "program"
    UNKNOWN = "unknown"


READABLE = frozenset(
    {Kind.PDF, Kind.DOCX, Kind.DOC, Kind.WORD_XML, Kind.RTF, Kind.ODT, Kind.HTML, Kind.MAIL, Kind.TEXT}
)
_DANGEROUS = frozenset({Kind.PROGRAM, Kind.MARKUP, Kind.ARCHIVE})
# What a word processor opens under this name without a question. Job boards call their pages and saved mails .doc; WPS
# and Word write one another's formats. Whoever opens such a file sees what we read: the name harms nobody.
_WORDS = frozenset({Kind.DOC, Kind.DOCX, Kind.WORD_XML, Kind.RTF, Kind.ODT, Kind.HTML, Kind.MAIL, Kind.TEXT})
_PAGE = frozenset({Kind.HTML, Kind.MAIL})
_ENDINGS: dict[str, frozenset[Kind]] = {
    "pdf": frozenset({Kind.PDF}),
    "docx": frozenset({Kind.DOCX, Kind.DOC, Kind.WORD_XML, Kind.RTF}),
    "doc": _WORDS,
    "dot": _WORDS,
    "wps": _WORDS,
    "wpt": _WORDS,
    "rtf": frozenset({Kind.RTF, Kind.DOC, Kind.DOCX}),
    "odt": frozenset({Kind.ODT}),
    "xml": frozenset({Kind.WORD_XML}),
    "html": _PAGE,
    "htm": _PAGE,
    "mht": _PAGE,
    "mhtml": _PAGE,
    "eml": frozenset({Kind.MAIL}),
    "txt": frozenset({Kind.TEXT}),
    "text": frozenset({Kind.TEXT}),
    "md": frozenset({Kind.TEXT}),
    "": READABLE,
}


def sniff(data: bytes) -> Kind:
    """Return what the bytes are, whatever they are called."""
    head = data[:1024]
    if head.startswith((_ZIP, _ZIP_END)):
        return _kind_of_zip(data)
    if head.startswith(_OLE):
        others = not any(_utf16(name) in data for name in ("WordDocument", "EncryptedPackage"))
        return Kind.OFFICE if others and any(_utf16(name) in data for name in _OTHER_OFFICE) else Kind.DOC
    if head.startswith(_PROGRAMS) and (not head.startswith(b"MZ") or b"\x00" in head):
        return Kind.PROGRAM
    if head.startswith(_IMAGES) and (not head.startswith((b"BM", b"RIFF")) or b"\x00" in head[:16]):
        return Kind.IMAGE
    if head.startswith(_ARCHIVES):
        return Kind.ARCHIVE
    if head[4:12] in {b"ftypheic", b"ftypmif1", b"ftypavif"}:
        return Kind.IMAGE
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return Kind.RTF
    start = _start_of_text(data)
    if _MARKUP.match(start) and _WORD_XML.search(start):
        return Kind.WORD_XML
    if _HTML.match(start):
        return Kind.HTML
    if _MARKUP.match(start):
        return Kind.MARKUP
    if b"%PDF-" in head:
        return Kind.PDF
    if _MAIL.match(start) and _MAIL_HEAD.search(data[:16_384]):
        return Kind.MAIL
    return Kind.TEXT if _looks_like_text(data) else Kind.UNKNOWN


def check(data: bytes, filename: str) -> Kind:
    """Return the kind of a file that may be read.

    Raises:
        Unreadable: `empty`, `no_text` for a picture, `encrypted`, `unsupported` with the kind as detail, or `lying`
            where the ending of the name promises something else or the bytes are two kinds of file at once.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise Unreadable(Reason.EMPTY)
    kind = sniff(data)
    if kind is Kind.IMAGE:
        raise Unreadable(Reason.NO_TEXT, "picture")  # whatever it is called: a picture under another name harms nobody
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
    if kind is Kind.DOC and _utf16("EncryptedPackage") in data:
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
    if data[30:38] != b"mimetype":
        return Kind.ARCHIVE
    return Kind.ODT if data[38 : 38 + len(_ODT)] == _ODT and data[38 + len(_ODT) :][:2] == b"PK" else Kind.OFFICE


def _start_of_text(data: bytes) -> bytes:
    """Return the beginning of a file, one byte for each letter: pages are saved in UTF-16 too."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data[2:8192].replace(b"\x00", b"")
    return data[:4096].removeprefix(b"\xef\xbb\xbf")


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


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
