"""What happened to users' access."""

from dataclasses import dataclass
from uuid import UUID

from zhiren.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class UserInvited(Event):
    """A user was created."""

    name = "access.user.invited"
    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class RoleGranted(Event):
    """A user was given a role."""

    name = "access.role.granted"
    user_id: UUID
    role: str
    scope: str


@dataclass(frozen=True, kw_only=True)
class RoleRevoked(Event):
    """A role was taken from a user."""

    name = "access.role.revoked"
    user_id: UUID
    role: str
    scope: str


@dataclass(frozen=True, kw_only=True)
class UserDisabled(Event):
    """A user may no longer sign in."""

    name = "access.user.disabled"
    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class SignedInByLink(Event):
    """A one-time link was used."""

    name = "access.user.signed_in_by_link"
    user_id: UUID
