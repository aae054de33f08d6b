"""The list of interviews, and how many are in each part of it. What it costs does not grow with how far down one is."""

from datetime import datetime, timedelta

from django.db.models import Case, Count, Q, QuerySet, When, prefetch_related_objects

from zhiren.interviews import queries
from zhiren.interviews.models import Interview
from zhiren.kernel.actors import Actor
from zhiren.plumbing.paging import Page, keyset_page, page_of
from zhiren.plumbing.questions import Question
from zhiren.plumbing.rights import MOMENT, Sql, answer, per_rights, totals_of

ROWS = 25
# In the list of those that wait the actor's own come first, then the oldest.
_ORDERS = {
    "today": ("starts_at", "id"),
    "week": ("starts_at", "id"),
    "waiting": ("turn", "ends_at", "id"),
    "all": ("-starts_at", "-id"),
}


def page_of_interviews(
    actor: Actor, shown: str, *, day: tuple[datetime, datetime], week_until: datetime, only_mine: bool, after: str
) -> Page[Interview]:
    """Return some of the visible interviews: of `day`, of the "week" from there on, those "waiting" or "all".

    Those that wait were held and lack scorecards. `only_mine` leaves out what the actor does not hold.
    """
    order, spans = _ORDERS[shown], (day[1] - day[0], week_until - day[0])
    if after:
        page = keyset_page(_listed(actor, shown, only_mine, day[0], *spans), order=order, after=after, size=ROWS)
    else:
        page = page_of(_first_listed(actor, shown, only_mine, *spans, ROWS + 1).rows(day[0]), order=order, size=ROWS)
    prefetch_related_objects(page.rows, queries.panel())
    return page


@per_rights
def _first_listed(
    actor: Actor, shown: str, only_mine: bool, day: timedelta, week: timedelta, most: int
) -> Question[Interview]:
    return Question(_listed(actor, shown, only_mine, MOMENT, day, week).order_by(*_ORDERS[shown])[:most])


def _listed(
    actor: Actor, shown: str, only_mine: bool, begin: datetime, day: timedelta, week: timedelta
) -> QuerySet[Interview]:
    if shown in {"today", "week"}:
        rows = queries.interviews_between(actor, begin, begin + (day if shown == "today" else week))
    else:
        rows = queries.told(queries.interviews_visible_to(actor), actor)
    if shown == "waiting":
        turn = Case(When(is_mine_to_score=True, then=0), default=1)
        rows = rows.filter(state=Interview.State.HELD).annotate(turn=turn)
    rows = queries.only_held_by(rows, actor) if only_mine else rows
    return rows.prefetch_related(None)


def list_counts(actor: Actor, *, day: tuple[datetime, datetime], week_until: datetime) -> dict[str, int]:
    """Return how many visible interviews are today, within the week, and wait for scorecards; one query."""
    asked = _list_counts(actor, day[1] - day[0], week_until - day[0])
    return dict(zip(("today", "week", "waiting"), answer(asked, day[0])[0] if asked else (0, 0, 0), strict=True))


@per_rights
def _list_counts(actor: Actor, day: timedelta, week: timedelta) -> Sql | None:
    """Return what `list_counts` asks; `MOMENT` is when the day begins."""
    going_on = Q(starts_at__gte=MOMENT, starts_at__lt=MOMENT + week) & ~Q(state=Interview.State.CANCELLED)
    held = Q(state=Interview.State.HELD)
    return totals_of(
        queries.interviews_visible_to(actor).filter(going_on | held),
        today=Count("pk", filter=going_on & Q(starts_at__lt=MOMENT + day)),
        week=Count("pk", filter=going_on),
        waiting=Count("pk", filter=held),
    )
