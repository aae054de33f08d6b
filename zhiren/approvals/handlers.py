"""What approvals does about events: the kind of a request is told what became of it, and people are written to."""

from zhiren.access.events import UserDisabled
from zhiren.approvals import letters, services, standing_in
from zhiren.approvals.events import (
    DelegationGiven,
    RequestApproved,
    RequestCancelled,
    RequestDeclined,
    RequestEvent,
    RequestWithdrawn,
    StandInAdded,
    StepAsked,
)
from zhiren.timeline import on


@on(RequestApproved)
def tell_approved(event: RequestApproved) -> None:
    """Let the app that asked do what was approved."""
    services.tell_kind(event, state="approved")


@on(RequestDeclined)
def tell_declined(event: RequestDeclined) -> None:
    """Let the app that asked know of the no."""
    services.tell_kind(event, state="declined")


@on(RequestWithdrawn)
def tell_withdrawn(event: RequestWithdrawn) -> None:
    """Let the app that asked know that it was taken back."""
    services.tell_kind(event, state="withdrawn")


@on(RequestCancelled)
def tell_cancelled(event: RequestCancelled) -> None:
    """Let the app that asked undo what had been approved."""
    services.tell_kind(event, state="cancelled")


@on(StepAsked, StandInAdded)
def write_to_approvers(event: RequestEvent) -> None:
    """Write to those who may answer, with a link by which they do."""
    letters.write_to_approvers(request_id=event.request_id, at=event.at)


@on(RequestApproved, RequestDeclined, RequestCancelled)
def write_to_asker(event: RequestEvent) -> None:
    """Write to who asked what became of it; that taking back was approved is told by what was taken back."""
    if not (isinstance(event, RequestApproved) and event.cancels_id):
        letters.write_to_asker(request_id=event.request_id, at=event.at, by=event.by)


@on(DelegationGiven)
def write_to_delegate(event: DelegationGiven) -> None:
    """Write to a colleague that they decide for another for a while."""
    letters.write_to_delegate(delegation_id=event.delegation_id, at=event.at)


@on(UserDisabled)
def stand_in_for_who_left(event: UserDisabled) -> None:
    """Let whoever stands above somebody who left decide what they were still asked."""
    standing_in.stand_in_for_who_left(at=event.at, user_id=event.user_id)
