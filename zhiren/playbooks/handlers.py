"""What may begin a playbook."""

from zhiren.approvals.events import StepAsked, StepOverdue
from zhiren.attendance.events import EarlyWarningRaised
from zhiren.careers.events import CandidatePageViewed
from zhiren.conversation.events import MessageFailed, MessageUncertain, PromiseBroken
from zhiren.interviews.events import InterviewArranged, InterviewCompleted, InterviewHeld, ScorecardSubmitted
from zhiren.kernel.events import Event
from zhiren.people.events import KeyCandidateMarked
from zhiren.playbooks import services
from zhiren.recruiting.events import (
    ApplicationExited,
    ApplicationReceived,
    ApplicationReopened,
    StageChanged,
    StageLimitExceeded,
)
from zhiren.timeline import on

TRIGGERS: tuple[type[Event], ...] = (
    ApplicationExited,
    ApplicationReceived,
    ApplicationReopened,
    CandidatePageViewed,
    EarlyWarningRaised,
    InterviewArranged,
    InterviewCompleted,
    InterviewHeld,
    KeyCandidateMarked,
    MessageFailed,
    MessageUncertain,
    PromiseBroken,
    ScorecardSubmitted,
    StageChanged,
    StageLimitExceeded,
    StepAsked,
    StepOverdue,
)


@on(*TRIGGERS)
def begin_playbooks(event: Event) -> None:
    """Begin the playbooks that wait for this event."""
    services.begin_playbooks(event=event)
