"""What happened to a person's record."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from zhiren.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonAdded(Event):
    """Somebody became known to us. `door` says how: upload, careers, by hand."""

    name = "people.person.added"
    door: str


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Event):
    """Facts about the person were corrected; `fields` names them, not their values."""

    name = "people.person.changed"
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ContactRevealed(Event):
    """Somebody looked at a contact in the clear."""

    name = "people.contact.revealed"
    contact_id: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class NoteWritten(Event):
    """Somebody wrote something down; a call counts as contact with the person."""

    name = "people.note.written"
    note_id: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Event):
    """The person agreed to a purpose."""

    name = "people.consent.given"
    consent_id: UUID
    purpose: str


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    """The person took their consent back."""

    name = "people.consent.withdrawn"
    consent_id: UUID
    purpose: str


@dataclass(frozen=True, kw_only=True)
class KeyCandidateMarked(Event):
    """The person was marked as one to take special care of, or no longer."""

    name = "people.person.key_marked"
    is_key: bool


@dataclass(frozen=True, kw_only=True)
class ResumeParsed(Event):
    """A résumé was read; `facts` is how many facts were found."""

    name = "people.resume.parsed"
    document_id: UUID
    facts: int


@dataclass(frozen=True, kw_only=True)
class DocumentOpened(Event):
    """Somebody opened an original file."""

    name = "people.document.opened"
    document_id: UUID


@dataclass(frozen=True, kw_only=True)
class ResumeCorrected(Event):
    """Somebody said what is right about one fact of a résumé; `act` is change, remove, add or confirm."""

    name = "people.resume.corrected"
    document_id: UUID
    correction_id: UUID
    act: str
    field: str


@dataclass(frozen=True, kw_only=True)
class CorrectionWithdrawn(Event):
    """A correction was taken back: the résumé says again what was read."""

    name = "people.resume.correction_withdrawn"
    document_id: UUID
    correction_id: UUID
    field: str


@dataclass(frozen=True, kw_only=True)
class ResumeReread(Event):
    """A newer reading of a résumé was taken over; `changed` is how many differences it made."""

    name = "people.resume.reread"
    document_id: UUID
    changed: int


@dataclass(frozen=True, kw_only=True)
class PersonsMerged(Event):
    """Two records became one person. Told on both: `stays` says whether this one is shown from now on."""

    name = "people.person.merged"
    merge_id: UUID
    other_id: UUID
    stays: bool


@dataclass(frozen=True, kw_only=True)
class MergeUndone(Event):
    """A merge was taken back. Told on both records; `stays` says which of the two had stayed."""

    name = "people.person.merge_undone"
    merge_id: UUID
    other_id: UUID
    stays: bool


@dataclass(frozen=True, kw_only=True)
class RecordErased(Event):
    """All that identified somebody in this record was destroyed; a person of several records has as many of these."""

    name = "people.record.erased"


@dataclass(frozen=True, kw_only=True)
class PersonEmployed(Event):
    """A legal entity employs the person. `on` is the first day, `at` when it was noted."""

    name = "people.employment.begun"
    employment_id: UUID
    on: date


@dataclass(frozen=True, kw_only=True)
class EmploymentTransferred(Event):
    """Department, position, place or manager are others from `on` on, which may lie ahead; `fields` names which."""

    name = "people.employment.transferred"
    employment_id: UUID
    on: date
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EmploymentIdentified(Event):
    """Staff number or badge were corrected; `fields` names which."""

    name = "people.employment.identified"
    employment_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EmploymentEnded(Event):
    """The employment's last day is set, or set anew: `on` is the last day worked, which may lie ahead."""

    name = "people.employment.ended"
    employment_id: UUID
    on: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class PastAttendanceNoted(Event):
    """Attendance of the person at an earlier employer was written down; they agreed to it."""

    name = "people.past_attendance.noted"
    past_attendance_id: UUID
    source: str


@dataclass(frozen=True, kw_only=True)
class PastAttendanceRemoved(Event):
    """Somebody removed it again."""

    name = "people.past_attendance.removed"
    past_attendance_id: UUID
