"""Every write to employments: employ somebody, place them elsewhere, note their last day."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.formats import date_format

from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import Forbidden
from zhiren.org import queries as org
from zhiren.people import employment_queries, permissions, queries, services
from zhiren.people.errors import (
    BadgeTaken,
    EmployedAlready,
    ManagedInACircle,
    NotEmployedThen,
    NumberTaken,
    PlacementMismatched,
)
from zhiren.people.events import EmploymentEnded, EmploymentIdentified, EmploymentTransferred, PersonEmployed
from zhiren.people.models import Employment, Placement
from zhiren.people.services import PersonFacts
from zhiren.plumbing.models import one
from zhiren.timeline.services import record

_PLACED = ("department_id", "position_id", "branch_id", "manager_id")
# The day begins in the east first: by this much a place of work can be ahead of UTC.
_EASTERNMOST = timedelta(hours=14)


@transaction.atomic
def employ(
    *,
    actor: Actor,
    at: datetime,
    person_id: UUID,
    department_id: UUID,
    from_on: date,
    to_on: date | None = None,
    position_id: UUID | None = None,
    branch_id: UUID | None = None,
    manager_id: UUID | None = None,
    number: str = "",
    badge: str = "",
    worked_since: date | None = None,
    user_id: UUID | None = None,
) -> Employment:
    """Employ a person in the legal entity of a department. `manager_id` is an employment, of whichever entity.

    Raises:
        EmployedAlready: the entity employs the person on some of these days.
        NumberTaken, BadgeTaken: somebody else has this staff number, or this badge.
        PlacementMismatched: position or place belong elsewhere.
    """
    placed = {
        "department_id": department_id, "position_id": position_id, "branch_id": branch_id, "manager_id": manager_id,
    }  # fmt: skip
    entity_id = _entity_of(placed)
    _require_reach(actor, entity_id, department_id)
    same = queries.same_person_ids(person_id)
    overlapping = employment_queries.covering(from_on, to_on or date.max)
    if Employment.objects.filter(overlapping, person_id__in=same, entity_id=entity_id).exists():
        raise EmployedAlready
    row = _saved(
        Employment(
            person_id=same[0],
            entity_id=entity_id,
            user_id=user_id,
            number=number.strip(),
            badge=badge.strip(),
            from_on=from_on,
            worked_since=worked_since,
            to_on=to_on,
            created_at=at,
            created_by=actor.user_id,
            **placed,
        )
    )
    Placement.objects.create(employment=row, from_on=from_on, by=actor.user_id, at=at, taken_at=at, **placed)
    record(PersonEmployed(person_id=row.person_id, at=at, by=actor.user_id, employment_id=row.pk, on=from_on))
    return employment_queries.employment_by_id(row.pk)


@transaction.atomic
def employ_by_facts(*, actor: Actor, at: datetime, facts: PersonFacts, department_id: UUID, **given: Any) -> Employment:
    """Employ whoever these facts belong to, or a new person; `given` as for `employ`."""
    _require_reach(actor, org.department_by_id(department_id).entity_id, department_id)
    person = services.add_or_find_person(actor=actor, at=at, facts=facts, door="employed")[0]
    return employ(actor=actor, at=at, person_id=person.pk, department_id=department_id, **given)


@transaction.atomic
def link_user(*, employment_id: UUID, user_id: UUID) -> bool:
    """Let a user sign in for an employment that nobody signs in for yet; tell whether it was so."""
    return bool(Employment.objects.filter(pk=employment_id, user_id=None).update(user_id=user_id))


@transaction.atomic
def transfer(
    *, actor: Actor, at: datetime, employment_id: UUID, on: date | None = None, **changes: UUID | None
) -> Placement:
    """Place somebody elsewhere from a day on; without a day from tomorrow, so that a day has one place.

    `changes` are `department_id`, `position_id`, `branch_id` and `manager_id`; what is not given stays as it is on
    that day, but a position belongs to its department. Later placements that were planned stay as planned.

    Raises:
        NotEmployedThen: the day is not one of the employment's.
        PlacementMismatched: position or place belong to another entity.
        ManagedInACircle: the new manager is managed by this employment.
    """
    row = _lock(actor, employment_id)
    day = on or today_of(row, at) + timedelta(days=1)
    _require_covered(row, day)
    before = Placement.objects.filter(employment=row, from_on__lte=day).order_by("-from_on")[0]
    if set(changes) - set(_PLACED):
        raise ValueError(f"a transfer changes {_PLACED}")
    placed = {name: changes.get(name, getattr(before, name)) for name in _PLACED}
    if placed["department_id"] != before.department_id and "position_id" not in changes:
        placed["position_id"] = None
    if _entity_of(placed) != row.entity_id:
        raise PlacementMismatched
    _require_reach(actor, row.entity_id, placed["department_id"])
    _require_no_circle(row, placed["manager_id"])
    fields = tuple(name.removesuffix("_id") for name in _PLACED if placed[name] != getattr(before, name))
    if not fields:
        return before
    placement, _new = Placement.objects.update_or_create(
        employment=row, from_on=day, defaults={**placed, "by": actor.user_id, "at": at, "taken_at": None}
    )
    take_placements(at=at, employment_id=row.pk)
    record(
        EmploymentTransferred(
            person_id=row.person_id, at=at, by=actor.user_id, employment_id=row.pk, on=day, fields=fields
        )
    )
    return placement


@transaction.atomic
def end_employment(*, actor: Actor, at: datetime, employment_id: UUID, to_on: date, reason: str) -> Employment:
    """Note somebody's last day, or another one than was noted; placements planned for later fall away.

    Raises:
        NotEmployedThen: the day lies before the first.
        EmployedAlready: a later last day reaches into the person's next employment.
    """
    row = _lock(actor, employment_id)
    if to_on < row.from_on:
        raise _outside(row, to_on)
    if (row.to_on, row.end_reason) == (to_on, reason):
        return row
    row.to_on, row.end_reason = to_on, Employment.EndReason(reason)
    _saved(row)
    Placement.objects.filter(employment=row, from_on__gt=to_on, taken_at__isnull=True).delete()
    record(
        EmploymentEnded(person_id=row.person_id, at=at, by=actor.user_id, employment_id=row.pk, on=to_on, reason=reason)
    )
    return row


@transaction.atomic
def identify(*, actor: Actor, at: datetime, employment_id: UUID, number: str, badge: str) -> Employment:
    """Correct somebody's staff number and badge; punches by a badge that nobody had find their owner afterwards.

    Raises:
        NumberTaken, BadgeTaken: somebody else has this staff number, or this badge.
    """
    row = _lock(actor, employment_id)
    given = {"number": number.strip(), "badge": badge.strip()}
    fields = tuple(name for name, value in given.items() if value != getattr(row, name))
    if not fields:
        return row
    row.number, row.badge = given["number"], given["badge"]
    _saved(row)
    record(EmploymentIdentified(person_id=row.person_id, at=at, by=actor.user_id, employment_id=row.pk, fields=fields))
    return row


@transaction.atomic
def take_placements(*, at: datetime, employment_id: UUID | None = None) -> int:
    """Let the employments follow the placements whose day has come where they work; return how many did."""
    due = Placement.objects.filter(taken_at__isnull=True, from_on__lte=(at + _EASTERNMOST).date())
    if employment_id:
        due = due.filter(employment=employment_id)
    taken = 0
    rows = due.select_related("employment__branch", "employment__entity").order_by("employment", "from_on")
    for planned in rows.select_for_update(of=("self", "employment")):
        row = planned.employment
        if planned.from_on > today_of(row, at):
            continue
        planned.taken_at = at
        planned.save(update_fields=["taken_at"])
        in_force = employment_queries.placement_of(row.pk, on=today_of(row, at))
        Employment.objects.filter(pk=row.pk).update(**{name: getattr(in_force, name) for name in _PLACED})
        taken += 1
    return taken


def today_of(employment: Employment, at: datetime) -> date:
    """Return which day it is where somebody works."""
    return at.astimezone(ZoneInfo(employment.zone)).date()


def _lock(actor: Actor, employment_id: UUID) -> Employment:
    actor.require(permissions.MANAGE_EMPLOYMENTS)
    return one(employment_queries.employments_managed_by(actor).select_for_update(of=("self",)), employment_id)


def _saved(row: Employment) -> Employment:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "employed_once_at_a_time" in str(error):
            raise EmployedAlready from error
        if "staff_number_of_one" in str(error):
            raise NumberTaken(number=row.number, name=_holder(row, number=row.number)) from error
        if "badge_of_one" in str(error):
            raise BadgeTaken(badge=row.badge, name=_holder(row, badge=row.badge)) from error
        raise
    return row


def _holder(row: Employment, **has: str) -> str:
    """Return the name of who has what should be somebody's at the same time, in the same legal entity."""
    meanwhile = employment_queries.covering(row.from_on, row.to_on or date.max)
    others = Employment.objects.filter(meanwhile, entity=row.entity_id, **has).exclude(pk=row.pk)
    return others.values_list("person__name", flat=True).first() or "–"


def _entity_of(placed: dict[str, Any]) -> UUID:
    """Return the entity of a department, once position and place are found to be there too."""
    department = org.department_by_id(placed["department_id"])
    position = org.position_by_id(placed["position_id"]) if placed["position_id"] else None
    branch = org.branch_by_id(placed["branch_id"]) if placed["branch_id"] else None
    if position and position.department_id != department.pk:
        raise PlacementMismatched
    if branch and branch.entity_id != department.entity_id:
        raise PlacementMismatched
    return department.entity_id


def _require_reach(actor: Actor, entity_id: UUID, department_id: UUID) -> None:
    actor.require(permissions.MANAGE_EMPLOYMENTS)
    reach = actor.reach(permissions.MANAGE_EMPLOYMENTS)
    if not (reach.everything or entity_id in reach.entities or department_id in reach.departments):
        raise Forbidden


def _require_no_circle(row: Employment, manager_id: UUID | None) -> None:
    if manager_id is None:
        return
    above = [manager_id, *(manager.pk for manager in employment_queries.managers_above(manager_id))]
    if row.pk in above:
        raise ManagedInACircle


def _require_covered(row: Employment, day: date) -> None:
    if not row.covers(day):
        raise _outside(row, day)


def _outside(row: Employment, day: date) -> NotEmployedThen:
    until = date_format(row.to_on) if row.to_on else "…"
    return NotEmployedThen(from_on=date_format(row.from_on), to_on=until, day=date_format(day))
