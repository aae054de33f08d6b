"""Labels of forms that are so long that their column breaks them, as those of the European CV."""

from __future__ import annotations

_LONG = (
    "occupation or position held",
    "main activities and responsibilities",
    "name and address of employer",
    "name and address of the employer",
    "type of business or sector",
    "title of qualification awarded",
    "principal subjects/occupational skills covered",
    "principal subjects and occupational skills covered",
    "name and type of organisation providing education and training",
    "name and type of organization providing education and training",
    "level in national or international classification",
)
_FEWEST_WORDS = 2


def begins_label(text: str) -> bool:
    """Return whether a text is a long label or the beginning of one."""
    bare = text.strip().lower()
    return len(bare.split()) >= _FEWEST_WORDS and any(f"{label} ".startswith(f"{bare} ") for label in _LONG)
