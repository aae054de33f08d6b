"""What a résumé says to a hard condition."""

from datetime import date

import pytest

from zhiren.resumes import Certificate as ResumeCertificate
from zhiren.resumes import Education, Employment, Fact, Pay, Resume
from zhiren.resumes import Language as ResumeLanguage
from zhiren.screening.conditions import (
    Certificate,
    City,
    Condition,
    Degree,
    Experience,
    Language,
    Notice,
    Skills,
    from_json,
    to_json,
)
from zhiren.screening.conditions import Pay as PayCondition
from zhiren.screening.rules import Outcome, Verdict, judge, overall

TODAY = date(2026, 11, 16)
PASSED, FAILED, UNKNOWN = Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN


def fact(value: str, *, source: str = "", code: str = "") -> Fact:
    source = source or value
    return Fact(
        value=value, source=source, page=1, line=3, start=10, end=10 + len(source), confidence=0.9, rule="t", code=code
    )


def job(title: str, start: str, end: str | None, *, text: str = "") -> Employment:
    return Employment(
        employer=fact("云杉科技"),
        title=fact(title),
        start=fact(start),
        end=fact(end) if end else None,
        current=end is None,
        text=fact(text) if text else None,
    )


def resume(**known: object) -> Resume:
    return Resume(text="", pages=1, language="zh", **known)  # type: ignore[arg-type]  # each test names real fields


def outcome(condition: Condition, of: Resume) -> Outcome:
    return judge(condition, of, on=TODAY).outcome


class TestDegree:
    BACHELOR = Degree(at_least="bachelor")

    def test_passes_with_the_degree_or_a_higher_one(self) -> None:
        master = resume(schools=(Education(school=fact("云杉大学"), degree=fact("master"), end=fact("2018-06")),))

        assert outcome(self.BACHELOR, master) is PASSED

    def test_fails_with_a_lower_one_and_shows_it(self) -> None:
        verdict = judge(self.BACHELOR, resume(degree=fact("associate", source="大专")), on=TODAY)

        assert verdict.outcome is FAILED
        assert [one.source for one in verdict.evidence] == ["大专"]

    def test_knows_nothing_without_a_degree(self) -> None:
        assert outcome(self.BACHELOR, resume()) is UNKNOWN

    def test_does_not_count_a_degree_before_it_is_finished(self) -> None:
        student = resume(schools=(Education(school=fact("云杉大学"), degree=fact("bachelor"), end=fact("2027-06")),))

        assert outcome(self.BACHELOR, student) is UNKNOWN


class TestExperience:
    def test_counts_overlapping_jobs_once(self) -> None:
        both = resume(employers=(job("会计", "2020-01", "2022-12"), job("出纳", "2021-01", "2022-12")))

        assert outcome(Experience(years=3), both) is PASSED
        assert outcome(Experience(years=4), both) is FAILED

    def test_counts_only_jobs_of_the_field(self) -> None:
        mixed = resume(employers=(job("会计", "2023-01", None), job("店员", "2015-01", "2022-12")))

        verdict = judge(Experience(years=5, field=("会计",)), mixed, on=TODAY)

        assert verdict.outcome is FAILED
        assert verdict.found == "3.8"
        assert [one.value for one in verdict.evidence] == ["会计"]

    def test_knows_nothing_where_no_job_has_dates(self) -> None:
        assert outcome(Experience(years=1), resume()) is UNKNOWN


class TestSkills:
    def test_takes_a_synonym(self) -> None:
        knows = resume(skills=(fact("k8s"),), employers=(job("工程师", "2020-01", None),))

        assert outcome(Skills(all_of=("Kubernetes",)), knows) is PASSED

    def test_finds_a_skill_in_what_was_done(self) -> None:
        did = resume(employers=(job("工程师", "2020-01", None, text="用 Java 写订单系统"),))

        assert outcome(Skills(all_of=("Java",)), did) is PASSED

    def test_does_not_take_one_word_for_another(self) -> None:
        knows = resume(skills=(fact("JavaScript"),))

        verdict = judge(Skills(all_of=("Java",)), knows, on=TODAY)

        assert verdict == Verdict(FAILED, missing=("Java",))

    def test_leaves_silence_unknown_where_it_shall_not_fail(self) -> None:
        knows = resume(skills=(fact("Excel"),))

        assert outcome(Skills(any_of=("SAP",), silence_fails=False), knows) is UNKNOWN

    def test_fails_nobody_whose_resume_could_hardly_be_read(self) -> None:
        assert outcome(Skills(all_of=("Java",)), resume()) is UNKNOWN


class TestCity:
    HERE = resume(city=fact("重庆", code="500000"))

    @pytest.mark.parametrize(
        ("place", "expected"), [("500000", PASSED), ("50", PASSED), ("重庆市", PASSED), ("51", FAILED)]
    )
    def test_compares_names_and_codes(self, place: str, expected: Outcome) -> None:
        assert outcome(City(any_of=(place,)), self.HERE) is expected

    def test_takes_a_county_for_its_city(self) -> None:
        assert outcome(City(any_of=("320100",)), resume(city=fact("南京栖霞区", code="320113"))) is PASSED

    def test_knows_nothing_of_a_place_without_a_code(self) -> None:
        assert outcome(City(any_of=("44",)), resume(city=fact("Nowhere Town"))) is UNKNOWN


class TestPay:
    def test_asks_only_for_the_lower_end(self) -> None:
        expected = resume(expected_pay=Pay(fact=fact("15-20K"), low=15_000_00, high=20_000_00, currency="CNY"))

        assert outcome(PayCondition(at_most=16_000_00), expected) is PASSED
        assert outcome(PayCondition(at_most=14_000_00), expected) is FAILED
        assert outcome(PayCondition(at_most=14_000_00, currency="EUR"), expected) is UNKNOWN


class TestOthers:
    def test_compare_levels_of_a_language(self) -> None:
        speaks = resume(languages=(ResumeLanguage(language=fact("英语", code="en"), level=fact("CET-6", code="B2")),))

        assert outcome(Language(code="en", at_least="B1"), speaks) is PASSED
        assert outcome(Language(code="en", at_least="C1"), speaks) is FAILED
        assert outcome(Language(code="ja"), speaks) is UNKNOWN

    def test_compare_days_of_notice(self) -> None:
        assert outcome(Notice(days=14), resume(notice=fact("30"))) is FAILED
        assert outcome(Notice(days=30), resume(notice=fact("0", source="随时到岗"))) is PASSED

    def test_look_for_certificates(self) -> None:
        holds = resume(
            certificates=(ResumeCertificate(name=fact("注册会计师（CPA）")),), employers=(job("会计", "2020", None),)
        )

        assert outcome(Certificate(any_of=("CPA",)), holds) is PASSED
        assert outcome(Certificate(any_of=("教师资格证",)), holds) is UNKNOWN


class TestOverall:
    def test_is_the_worst_of_all(self) -> None:
        assert overall([Verdict(PASSED), Verdict(UNKNOWN), Verdict(FAILED)]) is FAILED
        assert overall([Verdict(PASSED), Verdict(UNKNOWN)]) is UNKNOWN
        assert overall([Verdict(PASSED)]) is PASSED


class TestConditionsAsData:
    @pytest.mark.parametrize(
        "condition",
        [
            Degree(at_least="master"),
            Experience(years=2.5, field=("会计",)),
            Skills(any_of=("SAP", "用友")),
            City(any_of=("44",)),
        ],
    )
    def test_come_back_as_they_were(self, condition: Condition) -> None:
        assert from_json(to_json(condition)) == condition

    @pytest.mark.parametrize(
        "data",
        [
            {"kind": "gender", "is": "male"},
            {"kind": "degree", "at_least": "king"},
            {"kind": "skills"},
            {"kind": "pay"},
            {},
        ],
    )
    def test_refuse_what_no_condition_may_be(self, data: dict[str, str]) -> None:
        with pytest.raises(ValueError, match=r"."):
            from_json(data)
