"""Seal and open what a message says: with the key of the person concerned, or the system's where nobody is."""

from uuid import UUID

from zhiren.conversation.models import Message
from zhiren.people.vault import Vault, open_vault
from zhiren.plumbing import crypto

_TABLE = "conversation_message"


class Envelope:
    """What seals the messages that concern one person, or nobody. PersonErased when the person's key was destroyed.

    The person's vault is opened unless it is given.
    """

    def __init__(self, person_id: UUID | None, vault: Vault | None = None) -> None:
        self._vault = vault or (open_vault(person_id) if person_id else None)

    def seal(self, message: Message, *, subject: str, body: str) -> None:
        """Put a message's words in."""
        message.subject_sealed = self._seal(subject, f"{_TABLE}|subject_sealed", message.pk)
        message.body_sealed = self._seal(body, f"{_TABLE}|body_sealed", message.pk)

    def open(self, message: Message) -> tuple[str, str]:
        """Return a message's subject and body."""
        return (
            self._open(message.subject_sealed, f"{_TABLE}|subject_sealed", message.pk),
            self._open(message.body_sealed, f"{_TABLE}|body_sealed", message.pk),
        )

    def _seal(self, text: str, cell: str, row: UUID) -> bytes:
        if self._vault:
            return self._vault.seal(text, cell=cell, row=row)
        return crypto.seal(crypto.key_for("mail-to-users"), text.encode(), bound_to=f"{cell}|{row}")

    def _open(self, sealed: bytes | memoryview, cell: str, row: UUID) -> str:
        if self._vault:
            return self._vault.open(sealed, cell=cell, row=row)
        return crypto.unseal(crypto.key_for("mail-to-users"), sealed, bound_to=f"{cell}|{row}").decode()


def concerns(message: Message) -> UUID | None:
    """Return the person whose key seals a message, None for the system's."""
    return message.person_id or message.about_id
