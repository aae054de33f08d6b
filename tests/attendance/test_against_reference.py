"""The kernel against the reference: on the nasty set, on the clocks of six zones, and on people made up at random."""

from __future__ import annotations

import random

import pytest

from tests.attendance import nasty_days, nasty_whole_days
from tests.attendance.comparing import computed, differences, readings
from tests.attendance.nasty import Case
from tests.attendance.worlds import random_person
from zhiren.attendance import rules

PEOPLE, DAYS = 60, 31
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
