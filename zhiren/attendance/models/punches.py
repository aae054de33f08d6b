"""Punches and the clocks that send them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.plumbing.choices import validate_zone
from zhiren.plumbing.models import BaseModel


class Device(BaseModel):
    """A clock that sends punches. One that nobody knows waits: it keeps its punches until somebody claims it.

    `clock_off_s` is by how many seconds its clock was ahead when it last sent a single punch. Where that came late,
    which a clock that is behind or a network that was down may be the reason of, it stands in `doubt_s` and `doubt_at`
    until another tells (`device_rules.clock_off`). `lag_s` is how many seconds after the newest punch of its last
    upload that came; `network`, where set, is from where alone it may call; `rejected` are the latest lines that were
    no punches. No personal data beyond a badge number in such a line.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("device", "Unknown")
        CLAIMED = "claimed", pgettext_lazy("device", "In use")
        RETIRED = "retired", pgettext_lazy("device", "Retired")

    serial = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100, blank=True, default="")
    branch = models.ForeignKey("org.Branch", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    zone = models.CharField(max_length=64, default="Asia/Shanghai", validators=[validate_zone])
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    model_name = models.CharField(max_length=100, blank=True, default="")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    last_punch_at = models.DateTimeField(null=True)
    clock_off_s = models.IntegerField(null=True)
    doubt_s = models.IntegerField(null=True)
    doubt_at = models.DateTimeField(null=True)
    lag_s = models.IntegerField(null=True)
    last_address = models.GenericIPAddressField(null=True)
    network = models.CharField(max_length=50, blank=True, default="")
    rejected = models.JSONField(default=list)


class Punch(BaseModel):
    """One punch, as it came: never changed or deleted, but that a badge nobody knew gets its owner.

    `key` makes the same punch sent twice one. `details` holds what the source told: how it was verified, where.
    Personal data: when somebody was where; goes with the employment when its retention ends.
    """

    class Source(models.TextChoices):
        DEVICE = "device", _("Device")
        PHONE = "phone", pgettext_lazy("source of punches", "Phone")
        KIOSK = "kiosk", _("Kiosk")
        FILE = "file", _("File")
        API = "api", "API"
        WECOM = "wecom", _("WeCom")
        DINGTALK = "dingtalk", _("DingTalk")
        FEISHU = "feishu", _("Feishu")
        CORRECTION = "correction", _("Correction")

    key = models.CharField(max_length=120, unique=True)
    # Of `punches_of_employment`, an index of its own would be the first half.
    employment = models.ForeignKey(
        "people.Employment", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    badge = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    source = models.CharField(max_length=12, choices=Source.choices)
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["employment", "at"], name="punches_of_employment"),
            models.Index(fields=["badge", "at"], condition=Q(employment__isnull=True), name="punches_of_nobody"),
        ]


class HandedOver(BaseModel):
    """That a punch of a badge was another's than whose it was taken for: a copy counts for the right person.

    The punch itself stays, and counts no more; `employment` and `at` are its own. Personal data: as `Punch`.
    """

    punch = models.OneToOneField(Punch, on_delete=models.PROTECT, related_name="handed_over")
    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    copy = models.OneToOneField(Punch, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["employment", "at"], name="handed_over_of_employment")]
