"""What the law of China, Japan and Singapore finds: cases worked out by hand, at the limit and a minute beyond."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rostering.making import AFTER, BEFORE, dates, day, lasting, said
from zhiren.rostering import law

MONDAY = date(2026, 3, 2)
SPECIAL = law.Law(country="cn", agreed=("special_reasons",))


def of_month(first: date, minutes: list[int]) -> list[law.Day]:
    """Return the weekdays of a month from its first on, one with each of these minutes, the weekends free."""
    left = list(minutes)
    days = []
    for on in dates(first, 31):
        if on.month == first.month:
            is_free = on.weekday() > 4 or not left
            days.append(lasting(on, 0 if is_free else left.pop(0), kind=law.REST_DAY if on.weekday() > 4 else 0))
    assert not left
    return days


class TestChina:
    def test_lets_a_day_have_one_hour_of_overtime_and_for_special_reasons_three(self) -> None:
        china = law.Law(country="cn")

        assert law.check([lasting(MONDAY, 540)], law=china, at=AFTER) == []
        [found] = law.check([lasting(MONDAY, 541)], law=china, at=AFTER)
        assert (found.code, found.reached, found.limit, found.severity) == ("overtime_day", 61, 60, "breach")
        assert found.source.endswith("art. 41")
        assert law.check([lasting(MONDAY, 660)], law=SPECIAL, at=AFTER) == []
        assert said(law.check([lasting(MONDAY, 661)], law=SPECIAL, at=AFTER)) == [("overtime_day", 181, 180)]

    def test_lets_a_month_have_thirty_six_hours_with_rest_days_among_them(self) -> None:
        # 17 days of 10 hours are 34 hours of overtime; two more on a Saturday make 36.
        days = of_month(MONDAY, [600] * 17)
        days[5] = lasting(days[5].on, 120, kind=law.REST_DAY)

        assert law.check(days, law=SPECIAL, at=AFTER) == []
        days[5] = lasting(days[5].on, 121, kind=law.REST_DAY)
        [found] = law.check(days, law=SPECIAL, at=BEFORE)
        assert said([found]) == [("overtime_month", 2161, 2160)]
        assert (found.severity, found.period, len(found.days)) == ("soon", "month", 18)

    def test_counts_a_month_by_itself_where_a_week_spans_two(self) -> None:
        march = [lasting(on, 600) for on in dates(date(2026, 3, 30), 2)]  # four hours of overtime in March
        april = [lasting(on, 600) for on in dates(date(2026, 4, 1), 3)]
        more = [
            lasting(on, 600, kind=law.WORKDAY) for on in dates(date(2026, 4, 6), 31) if on.weekday() < 5 and on.day < 28
        ]
        days = [*march, *april, *more[:15]]

        assert law.check(days, law=SPECIAL, at=AFTER) == []  # 40 hours in all, 36 of them in April

    def test_asks_for_a_free_day_in_each_week(self) -> None:
        days = [lasting(on, 300) for on in dates(date(2026, 3, 30), 7)]  # a week that spans two months

        [found] = law.check(days, law=law.Law(country="cn"), at=AFTER)
        assert said([found]) == [("rest_days", 0, 1)]
        assert found.days == tuple(dates(date(2026, 3, 30), 7))

        days[6] = day(date(2026, 4, 5), kind=law.REST_DAY)
        assert law.check(days, law=law.Law(country="cn"), at=AFTER) == []

    def test_says_nothing_of_the_rest_in_a_week_that_is_not_there_whole(self) -> None:
        days = [lasting(on, 300) for on in dates(date(2026, 3, 31), 9)]  # twelve days from Tuesday on, no Monday before

        assert law.check(days[:6], law=law.Law(country="cn"), at=AFTER) == []

    @pytest.mark.parametrize("regime", [law.Regime.COMPREHENSIVE, law.Regime.IRREGULAR])
    def test_lets_other_ways_of_reckoning_in_with_a_permit_only(self, regime: law.Regime) -> None:
        days = [lasting(on, 0) for on in dates(MONDAY, 7)]

        [found] = law.check(days, law=law.Law(country="cn", regime=regime), at=BEFORE)
        assert (found.code, found.severity) == ("approval", "soon")
        assert law.check(days, law=law.Law(country="cn", regime=regime, agreed=("approved",)), at=BEFORE) == []

    def test_has_no_limits_for_approved_irregular_hours(self) -> None:
        days = [lasting(on, 900) for on in dates(MONDAY, 7)]
        irregular = law.Law(country="cn", regime=law.Regime.IRREGULAR, agreed=("approved",))

        assert law.check(days, law=irregular, at=AFTER) == []
        assert law.overtime(days, law=irregular) == []

    def test_limits_comprehensive_hours_by_the_months_of_their_period(self) -> None:
        # The first quarter of 2026, its weekends rest days: 64 workdays, 512 hours; 36 hours times three may be added.
        quarter = law.Law(
            country="cn", regime=law.Regime.COMPREHENSIVE, agreed=("approved",), period=law.Period.QUARTER
        )
        january = date(2026, 1, 1)

        def worked(last: int) -> list[law.Day]:
            """Return 90 dates of which 51 are worked for 12 hours, and another for `last` minutes."""
            return [
                lasting(on, 720 if n < 51 else last if n == 51 else 0, kind=law.REST_DAY if on.weekday() > 4 else 0)
                for n, on in enumerate(dates(january, 90))
            ]

        assert law.check(worked(480), law=quarter, at=AFTER) == []  # 51 x 12 + 8 = 620 = 512 + 108
        [found] = law.check(worked(481), law=quarter, at=AFTER)
        assert said([found]) == [("overtime_month", 6481, 6480)]
        assert (found.period, found.length) == ("month", 3)


class TestJapan:
    AGREED = law.Law(country="jp", agreed=("article_36",))
    SPECIAL = law.Law(country="jp", agreed=("article_36", "special_clause"))

    def test_allows_no_overtime_without_an_agreement(self) -> None:
        japan = law.Law(country="jp")

        def with_break(minutes: int) -> law.Day:
            return day(MONDAY, "06:00-10:00", f"11:00-{(11 * 60 + minutes - 240) // 60}:{(minutes - 240) % 60:02}")

        assert law.check([with_break(480)], law=japan, at=AFTER) == []
        assert said(law.check([with_break(481)], law=japan, at=AFTER)) == [("longest_day", 481, 480)]
        assert law.check([with_break(481)], law=self.AGREED, at=AFTER) == []

    def test_allows_forty_hours_a_week_without_an_agreement(self) -> None:
        days = [lasting(on, 360) for on in dates(MONDAY, 6)]

        assert law.check([*days, lasting(date(2026, 3, 8), 0)], law=self.AGREED, at=AFTER) == []
        longer = [*days, lasting(date(2026, 3, 8), 241)]
        assert ("longest_week", 2401, 2400) in said(law.check(longer, law=law.Law(country="jp"), at=AFTER))

    def month(self, minutes: int, *, first: date = MONDAY) -> list[law.Day]:
        """Return a month with so many minutes of overtime, on days without breaks from the first weekday on."""
        whole, rest = divmod(minutes, 300)
        return of_month(first.replace(day=1), [780] * whole + ([480 + rest] if rest else []))

    def found(self, days: list[law.Day], japan: law.Law) -> list[tuple[str, int, int]]:
        """Return what was found but for breaks, which these days have not."""
        return said(one for one in law.check(days, law=japan, at=AFTER) if one.code != "break")

    def test_lets_a_month_have_forty_five_hours(self) -> None:
        assert self.found(self.month(2700), self.AGREED) == []
        assert self.found(self.month(2701), self.AGREED) == [("overtime_month", 2701, 2700)]

    def test_had_no_such_limit_before_april_2019(self) -> None:
        assert self.found(self.month(3000, first=date(2019, 3, 1)), self.AGREED) == []
        assert self.found(self.month(3000, first=date(2019, 4, 1)), self.AGREED) == [("overtime_month", 3000, 2700)]

    def test_keeps_every_month_below_a_hundred_hours(self) -> None:
        assert self.found(self.month(5999), self.SPECIAL) == []
        assert self.found(self.month(6000), self.SPECIAL) == [("total_month_below", 6000, 5999)]

    def test_counts_statutory_rest_days_towards_the_total_but_not_towards_the_month(self) -> None:
        days = self.month(2700)
        days[7] = lasting(date(2026, 3, 8), 600, kind=law.REST_DAY)
        agreed = law.Law(country="jp", agreed=("article_36", "rest_day_work"))

        assert self.found(days, agreed) == []

        days = self.month(5000)
        days[7] = lasting(date(2026, 3, 8), 999, kind=law.REST_DAY)
        special = law.Law(country="jp", agreed=("article_36", "special_clause", "rest_day_work"))
        assert self.found(days, special) == []
        days[7] = lasting(date(2026, 3, 8), 1000, kind=law.REST_DAY)
        assert self.found(days, special) == [("total_month_below", 6000, 5999)]

    def test_keeps_the_average_of_two_to_six_months_within_eighty_hours(self) -> None:
        march, april = self.month(4700), self.month(4900, first=date(2026, 4, 1))
        assert self.found([*march, *april], self.SPECIAL) == []

        april = self.month(4901, first=date(2026, 4, 1))
        findings = law.check([*march, *april], law=self.SPECIAL, at=AFTER)
        [found] = [one for one in findings if one.code == "total_average"]
        assert (found.reached, found.limit, found.length, found.period) == (4801, 4800, 2, "month")

    def test_lets_six_months_of_a_year_pass_forty_five_hours(self) -> None:
        months = [self.month(2701 if n <= 6 else 2700, first=date(2026, n, 1)) for n in range(1, 13)]
        within = [one for month in months for one in month]
        assert [code for code, _reached, _limit in self.found(within, self.SPECIAL)] == []

        months[6] = self.month(2701, first=date(2026, 7, 1))
        beyond = [one for month in months for one in month]
        assert self.found(beyond, self.SPECIAL) == [("months_over", 7, 6)]

    def test_counts_the_year_from_the_month_in_which_the_agreement_begins(self) -> None:
        def year(first: date) -> list[law.Day]:
            return [one for n in range(9) for one in self.month(2460, first=date(first.year, first.month + n, 1))]

        days = year(date(2026, 1, 1))  # 9 x 41 = 369 hours
        assert self.found(days, self.AGREED) == [("overtime_year", 22140, 21600)]
        from_april = law.Law(country="jp", agreed=("article_36",), year_starts=4)
        assert self.found(days, from_april) == []  # three months in one year, six in the next

    @pytest.mark.parametrize(
        ("spans", "found"),
        [
            (["06:00-12:00"], []),
            (["06:00-12:01"], [("break", 0, 45)]),
            (["06:00-10:00", "10:45-14:45"], []),
            (["06:00-10:00", "10:44-14:44"], [("break", 44, 45)]),
            (["06:00-10:00", "10:45-14:46"], [("break", 45, 60)]),
            (["06:00-10:00", "11:00-19:00"], []),
        ],
    )
    def test_asks_for_breaks_by_the_length_of_the_day(
        self, spans: list[str], found: list[tuple[str, int, int]]
    ) -> None:
        assert said(law.check([day(MONDAY, *spans)], law=self.AGREED, at=AFTER)) == found

    def test_may_count_rest_days_by_four_weeks(self) -> None:
        by_fours = law.Law(country="jp", agreed=("article_36", "four_weeks"))
        days = [lasting(on, 300 if n < 24 else 0) for n, on in enumerate(dates(MONDAY, 28))]

        assert law.check(days, law=by_fours, at=AFTER) == []
        assert [one.code for one in law.check(days, law=self.AGREED, at=AFTER)] == ["rest_days"] * 3
        days[24] = lasting(days[24].on, 300)
        [found] = law.check(days, law=by_fours, at=AFTER)
        assert said([found]) == [("rest_days", 3, 4)]
        assert (found.period, found.length) == ("week", 4)


class TestSingapore:
    def test_lets_a_day_have_twelve_hours_and_with_an_exemption_fourteen(self) -> None:
        spans = ["06:00-12:00", "13:00-19:00"]
        exempted = law.Law(country="sg", agreed=("overtime_exemption",))

        assert law.check([day(MONDAY, *spans)], law=law.Law(country="sg"), at=AFTER) == []
        longer = [day(MONDAY, "06:00-12:00", "13:00-19:00", "20:00-20:01")]
        assert said(law.check(longer, law=law.Law(country="sg"), at=AFTER)) == [("longest_day", 721, 720)]
        assert law.check(longer, law=exempted, at=AFTER) == []

    def test_lets_nobody_work_more_than_six_hours_without_a_break(self) -> None:
        singapore = law.Law(country="sg")

        assert law.check([day(MONDAY, "06:00-12:00", "12:10-14:00")], law=singapore, at=AFTER) == []
        [found] = law.check([day(MONDAY, "06:00-12:01", "12:10-14:00")], law=singapore, at=AFTER)
        assert said([found]) == [("longest_stretch", 361, 360)]

    def test_lets_a_month_have_seventy_two_hours_without_the_normal_hours_of_rest_days(self) -> None:
        # 18 days of 12 hours are 72 hours of overtime; on a rest day only what goes beyond eight hours is.
        singapore = law.Law(country="sg")
        days = [
            day(on, *(["06:00-12:00", "13:00-19:00"] if on.weekday() < 5 and on.day < 26 else []))
            for on in dates(MONDAY, 30)
        ]
        assert sum(bool(one.work) for one in days) == 18
        days[5] = day(days[5].on, "06:00-12:00", "13:00-15:00", kind=law.REST_DAY)

        assert [one.code for one in law.check(days, law=singapore, at=AFTER)] == []
        days[5] = day(days[5].on, "06:00-12:00", "13:00-15:01", kind=law.REST_DAY)
        assert said(law.check(days, law=singapore, at=AFTER)) == [("overtime_month", 4321, 4320)]

    def test_asks_shift_workers_for_thirty_hours_in_a_row_instead_of_a_day(self) -> None:
        shifts = law.Law(country="sg", agreed=("shift_work",))
        nights = [day(on, "20:00-26:00") for on in dates(MONDAY, 7)]
        nights[2] = day(date(2026, 3, 4), "23:00-26:00")

        def found_with(start: str) -> list[tuple[str, int, int]]:
            """Return what is found where Wednesday's work ends at two and the next begins then on Friday."""
            friday = day(date(2026, 3, 6), f"{start}-11:00", "12:00-14:01")
            return said(law.check([*nights[:3], day(date(2026, 3, 5)), friday, *nights[5:]], law=shifts, at=AFTER))

        assert found_with("08:00") == []  # from two on Thursday to eight on Friday
        assert found_with("07:59") == [("weekly_rest", 1799, 1800)]

    def test_counts_a_rest_that_begins_before_six_on_sunday_although_it_ends_in_the_next_week(self) -> None:
        shifts = law.Law(country="sg", agreed=("shift_work",))

        def found_with(last: str) -> list[str]:
            week = [day(on, "10:00-15:00") for on in dates(MONDAY, 6)]
            days = [*week, day(date(2026, 3, 8), f"13:00-{last}"), day(date(2026, 3, 10), "08:00-12:00")]
            return [one.code for one in law.check(days, law=shifts, at=AFTER)]

        assert found_with("17:59") == []
        assert found_with("18:00") == ["weekly_rest"]

    def test_averages_the_weeks_of_shift_workers_over_three(self) -> None:
        shifts = law.Law(country="sg", agreed=("shift_work",))
        hours = [12, 12, 12, 12, 0, 0, 0, 12, 12, 12, 12, 0, 0, 0, 12, 12, 12, 0, 0, 0, 0]
        days = [
            day(on, *(["06:00-12:00", "12:30-18:30"] if some else []))
            for on, some in zip(dates(MONDAY, 21), hours, strict=True)
        ]

        assert law.check(days, law=shifts, at=AFTER) == []  # 132 hours are three times 44
        days[20] = day(days[20].on, "06:00-06:01")
        assert said(law.check(days, law=shifts, at=AFTER)) == [("average_week", 2641, 2640)]
