"""What comes with the system as rows: brought in, and kept up to date, whenever the tables were brought up to date."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from zhiren.kernel.registry import Registry
from zhiren.plumbing import clock

Seed = Callable[[datetime], None]
_seeds: Registry[Seed] = Registry("seed")


def comes_along(function: Seed) -> Seed:
    """Have `function(at)` called after every migration. Twice is as good as once; what people changed stays theirs."""
    return _seeds.add(f"{function.__module__}.{function.__qualname__}", function)


def bring_in(**_given: Any) -> None:
    """Bring in what comes along, app by app."""
    for seed in _seeds.values():
        seed(clock.now())
