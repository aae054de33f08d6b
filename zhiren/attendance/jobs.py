"""Attendance in the background."""

from zhiren.plumbing import clock
from zhiren.plumbing.jobs import job

BATCH = 2000


@job(name="attendance.compute_dirty")
def compute_dirty() -> None:
    """Compute days that wait, and let another job go on while there are more."""
    from zhiren.attendance import services  # it defers this job, so it cannot be imported above

    if services.compute_dirty(at=clock.now(), limit=BATCH) == BATCH:
        compute_dirty.defer()


@job(name="attendance.find_owners")
def find_owners(badge: str = "") -> None:
    """Give punches of nobody to their owners, and compute the days they touch."""
    from zhiren.attendance import services

    if services.find_owners(at=clock.now(), badges=[badge] if badge else []):
        compute_dirty.defer()
