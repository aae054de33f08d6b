"""Every write of screening."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from zhiren.careers import links
from zhiren.conversation import queries as conversation
from zhiren.conversation import services as conversation_services
from zhiren.kernel.actors import Actor
from zhiren.people import queries as people
from zhiren.people.errors import PersonErased
from zhiren.people.vault import open_vault
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting import services as recruiting_services
from zhiren.recruiting.models import Stage
from zhiren.resumes import Resume
from zhiren.screening import jobs, permissions, queries, rules
from zhiren.screening.conditions import Condition, from_json, to_json
from zhiren.screening.errors import (
    ConditionForbidden,
    ConditionMalformed,
    LetterEmpty,
    NothingFailed,
    NotPutAside,
)
from zhiren.screening.events import CandidateBroughtBack, CandidatePutAside, CandidateScreened, ConditionsChanged
from zhiren.screening.linter import Severity, concerns_in
from zhiren.screening.models import ConditionSet, Screening, SetAside
from zhiren.timeline.services import record

if TYPE_CHECKING:
    from zhiren.recruiting.models import Application

# Why a way ends here: one of the reasons recruiting ships.
REASON = "hard_condition"
_TEMPLATE = "application_declined"
_SYSTEM = Actor.system("screening")


@transaction.atomic
def set_conditions(
    *,
    actor: Actor,
    at: datetime,
    opening_id: UUID,
    conditions: Sequence[Condition],
    puts_aside: bool = False,
    decline_after_hours: int = 24,
) -> ConditionSet:
    """Give an opening these hard conditions, and have everybody in it held against them anew.

    Raises:
        ConditionForbidden: a condition names what may not decide.
        ConditionMalformed: a condition says too little.
        NotFound: the opening is not this actor's to manage.
    """
    actor.require(permissions.SET_CONDITIONS)
    opening = recruiting.get_opening_to_manage(actor, opening_id)
    for condition in conditions:
        _check(condition, actor)
    recruiting.lock_opening(opening.pk)
    newest = queries.newest_set(opening.pk)
    row = ConditionSet.objects.create(
        opening=opening,
        number=newest.number + 1 if newest else 1,
        conditions=[to_json(condition) for condition in conditions],
        puts_aside=puts_aside,
        decline_after_hours=decline_after_hours,
        made_at=at,
        made_by_id=actor.user_id,
    )
    record(ConditionsChanged(at=at, by=actor.user_id, opening_id=opening.pk, number=row.number))
    jobs.screen_opening.defer(opening_id=str(opening.pk))
    return row


def _check(condition: Condition, actor: Actor) -> None:
    try:
        from_json(to_json(condition))
    except ValueError as error:
        raise ConditionMalformed from error
    for refusal in refusals_of(_texts(condition), language=actor.language):
        raise refusal


def refusals_of(texts: Iterable[str], *, language: str) -> Iterator[ConditionForbidden]:
    """Yield why words of a condition may not stand: for a form to show, and for the service to raise."""
    for text in texts:
        for concern in concerns_in(text):
            if concern.severity is Severity.FORBIDDEN:
                yield ConditionForbidden(words=concern.words, law=concern.law["en" if language == "en" else "zh"])


def _texts(condition: Condition) -> Iterator[str]:
    for value in to_json(condition).values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from value


def screen_opening(*, at: datetime, opening_id: UUID) -> int:
    """Hold everybody active in an opening against its conditions; return how many. Safe to run twice."""
    ids = recruiting.active_application_ids(opening_id)
    for application_id in ids:
        screen_application(at=at, application_id=application_id)
    return len(ids)


@transaction.atomic
def screen_application(*, at: datetime, application_id: UUID) -> Screening | None:
    """Hold one candidate's résumé against the conditions of the opening; None where there are none.

    Running it again gives the same; only an outcome that is new is an event. Who fails is put aside where the
    conditions say so: in the first stage, and once. Who was put aside by itself and fails no more goes on by itself.
    """
    application = recruiting.lock_application(_SYSTEM, application_id)
    in_force = queries.conditions_of(application.opening_id)
    if in_force is None:
        if waiting := queries.waiting_of(application.pk):
            _bring_back(waiting, actor=_SYSTEM, at=at)  # there is nothing left to fail
        Screening.objects.filter(application=application).delete()
        return None
    try:
        vault = open_vault(application.person_id)
    except PersonErased:
        return None
    resume = people.resumes_of([application.person_id]).get(application.person_id, queries.NO_RESUME)
    verdicts = _judge(in_force, resume, at=at, application=application)
    outcome = str(rules.overall(verdicts))
    row = Screening.objects.filter(application=application).first()
    before = row.outcome if row else None
    row = row or Screening(application=application)
    row.conditions, row.outcome, row.screened_at = in_force, outcome, at
    row.verdicts_sealed = queries.seal_verdicts(vault, row.pk, verdicts)
    row.save()
    if outcome != before:
        record(
            CandidateScreened(
                person_id=application.person_id,
                at=at,
                application_id=application.pk,
                opening_id=application.opening_id,
                outcome=outcome,
            )
        )
    _follow(row, in_force, at=at)
    return row


def _judge(in_force: ConditionSet, resume: Resume, *, at: datetime, application: Application) -> list[rules.Verdict]:
    on = at.astimezone(recruiting.zone_of(application.opening)).date()
    return [rules.judge(condition, resume, on=on) for condition in queries.conditions_in(in_force)]


def _follow(row: Screening, in_force: ConditionSet, *, at: datetime) -> None:
    application = row.application
    waiting = queries.waiting_of(application.pk)
    failed = row.outcome == Screening.Outcome.FAILED
    if waiting and waiting.by_id is None and not failed:
        _bring_back(waiting, actor=_SYSTEM, at=at)
    elif failed and in_force.puts_aside and _is_untouched(application):
        _put_aside(row, actor=_SYSTEM, at=at)


def _is_untouched(application: Application) -> bool:
    """Tell whether nobody has decided anything about an application yet."""
    first = application.state == "active" and recruiting.is_in_first_stage(application)
    return first and not queries.was_put_aside(application.pk)


@transaction.atomic
def put_aside(*, actor: Actor, at: datetime, application_id: UUID) -> SetAside:
    """Put a candidate who fails a condition aside, to be declined later.

    Raises:
        NothingFailed: the candidate fails no condition, has ended, or is hired.
        NotFound: the candidate is not this actor's to move.
    """
    actor.require(permissions.SETTLE)
    application = recruiting.lock_application(actor, application_id)
    waiting = queries.waiting_of(application.pk)
    if waiting:
        return waiting
    row = Screening.objects.select_related("conditions").filter(application=application).first()
    if row is None or row.outcome != Screening.Outcome.FAILED or application.state != "active":
        raise NothingFailed
    if application.stage.kind == Stage.Kind.HIRED:
        raise NothingFailed
    row.application = application
    return _put_aside(row, actor=actor, at=at)


def _put_aside(row: Screening, *, actor: Actor, at: datetime) -> SetAside:
    application = row.application
    calendar = recruiting.calendar_of(application.opening)
    made = SetAside.objects.create(
        application=application,
        at=at,
        by_id=actor.user_id,
        due_at=calendar.add_hours(at, row.conditions.decline_after_hours),
    )
    record(
        CandidatePutAside(
            person_id=application.person_id,
            at=at,
            by=actor.user_id,
            application_id=application.pk,
            opening_id=application.opening_id,
        )
    )
    return made


@transaction.atomic
def bring_back(*, actor: Actor, at: datetime, set_aside_id: UUID) -> SetAside:
    """Let a candidate go on who was put aside; nothing is sent to them.

    Raises:
        NotPutAside: it was settled before.
    """
    row = _open(actor, set_aside_id)
    _bring_back(row, actor=actor, at=at)
    return row


def _bring_back(row: SetAside, *, actor: Actor, at: datetime) -> None:
    _settle(row, SetAside.State.BROUGHT_BACK, actor=actor, at=at)
    record(
        CandidateBroughtBack(
            person_id=row.application.person_id,
            at=at,
            by=actor.user_id,
            application_id=row.application_id,
            opening_id=row.application.opening_id,
        )
    )


def _open(actor: Actor, set_aside_id: UUID) -> SetAside:
    actor.require(permissions.SETTLE)
    queries.get_set_aside(actor, set_aside_id)
    row = queries.lock_set_aside(set_aside_id)
    if row.state != SetAside.State.WAITING:
        raise NotPutAside
    return row


def _settle(row: SetAside, state: str, *, actor: Actor, at: datetime) -> None:
    row.state, row.settled_at, row.settled_by_id = state, at, actor.user_id
    row.save(update_fields=["state", "settled_at", "settled_by"])


def letter_for(row: SetAside) -> tuple[str, str]:
    """Return subject and text as the candidate will get them: as changed by hand, or as usual."""
    changed = queries.letter_of(row)
    if changed:
        return changed
    person = row.application.person
    version = conversation.version_for(_TEMPLATE, person.language)
    return conversation.filled(version, _values(row), person=person)


def _values(row: SetAside) -> dict[str, str]:
    opening, language = row.application.opening, row.application.person.language
    english = language == "en"
    return {
        "opening_title": (opening.title_en if english else "") or opening.title,
        "recruiter_name": (opening.owner.name_en if english else "") or opening.owner.name,
        "status_link": links.status_link(row.application_id),
    }


@transaction.atomic
def change_letter(*, actor: Actor, set_aside_id: UUID, subject: str, text: str) -> SetAside:
    """Change what a candidate who is put aside will be told.

    Raises:
        LetterEmpty: subject or text is missing.
        NotPutAside: it was settled before.
    """
    row = _open(actor, set_aside_id)
    subject, text = " ".join(subject.split()), text.strip()
    if not subject or not text:
        raise LetterEmpty
    row.letter_sealed = queries.seal_letter(row.application.person_id, row.pk, subject, text)
    row.save(update_fields=["letter_sealed"])
    return row


@transaction.atomic
def decline(*, actor: Actor, at: datetime, set_aside_id: UUID) -> SetAside:
    """End a candidate's way now instead of later, and send the letter.

    Raises:
        NotPutAside: it was settled before.
    """
    row = _open(actor, set_aside_id)
    _decline(row, actor=actor, at=at)
    return row


def decline_due(at: datetime) -> int:
    """Decline everybody whose time has come; return how many. Each is one transaction, and is done once."""
    done = 0
    for set_aside_id in queries.due_ids(at):
        with transaction.atomic():
            row = queries.lock_set_aside(set_aside_id)
            if row.state == SetAside.State.WAITING and row.due_at <= at:
                _decline(row, actor=_SYSTEM, at=at)
                done += 1
    return done


def _decline(row: SetAside, *, actor: Actor, at: datetime) -> None:
    application = row.application
    _settle(row, SetAside.State.DECLINED, actor=actor, at=at)
    if application.state != "active":
        return  # somebody ended it otherwise, with a letter of their own or none
    recruiting_services.exit_application(
        actor=actor, at=at, application_id=application.pk, reason_id=recruiting.exit_reason_id(REASON)
    )
    conversation_services.send_template(
        actor=actor,
        at=at,
        template_key=_TEMPLATE,
        business_key=f"screening-declined:{row.pk}",
        values=_values(row),
        to_person=application.person_id,
        application_id=application.pk,
        words=queries.letter_of(row),
    )


@transaction.atomic
def release(*, at: datetime, by: UUID | None, application_id: UUID, ended: bool) -> None:
    """Settle the line of an application that somebody moved on or ended: they have decided."""
    waiting = queries.waiting_of(application_id)
    if waiting is None:
        return
    row = queries.lock_set_aside(waiting.pk)
    if row.state != SetAside.State.WAITING:
        return
    actor = Actor(user_id=by, label="screening") if by else _SYSTEM
    if ended:
        _settle(row, SetAside.State.DECLINED, actor=actor, at=at)
    else:
        _bring_back(row, actor=actor, at=at)
