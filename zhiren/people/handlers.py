"""What happens to persons' records when something happened."""

from zhiren.kernel.events import Event
from zhiren.people import jobs
from zhiren.people.events import MergeUndone, NoteWritten, PersonAdded, PersonChanged, PersonsMerged, ResumeParsed
from zhiren.timeline import on


@on(PersonAdded, PersonChanged, ResumeParsed, NoteWritten, PersonsMerged, MergeUndone)
def find_duplicates(event: Event) -> None:
    """Look who may be the same, in the background. Twice is as good as once."""
    if event.person_id:
        jobs.find_duplicates.defer(person_id=str(event.person_id))
