"""A month of what is stored, written as the files that `frames` computes days from. Needs pyarrow."""

import shutil
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection, transaction

from zhiren.attendance import exports, frames, months, queries, rules, run_queries
from zhiren.kernel.actors import Actor
from zhiren.people import employment_queries as employments
from zhiren.rostering.plans import PlanDay

DAY = timedelta(days=1)
PEOPLE_AT_ONCE = 2000
_UNFINISHED = ".unfinished"


@dataclass(frozen=True)
class Written:
    """How far the writing is: people, of how many, and their punches."""

    people: int
    of: int
    punches: int


def write_month(
    *, actor: Actor, at: datetime, month: date, to: Path, entity_id: UUID | None = None
) -> Generator[Written, None, None]:
    """Write what the days of a month are computed from into a folder that is there whole, or not at all; yield after
    each bucket of people. That it was handed out is on the record.

    Beside what `frames` asks for there is `employees.parquet`: which employment each number is. Days that are not over
    are left out. Everything is as it was at one moment, whatever changes meanwhile. Closed early, it leaves nothing.
    """
    first, last = months.dates_of(month)
    unfinished = to.with_name(to.name + _UNFINISHED)
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        with _one_moment():
            ids = run_queries.people_of(first, last, entity_id=entity_id)
            places: dict[PlanDay, int] = {}
            unfinished.mkdir(parents=True, mode=0o700)
            numbers: dict[UUID, str] = {}
            punches = 0
            for begin in range(0, len(ids), PEOPLE_AT_ONCE):
                given = months.given(at=at, month=month, employment_ids=ids[begin : begin + PEOPLE_AT_ONCE])
                given = replace(given, frames=replace(given.frames, punches=_punches(given, first, last)))
                folder = unfinished / f"{begin // PEOPLE_AT_ONCE:05d}"
                punches += _write(folder, given, begin, places)
                numbers |= employments.numbers_of(given.ids)
                yield Written(begin + len(given.ids), len(ids), punches)
            frames.write_plans(unfinished / "plans.parquet", list(places))
            _write_employees(unfinished / "employees.parquet", ids, numbers)
        if ids:
            exports.note_handed_out(actor=actor, at=at, month=first, people=len(ids))
            unfinished.replace(to)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


@contextmanager
def _one_moment() -> Iterator[None]:
    """Have everything read as it is now."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        yield


def _punches(given: months.Given, first: date, last: date) -> dict[str, Any]:
    """Return the punches of the month's dates, in UTC, and those before and after that may be of one of its days.

    What is read to find these reaches further; of no day, they would only look lost.
    """
    frame = given.frames
    begins, ends = (int(queries.utc_midnight(on).timestamp()) for on in (first, last + DAY))
    low, high = np.full(len(given.ids), begins), np.full(len(given.ids), ends)
    reach = np.array([rules.reach(None, plan, None) for plan in frame.plans], np.int64).reshape(-1, 2)
    whose, plan = (np.asarray(frame.roster[name])[given.counts] for name in ("employee", "plan"))
    np.minimum.at(low, whose, reach[plan, 0])
    # A date may own the one after it up to where the next one begins.
    np.maximum.at(high, whose, reach[plan, 1] + int(DAY.total_seconds()))
    employee, at = frame.punches["employee"], frame.punches["at"]
    kept = (low[employee] <= at) & (at < high[employee])
    return {"employee": employee[kept], "at": at[kept]}


def _write(folder: Path, given: months.Given, begin: int, places: dict[PlanDay, int]) -> int:
    """Write a bucket, whose people are numbered from `begin` on and share the plans of all; return its punches."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir()
    numbers = np.array([places.setdefault(plan, len(places)) for plan in given.frames.plans], np.int32)
    written: Mapping[str, Any] = {
        "roster": {
            "employee": given.frames.roster["employee"],
            "plan": numbers[given.frames.roster["plan"]],
            frames.COUNTS: given.counts,
        },
        "punches": given.frames.punches,
        "absences": given.frames.absences,
        "overtimes": given.frames.overtimes,
    }
    for name, columns in written.items():
        wanted = [*frames.COLUMNS[name], *([frames.COUNTS] if name == "roster" else [])]
        table = pa.table({column: np.asarray(columns[column]) for column in wanted})
        employees = pa.array(np.asarray(columns["employee"], np.int32) + begin, pa.int32())
        pq.write_table(table.set_column(0, "employee", employees), folder / f"{name}.parquet")
    return len(given.frames.punches["at"])


def _write_employees(path: Path, ids: list[UUID], numbers: Mapping[UUID, str]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = {
        "employee": pa.array(range(len(ids)), pa.int32()),
        "employment": [str(one) for one in ids],
        "number": [numbers.get(one, "") for one in ids],
    }
    pq.write_table(pa.table(rows), path)
