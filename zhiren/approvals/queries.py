"""Read requests, what waits for whom, and who would be asked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhiren.access.models import Role, RoleGrant, User
from zhiren.approvals import definition as definitions
from zhiren.approvals import permissions, rules
from zhiren.approvals.definition import Ask, StepPlan
from zhiren.approvals.kinds import Outcome
from zhiren.approvals.models import Approver, Delegation, Policy, PolicyVersion, Request, Step
from zhiren.approvals.snapshots import Envelope
from zhiren.kernel.actors import Actor
from zhiren.kernel.businesstime import WorkCalendar
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


def my_requests(actor: Actor) -> QuerySet[Request]:
    """Return what the actor has asked for, or sent for somebody."""
    return Request.objects.filter(own(actor)).select_related("user", "submitted_by", "person", "entity")


def requests_of(kind: str, subject_ids: Iterable[UUID]) -> dict[UUID, Request]:
    """Return the newest request for each of these subjects, whoever asks: for the app whose they are."""
    rows = Request.objects.filter(kind=kind, subject_id__in=list(subject_ids), cancels__isnull=True)
    return {row.subject_id: row for row in rows.order_by("submitted_at", "id")}


def lock_request(rows: QuerySet[Request], request_id: UUID) -> Request:
    """Return one of these requests with its row locked until the transaction ends; NotFound otherwise."""
    found = one(rows, request_id)
    return Request.objects.select_for_update(of=("self",)).select_related("user", "submitted_by").get(pk=found.pk)


def values_of(request: Request) -> dict[str, Any]:
    """Return what a request asks for. PersonErased when the person's key was destroyed."""
    return Envelope(request.person_id).values(request)


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


def _may_answer(actor: Actor, at: datetime) -> Q:
    """Return the condition for what one is asked, stands in for this once, or decides for a while for somebody."""
    if actor.user_id is None:
        return Q(pk__in=[])
    condition = Q(user=actor.user_id) | Q(stand_ins__contains=[actor.user_id])
    for delegation in delegations_to(actor.user_id, at):
        theirs = Q(user=delegation.from_user_id, answer="")
        condition |= theirs & Q(step__request__kind__in=delegation.kinds) if delegation.kinds else theirs
    return condition


def may_have_answered(actor: Actor, at: datetime) -> Q:
    """Return the condition for the answers that are, or were, the actor's to give."""
    return _may_answer(actor, at) | (Q(answered_by=actor.user_id) if actor.user_id else Q(pk__in=[]))


def delegations_to(user_id: UUID, at: datetime) -> QuerySet[Delegation]:
    """Return for whom a user decides at a moment."""
    return Delegation.objects.filter(
        to_user=user_id, starts_at__lte=at, ends_at__gt=at, from_user__is_active=True
    ).select_related("from_user")


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


def policies(kind: str) -> QuerySet[Policy]:
    """Return the policies of a kind: the company's first, then those of single entities."""
    return Policy.objects.filter(kind=kind).select_related("entity").order_by("entity__name")


# Who is asked ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asking:
    """Who asks for something, and where: what the people to be asked are found from."""

    user_id: UUID | None
    submitted_by_id: UUID | None
    employment_id: UUID | None = None
    entity_id: UUID | None = None
    department_id: UUID | None = None

    @classmethod
    def of(cls, request: Request) -> "Asking":
        """Return who asks in a request."""
        return cls(
            user_id=request.user_id,
            submitted_by_id=request.submitted_by_id,
            employment_id=request.employment_id,
            entity_id=request.entity_id,
            department_id=request.department_id,
        )

    @property
    def barred(self) -> frozenset[UUID]:
        """Those who never decide it: it is their own."""
        return frozenset(one for one in (self.user_id, self.submitted_by_id) if one)


def steps_for(policy: definitions.Policy, values: Mapping[str, Any]) -> list[StepPlan]:
    """Return the steps of a policy that apply to what is asked for."""
    return [
        plan
        for plan in policy.steps
        if rules.applies(((test.field, test.comparison, test.than) for test in plan.when), values)
    ]


def approvers_of(plan: StepPlan, asking: Asking) -> list[UUID]:
    """Return the active users a step asks. Where that would be nobody but those whose own it is, it goes up.

    Up means: the managers above, then HR of the entity, then HR of the whole company. Empty if even that is nobody.
    """
    found: dict[UUID, None] = {}
    for ask in plan.ask:
        found.update(dict.fromkeys(rules.able([_named(ask, asking)], barred=asking.barred)))
    if found:
        return list(found)
    named = [user for ask in plan.ask for user in _named(ask, asking)]
    above = managers_above(named[0]) if named else _managers(asking)
    hr = Role.HR_MANAGER
    groups = [
        *([user] for user in above),
        _holders(hr, asking.entity_id, asking.department_id),
        _holders(hr, None, None),
    ]
    return rules.able(groups, barred=asking.barred)


def _named(ask: Ask, asking: Asking) -> Sequence[UUID]:
    """Return whom one entry of a step means, the requester included where it means them."""
    if ask.who == "user":
        return _active([ask.user] if ask.user else [])
    if ask.who in {"hr", "role"}:
        role = Role.HR_MANAGER if ask.who == "hr" else ask.role
        return _holders(role, asking.entity_id, asking.department_id)
    line = _managers(asking)
    # At the top of the line the highest there is stands in for whom there is not.
    return line[:1] if ask.who == "manager" else line[1:2] or line[:1]


def _managers(asking: Asking) -> list[UUID]:
    """Return the line of managers above whom it is asked for: the employment's, else the user's."""
    if asking.employment_id:
        line = [above.user_id for above in people.managers_above(asking.employment_id) if above.user_id]
        if line:
            return _active(line)
    return managers_above(asking.user_id) if asking.user_id else []


def managers_above(user_id: UUID) -> list[UUID]:
    """Return the active managers above a user: the nearest first, up to the top."""
    line: list[UUID] = []
    current: UUID | None = user_id
    while current is not None and len(line) < _LONGEST_LINE:
        row = User.objects.filter(pk=current).values_list("manager_id", "manager__is_active").first()
        current = row[0] if row else None
        if current is None or current in line or current == user_id:
            break
        if row and row[1]:
            line.append(current)
    return line


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
    known = set(User.objects.filter(pk__in=user_ids, is_active=True).values_list("pk", flat=True))
    return [user_id for user_id in user_ids if user_id in known]


def calendar_of(request: Request) -> WorkCalendar:
    """Return the calendar by which a request's days count: the entity's, else the company's."""
    place = request.entity or org.company()
    return WorkCalendar.for_region(place.region, zone=place.zone)
