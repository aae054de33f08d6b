"""What happened in recruiting."""

from dataclasses import dataclass
from uuid import UUID

from zhiren.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class OpeningCreated(Event):
    """An opening was drafted."""

    name = "recruiting.opening.created"
    opening_id: UUID


@dataclass(frozen=True, kw_only=True)
class OpeningPublished(Event):
    """An opening became visible to the public."""

    name = "recruiting.opening.published"
    opening_id: UUID


@dataclass(frozen=True, kw_only=True)
class OpeningUnpublished(Event):
    """An opening is no longer visible to the public."""

    name = "recruiting.opening.unpublished"
    opening_id: UUID


@dataclass(frozen=True, kw_only=True)
class OpeningClosed(Event):
    """An opening takes no more candidates."""

    name = "recruiting.opening.closed"
    opening_id: UUID


@dataclass(frozen=True, kw_only=True)
class ApplicationReceived(Event):
    """Somebody became a candidate for an opening. `source` is careers, upload, referral ..."""

    name = "recruiting.application.received"
    application_id: UUID
    opening_id: UUID
    source: str


@dataclass(frozen=True, kw_only=True)
class StageChanged(Event):
    """An application went from one stage to another; the kinds are what machines know stages by."""

    name = "recruiting.application.moved"
    application_id: UUID
    opening_id: UUID
    from_stage_id: UUID | None
    to_stage_id: UUID
    from_kind: str
    to_kind: str


@dataclass(frozen=True, kw_only=True)
class ApplicationExited(Event):
    """The way ended: `side` is "we" or "they", `reason` the reason's code."""

    name = "recruiting.application.exited"
    application_id: UUID
    opening_id: UUID
    stage_kind: str
    side: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ApplicationReopened(Event):
    """An ended application goes on where it ended."""

    name = "recruiting.application.reopened"
    application_id: UUID
    opening_id: UUID


@dataclass(frozen=True, kw_only=True)
class StageLimitExceeded(Event):
    """An application has been in its stage longer than the stage's time limit."""

    name = "recruiting.application.stage_limit_exceeded"
    application_id: UUID
    opening_id: UUID
    stage_id: UUID
    stage_kind: str


@dataclass(frozen=True, kw_only=True)
class ResumeUnreadable(Event):
    """A file could not be read; it waits as a task. `problem` is the reason's code."""

    name = "recruiting.intake.unreadable"
    intake_file_id: UUID
    opening_id: UUID
    problem: str


@dataclass(frozen=True, kw_only=True)
class UnreadableSettled(Event):
    """Somebody dealt with a file that could not be read: `how` is "by_hand" or "dismissed"."""

    name = "recruiting.intake.settled"
    intake_file_id: UUID
    opening_id: UUID
    how: str


@dataclass(frozen=True, kw_only=True)
class IntakeStopped(Event):
    """Somebody stopped the reading of an upload; `count` files were not read yet and stay kept."""

    name = "recruiting.intake.stopped"
    intake_id: UUID
    opening_id: UUID
    count: int


@dataclass(frozen=True, kw_only=True)
class IntakeResumed(Event):
    """Somebody let the reading of an upload go on; `count` files are read after all."""

    name = "recruiting.intake.resumed"
    intake_id: UUID
    opening_id: UUID
    count: int


@dataclass(frozen=True, kw_only=True)
class CandidatesExported(Event):
    """Somebody took candidates away as a file; `count` is how many. It is about no single person."""

    name = "recruiting.candidates.exported"
    count: int
    opening_id: UUID | None
