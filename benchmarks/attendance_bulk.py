"""Print how fast a month of a big company becomes day records: from Parquet files to columns, with all the rules.

    python benchmarks/attendance_bulk.py --people 100000

Beside it, in the same run: only reading and adding up the same files (the floor), punches in no order from memory, the
same rules uncompiled on some of the people, and on a few of them what most programs do: a query for each fact of each
day, and a row written for it. Each is a process of its own; the least of some runs counts. Processor time is of the
whole process while it works, without starting and compiling; memory is the most it ever held, imports included.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from _attendance import FRAMES, plans, read_month, write_month
from _common import fresh_database, machine, say

INTERPRETED, QUERIED = 300, 10


def floor(folder: Path) -> int:
    """Read all columns and add them up."""
    import numpy as np

    frames = read_month(folder)
    for name, columns in FRAMES.items():
        for column in columns:
            np.asarray(getattr(frames, name)[column]).sum()
    return len(frames.punches)


def compiled(folder: Path) -> int:
    """From the files to the days."""
    from zhiren.attendance import bulk

    frames = read_month(folder)
    days = bulk.compute(frames)
    return int(days.n_punches.sum(dtype="int64")) + days.stray


def of_some(folder: Path, people: int) -> Any:
    """Return the frames of the first people."""
    import pyarrow.compute as pc

    frames = read_month(folder)
    some = {name: getattr(frames, name) for name in FRAMES}
    return replace(frames, **{name: table.filter(pc.less(table["employee"], people)) for name, table in some.items()})


def prepared(what: str, folder: Path) -> Callable[[], int]:
    """Return what is to be measured, with everything ready that is not part of it."""
    import pyarrow.parquet  # noqa: F401  # importing it is not what is measured

    from zhiren.attendance import bulk

    plans()
    if what == "interpreted":
        some = of_some(folder, INTERPRETED)
        return lambda: len(some.punches) * bool(len(bulk.compute(some, compiled=False)))
    bulk.compute(of_some(folder, 10))
    if what == "unsorted":
        import numpy as np

        frames = read_month(folder)
        order = np.random.default_rng(1).permutation(len(frames.punches))
        mixed = {name: np.asarray(frames.punches[name])[order] for name in FRAMES["punches"]}
        del order
        return lambda: len(mixed["at"]) * bool(len(bulk.compute(replace(frames, punches=mixed))))
    return lambda: (floor if what == "floor" else compiled)(folder)


def measure(what: str, folder: Path) -> dict[str, float]:
    """Return what one thing takes."""
    if what == "queried":
        with fresh_database():
            return timed_once(query_by_query(of_some(folder, QUERIED)))
    return timed_once(prepared(what, folder))


def timed_once(function: Callable[[], int]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    punches = function()
    return {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "punches": punches,
    }


def query_by_query(frames: Any) -> Callable[[], int]:
    """Load tables, and return the loop over days that asks for each fact and writes each row."""
    import numpy as np
    from django.db import connection, models

    from zhiren.attendance import rules

    class Meta:
        app_label = "benchmarks"

    def model(name: str, **columns: models.Field[Any, Any]) -> Any:
        made = type(name, (models.Model,), {"__module__": __name__, "Meta": Meta, **columns})
        with connection.schema_editor() as editor:
            editor.create_model(made)
        return made

    def number() -> models.Field[Any, Any]:
        return models.BigIntegerField(db_index=True)

    duty = model("Duty", employee=number(), on=number(), plan=models.IntegerField())
    punch = model("Punch", employee=number(), at=models.DateTimeField(db_index=True))
    span = {"employee": number(), "start": models.BigIntegerField(), "end": models.BigIntegerField()}
    absence = model("Absence", **span, kind=models.IntegerField())
    span = {"employee": number(), "start": models.BigIntegerField(), "end": models.BigIntegerField()}
    overtime = model("OvertimeApproval", **span)
    totals = {name: models.BigIntegerField(null=True) for name in rules.Day._fields}
    record = model("DayRow", employee=number(), on=number(), **totals)

    def load(to: Any, rows: list[dict[str, Any]]) -> None:
        to.objects.bulk_create([to(**row) for row in rows])

    every = plans()
    load(duty, [{**row, "on": every[row["plan"]].work_date} for row in frames.roster.to_pylist()])
    punches = frames.punches.to_pylist()
    load(punch, [{"employee": row["employee"], "at": datetime.fromtimestamp(row["at"], UTC)} for row in punches])
    load(absence, frames.absences.to_pylist())
    load(overtime, frames.overtimes.to_pylist())

    def loop() -> int:
        for one in duty.objects.order_by("employee", "on"):
            rows = duty.objects.filter(employee=one.employee, on__range=(one.on - 1, one.on + 1))
            near = {row.on: every[row.plan] for row in rows}
            beside = (near.get(one.on - 1), near[one.on], near.get(one.on + 1))
            low, high = rules.reach(*beside)
            since, until = datetime.fromtimestamp(low, UTC), datetime.fromtimestamp(high, UTC)
            found = punch.objects.filter(employee=one.employee, at__range=(since, until)).order_by("at")
            reaching = {"employee": one.employee, "start__lt": high, "end__gt": low}
            absences = absence.objects.filter(**reaching).order_by("start")
            approvals = overtime.objects.filter(**reaching).order_by("start")
            day = rules.day(
                *beside,
                [int(each.at.timestamp()) for each in found],
                [(each.start, each.end, each.kind) for each in absences],
                [(each.start, each.end) for each in approvals],
            )
            record.objects.update_or_create(employee=one.employee, on=one.on, defaults=day._asdict())
        return len(np.asarray(frames.punches["at"]))

    return loop


def main() -> None:
    """Write the month, measure each way in processes of their own, print rates and ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the files are kept for the next run")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        say(json.dumps(measure(given.measure, given.folder)))
        return
    say(machine(with_database=False))
    with tempfile.TemporaryDirectory(prefix="zhiren-bench-") as temporary:
        folder = given.folder or Path(temporary)
        if not (folder / "bucket-000").exists():
            write_month(folder, given.people)
        found = {}
        for what, runs in (
            ("floor", given.runs), ("compiled", given.runs), ("unsorted", given.runs),
            ("interpreted", 1), ("queried", 1),
        ):  # fmt: skip
            command = [sys.executable, __file__, "--measure", what, "--folder", str(folder / "bucket-000")]
            results = [
                json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
                for _run in range(runs)
            ]
            found[what] = {key: min(each[key] for each in results) for key in results[0]}
            one = found[what]
            say(
                f"{what}: {one['punches']:.0f} punches, wall {one['wall']:.2f} s, processor {one['cpu']:.2f} s, "
                f"{one['punches'] / one['wall'] / 1e6:.3f} M punches/s, memory {one['memory']:.2f} GB"
            )
    per_punch = {what: one["cpu"] / one["punches"] for what, one in found.items()}
    for what in ("floor", "unsorted", "interpreted", "queried"):
        ratio = per_punch[what] / per_punch["compiled"]
        say(f"{what}: {ratio:.2f} times the processor time of compiled, by the punch")
    say("queried: the processor time of the database itself comes on top, and is not in the figure")
    say(machine(with_database=False))
    say(f"attendance_bulk_cpu: {found['compiled']['cpu']:.2f} s")
    say(f"attendance_bulk_memory: {found['compiled']['memory']:.2f} GB")
    say(f"attendance_bulk: {found['compiled']['punches'] / found['compiled']['wall'] / 1e6:.2f} M punches/s")


if __name__ == "__main__":
    main()
