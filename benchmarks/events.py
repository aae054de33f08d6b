"""Print how many events are recorded, delivered, linked and checked in a second.

    python benchmarks/events.py --events 500

In an embedded PostgreSQL with the settings of production: every commit waits for the disk. Recording is one service
after the other in this process, each in a transaction of its own with its event and the job that delivers it. The
delivery is what one worker process does, as `zhiren worker` runs it; playbooks and Today do their part in it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from _common import fresh_database, load, machine, percentile, say, timed

if TYPE_CHECKING:
    from uuid import UUID

    from _company import Company

_WORKER = """
import time
import django
django.setup()
from zhiren.plumbing import jobs
began = time.perf_counter()
jobs.run_worker(until_empty=True)
print(time.perf_counter() - began)
"""


def rate(what: str, steps: list[Callable[[], object]]) -> None:
    """Do the steps one after the other; print how many a second, and how long one takes."""
    seconds = [timed(step) for step in steps]
    say(
        f"{what}: {len(steps) / sum(seconds):.0f} 1/s "
        f"(p50 {percentile(seconds, 0.5):.1f} ms, p95 {percentile(seconds, 0.95):.1f} ms)"
    )


def moves(company: Company, count: int) -> list[Callable[[], object]]:
    """Return steps that each move a candidate of the big opening to its second stage."""
    from functools import partial

    from zhiren.access import queries as access
    from zhiren.recruiting import services as recruiting
    from zhiren.recruiting.models import Application

    first, second, *_others = company.stages[company.big.pk]
    rows = Application.objects.filter(opening=company.big, stage=first, state="active").order_by("pk")[:count]
    actor, at = access.actor_of(company.recruiter), datetime.now(UTC)
    return [
        partial(recruiting.move_application, actor=actor, at=at, application_id=row.pk, stage_id=second.pk)
        for row in rows
    ]


def records(company: Company, count: int) -> list[Callable[[], object]]:
    """Return steps that each record a small event for which one handler waits."""
    from functools import partial

    from zhiren.people.events import PersonChanged
    from zhiren.people.models import Person
    from zhiren.timeline.registry import handlers_of
    from zhiren.timeline.services import record

    assert len(handlers_of(PersonChanged.name)) >= 1
    ids: list[UUID] = list(Person.objects.order_by("pk").values_list("pk", flat=True)[:count])
    at = datetime.now(UTC)
    return [
        partial(record, PersonChanged(person_id=one, at=at, by=company.recruiter.pk, fields=("city",))) for one in ids
    ]


def deliver() -> float:
    """Have one worker process do all that is due; return how many events it delivered in a second.

    Its start does not count. What handlers defer themselves, such as mail, is done in the same time.
    """
    from zhiren.timeline.models import Delivery

    before = Delivery.objects.values("event_id").distinct().count()
    worker = subprocess.run(
        [sys.executable, "-c", _WORKER],
        cwd=Path(__file__).resolve().parent.parent,
        check=True,
        capture_output=True,
        text=True,
    )
    seconds = float(worker.stdout.split()[-1])
    delivered = Delivery.objects.values("event_id").distinct().count() - before
    say(f"one worker: {delivered} events delivered in {seconds:.1f} s, {delivered / seconds:.0f} 1/s")
    return delivered / seconds


def main() -> None:
    """Measure."""
    arguments = argparse.ArgumentParser(description="How many events in a second.")
    arguments.add_argument("--events", type=int, default=500, help="how many of each kind to record")
    arguments.add_argument("--size", type=int, default=2000, help="number of candidates")
    options = arguments.parse_args()
    with fresh_database():
        from _company import Company
        from django.db import connection

        from zhiren.timeline import services as timeline
        from zhiren.timeline.models import EventRow
        from zhiren.timeline.verify import verify

        say(machine())
        company = Company(datetime.now(UTC))
        company.grow(options.size)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")  # what making the company has left to deliver
        events = EventRow.objects.count()
        began = time.perf_counter()
        linked = timeline.seal()
        say(f"linked: {linked} events, {linked / (time.perf_counter() - began):.0f} 1/s")
        began = time.perf_counter()
        report = verify()
        say(f"verified: {report.checked} events, {report.checked / (time.perf_counter() - began):.0f} 1/s")
        assert report.ok, report.problems[:3]
        assert report.checked == events
        rate("recruiting.move_application", moves(company, options.events))
        moved = deliver()
        rate("timeline.record", records(company, options.events))
        recorded = deliver()
        say(f"load average at the end: {load()}")
        say(f"deliveries_per_second: {min(moved, recorded):.0f} 1/s")


if __name__ == "__main__":
    main()
