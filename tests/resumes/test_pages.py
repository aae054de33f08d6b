"""Pictures of pages."""

import io

import pytest
from PIL import Image

from tests.resumes.builders import column, docx, encrypted_pdf, paragraph, pdf
from zhiren.resumes import Reason, Unreadable, render_page_safely
from zhiren.resumes.pages import page_sizes, render_page

TWO_PAGES = pdf([column(["Jane Roe"]), [(60, 100, "Education of Jane")]], size=40)


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("L")


class TestRenderPage:
    def test_draws_the_page_that_is_asked_for(self) -> None:
        picture = opened(render_page(TWO_PAGES, "cv.pdf", page=2, width=595))
        inked = picture.point(lambda tone: 255 if tone < 128 else 0).getbbox()

        assert picture.size == (595, 842)
        assert inked is not None
        assert (inked[0], inked[3]) == pytest.approx((63, 742), abs=12)

    @pytest.mark.parametrize(("asked", "given"), [(0, 16), (300, 300), (9_000, 1_600)])
    def test_keeps_the_width_within_its_bounds(self, asked: int, given: int) -> None:
        assert opened(render_page(TWO_PAGES, "cv.pdf", page=1, width=asked)).width == pytest.approx(given, abs=1)

    def test_draws_no_more_than_eight_megapixels_of_a_page_like_a_tape(self) -> None:
        tape = TWO_PAGES.replace(b"[0 0 595 842]", b"[0 0 59 9999]")

        wide, high = opened(render_page(tape, "cv.pdf", page=1, width=1_600)).size

        assert 7_500_000 < wide * high <= 8_100_000

    @pytest.mark.parametrize(
        ("data", "filename", "page", "reason"),
        [
            (TWO_PAGES, "cv.pdf", 0, Reason.UNSUPPORTED),
            (TWO_PAGES, "cv.pdf", 3, Reason.UNSUPPORTED),
            (docx(paragraph("Jane Roe, Analyst at Northwind")), "cv.docx", 1, Reason.UNSUPPORTED),
            (encrypted_pdf(), "cv.pdf", 1, Reason.ENCRYPTED),
            (TWO_PAGES[:200], "cv.pdf", 1, Reason.DAMAGED),
            (pdf([[(60, 700, "x")]] * 101), "cv.pdf", 1, Reason.TOO_MANY_PAGES),
        ],
        ids=["page 0", "page 3", "docx", "encrypted", "cut off", "101 pages"],
    )
    def test_refuses(self, data: bytes, filename: str, page: int, reason: Reason) -> None:
        with pytest.raises(Unreadable) as caught:
            render_page(data, filename, page=page, width=600)

        assert caught.value.reason is reason


class TestPageSizes:
    def test_are_those_of_the_page_as_it_is_shown(self) -> None:
        assert page_sizes(TWO_PAGES, "cv.pdf") == [(595, 842), (595, 842)]
        assert page_sizes(pdf([column(["Jane Roe"])], turned=90), "cv.pdf") == [(595, 842)]


class TestRenderPageSafely:
    def test_gives_what_render_page_gives(self) -> None:
        assert render_page_safely(TWO_PAGES, "cv.pdf", page=1, width=300) == render_page(
            TWO_PAGES, "cv.pdf", page=1, width=300
        )

    def test_refuses_with_the_reason(self) -> None:
        with pytest.raises(Unreadable) as caught:
            render_page_safely(TWO_PAGES, "cv.pdf", page=9, width=300)

        assert (caught.value.reason, caught.value.detail) == (Reason.UNSUPPORTED, "no_page")
