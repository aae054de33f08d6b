"""How a network learns: forwards, backwards and a step, in numpy alone, so that every installation can train."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhiren.resumes.model import crf
from zhiren.resumes.model.network import UNKNOWN, Arrays, Network, pad, run, turned

Array = npt.NDArray[np.float32]
Example = tuple[Sequence[Sequence[str]], Sequence[int]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How large the network is and how it learns."""

    widths: tuple[int, ...]
    """How many numbers stand for one word, for each kind of input."""
    at_least: tuple[int, ...]
    """How often a word must be seen to be kept, for each kind of input."""
    forgets: tuple[bool, ...]
    """Whether words of this kind are hidden now and then, so that unknown ones are no surprise."""
    size: int = 128
    rounds: int = 12
    batch: int = 24
    rate: float = 0.004
    dropped: float = 0.5
    hidden: float = 0.1
    """Share of words hidden: all of those seen once, three tenths of the others are eligible."""


_BETAS = (0.9, 0.999)
_LARGEST_STEP = 5.0


def learn(
    examples: Sequence[Example], tags: Sequence[str], plan: Plan, *, seed: int, say: Callable[[str], None] | None = None
) -> Network:
    """Return a network taught with these sequences and the numbers of their tags; the same seed gives the same."""
    random = np.random.default_rng(seed)
    seen = [Counter(word for inputs, _ in examples for word in inputs[kind]) for kind in range(len(plan.widths))]
    words = tuple(
        {word: number for number, word in enumerate(sorted(w for w, n in known.items() if n >= least), UNKNOWN + 1)}
        for known, least in zip(seen, plan.at_least, strict=True)
    )
    once = [
        np.array([False, False, *(known[word] == 1 for word in table)])
        for known, table in zip(seen, words, strict=True)
    ]
    weights = _beginning(words, len(tags), plan, random)
    network = Network(words, weights)
    data = [(network.look_up(inputs), list(answer)) for inputs, answer in examples]
    steps = plan.rounds * -(-len(data) // plan.batch)
    optimizer = _Optimizer(weights)
    done = 0
    for number in range(plan.rounds):
        total = 0.0
        for batch in _batches(data, plan.batch, random):
            loss, gradients, rows = _slopes(weights, tags, batch, plan, once, random)
            done += 1
            optimizer.step(gradients, rows, plan.rate * _pace(done / steps))
            total += loss
        if say:
            say(f"  round {number + 1} of {plan.rounds}: loss {total / len(data):.2f} a sentence")
    return network


def _pace(part: float) -> float:
    """Return the share of the full rate at this part of the way: up quickly, then slowly down to nothing."""
    return float(part / 0.1 if part < 0.1 else 0.5 + 0.5 * np.cos(np.pi * (part - 0.1) / 0.9))


def _beginning(
    words: Sequence[dict[str, int]], tags: int, plan: Plan, random: np.random.Generator
) -> dict[str, npt.NDArray[np.float32]]:
    inputs = sum(plan.widths)

    def uniform(*shape: int) -> Array:
        bound = 1 / np.sqrt(plan.size)
        return random.uniform(-bound, bound, shape).astype(np.float32)

    weights = {
        f"words{kind}": random.normal(0, 0.3, (len(table) + 2, width)).astype(np.float32)
        for kind, (table, width) in enumerate(zip(words, plan.widths, strict=True))
    }
    for kind in range(len(words)):
        weights[f"words{kind}"][0] = 0
    return weights | {
        "input": uniform(2, inputs, 4 * plan.size),
        "recur": uniform(2, plan.size, 4 * plan.size),
        "bias": uniform(2, 4 * plan.size),
        "out": uniform(2 * plan.size, tags),
        "out_bias": np.zeros(tags, dtype=np.float32),
        "transitions": np.zeros((tags, tags), dtype=np.float32),
        "first": np.zeros(tags, dtype=np.float32),
        "last": np.zeros(tags, dtype=np.float32),
    }


_Numbers = tuple[list[list[int]], list[int]]


def _batches(data: Sequence[_Numbers], size: int, random: np.random.Generator) -> Iterator[list[_Numbers]]:
    """Yield sequences of about the same length together, in a new order each time."""
    order = np.argsort([len(answer) + 8 * random.random() for _, answer in data])
    starts = np.arange(0, len(order), size)
    random.shuffle(starts)
    for start in starts:
        yield [data[number] for number in order[start : start + size]]


def _slopes(
    weights: Arrays,
    tags: Sequence[str],
    batch: list[_Numbers],
    plan: Plan,
    once: Sequence[npt.NDArray[np.bool_]],
    random: np.random.Generator,
) -> tuple[float, dict[str, Array], dict[str, npt.NDArray[np.int64]]]:
    """Return the loss of a batch, its slope for every weight, and which rows of the word tables it touches."""
    lengths = np.array([len(answer) for _, answer in batch])
    width, rows = int(lengths.max()), len(batch)
    ids = [pad([numbers[kind] for numbers, _ in batch], width) for kind in range(len(plan.widths))]
    for kind, table in enumerate(ids):
        if plan.forgets[kind]:
            eligible = once[kind][table] | (random.random(table.shape) < 0.3)
            table[(random.random(table.shape) < plan.hidden) & eligible & (table > UNKNOWN)] = UNKNOWN
    kept = 1 - plan.dropped
    values = np.concatenate([weights[f"words{kind}"][table] for kind, table in enumerate(ids)], axis=2)
    mask_in = ((random.random(values.shape, dtype=np.float32) < kept) / kept).astype(np.float32)
    order = turned(lengths, width)
    states, memory = run(weights, values * mask_in, order)
    mask_out = ((random.random(states.shape, dtype=np.float32) < kept) / kept).astype(np.float32)
    dropped = states * mask_out
    scores = (dropped @ weights["out"] + weights["out_bias"]).astype(np.float32)

    loss, by_score, slopes = _chain(weights, tags, scores, [answer for _, answer in batch], lengths)
    by_score /= rows
    slopes = {name: (slope / rows).astype(np.float32) for name, slope in slopes.items()}
    flat = by_score.reshape(-1, len(tags))
    slopes["out"] = (dropped.reshape(-1, dropped.shape[2]).T @ flat).astype(np.float32)
    slopes["out_bias"] = flat.sum(axis=0)
    by_state = (by_score @ weights["out"].T) * mask_out
    by_value, back = _through_time(weights, by_state, memory, order)
    slopes |= back
    by_value *= mask_in
    touched = {}
    place = 0
    for kind, wide in enumerate(plan.widths):
        numbers, inverse = np.unique(ids[kind].ravel(), return_inverse=True)
        part = by_value[:, :, place : place + wide].reshape(-1, wide)
        sums = np.zeros((len(numbers), wide), dtype=np.float32)
        sorted_places = np.argsort(inverse, kind="stable")
        borders = np.searchsorted(inverse[sorted_places], np.arange(len(numbers)))
        sums[:] = np.add.reduceat(part[sorted_places], borders, axis=0)
        sums[numbers == 0] = 0
        slopes[f"words{kind}"] = sums
        touched[f"words{kind}"] = numbers
        place += wide
    return loss, slopes, touched


def _chain(
    weights: Arrays,
    tags: Sequence[str],
    scores: Array,
    answers: Sequence[Sequence[int]],
    lengths: npt.NDArray[np.int64],
) -> tuple[float, Array, dict[str, Array]]:
    """Return how unlikely the answers are (minus their log probability, summed) and its slopes."""
    transitions, first, last = crf.masked(tags, weights["transitions"], weights["first"], weights["last"])
    across = scores.transpose(1, 0, 2)
    found, expected, partition = crf.batch_marginals(across, lengths, transitions, first, last)
    slope = found.transpose(1, 0, 2).astype(np.float32)
    by_first = found[0].sum(axis=0)
    by_last = found[lengths - 1, np.arange(len(lengths))].sum(axis=0)
    by_step = expected
    loss = float(partition.sum())
    for row, answer in enumerate(answers):
        path = np.array(answer)
        places = np.arange(len(path))
        loss -= float(scores[row, places, path].sum() + first[path[0]] + last[path[-1]])
        loss -= float(transitions[path[:-1], path[1:]].sum())
        slope[row, places, path] -= 1
        by_first[path[0]] -= 1
        by_last[path[-1]] -= 1
        np.subtract.at(by_step, (path[:-1], path[1:]), 1)
    follows, may_begin, may_end = crf.allowed(tuple(tags))
    slopes = {"transitions": by_step * follows, "first": by_first * may_begin, "last": by_last * may_end}
    return loss, slope, {name: value.astype(np.float32) for name, value in slopes.items()}


def _through_time(
    weights: Arrays, by_state: Array, memory: dict[str, Array], order: npt.NDArray[np.int64]
) -> tuple[Array, dict[str, Array]]:
    """Return the slopes of the inputs and of the weights of the recurrent part."""
    gates, cells, states, both = (memory[name] for name in ("gates", "cells", "states", "both"))
    width, _, rows, four = gates.shape
    size = four // 4
    pick = np.arange(rows)[:, None]
    arriving = np.stack([by_state[:, :, :size], by_state[:, :, size:][pick, order]]).transpose(2, 0, 1, 3)
    back_recur = weights["recur"].transpose(0, 2, 1)
    inner = np.empty_like(gates)
    by_cell = np.zeros((2, rows, size), dtype=np.float32)
    carried = np.zeros((2, rows, size), dtype=np.float32)
    for place in range(width - 1, -1, -1):
        take, keep, show, new = (gates[place, ..., part * size : (part + 1) * size] for part in range(4))
        by_out = arriving[place] + carried
        bent = np.tanh(cells[place + 1])
        by_cell += by_out * show * (1 - bent * bent)
        slope = inner[place]
        slope[..., :size] = by_cell * new * take * (1 - take)
        slope[..., size : 2 * size] = by_cell * cells[place] * keep * (1 - keep)
        slope[..., 2 * size : 3 * size] = by_out * bent * show * (1 - show)
        slope[..., 3 * size :] = by_cell * take * (1 - new * new)
        carried = slope @ back_recur
        by_cell *= keep
    flat = inner.transpose(1, 0, 2, 3).reshape(2, width * rows, four)
    before = states[:-1].transpose(1, 0, 2, 3).reshape(2, width * rows, size)
    by_place = both.transpose(0, 2, 1, 3).reshape(2, width * rows, -1)
    by_both = (flat @ weights["input"].transpose(0, 2, 1)).reshape(2, width, rows, -1).transpose(0, 2, 1, 3)
    by_value = by_both[0] + by_both[1][pick, order]
    return by_value, {
        "recur": before.transpose(0, 2, 1) @ flat,
        "input": by_place.transpose(0, 2, 1) @ flat,
        "bias": flat.sum(axis=1),
    }


class _Optimizer:
    """Adam; of a word table only the rows that were used move."""

    def __init__(self, weights: Arrays) -> None:
        self.weights = weights
        self.mean = {name: np.zeros_like(value) for name, value in weights.items()}
        self.square = {name: np.zeros_like(value) for name, value in weights.items()}
        self.count = 0

    def step(self, slopes: dict[str, Array], rows: dict[str, npt.NDArray[np.int64]], rate: float) -> None:
        """Move every weight against its slope; all slopes together are cut to a largest length."""
        self.count += 1
        length = float(np.sqrt(sum(float((slope * slope).sum()) for slope in slopes.values())))
        cut = min(1.0, _LARGEST_STEP / (length + 1e-9))
        fast, slow = _BETAS
        pace = rate * np.sqrt(1 - slow**self.count) / (1 - fast**self.count)
        for name, found in slopes.items():
            at = rows.get(name, slice(None))
            slope = found * np.float32(cut)
            mean = self.mean[name][at] * np.float32(fast) + slope * np.float32(1 - fast)
            square = self.square[name][at] * np.float32(slow) + slope * slope * np.float32(1 - slow)
            self.mean[name][at] = mean
            self.square[name][at] = square
            self.weights[name][at] -= np.float32(pace) * mean / (np.sqrt(square) + np.float32(1e-8))
