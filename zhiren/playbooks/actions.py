"""What a step does, by calling the service that does it. Doing it twice is as good as once: each carries its key."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from zhiren.access import queries as access
from zhiren.access.models import User
from zhiren.approvals import letters, standing_in
from zhiren.conversation import services as conversation
from zhiren.interviews import queries as interviews
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.people import employment_queries as employments
from zhiren.people import services as people
from zhiren.playbooks import queries, rules, values
from zhiren.playbooks.definition import (
    AskHigherStep,
    Definition,
    Escalate,
    EscalateStep,
    FlagStep,
    FollowUp,
    FollowUpStep,
    NotifyStep,
    PromiseStep,
    SendStep,
    TagStep,
)
from zhiren.playbooks.models import Run, Step
from zhiren.today import queries as today_queries
from zhiren.today import rules as today_rules
from zhiren.today import services as today


@dataclass(frozen=True)
class Outcome:
    """What came of a step: a code of `words.OUTCOMES`, and whether anything was done at all."""

    code: str
    acted: bool = True


@dataclass(frozen=True)
class _Doing:
    """A step being done: for which run, under which key, when."""

    step: Step
    run: Run
    definition: Definition
    at: datetime

    @property
    def actor(self) -> Actor:
        return Actor.system(f"playbook {self.run.playbook.key}")

    @property
    def source(self) -> str:
        return f"playbook:{self.run.playbook.key}"

    def key(self, receiver: UUID | None = None) -> str:
        return f"{self.run.pk}:{self.step.index}" + (f":{receiver}" if receiver else "")


def subject_of(step: Any) -> str:
    """Return what a step is about, by which what was done is counted: the template, the tag, the promise."""
    given = step.given
    return str(getattr(given, "template", "") or getattr(given, "tag", "") or getattr(given, "what", ""))


def stops(run: Run, definition: Definition) -> str:
    """Return why nothing may be done for a run's person any more, as a code of `words.OUTCOMES`; empty if it may."""
    if run.person and run.person.erased_at:
        return "erased"
    if run.application and run.application.state != "active" and not definition.also_after_exit:
        return "exited"
    return ""


def do(step: Step, wanted: Any, *, definition: Definition, at: datetime) -> Outcome:
    """Do a step and return what came of it. Where a run is about nobody, only those who approve can be told or asked.

    Raises:
        Refusal: the service that does it says no.
    """
    is_for_approvers = isinstance(wanted, AskHigherStep) or getattr(wanted.given, "to", "") == "approvers"
    if step.run.person is None and not is_for_approvers:
        return Outcome("nobody", acted=False)
    return _WAYS[type(wanted)](_Doing(step, step.run, definition, at), wanted)


def _send(doing: _Doing, wanted: SendStep) -> Outcome:
    run, given = doing.run, wanted.given
    if given.before_interview and not _interview_lies_ahead(run, doing.at):
        return Outcome("interview_past", acted=False)
    conversation.send_template(
        actor=doing.actor,
        at=doing.at,
        template_key=given.template,
        to_person=run.person_id,
        application_id=run.application_id,
        values=values.for_candidate(run, given, doing.definition),
        business_key=f"playbook:{doing.key()}",
    )
    return Outcome("sent")


def _interview_lies_ahead(run: Run, at: datetime) -> bool:
    interview_id = run.payload.get("interview_id")
    found = interviews.interviews_by_id([UUID(interview_id)]) if interview_id else {}
    return any(interview.is_open and interview.starts_at > at for interview in found.values())


def _promise(doing: _Doing, wanted: PromiseStep) -> Outcome:
    run, given = doing.run, wanted.given
    conversation.make_promise(
        at=doing.at,
        person_id=run.somebody.pk,
        application_id=run.application_id,
        what=given.what,
        due_at=rules.promise_due(given, doing.step.due_at, queries.calendar_for(run)),
        key=f"playbook:{doing.key()}",
    )
    return Outcome("promised")


def _follow_up(doing: _Doing, wanted: FollowUpStep) -> Outcome:
    receivers = _receivers(doing.run, wanted.given.to)
    if not receivers:
        return Outcome("nobody", acted=False)
    opened = [_open(doing, wanted.given, user) for user in receivers]
    return Outcome("opened") if any(opened) else Outcome("settled_before", acted=False)


def _open(doing: _Doing, given: FollowUp, owner: User) -> bool:
    """Put the person into a colleague's queue, unless what settles the line has happened already."""
    run = doing.run
    settles_on = rules.resolved(given.settles_on, run.payload, owner=str(owner.pk))
    names = [*(condition["event"] for condition in settles_on), "today.follow_up.reopened"]
    facts = today_queries.facts_since(run.somebody.pk, run.started_at, names) if settles_on else []
    about = str(run.application_id) if run.application_id else None
    if today_rules.first_match(settles_on, facts, application_id=about):
        return False
    calendar = queries.calendar_for(run)
    shown = values.counted(run, given.evidence.by_language())
    evidence = {"event_id": str(run.event_id), "at": run.started_at.isoformat(), "text": shown}
    today.open_follow_up(
        at=doing.at,
        key=doing.key(owner.pk),
        person_id=run.person_id,
        application_id=run.application_id,
        owner_id=owner.pk,
        reason=today.Reason(
            why=values.counted(run, given.why.by_language()),
            evidence=[evidence],
            suggestion=given.suggestion.by_language() if given.suggestion else {},
        ),
        due_at=given.within.after(doing.at, calendar) if given.within else doing.at,
        action=given.action,
        importance=given.importance,
        subject_id=_subject(run, given.action),
        settles_on=settles_on,
        source=doing.source,
    )
    return True


def _subject(run: Run, action: str) -> UUID | None:
    interview_id = run.payload.get("interview_id")
    return UUID(interview_id) if action == "score" and interview_id else None


def _escalate(doing: _Doing, wanted: EscalateStep) -> Outcome:
    given: Escalate = wanted.given
    owner = _in_charge(doing.run, given.to)
    managers = _active(access.managers_of(owner.pk)) if owner else []
    if not managers:
        return Outcome("nobody", acted=False)
    for manager in managers:
        _open(doing, given, manager)
        _mail(doing, manager, template=given.template, why=given.why.by_language(), owner=owner)
    return Outcome("escalated")


def _notify(doing: _Doing, wanted: NotifyStep) -> Outcome:
    given = wanted.given
    if given.to == "approvers":
        why = values.why_by_language(doing.run, given.why.by_language(), at=doing.at)
        told = letters.remind(
            at=doing.at, step_id=_asked_step(doing.run), template_key=given.template, why=why, key=doing.key()
        )
        return Outcome("notified") if told else Outcome("nobody", acted=False)
    receivers = _receivers(doing.run, given.to)
    for user in receivers:
        _mail(doing, user, template=given.template, why=given.why.by_language(), owner=_in_charge(doing.run, "owner"))
    return Outcome("notified") if receivers else Outcome("nobody", acted=False)


def _ask_higher(doing: _Doing, _wanted: AskHigherStep) -> Outcome:
    added = standing_in.ask_higher(at=doing.at, step_id=_asked_step(doing.run))
    return Outcome("asked_higher") if added else Outcome("nobody", acted=False)


def _asked_step(run: Run) -> UUID:
    """Return the step of a request that a run is about; NotFound if it began with something else."""
    step_id = run.payload.get("step_id")
    if not step_id:
        raise NotFound
    return UUID(step_id)


def _mail(doing: _Doing, user: User, *, template: str, why: dict[str, str], owner: User | None) -> None:
    conversation.send_template(
        actor=doing.actor,
        at=doing.at,
        template_key=template,
        to_user=user.pk,
        about_person=doing.run.person_id,
        application_id=doing.run.application_id,
        values=values.for_user(doing.run, user, why, at=doing.at, owner=owner),
        business_key=f"playbook:{doing.key(user.pk)}",
    )


def _tag(doing: _Doing, wanted: TagStep) -> Outcome:
    person = doing.run.somebody.root
    if wanted.given.tag in person.tags:
        return Outcome("as_it_was", acted=False)
    tags = [*person.tags, wanted.given.tag]
    people.change_person(actor=doing.actor, at=doing.at, person_id=person.pk, changes={}, tags=tags)
    return Outcome("tagged")


def _flag(doing: _Doing, wanted: FlagStep) -> Outcome:
    person = doing.run.somebody.root
    if person.is_key:
        return Outcome("as_it_was", acted=False)
    reason = wanted.given.reason.read(person.language)
    people.mark_key(actor=doing.actor, at=doing.at, person_id=person.pk, is_key=True, reason=reason)
    return Outcome("flagged")


_WAYS: dict[type, Callable[[_Doing, Any], Outcome]] = {
    SendStep: _send,
    PromiseStep: _promise,
    FollowUpStep: _follow_up,
    EscalateStep: _escalate,
    NotifyStep: _notify,
    AskHigherStep: _ask_higher,
    TagStep: _tag,
    FlagStep: _flag,
}


# Who is meant ---------------------------------------------------------------------------------------------------------


def _receivers(run: Run, who: str) -> list[User]:
    if who == "interviewers":
        interview_id = run.payload.get("interview_id")
        if not interview_id:
            raise NotFound
        return _active(interviews.unscored_by(UUID(interview_id)))
    if who == "employee_manager":
        return _managers_of_employee(run)
    owner = _in_charge(run, "owner" if who == "managers" else who)
    if owner is None:
        return []
    return _active(access.managers_of(owner.pk)) if who == "managers" else [owner]


def _managers_of_employee(run: Run) -> list[User]:
    """Return who manages the employment that a run is about: the nearest manager who signs in."""
    employment_id = run.payload.get("employment_id")
    if not employment_id:
        raise NotFound
    for manager in employments.managers_above(UUID(employment_id)):
        found = _active([manager.user_id]) if manager.user_id else []
        if found:
            return found
    return []


def _in_charge(run: Run, who: str) -> User | None:
    """Return the colleague in charge of a run's person: of the stage or the opening, or whoever brought the person in.

    One who has left is stood in for by their manager.
    """
    application = run.application
    if application is None:
        user_id = run.somebody.created_by
    elif who == "stage_owner" and application.stage.owner_id:
        user_id = application.stage.owner_id
    else:
        user_id = application.opening.owner_id
    found = (_active([user_id]) or _active(access.managers_of(user_id))) if user_id else []
    return found[0] if found else None


def _active(user_ids: Iterable[UUID]) -> list[User]:
    wanted = list(user_ids)
    found = access.users_by_id(wanted)
    return [found[user_id] for user_id in wanted if user_id in found and found[user_id].is_active]
