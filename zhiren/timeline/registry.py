"""Which handlers want which events."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from zhiren.kernel.events import Event

E = TypeVar("E", bound=Event)
Handler = Callable[[Any], None]
_handlers: dict[str, dict[str, Handler]] = defaultdict(dict)
_for_all: dict[str, Handler] = {}


def on(*kinds: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Have a function called with every event of these kinds, after its transaction, until it succeeds.

    Each (event, handler) pair is done once, in a transaction of its own; a failing one blocks no other and is tried
    again. With no kind named, the function gets every event.
    """

    def wrap(function: Callable[[E], None]) -> Callable[[E], None]:
        name = f"{function.__module__}.{function.__qualname__}"
        if not kinds:
            _for_all[name] = function
        for kind in kinds:
            _handlers[kind.name][name] = function
        return function

    return wrap


def handlers_of(event_name: str) -> dict[str, Handler]:
    """Return the handlers of an event by their full names."""
    return {**_for_all, **_handlers.get(event_name, {})}
