"""The reference against days, clocks and banks worked out by hand."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.attendance import nasty_days, nasty_whole_days
from tests.attendance.nasty import CASES, Case
from tests.attendance.reference import BankTerms, Instants, Record, read_bank, read_comprehensive, read_day
from tests.attendance.reference_plans import day_begins, instant_of, plan_of
from zhiren.rostering.plans import Kind, Policy, Shift, ShiftSegment

# A night shift of eight hours by the clock over each change of it: when it begins and ends in UTC, and its minutes.
NIGHTS = [
    ("Asia/Shanghai", "2026-03-28", "2026-03-28 14:00", "2026-03-28 22:00", 480),
    ("Asia/Shanghai", "2026-10-24", "2026-10-24 14:00", "2026-10-24 22:00", 480),
    ("Europe/Berlin", "2026-03-28", "2026-03-28 21:00", "2026-03-29 04:00", 420),
    ("Europe/Berlin", "2026-10-24", "2026-10-24 20:00", "2026-10-25 05:00", 540),
    ("America/New_York", "2026-03-07", "2026-03-08 03:00", "2026-03-08 10:00", 420),
    ("America/New_York", "2026-10-31", "2026-11-01 02:00", "2026-11-01 11:00", 540),
    ("Australia/Lord_Howe", "2026-10-03", "2026-10-03 11:30", "2026-10-03 19:00", 450),
    ("Australia/Lord_Howe", "2026-04-04", "2026-04-04 11:00", "2026-04-04 19:30", 510),
    ("America/St_Johns", "2026-03-07", "2026-03-08 01:30", "2026-03-08 08:30", 420),
    ("America/St_Johns", "2026-10-31", "2026-11-01 00:30", "2026-11-01 09:30", 540),
    ("Pacific/Auckland", "2026-09-26", "2026-09-26 10:00", "2026-09-26 17:00", 420),
    ("Pacific/Auckland", "2026-04-04", "2026-04-04 09:00", "2026-04-04 18:00", 540),
]
# Wall times that are skipped or shown twice (and one of each day after), and the instants they mean.
WALLS = [
    ("Europe/Berlin", "2026-03-29", 150, "2026-03-29 01:30"),
    ("Europe/Berlin", "2026-03-29", 210, "2026-03-29 01:30"),
    ("Europe/Berlin", "2026-10-25", 150, "2026-10-25 00:30"),
    ("Europe/Berlin", "2026-10-25", 180, "2026-10-25 02:00"),
    ("Europe/Berlin", "2026-10-24", 1440 + 150, "2026-10-25 00:30"),
    ("America/New_York", "2026-03-08", 150, "2026-03-08 07:30"),
    ("America/New_York", "2026-11-01", 90, "2026-11-01 05:30"),
    ("Australia/Lord_Howe", "2026-10-04", 135, "2026-10-03 15:45"),
    ("Australia/Lord_Howe", "2026-04-05", 105, "2026-04-04 14:45"),
    ("Australia/Lord_Howe", "2026-04-05", 120, "2026-04-04 15:30"),
    ("America/St_Johns", "2026-03-08", 150, "2026-03-08 06:00"),
    ("America/St_Johns", "2026-11-01", 90, "2026-11-01 04:00"),
    ("Pacific/Auckland", "2026-09-27", 150, "2026-09-26 14:30"),
    ("Pacific/Auckland", "2026-04-05", 150, "2026-04-04 13:30"),
    ("Asia/Shanghai", "2026-03-29", 150, "2026-03-28 18:30"),
]
# How many hours the clocks give a date.
DATES = [
    ("Europe/Berlin", "2026-03-29", 23),
    ("Europe/Berlin", "2026-10-25", 25),
    ("Australia/Lord_Howe", "2026-10-04", 23.5),
    ("Australia/Lord_Howe", "2026-04-05", 24.5),
    ("America/Santiago", "2026-09-06", 23),
    ("America/Santiago", "2026-04-04", 25),
    ("Asia/Shanghai", "2026-03-29", 24),
]
NIGHT = Shift(kind=Kind.FIXED, segments=(ShiftSegment(start=1320, end=1800),), night=(1320, 1800))


def utc(text: str) -> int:
    """Return an instant written like `2026-03-28 21:00`."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


class TestInstants:
    @pytest.mark.parametrize("seed", range(20))
    def test_are_sets_of_seconds(self, seed: int) -> None:
        rng = random.Random(seed)
        one, other = (
            Instants(*((start, start + rng.randint(-2, 9)) for start in rng.choices(range(40), k=4))) for _ in range(2)
        )

        def seconds(some: Instants) -> set[int]:
            return {second for start, end in some.stretches for second in range(start, end)}

        assert seconds(one | other) == seconds(one) | seconds(other)
        assert seconds(one & other) == seconds(one) & seconds(other)
        assert seconds(one - other) == seconds(one) - seconds(other)
        assert len(one) == len(seconds(one))
        assert seconds(one.first(5)) == set(sorted(seconds(one))[:5])
        assert seconds(one.before(20)) | seconds(one.since(20)) == seconds(one)


class TestDay:
    def test_comes_in_every_kind(self) -> None:
        assert nasty_days.CASES is nasty_whole_days.CASES is CASES
        assert {case.plan.kind for case in CASES} == set(Kind)
        assert len({case.name for case in CASES}) == len(CASES)

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
    def test_reads_as_worked_out_by_hand(self, case: Case) -> None:
        found = read_day(case.before, case.plan, case.following, case.punches, case.absences, case.overtimes)

        assert found == case.record

    @pytest.mark.parametrize(("zone", "on", "start", "end", "minutes"), NIGHTS)
    def test_of_a_night_shift_is_as_long_as_the_clock_makes_it(
        self, zone: str, on: str, start: str, end: str, minutes: int
    ) -> None:
        plan = plan_of(NIGHT, on=date.fromisoformat(on), zone=zone, day_class=0, next_class=0)

        found = read_day(None, plan, None, [utc(start), utc(end)], [], [])

        assert found == Record(
            planned=minutes, worked=minutes, night=minutes, first_in=utc(start), last_out=utc(end), n_punches=2,
            n_kept=2, late=0, early=0, absent=0, away=0, short=0, paid_leave=0, unpaid_leave=0, duty=0,
            extra=0, overtime_workday=0, overtime_rest=0, overtime_holiday=0, flags=0,
        )  # fmt: skip

    @pytest.mark.parametrize(("zone", "on", "hours"), DATES)
    def test_of_free_hours_owns_23_24_or_25_of_them(self, zone: str, on: str, hours: float) -> None:
        first = date.fromisoformat(on)
        plan = plan_of(Shift(kind=Kind.FREE, target=60), on=first, zone=zone, day_class=0, next_class=0)
        edges = [plan.midnights[0] - 1, plan.midnights[0], plan.midnights[1] - 1, plan.midnights[1]]

        found = read_day(None, plan, None, edges, [], [])

        assert plan.midnights[1] - plan.midnights[0] == hours * 3600
        assert (found.n_punches, found.first_in, found.last_out) == (2, edges[1], edges[2])


class TestWallTime:
    @pytest.mark.parametrize(("zone", "on", "minutes", "expected"), WALLS)
    def test_is_found_on_the_clock(self, zone: str, on: str, minutes: int, expected: str) -> None:
        assert instant_of(date.fromisoformat(on), minutes, zone) == utc(expected)

    @pytest.mark.parametrize(("zone", "on", "hours"), DATES)
    def test_of_midnight_begins_the_date(self, zone: str, on: str, hours: float) -> None:
        first = date.fromisoformat(on)

        assert day_begins(first + timedelta(days=1), zone) - day_begins(first, zone) == hours * 3600


class TestPlan:
    def test_of_a_segment_that_the_clock_skips_is_a_day_off(self) -> None:
        shift = Shift(kind=Kind.FIXED, segments=(ShiftSegment(start=120, end=180),))

        skipped = plan_of(shift, on=date(2026, 3, 29), zone="Europe/Berlin", day_class=0, next_class=0)
        usual = plan_of(shift, on=date(2026, 3, 30), zone="Europe/Berlin", day_class=0, next_class=0)

        assert (skipped.kind, skipped.segments) == (Kind.OFF, ())
        assert (usual.kind, [(each.start, each.end) for each in usual.segments]) == (
            Kind.FIXED,
            [(utc("2026-03-30 00:00"), utc("2026-03-30 01:00"))],
        )

    def test_keeps_segments_and_breaks_apart_that_the_clock_runs_together(self) -> None:
        segments = (
            ShiftSegment(start=60, end=170, breaks=((90, 130), (140, 150))),
            ShiftSegment(start=180, end=240),
        )

        plan = plan_of(
            Shift(kind=Kind.FIXED, segments=segments),
            on=date(2026, 3, 29),
            zone="Europe/Berlin",
            day_class=0,
            next_class=0,
        )

        # 02:10, 02:20 and 02:30 are 03:10, 03:20 and 03:30 on this date, later than 03:00, where the second begins.
        assert [(each.start, each.end, each.breaks) for each in plan.segments] == [
            (utc("2026-03-29 00:00"), utc("2026-03-29 01:00"), ((utc("2026-03-29 00:30"), utc("2026-03-29 01:00")),)),
            (utc("2026-03-29 01:00"), utc("2026-03-29 02:00"), ()),
        ]

    def test_is_less_flexible_where_the_clock_takes_from_its_segments(self) -> None:
        shift = Shift(
            kind=Kind.FLEXIBLE,
            segments=(ShiftSegment(start=60, end=210), ShiftSegment(start=300, end=600)),
            policy=Policy(flex_late=2 * 3600, flex_early=3600),
        )

        plan = plan_of(shift, on=date(2026, 3, 29), zone="Europe/Berlin", day_class=0, next_class=0)

        assert (plan.policy.flex_early, plan.policy.flex_late) == (3600, 5399)


class TestBank:
    def test_gives_the_oldest_lots_first(self) -> None:
        bank = read_bank([(1, 60), (2, 30), (3, -70)], BankTerms())

        assert (bank.balance, bank.lots) == (20, [(2, 20)])

    def test_lets_lots_expire_on_the_day_after_their_last(self) -> None:
        movements = [(0, 60), (10, 30)]

        assert read_bank(movements, BankTerms(expire_days=30), until=30).balance == 90
        assert read_bank(movements, BankTerms(expire_days=30), until=31).balance == 30
        assert read_bank(movements, BankTerms(expire_days=30), until=41).expired == 90

    def test_expires_before_it_gives(self) -> None:
        bank = read_bank([(0, 60), (31, -60)], BankTerms(expire_days=30, floor=100))

        assert (bank.balance, bank.expired, bank.refused) == (-60, 60, 0)

    def test_lends_down_to_the_floor_and_refuses_the_rest(self) -> None:
        bank = read_bank([(0, 30), (1, -200), (2, -10)], BankTerms(floor=100))

        assert (bank.balance, bank.refused) == (-100, 80)

    def test_fills_a_debt_before_it_keeps_a_lot(self) -> None:
        bank = read_bank([(0, -50), (1, 80)], BankTerms(floor=100, expire_days=10), until=12)

        assert (bank.balance, bank.expired) == (0, 30)

    def test_overflows_at_its_cap(self) -> None:
        bank = read_bank([(0, 90), (1, 60), (2, -100), (2, 120)], BankTerms(cap=100))

        assert (bank.balance, bank.overflow) == (100, 50 + 20)

    def test_makes_room_by_expiry_before_it_overflows(self) -> None:
        bank = read_bank([(0, 100), (11, 100)], BankTerms(cap=100, expire_days=10))

        assert (bank.balance, bank.expired, bank.overflow) == (100, 100, 0)

    def test_takes_movements_of_one_date_in_the_order_given(self) -> None:
        assert read_bank([(0, -30), (0, 30)], BankTerms()).balance == 30
        assert read_bank([(0, 30), (0, -30)], BankTerms()).balance == 0


class TestComprehensiveHours:
    def test_are_overtime_above_the_standard_of_the_period(self) -> None:
        days = [(0, 540)] * 20 + [(1, 480)] * 2 + [(2, 300)]

        assert read_comprehensive(days, workdays=21, daily_minutes=480) == (20 * 540 + 960 - 21 * 480, 300)

    def test_give_nothing_back_when_short(self) -> None:
        assert read_comprehensive([(0, 60), (2, 600)], workdays=1, daily_minutes=480) == (0, 600)
