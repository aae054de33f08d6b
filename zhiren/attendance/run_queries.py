"""Every read of computations of whole months: whose month it is, and how far a computation came."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from django.db import connection

from zhiren.attendance import binary
from zhiren.attendance.binary import Numbers
from zhiren.attendance.models import Adjustment, ComputeRun
from zhiren.plumbing import statements

# Values of many people in a row, and how many of them are each one's.
Column = tuple[Numbers, Numbers]

# Also of those whose days, after all, are none.
_PEOPLE = """
SELECT e.id FROM people_employment e
WHERE (%(entity)s::uuid IS NULL OR e.entity_id = %(entity)s)
AND (%(after)s::uuid IS NULL OR e.id > %(after)s) AND (%(until)s::uuid IS NULL OR e.id <= %(until)s)
AND ((e.from_on <= %(last)s AND (e.to_on IS NULL OR e.to_on >= %(first)s)) OR EXISTS (
    SELECT FROM attendance_dayrecord d WHERE d.employment_id = e.id AND d."on" BETWEEN %(first)s AND %(last)s
)) ORDER BY e.id
"""

_MARKED = """
SELECT DISTINCT d.employment_id FROM attendance_dirty d JOIN people_employment e ON e.id = d.employment_id
WHERE d."on" BETWEEN %(first)s AND %(last)s AND (%(entity)s::uuid IS NULL OR e.entity_id = %(entity)s)
AND (%(after)s::uuid IS NULL OR e.id > %(after)s) AND (%(until)s::uuid IS NULL OR e.id <= %(until)s) ORDER BY 1
"""


def people_of(
    first: date, last: date, *, entity_id: UUID | None = None, after: UUID | None = None, until: UUID | None = None
) -> list[UUID]:
    """Return who has days from `first` to `last`, by id: of one legal entity, and of a stretch of ids, where given."""
    return _ids(_PEOPLE, first, last, entity_id, after, until)


def marked_of(
    first: date, last: date, *, entity_id: UUID | None = None, after: UUID | None = None, until: UUID | None = None
) -> list[UUID]:
    """Return whose days from `first` to `last` are marked to be computed anew, as `people_of` does."""
    return _ids(_MARKED, first, last, entity_id, after, until)


def _ids(
    query: LiteralString, first: date, last: date, entity_id: UUID | None, after: UUID | None, until: UUID | None
) -> list[UUID]:
    given = {"first": first, "last": last, "entity": entity_id, "after": after, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return [employment_id for (employment_id,) in cursor.fetchall()]


def employed_spans(employment_ids: Sequence[UUID]) -> list[tuple[UUID, UUID, date, date | None]]:
    """Return who of these people there is, by id, by whom they are employed, from when on and until when."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, entity_id, from_on, to_on FROM people_employment WHERE id = ANY(%s::uuid[]) ORDER BY id",
            [statements.as_ids(employment_ids)],
        )
        return [(one, entity_id, from_on, to_on) for one, entity_id, from_on, to_on in cursor.fetchall()]


def adjusted_days(employment_ids: Sequence[UUID], first: date, last: date) -> set[tuple[UUID, date]]:
    """Return the closed days of these people beside which something was noted."""
    rows = Adjustment.objects.filter(employment_id__in=employment_ids, on__range=(first, last))
    return set(rows.values_list("employment_id", "on"))


def open_run(month: date, entity_id: UUID | None) -> ComputeRun | None:
    """Return the computation of a month that was begun and not finished; None if there is none."""
    rows = ComputeRun.objects.filter(month=month, finished_at__isnull=True)
    return (rows.filter(entity_id=entity_id) if entity_id else rows.filter(entity__isnull=True)).first()


# Columns of very many people ------------------------------------------------------------------------------------------

# From a number of days after a date until before another.
_PUNCHES = """
SELECT found.times FROM unnest(%(who)s::uuid[], %(since)s::int[], %(until)s::int[])
WITH ORDINALITY AS k (e, since, until, n) CROSS JOIN LATERAL (
    SELECT array_agg(p.at ORDER BY p.at) AS times FROM attendance_punch p
    WHERE p.employment_id = k.e AND p.at >= %(first)s::timestamptz + k.since * interval '24 hours'
    AND p.at < %(first)s::timestamptz + k.until * interval '24 hours'
) found ORDER BY k.n
"""
# In the order in which they are made: whoever makes some meanwhile is waited for, and never waits for us.
_UNMARK = """
WITH mine AS MATERIALIZED (
    SELECT d.employment_id, d."on", k.n FROM attendance_dirty d
    JOIN unnest(%(who)s::uuid[]) WITH ORDINALITY AS k (e, n) ON k.e = d.employment_id
    WHERE d."on" BETWEEN %(first)s AND %(last)s ORDER BY d.employment_id, d."on" FOR UPDATE OF d
), taken AS (
    DELETE FROM attendance_dirty d USING mine WHERE d.employment_id = mine.employment_id AND d."on" = mine."on"
    RETURNING mine.n, mine."on"
)
SELECT array_agg(n), array_agg("on") FROM taken
"""
# Looked up one by one: joined, a table that fills while it is asked is read whole each time, for want of statistics.
_DIGESTS = """
SELECT (
    SELECT m.digests FROM attendance_monthrecord m
    WHERE m.employment_id = k.e AND m.month = %(first)s AND m.digested = m.changes
) FROM unnest(%(who)s::uuid[]) WITH ORDINALITY AS k (e, n) ORDER BY k.n
"""
_STORED = """
SELECT found.* FROM unnest(%(who)s::uuid[]) WITH ORDINALITY AS k (e, n) CROSS JOIN LATERAL (
    SELECT array_agg(d."on"), array_agg(d.digest) FROM attendance_dayrecord d
    WHERE d.employment_id = k.e AND d."on" BETWEEN %(first)s AND %(last)s
) found ORDER BY k.n
"""
_BEFORE = """
SELECT d.employment_id, d."on", d.flags FROM unnest(%s::uuid[], %s::date[]) AS k (e, o)
JOIN attendance_dayrecord d ON d.employment_id = k.e AND d."on" = k.o WHERE d.is_final
"""


def punches_of(employment_ids: Sequence[UUID], first: datetime, since: Sequence[int], until: Sequence[int]) -> Column:
    """Return when these people punched, in order, each from so many days of 24 hours after `first` until before."""
    who = statements.as_ids(employment_ids)
    given = {"who": who, "first": first, "since": list(since), "until": list(until)}
    (moments,) = binary.arrays(_PUNCHES, given, "timestamptz")
    return moments


def digests_kept(employment_ids: Sequence[UUID], month: date) -> list[bytes | None]:
    """Return what the month of each of these people knows of its days, for `binary.days_of`; None if it may be old."""
    return binary.cells(_DIGESTS, {"who": statements.as_ids(employment_ids), "first": month})


def digests_of_days(employment_ids: Sequence[UUID], first: date, last: date) -> tuple[Column, Column]:
    """Return the dates of the stored days of these people, and their digests."""
    given = {"who": statements.as_ids(employment_ids), "first": first, "last": last}
    dates, digests = binary.arrays(_STORED, given, "date", "int8")
    return dates, digests


def flags_of_days_over(keys: Sequence[tuple[UUID, date]]) -> list[tuple[UUID, date, int]]:
    """Return the flags of those of these days that are stored and over."""
    return statements.rows(_BEFORE, [statements.as_ids(one for one, _on in keys), [on for _one, on in keys]])


def take_marks(employment_ids: Sequence[UUID], first: date, last: date) -> tuple[Numbers, Numbers]:
    """Take the marks of these people's days away; return whose they were, by place in the list, and the dates."""
    given = {"who": statements.as_ids(employment_ids), "first": first, "last": last}
    (numbers, _counts), (dates, _counts) = binary.arrays(_UNMARK, given, "int8", "date")
    return numbers - 1, dates


def persons_of(employment_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return which person each of these is the employment of."""
    rows = statements.rows(
        "SELECT id, person_id FROM people_employment WHERE id = ANY(%s::uuid[])", [statements.as_ids(employment_ids)]
    )
    return dict(rows)
