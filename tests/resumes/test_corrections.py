"""Corrections stay on what they were said about, whatever a later reading finds around it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiren.resumes import Education, Employment, Fact, Resume
from zhiren.resumes.corrections import Anchor, Correction, anchor_of, applied, apply, field_of, parts_of

EMPLOYERS = ["云帆科技有限公司", "拓扑网络", "青禾软件", "Harbor Systems", "北辰数据", "云杉咨询"]


def fact(text: str, words: str, value: str | None = None, *, after: int = 0, rule: str = "test") -> Fact:
    start = text.index(words, after)
    line = text.count("\n", 0, start) + 1
    return Fact(
        value=value or words, source=words, page=1, line=line, start=start, end=start + len(words), confidence=0.7,
        rule=rule, box=(0.1, 0.1, 0.3, 0.12),
    )  # fmt: skip


def resume_of(jobs: list[tuple[str, str, str]], *, skills: list[str] | None = None, top: str = "周明远\n") -> Resume:
    """Return a reading of a text that lists these jobs: employer, title, first year."""
    skills = skills or []
    lines = [f"{employer} {title} {year}.03" for employer, title, year in jobs]
    text = top + "\n".join([*lines, "技能 " + " ".join(skills)])
    employers, at = [], len(top)
    for employer, title, year in jobs:
        employers.append(
            Employment(
                employer=fact(text, employer, after=at),
                title=fact(text, title, after=at),
                start=fact(text, f"{year}.03", f"{year}-03", after=at),
            )
        )
        at = text.index("\n", at) + 1
    return Resume(
        text=text,
        pages=1,
        language="zh",
        name=fact(text, "周明远") if "周明远" in text else None,
        employers=tuple(employers),
        skills=tuple(fact(text, skill, after=at) for skill in skills),
    )


def said(resume: Resume, key: str, act: str = "change", **values: str) -> Correction:
    return Correction(
        id=f"c-{key}",
        act=act,  # type: ignore[arg-type]  # one of the acts
        field=field_of(key),
        values=values,
        anchor=anchor_of(resume, key),
    )


jobs = st.lists(
    st.tuples(st.sampled_from(EMPLOYERS), st.sampled_from(["工程师", "经理", "主管"]), st.integers(2005, 2024)),
    min_size=1,
    max_size=6,
    unique_by=lambda job: (job[0], job[2]),
).map(lambda found: [(employer, title, str(year)) for employer, title, year in found])


class TestApply:
    def test_changes_a_value_and_keeps_where_it_was_read(self) -> None:
        resume = resume_of([("云帆科技有限公司", "工程师", "2020")])

        title = apply(resume, [said(resume, "employers[0].title", value="高级工程师")]).employers[0].title

        assert title is not None
        assert (title.value, title.source, title.rule, title.confidence) == ("高级工程师", "工程师", "corrected", 1.0)
        assert title.box == (0.1, 0.1, 0.3, 0.12)

    def test_leaves_the_reading_itself_alone(self) -> None:
        resume = resume_of([("拓扑网络", "经理", "2020")])

        apply(resume, [said(resume, "employers[0].title", value="总监")])

        assert resume.employers[0].title is not None
        assert resume.employers[0].title.value == "经理"

    def test_takes_an_invented_fact_away(self) -> None:
        resume = resume_of([("拓扑网络", "经理", "2020")], skills=["Java", "Go"])

        found = apply(resume, [said(resume, "skills[1]", "remove"), said(resume, "name", "remove")])

        assert [skill.value for skill in found.skills] == ["Java"]
        assert found.name is None

    def test_takes_a_whole_employment_away(self) -> None:
        resume = resume_of([("拓扑网络", "经理", "2020"), ("青禾软件", "主管", "2016")])

        found = applied(resume, [said(resume, "employers[0]", "remove")])

        assert [job.employer.value for job in found.resume.employers if job.employer] == ["青禾软件"]
        assert found.keys["employers[0]"] == "employers[1]"
        assert found.removed == {"employers[0]": "c-employers[0]"}

    def test_adds_a_missing_employment_where_its_dates_belong(self) -> None:
        resume = resume_of([("拓扑网络", "经理", "2020"), ("青禾软件", "主管", "2010")])
        new = Correction(
            id="1", act="add", field="employers", values={"employer": "北辰数据", "start": "2015-01", "end": "now"}
        )

        found = applied(resume, [new])

        job = found.resume.employers[1]
        assert job.employer is not None
        assert (job.employer.value, job.current, job.employer.source) == ("北辰数据", True, "")
        assert found.keys["employers[1].title"] == "+1.title"

    def test_gives_an_added_fact_the_evidence_that_the_text_has(self) -> None:
        resume = replace(resume_of([("拓扑网络", "经理", "2020")], skills=["Rust"]), skills=())

        skill = apply(resume, [Correction(id="1", act="add", field="skills", values={"value": "Rust"})]).skills[0]

        assert resume.text[skill.start : skill.end] == skill.source == "Rust"
        assert skill.line == 3

    def test_makes_pay_of_its_parts(self) -> None:
        resume = resume_of([("拓扑网络", "经理", "2020")])
        values = {"value": "2-2.5万", "low": "2000000", "high": "2500000", "currency": "CNY", "months": "13"}

        pay = apply(resume, [Correction(id="1", act="change", field="expected_pay", values=values)]).expected_pay

        assert pay is not None
        assert (pay.low, pay.high, pay.currency, pay.months, pay.fact.value) == (2000000, 2500000, "CNY", 13, "2-2.5万")

    def test_says_that_a_job_goes_on(self) -> None:
        resume = resume_of([("拓扑网络", "经理", "2020")])

        assert apply(resume, [said(resume, "employers[0].end", value="now")]).employers[0].current

    def test_lets_the_later_word_prevail(self) -> None:
        resume = resume_of([("拓扑网络", "经理", "2020")])
        first = said(resume, "employers[0].title", value="总监")
        second = replace(first, id="2", values={"value": "总裁"})

        found = applied(resume, [first, second])

        assert found.resume.employers[0].title is not None
        assert found.resume.employers[0].title.value == "总裁"
        assert found.made_by == {"employers[0].title": "2"}

    def test_calls_a_confirmed_fact_sure(self) -> None:
        resume = resume_of([("拓扑网络", "经理", "2020")])

        name = apply(resume, [said(resume, "name", "confirm", value="周明远")]).name

        assert name is not None
        assert (name.confidence, name.rule) == (1.0, "confirmed")


class TestAnotherReading:
    @given(jobs, st.data())
    def test_keeps_a_correction_on_its_own_employment(
        self, read: list[tuple[str, str, str]], data: st.DataObject
    ) -> None:
        """The newer reading lost some of the others, found some more, in another order, of a text set otherwise."""
        resume = resume_of(read)
        chosen = data.draw(st.integers(0, len(read) - 1))
        own = read[chosen]
        others = [job for place, job in enumerate(read) if place != chosen]
        more = [job for job in data.draw(jobs) if (job[0], job[2]) != (own[0], own[2])]
        again = list(
            {(job[0], job[2]): job for job in [*others[: data.draw(st.integers(0, len(others)))], *more, own]}.values()
        )
        later = resume_of(data.draw(st.permutations(again)), top=data.draw(st.sampled_from(["", "简历\n周明远\n"])))

        found = applied(later, [said(resume, f"employers[{chosen}].title", value="首席")])

        changed = [job for job in found.resume.employers if job.title and job.title.value == "首席"]
        assert [(job.employer.value, job.start.value) for job in changed if job.employer and job.start] == [
            (own[0], f"{own[2]}-03")
        ]

    @given(jobs, st.data())
    def test_puts_no_correction_on_another_employment(
        self, read: list[tuple[str, str, str]], data: st.DataObject
    ) -> None:
        """The newer reading has everything but the corrected one: the correction is reported, nothing is changed."""
        resume = resume_of(read)
        chosen = data.draw(st.integers(0, len(read) - 1))
        later = resume_of([job for place, job in enumerate(read) if place != chosen])

        found = applied(later, [said(resume, f"employers[{chosen}].title", value="首席")])

        assert found.unplaced == (f"c-employers[{chosen}].title",)
        assert found.resume == later

    @given(
        st.lists(st.sampled_from(["Java", "Go", "C", "C++", "Rust", "沟通", "项目管理"]), min_size=1, unique=True),
        st.data(),
    )
    def test_keeps_a_skill_away_that_is_not_there(self, skills: list[str], data: st.DataObject) -> None:
        resume = resume_of([], skills=skills)
        gone = data.draw(st.sampled_from(skills))
        later = resume_of([("拓扑网络", "经理", "2020")], skills=data.draw(st.permutations([*skills, "SQL"])))

        found = apply(later, [said(resume, f"skills[{skills.index(gone)}]", "remove")])

        assert sorted(skill.value for skill in found.skills) == sorted({*skills, "SQL"} - {gone})

    def test_has_nothing_left_to_remove(self) -> None:
        resume = resume_of([], skills=["Go"])
        later = replace(resume, skills=())

        found = applied(later, [said(resume, "skills[0]", "remove")])

        assert (found.idle, found.unplaced) == (("c-skills[0]",), ())

    def test_loses_no_confirmed_fact_whose_words_are_still_there(self) -> None:
        resume = resume_of([], skills=["Go"])

        found = apply(replace(resume, skills=()), [said(resume, "skills[0]", "change", value="Golang")])

        assert [(skill.value, skill.source) for skill in found.skills] == [("Golang", "Go")]

    def test_tells_two_stays_with_one_employer_apart(self) -> None:
        resume = resume_of([("拓扑网络", "经理", "2020"), ("拓扑网络", "经理", "2010")])
        later = resume_of([("拓扑网络", "经理", "2010"), ("拓扑网络", "经理", "2020")], top="")

        found = apply(later, [said(resume, "employers[1].title", value="实习生")])

        assert [job.title.value for job in found.employers if job.title] == ["实习生", "经理"]

    def test_fills_an_added_employment_that_is_now_read(self) -> None:
        new = Correction(
            id="1", act="add", field="employers", values={"employer": "拓扑网络", "start": "2020", "title": "总监"}
        )

        found = applied(resume_of([("拓扑网络", "经理", "2020")]), [new])

        assert len(found.resume.employers) == 1
        assert found.made_by == {"employers[0].start": "1", "employers[0].title": "1"}


class TestParts:
    @pytest.mark.parametrize(
        "key",
        ["", "text", "employers", "employers[x]", "employers[0", "employers[0].pay", "name[0]", "skills[-1]", "+1"],
    )
    def test_know_no_other_places(self, key: str) -> None:
        with pytest.raises(KeyError):
            parts_of(key)


class TestAnchor:
    def test_survives_json(self) -> None:
        anchor = anchor_of(resume_of([("拓扑网络", "经理", "2020")]), "employers[0].title")

        assert anchor is not None
        assert Anchor.from_json(anchor.to_json()) == anchor

    def test_is_none_where_nothing_was_read(self) -> None:
        assert anchor_of(resume_of([]), "city") is None

    def test_knows_schools_too(self) -> None:
        resume = resume_of([])
        school = Education(school=fact(resume.text, "周明远"))

        anchor = anchor_of(replace(resume, schools=(school,)), "schools[0].degree")

        assert anchor is not None
        assert (anchor.sources, anchor.own) == ((("school", "周明远"),), "")
