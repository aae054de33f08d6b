"""Openings, and the way of each candidate through them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.models import BaseModel


def _in_readers_language(chinese: str, english: str) -> str:
    return (english if get_language() == "en" else "") or chinese


class StageTemplate(BaseModel):
    """A named list of stages that openings start from. No personal data."""

    name = models.CharField(max_length=100, unique=True)
    name_en = models.CharField(max_length=100, blank=True, default="")
    stages = models.JSONField()
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_template")
        ]

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return _in_readers_language(self.name, self.name_en)


class Opening(BaseModel):
    """A job to fill. `owner` is the recruiter; `team` may work on it too. No personal data beyond the users'."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", pgettext_lazy("an opening", "Open")
        CLOSED = "closed", _("Closed")

    position = models.ForeignKey("org.Position", on_delete=models.PROTECT)
    department = models.ForeignKey("org.Department", on_delete=models.PROTECT)
    entity = models.ForeignKey("org.Entity", on_delete=models.PROTECT)
    branch = models.ForeignKey("org.Branch", null=True, blank=True, on_delete=models.PROTECT)
    owner = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="owned_openings")
    hiring_manager = models.ForeignKey(
        "access.User", null=True, blank=True, on_delete=models.PROTECT, related_name="managed_openings"
    )
    team = models.ManyToManyField("access.User", blank=True, related_name="shared_openings")
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True, default="")
    description = models.TextField(blank=True, default="")
    description_en = models.TextField(blank=True, default="")
    city = models.CharField(max_length=100, blank=True, default="")
    headcount = models.PositiveSmallIntegerField(default=1)
    currency = models.CharField(max_length=3, default="CNY")
    pay_from = models.BigIntegerField(null=True, blank=True)
    pay_to = models.BigIntegerField(null=True, blank=True)
    shows_pay = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    slug = models.CharField(max_length=40, unique=True)
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(headcount__gte=1), name="opening_seeks_somebody"),
            models.CheckConstraint(
                condition=Q(pay_from__isnull=True) | Q(pay_to__isnull=True) | Q(pay_to__gte=F("pay_from")),
                name="opening_pay_in_order",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(state="open"), name="only_open_openings_are_published"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state"], name="opening_of_owner"),
            models.Index(fields=["-published_at"], name="opening_published", condition=Q(published_at__isnull=False)),
        ]

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return _in_readers_language(self.title, self.title_en)


class Stage(BaseModel):
    """A step of one opening. `kind` is what machines know it by; time limits count business hours. No personal data."""

    class Kind(models.TextChoices):
        NEW = "new", pgettext_lazy("stage", "New")
        SCREENING = "screening", _("Screening")
        INTERVIEW = "interview", _("Interview")
        OFFER = "offer", _("Offer")
        HIRED = "hired", _("Hired")

    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True, default="")
    limit_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    owner = models.ForeignKey("access.User", null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opening", "position"], name="stage_position_once", deferrable=models.Deferrable.DEFERRED
            )
        ]
        ordering = ["position"]

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return _in_readers_language(self.name, self.name_en)


class ExitReason(BaseModel):
    """Why a way ended: two levels, and whose decision it was. No personal data."""

    class Side(models.TextChoices):
        WE = "we", _("We declined")
        THEY = "they", _("They withdrew")

    side = models.CharField(max_length=5, choices=Side.choices)
    group = models.CharField(max_length=60)
    group_en = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    code = models.CharField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position"]

    @property
    def label(self) -> str:
        """The reason in the reader's language."""
        return _in_readers_language(self.name, self.name_en)

    @property
    def group_label(self) -> str:
        """The group of reasons in the reader's language."""
        return _in_readers_language(self.group, self.group_en)


class Application(BaseModel):
    """One person for one opening. `version` rises with every change, so that of two moves at once the second is told.

    Personal data: that the person applied, and how it went; goes with the person.
    `due_at` is when the stage's time limit ends.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        EXITED = "exited", _("Ended")

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="applications")
    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="applications")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    exit_reason = models.ForeignKey(ExitReason, null=True, blank=True, on_delete=models.PROTECT)
    source = models.CharField(max_length=40, default="upload")
    applied_at = models.DateTimeField()
    entered_stage_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    limit_announced_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "opening"], name="one_application_per_opening"),
            # what repeats an application's opening beside it refers to both at once
            models.UniqueConstraint(fields=["id", "opening"], name="application_with_its_opening"),
            models.CheckConstraint(
                condition=Q(state="active", exit_reason__isnull=True) | Q(state="exited", exit_reason__isnull=False),
                name="an_end_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["opening", "stage", "entered_stage_at", "id"],
                name="application_board",
                condition=Q(state="active"),
            ),
            models.Index(fields=["-applied_at", "-id"], name="application_newest"),
            models.Index(fields=["opening", "-applied_at", "-id"], name="application_of_opening", include=["source"]),
            models.Index(
                fields=["opening", "entered_stage_at", "id"], name="application_waiting", condition=Q(state="active")
            ),
            # Numbers at the head of a board are counted from this index alone.
            models.Index(fields=["opening", "stage", "due_at"], name="application_count", condition=Q(state="active")),
            models.Index(
                fields=["due_at"],
                name="application_due",
                condition=Q(state="active", due_at__isnull=False, limit_announced_at__isnull=True),
            ),
            models.Index(fields=["person", "-applied_at"], name="application_of_person"),
        ]


class StageChange(BaseModel):
    """One step of an application: from where, to where, when, by whom, why.

    Personal data: how the application went; goes with it.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="changes")
    from_stage = models.ForeignKey(Stage, null=True, on_delete=models.PROTECT, related_name="+")
    to_stage = models.ForeignKey(Stage, null=True, on_delete=models.PROTECT, related_name="+")
    exit_reason = models.ForeignKey(ExitReason, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT)
    note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["application", "at"], name="change_of_application")]


class Intake(BaseModel):
    """One upload of résumés, or one file that came by another door. No personal data; the files are documents."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="intakes")
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT)
    source = models.CharField(max_length=40, default="upload")
    started_at = models.DateTimeField()


class IntakeFile(BaseModel):
    """One file on its way to becoming a candidate; a file that cannot be read waits here as a task until it is settled.

    `archive` is the ZIP in which a member lies that could not be taken out. `hint` is what to check ("no_name").
    Personal data: the documents it points to, and the file's name, sealed, which goes when the file is dealt with.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        UNREADABLE = "unreadable", _("Could not be read")
        SETTLED = "settled", _("Settled by hand")

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="files")
    document = models.OneToOneField("people.Document", null=True, on_delete=models.PROTECT)
    archive = models.ForeignKey("people.Document", null=True, on_delete=models.PROTECT, related_name="+")
    name_sealed = models.BinaryField(default=bytes)
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    problem = models.CharField(max_length=30, blank=True, default="")
    hint = models.CharField(max_length=30, blank=True, default="")
    application = models.ForeignKey(Application, null=True, on_delete=models.SET_NULL, related_name="files")
    was_known = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT)
    dismissed_because = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intake", "position"], name="intake_file_once"),
            models.CheckConstraint(
                condition=~Q(state="unreadable") | ~Q(problem=""), name="an_unreadable_file_says_why"
            ),
        ]
        indexes = [models.Index(fields=["state"], name="intake_open", condition=Q(state__in=["waiting", "unreadable"]))]
