"""Mail accounts, and what came in through them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.plumbing.models import BaseModel


class MailAccount(BaseModel):
    """A mailbox that is read. `last_uid` is the last mail taken in, valid as long as `uid_validity` is.

    No personal data beyond the users'; the password, or what OAuth 2 needs instead (`oauth_sealed`: the client's secret
    and the refresh token), is sealed with a key of the system.
    `failing_since` is set while it cannot be read, `told_problem` once somebody was told why; `lag_seconds` is how long
    the last mail lay there before it was stored. `readers` file what comes in, besides those whose role reaches the
    entity.
    """

    class Tls(models.TextChoices):
        IMPLICIT = "tls", _("TLS from the first byte")
        STARTTLS = "starttls", _("STARTTLS")
        NONE = "none", _("None, on this machine only")

    class SignIn(models.TextChoices):
        PASSWORD = "password", _("Password")
        OAUTH2 = "oauth2", _("OAuth 2 (Microsoft 365, Google)")

    class After(models.TextChoices):
        SEEN = "seen", _("Mark as read")
        MOVE = "move", _("Move to another folder")
        LEAVE = "leave", _("Leave as it is")

    name = models.CharField(max_length=100)
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=993)
    tls = models.CharField(max_length=10, choices=Tls.choices, default=Tls.IMPLICIT)
    user = models.CharField(max_length=254)
    sign_in = models.CharField(max_length=10, choices=SignIn.choices, default=SignIn.PASSWORD, db_default="password")
    password_sealed = models.BinaryField(default=bytes)
    token_url = models.CharField(max_length=300, blank=True, default="", db_default="")
    client_id = models.CharField(max_length=200, blank=True, default="", db_default="")
    scope = models.CharField(max_length=500, blank=True, default="", db_default="")
    oauth_sealed = models.BinaryField(default=bytes, db_default=b"")
    folder = models.CharField(max_length=200, default="INBOX")
    after = models.CharField(max_length=10, choices=After.choices, default=After.SEEN)
    move_to = models.CharField(max_length=200, blank=True, default="")
    since = models.DateField()
    uses_idle = models.BooleanField(default=True)
    poll_minutes = models.PositiveSmallIntegerField(default=5)
    entity = models.ForeignKey("org.Entity", null=True, blank=True, on_delete=models.PROTECT)
    opening = models.ForeignKey("recruiting.Opening", null=True, blank=True, on_delete=models.PROTECT)
    readers = models.ManyToManyField("access.User", blank=True, related_name="read_mailboxes")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")

    uid_validity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(default=0)
    last_contact_at = models.DateTimeField(null=True)
    lag_seconds = models.PositiveIntegerField(null=True)
    behind = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=30, blank=True, default="")
    told_problem = models.CharField(max_length=30, blank=True, default="", db_default="")
    try_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host", "user", "folder"], name="mailbox_set_up_once"),
            models.CheckConstraint(condition=Q(port__gte=1, port__lte=65535), name="mailbox_port_in_range"),
            models.CheckConstraint(condition=Q(poll_minutes__gte=1), name="mailbox_waits_between_looks"),
            models.CheckConstraint(condition=~Q(after="move") | ~Q(move_to=""), name="mailbox_knows_where_to"),
        ]
        ordering = ["name", "id"]


class Mail(BaseModel):
    """One mail as it came. The whole of it is a document; what a list shows of it is in `summary_sealed`.

    Personal data: all of it. The summary (sender, subject, names of attachments) is sealed with a key of the system
    until it is known whose mail it is (`person`), then with the person's key, as the document is.
    `digest` is keyed and finds the same mail again. `marked_at` is when the server was told that it was dealt with.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        FILED = "filed", pgettext_lazy("a mail", "Filed")
        UNFILED = "unfiled", pgettext_lazy("a mail", "Not filed")
        ASIDE = "aside", pgettext_lazy("a mail", "Put aside")

    account = models.ForeignKey(MailAccount, on_delete=models.PROTECT, related_name="mails")
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    digest = models.BinaryField(max_length=16)
    document = models.OneToOneField("people.Document", null=True, on_delete=models.PROTECT, related_name="+")
    summary_sealed = models.BinaryField(default=bytes)
    size = models.PositiveBigIntegerField()
    received_at = models.DateTimeField()
    stored_at = models.DateTimeField()
    marked_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=30, blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="")
    board = models.CharField(max_length=30, blank=True, default="")
    attachments = models.PositiveIntegerField(default=0)
    opening = models.ForeignKey("recruiting.Opening", null=True, on_delete=models.PROTECT, related_name="+")
    intake = models.OneToOneField("recruiting.Intake", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.CASCADE, related_name="+")
    is_linked = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "uid_validity", "uid"], name="mail_taken_in_once"),
            models.CheckConstraint(
                condition=~Q(state="filed") | Q(opening__isnull=False), name="filed_mail_says_where"
            ),
            models.CheckConstraint(condition=~Q(state="unfiled") | ~Q(reason=""), name="unfiled_mail_says_why"),
        ]
        indexes = [
            models.Index(fields=["account", "digest"], name="mail_digest"),
            models.Index(fields=["state", "-received_at", "-id"], name="mail_newest"),
            models.Index(
                fields=["account", "uid_validity"],
                name="mail_unmarked",
                condition=Q(marked_at__isnull=True) & ~Q(state="waiting"),
            ),
            models.Index(fields=["id"], name="mail_to_link", condition=Q(state="filed", is_linked=False)),
        ]

    @property
    def source(self) -> str:
        """By which door its candidates come: "mail", or "mail:BOARD"."""
        return f"mail:{self.board}" if self.board else "mail"
