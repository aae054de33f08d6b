"""What time brings to requests."""

from datetime import datetime

from zhiren.approvals import services
from zhiren.plumbing.ticks import on_tick


@on_tick
def announce_overdue(at: datetime) -> None:
    """Say which steps were not decided in their time."""
    services.announce_overdue(at)
