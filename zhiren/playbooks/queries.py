"""Every read of playbooks and their runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery

from zhiren.kernel.actors import Actor
from zhiren.kernel.businesstime import WorkCalendar
from zhiren.kernel.events import Event, to_payload
from zhiren.people import queries as people
from zhiren.playbooks import definition as definitions
from zhiren.playbooks import permissions
from zhiren.playbooks.definition import Definition
from zhiren.playbooks.models import Playbook, Run, Step, Version
from zhiren.plumbing.models import one
from zhiren.recruiting import queries as recruiting
from zhiren.timeline import queries as timeline
from zhiren.today import queries as today

LATELY = timedelta(days=30)


def playbooks_visible_to(actor: Actor) -> QuerySet[Playbook]:
    """Return the playbooks, which are no secret to those who may look at them."""
    return Playbook.objects.order_by("position", "key") if actor.may(permissions.VIEW) else Playbook.objects.none()


def get_playbook(actor: Actor, playbook_id: UUID) -> Playbook:
    """Return one playbook; NotFound if there is none for this actor."""
    return one(playbooks_visible_to(actor), playbook_id)


def lock_playbook(actor: Actor, playbook_id: UUID) -> Playbook:
    """Return one playbook, locked until the transaction ends."""
    return one(playbooks_visible_to(actor).select_for_update(), playbook_id)


def newest_versions(playbooks: QuerySet[Playbook]) -> list[Version]:
    """Return the version in force of each playbook, with its playbook, in their order."""
    newest = Version.objects.filter(playbook=OuterRef("pk")).order_by("-number").values("pk")[:1]
    wanted = playbooks.order_by().annotate(newest=Subquery(newest)).values("newest")
    rows = Version.objects.filter(pk__in=wanted).select_related("playbook")
    return list(rows.order_by("playbook__position", "playbook__key"))


def current_version(playbook: Playbook) -> Version:
    """Return the version in force."""
    return playbook.versions.select_related("playbook").latest("number")


def versions_of(playbook: Playbook) -> QuerySet[Version]:
    """Return a playbook's versions, the newest first, with who wrote them."""
    return playbook.versions.select_related("by").order_by("-number")


def begun_by(event_name: str) -> list[Version]:
    """Return the versions in force of the playbooks that this event begins and that are switched on."""
    return newest_versions(Playbook.objects.filter(is_on=True, trigger=event_name))


def definition_of(version: Version) -> Definition:
    """Return what a version says."""
    return definitions.read(version.definition)


def event_id_of(event: Event) -> UUID | None:
    """Return the id under which an event was recorded; None if it is not in the log."""
    if event.person_id is None:
        return None
    rows = timeline.events_of(event.person_id).filter(name=event.name, at=event.at, payload=to_payload(event))
    return rows.values_list("id", flat=True).first()


def runs_visible_to(actor: Actor) -> QuerySet[Run]:
    """Return the runs for persons this actor may see."""
    rows = Run.objects.filter(person__erased_at__isnull=True)
    if not actor.may(permissions.VIEW):
        return rows.none()
    seen = Q(application__in=recruiting.applications_visible_to(actor).values("pk"))
    persons = people.persons_visible_to(actor).values("pk")
    return rows.filter(seen | Q(application__isnull=True, person__in=persons))


def runs_of(actor: Actor, playbook: Playbook) -> QuerySet[Run]:
    """Return a playbook's runs that this actor may see; page by `-started_at`, `-id`."""
    steps = Prefetch("steps", Step.objects.order_by("index"))
    rows = runs_visible_to(actor).filter(playbook=playbook)
    return rows.select_related("person", "application__opening", "version").prefetch_related(steps)


def run_counts(actor: Actor, since: datetime) -> dict[UUID, int]:
    """Return how often each playbook began since a moment, as far as this actor may see."""
    rows = runs_visible_to(actor).filter(started_at__gte=since).order_by().values("playbook_id")
    return {row["playbook_id"]: row["count"] for row in rows.annotate(count=Count("pk"))}


def waiting_steps(at: datetime, run_id: UUID | None = None) -> QuerySet[Step]:
    """Return the steps to be done by a moment, the longest due first, of one run or of all."""
    rows = Step.objects.filter(state=Step.State.WAITING, try_at__lte=at)
    return (rows.filter(run_id=run_id) if run_id else rows).order_by("try_at", "index", "id")


def done_since(actor: Actor, since: datetime, *, limit: int = 200) -> list[Step]:
    """Return what was done by itself for persons this actor may see, the latest first."""
    seen = Q(run__application__in=recruiting.applications_visible_to(actor).values("pk"))
    own = Q(run__application__isnull=True, run__person__in=people.persons_visible_to(actor).values("pk"))
    rows = Step.objects.filter(seen | own, state=Step.State.DONE, done_at__gte=since)
    rows = rows.filter(run__person__erased_at__isnull=True)
    return list(rows.select_related("run__person", "run__application__opening").order_by("-done_at", "-id")[:limit])


def calendar_for(run: Run) -> WorkCalendar:
    """Return the calendar by which a run waits: the opening's, else the company's."""
    return recruiting.calendar_of(run.application.opening) if run.application else today.company_calendar()


def templates_named(definition: Definition) -> Sequence[str]:
    """Return the keys of the message templates that a definition uses."""
    keys = (getattr(step.given, "template", "") for step in definition.steps)
    return list(dict.fromkeys(key for key in keys if key))
