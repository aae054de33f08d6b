from __future__ import annotations

import json
import random
from datetime import date

import pytest

from tests.attendance.worlds import random_person
from zhiren.rostering.plans import (
    DayClass,
    Kind,
    PlanDay,
    Policy,
    Shift,
    ShiftSegment,
    instant,
    off_day,
    planned_minutes,
    resolve,
)

SPRING, AUTUMN = date(2026, 3, 28), date(2026, 10, 24)  # the clocks of Berlin change in the night that begins then
NIGHT = Shift(kind=Kind.FIXED, segments=(ShiftSegment(start=22 * 60, end=30 * 60),), night=(1320, 1800))


def hours(plan: PlanDay) -> float:
    return sum(each.end - each.start for each in plan.segments) / 3600


def berlin(shift: Shift, on: date) -> PlanDay:
    return resolve(shift, on=on, zone="Europe/Berlin", day_class=DayClass.WORKDAY, next_class=DayClass.WORKDAY)


class TestInstant:
    def test_reads_a_time_shown_twice_as_the_first(self) -> None:
        change = date(2026, 10, 25)

        assert instant(change, 150, "Europe/Berlin") == instant(change, 0, "Europe/Berlin") + 150 * 60

    def test_reads_a_time_that_is_skipped_by_the_clock_before(self) -> None:
        change = date(2026, 3, 29)

        assert instant(change, 150, "Europe/Berlin") == instant(change, 210, "Europe/Berlin")

    def test_knows_changes_of_half_an_hour(self) -> None:
        change = date(2026, 10, 4)

        assert instant(change, 180, "Australia/Lord_Howe") - instant(change, 0, "Australia/Lord_Howe") == 150 * 60


class TestResolve:
    def test_plans_a_night_an_hour_shorter_in_spring_and_longer_in_autumn(self) -> None:
        assert [hours(berlin(NIGHT, on)) for on in (SPRING, AUTUMN, date(2026, 6, 1))] == [7, 9, 8]

    def test_knows_dates_of_23_24_and_25_hours(self) -> None:
        lengths = []
        for on in (date(2026, 3, 29), date(2026, 6, 1), date(2026, 10, 25)):
            plan = off_day(on=on, zone="Europe/Berlin")
            lengths.append((plan.midnights[1] - plan.midnights[0], plan.day_end - plan.day_start))

        assert lengths == [(23 * 3600, 23 * 3600), (24 * 3600, 24 * 3600), (25 * 3600, 25 * 3600)]

    def test_cuts_breaks_to_the_segment_and_apart(self) -> None:
        segment = ShiftSegment(start=60, end=300, breaks=((0, 90), (125, 150), (185, 200), (290, 400)))
        plan = berlin(Shift(kind=Kind.FIXED, segments=(segment,)), date(2026, 3, 29))
        start = plan.segments[0].start

        breaks = [((one - start) // 60, (other - start) // 60) for one, other in plan.segments[0].breaks]

        assert breaks == [
            (0, 30),
            (65, 90),
            (170, 180),
        ]  # 2:05 to 2:30 does not exist that day, and 3:05 to 3:20 is in it

    def test_leaves_out_what_the_clock_swallows(self) -> None:
        lost = Shift(kind=Kind.FIXED, segments=(ShiftSegment(start=150, end=180),))

        assert berlin(lost, date(2026, 3, 29)).kind == Kind.OFF
        assert berlin(lost, date(2026, 3, 30)).kind == Kind.FIXED

    def test_counts_the_night_of_the_day_before_too(self) -> None:
        plan = berlin(NIGHT, date(2026, 6, 1))

        assert [(one - plan.midnights[0]) // 3600 for span in plan.night for one in span] == [-2, 6, 22, 30]

    def test_lets_only_a_flexible_day_flex(self) -> None:
        policy = Policy(flex_early=600, flex_late=600)
        segments = (ShiftSegment(start=540, end=1080),)
        fixed, flexible = (
            berlin(Shift(kind=kind, segments=segments, policy=policy), SPRING) for kind in (Kind.FIXED, Kind.FLEXIBLE)
        )

        assert (fixed.policy.flex_late, flexible.policy.flex_late) == (0, 600)


class TestShift:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"kind": Kind.FIXED},
            {"kind": Kind.FREE, "segments": (ShiftSegment(start=0, end=60),)},
            {"kind": Kind.FIXED, "segments": (ShiftSegment(start=0, end=60), ShiftSegment(start=59, end=90))},
            {"kind": Kind.CORE, "segments": (ShiftSegment(start=0, end=60),)},
            {"kind": Kind.CORE, "segments": (ShiftSegment(start=10, end=60),), "core": (0, 30)},
            {"kind": Kind.FREE, "night": (1320, 360)},
            {"kind": Kind.FREE, "target": -1},
            {
                "kind": Kind.FLEXIBLE,
                "segments": (ShiftSegment(start=0, end=60), ShiftSegment(start=60, end=300)),
                "policy": Policy(flex_late=3600),
            },
        ],
        ids=lambda wrong: str(wrong["kind"].name),
    )
    def test_refuses_what_no_shift_can_be(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ValueError):
            Shift(**wrong)  # type: ignore[arg-type]

    def test_comes_back_from_json(self) -> None:
        segment = ShiftSegment(start=540, end=1080, breaks=((720, 780),), need_out=False)
        shift = Shift(kind=Kind.CORE, segments=(segment,), core=(600, 960), target=28800, night=(1320, 1800))

        assert Shift.from_json(json.loads(json.dumps(shift.to_json()))) == shift

    def test_refuses_names_it_does_not_know(self) -> None:
        with pytest.raises(ValueError, match="grace"):
            Shift.from_json({"kind": 4, "policy": {"grace": 5}})


class TestPlanDay:
    @pytest.mark.parametrize("seed", range(10))
    def test_comes_back_from_json(self, seed: int) -> None:
        for plan in random_person(random.Random(seed), 5).plans:
            assert PlanDay.from_json(json.loads(json.dumps(plan.to_json()))) == plan


class TestPlannedMinutes:
    def test_is_what_is_due_without_breaks(self) -> None:
        office = Shift(kind=Kind.FIXED, segments=(ShiftSegment(start=540, end=1080, breaks=((720, 780),)),))

        assert planned_minutes(office) == 480
        assert planned_minutes(Shift(kind=Kind.FREE, target=7 * 3600)) == 420
