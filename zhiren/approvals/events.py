"""What happened to requests. `subject_id` is the row of the app that asks; what it says is in the request, sealed."""

from dataclasses import dataclass
from uuid import UUID

from zhiren.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class RequestEvent(Event):
    """What every event of a request says. `cancels_id` is set where it asks to take back an approved one."""

    request_id: UUID
    kind: str
    subject_id: UUID
    cancels_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class RequestSubmitted(RequestEvent):
    """Somebody asked for something. `digest` proves what: the keyed hash of all that was frozen."""

    name = "approvals.request.submitted"
    digest: str


@dataclass(frozen=True, kw_only=True)
class StepAsked(RequestEvent):
    """A step's turn has come: these people are asked."""

    name = "approvals.step.asked"
    step_id: UUID
    number: int
    approver_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class StandInAdded(RequestEvent):
    """Somebody may answer in place of one who was asked, and is away, late, or has left."""

    name = "approvals.stand_in.added"
    step_id: UUID
    approver_id: UUID
    stand_in_id: UUID


@dataclass(frozen=True, kw_only=True)
class StepAnswered(RequestEvent):
    """One who was asked said yes or no; `by` is who did, for themselves or as a delegate. `door`: page, mail or api."""

    name = "approvals.step.answered"
    step_id: UUID
    approver_id: UUID
    answer: str
    door: str


@dataclass(frozen=True, kw_only=True)
class StepOverdue(RequestEvent):
    """A step was not decided in the time its policy gives."""

    name = "approvals.step.overdue"
    step_id: UUID
    number: int


@dataclass(frozen=True, kw_only=True)
class RequestApproved(RequestEvent):
    """Everybody who had to has said yes. `digest` is what they said it to."""

    name = "approvals.request.approved"
    digest: str


@dataclass(frozen=True, kw_only=True)
class RequestDeclined(RequestEvent):
    """Somebody who was asked said no."""

    name = "approvals.request.declined"
    digest: str


@dataclass(frozen=True, kw_only=True)
class RequestWithdrawn(RequestEvent):
    """It was taken back before it was decided."""

    name = "approvals.request.withdrawn"


@dataclass(frozen=True, kw_only=True)
class RequestCancelled(RequestEvent):
    """What had been approved no longer holds."""

    name = "approvals.request.cancelled"


@dataclass(frozen=True, kw_only=True)
class PolicyChanged(Event):
    """Who must say yes to a kind of request was set anew."""

    name = "approvals.policy.changed"
    policy_id: UUID
    kind: str
    number: int


@dataclass(frozen=True, kw_only=True)
class DelegationGiven(Event):
    """Somebody decides for somebody else for a while."""

    name = "approvals.delegation.given"
    delegation_id: UUID
    from_user_id: UUID
    to_user_id: UUID


@dataclass(frozen=True, kw_only=True)
class DelegationEnded(Event):
    """It was ended before its time."""

    name = "approvals.delegation.ended"
    delegation_id: UUID
    from_user_id: UUID
    to_user_id: UUID
