"""What time brings to playbooks."""

from datetime import datetime

from zhiren.playbooks import services
from zhiren.plumbing.ticks import on_tick


@on_tick
def do_due_steps(at: datetime) -> None:
    """Do what has been waited for long enough."""
    services.do_due_steps(at=at)
