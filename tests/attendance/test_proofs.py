from __future__ import annotations

import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attendance.comparing import beside, computed
from tests.attendance.test_rules import NINE, SIX, at, office
from tests.attendance.worlds import random_person
from zhiren.attendance import proofs, rules


class TestExplain:
    def test_tells_what_each_punch_was_taken_as(self) -> None:
        plan = office(gate=True, dup=120, drop_seconds=True)
        minutes = (NINE, NINE + 1, 600, 630, 16 * 60, SIX)

        proof = proofs.explain(None, plan, None, [at(plan, each, 30) for each in minutes], [], [])

        assert [each.role for each in proof.punches] == ["in", "duplicate", "left", "back", "between", "out"]
        assert [each.counted for each in proof.punches] == [at(plan, each) for each in minutes]
        assert proof.segments[0].away == 30 * 60

    def test_tells_what_decided_over_a_lone_punch(self) -> None:
        plan = office()
        punch = at(plan, 13 * 60 + 30)

        segment = proofs.explain(None, plan, None, [punch], [], []).segments[0]

        assert (segment.came, segment.went, segment.went_at, segment.middle) == ("none", "punched", punch, punch)
        assert segment.flags == rules.MISSING_IN

    def test_tells_lateness_before_and_after_grace(self) -> None:
        plan = office(grace_in=300, late_from_grace=True)

        segment = proofs.explain(None, plan, None, [at(plan, NINE, 420), at(plan, SIX)], [], []).segments[0]

        assert (segment.late_found, segment.late) == (420, 120)

    def test_names_the_approvals_that_touched_the_day(self) -> None:
        plan = office(ot_mode=2)
        evening, other_day = (at(plan, SIX), at(plan, 20 * 60)), (at(plan, 5000), at(plan, 5060))

        proof = proofs.explain(None, plan, None, [at(plan, NINE), at(plan, 19 * 60)], [], [evening, other_day])

        assert proof.overtimes == (evening,)
        assert proof.day.ot_work == 60

    @settings(max_examples=20, deadline=None)
    @given(st.integers(0, 2**32))
    def test_says_of_anybody_what_the_rules_say(self, seed: int) -> None:
        person = random_person(random.Random(seed), 6)

        for number in range(len(person.plans)):
            facts = (*beside(person, number), person.punches, person.absences, person.overtimes)
            proof = proofs.explain(*facts)
            kept = [each for each in proof.punches if each.role != "duplicate"]

            assert proof.day == computed(person, number)
            assert (len(proof.punches), len(kept)) == (proof.day.n_punches, proof.day.n_kept)
            assert json.dumps(proof.to_json()) == json.dumps(proofs.explain(*facts).to_json())
