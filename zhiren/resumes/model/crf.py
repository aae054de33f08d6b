"""A chain of labels: the best path through scores, and how likely each label is at each place."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
OUTSIDE = "O"
_NEVER = -1e4
_RESCALED = 8  # places; in so few no product of probabilities becomes too small for a number


def tags_of(labels: Sequence[str]) -> list[str]:
    """Return the tags for entities of these labels: outside, then begin, middle, end and single for each label."""
    return [OUTSIDE, *(f"{place}-{label}" for label in labels for place in "BMES")]


@functools.cache
def allowed(tags: tuple[str, ...]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which tag may follow which, which may come first and which last: an entity has one begin and one end."""
    follows = np.array([[_may_follow(before, after) for after in tags] for before in tags])
    first = np.array([tag[0] in "OBS" for tag in tags])
    last = np.array([tag[0] in "OES" for tag in tags])
    return follows, first, last


def _may_follow(before: str, after: str) -> bool:
    if before[0] in "BM":
        return after[0] in "ME" and before[2:] == after[2:]
    return after[0] in "OBS"


def masked(
    tags: Sequence[str], transitions: Floats, first: Floats, last: Floats
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the scores of transitions, beginnings and ends with what cannot be set to never."""
    follows, may_begin, may_end = allowed(tuple(tags))
    return (
        np.where(follows, transitions, _NEVER).astype(np.float64),
        np.where(may_begin, first, _NEVER).astype(np.float64),
        np.where(may_end, last, _NEVER).astype(np.float64),
    )


def best_path(scores: Floats, transitions: Floats, first: Floats, last: Floats) -> list[int]:
    """Return the path with the highest score; `scores` has a row for each place and a column for each tag."""
    reached = np.empty(scores.shape, dtype=np.float64)
    reached[0] = best = first + scores[0]
    ways = np.empty_like(transitions)
    for place in range(1, len(scores)):
        np.add(best[:, None], transitions, out=ways)
        best = ways.max(axis=0, out=reached[place])
        best += scores[place]
    # What led to the best end is looked up along the one path that is wanted, not on the way for every tag.
    leading = np.ascontiguousarray(transitions.T)
    at = int((best + last).argmax())
    path = [at]
    for row in reached[-2::-1]:
        at = int((row + leading[at]).argmax())
        path.append(at)
    return path[::-1]


def marginals(scores: Floats, transitions: Floats, first: Floats, last: Floats) -> npt.NDArray[np.float64]:
    """Return the probability of each tag at each place, shaped as `scores`; every row adds up to 1."""
    local = np.exp(scores - scores.max(axis=1, keepdims=True), dtype=np.float64)
    step, end = np.exp(transitions), np.exp(last)
    count = len(local)
    # Both ways at once: one begins at the first place, the other at the last.
    both = np.stack([local, local[::-1]], axis=1)[:, :, None]
    steps = np.stack([step, step.T])
    found = np.empty((count, 2, 1, local.shape[1]))
    found[0] = np.stack([np.exp(first), end / end.sum()])[:, None]
    row = found[0] * both[0]
    for place in range(1, count):
        if place % _RESCALED == 0:
            row /= row.sum(axis=2, keepdims=True)
        np.matmul(row, steps, out=found[place])
        np.multiply(found[place], both[place], out=row)
    products = found[:, 0, 0] * local * found[::-1, 1, 0]
    summed: npt.NDArray[np.float64] = products / products.sum(axis=1, keepdims=True)
    return summed


def batch_marginals(
    scores: Floats, lengths: npt.NDArray[np.int64], transitions: Floats, first: Floats, last: Floats
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return for sequences side by side (place, sequence, tag): marginals, expected transitions, log partition.

    What lies behind a sequence's length has marginals of zero. The expected transitions are summed over all places
    and sequences.
    """
    places, width, count = scores.shape
    top = scores.max(axis=2, keepdims=True)
    local = np.exp((scores - top).astype(np.float64))
    step = np.exp(transitions.astype(np.float64))
    begin, end = np.exp(first.astype(np.float64)), np.exp(last.astype(np.float64))
    live = np.arange(places)[:, None] < lengths[None]
    forward = np.empty((places, width, count))
    scale = np.ones((places, width, 1))
    row = begin * local[0]
    for place in range(places):
        if place:
            row = (forward[place - 1] @ step) * local[place]
        scale[place] = row.sum(axis=1, keepdims=True)
        forward[place] = row / scale[place]
    at_end = forward[lengths - 1, np.arange(width)] @ end
    partition = np.where(live, np.log(scale[..., 0]) + top[..., 0], 0).sum(axis=0) + np.log(at_end)
    backward = np.empty_like(forward)
    expected = np.zeros_like(step)
    row = np.broadcast_to(end, (width, count))
    for place in range(places - 1, -1, -1):
        if place < places - 1:
            ahead = local[place + 1] * row / scale[place + 1]
            inside = live[place + 1][:, None]
            joint = np.where(inside, ahead / at_end[:, None], 0)
            expected += forward[place].T @ joint
            row = np.where(inside, ahead @ step.T, end)
        backward[place] = row
    found = forward * backward
    found /= np.maximum(found.sum(axis=2, keepdims=True), 1e-300)
    found *= live[..., None]
    return found, expected * step, partition
