"""Résumés on their way in: keep each file first, read it, make a candidate of it, or a task that everybody sees."""

import json
import mimetypes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction

from zhiren import resumes
from zhiren.kernel.actors import Actor
from zhiren.people import queries as people_queries
from zhiren.people import services as people
from zhiren.people.errors import ContactMalformed, FileUnavailable
from zhiren.people.events import DocumentOpened
from zhiren.people.rules import normal_contact
from zhiren.people.services import PersonFacts
from zhiren.plumbing.models import one
from zhiren.recruiting import permissions, queries, rules, services
from zhiren.recruiting.errors import AlreadySettled, NameMissing, NothingUploaded, ReasonMissing, UploadTooLarge
from zhiren.recruiting.events import IntakeResumed, IntakeStopped, ResumeUnreadable, UnreadableSettled
from zhiren.recruiting.jobs import read_resume
from zhiren.recruiting.models import Application, Intake, IntakeFile, Opening
from zhiren.timeline.services import record

MOST_MEGABYTES = 200
# A problem of ours, beside those a file itself can have (`resumes.REASONS`).
FILE_MISSING = "file_missing"
CANCELLED = "cancelled"
NO_NAME = "no_name"


class Uploaded(Protocol):
    """A file as it arrives with a request; `size` is in bytes."""

    @property
    def size(self) -> int | None:
        """How many bytes it has."""

    def read(self) -> bytes:
        """Return the whole file."""


@dataclass(frozen=True)
class _Piece:
    """One file as it will be kept; `problem` is set when it is known already that it cannot be read."""

    name: str
    data: bytes | None
    problem: str = ""


@transaction.atomic
def start_intake(
    *,
    actor: Actor,
    at: datetime,
    opening_id: UUID,
    files: Iterable[tuple[str, bytes | Uploaded]],
    source: str = "upload",
) -> Intake:
    """Keep every file of an upload and have each read in the background; a ZIP counts as the files inside it.

    When this returns, each file is stored as it came. What could not be taken out of a ZIP is a task at once, and the
    ZIP itself is kept with it.

    Raises:
        NothingUploaded: there is no file, also not in the ZIP.
        UploadTooLarge: more than `MOST_MEGABYTES` altogether.
        NotFound: the opening is not this actor's to fill, or is closed.
    """
    opening = one(queries.openings_taking_candidates(actor).select_related("entity"), opening_id)
    uploads = list(files)
    total = sum(len(data) if isinstance(data, bytes) else data.size or 0 for _name, data in uploads)
    if total > MOST_MEGABYTES * 1_000_000:
        raise UploadTooLarge(limit=MOST_MEGABYTES)
    intake = Intake.objects.create(opening=opening, by_id=actor.user_id, source=source, started_at=at)
    if not _take(intake, uploads, position=0, at=at):
        raise NothingUploaded
    return intake


@transaction.atomic
def take_more(
    *,
    actor: Actor,
    at: datetime,
    opening_id: UUID,
    files: Iterable[tuple[str, bytes]],
    intake_id: UUID | None = None,
    source: str = "upload",
) -> tuple[Intake | None, list[IntakeFile], list[IntakeFile]]:
    """Keep those files, also inside a ZIP, whose bytes this opening has never been given; for what comes in portions.

    Returns the upload they were added to (`intake_id`, else a new one; None where there was nothing new), the rows that
    are new, and those of the files that were there before. Giving the same files again changes nothing.

    Raises:
        NotFound: the opening is not this actor's to fill, or is closed; the upload is not of this opening.
    """
    opening = one(queries.openings_taking_candidates(actor).select_related("entity"), opening_id)
    intake = one(opening.intakes.select_for_update(), intake_id) if intake_id else None
    new: list[IntakeFile] = []
    before: list[IntakeFile] = []
    for name, data in files:
        archive = None
        for piece in _pieces(name, data):
            content = data if piece.data is None else piece.data
            if known := _known(opening, content, problem=piece.problem if piece.data is None else ""):
                before.append(known)
                continue
            intake = intake or Intake.objects.create(opening=opening, by_id=actor.user_id, source=source, started_at=at)
            if piece.data is None and archive is None:
                archive = _keep(name, data, at)
            kept = archive if piece.data is None else None
            new.append(_add_file(intake, piece, position=intake.files.count() + 1, archive=kept, at=at))
    return intake, new, before


def _known(opening: Opening, data: bytes, *, problem: str) -> IntakeFile | None:
    """Return the row of the same bytes in the same opening, or of the same ZIP with the same problem."""
    digest = people.digest_of(data)
    rows = IntakeFile.objects.filter(intake__opening=opening)
    rows = rows.filter(archive__digest=digest, problem=problem) if problem else rows.filter(document__digest=digest)
    return rows.order_by("pk").first()


def _take(intake: Intake, uploads: Iterable[tuple[str, bytes | Uploaded]], *, position: int, at: datetime) -> int:
    """Add the files of an upload, those in a ZIP one by one, after `position`; return the last one's."""
    for name, upload in uploads:
        data = upload if isinstance(upload, bytes) else upload.read()
        archive = None
        for piece in _pieces(name, data):
            position += 1
            if piece.data is None and archive is None:
                archive = _keep(name, data, at)
            _add_file(intake, piece, position=position, archive=archive if piece.data is None else None, at=at)
    return position


@transaction.atomic
def stop_intake(*, actor: Actor, at: datetime, intake_id: UUID) -> int:
    """Stop the reading of an upload: what was not read yet stays kept, as tasks; return how many files that are.

    What is being read at this very moment becomes a candidate still, or waits too, whichever comes first.
    """
    actor.require(permissions.ADD_CANDIDATES)
    intake = queries.get_intake(actor, intake_id)
    waiting = intake.files.filter(state=IntakeFile.State.WAITING)
    count = waiting.update(state=IntakeFile.State.UNREADABLE, problem=CANCELLED)
    if count:
        record(
            IntakeStopped(
                person_id=None,
                at=at,
                by=actor.user_id,
                intake_id=intake.pk,
                opening_id=intake.opening_id,
                count=count,
            )
        )
    return count


@transaction.atomic
def resume_intake(*, actor: Actor, at: datetime, intake_id: UUID) -> int:
    """Let the reading of a stopped upload go on where it stopped; return how many files are read after all."""
    actor.require(permissions.ADD_CANDIDATES)
    intake = queries.get_intake(actor, intake_id)
    stopped = intake.files.filter(state=IntakeFile.State.UNREADABLE, problem=CANCELLED)
    ids = list(stopped.select_for_update().order_by("position").values_list("pk", flat=True))
    IntakeFile.objects.filter(pk__in=ids).update(state=IntakeFile.State.WAITING, problem="")
    for row_id in ids:
        read_resume.defer(intake_file_id=str(row_id))
    if ids:
        record(
            IntakeResumed(
                person_id=None,
                at=at,
                by=actor.user_id,
                intake_id=intake.pk,
                opening_id=intake.opening_id,
                count=len(ids),
            )
        )
    return len(ids)


def _pieces(name: str, data: bytes) -> Iterator[_Piece]:
    if not name.casefold().endswith(".zip"):
        yield _Piece(name, data)
        return
    try:
        for member in resumes.unpack(data):
            if isinstance(member, resumes.Member):
                yield _Piece(member.name, member.data)
            else:
                yield _Piece(member.name, None, member.reason.value)
    except resumes.Unreadable as error:
        yield _Piece(name, data, error.reason.value)


def _keep(name: str, data: bytes, at: datetime) -> Any:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return people.store_document(at=at, data=data, name=name, media_type=media_type)


def _add_file(intake: Intake, piece: _Piece, *, position: int, archive: Any, at: datetime) -> IntakeFile:
    row = IntakeFile(intake=intake, position=position, archive=archive)
    row.name_sealed = queries.seal_name(row.pk, piece.name)
    if piece.data is not None:
        row.document = _keep(piece.name, piece.data, at)
    if piece.problem:
        row.state, row.problem = IntakeFile.State.UNREADABLE, piece.problem
    row.save(force_insert=True)
    if piece.problem:
        _record_unreadable(row, at=at, by=intake.by_id)
    else:
        read_resume.defer(intake_file_id=str(row.pk))
    return row


def read_file(*, at: datetime, intake_file_id: UUID) -> None:
    """Read one kept file and make a candidate of it, or a task. Safe to run twice; a file dealt with stays as it is.

    Reading happens outside the transaction, in a process of its own.
    """
    row = IntakeFile.objects.select_related("intake__opening__entity", "document").get(pk=intake_file_id)
    document = row.document
    if row.state != IntakeFile.State.WAITING or document is None:
        return
    outcome: resumes.Resume | str
    try:
        name = queries.file_name(row)
        outcome = people_queries.read_resume(people_queries.document_bytes(document), name)
    except resumes.Unreadable as error:
        outcome = error.reason.value
    except FileUnavailable:
        outcome = FILE_MISSING
    with transaction.atomic():
        row = queries.lock_intake_file(intake_file_id)
        if row.state != IntakeFile.State.WAITING:
            return
        queries.lock_same_file(row)
        if known := queries.application_of_same_file(row):
            _finish(row, known, was_known=True)
        elif isinstance(outcome, str):
            row.state, row.problem = IntakeFile.State.UNREADABLE, outcome
            row.save(update_fields=["state", "problem"])
            _record_unreadable(row, at=at, by=row.intake.by_id)
        elif row.application:
            _add_reading(row, row.application, document, outcome, name=name, at=at)
        else:
            _make_candidate(row, document, outcome, name=name, at=at)


def _facts_of(resume: resumes.Resume, opening: Opening, *, name: str, at: datetime) -> PersonFacts:
    return PersonFacts(
        name=resume.name.value if resume.name else rules.provisional_name(name),
        phones=[fact.value for fact in resume.phones],
        mails=[fact.value for fact in resume.mails],
        headline=rules.headline(resume),
        city=resume.city.value if resume.city else "",
        degree=resume.degree.value if resume.degree else "",
        years=rules.years_of_experience(resume, on=at.astimezone(queries.zone_of(opening)).date()),
        skills=[fact.value for fact in resume.skills],
        language="en" if resume.language == "en" else "zh-hans",
    )


def _add_reading(
    row: IntakeFile, application: Application, document: Any, resume: resumes.Resume, *, name: str, at: datetime
) -> None:
    """Keep what was read late, from a picture, of a candidate who is there already."""
    facts = _facts_of(resume, row.intake.opening, name=name, at=at)
    people.add_facts(actor=_uploader(row.intake), at=at, person_id=application.person_id, facts=facts)
    _keep_reading(document, resume, person_id=application.person_id, at=at)
    _finish(row, application, was_known=True)


def _keep_reading(document: Any, resume: resumes.Resume, *, person_id: UUID, at: datetime) -> None:
    people.keep_resume(
        at=at,
        document=people.assign_document(document_id=document.pk, person_id=person_id),
        parsed_json=json.dumps(resume.to_json(), ensure_ascii=False),
        facts=rules.facts_found(resume),
        parser=resumes.VERSION,
    )


def _make_candidate(row: IntakeFile, document: Any, resume: resumes.Resume, *, name: str, at: datetime) -> None:
    intake = row.intake
    opening = intake.opening
    facts = _facts_of(resume, opening, name=name, at=at)
    actor = _uploader(intake)
    person, is_new = people.add_or_find_person(
        actor=actor, at=intake.started_at, facts=facts, door=intake.source, region=opening.entity.region[:2]
    )
    _keep_reading(document, resume, person_id=person.pk, at=at)
    application, _new = services.receive_application(
        actor=actor, at=intake.started_at, person_id=person.pk, opening=opening, source=intake.source
    )
    row.hint = NO_NAME if is_new and not resume.name else ""
    _finish(row, application, was_known=not is_new)


def _finish(row: IntakeFile, application: Application, *, was_known: bool) -> None:
    if row.document_id:
        people.assign_document(document_id=row.document_id, person_id=application.person_id)
    row.application, row.was_known, row.state = application, was_known, IntakeFile.State.DONE
    row.problem, row.name_sealed = "", b""
    row.save(update_fields=["application", "was_known", "state", "problem", "hint", "name_sealed"])


def _uploader(intake: Intake) -> Actor:
    """Return whoever uploaded, for the record; it was checked at the upload what they may do."""
    return Actor(user_id=intake.by_id, label="intake") if intake.by_id else Actor.system("intake")


def _record_unreadable(row: IntakeFile, *, at: datetime, by: UUID | None) -> None:
    person_id = row.application.person_id if row.application else None
    record(
        ResumeUnreadable(
            person_id=person_id,
            at=at,
            by=by,
            intake_file_id=row.pk,
            opening_id=row.intake.opening_id,
            problem=row.problem,
        )
    )


@transaction.atomic
def file_unreadable(
    *,
    at: datetime,
    opening: Opening,
    document: Any,
    problem: str,
    application: Application | None = None,
    actor: Actor | None = None,
    source: str = "careers",
) -> IntakeFile:
    """Make a task of a kept file that another door could not read; `problem` is a code of `resumes.Reason`.

    A picture, for which nobody at that door could wait, is read in the background first where that is possible.

    Telling it twice about the same document makes one task.
    """
    known = IntakeFile.objects.filter(document=document).first()
    if known:
        return known
    by = actor.user_id if actor else None
    intake = Intake.objects.create(opening=opening, by_id=by, source=source, started_at=at)
    row = IntakeFile(intake=intake, position=1, document=document, application=application)
    row.name_sealed = queries.seal_name(row.pk, people_queries.document_name(document))
    if application and problem == resumes.Reason.NO_TEXT and resumes.ocr_is_available():
        row.save(force_insert=True)
        read_resume.defer(intake_file_id=str(row.pk))
        return row
    row.state, row.problem = IntakeFile.State.UNREADABLE, problem
    row.save(force_insert=True)
    _record_unreadable(row, at=at, by=by)
    return row


@transaction.atomic
def settle_unreadable(
    *,
    actor: Actor,
    at: datetime,
    intake_file_id: UUID,
    name: str,
    phones: Sequence[str] = (),
    mails: Sequence[str] = (),
) -> Application:
    """Make a candidate of a file by hand: name and contacts as somebody read them, with the original attached.

    Where the candidate is known already (they applied themselves), what is given here only fills gaps.

    Raises:
        AlreadySettled: the task was done before.
        NameMissing: no name was given for somebody new.
        ContactMalformed: a phone number or address is none.
    """
    row = _open_task(actor, intake_file_id)
    opening = row.intake.opening
    region = opening.entity.region[:2]
    name = " ".join(name.split()) or (row.application.person.root.name if row.application else "")
    if not name:
        raise NameMissing
    _check_contacts(phones, mails, region)
    application = row.application
    if application is None:
        facts = PersonFacts(name=name, phones=list(phones), mails=list(mails))
        person, _new = people.add_or_find_person(actor=actor, at=at, facts=facts, door=row.intake.source, region=region)
        application, _new = services.receive_application(
            actor=actor, at=at, person_id=person.pk, opening=opening, source=row.intake.source
        )
    if row.document_id:
        people.assign_document(document_id=row.document_id, person_id=application.person_id)
    row.application = application
    _settle(row, actor=actor, at=at, how="by_hand")
    return application


@transaction.atomic
def dismiss_unreadable(*, actor: Actor, at: datetime, intake_file_id: UUID, reason: str) -> IntakeFile:
    """Put a file aside that is nobody's résumé; the original stays kept.

    Raises:
        AlreadySettled: the task was done before.
        ReasonMissing: no reason was given.
    """
    row = _open_task(actor, intake_file_id)
    row.dismissed_because = " ".join(reason.split())[:200]
    if not row.dismissed_because:
        raise ReasonMissing
    _settle(row, actor=actor, at=at, how="dismissed")
    return row


@transaction.atomic
def add_by_hand(
    *, actor: Actor, at: datetime, opening_id: UUID, name: str, phones: Sequence[str] = (), mails: Sequence[str] = ()
) -> Application:
    """Make a candidate of somebody without a résumé; who is known already is found by their contacts.

    Raises:
        NameMissing: no name was given.
        ContactMalformed: a phone number or address is none.
        NotFound: the opening is not this actor's to fill, or is closed.
    """
    opening = one(queries.openings_taking_candidates(actor).select_related("entity", "branch"), opening_id)
    region = opening.entity.region[:2]
    if not name.strip():
        raise NameMissing
    _check_contacts(phones, mails, region)
    facts = PersonFacts(name=name, phones=list(phones), mails=list(mails))
    person, _new = people.add_or_find_person(actor=actor, at=at, facts=facts, door="by_hand", region=region)
    return services.receive_application(actor=actor, at=at, person_id=person.pk, opening=opening, source="by_hand")[0]


@transaction.atomic
def open_original(*, actor: Actor, at: datetime, intake_file_id: UUID) -> tuple[str, bytes]:
    """Return the name and the bytes of a file that waits to be dealt with; that it was opened is on the record."""
    actor.require(permissions.ADD_CANDIDATES)
    row = queries.get_intake_file(actor, intake_file_id)
    document = row.document or row.archive
    if document is None:
        raise FileUnavailable
    record(DocumentOpened(person_id=document.person_id, at=at, by=actor.user_id, document_id=document.pk))
    return people_queries.document_name(document), people_queries.document_bytes(document)


def _check_contacts(phones: Sequence[str], mails: Sequence[str], region: str) -> None:
    for kind, values in (("phone", phones), ("mail", mails)):
        for value in values:
            if normal_contact(kind, value, region=region) is None:
                raise ContactMalformed(value=value[:60])


def _open_task(actor: Actor, intake_file_id: UUID) -> IntakeFile:
    actor.require(permissions.ADD_CANDIDATES)
    queries.get_intake_file(actor, intake_file_id)
    row = queries.lock_intake_file(intake_file_id)
    if row.state != IntakeFile.State.UNREADABLE:
        raise AlreadySettled
    return row


def _settle(row: IntakeFile, *, actor: Actor, at: datetime, how: str) -> None:
    row.state, row.settled_at, row.settled_by_id, row.name_sealed = IntakeFile.State.SETTLED, at, actor.user_id, b""
    row.save(update_fields=["application", "state", "settled_at", "settled_by", "dismissed_because", "name_sealed"])
    person_id = row.application.person_id if row.application else None
    record(
        UnreadableSettled(
            person_id=person_id,
            at=at,
            by=actor.user_id,
            intake_file_id=row.pk,
            opening_id=row.intake.opening_id,
            how=how,
        )
    )


def forget_hint(*, person_id: UUID) -> None:
    """Take the mark away that a person's name was only guessed."""
    IntakeFile.objects.filter(application__person_id=person_id, hint=NO_NAME).update(hint="")
