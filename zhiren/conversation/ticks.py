"""What time brings in conversation."""

from datetime import datetime

from zhiren.conversation import services
from zhiren.plumbing.ticks import on_tick


@on_tick
def look_after_messages(at: datetime) -> None:
    """Take up messages whose time has come: a retry, a later date, a server that was set up, a worker that died."""
    services.take_up_messages(at)


@on_tick
def break_promises(at: datetime) -> None:
    """Say which promised dates have passed without a word from us."""
    services.break_promises(at)
