"""Every read of shifts, groups and rosters: above all, who is planned how on which date."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from zhiren.kernel.actors import Actor
from zhiren.kernel.businesstime import WorkCalendar
from zhiren.people.models import Employment
from zhiren.plumbing import statements
from zhiren.plumbing.models import one
from zhiren.rostering import permissions, plans
from zhiren.rostering.events import MemberPlaced
from zhiren.rostering.models import Assignment, Group, GroupVersion, Membership, Shift, ShiftVersion
from zhiren.rostering.pictures import Look
from zhiren.rostering.saved import saved
from zhiren.timeline import queries as timeline

DAY = timedelta(days=1)
WORKDAY, REST_DAY, HOLIDAY = 0, 1, 2


@dataclass(frozen=True)
class Planned:
    """What is planned for one person on one date, and by which version of what."""

    plan: plans.PlanDay
    zone: str
    region: str
    group_id: UUID
    shift_id: UUID | None = None
    shift_version_id: UUID | None = None
    group_version_id: UUID | None = None


Roster = Mapping[UUID, Mapping[date, Planned]]
Supposed = Membership | GroupVersion | ShiftVersion | Assignment
Row = TypeVar("Row", bound=Supposed)


def shifts(actor: Actor) -> QuerySet[Shift]:
    """Return every shift, by name."""
    return Shift.objects.order_by("name") if actor.may(permissions.VIEW) else Shift.objects.none()


def get_shift(actor: Actor, shift_id: UUID) -> Shift:
    """Return a shift; NotFound as ever."""
    return one(shifts(actor), shift_id)


def groups(actor: Actor) -> QuerySet[Group]:
    """Return every group with its entity, by name."""
    rows = Group.objects.select_related("entity").order_by("name")
    return rows if actor.may(permissions.VIEW) else rows.none()


def get_group_to_manage(actor: Actor, group_id: UUID) -> Group:
    """Return a group of an entity whose groups this actor manages; NotFound as ever."""
    reach = actor.reach(permissions.MANAGE)
    rows = groups(actor)
    return one(rows if reach.everything else rows.filter(entity_id__in=reach.entities), group_id)


def versions_of(shift: Shift) -> list[ShiftVersion]:
    """Return what a shift said and says, the newest first."""
    return list(shift.versions.select_related("made_by").order_by("-valid_from", "-number"))


def versions_of_group(group: Group) -> list[GroupVersion]:
    """Return how a group worked and works, the newest first."""
    return list(group.versions.select_related("made_by").order_by("-valid_from", "-number"))


def shift_on(shift_id: UUID, day: date) -> ShiftVersion | None:
    """Return what a shift says on a date; None before its first version."""
    rows = ShiftVersion.objects.filter(shift_id=shift_id, valid_from__lte=day)
    return rows.order_by("-valid_from", "-number").first()


def group_on(group_id: UUID, day: date) -> GroupVersion | None:
    """Return how a group works on a date; None before its first version."""
    rows = GroupVersion.objects.filter(group_id=group_id, valid_from__lte=day)
    return rows.order_by("-valid_from", "-number").first()


def shift_version(version_id: UUID) -> ShiftVersion | None:
    """Return a version of a shift with its shift, whoever asks."""
    return ShiftVersion.objects.select_related("shift").filter(pk=version_id).first()


def group_version(version_id: UUID) -> GroupVersion | None:
    """Return a version of a group with its group, whoever asks."""
    return GroupVersion.objects.select_related("group").filter(pk=version_id).first()


def shift_label(shift_id: UUID) -> str:
    """Return what a shift is called, whoever asks; empty if there is none."""
    row = Shift.objects.filter(pk=shift_id).first()
    return row.label if row else ""


def shift_labels(shift_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what shifts are called, whoever asks."""
    return {row.pk: row.label for row in Shift.objects.filter(pk__in=set(shift_ids))}


def last_changes(employment: Employment, days: Mapping[date, Planned]) -> dict[date, datetime]:
    """Return when each of somebody's planned dates last became what it is. Four queries. Whoever asks.

    It never goes back: what was assigned and taken away again counts, and by whom somebody is planned.
    """
    if not days:
        return {}
    said = ShiftVersion.objects.filter(pk__in={one.shift_version_id for one in days.values()})
    ways = GroupVersion.objects.filter(pk__in={one.group_version_id for one in days.values()})
    made = dict(said.values_list("pk", "made_at")) | dict(ways.values_list("pk", "made_at"))
    changes: list[tuple[date, date, datetime]] = []
    single = Assignment.objects.filter(employment_id=employment.pk, on__range=(min(days), max(days)))
    for on, made_at, lifted_at in single.values_list("on", "made_at", "lifted_at"):
        changes.append((on, on, max(made_at, lifted_at or made_at)))
    changes += [
        (date.fromisoformat(row.payload["from_on"]), date.max, row.at)
        for row in timeline.events_of(employment.person_id).filter(name=MemberPlaced.name)
        if row.payload["employment_id"] == str(employment.pk)
    ]
    return {
        on: max(
            [
                *(made[version] for version in (one.group_version_id, one.shift_version_id) if version),
                *(at for first, last, at in changes if first <= on <= last),
            ]
        )
        for on, one in days.items()
        if one.group_version_id
    }


def newest_versions() -> dict[UUID, ShiftVersion]:
    """Return the newest version of every shift."""
    rows = ShiftVersion.objects.order_by("shift_id", "-valid_from", "-number").distinct("shift_id")
    return {row.shift_id: row for row in rows}


def newest_group_versions() -> dict[UUID, GroupVersion]:
    """Return the newest version of every group."""
    rows = GroupVersion.objects.order_by("group_id", "-valid_from", "-number").distinct("group_id")
    return {row.group_id: row for row in rows}


def members_on(group_id: UUID, day: date) -> list[UUID]:
    """Return the employments that a group plans on a date."""
    return list(_covering(day, day).filter(group_id=group_id).values_list("employment_id", flat=True))


def member_counts(actor: Actor, day: date) -> dict[UUID, int]:
    """Return how many people each group plans on a date."""
    if not actor.may(permissions.VIEW):
        return {}
    rows = _covering(day, day).order_by().values("group_id").annotate(n=Count("pk"))
    return {row["group_id"]: row["n"] for row in rows}


def members_from(group_ids: Iterable[UUID], first: date) -> list[tuple[UUID, date, date | None]]:
    """Return who is planned by these groups on some date from `first` on: employment, from, until."""
    rows = _covering(first, None).filter(group_id__in=list(group_ids))
    found = rows.values_list("employment_id", "from_on", "until_on")
    return [(employment_id, max(first, begins), ends) for employment_id, begins, ends in found]


def groups_working(shift_id: UUID) -> list[UUID]:
    """Return the groups in whose pattern a shift stands, or stood."""
    rows = GroupVersion.objects.filter(pattern__contains=[str(shift_id)])
    return list(rows.order_by().values_list("group_id", flat=True).distinct())


def assigned_to(shift_id: UUID, first: date) -> list[tuple[UUID, date]]:
    """Return who is given a shift on single dates from `first` on."""
    return list(_assigned(first).filter(shift_id=shift_id).values_list("employment_id", "on"))


def assignment_on(employment_id: UUID, on: date) -> Assignment | None:
    """Return what makes somebody's date differ from what their group says; None where nothing does. Whoever asks."""
    return _assigned(on, on).filter(employment_id=employment_id).select_related("shift", "made_by").first()


def _assigned(first: date, last: date | None = None) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(lifted_at__isnull=True, on__gte=first)
    return rows.filter(on__lte=last) if last else rows


def lock_days(employment_ids: Iterable[UUID]) -> None:
    """Have whoever changes single days of the same people wait until the transaction is over."""
    with connection.cursor() as cursor:
        for employment_id in sorted(set(employment_ids)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7405))", [str(employment_id)])


def group_of(employment_id: UUID, day: date) -> Group | None:
    """Return which group plans somebody on a date."""
    row = _covering(day, day).filter(employment_id=employment_id).select_related("group__entity").first()
    return row.group if row else None


def ways_of(employment_ids: Sequence[UUID], first: date, last: date) -> dict[UUID, GroupVersion]:
    """Return how each of these people works on their last planned date of those from `first` to `last`: two queries.

    Whoever asks. Who is in no group then is not in it.
    """
    memberships = _covering(first, last).filter(employment_id__in=employment_ids).order_by("from_on")
    newest = {row.employment_id: row for row in memberships}
    group_ids = {row.group_id for row in newest.values()}
    versions = _by(GroupVersion.objects.filter(group_id__in=group_ids, valid_from__lte=last), "group_id")
    found = {}
    for employment_id, row in newest.items():
        version = _in_force(versions.get(row.group_id, ()), min(last, row.until_on or last))
        if version is not None:
            found[employment_id] = version
    return found


def _covering(first: date, last: date | None) -> QuerySet[Membership]:
    rows = Membership.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=first))
    return rows.filter(from_on__lte=last) if last else rows


def keeps_a_bank() -> bool:
    """Tell whether any group has, or had, overtime become time off. Whoever asks."""
    return bool(statements.rows("SELECT FROM rostering_groupversion WHERE bank <> '{}' LIMIT 1"))


def banks(keys: Iterable[tuple[UUID, date]]) -> dict[tuple[UUID, date], plans.Bank]:
    """Return, for those of these people and dates that have one, into which hours bank overtime goes. Two queries."""
    wanted = set(keys)
    if not wanted:
        return {}
    first, last = min(on for _who, on in wanted), max(on for _who, on in wanted)
    kept = saved(list({who for who, _on in wanted}), first, last)
    versions = _by(kept.ways, "group_id")
    dates = defaultdict(list)
    for who, on in wanted:
        dates[who].append(on)
    found = {}
    for row in kept.memberships:
        for on in dates[row.employment_id]:
            if row.from_on <= on <= (row.until_on or on):
                version = _in_force(versions.get(row.group_id, ()), on)
                if version is not None and (bank := plans.Bank.from_json(version.bank)):
                    found[row.employment_id, on] = bank
    return found


# The roster -----------------------------------------------------------------------------------------------------------


def roster(employment_ids: Sequence[UUID], first: date, last: date, *, supposing: Sequence[Supposed] = ()) -> Roster:
    """Return what is planned for each of these people on each date from `first` to `last`: one query.

    A date on which nobody plans somebody is not in it. Whether they are employed is not asked. `supposing` are rows
    that are not saved: the answer is what it would be if they were the newest.
    """
    if not employment_ids:
        return {}
    new_ways, new_days = _only(GroupVersion, supposing), _only(Assignment, supposing)
    kept = saved(
        employment_ids,
        first,
        last,
        groups={row.group_id for row in _only(Membership, supposing)},
        shifts={UUID(name) for row in new_ways for name in row.pattern if name}
        | {row.shift_id for row in new_days if row.shift_id},
    )
    memberships = defaultdict(list)
    for row in kept.memberships:
        memberships[row.employment_id].append(row)
    for row in _only(Membership, supposing):
        before = [one for one in memberships[row.employment_id] if one.from_on < row.from_on]
        for one_before in before:
            one_before.until_on = min(one_before.until_on or date.max, row.from_on - DAY)
        memberships[row.employment_id] = [*before, row]
    versions = _by([*kept.ways, *new_ways], "group_id")
    assigned = kept.assigned | {(row.employment_id, row.on): row.shift_id for row in new_days}
    shift_versions = _by([*kept.shifts, *_only(ShiftVersion, supposing)], "shift_id")
    found: dict[UUID, dict[date, Planned]] = {}
    for employment_id, rows in memberships.items():
        days: dict[date, Planned] = {}
        for row in rows:
            on = max(first, row.from_on)
            while on <= min(last, row.until_on or last):
                group = _in_force(versions.get(row.group_id, ()), on)
                if group is not None:
                    override = assigned.get((employment_id, on), "")
                    days[on] = _planned(group, on, override, shift_versions)
                on += DAY
        found[employment_id] = days
    return found


def _only(kind: type[Row], rows: Iterable[Supposed]) -> list[Row]:
    return [row for row in rows if isinstance(row, kind)]


def _by(rows: Iterable[Any], name: str) -> dict[Any, list[Any]]:
    """Return rows by what they are versions of, those first that count before others."""
    ordered = sorted(rows, key=lambda row: (str(getattr(row, name)), row.valid_from, row.number), reverse=True)
    return {key: list(group) for key, group in groupby(ordered, key=lambda row: getattr(row, name))}


def _in_force(rows: Sequence[Any], on: date) -> Any:
    return next((row for row in rows if row.valid_from <= on), None)


def _planned(
    group: GroupVersion, on: date, override: UUID | str | None, shift_versions: Mapping[UUID, Sequence[ShiftVersion]]
) -> Planned:
    day_class, shift = day_of(group, on) if override == "" else (class_of(group, on, is_off=override is None), override)
    next_class = day_of(group, on + DAY)[0]
    version = _in_force(shift_versions.get(UUID(str(shift)), ()), on) if shift else None
    if version is None:  # the first shift of the pattern says what of work on a day off is overtime
        usual = next((UUID(name) for name in group.pattern if name), None)
        version = _in_force(shift_versions.get(usual, ()), on) if usual else None
        plan = resolved(version, group, on, max(day_class, REST_DAY), next_class, is_off=True)
        return Planned(plan, group.zone, group.region, group.group_id, group_version_id=group.pk)
    return Planned(
        resolved(version, group, on, day_class, next_class),
        group.zone,
        group.region,
        group.group_id,
        shift_id=version.shift_id,
        shift_version_id=version.pk,
        group_version_id=group.pk,
    )


def day_of(group: GroupVersion, on: date) -> tuple[int, UUID | None]:
    """Return of which class a date is for a group, and which shift its pattern names; None for a day off."""
    pattern = group.pattern
    shift = pattern[(on - group.pattern_from).days % len(pattern)] if pattern else ""
    own = group.own_days.get(on.isoformat())
    if own is not None:
        shift = (shift or next((name for name in pattern if name), "")) if own else ""
    elif group.follows_holidays:
        if not _calendar(group.region, group.zone).is_workday(on):
            shift = ""
        elif not shift:  # a make-up workday
            shift = next((name for name in pattern if name), "") if _is_make_up(group, on) else ""
    return class_of(group, on, is_off=not shift), UUID(shift) if shift else None


def look_of(group: GroupVersion, on: date) -> tuple[Look, bool]:
    """Return what a date is for a group, and whether the group itself says so."""
    day_class, shift = day_of(group, on)
    is_own = on.isoformat() in group.own_days
    pattern = group.pattern
    is_planned = bool(pattern and pattern[(on - group.pattern_from).days % len(pattern)])
    if shift:
        return (Look.WORK if is_planned or is_own else Look.MAKE_UP), is_own
    if day_class == HOLIDAY:
        return Look.HOLIDAY, is_own
    return (Look.BRIDGE if is_planned and not is_own else Look.OFF), is_own


def year_is_known(group: GroupVersion, year: int) -> bool:
    """Tell whether the holidays of a year are announced where a group works, or fixed by law there."""
    return _calendar(group.region, group.zone).confirmed(year)


def class_of(group: GroupVersion, on: date, *, is_off: bool) -> int:
    """Return the class of a date for somebody of a group who works on it, or is off."""
    if _calendar(group.region, group.zone).is_public_holiday(on):
        return HOLIDAY
    return REST_DAY if is_off else WORKDAY


def calendar_class(region: str, zone: str, on: date) -> int:
    """Return of which class a date is in the calendar of a region, whoever works on it."""
    calendar = _calendar(region, zone)
    if calendar.is_public_holiday(on):
        return HOLIDAY
    return WORKDAY if calendar.is_workday(on) else REST_DAY


def _is_make_up(group: GroupVersion, on: date) -> bool:
    """Tell whether a date is worked though its weekday is not."""
    saturday = 5
    return on.weekday() >= saturday and _calendar(group.region, group.zone).is_workday(on)


@lru_cache(maxsize=64)
def _calendar(region: str, zone: str) -> WorkCalendar:
    return WorkCalendar.for_region(region, zone=zone)


_resolved: dict[tuple[object, ...], plans.PlanDay] = {}
_parsed: dict[UUID, plans.Shift] = {}
_MOST_KEPT = 50_000


def resolved(
    version: ShiftVersion | None,
    group: GroupVersion,
    on: date,
    day_class: int,
    next_class: int,
    *,
    is_off: bool = False,
) -> plans.PlanDay:
    """Return what a version of a shift comes to for a group on a date; kept, since a version never changes."""
    key = (version.pk if version else None, group.zone, group.regime, on, day_class, next_class, is_off)
    if key not in _resolved:
        if len(_resolved) > _MOST_KEPT:
            _resolved.clear()
        shift = plans.under(shift_in(version), group.regime, is_off=is_off, day_class=day_class) if version else None
        if shift is None or (is_off and shift.kind != plans.Kind.IRREGULAR):
            night, policy = (shift.night, shift.policy) if shift else (None, None)
            _resolved[key] = plans.off_day(
                on=on, zone=group.zone, day_class=day_class, next_class=next_class, night=night, policy=policy
            )
        else:
            _resolved[key] = plans.resolve(shift, on=on, zone=group.zone, day_class=day_class, next_class=next_class)
    return _resolved[key]


def shift_in(version: ShiftVersion) -> plans.Shift:
    """Return what a version says."""
    if version.pk not in _parsed:
        _parsed[version.pk] = plans.Shift.from_json(version.definition)
    return _parsed[version.pk]
