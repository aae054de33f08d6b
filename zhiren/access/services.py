"""Every write to users and their rights."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction

from zhiren.access import permissions, queries
from zhiren.access.errors import LinkSpent, OwnRights, ScopeIncomplete, UserExists
from zhiren.access.events import RoleGranted, RoleRevoked, SignedInByLink, UserDisabled, UserInvited
from zhiren.access.models import Role, RoleGrant, Scope, SignInLink, User
from zhiren.kernel.actors import Actor
from zhiren.org import queries as org
from zhiren.people import employing
from zhiren.people import employment_queries as employments
from zhiren.people import queries as people
from zhiren.plumbing.crypto import token_digest
from zhiren.plumbing.models import one
from zhiren.timeline.services import record

LINK_LIFE = timedelta(hours=24)


@transaction.atomic
def invite_user(*, actor: Actor, at: datetime, email: str, name: str, **details: Any) -> User:
    """Create a user who can sign in by link until they choose a password. `details` are columns of User."""
    actor.require(permissions.MANAGE_USERS)
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise UserExists
    user = User(email=email, name=name, created_at=at, **details)
    user.set_unusable_password()
    user.save(force_insert=True)
    record(UserInvited(at=at, by=actor.user_id, user_id=user.pk))
    return user


@transaction.atomic
def invite_with_role(
    *,
    actor: Actor,
    at: datetime,
    role: str,
    scope: str,
    department_id: UUID | None = None,
    entity_id: UUID | None = None,
    **details: Any,
) -> tuple[User, str]:
    """Create a user with a role; return them and the secret of their one-time sign-in link."""
    user = invite_user(actor=actor, at=at, department_id=department_id, **details)
    grant_role(
        actor=actor,
        at=at,
        user_id=user.pk,
        role=role,
        scope=scope,
        department_id=department_id,
        entity_id=entity_id,
    )
    return user, make_sign_in_link(actor=actor, at=at, user_id=user.pk)


@transaction.atomic
def grant_role(
    *,
    actor: Actor,
    at: datetime,
    user_id: UUID,
    role: str,
    scope: str,
    department_id: UUID | None = None,
    entity_id: UUID | None = None,
) -> RoleGrant:
    """Give a user a role with a scope; giving it again changes nothing. Nobody raises their own rights."""
    actor.require(permissions.MANAGE_USERS)
    if actor.user_id == user_id:
        raise OwnRights
    user = queries.get_user(actor, user_id)
    department = org.department_by_id(department_id) if scope == Scope.DEPARTMENT and department_id else None
    entity = org.entity_by_id(entity_id) if scope == Scope.ENTITY and entity_id else None
    if (scope == Scope.DEPARTMENT and not department) or (scope == Scope.ENTITY and not entity):
        raise ScopeIncomplete
    grant, new = RoleGrant.objects.get_or_create(
        user=user, role=Role(role), scope=Scope(scope), department=department, entity=entity
    )
    if new:
        record(RoleGranted(at=at, by=actor.user_id, user_id=user.pk, role=role, scope=scope))
    return grant


@transaction.atomic
def link_employments(*, at: datetime, user: User) -> int:
    """Let a user sign in for the employments of the person who has their mail address; give them the employee's role.

    Return for how many they do now who did not before.
    """
    person = people.person_with_contact("mail", user.email)
    if person is None:
        return 0
    rows = [row.pk for row in employments.employments_of(person.pk) if row.user_id is None]
    linked = sum(employing.link_user(employment_id=pk, user_id=user.pk) for pk in rows)
    if linked:
        grant_role(actor=Actor.system("employment"), at=at, user_id=user.pk, role=Role.EMPLOYEE, scope=Scope.OWN)
    return linked


@transaction.atomic
def revoke_role(*, actor: Actor, at: datetime, grant_id: UUID) -> None:
    """Take a role from a user; it counts from their next request."""
    actor.require(permissions.MANAGE_USERS)
    grant = one(RoleGrant.objects.all(), grant_id)
    if actor.user_id == grant.user_id:
        raise OwnRights
    record(RoleRevoked(at=at, by=actor.user_id, user_id=grant.user_id, role=grant.role, scope=grant.scope))
    grant.delete()


@transaction.atomic
def disable_user(*, actor: Actor, at: datetime, user_id: UUID) -> User:
    """End a user's access, from their next request on."""
    actor.require(permissions.MANAGE_USERS)
    if actor.user_id == user_id:
        raise OwnRights
    user = queries.get_user(actor, user_id)
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    SignInLink.objects.filter(user=user, used_at__isnull=True).delete()
    record(UserDisabled(at=at, by=actor.user_id, user_id=user.pk))
    return user


@transaction.atomic
def change_preferences(*, user: User, language: str, zone: str) -> User:
    """Change how the user reads: language and time zone."""
    user.language, user.zone = language, zone
    user.save(update_fields=["language", "zone"])
    return user


def make_sign_in_link(*, actor: Actor, at: datetime, user_id: UUID) -> str:
    """Return the secret of a new link that signs the user in once, within a day."""
    actor.require(permissions.MANAGE_USERS)
    token = secrets.token_urlsafe(24)
    SignInLink.objects.create(user_id=user_id, digest=token_digest(token), expires_at=at + LINK_LIFE)
    return token


@transaction.atomic
def use_sign_in_link(*, token: str, at: datetime) -> User:
    """Return the user whom a link signs in, and spend it.

    Raises:
        LinkSpent: it is unknown, used, expired, or the user is disabled.
    """
    link = SignInLink.objects.select_for_update().select_related("user").filter(digest=token_digest(token)).first()
    if link is None or link.used_at or link.expires_at < at or not link.user.is_active:
        raise LinkSpent
    link.used_at = at
    link.save(update_fields=["used_at"])
    record(SignedInByLink(at=at, by=link.user_id, user_id=link.user_id))
    return link.user


@transaction.atomic
def create_administrator(*, at: datetime, email: str, name: str) -> str:
    """Make sure there is an administrator with this address and return the secret of a one-time sign-in link."""
    actor = Actor.system("command line")
    user = User.objects.filter(email=email.strip().lower()).first() or invite_user(
        actor=actor, at=at, email=email, name=name
    )
    grant_role(actor=actor, at=at, user_id=user.pk, role=Role.ADMINISTRATOR, scope=Scope.ALL)
    return make_sign_in_link(actor=actor, at=at, user_id=user.pk)


def forget_expired_sessions(at: datetime) -> None:
    """Delete sessions that have ended."""
    Session.objects.filter(expire_date__lt=at).delete()
