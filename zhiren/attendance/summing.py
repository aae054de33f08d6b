"""The sums of months of very many people: those of `computing`, made of computed days without reading them back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from zhiren.attendance import binary, computing
from zhiren.attendance.models import TOTALS
from zhiren.plumbing import statements

Numbers = NDArray[np.int64]

_COLUMNS = (*TOTALS, *computing.DAYS_COUNTED)
_TYPES = {"employment_id": "uuid"} | dict.fromkeys((*_COLUMNS, "starts", "size"), "int4")
_SUM = f"""
INSERT INTO attendance_monthrecord
    (employment_id, month, changes, judged, digested, digests, {", ".join(_COLUMNS)})
SELECT employment_id, %(month)s, 1, 0, 1, nullif(substr(%(digests)s::bytea, starts, size), ''::bytea),
    {", ".join(_COLUMNS)} FROM attendance_summed
{computing.OVER_AN_OLDER_SUM}
"""  # noqa: S608 - names of our own

# Against the days as they are stored, before these change.
_CHANGE = f"""
UPDATE attendance_monthrecord m SET {", ".join(f"{name} = m.{name} + s.{name}" for name in _COLUMNS)},
    changes = m.changes + 1, digested = m.changes + 1, digests = substr(%(digests)s::bytea, k.starts, k.size)
FROM unnest(%(who)s::uuid[], %(starts)s::int[], %(sizes)s::int[]) AS k (e, starts, size) JOIN (
    SELECT d.employment_id, {", ".join(f"sum(c.{name} - d.{name}) AS {name}" for name in TOTALS)},
        {
    ", ".join(
        f"count(*) FILTER (WHERE {condition.replace('d.', 'c.')}) - count(*) FILTER (WHERE {condition}) AS {name}"
        for name, condition in computing.COUNTED.items()
    )
}
    FROM attendance_changed c JOIN attendance_dayrecord d ON d.employment_id = c.employment_id AND d."on" = c."on"
    GROUP BY d.employment_id
) s ON s.employment_id = k.e WHERE m.employment_id = k.e AND m.month = %(month)s
"""  # noqa: S608 - names of our own


@dataclass(frozen=True)
class Changing:
    """Months whose days change and stay as many: whose they are, by place and id, and the digests they then have.

    `sizes` counts each one's days; `digests` are all of them in a row, as `MonthRecord.digests`.
    """

    month: date
    whose: list[int]
    ids: list[UUID]
    sizes: Numbers
    digests: bytes


def change_months(changing: Changing) -> None:
    """Change the sums of months by what the days in `attendance_changed` differ from those that are stored."""
    if changing.ids:
        size = changing.sizes * binary.DAY_KEPT_BYTES
        given = {
            "who": statements.as_ids(changing.ids),
            "starts": (np.cumsum(size) - size + 1).tolist(),
            "sizes": size.tolist(),
            "month": changing.month,
            "digests": changing.digests,
        }
        with connection.cursor() as cursor:
            cursor.execute(_CHANGE, given)


def sum_months(
    month: date, ids: Sequence[UUID], whose: Numbers, dates: Numbers, table: Numbers, digest: Numbers
) -> None:
    """Make the sums of a month of these people from all their days of it, which are in order.

    `whose` is each day's place in `ids`, `dates` count from 1970-01-01; `table` and `digest` are as `months` has them.
    """
    size = np.bincount(whose, minlength=len(ids)) * binary.DAY_KEPT_BYTES
    minutes = dict(zip(TOTALS, table, strict=False))
    flags = table[len(TOTALS) + 1]
    counted = (
        minutes["worked"] > 0,
        flags & computing.LATE > 0,
        flags & computing.EARLY > 0,
        minutes["absent"] > 0,
        flags & computing.MISSING > 0,
    )
    columns: dict[str, Any] = {
        "employment_id": binary.ids_of(ids),
        **{
            name: np.bincount(whose, weights=each, minlength=len(ids)).astype(np.int64)
            for name, each in zip(_COLUMNS, (*minutes.values(), *counted), strict=True)
        },
        "starts": np.cumsum(size) - size + 1,
        "size": size,
    }
    with connection.cursor() as cursor:
        names = ", ".join(f"{name} {kind}" for name, kind in _TYPES.items())
        cursor.execute(f"CREATE TEMP TABLE attendance_summed ({names}) ON COMMIT DROP")
        binary.copy_in("attendance_summed", _TYPES, columns, -1)
        cursor.execute(_SUM, {"month": month, "digests": binary.days_as_kept(dates, digest)})
        cursor.execute("DROP TABLE attendance_summed")
