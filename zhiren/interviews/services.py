"""Every write to interviews and scorecards."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext, pgettext

from zhiren.interviews import permissions, queries, rules
from zhiren.interviews.errors import (
    InterviewerBusy,
    InterviewOver,
    NobodyInterviews,
    NotBegun,
    ReasonMissing,
    ScorecardIncomplete,
    ScorecardSent,
    ScoredAlready,
    TimeImpossible,
    UnknownRating,
)
from zhiren.interviews.events import (
    InterviewArranged,
    InterviewCancelled,
    InterviewChanged,
    InterviewCompleted,
    InterviewHeld,
    ScorecardSubmitted,
)
from zhiren.interviews.models import Interview, Interviewer, Scorecard, ScorecardTemplate
from zhiren.kernel import yamls
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.people.vault import open_vault
from zhiren.plumbing.models import one
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting.errors import ApplicationEnded
from zhiren.timeline.services import record

_SHIPPED = Path(__file__).parent / "shipped"
_LONGEST_TEXT = 2000


def default_template() -> ScorecardTemplate:
    """Return the scorecard that is used unless another is chosen; without any, the shipped one is put in place."""
    found = ScorecardTemplate.objects.filter(is_default=True).first()
    if found is None:
        shipped = yamls.load((_SHIPPED / "general.yaml").read_text(encoding="utf-8"))
        found = ScorecardTemplate.objects.get_or_create(
            key=shipped.pop("key"), defaults={**shipped, "is_default": True}
        )[0]
    return found


@transaction.atomic
def arrange_interview(
    *,
    actor: Actor,
    at: datetime,
    application_id: UUID,
    kind: str,
    round_name: str,
    starts_at: datetime,
    minutes: int,
    zone: str,
    interviewer_ids: Sequence[UUID],
    place: str = "",
    template_id: UUID | None = None,
) -> Interview:
    """Give an interview a time and interviewers, the leading one first; a time in the past writes down one that was.

    Raises:
        ApplicationEnded: the application has ended.
        TimeImpossible: the time, length or zone makes no sense.
        NobodyInterviews: no interviewer is named, or one is no active user.
        InterviewerBusy: one of them is in another interview then. Of two bookings at once, the second is refused.
    """
    actor.require(permissions.ARRANGE)
    application = recruiting.get_application(actor, application_id)
    if application.state != "active":
        raise ApplicationEnded
    ends_at = _end_of(starts_at, minutes, zone, at)
    people_ids = _interviewers(actor, interviewer_ids)
    _keep_free(people_ids, starts_at, ends_at, zone)
    template = one(ScorecardTemplate.objects.all(), template_id) if template_id else default_template()
    interview = Interview.objects.create(
        application=application,
        opening_id=application.opening_id,
        template=template,
        kind=Interview.Kind(kind),
        round_name=_line(round_name, 60) or gettext("Interview"),
        starts_at=starts_at,
        ends_at=ends_at,
        zone=zone,
        place=_line(place, 300),
        created_at=at,
        created_by_id=actor.user_id,
    )
    _put_on_panel(interview, people_ids)
    record(InterviewArranged(**_about(interview), at=at, by=actor.user_id))
    if ends_at <= at:
        _hold(interview, at)
    return interview


@transaction.atomic
def change_interview(
    *,
    actor: Actor,
    at: datetime,
    interview_id: UUID,
    kind: str | None = None,
    round_name: str | None = None,
    starts_at: datetime | None = None,
    minutes: int | None = None,
    zone: str | None = None,
    interviewer_ids: Sequence[UUID] | None = None,
    place: str | None = None,
) -> Interview:
    """Change what is named of an interview. Taking off the last interviewer who has not scored completes it.

    Raises:
        InterviewOver: it is completed or cancelled.
        ScoredAlready: somebody has scored it, and this would change its time or take them off.
        TimeImpossible, NobodyInterviews, InterviewerBusy: as when it was arranged.
    """
    interview = queries.lock_interview(queries.interviews_arranged_by(actor), interview_id)
    if not interview.is_open:
        raise InterviewOver
    before = {
        name: getattr(interview, name) for name in ("kind", "round_name", "starts_at", "ends_at", "zone", "place")
    }
    panel = list(interview.interviewers.order_by("position", "id").values_list("user_id", flat=True))
    starts_at, zone = starts_at or interview.starts_at, zone or interview.zone
    ends_at = _end_of(starts_at, minutes or interview.minutes, zone, at)
    people_ids = panel if interviewer_ids is None else _interviewers(actor, interviewer_ids)
    sent = set(interview.scorecards.filter(submitted_at__isnull=False).values_list("user_id", flat=True))
    moved = (starts_at, ends_at) != (interview.starts_at, interview.ends_at)
    if sent and (moved or sent - set(people_ids)):
        raise ScoredAlready
    _keep_free(people_ids, starts_at, ends_at, zone, but=interview.pk)
    interview.starts_at, interview.ends_at, interview.zone = starts_at, ends_at, zone
    interview.kind = Interview.Kind(kind) if kind else interview.kind
    interview.round_name = _line(round_name or "", 60) or interview.round_name
    interview.place = interview.place if place is None else _line(place, 300)
    if ends_at > at and not sent:
        interview.state = Interview.State.ARRANGED
    changed = [name for name, value in before.items() if getattr(interview, name) != value]
    if people_ids != panel:
        changed.append("interviewers")
    if not changed:
        return interview
    interview.save()
    if people_ids != panel or moved:
        interview.interviewers.all().delete()
        interview.scorecards.exclude(user_id__in=people_ids).delete()
        _put_on_panel(interview, people_ids)
    record(InterviewChanged(**_about(interview), at=at, by=actor.user_id, fields=tuple(changed)))
    if interview.state == Interview.State.ARRANGED and ends_at <= at:
        _hold(interview, at)
    _complete_if_all_sent(interview, actor, at)
    return interview


@transaction.atomic
def cancel_interview(*, actor: Actor, at: datetime, interview_id: UUID, reason: str) -> Interview:
    """Call an interview off; its interviewers are free again. `reason` is a code of Interview.CancelReason.

    Raises:
        InterviewOver: it is completed or cancelled already.
        ScoredAlready: somebody has scored it, so it took place.
    """
    interview = queries.lock_interview(queries.interviews_arranged_by(actor), interview_id)
    if not interview.is_open:
        raise InterviewOver
    if interview.scorecards.filter(submitted_at__isnull=False).exists():
        raise ScoredAlready
    _cancel(interview, actor, at, Interview.CancelReason(reason))
    return interview


@transaction.atomic
def reinstate_interview(*, actor: Actor, at: datetime, interview_id: UUID) -> Interview:
    """Take back a cancellation; InterviewerBusy when an interviewer has been booked otherwise since."""
    interview = queries.lock_interview(queries.interviews_arranged_by(actor), interview_id)
    if interview.state != Interview.State.CANCELLED:
        return interview
    if interview.application.state != "active":
        raise ApplicationEnded
    panel = list(interview.interviewers.values_list("user_id", flat=True))
    _keep_free(panel, interview.starts_at, interview.ends_at, interview.zone, but=interview.pk)
    interview.state, interview.cancel_reason = Interview.State.ARRANGED, ""
    interview.save(update_fields=["state", "cancel_reason"])
    interview.interviewers.update(is_active=True)
    record(InterviewArranged(**_about(interview), at=at, by=actor.user_id))
    if interview.ends_at <= at:
        _hold(interview, at)
    return interview


@transaction.atomic
def cancel_for_ended_application(*, at: datetime, application_id: UUID) -> None:
    """Call off what was still arranged for an application that has ended."""
    system = Actor.system("application ended")
    rows = Interview.objects.select_for_update(of=("self",)).select_related("application")
    for interview in rows.filter(
        application_id=application_id, application__state="exited", state=Interview.State.ARRANGED
    ):
        _cancel(interview, system, at, Interview.CancelReason.ENDED)


def hold_ended(at: datetime) -> int:
    """Note of every arranged interview whose time has passed that it was held; return how many."""
    ended = list(
        Interview.objects.filter(state=Interview.State.ARRANGED, ends_at__lte=at)
        .order_by("ends_at")
        .values_list("pk", flat=True)[:1000]
    )
    held = 0
    for interview_id in ended:
        with transaction.atomic():
            rows = Interview.objects.select_for_update(of=("self",), skip_locked=True).select_related("application")
            interview = rows.filter(pk=interview_id, state=Interview.State.ARRANGED, ends_at__lte=at).first()
            if interview is not None:
                _hold(interview, at)
                held += 1
    return held


@transaction.atomic
def save_draft(
    *,
    actor: Actor,
    at: datetime,
    interview_id: UUID,
    ratings: Mapping[str, int],
    evidence: Mapping[str, str],
    verdict: str = "",
    summary_for_candidate: str = "",
    concerns: str = "",
) -> Scorecard:
    """Keep what an interviewer has entered so far, in place of the draft before.

    Raises:
        ScorecardSent: it was sent already.
        UnknownRating: a rating is not one of the card's.
    """
    card = _lock_own_card(actor, interview_id)
    words = queries.CardWords(evidence=evidence, strengths=summary_for_candidate, concerns=concerns)
    _fill(card, at, ratings=ratings, words=words, verdict=verdict)
    card.save()
    return card


@transaction.atomic
def submit_scorecard(
    *,
    actor: Actor,
    at: datetime,
    interview_id: UUID,
    ratings: Mapping[str, int],
    evidence: Mapping[str, str],
    verdict: str,
    summary_for_candidate: str = "",
    concerns: str = "",
) -> Scorecard:
    """Send an interviewer's scorecard, for good. The last one completes the interview.

    `ratings` gives every attribute 1 to 4, or 0 for not asked. `summary_for_candidate` reaches the candidate as it is.

    Raises:
        NotBegun: the interview has not begun.
        ScorecardSent: it was sent already.
        ScorecardIncomplete: an attribute or the verdict is missing.
        ReasonMissing: a strong no without a reason.
        UnknownRating: a rating is not one of the card's.
    """
    card = _lock_own_card(actor, interview_id)
    interview = card.interview
    if at < interview.starts_at:
        raise NotBegun
    words = queries.CardWords(evidence=evidence, strengths=summary_for_candidate, concerns=concerns)
    _fill(card, at, ratings=ratings, words=words, verdict=verdict)
    missing = [
        rules.in_language(attribute["name"], actor.language)
        for attribute in rules.unrated(card.attributes, card.ratings)
    ]
    if not card.verdict:
        missing.append(gettext("the verdict"))
    if missing:
        raise ScorecardIncomplete(missing=pgettext("list", ", ").join(missing))
    if (
        card.verdict == Scorecard.Verdict.STRONG_NO
        and not concerns.strip()
        and not any(text.strip() for text in evidence.values())
    ):
        raise ReasonMissing
    card.submitted_at = at
    card.save()
    if interview.state == Interview.State.ARRANGED:
        _hold(interview, at)
    record(
        ScorecardSubmitted(
            person_id=interview.application.person_id,
            at=at,
            by=actor.user_id,
            interview_id=interview.pk,
            application_id=interview.application_id,
            scorecard_id=card.pk,
            interviewer_id=card.user_id,
            verdict=card.verdict,
        )
    )
    _complete_if_all_sent(interview, actor, at)
    return card


def _about(interview: Interview) -> dict[str, UUID]:
    application = interview.application
    return {
        "person_id": application.person_id,
        "interview_id": interview.pk,
        "application_id": application.pk,
        "opening_id": application.opening_id,
    }


def _end_of(starts_at: datetime, minutes: int, zone: str, at: datetime) -> datetime:
    length = timedelta(minutes=max(0, min(minutes, 100_000)))
    if not rules.is_possible(starts_at=starts_at, length=length, zone=zone, at=at):
        raise TimeImpossible
    return starts_at + length


def _interviewers(actor: Actor, interviewer_ids: Sequence[UUID]) -> list[UUID]:
    wanted = list(dict.fromkeys(interviewer_ids))
    found = queries.colleagues_by_id(actor, wanted)
    if not found or len(found) != len(wanted):
        raise NobodyInterviews
    return [user.pk for user in found]


def _keep_free(
    user_ids: Sequence[UUID], starts_at: datetime, ends_at: datetime, zone: str, *, but: UUID | None = None
) -> None:
    queries.lock_calendars(user_ids)
    booked = queries.clash(user_ids, starts_at, ends_at, but=but)
    if booked:
        tz = ZoneInfo(zone)
        when = f"{booked.starts_at.astimezone(tz):%m-%d %H:%M}–{booked.ends_at.astimezone(tz):%H:%M}"
        raise InterviewerBusy(name=booked.user.name, when=when)


def _put_on_panel(interview: Interview, user_ids: Sequence[UUID]) -> None:
    Interviewer.objects.bulk_create(
        [
            Interviewer(
                interview=interview,
                user_id=user_id,
                position=position,
                starts_at=interview.starts_at,
                ends_at=interview.ends_at,
            )
            for position, user_id in enumerate(user_ids)
        ]
    )
    have = set(interview.scorecards.values_list("user_id", flat=True))
    attributes = interview.template.attributes
    Scorecard.objects.bulk_create(
        [
            Scorecard(interview=interview, user_id=user_id, attributes=attributes)
            for user_id in user_ids
            if user_id not in have
        ]
    )


def _hold(interview: Interview, at: datetime) -> None:
    interview.state = Interview.State.HELD
    interview.save(update_fields=["state"])
    record(InterviewHeld(**_about(interview), at=min(interview.ends_at, at)))


def _cancel(interview: Interview, actor: Actor, at: datetime, reason: Interview.CancelReason) -> None:
    interview.state, interview.cancel_reason = Interview.State.CANCELLED, reason
    interview.save(update_fields=["state", "cancel_reason"])
    interview.interviewers.update(is_active=False)
    record(InterviewCancelled(**_about(interview), at=at, by=actor.user_id, reason=str(reason)))


def _complete_if_all_sent(interview: Interview, actor: Actor, at: datetime) -> None:
    cards = list(interview.scorecards.values_list("verdict", "submitted_at"))
    if not cards or interview.state != Interview.State.HELD or not all(sent for _verdict, sent in cards):
        return
    verdict = rules.roll_up([verdict for verdict, _sent in cards])
    interview.state, interview.verdict, interview.completed_at = Interview.State.COMPLETED, verdict, at
    interview.save(update_fields=["state", "verdict", "completed_at"])
    record(
        InterviewCompleted(**_about(interview), at=at, by=actor.user_id, verdict=verdict, passed=rules.is_pass(verdict))
    )


def _lock_own_card(actor: Actor, interview_id: UUID) -> Scorecard:
    actor.require(permissions.SCORE)
    if actor.user_id is None:  # the system holds no interviews
        raise NotFound
    interview = queries.lock_interview(queries.only_held_by(Interview.objects.all(), actor), interview_id)
    card: Scorecard = interview.scorecards.get(user_id=actor.user_id)
    card.interview = interview
    if card.submitted_at:
        raise ScorecardSent
    if not interview.is_open:
        raise InterviewOver
    return card


def _fill(card: Scorecard, at: datetime, *, ratings: Mapping[str, int], words: queries.CardWords, verdict: str) -> None:
    if not rules.known_ratings(card.attributes, ratings) or (verdict and verdict not in Scorecard.Verdict.values):
        raise UnknownRating
    codes = {attribute["code"] for attribute in card.attributes}
    kept = queries.CardWords(
        evidence={code: _text(text) for code, text in words.evidence.items() if code in codes and text.strip()},
        strengths=_text(words.strengths),
        concerns=_text(words.concerns),
    )
    card.ratings, card.verdict, card.saved_at = dict(ratings), verdict, at
    card.words_sealed = queries.seal_words(open_vault(card.interview.application.person_id), card, kept)


def _text(text: str) -> str:
    """Return text without control characters other than line breaks, cut to length."""
    return "".join(character for character in text if character.isprintable() or character == "\n").strip()[
        :_LONGEST_TEXT
    ]


def _line(text: str, longest: int) -> str:
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())[:longest]
