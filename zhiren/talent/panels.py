"""What other apps add to a comparison: criteria of apps below (wired by whoever knows both), parts of apps above."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from zhiren.kernel.actors import Actor
from zhiren.kernel.registry import Registry


@dataclass(frozen=True)
class Shown:
    """One value with what shows it: the words it was read from, and in which line of the résumé. `tone` colours it."""

    text: str
    source: str = ""
    line: int | None = None
    tone: str = ""


@dataclass(frozen=True)
class Criterion:
    """One line of a comparison: what is known of each person; who is missing is unknown."""

    label: Any
    values: Mapping[UUID, Sequence[Shown]] = field(default_factory=dict)


@dataclass(frozen=True)
class Panel:
    """A part of a comparison that an app above shows; `url_name` takes the ids as `?ids=` with commas."""

    title: Any
    url_name: str
    permission: str
    order: int = 50


# Criteria for visible persons, and the opening they are compared for, if there is one: in as many queries for five
# persons as for two.
Judge = Callable[[Actor, Sequence[UUID], UUID | None], Sequence[Criterion]]
criteria: Registry[Judge] = Registry("judge of a comparison")
panels: Registry[Panel] = Registry("part of a comparison")


def panels_for(actor: Actor) -> list[Panel]:
    """Return the parts that this actor may see, in order."""
    return sorted((panel for panel in panels.values() if actor.may(panel.permission)), key=lambda panel: panel.order)
