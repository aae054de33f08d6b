"""Files of punches: taken in, looked at, read by a mapping that somebody confirms; every row is kept once.

A file is never read twice into two punches: whoever has the badge, and when it was, name a punch, whichever file or
device told of it.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from zhiren.attendance import files, import_looks, import_queries, jobs, permissions, services
from zhiren.attendance.errors import FileNotReady, FileTooLarge, ZoneOfOthers
from zhiren.attendance.events import PunchFileImported
from zhiren.attendance.files import Mapping, Reading
from zhiren.attendance.filetables import MAX_BYTES, Table
from zhiren.attendance.models import FileImport, Punch
from zhiren.attendance.services import FUTURE, OLD, Incoming
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.org import queries as org
from zhiren.people import queries as people_queries
from zhiren.people import services as people
from zhiren.people.models import Document, Employment
from zhiren.resumes.errors import Unreadable
from zhiren.timeline.services import record

CHUNK = 2000
# Up to this size a file is looked at while its sender waits; a larger one by the worker.
AT_ONCE_BYTES = 512 * 1024
KEPT = timedelta(days=90)
State = FileImport.State
_MOST_BADGES = 20


# Until somebody says yes ----------------------------------------------------------------------------------------------


def start_import(
    *, actor: Actor, at: datetime, name: str, data: bytes, entity_id: UUID | None = None, zone: str = ""
) -> FileImport:
    """Keep a file and look at it: at once if it is small, else in the worker. No punch is made.

    Its badges are those of an entity, or of the whole company; so is the zone of its clock, unless one is given.

    Raises:
        FileTooLarge: nothing was kept.
        NotFound: the entity is not this actor's to manage.
    """
    actor.require(permissions.MANAGE)
    if not actor.reach(permissions.MANAGE).everything and entity_id is None:
        raise NotFound
    if entity_id:
        services.entity_to_manage(actor, entity_id)
    if len(data) > MAX_BYTES:
        raise FileTooLarge(limit=MAX_BYTES // 1024 // 1024)
    with transaction.atomic():
        document = people.store_document(
            at=at, data=data, name=name, media_type="application/octet-stream", kind="punches"
        )
        row = FileImport.objects.create(
            entity_id=entity_id, name=name[:255], document=document, created_at=at, created_by_id=actor.user_id,
            mapping={"zone": zone} if zone else {},
        )  # fmt: skip
    return _look_soon(row, at=at)


def choose_mapping(*, actor: Actor, at: datetime, import_id: UUID, mapping: Mapping) -> FileImport:
    """Read a file by another mapping. Another sheet is guessed anew.

    Raises:
        FileNotReady: it is being imported, or was.
    """
    with transaction.atomic():
        row = _lock(actor, import_id, State.ASKING)
        known = import_looks.mapping_of(row.mapping)
        row.mapping = (
            import_looks.mapping_to_json(mapping)
            if mapping.sheet == known.sheet
            else {"sheet": mapping.sheet, "zone": mapping.zone}
        )
        row.state = State.READING
        row.save(update_fields=["mapping", "state"])
    return _look_soon(row, at=at)


def _look_soon(row: FileImport, *, at: datetime) -> FileImport:
    if row.document and row.document.size <= AT_ONCE_BYTES:
        return look(import_id=row.pk, at=at)
    jobs.look_at_file.defer(import_id=str(row.pk))
    return row


def look(*, import_id: UUID, at: datetime) -> FileImport:
    """Read a file by its mapping, or by a guess, and note what there is to see. Safe to run twice."""
    row = import_queries.import_by_id(import_id)
    if row.state != State.READING or row.document is None:
        return row
    try:
        tables = _tables(row)
    except Unreadable as error:
        row.state, row.problem = State.UNREADABLE, error.reason.value
        row.save(update_fields=["state", "problem"])
        _throw_away(row)
        return row
    mapping = _mapping(row, tables)
    reading, doubts = import_looks.reading_of(tables, mapping)
    shown = import_looks.look_of(tables, mapping, reading, doubts=doubts, now=at)
    shown["beyond"] = import_looks.count_beyond(reading.punches, mapping.zone, after=at + FUTURE, before=at - OLD)
    shown |= _owners(row, reading)
    row.mapping = import_looks.mapping_to_json(mapping)
    row.shown_sealed = import_queries.seal_shown(row.pk, shown)
    row.lines, row.punches, row.rejected = reading.lines, len(reading.punches), len(reading.rejected)
    row.state = State.ASKING
    row.save(update_fields=["mapping", "shown_sealed", "lines", "punches", "rejected", "state"])
    return row


def _tables(row: FileImport) -> tuple[Table, ...]:
    if row.document is None:
        raise NotFound
    return files.tables_of(people_queries.document_bytes(row.document), name=row.name)


def _mapping(row: FileImport, tables: Sequence[Table]) -> Mapping:
    """Return the mapping that was chosen; else a guess, of one sheet where one was chosen."""
    if "layout" in row.mapping:
        return import_looks.mapping_of(row.mapping)
    zone = row.mapping.get("zone") or (row.entity.zone if row.entity else org.company().zone)
    sheet = row.mapping.get("sheet")
    if sheet is not None and 0 <= sheet < len(tables):
        return replace(files.guess([tables[sheet]], zone=zone), sheet=sheet)
    return files.guess(tables, zone=zone)


def _owners(row: FileImport, reading: Reading) -> dict[str, Any]:
    """Return which badges nobody has, and by which clocks those work who have one."""
    badges = Counter(punch.badge for punch in reading.punches)
    known = Employment.objects.filter(badge__in=badges).select_related("branch", "entity")
    people_of = list(known.filter(entity_id=row.entity_id) if row.entity_id else known)
    nobody = sorted(set(badges) - {one.badge for one in people_of})
    return {
        "zones": dict(Counter(one.zone for one in people_of)),
        "nobody": {
            "n": len(nobody), "badges": nobody[:_MOST_BADGES], "punches": sum(badges[badge] for badge in nobody),
        },
    }  # fmt: skip


@transaction.atomic
def begin_import(*, actor: Actor, at: datetime, import_id: UUID, zone_is_right: bool = False) -> FileImport:
    """Have every row of a file imported as it was shown.

    Raises:
        FileNotReady: something is still asked, nothing is in it, or it is imported already.
        ZoneOfOthers: nobody whose badge is in it works by that clock, and `zone_is_right` was not said.
    """
    row = _lock(actor, import_id, State.ASKING)
    shown, mapping = import_queries.shown_of(row), import_looks.mapping_of(row.mapping)
    if shown.get("doubts") or not row.punches:
        raise FileNotReady
    if not zone_is_right and (others := zones_of_others(row, at=at)):
        raise ZoneOfOthers(zone=mapping.zone, others=", ".join(others))
    return _set_off(row)


def zones_of_others(row: FileImport, *, at: datetime) -> list[str]:
    """Return by which clocks those work whose badges are in a file, where nobody works by the one it is read by."""
    zone, zones = row.mapping.get("zone", "UTC"), sorted(import_queries.shown_of(row).get("zones", {}))
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    return [] if any(at.astimezone(ZoneInfo(other)).utcoffset() == offset for other in zones) else zones


@transaction.atomic
def stop_import(*, actor: Actor, import_id: UUID) -> FileImport:
    """Stop an import; what came in stays, and it can go on. One that ended in the meantime has ended."""
    row = _lock(actor, import_id)
    if row.state == State.IMPORTING:
        row.state = State.STOPPED
        row.save(update_fields=["state"])
    return row


@transaction.atomic
def go_on(*, actor: Actor, import_id: UUID) -> FileImport:
    """Let an import that was stopped go on where it was.

    Raises:
        FileNotReady: it was not stopped.
    """
    return _set_off(_lock(actor, import_id, State.STOPPED))


@transaction.atomic
def throw_away(*, actor: Actor, import_id: UUID) -> None:
    """Throw a file away, with all that was noted of it. The punches that came from it stay.

    Raises:
        FileNotReady: it is being imported; stop it first.
    """
    row = _lock(actor, import_id)
    if row.state == State.IMPORTING:
        raise FileNotReady
    _throw_away(row)
    row.delete()


def forget_old(*, at: datetime) -> int:
    """Throw away files, and what was noted of their lines, once they are older than `KEPT`; return how many."""
    rows = import_queries.outdated_imports(at - KEPT)
    for row in rows:
        _throw_away(row)
    return len(rows)


def _throw_away(row: FileImport) -> None:
    for document_id in (row.document_id, row.rejects_id):
        if document_id:
            people.discard_document(document_id=document_id)
    FileImport.objects.filter(pk=row.pk).update(shown_sealed=b"", document=None, rejects=None)


def _lock(actor: Actor, import_id: UUID, *states: str) -> FileImport:
    actor.require(permissions.MANAGE)
    import_queries.get_import(actor, import_id)
    row = import_queries.lock_import(import_id)
    if states and row.state not in states:
        raise FileNotReady
    return row


def _set_off(row: FileImport) -> FileImport:
    if row.document_id is None:  # it was kept for long enough
        raise FileNotReady
    row.state = State.IMPORTING
    row.save(update_fields=["state"])
    jobs.import_file.defer(import_id=str(row.pk))
    return row


# In the worker --------------------------------------------------------------------------------------------------------


def reading_of(import_id: UUID) -> Reading | None:
    """Return what a file that is being imported holds; None if it no longer is."""
    row = import_queries.import_by_id(import_id)
    if row.state != State.IMPORTING or row.document is None:
        return None
    return files.read(_tables(row), import_looks.mapping_of(row.mapping))


@transaction.atomic
def take_some(*, import_id: UUID, reading: Reading, at: datetime) -> bool:
    """Keep the next punches of a file; tell whether there are more to come.

    The row is locked, and says how far it came: of two workers each goes on where the other was, and what one that
    died had begun was never there.
    """
    row = import_queries.lock_import(import_id)
    if row.state != State.IMPORTING:
        return False
    zone = import_looks.mapping_of(row.mapping).zone
    part = reading.punches[row.done : row.done + CHUNK]
    told = [
        Incoming(
            key=key_of(row.entity_id, punch.badge, at=(moment := punch.at.replace(tzinfo=ZoneInfo(zone)))),
            at=moment,
            zone=zone,
            source=Punch.Source.FILE.value,
            badge=punch.badge,
            details={"file": str(row.pk), "line": punch.line},
        )
        for punch in part
    ]
    there = _there(row.entity_id, told)
    fresh = [one for one in told if (one.badge, one.at) not in there]
    taken = services.take_punches(at=at, punches=fresh, entity_id=row.entity_id)
    row.done += len(part)
    row.new += taken.new
    row.known += len(part) - taken.new
    row.of_nobody += taken.of_nobody
    if row.done >= len(reading.punches):
        _end(row, reading, at=at)
    row.save()
    return row.state == State.IMPORTING


def key_of(entity_id: UUID | None, badge: str, *, at: datetime) -> str:
    """Return what names a punch of a file, in whichever files and on whichever lines it stands."""
    return f"file:{entity_id or ''}:{badge}:{at.timestamp():.0f}"


def _there(entity_id: UUID | None, told: Sequence[Incoming]) -> set[tuple[str, datetime]]:
    """Return badge and time of those punches that came by another door already, such as from the clock itself."""
    if not told:
        return set()
    owners = Employment.objects.filter(badge__in={one.badge for one in told})
    ids = list((owners.filter(entity_id=entity_id) if entity_id else owners).values_list("pk", flat=True))
    moments = [one.at for one in told]
    rows = Punch.objects.filter(employment_id__in=ids, at__range=(min(moments), max(moments)))
    return set(rows.values_list("badge", "at"))


def _end(row: FileImport, reading: Reading, *, at: datetime) -> None:
    """Keep the lines that were no punches for somebody to fetch, and let the file go."""
    if reading.rejected and row.rejects_id is None:
        lines = [import_looks.rejected_to_json(each) for each in reading.rejected]
        row.rejects = people.store_document(
            at=at,
            data=json.dumps(lines, ensure_ascii=False).encode(),
            name=row.name,
            media_type="application/json",
            kind="punches",
        )
    if row.document_id:
        people.discard_document(document_id=row.document_id)
        row.document = None
    row.state, row.ended_at = State.DONE, at
    record(
        PunchFileImported(
            at=at, by=row.created_by_id, import_id=row.pk, new=row.new, known=row.known, of_nobody=row.of_nobody,
            rejected=row.rejected,
        )
    )  # fmt: skip


def rejects_of(row: FileImport) -> list[dict[str, Any]]:
    """Return the lines of a file that were no punches: line, why, text."""
    if row.rejects_id is None:
        return []
    found: list[dict[str, Any]] = json.loads(people_queries.document_bytes(Document.objects.get(pk=row.rejects_id)))
    return found


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> harmless("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} else text
