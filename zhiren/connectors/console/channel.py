"""A channel that collects letters in memory and notes each in the log, without its words."""

from collections import deque

import structlog

from zhiren.connectors.console import mailboxes as mailboxes  # its doubles add themselves
from zhiren.connectors.console import platforms as platforms
from zhiren.conversation.channels import Letter, Refused, Uncertain, carriers

log = structlog.get_logger(__name__)


class ConsoleChannel:
    """Collects letters. `answers` holds what it does with the next ones: None takes it, an exception is raised."""

    def __init__(self) -> None:
        self.letters: deque[Letter] = deque(maxlen=1000)
        self.answers: deque[Refused | Uncertain | None] = deque()

    def is_ready(self) -> bool:
        """It always is."""
        return True

    def host(self) -> str:
        """Return a name that never resolves."""
        return "console.invalid"

    def send(self, letter: Letter) -> None:
        """Keep the letter, or answer as told."""
        answer = self.answers.popleft() if self.answers else None
        if answer:
            raise answer
        self.letters.append(letter)
        log.info("letter_collected", message_id=letter.message_id, characters=len(letter.text))


console = ConsoleChannel()
carriers.add("console", console)
