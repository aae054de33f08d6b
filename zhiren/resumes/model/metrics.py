"""How good a tagger is: exact and overlapping entities, and whether its probabilities mean what they say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Found = Iterable[tuple[str, int, int]]
ALL = "all"
_BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0001)


@dataclass(frozen=True, slots=True)
class Score:
    """Entities there are, entities given, and how many of the given are right. The figures are percentages."""

    true: int
    given: int
    right: int

    @property
    def precision(self) -> float:
        """The share of the given that is right; 0 where nothing was given."""
        return 100 * self.right / self.given if self.given else 0.0

    @property
    def recall(self) -> float:
        """The share of the true ones that were found; 0 where there are none."""
        return 100 * self.right / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 200 * self.right / (self.true + self.given) if self.true + self.given else 0.0


def exact(true: Sequence[Found], given: Sequence[Found]) -> dict[str, Score]:
    """Return the score of each label and of all, an entity being right if label, start and end are."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one, two in zip(true, given, strict=True):
        there, here = set(one), set(two)
        for column, entities in enumerate((there, here, there & here)):
            for label, _, _ in entities:
                counts[label][column] += 1
                counts[ALL][column] += 1
    return {label: Score(*counts[label]) for label in sorted(counts, key=lambda name: (name == ALL, name))}


def overlapping(true: Sequence[Found], given: Sequence[Found]) -> dict[str, Score]:
    """Return the score where an entity counts as right if one of the same label shares at least half of both together.

    Each true entity is matched at most once, from left to right.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one, two in zip(true, given, strict=True):
        there, here = sorted(set(one), key=lambda item: item[1]), sorted(set(two), key=lambda item: item[1])
        for column, entities in enumerate((there, here)):
            for label, _, _ in entities:
                counts[label][column] += 1
                counts[ALL][column] += 1
        free = list(there)
        for label, start, end in here:
            match = next((item for item in free if item[0] == label and _share(item[1:], (start, end)) >= 0.5), None)
            if match:
                free.remove(match)
                counts[label][2] += 1
                counts[ALL][2] += 1
    return {label: Score(*counts[label]) for label in sorted(counts, key=lambda name: (name == ALL, name))}


def _share(one: tuple[int, int], two: tuple[int, int]) -> float:
    common = min(one[1], two[1]) - max(one[0], two[0])
    return max(common, 0) / (max(one[1], two[1]) - min(one[0], two[0]))


@dataclass(frozen=True, slots=True)
class Band:
    """Entities whose probability lies in one band: their number, their mean probability, the share that is right."""

    low: float
    high: float
    count: int
    said: float
    right: float


def reliability(true: Sequence[Found], given: Sequence[Iterable[tuple[str, int, int, float]]]) -> list[Band]:
    """Return how often what was given with a probability was right, band by band; empty bands are left out."""
    pairs = []
    for one, two in zip(true, given, strict=True):
        there = set(one)
        pairs += [(probability, (label, start, end) in there) for label, start, end, probability in two]
    bands = []
    for low, high in pairwise(_BANDS):
        inside = [(probability, right) for probability, right in pairs if low <= probability < high]
        if inside:
            said = sum(probability for probability, _ in inside) / len(inside)
            right = sum(right for _, right in inside) / len(inside)
            bands.append(Band(low, min(high, 1.0), len(inside), round(said, 3), round(right, 3)))
    return bands


def calibration_error(bands: Sequence[Band]) -> float:
    """Return by how much probabilities are off on average, 0 to 1, weighted by the number of entities."""
    total = sum(band.count for band in bands)
    return sum(abs(band.said - band.right) * band.count for band in bands) / total if total else 0.0
