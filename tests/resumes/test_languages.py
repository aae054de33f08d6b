"""Languages and how well they are known."""

import pytest

from tests.resumes.lines import segments
from zhiren.resumes.languages import is_language, languages_in
from zhiren.resumes.vocabulary import load

Told = list[tuple[str, str | None, str]]


def told(lines: str, heading: str = "专业技能") -> Told:
    return [
        (known.language.code, known.level.source if known.level else None, known.level.code if known.level else "")
        for known in languages_in(segments(lines, heading=heading))
    ]


class TestLanguagesIn:
    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("英语 CET-6", ("en", "CET-6", "B2")),
            ("大学英语四级", ("en", "大学英语四级", "B1")),
            ("英语四级 400分", ("en", "英语四级 400分", "")),
            ("CET4/CET6", ("en", "CET6", "B2")),
            ("雅思7.0", ("en", "雅思7.0", "C1")),
            ("IELTS: overall 8.5", ("en", "IELTS: overall 8.5", "C2")),
            ("TOEFL iBT 85", ("en", "TOEFL iBT 85", "B2")),
            ("TOEFL 5.5", ("en", "TOEFL 5.5", "C1")),
            ("托业 785", ("en", "托业 785", "B2")),
            ("英语专业八级", ("en", "英语专业八级", "")),
            ("BEC高级", ("en", "BEC高级", "C1")),
            ("日语N1", ("ja", "日语N1", "B2")),
            ("JLPT N1（150分）", ("ja", "JLPT N1（150分）", "C1")),
            ("HSK 5级", ("zh", "HSK 5级", "C1")),
            ("普通话二级甲等", ("zh", "二级甲等", "")),
            ("英语（流利）", ("en", "流利", "")),
            ("Native Spanish speaker", ("es", "Native", "native")),
            ("German - C1", ("de", "C1", "C1")),
        ],
    )
    def test_reads_the_level_of(self, line: str, expected: tuple[str, str, str]) -> None:
        assert told(line) == [expected]

    def test_reads_several_in_one_line(self) -> None:
        assert told("English (native), French (B2); 粤语：母语") == [
            ("en", "native", "native"),
            ("fr", "B2", "B2"),
            ("yue", "母语", "native"),
        ]

    def test_lets_two_share_a_level(self) -> None:
        assert told("精通英语和日语") == [("en", "精通", ""), ("ja", "精通", "")]

    def test_reads_a_list_without_levels_only_where_languages_are_listed(self) -> None:
        assert told("English, Mandarin, Python", "Languages") == [("en", None, ""), ("zh", None, "")]
        assert told("Languages: English, Spanish", "SKILLS") == [("en", None, ""), ("es", None, "")]
        assert told("English, Mandarin, Python", "SKILLS") == []

    @pytest.mark.parametrize(
        "line", ["英语专业 本科", "English teacher at a school", "商务英语", "Python (fluent)", "熟悉 CAE 和 PET 注塑"]
    )
    def test_reads_none_from(self, line: str) -> None:
        assert told(line) == []

    def test_reads_none_from_what_was_done_at_work(self) -> None:
        assert told("2019.01-2020.01 上海青禾培训有限公司 教师\n教授雅思 7.0 课程", "工作经历") == []

    def test_keeps_the_level_that_tells_most(self) -> None:
        assert told("英语：流利\n英语六级") == [("en", "英语六级", "B2")]

    def test_is_less_sure_where_no_official_table_stands_behind_a_level(self) -> None:
        (common,) = languages_in(segments("英语 CET-6"))
        (official,) = languages_in(segments("雅思7.0"))

        assert common.level is not None
        assert official.level is not None
        assert common.level.confidence < official.level.confidence


class TestExaminations:
    def test_each_names_the_source_of_its_levels(self) -> None:
        examinations = load("languages")["examinations"]

        assert [name for name, about in examinations.items() if not about.get("source")] == []
        assert [
            name
            for name, about in examinations.items()
            if about["source"] == "none found" and (about.get("pass") or any(about.get("grades", {}).values()))
        ] == []


class TestIsLanguage:
    def test_knows_names_and_examinations(self) -> None:
        assert [is_language(text) for text in ("日语 N2", "English", "CET-6", "普通话二甲", "Python")] == [
            True, True, True, True, False
        ]  # fmt: skip

    def test_tells_a_dotless_i_from_an_i(self) -> None:
        assert [is_language(text) for text in ("Englısh", "ENGLİSH")] == [False, True]
