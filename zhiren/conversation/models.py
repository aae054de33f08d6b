"""Messages, the templates they are made from, and promises."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.models import BaseModel


class Channel(models.TextChoices):
    """By which way a message goes."""

    MAIL = "mail", _("Mail")


class Template(BaseModel):
    """A kind of message, known by its key. No personal data.

    `on_unknown` says what happens when nobody knows whether a message went out: send it again with the same
    Message-ID, or wait for somebody to decide. `keeps_promises`: whoever gets it has heard from us about the next step.
    """

    class OnUnknown(models.TextChoices):
        RESEND = "resend", _("Send it again")
        WAIT = "wait", _("Wait for somebody to decide")

    key = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    purpose = models.CharField(max_length=300, blank=True, default="")
    purpose_en = models.CharField(max_length=300, blank=True, default="")
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.MAIL)
    on_unknown = models.CharField(max_length=10, choices=OnUnknown.choices, default=OnUnknown.RESEND)
    keeps_promises = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)


class TemplateVersion(BaseModel):
    """A template's words in one language, never changed: a new wording is a new version. No personal data.

    `by` is who wrote it; None for the words that came with the system.
    """

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    created_at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "language", "number"], name="template_version_once"),
        ]


class Message(BaseModel):
    """One message to a person, or to a colleague (about a person).

    Personal data: subject and body, sealed with the key of the person it went to or is about; what concerns nobody is
    sealed with the system's key. `error_text` is the other server's answer without the address.
    `business_key` says what the message is for, so that it is written once; `message_id` (RFC 5322) comes from it.
    `next_try_at` is when somebody should look after a message that is queued or being sent.
    """

    class Direction(models.TextChoices):
        OUT = "out", _("Sent by us")
        IN = "in", _("Received")

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting to be sent")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not sent")
        UNKNOWN = "unknown", _("Uncertain")
        RECEIVED = "received", _("Received")

    person = models.ForeignKey("people.Person", null=True, on_delete=models.CASCADE, related_name="+")
    to_user = models.ForeignKey("access.User", null=True, on_delete=models.CASCADE, related_name="+")
    about = models.ForeignKey("people.Person", null=True, on_delete=models.CASCADE, related_name="+")
    application_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.MAIL)
    direction = models.CharField(max_length=3, choices=Direction.choices, default=Direction.OUT)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    business_key = models.CharField(max_length=200, unique=True)
    message_id = models.CharField(max_length=255, unique=True)
    template_version = models.ForeignKey(TemplateVersion, null=True, on_delete=models.PROTECT, related_name="+")
    automatic = models.BooleanField()
    by = models.UUIDField(null=True)
    subject_sealed = models.BinaryField()
    body_sealed = models.BinaryField()
    language = models.CharField(max_length=10)
    queued_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField()
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True, default="")
    error_text = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_has_one_receiver",
                condition=Q(person__isnull=False, to_user__isnull=True) | Q(person__isnull=True, to_user__isnull=False),
            ),
            models.CheckConstraint(
                name="message_about_somebody_is_to_a_user", condition=Q(about__isnull=True) | Q(to_user__isnull=False)
            ),
            models.CheckConstraint(
                name="sent_message_says_when", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-queued_at", "-id"], name="message_of_person"),
            models.Index(fields=["application_id", "-queued_at"], name="message_of_application"),
            models.Index(
                fields=["next_try_at"], name="message_to_look_after", condition=Q(state__in=["queued", "sending"])
            ),
        ]


class Promise(BaseModel):
    """A date by which a person was told they hear from us, and whether they did.

    Personal data: that we owed the person an answer; goes with the person. `key` says which promise it is, so that it
    is made once. A broken promise stays broken; `kept_at` then says when the person heard from us after all.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Still owed")
        KEPT = "kept", _("Promise kept")
        BROKEN = "broken", _("Promise broken")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    application_id = models.UUIDField(null=True)
    what = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="promises")
    kept_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    key = models.CharField(max_length=200, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="kept_promise_says_when", condition=~Q(state="kept") | Q(kept_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="promise_open_by_due", condition=Q(state="open")),
            models.Index(fields=["person", "-made_at"], name="promise_of_person"),
            models.Index(fields=["application_id"], name="promise_of_application"),
        ]
