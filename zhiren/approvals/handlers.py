"""What approvals does about events: the kind of a request is told what became of it."""

from zhiren.approvals import services
from zhiren.approvals.events import RequestApproved, RequestCancelled, RequestDeclined, RequestWithdrawn
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
