"""Work of recruiting that is done in the background."""

from uuid import UUID

from zhiren.plumbing import clock
from zhiren.plumbing.jobs import job


@job(name="recruiting.read_resume")
def read_resume(intake_file_id: str) -> None:
    """Read one uploaded file."""
    from zhiren.recruiting import intake  # it defers this job, so it cannot be imported above

    intake.read_file(at=clock.now(), intake_file_id=UUID(intake_file_id))
