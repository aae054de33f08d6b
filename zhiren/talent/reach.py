"""Whom an actor may find: what narrows a search to them beforehand, and what is asked of each hit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import BooleanField, Exists, F, OuterRef, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from zhiren.kernel.actors import Actor
from zhiren.people import permissions as people_permissions
from zhiren.people import queries as people
from zhiren.people.models import Person
from zhiren.plumbing import statements
from zhiren.plumbing.rights import Sql, per_rights, sql_of
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting.models import Application
from zhiren.talent import lexemes
from zhiren.talent.contents import key
from zhiren.talent.lexemes import KEYS
from zhiren.talent.models import Entry

# Whoever meets persons by so few openings, and so few otherwise, is answered by going through these alone.
FEW_OPENINGS, FEW_OTHERS = 300, 500
# Whoever meets so large a part of everybody is not: to look into the index for whom they meet takes longer than to
# leave out some of those found. That this is so is looked up once in so long.
WIDE, WIDE_KEPT = 0.4, timedelta(minutes=10)
# Whom somebody meets otherwise than by an opening is looked up once in so long; what is found is still checked.
OTHERS_KEPT = timedelta(minutes=1)

_others: dict[UUID, tuple[datetime, list[UUID] | None]] = {}
_wide: dict[str, tuple[datetime, bool]] = {}


def within(actor: Actor, at: datetime) -> str:
    """Return a condition that every entry this actor may see fulfils, if they meet few of all; else nothing.

    It only makes the search faster: what it lets through is checked one by one.
    """
    asked = statements_of(actor)
    openings = [row[0] for row in statements.rows(*asked.openings)] if asked.openings else []
    others = _met_otherwise(actor, at) if len(openings) <= FEW_OPENINGS else None
    if others is None:
        return ""
    keys = [key("c", actor.user_id), *(key("o", one) for one in openings), *(key("p", one) for one in others)]
    reach = lexemes.any_of(lexemes.lexeme(KEYS, one) for one in keys)
    return "" if _is_wide(reach, at) else reach


def _is_wide(reach: str, at: datetime) -> bool:
    """Tell whether so many of the newest fulfil a condition that it is no use."""
    known = _wide.get(reach)
    if known and timedelta() <= at - known[0] < WIDE_KEPT:
        return known[1]
    newest = Entry.objects.filter(age=0)
    is_wide = newest.filter(words__matches=reach).count() > newest.count() * WIDE
    if len(_wide) > 1000:
        _wide.clear()
    _wide[reach] = (at, is_wide)
    return is_wide


def _met_otherwise(actor: Actor, at: datetime) -> list[UUID] | None:
    """Return whom an actor meets through any door but that of recruiting; None if they meet many. One query."""
    if actor.user_id is None:
        return None
    known = _others.get(actor.user_id)
    if known and timedelta() <= at - known[0] < OTHERS_KEPT:
        return known[1]
    asked = statements_of(actor).others
    found = [row[0] for row in statements.rows(*asked)] if asked else []
    kept = None if len(found) > FEW_OTHERS else sorted(found)
    if len(_others) > 1000:
        _others.clear()
    _others[actor.user_id] = (at, kept)
    return kept


def check(actor: Actor, wanted: Mapping[str, Sequence[str]]) -> Sql | None:
    """Return the condition that tells whether a hit is this actor's to see and has an application they may see with one
    of the values of each column; None if everything is.
    """
    if not wanted:
        return None if actor.reach(people_permissions.VIEW).everything else statements_of(actor).is_visible
    theirs = recruiting.applications_visible_to(actor).filter(**{f"{name}__in": list(v) for name, v in wanted.items()})
    return _is_among(
        people.persons_visible_to(actor).filter(
            Exists(theirs.filter(person_id=OuterRef("pk")))
            | Exists(theirs.filter(person__merged_into_id=OuterRef("pk")))
        )
    )


def _is_among(persons: QuerySet[Person]) -> Sql:
    rows = persons.filter(pk=RawSQL("found.person_id", [])).order_by().values("pk")
    found = sql_of(rows)
    return (f"({found[0]}) IS NOT NULL", found[1]) if found else ("FALSE", ())


def is_one_of(these: str, column: str) -> RawSQL:
    """Return the condition that a column holds one of the `ids` of a part of the statement: one look for all."""
    return RawSQL(f"{column} = ANY((SELECT ids FROM {these})::uuid[])", [], output_field=BooleanField())  # noqa: S608, S611 - names of our own


@dataclass(frozen=True)
class Statements:
    """What is asked for whoever has the same rights: whether a hit is theirs to see, and their applications.

    `openings` are those whose candidates they see, `others` whom they meet through any door but that of recruiting;
    `counted` are the applications of the `ids` of `chosen`, `chips` those of the `ids` of `family`; None if they see
    none.
    """

    is_visible: Sql
    openings: Sql | None
    others: Sql | None
    counted: Sql | None
    chips: Sql | None


@per_rights
def statements_of(actor: Actor) -> Statements:
    """Return the statements of an actor."""
    openings = recruiting.openings_with_candidates(actor).order_by().values("pk")
    theirs = recruiting.applications_visible_to(actor).order_by()
    met = Exists(Application.objects.filter(opening_id__in=openings, person_id=OuterRef("pk")))
    by_door = [
        Person.objects.filter(door(actor)).exclude(met).order_by().values("pk")[: FEW_OTHERS + 1]
        for name, door in people.doors.items()
        if name != "recruiting"
    ]
    counted = theirs.filter(is_one_of("chosen", "recruiting_application.person_id"))
    chips = theirs.filter(is_one_of("family", "recruiting_application.person_id"))
    return Statements(
        is_visible=_is_among(people.persons_visible_to(actor)),
        openings=sql_of(openings[: FEW_OPENINGS + 1]),
        others=sql_of(Person.objects.none().values("pk").union(*by_door)),
        counted=sql_of(
            counted.values("person_id", "stage__kind", "opening_id", "source", "opening__title", "opening__title_en")
        ),
        chips=sql_of(
            chips.order_by("-applied_at", "-id").values(
                "opening_id", "state", "opening__title", "opening__title_en", "stage__name", "stage__name_en",
                root=Coalesce(F("person__merged_into_id"), F("person_id")),
            )
        ),
    )  # fmt: skip
