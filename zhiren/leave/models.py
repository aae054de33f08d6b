"""Types of leave, how it is earned, the ledger of what there is, and requests."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhiren.leave import rules
from zhiren.plumbing.models import BaseModel

_DAYS = [MinValueValidator(0), MaxValueValidator(366)]


class LeaveType(BaseModel):
    """A reason to be away, and what holds for it. No personal data.

    `in_hours` counts hours of planned work; else days, each `rules.DAY` minutes. `needs_balance` lets people take what
    their ledger holds, and `may_owe` (minutes) beyond it. `document_after` asks for a document where more days than
    that are taken. `entity` empty: for every one.
    """

    class Unit(models.TextChoices):
        DAY = "day", _("Whole days")
        HALF_DAY = "half_day", _("Half days")
        HOUR = "hour", pgettext_lazy("leave unit", "Hours")

    class Counts(models.TextChoices):
        WORKDAYS = "workdays", _("Days on which work is planned")
        CALENDAR = "calendar", _("Calendar days")

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True, default="")
    entity = models.ForeignKey("org.Entity", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=10, choices=Unit.choices, default=Unit.HALF_DAY)
    in_hours = models.BooleanField(default=False)
    counts = models.CharField(max_length=10, choices=Counts.choices, default=Counts.WORKDAYS)
    is_paid = models.BooleanField(default=True)
    needs_balance = models.BooleanField(default=True)
    may_owe = models.PositiveIntegerField(default=0)
    pays_out = models.BooleanField(default=False)
    document_after = models.PositiveSmallIntegerField(null=True, blank=True, validators=_DAYS)
    most_days = models.PositiveSmallIntegerField(null=True, blank=True, validators=_DAYS)
    after_months = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return (self.name_en if get_language() == "en" else "") or self.name


class AccrualPlan(BaseModel):
    """How a type of leave is earned, everywhere or in one legal entity. See `rules.Plan`. No personal data.

    `by_law` takes the steps of `parameters/<region>/leave.yaml`, `annual_leave`; else `steps` holds pairs of months of
    service and minutes a year. A change holds for periods that were not granted yet.
    """

    class Grants(models.TextChoices):
        YEARLY = "yearly", _("The whole year at once")
        MONTHLY = "monthly", _("A twelfth each month")

    class Year(models.TextChoices):
        CALENDAR = "calendar", _("From January")
        JOINING = "joining", _("From the day of joining")

    class Rounds(models.TextChoices):
        DOWN = "down", _("Down")
        UP = "up", _("Up")
        NEAREST = "nearest", _("To the nearest")

    class RoundTo(models.IntegerChoices):
        DAY = rules.DAY, _("Whole days")
        HALF_DAY = rules.HALF_DAY, _("Half days")
        HOUR = 60, pgettext_lazy("leave unit", "Hours")
        MINUTE = 1, _("Not at all")

    type = models.ForeignKey(LeaveType, on_delete=models.PROTECT, related_name="plans")
    entity = models.ForeignKey("org.Entity", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    by_law = models.BooleanField(default=False)
    steps = models.JSONField(default=list, blank=True)
    grants = models.CharField(max_length=10, choices=Grants.choices, default=Grants.YEARLY)
    year = models.CharField(max_length=10, choices=Year.choices, default=Year.CALENDAR)
    start_after_months = models.PositiveSmallIntegerField(default=0)
    is_prorated = models.BooleanField(default=True)
    round_to = models.PositiveSmallIntegerField(choices=RoundTo.choices, default=RoundTo.HALF_DAY)
    rounds = models.CharField(max_length=10, choices=Rounds.choices, default=Rounds.DOWN)
    carry_most = models.PositiveIntegerField(null=True, blank=True, default=0)
    carry_months = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["type", "entity"], name="one_plan_per_type", nulls_distinct=False)
        ]


class Account(BaseModel):
    """One person's ledger of one type of leave. `due_on` is when time next brings something about: a grant, a lapse.

    Personal data: what leave somebody has; kept as long as the employment.
    """

    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="leave_accounts")
    type = models.ForeignKey(LeaveType, on_delete=models.PROTECT, related_name="accounts")
    due_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["employment", "type"], name="one_account_per_type")]
        indexes = [models.Index(fields=["due_on"], name="account_due")]


class Entry(BaseModel):
    """A line of a ledger, never changed: what is there is their sum. The database refuses changes.

    A line that gives (`Kind.GRANT`, `CARRY`, a positive `ADJUST`) is a lot, which may lapse; the others draw on a lot,
    or on none where leave is owed. `on` is from when it counts. `key` makes what time brings come once.

    Personal data: all of it, `note` too; kept as long as the employment.
    """

    class Kind(models.TextChoices):
        GRANT = "grant", _("Granted")
        CARRY = "carry", _("Carried over")
        EARN = "earn", _("Earned by overtime")
        ADJUST = "adjust", _("Corrected by hand")
        USE = "use", _("Taken")
        RELEASE = "release", _("Given back")
        EXPIRE = "expire", _("Lapsed")
        REDUCE = "reduce", _("Share of the last year")
        SETTLE = "settle", _("Set off against what was owed")
        PAYOUT = "payout", _("To be paid out")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    minutes = models.IntegerField()
    on = models.DateField()
    lot = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="drawn")
    is_lot = models.BooleanField(default=False)
    expires_on = models.DateField(null=True)
    leave = models.ForeignKey("leave.Leave", null=True, on_delete=models.PROTECT, related_name="entries")
    key = models.CharField(max_length=60, blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], condition=~Q(key=""), name="entry_once"),
            models.CheckConstraint(condition=~Q(minutes=0), name="entry_says_something"),
            models.CheckConstraint(
                condition=Q(is_lot=False, expires_on__isnull=True) | Q(is_lot=True, lot__isnull=True, minutes__gt=0),
                name="only_lots_give_and_lapse",
            ),
        ]
        indexes = [models.Index(fields=["account", "on", "id"], name="entry_of_account")]


class Leave(BaseModel):
    """Leave somebody asked for, and what became of it. Its days are `LeaveDay`s; a shortened one keeps fewer of them.

    Personal data: all of it; `reason_sealed` and documents with the person's key.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", pgettext_lazy("leave", "Waiting")
        APPROVED = "approved", pgettext_lazy("leave", "Approved")
        DECLINED = "declined", pgettext_lazy("leave", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("leave", "Withdrawn")
        CANCELLED = "cancelled", pgettext_lazy("leave", "Cancelled")

    employment = models.ForeignKey("people.Employment", on_delete=models.PROTECT, related_name="leaves")
    type = models.ForeignKey(LeaveType, on_delete=models.PROTECT, related_name="leaves")
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    from_on = models.DateField()
    to_on = models.DateField()
    minutes = models.PositiveIntegerField()
    reason_sealed = models.BinaryField(default=bytes)
    documents = models.ManyToManyField("people.Document", related_name="+")
    request_id = models.UUIDField(null=True)
    requested_at = models.DateTimeField()
    requested_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="leave_days_in_order")]
        indexes = [
            models.Index(fields=["employment", "-from_on", "-id"], name="leave_of_employment"),
            models.Index(fields=["from_on", "to_on"], name="leave_between"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody, or holds."""
        return self.state in {self.State.REQUESTED, self.State.APPROVED}


class LeaveDay(BaseModel):
    """One date of a leave: which part of it, how much it counts, and from when to when. `holds` ends with the leave.

    Personal data: goes with the leave.
    """

    class Part(models.TextChoices):
        DAY = "day", _("All day")
        FIRST = "first", _("Until midday")
        SECOND = "second", _("From midday")
        HOURS = "hours", _("Some hours")

    leave = models.ForeignKey(Leave, on_delete=models.CASCADE, related_name="days")
    employment = models.ForeignKey("people.Employment", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    part = models.CharField(max_length=10, choices=Part.choices)
    minutes = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    holds = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="leave_day_in_order"),
            ExclusionConstraint(
                name="not_on_leave_twice",
                expressions=[
                    ("employment", "="),
                    (
                        Func(
                            "starts_at",
                            "ends_at",
                            RangeBoundary(),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                condition=Q(holds=True),
            ),
        ]
        indexes = [
            models.Index(fields=["leave", "day"], name="day_of_leave"),
            models.Index(fields=["employment", "starts_at"], name="leave_day_between", condition=Q(holds=True)),
        ]


class CalendarLink(BaseModel):
    """A private address of somebody's calendar feed. Only the hash of its secret is kept; a new one ends the old.

    Personal data: none beyond whose it is.
    """

    employment = models.OneToOneField("people.Employment", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
