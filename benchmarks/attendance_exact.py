"""Whether the rules of attendance come to the same, cell by cell, however they are run.

On made-up people as nasty as the rules allow (`tests/attendance/worlds.py`): over both changes of the clock in six
zones, with all kinds of plans. Compared are all columns of the day records: interpreted and compiled (where numba is
installed) on everybody, day by day as after a single punch on some, and on these also the slow reference that was
written from the text of the rules and not from the kernel (`tests/attendance/reference.py`); then everybody once more
in several processes, and on Ray and Spark where they are installed.

    python benchmarks/attendance_exact.py [--days 1000000] [--every 40] [--seed 1] [--without-engines]

`--every` names the share of people whose days the reference reads, too: one in so many.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from collections import Counter
from typing import Any

import numpy as np
from _common import machine, say

from tests.attendance.comparing import Crowd, computed, crowd_of, differences, frames_of, readings, row_of
from tests.attendance.reference import FLAG
from tests.attendance.worlds import PersonMonth
from zhiren.attendance import bulk, engines
from zhiren.rostering.plans import Kind

WORKERS = 2
_SHOWN = 10
_PACKAGES = {"local": "pyarrow", "ray": "ray", "spark": "pyspark"}


def main() -> None:
    """Make people, compute their days in each way, and count where they differ."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=1_000_000)
    parser.add_argument("--every", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-engines", action="store_true")
    given = parser.parse_args()
    say(machine(with_database=False))
    if not bulk.is_compiled():
        say("numba is not installed: nothing compiled is compared")
    counts: Counter[str] = Counter()
    found: list[dict[str, Any]] = []
    while counts["days"] < given.days:
        found.append(compare(given.seed, len(found), given.every, counts))
        if len(found) % 10 == 0:
            say(f"  {counts['days']} days, {wrong_of(counts)} differences so far")
    kinds = {kind.name.lower(): counts[kind.name] for kind in Kind}
    say(f"{counts['days']} person-days of {counts['punches']} punches; by kind of plan: {kinds}")
    say(f"days with each flag: { ({name: counts[name] for name in FLAG}) }")
    say(f"interpreted: {counts['interpreted ms'] / 1000:.0f} s of processor time")
    say(f"compiled against interpreted: {counts['compiled differ']} days differ")
    say(f"reference against interpreted, {counts['read slowly']} days: {counts['reference differ']} differ")
    say(f"day by day against all at once, {counts['read slowly']} days: {counts['single differ']} differ")
    for engine, package in _PACKAGES.items() if not given.without_engines else ():
        if importlib.util.find_spec(package) is None:
            say(f"{engine}: {package} is not installed")
            continue
        counts[f"{engine} differ"] = differing_on(engine, given.seed, found)
        say(f"{engine} with {WORKERS} workers against interpreted: {counts[f'{engine} differ']} days differ")
    say(f"attendance_exact_differences: {wrong_of(counts)} days")


def compare(seed: int, bucket: int, every: int, counts: Counter[str]) -> dict[str, Any]:
    """Compute the days of some people in each way, count, and return the interpreted columns."""
    crowd = crowd_of(seed, bucket)
    frames = frames_of(crowd)
    began = time.process_time()
    interpreted = bulk.compute(frames, compiled=False)
    counts["interpreted ms"] += round(1000 * (time.process_time() - began))
    counts["days"] += len(interpreted)
    counts["punches"] += len(frames.punches["at"])
    counts.update(Kind(plan.kind).name for plan in frames.plans)
    counts.update({name: int((interpreted.flags & bit != 0).sum()) for name, bit in FLAG.items()})
    columns = interpreted.columns()
    if bulk.is_compiled():
        counts["compiled differ"] += differing(bulk.compute(frames).columns(), columns)
    first = 0
    for who, person in enumerate(crowd):
        if who % every == 0:
            compare_slowly(person, interpreted, first, counts)
        first += len(person.plans)
    return columns


def compare_slowly(person: PersonMonth, days: bulk.Days, first: int, counts: Counter[str]) -> None:
    """Read somebody's days by the reference and one by one, and count where they differ from what was computed."""
    for number, expected in readings(person):
        day = row_of(days, first + number)
        counts["read slowly"] += 1
        if found := differences(day, expected):
            counts["reference differ"] += 1
            if counts["reference differ"] <= _SHOWN:
                say(f"  {Kind(person.plans[number].kind).name.lower()} on {person.plans[number].work_date}: {found}")
        counts["single differ"] += day != computed(person, number)


def differing_on(engine: str, seed: int, expected: list[dict[str, Any]]) -> int:
    """Return on how many days an engine comes to something else in any column."""
    work = engines.Compute(Crowd(seed))
    tables = engines.run(work, len(expected), engine=engine, workers=WORKERS)
    return sum(
        differing({name: numbers_of(table[name]) for name in columns}, columns)
        for table, columns in zip(tables, expected, strict=True)
    )


def numbers_of(column: Any) -> Any:
    """Return an Arrow column as numbers, `NEVER` where it has none."""
    return (column.fill_null(bulk.rules.NEVER) if column.null_count else column).to_numpy()


def differing(one: dict[str, Any], other: dict[str, Any]) -> int:
    """Return on how many days two computations differ in any column."""
    return int(np.logical_or.reduce([one[name] != column for name, column in other.items()]).sum())


def wrong_of(counts: Counter[str]) -> int:
    """Return all differences counted so far."""
    return sum(count for name, count in counts.items() if name.endswith(" differ"))


if __name__ == "__main__":
    main()
