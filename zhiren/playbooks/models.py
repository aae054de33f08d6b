"""Playbooks, their versions, and what they are doing for whom."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhiren.people.models import Person
from zhiren.plumbing.models import BaseModel


class Playbook(BaseModel):
    """Something the system does by itself when something happens; what exactly, its versions say. No personal data.

    `trigger` repeats the newest version's, so that an event finds its playbooks by index.
    """

    key = models.CharField(max_length=60, unique=True)
    trigger = models.CharField(max_length=100)
    is_on = models.BooleanField(default=True)
    is_shipped = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["trigger"], name="playbook_of_trigger", condition=Q(is_on=True))]


class Version(BaseModel):
    """A playbook's definition, never changed: a change is a new version. `by` is None for what came with the system.

    No personal data.
    """

    playbook = models.ForeignKey(Playbook, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    created_at = models.DateTimeField()
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["playbook", "number"], name="playbook_version_once")]


class Run(BaseModel):
    """A playbook at work for one person because of one event. It keeps the version it began with.

    `person` is empty where a request that must be approved is about nobody. `payload` is the event's: ids and codes.
    Personal data: that it ran for the person; goes with the person.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Finished")
        STOPPED = "stopped", _("Stopped")

    playbook = models.ForeignKey(Playbook, on_delete=models.CASCADE, related_name="runs")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="runs")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.CASCADE, related_name="+")
    application = models.ForeignKey("recruiting.Application", null=True, on_delete=models.CASCADE, related_name="+")
    event_id = models.UUIDField()
    payload = models.JSONField()
    started_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["playbook", "event_id"], name="one_run_per_event")]
        indexes = [
            models.Index(fields=["playbook", "-started_at", "-id"], name="run_of_playbook"),
            models.Index(fields=["person", "-started_at"], name="run_of_person"),
        ]

    @property
    def somebody(self) -> Person:
        """The person, for what is only ever done about one."""
        if self.person is None:
            raise ValueError("the run is about nobody")
        return self.person


class Step(BaseModel):
    """One step of a run: when it is due, and what came of it.

    `what` names the template, tag or promise it is about. `outcome` is a code of `words.OUTCOMES`, `outcome_at` when
    the event happened that made the step needless. A step that failed is tried again at `try_at`.
    Personal data: none beyond the run's.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Not needed")
        FAILED = "failed", _("Failed")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps")
    index = models.PositiveSmallIntegerField()
    do = models.CharField(max_length=12)
    what = models.CharField(max_length=60, blank=True, default="")
    due_at = models.DateTimeField()
    try_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True, default="")
    outcome_event = models.CharField(max_length=100, blank=True, default="")
    outcome_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "index"], name="step_of_run_once"),
            models.CheckConstraint(condition=Q(try_at__gte=F("due_at")), name="step_not_tried_before_due"),
        ]
        indexes = [
            models.Index(fields=["try_at", "index"], name="step_due", condition=Q(state="waiting")),
            models.Index(fields=["-done_at"], name="step_done_lately", condition=Q(state="done")),
        ]
