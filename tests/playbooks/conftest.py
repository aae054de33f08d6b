"""Time that passes, and mail that stays in memory."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from zhiren.connectors.console.channel import ConsoleChannel, console
from zhiren.plumbing import clock, jobs, ticks


@pytest.fixture
def letters(settings: Any) -> Iterator[ConsoleChannel]:
    """Let the console's double carry the mail, and give it."""
    settings.MAIL_CARRIER = "console"
    console.letters.clear()
    yield console
    console.letters.clear()


@pytest.fixture
def until() -> Callable[[datetime], None]:
    """Return what lets time pass until a moment: what happened is told, what is due is done."""

    def pass_time(moment: datetime) -> None:
        with clock.travel(moment):
            jobs.run_due(moment)
            ticks.tick(moment)
            jobs.run_due(moment)

    return pass_time
