"""The conditions of an opening, what each résumé says to them, and who was put aside."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.plumbing.models import BaseModel


class ConditionSet(BaseModel):
    """The hard conditions of an opening (`conditions.to_json`); a change makes a new set, the newest is in force.

    With `puts_aside`, who fails one in the first stage is put aside and declined `decline_after_hours` business hours
    later, unless somebody brings them back. No personal data.
    """

    opening = models.ForeignKey("recruiting.Opening", on_delete=models.CASCADE, related_name="condition_sets")
    number = models.PositiveIntegerField()
    conditions = models.JSONField(default=list)
    puts_aside = models.BooleanField(default=False)
    decline_after_hours = models.PositiveSmallIntegerField(default=24)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opening", "number"], name="one_condition_set_per_number"),
            models.CheckConstraint(condition=Q(decline_after_hours__gte=1), name="nobody_is_declined_at_once"),
        ]


class Screening(BaseModel):
    """What the résumé of an application says to the conditions of its opening.

    Personal data: the outcome, and the verdicts with their evidence, sealed with the person's key; goes with the
    application.
    """

    class Outcome(models.TextChoices):
        PASSED = "passed", pgettext_lazy("screening", "Passed")
        UNKNOWN = "unknown", pgettext_lazy("screening", "To be asked")
        FAILED = "failed", pgettext_lazy("screening", "Not met")

    application = models.OneToOneField("recruiting.Application", on_delete=models.CASCADE, related_name="screening")
    conditions = models.ForeignKey(ConditionSet, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    verdicts_sealed = models.BinaryField()
    screened_at = models.DateTimeField()


class SetAside(BaseModel):
    """Somebody who fails a condition and waits to be declined; until `due_at`, one click brings them back.

    Personal data: that it is so; a letter changed by hand, sealed with the person's key. Goes with the application.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Put aside")
        BROUGHT_BACK = "brought_back", _("Brought back")
        DECLINED = "declined", _("Declined")

    application = models.ForeignKey("recruiting.Application", on_delete=models.CASCADE, related_name="set_asides")
    state = models.CharField(max_length=15, choices=State.choices, default=State.WAITING)
    at = models.DateTimeField()
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    letter_sealed = models.BinaryField(default=b"")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state="waiting"), name="put_aside_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True)
                | (~Q(state="waiting") & Q(settled_at__isnull=False)),
                name="who_waits_is_not_settled",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="set_aside_due")]
