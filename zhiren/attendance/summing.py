"""The sums of months of very many people: those of `computing`, made of computed days without reading them back."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from zhiren.attendance import binary, computing
from zhiren.attendance.models import TOTALS

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
