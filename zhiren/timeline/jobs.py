"""Delivery, in the background."""

from uuid import UUID

from zhiren.plumbing.jobs import job


@job(name="timeline.deliver")
def deliver_event(event_id: str) -> None:
    """Tell the handlers of one event."""
    from zhiren.timeline import services  # services defer this job

    services.deliver(event_id=UUID(event_id))
