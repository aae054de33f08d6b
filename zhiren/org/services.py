"""Every write to the company's structure."""

from typing import TypeVar

from django.db import IntegrityError, transaction

from zhiren.kernel.actors import Actor
from zhiren.org import permissions, queries
from zhiren.org.errors import NameTaken, OwnAncestor
from zhiren.org.models import Branch, Company, Department, Entity, Grade, Position

T = TypeVar("T", Entity, Branch, Department, Grade, Position)


@transaction.atomic
def save_company(*, actor: Actor, **values: str) -> Company:
    """Set up the company, or change it: `name`, `name_en`, `zone`, `region`, `introduction`, `introduction_en`."""
    actor.require(permissions.MANAGE)
    found, _new = Company.objects.update_or_create(singleton=True, defaults=values)
    return found


@transaction.atomic
def save(*, actor: Actor, row: T) -> T:
    """Add or change an entity, a branch, a department, a grade or a position.

    Raises:
        NameTaken: there is one of this name beside it.
        OwnAncestor: a department would lie below itself.
    """
    actor.require(permissions.MANAGE)
    if isinstance(row, Department) and row.parent_id in queries.departments_below([row.pk]).get(row.pk, ()):
        raise OwnAncestor
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise NameTaken from error
    return row
