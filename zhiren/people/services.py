"""Every write to persons."""

import functools
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from zhiren import resumes
from zhiren.kernel.actors import Actor
from zhiren.kernel.ids import new_id
from zhiren.kernel.refusals import NotFound
from zhiren.people import files, names, permissions, queries
from zhiren.people.errors import ContactMalformed, ContactTaken, PageUnavailable
from zhiren.people.events import (
    ConsentGiven,
    ConsentWithdrawn,
    ContactRevealed,
    DocumentOpened,
    KeyCandidateMarked,
    NoteWritten,
    PersonAdded,
    PersonChanged,
    ResumeParsed,
)
from zhiren.people.models import Consent, Contact, Document, Note, PastAttendance, Person, Resume
from zhiren.people.resume_rereading import count_read
from zhiren.people.rules import normal_contact
from zhiren.people.vault import Vault, make_vault, open_vault
from zhiren.plumbing import crypto
from zhiren.plumbing.models import one
from zhiren.timeline import queries as timeline
from zhiren.timeline.services import record

# What may be corrected by hand, and how long it may be.
_EDITABLE = {
    "name": 200, "headline": 300, "city": 100, "degree": 20, "preferred_channel": 10, "preferred_hours": 100,
    "concerns": 500, "zone": 64, "language": 10,
}  # fmt: skip


# Whoever comes in here may say they are anybody: what they type does not become a known person's address.
_UNCONFIRMED_DOORS = frozenset({"careers"})
_ONE_LOOK = timedelta(minutes=30)


@dataclass(frozen=True)
class PersonFacts:
    """What is known of somebody when they are first met; only the name must be there."""

    name: str
    phones: Sequence[str] = ()
    mails: Sequence[str] = ()
    headline: str = ""
    city: str = ""
    degree: str = ""
    years: int | None = None
    skills: Sequence[str] = field(default=())
    language: str = "zh-hans"


@transaction.atomic
def add_or_find_person(
    *, actor: Actor, at: datetime, facts: PersonFacts, door: str, region: str = "CN"
) -> tuple[Person, bool]:
    """Return the person these facts belong to and whether they are new.

    Whoever has one of the phone numbers or addresses already is that person: their gaps are filled, nothing of theirs
    is overwritten. Two uploads at once create one person: the contact's unique index decides, the loser finds.
    """
    known = _find(facts, region)
    if known is None:
        try:
            with transaction.atomic():
                return _add(actor=actor, at=at, facts=facts, door=door, region=region), True
        except IntegrityError:
            known = _find(facts, region)
            if known is None:
                raise
    _fill_gaps(known, facts, actor=actor, at=at)
    if door in _UNCONFIRMED_DOORS:
        _note_new_contacts(known, facts, at=at, region=region)
    else:
        new = _new_contacts(facts, region)
        _add_contacts(open_vault(known.pk), new, unless_taken=True)
    return known, False


def _find(facts: PersonFacts, region: str) -> Person | None:
    for kind, values in (("phone", facts.phones), ("mail", facts.mails)):
        for value in values:
            if found := queries.person_with_contact(kind, value, region=region):
                return found
    return None


def _add(*, actor: Actor, at: datetime, facts: PersonFacts, door: str, region: str) -> Person:
    name = _clean(facts.name)[:200]
    person = Person.objects.create(
        name=name,
        name_grams=names.grams(name),
        headline=_clean(facts.headline)[:300],
        city=_clean(facts.city)[:100],
        degree=facts.degree,
        years=facts.years,
        skills=[_clean(skill)[:100] for skill in facts.skills][:80],
        language=facts.language,
        created_at=at,
        created_by=actor.user_id,
    )
    # All of them, also one that somebody may have got meanwhile: then the unique index refuses this second person.
    _add_contacts(make_vault(person.pk), _contacts_of(facts, region))
    record(PersonAdded(person_id=person.pk, at=at, by=actor.user_id, door=door))
    return person


def _add_contacts(vault: Vault, contacts: Iterable[tuple[str, str]], *, unless_taken: bool = False) -> None:
    """Give somebody contacts; one that another got meanwhile raises, or is left out with `unless_taken`."""
    positions = Counter(Contact.objects.filter(person_id=vault.person_id).values_list("kind", flat=True))
    rows = []
    for kind, value in contacts:
        contact = Contact(
            person_id=vault.person_id, kind=kind, position=positions[kind], index=crypto.blind_index(kind, value)
        )
        contact.sealed = vault.seal(value, cell="people_contact|sealed", row=contact.pk)
        rows.append(contact)
        positions[kind] += 1
    Contact.objects.bulk_create(rows, ignore_conflicts=unless_taken)


def _contacts_of(facts: PersonFacts, region: str) -> list[tuple[str, str]]:
    """Return the well-formed contacts among what was given, each once."""
    given = [(Contact.Kind.PHONE, phone) for phone in facts.phones] + [
        (Contact.Kind.MAIL, mail) for mail in facts.mails
    ]
    return list(
        dict.fromkeys((kind, value) for kind, text in given if (value := normal_contact(kind, text, region=region)))
    )


def _new_contacts(facts: PersonFacts, region: str) -> list[tuple[str, str]]:
    """Return the contacts that nobody has yet."""
    return [
        (kind, value)
        for kind, value in _contacts_of(facts, region)
        if not Contact.objects.filter(kind=kind, index=crypto.blind_index(kind, value)).exists()
    ]


def _note_new_contacts(person: Person, facts: PersonFacts, *, at: datetime, region: str) -> None:
    """Write down the contacts somebody typed into a public form as this person's: a stranger may have typed them."""
    new = [value for _kind, value in _new_contacts(facts, region)]
    if new:
        text = gettext("Another contact was given on the application form: %(contacts)s. Add it once it is confirmed.")
        note = Note(person=person, kind=Note.Kind.NOTE, at=at)
        words = text % {"contacts": ", ".join(new)}
        note.text_sealed = open_vault(person.pk).seal(words, cell="people_note|text_sealed", row=note.pk)
        note.save(force_insert=True)
        record(NoteWritten(person_id=person.pk, at=at, note_id=note.pk, kind=note.kind))


@transaction.atomic
def add_facts(*, actor: Actor, at: datetime, person_id: UUID, facts: PersonFacts) -> None:
    """Fill the gaps of somebody known with what a file of theirs says; nothing of theirs is overwritten."""
    _fill_gaps(Person.objects.select_for_update().get(pk=person_id), facts, actor=actor, at=at)


def _fill_gaps(person: Person, facts: PersonFacts, *, actor: Actor, at: datetime) -> None:
    filled: dict[str, Any] = {
        name: value
        for name, value in (
            ("headline", facts.headline),
            ("city", facts.city),
            ("degree", facts.degree),
            ("years", facts.years),
        )
        if value and not getattr(person, name)
    }
    more = [skill for skill in facts.skills if skill not in person.skills]
    if more:
        filled["skills"] = [*person.skills, *more][:80]
    for name, value in filled.items():
        setattr(person, name, value)
    if filled:
        person.save(update_fields=list(filled))
    if filled:
        record(PersonChanged(person_id=person.pk, at=at, by=actor.user_id, fields=tuple(sorted(filled))))


def _clean(text: str) -> str:
    """Return text without control characters (a NUL byte would be refused by the database) and stray space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


@transaction.atomic
def change_person(
    *, actor: Actor, at: datetime, person_id: UUID, changes: dict[str, str], tags: Sequence[str] | None = None
) -> Person:
    """Correct what is known of a person by hand; with `tags`, give them exactly these."""
    actor.require(permissions.EDIT)
    person = queries.get_person(actor, person_id)
    new: dict[str, Any] = {
        name: _clean(value)[: _EDITABLE[name]] for name, value in changes.items() if name in _EDITABLE
    }
    if tags is not None:
        new["tags"] = list(dict.fromkeys(filter(None, (_clean(tag)[:60] for tag in tags))))[:50]
    if not new.get("name", person.name):
        del new["name"]
    changed = [name for name, value in new.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, new[name])
    if changed:
        person.name_grams = names.grams(person.name)
        person.save(update_fields=[*changed, "name_grams"])
        record(PersonChanged(person_id=person.pk, at=at, by=actor.user_id, fields=tuple(sorted(changed))))
    return person


@transaction.atomic
def add_contact(*, actor: Actor, at: datetime, person_id: UUID, kind: str, value: str) -> Contact:
    """Add a phone number or an address by hand.

    Raises:
        ContactMalformed: it is none.
        ContactTaken: it belongs to somebody else.
    """
    actor.require(permissions.EDIT)
    person = queries.get_person(actor, person_id)
    normal = normal_contact(kind, value)
    if normal is None:
        raise ContactMalformed(value=value[:60])
    contact = Contact(
        person=person,
        kind=kind,
        position=person.contacts.filter(kind=kind).count(),
        index=crypto.blind_index(kind, normal),
    )
    contact.sealed = open_vault(person.pk).seal(normal, cell="people_contact|sealed", row=contact.pk)
    try:
        with transaction.atomic():
            contact.save(force_insert=True)
    except IntegrityError as error:
        raise ContactTaken from error
    record(PersonChanged(person_id=person.pk, at=at, by=actor.user_id, fields=(kind,)))
    return contact


@transaction.atomic
def reveal_contact(*, actor: Actor, at: datetime, person_id: UUID, contact_id: UUID) -> str:
    """Return a contact in the clear; that it was looked at is on the record."""
    actor.require(permissions.REVEAL)
    person = queries.get_person(actor, person_id)
    contact = one(Contact.objects.filter(person_id__in=queries.same_person_ids(person.pk)), contact_id)
    record(ContactRevealed(person_id=person.pk, at=at, by=actor.user_id, contact_id=contact.pk, kind=contact.kind))
    return queries.open_contact(open_vault(contact.person_id), contact)


@transaction.atomic
def write_note(*, actor: Actor, at: datetime, person_id: UUID, text: str, kind: str = Note.Kind.NOTE) -> Note:
    """Write something down about a person, or that and what was talked on the phone."""
    actor.require(permissions.EDIT)
    person = queries.get_person(actor, person_id)
    note = Note(person=person, kind=kind, by=actor.user_id, at=at)
    note.text_sealed = open_vault(person.pk).seal(text.strip()[:10_000], cell="people_note|text_sealed", row=note.pk)
    note.save(force_insert=True)
    record(NoteWritten(person_id=person.pk, at=at, by=actor.user_id, note_id=note.pk, kind=kind))
    return note


@transaction.atomic
def mark_key(*, actor: Actor, at: datetime, person_id: UUID, is_key: bool, reason: str = "") -> Person:
    """Mark a person as one to take special care of, or take the mark away."""
    actor.require(permissions.EDIT)
    person = queries.get_person(actor, person_id)
    if person.is_key != is_key:
        person.is_key, person.key_reason = is_key, reason[:200]
        person.save(update_fields=["is_key", "key_reason"])
        record(KeyCandidateMarked(person_id=person.pk, at=at, by=actor.user_id, is_key=is_key))
    return person


@transaction.atomic
def give_consent(
    *,
    at: datetime,
    person_id: UUID,
    purpose: str,
    notice_version: str,
    language: str,
    door: str,
    expires_at: datetime | None = None,
) -> Consent:
    """Note that a person agreed. Agreeing again to what one has agreed to changes nothing, until it has run out."""
    run_out = Consent.objects.filter(person_id=person_id, purpose=purpose, withdrawn_at=None, expires_at__lte=at)
    for before in run_out:
        _end_consent(before, at=before.expires_at or at)
    consent, new = Consent.objects.get_or_create(
        person_id=person_id,
        purpose=purpose,
        withdrawn_at=None,
        defaults={
            "notice_version": notice_version,
            "language": language,
            "door": door,
            "given_at": at,
            "expires_at": expires_at,
        },
    )
    if new:
        record(ConsentGiven(person_id=person_id, at=at, consent_id=consent.pk, purpose=purpose))
    return consent


def _end_consent(consent: Consent, *, at: datetime) -> None:
    """Let a consent hold no more, and erase what was kept only because of it."""
    consent.withdrawn_at = at
    consent.save(update_fields=["withdrawn_at"])
    for row in PastAttendance.objects.filter(consent=consent).select_related("document"):
        erase_past_attendance(row)


def erase_past_attendance(row: PastAttendance) -> None:
    """Erase what was noted of past attendance with the document that shows it."""
    row.delete()
    if row.document_id:
        Document.objects.filter(pk=row.document_id).delete()
        transaction.on_commit(functools.partial(files.remove, row.document_id))


@transaction.atomic
def forget_run_out(*, at: datetime) -> int:
    """Erase what was kept because of consents that have run out; return how many that were."""
    rows = Consent.objects.select_for_update().filter(withdrawn_at=None, expires_at__lte=at)
    consents = list(rows.order_by("expires_at")[:1000])
    for consent in consents:
        _end_consent(consent, at=consent.expires_at or at)
    return len(consents)


@transaction.atomic
def withdraw_consent(*, at: datetime, person_id: UUID, purpose: str) -> None:
    """Note that a person took their consent back, under whichever of their records they gave it."""
    for consent in Consent.objects.select_for_update().filter(
        person_id__in=queries.same_person_ids(person_id), purpose=purpose, withdrawn_at__isnull=True
    ):
        _end_consent(consent, at=at)
        record(ConsentWithdrawn(person_id=consent.person_id, at=at, consent_id=consent.pk, purpose=purpose))


def digest_of(data: bytes) -> bytes:
    """Return what finds the same bytes again: keyed, so that it tells nothing to whoever lacks the key."""
    return crypto.mac("file-digest", data)[:16]


def store_document(
    *, at: datetime, data: bytes, name: str, media_type: str, person_id: UUID | None = None, kind: str = "resume"
) -> Document:
    """Keep a file as it came, sealed. Whose it is may be learnt later (`assign_document`)."""
    document_id, key = new_id(), crypto.new_key()
    cell = "people_document|key_wrapped"
    wrapped = (
        open_vault(person_id).wrap(key, cell=cell, row=document_id)
        if person_id
        else crypto.wrap(key, bound_to=f"{cell}|{document_id}")
    )
    files.write(document_id, key, data)
    return Document.objects.create(
        id=document_id,
        person_id=person_id,
        kind=kind,
        name_sealed=crypto.seal(key, name[:255].encode(), bound_to=f"people_document|name_sealed|{document_id}"),
        key_wrapped=wrapped,
        media_type=media_type[:100],
        size=len(data),
        digest=digest_of(data),
        stored_at=at,
    )


@transaction.atomic
def assign_document(*, document_id: UUID, person_id: UUID) -> Document:
    """Say whose a file is: from now on only that person's key opens it."""
    document = Document.objects.select_for_update().get(pk=document_id)
    if document.person_id is None:
        key = queries.document_key(document)
        document.person_id = person_id
        document.key_wrapped = open_vault(person_id).wrap(key, cell="people_document|key_wrapped", row=document.pk)
        document.save(update_fields=["person", "key_wrapped"])
    return document


@transaction.atomic
def discard_document(*, document_id: UUID) -> None:
    """Destroy a file that never became anybody's: its sender did not go on. A person's file stays."""
    document = Document.objects.select_for_update().filter(pk=document_id, person__isnull=True).first()
    if document is not None:
        document.delete()
        transaction.on_commit(functools.partial(files.remove, document_id))


@transaction.atomic
def keep_resume(*, at: datetime, document: Document, parsed_json: str, facts: int, parser: str) -> Resume:
    """Keep what was read from a person's file. Reading the same file again replaces what was read before."""
    if document.person_id is None:
        raise ValueError("a résumé is read into a person's record; assign the document first")
    row = Resume.objects.filter(document=document).first() or Resume(document=document, person_id=document.person_id)
    row.parsed_sealed = open_vault(document.person_id).seal(parsed_json, cell="people_resume|parsed_sealed", row=row.pk)
    row.parsed_at, row.parser = at, parser
    row.save()
    count_read(row, resumes.Resume.from_json(json.loads(parsed_json)))
    record(ResumeParsed(person_id=document.person_id, at=at, document_id=document.pk, facts=facts))
    return row


@transaction.atomic
def open_document(*, actor: Actor, at: datetime, person_id: UUID, document_id: UUID) -> tuple[Document, str, bytes]:
    """Return a person's file, its name and its bytes; that it was opened is on the record."""
    person = queries.get_person(actor, person_id)
    document = one(Document.objects.filter(person_id__in=queries.same_person_ids(person.pk)), document_id)
    record(DocumentOpened(person_id=person.pk, at=at, by=actor.user_id, document_id=document.pk))
    return document, queries.document_name(document), queries.document_bytes(document)


def note_look(*, actor: Actor, at: datetime, document: Document) -> None:
    """Note that somebody looks at a person's file, shown page by page; one look of half an hour is noted once."""
    actor.require(permissions.REVEAL)
    if document.person_id is None:
        raise NotFound
    seen = timeline.events_of(document.person_id).filter(
        name=DocumentOpened.name, by=actor.user_id, at__gt=at - _ONE_LOOK, payload__document_id=str(document.pk)
    )
    if not seen.exists():
        record(DocumentOpened(person_id=document.person_id, at=at, by=actor.user_id, document_id=document.pk))


def draw_page(*, actor: Actor, at: datetime, document: Document, page: int, width: int) -> bytes:
    """Return one page of a visible person's file as a PNG, so many pixels wide; pages count from 1. The look is noted.

    Raises:
        PageUnavailable: the file has no such page, or it cannot be drawn.
    """
    note_look(actor=actor, at=at, document=document)
    name, data = queries.document_name(document), queries.document_bytes(document)
    try:
        return resumes.render_page_safely(data, name, page=page, width=width)
    except resumes.Unreadable as error:
        raise PageUnavailable from error
