"""A newer reading is shown by what it says otherwise."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.resumes.test_corrections import fact, jobs, resume_of, said
from zhiren.resumes import Fact, Pay, Resume
from zhiren.resumes.corrections import apply
from zhiren.resumes.differences import differences


def told(old: Resume, new: Resume) -> list[tuple[str, str, str, str]]:
    return [(one.kind, one.path, one.old, one.new) for one in differences(old, new)]


class TestDifferences:
    def test_are_none_between_the_same_facts_read_by_other_rules(self) -> None:
        resume = resume_of([("拓扑网络", "经理", "2020")], skills=["Go"])
        skill = replace(resume.skills[0], rule="model.zh", confidence=0.9)

        assert differences(resume, replace(resume, skills=(skill,))) == []

    def test_tell_what_was_changed_in_an_entry(self) -> None:
        resume = resume_of([("拓扑网络", "经理", "2020")])
        job = resume.employers[0]
        assert job.title is not None
        new = replace(resume, employers=(replace(job, title=replace(job.title, value="总监"), current=True),))

        assert told(resume, new) == [
            ("changed", "employers[0].title", "经理", "总监"),
            ("added", "employers[0].end", "", "now"),
        ]

    def test_tell_which_entries_came_and_went(self) -> None:
        old = resume_of([("拓扑网络", "经理", "2020"), ("青禾软件", "主管", "2016")])
        new = resume_of([("北辰数据", "主管", "2018"), ("拓扑网络", "经理", "2020")])

        assert told(old, new) == [
            ("gone", "employers[1]", "青禾软件 · 主管 · 2016-03", ""),
            ("added", "employers[0]", "", "北辰数据 · 主管 · 2018-03"),
        ]

    def test_tell_of_single_fields(self) -> None:
        resume = resume_of([])
        city = Fact(value="上海", source="", page=None, line=None, start=0, end=0, confidence=1, rule="test")
        pay = Pay(fact=fact(resume.text, "技能"), low=2000000, high=2500000, currency="CNY", months=13)

        assert told(resume, replace(resume, name=None, city=city, expected_pay=pay)) == [
            ("gone", "name", "周明远", ""),
            ("added", "city", "", "上海"),
            ("added", "expected_pay", "", "CNY 20000–25000 × 13"),
        ]

    def test_are_none_where_a_correction_says_the_same_of_both(self) -> None:
        resume = resume_of([("拓扑网络", "经理", "2020")])
        job = resume.employers[0]
        assert job.title is not None
        new = replace(resume, employers=(replace(job, title=replace(job.title, value="经埋")),))
        word = [said(resume, "employers[0].title", value="总监")]

        assert differences(apply(resume, word), apply(new, word)) == []

    @given(jobs, st.randoms(use_true_random=False))
    def test_heed_no_order(self, read: list[tuple[str, str, str]], random: object) -> None:
        resume = resume_of(read)
        shuffled = list(resume.employers)
        random.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random

        assert differences(resume, replace(resume, employers=tuple(shuffled))) == []
