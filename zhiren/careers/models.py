"""What the public pages must remember for a while."""

from django.db import models

from zhiren.plumbing.models import BaseModel


class Upload(BaseModel):
    """A résumé that was read to fill in the form, before the form was sent.

    Personal data: the document, and `read_sealed` (what was read, sealed with a key of the system's). Gone when the
    application is sent, else after a day, together with the document.
    """

    document = models.OneToOneField("people.Document", on_delete=models.CASCADE)
    read_sealed = models.BinaryField(null=True)
    problem = models.CharField(max_length=30, blank=True, default="")
    stored_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["stored_at"], name="careers_upload_oldest")]


class Knock(BaseModel):
    """That somebody sent something, for counting. Personal data: a network address's keyed hash, gone after an hour."""

    class Kind(models.TextChoices):
        APPLICATION = "application"
        UPLOAD = "upload"

    visitor = models.BinaryField(max_length=16)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["visitor", "kind", "at"], name="careers_knock_of_visitor"),
            models.Index(fields=["at"], name="careers_knock_oldest"),
        ]


class PageVisit(models.Model):
    """When a candidate's page was last said to be looked at. Personal data: that moment; goes with the application."""

    application = models.OneToOneField(
        "recruiting.Application", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    told_at = models.DateTimeField()
