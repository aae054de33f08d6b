"""What time brings in recruiting."""

from datetime import datetime

from zhiren.plumbing.ticks import on_tick
from zhiren.recruiting import services


@on_tick
def announce_overdue(at: datetime) -> None:
    """Say which candidates have been in their stage too long."""
    services.announce_overdue(at)
