"""What a trained model adds where the grammars find nothing: employments told in sentences, and a name without a label.

The model is read when a text needs it, which most do not: forms and lists are the grammars' business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from zhiren.resumes.dates import When
from zhiren.resumes.document import Document, Line, fact
from zhiren.resumes.facts import Employment, Fact

if TYPE_CHECKING:
    from zhiren.resumes.model import Language, Span, Tagger

_TELLS = re.compile(
    r"曾任|现任|历任|兼任|担任|出任|任职于|就职于|供职于|(?:至今|[月年日]|[，；、。起后])任(?![务何意性])"
    r"|加入[^，。]{2,20}(?:公司|集团|银行|研究院|大学)"
)
_SUREST = 0.9
_LEAST = 0.5
_HEAD_LINES = 8
_LONGEST = 4_000
_NAME_RULE, _PROSE_RULE = "model.name", "model.prose"
_ENGLISH_LINE = re.compile(r"(?:[^\W\d_][\w.'’-]*,?\s){1,4}[^\W\d_][\w.'’-]*[^\n]{0,40}")
_CHINESE_NAME = re.compile(r"[\u3400-\u9fff·]{2,12}")


@cache
def taggers(folder: Path | None) -> Mapping[Language, Tagger]:
    """Return the models of a folder, and those of the package where it has none or cannot use what it has."""
    from zhiren.resumes.model import UnusableModel, load

    try:
        return load(folder)
    except UnusableModel:
        return load(None)


def employments_told(document: Document, *, models: Path | None) -> list[Employment]:
    """Return the employments a Chinese text tells in sentences; none where no line says that somebody served."""
    found: list[Employment] = []
    for paragraph in _paragraphs(document.lines):
        if _TELLS.search(paragraph.text):
            from zhiren.resumes.model.prose import employments_in_prose

            spans = [span for span in taggers(models)["zh"].tag(paragraph.text) if span.probability >= _LEAST]
            for told in employments_in_prose(paragraph.text, spans):
                employer, title = paragraph.spanned(told.employer), paragraph.spanned(told.title)
                if employer is None:
                    continue  # a title alone, in a sentence, is too little to go by
                found.append(
                    Employment(
                        employer=employer,
                        title=title,
                        start=paragraph.dated(told.first),
                        end=paragraph.dated(told.last),
                        current=told.current,
                    )
                )
    return found


def name_told(document: Document, *, language: str, models: Path | None) -> Fact | None:
    """Return the name a model is sure of among the first lines, for texts whose name has no label and no line."""
    head = [line for line in document.lines if line.text][:_HEAD_LINES]
    if language == "en":
        head = [line for line in head if _ENGLISH_LINE.fullmatch(line.text)]
    if not head:
        return None
    tagger = taggers(models)["en" if language == "en" else "zh"]
    for line, spans in zip(head, tagger.tag_lines([line.folded[:_LONGEST] for line in head]), strict=True):
        for span in spans:
            words = line.text[span.start : span.end].strip()
            shaped = _CHINESE_NAME.fullmatch(words) if language != "en" else 2 <= len(words.split()) <= 4
            if span.label == "name" and span.probability >= _SUREST and shaped:
                return fact(line, (span.start, span.end), confidence=span.probability, rule=_NAME_RULE, value=words)
    return None


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Lines that a margin broke, as one text; `starts` says where each of them begins in it."""

    text: str
    lines: tuple[Line, ...]
    starts: tuple[int, ...]

    def spanned(self, span: Span | None) -> Fact | None:
        """Return a fact from a span of the paragraph."""
        if span is None:
            return None
        return self._fact(span.start, span.end, confidence=span.probability, value=self.text[span.start : span.end])

    def dated(self, when: When | None) -> Fact | None:
        """Return a fact from a date of the paragraph."""
        return self._fact(when.start, when.end, confidence=_SUREST, value=when.month) if when else None

    def _fact(self, start: int, end: int, *, confidence: float, value: str) -> Fact:
        number = max(index for index, begins in enumerate(self.starts) if begins <= start)
        line, offset = self.lines[number], self.starts[number]
        inside = fact(
            line,
            (start - offset, min(end - offset, len(line.text))),
            confidence=confidence,
            rule=_PROSE_RULE,
            value=value,
        )
        if end - offset <= len(line.text):
            return inside
        last = max(index for index, begins in enumerate(self.starts) if begins < end)
        between = [one.text for one in self.lines[number + 1 : last]]
        source = "\n".join([inside.source, *between, self.lines[last].text[: end - self.starts[last]]])
        return Fact(
            value=value,
            source=source,
            page=inside.page,
            line=inside.line,
            start=inside.start,
            end=inside.start + len(source),
            confidence=inside.confidence,
            rule=inside.rule,
            box=inside.box,
        )


def _paragraphs(lines: Sequence[Line]) -> Iterator[_Paragraph]:
    """Yield the text between blank lines and full stops at line ends, each at most `_LONGEST` characters."""
    current: list[Line] = []
    for line in lines:
        if line.text:
            current.append(line)
        ends = (
            not line.text
            or line.text.endswith(("。", "；", ".", ";"))
            or sum(len(one.text) for one in current) > _LONGEST
        )
        if ends and current:
            yield _paragraph(current)
            current = []
    if current:
        yield _paragraph(current)


def _paragraph(lines: Sequence[Line]) -> _Paragraph:
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line.text)
    return _Paragraph("".join(line.text for line in lines), tuple(lines), tuple(starts))
