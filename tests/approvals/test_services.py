"""Asking, deciding, withdrawing, cancelling."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.approvals.conftest import House, Told
from tests.factories import MONDAY, actor_of
from zhiren.access.models import User
from zhiren.approvals import queries, services
from zhiren.approvals.models import Request
from zhiren.plumbing.jobs import run_due


def ask(house: House, *, days: float = 2, kind: str = "holiday", **given: Any) -> Request:
    return services.submit_request(
        actor=actor_of(house.asker), at=MONDAY, kind=kind, subject_id=house.subject, values={"days": days}, **given
    )


def decide(request: Request, user: User, *, approves: bool = True, reason: str = "") -> Request:
    return services.decide_request(
        actor=actor_of(user), at=MONDAY + timedelta(hours=1), request_id=request.pk, approves=approves, reason=reason
    )


class TestSubmitRequest:
    def test_asks_the_manager(self, house: House) -> None:
        request = ask(house)

        assert list(queries.waiting_for(actor_of(house.manager), MONDAY)) == [request]
        assert list(queries.waiting_for(actor_of(house.hr), MONDAY)) == []


class TestDecideRequest:
    def test_tells_the_kind_once_all_have_said_yes(self, house: House, told: Told) -> None:
        request = ask(house, days=4)

        assert decide(request, house.manager).state == "pending"
        assert decide(request, house.hr).state == "approved"
        run_due(MONDAY + timedelta(hours=2))

        assert told.said == [("approved", house.subject)]
