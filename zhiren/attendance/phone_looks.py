"""What the punching page needs to go on without a network, for its script and for its service worker."""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language

from zhiren.attendance import phone_entries, phone_words

_SCRIPT = "punch-worker.js"
# What the page shown without a network loads.
_FILES = ("theme.js", "app.css", "app.js", "icons.svg", "favicon.svg")


def for_script(*, user_id: UUID | None = None, zone: str = "", at: datetime | None = None) -> dict[str, Any]:
    """Return what the script of the punching page must know; without a user what holds for everybody."""
    common = {
        "addresses": {
            "home": reverse("attendance:home"),
            "contact": reverse("attendance:contact"),
            "key": reverse("attendance:add_phone"),
            "punches": reverse("attendance:send"),
            "worker": reverse("attendance:worker"),
        },
        "words": phone_words.of_scripts(),
    }
    return common | (contact(user_id, at) | {"zone": zone} if user_id and at else {"isShell": True})


def contact(user_id: UUID, at: datetime) -> dict[str, Any]:
    """Return whose page this is and what time the server has, with its word for it."""
    return {
        "owner": str(user_id),
        "stamp": phone_entries.stamp_for(user_id=user_id, at=at),
        "now": phone_entries.milliseconds(at),
    }


def worker() -> str:
    """Return the service worker: what it keeps for a time without a network, then its script.

    It changes, and browsers fetch all of it anew, whenever one of the files or the language does.
    """
    kept: dict[str, Any] = {
        "home": reverse("attendance:home"),
        "shell": reverse("attendance:offline"),
        "files": [static(name) for name in _FILES],
    }
    with staticfiles_storage.open(_SCRIPT) as file:
        script = file.read().decode()
    digest = hashlib.sha256(f"{kept}{get_language()}{script}".encode()).hexdigest()[:16]
    return f"self.kept = {json.dumps(kept | {'version': digest})};\n{script}"
