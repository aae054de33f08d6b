"""Which line belongs under which heading, where a page breaks what belongs together."""

import pytest

from tests.resumes.reading import jobs_of, read
from zhiren.resumes.document import Glyph, RawLine, build
from zhiren.resumes.segments import looks_like_resume, segments_of


def sized(*lines: tuple[str, float]) -> list[str]:
    """The kinds of the parts of a page whose lines have these sizes."""
    document = build([RawLine(text, 1, size) for text, size in lines], pages=1)
    return [segment.kind for segment in segments_of(document)]


class TestSegmentsOf:
    def test_makes_dates_whole_that_the_margin_breaks(self) -> None:
        resume = read(
            "Anna Lee\nanna@example.com\nExperience\nBuyer, Northwind Ltd\tSeptember 2018 to May\n2023\n- Bought.\n"
            "Clerk, Blue Harbour Ltd\tFebruary 2017 to Septem-\nber 2018\n- Sold.\n"
        )

        assert jobs_of(resume) == [
            ("Northwind Ltd", "Buyer", "2018-09", "2023-05"),
            ("Blue Harbour Ltd", "Clerk", "2017-02", "2018-09"),
        ]
        end = resume.employers[0].end
        assert end is not None
        assert resume.text[end.start : end.end] == "May\n2023"

    def test_ends_a_part_at_a_heading_it_does_not_know(self) -> None:
        body = ("Some words about it.", 10.0)
        kinds = sized(
            ("Anna Lee", 20.0), ("Experience", 14.0), body, body, ("Education", 14.0), body, body,
            ("Skills", 14.0), body, ("Voyages", 14.0), body, body,
        )  # fmt: skip

        assert kinds == ["header", "work", "education", "skills", "other"]

    def test_takes_employers_set_like_headings_for_no_headings(self) -> None:
        body = ("Some words about it.", 10.0)
        kinds = sized(
            ("Anna Lee", 20.0), ("Experience", 14.0), ("Northwind Bank", 14.0), body, body, ("Education", 14.0), body,
            ("Skills", 14.0), body, body, body,
        )  # fmt: skip

        assert kinds == ["header", "work", "education", "skills"]

    @pytest.mark.parametrize(
        ("heading", "kind"),
        [
            ("工作经历（近五年）", "work"),
            ("【兼职】", "internships"),
            ("學歷", "education"),
            ("自傳", "summary"),
            ("Research Experience", "work"),
            ("实习经历", "internships"),
            ("◆ 项目经验 ◆", "projects"),
        ],
    )
    def test_knows_the_heading(self, heading: str, kind: str) -> None:
        text = f"姓名：李若水\n16200001234\n{heading}\n2019.03-2020.02 宁波远帆贸易有限公司 会计\n"

        assert [section.kind for section in read(text).sections] == ["header", kind]


class TestLooksLikeResume:
    def test_says_no_to_an_empty_text(self) -> None:
        document = build([], pages=1)

        assert not looks_like_resume(document, segments_of(document))


def typed(*lines: tuple[str, float, float]) -> list[str]:
    """The headings of a page whose first letters are set in one size and are as high as another."""
    raw = [
        RawLine(
            text,
            1,
            height,
            letters=[
                Glyph(char, 60 + 5 * place, 65 + 5 * place, 800 - 20 * row, height, size=size)
                for place, char in enumerate(text)
            ],
        )
        for row, (text, size, height) in enumerate(lines)
    ]
    return [segment.heading for segment in segments_of(build(raw, pages=1))]


class TestSizesOfType:
    def test_tell_headings_where_letters_of_two_scripts_differ_in_height(self) -> None:
        assert typed(
            ("李若水", 28, 21),
            ("13800001234", 14, 12.2),
            ("li@example.com", 14, 12.2),
            ("現居新竹", 14, 10.5),
            ("工作經歷", 16, 12),
            ("2018.05至今 青禾集團 技術員", 14, 12.2),
            ("專業技能", 16, 12),
            ("Python", 14, 12.2),
            ("兵役", 16, 12),
            ("役畢", 14, 10.5),
            ("專長", 16, 11.5),
            ("Excel", 14, 12.2),
        ) == ["", "工作經歷", "專業技能", "兵役", "專長"]
