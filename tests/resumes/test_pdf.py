"""PDF files, honest and hostile."""

import pytest

from tests.resumes.builders import column, encrypted_pdf, pdf
from zhiren.resumes.errors import Reason, Unreadable
from zhiren.resumes.pdf import read_pdf


class TestReadPdf:
    def test_knows_on_which_page_a_line_stands(self) -> None:
        document = read_pdf(pdf([column(["Jane Roe", "jane.roe@example.com"]), column(["Education of Jane"])]))

        assert document.pages == 2
        assert [(line.text, line.page) for line in document.lines] == [
            ("Jane Roe", 1),
            ("jane.roe@example.com", 1),
            ("Education of Jane", 2),
        ]

    def test_reads_two_columns_one_after_the_other(self) -> None:
        left = ["Contact", "jane@example.com", "Skills", "Python", "SQL", "Excel"]
        right = ["Experience", "Northwind Ltd", "Engineer", "2019 - 2022", "Built the ordering service", "Education"]
        document = read_pdf(pdf([[*column(left, x=40), *column(right, x=300)]]))

        assert [line.text for line in document.lines] == [*left, *right]

    def test_keeps_a_date_on_the_line_it_belongs_to(self) -> None:
        jobs = [f"Northwind Branch {number}" for number in range(6)]
        dates = [f"0{number + 1}/2019 - 0{number + 1}/2020" for number in range(6)]
        document = read_pdf(pdf([[*column(jobs, x=40), *column(dates, x=450)]]))

        assert [line.text for line in document.lines] == [
            f"{job}\t{date}" for job, date in zip(jobs, dates, strict=True)
        ]

    def test_leaves_out_page_numbers_and_repeated_heads(self) -> None:
        body = [f"Line {word} of the text" for word in ("one", "two", "three", "four", "five")]
        pages = [column([f"CV of Jane Roe {number}", *body, f"Page {number} of 2"]) for number in (1, 2)]

        text = read_pdf(pdf(pages)).text

        assert text.count("CV of Jane Roe") == 1
        assert "Page" not in text

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (encrypted_pdf(), Reason.ENCRYPTED),
            (pdf([column(["Jane Roe", "jane.roe@example.com"])])[:120], Reason.DAMAGED),
            (b"%PDF-1.7\n", Reason.DAMAGED),
            (pdf([[]]), Reason.NO_TEXT),
            (pdf([[(60, 700, "x")]] * 101), Reason.TOO_MANY_PAGES),
            (pdf([[(60, 700, "x")]] * 3_000), Reason.TOO_MANY_PAGES),
        ],
        ids=["encrypted", "cut off", "head only", "no text", "101 pages", "3000 pages"],
    )
    def test_refuses(self, data: bytes, reason: Reason) -> None:
        with pytest.raises(Unreadable) as caught:
            read_pdf(data)

        assert caught.value.reason is reason
