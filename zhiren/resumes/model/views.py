"""How the text of a language is cut up and seen; the rest of the model is the same for all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from zhiren.resumes.model import chinese, english

LONGEST_PIECE = {"zh": 160, "en": 6000}
"""Characters a model sees at once; longer texts are cut where a sentence or a line ends, else anywhere."""


@dataclass(frozen=True, slots=True)
class View:
    """A language's way of seeing."""

    version: int
    cut: re.Pattern[str]
    """What ends a piece."""
    longest: int
    units: Callable[[str], list[tuple[int, int]]]
    marks: Callable[[str], list[list[str]]]
    words: Callable[[str], Sequence[Sequence[str]]]

    def pieces(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield the parts of a text that are seen apart, each with its place; blank ones are left out."""
        for match in self.cut.finditer(text):
            start, end = match.span()
            while start < end:
                stop = end
                if stop - start > self.longest:
                    part = text[start : start + self.longest]
                    better = max(part.rfind(sign) for sign in "。；;，,\n、 ") + 1
                    stop = start + (better or self.longest)
                piece = text[start:stop]
                if piece.strip():
                    yield start, piece
                start = stop


def _characters(text: str) -> list[tuple[int, int]]:
    return [(at, at + 1) for at in range(len(text))]


VIEWS = {
    "zh": View(
        chinese.VERSION,
        re.compile(r"[^\n]+"),
        LONGEST_PIECE["zh"],
        _characters,
        chinese.marks_of,
        chinese.words_of,
    ),
    "en": View(
        english.VERSION,
        re.compile(r"[\s\S]+"),
        LONGEST_PIECE["en"],
        english.units_of,
        english.marks_of,
        english.words_of,
    ),
}
