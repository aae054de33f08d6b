"""Decisions of recruiting."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiren import resumes
from zhiren.kernel.businesstime import WorkCalendar
from zhiren.recruiting import lists, rules

SHANGHAI = WorkCalendar.for_region("CN", zone="Asia/Shanghai")
FRIDAY_EVENING = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)


def resume(text: str) -> resumes.Resume:
    """Return what a text says."""
    return resumes.parse(text.encode(), "cv.txt")


class TestStageDue:
    def test_counts_business_hours_over_the_weekend(self) -> None:
        due = rules.stage_due(FRIDAY_EVENING, limit_hours=9, calendar=SHANGHAI)

        assert due == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

    def test_is_never_for_a_stage_without_a_limit(self) -> None:
        assert rules.stage_due(FRIDAY_EVENING, limit_hours=None, calendar=SHANGHAI) is None


class TestHeadline:
    def test_is_of_the_current_job(self) -> None:
        found = resume(
            "工作经历\n2016.07 - 2020.06  云帆数据有限公司  后端工程师\n2020.07 - 至今  远山科技有限公司  架构师\n"
        )

        assert rules.headline(found) == "架构师 · 远山科技有限公司"

    def test_is_empty_where_no_job_is_named(self) -> None:
        assert rules.headline(resume("熟悉 Python。")) == ""


class TestYearsOfExperience:
    def test_are_whole_years_at_work_up_to_the_day(self) -> None:
        found = resume("工作经历\n2016.07 - 2020.06  云帆数据有限公司  后端工程师\n")

        assert rules.years_of_experience(found, on=date(2026, 11, 16)) == 4

    def test_are_unknown_without_dates(self) -> None:
        assert rules.years_of_experience(resume("熟悉 Python。"), on=date(2026, 11, 16)) is None


class TestProvisionalName:
    @pytest.mark.parametrize(
        ("file_name", "name"),
        [
            ("张三_后端-5年.pdf", "张三 后端 5年"),
            ("a/b\\c/简历.final.docx", "简历 final"),
            (".pdf", "pdf"),
            ("___.pdf", "?"),
            ("", "?"),
        ],
    )
    def test_is_the_stem_of_the_file(self, file_name: str, name: str) -> None:
        assert rules.provisional_name(file_name) == name

    @given(st.text(max_size=300))
    def test_is_never_empty_or_long(self, file_name: str) -> None:
        assert 0 < len(rules.provisional_name(file_name)) <= 60


class TestMedian:
    @pytest.mark.parametrize(("numbers", "middle"), [([], None), ([4.0], 4.0), ([9, 1, 5], 5), ([1, 2, 3, 10], 2.5)])
    def test_is_the_middle(self, numbers: list[float], middle: float | None) -> None:
        assert rules.median(numbers) == middle


class TestNumber:
    def test_is_exact_up_to_the_limit_and_told_with_a_plus_beyond(self) -> None:
        assert [str(lists.Number.counted(value)) for value in (0, 1000, 1001)] == ["0", "1000", "1000+"]

    def test_sums_up_to_a_cut_number_when_one_was_cut(self) -> None:
        numbers = [lists.Number.counted(value) for value in (600, 700)]
        assert str(lists.total(numbers)) == "1300"

        assert str(lists.total([*numbers, lists.Number.counted(5000)])) == "2300+"


class TestCard:
    def test_knows_how_long_and_whether_too_long(self) -> None:
        from zhiren.recruiting.models import Application

        application = Application(entered_stage_at=FRIDAY_EVENING, due_at=FRIDAY_EVENING + timedelta(hours=2))

        before = lists.Card(application, FRIDAY_EVENING + timedelta(hours=1))
        after = lists.Card(application, FRIDAY_EVENING + timedelta(hours=2))

        assert (before.waited, before.is_overdue) == (timedelta(hours=1), False)
        assert (after.waited, after.is_overdue) == (timedelta(hours=2), True)
