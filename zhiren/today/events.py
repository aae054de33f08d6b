"""What happened to follow-ups."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhiren.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class FollowUpOpened(Event):
    """Somebody is to be followed up. `key` is given by whoever opened it; `source` is "playbook:<key>" or "by hand"."""

    name = "today.follow_up.opened"
    follow_up_id: UUID
    application_id: UUID | None
    owner_id: UUID
    key: str
    source: str


@dataclass(frozen=True, kw_only=True)
class FollowUpDone(Event):
    """It was taken care of. `how` is "by_hand" when somebody says so, "by_event" when something else shows it."""

    name = "today.follow_up.done"
    follow_up_id: UUID
    application_id: UUID | None
    owner_id: UUID
    key: str
    source: str
    how: str


@dataclass(frozen=True, kw_only=True)
class FollowUpReopened(Event):
    """It was not done after all: somebody took it back."""

    name = "today.follow_up.reopened"
    follow_up_id: UUID
    application_id: UUID | None
    key: str


@dataclass(frozen=True, kw_only=True)
class FollowUpSnoozed(Event):
    """It waits until a later moment."""

    name = "today.follow_up.snoozed"
    follow_up_id: UUID
    application_id: UUID | None
    key: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class FollowUpHandedOver(Event):
    """Somebody else does it from now on."""

    name = "today.follow_up.handed_over"
    follow_up_id: UUID
    application_id: UUID | None
    key: str
    from_id: UUID
    to_id: UUID
