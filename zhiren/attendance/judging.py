"""Days that were worked, held against working-time law: month by month, many people at once, after the fact.

Never while somebody waits at a door: whatever changes a day counts up its month (`MonthRecord.changes`), and the tick
has those judged that were changed since. Safe to run at any time, and again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from zhiren.attendance.models import DayRecord, LawFinding, MonthRecord
from zhiren.people import employment_queries as employments
from zhiren.people.models import Employment
from zhiren.rostering import judging as rostering_judging
from zhiren.rostering import law, law_days
from zhiren.rostering import queries as rostering
from zhiren.rostering.queries import Planned

DAY = timedelta(days=1)
# So many months back findings are kept up to date: those that can still be closed.
MONTHS_BACK = 4
_SHOWN = (
    "employment_id", "on", "day_class", "worked", "ot_work", "ot_rest", "ot_holiday", "leave_paid", "leave_unpaid",
    "first_in", "last_out",
)  # fmt: skip
_TOLD = (
    "since", "on", "country", "code", "severity", "reached", "limit", "unit", "period", "length", "source",
)  # fmt: skip


def earliest_month(at: datetime) -> date:
    """Return the first month whose findings are kept up to date."""
    month = at.date().replace(day=1)
    for _number in range(MONTHS_BACK):
        month = (month - DAY).replace(day=1)
    return month


def has_due(*, at: datetime) -> bool:
    """Tell whether a month was changed since it was judged."""
    return MonthRecord.objects.filter(judged__lt=F("changes"), month__gte=earliest_month(at)).exists()


def judge_due(*, at: datetime, limit: int = 200) -> int:
    """Judge months that were changed since they last were, of the earliest first; return how many were due.

    What a month's last days do may be told of a week that ends in the next, so that month is judged along.
    """
    rows = MonthRecord.objects.filter(judged__lt=F("changes"), month__gte=earliest_month(at))
    due = list(rows.order_by("month", "employment_id").values_list("month", "employment_id", "changes")[:limit])
    for month, some in groupby(due, key=lambda row: row[0]):
        changes = {employment_id: changes for _month, employment_id, changes in some}
        _judge(month, changes, at)
        following = (month.replace(day=28) + 4 * DAY).replace(day=1)
        known = MonthRecord.objects.filter(month=following, employment_id__in=changes)
        if along := dict(known.values_list("employment_id", "changes")):
            _judge(following, along, at)
    return len(due)


@transaction.atomic
def judge_anew(*, employment_ids: Iterable[UUID], first: date) -> None:
    """Have the months of these people judged once more from a date on: what holds for them has changed."""
    months = MonthRecord.objects.filter(employment_id__in=list(employment_ids), month__gte=first.replace(day=1))
    months.update(changes=F("changes") + 1)


@transaction.atomic
def _judge(month: date, changes: Mapping[UUID, int], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7410))", [str(month)])
    last = min((month.replace(day=28) + 4 * DAY).replace(day=1) - DAY, at.date() + DAY)
    people = employments.employments_by_id(changes)
    laws = _laws(people, month, last)
    found: list[LawFinding] = []
    for first, ids in _by_look_back(laws, month).items():
        roster = rostering.roster(ids, first, last)
        days: dict[UUID, dict[date, DayRecord]] = defaultdict(dict)
        rows = DayRecord.objects.filter(employment_id__in=ids, on__range=(first, last)).values_list(*_SHOWN)
        for values in rows:
            row = DayRecord(**dict(zip(_SHOWN, values, strict=True)))
            days[row.employment_id][row.on] = row
        for one in ids:
            worked = _days(people[one], laws[one], days[one], roster.get(one, {}), first, last)
            told = law.check(worked, law=laws[one], at=int(at.timestamp()))
            found += [_row(one, month, laws[one].country, finding) for finding in told if finding.days[-1] >= month]
    _replace(month, list(changes), found)
    _note(month, changes)


def _laws(people: Mapping[UUID, Employment], month: date, last: date) -> dict[UUID, law.Law]:
    """Return the law for each of these people, by the way their group works on the last planned date of a month."""
    found = {}
    for employment_id, version in rostering.ways_of(list(people), month, last).items():
        judged_by = rostering_judging.law_for(version, people[employment_id].region)
        if judged_by:
            found[employment_id] = judged_by
    return found


def _by_look_back(laws: Mapping[UUID, law.Law], month: date) -> dict[date, list[UUID]]:
    """Return these people by the first date that must be known to judge their month."""
    found: dict[date, list[UUID]] = defaultdict(list)
    for employment_id, judged_by in laws.items():
        first = month - judged_by.look_back(month) * DAY
        if judged_by.regime == law.Regime.COMPREHENSIVE:
            first = min(first, law.period_of(month, judged_by.period)[0])
        found[first].append(employment_id)
    return found


def _days(
    person: Employment,
    judged_by: law.Law,
    rows: Mapping[date, DayRecord],
    plans: Mapping[date, Planned],
    first: date,
    last: date,
) -> list[law.Day]:
    """Return what somebody worked on each date, also on those on which they did not."""
    found = []
    on, ends = max(first, person.from_on), min(last, person.to_on or last)
    after = 0
    while on <= ends:
        planned, row = plans.get(on), rows.get(on)
        spans = tuple(_spans(row, planned, after)) if row else ()
        after = spans[-1][1] if spans else after
        zone = planned.zone if planned else person.zone
        if planned:
            kind = rostering_judging.kind_of(planned, on, judged_by)
        else:
            kind = rostering.calendar_class(person.region, zone, on)
        away = bool(row and (row.leave_paid or row.leave_unpaid))
        found.append(law.Day(on, spans, zone, kind, away))
        on += DAY
    return found


def _spans(row: DayRecord, planned: Planned | None, after: int) -> Sequence[law.Span]:
    """Return when the work was done that a day counts; work on a holiday is counted as overtime, too."""
    minutes = max(row.worked, row.ot_holiday) if row.day_class == law.HOLIDAY else row.worked + row.ot_holiday
    minutes += row.ot_work + row.ot_rest
    seen = (_seconds(row.first_in), _seconds(row.last_out)) if row.first_in and row.last_out else None
    return law_days.as_worked(planned.plan if planned else None, seen=seen, minutes=minutes, after=after)


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _row(employment_id: UUID, month: date, country: str, finding: law.Finding) -> LawFinding:
    return LawFinding(
        employment_id=employment_id,
        month=month,
        since=finding.days[0],
        on=finding.days[-1],
        country=country,
        code=finding.code,
        severity=finding.severity,
        reached=finding.reached,
        limit=finding.limit,
        unit=finding.unit,
        period=finding.period,
        length=finding.length,
        source=finding.source,
    )


def _replace(month: date, employment_ids: Sequence[UUID], found: Sequence[LawFinding]) -> None:
    """Write what was found of a month in place of what was before; what is the same stays as it is."""

    def key(row: LawFinding) -> tuple[Any, ...]:
        return (row.employment_id, *(getattr(row, name) for name in _TOLD))

    fresh = {key(row): row for row in found}
    known = LawFinding.objects.filter(employment_id__in=employment_ids, month=month)
    gone = [row.pk for row in known if fresh.pop(key(row), None) is None]
    LawFinding.objects.filter(pk__in=gone).delete()
    LawFinding.objects.bulk_create(fresh.values(), batch_size=500)


def _note(month: date, changes: Mapping[UUID, int]) -> None:
    """Note as of which change these months were judged: one that was changed meanwhile is due again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE attendance_monthrecord m SET judged = k.c FROM unnest(%s::uuid[], %s::int[]) AS k (e, c) "
            "WHERE m.employment_id = k.e AND m.month = %s",
            [list(changes), list(changes.values()), month],
        )
