"""Comprehensive hours (综合工时): what somebody worked of the standard hours of their period. Reads only.

`docs/attendance-rules.md`, section 10; the rule itself is `balances.comprehensive`. What became known after a month was
closed counts as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection

from zhiren.attendance import balances, rules
from zhiren.attendance.models import PeriodHours
from zhiren.kernel.businesstime import WorkCalendar
from zhiren.rostering import judging

DAY = timedelta(days=1)

# Stretches in which a version of a group lets somebody's hours be reckoned over a period, cut at the periods, with what
# was worked in each. A version counts until the one that begins after it.
_HOURS = """
WITH ways AS (
    SELECT group_id, regime, period, region, zone, valid_from,
        lead(valid_from) OVER (PARTITION BY group_id ORDER BY valid_from, number) - 1 AS until
    FROM rostering_groupversion
    WHERE group_id IN (SELECT group_id FROM rostering_membership WHERE employment_id = ANY(%(who)s))
), stretches AS (
    SELECT m.employment_id, w.period, w.region, w.zone, greatest(m.from_on, w.valid_from, e.from_on) AS begins,
        least(m.until_on, w.until, e.to_on, 'infinity'::date) AS ends
    FROM rostering_membership m JOIN ways w USING (group_id) JOIN people_employment e ON e.id = m.employment_id
    WHERE m.employment_id = ANY(%(who)s) AND w.regime = 'comprehensive'
), pieces AS (
    SELECT s.employment_id, s.period, s.region, s.zone, p.first, p.last,
        greatest(s.begins, p.first) AS since, least(s.ends, p.last) AS until
    FROM stretches s CROSS JOIN LATERAL (
        SELECT d::date AS first, (d + one - interval '1 day')::date AS last
        FROM (
                SELECT CASE s.period WHEN 'quarter' THEN interval '3 months' ELSE ('1 ' || s.period)::interval END
            ) length(one), generate_series(date_trunc(s.period, %(first)s::timestamp), %(last)s::timestamp, one) d
    ) p
    WHERE s.begins <= s.ends AND s.begins <= p.last AND s.ends >= p.first
)
SELECT p.employment_id, p.period, p.first, p.last, p.since, p.until, p.region, p.zone,
    coalesce(d.worked, 0) + coalesce(a.worked, 0), coalesce(d.holiday, 0) + coalesce(a.holiday, 0)
FROM pieces p
LEFT JOIN LATERAL (
    SELECT sum(r.worked) FILTER (WHERE r.day_class <> 2) AS worked,
        sum(greatest(r.worked - r.ot_holiday, 0)) FILTER (WHERE r.day_class = 2) AS holiday
    FROM attendance_dayrecord r WHERE r.employment_id = p.employment_id AND r."on" BETWEEN p.since AND p.until
) d ON true
LEFT JOIN LATERAL (
    SELECT sum(n.worked) FILTER (WHERE NOT n.is_holiday) AS worked,
        sum(n.worked - n.ot_holiday) FILTER (WHERE n.is_holiday) AS holiday
    FROM (
        SELECT DISTINCT ON (j."on") coalesce((j.minutes ->> 'worked')::int, 0) AS worked,
            coalesce((j.minutes ->> 'ot_holiday')::int, 0) AS ot_holiday, j.flags & %(holiday)s > 0 AS is_holiday
        FROM attendance_adjustment j
        WHERE j.employment_id = p.employment_id AND j."on" BETWEEN p.since AND p.until
        ORDER BY j."on", j.made_at DESC
    ) n
) a ON true
ORDER BY p.employment_id, p.period, p.first, p.since
"""


@dataclass(frozen=True)
class Hours:
    """What a period came to so far, in minutes. `ends` is the last date that counts: that of the period, of the job, or
    the last on which hours were reckoned so. `holiday` is holiday work that no day counts as overtime."""

    employment_id: UUID
    period: str
    first: date
    last: date
    ends: date
    standard: int
    worked: int
    excess: int
    holiday: int


def hours_between(employment_ids: Iterable[UUID], first: date, last: date) -> list[Hours]:
    """Return the periods of these people that have a date from `first` to `last`, in order. One query, whoever asks."""
    ids = list(employment_ids)
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, {"who": ids, "first": first, "last": last, "holiday": rules.HOLIDAY})
        rows = cursor.fetchall()
    return [_hours(key, list(pieces)) for key, pieces in groupby(rows, key=lambda row: row[:4])]


def hours_on(employment_ids: Iterable[UUID], on: date) -> dict[UUID, Hours]:
    """Return the period in which a date lies for each of those of these people whose hours are reckoned so."""
    return {one.employment_id: one for one in hours_between(employment_ids, on, on)}


def _hours(key: tuple[Any, ...], pieces: Sequence[tuple[Any, ...]]) -> Hours:
    employment_id, period, first, last = key
    standard = worked = holiday = 0
    for *_key, since, until, region, zone, in_piece, on_holidays in pieces:
        standard += _standard(region, zone, since, until)
        worked += in_piece
        holiday += on_holidays
    came_to = balances.comprehensive([(worked, False), (holiday, True)], workdays=1, daily_minutes=standard)
    ends = max(piece[5] for piece in pieces)
    return Hours(employment_id, period, first, last, ends, *came_to)


@lru_cache(maxsize=4096)
def _standard(region: str, zone: str, since: date, until: date) -> int:
    """Return the standard minutes of the dates from one to another: workdays of the calendar, each of a normal day."""
    calendar = WorkCalendar.for_region(region, zone=zone)
    days = (since + DAY * number for number in range((until - since).days + 1))
    return sum(calendar.is_workday(day) for day in days) * judging.normal_day(region, until)


def differences(settled: Sequence[PeriodHours]) -> Mapping[UUID, dict[str, int]]:
    """Return by how much the overtime of settled periods would differ by what became known since, by person and name.

    One query.
    """
    if not settled:
        return {}
    first, last = min(row.first for row in settled), max(row.ends for row in settled)
    now = {
        (one.employment_id, one.period, one.first): one
        for one in hours_between({row.employment_id for row in settled}, first, last)
    }
    found: dict[UUID, dict[str, int]] = {}
    for row in settled:
        one = now.get((row.employment_id, row.period, row.first))
        for name, before, after in (
            ("ot_work", row.excess, one.excess if one else 0),
            ("ot_holiday", row.holiday, one.holiday if one else 0),
        ):
            if before != after:
                theirs = found.setdefault(row.employment_id, {})
                theirs[name] = theirs.get(name, 0) + after - before
    return found
