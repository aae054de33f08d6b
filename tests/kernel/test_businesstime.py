"""Business time: Chinese make-up days, other regions, clocks that change, and arithmetic that comes out even."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiren.kernel.businesstime import WeekHours, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
ROUND_THE_CLOCK = WeekHours.of("00:00-24:00", weekdays=range(7))

CHINA = WorkCalendar.for_region("CN", zone="Asia/Shanghai")
CALENDARS = [
    CHINA,
    WorkCalendar.for_region("CN", zone="Asia/Shanghai", hours=WeekHours.of("09:00-12:00", "13:30-18:00")),
    WorkCalendar.for_region("US", zone="America/New_York"),
    WorkCalendar.for_region(
        "US", zone="America/New_York", hours=WeekHours.of("00:30-02:30", "02:45-07:00", weekdays=range(7))
    ),
    WorkCalendar.for_region("AU-NSW", zone="Australia/Lord_Howe", hours=ROUND_THE_CLOCK),
    WorkCalendar.for_region("AU-NSW", zone="Australia/Lord_Howe", hours=WeekHours.of("01:40-02:20", weekdays=range(7))),
    WorkCalendar.for_region("CA", zone="America/St_Johns", hours=WeekHours.of("00:00-08:00", weekdays=range(7))),
]

calendars = st.sampled_from(CALENDARS)
zones = st.sampled_from([UTC, SHANGHAI, NEW_YORK])
moments = st.builds(
    lambda minutes, micro, zone: (datetime(2024, 1, 1, tzinfo=UTC) + timedelta(0, minutes * 60, micro)).astimezone(
        zone
    ),
    st.integers(0, 1_490_000),
    st.integers(0, 59_999_999),
    zones,
)
amounts = st.timedeltas(min_value=timedelta(), max_value=timedelta(hours=60))


def china(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


class TestIsWorkday:
    @pytest.mark.parametrize(
        ("day", "worked"),
        [
            (date(2026, 2, 13), True),  # a Friday
            (date(2026, 2, 14), True),  # the Saturday worked for Spring Festival
            (date(2026, 2, 15), False),
            (date(2026, 2, 23), False),  # a Monday off at the cost of a weekend
            (date(2026, 2, 24), True),
            (date(2026, 2, 28), True),
            (date(2026, 3, 1), False),
            (date(2006, 12, 30), True),  # named in the notice of the year after
        ],
    )
    def test_follows_the_chinese_notice(self, day: date, worked: bool) -> None:
        assert CHINA.is_workday(day) is worked

    def test_agrees_with_the_library_on_whole_years(self) -> None:
        import holidays

        library = holidays.country_holidays("CN", years=[2024, 2025, 2026])
        days = [date(2024, 1, 1) + timedelta(days=number) for number in range(3 * 365)]

        assert [day for day in days if CHINA.is_workday(day) != library.is_working_day(day)] == []

    def test_keeps_known_holidays_in_a_year_not_announced(self) -> None:
        assert not CHINA.is_workday(date(2027, 10, 1))

    def test_knows_the_holidays_of_other_regions(self) -> None:
        new_york = WorkCalendar.for_region("US", zone="America/New_York")

        assert not new_york.is_workday(date(2026, 11, 26))
        assert new_york.is_workday(date(2026, 11, 27))
        assert not WorkCalendar.for_region("US-CA", zone="America/Los_Angeles").is_workday(date(2026, 11, 27))

    def test_lets_the_company_have_the_last_word(self) -> None:
        calendar = WorkCalendar.for_region(
            "CN", zone="Asia/Shanghai", overrides={date(2026, 10, 1): True, date(2026, 3, 2): False}
        )

        assert calendar.is_workday(date(2026, 10, 1))
        assert not calendar.is_workday(date(2026, 3, 2))


class TestIsPublicHoliday:
    def test_knows_the_thirteen_days_of_china_since_2025_and_eleven_before(self) -> None:
        days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
        before = [date(2024, 1, 1) + timedelta(days=number) for number in range(366)]
        assert sum(map(CHINA.is_public_holiday, days)) == 13
        assert sum(map(CHINA.is_public_holiday, before)) == 11

    def test_is_not_so_for_a_day_off_that_was_moved_there(self) -> None:
        assert not CHINA.is_workday(date(2026, 10, 7))
        assert not CHINA.is_public_holiday(date(2026, 10, 7))
        assert CHINA.is_public_holiday(date(2026, 10, 3))


class TestConfirmed:
    def test_tells_an_announced_year_from_an_estimate(self) -> None:
        assert CHINA.confirmed(2007)
        assert CHINA.confirmed(2026)
        assert not CHINA.confirmed(2027)
        assert not CHINA.confirmed(2006)

    def test_doubts_dates_that_depend_on_the_moon(self) -> None:
        assert WorkCalendar.for_region("US", zone="America/New_York").confirmed(2030)
        assert not WorkCalendar.for_region("SG", zone="Asia/Singapore").confirmed(2035)


class TestAddHours:
    @pytest.mark.parametrize(
        ("start", "hours", "end"),
        [
            (china(3, 2, 9), 9, china(3, 2, 18)),
            (china(3, 2, 17), 2, china(3, 3, 10)),
            (china(3, 2, 17, 30), 25, china(3, 5, 15, 30)),  # 0.5 + 9 + 9 + 6.5
            (china(3, 6, 17), 1.5, china(3, 9, 9, 30)),  # over a weekend
            (china(3, 7, 12), 1, china(3, 9, 10)),  # from a weekend
            (china(2, 13, 16, 30), 25, china(2, 25, 14, 30)),  # 1.5, the worked Saturday 9, the 24th 9, then 5.5
        ],
    )
    def test_counts_working_hours_only(self, start: datetime, hours: float, end: datetime) -> None:
        assert CHINA.add_hours(start, hours) == end

    def test_goes_back_for_a_negative_amount(self) -> None:
        assert CHINA.add_hours(china(3, 3, 10), -2) == china(3, 2, 17)
        assert CHINA.add_hours(china(3, 8, 12), timedelta(hours=-9)) == china(3, 6, 9)

    def test_answers_in_the_zone_of_the_question(self) -> None:
        answer = CHINA.add_hours(datetime(2026, 3, 2, 1, 0, tzinfo=UTC), 1)

        assert answer.tzinfo is UTC
        assert answer.hour == 2

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            (datetime(2026, 3, 7, 12, tzinfo=NEW_YORK), datetime(2026, 3, 8, 13, tzinfo=NEW_YORK)),
            (datetime(2026, 10, 31, 12, tzinfo=NEW_YORK), datetime(2026, 11, 1, 11, tzinfo=NEW_YORK)),
        ],
    )
    def test_an_hour_stays_an_hour_when_the_clock_changes(self, start: datetime, end: datetime) -> None:
        calendar = WorkCalendar.for_region("US", zone="America/New_York", hours=ROUND_THE_CLOCK)

        assert calendar.add_hours(start, 24) == end

    def test_half_an_hour_is_lost_on_lord_howe(self) -> None:
        lord_howe = ZoneInfo("Australia/Lord_Howe")
        calendar = WorkCalendar.for_region("AU-NSW", zone="Australia/Lord_Howe", hours=ROUND_THE_CLOCK)

        assert calendar.add_hours(datetime(2026, 10, 3, 12, tzinfo=lord_howe), 24) == datetime(
            2026, 10, 4, 12, 30, tzinfo=lord_howe
        )

    def test_a_shift_that_begins_in_the_skipped_hour_begins_with_the_skip(self) -> None:
        calendar = WorkCalendar.for_region(
            "US", zone="America/New_York", hours=WeekHours.of("02:30-04:00", weekdays=[6])
        )

        opened = calendar.next_open(datetime(2026, 3, 8, 0, tzinfo=NEW_YORK))

        assert opened.astimezone(UTC) == datetime(2026, 3, 8, 7, tzinfo=UTC)
        assert calendar.add_hours(opened, 1).astimezone(UTC) == datetime(2026, 3, 8, 8, tzinfo=UTC)

    def test_refuses_a_moment_without_a_zone(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            CHINA.add_hours(datetime(2026, 3, 2, 9), 1)  # noqa: DTZ001 - the point of the test

    @given(calendars, moments, amounts)
    @settings(max_examples=200, deadline=None)
    def test_is_undone_by_between(self, calendar: WorkCalendar, start: datetime, amount: timedelta) -> None:
        assert calendar.between(start, calendar.add_hours(start, amount)) == amount
        assert calendar.between(calendar.add_hours(start, -amount), start) == amount

    @given(calendars, moments, amounts, amounts)
    @settings(max_examples=200, deadline=None)
    def test_in_two_parts_is_the_same_as_at_once(
        self, calendar: WorkCalendar, start: datetime, one: timedelta, two: timedelta
    ) -> None:
        if one and two:
            assert calendar.add_hours(calendar.add_hours(start, one), two) == calendar.add_hours(start, one + two)

    @given(calendars, moments, moments, amounts)
    @settings(max_examples=200, deadline=None)
    def test_never_ends_earlier_for_a_later_start(
        self, calendar: WorkCalendar, one: datetime, two: datetime, amount: timedelta
    ) -> None:
        first, second = sorted((one, two))

        assert calendar.add_hours(first, amount) <= calendar.add_hours(second, amount)

    def test_takes_microseconds_once_the_days_are_known(self) -> None:
        start = china(3, 2, 17, 30)
        CHINA.add_hours(start, 25)

        best = min(_seconds(lambda: CHINA.add_hours(start, 25)) for _ in range(200))

        assert best < 50e-6


class TestAddDays:
    @pytest.mark.parametrize(
        ("start", "days", "end"),
        [
            (china(3, 2, 15), 3, china(3, 5, 15)),
            (china(3, 5, 15), 3, china(3, 10, 15)),  # over a weekend
            (china(3, 7, 15), 1, china(3, 9, 18)),  # a Saturday is as good as Friday evening
            (china(3, 7, 15), -1, china(3, 6, 9)),  # and backwards as Monday morning
            (china(2, 13, 15), 2, china(2, 24, 15)),  # the worked Saturday counts, Spring Festival does not
            (china(3, 2, 7), 1, china(3, 3, 9)),  # before opening
            (china(3, 2, 23), 1, china(3, 3, 18)),  # after closing
            (china(3, 7, 15), 0, china(3, 9, 9)),
            (china(3, 2, 15), 0, china(3, 2, 15)),
            (china(3, 9, 15), -1, china(3, 6, 15)),
        ],
    )
    def test_keeps_the_clock_time_on_the_nth_working_day(self, start: datetime, days: int, end: datetime) -> None:
        assert CHINA.add_days(start, days) == end

    def test_moves_out_of_the_lunch_break(self) -> None:
        calendar = WorkCalendar.for_region("CN", zone="Asia/Shanghai", hours=WeekHours.of("09:00-12:00", "13:30-18:00"))

        assert calendar.add_days(china(3, 2, 12, 30), 1) == china(3, 3, 13, 30)

    def test_means_the_clock_of_the_place_not_of_the_question(self) -> None:
        asked = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)  # Tuesday 07:00 in Shanghai

        assert CHINA.add_days(asked, 1) == china(3, 4, 9)

    def test_keeps_the_clock_time_when_clocks_change(self) -> None:
        calendar = WorkCalendar.for_region("US", zone="America/New_York")

        assert calendar.add_days(datetime(2026, 3, 6, 10, tzinfo=NEW_YORK), 1) == datetime(
            2026, 3, 9, 10, tzinfo=NEW_YORK
        )

    @given(calendars, moments, moments, st.integers(-30, 30))
    @settings(max_examples=100, deadline=None)
    def test_never_ends_earlier_for_a_later_start(
        self, calendar: WorkCalendar, one: datetime, two: datetime, days: int
    ) -> None:
        first, second = sorted((one, two))

        assert calendar.add_days(first, days) <= calendar.add_days(second, days)


class TestBetween:
    def test_counts_nothing_over_a_weekend(self) -> None:
        assert CHINA.between(china(3, 6, 18), china(3, 9, 9)) == timedelta()

    def test_is_negative_when_the_second_comes_first(self) -> None:
        assert CHINA.between(china(3, 3, 10), china(3, 2, 17)) == timedelta(hours=-2)

    @given(calendars, moments, moments, moments)
    @settings(max_examples=100, deadline=None)
    def test_adds_up(self, calendar: WorkCalendar, one: datetime, two: datetime, three: datetime) -> None:
        assert calendar.between(one, two) + calendar.between(two, three) == calendar.between(one, three)


class TestNextOpen:
    def test_is_the_moment_itself_within_hours(self) -> None:
        assert CHINA.next_open(china(3, 2, 9)) == china(3, 2, 9)

    def test_is_the_next_opening_outside_hours(self) -> None:
        assert CHINA.next_open(china(3, 2, 18)) == china(3, 3, 9)
        assert CHINA.next_open(china(10, 1, 12)) == china(10, 8, 9)


class TestForRegion:
    def test_keeps_one_calendar_for_equal_questions(self) -> None:
        assert WorkCalendar.for_region("CN", zone="Asia/Shanghai") is CHINA

    @pytest.mark.parametrize(
        ("region", "zone"),
        [
            ("XX", "UTC"),
            ("US-QQ", "UTC"),
            ("utils", "UTC"),
            ("HolidayBase", "UTC"),
            ("CN", "Asia/Nowhere"),
            ("CN", "../etc"),
        ],
    )
    def test_refuses_what_it_does_not_know(self, region: str, zone: str) -> None:
        with pytest.raises(LookupError):
            WorkCalendar.for_region(region, zone=zone)


class TestWeekHours:
    @pytest.mark.parametrize("spans", [(), ("18:00-09:00",), ("09:00-12:00", "11:00-13:00"), ("09:00-25:00",)])
    def test_refuses_hours_that_make_no_sense(self, spans: tuple[str, ...]) -> None:
        with pytest.raises(ValueError, match="hour"):
            WeekHours.of(*spans)


def _seconds(call: object) -> float:
    assert callable(call)
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
