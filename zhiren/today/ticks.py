"""What time brings in Today."""

from datetime import datetime

from zhiren.plumbing.ticks import on_tick
from zhiren.today import services


@on_tick
def wake_snoozed(at: datetime) -> None:
    """Put back what was to wait until now."""
    services.wake(at)
