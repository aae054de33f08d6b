"""The file store: each file sealed with a key of its own, named by its id, never by its name."""

import os
from pathlib import Path
from uuid import UUID

from zhiren.people.errors import FileUnavailable
from zhiren.plumbing import crypto, postgres


def _place(document_id: UUID) -> Path:
    name = document_id.hex
    return postgres.data_folder() / "files" / name[-2:] / name


def write(document_id: UUID, key: bytes, data: bytes) -> None:
    """Store the bytes of a document; when this returns they are on disk."""
    place = _place(document_id)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place.with_suffix(".part")
    with draft.open("wb") as stream:
        stream.write(crypto.seal(key, data, bound_to=f"file|{document_id}"))
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(place)


def read(document_id: UUID, key: bytes) -> bytes:
    """Return the bytes of a document; FileUnavailable when they are gone or were tampered with."""
    try:
        return crypto.unseal(key, _place(document_id).read_bytes(), bound_to=f"file|{document_id}")
    except (OSError, crypto.Tampered) as error:
        raise FileUnavailable from error


def remove(document_id: UUID) -> None:
    """Destroy the bytes of a document; nothing to do where there are none."""
    _place(document_id).unlink(missing_ok=True)
