"""What happened with interviews."""

from dataclasses import dataclass
from uuid import UUID

from zhiren.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class InterviewArranged(Event):
    """An interview was given a time and interviewers; it may lie in the past, when it is written down afterwards."""

    name = "interviews.interview.arranged"
    interview_id: UUID
    application_id: UUID
    opening_id: UUID


@dataclass(frozen=True, kw_only=True)
class InterviewChanged(Event):
    """Time, place, kind or interviewers changed; `fields` names them, not their values."""

    name = "interviews.interview.changed"
    interview_id: UUID
    application_id: UUID
    opening_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class InterviewCancelled(Event):
    """An interview does not take place. `reason` is a code of Interview.CancelReason."""

    name = "interviews.interview.cancelled"
    interview_id: UUID
    application_id: UUID
    opening_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class InterviewHeld(Event):
    """The time of an interview has passed, or an interviewer has scored it. `at` is when it ended."""

    name = "interviews.interview.held"
    interview_id: UUID
    application_id: UUID
    opening_id: UUID


@dataclass(frozen=True, kw_only=True)
class ScorecardSubmitted(Event):
    """One interviewer has sent what they found. `verdict` is a code of Scorecard.Verdict."""

    name = "interviews.scorecard.submitted"
    interview_id: UUID
    application_id: UUID
    scorecard_id: UUID
    interviewer_id: UUID
    verdict: str


@dataclass(frozen=True, kw_only=True)
class InterviewCompleted(Event):
    """Every interviewer has sent their scorecard. `verdict` is what they found together: Interview.Verdict's code."""

    name = "interviews.interview.completed"
    interview_id: UUID
    application_id: UUID
    opening_id: UUID
    verdict: str
    passed: bool
