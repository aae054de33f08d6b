"""PDF files, honest and hostile."""

import pytest

from tests.resumes.builders import column, encrypted_pdf, pdf
from zhiren.resumes.document import fact
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

    def test_reads_three_columns_one_after_the_other(self) -> None:
        left = ["Contact", "Dublin", "jane@example.com", "Links", "example.com/jane", "Hobbies", "Chess"]
        middle = ["Experience", "Northwind Ltd", "Engineer", "2019 - 2022", "Built the orders", "Ran it", "Sold it"]
        right = ["Skills", "Python", "SQL", "Excel", "Languages", "English", "French"]
        data = pdf([[*column(left, x=40), *column(middle, x=220), *column(right, x=420)]])
        document = read_pdf(data)

        assert [line.text for line in document.lines] == [*left, *middle, *right]
        assert document.layout == "pdf-3-columns"

    @pytest.mark.parametrize("turned", [0, 90, 180, 270])
    def test_knows_where_a_word_stands_on_the_page_as_it_is_shown(self, turned: int) -> None:
        # Helvetica of 10 points: "Jane Roe" is 41.7 points wide, "Analyst" 33.9; A4 is 595 by 842.
        texts = [(59.5, 757.8, "Jane Roe is here"), (297.5, 421.0, "Analyst")]
        document = read_pdf(pdf([texts], size=10, turned=turned))
        name = fact(document.lines[0], (0, 8), confidence=1, rule="test")
        title = fact(document.lines[-1], (0, 7), confidence=1, rule="test")

        assert name.box == pytest.approx((0.1, 0.09, 0.17, 0.103), abs=0.005)
        assert title.box == pytest.approx((0.5, 0.49, 0.557, 0.503), abs=0.005)

    def test_places_what_stands_at_both_ends_of_a_line(self) -> None:
        document = read_pdf(pdf([[(59.5, 700, "Northwind Ltd"), (476, 700, "2019 - 2022"), (59.5, 600, "Engineer")]]))
        line = document.lines[0]
        at = line.text.index("2019")

        assert line.text == "Northwind Ltd\t2019 - 2022"
        box = fact(line, (at, len(line.text)), confidence=1, rule="test").box
        assert box is not None
        assert box[0] == pytest.approx(0.8, abs=0.005)

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
