"""The parts of a résumé: which line belongs under which heading."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from zhiren.resumes.document import Document, Line
from zhiren.resumes.facts import Section
from zhiren.resumes.headings import is_title, kind_of_heading

HEADER = "header"
# Words that head a section in one résumé and are an entry of a list in the next.
_AMBIGUOUS = frozenset(
    [
        "leadership",
        "research",
        "training",
        "languages",
        "language",
        "tools",
        "project",
        "personal",
        "work",
        "other",
        "expertise",
        "technologies",
        "courses",
        "achievements",
        "awards",
        "presentations",
        "activities",
        "interests",
        "academic",
        "papers",
        "talks",
        "additional",
        "profile",
        "contact",
        "学历",
        "coursework",
        "portfolio",
        "strengths",
        "affiliations",
        "honors",
    ]
)
_INLINE = re.compile(r"^(?P<head>[^:：]{2,24})\s?[:：]\s?(?=\S)")
_INLINE_KINDS = frozenset({"skills", "education", "objective", "summary"})
_CLOSED_TO_INLINE = frozenset({"work", "projects", "skills", "campus", "volunteer", "publications"})


@dataclass(frozen=True, slots=True)
class Segment:
    """One part with its lines, the heading left out; `kind` is `header` for what stands before the first heading."""

    kind: str
    heading: str
    lines: tuple[Line, ...]
    start: int
    end: int

    def as_section(self) -> Section:
        """Return the part without its lines."""
        return Section(kind=self.kind, heading=self.heading, start=self.start, end=self.end)


def segments_of(document: Document) -> list[Segment]:
    """Return the parts in reading order; together they hold every line of the document."""
    sizes = [line.size for line in document.lines if line.size]
    body_size = statistics.median(sizes) if sizes else 0.0
    parts: list[Segment] = []
    kind, heading, start, lines = HEADER, "", 0, list[Line]()
    before: Line | None = None
    for line in document.lines:
        found = _heading(line, before, body_size, kind)
        if found:
            parts.append(Segment(kind, heading, tuple(lines), start, line.start))
            inline = None if kind_of_heading(line.text) else _INLINE.match(line.folded)
            kind, heading, start = found, inline["head"] if inline else line.text, line.start
            lines = [line] if inline else []
        else:
            lines.append(line)
        before = line
    parts.append(Segment(kind, heading, tuple(lines), start, len(document.text)))
    return [part for part in parts if part.heading or any(line.text for line in part.lines)]


def lines_of(segments: list[Segment], *kinds: str) -> Iterator[Line]:
    """Yield the lines of all parts of these kinds."""
    for segment in segments:
        if segment.kind in kinds:
            yield from segment.lines


def _heading(line: Line, before: Line | None, body_size: float, current: str) -> str | None:
    if not line.text or is_title(line.text):
        return None
    kind = kind_of_heading(line.text)
    if kind:
        return kind if _is_prominent(line, before, body_size) else None
    inline = _INLINE.match(line.folded)
    if inline and current not in _CLOSED_TO_INLINE:
        kind = kind_of_heading(inline["head"])
        if "学历" not in inline["head"] and kind in _INLINE_KINDS and kind != current:
            return kind
    return None


def _is_prominent(line: Line, before: Line | None, body_size: float) -> bool:
    """Only a doubtful word must look like a heading: larger, in capitals, marked, or after a blank line."""
    word = re.sub(r"[\W_]", "", line.folded.lower())
    if word not in _AMBIGUOUS:
        return True
    return (
        bool(line.size and line.size > body_size * 1.06)
        or (line.text.isupper() and len(word) > 3)
        or line.folded.rstrip().endswith(":")
        or before is None
        or not before.text
    )
