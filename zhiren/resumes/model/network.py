"""A two-way recurrent network over characters or tokens, in numpy: looking up, running, and nothing of learning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[np.float32]]
PADDING, UNKNOWN = 0, 1


@dataclass(frozen=True, slots=True)
class Network:
    """Weights and the words they belong to: one table of words for each kind of input a place has."""

    words: tuple[dict[str, int], ...]
    weights: Arrays
    _ready: dict[str, npt.NDArray[np.float32]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The weights as `read` takes them, worked out once."""

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
        if not self._ready:
            self._ready.update(halved(self.weights))
        states = read(self._ready, values, turned(lengths, values.shape[1]))
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


def read(weights: Arrays, values: npt.NDArray[np.float32], order: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """Return the states that `run` returns of the weights these are `halved` of; nothing is kept for going back."""
    rows, width, _ = values.shape
    recur, project = weights["recur"], weights["input"]
    size = recur.shape[1]
    pick = np.arange(rows)[:, None]
    inner = np.empty((width, 2, rows, 4 * size), dtype=np.float32)
    for way, seen in enumerate((values, values[pick, order])):
        inner[:, way] = ((seen.reshape(rows * width, -1) @ project[way]).reshape(rows, width, -1)).transpose(1, 0, 2)
    inner += weights["bias"][:, None]
    states = np.zeros((width + 1, 2, rows, size), dtype=np.float32)
    gate = np.empty((2, rows, 4 * size), dtype=np.float32)
    take, keep, show, new = (gate[..., part * size : (part + 1) * size] for part in range(4))
    logistic = gate[..., : 3 * size]
    cell, bent = np.zeros((2, 2, rows, size), dtype=np.float32)
    for place in range(width):
        np.matmul(states[place], recur, out=gate)
        np.add(gate, inner[place], out=gate)
        np.tanh(gate, out=gate)
        np.multiply(logistic, 0.5, out=logistic)
        np.add(logistic, 0.5, out=logistic)
        np.multiply(cell, keep, out=cell)
        np.multiply(take, new, out=bent)
        np.add(cell, bent, out=cell)
        np.tanh(cell, out=bent)
        np.multiply(show, bent, out=states[place + 1])
    ahead = states[1:, 0].transpose(1, 0, 2)
    back = states[1:, 1].transpose(1, 0, 2)[pick, order]
    return np.concatenate([ahead, back], axis=2)


def halved(weights: Arrays) -> dict[str, npt.NDArray[np.float32]]:
    """Return the weights of the gates, three of the four halved: tanh(x/2)/2 + 1/2 is the logistic function."""
    shares = _shares(weights["recur"].shape[1])
    return {name: weights[name] * shares for name in ("input", "recur", "bias")}


def _shares(size: int) -> npt.NDArray[np.float32]:
    return np.concatenate([np.full(3 * size, 0.5, dtype=np.float32), np.ones(size, dtype=np.float32)])


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
    shares = _shares(size)
    for place in range(width):
        gate = gates[place]
        np.tanh((inner[:, place] + states[place] @ recur) * shares, out=gate)
        gate[..., : 3 * size] = gate[..., : 3 * size] * 0.5 + 0.5
        take, keep, show, new = (gate[..., part * size : (part + 1) * size] for part in range(4))
        cells[place + 1] = keep * cells[place] + take * new
        states[place + 1] = show * np.tanh(cells[place + 1])
    ahead = states[1:, 0].transpose(1, 0, 2)
    back = states[1:, 1].transpose(1, 0, 2)[pick, order]
    return np.concatenate([ahead, back], axis=2), {"both": both, "gates": gates, "cells": cells, "states": states}
