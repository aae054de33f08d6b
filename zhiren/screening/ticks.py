"""What time brings in screening."""

from datetime import datetime

from zhiren.plumbing.ticks import on_tick
from zhiren.screening import services


@on_tick
def decline_due(at: datetime) -> None:
    """Decline those whom nobody brought back in time."""
    services.decline_due(at)
