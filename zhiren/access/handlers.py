"""What access does about events: whoever is employed and signs in by the same mail address is the same."""

from zhiren.access import queries, services
from zhiren.access.events import UserInvited
from zhiren.people import queries as people
from zhiren.people.events import PersonEmployed
from zhiren.timeline import on


@on(PersonEmployed)
def link_the_employed(event: PersonEmployed) -> None:
    """Link the user who has the newcomer's mail address. Twice is as good as once."""
    address = people.address_of(event.person_id) if event.person_id else None
    user = queries.user_with_mail(address) if address else None
    if user:
        services.link_employments(at=event.at, user=user)


@on(UserInvited)
def link_the_invited(event: UserInvited) -> None:
    """Link the employment of the person who has the new user's mail address. Twice is as good as once."""
    user = queries.users_by_id([event.user_id]).get(event.user_id)
    if user:
        services.link_employments(at=event.at, user=user)
