"""Numbers beside the entries of the menu: each app says which of its things wait for the reader.

Every page shows the menu, so all are counted in one query, and for whoever has the same rights it is made once.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from zhiren.kernel.actors import Actor
from zhiren.kernel.registry import Registry
from zhiren.plumbing import statements
from zhiren.plumbing.rights import Sql, at_moment, per_rights, sql_of

Waiting = Callable[[Actor], QuerySet[Any, Any]]
_counts: Registry[Waiting] = Registry("menu count")


def counts(url_name: str) -> Callable[[Waiting], Waiting]:
    """Have the rows of `function(actor)` counted beside the entry of a page.

    What it returns is told by the rights of the actor alone; where the time counts, `rights.MOMENT` stands for it.
    """

    def add(function: Waiting) -> Waiting:
        return _counts.add(url_name, function)

    return add


def counts_for(url_names: Iterable[str], actor: Actor, *, at: datetime) -> dict[str, int]:
    """Return the numbers beside the entries of pages, in one query; nothing for those where nobody counts."""
    counted = _statements(actor)
    made = [(name, *counted[name]) for name in url_names if name in counted]
    if not made:
        return {}
    columns = ", ".join(f"(SELECT count(*) FROM ({sql}) waiting)" for _name, sql, _params in made)  # noqa: S608 - made by Django
    params = at_moment((value for _name, _sql, given in made for value in given), at)
    answer = statements.rows(f"SELECT {columns}", params)[0]
    return dict(zip((name for name, _sql, _params in made), answer, strict=True))


@per_rights
def _statements(actor: Actor) -> dict[str, Sql]:
    made = {name: sql_of(function(actor)) for name, function in _counts.items()}
    return {name: sql for name, sql in made.items() if sql}
