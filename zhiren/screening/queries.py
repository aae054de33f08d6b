"""Every read of screening."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from zhiren.kernel.actors import Actor
from zhiren.people import queries as people
from zhiren.people.vault import Vault, open_vault, open_vaults
from zhiren.plumbing.models import one
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting.models import Stage
from zhiren.resumes import Fact, Resume
from zhiren.screening import permissions, rules, words
from zhiren.screening.conditions import Condition, from_json
from zhiren.screening.models import ConditionSet, Screening, SetAside
from zhiren.screening.rules import Outcome, Verdict

if TYPE_CHECKING:
    from zhiren.recruiting.models import Opening

_VERDICTS = "screening_screening|verdicts_sealed"
_LETTER = "screening_setaside|letter_sealed"
# As many of the newest candidates a preview looks at.
PREVIEWED = 200


@dataclass(frozen=True)
class Judged:
    """One condition and what a résumé says to it."""

    condition: Condition
    verdict: Verdict


def conditions_of(opening_id: UUID) -> ConditionSet | None:
    """Return the conditions of an opening that are in force, None where it has none."""
    newest = ConditionSet.objects.filter(opening_id=opening_id).order_by("-number").first()
    return newest if newest and newest.conditions else None


def newest_set(opening_id: UUID) -> ConditionSet | None:
    """Return the newest set, also an empty one: for those who change it."""
    return ConditionSet.objects.filter(opening_id=opening_id).order_by("-number").first()


def conditions_in(row: ConditionSet) -> list[Condition]:
    """Return the conditions of a set."""
    return [from_json(data) for data in row.conditions]


def screenings_visible_to(actor: Actor) -> QuerySet[Screening]:
    """Return the screenings of the applications this actor may see."""
    if not actor.may(permissions.VIEW):
        return Screening.objects.none()
    return Screening.objects.filter(application__in=recruiting.applications_visible_to(actor))


def screenings_of(actor: Actor, person_id: UUID) -> list[Screening]:
    """Return a visible person's screenings, newest first."""
    people.get_person(actor, person_id)
    rows = screenings_visible_to(actor).filter(application__person_id__in=people.same_person_ids(person_id))
    return list(rows.select_related("application__opening", "conditions").order_by("-screened_at"))


def set_asides_visible_to(actor: Actor) -> QuerySet[SetAside]:
    """Return who was put aside among the candidates this actor may see."""
    if not actor.may(permissions.VIEW):
        return SetAside.objects.none()
    return SetAside.objects.filter(application__in=recruiting.applications_visible_to(actor))


def get_set_aside(actor: Actor, set_aside_id: UUID) -> SetAside:
    """Return one; NotFound if there is none, or it is not this actor's to see."""
    rows = set_asides_visible_to(actor).select_related("application__opening__owner", "application__person")
    return one(rows, set_aside_id)


def lock_set_aside(set_aside_id: UUID) -> SetAside:
    """Return one locked, for a service that has checked who asks."""
    SetAside.objects.select_for_update().get(pk=set_aside_id)
    return SetAside.objects.select_related("application__opening__owner", "application__person").get(pk=set_aside_id)


def waiting_of(application_id: UUID) -> SetAside | None:
    """Return the line of an application that waits to be declined."""
    return SetAside.objects.filter(application_id=application_id, state=SetAside.State.WAITING).first()


def was_put_aside(application_id: UUID) -> bool:
    """Tell whether an application was ever put aside: nobody is put aside again by itself."""
    return SetAside.objects.filter(application_id=application_id).exists()


def due_ids(at: datetime, *, limit: int = 200) -> list[UUID]:
    """Return who is to be declined now."""
    rows = SetAside.objects.filter(state=SetAside.State.WAITING, due_at__lte=at).order_by("due_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def aside_of(actor: Actor, opening: Opening) -> QuerySet[SetAside]:
    """Return who waits to be declined in an opening, the most urgent first."""
    rows = set_asides_visible_to(actor).filter(
        application__opening=opening, application__screening__isnull=False, state=SetAside.State.WAITING
    )
    return rows.select_related("application__person", "application__screening__conditions", "application__stage")


def failing(actor: Actor, opening: Opening) -> QuerySet[Screening]:
    """Return the active candidates of an opening who fail a condition and are neither put aside nor hired."""
    waiting = SetAside.objects.filter(application_id=OuterRef("application_id"), state=SetAside.State.WAITING)
    rows = screenings_visible_to(actor).filter(
        application__opening=opening, application__state="active", outcome=Screening.Outcome.FAILED
    )
    return (
        rows.exclude(Exists(waiting))
        .exclude(application__stage__kind=Stage.Kind.HIRED)
        .select_related("application__person", "application__stage", "conditions")
    )


def outcome_counts(opening: Opening) -> dict[str, int]:
    """Return how many active candidates before the hire passed, fail, are to be asked, and wait to be declined."""
    rows = Screening.objects.filter(application__opening=opening, application__state="active").exclude(
        application__stage__kind=Stage.Kind.HIRED
    )
    waiting = SetAside.objects.filter(application__opening=opening, state=SetAside.State.WAITING).count()
    found = rows.aggregate(**{code: Count("pk", filter=Q(outcome=code)) for code in Screening.Outcome.values})
    return {**found, "waiting": waiting}


def seal_verdicts(vault: Vault, screening_id: UUID, verdicts: Sequence[Verdict]) -> bytes:
    """Return verdicts sealed for their row."""
    written = json.dumps([asdict(verdict) for verdict in verdicts], ensure_ascii=False)
    return vault.seal(written, cell=_VERDICTS, row=screening_id)


def verdicts_of(screenings: Iterable[Screening]) -> dict[UUID, list[Judged]]:
    """Return what each of these screenings found, condition by condition. One query, whatever their number.

    They come with `conditions` and `application` loaded.
    """
    rows = list(screenings)
    vaults = open_vaults([row.application.person_id for row in rows])
    found: dict[UUID, list[Judged]] = {}
    for row in rows:
        vault = vaults.get(row.application.person_id)
        if vault is None:
            continue  # erased
        written = json.loads(vault.open(row.verdicts_sealed, cell=_VERDICTS, row=row.pk))
        pairs = zip(conditions_in(row.conditions), map(_verdict, written), strict=True)
        found[row.pk] = [Judged(condition, verdict) for condition, verdict in pairs]
    return found


def judged_by_application(actor: Actor, application_ids: Iterable[UUID]) -> dict[UUID, list[Judged]]:
    """Return what was found of each of these applications this actor may see, by application."""
    rows = screenings_visible_to(actor).filter(application_id__in=list(application_ids))
    rows = rows.select_related("application", "conditions")
    by_screening = verdicts_of(rows)
    return {row.application_id: by_screening[row.pk] for row in rows if row.pk in by_screening}


def _verdict(data: dict[str, Any]) -> Verdict:
    return Verdict(
        outcome=Outcome(data["outcome"]),
        found=data["found"],
        evidence=tuple(Fact.from_json(fact) for fact in data["evidence"]),
        missing=tuple(data["missing"]),
    )


def seal_letter(person_id: UUID, set_aside_id: UUID, subject: str, text: str) -> bytes:
    """Return a changed letter sealed for its row."""
    return open_vault(person_id).seal(json.dumps([subject, text]), cell=_LETTER, row=set_aside_id)


def letter_of(row: SetAside) -> tuple[str, str] | None:
    """Return subject and text of a letter that was changed by hand, None where the usual one goes out."""
    if not row.letter_sealed:
        return None
    written = open_vault(row.application.person_id).open(row.letter_sealed, cell=_LETTER, row=row.pk)
    subject, text = json.loads(written)
    return subject, text


@dataclass(frozen=True)
class Preview:
    """What conditions would mean for the newest candidates: how many come out how, in all and for each condition."""

    looked_at: int
    overall: Counter[Outcome]
    each: list[tuple[Condition, Counter[Outcome]]]


def preview(actor: Actor, opening: Opening, conditions: Sequence[Condition], *, at: datetime) -> Preview:
    """Return what conditions would mean for the newest active candidates of an opening, without keeping anything."""
    rows = recruiting.applications_visible_to(actor).filter(opening=opening, state="active")
    ids = list(rows.order_by("-applied_at").values_list("person_id", flat=True)[:PREVIEWED])
    found = people.resumes_of(ids)
    on = at.astimezone(recruiting.zone_of(opening)).date()
    each: list[Counter[Outcome]] = [Counter() for _condition in conditions]
    overall: Counter[Outcome] = Counter()
    for person_id in ids:
        resume = found.get(person_id, NO_RESUME)
        verdicts = [rules.judge(condition, resume, on=on) for condition in conditions]
        overall[rules.overall(verdicts)] += 1
        for counter, verdict in zip(each, verdicts, strict=True):
            counter[verdict.outcome] += 1
    return Preview(len(ids), overall, list(zip(conditions, each, strict=True)))


# Of somebody without a résumé nothing is known, so nothing fails.
NO_RESUME = Resume(text="", pages=None, language="other")


@dataclass(frozen=True)
class Held:
    """What one person's résumé says to one condition, in words; `line` is where it says so."""

    outcome: str
    text: str
    source: str
    line: int | None


def held_against(actor: Actor, person_ids: Iterable[UUID], opening_id: UUID) -> list[tuple[str, dict[UUID, Held]]]:
    """Return each condition of an opening in words, with what the résumés of these persons say to it.

    Persons whose application this actor does not see, or who were not screened by these conditions, are missing.
    """
    in_force = conditions_of(opening_id)
    if in_force is None:
        return []
    under = people.same_persons_ids(person_ids)
    rows = screenings_visible_to(actor).filter(
        application__opening_id=opening_id, application__person_id__in=list(under), conditions=in_force
    )
    rows = rows.select_related("application", "conditions")
    judged = verdicts_of(rows)
    found: list[tuple[str, dict[UUID, Held]]] = [(words.condition(one), {}) for one in conditions_in(in_force)]
    for row in rows:
        for (_label, held), each in zip(found, judged.get(row.pk, []), strict=False):
            fact = each.verdict.evidence[0] if each.verdict.evidence else None
            held[under[row.application.person_id]] = Held(
                outcome=str(each.verdict.outcome),
                text=words.verdict(each.condition, each.verdict),
                source=fact.source if fact else "",
                line=fact.line if fact else None,
            )
    return found
