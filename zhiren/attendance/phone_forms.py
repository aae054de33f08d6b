"""What browsers send about punches made without a network."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from zhiren.attendance.errors import EntriesTooMany, EntryUnreadable
from zhiren.attendance.phone_entries import Signed
from zhiren.plumbing.requests import HttpRequest

_MOST_BYTES = 256 * 1024
_MOST_MS = 4_102_444_800_000  # the year 2100


@dataclass(frozen=True)
class Sent:
    """Punches that a browser kept: which browser, what its clock shows now, and what it signed."""

    key_id: UUID
    shown: datetime
    entries: list[Signed]


def read_sent(request: HttpRequest) -> Sent:
    """Return what a browser sent.

    Raises:
        EntriesTooMany, EntryUnreadable: it is too much, or not what it should be.
    """
    given = read_json(request)
    try:
        shown = given["shown"]
        if isinstance(shown, bool) or not 0 <= shown <= _MOST_MS:
            raise EntryUnreadable
        entries = [Signed(_text(one["payload"]), _text(one["signature"])) for one in given["entries"]]
        return Sent(UUID(given["key"]), datetime.fromtimestamp(shown / 1000, tz=UTC), entries)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EntryUnreadable from error


def read_json(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object that was sent. Raises what `read_sent` does."""
    data: bytes = request.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise EntriesTooMany
    try:
        given = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise EntryUnreadable from error
    if not isinstance(given, dict):
        raise EntryUnreadable
    return given


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise EntryUnreadable
    return given
