"""Every write to requests. Another app asks with `submit_request`; what became of it, its kind's callbacks are told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from zhiren.approvals import definition as definitions
from zhiren.approvals import queries, rules
from zhiren.approvals.definition import Ask, StepPlan
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
from zhiren.approvals.events import (
    RequestApproved,
    RequestCancelled,
    RequestDeclined,
    RequestEvent,
    RequestSubmitted,
    RequestWithdrawn,
    StepAnswered,
    StepAsked,
    StepOverdue,
)
from zhiren.approvals.kinds import Cancelling, kinds
from zhiren.approvals.models import Approver, Policy, PolicyVersion, Request, Step
from zhiren.approvals.queries import Asking
from zhiren.approvals.snapshots import Envelope
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import Forbidden
from zhiren.people import employment_queries as people
from zhiren.timeline.services import record

_LONGEST_REASON = 1000


# Asking ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def submit_request(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    subject_id: UUID,
    values: Mapping[str, Any],
    employment_id: UUID | None = None,
    person_id: UUID | None = None,
    entity_id: UUID | None = None,
    department_id: UUID | None = None,
    parties: Sequence[UUID] = (),
) -> Request:
    """Ask for something: `subject_id` is the row of the app that asks, `values` (plain JSON) what it says, frozen here.

    `employment_id` is for whom it is asked: its manager, its HR are asked, the person's key seals the values. Where it
    is about no employment, the actor's own manager is asked, and `person_id`, `entity_id`, `department_id` may say whom
    and what place it is about (without them, the actor's department). Neither the person nor who sends it for them ever
    decides it. Whether the actor may ask for somebody is the calling app's to check. `parties` are users for whom it
    changes something as well: each must agree first, themselves, and none of them decides it after that.
    Where the policy asks nobody for these values, the request comes back approved.

    Raises:
        AskedAlready: the same subject is being decided.
        NobodyToAsk: some step finds nobody who may decide it.
    """
    user_id = actor.user_id
    if employment_id:
        employment = people.employment_by_id(employment_id)
        user_id, person_id = employment.user_id, employment.person_id
        entity_id, department_id = employment.entity_id, employment.department_id
    elif entity_id is None and user_id:
        entity_id, department_id = queries.place_of_user(user_id)
    request = Request(
        kind=kind,
        subject_id=subject_id,
        user_id=user_id,
        submitted_by_id=actor.user_id,
        employment_id=employment_id,
        person_id=person_id,
        entity_id=entity_id,
        department_id=department_id,
        policy=_policy_in_force(kind, entity_id, at),
        parties=list(parties),
        submitted_at=at,
    )
    return _send(request, values, actor)


@transaction.atomic
def cancel_request(*, actor: Actor, at: datetime, request_id: UUID, reason: str = "") -> Request:
    """Take back what was approved. Where the kind needs approval for that too, return the new request that asks for it.

    Who asked or sent it may do so, and HR.

    Raises:
        NotApproved: it is not approved, or not any more.
        CannotBeCancelled: the kind does not allow it.
        Refusal: the kind does not allow it to the actor, or not any more.
        AskedAlready: to take it back has been asked for already.
    """
    request = queries.lock_request(queries.requests_visible_to(actor, at), request_id)
    if not _is_own(request, actor) and not queries.requests_managed_by(actor).filter(pk=request.pk).exists():
        raise Forbidden
    if request.state != Request.State.APPROVED or request.cancels_id:
        raise NotApproved(state=request.get_state_display())
    cancelling = kinds[request.kind].cancelling
    if cancelling == Cancelling.NEVER:
        raise CannotBeCancelled
    kinds[request.kind].check_cancelling(actor, request.subject_id, at)
    if cancelling == Cancelling.FREELY or actor.is_system:
        _cancel(request, at=at, by=actor.user_id, reason=reason)
        return request
    asked = Request(
        kind=request.kind,
        subject_id=request.subject_id,
        user_id=request.user_id,
        submitted_by_id=actor.user_id,
        employment_id=request.employment_id,
        person_id=request.person_id,
        entity_id=request.entity_id,
        department_id=request.department_id,
        policy=request.policy,
        cancels=request,
        parties=request.parties,
        submitted_at=at,
    )
    return _send(asked, queries.values_of(request), actor, reason=reason)


@transaction.atomic
def withdraw_request(*, actor: Actor, at: datetime, request_id: UUID, reason: str = "") -> Request:
    """Take back what is not decided yet: who asked or sent it may.

    Raises:
        NoLongerOpen: it was decided meanwhile.
    """
    request = queries.lock_request(queries.requests_visible_to(actor, at), request_id)
    if not _is_own(request, actor) and not actor.is_system:
        raise Forbidden
    _require_open(request)
    Envelope(request.person_id).put_reason(request, _line(reason))
    _end(request, Request.State.WITHDRAWN, at)
    record(RequestWithdrawn(**_about(request), at=at, by=actor.user_id))
    return request


def _send(request: Request, values: Mapping[str, Any], actor: Actor, *, reason: str = "") -> Request:
    """Freeze a request, store it with the steps that apply, and ask the first."""
    envelope = Envelope(request.person_id)
    envelope.freeze(request, values)
    envelope.put_reason(request, _line(reason))
    steps = _steps_of(request, values)
    if not all(queries.asked_in(step, Asking.of(request), request.submitted_at) for step in steps):
        raise NobodyToAsk
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as error:
        raise AskedAlready from error
    Step.objects.bulk_create(steps)
    record(RequestSubmitted(**_about(request), at=request.submitted_at, by=actor.user_id, digest=_digest(request)))
    _go_on(request, at=request.submitted_at, by=actor.user_id)
    return request


def _steps_of(request: Request, values: Mapping[str, Any]) -> list[Step]:
    """Return the steps of a request: each party agrees for themselves, then come those of the policy that apply."""
    own = [StepPlan(ask=(Ask(who="user", user=party),)) for party in request.parties]
    plans = [*own, *queries.steps_for(queries.policy_of(request.policy), values)]
    return [
        Step(
            request=request,
            number=number,
            plan=plan.model_dump(mode="json", by_alias=True),
            is_personal=number <= len(own),
        )
        for number, plan in enumerate(plans, start=1)
    ]


def _policy_in_force(kind: str, entity_id: UUID | None, at: datetime) -> PolicyVersion:
    """Return the policy for a kind; what the kind brought along becomes a version the first time it is used."""
    found = queries.newest_version(kind, entity_id)
    if found is None:
        policy = Policy.objects.get_or_create(kind=kind, entity=None)[0]
        plain = definitions.plain(definitions.of_steps(kinds[kind].steps))
        found = PolicyVersion.objects.get_or_create(
            policy=policy, number=1, defaults={"definition": plain, "created_at": at}
        )[0]
    return found


# Deciding -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def decide_request(
    *,
    actor: Actor,
    at: datetime,
    request_id: UUID,
    approves: bool,
    reason: str = "",
    door: str = Approver.Door.PAGE,
    step_id: UUID | None = None,
) -> Request:
    """Say yes or no where the actor is asked now, for themselves and for everybody they stand in for.

    With `step_id` the answer counts for that step only: a link in an old mail decides nothing later.

    The row is locked: of two answers at once the second finds what the first has done.

    Raises:
        OwnRequest: it is the actor's own.
        NotAsked: it is not theirs to decide now.
        AnsweredAlready: it was answered before.
        NoLongerOpen: the request was decided, withdrawn or cancelled.
        ReasonMissing: a no without a reason.
        NobodyToAsk: yes, but nobody can be asked next.
    """
    request = queries.lock_request(queries.requests_visible_to(actor, at), request_id)
    if _is_own(request, actor):
        raise OwnRequest
    about = Q(step=step_id) if step_id else Q(step__request=request)
    asked = list(queries.open_asks(actor, at).filter(about, step__request=request).select_related("step"))
    if not asked:
        _refuse(request, actor, at, about)
    reason = _line(reason)
    if not approves and not reason:
        raise ReasonMissing
    envelope = Envelope(request.person_id)
    for approver in asked:
        approver.answer = Approver.Answer.APPROVED if approves else Approver.Answer.DECLINED
        approver.answered_at, approver.answered_by_id, approver.door = at, actor.user_id, Approver.Door(door)
        envelope.put_reason(approver, reason)
        approver.save(update_fields=["answer", "answered_at", "answered_by", "door", "reason_sealed"])
        record(
            StepAnswered(
                **_about(request),
                at=at,
                by=actor.user_id,
                step_id=approver.step_id,
                approver_id=approver.user_id,
                answer=approver.answer,
                door=approver.door,
            )
        )
    if _settle(asked[0].step, at):
        _go_on(request, at=at, by=actor.user_id)
    return request


def _refuse(request: Request, actor: Actor, at: datetime, about: Q) -> NoReturn:
    """Say why an actor cannot answer: somebody has, it is over, or they are not asked."""
    mine = Approver.objects.filter(queries.may_have_answered(actor, at), about, step__request=request)
    answered = Approver.objects.filter(step__in=mine.values("step"), answered_at__isnull=False)
    first = answered.select_related("answered_by").order_by("-answered_at").first()
    if first is not None and first.answered_by is not None:
        raise AnsweredAlready(name=first.answered_by.label, answer=first.get_answer_display())
    _require_open(request)
    raise NotAsked


def _settle(step: Step, at: datetime) -> bool:
    """Note what a step's answers come to; tell whether it is decided."""
    plan = definitions.StepPlan.model_validate(step.plan)
    answers = list(step.approvers.values_list("answer", flat=True))
    outcome = rules.verdict(plan.needs, answers)
    if outcome == "open":
        return False
    step.state, step.decided_at = Step.State(outcome), at
    step.save(update_fields=["state", "decided_at"])
    return True


def _go_on(request: Request, *, at: datetime, by: UUID | None) -> None:
    """After a step was decided, or none was asked yet: ask the next, or say what became of the request."""
    for step in request.steps.order_by("number"):
        if step.state == Step.State.DECLINED:
            _end(request, Request.State.DECLINED, at)
            record(RequestDeclined(**_about(request), at=at, by=by, digest=_digest(request)))
            return
        if step.state == Step.State.AHEAD:
            _ask(request, step, at)
            if not _settle(step, at):
                return
    _end(request, Request.State.APPROVED, at)
    record(RequestApproved(**_about(request), at=at, by=by, digest=_digest(request)))
    if request.cancels_id:
        cancelled = Request.objects.select_for_update().get(pk=request.cancels_id)
        _cancel(cancelled, at=at, by=by)


def _ask(request: Request, step: Step, at: datetime) -> None:
    """Ask those whom a step names now. Who has said yes to this request already is not asked again."""
    plan = StepPlan.model_validate(step.plan)
    user_ids = queries.asked_in(step, Asking.of(request), at)
    if not user_ids:
        raise NobodyToAsk
    step.state, step.asked_at = Step.State.ASKED, at
    if plan.within_days:
        step.due_at = queries.calendar_of(request).add_days(at, plan.within_days)
    step.save(update_fields=["state", "asked_at", "due_at"])
    agreed = {
        row.user_id: row.answered_by_id
        for row in Approver.objects.filter(step__request=request, answer=Approver.Answer.APPROVED)
    }
    rows = [Approver(step=step, user_id=user_id, asked_at=at) for user_id in user_ids]
    for row in rows:
        if row.user_id in agreed:
            row.answer, row.door = Approver.Answer.APPROVED, Approver.Door.BEFORE
            row.answered_at, row.answered_by_id = at, agreed[row.user_id]
    Approver.objects.bulk_create(rows)
    record(
        StepAsked(
            **_about(request),
            at=at,
            step_id=step.pk,
            number=step.number,
            approver_ids=tuple(row.user_id for row in rows if not row.answer),
        )
    )


def _end(request: Request, state: Request.State, at: datetime) -> None:
    request.state, request.decided_at = state, at
    request.save(update_fields=["state", "decided_at", "reason_sealed"])
    request.steps.filter(state__in=[Step.State.AHEAD, Step.State.ASKED]).update(state=Step.State.ENDED)


def _cancel(request: Request, *, at: datetime, by: UUID | None, reason: str = "") -> None:
    request.state, request.cancelled_at, request.cancelled_by_id = Request.State.CANCELLED, at, by
    if reason:
        Envelope(request.person_id).put_reason(request, _line(reason))
    request.save(update_fields=["state", "cancelled_at", "cancelled_by", "reason_sealed"])
    record(RequestCancelled(**_about(request), at=at, by=by))


def announce_overdue(at: datetime) -> int:
    """Say of every step that was not decided in its time that it is late, once; return how many."""
    late = Step.objects.filter(state=Step.State.ASKED, overdue_at__isnull=True, due_at__lte=at)
    count = 0
    for step_id in list(late.order_by("due_at").values_list("pk", flat=True)[:1000]):
        with transaction.atomic():
            step = late.select_for_update(of=("self",), skip_locked=True).select_related("request").filter(pk=step_id)
            for found in step:
                found.overdue_at = at
                found.save(update_fields=["overdue_at"])
                record(StepOverdue(**_about(found.request), at=at, step_id=found.pk, number=found.number))
                count += 1
    return count


def tell_kind(event: RequestEvent, *, state: str) -> None:
    """Tell the kind of a request what became of it, as long as it still stands so. The row is locked meanwhile."""
    request = Request.objects.select_for_update(of=("self",)).filter(pk=event.request_id, cancels__isnull=True).first()
    if request is None or request.state != state or queries.readable_request(request.pk) is None:
        return
    kind = kinds[request.kind]
    callback = {
        Request.State.APPROVED: kind.on_approved,
        Request.State.DECLINED: kind.on_declined,
        Request.State.WITHDRAWN: kind.on_withdrawn,
        Request.State.CANCELLED: kind.on_cancelled,
    }[Request.State(state)]
    callback(queries.outcome_of(request, at=event.at, by=event.by))


def _is_own(request: Request, actor: Actor) -> bool:
    return actor.user_id is not None and actor.user_id in Asking.of(request).askers


def _require_open(request: Request) -> None:
    if not request.is_pending:
        raise NoLongerOpen(state=request.get_state_display())


def _about(request: Request) -> dict[str, Any]:
    return {
        "person_id": request.person_id,
        "request_id": request.pk,
        "kind": request.kind,
        "subject_id": request.subject_id,
        "cancels_id": request.cancels_id,
    }


def _digest(request: Request) -> str:
    return bytes(request.digest).hex()


def _line(text: str) -> str:
    return text.strip()[:_LONGEST_REASON]
