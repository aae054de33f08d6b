"""Attendance, for other programs: punches in, days with their reasons out."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field

from zhiren.attendance import exports, payroll, permissions, queries, services, showing, words
from zhiren.attendance.forms import day_in
from zhiren.attendance.models import TOTALS, DayRecord, Punch
from zhiren.plumbing import clock
from zhiren.plumbing.api import ActorRequest, PermRouter
from zhiren.plumbing.forms import FIRST_DAY, LAST_DAY
from zhiren.plumbing.routes import AnyUser

router = PermRouter(tags=["attendance"])
_ONES_OWN = AnyUser("everybody sees their own attendance; others' by attendance.view, asked in the query")
_USUAL_DAYS, _MOST_DAYS = 31, 366
_MOST_PEOPLE = 1000
_FIRST, _LAST = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (FIRST_DAY, LAST_DAY))


class PunchIn(Schema):
    """A punch. `key` names it: sent again with the same key, it is the same punch. `at` says its offset."""

    key: str = Field(min_length=1, max_length=75)
    badge: str = Field(min_length=1, max_length=64)
    at: AwareDatetime = Field(ge=_FIRST, le=_LAST)
    zone: str = Field(default="Asia/Shanghai", max_length=64)


class PunchesIn(Schema):
    """Up to a thousand punches of one legal entity's people."""

    entity_id: UUID
    punches: list[PunchIn] = Field(max_length=1000)


class TakenOut(Schema):
    """How many punches were new, how many known before, and how many of the new are of a badge that nobody has."""

    new: int
    known: int
    of_nobody: int


class DayOut(Schema):
    """A day: minutes by name, what was the matter (`flags` in the reader's language), first and last punch."""

    on: date
    is_final: bool
    flags: list[str]
    minutes: dict[str, int]
    first_in: datetime | None
    last_out: datetime | None


class PunchShownOut(Schema):
    """A punch of the day, where it came from, what to know of how it came, and what it was taken as."""

    at: datetime
    source: str
    notes: list[str]
    role: str
    is_ignored: bool


class PayrollLineOut(Schema):
    """What payroll gets of one person. `kind` is month (the closed month), period (comprehensive hours of a period that
    ended with it: overtime that is in no month), or adjustment (by how much either would differ by now)."""

    employment_id: UUID
    number: str
    name: str
    kind: str
    minutes: dict[str, int]
    days: dict[str, int]


class PayrollOut(Schema):
    """A closed month of a legal entity: `checksum` goes over its `days` and what was settled with it.

    `next` is `after` of the next page; empty on the last one.
    """

    region: str
    checksum: str
    days: int
    closed_at: datetime
    lines: list[PayrollLineOut]
    next: UUID | None


class ReasonsOut(Schema):
    """Why a day reads as it does, in the reader's language, and by which version of the rules."""

    day: DayOut | None
    sentences: list[str]
    punches: list[PunchShownOut]
    rules_version: int | None


@router.needing(permissions.MANAGE, "post", "/punches", response=TakenOut)
def create_punches(request: ActorRequest, given: PunchesIn) -> services.Taken:
    """Take punches; the days they touch are computed before the answer."""
    entity = services.entity_to_manage(request.actor, given.entity_id)
    at = clock.now()
    taken = services.take_punches(
        at=at,
        entity_id=entity.pk,
        punches=[
            services.Incoming(
                key=f"api:{entity.pk}:{one.key}",
                at=one.at,
                zone=services.known_zone(one.zone),
                source=Punch.Source.API.value,
                badge=one.badge,
            )
            for one in given.punches
        ],
    )
    services.compute_now(at=at, taken=taken)
    return taken


@router.needing(_ONES_OWN, "get", "/people/{employment_id}/days", response=list[DayOut])
def list_days(
    request: ActorRequest, employment_id: UUID, since: date | None = None, until: date | None = None
) -> list[dict[str, Any]]:
    """List somebody's days from a date to another, at most a year; without dates those of the last month."""
    employment = queries.get_employment(request.actor, employment_id)
    last = min(max(until or clock.now().date(), FIRST_DAY), LAST_DAY)
    first = max(since or last - queries.DAY * _USUAL_DAYS, last - queries.DAY * _MOST_DAYS)
    rows = queries.days_of(employment.pk, first, last)
    return [_day(rows[on]) for on in sorted(rows)]


@router.needing(_ONES_OWN, "get", "/people/{employment_id}/days/{on}", response=ReasonsOut)
def get_day(request: ActorRequest, employment_id: UUID, on: date) -> dict[str, Any]:
    """Show one day of somebody, and why it reads as it does."""
    employment = queries.get_employment(request.actor, employment_id)
    shown = showing.day(employment, day_in(on.isoformat()), clock.now())
    found = shown.reasons
    return {
        "day": _day(shown.record) if shown.record else None,
        "sentences": [one.text for one in found.sentences] if found else [],
        "punches": [
            {
                "at": one.at,
                "source": one.origin.label,
                "notes": one.origin.notes,
                "role": str(one.role),
                "is_ignored": one.is_ignored,
            }
            for one in (found.punches if found else [])
        ],
        "rules_version": found.rules_version if found else None,
    }


@router.needing(permissions.MANAGE, "get", "/entities/{entity_id}/months/{month}/payroll", response=PayrollOut)
def get_payroll(request: ActorRequest, entity_id: UUID, month: str, after: UUID | None = None) -> dict[str, Any]:
    """Hand out a closed month such as 2026-11 for payroll: the rows of the CSV, a thousand people at a time.

    They come by staff number.
    """
    first = day_in(f"{month}-01")
    found = exports.payroll_of(actor=request.actor, entity_id=entity_id, month=first, after=after)
    lines: list[payroll.Line] = []
    people: set[UUID] = set()
    following = None
    for line in found.lines:
        if line.employment_id not in people and len(people) == _MOST_PEOPLE:
            following = lines[-1].employment_id
            break
        people.add(line.employment_id)
        lines.append(line)
    exports.note_handed_out(actor=request.actor, at=clock.now(), month=first, people=len(people))
    return {
        "region": found.region,
        "checksum": found.period.checksum,
        "days": found.period.days,
        "closed_at": found.period.closed_at,
        "lines": lines,
        "next": following,
    }


def _day(row: DayRecord) -> dict[str, Any]:
    return {
        "on": row.on,
        "is_final": row.is_final,
        "flags": [str(label) for label in words.flags_of(row.flags)],
        "minutes": {name: getattr(row, name) for name in TOTALS},
        "first_in": row.first_in,
        "last_out": row.last_out,
    }
