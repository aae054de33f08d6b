"""Punching at a kiosk by badge number and PIN, where a phone is not at hand: setting the PIN, and using it."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from zhiren.access import queries as access
from zhiren.attendance import kiosk_codes, kiosk_queries, kiosks, permissions
from zhiren.attendance.errors import PinWrong
from zhiren.attendance.events import KioskPinRemoved, KioskPinSet
from zhiren.attendance.models import Kiosk, KioskPin
from zhiren.kernel.actors import Actor
from zhiren.people.models import Employment
from zhiren.plumbing import crypto, limits
from zhiren.timeline.services import record

# Wrong tries only: at a badge, and at a kiosk as a whole.
WINDOW_S = 900
TRIES_OF_BADGE, TRIES_AT_KIOSK = 5, 50


@transaction.atomic
def set_pin(*, actor: Actor, at: datetime, employment_id: UUID, pin: str) -> KioskPin:
    """Set or change one's own PIN; nobody sets it for another.

    Raises:
        NotFound: the employment is another's.
    """
    employment = kiosk_queries.get_own_employment(actor, employment_id)
    row, _new = KioskPin.objects.update_or_create(
        employment=employment, defaults={"digest": make_password(pin), "set_at": at}
    )
    record(KioskPinSet(person_id=employment.person_id, at=at, by=actor.user_id, employment_id=employment.pk))
    return row


@transaction.atomic
def remove_pin(*, actor: Actor, at: datetime, employment_id: UUID) -> None:
    """Have one's own PIN be none any more. Twice is as good as once."""
    employment = kiosk_queries.get_own_employment(actor, employment_id)
    if KioskPin.objects.filter(employment=employment).delete()[0]:
        record(KioskPinRemoved(person_id=employment.person_id, at=at, by=actor.user_id, employment_id=employment.pk))


def punch_by_pin(*, at: datetime, kiosk: Kiosk, badge: str, pin: str) -> Employment:
    """Take a punch at a kiosk by whoever has this badge number there today and knows its PIN; return who that is.

    Raises:
        PinWrong: the two do not go together, or nobody may punch by them.
        TooMany: there were too many wrong tries at this badge number, or at this kiosk.
    """
    at_badge = crypto.token_digest(f"{kiosk.branch.entity_id}:{badge}")
    tried = ((at_badge, TRIES_OF_BADGE), (str(kiosk.pk), TRIES_AT_KIOSK))
    for who, limit in tried:
        limits.check("kiosk-pin", who, limit=limit, seconds=WINDOW_S, at=at)
    employment = _who(kiosk, badge, pin, at)
    for who, _limit in tried:
        limits.forgive("kiosk-pin", who, seconds=WINDOW_S, at=at)
    kiosks.take(kiosk, employment, at=at, slot=kiosk_codes.slot_of(at), by="pin")
    return employment


def _who(kiosk: Kiosk, badge: str, pin: str, at: datetime) -> Employment:
    """Return whose badge number and PIN these are; it takes as long to find that they are nobody's."""
    row = kiosk_queries.pin_of_badge(kiosk, badge, at=at)
    if row is None:
        make_password(pin)
        raise PinWrong
    user_id = row.employment.user_id
    if not check_password(pin, row.digest) or not user_id or not access.actor_of_id(user_id).may(permissions.PUNCH):
        raise PinWrong
    return row.employment
