"""The base of every table."""

from typing import TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet

from zhiren.kernel.ids import new_id
from zhiren.kernel.refusals import NotFound

M = TypeVar("M", bound=models.Model)


class BaseModel(models.Model):
    """A row with a UUIDv7. A subclass says in its docstring what a row is and what in it is personal data."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


def one(rows: QuerySet[M], row_id: UUID | str) -> M:
    """Return the row with this id among those given; NotFound if there is none."""
    try:
        found = next(iter(rows.filter(pk=row_id)[:1]), None)
    except ValidationError as error:  # what is not even an id names nothing
        raise NotFound from error
    if found is None:
        raise NotFound
    return found
