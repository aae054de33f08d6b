"""The kernel against the reference: on the nasty set, on the clocks of six zones, and on people made up at random."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from tests.attendance import nasty_days, nasty_whole_days
from tests.attendance.comparing import computed, differences, frames_of, readings, row_of
from tests.attendance.nasty import Case
from tests.attendance.reference import BankTerms, Instants, read_bank, read_comprehensive
from tests.attendance.reference_plans import plan_of
from tests.attendance.worlds import ZONES, PersonMonth, _shift, random_person
from zhiren.attendance import bulk, rules
from zhiren.rostering.plans import Kind, PlanDay, Policy, Shift, ShiftSegment, resolve

PEOPLE, DAYS = 60, 31
CHANGES = [(zone, on) for zone, dates in ZONES.items() for on in dates] + [
    ("America/Santiago", date(2026, 4, 5)),  # where midnight itself comes twice, or never
    ("America/Santiago", date(2026, 9, 6)),
]
assert nasty_days.CASES is nasty_whole_days.CASES


class TestKernel:
    @pytest.mark.parametrize("case", nasty_days.CASES, ids=lambda case: case.name)
    def test_finds_what_was_worked_out_by_hand(self, case: Case) -> None:
        found = rules.day(case.before, case.plan, case.following, case.punches, case.absences, case.overtimes)

        assert differences(found, case.record) == {}

    @pytest.mark.parametrize("seed", range(PEOPLE))
    def test_finds_what_the_reference_finds_of_anybody(self, seed: int) -> None:
        person = random_person(random.Random(seed), DAYS)

        differing = {
            number: found
            for number, expected in readings(person)
            if (found := differences(computed(person, number), expected))
        }

        assert differing == {}


WAYS = [
    pytest.param(False, id="interpreted"),
    pytest.param(
        True,
        id="compiled",
        marks=pytest.mark.skipif(not bulk.is_compiled(), reason="numba is not installed: nothing is compiled"),
    ),
]


class TestManyAtOnce:
    @pytest.mark.parametrize("compiled", WAYS)
    def test_find_what_was_worked_out_by_hand(self, compiled: bool) -> None:
        people = [
            PersonMonth(
                [each for each in (case.before, case.plan, case.following) if each],
                sorted(case.punches),
                list(case.absences),
                list(case.overtimes),
            )
            for case in nasty_days.CASES
        ]

        days = bulk.compute(frames_of(people), compiled=compiled)

        rows = iter(range(len(days)))
        numbers = [{plan.work_date: next(rows) for plan in person.plans} for person in people]
        found = {
            case.name: differences(row_of(days, of[case.plan.work_date]), case.record)
            for case, of in zip(nasty_days.CASES, numbers, strict=True)
        }
        assert {name: differing for name, differing in found.items() if differing} == {}

    @pytest.mark.parametrize("compiled", WAYS)
    def test_find_what_the_reference_finds_of_anybody(self, compiled: bool) -> None:
        people = [random_person(random.Random(seed), DAYS) for seed in range(1000, 1030)]

        days = bulk.compute(frames_of(people), compiled=compiled)

        expected = [record for person in people for _number, record in readings(person)]
        differing = [differences(row_of(days, number), record) for number, record in enumerate(expected)]
        assert [found for found in differing if found] == []

    @pytest.mark.parametrize("compiled", WAYS)
    def test_may_be_given_columns_that_are_views(self, compiled: bool) -> None:
        frames = frames_of([random_person(random.Random(3), DAYS)])
        table = np.column_stack((frames.punches["employee"], frames.punches["at"]))
        views = replace(frames, punches={"employee": table[:, 0], "at": table[:, 1]})

        found, expected = bulk.compute(views, compiled=compiled), bulk.compute(frames, compiled=compiled)

        assert [row_of(found, number) for number in range(DAYS)] == [row_of(expected, number) for number in range(DAYS)]


def _as_instants(plan: PlanDay) -> PlanDay:
    """Return a plan whose nights and breaks are written in one way only."""
    segments = tuple(replace(each, breaks=Instants(*each.breaks).stretches) for each in plan.segments)
    return replace(plan, segments=segments, night=Instants(*plan.night).stretches)


class TestPlans:
    @pytest.mark.parametrize(("zone", "on"), CHANGES)
    def test_mean_the_instants_that_the_clocks_show(self, zone: str, on: date) -> None:
        rng = random.Random(f"{zone} {on}")

        for number in range(8):
            shift, when = _shift(rng), on + timedelta(days=number % 4 - 2)
            found = resolve(shift, on=when, zone=zone, day_class=0, next_class=1)
            expected = plan_of(shift, on=when, zone=zone, day_class=0, next_class=1)

            assert _as_instants(found) == _as_instants(expected)

    @pytest.mark.parametrize(("zone", "on"), CHANGES)
    def test_keep_of_short_segments_what_the_clock_leaves(self, zone: str, on: date) -> None:
        for minute in range(0, 240, 15):
            segments = (
                ShiftSegment(start=minute, end=minute + 30, breaks=((minute + 10, minute + 20),)),
                ShiftSegment(start=minute + 35, end=minute + 75),
            )
            policy = Policy(flex_early=1200, flex_late=1200)
            for shift in (
                Shift(kind=Kind.FIXED, segments=segments[:1]),
                Shift(kind=Kind.FLEXIBLE, segments=segments, policy=policy),
            ):
                found = resolve(shift, on=on, zone=zone, day_class=1, next_class=2)
                expected = plan_of(shift, on=on, zone=zone, day_class=1, next_class=2)

                assert _as_instants(found) == _as_instants(expected)


class TestBank:
    @pytest.mark.parametrize("seed", range(200))
    def test_holds_what_the_reference_says(self, seed: int) -> None:
        rng = random.Random(seed)
        dates = sorted(rng.choices(range(60), k=rng.randrange(25)))
        movements = [(on, rng.choice((-90, -60, -30, -1, 0, 1, 30, 45, 120))) for on in dates]
        terms = BankTerms(cap=rng.choice((0, 60, 200)), floor=rng.choice((0, 50)), expire_days=rng.choice((0, 1, 10)))

        found = rules.bank(movements, until=70, cap=terms.cap, floor=terms.floor, expire_days=terms.expire_days)
        expected = read_bank(movements, terms, until=70)

        assert found == (expected.balance, tuple(expected.lots), expected.expired, expected.refused, expected.overflow)


class TestComprehensive:
    @pytest.mark.parametrize("seed", range(50))
    def test_comes_to_what_the_reference_says(self, seed: int) -> None:
        rng = random.Random(seed)
        days = [(rng.choice((0, 1, 2)), rng.randrange(0, 720)) for _day in range(rng.randrange(40))]

        found = rules.comprehensive(
            [(worked, day_class == 2) for day_class, worked in days], workdays=20, daily_minutes=240
        )

        assert (found.excess, found.holiday) == read_comprehensive(days, workdays=20, daily_minutes=240)
