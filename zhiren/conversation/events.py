"""What happened to messages and promises.

The person of an event is whom the message went to or, when it went to a colleague (`to_user_id`), whom it is about.
`template` is the template's key, empty for what somebody wrote by hand.
"""

from dataclasses import dataclass
from uuid import UUID

from zhiren.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class _MessageEvent(Event):
    message_id: UUID
    channel: str
    automatic: bool
    template: str
    application_id: UUID | None = None
    to_user_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class MessageQueued(_MessageEvent):
    """A message is to be sent."""

    name = "conversation.message.queued"


@dataclass(frozen=True, kw_only=True)
class MessageSent(_MessageEvent):
    """A message was taken by the other side's server, or somebody made sure that it was."""

    name = "conversation.message.sent"


@dataclass(frozen=True, kw_only=True)
class MessageFailed(_MessageEvent):
    """A message will not be sent; `problem` is the reason's code."""

    name = "conversation.message.failed"
    problem: str


@dataclass(frozen=True, kw_only=True)
class MessageUncertain(_MessageEvent):
    """Nobody knows whether a message went out, and it must not go out twice: somebody has to decide."""

    name = "conversation.message.uncertain"


@dataclass(frozen=True, kw_only=True)
class TemplateChanged(Event):
    """A template got a new version in one language."""

    name = "conversation.template.changed"
    template: str
    language: str
    number: int


@dataclass(frozen=True, kw_only=True)
class _PromiseEvent(Event):
    promise_id: UUID
    what: str
    application_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class PromiseMade(_PromiseEvent):
    """A person was told a date by which they hear from us."""

    name = "conversation.promise.made"


@dataclass(frozen=True, kw_only=True)
class PromiseKept(_PromiseEvent):
    """The person heard from us; `late` when the date had passed."""

    name = "conversation.promise.kept"
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class PromiseBroken(_PromiseEvent):
    """The date passed and the person had not heard from us. `at` is that date."""

    name = "conversation.promise.broken"
