"""The same computation over many buckets of people: in this process, in several, on Ray, or on Spark.

A bucket is whatever a number stands for: a folder of Parquet files, a range of employees in a database. Nothing is sent
between buckets, and whoever runs them runs the same `bulk.compute`.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from zhiren.attendance import bulk

# What is done for a bucket, given its number: gives an Arrow table. Sent to other processes, so it must be picklable.
Work = Callable[[int], Any]


@dataclass(frozen=True)
class Compute:
    """The usual work: compute the days of the frames that `load` gives for a bucket. Call it for an Arrow table."""

    load: Callable[[int], bulk.Frames]
    threads: int = 1

    def __call__(self, bucket: int) -> Any:
        return bulk.compute(self.load(bucket), threads=self.threads).table()


def run(work: Work, buckets: int, *, engine: str = "local", workers: int | None = None) -> Iterator[Any]:
    """Yield what the work gives for each bucket, in their order.

    `engine` is `local` (processes of this machine; one worker is this process itself), `ray` or `spark`, which must be
    installed; a cluster that is running already is used. `workers` are as many as there are processors unless told.

    Raises:
        LookupError: no engine is called that.
    """
    if engine not in ENGINES:
        raise LookupError(f"no engine is called {engine!r}; there are {', '.join(ENGINES)}")
    return ENGINES[engine](work, buckets, workers or os.cpu_count() or 1)


def _local(work: Work, buckets: int, workers: int) -> Iterator[Any]:
    if workers == 1:
        yield from map(work, range(buckets))
        return
    # A fresh process: one that is forked while threads run may hang.
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(work, range(buckets))


def _ray(work: Work, buckets: int, workers: int) -> Iterator[Any]:
    import ray

    own = not ray.is_initialized()
    if own:
        ray.init(num_cpus=workers, include_dashboard=False, log_to_driver=False)
    try:
        task = ray.remote(num_cpus=1)(_call)
        shared = ray.put(work)
        results = [task.remote(shared, bucket) for bucket in range(buckets)]
        while results:
            yield ray.get(results.pop(0))
    finally:
        if own:
            ray.shutdown()


def _call(work: Work, bucket: int) -> Any:
    return work(bucket)


def _spark(work: Work, buckets: int, workers: int) -> Iterator[Any]:
    import pyarrow as pa
    from pyspark.sql import SparkSession

    def compute(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            for bucket in batch.column("id").to_pylist():
                sink = pa.BufferOutputStream()
                table = work(bucket)
                with pa.ipc.new_stream(sink, table.schema) as writer:
                    writer.write_table(table)
                yield pa.RecordBatch.from_pydict({"days": pa.array([sink.getvalue().to_pybytes()], pa.binary())})

    running = SparkSession.getActiveSession()
    if running is None:  # on this machine, with the same Python
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = running or SparkSession.builder.master(f"local[{workers}]").getOrCreate()
    try:
        # One partition for each bucket, so the rows come back in their order. All are computed before the first is
        # read: reading alone would compute one after the other.
        rows = spark.range(0, buckets, 1, buckets).mapInArrow(compute, "days binary").persist()
        rows.count()
        for row in rows.toLocalIterator():
            yield pa.ipc.open_stream(row["days"]).read_all()
        rows.unpersist()
    finally:
        if running is None:
            spark.stop()


ENGINES: dict[str, Callable[[Work, int, int], Iterator[Any]]] = {"local": _local, "ray": _ray, "spark": _spark}
