"""Every read of leave: types, balances, requests, who is away."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum

from zhiren.kernel.actors import Actor
from zhiren.kernel.parameters import get_parameter
from zhiren.leave import permissions, rules
from zhiren.leave.models import Account, AccrualPlan, CalendarLink, Entry, Leave, LeaveDay, LeaveType
from zhiren.leave.rules import Lot, Plan, Service, Step
from zhiren.people import employment_queries as people
from zhiren.people.models import Document, Employment
from zhiren.people.vault import open_vault
from zhiren.plumbing import statements
from zhiren.plumbing.crypto import token_digest
from zhiren.plumbing.models import one
from zhiren.plumbing.permissions import within

# Types and plans ------------------------------------------------------------------------------------------------------


def types(actor: Actor) -> QuerySet[LeaveType]:
    """Return every type in its order, those no longer used too."""
    rows = LeaveType.objects.select_related("entity").order_by("-is_active", "position", "name")
    return rows if actor.may(permissions.CONFIGURE) or actor.may(permissions.VIEW) else rows.none()


def get_type(actor: Actor, type_id: UUID) -> LeaveType:
    """Return one type; NotFound as ever."""
    return one(types(actor), type_id)


def types_for(employment: Employment) -> list[LeaveType]:
    """Return the types in use where somebody is employed, in their order."""
    rows = LeaveType.objects.filter(Q(entity=None) | Q(entity=employment.entity_id), is_active=True)
    return list(rows.order_by("position", "name"))


def plans(actor: Actor) -> QuerySet[AccrualPlan]:
    """Return how leave is earned, by type."""
    rows = AccrualPlan.objects.select_related("type", "entity").order_by("type__position", "type__name", "entity__name")
    return rows if actor.may(permissions.CONFIGURE) else rows.none()


def get_plan(actor: Actor, plan_id: UUID) -> AccrualPlan:
    """Return one plan; NotFound as ever."""
    return one(plans(actor), plan_id)


def plan_for(type_id: UUID, employment: Employment) -> Plan | None:
    """Return how somebody earns a type of leave: by their entity's plan, else by the one for all."""
    return plans_for(employment).get(type_id)


def plans_for(employment: Employment) -> dict[UUID, Plan]:
    """Return how somebody earns each type of leave. One query."""
    rows = AccrualPlan.objects.filter(Q(entity=None) | Q(entity=employment.entity_id))
    found = rows.order_by(F("entity").asc(nulls_first=True))  # their entity's come last, and stand
    return {row.type_id: plan_of(row, employment.region) for row in found}


def plan_of(row: AccrualPlan, region: str) -> Plan:
    """Return a plan as the rules take it."""
    return Plan(
        steps=steps_by_law(region) if row.by_law else tuple(Step(months, minutes) for months, minutes in row.steps),
        grants=row.grants,  # type: ignore[arg-type]  # the table's choices are the rules'
        year=row.year,  # type: ignore[arg-type]
        start_after_months=row.start_after_months,
        from_on=row.from_on,
        is_prorated=row.is_prorated,
        round_to=row.round_to,
        rounds=row.rounds,  # type: ignore[arg-type]
        carry_most=row.carry_most,
        carry_months=row.carry_months,
    )


def steps_by_law(region: str) -> tuple[Step, ...]:
    """Return the steps of paid annual leave that a country's law sets, newest; none where we know of none."""
    try:
        values = get_parameter(region.lower(), "leave", "annual_leave").values
    except LookupError:
        return ()
    return tuple(Step(int(step["after"]), int(step["days"]) * rules.DAY) for step in values[-1].value)


def service_of(employment: Employment) -> Service:
    """Return from when to when somebody works here, and since when at all."""
    return Service(employment.from_on, employment.to_on, employment.worked_since)


# Balances -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Balance:
    """What somebody has of one type, in minutes (`rules.DAY` to a day, or of hours).

    `left` may still be taken today: what is given and not yet taken, booked or asked for; negative if leave is owed.
    `lapses` says what of it goes when.
    """

    type: LeaveType
    account_id: UUID | None
    left: int
    given: int = 0
    taken: int = 0
    booked: int = 0
    waiting: int = 0
    lapses: Sequence[tuple[date, int]] = field(default=())


def balances_of(employment: Employment, *, on: date) -> list[Balance]:
    """Return what somebody has of each type that needs a balance and of which they ever had some. Four queries."""
    accounts = list(
        Account.objects.filter(employment=employment, type__is_active=True, type__needs_balance=True)
        .select_related("type")
        .order_by("type__position", "type__name")
    )
    entries = defaultdict(list)
    for entry in Entry.objects.filter(account__in=accounts).order_by("on", "id"):
        entries[entry.account_id].append(entry)
    waiting = waiting_minutes([employment.pk])
    earned_by = plans_for(employment)
    return [
        _balance(
            account,
            entries[account.pk],
            waiting.get((employment.pk, account.type_id), 0),
            earned_by.get(account.type_id),
            on,
        )
        for account in accounts
    ]


def _balance(account: Account, entries: Sequence[Entry], waiting: int, plan: Plan | None, on: date) -> Balance:
    lots, owed = read_lots(entries)
    usable = [lot for lot in lots if lot.from_on <= on]
    used = [entry for entry in entries if entry.kind in {Entry.Kind.USE, Entry.Kind.RELEASE}]
    this_year = [entry for entry in used if entry.on.year == on.year]
    return Balance(
        type=account.type,
        account_id=account.pk,
        left=sum(lot.left for lot in usable) - owed - waiting,
        given=sum(
            entry.minutes
            for entry in entries
            if entry.on.year == on.year and entry.on <= on and (entry.is_lot or entry.kind == Entry.Kind.REDUCE)
        ),
        taken=-sum(entry.minutes for entry in this_year if entry.on <= on),
        booked=-sum(entry.minutes for entry in used if entry.on > on),
        waiting=waiting,
        lapses=_lapses(rules.lasting(usable, granted_lots(entries), plan)),
    )


def granted_lots(entries: Iterable[Entry]) -> set[UUID]:
    """Return the lots that a plan has granted: those of which something is carried over."""
    return {entry.pk for entry in entries if entry.kind == Entry.Kind.GRANT}


def _lapses(lots: Iterable[Lot]) -> list[tuple[date, int]]:
    by_day: dict[date, int] = defaultdict(int)
    for lot in lots:
        if lot.expires_on and lot.left > 0:
            by_day[lot.expires_on] += lot.left
    return sorted(by_day.items())


def balance_on(account: Account, day: date) -> int:
    """Return the sum of a ledger as of a day, in minutes."""
    return Entry.objects.filter(account=account, on__lte=day).aggregate(total=Sum("minutes"))["total"] or 0


def lots_of(account: Account) -> tuple[list[Lot], int]:
    """Return an account's lots with what is left of each, and how much is owed from none."""
    return read_lots(list(account.entries.order_by("on", "id")))


def read_lots(entries: Sequence[Entry]) -> tuple[list[Lot], int]:
    """Return the lots of a whole ledger with what is left of each, and how much is owed from none."""
    drawn: dict[UUID | None, int] = defaultdict(int)
    for entry in entries:
        if not entry.is_lot:
            drawn[entry.lot_id] += entry.minutes
    lots = [
        Lot(entry.pk, entry.minutes + drawn[entry.pk], entry.on, entry.expires_on) for entry in entries if entry.is_lot
    ]
    return lots, -drawn[None]


def waiting_minutes(employment_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], int]:
    """Return how much leave waits to be approved, by employment and type. One query."""
    rows = LeaveDay.objects.filter(employment__in=employment_ids, holds=True, leave__state=Leave.State.REQUESTED)
    totals = rows.order_by().values_list("employment", "leave__type").annotate(total=Sum("minutes"))
    return {(employment, type_id): total for employment, type_id, total in totals}


def waiting_days(account: Account) -> dict[date, int]:
    """Return how much of an account each day takes that waits to be approved."""
    found: dict[date, int] = defaultdict(int)
    rows = LeaveDay.objects.filter(
        employment=account.employment_id, holds=True, leave__type=account.type_id, leave__state=Leave.State.REQUESTED
    )
    for day, minutes in rows.values_list("day", "minutes"):
        found[day] += minutes
    return dict(found)


def ledger_of(actor: Actor, employment_id: UUID) -> list[tuple[LeaveType, list[tuple[Entry, int]]]]:
    """Return somebody's ledgers, each line with the sum after it, newest first. For HR, and for oneself."""
    employment = get_employment(actor, employment_id)
    entries = Entry.objects.filter(account__employment=employment).select_related("account__type", "lot")
    by_type: dict[UUID, list[tuple[Entry, int]]] = defaultdict(list)
    names: dict[UUID, LeaveType] = {}
    for entry in entries.order_by("account__type__position", "on", "id"):
        lines = by_type[entry.account.type_id]
        lines.append((entry, (lines[-1][1] if lines else 0) + entry.minutes))
        names[entry.account.type_id] = entry.account.type
    return [(names[type_id], lines[::-1]) for type_id, lines in by_type.items()]


# People ---------------------------------------------------------------------------------------------------------------


def employments(actor: Actor) -> QuerySet[Employment]:
    """Return the employments whose leave this actor may see: their own, their team's, or those in their reach."""
    reach = actor.reach(permissions.VIEW)
    own = Q(user_id=actor.user_id) | Q(manager__user_id=actor.user_id)
    return Employment.objects.select_related("person", "entity", "branch", "department").filter(within(reach, own=own))


def get_employment(actor: Actor, employment_id: UUID | str) -> Employment:
    """Return one employment whose leave this actor may see; NotFound otherwise."""
    return one(employments(actor), employment_id)


def managed_employment(actor: Actor, employment_id: UUID) -> Employment:
    """Return one employment whose balances this actor may correct, never their own; NotFound otherwise."""
    rows = Employment.objects.select_related("person", "entity", "branch", "department")
    rows = rows.filter(within(actor.reach(permissions.MANAGE), own=Q(pk__in=[])))
    return one(rows if actor.is_system else rows.exclude(user_id=actor.user_id), employment_id)


# Requests -------------------------------------------------------------------------------------------------------------


def leaves_visible_to(actor: Actor) -> QuerySet[Leave]:
    """Return the leaves this actor may see: their own, their team's, or those in their reach."""
    reach = actor.reach(permissions.VIEW)
    own = Q(employment__user_id=actor.user_id) | Q(employment__manager__user_id=actor.user_id)
    allowed = within(reach, own=own, department="employment__department", entity="employment__entity")
    return Leave.objects.filter(allowed).select_related(
        "type", "employment__person", "employment__entity", "employment__branch"
    )


def get_leave(actor: Actor, leave_id: UUID) -> Leave:
    """Return one leave; NotFound if there is none, or it is not this actor's to see."""
    return one(leaves_visible_to(actor), leave_id)


def leaves_of(employment: Employment, *, limit: int = 50) -> list[Leave]:
    """Return somebody's leaves, newest first."""
    return list(Leave.objects.filter(employment=employment).select_related("type").order_by("-from_on", "-id")[:limit])


def leaves_between(employment_id: UUID, first: date, last: date) -> list[Leave]:
    """Return somebody's leaves that touch these dates, newest first. Whoever asks: the person was asked for before."""
    rows = Leave.objects.filter(employment_id=employment_id, from_on__lte=last, to_on__gte=first)
    return list(rows.select_related("type").order_by("-from_on", "-id"))


def reason_of(leave: Leave) -> str:
    """Return what somebody wrote to their request. For themselves, and for who decides or manages it."""
    if not leave.reason_sealed:
        return ""
    return open_vault(leave.employment.person_id).open(
        leave.reason_sealed, cell="leave_leave|reason_sealed", row=leave.pk
    )


def sees_reason(actor: Actor, leave: Leave) -> bool:
    """Tell whether reason and documents are shown: to oneself and to HR; a manager reads them where they decide."""
    if leave.employment.user_id == actor.user_id and actor.user_id is not None:
        return True
    rows = Employment.objects.filter(within(actor.reach(permissions.MANAGE), own=Q(pk__in=[])), pk=leave.employment_id)
    return rows.exists()


def document_of(leave: Leave, document_id: UUID) -> Document:
    """Return a document of a leave; NotFound if it is not one of it."""
    return one(leave.documents.all(), document_id)


def overlapping(employment_id: UUID, intervals: Sequence[tuple[datetime, datetime]]) -> Leave | None:
    """Return a leave that holds or waits within one of these intervals."""
    if not intervals:
        return None
    touched = Q(pk__in=[])
    for starts_at, ends_at in intervals:
        touched |= Q(starts_at__lt=ends_at, ends_at__gt=starts_at)
    rows = LeaveDay.objects.filter(touched, employment=employment_id, holds=True).select_related("leave__type")
    day = rows.order_by("starts_at").first()
    return day.leave if day else None


_BETWEEN = """
    floor(extract(epoch FROM d.starts_at))::bigint, floor(extract(epoch FROM d.ends_at))::bigint, t.is_paid
FROM leave_leaveday d JOIN leave_leave l ON l.id = d.leave_id JOIN leave_leavetype t ON t.id = l.type_id {}
WHERE {} AND d.holds AND l.state = 'approved' AND d.starts_at < %(until)s AND d.ends_at > %(since)s
"""
_APPROVED_BETWEEN = "SELECT d.employment_id," + _BETWEEN.format("", "d.employment_id = ANY(%(who)s::uuid[])")
_APPROVED_OF_MANY = "SELECT k.n - 1," + _BETWEEN.format(
    "JOIN unnest(%(who)s::uuid[]) WITH ORDINALITY AS k (e, n) ON k.e = d.employment_id", "TRUE"
)


def approved_between(
    employment_ids: Iterable[UUID], since: datetime, until: datetime
) -> dict[UUID, list[tuple[int, int, bool]]]:
    """Return when these people are on approved leave that touches a time: from, until, both UTC seconds, and whether it
    is paid; a day each, in no order. One query, prepared: every punch asks this.
    """
    found = defaultdict(list)
    for employment_id, begins, ends, is_paid in statements.rows(
        _APPROVED_BETWEEN, {"who": statements.as_ids(employment_ids), "since": since, "until": until}
    ):
        found[employment_id].append((begins, ends, is_paid))
    return found


def approved_of_many(
    employment_ids: Sequence[UUID], since: datetime, until: datetime
) -> list[tuple[int, int, int, bool]]:
    """Return what `approved_between` does, each with the place of the person among those given: for very many."""
    given = {"who": statements.as_ids(employment_ids), "since": since, "until": until}
    return [
        (place, begins, ends, is_paid) for place, begins, ends, is_paid in statements.rows(_APPROVED_OF_MANY, given)
    ]


def earned(employment_ids: Sequence[UUID], first: date, last: date) -> list[tuple[UUID, int, datetime]]:
    """Return what overtime of some days put into ledgers, or took out again: whose, minutes, when. Whoever asks."""
    rows = Entry.objects.filter(account__employment__in=employment_ids, kind=Entry.Kind.EARN, on__range=(first, last))
    return list(rows.values_list("account__employment", "minutes", "at"))


def left_of(code: str, employment: str = "pk") -> Subquery:
    """Return a column for queries of employments: what is in the ledger of a type of leave, in minutes, or null."""
    rows = Entry.objects.filter(account__employment=OuterRef(employment), account__type__code=code).order_by()
    return Subquery(rows.values("account").annotate(left=Sum("minutes")).values("left")[:1])


def away_days(employment_ids: Iterable[UUID], first: date, last: date) -> dict[UUID, dict[date, LeaveDay]]:
    """Return who is away, or asks to be, on which dates. One query."""
    found: dict[UUID, dict[date, LeaveDay]] = defaultdict(dict)
    rows = LeaveDay.objects.filter(employment__in=list(employment_ids), holds=True, day__range=(first, last))
    for row in rows.select_related("leave__type"):
        found[row.employment_id][row.day] = row
    return found


def days_of(leave: Leave) -> list[LeaveDay]:
    """Return the days of a leave, in order, those given back too."""
    return list(leave.days.order_by("starts_at"))


def employment_of_link(token: str) -> Employment | None:
    """Return whose calendar a private address is, None if it is no address (any more)."""
    rows = CalendarLink.objects.filter(digest=token_digest(token)).select_related("employment")
    row = rows.first()
    return people.employment_by_id(row.employment_id) if row else None


def feed_of(employment: Employment, *, since: date) -> list[tuple[Leave, list[LeaveDay]]]:
    """Return somebody's approved leave from a date on, with its days in order. Two queries."""
    rows = Leave.objects.filter(employment=employment, state=Leave.State.APPROVED, to_on__gte=since)
    leaves = list(rows.select_related("type").order_by("from_on", "id"))
    days: Mapping[UUID, list[LeaveDay]] = defaultdict(list)
    for day in LeaveDay.objects.filter(leave__in=leaves, holds=True).order_by("starts_at"):
        days[day.leave_id].append(day)
    return [(leave, days[leave.pk]) for leave in leaves if days[leave.pk]]
