"""Text into pieces, what was typed into terms, and snippets."""

import pytest

from zhiren.talent import rules
from zhiren.talent.rules import Term


def units(text: str) -> list[list[tuple[str, ...]]]:
    return [[term.units for term in group.terms] for group in rules.read_query(text)]


def found(text: str, query: str) -> bool:
    """Tell whether the index would answer a text for a query, and a look at the text agrees."""
    cleaned = rules.clean(text)
    pieces = rules.pieces(cleaned, singles=True)
    groups = rules.read_query(query)
    for group in groups:
        answers = any(set(term.pieces) <= pieces for term in group.terms)
        if answers == group.is_minus:
            return False
    return rules.holds(groups, [cleaned])


class TestClean:
    @pytest.mark.parametrize(
        "contact",
        [
            "138 0000 0000",
            "+86-138-0000-0000",
            "(021) 5555 0100",
            "yinuo.chen@example.com",
            "a_b @ example.com.cn",
            "11010119900101123X",
            "微信：zhou_mingyuan01",
            "WeChat: zhou_mingyuan01",
            "QQ：100001234",
            "１３８００００００００",
        ],
    )
    def test_leaves_nothing_of_a_way_to_reach_somebody(self, contact: str) -> None:
        cleaned = rules.clean(f"联系 {contact} 谢谢")

        assert cleaned == f"联系 {rules.CONTACT_GONE} 谢谢"

    @pytest.mark.parametrize("text", ["2018.07 - 2021.02", "2018-07 至 2021-02", "985", "ISO 9001", "3 年"])
    def test_keeps_dates_and_short_numbers(self, text: str) -> None:
        assert rules.clean(text) == text


class TestFinding:
    @pytest.mark.parametrize(
        ("text", "query"),
        [
            ("负责数据分析", "数据"),
            ("负责数据分析", "据分"),
            ("负责数\n据分析", "数据分析"),
            ("熟悉 Python 与 Go", "python"),
            ("熟悉 Python 与 Go", "pyt"),
            ("熟悉Python开发", "Python开发"),
            ("C++ 与 C#", "c++"),
            ("Node.js", '"node.js"'),
            ("machine learning engineer", '"machine learning"'),
            ("machine learning engineer", "engineer machine"),
            ("ＰＹＴＨＯＮ", "python"),
            ("后端工程师", "前端 OR 后端"),
            ("后端工程师", "工程师 -前端"),
            ("王伟", "王"),
            ("kubernetes", "kubernetes"),
            ("機械学習 カタカナ", "カタカナ"),
        ],
    )
    def test_finds_what_is_there(self, text: str, query: str) -> None:
        assert found(text, query)

    @pytest.mark.parametrize(
        ("text", "query"),
        [
            ("负责数据分析", "数析"),
            ("数据。分析", "据分"),
            ("learning from a machine", '"machine learning"'),
            ("pythonic", '"python"'),
            ("后端工程师", "工程师 -后端"),
            ("后端工程师", "前端 OR 测试"),
            ("据库 数据", "数据库"),
            ("数据 据库", "数据库"),
            ("电话 13800000000", "13800000000"),
        ],
    )
    def test_finds_nothing_else(self, text: str, query: str) -> None:
        assert not found(text, query)

    def test_of_every_pair_of_characters_is_complete(self) -> None:
        text = "负责订单系统的拆分与重构，日均处理两千万条消息。参与会员系统（演示）；带领五人团队"
        pieces = rules.pieces(text)

        pairs = [text[at : at + 2] for at in range(len(text) - 1)]
        chinese = [pair for pair in pairs if all(rules.is_character(one) for one in pair)]

        assert len(chinese) > 20
        assert all(set(rules.read_query(pair)[0].terms[0].pieces) <= pieces for pair in chinese)


class TestReadQuery:
    def test_joins_by_or_and_reads_quotes_and_minus(self) -> None:
        groups = rules.read_query('数据 Go OR Rust -"外包 公司"')

        assert units('数据 Go OR Rust -"外包 公司"') == [
            [("数", "据")],
            [("go",), ("rust",)],
            [("外", "包", "公", "司")],
        ]
        assert [group.is_minus for group in groups] == [False, False, True]

    @pytest.mark.parametrize("text", ["", "   ", "OR", "-", '""', "，。！", "\0", "- OR |"])
    def test_of_nothing_is_empty(self, text: str) -> None:
        assert rules.read_query(text) == []

    def test_takes_no_more_than_a_dozen(self) -> None:
        assert len(rules.read_query(" ".join(f"word{number}" for number in range(100)))) == rules.MOST_TERMS

    def test_escapes_what_means_something_to_an_expression(self) -> None:
        marker = rules.marker(rules.read_query("c++ (a|b)"))

        assert marker is not None
        assert marker.search("C++")


class TestTerm:
    def test_of_one_character_needs_the_facts(self) -> None:
        assert Term(("王",)).is_single
        assert not Term(("王", "伟")).is_single


class TestSnippet:
    def test_marks_the_words_with_some_text_around(self) -> None:
        marker = rules.marker(rules.read_query("数据"))

        cuts = rules.snippet("甲" * 200 + "数据" + "乙" * 200, marker)

        assert [cut.text for cut in cuts if cut.is_hit] == ["数据"]
        assert sum(len(cut.text) for cut in cuts) < 80

    def test_cuts_no_word_in_two(self) -> None:
        marker = rules.marker(rules.read_query("数据"))

        cuts = rules.snippet("knowledge of Postgres 数据 Kubernetes and beyond", marker, around=10)

        assert "".join(cut.text for cut in cuts) == " … Postgres 数据 …"

    def test_shows_several_words(self) -> None:
        marker = rules.marker(rules.read_query("数据 kafka"))

        cuts = rules.snippet("数据" + "甲" * 300 + "Kafka", marker)

        assert [cut.text for cut in cuts if cut.is_hit] == ["数据", "Kafka"]

    def test_of_what_is_not_there_is_empty(self) -> None:
        assert rules.snippet("甲" * 50, rules.marker(rules.read_query("数据"))) == []


class TestWordsOfTags:
    def test_takes_commas_of_either_kind(self) -> None:
        assert list(rules.words_of_tags(" 储备， 内推;, 高潜 ")) == ["储备", "内推", "高潜"]
