"""What working-time law says to days worked, who has seen it, and periods of comprehensive hours."""

from django.db import models

from zhiren.plumbing.models import BaseModel


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
