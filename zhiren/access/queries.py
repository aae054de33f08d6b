"""Read users and what they may do."""

from collections.abc import Iterable
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.utils.translation import get_language

from zhiren.access import permissions
from zhiren.access.models import RoleGrant, User
from zhiren.access.rules import Grant, reaches
from zhiren.kernel.actors import Actor
from zhiren.org import queries as org
from zhiren.plumbing import statements
from zhiren.plumbing.models import one
from zhiren.plumbing.user_names import namers

# Every request asks these. Each column of a user is called what its attribute is.
_COLUMNS = [column.attname for column in User._meta.concrete_fields]  # noqa: SLF001 - documented
_ONE = f"SELECT {', '.join(_COLUMNS)} FROM access_user WHERE id = %s"  # noqa: S608 - ours
_GRANTS = "SELECT role, scope, department_id, entity_id FROM access_rolegrant WHERE user_id = %s"


def actor_of(user: User) -> Actor:
    """Return the actor that a user is now: one query for the grants, one more if a department is among them."""
    if not user.is_active:
        return Actor.nobody()
    rows = statements.rows(_GRANTS, [user.pk])
    trees = org.departments_below([department_id for _role, _scope, department_id, _entity_id in rows if department_id])
    return Actor(
        user_id=user.pk,
        label=user.email,
        reaches=reaches(
            tuple(
                Grant(role, scope, trees[department_id] if department_id else frozenset(), entity_id)
                for role, scope, department_id, entity_id in rows
            )
        ),
        roles=frozenset(role for role, *_reach in rows),
        zone=user.zone,
        language=user.language,
    )


def actor_of_id(user_id: UUID) -> Actor:
    """Return the actor that a user is now; nobody if there is no such user."""
    user = user_by_id(user_id)
    return actor_of(user) if user else Actor.nobody()


def user_by_id(user_id: UUID) -> User | None:
    """Return a user, whoever asks: for whom a session or a job acts."""
    for values in statements.rows(_ONE, [user_id]):
        return User.from_db(DEFAULT_DB_ALIAS, _COLUMNS, values)
    return None


def user_with_mail(address: str) -> User | None:
    """Return the active user who signs in with a mail address, whoever asks: for handlers."""
    return User.objects.filter(email=address.strip().lower(), is_active=True).first()


def users_visible_to(actor: Actor) -> QuerySet[User]:
    """Return the users an administrator manages."""
    return User.objects.all() if actor.may(permissions.MANAGE_USERS) else User.objects.none()


def get_user(actor: Actor, user_id: UUID) -> User:
    """Return one user to manage; NotFound otherwise."""
    return one(users_visible_to(actor), user_id)


def colleagues(actor: Actor) -> QuerySet[User]:
    """Return the active users: whoever is signed in may choose among them (owners, interviewers), by name and title."""
    return (
        User.objects.filter(is_active=True).order_by("name", "id")
        if actor.user_id or actor.is_system
        else User.objects.none()
    )


def users_by_id(user_ids: Iterable[UUID]) -> dict[UUID, User]:
    """Return users by id, for showing who did something."""
    return User.objects.in_bulk([user_id for user_id in user_ids if user_id])


def managers_of(user_id: UUID) -> list[UUID]:
    """Return whom an escalation about this user's work goes to: their manager, else every HR manager."""
    manager = User.objects.filter(pk=user_id).values_list("manager_id", flat=True).first()
    if manager:
        return [manager]
    rows = RoleGrant.objects.filter(role="hr_manager", user__is_active=True).exclude(user_id=user_id)
    return list(rows.values_list("user_id", flat=True).distinct())


def names_of_users(user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what users are called in the current language."""
    english = get_language() == "en"
    rows = User.objects.filter(pk__in=list(user_ids)).values_list("pk", "name", "name_en")
    return {pk: (name_en if english else "") or name for pk, name, name_en in rows}


namers.add("access", names_of_users)
