"""Every write to shifts, groups and rosters. A change is a new version from a date on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from zhiren.kernel.actors import Actor
from zhiren.kernel.businesstime import WorkCalendar
from zhiren.kernel.refusals import NotFound
from zhiren.people import employment_queries as employments
from zhiren.people.models import Employment
from zhiren.plumbing.models import one
from zhiren.rostering import permissions, plans, queries
from zhiren.rostering.errors import (
    NameTaken,
    NotEmployedThen,
    PatternMalformed,
    ReasonMissing,
    RegionUnknown,
    ShiftMalformed,
)
from zhiren.rostering.events import DayAssigned, DayGivenBack, GroupPublished, MemberPlaced, ShiftPublished
from zhiren.rostering.models import Assignment, Group, GroupVersion, Membership, Shift, ShiftVersion
from zhiren.timeline.services import record

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Despite:
    """Which rules of working time somebody was told that a plan does not keep (codes of `law`), and why it holds."""

    against: tuple[str, ...] = ()
    reason: str = ""

    def for_event(self) -> dict[str, Any]:
        """Return what an event of the plan says of it; ReasonMissing where nobody said why."""
        if self.against and not self.reason.strip():
            raise ReasonMissing
        return {"against": self.against, "reason": self.reason.strip() if self.against else ""}


_NOTHING = Despite()


@transaction.atomic
def publish_shift(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    definition: Mapping[str, Any],
    valid_from: date,
    name_en: str = "",
    shift_id: UUID | None = None,
    despite: Despite = _NOTHING,
) -> ShiftVersion:
    """Let a shift, or a new one, say this from a date on (`plans.Shift` as JSON).

    Raises:
        ShiftMalformed: it cannot be worked.
        NameTaken: another shift has this name.
        ReasonMissing: a rule is against it, and nobody said why it holds all the same.
    """
    actor.require(permissions.MANAGE)
    said = read_shift(definition)
    shift = one(Shift.objects.select_for_update(), shift_id) if shift_id else Shift()
    shift.name, shift.name_en = name.strip(), name_en.strip()
    _named(shift)
    number = ShiftVersion.objects.filter(shift=shift).count() + 1
    version = ShiftVersion.objects.create(
        shift=shift,
        number=number,
        valid_from=valid_from,
        definition=said.to_json(),
        made_at=at,
        made_by_id=actor.user_id,
    )
    record(
        ShiftPublished(
            at=at, by=actor.user_id, shift_id=shift.pk, number=number, valid_from=valid_from, **despite.for_event()
        )
    )
    return version


def read_shift(definition: Mapping[str, Any]) -> plans.Shift:
    """Return the shift that was written; ShiftMalformed says what cannot be worked."""
    try:
        return plans.Shift.from_json(dict(definition))
    except (ValueError, KeyError, TypeError) as error:
        raise ShiftMalformed(why=str(error)) from error


@dataclass(frozen=True)
class Way:
    """How a group works: see `GroupVersion`."""

    pattern: Sequence[UUID | None]
    pattern_from: date
    zone: str
    region: str = "CN"
    follows_holidays: bool = True
    own_days: Mapping[date, bool] = field(default_factory=dict)
    regime: str = GroupVersion.Regime.STANDARD
    period: str = GroupVersion.Period.MONTH
    agreed: Sequence[str] = ()
    preset: str = ""
    bank: plans.Bank | None = None
    corrections: Mapping[str, Any] | None = None
    places: Sequence[Mapping[str, Any]] = ()

    def fields(self) -> dict[str, Any]:
        """Return it as the fields of a version of a group."""
        return {
            "pattern": [str(shift) if shift else "" for shift in self.pattern],
            "pattern_from": self.pattern_from,
            "zone": self.zone,
            "region": self.region,
            "follows_holidays": self.follows_holidays,
            "own_days": {on.isoformat(): works for on, works in sorted(self.own_days.items())},
            "regime": self.regime,
            "period": self.period,
            "agreed": list(self.agreed),
            "bank": self.bank.to_json() if self.bank else {},
            "preset": self.preset,
            "corrections": dict(self.corrections or {}),
            "places": [dict(place) for place in self.places],
        }


def check_way(way: Way) -> None:
    """Refuse a way of working that cannot be worked.

    Raises:
        PatternMalformed: the pattern names no shift, or one that is not there.
        RegionUnknown: nobody knows the country's holidays, or the zone.
    """
    named = {shift for shift in way.pattern if shift}
    if not named or Shift.objects.filter(pk__in=named).count() != len(named):
        raise PatternMalformed
    try:
        WorkCalendar.for_region(way.region, zone=way.zone)
    except LookupError as error:
        raise RegionUnknown(region=way.region, zone=way.zone) from error


@transaction.atomic
def publish_group(
    *,
    actor: Actor,
    at: datetime,
    entity_id: UUID,
    name: str,
    way: Way,
    valid_from: date,
    name_en: str = "",
    group_id: UUID | None = None,
    despite: Despite = _NOTHING,
) -> GroupVersion:
    """Let a group, or a new one, work this way from a date on.

    Raises:
        PatternMalformed, RegionUnknown: it cannot be worked (`check_way`).
        NameTaken: the entity has another group of this name.
        ReasonMissing: a rule is against it, and nobody said why it holds all the same.
    """
    actor.require(permissions.MANAGE)
    reach = actor.reach(permissions.MANAGE)
    if not reach.everything and entity_id not in reach.entities:
        raise NotFound
    check_way(way)
    group = one(Group.objects.select_for_update(of=("self",)), group_id) if group_id else Group(entity_id=entity_id)
    group.name, group.name_en = name.strip(), name_en.strip()
    _named(group)
    number = GroupVersion.objects.filter(group=group).count() + 1
    version = GroupVersion.objects.create(
        group=group,
        number=number,
        valid_from=valid_from,
        made_at=at,
        made_by_id=actor.user_id,
        **way.fields(),
    )
    record(
        GroupPublished(
            at=at, by=actor.user_id, group_id=group.pk, number=number, valid_from=valid_from, **despite.for_event()
        )
    )
    return version


def _named(row: Shift | Group) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise NameTaken from error


@transaction.atomic
def place(
    *,
    actor: Actor,
    at: datetime,
    employment_id: UUID,
    group_id: UUID,
    from_on: date,
    despite: Despite = _NOTHING,
) -> Membership:
    """Have somebody planned by a group from a date on; what planned them until then ends the day before.

    Raises:
        NotEmployedThen: they are not employed on that date.
        ReasonMissing: a rule is against it, and nobody said why it holds all the same.
        NotFound: there is no such group, or the employment is not this actor's to see.
    """
    actor.require(permissions.MANAGE)
    group = one(Group.objects.all(), group_id)
    employment = employments.get_employment(actor, employment_id)
    if not employment.covers(from_on):
        raise NotEmployedThen(name=employment.person.name, day=from_on.isoformat())
    rows = Membership.objects.select_for_update().filter(employment_id=employment.pk)
    rows.filter(from_on__gte=from_on).delete()
    rows.filter(from_on__lt=from_on).exclude(until_on__lt=from_on).update(until_on=from_on - DAY)
    row = Membership.objects.create(employment_id=employment.pk, group=group, from_on=from_on)
    record(
        MemberPlaced(
            person_id=employment.person_id,
            at=at,
            by=actor.user_id,
            employment_id=employment.pk,
            group_id=group.pk,
            from_on=from_on,
            **despite.for_event(),
        )
    )
    return row


@transaction.atomic
def assign(
    *, actor: Actor, at: datetime, employment_id: UUID, on: date, shift_id: UUID | None, note: str = ""
) -> Assignment:
    """Have somebody work another shift on a date than their group says, or be off; `note` says why.

    Raises:
        NotEmployedThen: they are not employed on that date.
        NotFound: there is no such shift, or the employment is not this actor's to see.
    """
    employment = _employed(actor, employment_id, on)
    if shift_id:
        one(Shift.objects.all(), shift_id)
    queries.lock_days([employment.pk])
    return _assign(employment.person_id, AssignedDay(employment.pk, on, shift_id), at=at, by=actor.user_id, note=note)


@transaction.atomic
def let_group_plan(*, actor: Actor, at: datetime, employment_id: UUID, on: date) -> None:
    """Have somebody work on a date what their group says, whatever was assigned to them.

    Raises:
        NotEmployedThen: they are not employed on that date.
        NotFound: the employment is not this actor's to see.
    """
    employment = _employed(actor, employment_id, on)
    queries.lock_days([employment.pk])
    if row := queries.assignment_on(employment.pk, on):
        _lift(row, employment.person_id, at=at, by=actor.user_id)


def _employed(actor: Actor, employment_id: UUID, on: date) -> Employment:
    actor.require(permissions.MANAGE)
    employment = employments.get_employment(actor, employment_id)
    if not employment.covers(on):
        raise NotEmployedThen(name=employment.person.name, day=on.isoformat())
    return employment


@dataclass(frozen=True)
class AssignedDay:
    """What somebody works on a date; without a shift they are off."""

    employment_id: UUID
    on: date
    shift_id: UUID | None


@transaction.atomic
def assign_days(
    *, at: datetime, by: UUID | None, days: Sequence[AssignedDay], source: str, request_id: UUID
) -> list[Assignment]:
    """Have people work what was asked for and approved. Twice is as good as once; who may ask is the caller's to know.

    What was assigned before is kept, and holds again once this is taken back.
    """
    queries.lock_days(day.employment_id for day in days)
    known = set(Assignment.objects.filter(request_id=request_id).values_list("employment_id", "on"))
    people = employments.employments_by_id(day.employment_id for day in days)
    return [
        _assign(people[day.employment_id].person_id, day, at=at, by=by, source=source, request_id=request_id)
        for day in days
        if (day.employment_id, day.on) not in known
    ]


@transaction.atomic
def take_days_back(*, at: datetime, by: UUID | None, request_id: UUID) -> None:
    """Let what was assigned for a request count no more, where nothing else has taken its place; twice is once."""
    rows = Assignment.objects.filter(request_id=request_id).select_related("employment").order_by("on", "pk")
    queries.lock_days(row.employment_id for row in rows)
    for row in rows.all():
        if row.lifted_at is None:
            _lift(row, row.employment.person_id, at=at, by=by)
            before = Assignment.objects.filter(pk=row.replaces_id).first() if row.replaces_id else None
            if before:
                before.lifted_at = None
                before.save(update_fields=["lifted_at"])
                _tell_assigned(before, row.employment.person_id, at=at, by=by)
        Assignment.objects.filter(replaces=row).update(replaces=row.replaces_id)


def _assign(
    person_id: UUID,
    day: AssignedDay,
    *,
    at: datetime,
    by: UUID | None,
    source: str = Assignment.Source.HAND,
    note: str = "",
    request_id: UUID | None = None,
) -> Assignment:
    before = queries.assignment_on(day.employment_id, day.on)
    if before:
        before.lifted_at = at
        before.save(update_fields=["lifted_at"])
    row = Assignment.objects.create(
        employment_id=day.employment_id,
        on=day.on,
        shift_id=day.shift_id,
        source=source,
        note=note.strip()[:200],
        request_id=request_id,
        made_at=at,
        made_by_id=by,
        replaces=before,
    )
    _tell_assigned(row, person_id, at=at, by=by)
    return row


def _tell_assigned(row: Assignment, person_id: UUID, *, at: datetime, by: UUID | None) -> None:
    record(
        DayAssigned(
            person_id=person_id, at=at, by=by, employment_id=row.employment_id, on=row.on, shift_id=row.shift_id
        )
    )


def _lift(row: Assignment, person_id: UUID, *, at: datetime, by: UUID | None) -> None:
    row.lifted_at = at
    row.save(update_fields=["lifted_at"])
    record(DayGivenBack(person_id=person_id, at=at, by=by, employment_id=row.employment_id, on=row.on))


@dataclass(frozen=True)
class Impact:
    """Whom a new version of a shift touches, and by how much: planned minutes of a day before and after."""

    people: int
    groups: tuple[str, ...]
    past_days: int
    minutes_before: int | None
    minutes_after: int


def impact_of(*, actor: Actor, shift_id: UUID, definition: Mapping[str, Any], valid_from: date, today: date) -> Impact:
    """Return what publishing a version would change; nothing is saved.

    Raises:
        ShiftMalformed: it cannot be worked.
    """
    actor.require(permissions.MANAGE)
    said = read_shift(definition)
    group_ids = queries.groups_working(shift_id)
    touched = {one_id for one_id, _from, _until in queries.members_from(group_ids, valid_from)}
    touched |= {one_id for one_id, _on in queries.assigned_to(shift_id, valid_from)}
    before = queries.shift_on(shift_id, valid_from)
    names = Group.objects.filter(pk__in=group_ids).order_by("name")
    return Impact(
        people=len(touched),
        groups=tuple(group.label for group in names),
        past_days=max((today - valid_from).days, 0),
        minutes_before=plans.planned_minutes(queries.shift_in(before)) if before else None,
        minutes_after=plans.planned_minutes(said),
    )
