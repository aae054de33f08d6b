"""Which opening a mail is for, and what becomes of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.mailbox.letters import TEXT
from zhiren.mailbox import rules
from zhiren.mailbox.rules import Choice, Job

BACKEND, FRONTEND, EAST, WEST = (UUID(int=number) for number in range(1, 5))
JOBS = [
    Job(BACKEND, "backend-engineer", ("后端工程师", "Backend Engineer"), "上海"),
    Job(FRONTEND, "fe", ("前端工程师", "Frontend Engineer"), "上海"),
]


def choose(**given: Any) -> Choice:
    """Return the choice for a mail that says nothing but what is given."""
    wanted: dict[str, Any] = {"recipients": [], "title": "", "subject": "", "city": "", "jobs": JOBS, "default": None}
    return rules.choose_opening(**{**wanted, **given})


class TestChooseOpening:
    @pytest.mark.parametrize(
        ("given", "opening", "how"),
        [
            ({"recipients": ["a@b.example", "jobs+FE@yunshan.example"], "title": "后端工程师"}, FRONTEND, "address"),
            ({"title": "后端工程师（上海）"}, BACKEND, "title"),
            ({"title": "BACKEND  engineer"}, BACKEND, "title"),
            ({"subject": "郑亦安-后端工程师-5年"}, BACKEND, "title"),
            ({"title": "郑亦安", "subject": "应聘-郑亦安-后端工程师"}, BACKEND, "title"),
            ({"subject": "您好", "default": FRONTEND}, FRONTEND, "account"),
            ({"title": "后端工程师", "default": FRONTEND}, BACKEND, "title"),
        ],
    )
    def test_takes_the_address_then_the_title_then_the_account(
        self, given: dict[str, Any], opening: UUID, how: str
    ) -> None:
        assert choose(**given) == Choice(opening, how)

    @pytest.mark.parametrize("title", ["高级后端工程师", "会计", "Backend Engineer II", "工程师", "后端"])
    def test_takes_no_title_for_another_one(self, title: str) -> None:
        assert choose(title=title, subject=title) == Choice(why="no_opening")

    def test_takes_a_long_title_that_differs_by_a_hair(self) -> None:
        jobs = [Job(BACKEND, "a", ("华东大区高级销售运营经理",))]

        assert choose(jobs=jobs, title="华东大区高级销售运营总经理").opening_id == BACKEND

    def test_tells_equal_titles_apart_by_the_city_named(self) -> None:
        jobs = [Job(EAST, "a", ("店长",), "上海"), Job(WEST, "b", ("店长",), "成都")]

        assert choose(jobs=jobs, title="店长", city="成都").opening_id == WEST
        assert choose(jobs=jobs, title="店长") == Choice(why="several_openings")
        assert choose(jobs=jobs, title="店长", default=EAST) == Choice(EAST, "account")


class TestJudge:
    @pytest.mark.parametrize(
        ("given", "state", "reason"),
        [
            ({}, "filed", "title"),
            ({"files": 0, "body_is_resume": True}, "filed", "title"),
            ({"files": 0}, "unfiled", "no_resume"),
            ({"files": 0, "sender_is_known": True}, "unfiled", "letter"),
            ({"sender_is_known": True}, "filed", "title"),
            ({"files": 300}, "unfiled", "too_many"),
            ({"winmails": 1}, "unfiled", "winmail"),
            ({"choice": Choice(why="several_openings")}, "unfiled", "several_openings"),
            ({"nature": "bounce"}, "aside", "bounce"),
            ({"nature": "spam", "board": "zhaopin"}, "aside", "spam"),
            ({"nature": "automatic"}, "aside", "automatic"),
            ({"nature": "bulk"}, "unfiled", "bulk_with_files"),
            ({"nature": "bulk", "files": 0}, "aside", "newsletter"),
            ({"nature": "bulk", "board": "zhaopin"}, "filed", "title"),
            ({"nature": "automatic", "board": "zhaopin"}, "filed", "title"),
            ({"board": "zhaopin", "board_known": False}, "unfiled", "board_unknown"),
        ],
    )
    def test_says_what_becomes_of_a_mail(self, given: dict[str, Any], state: str, reason: str) -> None:
        usual: dict[str, Any] = {
            "nature": "", "board": "", "board_known": True, "files": 1, "winmails": 0, "body_is_resume": False,
            "sender_is_known": False, "choice": Choice(BACKEND, "title"),
        }  # fmt: skip

        verdict = rules.judge(**{**usual, **given})

        assert (verdict.state, verdict.reason) == (state, reason)


class TestHoldsResume:
    def test_wants_a_way_to_reach_the_person_and_parts_of_a_resume(self) -> None:
        assert rules.holds_resume(TEXT, from_board=False)
        assert not rules.holds_resume("您好，附件是我的简历，电话13900002222。", from_board=False)
        assert not rules.holds_resume("教育经历 工作经历", from_board=False)

    def test_believes_a_board_that_hides_the_contacts(self) -> None:
        assert rules.holds_resume("姓名 学历 工作经历", from_board=True)


class TestOwnWords:
    def test_drops_the_heads_of_quoted_mails_and_the_addresses_of_others(self) -> None:
        text = "发件人: Lin <lin@yunshan.example>\n主题: 应聘\n郑亦安 yian@example.com\n回复至 JOBS@yunshan.example"

        assert rules.own_words(text, strangers={"jobs@yunshan.example"}) == "郑亦安 yian@example.com\n回复至 "
