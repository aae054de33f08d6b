"""What becomes of leave that was asked for: approved, declined, taken back, cut short."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from zhiren.approvals import queries as approval_queries
from zhiren.approvals import services as approvals
from zhiren.approvals.kinds import Outcome
from zhiren.kernel.actors import Actor
from zhiren.leave import ledger, queries, services
from zhiren.leave.errors import BegunAlready, NoLongerWaiting, NotShorter
from zhiren.leave.events import LeaveApproved, LeaveCancelled, LeaveDeclined, LeaveShortened, LeaveWithdrawn
from zhiren.leave.models import Leave, LeaveDay
from zhiren.plumbing.models import one
from zhiren.timeline.services import record


@transaction.atomic
def approve(outcome: Outcome) -> None:
    """Let leave hold that was approved: its days are taken from the ledger, once."""
    leave = _lock(outcome.subject_id)
    if leave.state != Leave.State.REQUESTED:
        return
    days = list(leave.days.filter(holds=True).order_by("starts_at"))
    if leave.type.needs_balance:
        account = ledger.lock_account(leave.employment_id, leave.type_id, at=outcome.at)
        ledger.take(account, leave, days, at=outcome.at, by=outcome.by)
    _set(leave, Leave.State.APPROVED, outcome.at)
    record(LeaveApproved(**services.about(leave), at=outcome.at, by=outcome.by, intervals=_intervals(days)))


@transaction.atomic
def decline(outcome: Outcome) -> None:
    """Let go of the days of leave that was declined."""
    leave = _lock(outcome.subject_id)
    if leave.state == Leave.State.REQUESTED:
        _let_go(leave, Leave.State.DECLINED, outcome.at)
        record(LeaveDeclined(**services.about(leave), at=outcome.at, by=outcome.by))


@transaction.atomic
def note_withdrawn(outcome: Outcome) -> None:
    """Let go of the days of leave that was taken back."""
    _withdrawn(_lock(outcome.subject_id), at=outcome.at, by=outcome.by)


@transaction.atomic
def note_cancelled(outcome: Outcome) -> None:
    """Give back the days of approved leave that no longer holds."""
    _cancelled(_lock(outcome.subject_id), at=outcome.at, by=outcome.by)


@transaction.atomic
def withdraw_leave(*, actor: Actor, at: datetime, leave_id: UUID) -> Leave:
    """Take back a request that nobody has decided yet.

    Raises:
        NoLongerWaiting: it was decided meanwhile.
    """
    leave = _lock(queries.get_leave(actor, leave_id).pk)
    if leave.state != Leave.State.REQUESTED or leave.request_id is None:
        raise NoLongerWaiting(state=leave.get_state_display())
    approvals.withdraw_request(actor=actor, at=at, request_id=leave.request_id)
    _withdrawn(leave, at=at, by=actor.user_id)
    return leave


@transaction.atomic
def cancel_leave(*, actor: Actor, at: datetime, leave_id: UUID) -> Leave:
    """Take back approved leave. What has begun only HR takes back.

    Raises:
        NoLongerWaiting: it does not hold.
        BegunAlready: a day of it has begun, and the actor is not HR for this person.
    """
    leave = _changeable(actor, leave_id, at)
    if leave.request_id:
        approvals.cancel_request(actor=actor, at=at, request_id=leave.request_id)
    _cancelled(leave, at=at, by=actor.user_id)
    return leave


@transaction.atomic
def shorten_leave(*, actor: Actor, at: datetime, leave_id: UUID, to_on: date) -> Leave:
    """Let approved leave end earlier; the days after are given back. What has begun only HR gives back.

    Raises:
        NotShorter: the day is before the leave, or not before its end.
        NoLongerWaiting, BegunAlready: as for cancelling.
    """
    leave = _lock(queries.get_leave(actor, leave_id).pk)
    gone = list(leave.days.filter(holds=True, day__gt=to_on).order_by("starts_at"))
    stays = leave.days.filter(holds=True, day__lte=to_on).order_by("-day").first()
    if not gone or stays is None:
        raise NotShorter
    _changeable(actor, leave_id, at, from_moment=gone[0].starts_at)
    LeaveDay.objects.filter(pk__in=[day.pk for day in gone]).update(holds=False)
    leave.to_on, leave.minutes = stays.day, leave.minutes - sum(day.minutes for day in gone)
    leave.save(update_fields=["to_on", "minutes"])
    _give_back(leave, gone, at=at, by=actor.user_id)
    record(
        LeaveShortened(**services.about(leave), at=at, by=actor.user_id, to_on=leave.to_on, intervals=_intervals(gone))
    )
    return leave


@transaction.atomic
def end_with_employment(*, at: datetime, employment_id: UUID) -> None:
    """Take back what lies behind somebody's last day: requests that reach beyond it, and the days of approved leave."""
    actor = Actor.system("last day")
    employment = queries.get_employment(actor, employment_id)
    if employment.to_on is None:
        return
    beyond = LeaveDay.objects.filter(employment=employment, holds=True, day__gt=employment.to_on)
    for leave in Leave.objects.filter(pk__in=beyond.values("leave")).order_by("from_on"):
        if leave.state == Leave.State.REQUESTED:
            withdraw_leave(actor=actor, at=at, leave_id=leave.pk)
        elif leave.days.filter(holds=True, day__lte=employment.to_on).exists():
            shorten_leave(actor=actor, at=at, leave_id=leave.pk, to_on=employment.to_on)
        else:
            cancel_leave(actor=actor, at=at, leave_id=leave.pk)


def check_cancelling(actor: Actor, leave_id: UUID, at: datetime) -> None:
    """Refuse who may not take back approved leave, from whichever page they come: what has begun is HR's to take back.

    Raises:
        BegunAlready: as for cancelling.
    """
    _require_may_take_back(actor, _lock(queries.get_leave(actor, leave_id).pk), at)


def _changeable(actor: Actor, leave_id: UUID, at: datetime, *, from_moment: datetime | None = None) -> Leave:
    """Return approved leave whose days from a moment on, or all, the actor may take back."""
    leave = _lock(queries.get_leave(actor, leave_id).pk)
    if leave.state != Leave.State.APPROVED:
        raise NoLongerWaiting(state=leave.get_state_display())
    _require_may_take_back(actor, leave, at, from_moment=from_moment)
    return leave


def _require_may_take_back(actor: Actor, leave: Leave, at: datetime, *, from_moment: datetime | None = None) -> None:
    if _is_hr_for(actor, leave):
        return
    is_own = actor.user_id is not None and leave.employment.user_id == actor.user_id
    begun = leave.days.filter(holds=True, starts_at__lte=at)
    if not is_own or (begun.filter(ends_at__gt=from_moment) if from_moment else begun).exists():
        raise BegunAlready


def _is_hr_for(actor: Actor, leave: Leave) -> bool:
    if actor.is_system:
        return True
    return actor.user_id != leave.employment.user_id and queries.sees_reason(actor, leave)


def _withdrawn(leave: Leave, *, at: datetime, by: UUID | None) -> None:
    if leave.state == Leave.State.REQUESTED:
        _let_go(leave, Leave.State.WITHDRAWN, at)
        record(LeaveWithdrawn(**services.about(leave), at=at, by=by))


def _cancelled(leave: Leave, *, at: datetime, by: UUID | None) -> None:
    if leave.state == Leave.State.REQUESTED:  # cancelled before it was told of the approval
        _let_go(leave, Leave.State.CANCELLED, at)
    elif leave.state == Leave.State.APPROVED:
        days = list(leave.days.filter(holds=True).order_by("starts_at"))
        _let_go(leave, Leave.State.CANCELLED, at)
        _give_back(leave, days, at=at, by=by)
        record(LeaveCancelled(**services.about(leave), at=at, by=by, intervals=_intervals(days)))


def _lock(leave_id: UUID) -> Leave:
    """Return a leave, locked; its request is locked before it, in the order in which approvals tells of a decision."""
    request_id = Leave.objects.filter(pk=leave_id).values_list("request_id", flat=True).first()
    if request_id:
        approval_queries.hold_request(request_id)
    rows = Leave.objects.select_related("type", "employment").select_for_update(of=("self",))
    return one(rows, leave_id)


def _set(leave: Leave, state: Leave.State, at: datetime) -> None:
    leave.state, leave.decided_at = state, at
    leave.save(update_fields=["state", "decided_at"])


def _let_go(leave: Leave, state: Leave.State, at: datetime) -> None:
    leave.days.update(holds=False)
    _set(leave, state, at)


def _give_back(leave: Leave, days: Sequence[LeaveDay], *, at: datetime, by: UUID | None) -> None:
    if leave.type.needs_balance:
        account = ledger.lock_account(leave.employment_id, leave.type_id, at=at)
        ledger.give_back(account, leave, [day.day for day in days], at=at, by=by)


def _intervals(days: Iterable[LeaveDay]) -> tuple[tuple[datetime, datetime], ...]:
    return tuple((day.starts_at, day.ends_at) for day in days)
