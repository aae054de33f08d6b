"""Files of punches, and platforms that tell of punches or are told of them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.attendance.models.punches import Punch
from zhiren.plumbing.models import BaseModel


class FileImport(BaseModel):
    """A file of punches on its way in: how it is to be read (`mapping`, as `files.Mapping`), and how far it came.

    `done` counts the punches of the file that were dealt with, in its order, so that a worker goes on where another
    stopped. Personal data: the file, the list of its lines that were no punches, and `shown_sealed` (the first rows and
    what was strange), all sealed; they go 90 days after the upload, or when somebody throws them away.
    """

    class State(models.TextChoices):
        READING = "reading", pgettext_lazy("file of punches", "Being read")
        ASKING = "asking", pgettext_lazy("file of punches", "Waits for you")
        IMPORTING = "importing", pgettext_lazy("file of punches", "Being imported")
        STOPPED = "stopped", pgettext_lazy("file of punches", "Stopped")
        DONE = "done", pgettext_lazy("file of punches", "Imported")
        UNREADABLE = "unreadable", pgettext_lazy("file of punches", "Cannot be read")

    entity = models.ForeignKey("org.Entity", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    document = models.ForeignKey("people.Document", null=True, on_delete=models.SET_NULL, related_name="+")
    rejects = models.ForeignKey("people.Document", null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    problem = models.CharField(max_length=30, blank=True, default="")
    mapping = models.JSONField(default=dict)
    shown_sealed = models.BinaryField(default=bytes)
    lines = models.IntegerField(default=0)
    punches = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    of_nobody = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"], name="file_imports_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(done__gte=0, done__lte=F("punches")), name="file_import_within_file")
        ]


class PunchAccount(BaseModel):
    """An account at a platform outside that tells of punches (WeCom, DingTalk), or is told of them (Feishu).

    `tenant` is the company's id there, where there is one; the secret is sealed with a key of the system. `known_by`
    says what people are called there. `reached` is up to when everything was told; `try_at` when it is asked again;
    `refused` how many punches it would not take; `told_problem` what somebody was told of. No personal data.
    """

    class Platform(models.TextChoices):
        WECOM = "wecom", _("WeCom")
        DINGTALK = "dingtalk", _("DingTalk")
        FEISHU = "feishu", _("Feishu")

    class KnownBy(models.TextChoices):
        NUMBER = "number", _("Staff number")
        BADGE = "badge", _("Badge number")

    platform = models.CharField(max_length=12, choices=Platform.choices)
    name = models.CharField(max_length=100)
    tenant = models.CharField(max_length=100, blank=True, default="")
    app_id = models.CharField(max_length=100, blank=True, default="")
    secret_sealed = models.BinaryField(default=bytes)
    known_by = models.CharField(max_length=8, choices=KnownBy.choices, default=KnownBy.NUMBER)
    entity = models.ForeignKey("org.Entity", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    every_minutes = models.PositiveSmallIntegerField(default=30)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    reached = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    last_new = models.IntegerField(default=0)
    unclear = models.IntegerField(default=0)
    refused = models.IntegerField(default=0, db_default=0)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=30, blank=True, default="")
    detail = models.CharField(max_length=200, blank=True, default="")
    told_problem = models.CharField(max_length=30, blank=True, default="", db_default="")
    try_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "tenant", "app_id"], name="punch_account_set_up_once"),
            models.CheckConstraint(condition=Q(every_minutes__gte=1), name="punch_account_waits"),
        ]
        ordering = ["name", "id"]


class PassedOn(BaseModel):
    """A punch that a platform outside was told of, or would not take (`refused_at`, and `refusal` in its words).

    `name` is what the person was called to it. Personal data: that name, while it is refused; goes with the punch.
    """

    account = models.ForeignKey(PunchAccount, on_delete=models.CASCADE, related_name="+")
    punch = models.ForeignKey(Punch, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=200, blank=True, default="", db_default="")
    name = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "punch"], name="passed_on_once")]
        indexes = [models.Index(fields=["account"], condition=Q(refused_at__isnull=False), name="passed_on_refused")]
