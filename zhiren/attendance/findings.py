"""What working-time law says to days that were worked, as pages and spreadsheets show it. Reads only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from zhiren.attendance import permissions, queries
from zhiren.attendance.models import LawFinding, SeenFinding
from zhiren.kernel.actors import Actor
from zhiren.people.models import Employment
from zhiren.people.vault import open_vaults
from zhiren.plumbing.models import one
from zhiren.plumbing.paging import keyset_page
from zhiren.plumbing.permissions import within
from zhiren.rostering import law, law_words

PAGE = 50
_ORDER = ("person__name", "id")


REASON = "attendance_seenfinding|reason_sealed"


@dataclass(frozen=True)
class Seen:
    """Who has seen a finding, when, and why it may stand."""

    name: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Told:
    """A finding in words: how much there is and may be, and whose rule that is; a rule of the house has no country.

    `seen` is filled where that was asked for.
    """

    row: LawFinding
    sentence: str
    source: str
    url: str
    country: Any
    seen: Seen | None = None


def told(row: LawFinding, seen: Seen | None = None) -> Told:
    """Return a finding in the reader's words."""
    source, url = law_words.source_of(row.source)
    if law_words.is_of_house(row.source):
        return Told(row, law_words.say(_finding(row)), _("Rules of the house"), "", "", seen)
    country = law_words.COUNTRIES.get(row.country, row.country)
    return Told(row, law_words.say(_finding(row)), source, url, country, seen)


def of_day(actor: Actor, employment: Employment, on: date) -> list[Told]:
    """Return what was found that a day of somebody has to do with; the employment was asked for before.

    Of what is told of several days it must be the first or the last.
    """
    near = LawFinding.objects.filter(employment=employment, on__gte=on, since__lte=on)
    return [one for one in _of_somebody(actor, employment, near) if on in {one.row.on, one.row.since}]


def of_person(actor: Actor, employment: Employment, month: date) -> list[Told]:
    """Return what was found of somebody in a month, in order; the employment was asked for before."""
    return _of_somebody(actor, employment, LawFinding.objects.filter(employment=employment, month=month))


def _of_somebody(actor: Actor, employment: Employment, rows: QuerySet[LawFinding]) -> list[Told]:
    """Return findings in words; who has seen them, and why they may stand, is told to others than the person."""
    ordered = rows.order_by("on", "code")
    if actor.user_id and actor.user_id == employment.user_id:
        return [told(row) for row in ordered]
    return with_marks(list(ordered.select_related("employment", "seen__seen_by")))


def to_look_at(actor: Actor, *, today: date) -> QuerySet[LawFinding]:
    """Return what was found in the last weeks of those whose attendance this actor may see, and nobody has seen yet."""
    return _of_last_weeks(actor, today).filter(seen__isnull=True)


def seen_lately(actor: Actor, *, today: date, limit: int = 100) -> list[Told]:
    """Return what was found in the last weeks and seen since, the newest first, each with who has seen it and why."""
    rows = _of_last_weeks(actor, today).filter(seen__isnull=False).select_related("seen__seen_by")
    return with_marks(list(rows.order_by("-on", "-id")[:limit]))


def with_marks(rows: Sequence[LawFinding]) -> list[Told]:
    """Return findings in words, each with who has seen it; their marks and people were read along."""
    marked = [row for row in rows if hasattr(row, "seen")]
    vaults = open_vaults({row.employment.person_id for row in marked})
    marks = {}
    for row in marked:
        mark, vault = row.seen, vaults.get(row.employment.person_id)
        reason = vault.open(mark.reason_sealed, cell=REASON, row=mark.pk) if vault else ""
        marks[row.pk] = Seen(mark.seen_by.label if mark.seen_by else "–", mark.seen_at, reason)
    return [told(row, marks.get(row.pk)) for row in rows]


def _of_last_weeks(actor: Actor, today: date) -> QuerySet[LawFinding]:
    """Return what was found in the last weeks of those whose attendance this actor may see, but the actor."""
    people = queries.employments_visible_to(actor)
    if actor.user_id:
        people = people.exclude(user_id=actor.user_id)
    rows = LawFinding.objects.filter(on__gte=today - queries.EXCEPTIONS, employment__in=people.order_by())
    return rows.select_related("employment__person", "employment__department")


# Marking them as seen -------------------------------------------------------------------------------------------------


def judged_by(actor: Actor) -> QuerySet[LawFinding]:
    """Return the findings that this actor may mark as seen: of those whose attendance they manage; never their own."""
    people = Employment.objects.filter(within(actor.reach(permissions.MANAGE), own=Q(pk__in=[])))
    if actor.user_id:
        people = people.exclude(user_id=actor.user_id)
    return LawFinding.objects.filter(employment__in=people).select_related("employment__person")


def ids_judged_by(actor: Actor, rows: Sequence[LawFinding]) -> set[UUID]:
    """Return which of these findings this actor may mark as seen. One query."""
    return set(judged_by(actor).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))


def get_finding(actor: Actor, finding_id: UUID) -> LawFinding:
    """Return a finding that this actor may mark as seen; NotFound as ever, and once its facts have changed."""
    return one(judged_by(actor), finding_id)


def lock_finding(actor: Actor, finding_id: UUID) -> LawFinding:
    """Return the same, locked, for the service that marks it."""
    return one(judged_by(actor).select_for_update(of=("self",)), finding_id)


def mark_of(finding_id: UUID) -> SeenFinding | None:
    """Return who has seen a finding, whoever asks: for the service that marks it."""
    return SeenFinding.objects.filter(finding=finding_id).select_related("seen_by").first()


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
    """Return how many people of each entity and month something was found of, and how much in all: one query.

    What somebody has seen is left out.
    """
    rows = LawFinding.objects.filter(employment__entity_id__in=list(entity_ids), month__gte=since, seen__isnull=True)
    found = (
        rows.order_by()
        .values("employment__entity_id", "month")
        .annotate(people=Count("employment_id", distinct=True), findings=Count("pk"))
    )
    return {(row["employment__entity_id"], row["month"]): (row["people"], row["findings"]) for row in found}


def count_seen(entity_id: UUID, month: date) -> int:
    """Return how much of what was found in a month of an entity was marked as seen."""
    return LawFinding.objects.filter(employment__entity_id=entity_id, month=month, seen__isnull=False).count()


def of_month(entity_id: UUID, month: date, *, after: str = "") -> Page:
    """Return the people of an entity of whom something was found in a month that nobody has seen: two queries."""
    some = LawFinding.objects.filter(employment=OuterRef("pk"), month=month, seen__isnull=True)
    people = Employment.objects.filter(Exists(some), entity_id=entity_id).select_related("person", "department")
    page = keyset_page(people, order=_ORDER, after=after, size=PAGE)
    found: dict[UUID, list[LawFinding]] = {row.pk: [] for row in page.rows}
    rows = LawFinding.objects.filter(employment_id__in=found, month=month, seen__isnull=True)
    for finding in rows.order_by("on", "code"):
        found[finding.employment_id].append(finding)
    lines = [Line(row, len(found[row.pk]), told(max(found[row.pk], key=_weight))) for row in page.rows]
    return Page(lines, page.next_cursor)


def _weight(row: LawFinding) -> tuple[bool, bool, float]:
    """Return how grave a finding is: first the law, then by how much of its limit it is beyond it."""
    by = abs(row.reached - row.limit) / row.limit if row.limit else 1.0
    return row.severity == law.Severity.BREACH, not law_words.is_of_house(row.source), by


COLUMNS = (
    "staff_number", "name", "from", "to", "rule", "finding", "reached", "limit", "unit", "source", "seen_at", "seen_by",
    "seen_because",
)  # fmt: skip
_AT_ONCE = 500


def for_export(entity_id: UUID, month: date) -> Iterator[Sequence[str]]:
    """Yield everything that was found of an entity's people in a month, by staff number, for a spreadsheet."""
    rows = LawFinding.objects.filter(employment__entity_id=entity_id, month=month)
    rows = rows.select_related("employment__person", "seen__seen_by")
    ordered = rows.order_by("employment__number", "employment_id", "on", "code").iterator(_AT_ONCE)
    while some := list(islice(ordered, _AT_ONCE)):
        for line in with_marks(some):
            row, seen = line.row, line.seen
            yield (
                row.employment.number, row.employment.person.name, row.since.isoformat(), row.on.isoformat(), row.code,
                line.sentence, str(row.reached), str(row.limit), row.unit, _(row.source),
                *((f"{seen.at:%Y-%m-%dT%H:%M:%SZ}", seen.name, seen.reason) if seen else ("", "", "")),
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
