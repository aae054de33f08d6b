"""What each day and month came to, months that are closed, and what came after."""

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThan

from zhiren.attendance import rules
from zhiren.plumbing.models import BaseModel

# Keys and constraints below begin with the employment: an index of that alone would only be one more to keep.

# Flags of days that somebody should look at.
TO_LOOK_AT = rules.ABSENT | rules.MISSING_IN | rules.MISSING_OUT | rules.LATE_ABSENT | rules.EARLY_ABSENT


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
    employment = models.ForeignKey(
        "people.Employment", on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
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
        indexes = [
            # Only of the days that are listed: an index of all of them takes as long to keep as the rows themselves.
            models.Index(
                fields=["on", "employment"],
                condition=Q(is_final=True) & Q(GreaterThan(F("flags").bitand(TO_LOOK_AT), 0)),
                name="days_to_look_at",
            )
        ]


class Banked(models.Model):
    """What of a day's overtime went into the hours bank, the ledger of time off for overtime, and what had no room.

    Minutes. `changes` counts the lines it has in that ledger. Personal data: as `DayRecord`.
    """

    pk = models.CompositePrimaryKey("employment_id", "on")
    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+", db_index=False)
    on = models.DateField()
    minutes = models.IntegerField(default=0)
    overflow = models.IntegerField(default=0)
    changes = models.SmallIntegerField(default=0)
    put_at = models.DateTimeField()


class MonthRecord(Totals):
    """The sum of an employment's days of a month, named by its first day.

    `changes` counts how often it was made; it was held against working-time law (`LawFinding`) as of `judged` of these.
    `digests` are those of its days, so that whether any of very many differs is known without reading them: for each,
    in order, its date and its digest as PostgreSQL sends them. They hold while `digested` is `changes`.
    Personal data: as `DayRecord`.
    """

    pk = models.CompositePrimaryKey("employment_id", "month")
    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="months", db_index=False)
    month = models.DateField()
    days_worked = models.SmallIntegerField(default=0)
    days_late = models.SmallIntegerField(default=0)
    days_early = models.SmallIntegerField(default=0)
    days_absent = models.SmallIntegerField(default=0)
    days_missing = models.SmallIntegerField(default=0)
    changes = models.IntegerField(default=1, db_default=1)
    judged = models.IntegerField(default=0, db_default=0)
    digests = models.BinaryField(null=True)
    digested = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["month"], condition=Q(judged__lt=F("changes")), name="months_to_judge")]


class Dirty(models.Model):
    """A day that must be computed anew. No personal data beyond that a day changed."""

    pk = models.CompositePrimaryKey("employment_id", "on")
    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+", db_index=False)
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

    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+", db_index=False)
    on = models.DateField()
    minutes = models.JSONField(default=dict)
    flags = models.IntegerField(default=0)
    digest = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["employment", "on", "digest"], name="adjusted_once")]
        indexes = [models.Index(fields=["employment", "on", "-made_at"], name="newest_adjustment")]


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
