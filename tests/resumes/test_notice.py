"""How soon somebody could start."""

import pytest

from tests.resumes.lines import segments
from zhiren.resumes.notice import notice_in


class TestNoticeIn:
    @pytest.mark.parametrize(
        ("line", "days"),
        [
            ("到岗时间：随时到岗", "0"),
            ("离职-随时到岗", "0"),
            ("求职状态：在职-月内到岗", "30"),
            ("到岗时间：一周内", "7"),
            ("到岗时间：1个月内", "30"),
            ("到岗时间 1-2周", "14"),
            ("半个月内到岗", "15"),
            ("可到岗时间：5个工作日", "7"),
            ("Notice period: 30 days", "30"),
            ("Notice period: 2 months", "60"),
            ("Notice period: immediately", "0"),
            ("Available immediately", "0"),
        ],
    )
    def test_counts_the_days_of(self, line: str, days: str) -> None:
        found = notice_in(segments(line))

        assert found is not None
        assert found.value == days

    @pytest.mark.parametrize(
        "line",
        [
            "到岗时间：面议",
            "在职-考虑机会",
            "入职时间：2019年3月",
            "目前状态：我目前在职，正考虑换个新环境",
            "3个工作日完成",
        ],
    )
    def test_knows_nothing_from(self, line: str) -> None:
        assert notice_in(segments(line)) is None

    def test_takes_no_beginning_of_a_job_for_it(self) -> None:
        assert notice_in(segments("上海青禾食品有限公司\n入职时间：一周", heading="工作经历")) is None
