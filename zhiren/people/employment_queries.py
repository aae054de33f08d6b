"""Every read of employments: who works where, for whom, on which day."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from zhiren.kernel.actors import Actor
from zhiren.people import permissions
from zhiren.people.models import Employment, Placement
from zhiren.plumbing.models import one
from zhiren.plumbing.permissions import within


def employments_visible_to(actor: Actor) -> QuerySet[Employment]:
    """Return the employments this actor may see, ended ones too; their own, and those of who reports to them."""
    own = Q(user_id=actor.user_id) | Q(manager__user_id=actor.user_id)
    return _whole().filter(within(actor.reach(permissions.VIEW_EMPLOYMENTS), own=own))


def managers_to_choose(actor: Actor, *, besides: UUID | None = None) -> QuerySet[Employment]:
    """Return whom an actor may name as somebody's manager, and who it is now: also one who leaves, or is elsewhere."""
    staying = employments_visible_to(actor).filter(to_on=None).values("pk")
    return Employment.objects.select_related("person").filter(Q(pk__in=staying) | Q(pk=besides))


def employments_managed_by(actor: Actor) -> QuerySet[Employment]:
    """Return the employments this actor may change; never their own, unless everything is theirs."""
    reach = actor.reach(permissions.MANAGE_EMPLOYMENTS)
    rows = _whole().filter(within(reach, own=Q(pk__in=[])))
    return rows if reach.everything or actor.user_id is None else rows.exclude(user_id=actor.user_id)


def get_managed_employment(actor: Actor, employment_id: UUID) -> Employment:
    """Return one employment that this actor may change; NotFound as ever."""
    return one(employments_managed_by(actor), employment_id)


def get_employment(actor: Actor, employment_id: UUID) -> Employment:
    """Return one employment; NotFound if there is none, or it is not this actor's to see."""
    return one(employments_visible_to(actor), employment_id)


def employment_by_id(employment_id: UUID) -> Employment:
    """Return an employment, whoever asks: for services and handlers."""
    return one(_whole(), employment_id)


def employments_by_id(employment_ids: Iterable[UUID]) -> dict[UUID, Employment]:
    """Return employments by id, whoever asks: for services and for lists that were asked for by permission."""
    return {row.pk: row for row in _whole().filter(pk__in=set(employment_ids))}


def numbers_of(employment_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the staff numbers of employments, whoever asks: for what is handed out as a whole."""
    return dict(Employment.objects.filter(pk__in=employment_ids).values_list("pk", "number"))


def begun_since(employment_ids: Collection[UUID], day: date) -> set[UUID]:
    """Return which of these employments began on a day or later, whoever asks: for handlers."""
    return set(Employment.objects.filter(pk__in=employment_ids, from_on__gte=day).values_list("pk", flat=True))


def employed_on(day: date) -> QuerySet[Employment]:
    """Return the employments that hold on a day, whoever asks: for jobs, and to be narrowed down."""
    return _whole().filter(covering(day))


def covering(first: date, last: date | None = None, *, prefix: str = "") -> Q:
    """Return the condition on employments that hold on a day, or on some day from the first to the last."""
    ends = {f"{prefix}to_on__isnull": True}
    return Q(**{f"{prefix}from_on__lte": last or first}) & (Q(**ends) | Q(**{f"{prefix}to_on__gte": first}))


def employment_of_user(user_id: UUID, *, on: date) -> Employment | None:
    """Return how a user is employed on a day, None if they are not; of two at a time the one that began first."""
    return employed_on(on).filter(user_id=user_id).order_by("from_on", "pk").first()


def employments_of(person_id: UUID) -> QuerySet[Employment]:
    """Return a person's employments, newest first, whoever asks."""
    return _whole().filter(person=person_id).order_by("-from_on", "-pk")


def team_of(manager_id: UUID, *, on: date) -> list[Employment]:
    """Return who reports to an employment on a day, by the placements of that day, by name. Whoever asks."""
    managed = _placed_on(on).filter(manager=manager_id).values("employment")
    return list(employed_on(on).filter(pk__in=managed).order_by("person__name", "pk"))


def placement_of(employment_id: UUID, *, on: date) -> Placement | None:
    """Return where an employment stands on a day; None before its first day. Whoever asks."""
    rows = Placement.objects.filter(employment=employment_id, from_on__lte=on)
    return _with_names(rows).order_by("-from_on").first()


def placements_of(employment_id: UUID) -> list[Placement]:
    """Return where an employment stood, stands and will stand, in order. Whoever asks."""
    return list(_with_names(Placement.objects.filter(employment=employment_id)).order_by("from_on"))


def managers_above(employment_id: UUID) -> list[Employment]:
    """Return the managers of an employment as of today, the direct one first. One query for each."""
    found: list[Employment] = []
    row = employment_by_id(employment_id)
    while row.manager_id and row.manager_id not in {employment_id, *(above.pk for above in found)}:
        row = employment_by_id(row.manager_id)
        found.append(row)
    return found


def _placed_on(day: date) -> QuerySet[Placement]:
    """Return the placements in force on a day."""
    last = Placement.objects.filter(employment=OuterRef("employment"), from_on__lte=day).order_by("-from_on")
    return Placement.objects.filter(pk=Subquery(last.values("pk")[:1]))


def _with_names(rows: QuerySet[Placement]) -> QuerySet[Placement]:
    return rows.select_related("department", "position", "branch", "manager__person")


def _whole() -> QuerySet[Employment]:
    return Employment.objects.select_related("person", "entity", "department", "position", "branch")
