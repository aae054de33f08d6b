"""Writes about kiosks: setting one up, making a tablet one, punching by the code that it shows."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from zhiren.attendance import kiosk_codes, kiosk_queries, permissions, queries, services
from zhiren.attendance.errors import KioskElsewhere, KioskRetired, NotEmployed
from zhiren.attendance.events import KioskMade, KioskPaired, KioskRevoked
from zhiren.attendance.models import Kiosk, Punch
from zhiren.attendance.services import Incoming, Taken
from zhiren.kernel.actors import Actor
from zhiren.people.models import Employment
from zhiren.plumbing import crypto
from zhiren.plumbing.models import one
from zhiren.timeline.services import record

PAIRING_LIFE = timedelta(hours=1)
SEEN_EVERY = timedelta(seconds=20)
_TOKEN_BYTES = 32
_MOST_RECENT = 5


@transaction.atomic
def make_kiosk(*, actor: Actor, at: datetime, name: str, branch_id: UUID) -> tuple[Kiosk, str]:
    """Set up a kiosk at a place of work; return it with the secret of its pairing link."""
    actor.require(permissions.MANAGE_DEVICES)
    branch = one(kiosk_queries.branches_for_kiosks(actor), branch_id)
    kiosk = Kiosk.objects.create(name=name, branch=branch, made_at=at, made_by_id=actor.user_id)
    record(KioskMade(at=at, by=actor.user_id, kiosk_id=kiosk.pk))
    return kiosk, new_pairing(actor=actor, at=at, kiosk_id=kiosk.pk)


@transaction.atomic
def new_pairing(*, actor: Actor, at: datetime, kiosk_id: UUID) -> str:
    """Return the secret of a link that makes a tablet this kiosk, once and within an hour. Older ones end.

    Raises:
        KioskRetired: it was taken out of use.
    """
    kiosk = _to_change(actor, kiosk_id)
    if kiosk.revoked_at:
        raise KioskRetired
    secret = secrets.token_urlsafe(_TOKEN_BYTES)
    kiosk.pairing_digest, kiosk.pairing_until = crypto.token_digest(secret), at + PAIRING_LIFE
    kiosk.save(update_fields=["pairing_digest", "pairing_until"])
    return secret


@transaction.atomic
def pair(*, at: datetime, secret: str) -> tuple[Kiosk, str]:
    """Make whoever holds the secret of a pairing link the kiosk; return it with its token, which is kept nowhere.

    Raises:
        PairingSpent: it was used before, or is too old.
    """
    kiosk = kiosk_queries.lock_kiosk_of_pairing(secret, at)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    kiosk.token_digest, kiosk.paired_at, kiosk.last_seen_at = crypto.token_digest(token), at, at
    kiosk.pairing_digest, kiosk.pairing_until = "", None
    kiosk.save(update_fields=["token_digest", "paired_at", "last_seen_at", "pairing_digest", "pairing_until"])
    record(KioskPaired(at=at, kiosk_id=kiosk.pk))
    return kiosk, token


@transaction.atomic
def revoke_kiosk(*, actor: Actor, at: datetime, kiosk_id: UUID) -> Kiosk:
    """Take a kiosk out of use: its screen goes dark, and its codes count no more."""
    kiosk = _to_change(actor, kiosk_id)
    if not kiosk.revoked_at:
        kiosk.revoked_at, kiosk.token_digest, kiosk.pairing_digest, kiosk.recent = at, "", "", []
        kiosk.save(update_fields=["revoked_at", "token_digest", "pairing_digest", "recent"])
        record(KioskRevoked(at=at, by=actor.user_id, kiosk_id=kiosk.pk))
    return kiosk


def _to_change(actor: Actor, kiosk_id: UUID) -> Kiosk:
    return kiosk_queries.lock_kiosk(kiosk_queries.get_kiosk(actor, kiosk_id).pk)


def greet_kiosk(*, at: datetime, token: str) -> Kiosk:
    """Return the kiosk that a screen is, and note that it lives.

    Raises:
        NotAKiosk: it is none, or none any more.
    """
    kiosk = kiosk_queries.kiosk_of_token(token)
    if kiosk.last_seen_at is None or at - kiosk.last_seen_at > SEEN_EVERY:
        kiosk.last_seen_at = at
        kiosk.save(update_fields=["last_seen_at"])
    return kiosk


def scanned(*, actor: Actor, at: datetime, code: str) -> tuple[Kiosk, Employment]:
    """Return the kiosk whose code somebody scanned, and as what they would punch there.

    Raises:
        NotFound: the code is none of ours.
        CodeStale: it is not shown any more.
        KioskRetired, NotEmployed, KioskElsewhere: they cannot punch there.
    """
    actor.require(permissions.PUNCH)
    kiosk = kiosk_queries.kiosk_of_code(kiosk_codes.read_code(code, at)[0])
    if kiosk.revoked_at:
        raise KioskRetired
    employment = kiosk_queries.employment_at(kiosk, actor, at=at)
    if employment is None:
        if queries.own_employment(actor, on=at.astimezone(ZoneInfo(kiosk.branch.zone)).date()):
            raise KioskElsewhere(entity=kiosk.branch.entity.name)
        raise NotEmployed
    return kiosk, employment


def punch_at_kiosk(*, actor: Actor, at: datetime, code: str) -> tuple[Kiosk, Taken]:
    """Take a punch by the code on a screen; by one code each person punches once. Raises what `scanned` does."""
    kiosk, employment = scanned(actor=actor, at=at, code=code)
    return kiosk, take(kiosk, employment, at=at, slot=kiosk_codes.read_code(code, at)[1])


def take(kiosk: Kiosk, employment: Employment, *, at: datetime, slot: int, **details: str) -> Taken:
    """Take a punch at a kiosk by somebody who proved who they are, once a slot; the screen greets them."""
    with transaction.atomic():
        taken = services.take_punches(
            at=at,
            punches=[
                Incoming(
                    key=f"kiosk:{kiosk.pk}:{employment.pk}:{slot}",
                    at=at.replace(microsecond=0),
                    zone=kiosk.branch.zone,
                    source=Punch.Source.KIOSK.value,
                    employment_id=employment.pk,
                    details={"kiosk": kiosk.name, "place": kiosk.branch.name, **details},
                )
            ],
        )
        if taken.new:
            locked = kiosk_queries.lock_kiosk(kiosk.pk)
            newest = {"employment": str(employment.pk), "at": at.isoformat()}
            locked.recent = [newest, *locked.recent][:_MOST_RECENT]
            locked.save(update_fields=["recent"])
    services.compute_now(at=at, taken=taken)
    return taken
