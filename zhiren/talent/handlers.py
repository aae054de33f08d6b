"""What search does when something happened: the entry of the person is made anew."""

from zhiren.conversation.events import MessageQueued
from zhiren.kernel.events import Event
from zhiren.people.events import (
    CorrectionWithdrawn,
    MergeUndone,
    NoteWritten,
    PersonAdded,
    PersonChanged,
    PersonsMerged,
    ResumeCorrected,
    ResumeParsed,
    ResumeReread,
)
from zhiren.recruiting.events import ApplicationReceived
from zhiren.talent import services
from zhiren.timeline import on


@on(
    PersonAdded,
    PersonChanged,
    PersonsMerged,
    MergeUndone,
    ResumeParsed,
    ResumeCorrected,
    CorrectionWithdrawn,
    ResumeReread,
    NoteWritten,
    ApplicationReceived,
)
def index(event: Event) -> None:
    """Have the entry of whom it is about made anew."""
    if event.person_id:
        services.note_stale(person_id=event.person_id)


@on(MessageQueued)
def index_message(event: MessageQueued) -> None:
    """Have what somebody wrote by hand found; what templates say to everybody is not."""
    if event.person_id and not event.automatic:
        services.note_stale(person_id=event.person_id)
