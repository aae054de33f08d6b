"""Days computed from Parquet files, without any database: a folder of buckets in, a file of days for each out.

    FOLDER/plans.parquet                each plan (`PlanDay.to_json`); its row is its number
    FOLDER/*/roster.parquet             employee, plan: one row for each day of each employee; and counts, where it is
                                        there: false for a day that is no more than the neighbour of another
    FOLDER/*/punches.parquet            employee, at
    FOLDER/*/absences.parquet           employee, start, end, kind
    FOLDER/*/overtimes.parquet          employee, start, end

All of a person is in one bucket. Instants are UTC seconds or timestamps. The last two may be missing; what the columns
mean is told in `bulk.Frames`. Needs pyarrow.
"""

import os
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from zhiren.attendance import bulk, engines, rules
from zhiren.rostering.plans import PlanDay

COLUMNS = {
    "roster": ("employee", "plan"),
    "punches": ("employee", "at"),
    "absences": ("employee", "start", "end", "kind"),
    "overtimes": ("employee", "start", "end"),
}
COUNTS = "counts"
_NEEDED = ("roster", "punches")
_VERSION = b"zhiren.rules_version"


class Unreadable(Exception):
    """A folder does not hold what days are computed from; the message is one sentence for whoever named it."""


@dataclass(frozen=True)
class Part:
    """What a bucket came to: its days, the punches that belong to none, and whether its file was there before."""

    days: int
    stray: int
    kept: bool


@dataclass(frozen=True)
class OfFiles:
    """Computes the bucket of a number into a file, unless that is there: by the same rules, and not older."""

    folder: Path
    to: Path
    names: tuple[str, ...]
    again: bool = False
    threads: int = 1

    def __call__(self, bucket: int) -> Part:
        """Compute and write; a file is there whole, or not at all."""
        import pyarrow.parquet as pq

        name = self.names[bucket]
        target = self.to / f"{name}.parquet"
        if not self.again and (days := _still_right(target, [self.folder / "plans.parquet", self.folder / name])):
            return days
        given = read(self.folder, name)
        found = bulk.compute(given, threads=self.threads)
        table = _counted(found, given)
        facts = {_VERSION: str(rules.RULES_VERSION), b"zhiren.stray": str(found.stray)}
        unfinished = target.with_suffix(".unfinished")
        with unfinished.open("wb") as file:
            pq.write_table(table.replace_schema_metadata(facts), file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
        return Part(table.num_rows, found.stray, kept=False)


def compute(
    folder: Path, to: Path, *, engine: str = "local", workers: int = 1, again: bool = False
) -> Generator[tuple[int, Part], None, None]:
    """Compute the days of each bucket of a folder into a file of another; yield of how many buckets, and what each
    came to. Files that are there already are kept, unless `again`.

    Raises:
        Unreadable: something is missing, before anything is computed.
    """
    names = buckets_of(folder)
    to.mkdir(parents=True, exist_ok=True)
    work = OfFiles(folder, to, tuple(names), again)
    with closing(engines.run(work, len(names), engine=engine, workers=workers)) as parts:
        for part in parts:
            yield len(names), part


def buckets_of(folder: Path) -> list[str]:
    """Return the names of a folder's buckets.

    Raises:
        Unreadable: there is none, or one of its files is missing or lacks a column.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = sorted(path.parent.name for path in folder.glob("*/roster.parquet"))
    if not names:
        raise Unreadable(f"{folder} has no folders with a roster.parquet")
    read_plans(folder / "plans.parquet")
    for name in names:
        for frame, columns in COLUMNS.items():
            path = folder / name / f"{frame}.parquet"
            if not path.exists():
                if frame in _NEEDED:
                    raise Unreadable(f"{path} is missing")
                continue
            try:
                missing = set(columns) - set(pq.read_schema(path).names)
            except (OSError, pa.ArrowInvalid) as error:
                raise Unreadable(f"{path} is no Parquet file") from error
            if missing:
                raise Unreadable(f"{path} has no column {', '.join(sorted(missing))}")
    return names


def read(folder: Path, name: str) -> bulk.Frames:
    """Return the frames of a bucket."""
    import pyarrow.parquet as pq

    paths = {frame: folder / name / f"{frame}.parquet" for frame in COLUMNS}
    found: dict[str, Any] = {
        frame: pq.read_table(path, columns=[*COLUMNS[frame], *_also(path)], pre_buffer=False)
        for frame, path in paths.items()
        if path.exists()
    }
    return bulk.Frames(plans=read_plans(folder / "plans.parquet"), **found)


def _also(path: Path) -> list[str]:
    import pyarrow.parquet as pq

    return [COUNTS] if path.name == "roster.parquet" and COUNTS in pq.read_schema(path).names else []


def _counted(found: bulk.Days, given: bulk.Frames) -> Any:
    """Return days as a table, without those that only stand beside others."""
    roster: Any = given.roster
    table = found.table()
    if COUNTS not in roster.column_names:
        return table
    dates = np.array([plan.work_date for plan in given.plans], np.int64)[np.asarray(roster["plan"])]
    order = np.lexsort((dates, np.asarray(roster["employee"])))
    return table.filter(np.asarray(roster[COUNTS], np.bool_)[order])


def write_plans(path: Path, plans: Sequence[PlanDay]) -> None:
    """Write plans, each on the row of its number."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist([plan.to_json() for plan in plans]), path)


def read_plans(path: Path) -> list[PlanDay]:
    """Return the plans of a file.

    Raises:
        Unreadable: it is missing, or holds no plans.
    """
    try:
        return _plans(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise Unreadable(f"{path} is missing or is no Parquet file") from error
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"{path} holds no plans: {error}") from error


@lru_cache(maxsize=1)
def _plans(path: Path, _changed: int) -> list[PlanDay]:
    import pyarrow.parquet as pq

    return [PlanDay.from_json(row) for row in pq.read_table(path).to_pylist()]


def _still_right(target: Path, sources: Sequence[Path]) -> Part | None:
    """Return what a file of days holds, if it is there and is what would be computed now."""
    import pyarrow.parquet as pq

    if not target.exists():
        return None
    inputs = [path for source in sources for path in (source.glob("*.parquet") if source.is_dir() else [source])]
    if any(path.stat().st_mtime_ns > target.stat().st_mtime_ns for path in inputs):
        return None
    found: Any = pq.read_metadata(target)
    facts = found.metadata or {}
    if facts.get(_VERSION) != str(rules.RULES_VERSION).encode():
        return None
    return Part(found.num_rows, int(facts[b"zhiren.stray"]), kept=True)
