"""Platforms outside: accounts there, pulling the punches that people made there, passing on those made here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from zhiren.attendance import jobs, permissions, services
from zhiren.attendance import platform_queries as queries
from zhiren.attendance.channels import Listener, Login, Note, Teller, Told, Unavailable, platforms
from zhiren.attendance.errors import AccountKnown, SecretNeededAgain
from zhiren.attendance.events import PunchAccountFailed, PunchAccountRecovered, PunchAccountSaved
from zhiren.attendance.models import PassedOn, Punch, PunchAccount
from zhiren.attendance.services import Incoming, Taken
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.org import queries as org
from zhiren.people.models import Employment
from zhiren.plumbing.jobs import defer_once
from zhiren.timeline.services import record

# What came long after it was made, such as from a phone without a network, is still found for so long.
OVERLAP = timedelta(days=1)
PASSED_AT_ONCE = 5000
# Nobody is told of what is older.
PASSED_WITHIN = timedelta(days=31)
# A platform that refuses some punches for their own sake works, but somebody has to look at those.
SOME_REFUSED = "some_refused"
_REFUSED_AGAIN = timedelta(days=1)
_LATEST = timedelta(hours=1)
_MOST_DOUBLINGS = 6
# After so many failures, a quarter of an hour, somebody has to know of what may still mend itself.
_PATIENCE = 5


# Accounts -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class AccountFacts:
    """An account as somebody enters it. The secret is empty where it stays as it is."""

    platform: str
    name: str
    tenant: str = ""
    app_id: str = ""
    secret: str = ""
    known_by: str = "number"
    entity_id: UUID | None = None
    since: date
    every_minutes: int = 30


@transaction.atomic
def save_account(*, actor: Actor, at: datetime, facts: AccountFacts, account_id: UUID | None = None) -> PunchAccount:
    """Set up an account, or change it; it is asked again at once, from where it was, or from an earlier `since`.

    Raises:
        SecretNeededAgain: the stored secret was entered for another account.
        AccountKnown: it is set up already.
        NotFound: the account or its entity is not this actor's.
    """
    actor.require(permissions.MANAGE_DEVICES)
    reach = actor.reach(permissions.MANAGE_DEVICES)
    if not reach.everything and facts.entity_id not in reach.entities:
        raise NotFound
    if account_id:
        queries.get_account(actor, account_id)
        account = queries.lock_account(account_id)
    else:
        account = PunchAccount(created_at=at, created_by_id=actor.user_id)
    login = _login(account if account_id else None, facts)
    if (account.since, account.entity_id) != (facts.since, facts.entity_id):
        account.reached = None  # what lies further back, or is of others, was never asked for
    account.platform, account.name = facts.platform, facts.name
    account.tenant, account.app_id, account.known_by = facts.tenant, facts.app_id, facts.known_by
    account.entity_id, account.since, account.every_minutes = facts.entity_id, facts.since, facts.every_minutes
    account.secret_sealed = queries.seal_secret(account.pk, login.secret)
    if queries.is_known(account):
        raise AccountKnown
    _forget_failure(account, at=at)
    account.save()
    queries.refused_by(account).delete()  # with what was changed they may be taken
    record(PunchAccountSaved(at=at, by=actor.user_id, account_id=account.pk, is_active=account.is_active))
    return account


@transaction.atomic
def switch_account(*, actor: Actor, at: datetime, account_id: UUID, active: bool) -> PunchAccount:
    """Stop asking a platform, or begin again where it stopped. What came in stays."""
    actor.require(permissions.MANAGE_DEVICES)
    queries.get_account(actor, account_id)
    account = queries.lock_account(account_id)
    if account.is_active != active:
        account.is_active = active
        _forget_failure(account, at=at)
        account.save()
        record(PunchAccountSaved(at=at, by=actor.user_id, account_id=account.pk, is_active=active))
    return account


@dataclass(frozen=True)
class Tried:
    """What came of a try to sign in: nothing wrong, or a code of `platform_words.PROBLEMS` and the other's words."""

    problem: str = ""
    detail: str = ""


def try_account(*, actor: Actor, facts: AccountFacts, account_id: UUID | None = None) -> Tried:
    """Really sign in. Nothing is pulled, nothing is saved.

    Raises:
        SecretNeededAgain: as `save_account`.
    """
    actor.require(permissions.MANAGE_DEVICES)
    login = _login(queries.get_account(actor, account_id) if account_id else None, facts)
    try:
        platforms[facts.platform].check(login)
    except Unavailable as error:
        return Tried(error.problem, error.detail)
    return Tried()


def _login(account: PunchAccount | None, facts: AccountFacts) -> Login:
    """Return how to sign in; a stored secret goes only where it was entered for."""
    login = Login(tenant=facts.tenant, app_id=facts.app_id, secret=facts.secret)
    if login.secret:
        return login
    if account is None or account.platform != facts.platform:
        raise SecretNeededAgain
    known = queries.login_of(account)
    if (known.tenant, known.app_id) != (facts.tenant, facts.app_id):
        raise SecretNeededAgain
    return replace(login, secret=known.secret)


# Asking and telling ---------------------------------------------------------------------------------------------------


@transaction.atomic
def begin_due(*, at: datetime) -> int:
    """Have the platforms asked whose turn it is; return how many."""
    due = queries.lock_due(at)
    for account in due:
        account.try_at = at + timedelta(minutes=account.every_minutes)
        account.save(update_fields=["try_at"])
        defer_once(jobs.exchange, of=str(account.pk), account_id=str(account.pk))
    return len(due)


@transaction.atomic
def ask_now(*, actor: Actor, at: datetime, account_id: UUID) -> None:
    """Have a platform asked now, whenever its turn would be; one that is switched off stays so.

    It is told again of punches that it would not take.
    """
    actor.require(permissions.MANAGE_DEVICES)
    queries.get_account(actor, account_id)
    account = queries.lock_account(account_id)
    queries.refused_by(account).delete()
    account.try_at = at + timedelta(minutes=account.every_minutes)
    account.save(update_fields=["try_at"])
    defer_once(jobs.exchange, of=str(account.pk), account_id=str(account.pk))


def exchange(*, account_id: UUID, at: datetime) -> None:
    """Pull what is new on a platform, or tell it what is new here, and note how it went. Safe to run twice.

    What came before a platform failed stays; the next time asks for all of it again, and nothing is doubled.
    """
    account = queries.account_by_id(account_id)
    if not account.is_active:
        return
    platform = platforms[account.platform]
    try:
        if isinstance(platform, Teller):
            new, unclear = _pull(account, platform, at)
        elif isinstance(platform, Listener):
            new, unclear = _pass_on(account, platform, at), 0
        else:
            raise TypeError(f"{account.platform} neither tells nor listens")
    except Unavailable as error:
        _note_failure(account_id, error, at=at)
    else:
        _note_success(account_id, at=at, new=new, unclear=unclear)


def _pull(account: PunchAccount, platform: Teller, at: datetime) -> tuple[int, int]:
    """Return how many punches are new, and how many people cannot be told apart by what the platform calls them."""
    since = _since(account)
    if account.reached:
        since = max(since, account.reached - OVERLAP)
    people = queries.people_of(account, since.date() - OVERLAP, at.date() + OVERLAP)
    clear = {name: rows for name, rows in people.items() if len({row.person_id for row in rows}) == 1}
    new = 0
    for told in platform.pull(queries.login_of(account), users=sorted(clear), since=since, until=at):
        taken = _take(account, told, clear, at)
        services.compute_now(at=at, taken=taken)
        new += taken.new
    return new, len(people) - len(clear)


def _take(account: PunchAccount, told: Sequence[Told], people: dict[str, list[Employment]], at: datetime) -> Taken:
    """Keep punches for whoever was employed under that name on their day; those of nobody keep the name as a badge."""
    incoming = []
    for one in told:
        rows = people.get(one.user, [])
        owner = next((row for row in rows if row.covers(one.at.astimezone(ZoneInfo(row.zone)).date())), None)
        incoming.append(
            Incoming(
                key=f"{account.platform}:{account.tenant or account.app_id}:{one.user}:{one.at.timestamp():.0f}"[:120],
                at=one.at,
                zone=owner.zone if owner else _zone(account),
                source=account.platform,
                badge=one.user[:64],
                employment_id=owner.pk if owner else None,
                details=one.details,
            )
        )
    return services.take_punches(at=at, punches=incoming, entity_id=account.entity_id)


def _pass_on(account: PunchAccount, platform: Listener, at: datetime) -> int:
    """Return how many punches a platform took. What it said to each call is noted at once, so none is told of twice.

    One that it refuses is set aside with its words, and told again a day later: the person may be known there by then.
    """
    since = max(_since(account), at - PASSED_WITHIN)
    punches = queries.untold(account, since, refused_before=at - _REFUSED_AGAIN, limit=PASSED_AT_ONCE)
    notes = [_note(account, punch) for punch in punches]
    rest, passed = iter(zip(punches, notes, strict=True)), 0
    if not notes:
        platform.check(queries.login_of(account))
    for said in platform.push(queries.login_of(account), notes) if notes else ():
        rows = [_passed_on(account, punch, note, words, at) for words, (punch, note) in zip(said, rest, strict=False)]
        with transaction.atomic():
            queries.refused_by(account).filter(punch__in=[row.punch_id for row in rows]).delete()
            PassedOn.objects.bulk_create(rows, ignore_conflicts=True)
        passed += said.count("")
    return passed


def _passed_on(account: PunchAccount, punch: Punch, note: Note, words: str, at: datetime) -> PassedOn:
    row = PassedOn(account=account, punch=punch)
    if words:
        row.refused_at, row.refusal, row.name = at, words[:200], note.user[:64]
    return row


def _note(account: PunchAccount, punch: Punch) -> Note:
    person: Any = punch.employment
    device = punch.device
    place = (device.name or device.serial) if device else str(punch.details.get("place") or punch.source)
    return Note(user=getattr(person, account.known_by), at=punch.at, place=place[:100], source=punch.source)


def _since(account: PunchAccount) -> datetime:
    begin = datetime(account.since.year, account.since.month, account.since.day, tzinfo=ZoneInfo(_zone(account)))
    return begin.astimezone(UTC)


def _zone(account: PunchAccount) -> str:
    return account.entity.zone if account.entity else org.company().zone


@transaction.atomic
def _note_success(account_id: UUID, *, at: datetime, new: int, unclear: int) -> None:
    account = queries.lock_account(account_id)
    account.refused = queries.refused_by(account).filter(punch__at__gte=at - PASSED_WITHIN).count()
    if not (account.refused and account.told_problem == SOME_REFUSED):
        _forget_failure(account, at=at)
        if account.refused:
            _tell(account, SOME_REFUSED, at)
    account.reached = account.last_success_at = at
    account.last_new, account.unclear = new, unclear
    account.try_at = at + timedelta(minutes=account.every_minutes)
    account.save()


@transaction.atomic
def _note_failure(account_id: UUID, error: Unavailable, *, at: datetime) -> None:
    """Note that a platform cannot be used, and when to try again: soon, then ever later, at least every hour.

    Somebody is told at once where they have to change something, else after a quarter of an hour; and again where it
    has become another problem that lasts.
    """
    account = queries.lock_account(account_id)
    account.failing_since = account.failing_since or at
    account.problem, account.detail = error.problem, error.detail
    pause = timedelta(minutes=2 ** min(account.failures, _MOST_DOUBLINGS))
    account.try_at = at + (_LATEST if error.permanent else min(pause, _LATEST))
    account.failures = min(account.failures + 1, 1000)
    is_first = account.told_problem in {"", SOME_REFUSED}
    if error.problem != account.told_problem and (error.permanent or (is_first and account.failures >= _PATIENCE)):
        _tell(account, error.problem, at)
    account.save()


def _tell(account: PunchAccount, problem: str, at: datetime) -> None:
    account.told_problem = problem
    record(PunchAccountFailed(person_id=None, at=at, account_id=account.pk, problem=problem))


def _forget_failure(account: PunchAccount, *, at: datetime) -> None:
    if account.told_problem:
        record(PunchAccountRecovered(person_id=None, at=at, account_id=account.pk))
    account.told_problem = ""
    account.failing_since, account.failures, account.problem, account.detail = None, 0, "", ""
    account.try_at = None
