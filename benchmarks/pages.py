"""Print how long the pages take at two sizes of company, how often they ask the database, and what an export costs.

    python benchmarks/pages.py --size 1000 --size 100000

A company of each size lies in an embedded PostgreSQL of its own with the settings of production. Every page is asked
for through Django's test client, in one process, as the recruiter who owns most of the candidates: middleware,
queries and template are in the figure, the network is not. Each page is asked for in several variants in turn, such as
other persons or other names. `cpu` is the processor time of our process and of the database's, per request: unlike
p50 and p95 it hardly depends on what else the machine does.
"""

from __future__ import annotations

import argparse
import gc
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from _common import cpu_seconds, fresh_database, load, machine, percentile, say

if TYPE_CHECKING:
    from _company import Company
    from django.test import Client

WARM_UPS, REQUESTS = 5, 60
GOAL_MS, GOAL_QUERIES, GOAL_EXPORT_SECONDS = 60, 12, 3
# A frequent name, rarer ones, two characters in the middle of a name, a rare surname, and one that nobody has.
NAMES = ("王伟", "李娜", "明远", "欧阳", "司徒", "龘龘")


@dataclass(frozen=True)
class Figure:
    """What one page cost."""

    p50: float
    p95: float
    cpu: float
    queries: int


def pages_of(company: Company) -> dict[str, list[tuple[str, bool]]]:
    """Return the variants of each page: the address, and whether htmx asks for it as a part."""
    from django.test import Client
    from django.urls import reverse

    big = reverse("recruiting:opening", args=[company.big.pk])
    table = reverse("recruiting:opening_table", args=[company.big.pk])
    candidates = reverse("recruiting:candidates")
    persons = company.with_resume[:: max(len(company.with_resume) // 20, 1)][:20]
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(company.recruiter)
    board = client.get(big).content.decode()
    more = [found.replace("&amp;", "&") for found in re.findall(r'hx-get="([^"]*/stages/[^"]*after=[^"]*)"', board)]
    return {
        "today": [(reverse("today:today"), False)],
        "today: numbers": [(reverse("today:numbers"), True)],
        "today: day": [(reverse("today:day"), True)],
        "board": [(big, False)],
        "board: more cards": [(address, True) for address in more],
        "table": [(table, False)],
        "table: degree": [(f"{table}?degree={degree}", False) for degree in ("bachelor", "doctor")],
        "table: name": [(f"{table}?q={name}", False) for name in NAMES],
        "candidates": [(candidates, False)],
        "candidates: degree": [(f"{candidates}?degree={degree}", False) for degree in ("bachelor", "doctor")],
        "candidates: name": [(f"{candidates}?q={name}", False) for name in NAMES],
        "openings": [(reverse("recruiting:openings"), False)],
        "interviews": [(reverse("interviews:interviews"), False)],
        "person": [(reverse("people:person", args=[one]), False) for one in persons],
        "person: timeline": [(reverse("people:timeline", args=[one]), True) for one in persons],
        "person: jobs": [(reverse("recruiting:of_person", args=[one]), True) for one in persons],
        "person: messages": [(reverse("conversation:of_person", args=[one]), True) for one in persons],
        "search: name": [(f"{reverse('palette')}?q={name}", True) for name in NAMES],
    }


def measure(client: Client, variants: list[tuple[str, bool]], database: int) -> Figure:
    """Ask for a page in its variants in turn."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    if not variants:
        return Figure(0, 0, 0, 0)
    queries = 0
    for address, part in variants:
        with CaptureQueriesContext(connection) as captured:
            fetch(client, address, part=part)
        queries = max(queries, len(captured))
    for number in range(WARM_UPS):
        fetch(client, *variants[number % len(variants)][:1], part=variants[number % len(variants)][1])
    seconds = []
    before = cpu_seconds(database)
    for number in range(REQUESTS):
        address, part = variants[number % len(variants)]
        began = time.perf_counter()
        fetch(client, address, part=part)
        seconds.append(time.perf_counter() - began)
    cpu = (cpu_seconds(database) - before) / REQUESTS * 1000
    return Figure(percentile(seconds, 0.5), percentile(seconds, 0.95), cpu, queries)


def settle() -> None:
    """Let the collector of garbage pass over what loading left in memory, as the web server does after its start."""
    gc.collect()
    gc.freeze()


def fetch(client: Client, address: str, *, part: bool) -> None:
    """Ask for a page, whole or as htmx asks for a part."""
    headers: dict[str, Any] = {"HX-Request": "true"} if part else {}
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"


def export(client: Client, company: Company) -> tuple[float, float, int]:
    """Return how many seconds and how many MiB an export of the second opening takes, and how many rows it has."""
    from django.urls import reverse

    from zhiren.recruiting.models import Application

    count = Application.objects.filter(opening=company.second).count()
    before = reset_peak()
    began = time.perf_counter()
    answer = client.get(f"{reverse('recruiting:export')}?opening={company.second.pk}&state=all")
    for _chunk in answer.streaming_content:
        pass
    seconds = time.perf_counter() - began
    answer.close()
    return seconds, memory("VmHWM") - before, count


def reset_peak() -> float:
    """Forget the largest size our process has had; return the size it has, in MiB. Linux only."""
    clear = Path("/proc/self/clear_refs")
    if clear.exists():
        clear.write_text("5")
    return memory("VmRSS")


def memory(what: str) -> float:
    """Return a figure of our process's memory in MiB, 0 where there is none."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    found = re.search(rf"{what}:\s+(\d+) kB", status.read_text())
    return int(found.group(1)) / 1024 if found else 0


def main() -> None:
    """Measure."""
    arguments = argparse.ArgumentParser(description="How long pages take, by size of company.")
    arguments.add_argument("--size", type=int, action="append", help="number of candidates; may be given twice")
    arguments.add_argument("--page", help="measure only pages whose name begins so")
    options = arguments.parse_args()
    sizes = sorted(options.size or [1000, 100_000])
    figures: dict[int, dict[str, Figure]] = {}
    with fresh_database():
        from _company import Company
        from django.db import connection
        from django.test import Client

        from zhiren.timeline.models import EventRow

        say(machine())
        company = Company(datetime.now(UTC))
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(company.recruiter)
        for size in sizes:
            began = time.perf_counter()
            company.grow(size)
            say(
                f"{size} candidates, {EventRow.objects.count()} events loaded in {time.perf_counter() - began:.0f} s; "
                f"load average {load()}"
            )
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                database = cursor.fetchone()[0]
            say(f"{'size':>7} {'page':20} {'p50 ms':>8} {'p95 ms':>8} {'cpu ms':>8} {'queries':>8} {'p50 ratio':>10}")
            figures[size] = {}
            settle()
            for page, variants in pages_of(company).items():
                if options.page and not page.startswith(options.page):
                    continue
                found = figures[size][page] = measure(client, variants, database)
                first = figures[sizes[0]][page]
                ratio = f"{found.p50 / first.p50:.1f}" if size != sizes[0] and first.p50 else ""
                grown = " more queries" if found.queries != first.queries else ""
                missed = " misses the goal" if found.p95 > GOAL_MS or found.queries > GOAL_QUERIES else ""
                say(
                    f"{size:7} {page:20} {found.p50:8.1f} {found.p95:8.1f} {found.cpu:8.1f} {found.queries:8}"
                    f" {ratio:>10}{missed}{grown}"
                )
            seconds, mebibytes, count = export(client, company)
            say(f"{size:7} export of {count} candidates to XLSX: {seconds:.2f} s, {mebibytes:.1f} MiB more memory")
        say(f"load average at the end: {load()}")
    largest = figures[sizes[-1]]
    worst = max(largest, key=lambda page: largest[page].p95)
    say(
        f"goals: p95 <= {GOAL_MS} ms, <= {GOAL_QUERIES} queries, as many at each size; export < {GOAL_EXPORT_SECONDS} s"
    )
    say(f"worst page: {worst}")
    say(f"pages_p95_at_{sizes[-1]}: {largest[worst].p95:.1f} ms")


if __name__ == "__main__":
    main()
