"""Reads for handing punches of a badge to the right person: what there is, and whose it may become."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Q, QuerySet

from zhiren.attendance import queries
from zhiren.attendance.models import HandedOver, Punch
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.people.models import Employment

# As far back as a punch is believed, and at most so many at a time.
BACK = timedelta(days=390)
MOST = 1000


@dataclass(frozen=True)
class Badge:
    """A badge by which punches were taken for somebody: how many count, and from when to when."""

    badge: str
    punches: int
    first_at: datetime
    last_at: datetime


def get_employment_to_manage(actor: Actor, employment_id: UUID) -> Employment:
    """Return an employment whose attendance this actor manages; never their own; NotFound as ever."""
    employment = queries.get_employment(actor, employment_id)
    if employment.user_id == actor.user_id or not queries.may_manage(actor, employment):
        raise NotFound
    return employment


def badges_of(employment: Employment, at: datetime) -> list[Badge]:
    """Return the badges by which punches that count were taken for somebody, the last used first."""
    rows = _counting(employment).filter(at__gte=at - BACK).values("badge")
    found = rows.annotate(punches=Count("pk"), first_at=Min("at"), last_at=Max("at")).order_by("-last_at", "badge")
    return [Badge(**row) for row in found]


def punches_by(employment: Employment, badge: str, first: date, last: date, at: datetime) -> list[Punch]:
    """Return the punches of a badge that count for somebody, on dates where they work; the oldest first."""
    zone = ZoneInfo(employment.zone)
    since = datetime(first.year, first.month, first.day, tzinfo=zone)
    until = datetime(last.year, last.month, last.day, tzinfo=zone) + timedelta(days=1)
    rows = _counting(employment).filter(badge=badge, at__gte=max(since, at - BACK), at__lt=until)
    return list(rows.order_by("at", "key")[:MOST])


def _counting(employment: Employment) -> QuerySet[Punch]:
    return Punch.objects.filter(employment=employment, handed_over__isnull=True).exclude(badge="")


def known_as(actor: Actor, employment: Employment, text: str) -> list[Employment]:
    """Return who else of somebody's legal entity has a staff number or a badge, and is the actor's to manage."""
    rows = queries.employments_visible_to(actor).filter(entity=employment.entity_id).exclude(pk=employment.pk)
    named = rows.filter(Q(number=text) | Q(badge=text)).order_by("-from_on", "pk") if text else rows.none()
    return [row for row in named[:5] if row.user_id != actor.user_id and queries.may_manage(actor, row)]


def handed_over_of(employment_id: UUID, since: datetime, until: datetime) -> Sequence[HandedOver]:
    """Return which punches were taken for somebody and were another's. Whoever asks."""
    rows = HandedOver.objects.filter(employment_id=employment_id, at__gte=since, at__lt=until)
    return list(rows.select_related("punch").order_by("at"))
