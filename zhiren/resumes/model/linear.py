"""The linear part of a model: a weight for a mark and a tag, trained by crfsuite, used without it."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pycrfsuite


@dataclass(frozen=True, slots=True)
class Linear:
    """The weights of marks: `rows[marks[mark]]` has one for each tag."""

    marks: dict[str, int]
    rows: npt.NDArray[np.float32]
    transitions: npt.NDArray[np.float32]

    def scores(self, sequence: Sequence[Sequence[str]]) -> npt.NDArray[np.float32]:
        """Return the scores of a sequence, a row for each place; marks never seen count nothing."""
        number_of = self.marks.get
        flat = array("q")
        starts = []
        for marks in sequence:
            starts.append(len(flat))
            flat.append(0)  # a row of zeros, so that no place is without one
            flat.extend(filter(None, map(number_of, marks)))  # the numbers of marks begin at 1
        rows = self.rows.take(np.frombuffer(flat, dtype=np.int64), axis=0)
        return np.add.reduceat(rows, starts, axis=0, dtype=np.float32)


def learn_linear(
    examples: Sequence[tuple[Sequence[Sequence[str]], Sequence[str]]],
    tags: Sequence[str],
    *,
    sparse: float = 0.02,
    small: float = 0.02,
    rounds: int = 100,
    at_least: int = 1,
    least_weight: float = 0.0,
) -> Linear:
    """Return weights learned from marked sequences and their tags.

    `sparse` and `small` are crfsuite's c1 and c2: how much a weight must be worth to exist, and how much to be large.
    Marks seen less often than `at_least` are left out, and those none of whose weights is larger than `least_weight`.
    """
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": sparse, "c2": small, "max_iterations": rounds, "feature.minfreq": at_least})
    for sequence, answer in examples:
        trainer.append(pycrfsuite.ItemSequence([list(marks) for marks in sequence]), list(answer))
    with tempfile.TemporaryDirectory(prefix="zhiren-model-") as folder:
        path = Path(folder) / "model"
        trainer.train(str(path))
        tagger = pycrfsuite.Tagger()
        tagger.open(str(path))
        told = tagger.info()
        tagger.close()
    number_of = {tag: number for number, tag in enumerate(tags)}
    marks: dict[str, int] = {}
    for (mark, _), weight in told.state_features.items():
        if abs(weight) > least_weight:
            marks.setdefault(mark, len(marks) + 1)
    rows = np.zeros((len(marks) + 1, len(tags)), dtype=np.float32)
    for (mark, tag), weight in told.state_features.items():
        if mark in marks:
            rows[marks[mark], number_of[tag]] = weight
    transitions = np.zeros((len(tags), len(tags)), dtype=np.float32)
    for (before, after), weight in told.transitions.items():
        transitions[number_of[before], number_of[after]] = weight
    return Linear(marks, rows, transitions)
