"""Overtime by class: worked out by hand for each country, and what holds for any days."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rostering.making import AFTER, BEFORE, dates, day, lasting
from zhiren.rostering import law

MONDAY = date(2026, 3, 2)


def classes(days: list[law.Day], country: str, *agreed: str, **more: object) -> dict[tuple[str, int], int]:
    return law.totals(law.overtime(days, law=law.Law(country=country, agreed=agreed, **more)))  # type: ignore[arg-type]


class TestChina:
    def test_has_three_classes(self) -> None:
        days = [
            lasting(MONDAY, 600),
            lasting(date(2026, 3, 7), 480, kind=law.REST_DAY),
            lasting(date(2026, 4, 5), 300, kind=law.HOLIDAY),
        ]

        assert classes(days, "cn") == {("workday", 150): 120, ("rest_day", 200): 480, ("holiday", 300): 300}

    def test_prices_the_sixth_workday_of_a_week_with_a_make_up_day_as_any_other(self) -> None:
        assert classes([lasting(on, 480) for on in dates(MONDAY, 6)], "cn") == {}

    def test_reckons_comprehensive_hours_over_the_whole_period(self) -> None:
        # March 2026 has 22 workdays, 176 hours. Fifteen shifts of twelve hours, three of them at a weekend, are 180.
        days = [
            lasting(
                on, 720 if on.day % 2 and on.day < 30 else 0, kind=law.REST_DAY if on.weekday() > 4 else law.WORKDAY
            )
            for on in dates(date(2026, 3, 1), 31)
        ]
        comprehensive = law.Law(country="cn", regime=law.Regime.COMPREHENSIVE, agreed=("approved",))

        [share] = law.overtime(days, law=comprehensive)

        assert share == law.Share(date(2026, 3, 29), "workday", 150, 240)
        assert law.overtime(days[:-1], law=comprehensive) == []  # a month that is not whole yet

    def test_pays_a_holiday_of_comprehensive_hours_by_itself(self) -> None:
        days = [lasting(on, 0) for on in dates(date(2026, 3, 1), 31)]
        days[4] = lasting(days[4].on, 480, kind=law.HOLIDAY)
        comprehensive = law.Law(country="cn", regime=law.Regime.COMPREHENSIVE, agreed=("approved",))

        assert law.totals(law.overtime(days, law=comprehensive)) == {("holiday", 300): 480}


class TestJapan:
    def test_steps_up_after_sixty_hours_of_a_month(self) -> None:
        days = [lasting(on, 480 + 240) for on in dates(MONDAY, 30) if on.weekday() < 5][:15]
        assert classes(days, "jp") == {("workday", 125): 3600}

        more = [*days, lasting(date(2026, 3, 23), 480 + 61)]
        assert classes(more, "jp") == {("workday", 125): 3600, ("workday", 150): 61}

    def test_begins_anew_with_each_month(self) -> None:
        days = [lasting(on, 720) for on in dates(date(2026, 3, 16), 30) if on.weekday() < 5]  # 12 in March, 10 in April

        assert classes(days, "jp") == {("workday", 125): 22 * 240}

    def test_counts_what_is_beyond_a_day_only_once_towards_the_week(self) -> None:
        # Five days of nine hours are five hours beyond the day and forty within it; the sixth is beyond the week.
        days = [lasting(on, 540) for on in dates(MONDAY, 5)] + [lasting(date(2026, 3, 7), 120)]

        assert classes(days, "jp") == {("workday", 125): 5 * 60 + 120}

    def test_adds_the_premium_of_the_night_to_any_class(self) -> None:
        rest_day = day(date(2026, 3, 8), "18:00-24:00", zone="Asia/Tokyo", kind=law.REST_DAY)
        night = day(MONDAY, "13:00-21:00", "22:00-29:30", zone="Asia/Tokyo")

        assert classes([rest_day], "jp") == {("rest_day", 135): 360, ("night", 25): 120}
        assert classes([night], "jp") == {("workday", 125): 450, ("night", 25): 420}

    def test_counts_the_early_morning_as_the_night_before(self) -> None:
        assert classes([day(MONDAY, "04:00-06:00", zone="Asia/Tokyo")], "jp") == {("night", 25): 60}

    def test_pays_the_night_to_whoever_is_exempt_from_the_rest(self) -> None:
        night = [day(MONDAY, "13:00-21:00", "22:00-29:30", zone="Asia/Tokyo")]

        assert classes(night, "jp", regime=law.Regime.EXEMPT) == {("night", 25): 420}


class TestSingapore:
    def test_prices_days_weeks_rest_days_and_holidays(self) -> None:
        days = [
            *(lasting(on, 540) for on in dates(MONDAY, 5)),  # an hour a day beyond eight, forty within
            lasting(date(2026, 3, 7), 360),  # the week has four hours left
            lasting(date(2026, 3, 8), 600, kind=law.REST_DAY),
            lasting(date(2026, 3, 9), 540, kind=law.HOLIDAY),
        ]

        assert classes(days, "sg") == {
            ("workday", 150): 5 * 60 + 120 + 120 + 60,
            ("rest_day", 200): 480,
            ("holiday", 100): 480,
        }

    def test_lets_a_week_of_five_days_have_nine_hours(self) -> None:
        days = [lasting(on, 540) for on in dates(MONDAY, 5)]

        assert classes(days, "sg", "five_day_week") == {("workday", 150): 60}  # one hour beyond 44


class TestUnitedStates:
    def test_pays_what_is_beyond_forty_hours_of_a_workweek(self) -> None:
        days = [lasting(on, 560) for on in dates(MONDAY, 5)]  # 46 hours 40 minutes, on any kind of date
        days[1] = lasting(days[1].on, 560, kind=law.HOLIDAY)

        assert classes(days, "us") == {("workday", 150): 400}

    def test_has_the_workweek_that_the_employer_set(self) -> None:
        days = [lasting(on, 600) for on in dates(date(2026, 3, 4), 7)]  # from Wednesday on

        assert classes(days, "us", week_starts=3) == {("workday", 150): 1800}
        assert classes(days, "us", week_starts=1) == {("workday", 150): 600}  # five days of ten hours, then two


class TestCalifornia:
    def test_doubles_after_twelve_hours_of_a_day(self) -> None:
        assert classes([lasting(MONDAY, 480)], "us_ca") == {}
        assert classes([lasting(MONDAY, 720)], "us_ca") == {("workday", 150): 240}
        assert classes([lasting(MONDAY, 780)], "us_ca") == {("workday", 150): 240, ("workday", 200): 60}

    def test_pays_no_hour_twice(self) -> None:
        four = [lasting(on, 600) for on in dates(MONDAY, 4)]  # 32 hours within the days
        assert classes([*four, lasting(date(2026, 3, 6), 480)], "us_ca") == {("workday", 150): 480}

        six = [lasting(on, 480) for on in dates(MONDAY, 6)]  # 48 hours, none beyond a day
        assert classes(six, "us_ca") == {("workday", 150): 480}

    def test_pays_the_whole_seventh_day_of_a_workweek(self) -> None:
        days = [lasting(on, 360) for on in dates(MONDAY, 6)]

        seventh = [*days, lasting(date(2026, 3, 8), 540)]
        assert classes(seventh, "us_ca") == {("seventh_day", 150): 480, ("seventh_day", 200): 60}
        later = [*days[1:], lasting(date(2026, 3, 8), 540), lasting(date(2026, 3, 9), 360)]
        assert classes(later, "us_ca") == {("workday", 150): 60}  # seven days in a row, of two workweeks


class TestPlacesWithoutALawOnPay:
    @pytest.mark.parametrize("country", ["de", "gb"])
    def test_have_no_overtime_by_law(self, country: str) -> None:
        assert classes([lasting(on, 700) for on in dates(MONDAY, 7)], country) == {}


WORK = st.lists(
    st.tuples(st.integers(0, 16 * 60), st.sampled_from([law.WORKDAY, law.WORKDAY, law.REST_DAY, law.HOLIDAY])),
    min_size=1,
    max_size=45,
)


def made(work: list[tuple[int, int]]) -> list[law.Day]:
    return [lasting(on, minutes, kind=kind) for on, (minutes, kind) in zip(dates(MONDAY, 45), work, strict=False)]


# A busy machine makes the days slowly; that says nothing about the law.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


class TestAnyDays:
    @patient
    @given(WORK, st.sampled_from(["cn", "jp", "sg", "us", "us_ca"]))
    def test_have_no_more_overtime_than_work_on_each_date(self, work: list[tuple[int, int]], country: str) -> None:
        days = made(work)
        by_date: Counter[date] = Counter()
        for share in law.overtime(days, law=law.Law(country=country)):
            assert share.minutes > 0
            by_date[share.on] += share.minutes * (share.kind != "night")

        assert all(by_date[one.on] <= minutes for one, (minutes, _kind) in zip(days, work, strict=True))

    @patient
    @given(WORK)
    def test_have_in_the_united_states_what_each_week_has_beyond_forty_hours(self, work: list[tuple[int, int]]) -> None:
        days = made(work)
        by_week: Counter[int] = Counter()
        for one, (minutes, _kind) in zip(days, work, strict=True):
            by_week[(one.on - MONDAY).days // 7] += minutes

        beyond = sum(max(minutes - 2400, 0) for minutes in by_week.values())
        assert sum(share.minutes for share in law.overtime(days, law=law.Law(country="us"))) == beyond

    @patient
    @given(WORK, st.sampled_from(["cn", "de", "gb", "jp", "sg", "us_ca"]))
    def test_are_found_fault_with_in_the_same_way_before_and_after(
        self, work: list[tuple[int, int]], country: str
    ) -> None:
        days = made(work)
        planned = law.check(days, law=law.Law(country=country), at=BEFORE)
        done = law.check(days, law=law.Law(country=country), at=AFTER)

        assert {one.severity for one in planned} <= {law.Severity.SOON}
        assert {one.severity for one in done} <= {law.Severity.BREACH}
        assert [(one.code, one.reached, one.days) for one in planned] == [(o.code, o.reached, o.days) for o in done]

    @patient
    @given(WORK, st.integers(0, 44), st.sampled_from(["cn", "jp", "sg", "us_ca"]))
    def test_lose_no_overtime_when_a_day_gets_longer(self, work: list[tuple[int, int]], at: int, country: str) -> None:
        longer = [(minutes + 30 * (n == at), kind) for n, (minutes, kind) in enumerate(work)]

        def total(days: list[tuple[int, int]]) -> int:
            shares = law.overtime(made(days), law=law.Law(country=country))
            return sum(share.minutes for share in shares if share.kind != "night")

        assert total(work) <= total(longer)
