"""Every write to the ledger: what time brings, what requests take and give back, what HR corrects."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from zhiren.kernel.actors import Actor
from zhiren.leave import permissions, queries, rules
from zhiren.leave.errors import NothingToTake
from zhiren.leave.events import BalanceAdjusted, LeftWithBalance
from zhiren.leave.models import Account, AccrualPlan, Entry, Leave, LeaveDay, LeaveType
from zhiren.leave.rules import Lot
from zhiren.people import employing
from zhiren.people import employment_queries as people
from zhiren.people.models import Employment
from zhiren.timeline.services import record

log = structlog.get_logger(__name__)
ONE = timedelta(days=1)
BATCH = 500
# The day begins in the east first: by this much a place of work can be ahead of UTC.
_EASTERNMOST = timedelta(hours=14)
# An account is looked at this often even where nothing is in sight.
_SELDOM = timedelta(days=28)


# Accounts -------------------------------------------------------------------------------------------------------------


def lock_account(employment_id: UUID, type_id: UUID, *, at: datetime) -> Account:
    """Return somebody's account of a type, opened if need be; its row is locked for the transaction."""
    rows = Account.objects.select_for_update(of=("self",)).select_related("type")
    rows = rows.filter(employment_id=employment_id, type_id=type_id)
    found = rows.first()
    if found is None:
        Account.objects.get_or_create(employment_id=employment_id, type_id=type_id, defaults={"due_on": at.date()})
        found = rows.get()
    return found


@transaction.atomic
def open_accounts(*, at: datetime, employment_ids: Iterable[UUID] | None = None) -> int:
    """Open an account to everybody employed for each type that a plan lets them earn; return how many were opened."""
    today = at.date()
    opened = 0
    for plan in AccrualPlan.objects.filter(type__is_active=True).select_related("type"):
        wanted = Employment.objects.filter(people.covering(today, date.max))
        if plan.entity_id:
            wanted = wanted.filter(entity=plan.entity_id)
        if employment_ids is not None:
            wanted = wanted.filter(pk__in=list(employment_ids))
        missing = wanted.exclude(leave_accounts__type=plan.type_id).values_list("pk", flat=True)
        rows = [Account(employment_id=pk, type_id=plan.type_id, due_on=today) for pk in missing]
        opened += len(Account.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH))
    return opened


@transaction.atomic
def look_again(*, at: datetime, employment_id: UUID | None = None, type_id: UUID | None = None) -> None:
    """Have the accounts of somebody, or of a type, looked at with the next tick: what they are due has changed."""
    rows = Account.objects.all()
    if employment_id:
        rows = rows.filter(employment=employment_id)
    if type_id:
        rows = rows.filter(type=type_id)
    rows.update(due_on=at.date() - ONE)


def bring_up_to_date(*, at: datetime, after: UUID | None = None) -> list[UUID]:
    """Do for the next accounts that are due what time brings, one transaction each; return which were looked at.

    Go on after the last of them while they are `BATCH`. One that fails is left for the next time, and does
    not stop the others.
    """
    found = _due(at, after)
    for account_id, employment_id, type_id in found:
        try:
            accrue(at=at, employment_id=employment_id, type_id=type_id)
        except Exception:  # a defect about one of them is no reason to keep leave from the others, and must not hide
            log.exception("accrual_failed", account_id=str(account_id))
    return [account_id for account_id, _employment_id, _type_id in found]


def _due(at: datetime, after: UUID | None) -> list[tuple[UUID, UUID, UUID]]:
    """Return the ids of accounts whose day has come where the person works, with whose they are and of which type."""
    soon = Account.objects.filter(due_on__lte=(at + _EASTERNMOST).date())
    soon = soon.annotate(zone=Coalesce("employment__branch__zone", "employment__entity__zone"))
    due = Q(pk__in=[])
    for zone in soon.order_by().values_list("zone", flat=True).distinct():
        due |= Q(zone=zone, due_on__lte=at.astimezone(ZoneInfo(zone)).date())
    rows = soon.filter(due, pk__gt=after) if after else soon.filter(due)
    return list(rows.order_by("pk").values_list("pk", "employment_id", "type_id")[:BATCH])


# What time brings -----------------------------------------------------------------------------------------------------


@transaction.atomic
def accrue(*, at: datetime, employment_id: UUID, type_id: UUID) -> Account:
    """Grant what has come due, carry over or let lapse what has ended, settle with who has left. Twice as good as once.

    What waits to be approved does not lapse meanwhile.
    """
    account = lock_account(employment_id, type_id, at=at)
    employment = people.employment_by_id(employment_id)
    today = employing.today_of(employment, at)
    plan = queries.plan_for(type_id, employment)
    # What is over lapses before more is granted: leave of the new year is paid by what was carried into it first.
    _tidy(account, plan, today, at)
    if plan and _grant(account, employment, plan, today, at):
        _tidy(account, plan, today, at)
    if employment.to_on and employment.to_on < today:
        _leave_off(account, employment, plan, employment.to_on, at)
    else:
        _take_back_payout(account, today, at)
    account.due_on = _next_look(account, employment, plan, today)
    account.save(update_fields=["due_on"])
    return account


def _tidy(account: Account, plan: rules.Plan | None, today: date, at: datetime) -> None:
    """Set off what is owed, and let lapse what has ended; one query where there is nothing to do."""
    entries = list(account.entries.order_by("on", "id"))
    lots, _owed = queries.read_lots(entries)
    by_day: dict[date, int] = defaultdict(int)
    for entry in entries:
        if not entry.is_lot and entry.lot_id is None:
            by_day[entry.on] += entry.minutes
    if any(by_day.values()) or any(lot.left < 0 for lot in lots):
        _settle(account, today, at)
    if any(lot.left > 0 and lot.expires_on and lot.expires_on < today for lot in lots):
        _lapse(account, plan, today, at)
        _settle(account, today, at)


def _grant(account: Account, employment: Employment, plan: rules.Plan, today: date, at: datetime) -> bool:
    """Write what has come due; tell whether anything had."""
    granted = False
    known = set(account.entries.exclude(key="").values_list("key", flat=True))
    for due in rules.due(plan, queries.service_of(employment), today):
        key = f"grant:{due.key}"
        if key not in known:
            lapses = plan.carry_most is not None or plan.carry_months is not None
            _write(
                account, Entry.Kind.GRANT, due.minutes, due.from_on, at,
                is_lot=True, expires_on=due.ends_on if lapses else None, key=key,
            )  # fmt: skip
            granted = True
    return granted


def _settle(account: Account, today: date, at: datetime) -> None:
    """Set off what is owed against what has come; give back what was set off for leave that is no longer taken."""
    for lot in queries.lots_of(account)[0]:
        if lot.left < 0:
            _pair(account, lot.id, -lot.left, today, at)
    owed: dict[date, int] = defaultdict(int)
    settled: dict[date, dict[UUID, int]] = defaultdict(lambda: defaultdict(int))
    rows = account.entries.filter(is_lot=False).filter(Q(lot=None) | Q(kind=Entry.Kind.SETTLE)).order_by("id")
    for day, lot_id, minutes in rows.values_list("on", "lot", "minutes"):
        if lot_id is None:
            owed[day] -= minutes
        else:
            settled[day][lot_id] -= minutes
    for day, lot_id, minutes in rules.settling(queries.lots_of(account)[0], owed):
        _pair(account, lot_id, -minutes, day, at)
    for day, minutes in owed.items():
        too_much = -minutes
        for lot_id, part in settled[day].items():
            back = min(too_much, part)
            if back > 0:
                _pair(account, lot_id, back, day, at)
                too_much -= back


def _pair(account: Account, lot_id: UUID, minutes: int, on: date, at: datetime) -> None:
    _write(account, Entry.Kind.SETTLE, minutes, on, at, lot_id=lot_id)
    _write(account, Entry.Kind.SETTLE, -minutes, on, at)


def _lapse(account: Account, plan: rules.Plan | None, today: date, at: datetime) -> None:
    """Carry over or let lapse what has ended, as often as it takes: what was carried over may have lapsed since."""
    while True:
        lots = _not_reserved(account)
        ended = [lot for lot in lots if lot.expires_on and lot.expires_on < today and lot.left > 0]
        if not ended:
            return
        day = min(lot.expires_on for lot in ended if lot.expires_on)
        together = [lot for lot in ended if lot.expires_on == day]
        granted = set(
            account.entries.filter(pk__in=[lot.id for lot in together], kind=Entry.Kind.GRANT).values_list(
                "pk", flat=True
            )
        )
        room = plan.carry_most if plan else 0
        parts = rules.rollover([lot for lot in together if lot.id in granted], room)
        parts += [(lot.id, 0, lot.left) for lot in together if lot.id not in granted]
        carried = sum(part[1] for part in parts)
        for lot_id, over, lost in parts:
            if over:
                _write(account, Entry.Kind.CARRY, -over, day + ONE, at, lot_id=lot_id)
            if lost:
                _write(account, Entry.Kind.EXPIRE, -lost, day + ONE, at, lot_id=lot_id)
        if carried:
            months = plan.carry_months if plan else None
            until = rules.add_months(day + ONE, months) - ONE if months is not None else None
            _write(account, Entry.Kind.CARRY, carried, day + ONE, at, is_lot=True, expires_on=until)


def _not_reserved(account: Account) -> list[Lot]:
    """Return the lots with what is left of each once all that waits is approved."""
    lots, _owed = queries.lots_of(account)
    taken: dict[UUID | None, int] = defaultdict(int)
    for _day, lot_id, minutes in rules.draws(lots, queries.waiting_days(account)):
        taken[lot_id] += minutes
    return [Lot(lot.id, lot.left - taken[lot.id], lot.from_on, lot.expires_on) for lot in lots]


def _leave_off(account: Account, employment: Employment, plan: rules.Plan | None, to_on: date, at: datetime) -> None:
    """Cut the last year's grants to the days that were worked, then pay out what is left, or let it lapse."""
    if plan:
        service = queries.service_of(employment)
        due = {f"grant:{one.key}": one.minutes for one in rules.due(plan, service, to_on)}
        last_year = f"grant:{rules.leave_year(plan, service, to_on)[0].isoformat()}"
        for lot in account.entries.filter(kind=Entry.Kind.GRANT, key__gte=last_year).order_by("on", "id"):
            cut = sum(account.entries.filter(kind=Entry.Kind.REDUCE, lot=lot).values_list("minutes", flat=True))
            too_much = lot.minutes + cut - due.get(lot.key, 0)
            if too_much:
                _write(account, Entry.Kind.REDUCE, -too_much, to_on, at, lot_id=lot.pk)
    _settle(account, to_on, at)
    kind = Entry.Kind.PAYOUT if account.type.pays_out else Entry.Kind.EXPIRE
    left = [lot for lot in queries.lots_of(account)[0] if lot.left > 0]
    for rest in left:
        _write(account, kind, -rest.left, to_on + ONE, at, lot_id=rest.id)
    if left and kind == Entry.Kind.PAYOUT:
        paid = sum(account.entries.filter(kind=Entry.Kind.PAYOUT).values_list("minutes", flat=True))
        record(
            LeftWithBalance(
                person_id=employment.person_id,
                at=at,
                employment_id=employment.pk,
                type_id=account.type_id,
                on=to_on,
                minutes=-paid,
            )
        )


def _take_back_payout(account: Account, today: date, at: datetime) -> None:
    """Take back what was to be paid out, and what was cut: the person stays after all."""
    undone: dict[tuple[str, UUID | None], int] = defaultdict(int)
    kinds = [Entry.Kind.PAYOUT, Entry.Kind.REDUCE]
    for kind, lot_id, minutes in account.entries.filter(kind__in=kinds).values_list("kind", "lot", "minutes"):
        undone[kind, lot_id] += minutes
    for (kind, lot_id), minutes in undone.items():
        if minutes:
            _write(account, Entry.Kind(kind), -minutes, today, at, lot_id=lot_id)


def _next_look(account: Account, employment: Employment, plan: rules.Plan | None, today: date) -> date:
    days = [today + _SELDOM]
    if employment.to_on and employment.to_on >= today:
        days.append(employment.to_on + ONE)
    days += [lot.expires_on + ONE for lot in queries.lots_of(account)[0] if lot.left > 0 and lot.expires_on]
    if plan:
        ahead = rules.due(plan, queries.service_of(employment), today + _SELDOM)
        days += [due.from_on for due in ahead if due.from_on > today]
    return max(min(days), today + ONE)


# What people take and give --------------------------------------------------------------------------------------------


def missing_for(account: Account, employment: Employment, wanted: Mapping[date, int], *, today: date) -> int:
    """Return by how much leave asked for passes what may be taken, all that waits counted; nothing if it is covered.

    What will be granted or carried over by then counts, as far as the plan says it already.
    """
    lots, owed = queries.lots_of(account)
    plan = queries.plan_for(account.type_id, employment)
    lots = rules.lasting(lots, queries.granted_lots(account.entries.filter(is_lot=True)), plan)
    if plan and wanted and max(wanted) > today:
        known = set(account.entries.values_list("key", flat=True))
        for due in rules.due(plan, queries.service_of(employment), max(wanted)):
            if f"grant:{due.key}" not in known:
                lots.append(Lot(UUID(int=due.from_on.toordinal()), due.minutes, due.from_on, due.ends_on))
    together = defaultdict(int, queries.waiting_days(account))
    for day, minutes in wanted.items():
        together[day] += minutes
    uncovered = sum(minutes for _day, lot_id, minutes in rules.draws(lots, together) if lot_id is None)
    return max(uncovered + owed - account.type.may_owe, 0)


def take(account: Account, leave: Leave, days: Iterable[LeaveDay], *, at: datetime, by: UUID | None) -> None:
    """Take a leave's days from the ledger. The account is locked by the caller."""
    lots, _owed = queries.lots_of(account)
    for day, lot_id, minutes in rules.draws(lots, {day.day: day.minutes for day in days}):
        _write(account, Entry.Kind.USE, -minutes, day, at, lot_id=lot_id, leave=leave, by=by)


def give_back(account: Account, leave: Leave, days: Iterable[date], *, at: datetime, by: UUID | None) -> None:
    """Give the days of a leave back to where they were taken from. The account is locked by the caller."""
    taken: dict[tuple[date, UUID | None], int] = defaultdict(int)
    for day, lot_id, minutes in account.entries.filter(leave=leave, on__in=list(days)).values_list(
        "on", "lot", "minutes"
    ):
        taken[day, lot_id] += minutes
    for (day, lot_id), minutes in taken.items():
        if minutes:
            _write(account, Entry.Kind.RELEASE, -minutes, day, at, lot_id=lot_id, leave=leave, by=by)
    _settle(account, at.date(), at)
    account.due_on = at.date()
    account.save(update_fields=["due_on"])


@transaction.atomic
def adjust(
    *,
    actor: Actor,
    at: datetime,
    employment_id: UUID,
    type_id: UUID,
    minutes: int,
    on: date,
    note: str,
    expires_on: date | None = None,
) -> Entry:
    """Give leave, or take some away, by hand and with a reason. Not one's own."""
    actor.require(permissions.MANAGE)
    if not minutes:
        raise NothingToTake
    employment = queries.managed_employment(actor, employment_id)
    account = lock_account(employment.pk, type_id, at=at)
    entry = _give_or_take(account, minutes, on, at, note=note, by=actor.user_id, expires_on=expires_on)
    record(
        BalanceAdjusted(
            person_id=employment.person_id,
            at=at,
            by=actor.user_id,
            employment_id=employment.pk,
            type_id=type_id,
            entry_id=entry.pk,
            minutes=minutes,
        )
    )
    return entry


@transaction.atomic(savepoint=False)
def earn(
    *,
    at: datetime,
    employment_id: UUID,
    code: str,
    minutes: int,
    on: date,
    key: str,
    cap: int = 0,
    expires_on: date | None = None,
) -> int:
    """Put time off that was earned on a day into a ledger, as far as it may hold it; return how much went in.

    A `cap` of 0 has no end. A negative number takes out what was not earned after all; if it was taken already, it is
    owed. Where there is no such type of leave, nothing goes in.
    """
    kind = LeaveType.objects.filter(code=code).first()
    if kind is None or not minutes:
        return 0
    account = lock_account(employment_id, kind.pk, at=at)
    if minutes > 0 and cap:
        minutes = min(minutes, max(cap - queries.balance_on(account, max(at.date(), on)), 0))
    if minutes:
        _give_or_take(account, minutes, on, at, kind=Entry.Kind.EARN, key=key, expires_on=expires_on)
    return minutes


def _give_or_take(
    account: Account,
    minutes: int,
    on: date,
    at: datetime,
    *,
    kind: Entry.Kind = Entry.Kind.ADJUST,
    note: str = "",
    key: str = "",
    by: UUID | None = None,
    expires_on: date | None = None,
) -> Entry:
    if minutes > 0:
        entry = _write(account, kind, minutes, on, at, is_lot=True, expires_on=expires_on, note=note, key=key, by=by)
    else:
        lots, _owed = queries.lots_of(account)
        for number, (day, lot_id, part) in enumerate(rules.draws(lots, {on: -minutes})):
            entry = _write(account, kind, -part, day, at, lot_id=lot_id, note=note, by=by, key="" if number else key)
    _settle(account, at.date(), at)
    account.due_on = at.date()
    account.save(update_fields=["due_on"])
    return entry


def _write(
    account: Account,
    kind: Entry.Kind,
    minutes: int,
    on: date,
    at: datetime,
    *,
    lot_id: UUID | None = None,
    is_lot: bool = False,
    expires_on: date | None = None,
    leave: Leave | None = None,
    key: str = "",
    note: str = "",
    by: UUID | None = None,
) -> Entry:
    return Entry.objects.create(
        account=account, kind=kind, minutes=minutes, on=on, at=at, lot_id=lot_id, is_lot=is_lot,
        expires_on=expires_on, leave=leave, key=key, note=note.strip()[:300], by=by,
    )  # fmt: skip
