"""Work of screening that is done in the background."""

from uuid import UUID

from zhiren.plumbing import clock
from zhiren.plumbing.jobs import job


@job(name="screening.screen_application")
def screen_application(application_id: str) -> None:
    """Hold one candidate's résumé against the conditions."""
    from zhiren.screening import services  # it defers this job, so it cannot be imported above

    services.screen_application(at=clock.now(), application_id=UUID(application_id))


@job(name="screening.screen_opening")
def screen_opening(opening_id: str) -> None:
    """Hold everybody in an opening against its conditions."""
    from zhiren.screening import services  # it defers this job, so it cannot be imported above

    services.screen_opening(at=clock.now(), opening_id=UUID(opening_id))
