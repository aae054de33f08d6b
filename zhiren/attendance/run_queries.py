"""Every read of computations of whole months: whose month it is, and how far a computation came."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import connection

from zhiren.attendance.models import Adjustment, ComputeRun
from zhiren.plumbing import statements

# Also of those whose days, after all, are none.
_PEOPLE = """
SELECT e.id FROM people_employment e
WHERE (%(entity)s::uuid IS NULL OR e.entity_id = %(entity)s)
AND (%(after)s::uuid IS NULL OR e.id > %(after)s) AND (%(until)s::uuid IS NULL OR e.id <= %(until)s)
AND ((e.from_on <= %(last)s AND (e.to_on IS NULL OR e.to_on >= %(first)s)) OR EXISTS (
    SELECT FROM attendance_dayrecord d WHERE d.employment_id = e.id AND d."on" BETWEEN %(first)s AND %(last)s
)) ORDER BY e.id
"""


def people_of(
    first: date, last: date, *, entity_id: UUID | None = None, after: UUID | None = None, until: UUID | None = None
) -> list[UUID]:
    """Return who has days from `first` to `last`, by id: of one legal entity, and of a stretch of ids, where given."""
    given = {"first": first, "last": last, "entity": entity_id, "after": after, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, given)
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
