"""Writes about punches made without a network: browsers that may keep them, what these send, what somebody decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from zhiren.attendance import computing, permissions, phone_entries, phone_queries, phone_rules, services
from zhiren.attendance.errors import (
    EntriesTooMany,
    KeyOfAnother,
    KeyRevoked,
    SequenceAhead,
    SequenceUsed,
    SignatureWrong,
    TooManyKeys,
)
from zhiren.attendance.events import DoubtDecided, PunchDoubted, PunchKeyMade, PunchKeyRevoked
from zhiren.attendance.models import DoubtfulPunch, Punch, PunchKey
from zhiren.attendance.phone_entries import Entry, Signed
from zhiren.attendance.phone_rules import Judged
from zhiren.attendance.services import Incoming, Taken
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import Forbidden, Refusal
from zhiren.people import employment_queries as employments
from zhiren.timeline.services import record

MOST_KEYS = 10
MOST_ENTRIES = 100
# Punches that a browser lost leave a gap; nobody loses more than so many.
MOST_LOST = 500


# Browsers -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_key(*, actor: Actor, at: datetime, public_key: Any, name: str) -> PunchKey:
    """Let a browser keep punches of the actor while there is no network. The same key told again is one.

    Raises:
        KeyUnusable, EntryUnreadable: it is no key of the kind that is used.
        KeyOfAnother: the key belongs to somebody else, or was revoked.
        TooManyKeys: the actor uses as many browsers as may be.
    """
    actor.require(permissions.PUNCH)
    if not actor.user_id:
        raise Forbidden
    data = phone_entries.read_key(public_key)
    if known := phone_queries.key_like(data):
        if known.user_id != actor.user_id or known.revoked_at:
            raise KeyOfAnother
        return known
    if phone_queries.own_keys(actor).count() >= MOST_KEYS:
        raise TooManyKeys(count=MOST_KEYS)
    try:
        with transaction.atomic():
            key = PunchKey.objects.create(user_id=actor.user_id, name=name[:60], public_key=data, made_at=at)
    except IntegrityError as error:  # the same key, told twice at once
        raise KeyOfAnother from error
    record(PunchKeyMade(at=at, by=actor.user_id, punch_key_id=key.pk))
    return key


@transaction.atomic
def revoke_key(*, actor: Actor, at: datetime, key_id: UUID) -> PunchKey:
    """Take nothing more from a browser: one's own, or that of somebody whose attendance one manages."""
    key = phone_queries.get_key_to_revoke(actor, key_id)
    if not key.revoked_at:
        key.revoked_at, key.revoked_by_id = at, actor.user_id
        key.save(update_fields=["revoked_at", "revoked_by"])
        record(PunchKeyRevoked(at=at, by=actor.user_id, punch_key_id=key.pk))
    return key


# What they send -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What became of one entry: kept (new, or known before), doubted (kept, counts later perhaps), or refused.

    `at` is when the punch was made, as far as that is known.
    """

    state: str
    at: datetime | None = None
    message: str = ""


def take_signed(
    *, actor: Actor, at: datetime, key_id: UUID, shown: datetime, entries: Sequence[Signed]
) -> list[Outcome]:
    """Take what a browser kept while there was no network, in its order; `shown` is what its clock shows now.

    Each entry is judged for itself, and sent again it changes nothing. An entry that was changed leaves nothing behind.

    Raises:
        NotFound: the browser is not the actor's.
        KeyRevoked: it was taken out of use.
        EntriesTooMany: it sent more than it may at once.
    """
    actor.require(permissions.PUNCH)
    if len(entries) > MOST_ENTRIES:
        raise EntriesTooMany
    taken = []
    with transaction.atomic():
        key = phone_queries.lock_own_key(actor, key_id)
        if key.revoked_at:
            raise KeyRevoked
        outcomes = []
        for signed in entries:
            try:
                outcome, one = _take(actor, at, key, shown, signed)
                taken.append(one)
            except Refusal as refusal:
                outcome = Outcome("refused", message=str(refusal))
            outcomes.append(outcome)
        key.last_used_at = at
        key.save(update_fields=["sequence", "last_used_at"])
    services.compute_now(at=at, taken=Taken(keys=tuple({one for some in taken for one in some.keys})))
    return outcomes


def _take(actor: Actor, at: datetime, key: PunchKey, shown: datetime, signed: Signed) -> tuple[Outcome, Taken]:
    """Judge one entry. Every refusal comes before anything is written, but that its number was seen."""
    phone_entries.check(signed, bytes(key.public_key))
    entry = phone_entries.read_entry(signed.payload, user_id=key.user_id)
    if entry.key_id != key.pk:
        raise SignatureWrong
    if entry.sequence > key.sequence + MOST_LOST:
        raise SequenceAhead
    before, key.sequence = key.sequence, max(key.sequence, entry.sequence)
    judged = phone_rules.judged(entry.told, shown=shown, received_at=at)
    punch = _punch(actor, entry, judged)
    if phone_queries.known_keys([punch.key]):
        return Outcome("kept", judged.at), Taken(known=1)
    if entry.sequence <= before:
        raise SequenceUsed
    doubts = judged.doubts + ((phone_rules.GAP,) if entry.sequence > before + 1 else ())
    if doubts:
        state = "doubted" if _doubt(actor, at, key, punch, doubts) else "kept"
        return Outcome(state, judged.at), Taken()
    return Outcome("kept", judged.at), services.take_punches(at=at, punches=[punch])


def _punch(actor: Actor, entry: Entry, judged: Judged) -> Incoming:
    place = services.Place(entry.spot.latitude, entry.spot.longitude, entry.spot.accuracy_m) if entry.spot else None
    return services.by_phone(actor, judged.at, key=str(entry.id), place=place, details={"offline": True})


def _doubt(actor: Actor, at: datetime, key: PunchKey, punch: Incoming, doubts: tuple[str, ...]) -> bool:
    """Keep a punch that belongs to nobody yet; False if it came another way at this very moment."""
    row, is_new = Punch.objects.get_or_create(
        key=punch.key,
        defaults={
            "at": punch.at, "zone": punch.zone, "source": punch.source, "received_at": at,
            "details": {**punch.details, "strange": "doubtful"},
        },
    )  # fmt: skip
    if not is_new:
        return False
    assert punch.employment_id  # noqa: S101 - a punch by phone is somebody's
    doubtful = DoubtfulPunch.objects.create(
        punch=row, employment_id=punch.employment_id, punch_key=key, doubts=list(doubts)
    )
    person_id = employments.employment_by_id(punch.employment_id).person_id
    record(
        PunchDoubted(
            person_id=person_id, at=at, by=actor.user_id, employment_id=punch.employment_id, doubtful_id=doubtful.pk,
            doubts=doubts,
        )
    )  # fmt: skip
    return True


# What somebody decides ------------------------------------------------------------------------------------------------


def decide_doubt(*, actor: Actor, at: datetime, doubtful_id: UUID, counts: bool) -> DoubtfulPunch:
    """Let a doubtful punch count, or not. Decided once; nobody decides their own."""
    with transaction.atomic():
        row = phone_queries.lock_doubt(actor, doubtful_id)
        row.counts, row.decided_at, row.decided_by_id = counts, at, actor.user_id
        row.save(update_fields=["counts", "decided_at", "decided_by"])
        keys = []
        if counts:
            row.punch.employment_id = row.employment_id
            row.punch.save(update_fields=["employment"])
            keys = services.days_touched([(row.employment_id, row.punch.at, row.punch.zone)])
            computing.mark(keys, at=at)
        record(
            DoubtDecided(
                person_id=row.employment.person_id, at=at, by=actor.user_id, employment_id=row.employment_id,
                doubtful_id=row.pk, counts=counts,
            )
        )  # fmt: skip
    services.compute_now(at=at, taken=Taken(keys=tuple(keys)))
    return row
