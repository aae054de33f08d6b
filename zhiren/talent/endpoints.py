"""Search, for other programs."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Query, Schema

from zhiren.plumbing import clock
from zhiren.plumbing.api import ActorRequest, PermRouter
from zhiren.talent import permissions, queries
from zhiren.talent.queries import Row, Search

router = PermRouter(tags=["search"])
_ZONES: dict[str, Literal["resume", "note", "message", ""]] = {"t": "resume", "n": "note", "s": "message"}


class CutOut(Schema):
    """A piece of text; `is_hit` is what was looked for."""

    text: str
    is_hit: bool


class HitOut(Schema):
    """A person found. `found_in` says where `snippet` was cut out: resume, note, message, or nothing."""

    id: UUID
    name: str
    headline: str
    city: str
    degree: str
    years: int | None
    skills: list[str]
    tags: list[str]
    created_at: datetime
    found_in: str
    snippet: list[CutOut]


class HitsOut(Schema):
    """Some hits, and the cursor for the next ones; empty at the end."""

    items: list[HitOut]
    next: str


class SearchIn(Schema):
    """What to look for. Several values of a filter mean any of them; several skills or tags mean all."""

    q: str = ""
    city: list[str] = []
    degree: list[str] = []
    years: list[str] = []
    skill: list[str] = []
    tag: list[str] = []
    stage: list[str] = []
    opening: list[UUID] = []
    source: list[str] = []
    sort: Literal["newest", "best"] = "newest"


@router.needing(permissions.SEARCH, "get", "", response=HitsOut)
def search(
    request: ActorRequest, wanted: Query[SearchIn], after: str = "", size: int = queries.ROWS
) -> dict[str, object]:
    """Find persons you may see by their names, résumés, notes and messages. At most 100 at a time.

    `q`: several words mean all of them; `OR` between two, `-` before what must not be there, quotes around exact words.
    """
    given = wanted.dict()
    filters = {name: tuple(str(value) for value in given[name][:20]) for name in queries.FILTERS if given[name]}
    hits = queries.page_of(
        request.actor,
        Search(text=wanted.q[:200].replace("\0", ""), filters=filters, sort=wanted.sort),
        at=clock.now(),
        after=after,
        size=max(1, min(size, 100)),
    )
    return {"items": [_hit(row) for row in hits.rows], "next": hits.after}


def _hit(row: Row) -> HitOut:
    person = row.person
    return HitOut(
        id=person.id,
        name=person.name,
        headline=person.headline,
        city=person.city,
        degree=person.degree,
        years=person.years,
        skills=person.skills,
        tags=person.tags,
        created_at=person.created_at,
        found_in=_ZONES.get(row.zone, ""),
        snippet=[CutOut(text=cut.text, is_hit=cut.is_hit) for cut in row.snippet],
    )
