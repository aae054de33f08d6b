"""Make what the tests of leave need."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tests.factories import MONDAY, SYSTEM, actor_of, make_department, make_employment, make_user
from zhiren.access.models import User
from zhiren.approvals import services as approvals
from zhiren.approvals.models import Request
from zhiren.leave import ledger, queries, services
from zhiren.leave.counting import Wish
from zhiren.leave.models import Account, AccrualPlan, Leave, LeaveType
from zhiren.leave.rules import DAY
from zhiren.people.models import Employment
from zhiren.plumbing.jobs import run_due

_count = itertools.count(1)


def make_type(**given: Any) -> LeaveType:
    """Return a type of leave that needs a balance."""
    number = next(_count)
    return LeaveType.objects.create(
        **{"code": f"leave-{number}", "name": f"年假{number}", "name_en": "Annual", **given}
    )


def make_plan(leave_type: LeaveType, *, days: float = 12, **given: Any) -> AccrualPlan:
    """Return a plan that gives so many days a year, from 2026 on."""
    return AccrualPlan.objects.create(
        **{"type": leave_type, "from_on": date(2026, 1, 1), "steps": [[0, int(days * DAY)]], **given}
    )


class Company:
    """An employee, their manager and HR, with users; a type of leave of which the employee has ten days."""

    def __init__(self, *, days: float = 10, **facts: Any) -> None:
        self.department = make_department()
        self.entity = self.department.entity
        self.hr = make_user("hr_manager", entity=self.entity)
        self.boss_user = make_user("employee", department=self.department)
        self.user = make_user("employee", department=self.department)
        self.boss = make_employment(self.boss_user)
        self.employment: Employment = make_employment(self.user, manager=self.boss)
        self.type = make_type(**facts)
        if days:
            self.give(days)

    @property
    def account(self) -> Account:
        """The employee's account of the type."""
        return Account.objects.get(employment=self.employment, type=self.type)

    def give(self, days: float, **given: Any) -> None:
        """Give the employee leave."""
        ledger.adjust(
            **{
                "actor": SYSTEM,
                "at": MONDAY,
                "employment_id": self.employment.pk,
                "type_id": self.type.pk,
                "minutes": int(days * DAY),
                "on": date(2026, 1, 1),
                "note": "given",
                **given,
            }
        )

    def ask(self, first: date, last: date | None = None, *, user: User | None = None, **given: Any) -> Leave:
        """Ask for leave, as the employee unless another user is given."""
        wish = {name: given.pop(name) for name in list(given) if name in Wish.__dataclass_fields__}
        return services.ask_leave(
            **{
                "actor": actor_of(user or self.user),
                "at": MONDAY,
                "employment_id": self.employment.pk,
                "type_id": self.type.pk,
                "wish": Wish(first, last or first, **wish),
                **given,
            }
        )

    def decide(self, leave: Leave, *, approves: bool = True, at: datetime = MONDAY, by: Sequence[User] = ()) -> Leave:
        """Let the manager decide, and HR where it is asked; then let the decision be told."""
        for user in by or (self.boss_user, self.hr):
            leave.refresh_from_db()
            request = Request.objects.get(pk=leave.request_id)
            if request.is_pending:
                approvals.decide_request(
                    actor=actor_of(user),
                    at=at,
                    request_id=request.pk,
                    approves=approves,
                    reason="" if approves else "no",
                )
        run_due(at + timedelta(hours=1))
        leave.refresh_from_db()
        return leave

    def taken(self, first: date, last: date | None = None, **given: Any) -> Leave:
        """Return approved leave."""
        return self.decide(self.ask(first, last, **given))

    def left(self) -> float:
        """Return how many days of the type the employee may still take."""
        return (
            next(
                found.left
                for found in queries.balances_of(self.employment, on=MONDAY.date())
                if found.type == self.type
            )
            / DAY
        )
