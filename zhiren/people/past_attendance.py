"""Every write to attendance at earlier employers: noted only as long as the person agrees, erased when they do not."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from zhiren.kernel.actors import Actor
from zhiren.people import past_queries, permissions, queries, rules, services
from zhiren.people.errors import (
    DISAGREEMENTS,
    ConsentEndsFirst,
    FiguresDisagree,
    NotAgreed,
    ProofMissing,
    ProofUnusable,
)
from zhiren.people.events import PastAttendanceNoted, PastAttendanceRemoved
from zhiren.people.models import Consent, Document, PastAttendance, Person
from zhiren.people.vault import open_vault
from zhiren.timeline.services import record

# The wording that is read to the person: a changed text is a new version.
NOTICE_VERSION = "2026-11-30"
_SIGNS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n": "image/png"}
_LARGEST = 10 * 1024 * 1024


@dataclass(frozen=True)
class Figures:
    """Attendance of a period in counts; see `PastAttendance`."""

    from_on: date
    to_on: date
    workdays: int
    late: int
    leaves: int
    leave_days: int
    longest_streak: int
    steady: int
    measured: int


@transaction.atomic
def note_consent(*, actor: Actor, at: datetime, person_id: UUID, door: str, language: str, until: date) -> Consent:
    """Note that somebody agreed to having attendance at earlier employers looked at, until the end of a day.

    Raises:
        ConsentEndsFirst: the day lies in the past, or too far ahead.
        NotFound: the person is not this actor's to see.
    """
    actor.require(permissions.VIEW_PAST_ATTENDANCE)
    person = queries.get_person(actor, person_id)
    expires_at = rules.end_of_day(until, zone=actor.zone) if rules.is_near(until, today=at.date()) else at
    if expires_at <= at:
        raise ConsentEndsFirst(months=rules.LONGEST_CONSENT_MONTHS)
    return services.give_consent(
        at=at, person_id=person.pk, purpose=Consent.Purpose.PAST_ATTENDANCE, notice_version=NOTICE_VERSION,
        language=language, door=door, expires_at=expires_at,
    )  # fmt: skip


@transaction.atomic
def take_consent_back(*, actor: Actor, at: datetime, person_id: UUID) -> None:
    """Note that somebody took that consent back; what was noted because of it is erased."""
    actor.require(permissions.VIEW_PAST_ATTENDANCE)
    person = queries.get_person(actor, person_id)
    services.withdraw_consent(at=at, person_id=person.pk, purpose=Consent.Purpose.PAST_ATTENDANCE)


@transaction.atomic
def note(
    *,
    actor: Actor,
    at: datetime,
    person_id: UUID,
    source: str,
    employer: str,
    figures: Figures,
    proof: tuple[str, bytes] | None = None,
    employment_id: UUID | None = None,
) -> PastAttendance:
    """Note attendance at an earlier employer; `proof` is the name and the bytes of a document that shows it.

    Raises:
        NotAgreed: there is no consent that holds.
        FiguresDisagree: the numbers cannot be together.
        ProofMissing, ProofUnusable: what the candidate tells needs a document somebody can look at.
        NotFound: the person is not this actor's to see.
    """
    actor.require(permissions.VIEW_PAST_ATTENDANCE)
    person = queries.get_person(actor, person_id)
    consent = _consent(person, at)
    if which := rules.disagreement(**asdict(figures), today=at.date()):
        raise FiguresDisagree(why=DISAGREEMENTS[which])
    if proof is None and source == PastAttendance.Source.TOLD:
        raise ProofMissing
    row = PastAttendance(
        person_id=consent.person_id,
        consent=consent,
        source=PastAttendance.Source(source),
        employment_id=employment_id,
        document=_kept(proof, consent.person_id, at) if proof else None,
        entered_at=at,
        entered_by=actor.user_id,
        **asdict(figures),
    )
    vault = open_vault(consent.person_id)
    row.employer_sealed = vault.seal(employer.strip()[:200], cell=past_queries.CELL, row=row.pk)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if employment_id is None:
            raise
        # somebody else has worked it out meanwhile
        return PastAttendance.objects.get(employment_id=employment_id)
    record(
        PastAttendanceNoted(
            person_id=row.person_id, at=at, by=actor.user_id, past_attendance_id=row.pk, source=row.source
        )
    )
    return row


def _consent(person: Person, at: datetime) -> Consent:
    found = past_queries.consent_of(person, at=at)
    consent = Consent.objects.select_for_update().filter(pk=found.pk, withdrawn_at=None).first() if found else None
    if consent is None:
        raise NotAgreed(name=person.name)
    return consent


def _kept(proof: tuple[str, bytes], person_id: UUID, at: datetime) -> Document:
    name, data = proof
    media_type = next((kind for sign, kind in _SIGNS.items() if data.startswith(sign)), None)
    if media_type is None or len(data) > _LARGEST:
        raise ProofUnusable
    return services.store_document(
        at=at, data=data, name=name, media_type=media_type, person_id=person_id, kind="attendance"
    )


@transaction.atomic
def remove(*, actor: Actor, at: datetime, past_attendance_id: UUID) -> UUID:
    """Remove what was noted, with its document; return whose it was. NotFound as ever."""
    actor.require(permissions.VIEW_PAST_ATTENDANCE)
    row = past_queries.get_past_attendance(actor, past_attendance_id, at=at)
    record(PastAttendanceRemoved(person_id=row.person_id, at=at, by=actor.user_id, past_attendance_id=row.pk))
    person_id = row.person_id
    services.erase_past_attendance(row)
    return person_id
