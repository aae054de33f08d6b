"""Merge two records of one person, and take them apart again. Nothing is rewritten: a merge is an alias."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from zhiren.kernel.actors import Actor
from zhiren.people import pairs, permissions, queries
from zhiren.people.errors import MergeUndoneAlready, PersonErased, SamePersonAlready
from zhiren.people.events import MergeUndone, PersonsMerged
from zhiren.people.mergeparts import merge_parts
from zhiren.people.models import DuplicateSuggestion, Person, PersonMerge
from zhiren.people.vault import open_vault
from zhiren.timeline.services import record

# Merges are rare and quick: one at a time, so that no two can tie persons in a circle.
_MERGE_LOCK = 7_402_031
_CELL = "people_personmerge|filled_sealed"
_PLAIN = ("headline", "city", "degree", "years", "zone", "preferred_channel", "preferred_hours", "concerns")
_LISTS = {"skills": 80, "tags": 50}


@transaction.atomic
def merge_persons(
    *, actor: Actor, at: datetime, stays_id: UUID, goes_id: UUID, answers: Mapping[str, str] | None = None
) -> PersonMerge:
    """Show one person under another from now on, with both histories. Gaps of who stays are filled from who goes.

    `answers` decide what the apps above ask (`mergeparts.Question`), by the question's key.

    Raises:
        NotFound: the actor may not see one of them.
        SamePersonAlready: they are records of one person.
    """
    actor.require(permissions.MERGE)
    one_at_a_time()
    stays, goes = queries.get_person(actor, stays_id), queries.get_person(actor, goes_id)
    if stays.pk == goes.pk:
        raise SamePersonAlready
    theirs, others = queries.same_person_ids(stays.pk), queries.same_person_ids(goes.pk)
    settled = {
        key: list(part.settle(actor=actor, at=at, stays=theirs, goes=others, answers=answers or {}))
        for key, part in merge_parts.items()
    }
    _take_back(goes, others)
    merge = PersonMerge.objects.create(person=goes, into=stays, at=at, by=actor.user_id, settled=settled)
    Person.objects.filter(pk__in=others).update(merged_into=stays)
    _fill(stays, others)
    _decide(goes.pk, stays.pk, state=DuplicateSuggestion.State.MERGED, at=at, by=actor.user_id)
    for one, other, stayed in ((stays, goes, True), (goes, stays, False)):
        record(
            PersonsMerged(person_id=one.pk, at=at, by=actor.user_id, merge_id=merge.pk, other_id=other.pk, stays=stayed)
        )
    return merge


@transaction.atomic
def undo_merge(*, actor: Actor, at: datetime, merge_id: UUID) -> PersonMerge:
    """Take two records apart again: each has what it had. Merges may be undone in any order, at any time.

    What was done with the one person meanwhile stays with the record it was done with.

    Raises:
        NotFound: there is no such merge, or the actor may not see the person.
        MergeUndoneAlready: they were taken apart before.
    """
    actor.require(permissions.MERGE)
    one_at_a_time()
    merge = pairs.get_merge(actor, merge_id)
    if merge.undone_at is not None:
        raise MergeUndoneAlready
    root = merge.person.root
    everybody = queries.same_person_ids(root.pk)
    _take_back(root, everybody)
    merge.undone_at, merge.undone_by = at, actor.user_id
    merge.save(update_fields=["undone_at", "undone_by"])
    apart = _tied_to(merge.person_id)
    Person.objects.filter(pk__in=apart).update(merged_into=merge.person_id)
    Person.objects.filter(pk=merge.person_id).update(merged_into=None)
    _fill(root, set(everybody) - apart - {merge.person_id})
    _fill(Person.objects.get(pk=merge.person_id), apart)
    for key, part in merge_parts.items():
        part.undo(actor=actor, at=at, settled=merge.settled.get(key, []))
    _decide(merge.person_id, merge.into_id, state=DuplicateSuggestion.State.DISMISSED, at=at, by=actor.user_id)
    for one, other, stayed in ((merge.into_id, merge.person_id, True), (merge.person_id, merge.into_id, False)):
        record(MergeUndone(person_id=one, at=at, by=actor.user_id, merge_id=merge.pk, other_id=other, stays=stayed))
    return merge


@transaction.atomic
def dismiss_suggestion(*, actor: Actor, at: datetime, suggestion_id: UUID) -> DuplicateSuggestion:
    """Say that two are not the same person; it is not suggested again unless there is new evidence."""
    actor.require(permissions.MERGE)
    suggestion = pairs.get_suggestion(actor, suggestion_id)
    if suggestion.state == DuplicateSuggestion.State.OPEN:
        suggestion.state = DuplicateSuggestion.State.DISMISSED
        suggestion.decided_at, suggestion.decided_by = at, actor.user_id
        suggestion.save(update_fields=["state", "decided_at", "decided_by"])
    return suggestion


def one_at_a_time() -> None:
    """Wait until nobody else merges, takes apart or erases, and let nobody begin before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_MERGE_LOCK])


def _tied_to(person_id: UUID) -> set[UUID]:
    """Return who was merged into a person, and into those, by the merges that hold."""
    found: set[UUID] = set()
    ahead = {person_id}
    while ahead:
        rows = PersonMerge.objects.filter(into_id__in=ahead, undone_at__isnull=True)
        ahead = set(rows.values_list("person_id", flat=True)) - found
        found |= ahead
    return found


def _decide(one: UUID, other: UUID, *, state: str, at: datetime, by: UUID | None) -> None:
    first, second = sorted((one, other))
    DuplicateSuggestion.objects.update_or_create(
        first_id=first,
        second_id=second,
        defaults={"state": state, "decided_at": at, "decided_by": by},
        create_defaults={"state": state, "decided_at": at, "decided_by": by, "found_at": at, "score": 0},
    )


# What one gives to the other ------------------------------------------------------------------------------------------


def _fill(root: Person, members: Iterable[UUID]) -> None:
    """Fill a person's gaps from these records, the first merged first, and note with each what it gave."""
    merges = PersonMerge.objects.filter(person_id__in=list(members), undone_at__isnull=True)
    changed: set[str] = set()
    for merge in merges.select_related("person").order_by("at", "pk"):
        given = _given(root, merge.person)
        for name, value in given.items():
            setattr(root, name, [*getattr(root, name), *value] if name in _LISTS else value)
        changed |= set(given)
        merge.filled_sealed = _sealed(merge, given) if given else b""
        merge.save(update_fields=["filled_sealed"])
    if changed:
        root.save(update_fields=sorted(changed))


def _given(root: Person, member: Person) -> dict[str, Any]:
    given: dict[str, Any] = {
        name: getattr(member, name)
        for name in _PLAIN
        if getattr(root, name) in ("", None) and getattr(member, name) not in ("", None)
    }
    for name, most in _LISTS.items():
        own = getattr(root, name)
        more = [item for item in getattr(member, name) if item not in own][: max(most - len(own), 0)]
        if more:
            given[name] = more
    if member.is_key and not root.is_key:
        given |= {"is_key": True, "key_reason": member.key_reason}
    return given


def _take_back(root: Person, members: Iterable[UUID]) -> None:
    """Take from a person what these records gave, unless somebody has put something else there since."""
    merges = PersonMerge.objects.filter(person_id__in=list(members), undone_at__isnull=True).exclude(filled_sealed=b"")
    changed: set[str] = set()
    for merge in merges.order_by("-at", "-pk"):
        for name, value in _opened(merge).items():
            if name in _LISTS:
                setattr(root, name, [item for item in getattr(root, name) if item not in value])
            elif getattr(root, name) == value:
                setattr(root, name, _EMPTY.get(name, ""))
            changed.add(name)
        merge.filled_sealed = b""
        merge.save(update_fields=["filled_sealed"])
    if changed:
        root.save(update_fields=sorted(changed))


_EMPTY: dict[str, Any] = {"years": None, "is_key": False}


def _sealed(merge: PersonMerge, given: dict[str, Any]) -> bytes:
    return open_vault(merge.person_id).seal(json.dumps(given, ensure_ascii=False), cell=_CELL, row=merge.pk)


def _opened(merge: PersonMerge) -> dict[str, Any]:
    try:
        vault = open_vault(merge.person_id)
    except PersonErased:  # what they gave was theirs; the erasure has seen to it
        return {}
    given: dict[str, Any] = json.loads(vault.open(merge.filled_sealed, cell=_CELL, row=merge.pk))
    return given
