from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attendance.comparing import beside, computed
from tests.attendance.worlds import PersonMonth, random_person
from zhiren.attendance import balances, proofs, rules
from zhiren.rostering.plans import Kind, Overtime, PlanDay, Policy, Shift, ShiftSegment, off_day, resolve

MONDAY = date(2026, 3, 2)
NINE, SIX, MINUTE, HOUR = 9 * 60, 18 * 60, 60, 3600
people = st.builds(lambda seed: random_person(random.Random(seed), 6), st.integers(0, 2**32))
few = settings(max_examples=30, deadline=None)


def office(**policy: int) -> PlanDay:
    """Nine to six in Shanghai, with an hour at noon."""
    segment = ShiftSegment(start=NINE, end=SIX, breaks=((720, 780),))
    shift = Shift(kind=Kind.FIXED, segments=(segment,), night=(1320, 1800), policy=Policy(**policy))
    return resolve(shift, on=MONDAY, zone="Asia/Shanghai", day_class=0, next_class=0)


def at(plan: PlanDay, minutes: int, seconds: int = 0) -> int:
    return plan.midnights[0] + minutes * 60 + seconds


def alone(plan: PlanDay, *punches: int, leave: tuple[int, int, int] | None = None) -> rules.Day:
    return rules.day(None, plan, None, sorted(punches), [leave] if leave else [], [])


def at_once(today: PlanDay, tomorrow: PlanDay) -> bool:
    """Tell whether two dates plan work for the same time."""
    if not today.segments or not tomorrow.segments:
        return False
    ends = today.segments[-1].end + today.policy.flex_late
    return ends > tomorrow.segments[0].start - tomorrow.policy.flex_early


class TestDay:
    def test_counts_a_full_day_without_its_break(self) -> None:
        plan = office()

        day = alone(plan, at(plan, NINE), at(plan, SIX))

        assert (day.planned, day.worked, day.late, day.flags) == (480, 480, 0, 0)
        assert (day.first_in, day.last_out) == (at(plan, NINE), at(plan, SIX))

    @pytest.mark.parametrize(
        ("seconds", "late", "flags"),
        [(300, 0, 0), (301, 5, rules.LATE), (1801, 30, rules.SERIOUSLY_LATE), (3601, 0, rules.LATE_ABSENT)],
    )
    def test_grades_by_the_second_and_tells_whole_minutes(self, seconds: int, late: int, flags: int) -> None:
        plan = office(grace_in=300, serious_after=1800, late_absent_after=3600)

        day = alone(plan, at(plan, NINE, seconds), at(plan, SIX))

        assert (day.late, day.flags) == (late, flags)

    def test_is_absent_where_nobody_punched_and_missing_where_one_did(self) -> None:
        plan = office()

        assert alone(plan).flags == rules.ABSENT
        assert alone(plan, at(plan, NINE)).flags == rules.MISSING_OUT
        assert alone(plan, at(plan, SIX)).flags == rules.MISSING_IN
        assert alone(plan, at(plan, SIX)).absent == 480

    def test_judges_by_what_is_left_beside_leave(self) -> None:
        plan = office()
        morning = (at(plan, NINE), at(plan, 13 * 60), rules.PAID_LEAVE)

        day = alone(plan, at(plan, 13 * 60), at(plan, SIX), leave=morning)

        assert (day.leave_paid, day.worked, day.late, day.flags) == (180, 300, 0, rules.LEAVE)

    def test_leaves_the_night_before_to_its_own_date(self) -> None:
        segment = ShiftSegment(start=22 * 60, end=30 * 60)
        shift = Shift(kind=Kind.FIXED, segments=(segment,), night=(1320, 1800))
        night = resolve(shift, on=MONDAY, zone="Asia/Shanghai", day_class=0, next_class=0)
        free = off_day(on=date(2026, 3, 3), zone="Asia/Shanghai")
        punches = [at(night, 22 * 60), at(night, 30 * 60)]

        assert rules.day(None, night, free, punches, [], []).night == 480
        assert rules.day(night, free, None, punches, [], []).n_punches == 0

    @few
    @given(people)
    def test_divides_what_is_planned(self, person: PersonMonth) -> None:
        for number, plan in enumerate(person.plans):
            if plan.kind not in (Kind.FIXED, Kind.FLEXIBLE):
                continue
            proof = proofs.explain(*beside(person, number), person.punches, person.absences, person.overtimes)
            for each in proof.segments:
                parts = (each.present, each.late, each.early, each.absent, each.away)
                parts += (each.leave_paid, each.leave_unpaid, each.duty)
                assert min(parts) >= 0
                assert sum(parts) == each.planned

    @few
    @given(people)
    def test_needs_nothing_but_what_is_within_reach(self, person: PersonMonth) -> None:
        for number in range(len(person.plans)):
            low, high = rules.reach(*beside(person, number))
            near = rules.day(
                *beside(person, number),
                [one for one in person.punches if low <= one < high],
                [one for one in person.absences if one[0] < high and one[1] > low],
                [one for one in person.overtimes if one[0] < high and one[1] > low],
            )
            assert near == computed(person, number)

    @few
    @given(people)
    def test_gives_no_punch_to_two_neighbours_that_plan_nothing_at_once(self, person: PersonMonth) -> None:
        for number in range(len(person.plans) - 1):
            if at_once(person.plans[number], person.plans[number + 1]):
                continue
            today, tomorrow = (
                proofs.explain(*beside(person, one), person.punches, [], []) for one in (number, number + 1)
            )
            windows = [(one.window_from, one.window_to) for one in (*today.segments, *tomorrow.segments)]
            shared = [
                one for one in person.punches if sum(begin <= one < end for begin, end in windows if begin < end) > 1
            ]
            assert shared == []

    @few
    @given(st.integers(0, 4 * HOUR), st.integers(0, 2 * HOUR), st.integers(0, 900), st.booleans())
    def test_finds_whoever_comes_later_no_less_late(self, late: int, more: int, grace: int, dropped: bool) -> None:
        plan = office(grace_in=grace, drop_seconds=dropped, ot_mode=Overtime.PUNCHED)

        sooner, later = (alone(plan, at(plan, NINE, seconds), at(plan, 19 * 60)) for seconds in (late, late + more))

        assert later.late >= sooner.late
        assert later.worked <= sooner.worked
        assert later.ot_work == sooner.ot_work

    @few
    @given(st.integers(0, 6 * HOUR), st.integers(0, HOUR), st.sampled_from([0, 900, 1800]))
    def test_finds_whoever_leaves_later_no_less_work(self, seconds: int, more: int, rounding: int) -> None:
        plan = office(ot_mode=Overtime.PUNCHED, ot_round=rounding, ot_min=rounding)

        sooner, later = (alone(plan, at(plan, NINE), at(plan, 14 * 60, each)) for each in (seconds, seconds + more))

        assert later.worked >= sooner.worked
        assert later.early <= sooner.early
        assert later.ot_work >= sooner.ot_work

    @few
    @given(people)
    def test_takes_no_overtime_away_for_an_approval(self, person: PersonMonth) -> None:
        for number, plan in enumerate(person.plans):
            before, _plan, after = beside(person, number)
            judged = replace(plan, policy=replace(plan.policy, ot_mode=Overtime.APPROVED_AND_PUNCHED))
            fewer, more = (
                rules.day(before, judged, after, person.punches, person.absences, approved)
                for approved in (person.overtimes[:1], person.overtimes)
            )
            assert more.ot_work >= fewer.ot_work
            assert more.ot_rest >= fewer.ot_rest
            assert more.ot_holiday >= fewer.ot_holiday


class TestBank:
    def test_takes_the_oldest_lots_first(self) -> None:
        bank = rules.bank([(1, 60), (2, 60), (3, -90)], until=3)

        assert bank == balances.Bank(balance=30, lots=((2, 30),), expired=0, refused=0, overflow=0)

    def test_lets_a_lot_expire_the_day_after_its_last(self) -> None:
        assert rules.bank([(1, 60)], until=11, expire_days=10).balance == 60
        assert rules.bank([(1, 60)], until=12, expire_days=10).expired == 60

    def test_refuses_below_the_floor_and_fills_it_first(self) -> None:
        bank = rules.bank([(1, -100), (2, 50)], until=2, floor=60)

        assert (bank.balance, bank.refused, bank.lots) == (-10, 40, ())

    def test_has_no_room_over_the_cap(self) -> None:
        bank = rules.bank([(1, 80), (2, 50)], until=2, cap=100)

        assert (bank.balance, bank.overflow) == (100, 30)

    @given(
        st.lists(st.tuples(st.integers(0, 60), st.integers(-300, 300)), max_size=30),
        st.integers(0, 40),
        st.integers(0, 200),
        st.sampled_from([0, 120, 600]),
    )
    def test_loses_no_minute(self, movements: list[tuple[int, int]], days: int, floor: int, cap: int) -> None:
        bank = rules.bank(sorted(movements), until=60, expire_days=days, floor=floor, cap=cap)

        moved = sum(amount for _on, amount in movements)
        assert bank.balance == moved - bank.expired + bank.refused - bank.overflow
        assert -floor <= bank.balance
        assert not cap or bank.balance <= cap


class TestComprehensive:
    def test_keeps_holidays_apart(self) -> None:
        found = rules.comprehensive([(600, False), (500, False), (480, True)], workdays=2, daily_minutes=480)

        assert (found.standard, found.worked, found.excess, found.holiday) == (960, 1100, 140, 480)

    def test_owes_nothing_for_a_short_period(self) -> None:
        assert rules.comprehensive([(100, False)], workdays=2, daily_minutes=480).excess == 0
