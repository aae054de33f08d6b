"""Paths of facts, and the table for people."""

from zhiren.resumes import Resume, fact_paths, parse, table_of

TEXT = """姓名：李若水
手机：13800001234
邮箱：li.ruoshui@example.com
期望薪资：15-20K
教育背景
2011.09 - 2015.06 南麓财经大学 会计学 本科
工作经历
2018.07 - 2021.02 宁波远帆信息技术股份有限公司 会计
专业技能
用友、英语六级
证书：注册会计师
"""


def resume() -> Resume:
    return parse(TEXT.encode(), "cv.txt")


class TestFactPaths:
    def test_names_every_fact_by_field_and_place(self) -> None:
        assert [path for path, _ in fact_paths(resume())] == [
            "name", "degree", "expected_pay", "phones[0]", "mails[0]", "schools[0].school", "schools[0].degree",
            "schools[0].major", "schools[0].start", "schools[0].end", "employers[0].employer", "employers[0].title",
            "employers[0].start", "employers[0].end", "skills[0]", "skills[1]", "languages[0].language",
            "languages[0].level", "certificates[0].name",
        ]  # fmt: skip

    def test_gives_facts_that_stand_in_the_text(self) -> None:
        read = resume()

        assert [path for path, fact in fact_paths(read) if read.text[fact.start : fact.end] != fact.source] == []

    def test_is_empty_for_an_empty_resume(self) -> None:
        assert list(fact_paths(Resume(text="", pages=None, language="other"))) == []


class TestTableOf:
    def test_has_a_row_for_each_fact_and_each_sentence(self) -> None:
        lines = table_of(resume(), ["Something is odd."]).splitlines()

        assert len(lines) == 2 + 19 + 1
        assert lines[0].split() == ["field", "value", "page", "line", "source", "rule", "confidence"]
        assert lines[2].split()[:5] == ["name", "李若水", "1", "李若水", "name_label"]
        assert lines[-1] == "! Something is odd."

    def test_cuts_what_is_too_long_and_keeps_its_columns(self) -> None:
        long = TEXT.replace("宁波远帆信息技术股份有限公司", "宁波远帆信息技术及国际贸易发展股份有限公司")
        (row,) = [
            line for line in table_of(parse(long.encode(), "cv.txt")).splitlines() if line.startswith("employers[0].e")
            and "宁波" in line
        ]  # fmt: skip

        assert "…" in row
