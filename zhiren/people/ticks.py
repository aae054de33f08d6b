"""What time brings for persons' records."""

from datetime import datetime

from zhiren.people import duplicates, employing, jobs, services
from zhiren.plumbing.ticks import on_tick


@on_tick
def find_duplicates_in_backlog(at: datetime) -> None:
    """Have those compared who never were: after an update, or with new rules. One job leads to the next."""
    del at
    if duplicates.waiting(1) and not duplicates.is_under_way():
        jobs.find_duplicates_in_backlog.defer()


@on_tick
def take_placements(at: datetime) -> None:
    """Let employments follow the transfers whose day has come."""
    employing.take_placements(at=at)


@on_tick
def forget_run_out(at: datetime) -> None:
    """Erase what was kept because of consents that have run out."""
    services.forget_run_out(at=at)
