"""What the apps above have to say when two records become one person, and what they do about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from zhiren.kernel.actors import Actor
from zhiren.kernel.registry import Registry


@dataclass(frozen=True)
class Choice:
    """One answer to a question."""

    id: str
    label: Any
    detail: Any = ""


@dataclass(frozen=True)
class Question:
    """What must be decided with a merge; `default` is the id of the choice that is taken if nobody says otherwise."""

    key: str
    text: Any
    choices: Sequence[Choice]
    default: str


class MergePart(Protocol):
    """What one app does about a merge. The records are given as ids: all of who stays, and all of who goes."""

    def counts(self, actor: Actor, person_ids: Sequence[UUID]) -> Sequence[tuple[Any, Mapping[UUID, int]]]:
        """Return what the actor sees of these records, in words, and how many there are of each."""

    def questions(self, actor: Actor, stays: Sequence[UUID], goes: Sequence[UUID]) -> Sequence[Question]:
        """Return what must be decided."""

    def settle(
        self, *, actor: Actor, at: datetime, stays: Sequence[UUID], goes: Sequence[UUID], answers: Mapping[str, str]
    ) -> Sequence[str]:
        """Do what was decided, within the merge's transaction; return ids by which `undo` takes it back."""

    def undo(self, *, actor: Actor, at: datetime, settled: Sequence[str]) -> None:
        """Take back what `settle` did, as far as nobody has changed it since."""


merge_parts: Registry[MergePart] = Registry("part of a merge")
