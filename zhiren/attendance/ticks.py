"""What time brings in attendance."""

from datetime import datetime

from zhiren.attendance import importing, jobs, judging, pulling, services
from zhiren.plumbing.ticks import on_tick


@on_tick
def close_days(at: datetime) -> None:
    """Have the days computed that are over, also of those who never came, and those that a dying worker left."""
    if services.mark_days_to_close(at=at) or services.has_left_over(at=at):
        jobs.compute_dirty.defer()


@on_tick
def judge_months(at: datetime) -> None:
    """Have months held against working-time law whose days changed since."""
    if judging.has_due(at=at):
        jobs.judge_months.defer()


@on_tick
def look_for_drift(at: datetime) -> None:
    """Once a week have everybody's arrivals held against their own past."""
    if services.begin_week(at=at):
        jobs.look_for_drift.defer()


@on_tick
def ask_platforms(at: datetime) -> None:
    """Have the platforms outside asked whose turn it is, where any was set up."""
    pulling.begin_due(at=at)


@on_tick
def forget_files(at: datetime) -> None:
    """Throw away files of punches that nobody needs any more."""
    importing.forget_old(at=at)
