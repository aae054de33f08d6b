"""Skills by all their spellings."""

import pytest

from tests.resumes.lines import segments
from tests.resumes.reading import read
from zhiren.resumes import skills
from zhiren.resumes.vocabulary import load


def found(lines: str, heading: str = "专业技能") -> set[str]:
    return {fact.value for fact in skills.skills_in(segments(lines, heading=heading))}


WORK = "工作经历"


class TestSkillsIn:
    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("熟练掌握 Java、Python，熟悉 k8s 等工具", {"Java", "Python", "Kubernetes"}),
            ("办公软件：Word、Excel、PPT", {"Microsoft Office", "Microsoft Word", "Microsoft Excel", "PowerPoint"}),
            ("会计、全盘账务、金蝶", {"Accounting", "Kingdee"}),
            ("静脉穿刺, 叉车, 烘焙", {"Injections", "Forklift", "Baking"}),
            ("C, R, Go", {"C", "R", "Golang"}),
            ("C++/C#", {"C++", "C#"}),
            ("Ｐｙｔｈｏｎ", {"Python"}),
        ],
    )
    def test_reads_from_a_list(self, line: str, expected: set[str]) -> None:
        assert found(line) == expected

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("Oracle HCM Cloud, Python", {"Oracle HCM Cloud", "Python"}),
            ("SAP SuccessFactors, SAP FICO", {"SAP SuccessFactors", "SAP"}),
            ("Oracle SQL, Oracle database", {"Oracle", "SQL"}),
            ("Front end – JavaScript, React", {"JavaScript", "React"}),
            ("消防系统、弱电系统、BMS", {"消防系统", "弱电系统", "BMS"}),
        ],
    )
    def test_reads_products_whole_and_groups_not_at_all(self, line: str, expected: set[str]) -> None:
        assert found(line) == expected

    def test_reads_no_maker_out_of_the_name_of_its_product(self) -> None:
        assert "SAP" not in found("Rolled out SAP Concur at two clients", WORK)

    def test_reads_short_names_in_prose_only_beside_another_skill(self) -> None:
        assert found("使用 Java、Go 和 R 开发接口", WORK) == {"Java", "Golang", "R"}
        assert found("We go on and R is the grade of room C", WORK) == set()

    @pytest.mark.parametrize(
        "line",
        [
            "任会计师，与审计部、平面设计师合作",
            "We react to sales and have access to the market",
            "见 github.com/python/java 与 www.example.com/docker",
            "Javascripting Pythonic Gophers",
            "毕业于会计学院",
        ],
    )
    def test_reads_none_from_prose_that_means_something_else(self, line: str) -> None:
        assert found(line, WORK) & {
            "Accounting", "Auditing", "Graphic Design", "React", "Sales", "Microsoft Access", "Marketing", "Python",
            "Java", "Docker", "Golang", "JavaScript",
        } == set()  # fmt: skip

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("A/B testing, SQL", {"A/B Testing", "SQL"}),
            ("I/O设计, CI/CD, UI/UX", {"I/O设计", "CI/CD", "UX Design"}),
            ("Java/Go, C/C++", {"Java", "Golang", "C", "C++"}),
            ("English (CET-4), Excel", {"Microsoft Excel"}),
            ("英语（CET-6）、英语四级、数据分析", {"Data Analysis"}),
        ],
    )
    def test_reads_no_part_of_a_skill_and_no_examination(self, line: str, expected: set[str]) -> None:
        assert found(line) == expected

    @pytest.mark.parametrize(
        ("line", "has"),
        [
            ("云鲸WMS上线后人效提高 12%", False),
            ("负责WMS上线，人效提高 12%", True),
            ("Rolled out Northwind WMS at 14 sites", False),
            ("Implemented WMS at 14 sites", True),
        ],
    )
    def test_reads_a_kind_of_system_not_from_the_name_of_a_product(self, line: str, has: bool) -> None:
        assert ("WMS" in found(line, WORK)) is has

    def test_reads_none_from_the_name_of_an_employer(self) -> None:
        resume = read("李若水\n工作经历\n2019.01-2020.01 上海数据分析科技有限公司 店长\n• 管理 12 名员工\n")

        assert [fact.value for fact in resume.skills] == []

    def test_takes_the_longest_name(self) -> None:
        assert found("Spring Boot, SQL Server, React Native") == {"Spring Boot", "SQL Server", "React Native"}

    def test_names_each_skill_once_and_prefers_the_list(self) -> None:
        parts = segments(f"{WORK}\n2019.01-2020.01 上海青禾食品有限公司 会计\n用 python 做数据分析\n\n专业技能\nPython")
        facts = [fact for fact in skills.skills_in(parts) if fact.value == "Python"]

        assert [(fact.source, fact.confidence) for fact in facts] == [("Python", 0.95)]

    def test_gives_the_esco_address(self) -> None:
        (fact,) = skills.skills_in(segments("机器学习", heading="专业技能"))

        assert fact.code == "http://data.europa.eu/esco/skill/3a2d5b45-56e4-4f5a-a55a-4a4a65afdc43"

    def test_leaves_languages_to_the_languages(self) -> None:
        assert found("日语 N2, French (B2), 数据分析") == {"Data Analysis"}


class TestNormalise:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("js", "JavaScript"),
            ("K8S", "Kubernetes"),
            ("数据分析", "Data Analysis"),
            ("data analytics", "Data Analysis"),
            ("会计", "Accounting"),
            ("excel", "Microsoft Excel"),
            ("go", "Golang"),
            ("精通Java等", "Java"),
            (" ＰＰＴ ", "PowerPoint"),
            ("Underwater Basketry", "Underwater Basketry"),
        ],
    )
    def test_gives_the_one_name_of(self, text: str, name: str) -> None:
        assert skills.normalise(text) == name

    def test_gives_every_spelling_the_name_it_stands_under(self) -> None:
        names = load("skills")["known"]

        assert [
            (spelling, name)
            for name in names
            for spelling in skills.synonyms(name)
            if skills.normalise(spelling) != name
        ] == []


class TestSameSkill:
    def test_compares_meaning_then_letters(self) -> None:
        assert skills.same_skill("用友U8", "yonyou")
        assert skills.same_skill("Basketry", "basketry")
        assert not skills.same_skill("Java", "JavaScript")


class TestCalled:
    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("Data Analysis", "数据分析"),
            ("Kingdee", "金蝶"),
            ("Kubernetes", "Kubernetes"),
            ("Microsoft Excel", "Excel"),
            ("Basketry", "Basketry"),
        ],
    )
    def test_gives_the_chinese_name_to_readers_of_chinese_alone(self, name: str, shown: str) -> None:
        assert skills.called(name, "zh-hans") == shown
        assert skills.called(name, "en") == name

    def test_gives_names_that_mean_the_same_skill(self) -> None:
        names = load("skills")["known"]
        called = {name: skills.called(name, "zh") for name in names}

        assert {name: word for name, word in called.items() if skills.normalise(word) != name} == {}


class TestSynonyms:
    def test_begin_with_the_name(self) -> None:
        assert skills.synonyms("k8s") == ["Kubernetes", "k8s"]
        assert skills.synonyms("Basketry") == ["Basketry"]


class TestCanonical:
    def test_is_none_for_what_the_list_does_not_know(self) -> None:
        assert skills.canonical("Basketry") is None
        assert skills.canonical("R") == ("R", "http://data.europa.eu/esco/skill/51586df8-1c46-4b47-8583-773cb63bf00b")


class TestEsco:
    def test_names_only_skills_of_our_list(self) -> None:
        assert set(skills._esco()) <= set(load("skills")["known"])
