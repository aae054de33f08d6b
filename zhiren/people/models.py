"""The person for life, and what is personal about them."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.plumbing.models import BaseModel

_EMPLOYED = Func(
    "from_on",
    "to_on",
    RangeBoundary(inclusive_lower=True, inclusive_upper=True),
    function="daterange",
    output_field=DateRangeField(),
)


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
    # Whoever is the same person and stays, never somebody who was merged themselves. Only merges and undoing write it.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="nobody_is_merged_into_themselves")
        ]
        indexes = [
            models.Index(fields=["merged_into"], name="person_merged", condition=Q(merged_into__isnull=False)),
            GinIndex(fields=["name_grams"], name="person_name_grams"),
            GinIndex(fields=["tags"], name="person_tags"),
            GinIndex(fields=["skills"], name="person_skills"),
            models.Index(fields=["-created_at", "-id"], name="person_newest"),
            models.Index(fields=["id"], name="person_erased", condition=Q(erased_at__isnull=False)),
            models.Index(fields=["created_by"], name="person_by_creator", condition=Q(created_by__isnull=False)),
        ]

    @property
    def root(self) -> "Person":
        """The one under whom this person is shown: who stays of a merge, else the person. Lists select it along."""
        return self.merged_into or self


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
    """That a person agreed to one purpose, to which wording, until when if it ends, and whether they took it back.

    Personal data: the fact itself; kept as proof for three years after withdrawal.
    """

    class Purpose(models.TextChoices):
        APPLICATION = "application", _("Handling this application")
        TALENT_POOL = "talent_pool", _("Being kept in mind for other jobs")
        PAST_ATTENDANCE = "past_attendance", _("Looking at attendance at earlier employers")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    notice_version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    door = models.CharField(max_length=40)
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
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


class Correction(BaseModel):
    """What somebody said about one fact of a résumé: it is otherwise, is not there, is missing, or is right.

    It stands beside the reading, which it never changes, and holds when the file is read again. What was corrected is
    told in the clear only by codes, for the reader's own report.

    Personal data: `sealed` (what was read where, and what is right), with the person's key; it goes with the résumé.
    """

    class Act(models.TextChoices):
        CHANGE = "change", _("Changed")
        REMOVE = "remove", _("Not in the résumé")
        ADD = "add", _("Added")
        CONFIRM = "confirm", _("Confirmed")

    resume = models.ForeignKey(Resume, on_delete=models.CASCADE, related_name="corrections")
    act = models.CharField(max_length=10, choices=Act.choices)
    field = models.CharField(max_length=40)
    sealed = models.BinaryField()
    by = models.UUIDField(null=True)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    parser = models.CharField(max_length=20)
    rule = models.CharField(max_length=60, blank=True, default="")
    layout = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["resume", "at"], name="correction_standing", condition=Q(withdrawn_at__isnull=True)),
        ]


class RereadRun(BaseModel):
    """All résumés read again with a newer reader, one after another. Personal data: none but who asked."""

    by = models.UUIDField(null=True)
    started_at = models.DateTimeField()
    parser = models.CharField(max_length=20)
    total = models.PositiveIntegerField()
    read = models.PositiveIntegerField(default=0)
    reached = models.UUIDField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    taking_at = models.DateTimeField(null=True)
    taking_by = models.UUIDField(null=True)
    everything = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["-started_at"], name="reread_run_newest")]


class Rereading(BaseModel):
    """A newer reading of a résumé, until somebody has seen how it differs and takes it over.

    `changed` counts differences by field, in the clear: codes and numbers. Personal data: `reading_sealed`, with the
    person's key; it is emptied once it was taken over or put aside.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Being read")
        PROPOSED = "proposed", _("Differs")
        SAME = "same", _("No difference")
        UNREADABLE = "unreadable", _("Could not be read")
        TAKEN = "taken", _("Taken over")
        LEFT = "left", _("Left as it was")

    resume = models.ForeignKey(Resume, on_delete=models.CASCADE, related_name="rereadings")
    run = models.ForeignKey(RereadRun, null=True, on_delete=models.CASCADE, related_name="rereadings")
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    reading_sealed = models.BinaryField(default=b"")
    parser = models.CharField(max_length=20)
    problem = models.CharField(max_length=40, blank=True, default="")
    changed = models.JSONField(default=dict)
    unplaced = models.PositiveSmallIntegerField(default=0)
    asked_by = models.UUIDField(null=True)
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resume"], condition=Q(state__in=["waiting", "proposed"]), name="one_open_rereading"
            ),
            models.UniqueConstraint(fields=["run", "resume"], name="one_rereading_per_run"),
        ]
        indexes = [models.Index(fields=["run", "state", "id"], name="rereading_of_run")]


class ReadFacts(BaseModel):
    """How many facts one rule read for one field of one résumé, for the reader's own report.

    Personal data: none; codes and numbers. It goes with the résumé.
    """

    resume = models.ForeignKey(Resume, on_delete=models.CASCADE, related_name="read_facts")
    field = models.CharField(max_length=40)
    rule = models.CharField(max_length=60, blank=True, default="")
    layout = models.CharField(max_length=60, blank=True, default="")
    parser = models.CharField(max_length=20)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resume", "field", "rule"], name="read_facts_once")]


class PersonMerge(BaseModel):
    """That two records are one person: `person` is shown under `into` from now on. Nothing of either is rewritten.

    `filled_sealed` is what the person gave to the one who stays where that one had a gap, sealed with the person's key;
    `settled` is what the apps above did because of the merge, ids only. Undoing takes both back.
    Personal data: `filled_sealed`; goes with the person's key.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="merges")
    into = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="merges_in")
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    filled_sealed = models.BinaryField(default=bytes)
    settled = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(undone_at__isnull=True), name="merged_into_one_person_at_a_time"
            )
        ]


class MatchKey(models.Model):
    """A keyed hash of something that few people share (name and school, name and employer ...): finds who to compare.

    Personal data: hashes of it, useless without the key; goes with the person.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="match_keys")
    index = models.BinaryField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["index", "person"], name="match_key_once")]


class Compared(models.Model):
    """That a person was compared with the others, and by which edition of the rules. No personal data of its own."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="compared")
    edition = models.PositiveSmallIntegerField()
    at = models.DateTimeField()


class DuplicateSuggestion(BaseModel):
    """Two records that may be one person, and why. One row per pair, `first` the smaller id.

    `reasons` are codes with numbers. A dismissed pair stays dismissed until there is evidence it was not judged by.
    Personal data: that the two are alike; goes with either.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("a suggestion", "Open")
        MERGED = "merged", _("Merged")
        DISMISSED = "dismissed", _("Not the same")

    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="suggested_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="suggestion_in_order"),
        ]
        indexes = [
            models.Index(fields=["-score", "-id"], name="suggestion_open", condition=Q(state="open")),
            models.Index(fields=["second"], name="suggestion_of_second"),
        ]


class Employment(BaseModel):
    """That a legal entity employs a person, from a day to a day (both worked; open without the second).

    Department, position, place and manager are those of today; what they were and will be is in `Placement`.
    `worked_since` is since when they have worked at all, with whichever employers: law counts some rights from it;
    empty means since they are here. `user_id` is who signs in for it. `number` is the staff number, `badge` what
    devices know the person by; neither is ever two people's at a time.

    Personal data: all of it; kept for two years after the last day (Labour Contract Law, art. 50).
    """

    class EndReason(models.TextChoices):
        RESIGNED = "resigned", _("Resigned")
        AGREED = "agreed", _("By agreement")
        EXPIRED = "expired", _("Contract ran out")
        PROBATION = "probation", _("Probation not passed")
        DISMISSED = "dismissed", _("Dismissed")
        RETIRED = "retired", _("Retired")
        OTHER = "other", _("Other")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="employments")
    entity = models.ForeignKey("org.Entity", on_delete=models.PROTECT, related_name="employments")
    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="employments")
    position = models.ForeignKey(
        "org.Position", null=True, blank=True, on_delete=models.PROTECT, related_name="employments"
    )
    branch = models.ForeignKey(
        "org.Branch", null=True, blank=True, on_delete=models.PROTECT, related_name="employments"
    )
    manager = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    user_id = models.UUIDField(null=True)
    number = models.CharField(max_length=40, blank=True, default="")
    badge = models.CharField(max_length=40, blank=True, default="")
    from_on = models.DateField()
    worked_since = models.DateField(null=True)
    to_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=12, choices=EndReason.choices, blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")), name="employment_days_in_order"
            ),
            models.CheckConstraint(condition=~Q(manager=models.F("id")), name="nobody_manages_themselves"),
            ExclusionConstraint(
                name="employed_once_at_a_time",
                expressions=[("person", "="), ("entity", "="), (_EMPLOYED, "&&")],
            ),
            ExclusionConstraint(
                name="staff_number_of_one",
                expressions=[("number", "="), ("entity", "="), (_EMPLOYED, "&&")],
                condition=~Q(number=""),
            ),
            ExclusionConstraint(
                name="badge_of_one",
                expressions=[("badge", "="), ("entity", "="), (_EMPLOYED, "&&")],
                condition=~Q(badge=""),
            ),
        ]
        indexes = [
            models.Index(fields=["user_id"], name="employment_of_user", condition=Q(user_id__isnull=False)),
            models.Index(fields=["department", "from_on"], name="employment_of_department"),
        ]

    @property
    def zone(self) -> str:
        """The clock this person works by: their place's, else the entity's. Lists select both along."""
        return self.branch.zone if self.branch else self.entity.zone

    @property
    def region(self) -> str:
        """Whose holidays and law hold for this person: their place's, else the entity's. Lists select both along."""
        return self.branch.region if self.branch else self.entity.region

    def covers(self, day: date) -> bool:
        """Tell whether the person is employed on a day."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


class Placement(BaseModel):
    """Where an employment stands from a day on, until the next one: department, position, place, manager.

    `taken_at` is when the employment's own columns followed; a planned one has none. Personal data: goes with the
    employment.
    """

    employment = models.ForeignKey(Employment, on_delete=models.CASCADE, related_name="placements")
    from_on = models.DateField()
    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey("org.Position", null=True, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("org.Branch", null=True, on_delete=models.PROTECT, related_name="+")
    manager = models.ForeignKey(Employment, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["employment", "from_on"], name="placed_once_a_day")]
        indexes = [
            models.Index(fields=["from_on"], name="placement_planned", condition=Q(taken_at__isnull=True)),
            models.Index(fields=["manager", "from_on"], name="placement_of_team"),
        ]


class PastAttendance(BaseModel):
    """What attendance a person had somewhere before, as far as they agreed that it is looked at.

    It hangs on that consent and goes with it: withdrawn, run out, or erased. Rates are counts: `late` of `workdays`,
    `leaves` (each counted once, however long) in `months`, `steady` of `measured` days worked as long as planned.
    Personal data: all of it; `employer_sealed` with the person's key.
    """

    class Source(models.TextChoices):
        TOLD = "told", pgettext_lazy("source of past attendance", "Told by the candidate, with a document")
        EMPLOYER = "employer", pgettext_lazy("source of past attendance", "Told by the employer")
        OWN = "own", pgettext_lazy("source of past attendance", "Our own records")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="past_attendance")
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=10, choices=Source.choices)
    employment = models.ForeignKey("people.Employment", null=True, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, null=True, on_delete=models.SET_NULL, related_name="+")
    employer_sealed = models.BinaryField()
    from_on = models.DateField()
    to_on = models.DateField()
    workdays = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    leaves = models.PositiveIntegerField()
    leave_days = models.PositiveIntegerField()
    longest_streak = models.PositiveIntegerField()
    steady = models.PositiveIntegerField()
    measured = models.PositiveIntegerField()
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="past_attendance_adds_up",
                condition=Q(to_on__gte=models.F("from_on"), workdays__gt=0)
                & Q(late__lte=models.F("workdays"), leave_days__lte=models.F("workdays"))
                & Q(leaves__lte=models.F("leave_days"), longest_streak__lte=models.F("workdays"))
                & Q(steady__lte=models.F("measured"), measured__lte=models.F("workdays")),
            ),
            models.CheckConstraint(
                name="past_attendance_of_ones_own_records",
                condition=Q(source="own", employment__isnull=False) | (~Q(source="own") & Q(employment__isnull=True)),
            ),
            models.UniqueConstraint(
                fields=["employment"], condition=Q(employment__isnull=False), name="past_attendance_once_an_employment"
            ),
        ]
        indexes = [models.Index(fields=["person", "-to_on"], name="past_attendance_of_person")]
