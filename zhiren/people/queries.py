"""Every read of persons. The apps above say whom an actor meets through them: each adds a door."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.db.models.lookups import In

from zhiren import resumes
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.kernel.registry import Registry
from zhiren.people import files, names, permissions
from zhiren.people.errors import PersonErased
from zhiren.people.models import (
    Consent,
    Contact,
    Correction,
    Document,
    Note,
    Person,
    Resume,
)
from zhiren.people.rules import normal_contact
from zhiren.people.vault import Vault, open_vault, open_vaults
from zhiren.plumbing import crypto, statements
from zhiren.plumbing.rights import Sql, per_rights, sql_of
from zhiren.resumes import corrections as resumes_corrections
from zhiren.resumes.corrections import Applied, applied

# A door tells which persons an actor meets through an app: a condition on Person.
Door = Callable[[Actor], Q]
doors: Registry[Door] = Registry("door to persons")
_CONTACT_CELL = "people_contact|sealed"
_THE_ONE_WHO_STAYS_FIRST = (F("person__merged_into").desc(nulls_first=True), "person")


def persons_visible_to(actor: Actor) -> QuerySet[Person]:
    """Return the persons this actor may see: those met through any door, and those they brought in themselves.

    Who was merged is not among them; whoever could see them sees the one who stays.
    """
    rows = Person.objects.filter(erased_at__isnull=True, merged_into__isnull=True)
    reach = actor.reach(permissions.VIEW)
    if reach.everything:
        return rows
    if not reach:
        return rows.none()
    return rows.filter(_shown_to(_met_by(actor)))


def records_visible_to(actor: Actor) -> QuerySet[Person]:
    """Return the persons this actor may see, and with them all who were merged into them: for `person__in`."""
    rows = Person.objects.filter(erased_at__isnull=True)
    reach = actor.reach(permissions.VIEW)
    if reach.everything or not reach:
        return rows if reach else rows.none()
    united = RawSQL(*_united(actor))  # noqa: S611 - made by Django
    return rows.filter(_met_by(actor) | Q(In(Coalesce("merged_into_id", "pk"), united)))


@per_rights
def _united(actor: Actor) -> Sql:
    """Return who stayed of the merges the actor may see, as a statement.

    There are few: they are asked for first, so that the many others cost what they did.
    """
    stay = Person.objects.filter(erased_at=None, merged_into__isnull=True, pk__in=_merged().values("merged_into"))
    return stay.filter(_shown_to(_met_by(actor))).values("pk").query.sql_with_params()


def _shown_to(met: Q) -> Q:
    """Return the condition on who stays of a merge that whoever meets one of its records may see them."""
    return met | Q(pk__in=_merged().filter(met).values("merged_into"))


def _merged() -> QuerySet[Person]:
    return Person.objects.filter(merged_into__isnull=False, erased_at__isnull=True)


def _met_by(actor: Actor) -> Q:
    condition = Q(created_by=actor.user_id)
    for door in doors.values():
        condition |= door(actor)
    return condition


def root_of(person_id: UUID) -> UUID:
    """Return the id of who stays of a merge; a person who was not merged is their own root."""
    row = Person.objects.filter(pk=person_id).values_list("merged_into", flat=True).first()
    return row or person_id


def same_person_ids(person_id: UUID) -> list[UUID]:
    """Return the ids of all records of one person, who stays first, whichever of them is asked for. One query.

    Nothing is rewritten by a merge: what belongs to a person lies under any of these ids.
    """
    rows = records_of(person_id).order_by(F("merged_into").desc(nulls_first=True), "pk")
    return list(rows.values_list("pk", flat=True)) or [person_id]


def records_of(person_id: UUID) -> QuerySet[Person]:
    """Return all records of one person, whichever of them is asked for: `same_person_ids` within another query."""
    root = Person.objects.filter(pk=person_id).annotate(stays=Coalesce("merged_into_id", "pk")).values("stays")[:1]
    return Person.objects.filter(Q(pk=Subquery(root)) | Q(merged_into=Subquery(root)))


def _ids_of(person: Person) -> QuerySet[Person, Any]:
    """Return the ids of all records of a person, to ask for what lies under them in one query."""
    return records_of(person.pk).values("pk")


def same_persons_ids(person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return, for many persons and all who were merged into them, under which of the given ids they belong.

    One query. Who is given under an id that was merged stands for that record alone.
    """
    found = {person_id: person_id for person_id in person_ids}
    rows = _merged().filter(merged_into__in=list(found)).values_list("pk", "merged_into")
    for member, root in rows:
        if root is not None:
            found.setdefault(member, root)
    return found


def erased_ids() -> QuerySet[Person, Any]:
    """Return the ids of those who were erased, for lists to leave out: few, and asked of an index of their own."""
    return Person.objects.filter(erased_at__isnull=False).values("pk")


def get_person(actor: Actor, person_id: UUID) -> Person:
    """Return one person, for the id of one who was merged who stays; NotFound if there is none for this actor."""
    return get_person_with_records(actor, person_id)[0]


def get_person_with_records(actor: Actor, person_id: UUID) -> tuple[Person, list[UUID]]:
    """Return what `get_person` does, and the ids of all records of the person, theirs first. No further query."""
    found = _visible(actor, person_id)
    if found is None and (root := root_of(person_id)) != person_id:
        found = _visible(actor, root)
    if found is None:
        raise NotFound
    person, merged = found
    return person, [person.pk, *merged]


_SOMEBODY = UUID(int=0)  # stands for the id of who is looked for
_COLUMNS = [column.attname for column in Person._meta.concrete_fields]  # noqa: SLF001 - documented


def _visible(actor: Actor, person_id: UUID) -> tuple[Person, list[UUID]] | None:
    """Return a person and the ids of who was merged into them, if this actor may see them."""
    asked = _visible_one(actor)
    if asked is None:
        return None
    sql, values = asked
    for *columns, merged in statements.rows(sql, [person_id if value == _SOMEBODY else value for value in values]):
        return Person.from_db(connection.alias, _COLUMNS, columns), merged
    return None


@per_rights
def _visible_one(actor: Actor) -> Sql | None:
    """Return the statement that looks for `_SOMEBODY`: every page of a person asks it, and it takes long to make."""
    merged = _merged().filter(merged_into=OuterRef("pk")).order_by("pk").values("pk")
    return sql_of(persons_visible_to(actor).filter(pk=_SOMEBODY).annotate(merged_ids=ArraySubquery(merged)))


def find_by_name(actor: Actor, text: str, *, limit: int = 10) -> list[Person]:
    """Return the visible persons whose name, pinyin or initials contain `text`, newest first."""
    grams = names.query_grams(text)
    if not grams:
        return []
    named, once_named = _named(actor, limit)
    found = [person for person in _persons(named, grams) if names.matches(person.name, text)][:limit]
    if len(found) == limit:
        return found
    known = {person.pk for person in found}
    more = [person for person in _persons(once_named, grams) if person.pk not in known]
    return [*found, *more[: limit - len(found)]]


_GRAMS = ["?"]  # stands for those of the name that is looked for


@per_rights
def _named(actor: Actor, limit: int) -> tuple[Sql | None, Sql | None]:
    """Return the statements that look for visible persons with `_GRAMS` in their name, and in one they had before."""
    named = Q(name_grams__contains=RawSQL("%s::varchar(40)[]", [_GRAMS]))
    rows = persons_visible_to(actor).order_by("-created_at", "-id")
    others = rows.filter(pk__in=_merged().filter(named).values("merged_into")[: limit * 4])
    return sql_of(rows.filter(named)[: limit * 4]), sql_of(others[: limit * 2])


def _persons(asked: Sql | None, grams: list[str]) -> list[Person]:
    if asked is None:
        return []
    with connection.cursor() as cursor:  # planned anew: some names are frequent
        cursor.execute(asked[0], [grams if value == _GRAMS else value for value in asked[1]])
        return [Person.from_db(connection.alias, _COLUMNS, columns) for columns in cursor.fetchall()]


def name_condition(text: str) -> Q:
    """Return the condition that a name of a person contains `text`: their own, or that of a record merged into them."""
    named = Q(name_grams__contains=names.query_grams(text))
    return Q(pk__in=Person.objects.filter(named).values("pk").union(_merged().filter(named).values("merged_into")))


def records_named(text: str) -> QuerySet[Person, Any]:
    """Return the ids of the records whose name, or the name they are shown under, contains `text`: for `person__in`."""
    # as one value, so that a question with a name can be made once for all names
    grams = RawSQL("%s::varchar(40)[]", [names.query_grams(text)])
    named = Person.objects.filter(name_grams__contains=grams)
    return named.values("pk").union(_merged().filter(merged_into__in=named.values("pk")).values("pk"))


def shown_condition(prefix: str, **wanted: Any) -> Q:
    """Return the condition on who is shown for a record, for lists by person: who stays of a merge, else the record.

    `wanted` are conditions on Person; `prefix` leads there, such as "person__".
    """
    own, stays = ({f"{prefix}{way}{name}": value for name, value in wanted.items()} for way in ("", "merged_into__"))
    return Q(**{f"{prefix}merged_into__isnull": True}, **own) | Q(**stays)


def shown_value(prefix: str, name: str) -> Case:
    """Return a column of who is shown for a record, to be selected: of who stays of a merge, else of the record."""
    own = When(Q(**{f"{prefix}merged_into__isnull": True}), then=F(f"{prefix}{name}"))
    return Case(own, default=F(f"{prefix}merged_into__{name}"))


def person_with_contact(kind: str, value: str, *, region: str = "CN") -> Person | None:
    """Return whose phone number or address this is, whoever asks: for services that must not create somebody twice.

    Of a person who was merged it is who stays.
    """
    normal = normal_contact(kind, value, region=region)
    if normal is None:
        return None
    rows = Person.objects.filter(contacts__kind=kind, contacts__index=crypto.blind_index(kind, normal))
    found = rows.select_related("merged_into").first()
    return found.root if found else None


@dataclass(frozen=True)
class MaskedContact:
    """A contact as the screen shows it."""

    id: UUID
    kind: str
    label: str
    masked: str


def masked_contacts(person: Person) -> list[MaskedContact]:
    """Return a visible person's contacts, masked; those of who stays first. PersonErased when their key is gone."""
    rows = contacts_of(person)
    vaults = open_vaults({row.person_id for row in rows})
    if rows and not vaults:
        raise PersonErased
    return [
        MaskedContact(
            row.pk,
            row.kind,
            str(row.get_kind_display()),
            names.mask(row.kind, open_contact(vaults[row.person_id], row)),
        )
        for row in rows
        if row.person_id in vaults
    ]


def contacts_of(person: Person) -> list[Contact]:
    """Return a visible person's contacts by kind, those of who stays first."""
    rows = Contact.objects.filter(person__in=_ids_of(person))
    return list(rows.order_by("kind", *_THE_ONE_WHO_STAYS_FIRST, "position"))


def degree_labels() -> dict[str, str]:
    """Return what degrees are called."""
    return {code: str(label) for code, label in Person.Degree.choices}


def masked_first(person_ids: Iterable[UUID], kinds: Sequence[str]) -> dict[tuple[UUID, str], str]:
    """Return the first contact of each kind of many visible persons, masked, by person and kind. Three queries.

    What a person has not is taken from a record merged into them.
    """
    under = same_persons_ids(person_ids)
    vaults = open_vaults(under)
    rows = Contact.objects.filter(person_id__in=list(under), kind__in=kinds, position=0)
    kept: dict[tuple[UUID, str], tuple[bool, UUID, UUID, bytes | memoryview]] = {}
    for contact_id, person_id, kind, sealed in rows.values_list("pk", "person_id", "kind", "sealed"):
        if person_id in vaults:
            key, row = (under[person_id], kind), (person_id != under[person_id], person_id, contact_id, sealed)
            kept[key] = min(kept.get(key, row), row, key=itemgetter(0, 1))
    return {
        (root, kind): names.mask(kind, vaults[person_id].open(sealed, cell=_CONTACT_CELL, row=contact_id))
        for (root, kind), (_other, person_id, contact_id, sealed) in kept.items()
    }


def open_contact(vault: Vault, contact: Contact) -> str:
    """Return a contact in the clear. Only for sending and for a logged reveal."""
    return vault.open(contact.sealed, cell=_CONTACT_CELL, row=contact.pk)


def address_of(person_id: UUID, kind: str = Contact.Kind.MAIL) -> str | None:
    """Return where to write to a person; None if that is not known, or they were erased. For channels only."""
    rows = Contact.objects.filter(person__in=records_of(person_id).values("pk"), kind=kind)
    contact = rows.order_by(*_THE_ONE_WHO_STAYS_FIRST, "position").first()
    vault = open_vaults([contact.person_id]).get(contact.person_id) if contact else None
    return open_contact(vault, contact) if contact and vault else None


@dataclass(frozen=True)
class OpenResume:
    """A résumé opened: as it was read, what was said about it, and both together."""

    row: Resume
    read: resumes.Resume
    corrections: Sequence[Correction]
    words: Sequence[resumes_corrections.Correction]
    """What each of the corrections says, in the same order."""
    applied: Applied

    @property
    def facts(self) -> resumes.Resume:
        """The résumé with what people corrected in it."""
        return self.applied.resume


def resume_rows_of(person: Person) -> list[Resume]:
    """Return a visible person's résumés, of all their records, the one that came last first."""
    rows = Resume.objects.filter(person__in=_ids_of(person)).select_related("document")
    return list(rows.order_by("-document__stored_at", "-pk"))


def newest_resume(person: Person) -> tuple[Resume, str] | None:
    """Return a visible person's newest résumé and its facts, corrections applied, as JSON text."""
    rows = Resume.objects.filter(person__in=_ids_of(person)).select_related("document")
    row = rows.order_by("-document__stored_at", "-pk").first()
    opened = open_resumes([row]).get(row.pk) if row else None
    if row is None or opened is None:
        return None
    return row, json.dumps(opened.facts.to_json(), ensure_ascii=False)


def open_resumes(rows: Sequence[Resume], *, vaults: Mapping[UUID, Vault] | None = None) -> dict[UUID, OpenResume]:
    """Return résumés opened, by their ids, in two queries, one for who has the vaults; the erased are left out."""
    vaults = open_vaults({row.person_id for row in rows}) if vaults is None else vaults
    said: dict[UUID, list[Correction]] = {row.pk: [] for row in rows}
    for correction in Correction.objects.filter(resume__in=list(said), withdrawn_at__isnull=True).order_by("at", "pk"):
        said[correction.resume_id].append(correction)
    found = {}
    for row in rows:
        if vault := vaults.get(row.person_id):
            read = resumes.Resume.from_json(json.loads(_opened_resume(vault, row)))
            words = [open_correction(vault, correction) for correction in said[row.pk]]
            found[row.pk] = OpenResume(row, read, said[row.pk], words, applied(read, words))
    return found


def open_correction(vault: Vault, correction: Correction) -> resumes_corrections.Correction:
    """Return a correction in the clear."""
    held = json.loads(vault.open(correction.sealed, cell="people_correction|sealed", row=correction.pk))
    return resumes_corrections.Correction(
        id=str(correction.pk),
        act=correction.act,  # type: ignore[arg-type]  # the table's choices are the acts
        field=correction.field,
        values=held["values"],
        anchor=resumes_corrections.Anchor.from_json(held["anchor"]) if held["anchor"] else None,
    )


def read_resume(data: bytes, filename: str, *, pictures: bool = True) -> resumes.Resume:
    """Return what can be read from a file with the models of this installation; see `resumes.parse_safely`.

    Raises:
        resumes.Unreadable: no résumé can be read from these bytes.
    """
    trained = settings.DATA_DIR / "models" / "resumes"
    return resumes.parse_safely(data, filename, pictures=pictures, models=trained if trained.is_dir() else None)


def resumes_of(
    person_ids: Iterable[UUID],
    *,
    under: Mapping[UUID, UUID] | None = None,
    vaults: Mapping[UUID, Vault] | None = None,
) -> dict[UUID, resumes.Resume]:
    """Return the newest résumé of each of these persons, with what people corrected in it.

    Who is missing has none, or was erased. The newest is the one that came last, whenever it was read, of all records
    of a person. Four queries for any number of persons, two for who knows already what `same_persons_ids` tells
    (`under`) and has the vaults of all these records; the caller has seen to it that the actor may see them.
    """
    under = same_persons_ids(person_ids) if under is None else under
    rows = (
        Resume.objects.filter(person_id__in=list(under))
        .order_by("person_id", "-document__stored_at", "-pk")
        .distinct("person_id")
    )
    newest: dict[UUID, Resume] = {}
    for row in sorted(rows.select_related("document"), key=lambda row: (row.document.stored_at, row.pk)):
        newest[under[row.person_id]] = row
    opened = open_resumes(list(newest.values()), vaults=vaults)
    return {person_id: opened[row.pk].facts for person_id, row in newest.items() if row.pk in opened}


def _opened_resume(vault: Vault, row: Resume) -> str:
    return vault.open(row.parsed_sealed, cell="people_resume|parsed_sealed", row=row.pk)


def documents_of(person: Person) -> list[tuple[Document, str]]:
    """Return a visible person's files, newest first, each with the name it came with."""
    rows = list(Document.objects.filter(person__in=_ids_of(person)).order_by("-stored_at"))
    vaults = open_vaults({row.person_id for row in rows if row.person_id})
    return [(row, _name_of(row, vaults[row.person_id])) for row in rows if row.person_id in vaults]


def _name_of(row: Document, vault: Vault) -> str:
    key = vault.unwrap(row.key_wrapped, cell="people_document|key_wrapped", row=row.pk)
    return crypto.unseal(key, row.name_sealed, bound_to=f"people_document|name_sealed|{row.pk}").decode()


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
    rows = list(Note.objects.filter(person__in=_ids_of(person), pk__in=note_ids))
    vaults = open_vaults({row.person_id for row in rows})
    return {
        row.pk: (row, vaults[row.person_id].open(row.text_sealed, cell="people_note|text_sealed", row=row.pk))
        for row in rows
        if row.person_id in vaults
    }


def notes_of(person_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return what was written down about each of these persons, newest first, whoever asks: for the search index.

    Of who stays of a merge it is what was written about any of their records. Three queries for any number of persons;
    who was erased is left out.
    """
    under = same_persons_ids(person_ids)
    rows = list(Note.objects.filter(person_id__in=list(under)).order_by("-at", "-id"))
    vaults = open_vaults({row.person_id for row in rows})
    found: dict[UUID, list[str]] = {}
    for row in rows:
        if row.person_id in vaults:
            text = vaults[row.person_id].open(row.text_sealed, cell="people_note|text_sealed", row=row.pk)
            found.setdefault(under[row.person_id], []).append(text)
    return found


def valid_consents(person: Person) -> QuerySet[Consent]:
    """Return what a person has agreed to and not taken back, under any of their records since."""
    taken_back = Consent.objects.filter(
        person__in=_ids_of(person), purpose=OuterRef("purpose"), withdrawn_at__gte=OuterRef("given_at")
    )
    return Consent.objects.filter(~Exists(taken_back), person__in=_ids_of(person), withdrawn_at__isnull=True)
