"""Once a minute the log is linked and its head noted outside the database."""

from datetime import datetime

from zhiren.plumbing.ticks import on_tick
from zhiren.timeline import heads, services


@on_tick
def link_log(at: datetime) -> None:
    """Link new events and note the head of the chain."""
    services.seal()
    heads.note(at)
