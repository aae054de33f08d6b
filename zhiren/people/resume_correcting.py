"""Corrections of what was read from a résumé: kept beside the reading, and taken over into the person's record."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from zhiren import resumes
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.people import names, permissions, queries, rules
from zhiren.people.errors import ContactTaken, ReadAgainMeanwhile
from zhiren.people.events import CorrectionWithdrawn, PersonChanged, ResumeCorrected
from zhiren.people.models import Contact, Correction, Person, Resume
from zhiren.people.queries import OpenResume
from zhiren.people.vault import open_vault
from zhiren.plumbing import crypto
from zhiren.plumbing.models import one
from zhiren.resumes import corrections as laid
from zhiren.timeline.services import record

Act = Correction.Act
_CONTACTS = {"phones": "phone", "mails": "mail"}


@transaction.atomic
def correct(
    *,
    actor: Actor,
    at: datetime,
    person_id: UUID,
    resume_id: UUID,
    reading: str,
    key: str,
    act: str,
    values: Mapping[str, str] | None = None,
) -> Correction:
    """Say what is right about one fact of a résumé. What was said about the same fact before is taken back.

    `key` is a place as `resumes.corrections.Applied` names them, or the bare name of a list to add to it; `values` are
    as `resume_values.stated` gives them. `reading` is the `stamp` of the reading that was looked at. The columns of the
    person's record that still hold what the résumé said follow, and so do contacts.

    Raises:
        ReadAgainMeanwhile: another reading holds now, so the place may be another.
        NotFound: there is no such place, or the person is not this actor's to see.
        ContactTaken: a phone number or address belongs to somebody else.
    """
    actor.require(permissions.EDIT)
    person = queries.get_person(actor, person_id)
    opened = _lock(person, resume_id)
    if stamp(opened.row) != reading:
        raise ReadAgainMeanwhile
    word = _word(opened, key, Act(act), dict(values or {}))
    for row in _said_before(opened, word, key):
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
    correction = _keep(opened, word, actor=actor, at=at)
    _follow(person, opened, actor=actor, at=at)
    record(
        ResumeCorrected(
            person_id=person.pk,
            at=at,
            by=actor.user_id,
            document_id=opened.row.document_id,
            correction_id=correction.pk,
            act=correction.act,
            field=correction.field,
        )
    )
    return correction


@transaction.atomic
def withdraw_correction(*, actor: Actor, at: datetime, person_id: UUID, correction_id: UUID) -> None:
    """Take a correction back; the person's record follows. Taking it back twice changes nothing.

    Raises:
        NotFound: there is no such correction of a person this actor may see.
        ContactTaken: the phone number or address that was read belongs to somebody else by now.
    """
    actor.require(permissions.EDIT)
    person = queries.get_person(actor, person_id)
    ids = queries.same_person_ids(person.pk)
    correction = one(Correction.objects.filter(resume__person_id__in=ids), correction_id)
    opened = _lock(person, correction.resume_id)
    if not Correction.objects.filter(pk=correction.pk, withdrawn_at=None).update(withdrawn_at=at):
        return
    _follow(person, opened, actor=actor, at=at)
    record(
        CorrectionWithdrawn(
            person_id=person.pk,
            at=at,
            by=actor.user_id,
            document_id=opened.row.document_id,
            correction_id=correction.pk,
            field=correction.field,
        )
    )


def stamp(row: Resume) -> str:
    """Return what tells one reading of a file from the next."""
    return f"{row.parser}-{int(row.parsed_at.timestamp() * 1000):x}"


def _lock(person: Person, resume_id: UUID) -> OpenResume:
    rows = Resume.objects.select_for_update(of=("self",)).filter(person_id__in=queries.same_person_ids(person.pk))
    row = one(rows.select_related("document"), resume_id)
    opened = queries.open_resumes([row]).get(row.pk)
    if opened is None:
        raise NotFound
    return opened


def _word(opened: OpenResume, key: str, act: Act, values: dict[str, str]) -> laid.Correction:
    """Return what is said, with its anchor in the reading as it was read."""
    if act == Act.ADD:
        if key not in laid.FACT_LISTS and key not in laid.ENTRY_FIELDS:
            raise NotFound
        return laid.Correction(id="", act="add", field=key, values=values)
    if key.startswith("+"):
        return _about_added(opened, key, act, values)
    try:
        anchor, field = laid.anchor_of(opened.read, key), laid.field_of(key)
    except KeyError as error:
        raise NotFound from error
    return laid.Correction(id="", act=_named(act), field=field, values=values, anchor=anchor)


def _about_added(opened: OpenResume, key: str, act: Act, values: dict[str, str]) -> laid.Correction:
    """Return what is said about an entry that a correction put in: that correction anew, or its opposite."""
    entry, _dot, inner = key[1:].partition(".")
    said = next((word for word in opened.words if word.id == entry), None)
    if said is None:
        raise NotFound
    naming = not inner or inner == laid.ENTRY_FIELDS.get(said.field, ("",))[0]
    if said.act != "add" or (act == Act.REMOVE and naming):
        return laid.Correction(id="", act=_named(act), field=said.field, values=values, anchor=said.anchor)
    merged = dict(said.values)
    if inner:
        merged[inner] = "" if act == Act.REMOVE else values.get("value", "")
    else:
        merged = values
    return laid.Correction(id="", act="add", field=said.field, values=merged)


def _named(act: Act) -> laid.Act:
    return cast("laid.Act", act.value)


def _said_before(opened: OpenResume, word: laid.Correction, key: str) -> list[Correction]:
    found = []
    for row, said in zip(opened.corrections, opened.words, strict=True):
        if key.startswith("+"):
            same = key[1:].partition(".")[0] == str(row.pk)
        else:
            both = "add" not in (word.act, said.act)
            same = both and (said.field, _entry_of(said)) == (word.field, _entry_of(word))
        if same:
            found.append(row)
    return found


def _entry_of(word: laid.Correction) -> object:
    """Return what tells of which entry something is said: its anchor, whichever of its fields is meant."""
    return word.anchor and word.field not in laid.SINGLE and (word.anchor.sources, word.anchor.start)


def _keep(opened: OpenResume, word: laid.Correction, *, actor: Actor, at: datetime) -> Correction:
    row = Correction(resume=opened.row, act=word.act, field=word.field, by=actor.user_id, at=at)
    held = {"values": dict(word.values), "anchor": word.anchor.to_json() if word.anchor else None}
    row.sealed = open_vault(opened.row.person_id).seal(
        json.dumps(held, ensure_ascii=False), cell="people_correction|sealed", row=row.pk
    )
    row.parser, row.layout = opened.row.parser, opened.read.layout[:60]
    row.rule = rule_of(opened.read, word)[:60]
    row.save(force_insert=True)
    return row


def rule_of(read: resumes.Resume, word: laid.Correction) -> str:
    """Return by which rule a reading found what a correction is about; "" where it found nothing there."""
    if word.act == "add" or word.anchor is None:
        return ""
    name, _dot, inner = word.field.partition(".")
    if name in laid.SINGLE:
        held = getattr(read, name)
        fact = held.fact if isinstance(held, resumes.Pay) else held
        return fact.rule if fact else ""
    entries = laid.entry_facts(read, name)
    place = laid.placed([word.anchor], entries, name=name, text=read.text).get(word.anchor)
    if place is None:
        return ""
    found = entries[place].get(inner or laid.ENTRY_FIELDS.get(name, ("",))[0])
    return found.rule if found else ""


def _follow(person: Person, opened: OpenResume, *, actor: Actor, at: datetime) -> None:
    """Bring the person's record after a correction or its withdrawal."""
    now = queries.open_resumes([opened.row])[opened.row.pk]
    follow(person, opened.row, opened.facts, now.facts, actor=actor, at=at)


def follow(
    person: Person,
    row: Resume,
    before: resumes.Resume,
    after: resumes.Resume,
    *,
    actor: Actor,
    at: datetime,
    strict: bool = True,
) -> None:
    """Change what the person's record took over from a résumé that said `before` and says `after` now.

    Columns follow only for the newest résumé, and only where they still hold what it said; contacts always do. A number
    or address of somebody else stays theirs: without `strict` it is passed over.

    Raises:
        ContactTaken: a phone number or address belongs to somebody else, with `strict`.
    """
    changed = _follow_contacts(person, row.person_id, before, after, strict)
    if queries.resume_rows_of(person)[0].pk == row.pk:
        changed += _follow_columns(person, before, after, row.parsed_at)
    if changed:
        record(PersonChanged(person_id=person.pk, at=at, by=actor.user_id, fields=tuple(sorted(set(changed)))))


def _follow_columns(person: Person, before: resumes.Resume, after: resumes.Resume, read_at: datetime) -> list[str]:
    person = Person.objects.select_for_update().get(pk=person.pk)
    was, now = (rules.columns_of(resume, on=read_at.date()) for resume in (before, after))
    changes: dict[str, object] = dict(rules.column_changes({name: getattr(person, name) for name in was}, was, now))
    skills = rules.skills_after(
        person.skills, [fact.value[:100] for fact in before.skills], [fact.value[:100] for fact in after.skills]
    )
    if skills != person.skills:
        changes["skills"] = skills
    for name, value in changes.items():
        setattr(person, name, value)
    if changes:
        person.name_grams = names.grams(person.name)
        person.save(update_fields=[*changes, "name_grams"])
    return list(changes)


def _follow_contacts(
    person: Person, record_id: UUID, before: resumes.Resume, after: resumes.Resume, strict: bool
) -> list[str]:
    """Take away the contacts a résumé no longer gives, and keep those it gives now; return which kinds changed."""
    changed = []
    for name, kind in _CONTACTS.items():
        was, now = ([_normal(kind, fact.value) for fact in getattr(resume, name)] for resume in (before, after))
        gone = [value for value in was if value and value not in now]
        new = [value for value in now if value and value not in was]
        rows = Contact.objects.filter(person_id__in=queries.same_person_ids(person.pk), kind=kind)
        deleted, _by_table = rows.filter(index__in=[crypto.blind_index(kind, value) for value in gone]).delete()
        kept = [_keep_contact(record_id, kind, value, rows=rows, strict=strict) for value in new]
        if deleted or any(kept):
            changed.append(kind)
    return changed


def _keep_contact(record_id: UUID, kind: str, value: str, *, rows: QuerySet[Contact], strict: bool) -> bool:
    index = crypto.blind_index(kind, value)
    if rows.filter(index=index).exists():
        return False
    taken = set(rows.filter(person_id=record_id).values_list("position", flat=True))
    position = next(number for number in range(len(taken) + 1) if number not in taken)
    contact = Contact(person_id=record_id, kind=kind, position=position, index=index)
    contact.sealed = open_vault(record_id).seal(value, cell="people_contact|sealed", row=contact.pk)
    try:
        with transaction.atomic():
            contact.save(force_insert=True)
    except IntegrityError as error:
        if strict:
            raise ContactTaken from error
        return False
    return True


def _normal(kind: str, value: str) -> str | None:
    return rules.normal_contact(kind, value)
