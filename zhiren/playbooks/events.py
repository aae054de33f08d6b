"""What happened to playbooks. What they did shows in the events of those whose services they called."""

from dataclasses import dataclass
from uuid import UUID

from zhiren.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PlaybookChanged(Event):
    """A playbook got a new version; runs that began keep the version they began with."""

    name = "playbooks.playbook.changed"
    playbook_id: UUID
    number: int


@dataclass(frozen=True, kw_only=True)
class PlaybookSwitched(Event):
    """A playbook was switched on or off."""

    name = "playbooks.playbook.switched"
    playbook_id: UUID
    is_on: bool
