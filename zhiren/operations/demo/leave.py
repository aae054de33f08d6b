"""What leave the demo company has, takes and asks for: drawn from one seed, decided as approvals say."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from zhiren.access import queries as access
from zhiren.approvals import services as approvals
from zhiren.approvals.models import Request
from zhiren.kernel.refusals import Conflict, Invalid
from zhiren.leave import ledger
from zhiren.leave import services as leave
from zhiren.leave.counting import Wish
from zhiren.leave.models import Leave, LeaveType
from zhiren.operations.demo.setup import SYSTEM
from zhiren.people import employment_queries as employments
from zhiren.people.models import Employment
from zhiren.plumbing import clock, jobs

DAY = timedelta(days=1)
_HOURS_OF_OVERTIME = (120, 240, 480)


def play(now: datetime) -> None:
    """Give everybody employed what they have earned, then let them take some, ask for some, and be answered."""
    types = {row.code: row for row in LeaveType.objects.filter(is_active=True)}
    staff = list(employments.employed_on(now.date()).order_by("number", "pk"))
    ledger.open_accounts(at=now)
    for row in staff:
        ledger.accrue(at=now, employment_id=row.pk, type_id=types["annual"].pk)
    for number, row in enumerate(staff):
        draw = random.Random(number * 6007)  # noqa: S311 - made-up leave
        if number % 4 == 1:
            minutes = draw.choice(_HOURS_OF_OVERTIME)
            ledger.adjust(
                actor=SYSTEM,
                at=now,
                employment_id=row.pk,
                type_id=types["compensatory"].pk,
                minutes=minutes,
                on=now.date() - DAY * 20,
                expires_on=now.date() + DAY * 70,
                note="十一月大促加班",
            )
        for code, wish, is_decided in _wishes(draw, number, now.date()):
            found = _asked(row, types[code], wish, now - DAY * 3)
            if found and is_decided:
                _approve(found, now - DAY * 2)
    jobs.run_due(now)


def _wishes(draw: random.Random, number: int, today: date) -> Iterator[tuple[str, Wish, bool]]:
    """Yield what somebody asks for, and whether it has been answered."""
    if number % 2 == 0:
        first = today - DAY * draw.randrange(8, 40)
        yield "annual", Wish(first, first + DAY * draw.randrange(0, 3)), True
    if number % 5 == 2:
        first = today + DAY * draw.randrange(5, 20)
        yield "annual", Wish(first, first + DAY * draw.randrange(0, 2)), number % 10 == 2
    if number % 7 == 3:
        first = today - DAY * draw.randrange(1, 20)
        yield "sick", Wish(first, first), True
    if number % 6 == 4:
        first = today + DAY * draw.randrange(1, 9)
        yield "personal", Wish(first, first, until_midday=True), number % 12 == 4


def _asked(row: Employment, leave_type: LeaveType, wish: Wish, at: datetime) -> Leave | None:
    """Return the request; None where the person is off then, or has none left."""
    actor = access.actor_of_id(row.user_id) if row.user_id else SYSTEM
    try:
        with clock.travel(at):
            return leave.ask_leave(
                actor=actor, at=at, employment_id=row.pk, type_id=leave_type.pk, wish=wish, reason="家里有事"
            )
    except (Conflict, Invalid):
        return None


def _approve(found: Leave, at: datetime) -> None:
    """Let whoever is asked say yes, step by step."""
    while found.request_id:
        request = Request.objects.get(pk=found.request_id)
        asked = request.steps.filter(state="asked").values_list("approvers__user", flat=True).first()
        if not request.is_pending or asked is None:
            return
        approvals.decide_request(actor=access.actor_of_id(asked), at=at, request_id=request.pk, approves=True)
