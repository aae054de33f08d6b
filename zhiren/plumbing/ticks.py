"""What the passing of time brings: every app adds its own, the worker (or a test, or the demo) says what time it is."""

from collections.abc import Callable
from datetime import datetime

import structlog

from zhiren.kernel.registry import Registry

Tick = Callable[[datetime], None]
_ticks: Registry[Tick] = Registry("tick")
log = structlog.get_logger(__name__)


def on_tick(function: Tick) -> Tick:
    """Have `function(at)` called about once a minute. It must be safe to run twice, and quick when nothing is due."""
    return _ticks.add(f"{function.__module__}.{function.__qualname__}", function)


def tick(at: datetime) -> None:
    """Do all that is due at `at`. One that fails does not stop the others; the first failure is raised at the end."""
    failure: Exception | None = None
    for name, function in _ticks.items():
        try:
            function(at)
        except Exception as error:  # every app gets its turn; the failure is raised below
            log.exception("tick_failed", tick=name)
            failure = failure or error
    if failure:
        raise failure
