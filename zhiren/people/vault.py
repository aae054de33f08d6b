"""Seal and open a person's cells with the person's own key."""

from collections.abc import Iterable
from uuid import UUID

from zhiren.people.errors import PersonErased
from zhiren.people.models import PersonKey
from zhiren.plumbing import crypto


class Vault:
    """A person's data key at work. Each sealed cell is bound to its table, column and row."""

    def __init__(self, person_id: UUID, key: bytes) -> None:
        self.person_id = person_id
        self._key = key

    def seal(self, text: str, *, cell: str, row: UUID) -> bytes:
        """Return `text` sealed for a cell such as "people_contact|sealed"."""
        return crypto.seal(self._key, text.encode(), bound_to=f"{cell}|{row}")

    def open(self, sealed: bytes | memoryview, *, cell: str, row: UUID) -> str:
        """Return what was sealed; Tampered if it was changed or moved."""
        return crypto.unseal(self._key, sealed, bound_to=f"{cell}|{row}").decode()

    def wrap(self, key: bytes, *, cell: str, row: UUID) -> bytes:
        """Return another key (of a file) sealed with this one."""
        return crypto.seal(self._key, key, bound_to=f"{cell}|{row}")

    def unwrap(self, wrapped: bytes | memoryview, *, cell: str, row: UUID) -> bytes:
        """Return the key that `wrap` sealed."""
        return crypto.unseal(self._key, wrapped, bound_to=f"{cell}|{row}")


def make_vault(person_id: UUID) -> Vault:
    """Make and store the key of a new person."""
    key = crypto.new_key()
    PersonKey.objects.create(person_id=person_id, wrapped=crypto.wrap(key, bound_to=f"people_personkey|{person_id}"))
    return Vault(person_id, key)


def open_vault(person_id: UUID) -> Vault:
    """Return a person's vault; PersonErased when its key was destroyed."""
    found = PersonKey.objects.filter(person_id=person_id).first()
    if found is None:
        raise PersonErased
    return vault_of(found.person_id, found.wrapped)


def open_vaults(person_ids: Iterable[UUID]) -> dict[UUID, Vault]:
    """Return the vaults of many persons in one query; who was erased is left out."""
    rows = PersonKey.objects.filter(person_id__in=list(person_ids)).values_list("person_id", "wrapped")
    return {person_id: vault_of(person_id, wrapped) for person_id, wrapped in rows}


def vault_of(person_id: UUID, wrapped: bytes | memoryview) -> Vault:
    """Return the vault that a stored key opens, for queries that read the key along with what it sealed."""
    return Vault(person_id, crypto.unwrap(wrapped, bound_to=f"people_personkey|{person_id}"))
