"""What hard conditions say in a comparison."""

import pytest

from tests.factories import SYSTEM, make_opening
from tests.screening.test_services import BACHELOR, candidate, set_conditions
from zhiren.talent import comparison

pytestmark = pytest.mark.django_db


class TestConditionsOfAnOpening:
    def test_stand_side_by_side_with_their_evidence(self) -> None:
        opening = make_opening()
        below, above = candidate(opening, "associate"), candidate(opening, "master")
        set_conditions(opening, BACHELOR)

        compared = comparison.compare(SYSTEM, [below.person_id, above.person_id])

        (line,) = [line for line in compared.lines if line.label.startswith("条件")]
        tones = [[(value.tone, value.line) for value in cell.values] for cell in line.cells]
        assert tones == [[("bad", 7)], [("good", 7)]]

    def test_are_missing_without_an_opening_in_common(self) -> None:
        one, other = candidate(make_opening(), "master"), candidate(make_opening(), "master")

        compared = comparison.compare(SYSTEM, [one.person_id, other.person_id])

        assert not [line for line in compared.lines if line.label.startswith("条件")]
