"""The console's doubles of mail servers and authorization servers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from zhiren.connectors.console import mailboxes
from zhiren.connectors.console.mailboxes import ConsoleOffice, ConsolePostman


@pytest.fixture
def postman(settings: Any) -> Iterator[ConsolePostman]:
    """Let the console's double keep the mailboxes, and give it."""
    settings.MAIL_POSTMAN = "console"
    mailboxes.postman.empty()
    yield mailboxes.postman
    mailboxes.postman.empty()


@pytest.fixture
def office(postman: ConsolePostman) -> Iterator[ConsoleOffice]:
    """Let the console's double give the tokens, and give it."""
    mailboxes.office.empty()
    yield mailboxes.office
    mailboxes.office.empty()
