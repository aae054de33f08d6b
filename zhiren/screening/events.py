"""What happened in screening."""

from dataclasses import dataclass
from uuid import UUID

from zhiren.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ConditionsChanged(Event):
    """An opening got other hard conditions."""

    name = "screening.conditions.changed"
    opening_id: UUID
    number: int


@dataclass(frozen=True, kw_only=True)
class CandidateScreened(Event):
    """A résumé was held against the conditions, and what came of it is new: passed, unknown, failed."""

    name = "screening.candidate.screened"
    application_id: UUID
    opening_id: UUID
    outcome: str


@dataclass(frozen=True, kw_only=True)
class CandidatePutAside(Event):
    """Somebody who fails a condition waits to be declined."""

    name = "screening.candidate.put_aside"
    application_id: UUID
    opening_id: UUID


@dataclass(frozen=True, kw_only=True)
class CandidateBroughtBack(Event):
    """Somebody who was put aside goes on."""

    name = "screening.candidate.brought_back"
    application_id: UUID
    opening_id: UUID
