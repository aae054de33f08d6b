"""What time brings for persons' records."""

from datetime import datetime

from zhiren.people import duplicates, jobs
from zhiren.plumbing.ticks import on_tick


@on_tick
def find_duplicates_in_backlog(at: datetime) -> None:
    """Have those compared who never were: after an update, or with new rules."""
    del at
    if duplicates.waiting(1):
        jobs.find_duplicates_in_backlog.defer()
