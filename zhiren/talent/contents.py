"""What is known of persons, gathered for their entries."""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhiren.conversation import queries as conversation
from zhiren.people import names
from zhiren.people import queries as people
from zhiren.people.models import Person
from zhiren.people.vault import Vault, open_vaults
from zhiren.recruiting import queries as recruiting
from zhiren.resumes import Resume
from zhiren.talent import lexemes
from zhiren.talent.lexemes import FACTS, KEYS, NOTES, SAID, TEXT
from zhiren.talent.rules import clean, pieces, years_band

MOST_TEXT, MOST_SAID = 60_000, 30_000
_CELL = "talent_entry|text_sealed"


@dataclass(frozen=True)
class Contents:
    """What one person's entry is made from: clean texts by zone, and the keys of what belongs to them."""

    texts: dict[str, str]
    keys: frozenset[str]
    newest: datetime

    @property
    def vector(self) -> str:
        """The hashed words."""
        facts = pieces(self.texts[FACTS], singles=True)
        return lexemes.vector(
            [
                (FACTS, facts),
                (TEXT, pieces(self.texts[TEXT]) | facts),
                (NOTES, pieces(self.texts[NOTES])),
                (SAID, pieces(self.texts[SAID])),
                (KEYS, self.keys),
            ]
        )


def key(kind: str, value: object) -> str:
    """Return the key under which whoever has a value (a city, a tag, an opening) is found; case does not count."""
    return f"{kind}:{str(value).casefold()}"


def contents_of(person_ids: Iterable[UUID]) -> list[tuple[Vault, Contents]]:
    """Return what persons are found by, with the vault to seal it in. Who was erased or merged is left out.

    About eight queries for any number of persons, and one for each who was written to by hand.
    """
    families = _families(person_ids)
    everybody = [one for family in families.values() for one in family]
    rows = Person.objects.in_bulk(everybody)
    vaults = open_vaults(everybody)
    resumes, notes, said = people.resumes_of(everybody), people.notes_of(everybody), conversation.said_with(everybody)
    applied = recruiting.openings_applied_for(everybody)
    found = []
    for person_id, family in families.items():
        if person_id not in vaults or person_id not in rows or rows[person_id].erased_at:
            continue
        members = [rows[one] for one in family if one in rows and one in vaults]
        gathered = gather(
            members,
            [resumes[one] for one in family if one in resumes],
            [text for one in family for text in notes.get(one, ())],
            [f"{words.subject}\n\n{words.body}" for one in family for words in said.get(one, ())],
            [opening for one in family for opening in applied.get(one, ())],
        )
        found.append((vaults[person_id], gathered))
    return found


def gather(
    members: Sequence[Person],
    resumes: Sequence[Resume],
    notes: Sequence[str],
    said: Sequence[str],
    openings: Sequence[tuple[UUID, datetime]],
) -> Contents:
    """Return what somebody is found by, from all that is known of them; `members` are the same person."""
    texts = {
        FACTS: _facts(members, resumes),
        TEXT: "\n\n".join(resume.text for resume in resumes)[:MOST_TEXT],
        NOTES: "\n\n".join(notes)[:MOST_SAID],
        SAID: "\n\n".join(said)[:MOST_SAID],
    }
    return Contents(
        texts={zone: clean(text) for zone, text in texts.items()},
        keys=_keys(members, [opening_id for opening_id, _at in openings]),
        newest=max([*(one.created_at for one in members), *(at for _opening, at in openings)]),
    )


def _families(person_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Return who stays among these, each with all who are the same person, themselves first."""
    found = {
        row: [row]
        for row in Person.objects.filter(pk__in=set(person_ids), merged_into=None).values_list("pk", flat=True)
    }
    merged = Person.objects.filter(merged_into__in=found).order_by("created_at", "pk")
    for person_id, root in merged.values_list("pk", "merged_into"):
        if root:
            found[root].append(person_id)
    return found


def _facts(members: Sequence[Person], resumes: Sequence[Resume]) -> str:
    """Return what is known of somebody in short, one fact a line: lines are not neighbours."""
    found: list[str] = []
    for one in members:
        found += [one.name, names.pinyin(one.name), one.headline, one.city, *one.skills, *one.tags]
    for resume in resumes:
        for stay in resume.employers:
            found += [fact.value for fact in (stay.employer, stay.title) if fact]
        for time in resume.schools:
            found += [fact.value for fact in (time.school, time.major) if fact]
        found += [fact.value for fact in resume.skills]
        found += [certificate.name.value for certificate in resume.certificates]
    return " ;\n".join(dict.fromkeys(filter(None, found)))


def _keys(members: Sequence[Person], opening_ids: Sequence[UUID]) -> frozenset[str]:
    first = members[0]
    found = {key("o", opening_id) for opening_id in opening_ids}
    found |= {key("p", one.pk) for one in members}
    found |= {key("c", one.created_by) for one in members if one.created_by}
    found |= {key("skill", skill) for one in members for skill in one.skills}
    found |= {key("tag", tag) for one in members for tag in one.tags}
    for kind, value in (("city", first.city), ("degree", first.degree), ("years", years_band(first.years))):
        if value:
            found.add(key(kind, value))
    return frozenset(found)


def sealed(vault: Vault, texts: dict[str, str]) -> bytes:
    """Return the texts of an entry, shrunk and sealed with the person's key."""
    data = zlib.compress(json.dumps(texts, ensure_ascii=False).encode())
    return vault.wrap(data, cell=_CELL, row=vault.person_id)  # as bytes


def unsealed(vault: Vault, data: bytes | memoryview) -> dict[str, str]:
    """Return the texts of an entry that were sealed with this person's key."""
    texts: dict[str, str] = json.loads(zlib.decompress(vault.unwrap(data, cell=_CELL, row=vault.person_id)))
    return texts
