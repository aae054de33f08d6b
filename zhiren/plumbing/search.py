"""What the search over everything finds: each app adds what it knows, and looks only where the actor may."""

from collections.abc import Callable
from dataclasses import dataclass

from zhiren.kernel.actors import Actor
from zhiren.kernel.registry import Registry


@dataclass(frozen=True)
class Hit:
    """One thing found. `kind` is a short word for the group it stands in; `icon` is a Lucide name."""

    title: str
    subtitle: str
    url: str
    icon: str
    kind: str


Provider = Callable[[Actor, str], list[Hit]]
_providers: Registry[Provider] = Registry("search provider")


def finds(function: Provider) -> Provider:
    """Have `function(actor, text)` asked by the search: at most eight hits, best first, in one or two queries."""
    return _providers.add(f"{function.__module__}.{function.__qualname__}", function)


def search(actor: Actor, text: str) -> list[Hit]:
    """Return what every app finds for a text that is not blank, in the order in which the apps were added."""
    text = text.strip()
    return [hit for provider in _providers.values() for hit in provider(actor, text)] if text else []
