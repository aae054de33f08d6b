"""Every read of interviews and scorecards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext, override

from zhiren.access import queries as access
from zhiren.access import rules as access_rules
from zhiren.interviews import permissions, rules
from zhiren.interviews.models import Interview, Interviewer, Scorecard, ScorecardTemplate
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.people import queries as people
from zhiren.people.vault import Vault, open_vault
from zhiren.plumbing.models import one
from zhiren.plumbing.rights import MOMENT, Sql, answer, per_rights, totals_of
from zhiren.recruiting import permissions as recruiting_permissions
from zhiren.recruiting import queries as recruiting

if TYPE_CHECKING:
    from zhiren.access.models import User
    from zhiren.people.models import Person
    from zhiren.recruiting.models import Application

_WORDS_CELL = "interviews_scorecard|words_sealed"


def _held_by(actor: Actor) -> QuerySet[Interviewer]:
    return Interviewer.objects.filter(user_id=actor.user_id) if actor.user_id else Interviewer.objects.none()


def _unsent_by(actor: Actor) -> QuerySet[Scorecard]:
    rows = Scorecard.objects.filter(submitted_at__isnull=True)
    return rows.filter(user_id=actor.user_id) if actor.user_id else rows.none()


def interviews_visible_to(actor: Actor) -> QuerySet[Interview]:
    """Return the interviews this actor may see: those they hold, and those of candidates they may see."""
    reach = actor.reach(permissions.VIEW)
    rows = Interview.objects.all()
    if reach.everything:
        return rows
    if not reach:
        return rows.none()
    return rows.filter(
        Q(Exists(_held_by(actor).filter(interview_id=OuterRef("pk"))))
        | Q(opening__in=recruiting.openings_with_candidates(actor).values("pk"))
    )


def interviews_arranged_by(actor: Actor) -> QuerySet[Interview]:
    """Return the interviews this actor may change: those of candidates they may see, if they may arrange at all."""
    if not actor.may(permissions.ARRANGE):
        return Interview.objects.none()
    return Interview.objects.filter(application__in=recruiting.applications_visible_to(actor).values("pk"))


def _persons_interviewed(actor: Actor) -> Q:
    met = _held_by(actor).filter(is_active=True)
    return Q(Exists(met.filter(interview__application__person_id=OuterRef("pk"))))


people.doors.add("interviews", _persons_interviewed)


def told(rows: QuerySet[Interview], actor: Actor) -> QuerySet[Interview]:
    """Return the rows with all that a line of a list shows: two queries, however many rows."""
    mine = _unsent_by(actor).filter(interview=OuterRef("pk"))
    cards = Scorecard.objects.filter(interview=OuterRef("pk"))
    rows = rows.select_related("application__person__merged_into", "application__opening")
    rows = rows.annotate(is_mine_to_score=Exists(mine), cards_sent_at=ArraySubquery(cards.values("submitted_at")))  # type: ignore[no-redef]  # the model tells its type
    return rows.prefetch_related(panel())


def panel() -> Prefetch[Any]:
    """Return what fetches who holds interviews, for `prefetch_related`."""
    return Prefetch(
        "interviewers", Interviewer.objects.select_related("user").order_by("position", "id"), to_attr="panel"
    )


def get_interview(actor: Actor, interview_id: UUID) -> Interview:
    """Return one interview with candidate, opening and interviewers; NotFound if it is not there or not theirs."""
    return one(told(interviews_visible_to(actor), actor).select_related("application__stage"), interview_id)


def may_arrange(actor: Actor, interview: Interview) -> bool:
    """Tell whether the actor may change or cancel this interview."""
    return interviews_arranged_by(actor).filter(pk=interview.pk).exists()


def get_interview_to_change(actor: Actor, interview_id: UUID) -> Interview:
    """Return one interview that the actor may change; NotFound as ever."""
    return one(told(interviews_arranged_by(actor), actor).select_related("application__stage"), interview_id)


def lock_interview(rows: QuerySet[Interview], interview_id: UUID) -> Interview:
    """Return one interview among the rows, locked until the transaction ends."""
    locked = Interview.objects.select_for_update(of=("self",)).select_related("application")
    return one(locked.filter(pk__in=rows.values("pk")), interview_id)


def lock_calendars(user_ids: Iterable[UUID]) -> None:
    """Hold these users' calendars until the transaction ends: of two bookings at once, the second sees the first."""
    with connection.cursor() as cursor:
        for user_id in sorted(set(user_ids)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"interviewer|{user_id}"])


def clash(
    user_ids: Sequence[UUID], starts_at: datetime, ends_at: datetime, *, but: UUID | None = None
) -> Interviewer | None:
    """Return the first booking of one of these users that overlaps, leaving one interview out of account."""
    rows = Interviewer.objects.filter(
        user_id__in=user_ids, is_active=True, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    return (rows.exclude(interview_id=but) if but else rows).select_related("user").order_by("starts_at").first()


def interviews_between(actor: Actor, start: datetime, end: datetime) -> QuerySet[Interview]:
    """Return the visible interviews that begin in a period and were not cancelled, earliest first."""
    rows = (
        interviews_visible_to(actor)
        .filter(starts_at__gte=start, starts_at__lt=end)
        .exclude(state=Interview.State.CANCELLED)
    )
    return told(rows, actor).order_by("starts_at", "id")


def only_held_by(rows: QuerySet[Interview], actor: Actor) -> QuerySet[Interview]:
    """Return those of the rows that the actor holds."""
    return rows.filter(pk__in=_held_by(actor).values("interview_id"))


def waiting_for(actor: Actor) -> QuerySet[Scorecard]:
    """Return the scorecards for which held interviews wait for this actor."""
    return _unsent_by(actor).filter(interview__state=Interview.State.HELD)


def next_to_score(actor: Actor) -> Interview | None:
    """Return the held interview that has waited longest for this actor's scorecard."""
    rows = Interview.objects.filter(state=Interview.State.HELD, pk__in=_unsent_by(actor).values("interview_id"))
    return told(rows, actor).order_by("ends_at", "id").first()


def interviews_of(actor: Actor, person_id: UUID) -> QuerySet[Interview]:
    """Return a visible person's interviews that the actor may see, newest first."""
    ids = people.same_person_ids(people.get_person(actor, person_id).pk)
    rows = interviews_visible_to(actor).filter(application__person_id__in=ids)
    return told(rows, actor).order_by("-starts_at", "-id")


def interviews_side_by_side(actor: Actor, person_ids: Iterable[UUID]) -> list[tuple[Person, list[Interview]]]:
    """Return the newest interviews of each of these persons that the actor may see; in the order asked for.

    Whoever the actor may not see is left out. The same number of queries for any number of persons.
    """
    wanted = list(dict.fromkeys(person_ids))
    persons = people.persons_visible_to(actor).in_bulk(wanted)
    under = people.same_persons_ids(persons)
    rows = interviews_visible_to(actor).filter(application__person_id__in=list(under)).select_related("application")
    found: dict[UUID, list[Interview]] = {person_id: [] for person_id in persons}
    for row in rows.order_by("-starts_at", "-id")[:100]:
        found[under[row.application.person_id]].append(row)
    return [(persons[person_id], found[person_id]) for person_id in wanted if person_id in persons]


def interviews_by_id(interview_ids: Iterable[UUID]) -> dict[UUID, Interview]:
    """Return interviews by id, whoever asks: for telling events of somebody whom the reader may see."""
    return Interview.objects.in_bulk(list(interview_ids))


def interviewers_of(interview_id: UUID) -> list[User]:
    """Return who holds an interview, the one who leads it first, whoever asks: for messages and follow-ups."""
    rows = Interviewer.objects.filter(interview_id=interview_id).select_related("user").order_by("position", "id")
    return [row.user for row in rows]


def unscored_by(interview_id: UUID) -> list[UUID]:
    """Return the interviewers whose scorecards an interview still lacks."""
    rows = Scorecard.objects.filter(interview_id=interview_id, submitted_at__isnull=True)
    return list(rows.order_by("id").values_list("user_id", flat=True))


@dataclass(frozen=True)
class CardWords:
    """What an interviewer wrote: evidence by attribute, words for the candidate, concerns for colleagues only."""

    evidence: Mapping[str, str] = field(default_factory=dict)
    strengths: str = ""
    concerns: str = ""


def seal_words(vault: Vault, card: Scorecard, words: CardWords) -> bytes:
    """Return the words sealed for their cell."""
    plain = {"evidence": dict(words.evidence), "strengths": words.strengths, "concerns": words.concerns}
    return vault.seal(json.dumps(plain, ensure_ascii=False), cell=_WORDS_CELL, row=card.pk)


def open_words(vault: Vault, card: Scorecard) -> CardWords:
    """Return what an interviewer wrote; nothing yet on a fresh card."""
    if card.words_sealed is None:
        return CardWords()
    return CardWords(**json.loads(vault.open(card.words_sealed, cell=_WORDS_CELL, row=card.pk)))


@dataclass(frozen=True)
class OwnCard:
    """The actor's own scorecard with what is on it so far."""

    card: Scorecard
    words: CardWords


def get_own_card(actor: Actor, interview_id: UUID) -> OwnCard:
    """Return the actor's scorecard with its interview and candidate; NotFound when they do not hold the interview."""
    if actor.user_id is None or not actor.may(permissions.SCORE):
        raise NotFound
    rows = Scorecard.objects.filter(interview_id=interview_id, user_id=actor.user_id)
    rows = rows.exclude(interview__state=Interview.State.CANCELLED)
    card = rows.select_related("interview__application__person__merged_into", "interview__application__opening").first()
    if card is None:
        raise NotFound
    return OwnCard(card, open_words(open_vault(card.interview.application.person_id), card))


@dataclass(frozen=True)
class Rated:
    """One attribute of a sent scorecard: 0 stands for not asked."""

    name: str
    rating: int
    anchor: str
    evidence: str


@dataclass(frozen=True)
class CardShown:
    """One interviewer's card as a colleague sees it. Until `is_open` nothing of it is told but whether it was sent."""

    user: User
    leads: bool
    submitted_at: datetime | None
    is_mine: bool
    is_open: bool = False
    verdict: str = ""
    verdict_label: str = ""
    mean: float | None = None
    ratings: Sequence[Rated] = ()
    strengths: str = ""
    concerns: str = ""


@dataclass(frozen=True)
class Findings:
    """An interview's cards as the actor may see them, and what the candidate is told (empty if not theirs)."""

    cards: Sequence[CardShown]
    told: Sequence[str] = ()


def findings_shown_to(actor: Actor, interview: Interview) -> Findings:
    """Return what was found in a visible interview, one card per interviewer.

    Whoever holds the interview sees the others' cards only after sending their own.
    """
    cards = {card.user_id: card for card in Scorecard.objects.filter(interview=interview)}
    own = cards.get(actor.user_id) if actor.user_id else None
    hidden = own is not None and own.submitted_at is None
    person = interview.application.person.root
    vault = None if hidden or not any(card.submitted_at for card in cards.values()) else open_vault(person.pk)
    shown = [_shown(row, cards.get(row.user_id), vault, actor) for row in interview.panel]
    told: list[str] = []
    if vault and actor.may(recruiting_permissions.VIEW_CANDIDATES):
        told = _summary([card for card in cards.values() if card.submitted_at], vault, person.language)
    return Findings(shown, told)


def _shown(row: Interviewer, card: Scorecard | None, vault: Vault | None, actor: Actor) -> CardShown:
    sent = card.submitted_at if card else None
    leads, is_mine = row.position == 0, row.user_id == actor.user_id
    if card is None or sent is None or vault is None:
        return CardShown(row.user, leads, sent, is_mine)
    words = open_words(vault, card)
    return CardShown(
        row.user,
        leads,
        sent,
        is_mine,
        is_open=True,
        verdict=card.verdict,
        verdict_label=str(card.get_verdict_display()),
        mean=rules.mean_rating(card.ratings),
        ratings=_rated(card, words, actor.language),
        strengths=words.strengths,
        concerns=words.concerns,
    )


def _rated(card: Scorecard, words: CardWords, language: str) -> list[Rated]:
    found = []
    for attribute in card.attributes:
        rating = card.ratings.get(attribute["code"], rules.NOT_ASKED)
        anchor = rules.in_language(attribute["anchors"][rating - 1], language) if rating else ""
        found.append(
            Rated(
                rules.in_language(attribute["name"], language),
                rating,
                anchor,
                words.evidence.get(attribute["code"], ""),
            )
        )
    return found


def summary_for_candidate(interview_id: UUID, language: str) -> str:
    """Return what a candidate is told about an interview, one bullet a line; "" before anybody sent a scorecard.

    It holds no scores, no verdict and no concerns; the same scorecards give the same words.
    """
    interview = one(Interview.objects.select_related("application"), interview_id)
    cards = list(Scorecard.objects.filter(interview=interview, submitted_at__isnull=False))
    lines = _summary(cards, open_vault(interview.application.person_id), language) if cards else []
    return "\n".join(f"• {line}" for line in lines)


def _summary(cards: Sequence[Scorecard], vault: Vault, language: str) -> list[str]:
    with override(language):
        talked_about = gettext("We talked with you about %s.")
    told = [
        rules.CardForCandidate(card.attributes, card.ratings, open_words(vault, card).strengths)
        for card in sorted(cards, key=lambda card: (str(card.submitted_at), card.pk))
    ]
    return rules.words_for_candidate(told, language, talked_about=talked_about)


def feedback(
    actor: Actor, *, since: datetime, until: datetime, within: timedelta = timedelta(hours=24)
) -> rules.Feedback:
    """Return how many scorecards were due by `until`, and how many came in time; a card is due `within` of the end.

    Counted are visible interviews that ended in the period.
    """
    return feedback_between(actor, [since, until], within=within)[0]


def feedback_between(
    actor: Actor, borders: Sequence[datetime], *, within: timedelta = timedelta(hours=24)
) -> list[rules.Feedback]:
    """Return the feedback of each period from one border to the next, the earliest first. One query."""
    asked = _feedback(actor, tuple(border - borders[-1] for border in borders), within)
    periods = len(borders) - 1
    found = answer(asked, borders[-1])[0] if asked else (0,) * 2 * periods
    return [rules.Feedback(due=found[2 * number], in_time=found[2 * number + 1]) for number in range(periods)]


@per_rights
def _feedback(actor: Actor, borders: Sequence[timedelta], within: timedelta) -> Sql | None:
    """Return what `feedback_between` asks; `MOMENT` is the last border."""
    ended = interviews_visible_to(actor).filter(
        ends_at__gte=MOMENT + borders[0],
        ends_at__lt=MOMENT,
        state__in=[Interview.State.HELD, Interview.State.COMPLETED],
    )
    in_time = Q(scorecards__submitted_at__lte=F("ends_at") + within)
    wanted: dict[str, Count] = {}
    for number, (since, until) in enumerate(pairwise(borders)):
        period = Q(ends_at__gte=MOMENT + since, ends_at__lt=MOMENT + until)
        late = Q(ends_at__lte=MOMENT + until - within)
        wanted |= {f"due{number}": Count("scorecards", filter=period & (in_time | late))}
        wanted |= {f"in_time{number}": Count("scorecards", filter=period & in_time)}
    return totals_of(ended, **wanted)


def scorecard_templates() -> QuerySet[ScorecardTemplate]:
    """Return the scorecards one may choose among, the default one first."""
    return ScorecardTemplate.objects.order_by("-is_default", "name")


def applications_to_interview(actor: Actor, text: str = "", *, limit: int = 12) -> list[Application]:
    """Return active visible applications to arrange an interview for.

    With a text, those of candidates with such a name; without, those in an interview stage that have none arranged, who
    have waited longest.
    """
    rows = recruiting.applications_visible_to(actor).filter(state="active")
    rows = rows.select_related("person__merged_into", "opening", "stage")
    if text.strip():
        found = people.find_by_name(actor, text, limit=limit)
        ids = people.same_persons_ids(person.pk for person in found)
        return list(rows.filter(person_id__in=list(ids)).order_by("-applied_at", "-id")[:limit])
    arranged = Interview.objects.filter(
        application=OuterRef("pk"), state__in=[Interview.State.ARRANGED, Interview.State.HELD]
    )
    return list(rows.filter(~Exists(arranged), stage__kind="interview").order_by("entered_stage_at", "id")[:limit])


def rounds_of(application: Application) -> int:
    """Return how many interviews of an application took place or will."""
    return Interview.objects.filter(application=application).exclude(state=Interview.State.CANCELLED).count()


def _may_interview(actor: Actor) -> QuerySet[User]:
    roles = [
        role for role, policy in access_rules.policy().items() if permissions.SCORE in policy.may | policy.only_own
    ]
    return access.colleagues(actor).filter(grants__role__in=roles).distinct()


def find_colleagues(actor: Actor, text: str, *, limit: int = 8) -> list[User]:
    """Return colleagues by part of their name, title or address, for choosing interviewers."""
    text = text.strip()
    if not text:
        return []
    named = Q(name__icontains=text) | Q(name_en__icontains=text) | Q(title__icontains=text) | Q(email__istartswith=text)
    return list(_may_interview(actor).filter(named)[:limit])


def suggested_interviewers(actor: Actor, application: Application, *, limit: int = 8) -> list[User]:
    """Return who probably interviews: the hiring manager, who did for this opening lately, the department."""
    opening = application.opening
    lately = Interviewer.objects.filter(interview__opening=opening).order_by("-starts_at")[:30]
    wanted = [opening.hiring_manager_id, *lately.values_list("user_id", flat=True)]
    ranked = {user_id: rank for rank, user_id in reversed(list(enumerate(wanted)))}
    rows = _may_interview(actor).filter(Q(pk__in=[pk for pk in ranked if pk]) | Q(department_id=opening.department_id))[
        :60
    ]
    return sorted(rows, key=lambda user: ranked.get(user.pk, len(wanted)))[:limit]


def colleagues_by_id(actor: Actor, user_ids: Iterable[UUID | str]) -> list[User]:
    """Return these colleagues who may interview, in the order given; the others are left out."""
    wanted = list(dict.fromkeys(str(user_id) for user_id in user_ids))
    found = {str(user.pk): user for user in _may_interview(actor).filter(pk__in=wanted)}
    return [found[user_id] for user_id in wanted if user_id in found]


def resume_facts(person: Person) -> dict[str, Any]:
    """Return what an interviewer needs of a person's newest résumé; empty without one. No phone, no mail, no pay."""
    found = people.newest_resume(person)
    if found is None:
        return {}
    facts = json.loads(found[1])
    return {
        "employers": [
            _dated(job, "employer", "title") | {"current": bool(job.get("current"))}
            for job in facts.get("employers", [])
        ][:6],
        "schools": [_dated(school, "school", "major") for school in facts.get("schools", [])][:3],
        "skills": [_value(skill) for skill in facts.get("skills", [])][:20],
    }


def _value(fact: Any) -> str:
    return str(fact.get("value", "")) if isinstance(fact, Mapping) else ""


def _dated(entry: Mapping[str, Any], first: str, second: str) -> dict[str, Any]:
    return {
        "name": _value(entry.get(first)),
        "note": _value(entry.get(second)),
        "start": _value(entry.get("start")).replace("-", "."),
        "end": _value(entry.get("end")).replace("-", "."),
    }
