"""Who is away in a month, person by person and day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from zhiren.kernel.actors import Actor
from zhiren.kernel.businesstime import WorkCalendar
from zhiren.leave import queries, rules
from zhiren.leave.models import Leave, LeaveDay
from zhiren.people import employment_queries as people
from zhiren.people import queries as persons
from zhiren.people.models import Employment
from zhiren.plumbing.paging import keyset_page

PAGE = 50


@dataclass(frozen=True)
class Cell:
    """One date of one person: whether it is worked there, and the leave on it."""

    day: date
    is_off: bool
    leave: LeaveDay | None

    @property
    def waits(self) -> bool:
        """Whether the leave is not approved yet."""
        return self.leave is not None and self.leave.leave.state == Leave.State.REQUESTED


@dataclass(frozen=True)
class Row:
    """One person's month."""

    employment: Employment
    cells: Sequence[Cell]

    @property
    def away(self) -> Sequence[Cell]:
        """The dates with leave."""
        return [cell for cell in self.cells if cell.leave]


@dataclass(frozen=True)
class Board:
    """A month of the people an actor may see."""

    first: date
    days: Sequence[date]
    rows: Sequence[Row]
    next_cursor: str


def month_board(actor: Actor, *, first: date, text: str = "", after: str = "") -> Board:
    """Return the month that begins on a day, of the people whose leave this actor may see, by staff number.

    `text` narrows it to names. Five queries however many there are.
    """
    last = rules.add_months(first, 1) - timedelta(days=1)
    rows = queries.employments(actor).filter(people.covering(first, last))
    if text.strip():
        rows = rows.filter(Q(person__in=persons.records_named(text)) | Q(number__startswith=text.strip()))
    page = keyset_page(rows, order=["number", "id"], after=after, size=PAGE)
    away = queries.away_days([row.pk for row in page.rows], first, last)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return Board(
        first,
        days,
        [
            Row(row, [Cell(day, not _worked(row, day), away.get(row.pk, {}).get(day)) for day in days])
            for row in page.rows
        ],
        page.next_cursor,
    )


def beside(leave: Leave) -> list[LeaveDay]:
    """Return who else of the same manager's team, or department, is away during a leave: for who decides it."""
    employment = leave.employment
    team = Employment.objects.exclude(pk=employment.pk)
    team = (
        team.filter(manager=employment.manager_id)
        if employment.manager_id
        else team.filter(department=employment.department_id)
    )
    rows = LeaveDay.objects.filter(
        employment__in=team, holds=True, day__range=(leave.from_on, leave.to_on)
    ).select_related("employment__person", "leave__type")
    return list(rows.order_by("day", "employment")[:100])


def _worked(row: Employment, day: date) -> bool:
    return WorkCalendar.for_region(row.region, zone=row.zone).is_workday(day)
