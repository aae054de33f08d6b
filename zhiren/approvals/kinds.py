"""What can be asked for: each app that lets people ask for something registers a kind, in a module `kinds` of its own.

    kinds.add("leave", Kind(title=_("Leave"), icon="palmtree", describe=_described, steps=({"ask": ["manager"]},),
                            on_approved=_approved, on_declined=_declined))

The callbacks run in the background, once the decision is committed, in a transaction of their own that holds the
request's row. One that fails is tried again, so each must be safe to run twice. They are called only while the request
still stands as they say: `on_cancelled` may come without `on_approved` before it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Literal
from uuid import UUID

from zhiren.kernel.actors import Actor
from zhiren.kernel.registry import Registry

# Plain JSON data: what a request asks for, as it was when it was sent.
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One fact of a request in words, such as "From" and "Monday 30 November"."""

    label: str
    text: str


@dataclass(frozen=True)
class Description:
    """A request in words: one line that says all ("Annual leave, 3 days from 30 November"), and its facts."""

    title: str
    lines: Sequence[Line] = ()


@dataclass(frozen=True)
class Field:
    """A value of the request that a condition of a policy may ask for ("days more than 3").

    `choices` are pairs of value and label, for a choice.
    """

    name: str
    label: Any
    type: Literal["number", "choice", "yes_no"] = "number"
    choices: Callable[[], Sequence[tuple[str, Any]]] = tuple


@dataclass(frozen=True)
class Outcome:
    """What became of a request: whose callback it is told to says what. `by` is the last to decide, None the system."""

    request_id: UUID
    subject_id: UUID
    values: Values
    person_id: UUID | None
    user_id: UUID | None
    at: datetime
    by: UUID | None


class Cancelling(Enum):
    """What it takes to take back what was approved."""

    FREELY = "freely"
    WITH_APPROVAL = "with_approval"
    NEVER = "never"


def nothing(outcome: Outcome) -> None:
    """Do nothing."""


def anybody(actor: Actor, subject_id: UUID, at: datetime) -> None:
    """Refuse nobody."""


@dataclass(frozen=True)
class Kind:
    """Something people ask for.

    `describe` says in the current language what the frozen values mean; it asks no database, for lists call it often.
    `steps` is the policy until HR writes another, as plain data of `definition.Policy`; `fields` are what conditions
    may ask for. `url_name` leads to the subject (takes `subject_id`), `panel_name` to a part that is shown beside a
    request (takes `subject_id`): what is left of a balance, who else is away. `check_cancelling` refuses whoever may
    not take back what was approved, from whichever page they come.
    """

    title: Any
    describe: Callable[[Values], Description]
    steps: Sequence[Mapping[str, Any]]
    icon: str = "file-check"
    fields: Sequence[Field] = ()
    cancelling: Cancelling = Cancelling.WITH_APPROVAL
    check_cancelling: Callable[[Actor, UUID, datetime], None] = anybody
    url_name: str = ""
    panel_name: str = ""
    on_approved: Callable[[Outcome], None] = nothing
    on_declined: Callable[[Outcome], None] = nothing
    on_withdrawn: Callable[[Outcome], None] = nothing
    on_cancelled: Callable[[Outcome], None] = nothing


kinds: Registry[Kind] = Registry("kind of request")
