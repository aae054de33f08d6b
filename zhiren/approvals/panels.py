"""What this app adds to the menu, and the kind for whatever has no app of its own."""

from typing import Any

from django.db.models import QuerySet

from zhiren.approvals import general, queries
from zhiren.kernel.actors import Actor
from zhiren.plumbing import menu
from zhiren.plumbing.rights import MOMENT

__all__ = ["general"]


@menu.counts("approvals:waiting")
def waiting(actor: Actor) -> QuerySet[Any]:
    """Count the requests that wait for the reader."""
    return queries.waiting_for(actor, MOMENT).select_related(None).values("pk")
