"""Punches and where they come from, what each day came to, months that are closed, and what came after."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.plumbing.choices import validate_zone
from zhiren.plumbing.models import BaseModel


class Device(BaseModel):
    """A clock that sends punches. One that nobody knows waits: it keeps its punches until somebody claims it.

    `clock_off_s` is by how many seconds its clock was ahead when it last sent a single punch; `network`, where set, is
    from where alone it may call; `rejected` are the latest lines
    that were no punches. No personal data beyond a badge number in such a line.
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
    employment = models.ForeignKey("people.Employment", null=True, on_delete=models.PROTECT, related_name="+")
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


class Totals(models.Model):
    """Minutes of one day, or of a month."""

    planned = models.IntegerField(default=0)
    worked = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    early = models.IntegerField(default=0)
    absent = models.IntegerField(default=0)
    away = models.IntegerField(default=0)
    short = models.IntegerField(default=0)
    leave_paid = models.IntegerField(default=0)
    leave_unpaid = models.IntegerField(default=0)
    duty = models.IntegerField(default=0)
    extra = models.IntegerField(default=0)
    ot_work = models.IntegerField(default=0)
    ot_rest = models.IntegerField(default=0)
    ot_holiday = models.IntegerField(default=0)
    night = models.IntegerField(default=0)

    class Meta:
        abstract = True


TOTALS = (
    "planned", "worked", "late", "early", "absent", "away", "short", "leave_paid", "leave_unpaid", "duty", "extra",
    "ot_work", "ot_rest", "ot_holiday", "night",
)  # fmt: skip

DAY_COLUMNS = (
    "employment_id", "on", *TOTALS, "day_class", "flags", "first_in", "last_out", "n_punches", "n_kept", "is_final",
    "rules_version", "digest", "computed_at",
)  # fmt: skip


class DayRecord(Totals):
    """What one day of one employment came to: minutes, `flags` (`rules`), first and last punch.

    A function of stored punches, plans and approvals: it can be made anew at any time. `digest` tells whether two are
    the same. While a day goes on it is not final: then nobody is absent, early or missing yet.
    Personal data: attendance; goes with the employment.
    """

    pk = models.CompositePrimaryKey("employment_id", "on")
    # The database checks whose days these are by the statement, not by the row: see the migration `days_of_somebody`.
    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+", db_constraint=False)
    on = models.DateField()
    day_class = models.SmallIntegerField()
    flags = models.IntegerField(default=0)
    first_in = models.DateTimeField(null=True)
    last_out = models.DateTimeField(null=True)
    n_punches = models.SmallIntegerField(default=0)
    n_kept = models.SmallIntegerField(default=0)
    is_final = models.BooleanField(default=False)
    rules_version = models.SmallIntegerField()
    digest = models.BigIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["on", "employment"], name="day_records_of_date")]


class Banked(models.Model):
    """What of a day's overtime went into the hours bank, the ledger of time off for overtime, and what had no room.

    Minutes. `changes` counts the lines it has in that ledger. Personal data: as `DayRecord`.
    """

    pk = models.CompositePrimaryKey("employment_id", "on")
    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    minutes = models.IntegerField(default=0)
    overflow = models.IntegerField(default=0)
    changes = models.SmallIntegerField(default=0)
    put_at = models.DateTimeField()


class MonthRecord(Totals):
    """The sum of an employment's days of a month, named by its first day.

    `changes` counts how often it was made; it was held against working-time law (`LawFinding`) as of `judged` of these.
    Personal data: as `DayRecord`.
    """

    pk = models.CompositePrimaryKey("employment_id", "month")
    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="months")
    month = models.DateField()
    days_worked = models.SmallIntegerField(default=0)
    days_late = models.SmallIntegerField(default=0)
    days_early = models.SmallIntegerField(default=0)
    days_absent = models.SmallIntegerField(default=0)
    days_missing = models.SmallIntegerField(default=0)
    changes = models.IntegerField(default=1, db_default=1)
    judged = models.IntegerField(default=0, db_default=0)

    class Meta:
        indexes = [models.Index(fields=["month"], condition=Q(judged__lt=F("changes")), name="months_to_judge")]


class Dirty(models.Model):
    """A day that must be computed anew. No personal data beyond that a day changed."""

    pk = models.CompositePrimaryKey("employment_id", "on")
    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    noted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["noted_at"], name="dirty_by_age")]


class Period(BaseModel):
    """A month of a legal entity that was closed: its days change no more, `checksum` covers them. No personal data."""

    entity = models.ForeignKey("org.Entity", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    days = models.IntegerField()
    checksum = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entity", "month"], name="closed_once")]


class Adjustment(BaseModel):
    """By how much a closed day would differ by what became known later; the newest of a day counts.

    `minutes` holds what differs, by name of the total. Personal data: as `DayRecord`.
    """

    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    minutes = models.JSONField(default=dict)
    flags = models.IntegerField(default=0)
    digest = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["employment", "on", "digest"], name="adjusted_once")]
        indexes = [models.Index(fields=["employment", "on", "-made_at"], name="newest_adjustment")]


class LawFinding(BaseModel):
    """A rule of working time that days of somebody do not keep, in the month of the last of them (`on`).

    How much there is and may be: as `rostering.law.Finding`. A function of day records, the group's way and the law of
    `country`; made anew when a day changes. Personal data: as `DayRecord`.
    """

    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    since = models.DateField()
    on = models.DateField()
    country = models.CharField(max_length=10)
    code = models.CharField(max_length=30)
    severity = models.CharField(max_length=8)
    reached = models.IntegerField()
    limit = models.IntegerField()
    unit = models.CharField(max_length=8)
    period = models.CharField(max_length=8)
    length = models.SmallIntegerField()
    source = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["employment", "month"], name="law_findings_of_month"),
            models.Index(fields=["-on", "-id"], name="law_findings_newest"),
        ]


class SeenFinding(BaseModel):
    """That somebody looked at a finding of working-time law, and why it may stand.

    Once its facts change the finding is another one that nobody has seen; this then stays, without a `finding`, as it
    does when it is put back. Personal data: the reason, sealed with the person's key; goes with the employment.
    """

    finding = models.OneToOneField(LawFinding, null=True, on_delete=models.SET_NULL, related_name="seen")
    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    code = models.CharField(max_length=30)
    reason_sealed = models.BinaryField()
    seen_at = models.DateTimeField()
    seen_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")


class PeriodHours(BaseModel):
    """What a period of comprehensive hours of somebody came to when its last month (`month`) was closed; goes to
    payroll with that month, once. Minutes.

    `first` is the first date of the period, `ends` the last that counts: that of the period, or of the job.
    `excess` is overtime of workdays, `holiday` work on holidays that no day counts as overtime already. Never changed:
    what becomes known later is the difference to what it would be. Personal data: as `DayRecord`.
    """

    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+")
    period = models.CharField(max_length=8)
    first = models.DateField()
    ends = models.DateField()
    month = models.DateField()
    standard = models.IntegerField()
    worked = models.IntegerField()
    excess = models.IntegerField()
    holiday = models.IntegerField()
    settled_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["employment", "period", "first"], name="period_settled_once")]
        indexes = [models.Index(fields=["month", "employment"], name="periods_of_month")]


class Request(BaseModel):
    """Something about attendance that somebody asked for and others must approve; approved, it counts for the days.

    A correction is one moment (`starts_at`); overtime, outings, trips, remote work have both ends. Personal data: the
    reason, sealed with the person's key; goes with the employment.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction", pgettext_lazy("attendance request", "Missing punch")
        OVERTIME = "overtime", pgettext_lazy("attendance request", "Overtime")
        OUTING = "outing", pgettext_lazy("attendance request", "Errand outside")
        TRIP = "trip", pgettext_lazy("attendance request", "Business trip")
        REMOTE = "remote", pgettext_lazy("attendance request", "Remote work")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("attendance request", "Waiting")
        APPROVED = "approved", pgettext_lazy("attendance request", "Approved")
        DECLINED = "declined", pgettext_lazy("attendance request", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("attendance request", "Withdrawn")

    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    on = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    reason_sealed = models.BinaryField(default=b"")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="attendance_request_in_order"),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True)
                | (~Q(state="waiting") & Q(settled_at__isnull=False)),
                name="attendance_request_settled_or_waiting",
            ),
        ]
        indexes = [
            models.Index(fields=["employment", "starts_at"], condition=Q(state="approved"), name="approved_requests")
        ]


class ShiftChange(BaseModel):
    """That somebody asks to work another shift, or that a colleague and they work each other's on one or two dates.

    What each would work is frozen in its days. It lapses where it can no longer be once it is approved: somebody has
    left meanwhile. Personal data: the reason, sealed with the person's key; goes with the employment.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("attendance request", "Waiting")
        APPROVED = "approved", pgettext_lazy("attendance request", "Approved")
        DECLINED = "declined", pgettext_lazy("attendance request", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("attendance request", "Withdrawn")
        LAPSED = "lapsed", pgettext_lazy("attendance request", "No longer possible")

    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+")
    colleague = models.ForeignKey("people.Employment", null=True, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason_sealed = models.BinaryField(default=b"")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True)
                | (~Q(state="waiting") & Q(settled_at__isnull=False)),
                name="shift_change_settled_or_waiting",
            ),
        ]
        indexes = [models.Index(fields=["employment", "-asked_at"], name="shift_changes_of_person")]


class ShiftChangeDay(BaseModel):
    """What one person is to work on one date by a change of shifts, and what they would have worked.

    Without a shift they are off. `waits` as long as it is asked for: once at a time. Personal data: goes with the
    change.
    """

    change = models.ForeignKey(ShiftChange, on_delete=models.CASCADE, related_name="days")
    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    before = models.ForeignKey("rostering.Shift", null=True, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey("rostering.Shift", null=True, on_delete=models.PROTECT, related_name="+")
    waits = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employment", "on"], condition=Q(waits=True), name="one_shift_change_a_day_waits"
            )
        ]


class EarlyWarning(BaseModel):
    """A first sign that was seen and told of, once for each `on`: the first day, the month, the week it was seen in.

    `amount` is days, or minutes of drift. Personal data: for the manager and HR; goes with the employment.
    """

    class Kind(models.TextChoices):
        LATE_FIRST_WEEK = "late_first_week", _("Late every day since the first")
        MUCH_LEAVE = "much_leave", _("Much leave in a month")
        DRIFT = "drift", _("Comes later than before")

    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    on = models.DateField()
    amount = models.IntegerField()
    raised_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["employment", "kind", "on"], name="warned_once")]


class WeekLooked(models.Model):
    """That the arrivals of a week were looked at; `monday` names the week. No personal data."""

    monday = models.DateField(primary_key=True)
    at = models.DateTimeField()


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


class ComputeRun(BaseModel):
    """That a month of everybody, or of a legal entity, is computed anew, and how far that came.

    Everybody whose id is not above `after` is done; what changed about them since has marks of its own. An unfinished
    one is gone on with. No personal data.
    """

    month = models.DateField()
    entity = models.ForeignKey("org.Entity", null=True, on_delete=models.PROTECT, related_name="+")
    rules_version = models.SmallIntegerField()
    after = models.UUIDField(null=True)
    people = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    days = models.IntegerField(default=0)
    written = models.IntegerField(default=0)
    adjusted = models.IntegerField(default=0)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "entity"], condition=Q(finished_at__isnull=True), nulls_distinct=False,
                name="one_open_computation",
            )
        ]  # fmt: skip
