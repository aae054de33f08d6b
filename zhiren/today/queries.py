"""Every read of follow-ups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from zhiren.kernel.actors import Actor
from zhiren.kernel.businesstime import WorkCalendar
from zhiren.org import queries as org
from zhiren.people import queries as people
from zhiren.plumbing.models import one
from zhiren.plumbing.permissions import within
from zhiren.recruiting import queries as recruiting
from zhiren.timeline import queries as timeline
from zhiren.today import permissions
from zhiren.today.models import FollowUp
from zhiren.today.rules import Fact

_OPEN = [FollowUp.State.OPEN, FollowUp.State.SNOOZED]


def follow_ups_visible_to(actor: Actor) -> QuerySet[FollowUp]:
    """Return one's own follow-ups, and those for the openings within one's reach when one leads a team."""
    team = within(
        actor.reach(permissions.VIEW_TEAM),
        own=Q(),
        department="application__opening__department",
        entity="application__opening__entity",
    )
    own = Q(owner_id=actor.user_id) if actor.may(permissions.USE) and actor.user_id else Q(pk__in=[])
    rows = FollowUp.objects.filter(own | team) if team else FollowUp.objects.all()
    return rows.filter(person__erased_at__isnull=True)


def get_follow_up(actor: Actor, follow_up_id: UUID) -> FollowUp:
    """Return one follow-up with person, owner, opening and stage; NotFound if it is not there for this actor."""
    return one(_shown(follow_ups_visible_to(actor)), follow_up_id)


def lock_follow_up(actor: Actor, follow_up_id: UUID) -> FollowUp:
    """Return one follow-up, locked until the transaction ends."""
    rows = _shown(FollowUp.objects.select_for_update(of=("self",)))
    return one(rows.filter(pk__in=follow_ups_visible_to(actor).values("pk")), follow_up_id)


def waiting(actor: Actor, at: datetime, *, team: bool = False) -> QuerySet[FollowUp]:
    """Return who is to be contacted at `at`: one's own, or the whole team's; page by `rank_at`, `id`."""
    rows = follow_ups_visible_to(actor) if team else FollowUp.objects.filter(
        owner_id=actor.user_id, person__erased_at__isnull=True
    )
    awake = Q(state=FollowUp.State.OPEN) | Q(state=FollowUp.State.SNOOZED, snoozed_until__lte=at)
    return _shown(rows.filter(awake)).order_by("rank_at", "id")


def open_for(person_id: UUID) -> QuerySet[FollowUp]:
    """Return what is open about a person, whoever owns it."""
    return FollowUp.objects.filter(person_id=person_id, state__in=_OPEN).order_by("rank_at", "id")


def open_about(actor: Actor, person_id: UUID) -> QuerySet[FollowUp]:
    """Return what is open about a visible person, the most urgent first, whoever of us owns it."""
    return _shown(open_for(people.get_person(actor, person_id).pk))


def with_key(key: str) -> FollowUp | None:
    """Return the follow-up that was opened with a key."""
    return FollowUp.objects.filter(key=key).first()


@dataclass(frozen=True)
class Counts:
    """How many wait, and how many of them are overdue."""

    waiting: int
    overdue: int


def counts(actor: Actor, at: datetime, *, team: bool = False) -> Counts:
    """Return how many wait for the actor, or for the team. One query."""
    rows = waiting(actor, at, team=team).select_related(None).order_by()
    found = rows.aggregate(waiting=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=at)))
    return Counts(**found)


def _shown(rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    return rows.select_related("person", "owner", "application__opening", "application__stage")


def calendar_for(follow_up: FollowUp) -> WorkCalendar:
    """Return the calendar by which a follow-up's time counts: the opening's, else the company's."""
    return recruiting.calendar_of(follow_up.application.opening) if follow_up.application else company_calendar()


def company_calendar() -> WorkCalendar:
    """Return the company's calendar."""
    company = org.company()
    return WorkCalendar.for_region(company.region, zone=company.zone)


def facts_since(person_id: UUID, since: datetime, names: Sequence[str] = ()) -> list[Fact]:
    """Return what happened to a person from a moment on, oldest first; only these events if any are named."""
    rows = timeline.events_of(person_id).filter(at__gte=since).order_by("at", "number")
    if names:
        rows = rows.filter(name__in=names)
    return [Fact(row.name, row.at, row.payload) for row in rows]


def _persons_waiting(actor: Actor) -> Q:
    """Whoever has to contact somebody meets them."""
    if not actor.may(permissions.USE) or actor.user_id is None:
        return Q(pk__in=[])
    return Q(pk__in=FollowUp.objects.filter(owner_id=actor.user_id, state__in=_OPEN).values("person_id"))


people.doors.add("today", _persons_waiting)
