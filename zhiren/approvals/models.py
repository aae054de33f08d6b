"""Policies, requests, their steps, who was asked, and who stands in for whom."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from zhiren.plumbing.models import BaseModel


class Policy(BaseModel):
    """Who must say yes to one kind of request, everywhere or in one legal entity; how, its versions say.

    No personal data.
    """

    kind = models.CharField(max_length=40)
    entity = models.ForeignKey("org.Entity", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "entity"], name="one_policy_per_kind", nulls_distinct=False)
        ]


class PolicyVersion(BaseModel):
    """A policy's steps, never changed: a change is a new version. `by` is None for what a kind brought along.

    A version without a definition says that the entity follows the company's policy again. No personal data.
    """

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField(null=True)
    created_at = models.DateTimeField()
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="approval_policy_version_once")]


class Request(BaseModel):
    """One thing asked for, frozen as it was sent: a changed one is a new request.

    `user` is who asks (none for an employee who does not sign in), `submitted_by` who sent it (HR may for somebody),
    `employment` and `person` whom it is about. `digest` is the keyed hash of all that was frozen. `cancels` is the
    approved request that this one asks to take back. `parties` are users for whom it changes something as well: each
    agrees first, in a step of their own, and decides nothing after that.
    Personal data: `values_sealed` and `reason_sealed`, with the person's key (the system's where it is about nobody).
    """

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("request", "Waiting")
        APPROVED = "approved", pgettext_lazy("request", "Approved")
        DECLINED = "declined", pgettext_lazy("request", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("request", "Withdrawn")
        CANCELLED = "cancelled", pgettext_lazy("request", "Cancelled")

    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    user = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    employment = models.ForeignKey("people.Employment", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.CASCADE, related_name="+")
    entity = models.ForeignKey("org.Entity", null=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("org.Department", null=True, on_delete=models.PROTECT, related_name="+")
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    cancels = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="cancellations")
    parties = ArrayField(models.UUIDField(), default=list, db_default=[])
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    values_sealed = models.BinaryField()
    reason_sealed = models.BinaryField(default=bytes)
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=Q(state="pending", cancels__isnull=True),
                name="asked_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["cancels"], condition=Q(state="pending"), name="asked_to_cancel_once_at_a_time"
            ),
            models.CheckConstraint(
                name="decided_request_says_when",
                condition=Q(state="pending", decided_at__isnull=True)
                | Q(~Q(state="pending"), decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="cancelled_request_says_when",
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | Q(~Q(state="cancelled"), cancelled_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-submitted_at", "-id"], name="request_of_user"),
            models.Index(fields=["submitted_by", "-submitted_at", "-id"], name="request_by_sender"),
            models.Index(fields=["-submitted_at", "-id"], name="request_newest"),
            models.Index(fields=["kind", "subject_id"], name="request_of_subject"),
            models.Index(fields=["person", "-submitted_at"], name="request_of_person"),
        ]

    @property
    def is_pending(self) -> bool:
        """Whether it still waits for somebody."""
        return self.state == self.State.PENDING


class Step(BaseModel):
    """One step of a request's way: whom its policy asks, frozen, and what came of it.

    `plan` is the step of the policy as plain data. A personal one asks a party to the request: nobody stands in.
    No personal data.
    """

    class State(models.TextChoices):
        AHEAD = "ahead", pgettext_lazy("step", "Comes later")
        ASKED = "asked", pgettext_lazy("step", "Being decided")
        APPROVED = "approved", pgettext_lazy("step", "Approved")
        DECLINED = "declined", pgettext_lazy("step", "Declined")
        ENDED = "ended", pgettext_lazy("step", "No longer needed")

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    plan = models.JSONField()
    is_personal = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.AHEAD)
    asked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="step_of_request_once"),
            models.UniqueConstraint(fields=["request"], condition=Q(state="asked"), name="one_step_is_asked_at_a_time"),
            models.CheckConstraint(
                name="decided_step_says_when",
                condition=Q(state__in=["approved", "declined"], decided_at__isnull=False)
                | Q(~Q(state__in=["approved", "declined"]), decided_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="step_not_yet_overdue", condition=Q(state="asked", overdue_at__isnull=True)
            )
        ]


class Approver(BaseModel):
    """One who is asked in a step, and what they said: themselves, or `answered_by`, who stood in for them.

    `stand_ins` are users who may answer in their place this once, because they are away, late, or have left.

    Personal data: `reason_sealed`, with the key of the person the request is about.
    """

    class Answer(models.TextChoices):
        APPROVED = "approved", pgettext_lazy("answer", "Yes")
        DECLINED = "declined", pgettext_lazy("answer", "No")

    class Door(models.TextChoices):
        PAGE = "page", pgettext_lazy("door", "On the page")
        MAIL = "mail", pgettext_lazy("door", "From the mail")
        API = "api", pgettext_lazy("door", "By another program")
        BEFORE = "before", pgettext_lazy("door", "Said yes in an earlier step")

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="approvers")
    user = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    stand_ins = ArrayField(models.UUIDField(), default=list)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    door = models.CharField(max_length=10, choices=Door.choices, blank=True, default="")
    reason_sealed = models.BinaryField(default=bytes)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["step", "user"], name="asked_once_in_a_step"),
            models.CheckConstraint(
                name="answer_says_who_and_when",
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | Q(~Q(answer=""), answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["user", "step"], name="approver_waiting", condition=Q(answer="")),
            GinIndex(fields=["stand_ins"], name="approver_stand_ins"),
        ]


class Delegation(BaseModel):
    """That one user decides what another is asked, from one moment to another; for all kinds, or for those named.

    Personal data: none beyond the users', but for `reason`, which is for colleagues to read.
    """

    from_user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    to_user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    kinds = ArrayField(models.CharField(max_length=40), default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="delegation_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="delegation_to_somebody_else"),
        ]
        indexes = [models.Index(fields=["to_user", "ends_at"], name="delegation_to_user")]
