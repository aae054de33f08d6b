"""Every read of persons. The apps above say whom an actor meets through them: each adds a door."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from zhiren import resumes
from zhiren.kernel.actors import Actor
from zhiren.kernel.registry import Registry
from zhiren.people import files, names, permissions
from zhiren.people.models import Consent, Contact, Document, Note, Person, Resume
from zhiren.people.rules import normal_contact
from zhiren.people.vault import Vault, open_vault, open_vaults
from zhiren.plumbing import crypto
from zhiren.plumbing.models import one

# A door tells which persons an actor meets through an app: a condition on Person.
Door = Callable[[Actor], Q]
doors: Registry[Door] = Registry("door to persons")


def persons_visible_to(actor: Actor) -> QuerySet[Person]:
    """Return the persons this actor may see: those met through any door, and those they brought in themselves."""
    rows = Person.objects.filter(erased_at__isnull=True)
    reach = actor.reach(permissions.VIEW)
    if reach.everything:
        return rows
    if not reach:
        return rows.none()
    condition = Q(created_by=actor.user_id)
    for door in doors.values():
        condition |= door(actor)
    return rows.filter(condition)


def erased_ids() -> QuerySet[Person, Any]:
    """Return the ids of those who were erased, for lists to leave out: few, and asked of an index of their own."""
    return Person.objects.filter(erased_at__isnull=False).values("pk")


def get_person(actor: Actor, person_id: UUID) -> Person:
    """Return one person; NotFound if there is none, or they are not this actor's to see."""
    return one(persons_visible_to(actor), person_id)


def find_by_name(actor: Actor, text: str, *, limit: int = 10) -> list[Person]:
    """Return the visible persons whose name, pinyin or initials contain `text`, newest first."""
    grams = names.query_grams(text)
    if not grams:
        return []
    rows = persons_visible_to(actor).filter(name_grams__contains=grams).order_by("-created_at", "-id")
    return [person for person in rows[: limit * 4] if names.matches(person.name, text)][:limit]


def name_condition(text: str, prefix: str = "") -> Q:
    """Return the condition that a name contains `text`, for lists that filter by it."""
    return Q(**{f"{prefix}name_grams__contains": names.query_grams(text)})


def person_with_contact(kind: str, value: str, *, region: str = "CN") -> Person | None:
    """Return whose phone number or address this is, whoever asks: for services that must not create somebody twice."""
    normal = normal_contact(kind, value, region=region)
    if normal is None:
        return None
    return Person.objects.filter(contacts__kind=kind, contacts__index=crypto.blind_index(kind, normal)).first()


@dataclass(frozen=True)
class MaskedContact:
    """A contact as the screen shows it."""

    id: UUID
    kind: str
    label: str
    masked: str


def masked_contacts(person: Person) -> list[MaskedContact]:
    """Return a visible person's contacts, masked."""
    rows = list(person.contacts.order_by("kind", "position"))
    if not rows:
        return []
    vault = open_vault(person.pk)
    return [
        MaskedContact(row.pk, row.kind, str(row.get_kind_display()), names.mask(row.kind, open_contact(vault, row)))
        for row in rows
    ]


def degree_labels() -> dict[str, str]:
    """Return what degrees are called."""
    return {code: str(label) for code, label in Person.Degree.choices}


def masked_first(person_ids: Iterable[UUID], kinds: Sequence[str]) -> dict[tuple[UUID, str], str]:
    """Return the first contact of each kind of many visible persons, masked, by person and kind. Two queries."""
    person_ids = list(person_ids)
    rows = Contact.objects.filter(person_id__in=person_ids, kind__in=kinds, position=0)
    vaults = open_vaults(person_ids)
    return {
        (row.person_id, row.kind): names.mask(row.kind, open_contact(vaults[row.person_id], row))
        for row in rows
        if row.person_id in vaults
    }


def open_contact(vault: Vault, contact: Contact) -> str:
    """Return a contact in the clear. Only for sending and for a logged reveal."""
    return vault.open(contact.sealed, cell="people_contact|sealed", row=contact.pk)


def address_of(person_id: UUID, kind: str = Contact.Kind.MAIL) -> str | None:
    """Return where to write to a person, None if it is not known: for channels, never for screens."""
    contact = Contact.objects.filter(person_id=person_id, kind=kind).order_by("position").first()
    return open_contact(open_vault(person_id), contact) if contact else None


def newest_resume(person: Person) -> tuple[Resume, str] | None:
    """Return a visible person's newest résumé and its facts as JSON text."""
    row = person.resumes.select_related("document").order_by("-document__stored_at", "-pk").first()
    if row is None:
        return None
    return row, open_vault(person.pk).open(row.parsed_sealed, cell="people_resume|parsed_sealed", row=row.pk)


def resumes_of(person_ids: Iterable[UUID]) -> dict[UUID, resumes.Resume]:
    """Return the newest résumé of each of these persons, as read. Who is missing has none, or was erased.

    The newest is the one that came last, whenever it was read. Two queries for any number of persons; the caller has
    seen to it that the actor may see them.
    """
    rows = list(
        Resume.objects.filter(person_id__in=list(person_ids))
        .order_by("person_id", "-document__stored_at", "-pk")
        .distinct("person_id")
    )
    vaults = open_vaults(row.person_id for row in rows)
    return {
        row.person_id: resumes.Resume.from_json(json.loads(_opened_resume(vaults[row.person_id], row)))
        for row in rows
        if row.person_id in vaults
    }


def _opened_resume(vault: Vault, row: Resume) -> str:
    return vault.open(row.parsed_sealed, cell="people_resume|parsed_sealed", row=row.pk)


def documents_of(person: Person) -> list[tuple[Document, str]]:
    """Return a visible person's files, newest first, each with the name it came with."""
    return [(row, document_name(row)) for row in person.documents.order_by("-stored_at")]


def document_key(document: Document) -> bytes:
    """Return the key of a file."""
    cell = "people_document|key_wrapped"
    if document.person_id:
        return open_vault(document.person_id).unwrap(document.key_wrapped, cell=cell, row=document.pk)
    return crypto.unwrap(document.key_wrapped, bound_to=f"{cell}|{document.pk}")


def document_name(document: Document) -> str:
    """Return the name a file came with."""
    bound = f"people_document|name_sealed|{document.pk}"
    return crypto.unseal(document_key(document), document.name_sealed, bound_to=bound).decode()


def document_bytes(document: Document) -> bytes:
    """Return a file as it was received."""
    return files.read(document.pk, document_key(document))


def notes_by_id(person: Person, note_ids: Sequence[UUID]) -> dict[UUID, tuple[Note, str]]:
    """Return a visible person's notes among these, with their text."""
    rows = list(person.notes.filter(pk__in=note_ids))
    if not rows:
        return {}
    vault = open_vault(person.pk)
    return {row.pk: (row, vault.open(row.text_sealed, cell="people_note|text_sealed", row=row.pk)) for row in rows}


def notes_of(person_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return what was written down about each of these persons, newest first, whoever asks: for the search index.

    Two queries for any number of persons; who was erased is left out.
    """
    rows = list(Note.objects.filter(person_id__in=list(person_ids)).order_by("-at", "-id"))
    vaults = open_vaults({row.person_id for row in rows})
    found: dict[UUID, list[str]] = {}
    for row in rows:
        if row.person_id in vaults:
            text = vaults[row.person_id].open(row.text_sealed, cell="people_note|text_sealed", row=row.pk)
            found.setdefault(row.person_id, []).append(text)
    return found


def valid_consents(person: Person) -> QuerySet[Consent]:
    """Return what a person has agreed to and not taken back."""
    return person.consents.filter(withdrawn_at__isnull=True)
