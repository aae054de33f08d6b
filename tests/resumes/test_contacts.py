"""Numbers and addresses by which a person is reached, and those that look like them."""

import pytest

from tests.resumes.reading import read

WORK = "\n工作经历\n2019.03-至今 杭州青禾网络科技有限公司 工程师\n"


class TestPhonesIn:
    @pytest.mark.parametrize(
        ("written", "phones"),
        [
            ("手机16200001234", ["+8616200001234"]),
            ("(+86) 162-0000-1234", ["+8616200001234"]),
            ("１６２００００１２３４", ["+8616200001234"]),
            ("电话:162-0000-1234/162-0000-5678", ["+8616200001234", "+8616200005678"]),
            ("电话：0571-8888 8888 转 123", ["+8657188888888"]),
            ("手機：0912-345-678", ["+886912345678"]),
            ("電話：9123 4567 香港", ["+85291234567"]),
            ("身份证号：110101199003070000", []),
            ("身份证：110101 19900307 0000", []),
            ("学号：16200001234", []),
            ("QQ：1234567890", []),
            ("微信：wx_16200001234", []),
            ("微信：16200001234", []),
            ("微信号 16200001234  手机 16200005678", ["+8616200005678"]),
            ("手机/微信：16200001234", ["+8616200001234"]),
            ("电话（微信同号）：16200001234", ["+8616200001234"]),
            ("期望薪资 15000-20000", []),
            ("银行卡 6222021234567890123", []),
        ],
    )
    def test_reads(self, written: str, phones: list[str]) -> None:
        assert [phone.value for phone in read(f"姓名：李若水\n{written}{WORK}").phones] == phones

    @pytest.mark.parametrize(
        ("written", "phone"),
        [
            ("Munich, Germany | 089 636 48018", "+498963648018"),
            ("Austin, TX | (512) 555-0147", "+15125550147"),
            ("Manchester, England | 0161 496 0123", "+441614960123"),
            ("Phone 020 7946 0018", "02079460018"),
        ],
    )
    def test_takes_the_country_from_the_place_beside_it(self, written: str, phone: str) -> None:
        text = f"Anna Lee\n{written}\nExperience\nNorthwind Ltd\nEngineer   Jan 2019 - Present\n"

        assert [found.value for found in read(text).phones] == [phone]


class TestMailsIn:
    @pytest.mark.parametrize(
        "written",
        ["ruoshui@example.com", "ruoshui @ example.com", "ruoshui (at) example (dot) com", "ruoshui＠example．com"],
    )
    def test_reads(self, written: str) -> None:
        assert [mail.value for mail in read(f"姓名：李若水\n{written}{WORK}").mails] == ["ruoshui@example.com"]
