"""Browsers that punch without a network, what is doubtful of what they sent, and kiosks."""

from django.db import models
from django.db.models import Q

from zhiren.attendance.models.punches import Punch
from zhiren.plumbing.models import BaseModel


class PunchKey(BaseModel):
    """A browser in which somebody may punch without a network: what it signs is checked with its public key.

    The private key never leaves the browser. `sequence` is the highest number of what it sent. Personal data: that
    somebody uses such a browser (`name`); goes with the user.
    """

    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    public_key = models.BinaryField(unique=True)
    sequence = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey("access.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["user", "-made_at"], name="punch_keys_of_user")]


class DoubtfulPunch(BaseModel):
    """A punch made without a network whose time cannot be relied on: it counts once somebody says so.

    Until then the punch itself belongs to nobody. `doubts` are names of `phone_rules`. Personal data: as `Punch`.
    """

    punch = models.OneToOneField(Punch, on_delete=models.PROTECT, related_name="doubtful")
    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+")
    punch_key = models.ForeignKey(PunchKey, null=True, on_delete=models.SET_NULL, related_name="+")
    doubts = models.JSONField(default=list)
    counts = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("access.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(counts__isnull=True, decided_at__isnull=True)
                | Q(counts__isnull=False, decided_at__isnull=False),
                name="doubt_decided_or_open",
            )
        ]
        indexes = [models.Index(fields=["employment"], condition=Q(counts__isnull=True), name="open_doubts")]


class Kiosk(BaseModel):
    """A tablet at a place of work that shows a code to punch by. It signs in by a token of its own, as a digest here.

    `recent` are the last punches, for the screen to greet who made them. Personal data: those, by id, for seconds.
    """

    name = models.CharField(max_length=100)
    branch = models.ForeignKey("org.Branch", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("access.User", null=True, on_delete=models.SET_NULL, related_name="+")
    pairing_digest = models.CharField(max_length=64, blank=True, default="", db_index=True)
    pairing_until = models.DateTimeField(null=True)
    token_digest = models.CharField(max_length=64, blank=True, default="", db_index=True)
    paired_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    recent = models.JSONField(default=list)

    class Meta:
        ordering = ["name", "id"]


class KioskPin(BaseModel):
    """The PIN by which somebody punches at a kiosk where they have no phone, beside their badge number; hashed.

    Only they set it. Personal data: that they have one; goes with the employment.
    """

    employment = models.OneToOneField("people.Employment", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=128)
    set_at = models.DateTimeField()
