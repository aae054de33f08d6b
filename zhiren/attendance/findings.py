"""What working-time law says to days that were worked, as pages and spreadsheets show it. Reads only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from zhiren.attendance import queries
from zhiren.attendance.models import LawFinding
from zhiren.kernel.actors import Actor
from zhiren.people.models import Employment
from zhiren.plumbing.paging import keyset_page
from zhiren.rostering import law, law_words

PAGE = 50
_ORDER = ("person__name", "id")


@dataclass(frozen=True)
class Told:
    """A finding in words: how much there is and may be, and whose rule that is; a rule of the house has no country."""

    row: LawFinding
    sentence: str
    source: str
    url: str
    country: Any


def told(row: LawFinding) -> Told:
    """Return a finding in the reader's words."""
    source, url = law_words.source_of(row.source)
    if law_words.is_of_house(row.source):
        return Told(row, law_words.say(_finding(row)), _("Rules of the house"), "", "")
    return Told(row, law_words.say(_finding(row)), source, url, law_words.COUNTRIES.get(row.country, row.country))


def of_day(employment_id: UUID, on: date) -> list[Told]:
    """Return what was found that a day of somebody has to do with. Whoever asks: the employment was asked for before.

    Of what is told of several days it must be the first or the last.
    """
    near = LawFinding.objects.filter(employment_id=employment_id, on__gte=on, since__lte=on)
    return [told(row) for row in near.order_by("on", "code") if on in {row.on, row.since}]


def of_person(employment_id: UUID, month: date) -> list[Told]:
    """Return what was found of somebody in a month, in order. Whoever asks: the employment was asked for before."""
    rows = LawFinding.objects.filter(employment_id=employment_id, month=month)
    return [told(row) for row in rows.order_by("on", "code")]


def to_look_at(actor: Actor, *, today: date) -> QuerySet[LawFinding]:
    """Return what was found in the last weeks of those whose attendance this actor may see, but the actor."""
    people = queries.employments_visible_to(actor)
    if actor.user_id:
        people = people.exclude(user_id=actor.user_id)
    rows = LawFinding.objects.filter(on__gte=today - queries.EXCEPTIONS, employment__in=people.order_by())
    return rows.select_related("employment__person", "employment__department")


# A month of a legal entity --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """What was found of somebody in a month: how much, and the worst of it."""

    employment: Employment
    count: int
    worst: Told


@dataclass(frozen=True)
class Page:
    """Some of the people of whom something was found in a month."""

    lines: list[Line]
    next_cursor: str


def counts(entity_ids: Iterable[UUID], since: date) -> dict[tuple[UUID, date], tuple[int, int]]:
    """Return how many people of each entity and month something was found of, and how much in all: one query."""
    rows = LawFinding.objects.filter(employment__entity_id__in=list(entity_ids), month__gte=since).order_by()
    found = rows.values("employment__entity_id", "month").annotate(
        people=Count("employment_id", distinct=True), findings=Count("pk")
    )
    return {(row["employment__entity_id"], row["month"]): (row["people"], row["findings"]) for row in found}


def of_month(entity_id: UUID, month: date, *, after: str = "") -> Page:
    """Return the people of an entity of whom something was found in a month, by name: two queries."""
    some = LawFinding.objects.filter(employment=OuterRef("pk"), month=month)
    people = Employment.objects.filter(Exists(some), entity_id=entity_id).select_related("person", "department")
    page = keyset_page(people, order=_ORDER, after=after, size=PAGE)
    found: dict[UUID, list[LawFinding]] = {row.pk: [] for row in page.rows}
    for finding in LawFinding.objects.filter(employment_id__in=found, month=month).order_by("on", "code"):
        found[finding.employment_id].append(finding)
    lines = [Line(row, len(found[row.pk]), told(max(found[row.pk], key=_weight))) for row in page.rows]
    return Page(lines, page.next_cursor)


def _weight(row: LawFinding) -> tuple[bool, bool, float]:
    """Return how grave a finding is: first the law, then by how much of its limit it is beyond it."""
    by = abs(row.reached - row.limit) / row.limit if row.limit else 1.0
    return row.severity == law.Severity.BREACH, not law_words.is_of_house(row.source), by


COLUMNS = ("staff_number", "name", "from", "to", "rule", "finding", "reached", "limit", "unit", "source")


def for_export(entity_id: UUID, month: date) -> Iterator[Sequence[str]]:
    """Yield everything that was found of an entity's people in a month, by staff number, for a spreadsheet."""
    rows = LawFinding.objects.filter(employment__entity_id=entity_id, month=month).select_related("employment__person")
    for row in rows.order_by("employment__number", "employment_id", "on", "code").iterator(2000):
        yield (
            row.employment.number, row.employment.person.name, row.since.isoformat(), row.on.isoformat(), row.code,
            law_words.say(_finding(row)), str(row.reached), str(row.limit), row.unit, _(row.source),
        )  # fmt: skip


def _finding(row: LawFinding) -> law.Finding:
    days = (row.since,) if row.since == row.on else (row.since, row.on)
    return law.Finding(
        code=law.Code(row.code),
        severity=law.Severity(row.severity),
        reached=row.reached,
        limit=row.limit,
        unit=law.Unit(row.unit),
        period=law.Period(row.period),
        length=row.length,
        days=days,
        source=row.source,
    )
