"""Numbers beside the entries of the menu: each app says which of its things wait for the reader.

Every page shows the menu, so all are counted in one query, and for whoever has the same rights it is made once.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from zhiren.kernel.actors import Actor, Reach
from zhiren.kernel.registry import Registry

Waiting = Callable[[Actor], QuerySet[Any, Any]]
_counts: Registry[Waiting] = Registry("menu count")
# Stands for the moment somebody looks, in what is compared with a column.
MOMENT = datetime.max.replace(tzinfo=UTC)


def counts(url_name: str) -> Callable[[Waiting], Waiting]:
    """Have the rows of `function(actor)` counted beside the entry of a page.

    What it returns is told by the rights of the actor alone; where the time counts, `MOMENT` stands for it.
    """

    def add(function: Waiting) -> Waiting:
        return _counts.add(url_name, function)

    return add


def counts_for(url_names: Iterable[str], actor: Actor, *, at: datetime) -> dict[str, int]:
    """Return the numbers beside the entries of pages, in one query; nothing for those where nobody counts."""
    counted = tuple(name for name in url_names if name in _counts)
    made = _made(counted, actor.user_id, actor.is_system, actor.roles, frozenset(actor.reaches.items()))
    if not made:
        return {}
    columns = ", ".join(f"(SELECT count(*) FROM ({sql}) waiting)" for _name, sql, _params in made)  # noqa: S608 - made by Django
    params = [at if value == MOMENT else value for _name, _sql, given in made for value in given]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", params)
        return dict(zip((name for name, _sql, _params in made), cursor.fetchone(), strict=True))


@lru_cache(maxsize=500)
def _made(
    url_names: tuple[str, ...],
    user_id: UUID | None,
    is_system: bool,
    roles: frozenset[str],
    reaches: frozenset[tuple[str, Reach]],
) -> list[tuple[str, str, tuple[Any, ...]]]:
    actor = Actor(user_id=user_id, label="", reaches=dict(reaches), roles=roles, is_system=is_system)
    found = []
    for name in url_names:
        try:
            sql, params = _counts[name](actor).query.sql_with_params()
        except EmptyResultSet:
            continue
        found.append((name, sql, params))
    return found
