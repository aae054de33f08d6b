"""A two-way recurrent network over characters or tokens, in numpy: looking up, running, and nothing of learning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[np.float32]]
PADDING, UNKNOWN = 0, 1


@dataclass(frozen=True, slots=True)
class Network:
    """Weights and the words they belong to: one table of words for each kind of input a place has."""

    words: tuple[dict[str, int], ...]
    weights: Arrays

    def look_up(self, inputs: Sequence[Sequence[str]]) -> list[list[int]]:
        """Return the numbers of one sequence's words, kind by kind; what was never seen is UNKNOWN."""
        return [[table.get(word, UNKNOWN) for word in kind] for table, kind in zip(self.words, inputs, strict=True)]

    def scores(self, sequences: Sequence[Sequence[Sequence[str]]]) -> list[npt.NDArray[np.float32]]:
        """Return each sequence's scores, a row for each place; sequences of one call share the work."""
        numbers = [self.look_up(inputs) for inputs in sequences]
        lengths = np.array([len(kinds[0]) for kinds in numbers])
        padded = [pad([kinds[kind] for kinds in numbers], int(lengths.max())) for kind in range(len(self.words))]
        values = np.concatenate(
            [self.weights[f"words{kind}"][ids] for kind, ids in enumerate(padded)], axis=2, dtype=np.float32
        )
        states, _ = run(self.weights, values, turned(lengths, values.shape[1]))
        found = states @ self.weights["out"] + self.weights["out_bias"]
        return [found[row, :length] for row, length in enumerate(lengths)]


def pad(rows: Sequence[Sequence[int]], width: int) -> npt.NDArray[np.int64]:
    """Return rows of unlike length as one table, filled up with PADDING."""
    table = np.full((len(rows), width), PADDING, dtype=np.int64)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table


def turned(lengths: npt.NDArray[np.int64], width: int) -> npt.NDArray[np.int64]:
    """Return the order that reads each row backwards and leaves its padding where it is; applied twice it is none."""
    places = np.arange(width)[None]
    return np.where(places < lengths[:, None], lengths[:, None] - 1 - places, places)


def run(
    weights: Arrays, values: npt.NDArray[np.float32], order: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float32], dict[str, npt.NDArray[np.float32]]]:
    """Return both ways' states side by side (row, place, 2 x size), and what learning needs to go back."""
    rows, width, _ = values.shape
    size = weights["recur"].shape[1]
    pick = np.arange(rows)[:, None]
    both = np.stack([values, values[pick, order]])
    inner = np.einsum("wrpi,wig->wprg", both, weights["input"], optimize=True) + weights["bias"][:, None, None]
    gates = np.empty((width, 2, rows, 4 * size), dtype=np.float32)
    cells = np.zeros((width + 1, 2, rows, size), dtype=np.float32)
    states = np.zeros((width + 1, 2, rows, size), dtype=np.float32)
    recur = weights["recur"]
    halved = np.concatenate([np.full(3 * size, 0.5, dtype=np.float32), np.ones(size, dtype=np.float32)])
    for place in range(width):
        gate = gates[place]
        np.tanh((inner[:, place] + states[place] @ recur) * halved, out=gate)
        gate[..., : 3 * size] = gate[..., : 3 * size] * 0.5 + 0.5  # tanh(x/2)/2 + 1/2 is the logistic function
        take, keep, show, new = (gate[..., part * size : (part + 1) * size] for part in range(4))
        cells[place + 1] = keep * cells[place] + take * new
        states[place + 1] = show * np.tanh(cells[place + 1])
    ahead = states[1:, 0].transpose(1, 0, 2)
    back = states[1:, 1].transpose(1, 0, 2)[pick, order]
    return np.concatenate([ahead, back], axis=2), {"both": both, "gates": gates, "cells": cells, "states": states}
