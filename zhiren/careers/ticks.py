"""What time brings on the public pages."""

from datetime import datetime

from zhiren.careers import services
from zhiren.plumbing.ticks import on_tick


@on_tick
def forget(at: datetime) -> None:
    """Destroy what was uploaded and never sent."""
    services.forget(at)
