"""Names as people write them."""

import pytest

from tests.resumes.reading import read, value

CHINESE = "\n162 0000 1234 | x@example.com\n\n工作经历\n2019.03-至今 杭州青禾网络科技有限公司 工程师\n"
ENGLISH = "\n{mail} | +1 202 555 0147\n\nExperience\nNorthwind Ltd\nEngineer   Jan 2019 - Present\n"


class TestNameIn:
    @pytest.mark.parametrize(
        ("written", "name"),
        [
            ("李 雷", "李雷"),
            ("诸葛孔明", "诸葛孔明"),
            ("阿依古丽·买买提", "阿依古丽·买买提"),
            ("陈李美玲", "陈李美玲"),
            ("张三 (Sam Zhang)", "张三"),
            ("Sam Zhang 张三", "张三"),
            ("張偉", "張偉"),
            ("张三 产品经理", "张三"),
            ("张三｜男｜28岁", "张三"),
            ("姓    名：王 芳", "王芳"),
            ("个人简历-张三", "张三"),
            ("产品经理", None),
        ],
    )
    def test_reads_in_chinese(self, written: str, name: str | None) -> None:
        assert value(read(written + CHINESE).name) == name

    @pytest.mark.parametrize(
        ("written", "mail", "name"),
        [
            ("J. R. Smith", "x@example.com", "J. R. Smith"),
            ("María José Núñez", "x@example.com", "María José Núñez"),
            ("Sofía Álvarez del Río", "x@example.com", "Sofía Álvarez del Río"),
            ("Nguyễn Văn An", "x@example.com", "Nguyễn Văn An"),
            ("Wei-Ling (Grace) Chen", "x@example.com", "Wei-Ling (Grace) Chen"),
            ("John Smith Jr.", "x@example.com", "John Smith Jr."),
            ("John Smith, PhD, PMP", "x@example.com", "John Smith"),
            ("Dr. Hans von der Heide", "x@example.com", "Hans von der Heide"),
            ("Curriculum Vitae of Anna Lee", "x@example.com", "Anna Lee"),
            ("Tim Baker", "tim.baker@example.com", "Tim Baker"),
            ("Senior Software Engineer", "x@example.com", None),
        ],
    )
    def test_reads_in_latin_letters(self, written: str, mail: str, name: str | None) -> None:
        assert value(read(written + ENGLISH.format(mail=mail)).name) == name

    def test_believes_a_name_that_a_profile_has_too(self) -> None:
        text = (
            "Anna Lee\nBuyer - Northwind\nlinkedin.com/in/anna-lee\n\nExperience\nNorthwind Ltd\nBuyer   2019 - 2021\n"
        )

        assert value(read(text).name) == "Anna Lee"


class TestBirthIn:
    @pytest.mark.parametrize(
        ("written", "birth"),
        [
            ("出生年份：1993 年", "1993"),
            ("出生日期：民國78年5月12日", "1989-05-12"),
            ("出生年月\n1993年8月", "1993-08"),
            ("毕业时间：2015年6月", None),
        ],
    )
    def test_reads(self, written: str, birth: str | None) -> None:
        assert value(read(f"姓名：李若水\n{written}\n工作经历\n").birth) == birth
