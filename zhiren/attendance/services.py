"""Every write of attendance but the day records themselves: punches, devices, owners of badges, months."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from zhiren.attendance import computing, device_rules, jobs, known, permissions, queries, settling
from zhiren.attendance.errors import (
    DaysWaiting,
    DeviceNotInUse,
    MonthAlreadyClosed,
    MonthNotOver,
    NotAtWork,
    NotEmployed,
    PlaceUnknown,
    TooManyDevices,
    ZoneUnknown,
)
from zhiren.attendance.events import DeviceAppeared, DeviceClaimed, DeviceClockOff, MonthClosed, PunchesFoundOwner
from zhiren.attendance.models import DayRecord, Device, Period, PeriodHours, Punch, WeekLooked
from zhiren.kernel.actors import Actor
from zhiren.kernel.ids import new_id
from zhiren.kernel.refusals import NotFound
from zhiren.org import queries as org
from zhiren.org.models import Entity
from zhiren.people import employment_queries as employments
from zhiren.people.models import Employment
from zhiren.plumbing import statements
from zhiren.rostering import queries as rostering
from zhiren.timeline.services import record

DAY = timedelta(days=1)
_SYSTEM = Actor.system("attendance")
# A punch from further ahead, or longer ago, cannot be believed.
FUTURE, OLD = timedelta(days=1), timedelta(days=400)
# A single punch tells how a device's clock stands, unless it is older than this.
CLOCK_ASKED_S = 86_400
SEEN_EVERY = timedelta(seconds=20)
# Days marked so long ago were left by a worker that died.
LEFT_AFTER = timedelta(minutes=2)
MOST_WAITING = 100
MOST_REJECTED = 200


# Punches --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Incoming:
    """A punch as a source tells of it. `key` names it: the same punch told again has the same key.

    Either `employment_id` or `badge` says whose it is.
    """

    key: str
    at: datetime
    zone: str
    source: str
    badge: str = ""
    employment_id: UUID | None = None
    device_id: UUID | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """What became of punches: how many are new, were known before, and are of a badge that nobody has."""

    new: int = 0
    known: int = 0
    of_nobody: int = 0
    keys: tuple[tuple[UUID, date], ...] = ()


def take_punches(*, at: datetime, punches: Sequence[Incoming], entity_id: UUID | None = None) -> Taken:
    """Keep punches, each once however often it is told, and mark the days that they touch.

    A badge is looked up among those of an entity, or of all when none is given; one that nobody has, or two people
    have, is kept without an owner. Nothing is computed: `compute_now`, or the worker, does that. A thousand at a time
    are kept or not, with their marks.
    """
    if not punches:
        return Taken()
    owners = _owners([(one.badge, _on(one.at, one.zone)) for one in punches if not one.employment_id], entity_id)
    rows = [
        Punch(
            id=new_id(),
            key=one.key,
            employment_id=_owner(one, owners, at),
            badge=one.badge,
            at=one.at,
            zone=one.zone,
            source=one.source,
            device_id=one.device_id,
            received_at=at,
            details=dict(one.details) | ({"strange": strange} if (strange := strange_about(one.at, at)) else {}),
        )
        for one in {one.key: one for one in punches}.values()
    ]
    fresh = _insert(rows, at)
    touched = [row for row in rows if row.pk in fresh]
    keys = days_touched((row.employment_id, row.at, row.zone) for row in touched)
    return Taken(
        new=len(touched),
        known=len(punches) - len(touched),
        of_nobody=sum(row.employment_id is None for row in touched),
        keys=tuple(keys),
    )


def compute_now(*, at: datetime, taken: Taken, at_most: int = 400) -> None:
    """Compute what new punches touched at once, if that is little; else the worker does it."""
    if len(taken.keys) <= at_most:
        computing.compute(at=at, keys=taken.keys, at_once=True)
    else:
        jobs.compute_dirty.defer()


def days_touched(punches: Iterable[tuple[UUID | None, datetime, str]]) -> list[tuple[UUID, date]]:
    """Return the days that punches can bear on: the local date, and the one before, whose night shift may go on."""
    found = set()
    for employment_id, moment, zone in punches:
        if employment_id:
            on = _on(moment, zone)
            found |= {(employment_id, on - DAY), (employment_id, on)}
    return sorted(found)


def known_zone(name: str) -> str:
    """Return a zone that there is.

    Raises:
        ZoneUnknown: nobody knows it.
    """
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, LookupError) as error:
        raise ZoneUnknown(zone=name) from error


def strange_about(moment: datetime, received_at: datetime) -> str:
    """Return why a punch cannot be believed: "future" or "old"; nothing if it can.

    One that cannot is kept, and belongs to nobody until somebody looks at the clock it came from.
    """
    if moment > received_at + FUTURE:
        return "future"
    return "old" if moment < received_at - OLD else ""


def _owner(one: Incoming, owners: Mapping[tuple[str, date], UUID], at: datetime) -> UUID | None:
    if strange_about(one.at, at):
        return None
    return one.employment_id or owners.get((one.badge, _on(one.at, one.zone)))


def _on(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def _owners(asked: Iterable[tuple[str, date]], entity_id: UUID | None) -> dict[tuple[str, date], UUID]:
    """Return whose badges these are on their dates; what nobody has, or two people have, is left out."""
    wanted = {(badge, on) for badge, on in asked if badge}
    by_badge: dict[str, list[known.Employed]] = {}
    for row in known.with_badges({badge for badge, _on in wanted}, entity_id):
        by_badge.setdefault(row.badge, []).append(row)
    found = {}
    for badge, on in wanted:
        theirs = [row for row in by_badge.get(badge, ()) if row.covers(on)]
        if len(theirs) == 1:
            found[badge, on] = theirs[0].employment_id
    return found


_COLUMNS = ("id", "key", "employment_id", "badge", "at", "zone", "source", "device_id", "received_at", "details")
_INSERT = f"""
WITH told AS MATERIALIZED (
    SELECT p.*, days FROM json_array_elements(%(punches)s::json) one,
        json_populate_record(NULL::attendance_punch, one) p, json_to_record(one) AS d (days date[])
), fresh AS (
    INSERT INTO attendance_punch ({", ".join(_COLUMNS)}) SELECT {", ".join(_COLUMNS)} FROM told
    ON CONFLICT (key) DO NOTHING RETURNING id
), marked AS (
    {computing.marking("SELECT employment_id, unnest(days) FROM told JOIN fresh USING (id)")}
)
SELECT id FROM fresh
"""  # noqa: S608 - names of our own


def _insert(punches: Sequence[Punch], at: datetime) -> set[UUID]:
    """Insert punches that are not there yet, with marks for their days; return the ids of those."""
    ordered = sorted(punches, key=lambda row: row.key)
    fresh: set[UUID] = set()
    for begin in range(0, len(ordered), 1000):
        told = [
            {name: getattr(row, name) for name in _COLUMNS}
            | {"days": [on for _one, on in days_touched([(row.employment_id, row.at, row.zone)])]}
            for row in ordered[begin : begin + 1000]
        ]
        fresh |= {pk for (pk,) in statements.rows(_INSERT, {"punches": statements.as_json(told), "at": at})}
    return fresh


@dataclass(frozen=True)
class Place:
    """Where a phone says it is, and how sure it is, in metres."""

    latitude: float
    longitude: float
    accuracy_m: float = 0


def punch_by_phone(*, actor: Actor, at: datetime, key: str, place: Place | None = None, address: str = "") -> Taken:
    """Take a punch that somebody makes on their phone. The server's time counts; sent twice with one key it is one.

    `address` is from where it calls: within the network of one of the group's places it is there.

    Raises:
        NotEmployed: the actor is not employed today.
        NotAtWork, PlaceUnknown: the group asks for a place, and this is another one, or none.
    """
    actor.require(permissions.PUNCH)
    taken = take_punches(at=at, punches=[by_phone(actor, at, key=key, place=place, address=address)])
    compute_now(at=at, taken=taken)
    return taken


def by_phone(
    actor: Actor,
    made_at: datetime,
    *,
    key: str,
    place: Place | None,
    address: str = "",
    details: Mapping[str, Any] | None = None,
) -> Incoming:
    """Return a punch of the actor's phone, to be taken. Raises what `punch_by_phone` does, as of that day."""
    employment = queries.own_employment(actor, on=made_at.astimezone(actor.tzinfo).date())
    if employment is None:
        raise NotEmployed
    zone = employment.zone
    on = made_at.astimezone(ZoneInfo(zone)).date()
    group = rostering.group_of(employment.pk, on)
    version = rostering.group_on(group.pk, on) if group else None
    told = dict(details or {})
    if version and version.places:
        nearby = device_rules.place_of_network(version.places, address)
        told |= {"place": nearby, "network": True} if nearby else {"place": _required_place(version.places, place)}
    return Incoming(
        key=f"phone:{employment.pk}:{key}",
        at=made_at.replace(microsecond=0),
        zone=zone,
        source=Punch.Source.PHONE.value,
        employment_id=employment.pk,
        details=told,
    )


def _required_place(places: Sequence[Mapping[str, Any]], place: Place | None) -> str:
    if place is None:
        raise PlaceUnknown
    metres, nearest = min(
        (
            (device_rules.metres_between((place.latitude, place.longitude), (one["lat"], one["lon"])), one)
            for one in places
        ),
        key=lambda pair: pair[0] - pair[1]["radius_m"],
    )
    if metres - min(place.accuracy_m, nearest["radius_m"]) > nearest["radius_m"]:
        raise NotAtWork(metres=round(metres), place=nearest["name"], radius=nearest["radius_m"])
    return str(nearest["name"])


# Devices --------------------------------------------------------------------------------------------------------------


def greet_device(*, at: datetime, serial: str, address: str = "", model_name: str = "") -> Device:
    """Note that a device calls. One that nobody knows is put down as waiting, and somebody is told.

    Raises:
        TooManyDevices: as many unknown ones wait already that somebody may be making serials up.
    """
    device = queries.device_by_serial(serial)
    if device is None:
        return _met(at, serial, address, model_name)
    if at - device.last_seen_at > SEEN_EVERY or (address and address != device.last_address):
        device.last_seen_at, device.last_address = at, address or device.last_address
        device.model_name = model_name or device.model_name
        _note(device)
    return device


@transaction.atomic
def _met(at: datetime, serial: str, address: str, model_name: str) -> Device:
    if queries.count_waiting_devices() >= MOST_WAITING:
        raise TooManyDevices
    device = Device.objects.create(
        serial=serial, first_seen_at=at, last_seen_at=at, model_name=model_name, zone=org.company().zone,
        last_address=address or None,
    )  # fmt: skip
    record(DeviceAppeared(at=at, device_id=device.pk))
    return device


@dataclass(frozen=True)
class Stamped:
    """A punch as a device tells of it: whose badge, and what its clock showed."""

    badge: str
    shown: datetime
    details: Mapping[str, Any] = field(default_factory=dict)


def take_from_device(
    *, at: datetime, device: Device, stamped: Sequence[Stamped], rejected: Sequence[str] = ()
) -> Taken:
    """Keep what a device tells, each punch once; lines that are no punches are kept as they came, for somebody to see.

    Raises:
        DeviceNotInUse: nobody has claimed it, or it was retired; it keeps what it has and tells it again.
    """
    if device.state != Device.State.CLAIMED:
        raise DeviceNotInUse
    zone = ZoneInfo(device.zone)
    incoming = [
        Incoming(
            key=f"{device.serial}:{one.badge}:{one.shown:%Y%m%d%H%M%S}",
            at=one.shown.replace(tzinfo=zone),
            zone=device.zone,
            source=Punch.Source.DEVICE.value,
            badge=one.badge,
            device_id=device.pk,
            details=one.details,
        )
        for one in stamped
    ]
    taken = take_punches(at=at, punches=incoming, entity_id=device.branch.entity_id if device.branch else None)
    _keep_rejected(device, rejected, at)
    if incoming:
        single = incoming[0].at if len(incoming) == 1 and taken.new else None
        _note_punches(device, at, single, max(one.at for one in incoming))
    return taken


def _note_punches(device: Device, at: datetime, single: datetime | None, newest: datetime) -> None:
    """Note when a device last told of punches and how late, and, by a single one that is new, how its clock stands."""
    off, before = device.clock_off_s, device.clock_off_s
    doubt = doubted = (
        device_rules.Doubt(device.doubt_s, device.doubt_at) if device.doubt_s and device.doubt_at else None
    )
    if single is not None and abs((at - single).total_seconds()) < CLOCK_ASKED_S:
        off, doubt = device_rules.clock_off(round((single - at).total_seconds()), before, doubted, at)
    lag = device_rules.lag(round((at - newest).total_seconds()), off or 0)
    differs = device_rules.is_off(off or 0) != device_rules.is_off(before or 0)
    lags = device_rules.is_late(lag) != device_rules.is_late(device.lag_s or 0)
    is_seen = device.last_punch_at is not None and at - device.last_punch_at <= SEEN_EVERY
    if differs or lags or doubt != doubted or not is_seen:
        device.doubt_s, device.doubt_at = (doubt.seconds, doubt.at) if doubt else (None, None)
        device.clock_off_s, device.lag_s, device.last_punch_at, device.last_seen_at = off, lag, at, at
        with transaction.atomic() if differs else nullcontext():
            _note(device)
            if differs and device_rules.is_off(off or 0):
                record(DeviceClockOff(at=at, device_id=device.pk, seconds=off or 0))


def _note(device: Device) -> None:
    """Write down how things stand with a device. It may be lost: nobody waits for the disk."""
    statements.run(
        "UPDATE attendance_device SET last_seen_at = %s, last_address = %s, model_name = %s, last_punch_at = %s, "
        "clock_off_s = %s, doubt_s = %s, doubt_at = %s, lag_s = %s "
        "FROM (SELECT set_config('synchronous_commit', 'off', true)) unsafe WHERE id = %s",
        [
            device.last_seen_at,
            device.last_address,
            device.model_name,
            device.last_punch_at,
            device.clock_off_s,
            device.doubt_s,
            device.doubt_at,
            device.lag_s,
            device.pk,
        ],
    )


def _keep_rejected(device: Device, lines: Sequence[str], at: datetime) -> None:
    if lines:
        kept = [*device.rejected, *({"line": line, "at": at.isoformat()} for line in lines)]
        unique = {one["line"]: one for one in kept}
        device.rejected = list(unique.values())[-MOST_REJECTED:]
        device.save(update_fields=["rejected"])


@transaction.atomic
def keep_device(
    *, actor: Actor, at: datetime, device_id: UUID, name: str, branch_id: UUID | None, zone: str, state: str,
    network: str = "",
) -> Device:  # fmt: skip
    """Take a device into use, change what is known of it, or retire it."""
    actor.require(permissions.MANAGE_DEVICES)
    device = queries.get_device(actor, device_id)
    before = device.state
    device.name, device.branch_id, device.zone, device.state, device.network = name, branch_id, zone, state, network
    device.save(update_fields=["name", "branch", "zone", "state", "network"])
    if state != before:
        record(DeviceClaimed(at=at, by=actor.user_id, device_id=device.pk, state=state))
    return device


@transaction.atomic
def find_owners(*, at: datetime, badges: Sequence[str] = ()) -> int:
    """Give punches of nobody to whom their badge belongs now; return how many found an owner. Safe to run twice."""
    rows = Punch.objects.filter(employment__isnull=True).exclude(details__has_key="strange").exclude(badge="")
    if badges:
        rows = rows.filter(badge__in=list(badges))
    by_entity: dict[UUID | None, list[Punch]] = {}
    for punch in rows.select_related("device__branch").order_by("at")[:50_000]:
        branch = punch.device.branch if punch.device else None
        by_entity.setdefault(branch.entity_id if branch else None, []).append(punch)
    found: dict[UUID, list[Punch]] = {}
    for entity_id, punches in by_entity.items():
        owners = _owners([(one.badge, _on(one.at, one.zone)) for one in punches], entity_id)
        for punch in punches:
            if owner := owners.get((punch.badge, _on(punch.at, punch.zone))):
                punch.employment_id = owner
                found.setdefault(owner, []).append(punch)
    for employment_id, punches in found.items():
        Punch.objects.bulk_update(punches, ["employment"], batch_size=1000)
        computing.mark(days_touched((employment_id, one.at, one.zone) for one in punches), at=at)
        person_id = employments.employment_by_id(employment_id).person_id
        record(PunchesFoundOwner(person_id=person_id, at=at, employment_id=employment_id, punches=len(punches)))
    return sum(map(len, found.values()))


# Days -----------------------------------------------------------------------------------------------------------------


def compute_dirty(*, at: datetime, limit: int = 2000) -> int:
    """Compute the days that wait longest; return how many were looked at. A month after the other: plans are made for
    everybody of a computation over all its days.
    """
    keys = sorted(queries.dirty_keys(limit), key=lambda key: key[1])
    for _month, some in groupby(keys, key=lambda key: key[1].replace(day=1)):
        computing.compute(at=at, keys=some, thorough=True)
    return len(keys)


def compute_days(*, at: datetime, keys: Iterable[tuple[UUID, date]]) -> computing.Computed:
    """Compute days anew, here and now."""
    return computing.compute(at=at, keys=keys)


@transaction.atomic
def mark_days_to_close(*, at: datetime, limit: int = 5000) -> int:
    """Mark days that may be over by now; return how many."""
    keys = queries.days_to_close(at, limit)
    computing.mark(keys, at=at)
    return len(keys)


@transaction.atomic
def begin_week(*, at: datetime) -> bool:
    """Tell whether this is the first time that somebody asks in the week of `at`."""
    monday = at.date() - DAY * at.weekday()
    return WeekLooked.objects.get_or_create(monday=monday, defaults={"at": at})[1]


def has_left_over(*, at: datetime) -> bool:
    """Tell whether days wait longer than a worker that lives lets them wait."""
    oldest = queries.oldest_dirty_at()
    return oldest is not None and oldest < at - LEFT_AFTER


@transaction.atomic
def mark_days(*, at: datetime, employment_ids: Iterable[UUID], first: date, last: date) -> int:
    """Mark the days of these people from `first` to `last`, and both neighbours; return how many."""
    days = [first - DAY + DAY * number for number in range((last - first).days + 3)]
    keys = [(employment_id, on) for employment_id in set(employment_ids) for on in days]
    computing.mark(keys, at=at)
    return len(keys)


# Months ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def close_month(*, actor: Actor, at: datetime, entity_id: UUID, month: date) -> Period:
    """Close a month of a legal entity: its days change no more; what becomes known later is noted beside them.

    Periods of comprehensive hours that end with it are settled along.

    Raises:
        MonthNotOver, MonthAlreadyClosed, DaysWaiting.
    """
    entity = entity_to_manage(actor, entity_id)
    first, last = month.replace(day=1), (month.replace(day=28) + 4 * DAY).replace(day=1) - DAY
    if at.astimezone(ZoneInfo(entity.zone)).date() <= last + DAY:
        raise MonthNotOver
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7403))", [f"{entity.pk}{first}"])
    if queries.closing_of(entity.pk, first):
        raise MonthAlreadyClosed
    people = Employment.objects.filter(entity_id=entity.pk)
    waiting = queries.count_dirty(people, first, last)
    if waiting:
        raise DaysWaiting(count=waiting)
    rows = DayRecord.objects.filter(employment__in=people, on__range=(first, last)).order_by("employment_id", "on")
    settled = settling.settle(entity_id=entity.pk, first=first, last=last, at=at)
    days, checksum = checksum_of(rows.values_list("employment_id", "on", "digest").iterator(5000), settled)
    period = Period.objects.create(
        entity_id=entity.pk, month=first, closed_at=at, closed_by_id=actor.user_id, days=days, checksum=checksum
    )
    record(MonthClosed(at=at, by=actor.user_id, entity_id=entity.pk, month=first, checksum=checksum))
    return period


def entity_to_manage(actor: Actor, entity_id: UUID) -> Entity:
    """Return a legal entity whose attendance this actor manages; NotFound as ever."""
    reach = actor.reach(permissions.MANAGE)
    if not reach.everything and entity_id not in reach.entities:
        raise NotFound
    return org.entity_by_id(entity_id)


def checksum_of(rows: Iterable[tuple[UUID, date, int]], settled: Iterable[PeriodHours] = ()) -> tuple[int, str]:
    """Return how many days these are, and a checksum over what each of them says, and each period settled along."""
    digest, count = hashlib.sha256(), 0
    for employment_id, on, one in rows:
        digest.update(f"{employment_id} {on} {one}\n".encode())
        count += 1
    for row in sorted(settled, key=lambda row: (row.employment_id, row.period, row.first)):
        digest.update(f"{row.employment_id} {row.period} {row.first} {row.excess} {row.holiday}\n".encode())
    return count, digest.hexdigest()
