"""Read the log. What a screen shows is first asked of the app that knows who may see the person."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, QuerySet

from zhiren.timeline.models import Delivery, EventRow


def events_of(*person_ids: UUID) -> QuerySet[EventRow]:
    """Return a person's events, newest first; all the ids of somebody with several records give one history."""
    return EventRow.objects.filter(person_id__in=person_ids).order_by("-at", "-number")


def counts_of(person_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many events each of these records has; who has none is missing."""
    rows = EventRow.objects.filter(person_id__in=person_ids).values_list("person_id").annotate(Count("number"))
    return {person_id: count for person_id, count in rows.order_by() if person_id}


def events_named(names: Sequence[str]) -> QuerySet[EventRow]:
    """Return all events with one of these names, oldest first."""
    return EventRow.objects.filter(name__in=names).order_by("at", "number")


def names_of(person_id: UUID) -> list[str]:
    """Return the names of a person's events in the order in which they happened."""
    return list(EventRow.objects.filter(person_id=person_id).order_by("at", "number").values_list("name", flat=True))


def failing_deliveries() -> QuerySet[Delivery]:
    """Return the handlers that have failed and not yet succeeded."""
    return Delivery.objects.filter(done_at__isnull=True, attempts__gt=0).order_by("-attempts")
