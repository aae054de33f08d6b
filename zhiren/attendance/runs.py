"""Compute a month of everybody anew, some people after the others; whoever was interrupted goes on where they were."""

import gc
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from zhiren.attendance import buckets, engines, months, rules, run_queries
from zhiren.attendance.errors import AlreadyComputing
from zhiren.attendance.models import ComputeRun

# So many people are computed, and locked, at a time. Each lock takes room that all connections share, so of more
# workers each takes fewer.
PEOPLE_AT_ONCE = 2000
_PEOPLE_LOCKED = 4000


def compute(
    *,
    now: Callable[[], datetime],
    month: date,
    entity_id: UUID | None = None,
    engine: str = "local",
    workers: int = 1,
    again: bool = False,
    marked: bool = False,
    people_at_once: int | None = None,
) -> Generator[ComputeRun, None, None]:
    """Compute a month of everybody, or of a legal entity; yield how far it is, at first and after each part of them.

    One that was not finished is gone on with, unless `again`. With `marked` only days are computed that something has
    touched and that wait for the worker; how far that came, their marks tell, so nothing else is kept of it.

    To stop, ask for no more: what is being computed then is computed to its end. `now` is asked in the processes that
    compute, so it must be a function of a module.

    Raises:
        AlreadyComputing: another process is at it.
    """
    first, last = months.dates_of(month)
    with _alone(first, entity_id), _tidy():
        if marked:
            run = ComputeRun(month=first, entity_id=entity_id, rules_version=rules.RULES_VERSION, begun_at=now())
            left = run_queries.marked_of(first, last, entity_id=entity_id)
        else:
            run = _begun(now(), first, entity_id, again)
            left = run_queries.people_of(first, last, entity_id=entity_id, after=run.after)
        size = max(min(people_at_once or PEOPLE_AT_ONCE, _PEOPLE_LOCKED // workers), 1)
        edges = (run.after, *left[size - 1 : -1 : size], *left[-1:])
        run.people = run.done + len(left)
        yield run
        work: engines.Work = buckets.OfDatabase(first, entity_id, edges, now, marked)
        if engine == "local" and workers > 1:  # most of the time the database is at work, not we
            engine, work = "threads", buckets.InThread(work)
        with closing(engines.run(work, len(edges) - 1, engine=engine, workers=workers)) as parts:
            for number, done in enumerate(parts, 1):
                _note(run, edges[number], done, keep=not marked)
                yield run
        run.finished_at = now()
        if not marked:
            run.save()


@contextmanager
def _tidy() -> Iterator[None]:
    """Have what the program holds already left alone when memory is tidied up, as it is for each part of a month."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextmanager
def _alone(month: date, entity_id: UUID | None) -> Iterator[None]:
    name = f"{month} {entity_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 7406))", [name])
        if not cursor.fetchone()[0]:
            raise AlreadyComputing(month=f"{month:%Y-%m}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 7406))", [name])


def _begun(at: datetime, month: date, entity_id: UUID | None, again: bool) -> ComputeRun:
    """Return the computation to go on with; one by other rules is begun anew."""
    run = run_queries.open_run(month, entity_id)
    if run and (again or run.rules_version != rules.RULES_VERSION):
        run.delete()
        run = None
    return run or ComputeRun.objects.create(
        month=month, entity_id=entity_id, rules_version=rules.RULES_VERSION, begun_at=at
    )


@transaction.atomic
def _note(run: ComputeRun, after: UUID | None, done: months.Done, *, keep: bool) -> None:
    run.after = after
    run.done += done.people
    run.days += done.days
    run.written += done.written
    run.adjusted += done.adjusted
    if keep:
        run.save()
