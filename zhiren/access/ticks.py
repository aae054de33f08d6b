"""What time brings for sign-in."""

from datetime import datetime

from zhiren.access import services
from zhiren.plumbing.ticks import on_tick


@on_tick
def forget_expired_sessions(at: datetime) -> None:
    """Sessions that have ended are deleted."""
    services.forget_expired_sessions(at)
