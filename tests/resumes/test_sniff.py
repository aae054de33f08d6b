"""What a file truly is."""

import pytest

from tests.resumes import builders
from zhiren.resumes.errors import Reason, Unreadable
from zhiren.resumes.sniff import Kind, check

TEXT = "姓名：李若水\n".encode()
PDF = builders.pdf([[(60, 700, "Jane Roe")]])
DOCX = builders.docx(builders.paragraph("李若水"))
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04" + b"\x00" * 60
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
WORD = OLE + "WordDocument".encode("utf-16-le")
ODT = builders.archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}, stored=True)


class TestCheck:
    @pytest.mark.parametrize(
        ("data", "filename", "kind"),
        [
            (PDF, "cv.pdf", Kind.PDF),
            (PDF, "CV.PDF", Kind.PDF),
            (PDF, "resume", Kind.PDF),
            (b"\xef\xbb\xbf" + PDF, "cv.pdf", Kind.PDF),
            (DOCX, "cv.docx", Kind.DOCX),
            (DOCX, "cv.doc", Kind.DOCX),
            (TEXT, "cv.txt", Kind.TEXT),
            ("姓名：李若水\n".encode("utf-16"), "cv.txt", Kind.TEXT),
            (HTML, "cv.doc", Kind.HTML),
            (HTML, "cv.htm", Kind.HTML),
            (HTML.decode().encode("utf-16"), "cv.doc", Kind.HTML),
            (b"<table><tr><td>CV</td></tr></table>", "cv.doc", Kind.HTML),
            (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html/>", "cv.html", Kind.HTML),
            (b"\xef\xbb\xbf" + HTML, "cv.wps", Kind.HTML),
            (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n", "cv.doc", Kind.MAIL),
            (b"Received: from x\r\nContent-Type: text/plain\r\n\r\nhello", "cv.eml", Kind.MAIL),
            (b"From: 2019 to 2022 I worked at Northwind", "cv.txt", Kind.TEXT),
            (b"{\\rtf1 CV}", "cv.doc", Kind.RTF),
            (b"{\\rtf1 CV}", "cv.rtf", Kind.RTF),
            (TEXT, "cv.doc", Kind.TEXT),
            (WORD, "cv.doc", Kind.DOC),
            (WORD, "cv.wps", Kind.DOC),
            (WORD, "cv.docx", Kind.DOC),
            (
                b"<?xml version='1.0'?><?mso-application progid=\"Word.Document\"?><w:wordDocument/>",
                "cv.doc",
                Kind.WORD_XML,
            ),
            (ODT, "cv.odt", Kind.ODT),
        ],
    )
    def test_lets_through(self, data: bytes, filename: str, kind: Kind) -> None:
        assert check(data, filename) is kind

    @pytest.mark.parametrize(
        ("data", "filename", "reason"),
        [
            (b"", "cv.pdf", Reason.EMPTY),
            (b"\x00\n  \x00", "cv.txt", Reason.EMPTY),
            (PROGRAM, "cv.pdf", Reason.LYING),
            (PROGRAM, "cv.docx", Reason.LYING),
            (PROGRAM, "cv.exe", Reason.UNSUPPORTED),
            (PDF, "cv.pdf.exe", Reason.LYING),
            (PDF, "cv.docx", Reason.LYING),
            (TEXT, "cv.pdf", Reason.LYING),
            (HTML, "cv.pdf", Reason.LYING),
            (HTML, "cv.txt", Reason.LYING),
            (HTML, "cv.docx", Reason.LYING),
            (b"<svg xmlns='x'><script/></svg>", "cv.svg", Reason.UNSUPPORTED),
            (b"<svg xmlns='x'><script/></svg>", "cv.doc", Reason.LYING),
            (b"{\\rtf1 CV}", "cv.pdf", Reason.LYING),
            (WORD, "cv.pdf", Reason.LYING),
            (OLE + "Workbook".encode("utf-16-le"), "cv.doc", Reason.LYING),
            (OLE + "Workbook".encode("utf-16-le"), "cv.xls", Reason.UNSUPPORTED),
            (ODT.replace(b"text", b"calc"), "cv.ods", Reason.UNSUPPORTED),
            (OLE + "EncryptedPackage".encode("utf-16-le"), "cv.docx", Reason.ENCRYPTED),
            (OLE + "EncryptedPackage".encode("utf-16-le"), "cv.doc", Reason.ENCRYPTED),
            (b"\x89PNG\r\n\x1a\n\x00\x00", "cv.png", Reason.NO_TEXT),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF", "cv.pdf", Reason.NO_TEXT),
            (builders.archive({"cv.txt": TEXT}), "cv.zip", Reason.UNSUPPORTED),
            (builders.archive({"cv.txt": TEXT}), "cv.docx", Reason.LYING),
            (PDF + builders.archive({"cv.txt": TEXT}), "cv.pdf", Reason.LYING),
            (b"MZ\x00\x00" + b"\x00" * 40 + PDF, "cv.pdf", Reason.LYING),
            (b"<html>" + PDF, "cv.pdf", Reason.LYING),
            (PDF + HTML, "cv.pdf", Reason.LYING),
            (builders.docx("", extra={"word/vbaProject.bin": b"\x01"}), "cv.docx", Reason.LYING),
            (builders.archive({"[Content_Types].xml": b"x", "xl/workbook.xml": b"x"}), "cv.xlsx", Reason.UNSUPPORTED),
            (bytes(range(256)) * 8, "cv.txt", Reason.LYING),
        ],
    )
    def test_refuses(self, data: bytes, filename: str, reason: Reason) -> None:
        with pytest.raises(Unreadable) as caught:
            check(data, filename)

        assert caught.value.reason is reason
