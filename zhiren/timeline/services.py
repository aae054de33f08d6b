"""Record facts, tell those who want to know, and link the log."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import structlog
from django.db import connection, transaction
from procrastinate.types import JSONValue

from zhiren.kernel.events import Event, from_payload, to_payload
from zhiren.kernel.ids import new_id
from zhiren.plumbing import clock, crypto, statements
from zhiren.timeline.jobs import deliver_event
from zhiren.timeline.models import Delivery, EventRow, Seal, Unsealed
from zhiren.timeline.registry import handlers_of

log = structlog.get_logger(__name__)

GENESIS = hashlib.sha256(b"zhiren timeline").digest()
# Whoever links holds this lock, so that there is one order of links.
_SEALER_LOCK = 7_402_001
_SEAL_BATCH = 1000


class DeliveryFailed(RuntimeError):
    """Some handlers of an event failed; the job is tried again for those."""


def canonical(row: EventRow) -> bytes:
    """Return the bytes of an event that its `mac` covers."""
    return json.dumps(
        [
            str(row.id),
            row.name,
            str(row.person_id) if row.person_id else None,
            row.at.astimezone(UTC).isoformat(timespec="microseconds"),
            row.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
            str(row.by) if row.by else None,
            row.payload,
        ],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()


def mac_of(row: EventRow) -> bytes:
    """Return the keyed hash that a genuine row carries."""
    return crypto.mac("timeline", canonical(row))


def link_after(previous: bytes, row: EventRow) -> bytes:
    """Return the link of a row that follows the link `previous`."""
    return hashlib.sha256(previous + row.number.to_bytes(8, "big") + mac_of(row)).digest()


def record(event: Event) -> UUID:
    """Write an event in the caller's transaction and have it delivered once that is committed; return its id."""
    row = _row(event, clock.now())
    with transaction.atomic(savepoint=False):
        _write([row])
        if handlers_of(event.name):
            deliver_event.defer(event_id=str(row.id))
    return row.id


def record_many(events: Sequence[Event], *, deliver: bool = True) -> None:
    """Write many events at once. With `deliver=False` nobody is told: for history that was dealt with elsewhere."""
    recorded_at = clock.now()
    rows = [_row(event, recorded_at) for event in events]
    with transaction.atomic(savepoint=False):
        for begin in range(0, len(rows), 5000):
            _write(rows[begin : begin + 5000])
        if deliver:
            wanted: list[dict[str, JSONValue]] = [{"event_id": str(row.id)} for row in rows if handlers_of(row.name)]
            if wanted:
                deliver_event.batch_defer(*wanted)


_COLUMNS = ("id", "name", "person_id", "at", "recorded_at", "by", "payload")
_NAMES = ", ".join(f'"{name}"' for name in (*_COLUMNS, "mac"))
_INSERT = (
    f"INSERT INTO timeline_event ({_NAMES}) "  # noqa: S608 - names of our own
    f"SELECT {_NAMES} FROM json_populate_recordset(NULL::timeline_event, %s::json)"
)


def _write(rows: Sequence[EventRow]) -> None:
    records = ({name: getattr(row, name) for name in _COLUMNS} | {"mac": f"\\x{row.mac.hex()}"} for row in rows)
    statements.run(_INSERT, [statements.as_json(records)])


def _row(event: Event, recorded_at: datetime) -> EventRow:
    row = EventRow(
        id=new_id(),
        name=event.name,
        person_id=event.person_id,
        at=event.at,
        recorded_at=recorded_at,
        by=event.by,
        payload=to_payload(event),
    )
    row.mac = mac_of(row)
    return row


def deliver(*, event_id: UUID) -> None:
    """Tell every handler that has not dealt with this event yet.

    Raises:
        DeliveryFailed: at least one handler failed; the others are done.
    """
    row = EventRow.objects.filter(id=event_id).first()
    if row is None:
        log.error("event_missing", event_id=str(event_id))
        return
    event = from_payload(row.name, row.payload, person_id=row.person_id, at=row.at, by=row.by)
    begun = dict(Delivery.objects.filter(event_id=event_id).values_list("handler", "done_at"))
    failed = []
    for name, handler in handlers_of(row.name).items():
        if begun.get(name):
            continue
        try:
            with transaction.atomic():
                if name not in begun:  # whoever else writes this row meanwhile is waited for
                    Delivery.objects.bulk_create([Delivery(event_id=event_id, handler=name)], ignore_conflicts=True)
                claim = Delivery.objects.select_for_update().get(event_id=event_id, handler=name)
                if claim.done_at is None:
                    handler(event)
                    claim.done_at = clock.now()
                    claim.attempts += 1
                    claim.save(update_fields=["done_at", "attempts"])
        except Exception as error:  # noqa: BLE001 - one handler's failure is noted, the others still get the event
            failed.append(name)
            _note_failure(event_id, name, error)
    if failed:
        raise DeliveryFailed(f"{row.name}: {', '.join(failed)}")


def _note_failure(event_id: UUID, handler: str, error: Exception) -> None:
    log.exception("handler_failed", event_id=str(event_id), handler=handler)
    delivery = Delivery.objects.get_or_create(event_id=event_id, handler=handler)[0]
    delivery.attempts += 1
    delivery.last_error = f"{type(error).__name__}: {error}"[:2000]
    delivery.save(update_fields=["attempts", "last_error"])


def seal() -> int:
    """Link every committed event that is not linked yet; return how many. Does nothing while another process links."""
    total = 0
    while done := _seal_batch():
        total += done
    return total


@transaction.atomic
def _seal_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    numbers = list(Unsealed.objects.order_by("number").values_list("number", flat=True)[:_SEAL_BATCH])
    if not numbers:
        return 0
    last = Seal.objects.order_by("-position").first()
    position, link = (last.position, bytes(last.link)) if last else (0, GENESIS)
    rows = EventRow.objects.in_bulk(numbers)
    seals = []
    for number in numbers:
        if number in rows:
            position += 1
            link = link_after(link, rows[number])
            seals.append(Seal(position=position, event_number=number, link=link))
    Seal.objects.bulk_create(seals)
    Unsealed.objects.filter(number__in=numbers).delete()
    return len(numbers)
