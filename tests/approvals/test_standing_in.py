"""Deciding in place of somebody: for a while, this once, or one higher."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.approvals.conftest import House
from tests.approvals.test_services import LATER, ask, decide, set_policy, waiting
from tests.factories import MONDAY, SYSTEM, actor_of, make_entity, make_user
from zhiren.access import services as access
from zhiren.access.models import User
from zhiren.approvals import queries, standing_in
from zhiren.approvals.errors import DelegationImpossible, OwnRequest
from zhiren.approvals.models import Delegation, Request, Step
from zhiren.kernel.refusals import Forbidden, NotFound
from zhiren.plumbing.jobs import run_due


def delegate(house: House, to: User, by: User | None = None, **given: Any) -> Delegation:
    given = {"starts_at": MONDAY, "ends_at": MONDAY + timedelta(days=2), **given}
    return standing_in.give_delegation(actor=actor_of(by or house.manager), at=MONDAY, to_user_id=to.pk, **given)


class TestGiveDelegation:
    def test_lets_a_colleague_decide_and_says_for_whom(self, house: House) -> None:
        deputy = make_user("")
        delegate(house, deputy)
        request = ask(house)

        assert waiting(deputy) == [request]
        decide(request, deputy)

        answer = request.steps.get().approvers.get()
        assert (answer.user, answer.answered_by) == (house.manager, deputy)

    def test_reaches_what_waits_already(self, house: House) -> None:
        request, deputy = ask(house), make_user("")
        delegate(house, deputy)

        assert waiting(deputy) == [request]

    @pytest.mark.parametrize(("starts", "ends"), [(-5, -1), (1, 3)])
    def test_holds_only_in_its_time(self, house: House, starts: int, ends: int) -> None:
        deputy = make_user("")
        ask(house)
        Delegation.objects.create(
            from_user=house.manager, to_user=deputy, created_at=MONDAY,
            starts_at=MONDAY + timedelta(days=starts), ends_at=MONDAY + timedelta(days=ends),
        )  # fmt: skip

        assert waiting(deputy) == []

    def test_holds_only_for_the_kinds_named(self, house: House) -> None:
        deputy = make_user("")
        delegate(house, deputy, kind_codes=["errand"])
        ask(house)
        house.subject = make_entity().pk
        errand = ask(house, kind="errand")

        assert waiting(deputy) == [errand]

    def test_never_brings_ones_own_request(self, house: House) -> None:
        delegate(house, house.asker)
        request = ask(house)

        assert waiting(house.asker) == []
        with pytest.raises(OwnRequest):
            decide(request, house.asker)

    def test_is_not_handed_on(self, house: House) -> None:
        first, second = make_user(""), make_user("")
        delegate(house, first)
        delegate(house, second, by=first)
        ask(house)

        assert waiting(second) == []

    def test_answers_for_oneself_and_for_the_other_at_once(self, house: House) -> None:
        set_policy({"ask": ["manager", "hr"], "needs": "all"})
        delegate(house, house.hr)

        assert decide(ask(house), house.hr).state == "approved"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"ends_at": MONDAY - timedelta(days=1), "starts_at": MONDAY - timedelta(days=2)},
            {"ends_at": MONDAY},
            {"kind_codes": ["unknown"]},
        ],
    )
    def test_is_refused_where_it_makes_no_sense(self, house: House, wrong: dict[str, Any]) -> None:
        with pytest.raises(DelegationImpossible):
            delegate(house, make_user(""), **wrong)

    def test_is_not_for_oneself(self, house: House) -> None:
        with pytest.raises(DelegationImpossible):
            delegate(house, house.manager)

    def test_for_another_is_for_their_hr(self, house: House) -> None:
        deputy, stranger = make_user(""), make_user("hr_manager", entity=make_entity())

        delegate(house, deputy, by=house.hr, from_user_id=house.manager.pk)
        with pytest.raises(Forbidden):
            delegate(house, deputy, by=stranger, from_user_id=house.manager.pk)

        assert Delegation.objects.get().created_by == house.hr


class TestEndDelegation:
    def test_ends_it_now(self, house: House) -> None:
        deputy = make_user("")
        given = delegate(house, deputy)
        request = ask(house)

        standing_in.end_delegation(actor=actor_of(house.manager), at=LATER, delegation_id=given.pk)

        assert list(queries.waiting_for(actor_of(deputy), LATER)) == []
        with pytest.raises(NotFound):
            decide(request, deputy)

    def test_is_not_for_who_got_it(self, house: House) -> None:
        deputy = make_user("")
        given = delegate(house, deputy)

        with pytest.raises(NotFound):
            standing_in.end_delegation(actor=actor_of(deputy), at=LATER, delegation_id=given.pk)


class TestNameStandIn:
    def test_lets_hr_have_somebody_else_decide(self, house: House) -> None:
        request, colleague = ask(house), make_user("")

        standing_in.name_stand_in(actor=actor_of(house.hr), at=LATER, request_id=request.pk, user_id=colleague.pk)

        assert waiting(colleague) == [request]
        assert decide(request, colleague).state == "approved"

    def test_never_names_the_asker(self, house: House) -> None:
        request = ask(house)

        with pytest.raises(OwnRequest):
            standing_in.name_stand_in(actor=actor_of(house.hr), at=LATER, request_id=request.pk, user_id=house.asker.pk)

    def test_is_for_hr_of_the_entity(self, house: House) -> None:
        request, stranger = ask(house), make_user("hr_manager", entity=make_entity())

        with pytest.raises(NotFound):
            standing_in.name_stand_in(actor=actor_of(stranger), at=LATER, request_id=request.pk, user_id=stranger.pk)


class TestAskHigher:
    def test_goes_one_higher_each_time(self, house: House) -> None:
        request = ask(house)
        step = request.steps.get()

        raised = [standing_in.ask_higher(at=LATER, step_id=step.pk) for _time in range(3)]

        assert raised == [[house.head.pk], [house.hr.pk], []]
        assert waiting(house.manager) == waiting(house.head) == [request]
        assert decide(request, house.head).state == "approved"

    def test_does_nothing_once_the_step_is_decided(self, house: House) -> None:
        request = ask(house, days=4)
        step = request.steps.get(number=1)
        decide(request, house.manager)

        assert standing_in.ask_higher(at=LATER, step_id=step.pk) == []
        assert request.steps.get(number=2).approvers.get().stand_ins == []


class TestWhoLeft:
    def test_is_stood_in_for_by_who_is_above(self, house: House) -> None:
        request = ask(house)

        access.disable_user(actor=SYSTEM, at=LATER, user_id=house.manager.pk)
        run_due(LATER)

        assert waiting(house.head) == [request]
        assert decide(request, house.head).state == "approved"

    def test_decides_nothing_any_more(self, house: House) -> None:
        ask(house)
        access.disable_user(actor=SYSTEM, at=LATER, user_id=house.manager.pk)

        assert waiting(house.manager) == []
        assert Request.objects.get().steps.get().state == Step.State.ASKED

    def test_is_skipped_by_steps_that_come_later(self, house: House) -> None:
        request = ask(house, days=4)
        other = make_user("hr_manager", entity=house.department.entity)
        access.disable_user(actor=SYSTEM, at=LATER, user_id=house.hr.pk)

        decide(request, house.manager)

        assert waiting(other) == [request]
