"""Files made for the tests: honest ones and hostile ones. Nobody in them exists."""

from __future__ import annotations

import base64
import functools
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"


def paragraph(text: str, *, properties: str = "") -> str:
    return f"<w:p><w:r>{properties}<w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def table(rows: Iterable[Iterable[Sequence[str]]]) -> str:
    """Rows of cells of paragraphs."""
    return (
        "<w:tbl>"
        + "".join(
            "<w:tr>" + "".join("<w:tc>" + "".join(map(paragraph, cell)) + "</w:tc>" for cell in row) + "</w:tr>"
            for row in rows
        )
        + "</w:tbl>"
    )


def docx(
    body: str, *, head: str = "", foot: str = "", prolog: str = "", extra: dict[str, bytes] | None = None
) -> bytes:
    """A DOCX with this body XML."""
    members = {
        "[Content_Types].xml": TYPES.encode(),
        "word/document.xml": (
            f"<?xml version='1.0'?>{prolog}<w:document xmlns:w='{WORD}'><w:body>{body}</w:body></w:document>".encode()
        ),
        **(extra or {}),
    }
    for name, content in (("header", head), ("footer", foot)):
        if content:
            members[f"word/{name}1.xml"] = f"<w:hdr xmlns:w='{WORD}'>{content}</w:hdr>".encode()
    return archive(members)


def archive(members: dict[str, bytes], *, stored: bool = False) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return target.getvalue()


def archive_with_raw_name(name: bytes, content: bytes) -> bytes:
    """A ZIP whose one member's name is these bytes, without the mark for UTF-8: as Chinese Windows writes it."""
    placeholder = b"n" * len(name)
    made = archive({placeholder.decode(): content})
    return made.replace(placeholder, name)


def archive_with_link(name: str, target: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = 0o120777 << 16
        out.writestr(info, target)
    return made.getvalue()


def pdf(
    pages: Iterable[Iterable[tuple[float, float, str]]],
    *,
    size: int = 11,
    trailer: bytes = b"",
    turned: int = 0,
    drawing: bytes = b"",
) -> bytes:
    """A PDF with Helvetica texts at (x, y) in points from the lower left; Latin letters only.

    `turned` is how far the pages are turned clockwise for showing; texts stand upright and where told all the same.
    `drawing` is drawn on every page before the texts.
    """
    matrix = {0: "1 0 0 1 {0} {1}", 90: "0 1 -1 0 {3} {0}", 180: "-1 0 0 -1 {2} {3}", 270: "0 -1 1 0 {1} {2}"}[turned]
    width, height = (595, 842) if turned % 180 == 0 else (842, 595)
    objects: list[bytes] = [b"", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for texts in pages:
        drawn = drawing + b"\nBT /F1 %d Tf\n" % size
        for x, y, text in texts:
            escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("latin-1")
            place = matrix.format(x, y, 595 - x, 842 - y).encode()
            drawn += b"%s Tm (%s) Tj\n" % (place, escaped)
        drawn += b"ET"
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Rotate %d/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
            % (width, height, turned, len(objects))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    return _assembled(objects, trailer)


def encrypted_pdf() -> bytes:
    """A PDF whose standard security handler no empty password opens."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 0/Kids[]>>",
        b"<</Filter/Standard/V 1/R 2/P -4/O<" + b"ab" * 32 + b">/U<" + b"cd" * 32 + b">>>",
    ]
    return _assembled(objects, b"/Encrypt 3 0 R/ID[<00><00>]")


def base64_lines(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def body_of(made: bytes) -> bytes:
    """The XML between the body's tags of a DOCX."""
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        xml = opened.read("word/document.xml")
    return xml.partition(b"<w:body>")[2].rpartition(b"</w:body>")[0]


def ole_in_a_circle(made: bytes) -> bytes:
    """An OLE file in whose table of sectors each one is its own successor."""
    (where,) = struct.unpack_from("<I", made, 0x4C)
    begin = 512 * (where + 1)
    return made[:begin] + b"".join(struct.pack("<I", number) for number in range(128)) + made[begin + 512 :]


def column(
    texts: Iterable[str], *, x: float = 60, top: float = 780, step: float = 16
) -> list[tuple[float, float, str]]:
    return [(x, top - step * place, text) for place, text in enumerate(texts)]


@functools.cache  # asked for wherever files are listed that are refused
def bomb(megabytes: int) -> bytes:
    """A DOCX of a few kilobytes whose body inflates to so many megabytes."""
    return archive(
        {"[Content_Types].xml": TYPES.encode(), "word/document.xml": b"<w:p/>" * (megabytes * 1024 * 1024 // 6)}
    )


def lying_size(content: bytes) -> bytes:
    """A ZIP that says its member is ten bytes long and inflates to all of the content."""
    made = bytearray(archive({"cv.txt": content}))
    real = len(content).to_bytes(4, "little")
    short = (10).to_bytes(4, "little")
    return bytes(made.replace(real, short))


def deflated(content: bytes) -> bytes:
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return squeezer.compress(content) + squeezer.flush()


def _assembled(objects: list[bytes], trailer: bytes) -> bytes:
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
