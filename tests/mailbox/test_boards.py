"""What job boards and applicants put into their subjects."""

from __future__ import annotations

import pytest

from zhiren.mailbox import boards


class TestRecognise:
    @pytest.mark.parametrize(
        ("address", "subject", "board", "title", "name", "city"),
        [
            ("s@zhaopin.com", "(Zhaopin.com) 应聘 后端（上海）-郑亦安", "zhaopin", "后端", "郑亦安", "上海"),
            ("s@steps.zhaopinmail.com", "【智联招聘】郑亦安 应聘 后端", "zhaopin", "后端", "郑亦安", ""),
            ("s@mail.51job.com", "(51job.com)申请贵公司后端（上海）－郑亦安", "51job", "后端", "郑亦安", "上海"),
            ("s@liepin.com", "【猎聘】应聘-后端-郑亦安", "liepin", "后端", "郑亦安", ""),
            ("s@zhipin.com", "郑亦安 | 5年，应聘 后端 | 上海15-25K【BOSS直聘】", "boss", "后端", "郑亦安", ""),
            ("s@lagou.com", "【拉勾】应聘 后端-郑亦安", "lagou", "后端", "郑亦安", ""),
            ("s@58.com", "(58.com)应聘贵公司会计-北京朝阳-郑亦安", "58", "会计", "郑亦安", "北京朝阳"),
            ("s@linkedin.com", "New application: Head Cook from Wei Zhang", "linkedin", "Head Cook", "Wei Zhang", ""),
            ("s@indeedemail.com", "Wei Zhang applied for Cook in Paris", "indeed", "Cook", "Wei Zhang", "Paris"),
            ("a@example.com", "应聘-后端工程师-郑亦安", "", "后端工程师", "郑亦安", ""),
            ("a@example.com", "Application for Data Analyst - Wei Zhang", "", "Data Analyst", "Wei Zhang", ""),
        ],
    )  # fmt: skip
    def test_finds_job_name_and_city(
        self, address: str, subject: str, board: str, title: str, name: str, city: str
    ) -> None:
        found = boards.recognise(address, subject, "")

        assert (found.board, found.title, found.name, found.city) == (board, title, name, city)
        assert found.is_known

    def test_reads_the_labels_of_the_text_where_the_subject_does_not_tell(self) -> None:
        found = boards.recognise(
            "s@zhaopin.com", "您有一份新简历", "应聘职位：后端工程师\n姓名：郑亦安\n工作地点：上海"
        )

        assert (found.title, found.name, found.city) == ("后端工程师", "郑亦安", "上海")

    def test_says_of_a_board_that_it_does_not_know_this_way_of_sending(self) -> None:
        found = boards.recognise("s@zhaopin.com", "本周招聘报告", "数据一览")

        assert (found.board, found.is_known) == ("zhaopin", False)

    def test_believes_no_domain_that_only_ends_like_a_boards(self) -> None:
        assert boards.board_of("s@notzhaopin.com") is None
        assert boards.board_of("s@zhaopin.com.evil.example") is None

    def test_answers_at_once_to_a_subject_made_to_take_long(self) -> None:
        assert boards.recognise("s@zhaopin.com", "(Zhaopin.com) 应聘 " + "a-" * 100_000, "").is_known is False
