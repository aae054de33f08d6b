"""Every read of follow-ups."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, FilteredRelation, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from zhiren.access import queries as access
from zhiren.access.models import User
from zhiren.conversation import queries as conversation
from zhiren.conversation.permissions import VIEW as VIEW_CONVERSATION
from zhiren.interviews import queries as interviews
from zhiren.interviews.permissions import VIEW as VIEW_INTERVIEWS
from zhiren.interviews.rules import Feedback
from zhiren.kernel.actors import Actor
from zhiren.kernel.businesstime import WorkCalendar
from zhiren.kernel.refusals import NotFound
from zhiren.org import queries as org
from zhiren.people import queries as people
from zhiren.people.models import Person
from zhiren.plumbing import statements
from zhiren.plumbing.models import one
from zhiren.plumbing.permissions import within
from zhiren.plumbing.rights import MOMENT, Sql, answer, at_moment, per_rights, sql_of, totals_of
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting.permissions import VIEW_CANDIDATES
from zhiren.timeline import queries as timeline
from zhiren.timeline.telling import Entry, tell
from zhiren.today import permissions
from zhiren.today.models import FollowUp
from zhiren.today.rules import Fact
from zhiren.today.subjects import SUBJECTS

_A_WEEK, _A_MONTH = timedelta(days=7), timedelta(days=30)
# That somebody looked at data is on the person's timeline; it is no reason to contact anybody.
_LOOKS = ("people.contact.revealed", "people.document.opened")
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
    return rows.exclude(person__in=people.erased_ids())


def get_follow_up(actor: Actor, follow_up_id: UUID) -> FollowUp:
    """Return one follow-up with person, owner, opening and stage; NotFound if it is not there for this actor."""
    return one(_shown(follow_ups_visible_to(actor)), follow_up_id)


def lock_follow_up(actor: Actor, follow_up_id: UUID) -> FollowUp:
    """Return one follow-up, locked until the transaction ends."""
    rows = _shown(FollowUp.objects.select_for_update(of=("self",)))
    return one(rows.filter(pk__in=follow_ups_visible_to(actor).values("pk")), follow_up_id)


def waiting(actor: Actor, at: datetime, *, team: bool = False) -> QuerySet[FollowUp]:
    """Return who is to be contacted at `at`: one's own, or the whole team's; page by `rank_at`, `id`."""
    rows = (
        follow_ups_visible_to(actor)
        if team
        else FollowUp.objects.filter(owner_id=actor.user_id).exclude(person__in=people.erased_ids())
    )
    awake = Q(state=FollowUp.State.OPEN) | Q(state=FollowUp.State.SNOOZED, snoozed_until__lte=at)
    return _shown(rows.filter(awake)).order_by("rank_at", "id")


def waiting_about(actor: Actor, at: datetime, follow_up: FollowUp) -> QuerySet[FollowUp]:
    """Return what else the follow-up's owner has to do about the same person, as far as the actor may see."""
    if follow_up.person_id is None:
        return FollowUp.objects.none()
    team = follow_up.owner_id != actor.user_id
    rows = waiting(actor, at, team=team).filter(
        person_id__in=people.same_person_ids(follow_up.person_id), owner_id=follow_up.owner_id
    )
    return rows.exclude(pk=follow_up.pk)[:10]


def open_for(person_id: UUID) -> QuerySet[FollowUp]:
    """Return what is open about a person, whoever owns it."""
    rows = FollowUp.objects.filter(person_id__in=people.same_person_ids(person_id), state__in=_OPEN)
    return rows.order_by("rank_at", "id")


def open_about_subject(subject_id: UUID, *, until: datetime | None = None) -> QuerySet[FollowUp]:
    """Return what is open about something that is no person, opened before a moment if one is named."""
    rows = FollowUp.objects.filter(person__isnull=True, subject_id=subject_id, state__in=_OPEN)
    return rows.filter(created_at__lt=until) if until else rows


def get_about_person(actor: Actor, follow_up_id: UUID) -> tuple[FollowUp, Person]:
    """Return one follow-up and the person it is about; NotFound also where it is about something else."""
    follow_up = get_follow_up(actor, follow_up_id)
    if follow_up.person is None:
        raise NotFound
    return follow_up, follow_up.person


def may_see_subject(actor: Actor, follow_up: FollowUp) -> bool:
    """Tell whether somebody may see what a follow-up is about anyway: the person, or what it is instead."""
    if follow_up.person_id:
        return people.records_visible_to(actor).filter(pk=follow_up.person_id).exists()
    return SUBJECTS[follow_up.source].visible_to(actor).filter(pk__in=filter(None, [follow_up.subject_id])).exists()


def open_about(actor: Actor, person_id: UUID) -> QuerySet[FollowUp]:
    """Return what is open about a visible person, the most urgent first, whoever of us owns it."""
    return _shown(open_for(people.get_person(actor, person_id).pk))


def by_id(follow_up_ids: Iterable[UUID]) -> dict[UUID, FollowUp]:
    """Return follow-ups by id, for telling about a visible person."""
    return _shown(FollowUp.objects.filter(pk__in=list(follow_up_ids))).in_bulk()


def with_key(key: str) -> FollowUp | None:
    """Return the follow-up that was opened with a key."""
    return FollowUp.objects.filter(key=key).first()


@dataclass(frozen=True)
class Counts:
    """How many persons wait, and how many of them are overdue."""

    waiting: int
    overdue: int


def counts(actor: Actor, at: datetime, *, team: bool = False) -> Counts:
    """Return how many persons wait for the actor, or for the team. One query."""
    asked = _waiting_persons(actor, team)
    return Counts(*answer(asked, at)[0]) if asked else Counts(0, 0)


@per_rights
def _waiting_persons(actor: Actor, team: bool) -> Sql | None:
    persons = sql_of(_each_once(waiting(actor, MOMENT, team=team)).annotate(first=Min("due_at")))
    if persons is None:
        return None
    sql, values = persons
    counted = f"SELECT count(*), count(*) FILTER (WHERE first < %s) FROM ({sql}) persons"  # noqa: S608 - made by Django
    return counted, (MOMENT, *values)


def persons_waiting(actor: Actor, at: datetime) -> QuerySet[FollowUp, Any]:
    """Return whom the actor is to contact at `at`, each once, for the menu to count."""
    return _each_once(waiting(actor, at)).distinct()


def _each_once(rows: QuerySet[FollowUp]) -> QuerySet[FollowUp, Any]:
    """Return whom follow-ups are about, to be counted: somebody with several records as one."""
    # few records have gone over into another: only those are looked up
    gone = FilteredRelation("person", condition=Q(person__merged_into__isnull=False))
    return (
        rows.select_related(None)
        .order_by()
        .annotate(gone=gone)
        .values(who=Coalesce("gone__merged_into", "person", "id"))
    )


@dataclass(frozen=True)
class Numbers:
    """What the first line of Today counts, each only where the reader may see what is counted.

    `feedback` and `feedback_before` are of the last 30 days and the 30 before them; `late` are candidates beyond their
    stage's time limit, `promised` the dates promised within the next seven days, `next_promise_at` the nearest.
    """

    counts: Counts
    feedback: Feedback | None = None
    feedback_before: Feedback | None = None
    late: int | None = None
    promised: int | None = None
    next_promise_at: datetime | None = None
    broken: int = 0


def numbers(actor: Actor, at: datetime, *, team: bool = False) -> Numbers:
    """Return the numbers of Today's first line as of `at`. Four queries, made once for the same rights."""
    found: dict[str, Any] = {"counts": counts(actor, at, team=team)}
    if actor.may(VIEW_INTERVIEWS):
        months = interviews.feedback_between(actor, [at - 2 * _A_MONTH, at - _A_MONTH, at])
        found["feedback_before"], found["feedback"] = months
    if actor.may(VIEW_CANDIDATES):
        late = _late(actor)
        found["late"] = answer(late, at)[0][0] if late else 0
    if actor.may(VIEW_CONVERSATION):
        found["promised"] = 0
        if promises := _promises(actor):  # planned once: who may see whom takes longer to plan than to find
            sql, values = promises
            promised, next_at, broken = statements.rows(sql, at_moment(values, at))[0]
            found |= {"promised": promised, "next_promise_at": next_at, "broken": broken}
    return Numbers(**found)


@per_rights
def _late(actor: Actor) -> Sql | None:
    rows = recruiting.applications_visible_to(actor).filter(state="active", due_at__lt=MOMENT)
    return totals_of(rows, late=Count("*"))


@per_rights
def _promises(actor: Actor) -> Sql | None:
    unkept = conversation.promises_visible_to(actor).filter(kept_at__isnull=True).exclude(state="kept")
    soon = Q(state="open", due_at__gte=MOMENT, due_at__lte=MOMENT + _A_WEEK)
    return totals_of(
        unkept.filter(due_at__gte=MOMENT - _A_MONTH, due_at__lte=MOMENT + _A_WEEK),
        promised=Count("pk", filter=soon),
        next_promise_at=Min("due_at", filter=soon),
        broken=Count("pk", filter=Q(due_at__lt=MOMENT)),
    )


def events_behind(actor: Actor, follow_up: FollowUp) -> list[Entry]:
    """Return in words what a visible follow-up rests on, and what has happened to the person since, oldest first."""
    if follow_up.person_id is None:
        return []
    began = [datetime.fromisoformat(entry["at"]) for entry in follow_up.evidence]
    since = min(began, default=follow_up.created_at)
    rows = (
        timeline.events_of(*people.same_person_ids(follow_up.person_id)).filter(at__gte=since).exclude(name__in=_LOOKS)
    )
    return tell(rows.order_by("at", "number")[:40], actor)


def hand_over_choices(actor: Actor, follow_up: FollowUp) -> list[tuple[str, list[User]]]:
    """Return the colleagues a follow-up may be given to: first those who work on the opening, then the others."""
    colleagues = [user for user in access.colleagues(actor)[:500] if user.pk != follow_up.owner_id]
    close: set[UUID | None] = set()
    if follow_up.application:
        opening = follow_up.application.opening
        close = {opening.owner_id, opening.hiring_manager_id, *opening.team.values_list("pk", flat=True)}
    groups = [
        (_("Working on this job"), [user for user in colleagues if user.pk in close]),
        (_("Other colleagues"), [user for user in colleagues if user.pk not in close]),
    ]
    return [(label, users) for label, users in groups if users]


def _shown(rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    return rows.select_related("person__merged_into", "owner", "application__opening", "application__stage")


def calendar_for(follow_up: FollowUp) -> WorkCalendar:
    """Return the calendar by which a follow-up's time counts: the opening's, else the company's."""
    return recruiting.calendar_of(follow_up.application.opening) if follow_up.application else company_calendar()


def company_calendar() -> WorkCalendar:
    """Return the company's calendar."""
    company = org.company()
    return WorkCalendar.for_region(company.region, zone=company.zone)


def facts_since(person_id: UUID, since: datetime, names: Sequence[str] = ()) -> list[Fact]:
    """Return what happened to a person from a moment on, oldest first; only these events if any are named."""
    rows = timeline.events_of(*people.same_person_ids(person_id)).filter(at__gte=since).order_by("at", "number")
    if names:
        rows = rows.filter(name__in=names)
    return [Fact(row.name, row.at, row.payload) for row in rows]


def _persons_waiting(actor: Actor) -> Q:
    """Whoever has to contact somebody meets them."""
    if not actor.may(permissions.USE) or actor.user_id is None:
        return Q(pk__in=[])
    theirs = FollowUp.objects.filter(owner_id=actor.user_id, state__in=_OPEN)
    return Q(Exists(theirs.filter(person_id=OuterRef("pk"))))


people.doors.add("today", _persons_waiting)
