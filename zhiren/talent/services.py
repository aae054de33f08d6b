"""Every write of search: entries, saved searches, tags of many."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.people import queries as people
from zhiren.people import services as people_services
from zhiren.plumbing import crypto
from zhiren.talent import contents, index_queries, lexemes, permissions, queries, rules
from zhiren.talent.errors import NobodyChosen, NoTags, NothingToSave, TooManySaved
from zhiren.talent.events import ContactSearched
from zhiren.talent.models import Entry, SavedSearch, Seen, Stale, Walk
from zhiren.talent.queries import Search
from zhiren.timeline.services import record

BATCH = 100
# Making entries in the background is taken up again when it has stood still for so long.
STOPPED_AFTER = timedelta(minutes=5)
MOST_SAVED = 50
MOST_TAGGED = 200


# The index ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def index_persons(*, person_ids: Iterable[UUID]) -> None:
    """Make the entries of persons anew; whoever was erased or merged loses theirs. Twice is as good as once."""
    wanted = set(person_ids)
    wanted |= index_queries.roots_of(wanted)
    ends = index_queries.ends_of_ages(rules.AGES)
    rows = [
        Entry(
            person_id=vault.person_id,
            words=found.vector,
            text_sealed=contents.sealed(vault, found.texts),
            newest=found.newest,
            age=sum(found.newest <= end for end in ends),
            version=lexemes.version(),
        )
        for vault, found in contents.contents_of(wanted)
    ]
    Entry.objects.filter(person_id__in=wanted - {row.person_id for row in rows}).delete()
    Entry.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person"],
        update_fields=["words", "text_sealed", "newest", "age", "version"],
    )


@transaction.atomic
def note_stale(*, person_id: UUID) -> None:
    """Note that something about a person changed. However much changes at once, their entry is made anew once."""
    from zhiren.talent.jobs import index_stale as job  # it calls us

    _row, is_new = Stale.objects.get_or_create(person_id=person_id)
    if is_new:
        job.defer()


def index_stale() -> int:
    """Make the entries of all anew about whom something changed; return how many there were."""
    done = 0
    while True:
        with transaction.atomic():
            ids = list(
                Stale.objects.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True)[:BATCH]
            )
            Stale.objects.filter(pk__in=ids).delete()
            index_persons(person_ids=ids)
        done += len(ids)
        if len(ids) < BATCH:
            return done


@transaction.atomic
def walk(*, at: datetime, size: int = BATCH, again: bool = False) -> Walk:
    """Make the next entries, the newest persons first, until everybody has one by the rules of today.

    `again` begins with the newest person once more, whatever was done.
    """
    row = Walk.objects.select_for_update().order_by("pk").first() or Walk()
    if again or row.version != lexemes.version():
        row.version, row.after, row.done, row.finished_at = lexemes.version(), None, 0, None
        row.total = index_queries.count_persons()
    if row.finished_at is None:
        ids = index_queries.next_to_walk(row.after, size)
        index_persons(person_ids=ids)
        row.done += len(ids)
        row.after = ids[-1] if ids else row.after
        if len(ids) < size:
            row.finished_at = at
    row.worked_at = at
    row.save()
    return row


def walk_in_background(*, at: datetime) -> None:
    """Have entries made by the rules of today until everybody has one, unless that is going on."""
    from zhiren.talent.jobs import walk as job  # it calls us

    row = index_queries.walk()
    if row is None or row.worked_at is None or at - row.worked_at > STOPPED_AFTER:
        job.defer()


@transaction.atomic
def settle_ages(*, sizes: Sequence[int] = rules.AGES, most: int = 500) -> int:
    """Make some of the oldest of each age that has grown too large one age older; return how many."""
    settled = 0
    for age, size in enumerate(sizes):
        theirs = Entry.objects.filter(age=age)
        end = theirs.order_by("-newest", "-person_id").values_list("newest", flat=True)[size : size + 1].first()
        if end is not None:
            oldest = theirs.filter(newest__lte=end).order_by("newest", "person_id").values("pk")[:most]
            settled += Entry.objects.filter(pk__in=oldest).update(age=age + 1)
    return settled


# Saved searches -------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_search(*, actor: Actor, at: datetime, name: str, search: Search, is_shared: bool = False) -> SavedSearch:
    """Keep a search under a name; one's own of the same name is replaced.

    Raises:
        NothingToSave: it has no name, or looks for nothing.
        TooManySaved: one has as many as one may have.
    """
    actor.require(permissions.SEARCH)
    if is_shared:
        actor.require(permissions.SHARE_SEARCHES)
    name = " ".join(name.split())[:80]
    if not name or search.is_empty or actor.user_id is None:
        raise NothingToSave
    mine = SavedSearch.objects.filter(owner_id=actor.user_id)
    row = mine.filter(name=name).first()
    if row is None:
        if mine.count() >= MOST_SAVED:
            raise TooManySaved(n=MOST_SAVED)
        row = SavedSearch(owner_id=actor.user_id, name=name, created_at=at)
    row.is_shared = is_shared
    row.query_sealed = crypto.seal(
        crypto.key_for("saved-search"), json.dumps(search.to_json()).encode(), bound_to=queries.search_cell(row.pk)
    )
    row.save()
    mark_seen(actor=actor, at=at, search_id=row.pk)
    return row


@transaction.atomic
def remove_search(*, actor: Actor, search_id: UUID) -> None:
    """Forget one of one's own saved searches. NotFound as ever."""
    actor.require(permissions.SEARCH)
    gone, _by_table = SavedSearch.objects.filter(owner_id=actor.user_id, pk=search_id).delete()
    if not gone:
        raise NotFound


@transaction.atomic
def mark_seen(*, actor: Actor, at: datetime, search_id: UUID) -> SavedSearch:
    """Note that a reader has seen what a saved search finds now. NotFound as ever."""
    row = queries.get_saved(actor, search_id)
    if actor.user_id is None:
        raise NotFound
    Seen.objects.update_or_create(search=row, user_id=actor.user_id, defaults={"at": at})
    return row


# Persons --------------------------------------------------------------------------------------------------------------


def find_by_contact(*, actor: Actor, at: datetime, text: str) -> UUID | None:
    """Return the visible person whose whole phone number or address was typed; that it was is on the record.

    None if it is none, nobody's, or this actor may not see contacts.
    """
    found = queries.person_with_contact(actor, text)
    if found is None:
        return None
    person_id, kind = found
    if not index_queries.has_entry(person_id):  # they came a moment ago
        index_persons(person_ids=[person_id])
    record(ContactSearched(person_id=person_id, at=at, by=actor.user_id, kind=kind))
    return person_id


@transaction.atomic
def tag_many(
    *, actor: Actor, at: datetime, person_ids: Sequence[UUID], add: Sequence[str] = (), remove: Sequence[str] = ()
) -> int:
    """Give tags to many visible persons, take others from them; return how many were changed.

    Raises:
        NobodyChosen, NoTags: there is nothing to do.
        NotFound: one of them is not this actor's to see; nothing was changed.
    """
    if not person_ids:
        raise NobodyChosen
    if not add and not remove:
        raise NoTags
    changed = 0
    gone = {tag.casefold() for tag in remove}
    for person_id in list(dict.fromkeys(person_ids))[:MOST_TAGGED]:
        before = people.get_person(actor, person_id).tags
        have = [tag for tag in before if tag.casefold() not in gone]
        known = {tag.casefold() for tag in have}
        after = have + [tag for tag in add if tag.casefold() not in known | gone]
        if after != before:
            people_services.change_person(actor=actor, at=at, person_id=person_id, changes={}, tags=after)
            changed += 1
    return changed
