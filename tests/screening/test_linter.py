"""The words that may not decide who gets a job."""

import pytest

from zhiren.screening.linter import MOST_CHARACTERS, Severity, concerns_in


class TestConcernsIn:
    @pytest.mark.parametrize(
        ("text", "attribute"),
        [
            ("任职要求：限男性", "gender"),
            ("性别：女", "gender"),
            ("女士优先", "gender"),
            ("We prefer a male candidate. Male only.", "gender"),
            ("已婚已育优先", "family"),
            ("三年内无生育计划", "family"),
            ("Married candidates are welcome", "family"),
            ("无乙肝", "health"),
            ("形象好，气质佳", "health"),
            ("身高165cm以上", "health"),
            ("只招汉族", "ethnicity"),
            ("本地户口优先", "origin"),
            ("３５岁以下", "age"),
            ("年龄 18-35 岁", "age"),
            ("between 25 and 35 years old", "age"),
        ],
    )
    def test_names_what_a_text_decides_by(self, text: str, attribute: str) -> None:
        assert attribute in {concern.attribute for concern in concerns_in(text)}

    @pytest.mark.parametrize(
        "text",
        [
            "男女不限，年龄不限，学历不限",
            "负责女装与男鞋的陈列，经营女性用品",
            "缴纳养老、医疗、失业、工伤、生育保险",
            "熟悉 Hive、Spark、Single Sign-On 与 single page applications",
            "研发乙肝诊断试剂，有 HIV 检测试剂经验",
            "年满18周岁",
            "五年以上经验，团队 35 人，月薪 15-20K",
            "婚庆策划，健康管理，男科门诊的运营",
            "A single point of contact for our customers",
        ],
    )
    def test_leaves_alone_what_only_looks_alike(self, text: str) -> None:
        assert concerns_in(text) == []

    def test_says_where_and_by_what_law(self) -> None:
        text = "要求：会 Python，限男性，三年经验"

        (concern,) = concerns_in(text)

        assert text[concern.start : concern.end] == concern.words == "限男性"
        assert "四十三" in concern.law["zh"]
        assert "art. 43" in concern.law["en"]

    def test_warns_of_age_and_forbids_gender(self) -> None:
        severities = {one.attribute: one.severity for one in concerns_in("女，30岁以下")}

        assert severities == {"gender": Severity.FORBIDDEN, "age": Severity.WARNING}

    def test_names_overlapping_words_once(self) -> None:
        words = [concern.words for concern in concerns_in("已婚已育优先")]

        assert words == ["已婚已育优先"]

    def test_is_done_soon_with_the_longest_text(self) -> None:
        assert concerns_in("限" * MOST_CHARACTERS * 2) == []
