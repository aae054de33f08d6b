"""Every read of playbooks and their runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery

from zhiren.conversation import queries as conversation
from zhiren.kernel.actors import Actor
from zhiren.kernel.businesstime import WorkCalendar
from zhiren.kernel.events import Event, to_payload
from zhiren.people import queries as people
from zhiren.playbooks import definition as definitions
from zhiren.playbooks import permissions, rules
from zhiren.playbooks.definition import Definition
from zhiren.playbooks.models import Playbook, Run, Step, Version
from zhiren.plumbing.models import one
from zhiren.recruiting import queries as recruiting
from zhiren.timeline import queries as timeline
from zhiren.timeline.models import EventRow
from zhiren.today import queries as today
from zhiren.today.rules import Fact, first_match, fits

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
    rows = timeline.events_of(event.person_id) if event.person_id else timeline.events_named([event.name])
    rows = rows.filter(name=event.name, at=event.at, payload=to_payload(event))
    return rows.values_list("id", flat=True).first()


def facts_of(run: Run, names: Sequence[str], *, ever: bool = False) -> list[Fact]:
    """Return what happened since a run began to its person, or, where it is about nobody, to its request.

    With `ever` everything that ever happened to the person counts.
    """
    if run.person:
        return today.facts_since(run.person.pk, run.person.created_at if ever else run.started_at, names)
    about = {"request_id": run.payload["request_id"]}
    rows = timeline.events_named(names).filter(person_id__isnull=True, at__gte=run.started_at, payload__contains=about)
    return [Fact(row.name, row.at, row.payload) for row in rows]


def runs_visible_to(actor: Actor) -> QuerySet[Run]:
    """Return the runs for persons this actor may see; those about nobody to whoever sees everything."""
    rows = Run.objects.filter(person__erased_at__isnull=True)
    if not actor.may(permissions.VIEW):
        return rows.none()
    seen = Q(application__in=recruiting.applications_visible_to(actor).values("pk"))
    persons = people.records_visible_to(actor).values("pk")
    seen |= Q(application__isnull=True, person__in=persons)
    return rows.filter(seen | Q(person__isnull=True) if actor.reach(permissions.VIEW).everything else seen)


def runs_of(actor: Actor, playbook: Playbook) -> QuerySet[Run]:
    """Return a playbook's runs that this actor may see; page by `-started_at`, `-id`."""
    steps = Prefetch("steps", Step.objects.order_by("index"))
    rows = runs_visible_to(actor).filter(playbook=playbook)
    return rows.select_related("person__merged_into", "application__opening", "version").prefetch_related(steps)


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
    own = Q(run__application__isnull=True, run__person__in=people.records_visible_to(actor).values("pk"))
    rows = Step.objects.filter(seen | own, state=Step.State.DONE, done_at__gte=since)
    rows = rows.filter(run__person__erased_at__isnull=True)
    return list(
        rows.select_related("run__person__merged_into", "run__application__opening").order_by("-done_at", "-id")[:limit]
    )


def calendar_for(run: Run) -> WorkCalendar:
    """Return the calendar by which a run waits: the opening's, else the company's."""
    return recruiting.calendar_of(run.application.opening) if run.application else today.company_calendar()


def template_names(language: str) -> dict[str, str]:
    """Return the names of the message templates by key."""
    rows = conversation.templates_visible_to(Actor.system("playbooks")).values_list("key", "name", "name_en")
    return {key: (name_en if language == "en" else "") or name for key, name, name_en in rows}


# What it would have done ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RehearsedStep:
    """What would have come of a step: a code of `words.OUTCOMES`, and the fact that made it needless."""

    index: int
    due_at: datetime
    outcome: str
    fact: Fact | None = None


@dataclass(frozen=True)
class Rehearsed:
    """What a playbook would have done because of one event."""

    person: Any
    application: Any
    at: datetime
    steps: Sequence[RehearsedStep]


@dataclass(frozen=True)
class Rehearsal:
    """What a playbook would have done in a time: how often it would have begun and acted, and the latest in detail."""

    since: datetime
    begun: int
    acted: int
    rows: Sequence[Rehearsed]


def rehearse(actor: Actor, definition: Definition, *, at: datetime, shown: int = 30) -> Rehearsal:
    """Return what a definition would have done in the 30 days before `at`, for persons this actor may see.

    It reads the log as the engine does, and writes nothing. At most the latest 2000 events are looked at.
    """
    since = at - LATELY
    rows = timeline.events_named([definition.trigger.event]).filter(person_id__isnull=False, at__gte=since, at__lt=at)
    events = [row for row in rows.order_by("-at", "-number")[:2000] if fits(definition.trigger.where, row.payload)]
    applications, persons = _met(actor, events)
    facts = _facts_by_person(definition, set(persons), since)
    found = []
    for row in events:
        application = applications.get(row.payload.get("application_id") or "")
        person = persons.get(row.person_id)
        if person is None or (row.payload.get("application_id") and application is None):
            continue
        calendar = recruiting.calendar_of(application.opening) if application else today.company_calendar()
        steps = _rehearsed(definition, row, facts.get(row.person_id, []), calendar=calendar, at=at)
        found.append(Rehearsed(person, application, row.at, steps))
    acted = sum(step.outcome == "would_do" for one in found for step in one.steps)
    return Rehearsal(since=since, begun=len(found), acted=acted, rows=found[:shown])


def _met(actor: Actor, events: Sequence[EventRow]) -> tuple[dict[str, Any], dict[UUID | None, Any]]:
    """Return the applications by id and the persons by id that these events are about and this actor may see."""
    wanted = {row.payload["application_id"] for row in events if row.payload.get("application_id")}
    rows = recruiting.applications_visible_to(actor).filter(pk__in=wanted)
    rows = rows.select_related("person__merged_into", "opening__branch", "opening__entity", "stage")
    applications = {str(row.pk): row for row in rows if row.person.erased_at is None}
    persons: dict[UUID | None, Any] = {row.person_id: row.person for row in applications.values()}
    others = {row.person_id for row in events if row.person_id and not row.payload.get("application_id")}
    if others:
        persons |= {row.pk: row for row in people.records_visible_to(actor).filter(pk__in=others)}
    return applications, persons


def _facts_by_person(
    definition: Definition, persons: set[UUID | None], since: datetime
) -> dict[UUID | None, list[Fact]]:
    conditions = [condition for step in definition.steps for condition in step.unless]
    names = {condition.event for condition in conditions} | {
        "today.follow_up.reopened",
        "recruiting.application.exited",
    }
    rows = timeline.events_named(sorted(names)).filter(person_id__in=persons)
    if not any(condition.ever for condition in conditions):
        rows = rows.filter(at__gte=since)
    facts: dict[UUID | None, list[Fact]] = {}
    for row in rows:
        facts.setdefault(row.person_id, []).append(Fact(row.name, row.at, row.payload))
    return facts


def _rehearsed(
    definition: Definition, row: EventRow, facts: Sequence[Fact], *, calendar: WorkCalendar, at: datetime
) -> list[RehearsedStep]:
    application_id = row.payload.get("application_id")
    ended = [{"event": "recruiting.application.exited"}] if application_id and not definition.also_after_exit else []
    steps = []
    for index, (step, due_at) in enumerate(
        zip(definition.steps, rules.plan(definition, row.at, calendar), strict=True)
    ):
        met = rules.unless_met(step.unless, facts, payload=row.payload, since=row.at, until=min(due_at, at))
        past = [fact for fact in facts if fact.at <= min(due_at, at)]
        end = first_match(ended, past, application_id=application_id)
        if met:
            steps.append(RehearsedStep(index, due_at, "unless", met))
        elif end:
            steps.append(RehearsedStep(index, due_at, "exited", end))
        else:
            steps.append(RehearsedStep(index, due_at, "would_do" if due_at <= at else "would_wait"))
    return steps
