from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.attendance.comparing import computed, frames_of, row_of
from tests.attendance.worlds import PersonMonth, random_person
from zhiren.attendance import bulk, rules

DAYS = 12
needs_numba = pytest.mark.skipif(not bulk.is_compiled(), reason="numba is not installed: nothing is compiled")


def crowd(*seeds: int) -> list[PersonMonth]:
    return [random_person(random.Random(seed), DAYS) for seed in seeds]


def rows(days: bulk.Days) -> list[rules.Day]:
    return [row_of(days, number) for number in range(len(days))]


def shuffled(frame: Any, rng: np.random.Generator) -> dict[str, Any]:
    order = rng.permutation(len(frame["employee"]))
    return {name: np.asarray(column)[order] for name, column in frame.items()}


class TestCompute:
    def test_finds_what_the_rules_find_of_each_day(self) -> None:
        people = crowd(*range(20))

        days = bulk.compute(frames_of(people))

        assert rows(days) == [computed(person, number) for person in people for number in range(DAYS)]
        assert list(days.work_date) == [plan.work_date for person in people for plan in person.plans]
        assert days.stray == sum(len(person.punches) for person in people) - int(days.n_punches.sum())

    @needs_numba
    @pytest.mark.slow
    def test_finds_the_same_compiled_and_as_it_stands(self) -> None:
        frames = frames_of(crowd(*range(100, 160)))

        compiled, plain = bulk.compute(frames), bulk.compute(frames, compiled=False)

        for name, column in compiled.columns().items():
            assert np.array_equal(column, plain.columns()[name]), name

    @pytest.mark.parametrize("seed", range(3))
    def test_minds_no_order(self, seed: int) -> None:
        frames, rng = frames_of(crowd(1, 2, 3, 4)), np.random.default_rng(seed)
        mixed = replace(
            frames,
            **{name: shuffled(getattr(frames, name), rng) for name in ("roster", "punches", "absences", "overtimes")},
        )

        assert rows(bulk.compute(mixed)) == rows(bulk.compute(frames))

    def test_sorts_people_whose_numbers_are_too_big_for_one_key(self) -> None:
        frames, rng = frames_of(crowd(1, 2, 3)), np.random.default_rng(1)
        far = {
            name: {**getattr(frames, name), "employee": getattr(frames, name)["employee"] * 2**60}
            for name in ("roster", "punches", "absences", "overtimes")
        }

        found = bulk.compute(replace(frames, **{name: shuffled(frame, rng) for name, frame in far.items()}))

        assert rows(found) == rows(bulk.compute(frames))

    def test_counts_punches_of_nobody_as_stray(self) -> None:
        frames = frames_of(crowd(5, 6, 7))
        without = replace(
            frames, roster={name: np.concatenate((c[:DAYS], c[2 * DAYS :])) for name, c in frames.roster.items()}
        )

        everybody, fewer = bulk.compute(frames), bulk.compute(without)

        assert rows(fewer) == rows(everybody)[:DAYS] + rows(everybody)[2 * DAYS :]
        assert fewer.stray - everybody.stray == everybody.n_punches[DAYS : 2 * DAYS].sum()

    def test_reads_timestamps_of_any_unit(self) -> None:
        frames = frames_of(crowd(8))
        punches = {**frames.punches, "at": frames.punches["at"].astype("datetime64[s]").astype("datetime64[us]")}

        assert rows(bulk.compute(replace(frames, punches=punches))) == rows(bulk.compute(frames))

    def test_takes_a_missing_date_for_no_neighbour(self) -> None:
        (person,) = crowd(9)
        plans = person.plans[:3] + person.plans[4:]

        days = bulk.compute(frames_of([replace(person, plans=plans)]))

        facts = (person.punches, person.absences, person.overtimes)
        assert row_of(days, 2) == rules.day(plans[1], plans[2], None, *facts)
        assert row_of(days, 3) == rules.day(None, plans[3], plans[4], *facts)

    def test_refuses_two_plans_for_a_date(self) -> None:
        frames = frames_of(crowd(10))
        twice = {name: np.repeat(column, 2) for name, column in frames.roster.items()}

        with pytest.raises(ValueError, match="two plans"):
            bulk.compute(replace(frames, roster=twice))

    def test_gives_no_day_where_nobody_is_planned(self) -> None:
        nobody = {"employee": np.zeros(0, np.int64), "plan": np.zeros(0, np.int64)}
        frames = replace(frames_of(crowd(11)), roster=nobody)

        days = bulk.compute(frames)

        assert (len(days), days.stray) == (0, len(frames.punches["at"]))


class TestDays:
    def test_become_an_arrow_table_with_nulls_for_nobody(self) -> None:
        pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: there are no Arrow tables")
        days = bulk.compute(frames_of(crowd(12, 13)))

        table = days.table()

        assert table.column_names == ["employee", "work_date", *rules.Day._fields]
        assert table["first_in"].null_count == int((days.first_in == rules.NEVER).sum()) > 0
        assert table["planned"].type == pa.int16()
