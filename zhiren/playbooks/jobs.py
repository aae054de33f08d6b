"""What a playbook does at once, in the background."""

from uuid import UUID

from zhiren.plumbing.jobs import job


@job(name="playbooks.begin")
def begin(run_id: str) -> None:
    """Do the steps of a new run that wait for nothing."""
    from zhiren.playbooks import services  # services defer this job

    services.begin(run_id=UUID(run_id))
