"""Read the company's structure. It is no secret inside the company: whoever may see it sees all of it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language

from zhiren.kernel.actors import Actor
from zhiren.org import permissions
from zhiren.org.models import Branch, Company, Department, Entity, Grade, Position
from zhiren.plumbing import statements
from zhiren.plumbing.models import one


def company() -> Company:
    """Return the company; an unnamed one in the default zone until it is set up."""
    return Company.objects.first() or Company(name="")


def entities(actor: Actor) -> QuerySet[Entity]:
    """Return the legal entities."""
    return Entity.objects.order_by("name") if actor.may(permissions.VIEW) else Entity.objects.none()


def branches(actor: Actor) -> QuerySet[Branch]:
    """Return the places of work."""
    return (
        Branch.objects.select_related("entity").order_by("name")
        if actor.may(permissions.VIEW)
        else Branch.objects.none()
    )


def departments(actor: Actor) -> QuerySet[Department]:
    """Return the departments."""
    return (
        Department.objects.select_related("entity", "parent").order_by("name")
        if actor.may(permissions.VIEW)
        else Department.objects.none()
    )


class Named(NamedTuple):
    """What a filter offers: an id, as text, and what it is called."""

    pk: str
    name: str
    name_en: str

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return (self.name_en if get_language() == "en" else "") or self.name


def named(actor: Actor, *kinds: str) -> dict[str, list[Named]]:
    """Return the departments and branches to filter a list by, as asked for by kind, each by name. One query."""
    found: dict[str, list[Named]] = {kind: [] for kind in kinds}
    if actor.may(permissions.VIEW):
        tables: dict[str, type[Department | Branch]] = {"departments": Department, "branches": Branch}
        rows = [
            tables[kind].objects.order_by().values_list(Value(kind), Cast("pk", TextField()), "name", "name_en")
            for kind in kinds
        ]
        for kind, *named in rows[0].union(*rows[1:], all=True).order_by("name"):
            found[kind].append(Named(*named))
    return found


def positions(actor: Actor) -> QuerySet[Position]:
    """Return the positions with department, grade and superior."""
    rows = Position.objects.select_related("department__entity", "grade", "reports_to").order_by(
        "department__name", "title"
    )
    return rows if actor.may(permissions.VIEW) else rows.none()


def grades(actor: Actor) -> QuerySet[Grade]:
    """Return the grades with their pay ranges: only for those who manage the organisation."""
    return Grade.objects.order_by("currency", "code") if actor.may(permissions.MANAGE) else Grade.objects.none()


def departments_below(roots: Sequence[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Return each department's whole subtree, itself included. One query; none for no roots."""
    if not roots:
        return {}
    children: dict[UUID, list[UUID]] = defaultdict(list)
    for pk, parent in statements.rows("SELECT id, parent_id FROM org_department"):
        if parent:
            children[parent].append(pk)
    trees = {}
    for root in roots:
        found, waiting = {root}, [root]
        while waiting:
            below = [child for child in children[waiting.pop()] if child not in found]
            found.update(below)
            waiting.extend(below)
        trees[root] = frozenset(found)
    return trees


def rows_of(actor: Actor, kind: str) -> QuerySet[Any]:
    """Return the rows of one kind: entity, branch, department, grade or position."""
    kinds: dict[str, Callable[[Actor], QuerySet[Any]]] = {
        "entity": entities,
        "branch": branches,
        "department": departments,
        "grade": grades,
        "position": positions,
    }
    return kinds[kind](actor)


def department_by_id(department_id: UUID) -> Department:
    """Return a department, whoever asks: for services that note it."""
    return one(Department.objects.all(), department_id)


def entity_by_id(entity_id: UUID) -> Entity:
    """Return a legal entity, whoever asks: for services that note it."""
    return one(Entity.objects.all(), entity_id)


def branch_by_id(branch_id: UUID) -> Branch:
    """Return a place of work, whoever asks: for services that note it."""
    return one(Branch.objects.all(), branch_id)


def position_by_id(position_id: UUID) -> Position:
    """Return a position with department, entity and grade, whoever asks: for services that note it."""
    return one(Position.objects.select_related("department__entity", "grade"), position_id)
