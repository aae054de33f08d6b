"""Every read of files of punches on their way in."""

import json
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from zhiren.attendance import permissions
from zhiren.attendance.models import FileImport
from zhiren.kernel.actors import Actor
from zhiren.org import queries as org
from zhiren.org.models import Entity
from zhiren.plumbing import crypto
from zhiren.plumbing.models import one


def imports_visible_to(actor: Actor) -> QuerySet[FileImport]:
    """Return the files that this actor may bring in: those of the entities whose attendance they manage."""
    rows = FileImport.objects.select_related("entity", "created_by")
    reach = actor.reach(permissions.MANAGE)
    return rows if reach.everything else rows.filter(entity_id__in=reach.entities)


def get_import(actor: Actor, import_id: UUID) -> FileImport:
    """Return one file; NotFound as ever."""
    return one(imports_visible_to(actor), import_id)


def latest_imports(actor: Actor, limit: int = 20) -> list[FileImport]:
    """Return the files that came last."""
    return list(imports_visible_to(actor).order_by("-created_at", "-id")[:limit])


def lock_import(import_id: UUID) -> FileImport:
    """Return one file, whoever asks, locked until the transaction ends."""
    return one(FileImport.objects.select_for_update(of=("self",)).select_related("document", "entity"), import_id)


def import_by_id(import_id: UUID) -> FileImport:
    """Return one file, whoever asks: for the worker."""
    return one(FileImport.objects.select_related("document", "entity"), import_id)


def outdated_imports(before: Any) -> list[FileImport]:
    """Return the files from before a moment that are still kept."""
    kept = Q(document__isnull=False) | Q(rejects__isnull=False) | ~Q(shown_sealed=b"")
    return list(FileImport.objects.filter(kept, created_at__lt=before)[:100])


def entities_to_import_for(actor: Actor) -> QuerySet[Entity]:
    """Return the legal entities whose badges a file may name."""
    reach = actor.reach(permissions.MANAGE)
    rows = org.entities(actor)
    return rows if reach.everything else rows.filter(pk__in=reach.entities)


def may_import_for_all(actor: Actor) -> bool:
    """Tell whether a file may name the badges of the whole company."""
    return actor.reach(permissions.MANAGE).everything


def seal_shown(import_id: UUID, shown: dict[str, Any]) -> bytes:
    """Return what is shown of a file as its row keeps it."""
    return crypto.seal(crypto.key_for("punch-files"), json.dumps(shown).encode(), bound_to=_cell(import_id))


def shown_of(row: FileImport) -> dict[str, Any]:
    """Return what is shown of a file: its first rows, what became of them, and what is strange; empty if forgotten."""
    if not row.shown_sealed:
        return {}
    found: dict[str, Any] = json.loads(
        crypto.unseal(crypto.key_for("punch-files"), row.shown_sealed, bound_to=_cell(row.pk))
    )
    return found


def _cell(import_id: UUID) -> str:
    return f"attendance_fileimport|shown_sealed|{import_id}"
