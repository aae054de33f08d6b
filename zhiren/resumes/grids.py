"""Tables with rules: from the lines on a page to the cells between them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

_NEAR = 3.0  # points that two lines may be apart and still meet
_MOST_ELEMENTS = 4_000
_FEWEST_CELLS = 3


class Rule(NamedTuple):
    """A straight line, level or upright, in points of the upright page from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def is_level(self) -> bool:
        return self.right - self.left >= self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of one cell."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x < self.right and self.bottom <= y < self.top


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its place, and its rows of cells from top to bottom; a cell over several rows is in the first."""

    place: Cell
    rows: tuple[tuple[Cell, ...], ...]


def grids_of(rules: Sequence[Rule]) -> list[Grid]:
    """Return the tables on a page from top to bottom: where lines meet and part at least three cells in two columns."""
    found = [grid for group in _groups(rules) if (grid := _grid(group)) is not None]
    found.sort(key=lambda grid: -grid.place.top)
    # A table within a cell of another is read with that cell.
    return [
        grid for grid in found if not any(other is not grid and _within(grid.place, other.place) for other in found)
    ]


def _within(inner: Cell, outer: Cell) -> bool:
    return (
        outer.left - _NEAR <= inner.left
        and inner.right <= outer.right + _NEAR
        and outer.bottom - _NEAR <= inner.bottom
        and inner.top <= outer.top + _NEAR
        and inner != outer
    )


def _groups(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Return the lines that hang together, each level one with the upright ones it meets."""
    parent = list(range(len(rules)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    upright = [index for index, rule in enumerate(rules) if not rule.is_level]
    for index, rule in enumerate(rules):
        if not rule.is_level:
            continue
        for other in upright:
            crossing = rules[other]
            if (
                rule.left - _NEAR <= crossing.right
                and crossing.left <= rule.right + _NEAR
                and crossing.bottom - _NEAR <= rule.top
                and rule.bottom <= crossing.top + _NEAR
            ):
                parent[root(index)] = root(other)
    level = [index for index, rule in enumerate(rules) if rule.is_level]
    level.sort(key=lambda index: (round(rules[index].bottom), rules[index].left))
    for index, other in pairwise(level):
        # the line under a cell over several columns is drawn in pieces, of which the middle ones meet no upright line
        one, next_one = rules[index], rules[other]
        if abs(one.bottom - next_one.bottom) < 1 and abs(next_one.left - one.right) <= _NEAR:
            parent[root(index)] = root(other)
    groups: defaultdict[int, list[Rule]] = defaultdict(list)
    for index, rule in enumerate(rules):
        groups[root(index)].append(rule)
    return [group for group in groups.values() if len(group) >= 4]


def _levels(values: Iterable[float]) -> list[float]:
    """Return values without those that are nearly the same as the one before."""
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > _NEAR:
            kept.append(value)
    return kept


def _grid(group: Sequence[Rule]) -> Grid | None:
    level = [rule for rule in group if rule.is_level]
    upright = [rule for rule in group if not rule.is_level]
    if len(level) < 2 or not upright:
        return None
    xs = _levels([*((r.left + r.right) / 2 for r in upright), min(r.left for r in level), max(r.right for r in level)])
    ys = _levels(
        [*((r.top + r.bottom) / 2 for r in level), min(r.bottom for r in upright), max(r.top for r in upright)]
    )
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 2 or rows < 1 or columns * rows > _MOST_ELEMENTS:
        return None
    joined = _joined(level, upright, xs, ys)
    boxes: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for index, name in enumerate(joined):
        boxes[name].append((index % columns, index // columns))
    cells = [
        Cell(
            xs[min(x for x, _ in places)],
            ys[min(y for _, y in places)],
            xs[max(x for x, _ in places) + 1],
            ys[max(y for _, y in places) + 1],
        )
        for places in boxes.values()
    ]
    if len(cells) < _FEWEST_CELLS or len({cell.left for cell in cells}) < 2:
        return None
    by_top: defaultdict[float, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_top[cell.top].append(cell)
    return Grid(
        Cell(xs[0], ys[0], xs[-1], ys[-1]),
        tuple(tuple(sorted(by_top[top], key=lambda cell: cell.left)) for top in sorted(by_top, reverse=True)),
    )


def _joined(level: Sequence[Rule], upright: Sequence[Rule], xs: list[float], ys: list[float]) -> list[int]:
    """Return for each field between two levels, row by row from below, which others it makes one cell with."""
    columns, rows = len(xs) - 1, len(ys) - 1
    closed_right: set[tuple[int, int]] = set()
    closed_above: set[tuple[int, int]] = set()
    for rule in upright:
        at = _place(xs, (rule.left + rule.right) / 2)
        closed_right.update((at - 1, y) for y in range(rows) if rule.bottom < (ys[y] + ys[y + 1]) / 2 < rule.top)
    for rule in level:
        at = _place(ys, (rule.bottom + rule.top) / 2)
        closed_above.update((x, at - 1) for x in range(columns) if rule.left < (xs[x] + xs[x + 1]) / 2 < rule.right)
    names = list(range(columns * rows))

    def name(index: int) -> int:
        while names[index] != index:
            names[index] = names[names[index]]
            index = names[index]
        return index

    for y in range(rows):
        for x in range(columns):
            here = y * columns + x
            if x + 1 < columns and (x, y) not in closed_right:
                names[name(here + 1)] = name(here)
            if y + 1 < rows and (x, y) not in closed_above:
                names[name(here + columns)] = name(here)
    return [name(index) for index in range(columns * rows)]


def _place(levels: list[float], value: float) -> int:
    return max(bisect_right(levels, value + 0.01) - 1, 0)
