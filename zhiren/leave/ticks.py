"""What time brings to leave."""

from datetime import datetime

from zhiren.leave import jobs, ledger
from zhiren.plumbing.jobs import defer_once
from zhiren.plumbing.ticks import on_tick


@on_tick
def bring_up_to_date(at: datetime) -> None:
    """Grant what has come due, let lapse what has ended, settle with who has left; jobs go on with many."""
    found = ledger.bring_up_to_date(at=at)
    if len(found) == ledger.BATCH:
        defer_once(jobs.go_on, after=str(found[-1]))
