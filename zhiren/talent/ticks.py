"""What time brings in search."""

from datetime import datetime

from zhiren.plumbing.ticks import on_tick
from zhiren.talent import index_queries, services


@on_tick
def walk(at: datetime) -> None:
    """Make entries by the rules of today where that has not been done: after an update, or with a new key."""
    if not index_queries.is_walked():
        services.walk_in_background(at=at)


@on_tick
def settle(at: datetime) -> None:
    """Keep the indexes of the newest small."""
    del at
    services.settle_ages()
