"""The log: what happened, which link of the chain it is, and who has been told."""

import uuid

from django.db import models
from django.db.models import Q


class EventRow(models.Model):
    """One fact, for ever: a trigger refuses to change or delete it.

    Personal data: none; it carries ids and codes. What they lead to is erased with the person's own key.
    `mac` is keyed and covers every other column but `number`, so a row changed or slipped in by hand shows.
    """

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100)
    person_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.UUIDField(null=True)
    payload = models.JSONField(default=dict)
    mac = models.BinaryField()

    class Meta:
        db_table = "timeline_event"
        indexes = [
            models.Index(
                fields=["person_id", "-at", "-number"], name="event_of_person", condition=Q(person_id__isnull=False)
            ),
            models.Index(fields=["name", "-at"], name="event_by_name"),
        ]


class Unsealed(models.Model):
    """An event that is not yet linked; a trigger adds it with the event. No personal data."""

    number = models.BigIntegerField(primary_key=True)

    class Meta:
        db_table = "timeline_unsealed"


class Seal(models.Model):
    """A link: the hash of this event and of the link before it. Append-only, no gaps. No personal data."""

    position = models.BigIntegerField(primary_key=True)
    event_number = models.BigIntegerField(unique=True)
    link = models.BinaryField()

    class Meta:
        db_table = "timeline_seal"


class Delivery(models.Model):
    """That one handler has dealt with one event, or how often it failed and why. No personal data."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField()
    handler = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(default="", blank=True)

    class Meta:
        db_table = "timeline_delivery"
        constraints = [models.UniqueConstraint(fields=["event_id", "handler"], name="delivered_once")]
        indexes = [models.Index(fields=["attempts"], name="delivery_failing", condition=Q(done_at__isnull=True))]
