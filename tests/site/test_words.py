"""When things were and are due, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from zhiren.site.templatetags import words

# A Monday, 10:00 in Shanghai.
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_shanghai() -> Iterator[None]:
    with timezone.override("Asia/Shanghai"), translation.override("zh-hans"):
        yield


class TestAgo:
    @pytest.mark.parametrize(
        ("shift", "expected"),
        [
            (timedelta(seconds=-59), "刚刚"),
            (timedelta(minutes=-1), "1 分钟前"),
            (timedelta(minutes=-59, seconds=-59), "59 分钟前"),
            (timedelta(minutes=59), "59 分钟后"),
            (timedelta(hours=-1), "今天 09:00"),
            (timedelta(hours=-11), "昨天 23:00"),
            (timedelta(hours=14), "明天 00:00"),
            (timedelta(days=-6), "周二 10:00"),
            (timedelta(days=-7), "11月9日"),
            (timedelta(days=-365), "2025年11月16日"),
        ],
    )
    def test_says_how_long_under_an_hour_which_day_under_a_week_then_the_date(
        self, shift: timedelta, expected: str
    ) -> None:
        assert words.ago(NOW + shift, NOW) == expected

    def test_counts_days_in_the_readers_zone(self) -> None:
        late = datetime(2026, 11, 15, 15, 30, tzinfo=UTC)  # Sunday 23:30 in Shanghai, 10:30 in New York

        with timezone.override("America/New_York"):
            assert words.ago(late, NOW) == "今天 10:30"
        assert words.ago(late, NOW) == "昨天 23:30"

    def test_speaks_english(self) -> None:
        with translation.override("en"):
            assert words.ago(NOW - timedelta(minutes=5), NOW) == "5 min ago"
            assert words.ago(NOW - timedelta(days=3), NOW) == "Fri 10:00"
            assert words.ago(NOW - timedelta(days=30), NOW) == "17 Oct"

    def test_is_empty_for_nothing(self) -> None:
        assert words.ago(None, NOW) == ""


class TestDue:
    @pytest.mark.parametrize(
        ("shift", "expected", "tone"),
        [
            (timedelta(hours=-3), "超时 3 小时", "bad"),
            (timedelta(seconds=-20), "超时 1 分钟", "bad"),
            (timedelta(hours=-47, minutes=-59), "超时 47 小时", "bad"),
            (timedelta(hours=-48), "超时 2 天", "bad"),
            (timedelta(hours=8), "今天 18:00 到期", "warn"),
            (timedelta(days=1), "明天 10:00 到期", "muted"),
            (timedelta(days=20), "12月6日 到期", "muted"),
        ],
    )
    def test_says_how_a_limit_stands_and_how_bad_that_is(self, shift: timedelta, expected: str, tone: str) -> None:
        assert words.due(NOW + shift, NOW) == expected
        assert words.due_tone(NOW + shift, NOW) == tone


class TestMoment:
    def test_names_the_zone(self) -> None:
        assert words.moment(NOW) == "2026-11-16 10:00 (Asia/Shanghai)"

    def test_is_given_to_machines_in_utc(self) -> None:
        assert words.iso(NOW) == "2026-11-16T02:00:00+00:00"


class TestTodayWithWeekday:
    def test_puts_the_weekday_where_the_language_wants_it(self) -> None:
        assert words.today_with_weekday(NOW) == "11月16日 星期一"
        with translation.override("en"):
            assert words.today_with_weekday(NOW) == "Monday 16 Nov"


class TestDay:
    def test_leaves_out_this_years_year(self) -> None:
        assert words.day(date(2026, 3, 1), date(2026, 11, 16)) == "3月1日"
        assert words.day(date(2025, 3, 1), date(2026, 11, 16)) == "2025年3月1日"


class TestInitial:
    @pytest.mark.parametrize(("name", "expected"), [("周明远", "周"), (" marta", "M"), ("", "?"), (None, "?")])
    def test_is_the_first_character(self, name: str | None, expected: str) -> None:
        assert words.initial(name) == expected


class TestSkillName:
    def test_is_in_the_language_of_the_page(self) -> None:
        with translation.override("zh-hans"):
            assert (words.skill_name("Data Analysis"), words.skill_name("Java")) == ("数据分析", "Java")
        with translation.override("en"):
            assert words.skill_name("Data Analysis") == "Data Analysis"


class TestQueryReplace:
    def test_changes_what_it_names_and_keeps_the_rest(self) -> None:
        request = RequestFactory().get("/?stage=new&tag=a&tag=b&after=x")
        template = Template("{% query_replace after='' stage='offer' %}")

        assert template.render(Context({"request": request})) == "?stage=offer&amp;tag=a&amp;tag=b"
