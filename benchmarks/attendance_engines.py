"""Print what it costs to let others run the buckets of a big company's month: processes of our own, Ray, Spark.

    python benchmarks/attendance_engines.py --people 100000 --buckets 16

Embedded is one process with two threads that takes one bucket after the other. Two workers each do the same; what is
not installed is left out. Every engine's days are compared with the embedded ones, cell by cell. Ray and Spark are
started before; their first run starts workers and is printed beside. Processor time is that of all processes under
this one while they work, in the least of some runs; for the pool, which is new each time, starting it included.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _attendance import read_month, write_month
from _common import machine, say

_TICKS = os.sysconf("SC_CLK_TCK")
WORKERS = 2


@dataclass(frozen=True)
class Folder:
    """Reads the frames of a bucket from its folder."""

    folder: Path

    def __call__(self, bucket: int) -> Any:
        return read_month(self.folder / f"bucket-{bucket:03}")


def cpu_of_all() -> float:
    """Return the processor time so far of this process, of all that run under it, and of those that ended."""
    parents: dict[int, list[int]] = {}
    used: dict[int, float] = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                fields = (each / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(each.name))
            used[int(each.name)] = sum(map(int, fields[11:13])) / _TICKS
    total, waiting = 0.0, list(parents.get(os.getpid(), []))
    while waiting:
        one = waiting.pop()
        total += used[one]
        waiting += parents.get(one, [])
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return total + time.process_time() + ended.ru_utime + ended.ru_stime


@contextmanager
def started(engine: str) -> Iterator[None]:
    """Start an engine and stop it afterwards; the pool starts by itself."""
    if engine == "ray":
        import ray

        ray.init(num_cpus=WORKERS, include_dashboard=False, log_to_driver=False)
        yield
        ray.shutdown()
    elif engine == "spark":
        from pyspark.sql import SparkSession

        os.environ |= {"PYSPARK_PYTHON": sys.executable, "PYTHONPATH": os.pathsep.join(sys.path)}
        session = SparkSession.builder.master(f"local[{WORKERS}]").getOrCreate()
        yield
        session.stop()
    else:
        yield


def measured(what: str, function: Callable[[], list[Any]]) -> tuple[float, list[Any]]:
    """Do something once; print and return what processor time it took, and what it gave."""
    wall, cpu = time.perf_counter(), cpu_of_all()
    found = function()
    used = cpu_of_all() - cpu
    say(f"{what}: wall {time.perf_counter() - wall:.2f} s, processor {used:.2f} s, {sum(map(len, found))} days")
    return used, found


def main() -> None:
    """Compute the month by each engine that is there, and compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--buckets", type=int, default=16)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", choices=("local", "ray", "spark"), help="measure only this engine beside embedded")
    given = parser.parse_args()
    from zhiren.attendance import bulk, engines

    say(machine(with_database=False))
    with tempfile.TemporaryDirectory(prefix="zhiren-bench-") as temporary:
        folder = Path(temporary)
        punches = write_month(folder, given.people, buckets=given.buckets)
        say(f"{given.people} people, {punches} punches, {given.buckets} buckets, {WORKERS} workers")
        load = Folder(folder)
        bulk.compute(load(0))
        embedded = engines.Compute(load, threads=WORKERS)
        runs = [
            measured("embedded", lambda: list(engines.run(embedded, given.buckets, workers=1)))
            for _run in range(given.runs)
        ]
        least, expected = min(run[0] for run in runs), runs[0][1]
        ratios = {}
        work = engines.Compute(load)
        for engine, module in (("local", "multiprocessing"), ("ray", "ray"), ("spark", "pyspark")):
            if given.only not in (None, engine):
                continue
            if importlib.util.find_spec(module) is None:
                say(f"{engine}: {module} is not installed")
                continue
            with started(engine):
                found = []
                for number in range(given.runs + (engine != "local")):
                    label = f"{engine}, first" if engine != "local" and number == 0 else engine
                    used, tables = measured(
                        label,
                        lambda engine=engine: list(engines.run(work, given.buckets, engine=engine, workers=WORKERS)),  # type: ignore[misc]  # the default binds the loop's value
                    )
                    found.append(used)
                    equal = all(one.equals(other) for one, other in zip(tables, expected, strict=True))
                    if not equal:
                        raise SystemExit(f"{engine} gives other days")
                    del tables
            ratios[engine] = min(found[-given.runs :]) / least
            say(f"{engine}: equal in every cell, {ratios[engine]:.2f} times the processor time of embedded")
    say(machine(with_database=False))
    for engine, ratio in ratios.items():
        say(f"attendance_engines_{engine}: {ratio:.2f} times")


if __name__ == "__main__":
    main()
