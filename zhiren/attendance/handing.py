"""Hand punches of a badge over to the right person. Punches are never changed: theirs are copies, and the others stay
where they were and count no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from zhiren.attendance import computing, handing_queries, queries, services
from zhiren.attendance.errors import NothingToHandOver
from zhiren.attendance.events import PunchesHandedOver, PunchesReceived
from zhiren.attendance.models import DayRecord, HandedOver, Punch
from zhiren.attendance.services import Incoming, Taken
from zhiren.kernel.actors import Actor
from zhiren.people.models import Employment
from zhiren.timeline.services import record

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Wish:
    """Whose punches by which badge, from a date to another, are whose."""

    from_id: UUID
    to_id: UUID
    badge: str
    first: date
    last: date


@dataclass(frozen=True)
class Change:
    """A day that comes to something else: what it is now and would be; None where nothing is known of it."""

    employment: Employment
    on: date
    before: DayRecord | None
    after: DayRecord | None


@dataclass(frozen=True)
class Effect:
    """What handing over does: so many punches, which days of both come to something else, and how many days of closed
    months stay and are noted beside them."""

    punches: int
    changes: Sequence[Change]
    beside: int


def effect_of(*, actor: Actor, at: datetime, wish: Wish) -> Effect:
    """Return what handing over would do; nothing is changed. Raises what `hand_over` does."""
    with transaction.atomic():
        giver, receiver, keys, count = _hand(actor, at, wish)
        people = {one.pk: one for one in (giver, receiver)}
        before = _records(keys)
        computed = computing.compute(at=at, keys=keys)
        after = _records(keys)
        transaction.set_rollback(True)
    changes = [
        Change(people[employment_id], on, before.get((employment_id, on)), after.get((employment_id, on)))
        for employment_id, on in sorted(keys, key=lambda key: (key[0] != giver.pk, key[1]))
    ]
    differing = [one for one in changes if _digest(one.before) != _digest(one.after)]
    return Effect(count, differing, computed.adjusted)


def hand_over(*, actor: Actor, at: datetime, wish: Wish) -> int:
    """Let the punches of a badge count for the right person; return how many. Both must be the actor's to manage, and
    neither is themselves.

    Raises:
        NotFound: one of the two is not the actor's to manage, or the actor.
        NothingToHandOver: there is no such punch, or the other did not work here then.
    """
    with transaction.atomic():
        _giver, _receiver, keys, count = _hand(actor, at, wish)
    services.compute_now(at=at, taken=Taken(keys=tuple(keys)))
    return count


def _hand(actor: Actor, at: datetime, wish: Wish) -> tuple[Employment, Employment, list[tuple[UUID, date]], int]:
    """Copy the punches, and mark the days of both; return both, the days, and how many punches these are."""
    giver = handing_queries.get_employment_to_manage(actor, wish.from_id)
    receiver = handing_queries.get_employment_to_manage(actor, wish.to_id)
    queries.lock_employment(giver.pk)
    rows = [
        row
        for row in handing_queries.punches_by(giver, wish.badge, wish.first, wish.last, at)
        if receiver.covers(row.at.astimezone(ZoneInfo(row.zone)).date())
    ]
    if not rows or giver.pk == receiver.pk:
        raise NothingToHandOver
    taken = services.take_punches(at=at, punches=[_copy(row, receiver) for row in rows])
    copies = Punch.objects.in_bulk([_key(row) for row in rows], field_name="key")
    HandedOver.objects.bulk_create(
        HandedOver(punch=row, employment=giver, at=row.at, copy=copies[_key(row)], made_at=at, made_by_id=actor.user_id)
        for row in rows
    )
    given = services.days_touched((giver.pk, row.at, row.zone) for row in rows)
    computing.mark(given, at=at)
    first, last = (row.at.date() for row in (rows[0], rows[-1]))
    told: dict[str, Any] = {"at": at, "by": actor.user_id, "punches": len(rows)}
    record(
        PunchesHandedOver(
            person_id=giver.person_id, employment_id=giver.pk, to_employment_id=receiver.pk, first=first, last=last,
            **told,
        )
    )  # fmt: skip
    record(PunchesReceived(person_id=receiver.person_id, employment_id=receiver.pk, **told))
    return giver, receiver, [*given, *taken.keys], len(rows)


def _key(row: Punch) -> str:
    return f"over:{row.pk}"


def _copy(row: Punch, receiver: Employment) -> Incoming:
    return Incoming(
        key=_key(row),
        at=row.at,
        zone=row.zone,
        source=row.source,
        badge=row.badge,
        employment_id=receiver.pk,
        device_id=row.device_id,
        details={**row.details, "handed_over": str(row.pk)},
    )


def _records(keys: Sequence[tuple[UUID, date]]) -> dict[tuple[UUID, date], DayRecord]:
    found: dict[tuple[UUID, date], DayRecord] = {}
    for employment_id in {one for one, _on in keys}:
        days = [on for one, on in keys if one == employment_id]
        rows = queries.days_of(employment_id, min(days), max(days))
        found |= {(employment_id, on): row for on, row in rows.items()}
    return found


def _digest(row: DayRecord | None) -> int | None:
    return row.digest if row else None
