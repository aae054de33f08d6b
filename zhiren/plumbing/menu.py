"""Numbers beside the entries of the menu: each app says how many of its things wait for the reader."""

from collections.abc import Callable

from zhiren.kernel.actors import Actor
from zhiren.kernel.registry import Registry

Count = Callable[[Actor], int]
_counts: Registry[Count] = Registry("menu count")


def counts(url_name: str) -> Callable[[Count], Count]:
    """Have `function(actor)` asked for the number beside the entry of a page: one cheap query."""

    def add(function: Count) -> Count:
        return _counts.add(url_name, function)

    return add


def count_for(url_name: str, actor: Actor) -> int:
    """Return the number beside a page's entry; zero where nobody counts."""
    return _counts[url_name](actor) if url_name in _counts else 0
