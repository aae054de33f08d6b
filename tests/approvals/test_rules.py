"""The machine of steps, by itself."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiren.approvals import definition, rules

PEOPLE = [UUID(int=number) for number in range(6)]
answers = st.lists(st.sampled_from(["", "approved", "declined"]), min_size=1, max_size=6)


class TestVerdict:
    @given(answers, st.sampled_from(["any", "all"]))
    def test_is_no_as_soon_as_anybody_says_no(self, said: list[str], needs: str) -> None:
        assert (rules.verdict(needs, said) == "declined") == ("declined" in said)

    @given(answers)
    def test_of_all_is_yes_only_when_everybody_said_yes(self, said: list[str]) -> None:
        assert (rules.verdict("all", said) == "approved") == (set(said) == {"approved"})

    @given(answers)
    def test_of_any_is_yes_with_one_yes_and_no_no(self, said: list[str]) -> None:
        assert (rules.verdict("any", said) == "approved") == ("approved" in said and "declined" not in said)

    @given(answers, st.sampled_from(["any", "all"]), st.randoms())
    def test_does_not_depend_on_the_order(self, said: list[str], needs: str, random: object) -> None:
        shuffled = list(said)
        random.shuffle(shuffled)  # type: ignore[attr-defined]  # random.Random

        assert rules.verdict(needs, shuffled) == rules.verdict(needs, said)

    @pytest.mark.parametrize("needs", ["any", "all"])
    def test_of_nobody_stays_open(self, needs: str) -> None:
        assert rules.verdict(needs, []) == "open"


class TestAble:
    @given(
        st.lists(st.lists(st.sampled_from(PEOPLE), max_size=4), max_size=4),
        st.sets(st.sampled_from(PEOPLE), max_size=3),
    )
    def test_never_names_who_is_barred_and_skips_no_group_that_could(
        self, groups: list[list[UUID]], barred: set[UUID]
    ) -> None:
        found = rules.able(groups, barred=barred)

        assert not set(found) & barred
        first = next((set(group) - barred for group in groups if set(group) - barred), set())
        assert set(found) == first
        assert len(found) == len(set(found))


class TestHolds:
    @pytest.mark.parametrize(
        ("value", "comparison", "than", "expected"),
        [
            (4, "more", 3, True),
            (3, "more", 3, False),
            (3, "at_least", 3, True),
            (2.5, "less", 3, True),
            (3, "at_most", 3, True),
            ("sick", "equal", "sick", True),
            ("sick", "unequal", "annual", True),
            (True, "equal", True, True),
            (None, "equal", None, False),
            (None, "unequal", "sick", False),
            ("4", "more", 3, False),
            (True, "more", 0, False),
        ],
    )
    def test_compares(self, value: object, comparison: str, than: object, expected: bool) -> None:
        assert rules.holds(value, comparison, than) is expected


class TestPolicy:
    @pytest.mark.parametrize(
        "step",
        [
            {"ask": []},
            {"ask": ["nobody"]},
            {"ask": ["manager", "manager"]},
            {"ask": ["role"]},
            {"ask": [{"user": "not an id"}]},
            {"ask": [{"who": "manager", "role": "recruiter"}]},
            {"ask": ["manager"], "needs": "some"},
            {"ask": ["manager"], "within_days": 0},
            {"ask": ["manager"], "when": [{"field": "days", "is": "like", "than": 3}]},
            {"ask": ["manager"], "unknown": 1},
        ],
    )
    def test_that_makes_no_sense_is_refused(self, step: dict[str, object]) -> None:
        with pytest.raises(ValueError):
            definition.of_steps([step])

    @pytest.mark.parametrize("than", [0, 1, 2, 1.5, True, False, "yes", "1"])
    def test_compares_with_the_very_value_that_was_given(self, than: object) -> None:
        policy = definition.of_steps([{"ask": ["hr"], "when": [{"field": "days", "is": "more", "than": than}]}])

        read = definition.read(definition.plain(policy)).steps[0].when[0].than
        assert (read, type(read)) == (than, type(than))

    def test_reads_what_it_wrote(self) -> None:
        policy = definition.of_steps(
            [
                {"ask": ["manager", {"role": "recruiter"}, {"user": str(PEOPLE[1])}], "needs": "all", "within_days": 2},
                {"ask": ["hr"], "when": [{"field": "days", "is": "more", "than": 3.5}]},
            ]
        )

        assert definition.read(definition.plain(policy)) == policy
