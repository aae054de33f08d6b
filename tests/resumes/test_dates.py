"""Dates as résumés write them."""

from datetime import date

import pytest

from zhiren.resumes.dates import dates_in, ends_open, months_covered, ranges_in


class TestRangesIn:
    @pytest.mark.parametrize(
        ("text", "first", "last"),
        [
            ("2019.03-2022.05", "2019-03", "2022-05"),
            ("2019年3月至今", "2019-03", None),
            ("自2019年3月起", "2019-03", None),
            ("2001年至2003年在", "2001", "2003"),
            ("我于2015年至今", "2015", None),
            ("APRİL 2019 – JUNI 2020", "2019-04", "2020-06"),
            ("Mar 2019 – Present", "2019-03", None),
            ("03/2019 - 05/2022", "2019-03", "2022-05"),
            ("2019/03~至今", "2019-03", None),
            ("201903-202205", "2019-03", "2022-05"),
            ("2016-2020", "2016", "2020"),
            ("2019.3.1-2022.5.31", "2019-03-01", "2022-05-31"),
            ("2022 年 03 月 – 2022 年 12 月", "2022-03", "2022-12"),
            ("2018-09-2023-05", "2018-09", "2023-05"),
            ("2019.09 —— 2023.06", "2019-09", "2023-06"),
            ("Sept–Dec 2020", "2020-09", "2020-12"),
            ("07/2013 to Current", "2013-07", None),
            ("May 12, 2019 - 3 June 2020", "2019-05-12", "2020-06-03"),
            ("3 月 2021 – 至今", "2021-03", None),
            ("三月 2019 - 十二月 2020", "2019-03", "2020-12"),
            ("民国105年9月~109年6月", "2016-09", "2020-06"),
            ("民国110年9月至今", "2021-09", None),
            ("Mar '19 – Jun '21", "2019-03", "2021-06"),
            ("'19 – '21", "2019", "2021"),
            ("2016-20", "2016", "2020"),
            ("Januar 2019 – heute", "2019-01", None),
            ("févr. 2018 - août 2020", "2018-02", "2020-08"),
            ("2019/3~Now", "2019-03", None),
            ("2018/3～仍在职", "2018-03", None),
        ],
    )
    def test_reads(self, text: str, first: str, last: str | None) -> None:
        (found,) = ranges_in(text)

        assert (found.first.value, found.last.value if found.last else None) == (first, last)
        assert text[found.start : found.end]

    @pytest.mark.parametrize(
        "text",
        ["2022-2019", "US Patent 11,234,567", "138-0000-1234", "2022年起草方案", "GPA 3.8/4.0", "May to June"],
    )
    def test_sees_none_in(self, text: str) -> None:
        assert ranges_in(text) == []


class TestEndsOpen:
    @pytest.mark.parametrize(
        "text", ["Northwind\tSeptember 2018 to May", "Sept 2018 –", "2019.03 -", "May 2018 to Septem-"]
    )
    def test_sees_the_break_in(self, text: str) -> None:
        assert ends_open(text)

    @pytest.mark.parametrize("text", ["2018 to work", "Sept 2018 – May 2019", "2019", "from Monday to Friday"])
    def test_sees_none_in(self, text: str) -> None:
        assert not ends_open(text)


class TestDatesIn:
    def test_refuses_a_day_that_does_not_exist(self) -> None:
        assert [found.value for found in dates_in("2021-02-30")] == []

    def test_finds_a_year_within_a_sentence(self) -> None:
        assert [found.value for found in dates_in("于1965年出生")] == ["1965"]

    @pytest.mark.parametrize("text", ["共2000年级", "有近2000年历史", "人民币2000元", "约2000人", "第2010号"])
    def test_takes_no_other_number_for_a_year(self, text: str) -> None:
        assert dates_in(text) == []

    def test_takes_only_the_year_where_the_month_is_misspelled(self) -> None:
        assert [found.value for found in dates_in("Aprıl 2020")] == ["2020"]

    def test_takes_a_season_for_its_year(self) -> None:
        assert [found.value for found in dates_in("Summer 2021")] == ["2021"]


class TestMonthsCovered:
    def test_counts_overlaps_once(self) -> None:
        spans = [("2019-01", "2019-12"), ("2019-07", "2020-06")]

        assert months_covered(spans, on=date(2026, 1, 1)) == 18

    def test_lets_what_goes_on_end_on_the_day_asked_for(self) -> None:
        assert months_covered([("2025-01", None)], on=date(2026, 1, 31)) == 12

    def test_counts_nothing_of_the_future(self) -> None:
        assert months_covered([("2027-01", "2028-01")], on=date(2026, 1, 1)) == 0

    def test_takes_a_bare_year_for_its_january(self) -> None:
        assert months_covered([("2016", "2020")], on=date(2026, 1, 1)) == 48
