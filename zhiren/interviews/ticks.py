"""What time brings to interviews."""

from datetime import datetime

from zhiren.interviews import services
from zhiren.plumbing.ticks import on_tick


@on_tick
def hold_ended(at: datetime) -> None:
    """Note which interviews were held."""
    services.hold_ended(at)
