"""What is told by the rights of an actor alone is made once for whoever has the same."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from zhiren.kernel.actors import Actor, Reach

Sql = tuple[str, tuple[Any, ...]]
T = TypeVar("T")


def per_rights(function: Callable[[Actor], T]) -> Callable[[Actor], T]:
    """Keep what a function makes of an actor, such as a statement, for up to 500 combinations of rights.

    It is given an actor without name, language and zone, and must look nothing up that may change.
    """

    @lru_cache(maxsize=500)
    def kept(user_id: UUID | None, is_system: bool, roles: frozenset[str], reaches: frozenset[tuple[str, Reach]]) -> T:
        return function(Actor(user_id, label="", reaches=dict(reaches), roles=roles, is_system=is_system))

    @wraps(function)
    def asked(actor: Actor) -> T:
        return kept(actor.user_id, actor.is_system, actor.roles, frozenset(actor.reaches.items()))

    return asked


def sql_of(rows: QuerySet[Any, Any]) -> Sql | None:
    """Return a query as it is sent; None for one that finds nothing whatever there is."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None
