"""The month of a team: whose days a reader may see, on one page."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import JSONObject

from zhiren.attendance import banking, queries
from zhiren.attendance.models import TOTALS, DayRecord, MonthRecord
from zhiren.kernel.actors import Actor
from zhiren.leave import queries as leave
from zhiren.people import employment_queries as employments
from zhiren.people.models import Employment
from zhiren.plumbing.paging import Page, keyset_page

DAY = timedelta(days=1)
PAGE = 100
ORDER = ("person__name", "id")


@dataclass(frozen=True)
class Filters:
    """Which people are shown: of a department, of a place, by name, or only those with something of a kind."""

    department: str = ""
    branch: str = ""
    name: str = ""
    only: str = ""


# What "only" may ask for: people in whose month the count is not nothing.
ONLY = {"late": "days_late", "early": "days_early", "absent": "days_absent", "missing": "days_missing"}


@dataclass(frozen=True)
class Person:
    """One line: whose month, its days and its sum, and what is in their hours bank, None without one."""

    employment: Employment
    days: dict[date, DayRecord]
    month: MonthRecord | None
    banked: int | None


@dataclass(frozen=True)
class Month:
    """A page of the month of a team, and what the whole team came to."""

    first: date
    days: int
    people: list[Person]
    next_cursor: str
    count: int
    totals: Mapping[str, int] = field(default_factory=dict)

    @property
    def rate(self) -> float | None:
        """The share of planned minutes at which people were not absent, in percent; None where nothing was planned."""
        planned = self.totals.get("planned", 0)
        return round(100 * (1 - self.totals["absent"] / planned), 1) if planned else None


def bounds(month: date) -> tuple[date, date]:
    """Return the first and the last date of a month."""
    first = month.replace(day=1)
    return first, (first.replace(day=28) + 4 * DAY).replace(day=1) - DAY


def people_of(actor: Actor, month: date, filters: Filters) -> QuerySet[Employment]:
    """Return whose month a reader may see and asks for."""
    first, last = bounds(month)
    rows = queries.employments_visible_to(actor).filter(employments.covering(first, last))
    if filters.department:
        rows = rows.filter(department_id=filters.department)
    if filters.branch:
        rows = rows.filter(branch_id=filters.branch)
    if filters.name:
        rows = rows.filter(Q(person__name__icontains=filters.name) | Q(number=filters.name))
    if filters.only in ONLY:
        months = MonthRecord.objects.filter(month=first, **{f"{ONLY[filters.only]}__gt": 0})
        rows = rows.filter(pk__in=months.values("employment_id"))
    return rows


def month_page(actor: Actor, month: date, filters: Filters, *, after: str = "", size: int = PAGE) -> Month:
    """Return a page of the month of a team: two queries, one more for the whole team on the first page."""
    first, last = bounds(month)
    rows = people_of(actor, month, filters)
    summed = MonthRecord.objects.filter(employment=OuterRef("pk"), month=first).values(
        json=JSONObject(**{name: name for name in _SUMMED})
    )
    shown = rows.annotate(summed=Subquery(summed[:1]), banked=leave.left_of(banking.TYPE))
    page: Page[Any] = keyset_page(shown, order=ORDER, after=after, size=size)
    days = _days([row.pk for row in page.rows], first, last)
    count, totals = (0, {}) if after else _whole(rows, first)
    return Month(
        first=first,
        days=(last - first).days + 1,
        people=[
            Person(row, days[row.pk], MonthRecord(**row.summed) if row.summed else None, row.banked)
            for row in page.rows
        ],
        next_cursor=page.next_cursor,
        count=count,
        totals=totals,
    )


_SUMMED = ("worked", "ot_work", "ot_rest", "ot_holiday")
_SHOWN = (
    "employment_id", "on", "flags", "is_final", "late", "early", "absent", "worked", "ot_rest", "ot_holiday", "extra",
)  # fmt: skip


def _days(ids: Sequence[UUID], first: date, last: date) -> dict[UUID, dict[date, DayRecord]]:
    found: dict[UUID, dict[date, DayRecord]] = defaultdict(dict)
    rows = DayRecord.objects.filter(employment_id__in=ids, on__range=(first, last)).values_list(*_SHOWN)
    for values in rows:
        row = DayRecord(**dict(zip(_SHOWN, values, strict=True)))
        found[row.employment_id][row.on] = row
    return found


def _whole(rows: QuerySet[Employment], first: date) -> tuple[int, dict[str, int]]:
    """Return how many people these are, and the sums of their months. One query."""
    theirs = rows.order_by().annotate(summed=FilteredRelation("months", condition=Q(months__month=first)))
    found: dict[str, Any] = theirs.aggregate(people=Count("pk"), **{name: Sum(f"summed__{name}") for name in TOTALS})
    return found.pop("people"), {name: value or 0 for name, value in found.items()}


def lines_for_export(actor: Actor, month: date, filters: Filters) -> Iterator[dict[str, Any]]:
    """Return, one after another, the sums of the month of everybody who is shown, for a spreadsheet."""
    first, _last = bounds(month)
    rows = MonthRecord.objects.filter(month=first, employment__in=people_of(actor, month, filters).values("pk"))
    lines = rows.order_by("employment__person__name", "employment_id").values(
        *TOTALS,
        "days_worked",
        "days_late",
        "days_early",
        "days_absent",
        "days_missing",
        "employment_id",
        number=F("employment__number"),
        name=F("employment__person__name"),
        department=F("employment__department__name"),
    )
    yield from lines.iterator(2000)
