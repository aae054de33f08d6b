"""Interviews, who holds them, and their scorecards."""

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.plumbing.choices import validate_zone
from zhiren.plumbing.models import BaseModel


class ScorecardTemplate(BaseModel):
    """What interviewers are asked to rate: attributes, each with four anchored levels, in both languages.

    An attribute is `{"code", "name", "question", "anchors": [4], "praise"}`; texts are by language. `praise` is what a
    candidate may be told when it was rated high. A changed template never changes a card that exists. No personal data.
    """

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True, default="")
    attributes = models.JSONField()
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_scorecard")
        ]


class Interview(BaseModel):
    """One talk with a candidate: when (with the zone it was arranged in), where, and what came of it.

    Personal data: that it took place, and its verdict; goes with the application.
    """

    class Kind(models.TextChoices):
        PHONE = "phone", pgettext_lazy("interview", "Phone")
        VIDEO = "video", pgettext_lazy("interview", "Video")
        ONSITE = "onsite", pgettext_lazy("interview", "On site")

    class State(models.TextChoices):
        ARRANGED = "arranged", pgettext_lazy("interview", "Arranged")
        HELD = "held", _("Waiting for scorecards")
        COMPLETED = "completed", pgettext_lazy("interview", "Completed")
        CANCELLED = "cancelled", pgettext_lazy("interview", "Cancelled")

    class Verdict(models.TextChoices):
        STRONG_NO = "strong_no", pgettext_lazy("verdict", "Strong no")
        NO = "no", pgettext_lazy("verdict", "No")
        MIXED = "mixed", pgettext_lazy("verdict", "Divided")
        YES = "yes", pgettext_lazy("verdict", "Yes")
        STRONG_YES = "strong_yes", pgettext_lazy("verdict", "Strong yes")

    class CancelReason(models.TextChoices):
        CANDIDATE = "candidate", _("The candidate cannot come")
        INTERVIEWER = "interviewer", _("An interviewer cannot come")
        NO_SHOW = "no_show", _("The candidate did not come")
        NOT_NEEDED = "not_needed", _("No longer needed")
        ENDED = "application_ended", _("The application has ended")

    application = models.ForeignKey("recruiting.Application", on_delete=models.PROTECT, related_name="interviews")
    # the application's: whoever may see an opening's interviews finds them without every application
    opening = models.ForeignKey("recruiting.Opening", on_delete=models.PROTECT, related_name="+")
    template = models.ForeignKey(ScorecardTemplate, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    round_name = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=64, validators=[validate_zone])
    place = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ARRANGED)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True, default="")
    cancel_reason = models.CharField(max_length=20, choices=CancelReason.choices, blank=True, default="")
    completed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="interview_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(Q(state="completed"), ~Q(verdict=""), completed_at__isnull=False)
                | Q(~Q(state="completed"), verdict="", completed_at__isnull=True),
                name="completed_interview_has_a_verdict",
            ),
            models.CheckConstraint(
                condition=Q(Q(state="cancelled"), ~Q(cancel_reason="")) | Q(~Q(state="cancelled"), cancel_reason=""),
                name="cancelled_interview_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["-starts_at", "-id"], name="interview_newest"),
            models.Index(fields=["application", "-starts_at"], name="interview_of_application"),
            models.Index(fields=["ends_at"], name="interview_to_end", condition=Q(state="arranged")),
            models.Index(fields=["ends_at"], name="interview_to_score", condition=Q(state="held")),
            # with all that it takes to tell how soon scorecards come, without a look at the rows
            models.Index(
                fields=["ends_at"],
                include=["id", "opening"],
                name="interview_ended",
                condition=Q(state__in=["held", "completed"]),
            ),
        ]

    # What `queries` read it with: who holds it, the one who leads it first, and when each scorecard was sent.
    panel: list["Interviewer"]
    cards_sent_at: list[datetime | None]

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def is_open(self) -> bool:
        """Whether it may still change and be scored."""
        return self.state in {self.State.ARRANGED, self.State.HELD}


class Interviewer(BaseModel):
    """That a user holds an interview; the first in position leads it. The database lets nobody be in two at once.

    `starts_at` and `ends_at` repeat the interview's; `is_active` ends with a cancellation. No personal data.
    """

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="interviewers")
    user = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interview", "user"], name="interviewer_once"),
            ExclusionConstraint(
                name="interviewer_not_in_two_places",
                expressions=[
                    (
                        Func(
                            "starts_at",
                            "ends_at",
                            RangeBoundary(),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    ("user", RangeOperators.EQUAL),
                ],
                condition=Q(is_active=True),
            ),
        ]
        indexes = [models.Index(fields=["user", "starts_at"], name="interviewer_calendar", condition=Q(is_active=True))]


class Scorecard(BaseModel):
    """What one interviewer found. Its questions are frozen when it is handed out; a later template changes nothing.

    Personal data: ratings and verdict in the clear (they are counted, and go with the application); evidence, the
    words for the candidate and concerns sealed with the person's key. `ratings`: attribute to 1-4, 0 if not asked.
    """

    class Verdict(models.TextChoices):
        STRONG_NO = "strong_no", pgettext_lazy("verdict", "Strong no")
        NO = "no", pgettext_lazy("verdict", "No")
        YES = "yes", pgettext_lazy("verdict", "Yes")
        STRONG_YES = "strong_yes", pgettext_lazy("verdict", "Strong yes")

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="scorecards")
    user = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    attributes = models.JSONField()
    ratings = models.JSONField(default=dict)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True, default="")
    words_sealed = models.BinaryField(null=True)
    saved_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interview", "user"], name="scorecard_once"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | ~Q(verdict=""), name="sent_scorecard_has_a_verdict"
            ),
        ]
        indexes = [models.Index(fields=["user"], name="scorecard_waiting", condition=Q(submitted_at__isnull=True))]
