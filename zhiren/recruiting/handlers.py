"""What recruiting does when something happened."""

from zhiren.people.events import PersonChanged
from zhiren.recruiting import intake
from zhiren.timeline import on


@on(PersonChanged)
def forget_hint(event: PersonChanged) -> None:
    """Once somebody has corrected the name, nobody needs to check it any more."""
    if event.person_id and "name" in event.fields:
        intake.forget_hint(person_id=event.person_id)
