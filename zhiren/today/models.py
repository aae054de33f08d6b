"""Who is to be followed up, by whom, by when."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.models import BaseModel


class FollowUp(BaseModel):
    """One thing that one of us has to do: about one person, or about a mailbox or platform that fails.

    `why` and `suggestion` hold one text per language; they are the words of a playbook with placeholders, never
    anybody's name. `evidence` lists `{"event_id", "at", "text"}`, `settles_on` what makes it needless:
    `{"event", "where"}`. `rank_at` is the order of the queue, see `rules.rank_at`; `subject_id` is what the action
    opens where that is not the person: the interview to be scored, what is to be mended (`source` says of which kind).
    Personal data: that somebody was to be contacted, and when; goes with the person.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        SNOOZED = "snoozed", _("Snoozed")
        DONE = "done", _("Done")

    class Action(models.TextChoices):
        CALL = "call", _("Call")
        MAIL = "mail", _("Write a mail")
        WECHAT = "wechat", _("Write on WeChat")
        SCORE = "score", _("Write the evaluation")
        OPEN = "open", _("Have a look")
        MEND = "mend", _("Mend the mailbox")

    class How(models.TextChoices):
        BY_HAND = "by_hand", _("Done by hand")
        BY_EVENT = "by_event", _("Settled by what happened")

    key = models.CharField(max_length=200, unique=True)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.CASCADE, related_name="follow_ups")
    application = models.ForeignKey(
        "recruiting.Application", null=True, on_delete=models.CASCADE, related_name="follow_ups"
    )
    owner = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="follow_ups")
    why = models.JSONField()
    evidence = models.JSONField(default=list)
    suggestion = models.JSONField(default=dict)
    action = models.CharField(max_length=10, choices=Action.choices, default=Action.CALL)
    subject_id = models.UUIDField(null=True)
    importance = models.PositiveSmallIntegerField(default=3)
    due_at = models.DateTimeField()
    rank_at = models.DateTimeField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    snoozed_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    settled_how = models.CharField(max_length=10, choices=How.choices, blank=True, default="")
    settles_on = models.JSONField(default=list)
    source = models.CharField(max_length=100, default="by hand")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(subject_id__isnull=False), name="follow_up_is_about_something"
            ),
            models.CheckConstraint(condition=Q(importance__gte=1, importance__lte=5), name="importance_of_one_to_five"),
            models.CheckConstraint(
                condition=Q(state="snoozed", snoozed_until__isnull=False)
                | Q(~Q(state="snoozed"), snoozed_until__isnull=True),
                name="snoozed_until_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="done", settled_at__isnull=False) | Q(~Q(state="done"), settled_at__isnull=True),
                name="done_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "rank_at", "id"], name="follow_up_queue", condition=~Q(state="done")),
            models.Index(fields=["rank_at", "id"], name="follow_up_team_queue", condition=~Q(state="done")),
            models.Index(fields=["person"], name="follow_up_of_person", condition=~Q(state="done")),
            models.Index(fields=["snoozed_until"], name="follow_up_wakes", condition=Q(state="snoozed")),
            models.Index(
                fields=["subject_id"],
                name="follow_up_of_no_person",
                condition=Q(person__isnull=True) & ~Q(state="done"),
            ),
        ]

    @property
    def is_key(self) -> bool:
        """Whether it is about a key candidate."""
        return bool(self.person and self.person.root.is_key)
