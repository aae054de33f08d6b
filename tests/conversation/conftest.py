"""Mail that stays in memory."""

from collections.abc import Iterator
from typing import Any

import pytest

from zhiren.connectors.console.channel import ConsoleChannel, console


@pytest.fixture
def letters(settings: Any) -> Iterator[ConsoleChannel]:
    """Let the console's double carry the mail, and give it."""
    settings.MAIL_CARRIER = "console"
    console.letters.clear()
    console.answers.clear()
    yield console
    console.letters.clear()
    console.answers.clear()
