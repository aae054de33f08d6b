"""What is told by the rights of an actor alone is made once for whoever has the same."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache, update_wrapper
from typing import Any, Generic, TypeVar, TypeVarTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import Aggregate, QuerySet, Value

from zhiren.kernel.actors import Actor, Rights
from zhiren.plumbing import statements

Sql = tuple[str, tuple[Any, ...]]
T = TypeVar("T")
More = TypeVarTuple("More")
# In a question made once, this stands for the moment somebody asks, and what is some time before or after it for as
# long before or after that moment.
MOMENT = datetime(9000, 1, 1, tzinfo=UTC)
_ABOUT_THE_MOMENT = MOMENT - timedelta(days=366_000)


class per_rights(Generic[T, *More]):  # noqa: N801 - a decorator
    """Keep what a function makes of an actor, such as a statement, for up to 500 combinations of rights.

    The function is given an actor without name, language and zone, and must look nothing up that may change; what else
    it is given tells combinations apart, too.
    """

    def __init__(self, function: Callable[[Actor, *More], T]) -> None:
        self._function = function
        self._kept = lru_cache(maxsize=500)(self._make)
        self.forget = self._kept.cache_clear
        update_wrapper(self, function)

    def __call__(self, actor: Actor, *more: *More) -> T:
        """Return what was made for these rights, else make it."""
        return self._kept(actor.rights, *more)

    def _make(self, rights: Rights, *more: *More) -> T:
        user_id, is_system, roles, reaches = rights
        actor = Actor(user_id, label="", reaches=dict(reaches), roles=roles, is_system=is_system)
        return self._function(actor, *more)


def sql_of(rows: QuerySet[Any, Any]) -> Sql | None:
    """Return a query as it is sent; None for one that finds nothing whatever there is."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None


def totals_of(rows: QuerySet[Any, Any], **wanted: Aggregate) -> Sql | None:
    """Return as a statement of one row what aggregates tell of a query; None if nothing is found whatever there is."""
    return sql_of(rows.order_by().values(every=Value(1)).annotate(**wanted).values_list(*wanted))


def answer(asked: Sql, at: datetime) -> list[tuple[Any, ...]]:
    """Return what the database answers to a question about `MOMENT` at a moment.

    It plans the question anew, for how many rows there are between two moments only the moments tell.
    """
    statement, values = asked
    return statements.rows_anew(statement, at_moment(values, at))


def at_moment(values: Iterable[Any], at: datetime) -> list[Any]:
    """Return the values of a statement with a moment in the place of `MOMENT`."""
    return [
        at + (value - MOMENT) if isinstance(value, datetime) and value > _ABOUT_THE_MOMENT else value
        for value in values
    ]
