"""What the law of Germany, the United Kingdom, and California finds: worked out by hand, at the limit and beyond."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rostering.making import AFTER, BEFORE, at, dates, day, lasting, said, weeks
from zhiren.rostering import law

MONDAY = date(2026, 3, 2)
TUESDAY = date(2026, 3, 3)
GERMANY = law.Law(country="de")
BRITAIN = law.Law(country="gb")
CALIFORNIA = law.Law(country="us_ca")


def codes(days: list[law.Day], country: law.Law) -> list[str]:
    return [one.code for one in law.check(days, law=country, at=AFTER)]


class TestGermany:
    def test_lets_a_day_have_ten_hours(self) -> None:
        assert codes([day(MONDAY, "06:00-11:00", "12:00-17:00")], GERMANY) == []
        [found] = law.check([day(MONDAY, "06:00-11:00", "12:00-17:01")], law=GERMANY, at=AFTER)
        assert said([found]) == [("longest_day", 601, 600)]
        assert found.source == "Working Hours Act (ArbZG), § 3, https://www.lexetius.de/ArbZG/3"

    @pytest.mark.parametrize(
        ("spans", "found"),
        [
            (["08:00-14:00"], []),
            (["08:00-14:01"], [("break", 0, 30), ("longest_stretch", 361, 360)]),
            (["08:00-12:00", "12:30-17:30"], []),
            (["08:00-12:00", "12:29-17:29"], [("break", 29, 30)]),
            (["08:00-12:00", "12:30-17:31"], [("break", 30, 45)]),
            (["08:00-10:00", "10:15-13:00", "13:15-16:00"], []),
            (["08:00-10:00", "10:14-13:00", "13:20-16:00"], [("break", 20, 30)]),
            (["08:00-09:00", "09:45-15:46"], [("longest_stretch", 361, 360)]),
        ],
    )
    def test_asks_for_breaks_of_at_least_fifteen_minutes(
        self, spans: list[str], found: list[tuple[str, int, int]]
    ) -> None:
        assert said(law.check([day(MONDAY, *spans)], law=GERMANY, at=AFTER)) == found

    def test_asks_for_eleven_hours_of_rest(self) -> None:
        late = day(MONDAY, "16:00-22:00")

        assert codes([late, day(TUESDAY, "09:00-13:00")], GERMANY) == []
        assert said(law.check([late, day(TUESDAY, "08:59-13:00")], law=GERMANY, at=AFTER)) == [("daily_rest", 659, 660)]

    def test_measures_rest_by_the_hours_that_pass_when_the_clock_changes(self) -> None:
        berlin = law.Law(country="de", agreed=("sunday_work",))

        def weekend(saturday: date, starts: str) -> list[law.Day]:
            sunday = date.fromordinal(saturday.toordinal() + 1)
            return [
                day(saturday, "16:00-22:00", zone="Europe/Berlin"),
                day(sunday, starts, zone="Europe/Berlin"),
            ]

        spring, autumn = date(2026, 3, 28), date(2026, 10, 24)
        assert said(law.check(weekend(spring, "09:00-13:00"), law=berlin, at=AFTER)) == [("daily_rest", 600, 660)]
        assert codes(weekend(spring, "10:00-13:00"), berlin) == []
        assert codes(weekend(autumn, "08:00-13:00"), berlin) == []

    def test_counts_the_hours_that_pass_of_a_night_in_which_the_clock_changes(self) -> None:
        berlin = law.Law(country="de", agreed=("sunday_work",))
        night = ["20:00-25:00", "26:00-31:00"]

        spring = day(date(2026, 3, 28), *night, zone="Europe/Berlin")  # 02:00 is 03:00: nine hours
        autumn = day(date(2026, 10, 24), *night, zone="Europe/Berlin")  # 02:00 comes twice: eleven hours
        assert law.check([spring], law=berlin, at=AFTER) == []
        assert said(law.check([autumn], law=berlin, at=AFTER)) == [("longest_day", 660, 600)]

    def test_forbids_work_that_touches_a_sunday_or_a_holiday(self) -> None:
        saturday, sunday = date(2026, 3, 7), date(2026, 3, 8)
        berlin = "Europe/Berlin"

        assert codes([day(saturday, "18:00-24:00", zone=berlin)], GERMANY) == []
        assert codes([day(saturday, "20:00-24:01", zone=berlin)], GERMANY) == ["sunday_ban"]
        assert codes([day(sunday, "22:00-26:00", zone=berlin)], GERMANY) == ["sunday_ban"]
        assert codes([day(MONDAY, "08:00-12:00", zone=berlin, kind=law.HOLIDAY)], GERMANY) == ["holiday_ban"]
        eve = [day(MONDAY, "20:00-25:00", zone=berlin), day(TUESDAY, zone=berlin, kind=law.HOLIDAY)]
        assert codes(eve, GERMANY) == ["holiday_ban"]
        trades = law.Law(country="de", agreed=("sunday_work",))
        assert codes([day(sunday, "22:00-26:00", zone=berlin)], trades) == []

    def test_keeps_fifteen_sundays_of_a_year_free(self) -> None:
        trades = law.Law(country="de", agreed=("sunday_work",))
        sundays = [day(on, "08:00-12:00") for on in dates(date(2026, 1, 1), 365) if on.weekday() == 6]
        assert len(sundays) == 52

        assert codes(sundays[:37], trades) == []
        [found] = law.check(sundays[:38], law=trades, at=BEFORE)
        assert (found.code, found.reached, found.limit, found.severity) == ("free_sundays", 14, 15, "soon")

    def test_asks_for_another_free_day_within_two_weeks_around_a_sunday_that_is_worked(self) -> None:
        trades = law.Law(country="de", agreed=("sunday_work",))
        sunday = date(2026, 3, 15)
        # Every date from thirteen days before to thirteen days after, for three hours each; other Sundays are free.
        all_of_them = dates(MONDAY, 27)
        days = [day(on, *(["08:00-11:00"] if on.weekday() < 6 or on == sunday else [])) for on in all_of_them]

        [found] = law.check(days, law=trades, at=BEFORE)
        assert (found.code, found.days, found.severity) == ("substitute_day", (sunday,), "soon")
        assert (found.reached, found.limit, found.period, found.length) == (0, 1, "week", 2)
        [found] = law.check(days, law=trades, at=AFTER)
        assert found.severity == "breach"

        for at_once in (0, 26):  # the first and the last of them that count
            assert codes([*days[:at_once], day(all_of_them[at_once]), *days[at_once + 1 :]], trades) == []
        holiday = day(all_of_them[26], kind=law.HOLIDAY)
        assert codes([*days[:26], holiday], trades) == ["substitute_day"]
        assert codes(days[1:], trades) == []  # the first date may have been free

    def test_lets_one_free_day_make_up_for_one_sunday(self) -> None:
        trades = law.Law(country="de", agreed=("sunday_work",))
        free = {date(2026, 2, 28), date(2026, 3, 14)}
        days = [day(on, *([] if on in free else ["08:00-11:00"])) for on in dates(date(2026, 2, 1), 70)]

        found = [one.days for one in law.check(days, law=trades, at=AFTER) if one.code == "substitute_day"]

        # The first two and the last Sunday may have a day before or after; 15 February and 1 March have the two.
        without = [date(2026, 2, 22), date(2026, 3, 8), date(2026, 3, 15), date(2026, 3, 22), date(2026, 3, 29)]
        assert found == [(sunday,) for sunday in without]

    def test_averages_eight_hours_for_each_working_day_over_twenty_four_weeks(self) -> None:
        spans = ["06:00-11:00", "12:00-17:00"]

        def half_a_year(last: str) -> list[law.Day]:
            """Return 24 weeks: 23 of five days with ten hours are 1150 of 1152, and what the last Saturday has."""
            days = [day(on, *(spans if on.weekday() < 5 else [])) for on in dates(MONDAY, 23 * 7)]
            return days + [day(on, *([last] if on.weekday() == 5 else [])) for on in dates(date(2026, 8, 10), 7)]

        assert codes(half_a_year("06:00-08:00"), GERMANY) == []
        [found] = law.check(half_a_year("06:00-08:01"), law=GERMANY, at=AFTER)
        assert (found.code, found.reached, found.limit, found.length) == ("average_workday", 481, 480, 24)
        assert found.days == (MONDAY, date(2026, 8, 15))

    def test_takes_eight_hours_out_of_the_average_for_each_holiday_on_a_working_day(self) -> None:
        spans = ["06:00-10:00", "11:00-15:00"]
        days = [day(on, *(spans if on.weekday() < 6 else [])) for on in dates(MONDAY, 24 * 7)]
        assert codes(days, GERMANY) == []

        days[4] = day(days[4].on, kind=law.HOLIDAY)
        days[5] = day(days[5].on, "06:00-10:00", "11:00-16:00")
        assert codes(days, GERMANY) == ["average_workday"]

    def test_averages_a_night_worker_over_four_weeks(self) -> None:
        nights = law.Law(country="de", agreed=("night_worker",))
        days = [day(on, *(["18:00-23:00", "24:00-29:00"] if on.weekday() < 4 else [])) for on in dates(MONDAY, 28)]

        assert codes(days, nights) == []  # 160 hours of 192
        longer = [day(on, *(["18:00-23:00", "24:00-29:00"] if on.weekday() < 5 else [])) for on in dates(MONDAY, 28)]
        [found] = law.check(longer, law=nights, at=AFTER)
        assert said([found]) == [("night_average_workday", 500, 480)]  # 200 hours over 24 working days
        assert codes(longer, GERMANY) == []


class TestBritain:
    def test_averages_forty_eight_hours_over_seventeen_weeks(self) -> None:
        days = weeks(MONDAY, 17, [480, 480, 480, 480, 480, 480, 0])
        days = [day(one.on, "06:00-10:00", "10:20-14:20") if one.work else one for one in days]
        assert codes(days, BRITAIN) == []

        days[0] = day(MONDAY, "06:00-10:00", "10:20-14:21")
        [found] = law.check(days, law=BRITAIN, at=AFTER)
        assert (found.code, found.reached, found.limit, found.length) == ("average_week", 2881, 2880, 17)
        assert codes(days, law.Law(country="gb", agreed=("opt_out",))) == []
        assert codes(days, law.Law(country="gb", agreed=("special_case",))) == []  # over 26 weeks

    def test_fills_up_the_period_for_days_of_leave(self) -> None:
        hard = [day(on, *(["06:00-11:00", "11:20-16:20"] if on.weekday() < 5 else [])) for on in dates(MONDAY, 119)]
        leave = [law.Day(on, away=True) for on in dates(date(2026, 5, 4), 14)]
        worked = [
            *hard[:63],
            *leave,
            *[
                day(date.fromordinal(one.on.toordinal() + 14), *(["06:00-11:00", "11:20-16:20"] if one.work else []))
                for one in hard[63:]
            ],
        ]

        [found] = law.check(hard, law=BRITAIN, at=AFTER)
        [with_leave] = law.check(worked, law=BRITAIN, at=AFTER)
        assert found.reached == with_leave.reached == 3000

        free = [one if not one.away else law.Day(one.on) for one in worked]
        assert codes(free, BRITAIN) == []  # two free weeks within seventeen: 15 x 50 hours are 44 a week

    def test_asks_for_a_break_of_twenty_minutes_after_six_hours(self) -> None:
        assert codes([day(MONDAY, "06:00-12:00")], BRITAIN) == []
        assert said(law.check([day(MONDAY, "06:00-12:01")], law=BRITAIN, at=AFTER)) == [("break", 0, 20)]
        assert codes([day(MONDAY, "06:00-10:00", "10:20-14:00")], BRITAIN) == []
        twice = [day(MONDAY, "06:00-08:00", "08:19-10:00", "10:19-14:00")]
        assert said(law.check(twice, law=BRITAIN, at=AFTER)) == [("break", 0, 20)]

    def test_asks_for_twenty_four_hours_in_a_week_or_forty_eight_in_two(self) -> None:
        # Every day from ten to four, so that each rest is eighteen hours.
        days = [day(on, "10:00-16:00") for on in dates(MONDAY, 14)]
        fortnight = law.Law(country="gb", agreed=("fortnight",))
        assert said(law.check(days, law=BRITAIN, at=AFTER)) == [("weekly_rest", 1080, 1440)] * 2

        days[3], days[10] = day(days[3].on), day(days[10].on)  # two rests of 42 hours
        assert codes(days, BRITAIN) == []
        assert said(law.check(days, law=fortnight, at=AFTER)) == [("weekly_rest", 2520, 2880)]

        days[3], days[11] = day(days[3].on, "10:00-16:00"), day(days[11].on)  # one rest of 66 hours
        assert said(law.check(days, law=BRITAIN, at=AFTER)) == [("weekly_rest", 1080, 1440)]
        assert codes(days, fortnight) == []

    def test_counts_a_shift_from_before_the_week_against_its_rest(self) -> None:
        night = day(date(2026, 3, 1), "22:00-32:00")  # from Sunday until eight on Monday
        week = [day(on, "16:00-21:00") for on in dates(MONDAY, 7)]

        assert said(law.check([night, *week], law=law.Law(country="gb"), at=AFTER))[-1] == ("weekly_rest", 1140, 1440)

    def test_lets_work_of_special_hazard_at_night_have_eight_hours(self) -> None:
        hazards = law.Law(country="gb", agreed=("special_hazards",))

        def found(*spans: str) -> list[str]:
            return codes([day(MONDAY, *spans, zone="Europe/London")], hazards)

        assert found("20:00-24:00", "24:20-28:20") == []
        assert found("20:00-24:00", "24:20-28:21") == ["night_longest_day"]
        assert found("17:00-21:00", "21:30-25:59") == []  # less than three hours of the night
        assert found("17:00-21:00", "21:30-26:00") == ["night_longest_day"]

    def test_averages_the_hours_of_a_night_worker_over_six_days_a_week(self) -> None:
        nights = law.Law(country="gb", agreed=("night_worker", "opt_out"))
        spans = ["20:00-24:00", "24:20-28:20"]
        days = [day(on, *(spans if on.weekday() < 6 else [])) for on in dates(MONDAY, 119)]
        assert "night_average_day" not in codes(days, nights)

        days[0] = day(MONDAY, "20:00-24:00", "24:20-28:21")
        assert ("night_average_day", 481, 480) in said(law.check(days, law=nights, at=AFTER))


class TestUnitedStates:
    def test_limits_no_hours(self) -> None:
        assert codes([lasting(on, 900) for on in dates(MONDAY, 7)], law.Law(country="us")) == []


class TestCalifornia:
    @pytest.mark.parametrize(
        ("spans", "found"),
        [
            (["06:00-11:00"], []),
            (["06:00-11:01"], [("break", 0, 30)]),
            (["06:00-11:00", "11:30-16:30"], []),
            (["06:00-11:00", "11:29-16:29"], [("break", 0, 30)]),
            (["06:00-11:01", "11:31-15:00"], [("first_break_by", 301, 300)]),
            (["06:00-11:00", "11:30-16:31"], [("break", 30, 60)]),
            (["06:00-11:00", "11:30-15:30", "16:00-19:00"], []),
        ],
    )
    def test_asks_for_meal_periods(self, spans: list[str], found: list[tuple[str, int, int]]) -> None:
        assert said(law.check([day(MONDAY, *spans)], law=CALIFORNIA, at=AFTER)) == found

    def test_lets_a_meal_period_be_waived_on_short_days_only(self) -> None:
        first = law.Law(country="us_ca", agreed=("first_meal_waived",))
        second = law.Law(country="us_ca", agreed=("second_meal_waived",))

        assert codes([day(MONDAY, "06:00-12:00")], first) == []
        assert codes([day(MONDAY, "06:00-12:01")], first) == ["break"]
        assert codes([day(MONDAY, "06:00-11:00", "11:30-18:30")], second) == []
        assert codes([day(MONDAY, "06:00-11:00", "11:30-18:31")], second) == ["break"]

    def test_asks_for_a_day_of_rest_by_the_workweek(self) -> None:
        sunday = date(2026, 3, 1)
        by_sunday = law.Law(country="us_ca", week_starts=7)
        seven = [day(on, "08:00-13:00", "13:30-15:00") for on in dates(sunday, 7)]

        assert codes(seven, by_sunday) == ["rest_days"]
        assert codes(seven, CALIFORNIA) == []  # six days of one workweek and one of another

    def test_asks_for_none_where_no_day_has_more_than_six_hours_or_the_week_no_more_than_thirty(self) -> None:
        six = [day(on, "08:00-12:00", "12:30-14:30") for on in dates(MONDAY, 7)]
        assert codes(six, CALIFORNIA) == []
        six[0] = day(MONDAY, "08:00-12:00", "12:30-14:31")
        assert codes(six, CALIFORNIA) == ["rest_days"]

        few = [day(on, "08:00-11:50") for on in dates(MONDAY, 6)]  # 23 hours
        assert codes([*few, day(date(2026, 3, 8), "08:00-12:00", "12:30-15:30")], CALIFORNIA) == []
        assert codes([*few, day(date(2026, 3, 8), "08:00-12:00", "12:30-15:31")], CALIFORNIA) == ["rest_days"]

    def test_judges_nobody_who_is_exempt(self) -> None:
        exempt = law.Law(country="us_ca", regime=law.Regime.EXEMPT)
        days = [lasting(on, 900) for on in dates(MONDAY, 7)]

        assert codes(days, exempt) == []
        assert law.overtime(days, law=exempt) == []


class TestInTheMiddleOfADay:
    def test_a_ban_is_broken_once_work_has_begun(self) -> None:
        sunday = date(2026, 3, 8)
        days = [day(sunday, "08:00-12:00")]

        [before] = law.check(days, law=GERMANY, at=at(sunday, "08:00", "UTC"))
        [begun] = law.check(days, law=GERMANY, at=at(sunday, "08:30", "UTC"))

        assert (before.severity, begun.severity) == ("soon", "breach")
