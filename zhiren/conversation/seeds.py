"""The shipped templates."""

from datetime import datetime

from zhiren.conversation import services
from zhiren.plumbing.seeds import comes_along


@comes_along
def shipped_templates(at: datetime) -> None:
    """Bring in the shipped templates and their newer wordings."""
    services.ensure_shipped_templates(at=at)
