"""First signs that were seen and told of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.models import BaseModel


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
