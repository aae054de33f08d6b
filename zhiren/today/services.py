"""Every write to follow-ups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from zhiren.access import queries as access
from zhiren.conversation import services as conversation
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.people import services as people_services
from zhiren.plumbing.models import one
from zhiren.timeline.services import record
from zhiren.today import permissions, queries
from zhiren.today.errors import AlreadySettled, ColleagueMayNotSee, SnoozedIntoThePast
from zhiren.today.events import FollowUpDone, FollowUpHandedOver, FollowUpOpened, FollowUpReopened, FollowUpSnoozed
from zhiren.today.models import FollowUp
from zhiren.today.rules import Fact, matches, rank_at

LONGEST_SNOOZE = timedelta(days=90)


@dataclass(frozen=True)
class Reason:
    """Why somebody is to be contacted, in both languages: what is the matter, what shows it, what one could say."""

    why: Mapping[str, str]
    evidence: Sequence[Mapping[str, Any]] = ()
    suggestion: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def open_follow_up(
    *,
    at: datetime,
    key: str,
    person_id: UUID | None,
    owner_id: UUID,
    reason: Reason,
    due_at: datetime,
    action: str = FollowUp.Action.CALL,
    importance: int = 3,
    application_id: UUID | None = None,
    subject_id: UUID | None = None,
    settles_on: Sequence[Mapping[str, Any]] = (),
    source: str = "by hand",
) -> FollowUp:
    """Put somebody into a colleague's queue and return the line; a `key` used before gives that line back unchanged.

    `importance` is 1 to 5.
    """
    known = queries.with_key(key)
    if known is not None:
        return known
    follow_up = FollowUp(
        key=key,
        person_id=person_id,
        application_id=application_id,
        owner_id=owner_id,
        why=dict(reason.why),
        evidence=[dict(entry) for entry in reason.evidence],
        suggestion=dict(reason.suggestion),
        action=action,
        subject_id=subject_id,
        importance=importance,
        due_at=due_at,
        rank_at=due_at,
        created_at=at,
        settles_on=[dict(condition) for condition in settles_on],
        source=source,
    )
    follow_up.rank_at = _rank(follow_up)
    # Two that open the same line at once get the same line: the loser waits for the winner's and is given it.
    FollowUp.objects.bulk_create([follow_up], ignore_conflicts=True)
    saved: FollowUp = FollowUp.objects.get(key=key)
    if saved.pk == follow_up.pk:
        record(
            FollowUpOpened(
                person_id=person_id,
                at=at,
                follow_up_id=saved.pk,
                application_id=application_id,
                owner_id=owner_id,
                key=key,
                source=source,
            )
        )
    return saved


def _rank(follow_up: FollowUp) -> datetime:
    return rank_at(
        follow_up.due_at,
        importance=follow_up.importance,
        is_key=follow_up.is_key,
        calendar=queries.calendar_for(follow_up),
    )


@transaction.atomic
def finish(*, actor: Actor, at: datetime, follow_up_id: UUID, note: str = "", called: bool = False) -> FollowUp:
    """Say that it was done. What was talked about is kept with the person, as a call if it was one.

    Whoever was `called` has heard from us: what was promised to them is kept.

    Raises:
        AlreadySettled: it was done before.
    """
    follow_up = queries.lock_follow_up(actor, follow_up_id)
    if follow_up.state == FollowUp.State.DONE:
        raise AlreadySettled
    _settle(follow_up, at=at, by=actor.user_id, how=FollowUp.How.BY_HAND)
    if follow_up.person_id is None:
        return follow_up
    if note.strip():
        kind = "call" if called else "note"
        people_services.write_note(actor=actor, at=at, person_id=follow_up.person_id, text=note, kind=kind)
    if called:
        conversation.keep_promises(at=at, person_id=follow_up.person_id, application_id=follow_up.application_id)
    return follow_up


@transaction.atomic
def finish_by_mail(
    *, actor: Actor, at: datetime, follow_up_id: UUID, subject: str, body: str, business_key: str
) -> FollowUp:
    """Write to the person by hand, and that is it done. The same `business_key` writes once.

    Raises:
        AlreadySettled: it was done before; nothing was sent.
        Refusal: the mail says nothing, is too long, or there is no address.
    """
    follow_up = queries.lock_follow_up(actor, follow_up_id)
    if follow_up.person_id is None:
        raise NotFound
    if follow_up.state == FollowUp.State.DONE:
        raise AlreadySettled
    conversation.write_message(
        actor=actor,
        at=at,
        person_id=follow_up.person_id,
        application_id=follow_up.application_id,
        subject=subject,
        body=body,
        business_key=business_key,
    )
    _settle(follow_up, at=at, by=actor.user_id, how=FollowUp.How.BY_HAND)
    return follow_up


def _settle(follow_up: FollowUp, *, at: datetime, by: UUID | None, how: str) -> None:
    follow_up.state, follow_up.snoozed_until = FollowUp.State.DONE, None
    follow_up.settled_at, follow_up.settled_by_id, follow_up.settled_how = at, by, how
    follow_up.save(update_fields=["state", "snoozed_until", "settled_at", "settled_by", "settled_how"])
    record(
        FollowUpDone(
            person_id=follow_up.person_id,
            at=at,
            by=by,
            follow_up_id=follow_up.pk,
            application_id=follow_up.application_id,
            owner_id=follow_up.owner_id,
            key=follow_up.key,
            source=follow_up.source,
            how=how,
        )
    )


@transaction.atomic
def reopen(*, actor: Actor, at: datetime, follow_up_id: UUID) -> FollowUp:
    """Take back "done" or "later": it waits again, as urgent as before. What waits already stays as it is."""
    follow_up = queries.lock_follow_up(actor, follow_up_id)
    if follow_up.state == FollowUp.State.OPEN:
        return follow_up
    follow_up.state, follow_up.snoozed_until = FollowUp.State.OPEN, None
    follow_up.settled_at, follow_up.settled_by_id, follow_up.settled_how = None, None, ""
    follow_up.save(update_fields=["state", "snoozed_until", "settled_at", "settled_by", "settled_how"])
    record(
        FollowUpReopened(
            person_id=follow_up.person_id,
            at=at,
            by=actor.user_id,
            follow_up_id=follow_up.pk,
            application_id=follow_up.application_id,
            key=follow_up.key,
        )
    )
    return follow_up


@transaction.atomic
def snooze(*, actor: Actor, at: datetime, follow_up_id: UUID, until: datetime) -> FollowUp:
    """Let it wait until later; its time limit stays.

    Raises:
        SnoozedIntoThePast: `until` is not after `at`, or more than 90 days away.
        AlreadySettled: it was done before.
    """
    if not at < until <= at + LONGEST_SNOOZE:
        raise SnoozedIntoThePast
    follow_up = queries.lock_follow_up(actor, follow_up_id)
    if follow_up.state == FollowUp.State.DONE:
        raise AlreadySettled
    follow_up.state, follow_up.snoozed_until = FollowUp.State.SNOOZED, until
    follow_up.save(update_fields=["state", "snoozed_until"])
    record(
        FollowUpSnoozed(
            person_id=follow_up.person_id,
            at=at,
            by=actor.user_id,
            follow_up_id=follow_up.pk,
            application_id=follow_up.application_id,
            key=follow_up.key,
            until=until,
        )
    )
    return follow_up


@transaction.atomic
def hand_over(*, actor: Actor, at: datetime, follow_up_id: UUID, to_id: UUID) -> FollowUp:
    """Give it to a colleague, who must be one who may see the person, or what it is about instead, anyway.

    Raises:
        ColleagueMayNotSee: they may not.
        AlreadySettled: it was done before.
    """
    follow_up = queries.lock_follow_up(actor, follow_up_id)
    if follow_up.state == FollowUp.State.DONE:
        raise AlreadySettled
    colleague = one(access.colleagues(actor), to_id)
    receiver = access.actor_of(colleague)
    if not queries.may_see_subject(receiver, follow_up) or not receiver.may(permissions.USE):
        raise ColleagueMayNotSee(name=colleague.name)
    before = follow_up.owner_id
    if before == colleague.pk:
        return follow_up
    follow_up.owner = colleague
    follow_up.state, follow_up.snoozed_until = FollowUp.State.OPEN, None
    follow_up.save(update_fields=["owner", "state", "snoozed_until"])
    record(
        FollowUpHandedOver(
            person_id=follow_up.person_id,
            at=at,
            by=actor.user_id,
            follow_up_id=follow_up.pk,
            application_id=follow_up.application_id,
            key=follow_up.key,
            from_id=before,
            to_id=colleague.pk,
        )
    )
    return follow_up


@transaction.atomic
def settle_by(*, person_id: UUID, at: datetime, by: UUID | None, fact: Fact) -> int:
    """Settle what a fact about a person makes needless; return how many lines left the queue.

    What happened before a line was opened does not settle it.
    """
    settled = 0
    for follow_up in queries.open_for(person_id).select_for_update(of=("self",)):
        about = str(follow_up.application_id) if follow_up.application_id else None
        if fact.at >= follow_up.created_at and any(
            matches(condition, fact, application_id=about) for condition in follow_up.settles_on
        ):
            _settle(follow_up, at=at, by=by, how=FollowUp.How.BY_EVENT)
            settled += 1
    return settled


@transaction.atomic
def settle_about(*, subject_id: UUID, at: datetime, by: UUID | None = None) -> int:
    """Settle what was opened about something that is no person up to a moment; return how many lines left the queue."""
    settled = 0
    for follow_up in queries.open_about_subject(subject_id, until=at).select_for_update(of=("self",)):
        _settle(follow_up, at=at, by=by, how=FollowUp.How.BY_EVENT)
        settled += 1
    return settled


@transaction.atomic
def weigh_again(*, person_id: UUID) -> None:
    """Order a person's lines anew after they became a key candidate, or are one no longer."""
    for follow_up in queries.open_for(person_id).select_related("person__merged_into", "application__opening"):
        follow_up.rank_at = _rank(follow_up)
        follow_up.save(update_fields=["rank_at"])


def wake(at: datetime) -> int:
    """Put back into the queue what was to wait until now; return how many lines."""
    rows = FollowUp.objects.filter(state=FollowUp.State.SNOOZED, snoozed_until__lte=at)
    return rows.update(state=FollowUp.State.OPEN, snoozed_until=None)
