"""The order of the queue, and what settles a line."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiren.kernel.businesstime import WorkCalendar
from zhiren.today import rules
from zhiren.today.handlers import SETTLING
from zhiren.today.rules import Fact

CALENDAR = WorkCalendar.for_region("CN", zone="Asia/Shanghai")
MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
moments = st.integers(0, 20 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


class TestUrgency:
    def test_is_one_when_due_and_doubles_each_working_day(self) -> None:
        assert rules.urgency(MONDAY, at=MONDAY, calendar=CALENDAR) == 1
        assert rules.urgency(MONDAY, at=MONDAY + timedelta(days=1), calendar=CALENDAR) == 2

    def test_does_not_grow_over_the_weekend(self) -> None:
        saturday = MONDAY + timedelta(days=5)

        assert rules.urgency(MONDAY, at=saturday, calendar=CALENDAR) == rules.urgency(
            MONDAY, at=saturday + timedelta(days=1), calendar=CALENDAR
        )


class TestRankAt:
    @given(first=moments, second=moments, low=st.integers(1, 5), high=st.integers(1, 5), key=st.booleans())
    def test_orders_as_urgency_times_weight_does(
        self, first: datetime, second: datetime, low: int, high: int, key: bool
    ) -> None:
        at = MONDAY + timedelta(days=30)
        scores = [
            rules.urgency(first, at=at, calendar=CALENDAR) * rules.weight(low, is_key=key),
            rules.urgency(second, at=at, calendar=CALENDAR) * rules.weight(high, is_key=False),
        ]
        ranks = [
            rules.rank_at(first, importance=low, is_key=key, calendar=CALENDAR),
            rules.rank_at(second, importance=high, is_key=False, calendar=CALENDAR),
        ]

        if scores[0] > scores[1] * 1.000001:
            assert ranks[0] <= ranks[1]
        elif scores[1] > scores[0] * 1.000001:
            assert ranks[1] <= ranks[0]

    def test_puts_a_key_candidate_a_working_day_ahead(self) -> None:
        plain = rules.rank_at(MONDAY, importance=1, is_key=False, calendar=CALENDAR)
        key = rules.rank_at(MONDAY, importance=1, is_key=True, calendar=CALENDAR)

        assert plain == MONDAY
        assert CALENDAR.between(key, plain) == timedelta(hours=9)


class TestMatches:
    @pytest.mark.parametrize(
        ("where", "payload", "expected"),
        [
            ({}, {"kind": "note"}, True),
            ({"kind": "call"}, {"kind": "call"}, True),
            ({"kind": "call"}, {"kind": "note"}, False),
            ({"kind": ["call", "visit"]}, {"kind": "visit"}, True),
            ({"to_user_id": None}, {"to_user_id": None}, True),
            ({"to_user_id": None}, {"to_user_id": "7"}, False),
        ],
    )
    def test_compares_the_fields_named(
        self, where: dict[str, object], payload: dict[str, object], expected: bool
    ) -> None:
        fact = Fact("people.note.written", MONDAY, payload)

        assert rules.matches({"event": "people.note.written", "where": where}, fact) is expected

    def test_takes_no_fact_about_another_application(self) -> None:
        moved = {"event": "recruiting.application.moved"}

        assert not rules.matches(moved, Fact(moved["event"], MONDAY, {"application_id": "b"}), application_id="a")
        assert rules.matches(moved, Fact(moved["event"], MONDAY, {"application_id": "a"}), application_id="a")


class TestFirstMatch:
    def test_passes_over_what_was_taken_back(self) -> None:
        done = Fact("today.follow_up.done", MONDAY, {"follow_up_id": "1"})
        taken_back = Fact("today.follow_up.reopened", MONDAY, {"follow_up_id": "1"})
        wanted = [{"event": "today.follow_up.done"}]

        assert rules.first_match(wanted, [done]) == done
        assert rules.first_match(wanted, [done, taken_back]) is None


class TestFilled:
    def test_puts_values_in_as_they_are_and_leaves_the_unknown_empty(self) -> None:
        assert rules.filled("{{ candidate_name }}{{ 7*7 }}{{ secret }}", {"candidate_name": "<b>"}) == "<b>{{ 7*7 }}"


class TestSnoozeTimes:
    def test_are_all_later_and_in_the_readers_day(self) -> None:
        at = datetime(2026, 11, 16, 20, 0, tzinfo=UTC)  # Tuesday 04:00 in Shanghai

        times = rules.snooze_times(at, ZoneInfo("Asia/Shanghai"))

        assert [time.isoformat() for time in times.values()] == [
            "2026-11-16T21:00:00+00:00",
            "2026-11-18T09:00:00+08:00",
            "2026-11-23T09:00:00+08:00",
        ]


class TestSettledBy:
    def test_names_exactly_the_events_that_are_listened_to(self) -> None:
        assert sorted(rules.SETTLED_BY) == sorted(kind.name for kind in SETTLING)


class TestWeight:
    def test_puts_who_passed_an_interview_before_cards_that_stay_too_long(self) -> None:
        """The candidate may wait 24 business hours, the cards of the same morning had 9."""
        passed = rules.rank_at(CALENDAR.add_hours(MONDAY, 24), importance=5, is_key=False, calendar=CALENDAR)
        too_long = rules.rank_at(CALENDAR.add_hours(MONDAY, 9), importance=3, is_key=False, calendar=CALENDAR)

        assert passed < too_long
