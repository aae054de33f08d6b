"""Any order of answers, stand-ins and withdrawals: never two outcomes, and nobody decides their own."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.approvals.conftest import House
from tests.factories import MONDAY, actor_of, make_user
from zhiren.access.models import User
from zhiren.approvals import definition, policies, queries, rules, services, standing_in
from zhiren.approvals.models import Approver, Request, Step
from zhiren.kernel.refusals import Refusal
from zhiren.timeline.models import EventRow

NAMES = ("asker", "manager", "head", "hr", "sender", "deputy")
OUTCOMES = ("approvals.request.approved", "approvals.request.declined", "approvals.request.withdrawn")
ANYBODY = st.sampled_from(NAMES)

steps = st.lists(
    st.fixed_dictionaries(
        {
            "ask": st.lists(
                st.sampled_from(["manager", "managers_manager", "hr", "asker", "deputy", "sender"]),
                min_size=1,
                max_size=3,
                unique=True,
            ),
            "needs": st.sampled_from(["any", "all"]),
        }
    ),
    max_size=3,
)
moves = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), ANYBODY, st.sampled_from([True, True, True, False])),
        st.tuples(st.just("delegate"), ANYBODY, ANYBODY),
        st.tuples(st.just("higher"), ANYBODY, ANYBODY),
        st.tuples(st.just("withdraw"), ANYBODY, ANYBODY),
    ),
    max_size=12,
)


def policy_steps(wanted: list[dict[str, Any]], people: dict[str, User]) -> list[dict[str, Any]]:
    known = {"manager", "managers_manager", "hr"}
    return [
        {**step, "ask": [one if one in known else {"user": str(people[one].pk)} for one in step["ask"]]}
        for step in wanted
    ]


def play(request: Request, move: tuple[str, str, Any], people: dict[str, User], number: int) -> None:
    what, who, more = move
    actor, at = actor_of(people[who]), MONDAY + timedelta(minutes=number)
    if what == "answer":
        services.decide_request(actor=actor, at=at, request_id=request.pk, approves=more, reason="因为")
    elif what == "withdraw":
        services.withdraw_request(actor=actor, at=at, request_id=request.pk)
    elif what == "delegate":
        standing_in.give_delegation(
            actor=actor, at=at, to_user_id=people[more].pk, starts_at=at, ends_at=at + timedelta(days=1)
        )
    else:
        for step in request.steps.filter(state=Step.State.ASKED):
            standing_in.ask_higher(at=at, step_id=step.pk)


def check(request: Request, people: dict[str, User]) -> None:
    """Hold what must be true of a request at any time."""
    request.refresh_from_db()
    told = EventRow.objects.filter(name__in=OUTCOMES, payload__request_id=str(request.pk))
    assert [row.name.rpartition(".")[2] for row in told] == ([] if request.is_pending else [request.state])

    own = {people["asker"].pk, people["sender"].pk}
    answered = Approver.objects.filter(step__request=request).exclude(answer="")
    assert not {row.answered_by_id for row in answered} & own
    assert not Approver.objects.filter(step__request=request, user__in=own).exists()

    found = list(request.steps.order_by("number"))
    for step in found:
        said = list(step.approvers.values_list("answer", flat=True))
        needs = definition.StepPlan.model_validate(step.plan).needs
        verdict = rules.verdict(needs, said) if said else "open"
        if step.state in {"approved", "declined"}:
            assert verdict == step.state
        elif step.state == "asked":
            assert verdict == "open"
    states = [step.state for step in found]
    assert states.count("declined") == (request.state == "declined")
    assert ("asked" in states) == request.is_pending
    if request.state == "approved":
        assert set(states) <= {"approved"}
    if "ahead" in states:
        assert request.is_pending


class TestAnyOrder:
    @given(steps, moves)
    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    def test_gives_one_outcome_at_most_and_nobody_decides_their_own(
        self, house: House, wanted: list[dict[str, Any]], sequence: list[tuple[str, str, Any]]
    ) -> None:
        with transaction.atomic():
            entity = house.department.entity
            sender = make_user("hr_manager", entity=entity)
            people = {
                "asker": house.asker, "manager": house.manager, "head": house.head, "hr": house.hr, "sender": sender,
                "deputy": make_user("", department=house.department),
            }  # fmt: skip
            policies.change_policy(
                actor=actor_of(make_user("hr_manager", scope="all")),
                at=MONDAY,
                kind="holiday",
                steps=policy_steps(wanted, people),
            )
            request = services.submit_request(
                actor=actor_of(people["sender"]),
                at=MONDAY,
                kind="holiday",
                subject_id=house.subject,
                values={"days": 2},
                employment_id=house.employment_id,
            )
            check(request, people)
            for number, move in enumerate(sequence):
                before = (request.state, request.decided_at)
                was_pending = request.is_pending
                with contextlib.suppress(Refusal), transaction.atomic():
                    play(request, move, people, number)
                check(request, people)
                if not was_pending:
                    assert (request.state, request.decided_at) == before
            transaction.set_rollback(True)

    @pytest.mark.parametrize("needs", ["any", "all"])
    def test_asks_everybody_who_is_named_but_the_asker(self, house: House, needs: str) -> None:
        plan = definition.StepPlan.model_validate(
            {"ask": ["manager", {"user": str(house.asker.pk)}, "hr"], "needs": needs}
        )
        asking = queries.asking_of_user(house.asker.pk, MONDAY)

        assert queries.approvers_of(plan, asking, MONDAY) == [house.manager.pk, house.hr.pk]
