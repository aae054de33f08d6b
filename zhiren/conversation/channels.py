"""The port through which messages leave: what a channel is given, and what it may answer.

A connector adds itself to `carriers`. Which of them carries mail is `settings.MAIL_CARRIER` ("smtp" unless set).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings

from zhiren.kernel.registry import Registry


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message ready to go. Nothing in a one-line field contains a line break.

    `html` shows the same words as `text`. `in_reply_to` is the Message-ID of the last message to the same receiver.
    """

    to_address: str
    to_name: str
    from_name: str
    reply_to: str
    subject: str
    text: str
    html: str
    message_id: str
    in_reply_to: str
    at: datetime
    automatic: bool
    language: str


class Refused(Exception):
    """The letter was certainly not taken. `problem` is a code (`words.PROBLEMS`), `detail` the other side's words."""

    def __init__(self, problem: str, *, permanent: bool, detail: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.permanent = permanent
        self.detail = detail


class Uncertain(Exception):
    """The connection broke after the letter was handed over and before the answer: it may have been taken."""


class Channel(Protocol):
    """A way to the outside."""

    def is_ready(self) -> bool:
        """Tell whether it is set up. Until it is, messages wait; nothing is lost."""

    def host(self) -> str:
        """Return the domain in whose name it sends, empty until it is set up."""

    def send(self, letter: Letter) -> None:
        """Hand a letter over; return once the other side has taken it.

        Raises:
            Refused: it was not taken.
            Uncertain: nobody knows.
        """


carriers: Registry[Channel] = Registry("carrier of messages")


def carrier_of(channel: str) -> Channel:
    """Return what carries a channel's messages in this installation."""
    return carriers[getattr(settings, "MAIL_CARRIER", "smtp") if channel == "mail" else channel]
