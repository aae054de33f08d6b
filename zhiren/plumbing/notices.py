"""What a page tells after something was done, with a way to take it back."""

import json
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponseBase

_UNDO = "undo:"
_LEVELS = {"good": messages.SUCCESS, "info": messages.INFO, "warn": messages.WARNING, "bad": messages.ERROR}
_TONES = {level: tone for tone, level in _LEVELS.items()}


def tell(request: HttpRequest, text: Any, *, tone: str = "good", undo: str = "") -> None:
    """Show a sentence to the reader: on the next page, or at once when htmx asked.

    `tone` is good, info, warn or bad. `undo` is the address to which a POST within ten seconds takes it back.
    """
    messages.add_message(request, _LEVELS[tone], str(text), extra_tags=f"{_UNDO}{undo}" if undo else "")


def undo_of(tags: str) -> str:
    """Return the address by which a message can be undone; empty if it cannot."""
    return next((tag.removeprefix(_UNDO) for tag in (tags or "").split() if tag.startswith(_UNDO)), "")


def hand_to_htmx(answer: HttpResponseBase, told: Iterable[Message]) -> None:
    """Put sentences on an answer to htmx, whose pages show them without a reload."""
    add_notices(
        answer,
        [
            {"text": str(one.message), "tone": _TONES.get(one.level, "info"), "undo": undo_of(one.extra_tags)}
            for one in told
        ],
    )


def add_notices(answer: HttpResponseBase, told: list[dict[str, str]]) -> None:
    """Add notices to the events that an answer triggers in the page."""
    if not told:
        return
    events = _events(answer.headers.get("HX-Trigger", ""))
    events["notices"] = {"items": [*events.get("notices", {}).get("items", []), *told]}
    answer["HX-Trigger"] = json.dumps(events)


def _events(header: str) -> dict[str, Any]:
    if header.startswith("{"):
        found: dict[str, Any] = json.loads(header)
        return found
    return {name.strip(): {} for name in header.split(",") if name.strip()}
