"""What counts as the word that was promised."""

from zhiren.conversation import services
from zhiren.conversation.events import MessageSent
from zhiren.people.events import NoteWritten
from zhiren.timeline import on


@on(MessageSent)
def keep_promises_by_message(event: MessageSent) -> None:
    """Whoever was written to has heard from us, unless the message says nothing about the next step."""
    services.keep_promises_by_message(message_id=event.message_id, at=event.at)


@on(NoteWritten)
def keep_promises_by_call(event: NoteWritten) -> None:
    """Whoever was called has heard from us."""
    if event.kind == "call" and event.person_id:
        services.keep_promises(at=event.at, person_id=event.person_id, application_id=None)
