"""Every read of merges and of who may be the same person."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from zhiren import resumes
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.people import names, permissions, queries
from zhiren.people.mergeparts import Question, merge_parts
from zhiren.people.models import Contact, DuplicateSuggestion, Person, PersonMerge
from zhiren.people.vault import Vault, vault_of
from zhiren.plumbing.models import one
from zhiren.timeline import queries as timeline


def suggestions_visible_to(actor: Actor) -> QuerySet[DuplicateSuggestion]:
    """Return the suggestions of which this actor may see both persons. A pair with somebody merged waits."""
    if not actor.may(permissions.MERGE):
        return DuplicateSuggestion.objects.none()
    visible = queries.persons_visible_to(actor).values("pk")
    return DuplicateSuggestion.objects.filter(first__in=visible, second__in=visible)


def open_suggestions(actor: Actor) -> QuerySet[DuplicateSuggestion]:
    """Return the visible suggestions nobody has decided, the likeliest first; page by `-score`, `-id`."""
    rows = suggestions_visible_to(actor).filter(state=DuplicateSuggestion.State.OPEN)
    return rows.select_related("first", "second").order_by("-score", "-id")


def get_suggestion(actor: Actor, suggestion_id: UUID) -> DuplicateSuggestion:
    """Return one suggestion with both persons; NotFound as ever."""
    return one(suggestions_visible_to(actor).select_related("first", "second"), suggestion_id)


def suggestions_about(actor: Actor, person: Person) -> QuerySet[DuplicateSuggestion]:
    """Return who may be the same as a visible person, the likeliest first."""
    return open_suggestions(actor).filter(Q(first=person) | Q(second=person))


def suggestion_for(actor: Actor, one_id: UUID, other_id: UUID) -> DuplicateSuggestion | None:
    """Return the suggestion about two persons, if there is one that the actor may see."""
    first, second = sorted((one_id, other_id))
    return suggestions_visible_to(actor).filter(first_id=first, second_id=second).first()


def merges_of(person: Person) -> QuerySet[PersonMerge]:
    """Return the merges that make up a visible person now, the latest first."""
    ids = queries.same_person_ids(person.pk)
    rows = PersonMerge.objects.filter(person_id__in=ids, undone_at__isnull=True)
    return rows.select_related("person", "into").order_by("-at", "-pk")


def get_merge(actor: Actor, merge_id: UUID) -> PersonMerge:
    """Return one merge of a person the actor may see; NotFound as ever."""
    rows = PersonMerge.objects.filter(person__in=queries.records_visible_to(actor).values("pk"))
    return one(rows.select_related("person__merged_into", "into"), merge_id)


def merges_in_force(merge_ids: set[UUID]) -> set[UUID]:
    """Return which of these merges hold, for telling about a visible person."""
    return set(PersonMerge.objects.filter(pk__in=merge_ids, undone_at__isnull=True).values_list("pk", flat=True))


# Side by side ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """One of two persons, with what is compared. `events` is how much has happened with them."""

    person: Person
    resume: resumes.Resume | None
    contacts: dict[str, list[str]]
    marks: dict[str, set[bytes]]
    events: int
    counts: list[tuple[Any, int]]


@dataclass(frozen=True)
class Pair:
    """Two visible persons side by side. `stays` is who would stay: who has more history, else the older."""

    stays: Side
    goes: Side
    questions: list[Question]


def pair(actor: Actor, one_id: UUID, other_id: UUID, *, stays_id: UUID | None = None) -> Pair:
    """Return two persons side by side; NotFound unless the actor may see both, and they are two.

    `stays_id` says who is to stay; without it the one with more history is proposed.
    """
    actor.require(permissions.MERGE)
    records = _records(actor, [one_id, other_id])
    persons = [record for record in records if record.merged_into_id is None]
    if len(persons) != 2:  # one is not there for this actor, or was merged
        records = _records(actor, [queries.get_person(actor, person_id).pk for person_id in (one_id, other_id)])
        persons = [record for record in records if record.merged_into_id is None]
    if len(persons) != 2:
        raise NotFound
    under = {record.pk: record.merged_into_id or record.pk for record in records}
    vaults = {record.pk: vault_of(record.pk, record.key.wrapped) for record in records if hasattr(record, "key")}
    sides = _sides(actor, persons, under, vaults)
    sides.sort(key=lambda side: (side.person.pk != stays_id, -side.events, side.person.created_at))
    stays, goes = sides
    ids = [[record for record, root in under.items() if root == side.person.pk] for side in sides]
    questions = [question for part in merge_parts.values() for question in part.questions(actor, *ids)]
    return Pair(stays, goes, questions)


def _records(actor: Actor, person_ids: list[UUID]) -> list[Person]:
    """Return all records of those among these whom the actor may see, with their keys."""
    rows = queries.records_visible_to(actor).filter(Q(pk__in=person_ids) | Q(merged_into__in=person_ids))
    return list(rows.select_related("key").order_by("created_at", "pk"))


def _sides(actor: Actor, persons: list[Person], under: dict[UUID, UUID], vaults: Mapping[UUID, Vault]) -> list[Side]:
    read = queries.resumes_of([person.pk for person in persons], under=under, vaults=vaults)
    contacts: dict[UUID, dict[str, list[str]]] = {person.pk: {} for person in persons}
    marks: dict[UUID, dict[str, set[bytes]]] = {person.pk: {} for person in persons}
    for row in Contact.objects.filter(person_id__in=list(vaults)).order_by("kind", "position", "pk"):
        owner = under[row.person_id]
        shown = names.mask(row.kind, queries.open_contact(vaults[row.person_id], row))
        contacts[owner].setdefault(row.kind, []).append(shown)
        marks[owner].setdefault(row.kind, set()).add(bytes(row.index))
    events = _by_root(timeline.counts_of(list(under)), under)
    counted = [
        (label, _by_root(found, under))
        for part in merge_parts.values()
        for label, found in part.counts(actor, list(under))
    ]
    return [
        Side(
            person,
            read.get(person.pk),
            contacts[person.pk],
            marks[person.pk],
            events[person.pk],
            [(label, found[person.pk]) for label, found in counted],
        )
        for person in persons
    ]


def _by_root(counts: Mapping[UUID, int], under: dict[UUID, UUID]) -> Counter[UUID]:
    found: Counter[UUID] = Counter()
    for record, number in counts.items():
        found[under[record]] += number
    return found
