"""The head of the chain, noted in a file outside the database: what cuts off the end of the log is seen."""

import json
from datetime import datetime
from pathlib import Path

from zhiren.plumbing import crypto, postgres
from zhiren.timeline.models import Seal


def _file() -> Path:
    return postgres.data_folder() / "timeline-head.json"


def note(at: datetime) -> None:
    """Write down how many links there are and what the last one is."""
    last = Seal.objects.order_by("-position").first()
    if last is None:
        return
    body = {"position": last.position, "link": bytes(last.link).hex(), "at": at.isoformat()}
    body["mac"] = crypto.mac("timeline-head", json.dumps(body, sort_keys=True).encode()).hex()
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(body))
    draft.replace(path)


def noted() -> tuple[int, bytes] | None:
    """Return position and link of the noted head; None if there is none or it is not genuine."""
    try:
        body = json.loads(_file().read_text())
        claimed = bytes.fromhex(body.pop("mac"))
    except (OSError, ValueError, KeyError, AttributeError):
        return None
    if crypto.mac("timeline-head", json.dumps(body, sort_keys=True).encode()) != claimed:
        return None
    return int(body["position"]), bytes.fromhex(body["link"])
