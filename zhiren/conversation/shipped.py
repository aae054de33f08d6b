"""The templates that come with the system, and how they get into its tables."""

from datetime import datetime
from pathlib import Path
from typing import Any

from zhiren.kernel import yamls
from zhiren.kernel.ids import new_id

_FILE = Path(__file__).with_name("shipped.yaml")
_LANGUAGES = {"zh": "zh-hans", "en": "en"}


def read() -> list[dict[str, Any]]:
    """Return the shipped templates as the file holds them."""
    found: list[dict[str, Any]] = yamls.load(_FILE.read_text(encoding="utf-8"))
    return found


def put(templates: Any, versions: Any, *, at: datetime) -> int:
    """Add what is missing, and our newer wordings where nobody has written their own; return how many.

    Takes the tables' managers, so that a migration may hand over those of its own time.
    """
    added = 0
    for position, entry in enumerate(read()):
        template = templates.filter(key=entry["key"]).first() or templates.create(
            id=new_id(),
            key=entry["key"],
            name=entry["name"]["zh"],
            name_en=entry["name"]["en"],
            purpose=entry["purpose"]["zh"],
            purpose_en=entry["purpose"]["en"],
            on_unknown=entry["on_unknown"],
            keeps_promises=entry["keeps_promises"],
            position=position,
        )
        for short, language in _LANGUAGES.items():
            subject, text = entry[short]["subject"], entry[short]["text"].strip()
            newest = versions.filter(template=template, language=language).order_by("-number").first()
            if newest and (newest.by or (newest.subject, newest.text) == (subject, text)):
                continue
            versions.create(
                id=new_id(),
                template=template,
                language=language,
                number=newest.number + 1 if newest else 1,
                subject=subject,
                text=text,
                created_at=at,
            )
            added += 1
    return added
