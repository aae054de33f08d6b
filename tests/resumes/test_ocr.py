"""Photographs and scans: what is read from them, and what is refused before it costs anything."""

from __future__ import annotations

import io
from datetime import date

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.resumes.reading import value
from zhiren.operations.demo.people import FictionalPerson, fictional_people
from zhiren.operations.demo.resumes import write_resume
from zhiren.resumes import Reason, Resume, Unreadable, parse_safely
from zhiren.resumes.document import Glyph, RawLine
from zhiren.resumes.ocr import without_icons
from zhiren.resumes.safely import ocr_is_available

pypdfium2 = pytest.importorskip("pypdfium2")
pytestmark = pytest.mark.skipif(not ocr_is_available(), reason="the optional part `ocr` is not installed")


def photograph(pages: int = 1) -> tuple[FictionalPerson, list[Image.Image]]:
    """Return a made-up Chinese person and the upper half of their résumé's pages as pictures: each line takes time."""
    people = fictional_people(on=date(2026, 11, 16))
    person = next(one for one in people if one.language == "zh")
    _name, data = write_resume(person, "classic")
    with pypdfium2.PdfDocument(data) as pdf:
        whole = [pdf[number].render(scale=2).to_pil() for number in range(min(pages, len(pdf)))]
    return person, [page.crop((0, 0, page.width, page.height // 2)) for page in whole]


def written(pictures: list[Image.Image], form: str) -> bytes:
    out = io.BytesIO()
    pictures[0].save(out, form, save_all=len(pictures) > 1, append_images=pictures[1:])
    return out.getvalue()


def with_icons() -> bytes:
    """A page whose contacts stand on one line, each behind a filled disc with a hole, as icons look from afar."""
    page = Image.new("RGB", (1240, 620), "white")
    draw = ImageDraw.Draw(page)
    draw.text((60, 40), "Grace Kamau", font=ImageFont.load_default(48), fill="black")
    at = 60.0
    for contact in ("+254 712 345678", "grace.kamau@example.co.ke", "Nairobi, Kenya"):
        draw.ellipse((at, 130, at + 22, 152), fill="black")
        draw.ellipse((at + 7, 137, at + 15, 145), fill="white")
        font = ImageFont.load_default(24)
        draw.text((at + 32, 126), contact, font=font, fill="black")
        at += 32 + font.getlength(contact) + 36
    for place, text in enumerate(("Education", "2009.09 - 2013.06 Kenyatta University, BSc in Physics", "Experience")):
        draw.text((60, 240 + 50 * place), text, font=ImageFont.load_default(26), fill="black")
    draw.text((60, 390), "2015.02 - 2019.03 Kestrel Ltd, Line Cook", font=ImageFont.load_default(24), fill="black")
    return written([page], "PNG")


class TestIcons:
    def test_part_contacts_and_get_into_none(self) -> None:
        resume = parse_safely(with_icons(), "photo.png")

        assert [value(fact) for fact in (resume.name, resume.city)] == ["Grace Kamau", "Nairobi"]
        assert [fact.value for fact in resume.phones] == ["+254712345678"]
        assert [fact.value for fact in resume.mails] == ["grace.kamau@example.co.ke"]

    @pytest.mark.parametrize(
        ("read", "meant"),
        [
            ("①林志豪", "林志豪"),
            ("o林志豪", "林志豪"),
            ("i Grace Kamau", "Grace Kamau"),
            (
                "G +254 712 345678\t回lin.zhihao@example.com\t© Nairobi",
                "+254 712 345678\tlin.zhihao@example.com\tNairobi",
            ),
            ("国 lin.zhihao", "lin.zhihao"),
            ("J. Kamau", "J. Kamau"),
            ("A Grace Kamau", "A Grace Kamau"),
            ("国家开放大学", "国家开放大学"),
        ],
    )
    def test_read_as_letters_are_left_out_near_the_top(self, read: str, meant: str) -> None:
        letters = [Glyph(char, place, place + 1.0, 0.0, 1.0) for place, char in enumerate("".join(read.split()))]
        (line,) = without_icons([RawLine(read, 1, letters=letters)])

        assert line.text == meant
        assert "".join(letter.char for letter in line.letters) == "".join(meant.split())

    def test_may_be_points_of_a_list_further_down(self) -> None:
        lines = [RawLine("●负责门店", 1)] * 20

        assert without_icons(lines)[-1].text == "●负责门店"


class TestPictures:
    def test_give_the_facts_with_their_places_whatever_they_come_in(self) -> None:
        person, (picture,) = photograph()
        photo = parse_safely(written([picture], "JPEG"), "photo.jpg")
        scan = parse_safely(written([picture], "PDF"), "scan.pdf")

        for resume in (photo, scan):
            self._holds(resume, person)

    def _holds(self, resume: Resume, person: FictionalPerson) -> None:
        assert resume.name is not None
        assert resume.name.value == person.name
        assert person.mail in [fact.value for fact in resume.mails]
        assert "read_from_picture" in resume.warnings
        assert resume.layout.startswith("picture")
        assert resume.name.box is not None
        left, top, right, bottom = resume.name.box
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom < 0.3

    def test_of_a_white_page_say_that_there_is_no_text(self) -> None:
        assert refused(written([Image.new("RGB", (800, 1100), "white")], "PNG"), "white.png") is Reason.NO_TEXT

    def test_that_are_cut_off_are_damaged(self) -> None:
        _person, (picture,) = photograph()

        assert refused(written([picture], "PNG")[:5000], "half.png") is Reason.DAMAGED

    def test_of_two_hundred_megapixels_are_refused_unopened(self) -> None:
        huge = written([Image.new("1", (20_000, 10_000))], "PNG")

        assert refused(huge, "huge.png") is Reason.TOO_LARGE

    def test_in_hundreds_are_refused(self) -> None:
        many = written([Image.new("1", (40, 40))] * 300, "TIFF")

        assert refused(many, "many.tiff") is Reason.TOO_MANY_PAGES

    def test_are_left_to_the_worker_where_somebody_waits(self) -> None:
        picture = written([Image.new("RGB", (200, 200), "white")], "JPEG")

        with pytest.raises(Unreadable) as caught:
            parse_safely(picture, "photo.jpg", pictures=False)

        assert caught.value.reason is Reason.NO_TEXT


def refused(data: bytes, filename: str) -> Reason:
    with pytest.raises(Unreadable) as caught:
        parse_safely(data, filename)
    return caught.value.reason
