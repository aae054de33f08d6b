"""Read requests, what waits for whom, and who would be asked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from zhiren.access.models import Role, RoleGrant, User
from zhiren.approvals import definition as definitions
from zhiren.approvals import permissions, rules
from zhiren.approvals.definition import Ask, StepPlan
from zhiren.approvals.kinds import Outcome
from zhiren.approvals.models import Approver, Delegation, PolicyVersion, Request, Step
from zhiren.approvals.snapshots import Envelope, envelopes_of
from zhiren.kernel.actors import Actor
from zhiren.kernel.businesstime import WorkCalendar
from zhiren.kernel.refusals import NotFound
from zhiren.org import queries as org
from zhiren.people import employment_queries as people
from zhiren.plumbing.models import one
from zhiren.plumbing.permissions import within

# A line of managers is followed so far; nobody has twenty above them, so a longer one is a circle.
_LONGEST_LINE = 20


# Requests -------------------------------------------------------------------------------------------------------------


def own(actor: Actor) -> Q:
    """Return the condition for the requests that are the actor's own: they asked, or sent it for somebody."""
    if actor.user_id is None:
        return Q(pk__in=[])
    return Q(user=actor.user_id) | Q(submitted_by=actor.user_id)


def requests_visible_to(actor: Actor, at: datetime) -> QuerySet[Request]:
    """Return the requests an actor may see: their own, those they are or were asked about, those HR reaches."""
    reach = actor.reach(permissions.VIEW)
    rows = Request.objects.select_related("user", "submitted_by", "person", "entity")
    if reach.everything:
        return rows
    asked = Approver.objects.filter(may_have_answered(actor, at), step__request=OuterRef("pk"))
    return rows.filter(own(actor) | Exists(asked) | within(reach, own=Q(pk__in=[])))


def get_request(actor: Actor, request_id: UUID, at: datetime) -> Request:
    """Return one request; NotFound if there is none, or it is not this actor's to see."""
    return one(requests_visible_to(actor, at), request_id)


def requests_managed_by(actor: Actor) -> QuerySet[Request]:
    """Return the requests for which this actor may name stand-ins, and which they may have taken back."""
    return Request.objects.filter(within(actor.reach(permissions.MANAGE), own=Q(pk__in=[])))


def request_of_step(actor: Actor, step_id: UUID, at: datetime) -> Request:
    """Return the request that a step belongs to; NotFound if it is not this actor's to see."""
    found = requests_visible_to(actor, at).filter(steps=step_id).first()
    if found is None:
        raise NotFound
    return found


def my_requests(actor: Actor) -> QuerySet[Request]:
    """Return what the actor has asked for, or sent for somebody."""
    return Request.objects.filter(own(actor)).select_related("user", "submitted_by", "person", "entity")


def requests_of(kind: str, subject_ids: Iterable[UUID]) -> dict[UUID, Request]:
    """Return the newest request for each of these subjects, whoever asks: for the app whose they are."""
    rows = Request.objects.filter(kind=kind, subject_id__in=list(subject_ids), cancels__isnull=True)
    return {row.subject_id: row for row in rows.order_by("submitted_at", "id")}


def approved_by(kind: str, subject_id: UUID) -> list[str]:
    """Return the names of those who approved a subject's newest request, but for its parties: for the app whose it is.

    Whoever stood in for somebody is named. Empty where it is not approved, or the policy asked nobody.
    """
    request = requests_of(kind, [subject_id]).get(subject_id)
    if request is None or request.state != Request.State.APPROVED:
        return []
    said = Approver.objects.filter(step__request=request, step__is_personal=False, answer=Approver.Answer.APPROVED)
    rows = said.select_related("answered_by").order_by("step__number", "answered_at")
    return list(dict.fromkeys(row.answered_by.label for row in rows if row.answered_by))


def lock_request(rows: QuerySet[Request], request_id: UUID) -> Request:
    """Return one of these requests with its row locked until the transaction ends; NotFound otherwise."""
    found = one(rows, request_id)
    return Request.objects.select_for_update(of=("self",)).select_related("user", "submitted_by").get(pk=found.pk)


def hold_request(request_id: UUID) -> None:
    """Lock a request until the transaction ends: for apps that go on to change their own row, as its callbacks do."""
    Request.objects.select_for_update(of=("self",)).filter(pk=request_id).first()


def readable_request(request_id: UUID) -> Request | None:
    """Return a request whose words can still be read, whoever asks: for handlers and letters. None if they cannot."""
    rows = Request.objects.select_related("user", "submitted_by", "person", "entity")
    return rows.filter(Q(person=None) | Q(person__erased_at=None), pk=request_id).first()


def readable_request_of_step(step_id: UUID) -> Request | None:
    """Return the request a step belongs to, if its words can still be read, whoever asks."""
    request_id = Step.objects.filter(pk=step_id).values_list("request_id", flat=True).first()
    return readable_request(request_id) if request_id else None


def steps_of(request: Request) -> QuerySet[Step]:
    """Return a request's steps in order, with who was asked and what they said."""
    approvers = Approver.objects.select_related("user", "answered_by").order_by("user__name", "id")
    return request.steps.order_by("number").prefetch_related(Prefetch("approvers", approvers))


def steps_now(requests: Iterable[Request]) -> dict[UUID, Step]:
    """Return the step that each of these requests is in, with who is asked."""
    approvers = Approver.objects.select_related("user").order_by("user__name", "id")
    rows = Step.objects.filter(request__in=[request.pk for request in requests], state=Step.State.ASKED)
    return {step.request_id: step for step in rows.prefetch_related(Prefetch("approvers", approvers))}


def values_of(request: Request) -> dict[str, Any]:
    """Return what a request asks for. PersonErased when the person's key was destroyed."""
    return Envelope(request.person_id).values(request)


def reason_of_decision(request: Request) -> str:
    """Return why a request was declined, or taken back; empty if nobody said, or it was erased."""
    rows = Approver.objects.filter(step__request=request, answer=Approver.Answer.DECLINED)
    envelope = envelopes_of([request]).get(request.pk)
    said: Approver | Request = rows.order_by("answered_at").first() or request
    return envelope.reason(said) if envelope else ""


def outcome_of(request: Request, *, at: datetime, by: UUID | None) -> Outcome:
    """Return what a kind's callback is told."""
    return Outcome(
        request_id=request.pk,
        subject_id=request.subject_id,
        values=values_of(request),
        person_id=request.person_id,
        user_id=request.user_id,
        at=at,
        by=by,
    )


# What waits for whom --------------------------------------------------------------------------------------------------


def waiting_for(actor: Actor, at: datetime) -> QuerySet[Request]:
    """Return the requests that the actor is to decide now, themselves or standing in for somebody."""
    if actor.user_id is None:
        return Request.objects.none()
    asked = open_asks(actor, at).filter(step__request=OuterRef("pk"))
    rows = Request.objects.filter(Exists(asked), state=Request.State.PENDING).exclude(own(actor))
    return rows.select_related("user", "submitted_by", "person", "entity")


def open_asks(actor: Actor, at: datetime) -> QuerySet[Approver]:
    """Return the answers that are still missing and that the actor may give."""
    return Approver.objects.filter(_may_answer(actor, at), answer="", step__state=Step.State.ASKED)


def missing_answers(request: Request) -> QuerySet[Approver]:
    """Return who is asked now and has not answered, whoever looks; locked with the request by who writes."""
    return Approver.objects.filter(step__request=request, step__state=Step.State.ASKED, answer="").order_by("id")


def asks_a_party(request: Request) -> bool:
    """Tell whether a request waits for the consent of somebody whom it concerns, which nobody gives for them."""
    return Step.objects.filter(request=request, state=Step.State.ASKED, is_personal=True).exists()


def askable(request: Request, at: datetime) -> list[UUID]:
    """Return every active user who may answer a request now: those asked, and who stands in for them."""
    missing = list(missing_answers(request).select_related("step"))
    of_others = [approver.user_id for approver in missing if not approver.step.is_personal]
    delegates = delegates_of(of_others, request.kind, at)
    found: dict[UUID, None] = {}
    for approver in missing:
        found |= dict.fromkeys([approver.user_id, *approver.stand_ins, *delegates.get(approver.user_id, [])])
    is_personal = any(approver.step.is_personal for approver in missing)
    barred = Asking.of(request).askers if is_personal else Asking.of(request).barred
    return [user for user in _active(list(found)) if user not in barred]


def _may_answer(actor: Actor, at: datetime) -> Q:
    """Return the condition for what one is asked, stands in for this once, or decides for a while for somebody.

    A party to a request answers the step that asks for their own consent, and no other; nobody else answers that.
    """
    if actor.user_id is None:
        return Q(pk__in=[])
    given = Delegation.objects.filter(
        Q(kinds=[]) | Q(kinds__contains=[OuterRef("step__request__kind")]),
        from_user=OuterRef("user"),
        to_user=actor.user_id,
        starts_at__lte=at,
        ends_at__gt=at,
    )
    standing_in = Q(stand_ins__contains=[actor.user_id]) | Q(Exists(given), answer="")
    is_party = Q(step__request__parties__contains=[actor.user_id])
    return Q(user=actor.user_id, step__is_personal=True) | (
        Q(step__is_personal=False) & ~is_party & (Q(user=actor.user_id) | standing_in)
    )


def may_have_answered(actor: Actor, at: datetime) -> Q:
    """Return the condition for the answers that are, or were, the actor's to give."""
    return _may_answer(actor, at) | (Q(answered_by=actor.user_id) if actor.user_id else Q(pk__in=[]))


def delegates_of(user_ids: Collection[UUID], kind: str, at: datetime) -> dict[UUID, list[UUID]]:
    """Return who decides for each of these users at a moment."""
    found: dict[UUID, list[UUID]] = {}
    rows = Delegation.objects.filter(
        Q(kinds=[]) | Q(kinds__contains=[kind]),
        from_user__in=user_ids,
        starts_at__lte=at,
        ends_at__gt=at,
        to_user__is_active=True,
    )
    for delegation in rows.order_by("starts_at", "id"):
        found.setdefault(delegation.from_user_id, []).append(delegation.to_user_id)
    return found


def delegations_of(actor: Actor, at: datetime) -> QuerySet[Delegation]:
    """Return the delegations that hold or will hold: the actor's, either way, and for those who manage them all."""
    rows = Delegation.objects.filter(ends_at__gt=at).select_related("from_user", "to_user").order_by("starts_at", "id")
    given = Q(from_user__in=users_stood_in_for_by(actor))
    return rows.filter(given | Q(to_user=actor.user_id) if actor.user_id else given)


def users_stood_in_for_by(actor: Actor) -> QuerySet[User]:
    """Return for whom an actor may name stand-ins: for themselves, and HR for those whom they reach."""
    own = Q(pk=actor.user_id) if actor.user_id else Q(pk__in=[])
    managed = within(actor.reach(permissions.MANAGE), own=own, department="department", entity="department__entity")
    return User.objects.filter(own | managed)


# Policies -------------------------------------------------------------------------------------------------------------


def newest_version(kind: str, entity_id: UUID | None) -> PolicyVersion | None:
    """Return the policy in force for a kind in an entity: its own, else the company's; None before there is any."""
    rows = PolicyVersion.objects.filter(policy__kind=kind).select_related("policy").order_by("-number")
    for where in (entity_id, None) if entity_id else (None,):
        found = rows.filter(policy__entity=where).first()
        if found is not None and found.definition is not None:
            return found
    return None


def policy_of(version: PolicyVersion) -> definitions.Policy:
    """Return the definition that a version holds."""
    return definitions.read(version.definition)


def own_version(kind: str, entity_id: UUID | None) -> PolicyVersion | None:
    """Return the policy an entity (without: the company) has of its own; None where it follows another."""
    newest = versions_of(kind, entity_id).first()
    return newest if newest is not None and newest.definition is not None else None


def versions_of(kind: str, entity_id: UUID | None) -> QuerySet[PolicyVersion]:
    """Return the versions of one policy, the newest first, with who wrote them."""
    rows = PolicyVersion.objects.filter(policy__kind=kind, policy__entity=entity_id)
    return rows.select_related("by", "policy__entity").order_by("-number")


def entities_with_own(kind: str) -> list[PolicyVersion]:
    """Return the policies that single entities have of their own, by the entity's name."""
    newest = PolicyVersion.objects.filter(policy=OuterRef("policy")).order_by("-number").values("pk")[:1]
    rows = PolicyVersion.objects.filter(policy__kind=kind, policy__entity__isnull=False, pk=Subquery(newest))
    return list(rows.exclude(definition=None).select_related("policy__entity").order_by("policy__entity__name"))


# Who is asked ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asking:
    """Who asks for something, and where: what the people to be asked are found from."""

    user_id: UUID | None
    submitted_by_id: UUID | None
    employment_id: UUID | None = None
    entity_id: UUID | None = None
    department_id: UUID | None = None
    parties: tuple[UUID, ...] = ()

    @classmethod
    def of(cls, request: Request) -> "Asking":
        """Return who asks in a request."""
        return cls(
            user_id=request.user_id,
            submitted_by_id=request.submitted_by_id,
            employment_id=request.employment_id,
            entity_id=request.entity_id,
            department_id=request.department_id,
            parties=tuple(request.parties),
        )

    @property
    def askers(self) -> frozenset[UUID]:
        """Those who asked, or sent it for somebody."""
        return frozenset(one for one in (self.user_id, self.submitted_by_id) if one)

    @property
    def barred(self) -> frozenset[UUID]:
        """Those who never decide it: it is their own, or changes something for them."""
        return self.askers.union(self.parties)


def asking_of_user(user_id: UUID, at: datetime) -> Asking:
    """Return how a user would ask today: by their employment, else in their department."""
    employment = people.employment_of_user(user_id, on=day_of(at))
    if employment:
        return Asking(user_id, user_id, employment.pk, employment.entity_id, employment.department_id)
    return Asking(user_id, user_id, None, *place_of_user(user_id))


def place_of_user(user_id: UUID) -> tuple[UUID | None, UUID | None]:
    """Return the entity and the department a user belongs to."""
    user = User.objects.select_related("department").filter(pk=user_id).first()
    return (user.department.entity_id, user.department_id) if user and user.department else (None, None)


def steps_for(policy: definitions.Policy, values: Mapping[str, Any]) -> list[StepPlan]:
    """Return the steps of a policy that apply to what is asked for."""
    return [
        plan
        for plan in policy.steps
        if rules.applies(((test.field, test.comparison, test.than) for test in plan.when), values)
    ]


def asked_in(step: Step, asking: Asking, at: datetime) -> list[UUID]:
    """Return the active users a step asks when its turn comes: of a personal one the party, else see `approvers_of`."""
    plan = StepPlan.model_validate(step.plan)
    return _active([ask.user for ask in plan.ask if ask.user]) if step.is_personal else approvers_of(plan, asking, at)


def approvers_of(plan: StepPlan, asking: Asking, at: datetime) -> list[UUID]:
    """Return the active users a step asks. Where that would be nobody but those whose own it is, it goes up.

    Up means: the managers above whom it names, then HR of the entity, then HR of the whole company. Empty if even that
    is nobody.
    """
    named = {user: None for ask in plan.ask for user in _named(ask, asking, at)}
    above = managers_above(next(iter(named)), at) if named else []
    hr = _holders(Role.HR_MANAGER, asking.entity_id, asking.department_id)
    groups = [list(named), *([user] for user in above), hr, _holders(Role.HR_MANAGER, None, None)]
    return rules.able(groups, barred=asking.barred)


def higher_than(approver: Approver, asking: Asking, at: datetime) -> list[UUID]:
    """Return who may answer in place of one who does not: the next above them who is not asked yet, else HR."""
    others = Approver.objects.filter(step=approver.step_id).values_list("user_id", "stand_ins")
    barred = asking.barred.union(*({user_id, *stand_ins} for user_id, stand_ins in others))
    groups = [[user] for user in managers_above(approver.user_id, at)]
    return rules.able([*groups, _holders(Role.HR_MANAGER, asking.entity_id, asking.department_id)], barred=barred)


def _named(ask: Ask, asking: Asking, at: datetime) -> Sequence[UUID]:
    """Return whom one entry of a step means, the requester included where it means them."""
    if ask.who == "user":
        return _active([ask.user] if ask.user else [])
    if ask.who in {"hr", "role"}:
        role = Role.HR_MANAGER if ask.who == "hr" else ask.role
        return _holders(role, asking.entity_id, asking.department_id)
    line = _managers(asking, at)
    # At the top of the line the highest there is stands in for whom there is not.
    return line[:1] if ask.who == "manager" else line[1:2] or line[:1]


def _managers(asking: Asking, at: datetime) -> list[UUID]:
    """Return the line of managers above whom it is asked for."""
    found = _line_of(asking.employment_id) if asking.employment_id else []
    return found or (managers_above(asking.user_id, at) if asking.user_id else [])


def managers_above(user_id: UUID, at: datetime) -> list[UUID]:
    """Return the active managers above a user, the nearest first: by their employment, else as their user says."""
    employment = people.employment_of_user(user_id, on=day_of(at))
    found = _line_of(employment.pk) if employment else []
    return found or _active(_line_of_user(user_id))


def day_of(at: datetime) -> date:
    """Return the day it is in the company."""
    return at.astimezone(ZoneInfo(org.company().zone)).date()


def _line_of(employment_id: UUID) -> list[UUID]:
    return _active([above.user_id for above in people.managers_above(employment_id) if above.user_id])


def _line_of_user(user_id: UUID) -> list[UUID]:
    line = [user_id]
    while len(line) <= _LONGEST_LINE:
        above = User.objects.filter(pk=line[-1]).values_list("manager_id", flat=True).first()
        if above is None or above in line:
            break
        line.append(above)
    return line[1:]


def _holders(role: str, entity_id: UUID | None, department_id: UUID | None) -> list[UUID]:
    """Return the active users who have a role for a place; for no place, those who have it everywhere."""
    everywhere = Q(scope="all")
    here = everywhere | (Q(scope="entity", entity=entity_id) if entity_id else Q(pk__in=[]))
    grants = RoleGrant.objects.filter(role=role, user__is_active=True)
    found = list(grants.filter(here).order_by("user__name", "user_id").values_list("user_id", flat=True))
    if department_id:
        rows = list(grants.filter(scope="department").order_by("user__name").values_list("user_id", "department_id"))
        trees = org.departments_below([department for _user, department in rows if department])
        found += [user for user, department in rows if department and department_id in trees[department]]
    return list(dict.fromkeys(found))


def _active(user_ids: Sequence[UUID]) -> list[UUID]:
    known = active_users(user_ids)
    return [user_id for user_id in user_ids if user_id in known]


def active_users(user_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these users who still have access."""
    return set(User.objects.filter(pk__in=list(user_ids), is_active=True).values_list("pk", flat=True))


def calendar_of(request: Request) -> WorkCalendar:
    """Return the calendar by which a request's days count: the entity's, else the company's."""
    place = request.entity or org.company()
    return WorkCalendar.for_region(place.region, zone=place.zone)
