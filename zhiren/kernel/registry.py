"""A port's list of what fills it."""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Named things that apps add at start-up and an app below them looks up.

    >>> channels: Registry[str] = Registry("channel")
    >>> channels.add("mail", "by post")
    'by post'
    >>> channels["mail"]
    'by post'
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._items: dict[str, T] = {}

    def add(self, key: str, item: T) -> T:
        """Add `item` and return it; ValueError if the name is taken by another."""
        if self._items.get(key, item) != item:
            raise ValueError(f"{self._what} {key!r} is registered twice")
        self._items[key] = item
        return item

    def __getitem__(self, key: str) -> T:
        try:
            return self._items[key]
        except KeyError:
            raise KeyError(
                f"no {self._what} called {key!r}; known: {', '.join(sorted(self._items)) or 'none'}"
            ) from None

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def values(self) -> Iterator[T]:
        """Return what was added, in the order in which it was."""
        return iter(self._items.values())

    def items(self) -> Iterator[tuple[str, T]]:
        """Return name and thing, in the order in which they were added."""
        return iter(self._items.items())
