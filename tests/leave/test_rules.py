"""What leave is due, what it is taken from, what of it lapses."""

from __future__ import annotations

import doctest
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiren.leave import rules
from zhiren.leave.rules import DAY, HALF_DAY, Lot, Plan, Service, Step

LAW = (Step(12, 5 * DAY), Step(120, 10 * DAY), Step(240, 15 * DAY))
FLAT = (Step(0, 12 * DAY),)


def test_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(rules).failed == 0


def amounts(plan: Plan, service: Service, until: date) -> dict[str, float]:
    return {found.key: found.minutes / DAY for found in rules.due(plan, service, until)}


class TestDue:
    def test_by_law_begins_after_twelve_months_with_the_rest_of_the_year(self) -> None:
        plan = Plan(LAW, round_to=DAY)

        found = list(rules.due(plan, Service(date(2024, 6, 1)), date(2026, 12, 31)))

        # 214 of 365 days times five are 2.93: what is less than a day is dropped
        assert [(due.from_on, due.minutes // DAY) for due in found] == [(date(2025, 6, 1), 2), (date(2026, 1, 1), 5)]

    def test_counts_service_with_other_employers(self) -> None:
        service = Service(date(2026, 7, 1), worked_since=date(2010, 7, 1))

        assert amounts(Plan(LAW, round_to=DAY), service, date(2026, 7, 1)) == {"2026-01-01": 5}  # 184/365 of ten
        assert amounts(Plan(LAW, round_to=DAY), service, date(2027, 7, 1))["2027-01-01"] == 10

    def test_weighs_a_step_reached_within_the_year_by_days(self) -> None:
        service = Service(date(2020, 1, 1), worked_since=date(2016, 7, 2))  # ten years on the 183rd day of 2026

        assert amounts(Plan(LAW, round_to=1), service, date(2026, 1, 1))["2026-01-01"] == pytest.approx(
            (182 * 5 + 183 * 10) / 365, abs=1 / DAY
        )

    def test_gives_the_whole_year_at_once_where_nothing_is_prorated(self) -> None:
        plan = Plan(FLAT, is_prorated=False, start_after_months=3)

        assert amounts(plan, Service(date(2026, 10, 1)), date(2026, 12, 31)) == {}
        assert amounts(plan, Service(date(2026, 9, 1)), date(2026, 12, 31)) == {"2026-01-01": 12}

    def test_gives_a_twelfth_each_month(self) -> None:
        plan = Plan((Step(0, 15 * DAY),), grants="monthly", is_prorated=False)

        found = amounts(plan, Service(date(2026, 1, 1)), date(2026, 12, 31))

        assert list(found.values()) == [1, 1.5, 1, 1.5] * 3
        assert amounts(replace(plan, is_prorated=True), Service(date(2026, 1, 1)), date(2026, 12, 31)) == found
        assert amounts(plan, Service(date(2026, 1, 1)), date(2026, 3, 31)) == {
            "2026-01-01": 1, "2026-02-01": 1.5, "2026-03-01": 1,
        }  # fmt: skip

    def test_counts_years_from_joining(self) -> None:
        plan = Plan(FLAT, year="joining")

        found = list(rules.due(plan, Service(date(2024, 2, 29)), date(2026, 3, 1)))

        assert [due.key for due in found] == ["2024-02-29", "2025-02-28", "2026-02-28"]
        assert [due.ends_on for due in found] == [date(2025, 2, 27), date(2026, 2, 27), date(2027, 2, 27)]

    def test_gives_a_leaver_the_days_of_the_year_that_passed(self) -> None:
        service = Service(date(2020, 1, 1), to_on=date(2026, 6, 30))

        assert amounts(Plan(FLAT, round_to=DAY), service, date(2027, 12, 31))["2026-01-01"] == 5  # 181/365 of twelve
        assert "2027-01-01" not in amounts(Plan(FLAT), service, date(2027, 12, 31))

    def test_gives_nothing_before_the_plan_begins(self) -> None:
        plan = Plan(FLAT, from_on=date(2026, 1, 1))

        assert amounts(plan, Service(date(2015, 1, 1)), date(2026, 12, 31)) == {"2026-01-01": 12}


DATES = st.dates(date(2000, 1, 1), date(2030, 12, 31))
STEPS = st.lists(st.tuples(st.integers(0, 240), st.integers(0, 30 * DAY)), min_size=1, max_size=4).map(
    lambda pairs: tuple(Step(*pair) for pair in dict(pairs).items())
)
PLANS = st.builds(
    Plan,
    steps=STEPS,
    grants=st.sampled_from(["yearly", "monthly"]),
    year=st.sampled_from(["calendar", "joining"]),
    start_after_months=st.integers(0, 12),
    is_prorated=st.booleans(),
    round_to=st.sampled_from([1, 60, HALF_DAY, DAY]),
    rounds=st.sampled_from(["down", "up", "nearest"]),
)


class TestDueAlways:
    @settings(deadline=None)
    @given(PLANS, DATES, st.integers(0, 2000))
    def test_says_the_same_about_the_past_whenever_it_is_asked(self, plan: Plan, start: date, later: int) -> None:
        service, until = Service(start), start + timedelta(days=later)

        now = list(rules.due(plan, service, until))
        then = [due for due in rules.due(plan, service, until + timedelta(days=900)) if due.from_on <= until]

        assert now == then

    @settings(deadline=None)
    @given(PLANS, DATES, st.integers(0, 2000))
    def test_names_each_period_once_and_in_whole_steps(self, plan: Plan, start: date, later: int) -> None:
        found = list(rules.due(plan, Service(start), start + timedelta(days=later)))

        assert len({due.key for due in found}) == len(found)
        assert all(due.minutes > 0 and due.minutes % plan.round_to == 0 for due in found)
        assert all(start <= due.from_on <= due.ends_on for due in found)

    @settings(deadline=None)
    @given(PLANS, DATES)
    def test_of_twelve_months_is_exactly_the_years(self, plan: Plan, start: date) -> None:
        service = Service(start)
        first, last = rules.leave_year(plan, service, start + timedelta(days=800))

        parts = [due.minutes for due in rules.due(plan, service, last) if due.ends_on == last]

        assert sum(parts) == rules.entitlement(plan, service, first, last)

    @settings(deadline=None)
    @given(PLANS, DATES, st.integers(0, 3000), st.integers(0, 400))
    def test_is_never_less_for_who_stays_longer(self, plan: Plan, start: date, days: int, more: int) -> None:
        to_on = start + timedelta(days=days)
        until = start + timedelta(days=4000)
        shorter = sum(due.minutes for due in rules.due(plan, Service(start, to_on), until))
        longer = sum(due.minutes for due in rules.due(plan, Service(start, to_on + timedelta(days=more)), until))

        assert shorter <= longer


def lot(number: int, left: int, from_on: date, expires_on: date | None = None) -> Lot:
    return Lot(UUID(int=number), left, from_on, expires_on)


LOTS = st.lists(st.tuples(st.integers(0, 20 * DAY), DATES, st.none() | st.integers(0, 600)), max_size=6).map(
    lambda given: [
        lot(number, left, start, start + timedelta(days=length) if length is not None else None)
        for number, (left, start, length) in enumerate(given)
    ]
)


class TestDraws:
    def test_take_first_what_lapses_first(self) -> None:
        old = lot(1, DAY, date(2025, 1, 1), date(2026, 3, 31))
        new = lot(2, 5 * DAY, date(2026, 1, 1), date(2026, 12, 31))
        open_end = lot(3, DAY, date(2024, 1, 1))
        days = [date(2026, 3, 30) + timedelta(days=n) for n in range(3)]

        taken = rules.draws([open_end, new, old], dict.fromkeys(days, HALF_DAY))

        assert [(day.day, lot_id and lot_id.int) for day, lot_id, _minutes in taken] == [(30, 1), (31, 1), (1, 2)]

    def test_owe_what_no_lot_of_the_day_covers(self) -> None:
        late = lot(1, DAY, date(2026, 5, 2))

        assert rules.draws([late], {date(2026, 5, 1): DAY}) == [(date(2026, 5, 1), None, DAY)]

    @given(LOTS, st.dictionaries(DATES, st.integers(1, DAY), max_size=10))
    def test_add_up_and_overdraw_no_lot(self, lots: list[Lot], wanted: dict[date, int]) -> None:
        taken = rules.draws(lots, wanted)

        by_id = {one.id: one for one in lots}
        for day, minutes in wanted.items():
            assert sum(part for on, _lot, part in taken if on == day) == minutes
        for lot_id, one in by_id.items():
            assert sum(part for _on, drawn, part in taken if drawn == lot_id) <= one.left
        assert all(lot_id is None or by_id[lot_id].holds_on(day) for day, lot_id, _part in taken)


class TestSettling:
    def test_lets_later_lots_pay_but_none_that_had_lapsed_by_then(self) -> None:
        lots = [lot(1, DAY, date(2026, 1, 1), date(2026, 12, 31)), lot(2, DAY, date(2027, 2, 1))]

        assert rules.settling(lots, {date(2027, 1, 4): DAY}) == [(date(2027, 1, 4), UUID(int=2), DAY)]

    @given(LOTS, st.dictionaries(DATES, st.integers(-DAY, 40 * DAY), max_size=5))
    def test_pays_no_more_than_is_owed_nor_than_there_is(self, lots: list[Lot], owed: dict[date, int]) -> None:
        parts = rules.settling(lots, owed)

        for day, minutes in owed.items():
            assert sum(part for on, _id, part in parts if on == day) <= max(minutes, 0)
        for one in lots:
            assert sum(part for _on, lot_id, part in parts if lot_id == one.id) <= one.left


class TestRollover:
    def test_carries_what_came_last_and_lets_the_rest_lapse(self) -> None:
        lots = [lot(1, 3 * DAY, date(2026, 1, 1)), lot(2, 2 * DAY, date(2026, 6, 1))]

        found = {
            lot_id.int: (carried // DAY, lapsed // DAY) for lot_id, carried, lapsed in rules.rollover(lots, 3 * DAY)
        }

        assert found == {2: (2, 0), 1: (1, 2)}

    @given(LOTS, st.none() | st.integers(0, 20 * DAY))
    def test_loses_nothing_and_carries_no_more_than_it_may(self, lots: list[Lot], most: int | None) -> None:
        found = rules.rollover(lots, most)
        left = sum(one.left for one in lots)

        assert sum(carried + lapsed for _id, carried, lapsed in found) == left
        assert sum(carried for _id, carried, _lapsed in found) == (left if most is None else min(left, most))


class TestLasting:
    def test_lets_count_on_what_will_be_carried_over(self) -> None:
        plan = Plan(FLAT, carry_most=DAY, carry_months=3)
        granted, given = lot(1, 3 * DAY, date(2026, 1, 1), date(2026, 12, 31)), lot(2, DAY, date(2026, 5, 1))

        found = rules.lasting([granted, given], {granted.id}, plan)

        assert [(one.id.int, one.left // DAY, one.expires_on) for one in found] == [
            (2, 1, None), (1, 2, date(2026, 12, 31)), (1, 1, date(2027, 3, 31)),
        ]  # fmt: skip


class TestDayShare:
    @pytest.mark.parametrize(("start", "end", "share"), [(0, 450, DAY), (0, 225, HALF_DAY), (450, 900, 0), (0, 60, 64)])
    def test_is_of_the_hours_planned_that_day(self, start: int, end: int, share: int) -> None:
        assert rules.day_share([(0, 450 * 60)], start * 60, end * 60) == share
