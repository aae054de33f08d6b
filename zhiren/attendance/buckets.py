"""What `engines` does for a bucket of people, in whichever process: read what is stored, compute, store it.

Other processes import this before they know Django, so nothing that needs it is imported above.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from zhiren.attendance.months import Done


@dataclass(frozen=True)
class OfDatabase:
    """A month of the people between two ids of `edges`, in a transaction of its own."""

    month: date
    entity_id: UUID | None
    edges: tuple[UUID | None, ...]
    now: Callable[[], datetime]
    marked: bool = False

    def __call__(self, bucket: int) -> Done:
        """Compute and store; return what that came to."""
        import django
        from django.apps import apps

        if not apps.ready:
            django.setup()
        from zhiren.attendance import months

        after, until = self.edges[bucket : bucket + 2]
        return months.compute_month(
            at=self.now(), month=self.month, entity_id=self.entity_id, after=after, until=until, marked=self.marked
        )


@dataclass(frozen=True)
class InThread:
    """Work in a thread, whose connection to the database goes with it."""

    work: Callable[[int], Any]

    def __call__(self, bucket: int) -> Any:
        """Do the work."""
        from django.db import connection

        try:
            return self.work(bucket)
        finally:
            connection.close()
