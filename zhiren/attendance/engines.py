"""The same computation over many buckets of people: in this process, in several, on Ray, or on Spark.

A bucket is whatever a number stands for: a folder of Parquet files, a range of employees in a database. Nothing is sent
between buckets, and whoever runs them runs the same `bulk.compute`.
"""

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from zhiren.attendance import bulk

# What is done for a bucket, given its number. Sent to other processes, as is what it gives, so both must be picklable.
Work = Callable[[int], Any]


@dataclass(frozen=True)
class Compute:
    """The usual work: compute the days of the frames that `load` gives for a bucket. Call it for an Arrow table."""

    load: Callable[[int], bulk.Frames]
    threads: int = 1

    def __call__(self, bucket: int) -> Any:
        return bulk.compute(self.load(bucket), threads=self.threads).table()


def run(work: Work, buckets: int, *, engine: str = "local", workers: int | None = None) -> Generator[Any, None, None]:
    """Yield what the work gives for each bucket, in their order.

    Closed early, it begins no more, and waits for what is being done.

    `engine` is `local` (processes of this machine; one worker is this process itself), `threads` (of this process: for
    work that mostly waits for a database), `ray` or `spark`, which must be installed; a cluster that is running already
    is used. `workers` are as many as there are processors unless told.

    Raises:
        LookupError: no engine is called that.
    """
    if engine not in ENGINES:
        raise LookupError(f"no engine is called {engine!r}; there are {', '.join(ENGINES)}")
    return ENGINES[engine](work, buckets, workers or os.cpu_count() or 1)


def _local(work: Work, buckets: int, workers: int) -> Generator[Any, None, None]:
    if workers == 1 or buckets <= 1:
        yield from map(work, range(buckets))
        return
    # A fresh process: one that is forked while threads run may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, buckets), mp_context=context, initializer=_leave_stopping) as pool:
        yield from pool.map(work, range(buckets))


def _threads(work: Work, buckets: int, workers: int) -> Generator[Any, None, None]:
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(work, range(buckets))


def _leave_stopping() -> None:
    """Let Ctrl-C, of which a terminal tells every process, be the business of the one that waits for this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _ray(work: Work, buckets: int, workers: int) -> Generator[Any, None, None]:
    import ray

    own = not ray.is_initialized()
    if own:
        ray.init(num_cpus=workers, include_dashboard=False, log_to_driver=False)
    try:
        task = ray.remote(num_cpus=1)(_call)
        shared, running = ray.put(work), deque[Any]()
        most = 2 * max(workers, int(ray.cluster_resources().get("CPU", 1)))
        try:
            for bucket in range(buckets):
                if len(running) == most:
                    yield ray.get(running.popleft())
                running.append(task.remote(shared, bucket))
            while running:
                yield ray.get(running.popleft())
        finally:
            if running:
                ray.wait(list(running), num_returns=len(running))
    finally:
        if own:
            ray.shutdown()


def _call(work: Work, bucket: int) -> Any:
    return work(bucket)


def _spark(work: Work, buckets: int, workers: int) -> Generator[Any, None, None]:
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    if running is None:  # on this machine, with the same Python
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = running or SparkSession.builder.master(f"local[{workers}]").getOrCreate()
    context = spark.sparkContext
    try:
        # Some at a time, one partition for each, so that they come back in their order. All of these are computed
        # before the first is read: reading alone would compute one after the other.
        many = 4 * max(workers, context.defaultParallelism)
        for first in range(0, buckets, many):
            some = range(first, min(first + many, buckets))
            found = context.parallelize(some, len(some)).map(work).persist()
            found.count()
            yield from found.toLocalIterator()
            found.unpersist()
    finally:
        if running is None:
            spark.stop()


ENGINES: dict[str, Callable[[Work, int, int], Generator[Any, None, None]]] = {
    "local": _local,
    "threads": _threads,
    "ray": _ray,
    "spark": _spark,
}
