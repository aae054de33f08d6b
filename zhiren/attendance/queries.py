"""Every read of attendance."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import CharField, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from zhiren.attendance import permissions, rules
from zhiren.attendance.models import (
    DAY_COLUMNS,
    TO_LOOK_AT,
    TOTALS,
    Adjustment,
    Banked,
    DayRecord,
    Device,
    Dirty,
    EarlyWarning,
    MonthRecord,
    Period,
    Punch,
    Request,
)
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.org.models import Branch
from zhiren.people import employment_queries as employments
from zhiren.people.models import Employment
from zhiren.plumbing import statements
from zhiren.plumbing.models import one
from zhiren.plumbing.permissions import within
from zhiren.rostering import queries as rostering
from zhiren.rostering.models import Membership

DAY = timedelta(days=1)
# An open day is looked at again after so long.
LOOKED_AT = timedelta(minutes=55)


# Whose attendance an actor may see ------------------------------------------------------------------------------------


def employments_visible_to(actor: Actor) -> QuerySet[Employment]:
    """Return the employments whose attendance this actor may see: their own, their team's, and within their reach."""
    rows = Employment.objects.select_related("person", "entity", "department", "position", "branch")
    reach = actor.reach(permissions.VIEW)
    if reach.everything:
        return rows
    own = Q(user_id=actor.user_id) | Q(manager__user_id=actor.user_id)
    mine = Q(user_id=actor.user_id) if actor.may(permissions.PUNCH) and actor.user_id else Q(pk__in=[])
    return rows.filter(mine | within(reach, own=own))


def get_employment(actor: Actor, employment_id: UUID) -> Employment:
    """Return an employment whose attendance this actor may see; NotFound as ever."""
    return one(employments_visible_to(actor), employment_id)


def may_manage(actor: Actor, employment: Employment) -> bool:
    """Tell whether an actor manages the attendance of somebody's department or entity, not only sees it."""
    allowed = within(actor.reach(permissions.MANAGE), own=Q(pk__in=[]))
    return Employment.objects.filter(allowed, pk=employment.pk).exists()


def get_employment_to_ask_for(actor: Actor, employment_id: UUID) -> Employment:
    """Return an employment for which this actor may ask something: their own, or one they manage; NotFound as ever."""
    employment = get_employment(actor, employment_id)
    if not may_ask_for(actor, employment):
        raise NotFound
    return employment


def may_ask_for(actor: Actor, employment: Employment) -> bool:
    """Tell whether an actor may ask for something about an employment they see: it is theirs, or they manage it."""
    is_own = actor.user_id is not None and employment.user_id == actor.user_id
    return is_own or may_manage(actor, employment)


def own_employment(actor: Actor, *, on: date) -> Employment | None:
    """Return how the actor is employed on a day."""
    return employments.employment_of_user(actor.user_id, on=on) if actor.user_id else None


def days_of(employment_id: UUID, first: date, last: date) -> dict[date, DayRecord]:
    """Return the records of somebody's days, by date. Whoever asks: the employment was asked for before."""
    rows = DayRecord.objects.filter(employment_id=employment_id, on__range=(first, last))
    return {row.on: row for row in rows}


def month_of(employment_id: UUID, month: date) -> MonthRecord | None:
    """Return the sum of somebody's month."""
    return MonthRecord.objects.filter(employment_id=employment_id, month=month).first()


def punches_of(employment_id: UUID, since: datetime, until: datetime) -> list[Punch]:
    """Return somebody's punches from a moment to another, in order, but for those that count no more: missing ones that
    were taken back, and those of a badge that were another's.
    """
    rows = Punch.objects.filter(employment_id=employment_id, at__gte=since, at__lt=until)
    gone = Request.objects.filter(state=Request.State.WITHDRAWN, employment=employment_id)
    gone = gone.annotate(name=Concat(Value("correction:"), Cast("pk", CharField()))).filter(name=OuterRef("key"))
    rows = rows.exclude(Q(source=Punch.Source.CORRECTION) & Exists(gone))
    rows = rows.filter(handed_over__isnull=True)
    return list(rows.select_related("device", "doubtful").order_by("at", "key"))


def adjustments_of(employment_id: UUID, first: date, last: date) -> list[Adjustment]:
    """Return by how much closed days would differ now: the newest of each day."""
    rows = Adjustment.objects.filter(employment_id=employment_id, on__range=(first, last))
    return list(rows.order_by("on", "-made_at").distinct("on"))


# What was asked for ---------------------------------------------------------------------------------------------------


def requests_visible_to(actor: Actor) -> QuerySet[Request]:
    """Return the requests of those whose attendance this actor may see, the newest first."""
    rows = Request.objects.filter(employment__in=employments_visible_to(actor))
    return rows.select_related("employment__person").order_by("-starts_at", "-pk")


def get_request(actor: Actor, request_id: UUID) -> Request:
    """Return one request; NotFound as ever."""
    return one(requests_visible_to(actor), request_id)


def requests_of(employment_id: UUID) -> QuerySet[Request]:
    """Return what somebody asked for, the newest first. Whoever asks: the employment was asked for before."""
    return Request.objects.filter(employment_id=employment_id).order_by("-asked_at", "-pk")


def lock_request(request_id: UUID) -> Request:
    """Return a request for its service, locked; NotFound if there is none."""
    return one(Request.objects.select_for_update(of=("self",)).select_related("employment"), request_id)


def lock_employment(employment_id: UUID) -> None:
    """Have whoever asks for something about the same employment wait until the transaction is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7404))", [str(employment_id)])


def count_corrections(employment_id: UUID, first: date, last: date) -> int:
    """Return how many missing punches somebody asked for, that wait or were approved, on these dates."""
    rows = Request.objects.filter(employment_id=employment_id, kind=Request.Kind.CORRECTION, on__range=(first, last))
    return rows.filter(state__in=[Request.State.WAITING, Request.State.APPROVED]).count()


def overlapping_request(employment_id: UUID, kind: str, starts_at: datetime, ends_at: datetime) -> Request | None:
    """Return a request of this kind that waits or was approved, and shares time with another; None if there is none."""
    rows = Request.objects.filter(
        employment_id=employment_id, kind=kind, state__in=[Request.State.WAITING, Request.State.APPROVED]
    )
    if starts_at == ends_at:
        return rows.filter(starts_at=starts_at).first()
    return rows.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).first()


def stored_days(employment_ids: Sequence[UUID], first: date, last: date) -> dict[tuple[UUID, date], DayRecord]:
    """Return the records there are of these people's days."""
    names = ", ".join(f'"{name}"' for name in DAY_COLUMNS)
    rows = statements.rows(
        f"SELECT {names} FROM attendance_dayrecord "  # noqa: S608 - names of our own
        'WHERE employment_id = ANY(%s::uuid[]) AND "on" BETWEEN %s AND %s',
        [list(employment_ids), first, last],
    )
    return {row[:2]: DayRecord(**dict(zip(DAY_COLUMNS, row, strict=True))) for row in rows}


def days_as_known(keys: Sequence[tuple[UUID, date]]) -> list[DayRecord]:
    """Return what these days came to, those of closed months with what was corrected since. Two queries."""
    if not keys:
        return []
    who, first, last = {one for one, _on in keys}, min(on for _one, on in keys), max(on for _one, on in keys)
    stored = stored_days(list(who), first, last)
    rows = Adjustment.objects.filter(employment_id__in=who, on__range=(first, last))
    for row in rows.order_by("employment_id", "on", "-made_at").distinct("employment_id", "on"):
        closed = stored.get((row.employment_id, row.on), DayRecord())
        minutes = {name: getattr(closed, name) + row.minutes.get(name, 0) for name in TOTALS}
        day = DayRecord(employment_id=row.employment_id, on=row.on, is_final=True, flags=row.flags, **minutes)
        stored[row.employment_id, row.on] = day
    wanted = set(keys)
    return [row for key, row in stored.items() if key in wanted]


def banked(keys: Sequence[tuple[UUID, date]]) -> list[Banked]:
    """Return what of these days is in the hours bank."""
    who, days = {one for one, _on in keys}, {on for _one, on in keys}
    rows = Banked.objects.filter(employment_id__in=who, on__in=days)
    wanted = set(keys)
    return [row for row in rows if (row.employment_id, row.on) in wanted]


def banked_between(employment_ids: Sequence[UUID], first: date, last: date) -> set[tuple[UUID, date]]:
    """Return which days of these people have something in the hours bank, or had."""
    rows = Banked.objects.filter(employment_id__in=employment_ids, on__range=(first, last))
    return set(rows.values_list("employment_id", "on"))


def dirty_keys(limit: int) -> list[tuple[UUID, date]]:
    """Return the days that wait to be computed anew, the oldest first."""
    return list(Dirty.objects.order_by("noted_at").values_list("employment_id", "on")[:limit])


def days_to_close(at: datetime, limit: int) -> list[tuple[UUID, date]]:
    """Return days of the last three dates that may be over and are not known to be, but those just looked at."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_CLOSE, [at - 2 * DAY, at, at - LOOKED_AT, limit])
        return [(employment_id, on) for employment_id, on in cursor.fetchall()]


# Sites are up to half a day ahead of UTC, or behind.
_TO_CLOSE = """
SELECT m.employment_id, d."on"
FROM (SELECT generate_series(%s::date, %s::date, interval '1 day')::date AS "on") d
JOIN rostering_membership m ON m.from_on <= d."on" AND (m.until_on IS NULL OR m.until_on >= d."on")
JOIN people_employment e ON e.id = m.employment_id AND e.from_on <= d."on" AND (e.to_on IS NULL OR e.to_on >= d."on")
LEFT JOIN attendance_dayrecord r ON r.employment_id = m.employment_id AND r."on" = d."on"
WHERE (r.employment_id IS NULL OR NOT r.is_final) AND (r.computed_at IS NULL OR r.computed_at < %s)
AND EXISTS (SELECT 1 FROM rostering_groupversion v WHERE v.group_id = m.group_id AND v.valid_from <= d."on")
ORDER BY d."on", m.employment_id LIMIT %s
"""


def oldest_dirty_at() -> datetime | None:
    """Return since when the longest waiting day waits; None when none does."""
    return Dirty.objects.order_by("noted_at").values_list("noted_at", flat=True).first()


def count_dirty(employment_ids: QuerySet[Employment], first: date, last: date) -> int:
    """Return how many days of these people wait to be computed."""
    return Dirty.objects.filter(employment__in=employment_ids, on__range=(first, last)).count()


def count_dirty_of_entity(entity_id: UUID, first: date, last: date) -> int:
    """Return how many days of the people of an entity wait to be computed."""
    return Dirty.objects.filter(employment__entity_id=entity_id, on__range=(first, last)).count()


# What somebody should look at -----------------------------------------------------------------------------------------

# A day is an exception for so long; whatever is older is closed with its month.
EXCEPTIONS = timedelta(days=45)


def exceptions(actor: Actor, *, today: date) -> QuerySet[DayRecord]:
    """Return the days of the last weeks on which somebody was absent or lacks a punch, for which nothing was asked yet.

    Only of those whose attendance this actor may see, but for the actor's own.
    """
    asked = Request.objects.filter(
        employment=OuterRef("employment"), on=OuterRef("on"), state__in=[Request.State.WAITING, Request.State.APPROVED]
    )
    people = (
        employments_visible_to(actor).exclude(user_id=actor.user_id) if actor.user_id else Employment.objects.none()
    )
    rows = DayRecord.objects.annotate(wrong=F("flags").bitand(TO_LOOK_AT)).filter(
        ~Exists(asked), wrong__gt=0, is_final=True, on__gte=today - EXCEPTIONS, employment__in=people.order_by()
    )
    return rows.select_related("employment__person", "employment__department")


# First signs ----------------------------------------------------------------------------------------------------------


def late_days(employment_id: UUID, first: date, last: date) -> list[bool]:
    """Return whether somebody was late on each day that was planned and is over, in order."""
    rows = DayRecord.objects.filter(employment_id=employment_id, on__range=(first, last), is_final=True, planned__gt=0)
    late = rules.LATE | rules.SERIOUSLY_LATE | rules.LATE_ABSENT
    return [bool(flags & late) for flags in rows.order_by("on").values_list("flags", flat=True)]


def count_leave_days(employment_ids: Collection[UUID], first: date, last: date) -> dict[UUID, int]:
    """Return on how many days these people were on leave, for those who were."""
    rows = DayRecord.objects.filter(employment_id__in=employment_ids, on__range=(first, last))
    taken = rows.filter(Q(leave_paid__gt=0) | Q(leave_unpaid__gt=0)).order_by()
    return dict(taken.values_list("employment_id").annotate(days=Count("pk")))


def arrivals(employment_ids: Sequence[UUID], first: date, last: date) -> dict[UUID, list[float]]:
    """Return by how many minutes after the planned start these people came, a day each, oldest first.

    Days of leave or duty, and days without a planned start, are left out.
    """
    rows = DayRecord.objects.filter(
        employment_id__in=employment_ids, on__range=(first, last), is_final=True, planned__gt=0, first_in__isnull=False,
        leave_paid=0, leave_unpaid=0, duty=0,
    )  # fmt: skip
    roster = rostering.roster(employment_ids, first, last)
    found: dict[UUID, list[float]] = defaultdict(list)
    for employment_id, on, came in rows.order_by("employment_id", "on").values_list("employment_id", "on", "first_in"):
        planned = roster.get(employment_id, {}).get(on)
        if came and planned and planned.plan.segments:
            found[employment_id].append((came.timestamp() - planned.plan.segments[0].start) / 60)
    return found


def warned_since(employment_id: UUID, kind: str, since: date) -> bool:
    """Tell whether something of this kind was told of somebody since a date."""
    return EarlyWarning.objects.filter(employment_id=employment_id, kind=kind, on__gte=since).exists()


def employed_ids(after: UUID | None, size: int) -> list[UUID]:
    """Return the next employments that a group plans, in order of their ids."""
    rows = Membership.objects.filter(until_on__isnull=True).order_by("employment_id")
    rows = rows.filter(employment_id__gt=after) if after else rows
    return list(rows.values_list("employment_id", flat=True).distinct()[:size])


def closed_months(entity_ids: Iterable[UUID]) -> set[tuple[UUID, date]]:
    """Return which months of these entities are closed."""
    return set(Period.objects.filter(entity_id__in=set(entity_ids)).values_list("entity_id", "month"))


def closing_of(entity_id: UUID, month: date) -> Period | None:
    """Return how a month was closed; None while it is open."""
    return Period.objects.filter(entity_id=entity_id, month=month).select_related("closed_by").first()


# Devices and punches of nobody ----------------------------------------------------------------------------------------


def devices(actor: Actor) -> QuerySet[Device]:
    """Return the devices, those that wait first."""
    rows = Device.objects.select_related("branch").order_by("-state", "name", "serial")
    return rows if actor.may(permissions.MANAGE_DEVICES) else rows.none()


def get_device(actor: Actor, device_id: UUID) -> Device:
    """Return a device; NotFound as ever."""
    return one(devices(actor), device_id)


_KEPT = (
    "id", "serial", "name", "branch_id", "zone", "state", "model_name", "first_seen_at", "last_seen_at",
    "last_punch_at", "clock_off_s", "doubt_s", "doubt_at", "lag_s", "last_address",
    "network",
)  # fmt: skip
_DEVICE = f"""
SELECT b.entity_id, {", ".join(f"d.{name}" for name in _KEPT)}
FROM attendance_device d LEFT JOIN org_branch b ON b.id = d.branch_id WHERE d.serial = %s
"""  # noqa: S608 - names of our own


def device_by_serial(serial: str) -> Device | None:
    """Return a device with its branch, of which only the entity is read, whoever asks: for the door it knocks at."""
    for entity_id, *values in statements.rows(_DEVICE, [serial]):
        device = Device.from_db("default", _KEPT, values)
        if device.branch_id:
            device.branch = Branch.from_db("default", ["id", "entity_id"], [device.branch_id, entity_id])
        return device
    return None


def count_waiting_devices() -> int:
    """Return how many devices wait that nobody knows."""
    return Device.objects.filter(state=Device.State.WAITING).count()


@dataclass(frozen=True)
class Stray:
    """A badge that devices name and nobody has."""

    badge: str
    punches: int
    first_at: datetime
    last_at: datetime


def strays(actor: Actor, limit: int = 100) -> list[Stray]:
    """Return the badges that nobody has, the newest first."""
    if not actor.may(permissions.MANAGE):
        return []
    rows = (
        Punch.objects.filter(employment__isnull=True, doubtful__isnull=True)
        .order_by()
        .values("badge")
        .annotate(n=Count("pk"), first=Min("at"), last=Max("at"))
        .order_by("-last")[:limit]
    )
    return [Stray(row["badge"], row["n"], row["first"], row["last"]) for row in rows]


def utc_midnight(day: date) -> datetime:
    """Return the moment at which a date begins in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
