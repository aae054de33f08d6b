"""Find who may be the same person twice, and say so with reasons. It suggests; people decide."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, F, Q

from zhiren import resumes
from zhiren.people import likeness, queries
from zhiren.people.likeness import Likeness, Profile, Stay
from zhiren.people.models import Compared, Contact, Document, DuplicateSuggestion, MatchKey, Person
from zhiren.people.rules import normal_contact
from zhiren.plumbing import crypto

# What more people than this have in common tells nobody apart.
_COMMON = 60
# With so many of those who share most is a person compared.
_COMPARED = 25
_BACKLOG_LOCK = 7_402_032

_ID_NUMBER = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dXx](?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")


def find_duplicates_of(*, person_id: UUID, at: datetime) -> int:
    """Compare a person with those who share something telling; return how many suggestions about them are open.

    Twice is as good as once. The keys are committed first, so that of two persons who come at once one finds the other.
    """
    person = Person.objects.filter(pk=person_id, erased_at__isnull=True, merged_into__isnull=True).first()
    if person is None:
        return 0
    profile = profiles_of([person])[person.pk]
    indexes = _keep_keys(person, profile)
    others = {row.pk: row for row in _to_compare(person, indexes)}
    theirs = profiles_of(others.values())
    found = {other: likeness.likeness(profile, theirs[other]) for other in others}
    with transaction.atomic():
        _suggest(person, {other: like for other, like in found.items() if like.is_suggested}, at=at)
        Compared.objects.update_or_create(person=person, defaults={"edition": likeness.EDITION, "at": at})
    return DuplicateSuggestion.objects.filter(
        Q(first=person) | Q(second=person), state=DuplicateSuggestion.State.OPEN
    ).count()


def find_in_backlog(*, at: datetime, most: int = 200) -> int:
    """Compare those who were never compared, or by older rules, the newest first; return how many.

    Does nothing while another worker does.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_BACKLOG_LOCK])
            if not cursor.fetchone()[0]:
                return 0
        ids = waiting(most)
        for person_id in ids:
            find_duplicates_of(person_id=person_id, at=at)
    return len(ids)


def waiting(most: int) -> list[UUID]:
    """Return the newest of those who have not been compared by the rules of today."""
    rows = Person.objects.filter(erased_at__isnull=True, merged_into__isnull=True)
    rows = rows.exclude(compared__edition=likeness.EDITION)
    return list(rows.order_by("-created_at", "-id").values_list("pk", flat=True)[:most])


def _keep_keys(person: Person, profile: Profile) -> set[bytes]:
    indexes = {crypto.mac("match-key", key.encode())[:16] for key in likeness.match_keys(profile)}
    with transaction.atomic():
        known = {bytes(row) for row in MatchKey.objects.filter(person=person).values_list("index", flat=True)}
        MatchKey.objects.filter(person=person, index__in=known - indexes).delete()
        new = [MatchKey(person=person, index=index) for index in sorted(indexes - known)]
        MatchKey.objects.bulk_create(new, ignore_conflicts=True)
    return indexes


def _to_compare(person: Person, indexes: set[bytes]) -> list[Person]:
    """Return who shares most keys with a person, as who stays of a merge. Three queries."""
    shared = MatchKey.objects.filter(index__in=indexes)
    telling = shared.values("index").annotate(people=Count("pk")).filter(people__gt=1, people__lte=_COMMON)
    keys = [row["index"] for row in telling.order_by()]
    counts: Counter[UUID] = Counter()
    rows = MatchKey.objects.filter(index__in=keys, person__erased_at__isnull=True)
    for own, root in rows.values_list("person_id", "person__merged_into"):
        counts[root or own] += 1
    del counts[person.pk]
    chosen = [other for other, _count in counts.most_common(_COMPARED)]
    # Pairs that are waiting are looked at again too: what spoke for them may be gone.
    pairs = DuplicateSuggestion.objects.filter(Q(first=person) | Q(second=person))
    chosen += [other for pair in pairs.values_list("first_id", "second_id") for other in pair if other != person.pk]
    return list(Person.objects.filter(pk__in=set(chosen), erased_at__isnull=True, merged_into__isnull=True))


def _suggest(person: Person, found: dict[UUID, Likeness], *, at: datetime) -> None:
    rows = DuplicateSuggestion.objects.select_for_update().filter(Q(first=person) | Q(second=person))
    known = {row.second_id if row.first_id == person.pk else row.first_id: row for row in rows.order_by("pk")}
    for other, row in known.items():
        like = found.get(other)
        if row.state != DuplicateSuggestion.State.OPEN:
            if like and row.state == DuplicateSuggestion.State.DISMISSED and _is_new(row, like):
                row.state, row.decided_at, row.decided_by = DuplicateSuggestion.State.OPEN, None, None
                _put(row, like)
        elif like:
            _put(row, like)
        elif not Person.objects.filter(pk=other, merged_into__isnull=False).exists():
            row.delete()
    new = []
    for other, like in found.items():
        if other not in known:
            first, second = sorted((person.pk, other))
            new.append(
                DuplicateSuggestion(
                    first_id=first, second_id=second, score=like.score, reasons=list(like.reasons), found_at=at
                )
            )
    DuplicateSuggestion.objects.bulk_create(new, ignore_conflicts=True)


def _is_new(row: DuplicateSuggestion, like: Likeness) -> bool:
    return likeness.says_more(like.reasons, row.reasons)


def _put(row: DuplicateSuggestion, like: Likeness) -> None:
    row.score, row.reasons = like.score, list(like.reasons)
    row.save(update_fields=["state", "decided_at", "decided_by", "score", "reasons"])


# What is compared -----------------------------------------------------------------------------------------------------


def profiles_of(persons: Iterable[Person]) -> dict[UUID, Profile]:
    """Return what is compared of each person, with all that lies under records merged into them. Eight queries."""
    rows = {person.pk: person for person in persons}
    under = queries.same_persons_ids(rows)
    read = queries.resumes_of(rows)
    written = queries.notes_of(rows)
    contacts: dict[UUID, set[tuple[str, bytes]]] = {person_id: set() for person_id in rows}
    for owner, kind, index in Contact.objects.filter(person_id__in=list(under)).values_list(
        "person_id", "kind", "index"
    ):
        contacts[under[owner]].add((kind, bytes(index)))
    files: dict[UUID, set[bytes]] = {person_id: set() for person_id in rows}
    documents = Document.objects.filter(person_id__in=list(under)).annotate(owner=F("person_id"))
    for found, digest in documents.values_list("owner", "digest"):
        if found is not None:
            files[under[found]].add(bytes(digest))
    return {
        person_id: _profile(
            person,
            read.get(person_id),
            contacts[person_id] | _named(read.get(person_id), written.get(person_id, [])),
            files[person_id],
        )
        for person_id, person in rows.items()
    }


def _profile(
    person: Person, resume: resumes.Resume | None, contacts: set[tuple[str, bytes]], files: set[bytes]
) -> Profile:
    if resume is None:
        return Profile(person.name, city=person.city, contacts=frozenset(contacts), files=frozenset(files))
    return Profile(
        name=person.name,
        birth=resume.birth.value if resume.birth else "",
        city=person.city,
        schools=[Stay(stay.school.value, _value(stay.start), _value(stay.end)) for stay in resume.schools],
        employers=[
            Stay(stay.employer.value, _value(stay.start), _value(stay.end))
            for stay in resume.employers
            if stay.employer
        ],
        contacts=frozenset(contacts),
        files=frozenset(files),
    )


def _value(fact: resumes.Fact | None) -> str:
    return fact.value if fact else ""


def _named(resume: resumes.Resume | None, notes: Sequence[str]) -> set[tuple[str, bytes]]:
    """Return the contacts that stand in a résumé or in notes, whosever they are by our records, as keyed hashes."""
    found: list[tuple[str, str]] = []
    if resume:
        found += [("phone", fact.value) for fact in resume.phones] + [("mail", fact.value) for fact in resume.mails]
        found += [("id_number", number) for number in _ID_NUMBER.findall(resume.text)]
    for text in notes:
        found += [("phone", number) for number in _PHONE.findall(text)]
        found += [("mail", mail) for mail in _MAIL.findall(text)]
        found += [("id_number", number) for number in _ID_NUMBER.findall(text)]
    return {
        (kind, crypto.blind_index(kind, normal)) for kind, value in found if (normal := normal_contact(kind, value))
    }
