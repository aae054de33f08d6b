"""Finds the entities of a text with a trained model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt

from zhiren.resumes.model import crf
from zhiren.resumes.model.linear import Linear
from zhiren.resumes.model.network import Network
from zhiren.resumes.model.views import VIEWS

Language = Literal["zh", "en"]
_TOGETHER = 16
_SCHOOL = re.compile(
    r"(?:大学|学院|学校|中学|党校|研究生院|分校|高中|技校|中专|大专|University|College|School)(?:[（(][^（）()]{1,12}[）)])?"
    r"(?:[\u4e00-\u9fff]{2,8}(?:学院|系))?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """An entity: its label, and `text[start:end]`.

    Labels: `name`, `school`, `degree`, `major`, `employer`, `title`, `place`, `country`, `ethnicity`; the English model
    has `mail`, `graduation` (a year), `experience` (years of it) and `skills`, too.
    """

    label: str
    start: int
    end: int
    probability: float
    """The least sure of its characters' (in English: words') probabilities, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Tagger:
    """A trained model of one language. `card` tells what it was trained on and how good it is."""

    language: Language
    labels: tuple[str, ...]
    linear: Linear
    networks: tuple[Network, ...]
    linear_share: float
    """How much the linear part counts, 0 to 1; the networks share the rest."""
    temperature: float
    """What scores are divided by before they become probabilities: above 1 the model was too sure of itself."""
    eagerness: float
    """What is taken from the score of being no entity: above 0 more is found, and more of it wrong."""
    card: dict[str, Any]

    @classmethod
    def default(cls, language: Language) -> Self:
        """Return the model that comes with the package, read once a process."""
        from zhiren.resumes.model.store import load

        found = load(None)[language]
        if not isinstance(found, cls):
            raise TypeError(f"the loader gave a {type(found).__name__}")
        return found

    def tag(self, text: str) -> list[Span]:
        """Return the entities of a text from left to right, none overlapping."""
        return self.tag_lines([text])[0]

    def tag_lines(self, lines: Sequence[str]) -> list[list[Span]]:
        """Return the entities of each text; many at once cost less than one by one."""
        view = VIEWS[self.language]
        pieces = [(number, offset, piece) for number, line in enumerate(lines) for offset, piece in view.pieces(line)]
        pieces.sort(key=lambda item: len(item[2]))
        found: list[list[Span]] = [[] for _ in lines]
        for start in range(0, len(pieces), _TOGETHER):
            together = pieces[start : start + _TOGETHER]
            for (number, offset, piece), spans in zip(
                together, self._spans([piece for _, _, piece in together]), strict=True
            ):
                found[number] += [
                    Span(_shown(label, piece[first:last]), offset + first, offset + last, probability)
                    for label, first, last, probability in spans
                ]
        for spans_of_line in found:
            spans_of_line.sort(key=lambda span: span.start)
        return found

    def entities(self, texts: Sequence[str]) -> list[list[tuple[str, int, int, float]]]:
        """Return label, start, end and probability as the model was trained to give them, for measuring."""
        return [
            spans
            for start in range(0, len(texts), _TOGETHER)
            for spans in self._spans(texts[start : start + _TOGETHER])
        ]

    def _spans(self, texts: Sequence[str]) -> Iterable[list[tuple[str, int, int, float]]]:
        view = VIEWS[self.language]
        units = [view.units(text) for text in texts]
        wanted = [number for number, known in enumerate(units) if known]
        answers: list[list[tuple[str, int, int, float]]] = [[] for _ in texts]
        if not wanted:
            return answers
        chain = self._chain()
        scores = [self.linear.scores(view.marks(texts[number])) * self.linear_share for number in wanted]
        if self.networks:
            share = (1 - self.linear_share) / len(self.networks)
            seen = [view.words(texts[number]) for number in wanted]
            for network in self.networks:
                scores = [one + two * share for one, two in zip(scores, network.scores(seen), strict=True)]
        for number, table in zip(wanted, scores, strict=True):
            answers[number] = self._read(table, units[number], chain)
        return answers

    def _chain(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        share = (1 - self.linear_share) / max(len(self.networks), 1)
        transitions = self.linear.transitions * self.linear_share
        first = np.zeros(len(transitions), dtype=np.float32)
        last = first.copy()
        for network in self.networks:
            transitions = transitions + network.weights["transitions"] * share
            first = first + network.weights["first"] * share
            last = last + network.weights["last"] * share
        return crf.masked(crf.tags_of(self.labels), transitions, first, last)

    def _read(
        self,
        scores: npt.NDArray[np.float32],
        units: Sequence[tuple[int, int]],
        chain: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]],
    ) -> list[tuple[str, int, int, float]]:
        if self.eagerness:
            scores = scores - np.array([self.eagerness, *[0] * (scores.shape[1] - 1)], dtype=np.float32)
        path = crf.best_path(scores, *chain)
        if not any(path):
            return []
        sure = crf.marginals(scores / self.temperature, *(part / self.temperature for part in chain))
        at_path = sure[np.arange(len(path)), path]
        tags = crf.tags_of(self.labels)
        return [
            (label, units[first][0], units[last - 1][1], float(at_path[first:last].min()))
            for label, first, last in spans_of([tags[number] for number in path])
        ]


def spans_of(tags: Sequence[str]) -> list[tuple[str, int, int]]:
    """Return label, start and end of each entity in a row of tags; a begin without its end is none."""
    found = []
    begin: int | None = None
    for at, tag in enumerate(tags):
        if tag[0] == "S":
            found.append((tag[2:], at, at + 1))
            begin = None
        elif tag[0] == "B":
            begin = at
        elif begin is None or tag[2:] != tags[begin][2:]:
            begin = None
        elif tag[0] == "E":
            found.append((tag[2:], begin, at + 1))
            begin = None
    return found


def tags_for(entities: Iterable[tuple[str, int, int]], count: int) -> list[str]:
    """Return the row of tags in which these entities stand; the later of two that overlap is left out.

    >>> tags_for([("name", 0, 2), ("title", 3, 4)], 5)
    ['B-name', 'E-name', 'O', 'S-title', 'O']
    """
    tags = [crf.OUTSIDE] * count
    for label, start, end in entities:
        if any(tag != crf.OUTSIDE for tag in tags[start:end]):
            continue
        if end - start == 1:
            tags[start] = f"S-{label}"
        else:
            tags[start:end] = [f"B-{label}", *[f"M-{label}"] * (end - start - 2), f"E-{label}"]
    return tags


def _shown(label: str, text: str) -> str:
    """Return a model's label in the scheme of all languages: an organisation is a school or an employer by its name."""
    if label != "org":
        return label
    return "school" if _SCHOOL.search(text) else "employer"
