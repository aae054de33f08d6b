"""What time brings to leave."""

from datetime import datetime

from zhiren.leave import ledger
from zhiren.plumbing.ticks import on_tick


@on_tick
def bring_up_to_date(at: datetime) -> None:
    """Grant what has come due, let lapse what has ended, settle with who has left."""
    ledger.bring_up_to_date(at=at)
