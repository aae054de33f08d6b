"""Asking, deciding, withdrawing, cancelling."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from tests.approvals.conftest import House, Told
from tests.factories import MONDAY, SYSTEM, actor_of, make_department, make_entity, make_user
from zhiren.access import services as access
from zhiren.access.models import User
from zhiren.approvals import policies, queries, services
from zhiren.approvals.errors import (
    AnsweredAlready,
    AskedAlready,
    CannotBeCancelled,
    NobodyToAsk,
    NoLongerOpen,
    NotApproved,
    NotAsked,
    OwnRequest,
    ReasonMissing,
)
from zhiren.approvals.kinds import Cancelling, Description, Kind, kinds
from zhiren.approvals.models import Approver, Request, Step
from zhiren.kernel.refusals import Forbidden, NotFound, Refusal
from zhiren.plumbing.crypto import Tampered
from zhiren.plumbing.jobs import run_due
from zhiren.timeline import queries as timeline
from zhiren.timeline.models import EventRow
from zhiren.timeline.services import DeliveryFailed

LATER = MONDAY + timedelta(hours=1)


def ask(house: House, *, days: float = 2, kind: str = "holiday", by: User | None = None, **given: Any) -> Request:
    return services.submit_request(
        **{
            "actor": actor_of(by or house.asker),
            "at": MONDAY,
            "kind": kind,
            "subject_id": house.subject,
            "employment_id": house.employment_id,
            "values": {"days": days},
            **given,
        }
    )


def decide(request: Request, user: User, *, approves: bool = True, reason: str = "") -> Request:
    return services.decide_request(
        actor=actor_of(user), at=LATER, request_id=request.pk, approves=approves, reason=reason
    )


def waiting(user: User) -> list[Request]:
    return list(queries.waiting_for(actor_of(user), MONDAY))


def set_policy(*steps: dict[str, Any], kind: str = "holiday", entity_id: Any = None) -> None:
    policies.change_policy(actor=SYSTEM, at=MONDAY, kind=kind, steps=steps, entity_id=entity_id)


class TestSubmitRequest:
    def test_asks_the_manager_of_the_employment(self, house: House) -> None:
        house.asker.manager = house.hr  # what the user says is older than the employment
        house.asker.save()

        request = ask(house)

        assert waiting(house.manager) == [request]
        assert waiting(house.hr) == []

    def test_asks_the_users_manager_where_it_is_about_no_employment(self, house: House) -> None:
        boss = make_user("", department=house.department)
        clerk = make_user("", department=house.department, manager=boss)

        request = ask(house, by=clerk, employment_id=None)

        assert waiting(boss) == [request]
        assert (request.entity_id, request.department_id) == (house.department.entity_id, house.department.pk)

    def test_leaves_out_steps_whose_conditions_do_not_hold(self, house: House) -> None:
        assert ask(house, days=3).steps.count() == 1
        house.subject = make_entity().pk
        assert ask(house, days=3.5).steps.count() == 2

    def test_is_approved_at_once_where_no_step_applies(self, house: House, told: Told) -> None:
        set_policy({"ask": ["hr"], "when": [{"field": "days", "is": "more", "than": 3}]})

        request = ask(house, days=1)
        run_due(LATER)

        assert request.state == "approved"
        assert told.said == [("approved", house.subject)]

    def test_refuses_to_ask_twice_for_the_same(self, house: House) -> None:
        ask(house)

        with pytest.raises(AskedAlready):
            ask(house, days=5)

        assert Request.objects.count() == 1

    def test_refuses_what_nobody_could_decide(self, db: None, told: Told) -> None:
        lonely = make_user("", department=make_department())

        with pytest.raises(NobodyToAsk):
            services.submit_request(
                actor=actor_of(lonely), at=MONDAY, kind="holiday", subject_id=lonely.pk, values={"days": 1}
            )

        assert not Request.objects.exists()

    def test_freezes_what_is_asked_for(self, house: House) -> None:
        request = ask(house, days=2)

        assert queries.values_of(request) == {"days": 2}
        assert b"days" not in bytes(request.values_sealed)
        submitted = EventRow.objects.get(name="approvals.request.submitted")
        assert submitted.payload["digest"] == bytes(request.digest).hex()

    def test_shows_what_was_moved_from_another_request(self, house: House) -> None:
        request = ask(house, days=2)
        house.subject = make_entity().pk
        other = ask(house, days=30)
        other.values_sealed = request.values_sealed

        with pytest.raises(Tampered):
            queries.values_of(other)

    def test_keeps_the_way_it_was_sent_under(self, house: House) -> None:
        request = ask(house, days=5)
        set_policy({"ask": ["hr"]})

        decide(request, house.manager)
        assert decide(request, house.hr).state == "approved"

    def test_follows_the_policy_of_the_entity_before_the_companys(self, house: House) -> None:
        set_policy({"ask": ["managers_manager"]}, entity_id=house.department.entity_id)
        set_policy({"ask": ["hr"]})

        request = ask(house)

        assert waiting(house.head) == [request]

    def test_gives_a_step_its_working_days(self, house: House) -> None:
        set_policy({"ask": ["manager"], "within_days": 5})

        step = ask(house).steps.get()

        assert step.due_at == MONDAY + timedelta(days=7)


class TestNobodyDecidesTheirOwn:
    def test_a_step_that_would_ask_only_the_asker_goes_up(self, house: House) -> None:
        set_policy({"ask": [{"user": str(house.asker.pk)}]})

        request = ask(house)

        assert waiting(house.manager) == [request]
        assert waiting(house.asker) == []

    def test_hr_who_sends_it_for_somebody_is_not_asked(self, house: House) -> None:
        set_policy({"ask": ["hr"]})
        other = make_user("hr_manager", entity=house.department.entity)

        request = ask(house, by=house.hr)

        assert waiting(other) == [request]
        with pytest.raises(OwnRequest):
            decide(request, house.hr)

    def test_the_only_hr_goes_up_to_hr_of_the_company(self, house: House) -> None:
        set_policy({"ask": ["hr"]})
        everywhere = make_user("hr_manager", scope="all", name="集团人事")
        hr_asks = services.submit_request(
            actor=actor_of(house.hr), at=MONDAY, kind="holiday", subject_id=house.subject, values={"days": 1},
            entity_id=house.department.entity_id,
        )  # fmt: skip

        assert waiting(everywhere) == [hr_asks]

    def test_hr_of_another_entity_is_not_asked(self, house: House) -> None:
        set_policy({"ask": ["hr"]})
        stranger = make_user("hr_manager", entity=make_entity())

        request = ask(house)

        assert (waiting(house.hr), waiting(stranger)) == ([request], [])
        with pytest.raises(NotFound):
            decide(request, stranger)

    def test_the_top_of_the_line_stands_in_for_whom_there_is_not(self, house: House) -> None:
        set_policy({"ask": ["managers_manager"]})
        head_asks = ask(house, by=house.head, employment_id=None)

        assert waiting(house.hr) == [head_asks]


class TestDecideRequest:
    def test_tells_the_kind_once_all_have_said_yes(self, house: House, told: Told) -> None:
        request = ask(house, days=4)

        assert decide(request, house.manager).state == "pending"
        assert told.said == []
        assert decide(request, house.hr).state == "approved"
        run_due(LATER)

        assert told.said == [("approved", house.subject)]
        approved = EventRow.objects.get(name="approvals.request.approved")
        assert (approved.payload["digest"], approved.by) == (bytes(request.digest).hex(), house.hr.pk)

    def test_ends_with_the_first_no(self, house: House, told: Told) -> None:
        request = ask(house, days=4)

        decide(request, house.manager, approves=False, reason="人手不够")
        run_due(LATER)

        assert told.said == [("declined", house.subject)]
        assert [step.state for step in request.steps.order_by("number")] == ["declined", "ended"]
        assert queries.reason_of_decision(Request.objects.get()) == "人手不够"

    def test_needs_a_reason_for_a_no(self, house: House) -> None:
        request = ask(house)

        with pytest.raises(ReasonMissing):
            decide(request, house.manager, approves=False, reason="  ")

        assert waiting(house.manager) == [request]

    def test_takes_one_yes_of_any(self, house: House) -> None:
        set_policy({"ask": ["manager", "hr"]})
        request = ask(house)

        assert decide(request, house.hr).state == "approved"

    def test_takes_every_yes_of_all(self, house: House) -> None:
        set_policy({"ask": ["manager", "hr"], "needs": "all"})
        request = ask(house)

        assert decide(request, house.hr).state == "pending"
        assert decide(request, house.manager).state == "approved"

    def test_does_not_ask_again_who_has_said_yes(self, house: House) -> None:
        set_policy({"ask": ["manager"]}, {"ask": [{"user": str(house.manager.pk)}]})
        request = ask(house)

        assert decide(request, house.manager).state == "approved"
        assert request.steps.get(number=2).approvers.get().door == Approver.Door.BEFORE

    def test_asks_a_later_step_only_when_its_turn_comes(self, house: House) -> None:
        request = ask(house, days=4)

        with pytest.raises(NotAsked):
            decide(request, house.hr)

        assert request.steps.get(number=2).state == Step.State.AHEAD

    def test_says_who_was_quicker(self, house: House) -> None:
        set_policy({"ask": ["manager", "hr"]})
        request = ask(house)
        decide(request, house.hr)

        with pytest.raises(AnsweredAlready) as refused:
            decide(request, house.manager)

        assert refused.value.params["name"] == house.hr.label

    def test_is_not_for_those_who_cannot_see_it(self, house: House) -> None:
        request = ask(house)

        with pytest.raises(NotFound):
            decide(request, make_user("recruiter"))

    def test_changes_nothing_where_the_next_step_finds_nobody(self, db: None, told: Told) -> None:
        set_policy({"ask": ["manager"]}, {"ask": [{"role": "recruiter"}]})
        department = make_department()
        manager = make_user("", department=department)
        asker = make_user("", department=department, manager=manager)
        hr = make_user("hr_manager", entity=department.entity)
        request = services.submit_request(
            actor=actor_of(asker), at=MONDAY, kind="holiday", subject_id=asker.pk, values={"days": 1}
        )
        access.disable_user(actor=SYSTEM, at=MONDAY, user_id=hr.pk)

        with pytest.raises(NobodyToAsk):
            decide(request, manager)

        assert request.steps.get(number=1).state == Step.State.ASKED
        assert waiting(manager) == [request]


class TestWithdrawRequest:
    def test_tells_the_kind_and_frees_those_who_were_asked(self, house: House, told: Told) -> None:
        request = ask(house)

        services.withdraw_request(actor=actor_of(house.asker), at=LATER, request_id=request.pk)
        run_due(LATER)

        assert told.said == [("withdrawn", house.subject)]
        assert waiting(house.manager) == []

    def test_is_for_who_asked(self, house: House) -> None:
        request = ask(house)

        with pytest.raises(Forbidden):
            services.withdraw_request(actor=actor_of(house.manager), at=LATER, request_id=request.pk)

    def test_comes_too_late_after_the_decision(self, house: House) -> None:
        request = ask(house)
        decide(request, house.manager)

        with pytest.raises(NoLongerOpen):
            services.withdraw_request(actor=actor_of(house.asker), at=LATER, request_id=request.pk)

    def test_lets_it_be_asked_anew(self, house: House) -> None:
        first = ask(house)
        services.withdraw_request(actor=actor_of(house.asker), at=LATER, request_id=first.pk)

        assert ask(house, days=5).pk != first.pk


class TestCancelRequest:
    def cancel(self, request: Request, by: User) -> Request:
        return services.cancel_request(actor=actor_of(by), at=LATER, request_id=request.pk, reason="改期")

    def test_asks_those_who_approved(self, house: House, told: Told) -> None:
        request = decide(ask(house), house.manager)

        asked = self.cancel(request, house.asker)

        assert (asked.cancels_id, asked.state, Request.objects.get(pk=request.pk).state) == (
            request.pk, "pending", "approved",
        )  # fmt: skip
        decide(asked, house.manager)
        run_due(LATER)
        assert Request.objects.get(pk=request.pk).state == "cancelled"
        assert told.said[-1] == ("cancelled", house.subject)

    def test_leaves_it_approved_where_they_say_no(self, house: House, told: Told) -> None:
        request = decide(ask(house), house.manager)
        decide(self.cancel(request, house.asker), house.manager, approves=False, reason="已经排好班了")
        run_due(LATER)

        assert Request.objects.get(pk=request.pk).state == "approved"
        assert told.said == [("approved", house.subject)]

    def test_is_done_at_once_where_the_kind_lets_it(self, house: House, told: Told) -> None:
        request = decide(ask(house, kind="errand"), house.manager)

        assert self.cancel(request, house.asker).state == "cancelled"
        run_due(LATER)

        assert told.said == [("cancelled", house.subject)]  # what no longer stands is not told any more

    def test_is_refused_where_the_kind_forbids_it(self, house: House) -> None:
        kinds.add(
            "for_good",
            Kind(
                title="For good",
                describe=lambda values: Description("for good"),
                steps=({"ask": ["manager"]},),
                cancelling=Cancelling.NEVER,
            ),
        )
        request = decide(ask(house, kind="for_good"), house.manager)

        with pytest.raises(CannotBeCancelled):
            self.cancel(request, house.asker)

        del kinds._items["for_good"]

    def test_is_only_for_what_was_approved(self, house: House) -> None:
        with pytest.raises(NotApproved):
            self.cancel(ask(house), house.asker)

    def test_is_asked_once_at_a_time(self, house: House) -> None:
        request = decide(ask(house), house.manager)
        self.cancel(request, house.asker)

        with pytest.raises(AskedAlready):
            self.cancel(request, house.asker)

    def test_is_not_for_who_only_decided(self, house: House) -> None:
        request = decide(ask(house), house.manager)

        with pytest.raises(Forbidden):
            self.cancel(request, house.manager)


class TestKindIsTold:
    def test_again_after_it_failed(self, house: House, told: Told) -> None:
        decide(ask(house), house.manager)
        told.failures = 1

        with pytest.raises(DeliveryFailed):
            run_due(LATER)
        assert told.said == []
        run_due(LATER)
        run_due(LATER)

        assert told.said == [("approved", house.subject)]

    def test_nothing_of_a_person_who_was_erased(self, house: House, told: Told) -> None:
        run_due(MONDAY)  # what their employment brings about is over by then
        request = decide(ask(house), house.manager)
        request.person.erased_at = LATER
        request.person.save(update_fields=["erased_at"])
        request.person.key.delete()

        run_due(LATER)

        assert told.said == []


class TestAnnounceOverdue:
    def test_says_once_that_a_step_is_late(self, house: House) -> None:
        set_policy({"ask": ["manager"], "within_days": 1})
        request = ask(house)
        late = MONDAY + timedelta(days=3)

        assert services.announce_overdue(MONDAY + timedelta(hours=2)) == 0
        assert (services.announce_overdue(late), services.announce_overdue(late)) == (1, 0)
        assert timeline.names_of(request.person_id)[-1] == "approvals.step.overdue"


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Return what calls at the same moment come to, each on its own connection."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            start.wait(timeout=30)
            return call()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, call) for call in calls]]


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_of_two_approvers_the_second_is_told_what_the_first_did(self, transactional_db: None, house: House) -> None:
        set_policy({"ask": ["manager", "hr"]})
        request = ask(house)

        results = at_once(
            lambda: decide(request, house.manager),
            lambda: decide(request, house.hr, approves=False, reason="不行"),
        )

        assert sorted(type(result).__name__ for result in results) == ["AnsweredAlready", "Request"]
        outcomes = EventRow.objects.filter(name__in=["approvals.request.approved", "approvals.request.declined"])
        assert outcomes.count() == 1
        assert Approver.objects.exclude(answer="").count() == 1

    def test_of_a_yes_and_a_withdrawal_one_holds(self, transactional_db: None, house: House) -> None:
        request = ask(house)

        results = at_once(
            lambda: decide(request, house.manager),
            lambda: services.withdraw_request(actor=actor_of(house.asker), at=LATER, request_id=request.pk),
        )

        assert sorted(type(result).__name__ for result in results) == ["NoLongerOpen", "Request"]
        outcomes = EventRow.objects.filter(name__in=["approvals.request.approved", "approvals.request.withdrawn"])
        assert outcomes.count() == 1

    def test_of_two_who_all_must_say_yes_both_count(self, transactional_db: None, house: House) -> None:
        set_policy({"ask": ["manager", "hr"], "needs": "all"})
        request = ask(house)

        at_once(lambda: decide(request, house.manager), lambda: decide(request, house.hr))

        assert Request.objects.get(pk=request.pk).state == "approved"

    def test_the_same_is_asked_once(self, transactional_db: None, house: House) -> None:
        results = at_once(lambda: ask(house), lambda: ask(house))

        assert sorted(type(result).__name__ for result in results) == ["AskedAlready", "Request"]
