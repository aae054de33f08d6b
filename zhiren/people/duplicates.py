"""Find who may be the same person twice, and say so with reasons. It suggests; people decide."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob

from zhiren import resumes
from zhiren.people import likeness, queries
from zhiren.people.likeness import Likeness, Profile, Stay
from zhiren.people.models import Compared, Contact, Document, DuplicateSuggestion, MatchKey, Person
from zhiren.people.rules import normal_contact
from zhiren.plumbing import crypto

# So many of those who wait are compared by one job: it takes a second or two.
AT_ONCE = 100
# What more people than this have in common tells nobody apart.
_COMMON = 60
# With so many of those who share most is a person compared.
_COMPARED = 25
_BACKLOG_LOCK = 7_402_032
# The ids of two persons, the smaller first.
Pair = tuple[UUID, UUID]

_ID_NUMBER = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dXx](?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")


def find_duplicates_of(*, person_id: UUID, at: datetime) -> int:
    """Compare a person with those who share something telling; return how many suggestions about them are open.

    Twice is as good as once.
    """
    compare([person_id], at=at)
    person = Q(first=person_id) | Q(second=person_id)
    return DuplicateSuggestion.objects.filter(person, state=DuplicateSuggestion.State.OPEN).count()


def compare(person_ids: Iterable[UUID], *, at: datetime) -> None:
    """Compare each of these persons with those who share something telling with them, and suggest who may be the same.

    About twenty queries, however many they are. The keys are committed first, so that of two persons who come at once
    one finds the other.
    """
    persons = _alive(person_ids)
    if not persons:
        return
    profiles = profiles_of(persons.values())
    indexes = {person_id: _indexes(profile) for person_id, profile in profiles.items()}
    _keep_keys(indexes)
    found = dict.fromkeys([*_sharing(indexes), *_known(persons)])
    there = persons | _alive({one for pair in found for one in pair} - persons.keys())
    profiles |= profiles_of(row for row in there.values() if row.pk not in profiles)
    alike = {
        (one, other): likeness.likeness(profiles[one], profiles[other])
        for one, other in found
        if one in there and other in there
    }
    with transaction.atomic():
        _suggest(persons, {pair: like for pair, like in alike.items() if like.is_suggested}, at=at)
        rows = [Compared(person_id=person_id, edition=likeness.EDITION, at=at) for person_id in sorted(persons)]
        Compared.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["person"], update_fields=["edition", "at"]
        )


def find_in_backlog(*, at: datetime) -> int:
    """Compare the next of those who were never compared, or by older rules, the newest first; return how many.

    Does nothing while another worker does.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_BACKLOG_LOCK])
            if not cursor.fetchone()[0]:
                return 0
        ids = waiting(AT_ONCE)
        compare(ids, at=at)
    return len(ids)


def waiting(most: int) -> list[UUID]:
    """Return the newest of those who have not been compared by the rules of today."""
    rows = Person.objects.filter(erased_at__isnull=True, merged_into__isnull=True)
    rows = rows.exclude(compared__edition=likeness.EDITION)
    return list(rows.order_by("-created_at", "-id").values_list("pk", flat=True)[:most])


def is_under_way() -> bool:
    """Tell whether a job that compares those who wait is running or about to."""
    jobs = ProcrastinateJob.objects.filter(task_name="people.find_duplicates_in_backlog", status__in=["todo", "doing"])
    return bool(jobs.exists())


def _alive(person_ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Return who of these is there and was not merged, by id."""
    return Person.objects.filter(erased_at__isnull=True, merged_into__isnull=True).in_bulk(list(person_ids))


def _indexes(profile: Profile) -> set[bytes]:
    return {crypto.mac("match-key", key.encode())[:16] for key in likeness.match_keys(profile)}


@transaction.atomic
def _keep_keys(indexes: dict[UUID, set[bytes]]) -> None:
    stale, known = [], {person_id: set[bytes]() for person_id in indexes}
    for row in MatchKey.objects.filter(person_id__in=list(indexes)):
        index = bytes(row.index)
        known[row.person_id].add(index)
        if index not in indexes[row.person_id]:
            stale.append(row.pk)
    if stale:
        MatchKey.objects.filter(pk__in=stale).delete()
    new = [(index, person_id) for person_id, wanted in indexes.items() for index in wanted - known[person_id]]
    rows = [MatchKey(person_id=person_id, index=index) for index, person_id in sorted(new)]
    MatchKey.objects.bulk_create(rows, ignore_conflicts=True)


def _sharing(indexes: dict[UUID, set[bytes]]) -> Iterator[Pair]:
    """Yield each person with those who share most keys with them, as who stays of a merge. Two queries."""
    shared = MatchKey.objects.filter(index__in=set().union(*indexes.values()))
    telling = shared.values("index").annotate(people=Count("pk")).filter(people__gt=1, people__lte=_COMMON)
    keys = [row["index"] for row in telling.order_by()]
    holders: dict[bytes, list[UUID]] = {}
    rows = MatchKey.objects.filter(index__in=keys, person__erased_at__isnull=True)
    for index, own, root in rows.values_list("index", "person_id", "person__merged_into"):
        holders.setdefault(bytes(index), []).append(root or own)
    for person_id, own_indexes in indexes.items():
        counts = Counter(other for index in own_indexes for other in holders.get(index, ()))
        del counts[person_id]
        for other, _count in counts.most_common(_COMPARED):
            yield _pair(person_id, other)


def _known(persons: Iterable[UUID]) -> Iterator[Pair]:
    """Yield the pairs suggested before: they are looked at again too, for what spoke for them may be gone."""
    yield from _suggestions_about(persons).values_list("first_id", "second_id")


def _suggestions_about(persons: Iterable[UUID]) -> QuerySet[DuplicateSuggestion]:
    ids = list(persons)
    return DuplicateSuggestion.objects.filter(Q(first__in=ids) | Q(second__in=ids))


def _pair(one: UUID, other: UUID) -> Pair:
    return (one, other) if one < other else (other, one)


def _suggest(persons: Iterable[UUID], found: dict[Pair, Likeness], *, at: datetime) -> None:
    rows = _suggestions_about(persons).select_for_update().order_by("pk")
    known = {(row.first_id, row.second_id): row for row in rows}
    gone = {
        row.pk: {*pair}
        for pair, row in known.items()
        if pair not in found and row.state == DuplicateSuggestion.State.OPEN
    }
    if gone:  # of somebody who was merged a pair waits until that is undone
        members = Person.objects.filter(pk__in=set().union(*gone.values()), merged_into__isnull=False)
        merged = set(members.values_list("pk", flat=True))
        DuplicateSuggestion.objects.filter(pk__in=[pk for pk, pair in gone.items() if not merged & pair]).delete()
    for pair, row in known.items():
        if like := found.get(pair):
            _look_again(row, like)
    new = [
        DuplicateSuggestion(
            first_id=pair[0], second_id=pair[1], score=like.score, reasons=list(like.reasons), found_at=at
        )
        for pair, like in sorted(found.items())
        if pair not in known
    ]
    DuplicateSuggestion.objects.bulk_create(new, ignore_conflicts=True)


def _look_again(row: DuplicateSuggestion, like: Likeness) -> None:
    """Note what speaks for a pair now; one that was dismissed comes back only with new evidence."""
    if row.state == DuplicateSuggestion.State.DISMISSED and likeness.says_more(like.reasons, row.reasons):
        row.state, row.decided_at, row.decided_by = DuplicateSuggestion.State.OPEN, None, None
    elif row.state != DuplicateSuggestion.State.OPEN or (row.score, row.reasons) == (like.score, list(like.reasons)):
        return
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
