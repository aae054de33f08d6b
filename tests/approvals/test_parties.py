"""Requests that change something for somebody else as well: they agree first, themselves, and decide nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.approvals.conftest import House
from tests.approvals.test_services import LATER, decide, waiting
from tests.factories import MONDAY, SYSTEM, actor_of, make_user
from zhiren.access.models import User
from zhiren.approvals import queries, services, standing_in
from zhiren.approvals.errors import AnsweredAlready, NoLongerOpen, TheirsAlone
from zhiren.approvals.models import Request, Step
from zhiren.conversation.models import Message
from zhiren.kernel.refusals import Forbidden, NotFound
from zhiren.plumbing.jobs import run_due


def ask(house: House, *parties: User) -> Request:
    return services.submit_request(
        actor=actor_of(house.asker), at=MONDAY, kind="holiday", subject_id=house.subject, values={"days": 1},
        employment_id=house.employment_id, parties=[one.pk for one in parties],
    )  # fmt: skip


def state(request: Request) -> str:
    request.refresh_from_db()
    return request.state


class TestParties:
    def test_agree_before_anybody_else_is_asked(self, house: House) -> None:
        colleague = make_user("")
        request = ask(house, colleague)

        assert (waiting(colleague), waiting(house.manager)) == ([request], [])
        decide(request, colleague)

        assert (waiting(colleague), waiting(house.manager)) == ([], [request])

    def test_end_it_by_saying_no(self, house: House) -> None:
        colleague = make_user("")
        request = ask(house, colleague)

        decide(request, colleague, approves=False, reason="有事")

        assert state(request) == "declined"

    def test_do_not_approve_it_as_the_manager_they_are(self, house: House) -> None:
        request = ask(house, house.manager)

        decide(request, house.manager)

        assert state(request) == "pending"
        assert waiting(house.manager) == []
        assert waiting(house.head) == [request]

    def test_do_not_approve_it_for_the_manager_they_stand_in_for(self, house: House) -> None:
        colleague = make_user("")
        standing_in.give_delegation(
            actor=actor_of(house.manager), at=MONDAY, to_user_id=colleague.pk, starts_at=MONDAY,
            ends_at=MONDAY + timedelta(days=3),
        )  # fmt: skip
        request = ask(house, colleague)
        decide(request, colleague)

        with pytest.raises(AnsweredAlready):
            decide(request, colleague)
        assert waiting(colleague) == []

    def test_cannot_take_it_back(self, house: House) -> None:
        colleague = make_user("")
        request = ask(house, colleague)

        with pytest.raises(Forbidden):
            services.withdraw_request(actor=actor_of(colleague), at=LATER, request_id=request.pk)

    def test_agree_again_before_what_was_approved_is_taken_back(self, house: House) -> None:
        colleague = make_user("")
        request = ask(house, colleague)
        decide(request, colleague)
        decide(request, house.manager)

        back = services.cancel_request(actor=actor_of(house.asker), at=LATER, request_id=request.pk)

        assert waiting(colleague) == [back]


class TestTheirConsent:
    def test_is_not_given_by_a_delegate(self, house: House) -> None:
        colleague, deputy = make_user(""), make_user("")
        standing_in.give_delegation(
            actor=actor_of(colleague), at=MONDAY, to_user_id=deputy.pk, starts_at=MONDAY,
            ends_at=MONDAY + timedelta(days=3),
        )  # fmt: skip
        request = ask(house, colleague)

        assert waiting(deputy) == []
        assert queries.askable(request, MONDAY) == [colleague.pk]
        with pytest.raises(NotFound):
            decide(request, deputy)

    def test_is_not_given_by_a_stand_in(self, house: House) -> None:
        request = ask(house, make_user("", name="小陈"))

        with pytest.raises(TheirsAlone):
            standing_in.name_stand_in(actor=actor_of(house.hr), at=MONDAY, request_id=request.pk, user_id=house.head.pk)

    def test_is_not_asked_of_somebody_higher(self, house: House) -> None:
        request = ask(house, make_user(""))
        step = Step.objects.get(request=request, state=Step.State.ASKED)

        assert standing_in.ask_higher(at=LATER, step_id=step.pk) == []
        assert standing_in.stand_in_for_who_left(at=LATER, user_id=step.approvers.get().user_id) == 0

    def test_counts_no_more_once_it_was_withdrawn(self, house: House) -> None:
        colleague = make_user("")
        request = ask(house, colleague)
        services.withdraw_request(actor=SYSTEM, at=LATER, request_id=request.pk)

        with pytest.raises(NoLongerOpen):
            decide(request, colleague)


class TestTold:
    def test_hear_what_became_of_it(self, house: House) -> None:
        colleague = make_user("")
        request = ask(house, colleague)
        decide(request, colleague)
        decide(request, house.manager)

        run_due(LATER)

        about = Message.objects.filter(business_key__startswith="approval-decided:")
        assert {row.to_user_id for row in about} == {house.asker.pk, colleague.pk}
