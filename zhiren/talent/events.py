"""What happened in search."""

from dataclasses import dataclass

from zhiren.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ContactSearched(Event):
    """Somebody typed a whole phone number or address, and it was this person's. `kind` is phone or mail."""

    name = "talent.contact.searched"
    kind: str
