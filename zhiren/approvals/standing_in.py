"""Every write to who may decide in place of somebody: for a while, or this once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from zhiren.access import queries as access
from zhiren.approvals import queries
from zhiren.approvals.errors import DelegationImpossible, NoLongerOpen, OwnRequest, TheirsAlone
from zhiren.approvals.events import DelegationEnded, DelegationGiven, StandInAdded
from zhiren.approvals.kinds import kinds
from zhiren.approvals.models import Approver, Delegation, Request, Step
from zhiren.approvals.queries import Asking
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import Forbidden, NotFound
from zhiren.plumbing.models import one
from zhiren.timeline.services import record

_LONGEST_REASON = 200


@transaction.atomic
def give_delegation(
    *,
    actor: Actor,
    at: datetime,
    to_user_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    from_user_id: UUID | None = None,
    kind_codes: Sequence[str] = (),
    reason: str = "",
) -> Delegation:
    """Let a colleague decide what the actor is asked, from one moment to another; all kinds unless some are named.

    HR may name somebody else's stand-in (`from_user_id`). Who got it cannot hand it on: they decide what the one who
    gave it is asked, not what they decide for others. Their own requests never become theirs to decide.

    Raises:
        DelegationImpossible: it ends before it begins or has ended already, or names oneself or nobody.
    """
    from_user_id = from_user_id or actor.user_id
    if from_user_id is None or not queries.users_stood_in_for_by(actor).filter(pk=from_user_id).exists():
        raise Forbidden
    known = queries.active_users([from_user_id, to_user_id])
    if len(known) < 2 or ends_at <= max(starts_at, at):  # oneself and oneself are one
        raise DelegationImpossible
    if any(code not in kinds for code in kind_codes):
        raise DelegationImpossible
    delegation = Delegation.objects.create(
        from_user_id=from_user_id,
        to_user_id=to_user_id,
        kinds=sorted(set(kind_codes)),
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason.strip()[:_LONGEST_REASON],
        created_at=at,
        created_by_id=actor.user_id,
    )
    record(DelegationGiven(at=at, by=actor.user_id, **_about(delegation)))
    return delegation


@transaction.atomic
def end_delegation(*, actor: Actor, at: datetime, delegation_id: UUID) -> None:
    """End a delegation now; one that has not begun is as if it had never been. Whoever gave it may, and HR."""
    mine = Q(from_user__in=queries.users_stood_in_for_by(actor))
    delegation = one(Delegation.objects.select_for_update(of=("self",)).filter(mine), delegation_id)
    if delegation.ends_at <= at:
        return
    record(DelegationEnded(at=at, by=actor.user_id, **_about(delegation)))
    if delegation.starts_at >= at:
        delegation.delete()
        return
    delegation.ends_at = at
    delegation.save(update_fields=["ends_at"])


@transaction.atomic
def name_stand_in(*, actor: Actor, at: datetime, request_id: UUID, user_id: UUID) -> Request:
    """Let another colleague decide a request, in place of whoever is asked and has not answered: for HR.

    Raises:
        NoLongerOpen: nobody is asked any more.
        OwnRequest: it is the colleague's own.
        TheirsAlone: somebody is asked for their own consent.
        NotFound: there is no such colleague.
    """
    request = queries.lock_request(queries.requests_managed_by(actor), request_id)
    if user_id in Asking.of(request).barred:
        raise OwnRequest
    if not access.colleagues(actor).filter(pk=user_id).exists():
        raise NotFound
    missing = list(queries.missing_answers(request).select_related("step", "user"))
    if not missing:
        raise NoLongerOpen(state=request.get_state_display())
    if missing[0].step.is_personal:
        raise TheirsAlone(name=missing[0].user.label)
    for approver in missing:
        if user_id != approver.user_id and user_id not in approver.stand_ins:
            _add(request, approver, user_id, at=at, by=actor.user_id)
    return request


@transaction.atomic
def ask_higher(*, at: datetime, step_id: UUID) -> list[UUID]:
    """Let whoever stands above those who have not answered a step decide in their place; return whom.

    Each time it goes one higher. Nobody is decided past: who was asked first may still answer. Empty once the step is
    decided.
    """
    request = Request.objects.select_for_update(of=("self",)).filter(steps=step_id).first()
    if request is None:
        return []
    missing = queries.missing_answers(request).filter(step=step_id, step__is_personal=False)
    return list(dict.fromkeys(user for approver in missing for user in _raise(request, approver, at)))


@transaction.atomic
def stand_in_for_who_left(*, at: datetime, user_id: UUID) -> int:
    """Let whoever stands above a user who left decide what they were still asked; return how much that was."""
    rows = Approver.objects.filter(user=user_id, answer="", step__state=Step.State.ASKED, step__is_personal=False)
    count = 0
    for approver in rows.select_related("step__request"):
        request = Request.objects.select_for_update(of=("self",)).get(pk=approver.step.request_id)
        approver.refresh_from_db()  # somebody may have answered, or been named, before the row was locked
        if approver.answer or not request.is_pending or not _raise(request, approver, at):
            continue
        count += 1
    Delegation.objects.filter(Q(from_user=user_id) | Q(to_user=user_id), ends_at__gt=at, starts_at__lt=at).update(
        ends_at=at
    )
    return count


def _raise(request: Request, approver: Approver, at: datetime) -> list[UUID]:
    higher = queries.higher_than(approver, Asking.of(request), at)
    for user_id in higher:
        _add(request, approver, user_id, at=at, by=None)
    return higher


def _add(request: Request, approver: Approver, user_id: UUID, *, at: datetime, by: UUID | None) -> None:
    approver.stand_ins = [*approver.stand_ins, user_id]
    approver.save(update_fields=["stand_ins"])
    record(
        StandInAdded(
            person_id=request.person_id,
            at=at,
            by=by,
            request_id=request.pk,
            kind=request.kind,
            subject_id=request.subject_id,
            cancels_id=request.cancels_id,
            step_id=approver.step_id,
            approver_id=approver.user_id,
            stand_in_id=user_id,
        )
    )


def _about(delegation: Delegation) -> dict[str, UUID]:
    return {
        "delegation_id": delegation.pk,
        "from_user_id": delegation.from_user_id,
        "to_user_id": delegation.to_user_id,
    }
