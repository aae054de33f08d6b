"""Every write of the public pages."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from django.db import connection, transaction

from zhiren.careers import queries, rules
from zhiren.careers.errors import ResumeTooLarge, TooManyApplications, TooManyUploads
from zhiren.careers.events import CandidatePageViewed
from zhiren.careers.models import Knock, PageVisit, Upload
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import TooMany
from zhiren.people import queries as people_queries
from zhiren.people import services as people
from zhiren.people.services import PersonFacts
from zhiren.plumbing import crypto
from zhiren.recruiting import intake
from zhiren.recruiting import rules as recruiting_rules
from zhiren.recruiting import services as recruiting
from zhiren.resumes import MAX_FILE_BYTES, VERSION, Resume, Unreadable
from zhiren.timeline.services import record

if TYPE_CHECKING:
    from zhiren.people.models import Document
    from zhiren.recruiting.models import Application

log = structlog.get_logger(__name__)

DOOR = "careers"
_FORGET_AT_ONCE = 200
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
    "txt": "text/plain",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
}
_WE = Actor.system(DOOR)


@dataclass(frozen=True)
class _Read:
    """A résumé and what came of reading it; `problem` is the reason's code where nothing could be read."""

    name: str
    data: bytes
    resume: Resume | None
    problem: str


def keep_upload(*, at: datetime, name: str, data: bytes, visitor: str = "") -> Upload:
    """Keep and read a résumé before its application is sent; what cannot be read is kept as well.

    `visitor` is the network address to count for; empty counts nobody. Takes up to 20 seconds.

    Raises:
        TooManyUploads: the address has had its share of this hour.
        ResumeTooLarge: nothing was kept.
    """
    _count(visitor, Knock.Kind.UPLOAD, at, most=rules.UPLOADS_PER_HOUR, refusal=TooManyUploads)
    read = _read(name, data)
    with transaction.atomic():
        document = people.store_document(at=at, data=data, name=name, media_type=_media_type(name))
        upload = Upload(document=document, problem=read.problem, stored_at=at)
        if read.resume:
            upload.read_sealed = queries.seal_reading(upload, read.resume)
        upload.save(force_insert=True)
    return upload


def apply(
    *,
    at: datetime,
    opening_slug: str,
    name: str,
    phone: str,
    mail: str,
    resume: tuple[str, bytes] | None = None,
    upload_id: UUID | None = None,
    language: str = "zh-hans",
    consents: Collection[str] = ("application",),
    visitor: str = "",
) -> "Application":
    """Take an application from the public: the person, their résumé, what they agreed to. All of it or nothing.

    The résumé comes as name and bytes, or as an upload that was kept before. An unreadable one is kept too and waits
    as a task. Whoever applies twice has one application; one they withdrew goes on. `visitor` as in `keep_upload`.

    Raises:
        NotFound: there is no such published opening.
        TooManyApplications: the address has had its share of this hour.
        ResumeTooLarge: nothing was kept.
    """
    opening = queries.published_opening(opening_slug)
    _count(visitor, Knock.Kind.APPLICATION, at, most=rules.APPLICATIONS_PER_HOUR, refusal=TooManyApplications)
    read = _read(*resume) if resume and upload_id is None else None
    with transaction.atomic():
        upload = queries.lock_upload(upload_id) if upload_id else None
        found = read.resume if read else queries.reading_of(upload) if upload else None
        facts = _facts(name, phone, mail, language, found, at)
        person, _known = people.add_or_find_person(
            actor=_WE, at=at, facts=facts, door=DOOR, region=opening.entity.region[:2]
        )
        for purpose in consents:
            people.give_consent(
                at=at,
                person_id=person.pk,
                purpose=purpose,
                notice_version=rules.NOTICE_VERSION,
                language=language,
                door=DOOR,
            )
        application, new = recruiting.receive_application(
            actor=_WE, at=at, person_id=person.pk, opening=opening, source=DOOR
        )
        if not new and queries.was_withdrawn(application):
            application = recruiting.reopen_application(actor=_WE, at=at, application_id=application.pk)
        if read:
            document = people.store_document(
                at=at, data=read.data, name=read.name, media_type=_media_type(read.name), person_id=person.pk
            )
            _keep(at, document, found, read.problem, application)
        elif upload:
            document = people.assign_document(document_id=upload.document_id, person_id=person.pk)
            _keep(at, document, found, upload.problem, application)
            upload.delete()
    return application


def _read(name: str, data: bytes) -> _Read:
    if len(data) > MAX_FILE_BYTES:
        raise ResumeTooLarge(limit=MAX_FILE_BYTES // 2**20)
    try:
        return _Read(name, data, people_queries.read_resume(data, name, pictures=False), "")
    except Unreadable as unreadable:
        log.info("resume_unreadable", reason=unreadable.reason.value, detail=unreadable.detail)
        return _Read(name, data, None, unreadable.reason.value)


def _facts(name: str, phone: str, mail: str, language: str, resume: Resume | None, at: datetime) -> PersonFacts:
    """Return what the applicant typed, and what the résumé adds to it. Contacts are only those they typed."""
    if resume is None:
        return PersonFacts(name=name, phones=[phone], mails=[mail], language=language)
    return PersonFacts(
        name=name,
        phones=[phone],
        mails=[mail],
        headline=recruiting_rules.headline(resume),
        city=resume.city.value if resume.city else "",
        degree=resume.degree.value if resume.degree else "",
        years=recruiting_rules.years_of_experience(resume, on=at.date()),
        skills=[skill.value for skill in resume.skills],
        language=language,
    )


def _keep(at: datetime, document: "Document", resume: Resume | None, problem: str, application: "Application") -> None:
    if resume is None:
        opening = application.opening
        intake.file_unreadable(at=at, opening=opening, document=document, problem=problem, application=application)
        return
    people.keep_resume(
        at=at,
        document=document,
        parsed_json=json.dumps(resume.to_json(), ensure_ascii=False),
        facts=recruiting_rules.facts_found(resume),
        parser=VERSION,
    )


def _media_type(name: str) -> str:
    """Return the type that a file's name claims, among those a résumé may have: never one that a browser would run."""
    return _MEDIA_TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def visitor_hash(visitor: str) -> bytes:
    """Return what is kept of a network address."""
    return crypto.mac("careers-visitor", visitor.encode())[:16]


@transaction.atomic
def _count(visitor: str, kind: str, at: datetime, *, most: int, refusal: type[TooMany]) -> None:
    """Count one more for a network address, or raise: exact however many processes count at once."""
    if not visitor:
        return
    who = visitor_hash(visitor)
    with connection.cursor() as cursor:  # whoever counts for this address waits for the one before
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(who[:8], "big", signed=True)])
    knocks = Knock.objects.filter(visitor=who, kind=kind, at__gt=at - rules.AN_HOUR).order_by("at")
    moments = list(knocks.values_list("at", flat=True))
    if len(moments) >= most:
        raise refusal(retry_after=int((moments[-most] + rules.AN_HOUR - at).total_seconds()) + 1)
    Knock.objects.create(visitor=who, kind=kind, at=at)


@transaction.atomic
def note_view(*, at: datetime, application_id: UUID) -> bool:
    """Record that the candidate looks at their page, unless that was said within the hour; return whether it was."""
    application = queries.candidates_application(application_id)
    visit, first = PageVisit.objects.select_for_update().get_or_create(
        application=application, defaults={"told_at": at}
    )
    if not first:
        if at - visit.told_at < rules.AN_HOUR:
            return False
        visit.told_at = at
        visit.save(update_fields=["told_at"])
    record(CandidatePageViewed(person_id=application.person_id, at=at, application_id=application.pk))
    return True


@transaction.atomic
def withdraw_application(*, at: datetime, application_id: UUID) -> "Application":
    """End an application because the candidate says so; one that has ended stays as it is."""
    application = queries.candidates_application(application_id)
    if application.state != application.State.ACTIVE:
        return application
    reason = queries.withdrawal_reason()
    return recruiting.exit_application(actor=_WE, at=at, application_id=application_id, reason_id=reason.pk)


@transaction.atomic
def withdraw_consent(*, at: datetime, application_id: UUID, purpose: str) -> None:
    """Take back what the candidate agreed to. Without the consent to handle applications none of theirs goes on."""
    application = queries.candidates_application(application_id)
    people.withdraw_consent(at=at, person_id=application.person_id, purpose=purpose)
    if purpose == "application":
        for other in queries.active_applications_of(application.person_id):
            withdraw_application(at=at, application_id=other)


def forget(at: datetime) -> int:
    """Destroy the résumés that were read but never sent, and the counts that no longer count; return how many files."""
    Knock.objects.filter(at__lte=at - rules.AN_HOUR).delete()
    stale = Upload.objects.filter(stored_at__lte=at - rules.UPLOAD_LIFE).order_by("stored_at")
    gone = 0
    for upload_id in list(stale.values_list("pk", flat=True)[:_FORGET_AT_ONCE]):
        with transaction.atomic():
            upload = Upload.objects.select_for_update(skip_locked=True).filter(pk=upload_id).first()
            if upload is None:
                continue
            document_id = upload.document_id
            upload.delete()
            people.discard_document(document_id=document_id)
            gone += 1
    return gone
