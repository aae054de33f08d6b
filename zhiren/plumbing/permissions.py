"""The permissions there are. Each app declares its own; `access` says which role has which."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from zhiren.kernel.actors import Reach
from zhiren.kernel.registry import Registry


@dataclass(frozen=True)
class Permission:
    """Something a role may be allowed to do; `label` is a lazy translation."""

    name: str
    label: Any


_permissions: Registry[Permission] = Registry("permission")


def permission(name: str, label: Any) -> str:
    """Declare a permission and return its name."""
    return _permissions.add(name, Permission(name, label)).name


def known_permissions() -> dict[str, Permission]:
    """Return every permission of the system by name."""
    return dict(_permissions.items())


def within(reach: Reach, *, own: Q, department: str = "department", entity: str = "entity") -> Q:
    """Return the condition for the rows that a reach covers; nothing when it covers none.

    `department` and `entity` are the paths of the foreign keys; `own` says what makes a row one's own.
    """
    if reach.everything:
        return Q()
    condition = Q(pk__in=[])
    if reach.own:
        condition |= own
    if reach.departments:
        condition |= Q(**{f"{department}__in": reach.departments})
    if reach.entities:
        condition |= Q(**{f"{entity}__in": reach.entities})
    return condition
