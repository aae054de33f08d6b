"""Persons, for other programs."""

from datetime import datetime
from uuid import UUID

from ninja import Schema

from zhiren.people import permissions, queries
from zhiren.people.models import Person
from zhiren.plumbing.api import ActorRequest, PermRouter
from zhiren.plumbing.paging import keyset_page

router = PermRouter(tags=["people"])


class PersonOut(Schema):
    """A person without contacts: those are shown on the page, one by one, and it is noted who looked."""

    id: UUID
    name: str
    headline: str
    city: str
    degree: str
    years: int | None
    skills: list[str]
    tags: list[str]
    language: str
    is_key: bool
    created_at: datetime


class PersonsOut(Schema):
    """Some persons, and the cursor for the next ones; empty at the end."""

    items: list[PersonOut]
    next: str


@router.needing(permissions.VIEW, "get", "", response=PersonsOut)
def list_persons(request: ActorRequest, name: str = "", after: str = "", size: int = 50) -> dict[str, object]:
    """List the persons you may see, newest first, at most 200; `name` takes characters, pinyin or initials."""
    rows = queries.persons_visible_to(request.actor)
    if name.strip():
        rows = rows.filter(queries.name_condition(name))
    page = keyset_page(rows, order=("-created_at", "-id"), after=after, size=max(1, min(size, 200)))
    return {"items": list(page.rows), "next": page.next_cursor}


@router.needing(permissions.VIEW, "get", "/{person_id}", response=PersonOut)
def get_person(request: ActorRequest, person_id: UUID) -> Person:
    """Show one person."""
    return queries.get_person(request.actor, person_id)
