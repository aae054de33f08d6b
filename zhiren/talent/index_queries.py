"""What must be known to make the entries by which persons are found."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from zhiren.people.models import Person
from zhiren.talent import lexemes
from zhiren.talent.models import Entry, Walk


def has_entry(person_id: UUID) -> bool:
    """Tell whether somebody has an entry."""
    return Entry.objects.filter(pk=person_id).exists()


def roots_of(person_ids: Iterable[UUID]) -> set[UUID]:
    """Return who stays of those among these who were merged."""
    rows = Person.objects.filter(pk__in=list(person_ids), merged_into__isnull=False)
    return set(rows.values_list("merged_into_id", flat=True)) - {None}


def ends_of_ages(sizes: Sequence[int]) -> list[datetime]:
    """Return up to which moment somebody is older than of age 0, than of age 1 and so on, as far as ages are full."""
    ends = []
    for age, size in enumerate(sizes):
        keys = Entry.objects.order_by("-newest", "-person_id").values_list("newest", flat=True)
        end = keys.filter(age=age + 1).first() or keys.filter(age=age)[size - 1 : size].first()
        if end is None:
            break
        ends.append(end)
    return ends


def walk() -> Walk | None:
    """Return how far entries were made by the rules of today; None before the first step."""
    return Walk.objects.order_by("pk").first()


def is_walked() -> bool:
    """Tell whether everybody has an entry by the rules of today."""
    row = walk()
    return row is not None and row.version == lexemes.version() and row.finished_at is not None


def progress() -> Walk | None:
    """Return how far entries are made while that goes on; None once everybody has one. Then it costs no query."""
    if lexemes.version() in _walked:
        return None
    if is_walked():
        _walked.add(lexemes.version())
        return None
    return walk() or Walk(total=count_persons())


_walked: set[str] = set()


def count_persons() -> int:
    """Return how many persons there are."""
    return Person.objects.filter(erased_at__isnull=True, merged_into__isnull=True).count()


def next_to_walk(after: UUID | None, size: int) -> list[UUID]:
    """Return the next persons, the newest first."""
    rows = Person.objects.order_by("-pk")
    return list((rows.filter(pk__lt=after) if after else rows).values_list("pk", flat=True)[:size])
