"""What time brings in attendance."""

from datetime import datetime

from zhiren.attendance import jobs, services
from zhiren.plumbing.ticks import on_tick


@on_tick
def close_days(at: datetime) -> None:
    """Have the days computed that are over, also of those who never came, and those that a dying worker left."""
    if services.mark_days_to_close(at=at) or services.has_left_over(at=at):
        jobs.compute_dirty.defer()
