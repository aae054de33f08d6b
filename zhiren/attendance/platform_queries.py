"""Every read of accounts at platforms outside."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhiren.access import queries as access
from zhiren.attendance import permissions
from zhiren.attendance.channels import Login
from zhiren.attendance.models import PassedOn, Punch, PunchAccount
from zhiren.attendance.platform_words import PROBLEMS
from zhiren.kernel.actors import Actor
from zhiren.org import queries as org
from zhiren.org.models import Entity
from zhiren.people import employment_queries as employments
from zhiren.people.models import Employment
from zhiren.plumbing import crypto
from zhiren.plumbing.models import one


def accounts_visible_to(actor: Actor) -> QuerySet[PunchAccount]:
    """Return the accounts of the entities whose devices this actor manages."""
    rows = PunchAccount.objects.select_related("entity")
    reach = actor.reach(permissions.MANAGE_DEVICES)
    return rows if reach.everything else rows.filter(entity_id__in=reach.entities)


def get_account(actor: Actor, account_id: UUID) -> PunchAccount:
    """Return an account; NotFound as ever."""
    return one(accounts_visible_to(actor), account_id)


def entities_to_connect(actor: Actor) -> QuerySet[Entity]:
    """Return the legal entities whose people an account may be for."""
    reach = actor.reach(permissions.MANAGE_DEVICES)
    rows = org.entities(actor)
    return rows if reach.everything else rows.filter(pk__in=reach.entities)


def may_connect_all(actor: Actor) -> bool:
    """Tell whether an account may be for the whole company."""
    return actor.reach(permissions.MANAGE_DEVICES).everything


def lock_account(account_id: UUID) -> PunchAccount:
    """Return an account, whoever asks, locked until the transaction ends."""
    return one(PunchAccount.objects.select_for_update(), account_id)


def account_by_id(account_id: UUID) -> PunchAccount:
    """Return an account, whoever asks: for the worker."""
    return one(PunchAccount.objects.select_related("entity"), account_id)


def is_known(account: PunchAccount) -> bool:
    """Tell whether the same application was set up by another account."""
    same = PunchAccount.objects.filter(platform=account.platform, tenant=account.tenant, app_id=account.app_id)
    return same.exclude(pk=account.pk).exists()


def lock_due(at: datetime) -> list[PunchAccount]:
    """Return the accounts that are to be asked now, locked; those that another worker holds are left out."""
    due = Q(try_at__isnull=True) | Q(try_at__lte=at)
    return list(PunchAccount.objects.select_for_update(skip_locked=True).filter(due, is_active=True))


def seal_secret(account_id: UUID, secret: str) -> bytes:
    """Return a secret as its row keeps it."""
    return crypto.seal(crypto.key_for("punch-accounts"), secret.encode(), bound_to=_cell(account_id))


def login_of(account: PunchAccount) -> Login:
    """Return how an account signs in. Only for asking."""
    key = crypto.key_for("punch-accounts")
    secret = crypto.unseal(key, account.secret_sealed, bound_to=_cell(account.pk)).decode()
    return Login(tenant=account.tenant, app_id=account.app_id, secret=secret)


def _cell(account_id: UUID) -> str:
    return f"attendance_punchaccount|secret_sealed|{account_id}"


def people_of(account: PunchAccount, first: date, last: date) -> dict[str, list[Employment]]:
    """Return who is employed on some day from the first to the last, by what the platform calls them."""
    rows = Employment.objects.select_related("branch", "entity").filter(employments.covering(first, last))
    if account.entity_id:
        rows = rows.filter(entity_id=account.entity_id)
    found: dict[str, list[Employment]] = {}
    for row in rows.order_by("from_on", "pk"):
        if name := (row.number if account.known_by == PunchAccount.KnownBy.NUMBER else row.badge):
            found.setdefault(name, []).append(row)
    return found


def untold(account: PunchAccount, since: datetime, *, refused_before: datetime, limit: int) -> list[Punch]:
    """Return the oldest punches since a moment that a platform was not told of yet, of people it knows.

    Then come those that it refused at some earlier moment. Left out are those that came from it, or came to belong to
    nobody.
    """
    rows = Punch.objects.filter(at__gte=since, employment__isnull=False, handed_over__isnull=True)
    rows = rows.exclude(source=account.platform)
    rows = rows.exclude(**{f"employment__{account.known_by}": ""})
    if account.entity_id:
        rows = rows.filter(employment__entity_id=account.entity_id)
    rows = rows.select_related("employment", "device__branch").order_by("at", "pk")
    found = list(rows.filter(~Exists(PassedOn.objects.filter(account=account, punch=OuterRef("pk"))))[:limit])
    again = refused_by(account).filter(refused_at__lte=refused_before)
    return found + list(rows.filter(pk__in=again.values("punch"))[: limit - len(found)])


def refused_by(account: PunchAccount) -> QuerySet[PassedOn]:
    """Return the punches that a platform would not take, whoever asks; the last ones first."""
    return PassedOn.objects.filter(account=account, refused_at__isnull=False).order_by("-punch__at", "-pk")


def refused_shown(actor: Actor, account_id: UUID, *, limit: int = 20) -> list[PassedOn]:
    """Return the last punches that the platform of a visible account would not take."""
    return list(refused_by(get_account(actor, account_id)).select_related("punch")[:limit])


# What is told of them -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trouble:
    """What is the matter with an account (a code of `platform_words.PROBLEMS`), and since when."""

    problem: str
    since: datetime

    @property
    def says(self) -> str:
        """What is wrong, and what to do, in the current language."""
        return str(PROBLEMS[self.problem])


def trouble_of(account_id: UUID) -> Trouble | None:
    """Return what somebody should know of an account; None where all is well, or nobody has to know yet."""
    account = PunchAccount.objects.filter(pk=account_id).first()
    if account is None or not account.told_problem or not account.is_active:
        return None
    first = refused_by(account).order_by("refused_at").first()
    since = account.failing_since or (first and first.refused_at) or account.created_at
    return Trouble(account.told_problem, since)


def keepers_of(account_id: UUID, *, who_also_may: str) -> list[UUID]:
    """Return who looks after an account and has another permission too: who set it up, else their manager, else the
    HR managers whose it is. Nobody, where none of these may.
    """
    account = PunchAccount.objects.filter(pk=account_id).first()
    if account is None:
        return []
    creator = account.created_by_id or UUID(int=0)
    for users in ([creator], access.managers_of(creator), access.managers_of(UUID(int=0))):
        actors = [access.actor_of_id(user_id) for user_id in users]
        keepers = [
            actor.user_id
            for actor in actors
            if actor.may(who_also_may) and accounts_visible_to(actor).filter(pk=account_id).exists()
        ]
        if found := [user_id for user_id in keepers if user_id]:
            return found
    return []


def names_of_accounts(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what accounts are called, for lines about them that the reader may see."""
    return dict(PunchAccount.objects.filter(pk__in=set(account_ids)).values_list("pk", "name"))
