"""The departments as a tree, ready to be shown. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from zhiren.org.models import Department, Position


@dataclass(frozen=True)
class Node:
    """A department, how deep it lies (0 is the top), and its positions."""

    department: Department
    depth: int
    positions: list[Position]


def department_tree(departments: Sequence[Department], positions: Sequence[Position]) -> list[Node]:
    """Return the departments depth first, each followed by what lies below it."""
    children: dict[UUID | None, list[Department]] = defaultdict(list)
    for department in departments:
        children[department.parent_id].append(department)
    held: dict[UUID, list[Position]] = defaultdict(list)
    for position in positions:
        held[position.department_id].append(position)
    nodes: list[Node] = []
    waiting = [(department, 0) for department in reversed(children[None])]
    while waiting:
        department, depth = waiting.pop()
        nodes.append(Node(department, depth, held[department.pk]))
        waiting.extend((child, depth + 1) for child in reversed(children[department.pk]))
    return nodes
