"""What screening does when something happened elsewhere."""

from zhiren.kernel.events import Event
from zhiren.people.events import (
    CorrectionWithdrawn,
    PersonChanged,
    ResumeCorrected,
    ResumeParsed,
    ResumeReread,
)
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting.events import ApplicationExited, ApplicationReceived, ApplicationReopened, StageChanged
from zhiren.screening import jobs, services
from zhiren.timeline import on


@on(ApplicationReceived)
def screen(event: ApplicationReceived) -> None:
    """Hold a new candidate against the conditions."""
    jobs.screen_application.defer(application_id=str(event.application_id))


@on(ApplicationReopened)
def screen_reopened(event: ApplicationReopened) -> None:
    """Hold a candidate who goes on against the conditions there are now."""
    jobs.screen_application.defer(application_id=str(event.application_id))


@on(ResumeParsed, ResumeCorrected, CorrectionWithdrawn, ResumeReread, PersonChanged)
def screen_again(event: Event) -> None:
    """Hold a person against the conditions anew where their résumé says something else now."""
    if event.person_id is not None:
        for application_id in recruiting.active_applications_of_person(event.person_id):
            jobs.screen_application.defer(application_id=str(application_id))


@on(StageChanged)
def moved_on(event: StageChanged) -> None:
    """Whoever is moved on is no longer put aside."""
    services.release(at=event.at, by=event.by, application_id=event.application_id, ended=False)


@on(ApplicationExited)
def ended(event: ApplicationExited) -> None:
    """Whoever was ended otherwise is not declined once more."""
    services.release(at=event.at, by=event.by, application_id=event.application_id, ended=True)
