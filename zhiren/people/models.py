"""The person for life, and what is personal about them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.models import BaseModel


class Person(BaseModel):
    """One human being, once: lead, candidate, employee, alumnus.

    Personal data: name, city, degree, years, headline, tags, skills in the clear (they are searched and listed); every
    other personal fact is sealed with the person's own key. Erasure empties the row and destroys the key.
    `name_grams` holds the name's single characters and pairs, and its pinyin, so that two characters are found fast.
    """

    class Degree(models.TextChoices):
        SECONDARY = "secondary", _("Secondary school")
        ASSOCIATE = "associate", _("Associate degree")
        BACHELOR = "bachelor", _("Bachelor")
        MASTER = "master", _("Master")
        DOCTOR = "doctor", _("Doctor")

    class Channel(models.TextChoices):
        MAIL = "mail", _("Mail")
        PHONE = "phone", _("Phone")
        WECHAT = "wechat", _("WeChat")
        SMS = "sms", _("Text message")

    name = models.CharField(max_length=200)
    name_grams = ArrayField(models.CharField(max_length=40), default=list)
    headline = models.CharField(max_length=300, blank=True, default="")
    city = models.CharField(max_length=100, blank=True, default="")
    degree = models.CharField(max_length=20, choices=Degree.choices, blank=True, default="")
    years = models.PositiveSmallIntegerField(null=True)
    skills = ArrayField(models.CharField(max_length=100), default=list)
    tags = ArrayField(models.CharField(max_length=60), default=list)
    language = models.CharField(max_length=10, default="zh-hans")
    zone = models.CharField(max_length=64, blank=True, default="")
    preferred_channel = models.CharField(max_length=10, choices=Channel.choices, blank=True, default="")
    preferred_hours = models.CharField(max_length=100, blank=True, default="")
    concerns = models.CharField(max_length=500, blank=True, default="")
    is_key = models.BooleanField(default=False)
    key_reason = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            GinIndex(fields=["name_grams"], name="person_name_grams"),
            GinIndex(fields=["tags"], name="person_tags"),
            GinIndex(fields=["skills"], name="person_skills"),
            models.Index(fields=["-created_at", "-id"], name="person_newest"),
            models.Index(fields=["id"], name="person_erased", condition=Q(erased_at__isnull=False)),
            models.Index(fields=["created_by"], name="person_by_creator", condition=Q(created_by__isnull=False)),
        ]


class PersonKey(models.Model):
    """The person's data key, wrapped by the master key. Destroying this row is the erasure of all that it sealed.

    Personal data: the key to all of it.
    """

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="key")
    wrapped = models.BinaryField()


class Contact(BaseModel):
    """A way to reach a person, or a number that identifies them.

    Personal data: `sealed`, with the person's key. `index` is a keyed hash for equality only: no two people share one.
    """

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        MAIL = "mail", _("Mail address")
        WECHAT = "wechat", _("WeChat")
        ID_NUMBER = "id_number", _("ID number")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    sealed = models.BinaryField()
    index = models.BinaryField(max_length=16)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "index"], name="contact_belongs_to_one_person")]
        indexes = [models.Index(fields=["person", "kind", "position"], name="contact_of_person")]


class Consent(BaseModel):
    """That a person agreed to one purpose, to which wording, and whether they took it back.

    Personal data: the fact itself; kept as proof for three years after withdrawal.
    """

    class Purpose(models.TextChoices):
        APPLICATION = "application", _("Handling this application")
        TALENT_POOL = "talent_pool", _("Being kept in mind for other jobs")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    notice_version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    door = models.CharField(max_length=40)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_valid_consent_per_purpose",
            )
        ]


class Document(BaseModel):
    """A file as it was received, kept for ever in its first form; the bytes lie sealed in the file store.

    Personal data: all of it. Sealed with a key of its own, which is wrapped by the person's key (`person_id` set) or,
    until it is known whose it is, by the master key. `digest` is keyed and finds the same file again.
    """

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=20, default="resume")
    name_sealed = models.BinaryField()
    key_wrapped = models.BinaryField()
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    digest = models.BinaryField(max_length=16)
    stored_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["digest"], name="document_digest"),
            models.Index(fields=["person", "-stored_at"], name="document_of_person"),
        ]


class Resume(BaseModel):
    """What was read from a résumé: every fact with the text it comes from, sealed with the person's key.

    Personal data: all of it.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="resumes")
    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="resume")
    parsed_sealed = models.BinaryField()
    parsed_at = models.DateTimeField()
    parser = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(fields=["person", "-parsed_at"], name="resume_newest")]


class Note(BaseModel):
    """What somebody wrote down about a person: a call, a thought. Personal data: the text, sealed with their key."""

    class Kind(models.TextChoices):
        NOTE = "note", _("Note")
        CALL = "call", _("Phone call")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NOTE)
    text_sealed = models.BinaryField()
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="note_of_person")]
