"""Sending, in the background."""

from uuid import UUID

from zhiren.plumbing import clock
from zhiren.plumbing.jobs import job


@job(name="conversation.send")
def send(message_id: str) -> None:
    """Send one message."""
    from zhiren.conversation import services

    services.send_message(message_id=UUID(message_id), at=clock.now())
