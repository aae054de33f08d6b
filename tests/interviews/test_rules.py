"""Decisions about interviews."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from zhiren.interviews import rules

AT = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
ATTRIBUTES: list[dict[str, Any]] = [
    {
        "code": "skills",
        "name": {"zh-hans": "专业", "en": "Skill"},
        "praise": {"zh-hans": "您很专业。", "en": "Skilled."},
    },
    {"code": "talk", "name": {"zh-hans": "沟通", "en": "Talk"}, "praise": {"zh-hans": "您很清楚。", "en": "Clear."}},
]


class TestRollUp:
    @pytest.mark.parametrize(
        ("verdicts", "together"),
        [
            (["yes"], "yes"),
            (["strong_yes", "strong_yes"], "strong_yes"),
            (["strong_no"], "strong_no"),
            (["strong_yes", "strong_yes", "strong_no"], "no"),
            (["yes", "strong_yes", "no"], "yes"),
            (["yes", "no", "no"], "no"),
            (["yes", "no"], "mixed"),
        ],
    )
    def test_finds_what_interviewers_think_together(self, verdicts: list[str], together: str) -> None:
        assert rules.roll_up(verdicts) == together

    def test_refuses_to_judge_without_a_verdict(self) -> None:
        with pytest.raises(ValueError, match="nobody"):
            rules.roll_up([])

    def test_lets_nobody_pass_on_a_divided_verdict(self) -> None:
        assert [rules.is_pass(verdict) for verdict in ("strong_no", "no", "mixed", "yes", "strong_yes")] == [
            False,
            False,
            False,
            True,
            True,
        ]


class TestWordsForCandidate:
    def words(self, *cards: tuple[dict[str, int], str], language: str = "zh-hans") -> list[str]:
        given = [rules.CardForCandidate(ATTRIBUTES, ratings, strengths) for ratings, strengths in cards]
        return rules.words_for_candidate(given, language, talked_about="聊了%s。")

    def test_tells_what_was_written_and_what_was_rated_high(self) -> None:
        assert self.words(({"skills": 4, "talk": 2}, "方案讲得\n很细。")) == ["方案讲得 很细。", "您很专业。"]

    def test_takes_the_mean_of_several_cards(self) -> None:
        assert self.words(({"skills": 4}, ""), ({"skills": 1, "talk": 3}, "")) == ["您很清楚。"]

    def test_says_only_what_was_talked_about_when_nothing_was_rated_high(self) -> None:
        assert self.words(({"skills": 1, "talk": 0}, "")) == ["聊了专业。"]

    def test_speaks_the_candidates_language(self) -> None:
        assert self.words(({"skills": 3}, ""), language="en") == ["Skilled."]

    def test_says_the_same_thing_once(self) -> None:
        assert self.words(({"skills": 3}, "很好。"), ({"skills": 3}, "很好。")) == ["很好。", "您很专业。"]

    def test_says_nothing_when_nothing_was_asked(self) -> None:
        assert self.words(({"skills": 0}, "")) == []


class TestMomentIn:
    def test_reads_the_clock_of_the_zone(self) -> None:
        assert rules.moment_in("Europe/Madrid", date(2026, 7, 1), time(9, 0)) == datetime(2026, 7, 1, 7, 0, tzinfo=UTC)

    def test_knows_no_moment_in_the_hour_that_clocks_skip(self) -> None:
        assert rules.moment_in("America/New_York", date(2026, 3, 8), time(2, 30)) is None

    def test_takes_the_first_of_an_hour_that_comes_twice(self) -> None:
        first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
        assert rules.moment_in("America/New_York", date(2026, 11, 1), time(1, 30)) == first

    @pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "", "\0"])
    def test_knows_no_moment_in_a_zone_that_is_none(self, zone: str) -> None:
        assert rules.moment_in(zone, date(2026, 3, 8), time(9, 0)) is None

    @pytest.mark.parametrize("day", [date.min, date.max])
    def test_survives_the_ends_of_the_calendar(self, day: date) -> None:
        rules.moment_in("Pacific/Auckland", day, time(0, 0))
        rules.moment_in("America/Los_Angeles", day, time(23, 59))


class TestIsPossible:
    @pytest.mark.parametrize(
        ("days", "minutes", "zone"),
        [(0, 4, "UTC"), (0, 721, "UTC"), (1000, 60, "UTC"), (-1000, 60, "UTC"), (0, 60, "Nowhere/At_All")],
    )
    def test_refuses_what_cannot_be(self, days: int, minutes: int, zone: str) -> None:
        length = timedelta(minutes=minutes)
        assert not rules.is_possible(starts_at=AT + timedelta(days=days), length=length, zone=zone, at=AT)

    def test_allows_an_hour_next_week(self) -> None:
        assert rules.is_possible(starts_at=AT + timedelta(7), length=timedelta(hours=1), zone="Asia/Shanghai", at=AT)


class TestMeanRating:
    def test_leaves_out_what_was_not_asked(self) -> None:
        assert rules.mean_rating({"a": 4, "b": 3, "c": 0}) == 3.5

    def test_is_none_when_nothing_was_rated(self) -> None:
        assert rules.mean_rating({"a": 0}) is None
