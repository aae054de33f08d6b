"""Shifts and their versions, groups with their patterns, who belongs to which, and single days that differ."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.choices import validate_zone
from zhiren.plumbing.models import BaseModel


class _Named(BaseModel):
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return (self.name_en if get_language() == "en" else "") or self.name


class Shift(_Named):
    """A shift by name; what it says on a date is a version of it. No personal data."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="shift_name_once")]


class ShiftVersion(BaseModel):
    """What a shift says from a date on (`plans.Shift`). Never changed: an edit is a new version. No personal data.

    On a date the version counts that begins latest, and of several that begin on one date the newest.
    """

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    definition = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shift", "number"], name="shift_version_once")]


class Group(_Named):
    """People who are planned and judged alike; how is told by its version on the date. No personal data."""

    entity = models.ForeignKey("org.Entity", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entity", "name"], name="group_name_once_per_entity")]


class GroupVersion(BaseModel):
    """How a group works from a date on. Never changed: an edit is a new version. No personal data.

    `pattern` holds ids of shifts, "" for a day off, in turn from `pattern_from` on: seven from a Monday are a week.
    With `follows_holidays` days off of the region's calendar are off, and its make-up workdays are worked by the
    first shift of the pattern. `own_days` says of single dates whether they are worked, before all that: ISO dates, and
    true or false. `corrections` says what of a day may be mended, how often, and until when.
    Comprehensive hours are reckoned over `period`. `agreed` names the agreements and permits that change what the law
    allows these people (`law.agreements`), `preset` a house's own rules where the law has none. `bank` says which
    overtime becomes time off instead of pay (`plans.Bank`); empty: none.
    """

    class Regime(models.TextChoices):
        STANDARD = "standard", _("Standard hours")
        COMPREHENSIVE = "comprehensive", _("Comprehensive hours")
        IRREGULAR = "irregular", _("Irregular hours")

    class Period(models.TextChoices):
        WEEK = "week", pgettext_lazy("period of comprehensive hours", "Week")
        MONTH = "month", pgettext_lazy("period of comprehensive hours", "Month")
        QUARTER = "quarter", pgettext_lazy("period of comprehensive hours", "Quarter")
        YEAR = "year", pgettext_lazy("period of comprehensive hours", "Year")

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    zone = models.CharField(max_length=64, validators=[validate_zone])
    region = models.CharField(max_length=10, default="CN")
    pattern = models.JSONField(default=list)
    pattern_from = models.DateField()
    follows_holidays = models.BooleanField(default=True)
    own_days = models.JSONField(default=dict, db_default={})
    regime = models.CharField(max_length=15, choices=Regime.choices, default=Regime.STANDARD)
    period = models.CharField(max_length=8, choices=Period.choices, default=Period.MONTH)
    agreed = models.JSONField(default=list)
    preset = models.CharField(max_length=20, blank=True, default="")
    bank = models.JSONField(default=dict)
    corrections = models.JSONField(default=dict)
    places = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "number"], name="group_version_once")]


def _days(first: str, last: str) -> Func:
    return Func(
        F(first), F(last), RangeBoundary(inclusive_upper=True), function="daterange", output_field=DateRangeField()
    )


class Membership(BaseModel):
    """That somebody is planned by a group from a date to another, both included; `until_on` is empty while it lasts.

    Personal data: where somebody works; goes with the employment.
    """

    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="memberships")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="membership_in_order"
            ),
            ExclusionConstraint(
                name="in_one_group_at_a_time",
                expressions=[
                    (_days("from_on", "until_on"), RangeOperators.OVERLAPS),
                    ("employment", RangeOperators.EQUAL),
                ],
            ),
        ]
        indexes = [models.Index(fields=["group", "from_on"], name="members_of_group")]


class Assignment(BaseModel):
    """That somebody works another shift on a date than their group says, or none, and why (`source`).

    Never rewritten: what takes its place points back at it (`replaces`), and what no longer counts is lifted.
    `request_id` is what was asked for and approved, where that is why. Personal data: goes with the job; `note` is for
    colleagues to read.
    """

    class Source(models.TextChoices):
        HAND = "hand", pgettext_lazy("why a day is planned so", "By hand")
        CHANGE = "change", pgettext_lazy("why a day is planned so", "Another shift was asked for")
        SWAP = "swap", pgettext_lazy("why a day is planned so", "Swapped with a colleague")

    employment = models.ForeignKey("people.Employment", on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    shift = models.ForeignKey(Shift, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.HAND, db_default="hand")
    note = models.CharField(max_length=200, blank=True, default="", db_default="")
    request_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employment", "on"], condition=Q(lifted_at__isnull=True), name="assigned_once_a_day"
            )
        ]
        indexes = [
            models.Index(fields=["employment", "on"], name="assignments_of_day"),
            models.Index(fields=["request_id"], condition=Q(request_id__isnull=False), name="assignments_of_request"),
        ]
