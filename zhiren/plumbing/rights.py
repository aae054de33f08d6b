"""What is told by the rights of an actor alone is made once for whoever has the same."""

from collections.abc import Callable
from functools import lru_cache, update_wrapper
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from zhiren.kernel.actors import Actor, Reach

Sql = tuple[str, tuple[Any, ...]]
T = TypeVar("T")


class per_rights(Generic[T]):  # noqa: N801 - a decorator
    """Keep what a function makes of an actor, such as a statement, for up to 500 combinations of rights.

    The function is given an actor without name, language and zone, and must look nothing up that may change.
    """

    def __init__(self, function: Callable[[Actor], T]) -> None:
        self._function = function
        self._kept = lru_cache(maxsize=500)(self._make)
        self.forget = self._kept.cache_clear
        update_wrapper(self, function)

    def __call__(self, actor: Actor) -> T:
        """Return what was made for these rights, else make it."""
        return self._kept(actor.user_id, actor.is_system, actor.roles, frozenset(actor.reaches.items()))

    def _make(
        self, user_id: UUID | None, is_system: bool, roles: frozenset[str], reaches: frozenset[tuple[str, Reach]]
    ) -> T:
        return self._function(Actor(user_id, label="", reaches=dict(reaches), roles=roles, is_system=is_system))


def sql_of(rows: QuerySet[Any, Any]) -> Sql | None:
    """Return a query as it is sent; None for one that finds nothing whatever there is."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None
