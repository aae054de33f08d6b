"""What people ask for about their attendance and their shifts."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from zhiren.plumbing.models import BaseModel


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
