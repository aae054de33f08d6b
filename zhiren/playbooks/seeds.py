"""The shipped playbooks."""

from datetime import datetime

from zhiren.playbooks import services
from zhiren.plumbing.seeds import comes_along


@comes_along
def shipped_playbooks(at: datetime) -> None:
    """Bring in the shipped playbooks and their news."""
    services.ensure_shipped(at=at)
