"""Certificates and licences."""

import pytest

from tests.resumes.lines import segments
from zhiren.resumes.certificates import certificates_in


def held(lines: str, heading: str = "资格证书") -> list[tuple[str, str | None]]:
    return [
        (certificate.name.value, certificate.date.value if certificate.date else None)
        for certificate in certificates_in(segments(lines, heading=heading))
    ]


class TestCertificatesIn:
    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("2019.06 注册会计师", ("注册会计师", "2019-06")),
            ("中级会计师（2018.09）", ("中级会计职称", "2018-09")),
            ("教师资格证 2017.5", ("教师资格证", "2017-05")),
            ("PMP, 2020", ("PMP", "2020")),
            ("计算机二级", ("全国计算机等级考试二级", None)),
            ("驾照C1", ("机动车驾驶证 C1", None)),
            ("Driver's license", ("Driver's license", None)),
            ("已取得一级建造师证", ("一级建造师", None)),
            ("Certified Welding Inspector, 2015", ("Certified Welding Inspector", "2015")),
            ("AWS Certified Developer", ("AWS Certified Developer", None)),
        ],
    )
    def test_reads(self, line: str, expected: tuple[str, str | None]) -> None:
        assert held(line) == [expected]

    def test_keeps_the_dates_of_several_in_one_line_apart(self) -> None:
        assert held("注册会计师（2019.06）、电工证、PMP") == [
            ("注册会计师", "2019-06"),
            ("电工证", None),
            ("PMP", None),
        ]

    @pytest.mark.parametrize(
        "line",
        [
            "国家奖学金", "三好学生", "2021 全国大学生数学建模竞赛一等奖", "Employee of the month certificate",
            "英语六级", "普通话二级甲等", "CPA candidate", "CFA 备考",
        ],
    )  # fmt: skip
    def test_reads_none_from(self, line: str) -> None:
        assert held(line) == []

    def test_reads_those_of_the_list_in_other_parts_too(self) -> None:
        assert held("持有执业药师证，驾照（C1）", "自我评价") == [("执业药师", None), ("机动车驾驶证 C1", None)]
        assert held("证书：护士资格证、某某技能", "专业技能") == [("护士执业资格证", None)]

    def test_reads_none_from_what_was_done_at_work(self) -> None:
        assert held("2019.01-2020.01 上海青禾食品有限公司 会计\n配合注册会计师审计", "工作经历") == []
