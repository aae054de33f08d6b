"""Every read about punches made without a network: browsers that may keep them, and those somebody must look at."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from zhiren.attendance import permissions
from zhiren.attendance.models import DoubtfulPunch, Punch, PunchKey
from zhiren.kernel.actors import Actor
from zhiren.people.models import Employment
from zhiren.plumbing.models import one
from zhiren.plumbing.permissions import within

# One's own doubtful punches are shown for so long.
SHOWN = timedelta(days=14)


def own_keys(actor: Actor) -> QuerySet[PunchKey]:
    """Return the browsers in which the actor may punch without a network, the newest first."""
    return PunchKey.objects.filter(_own(actor), revoked_at__isnull=True).order_by("-made_at", "-pk")


def get_own_key(actor: Actor, key_id: UUID) -> PunchKey:
    """Return a browser of the actor, revoked or not; NotFound as ever."""
    return one(PunchKey.objects.filter(_own(actor)), key_id)


def lock_own_key(actor: Actor, key_id: UUID) -> PunchKey:
    """Return a browser of the actor, locked, so that its punches are taken one after the other; NotFound as ever."""
    return one(PunchKey.objects.select_for_update().filter(_own(actor)), key_id)


def key_like(public_key: bytes) -> PunchKey | None:
    """Return the browser with this very key, whoever asks: for the service that adds one."""
    return PunchKey.objects.filter(public_key=public_key).first()


def keys_managed_by(actor: Actor) -> QuerySet[PunchKey]:
    """Return the browsers in use of those whose attendance this actor manages, the newest first."""
    rows = PunchKey.objects.filter(revoked_at__isnull=True, user__in=_managed(actor).values("user_id"))
    return rows.select_related("user").order_by("-made_at", "-pk")


def get_key_to_revoke(actor: Actor, key_id: UUID) -> PunchKey:
    """Return a browser that this actor may take out of use: their own, or of those they manage; NotFound as ever."""
    managed = Q(user__in=_managed(actor).values("user_id"))
    return one(PunchKey.objects.filter(managed | _own(actor)), key_id)


def doubts_open_to(actor: Actor) -> QuerySet[DoubtfulPunch]:
    """Return the doubtful punches that this actor may decide and nobody has, the oldest first; never their own."""
    rows = DoubtfulPunch.objects.filter(counts__isnull=True, employment__in=_managed(actor))
    rows = rows.exclude(employment__user_id=actor.user_id) if actor.user_id else rows
    return rows.select_related("punch", "employment__person", "employment__department", "punch_key").order_by("pk")


def lock_doubt(actor: Actor, doubtful_id: UUID) -> DoubtfulPunch:
    """Return a doubtful punch that this actor may decide, locked; NotFound as ever, and once it was decided."""
    return one(doubts_open_to(actor).select_for_update(of=("self",)), doubtful_id)


def doubts_of(employment_id: UUID, *, at: datetime) -> list[DoubtfulPunch]:
    """Return somebody's doubtful punches of the last days. Whoever asks: the employment was asked for before."""
    rows = DoubtfulPunch.objects.filter(employment_id=employment_id, punch__received_at__gte=at - SHOWN)
    return list(rows.exclude(counts=True).select_related("punch").order_by("punch__at"))


def doubts_between(employment_id: UUID, since: datetime, until: datetime) -> list[DoubtfulPunch]:
    """Return somebody's doubtful punches of a stretch of time that do not count. Whoever asks: as above."""
    rows = DoubtfulPunch.objects.filter(employment_id=employment_id, punch__at__gte=since, punch__at__lt=until)
    return list(rows.exclude(counts=True).select_related("punch").order_by("punch__at"))


def known_keys(keys: Collection[str]) -> set[str]:
    """Return which of these keys of punches there are already."""
    return set(Punch.objects.filter(key__in=keys).values_list("key", flat=True))


def _own(actor: Actor) -> Q:
    return Q(user_id=actor.user_id) if actor.user_id else Q(pk__in=[])


def _managed(actor: Actor) -> QuerySet[Employment]:
    return Employment.objects.filter(within(actor.reach(permissions.MANAGE), own=Q(pk__in=[])))
