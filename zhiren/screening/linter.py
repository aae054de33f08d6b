"""Words in a job text or a condition that would decide by what may not decide. Pure.

It explains and never changes a text. Words cannot be complete: no concern is no proof that all is well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from zhiren.kernel import yamls

MOST_CHARACTERS = 50_000


class Severity(StrEnum):
    """Forbidden words keep a condition from being saved; a warning says what to think over."""

    FORBIDDEN = "forbidden"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Concern:
    """A place in a text: `text[start:end]` is `words`. `law` is the rule it rests on, by language code."""

    attribute: str
    severity: Severity
    start: int
    end: int
    words: str
    law: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Protected:
    attribute: str
    severity: Severity
    patterns: tuple[re.Pattern[str], ...]
    harmless: tuple[re.Pattern[str], ...]
    law: Mapping[str, str]


def concerns_in(text: str) -> list[Concern]:
    """Return what may not decide, in the order of the text; of overlapping places of one kind the longest.

    Only the first `MOST_CHARACTERS` are looked at.

    >>> [(one.attribute, one.words) for one in concerns_in("要求：限男性，35岁以下，熟悉 Excel")]
    [('gender', '限男性'), ('age', '35岁以下')]
    >>> concerns_in("男女不限，年龄不限，缴纳生育保险")
    []
    """
    text = text[:MOST_CHARACTERS]
    folded = _fold(text)
    found: list[Concern] = []
    for protected in _protected():
        harmless = [match.span() for pattern in protected.harmless for match in pattern.finditer(folded)]
        spans = sorted(
            {match.span() for pattern in protected.patterns for match in pattern.finditer(folded)},
            key=lambda span: (span[0] - span[1], span[0]),
        )
        taken = list(harmless)
        for start, end in spans:
            if end > start and not any(start < other_end and other < end for other, other_end in taken):
                taken.append((start, end))
                start, end = _trimmed(text, start, end)
                found.append(
                    Concern(protected.attribute, protected.severity, start, end, text[start:end], protected.law)
                )
    return sorted(found, key=lambda concern: (concern.start, concern.end))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without the signs and blanks at its ends."""
    while start < end - 1 and not text[start].isalnum():
        start += 1
    while end > start + 1 and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _fold(text: str) -> str:
    """Return the text with full-width letters and digits made narrow; its length does not change."""
    narrow = (unicodedata.normalize("NFKC", char) for char in text)
    return "".join(one if len(one) == 1 else char for one, char in zip(narrow, text, strict=True))


@cache
def _protected() -> tuple[_Protected, ...]:
    written = resources.files("zhiren.screening").joinpath("data", "protected.yaml").read_text(encoding="utf-8")
    return tuple(
        _Protected(
            attribute=entry["attribute"],
            severity=Severity(entry["severity"]),
            patterns=tuple(re.compile(pattern, re.IGNORECASE | re.MULTILINE) for pattern in entry["patterns"]),
            harmless=tuple(re.compile(pattern, re.IGNORECASE) for pattern in entry.get("except", ())),
            law=entry["law"],
        )
        for entry in yamls.load(written)
    )
