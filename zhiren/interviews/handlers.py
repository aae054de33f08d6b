"""What this app does when something happened elsewhere."""

from zhiren.interviews import services
from zhiren.recruiting.events import ApplicationExited
from zhiren.timeline import on


@on(ApplicationExited)
def call_off(event: ApplicationExited) -> None:
    """Call off what was arranged for an application that ended."""
    services.cancel_for_ended_application(at=event.at, application_id=event.application_id)
