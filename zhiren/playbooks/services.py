"""Every write to playbooks; and the engine that runs them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from zhiren.approvals.events import RequestEvent
from zhiren.kernel.actors import Actor
from zhiren.kernel.events import Event, to_payload
from zhiren.kernel.refusals import Refusal
from zhiren.playbooks import actions, permissions, queries, rules, shipped
from zhiren.playbooks import definition as definitions
from zhiren.playbooks.definition import Definition
from zhiren.playbooks.errors import DefinitionInvalid
from zhiren.playbooks.events import PlaybookChanged, PlaybookSwitched
from zhiren.playbooks.jobs import begin as begin_job
from zhiren.playbooks.models import Playbook, Run, Step, Version
from zhiren.timeline.services import record

log = structlog.get_logger(__name__)

# So many steps one tick does at most; the next goes on.
_A_TICK = 2000


# Playbooks ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def switch(*, actor: Actor, at: datetime, playbook_id: UUID, is_on: bool) -> Playbook:
    """Switch a playbook on or off. While it is off nothing begins, and what waits in its runs is not done either."""
    actor.require(permissions.MANAGE)
    playbook = queries.lock_playbook(actor, playbook_id)
    if playbook.is_on != is_on:
        playbook.is_on = is_on
        playbook.save(update_fields=["is_on"])
        record(PlaybookSwitched(at=at, by=actor.user_id, playbook_id=playbook.pk, is_on=is_on))
    return playbook


@transaction.atomic
def change(*, actor: Actor, at: datetime, playbook_id: UUID, definition: dict[str, Any]) -> Version:
    """Give a playbook a new version and return it; the one in force if nothing changed.

    Raises:
        DefinitionInvalid: it makes no sense, or it begins with another event.
    """
    actor.require(permissions.MANAGE)
    playbook = queries.lock_playbook(actor, playbook_id)
    wanted = read_definition(definition)
    if wanted.trigger.event != playbook.trigger:
        raise DefinitionInvalid(problem=f"trigger: {wanted.trigger.event}")
    current = queries.current_version(playbook)
    raw = definitions.plain(wanted)
    if raw == current.definition:
        return current
    version: Version = Version.objects.create(
        playbook=playbook, number=current.number + 1, definition=raw, created_at=at, by_id=actor.user_id
    )
    record(PlaybookChanged(at=at, by=actor.user_id, playbook_id=playbook.pk, number=version.number))
    return version


def read_definition(raw: dict[str, Any]) -> Definition:
    """Return the definition that plain data holds.

    Raises:
        DefinitionInvalid: it holds none.
    """
    try:
        return definitions.read(raw)
    except ValueError as error:
        raise DefinitionInvalid(problem=str(error)) from error


@transaction.atomic
def ensure_shipped(*, at: datetime) -> int:
    """Bring in the playbooks that come with the system, and their news; return how many versions were added.

    What somebody changed stays as they left it.
    """
    added = 0
    for position, (key, wanted) in enumerate(shipped.read_all().items()):
        raw = definitions.plain(wanted)
        playbook, _new = Playbook.objects.get_or_create(
            key=key, defaults={"trigger": wanted.trigger.event, "is_shipped": True, "position": position}
        )
        newest = playbook.versions.order_by("-number").first()
        if newest is not None and (newest.by_id or newest.definition == raw):
            continue
        number = newest.number + 1 if newest else 1
        Version.objects.create(playbook=playbook, number=number, definition=raw, created_at=at)
        playbook.trigger, playbook.position = wanted.trigger.event, position
        playbook.save(update_fields=["trigger", "position"])
        added += 1
    return added


# Runs -----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def begin_playbooks(*, event: Event) -> list[Run]:
    """Begin every playbook that is on and waits for this event; the same event begins each once.

    What is about no person begins none, but for requests that must be approved.
    """
    if event.person_id is None and not isinstance(event, RequestEvent):
        return []
    payload = to_payload(event)
    wanted = []
    for version in queries.begun_by(event.name):
        definition = queries.definition_of(version)
        if rules.begins(definition, name=event.name, payload=payload):
            wanted.append((version, definition))
    event_id = queries.event_id_of(event) if wanted else None
    if event_id is None:
        return []
    begun = []
    for version, definition in wanted:
        run = Run(
            playbook_id=version.playbook_id,
            version=version,
            person_id=event.person_id,
            application_id=payload.get("application_id"),
            event_id=event_id,
            payload=payload,
            started_at=event.at,
        )
        if _begin_run(run, definition):
            begun.append(run)
    return begun


def _begin_run(run: Run, definition: Definition) -> bool:
    began = Run.objects.filter(playbook_id=run.playbook_id, event_id=run.event_id).exists()
    if began or actions.stops(run, definition):
        return False
    run.save(force_insert=True)
    times = rules.plan(definition, run.started_at, queries.calendar_for(run))
    Step.objects.bulk_create(
        [
            Step(run=run, index=index, do=step.do, what=actions.subject_of(step), due_at=due_at, try_at=due_at)
            for index, (step, due_at) in enumerate(zip(definition.steps, times, strict=True))
        ]
    )
    if times[0] <= run.started_at:
        begin_job.defer(run_id=str(run.pk))
    return True


def begin(*, run_id: UUID) -> int:
    """Do the steps of a run that are due as it begins; return how many."""
    run = Run.objects.filter(pk=run_id).first()
    return do_due_steps(at=run.started_at, run_id=run.pk) if run else 0


def do_due_steps(*, at: datetime, run_id: UUID | None = None) -> int:
    """Do the steps that are due at `at`, each in a transaction of its own; return how many were looked at.

    Several workers share the work: nobody waits for a step that another has in hand. A step that fails is tried again
    later, and holds up no other.
    """
    done = 0
    while done < _A_TICK and _do_next(at, run_id):
        done += 1
    return done


def _do_next(at: datetime, run_id: UUID | None) -> bool:
    step_id = None
    try:
        with transaction.atomic():
            locked = queries.waiting_steps(at, run_id).select_for_update(of=("self",), skip_locked=True)
            step = locked.select_related(
                "run__version", "run__playbook", "run__person__merged_into", "run__application__stage__owner",
                "run__application__opening__owner", "run__application__opening__entity",
                "run__application__opening__branch",
            ).first()  # fmt: skip
            if step is None:
                return False
            step_id = step.pk
            _do(step, at)
    except Exception as error:  # one step's failure is noted on it, the others still get their turn
        if step_id is None:
            raise
        log.exception("step_failed", step_id=str(step_id))
        _note_failure(step_id, at, error)
    return True


def _do(step: Step, at: datetime) -> None:
    run = step.run
    definition = queries.definition_of(run.version)
    wanted = definition.steps[step.index]
    reason = "switched_off" if not run.playbook.is_on else actions.stops(run, definition)
    if reason:
        _close(step, at, state=Step.State.SKIPPED, outcome=reason)
        Step.objects.filter(run=run, state=Step.State.WAITING).update(
            state=Step.State.SKIPPED, done_at=at, outcome=reason
        )
        run.state = Run.State.STOPPED
        run.save(update_fields=["state"])
        return
    if wanted.unless:
        names = [condition.event for condition in wanted.unless] + ["today.follow_up.reopened"]
        facts = queries.facts_of(run, names, ever=any(condition.ever for condition in wanted.unless))
        fact = rules.unless_met(wanted.unless, facts, payload=run.payload, since=run.started_at, until=at)
        if fact:
            _close(step, at, state=Step.State.SKIPPED, outcome="unless", event=fact.name, event_at=fact.at)
            _finish_run(run)
            return
    try:
        with transaction.atomic():
            outcome = actions.do(step, wanted, definition=definition, at=at)
    except Refusal as refusal:
        step.error = str(refusal)[:300]
        _close(step, at, state=Step.State.FAILED, outcome="refused")
    else:
        _close(step, at, state=Step.State.DONE if outcome.acted else Step.State.SKIPPED, outcome=outcome.code)
    _finish_run(run)


def _close(
    step: Step, at: datetime, *, state: str, outcome: str, event: str = "", event_at: datetime | None = None
) -> None:
    step.state, step.done_at, step.outcome = state, at, outcome
    step.outcome_event, step.outcome_at = event, event_at
    step.save(update_fields=["state", "done_at", "outcome", "outcome_event", "outcome_at", "error"])


def _finish_run(run: Run) -> None:
    if not run.steps.filter(state=Step.State.WAITING).exists():
        run.state = Run.State.DONE
        run.save(update_fields=["state"])


@transaction.atomic
def _note_failure(step_id: UUID, at: datetime, error: Exception) -> None:
    step = Step.objects.select_for_update().get(pk=step_id)
    step.attempts += 1
    step.error = f"{type(error).__name__}: {error}"[:300]
    pause = rules.next_try(step.attempts)
    if pause is None:
        step.state, step.done_at, step.outcome = Step.State.FAILED, at, "gave_up"
    else:
        step.try_at = at + pause
    step.save(update_fields=["attempts", "error", "state", "done_at", "outcome", "try_at"])
    if pause is None:
        _finish_run(step.run)
