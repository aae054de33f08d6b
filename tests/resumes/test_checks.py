"""What contradicts itself is told; what is in order is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from zhiren.resumes import FINDINGS, Fact, Finding, Resume, check, parse

TODAY = date(2026, 3, 2)

WELL = """姓名：李若水
手机：13800001234
出生年月：1993年8月
教育背景
2011.09 - 2015.06 南麓财经大学 会计学 本科
2015.09 - 2018.06 西塘大学 会计学 硕士
工作经历
2018.07 - 2021.02 宁波远帆信息技术股份有限公司 会计
2021.03 - 至今 杭州青禾网络科技有限公司 财务主管
"""


def read(text: str) -> Resume:
    return parse(text.encode(), "cv.txt")


def findings(text: str) -> list[Finding]:
    return list(check(read(text), on=TODAY))


def codes(text: str) -> list[str]:
    return [finding.code for finding in findings(text)]


def dated(value: str) -> Fact:
    return Fact(value=value, source=value, page=None, line=1, start=0, end=len(value), confidence=1.0, rule="test")


class TestCheck:
    def test_finds_nothing_in_a_resume_in_order(self) -> None:
        assert findings(WELL) == []

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("2018.07 - 2021.02 宁波", "2021.02 - 2018.07 宁波", "end_before_start"),
            ("2021.03 - 至今", "2027.03 - 至今", "in_future"),
            ("2018.07 - 2021.02", "2018.13 - 2021.02", "impossible_date"),
            ("2021.03 - 至今", "2020.06 - 至今", "overlap"),
            ("2018.07 - 2021.02", "2018.07 - 2020.06", "gap"),
            ("1993年8月", "2005年8月", "young_worker"),
            ("1993年8月", "2000年8月", "young_student"),
            ("手机：", "年龄：42岁\n手机：", "age_differs"),
            ("2015.09 - 2018.06", "2008.09 - 2011.06", "education_order"),
            ("手机：", "生日：1990年2月\n手机：", "two_births"),
            ("手机：", "工作经验：15年\n手机：", "years_differ"),
        ],
    )
    def test_tells_of(self, old: str, new: str, code: str) -> None:
        assert old in WELL
        assert code in codes(WELL.replace(old, new))

    def test_tells_of_a_degree_without_a_school(self) -> None:
        assert codes("姓名：李若水\n手机：13800001234\n学历：硕士\n") == ["degree_without_school"]

    def test_tells_of_an_end_before_the_start_that_a_person_entered(self) -> None:
        resume = read(WELL)
        job = replace(resume.employers[0], start=dated("2021-05"), end=dated("2020-01"))
        (finding,) = [
            found
            for found in check(replace(resume, employers=(job, *resume.employers[1:])), on=TODAY)
            if found.code == "end_before_start"
        ]

        assert finding.fields == ("employers[0].start", "employers[0].end")
        assert finding.sentence() == "An entry ends (2020-01) before it begins (2021-05)."

    def test_counts_an_overlap_and_a_gap_in_months(self) -> None:
        (overlap,) = findings(WELL.replace("2021.03 - 至今", "2020.06 - 至今"))
        (gap,) = findings(WELL.replace("2018.07 - 2021.02", "2018.07 - 2020.06"))

        assert overlap.fields == ("employers[0]", "employers[1]")
        assert overlap.words["months"] == 8
        assert gap.words == {"start": "2020-07", "end": "2021-02", "months": 8}

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("2021.03 - 至今", "2020.12 - 至今"),
            ("2018.07 - 2021.02", "2018.07 - 2020.09"),
            (
                "2018.07 - 2021.02 宁波远帆信息技术股份有限公司 会计",
                "2018.07 - 2021.12 宁波远帆信息技术股份有限公司 会计实习生",
            ),
            ("2018.07 - 2021.02", "2018 - 2020"),
            ("手机：", "工作经验：8年\n手机："),
            ("手机：", "年龄：33岁\n手机："),
            ("2021.03 - 至今", "2018/19 年度\n2021.03 - 至今"),
        ],
    )
    def test_lets_pass(self, old: str, new: str) -> None:
        assert old in WELL
        assert codes(WELL.replace(old, new)) == []

    def test_does_not_count_years_of_study_as_a_gap(self) -> None:
        text = WELL.replace("2015.09 - 2018.06", "2021.03 - 2023.06").replace("2021.03 - 至今", "2023.07 - 至今")

        assert "gap" not in codes(text.replace("2018.07 - 2021.02", "2015.07 - 2021.02"))

    def test_changes_nothing(self) -> None:
        resume = read(WELL.replace("2021.03", "2027.03"))
        before = resume.to_json()
        check(resume, on=TODAY)

        assert resume.to_json() == before

    def test_has_a_sentence_for_each_code_it_gives(self) -> None:
        text = WELL.replace("2021.03", "2020.03").replace("1993年8月", "2001年8月").replace("2018.07 -", "2018.13 -")
        found = findings(text)

        assert len(found) > 2
        assert all(finding.code in FINDINGS and "%" not in finding.sentence() for finding in found)
