"""Every read about kiosks."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from zhiren.attendance import permissions
from zhiren.attendance.errors import NotAKiosk, PairingSpent
from zhiren.attendance.models import Kiosk, KioskPin
from zhiren.kernel.actors import Actor
from zhiren.org import queries as org
from zhiren.org.models import Branch
from zhiren.people import employment_queries as employments
from zhiren.people.models import Employment
from zhiren.plumbing import crypto
from zhiren.plumbing.models import one

# So long a screen greets who has just punched.
GREETED = timedelta(seconds=8)


def branches_for_kiosks(actor: Actor) -> QuerySet[Branch]:
    """Return the places of work at which this actor may set up kiosks."""
    reach = actor.reach(permissions.MANAGE_DEVICES)
    rows = org.branches(actor)
    return rows if reach.everything else rows.filter(entity__in=reach.entities)


def kiosks(actor: Actor) -> QuerySet[Kiosk]:
    """Return the kiosks that this actor manages, those in use first."""
    reach = actor.reach(permissions.MANAGE_DEVICES)
    rows = Kiosk.objects.select_related("branch__entity").order_by("revoked_at", "name", "pk")
    return rows if reach.everything else rows.filter(branch__entity__in=reach.entities)


def get_kiosk(actor: Actor, kiosk_id: UUID) -> Kiosk:
    """Return a kiosk that this actor manages; NotFound as ever."""
    return one(kiosks(actor), kiosk_id)


def lock_kiosk(kiosk_id: UUID) -> Kiosk:
    """Return a kiosk, locked, whoever asks: for its services; NotFound if there is none."""
    return one(Kiosk.objects.select_for_update(of=("self",)).select_related("branch__entity"), kiosk_id)


def kiosk_of_code(kiosk_id: UUID) -> Kiosk:
    """Return the kiosk that a code names, whoever scans it; NotFound if there is none."""
    return one(Kiosk.objects.select_related("branch__entity"), kiosk_id)


def kiosk_of_token(token: str) -> Kiosk:
    """Return the kiosk that a screen is; NotAKiosk if it is none, or none any more."""
    rows = Kiosk.objects.select_related("branch__entity").filter(revoked_at__isnull=True)
    found = rows.filter(token_digest=crypto.token_digest(token)).first() if token else None
    if found is None:
        raise NotAKiosk
    return found


def kiosk_of_pairing(secret: str, at: datetime) -> Kiosk:
    """Return the kiosk that a pairing link is for; PairingSpent if it was used or is too old."""
    return _to_pair(Kiosk.objects.all(), secret, at)


def lock_kiosk_of_pairing(secret: str, at: datetime) -> Kiosk:
    """Return the same, locked, for the service that spends the link."""
    return _to_pair(Kiosk.objects.select_for_update(of=("self",)), secret, at)


def _to_pair(rows: QuerySet[Kiosk], secret: str, at: datetime) -> Kiosk:
    rows = rows.select_related("branch__entity").filter(revoked_at__isnull=True)
    found = rows.filter(pairing_digest=crypto.token_digest(secret)).first()
    if found is None or found.pairing_until is None or found.pairing_until < at:
        raise PairingSpent
    return found


def employment_at(kiosk: Kiosk, actor: Actor, *, at: datetime) -> Employment | None:
    """Return how the actor is employed with a kiosk's legal entity on its day; None if they are not."""
    if not actor.user_id:
        return None
    rows = employments.employed_on(at.astimezone(ZoneInfo(kiosk.branch.zone)).date())
    return rows.filter(user_id=actor.user_id, entity=kiosk.branch.entity_id).order_by("from_on", "pk").first()


def pin_of_badge(kiosk: Kiosk, badge: str, *, at: datetime) -> KioskPin | None:
    """Return the PIN of who has a badge number in a kiosk's legal entity on its day, whoever asks: for the service."""
    if not badge:
        return None
    today = at.astimezone(ZoneInfo(kiosk.branch.zone)).date()
    rows = KioskPin.objects.filter(
        employments.covering(today, prefix="employment__"), employment__badge=badge,
        employment__entity=kiosk.branch.entity_id,
    )  # fmt: skip
    return rows.select_related("employment__person").first()


def has_kiosk(entity_id: UUID) -> bool:
    """Tell whether a legal entity has a kiosk in use. Whoever asks."""
    return Kiosk.objects.filter(branch__entity=entity_id, revoked_at__isnull=True).exists()


def get_own_employment(actor: Actor, employment_id: UUID) -> Employment:
    """Return an employment of the actor's own; NotFound as ever."""
    own = Q(user_id=actor.user_id) if actor.user_id and actor.may(permissions.PUNCH) else Q(pk__in=[])
    return one(Employment.objects.select_related("person").filter(own), employment_id)


def pin_of(employment_id: UUID) -> KioskPin | None:
    """Return somebody's PIN, to say since when they have one. Whoever asks: the employment was asked for before."""
    return KioskPin.objects.filter(employment=employment_id).first()


def just_punched(kiosk: Kiosk, *, at: datetime) -> list[str]:
    """Return the names of who punched at a kiosk in the last seconds, the newest first."""
    ids = [UUID(one["employment"]) for one in kiosk.recent if at - datetime.fromisoformat(one["at"]) <= GREETED]
    rows = employments.employments_by_id(ids)
    return [rows[one].person.name for one in ids if one in rows]
