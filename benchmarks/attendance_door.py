"""Print how fast a punch becomes a day and a month, what a burst of clocks costs, and how fast a big team's month is.

    python benchmarks/attendance_door.py --people 2000

In an embedded PostgreSQL with the settings of production. First single punches go through the door for clocks of this
process, each answered once day and month are stored. Then the month of the whole team is drawn, signed in, with all
middleware and the template. Last a web server of its own takes a burst: 50 clocks in threads of their own tell of
punches for a minute over loopback, one in five of them twice; afterwards every punch is counted. Data: made up, from
one seed.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from _common import cpu_seconds, fresh_database, load, machine, percentile, say

SEED = 20261130
DEVICES = 50
DAY = timedelta(days=1)


def main() -> None:
    """Run it."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--people", type=int, default=2000)
    options.add_argument("--single", type=int, default=400, help="single punches that are timed")
    options.add_argument("--burst", type=int, default=5000, help="punches of the burst")
    options.add_argument("--seconds", type=float, default=60, help="how long the burst lasts")
    given = options.parse_args()
    say(__doc__.split("\n", 1)[0])
    with fresh_database():
        say(f"machine: {machine()}, load {load()}")
        badges, boss = team(given.people)
        say(f"{given.people} people of one group, with their days of a month")
        single(badges, given.single)
        month(boss)
        burst(badges, given.burst, given.seconds)


def team(count: int) -> tuple[list[str], Any]:
    """Make a team of one department, from nine to six, with four weeks of days; return badges and boss."""
    from zhiren.access.models import RoleGrant, User
    from zhiren.attendance import services
    from zhiren.kernel.actors import Actor
    from zhiren.org.models import Branch, Company, Department, Entity
    from zhiren.people.models import Employment, Person
    from zhiren.rostering import services as rostering
    from zhiren.rostering.models import Membership

    system, now = Actor.system("benchmark"), datetime.now(UTC)
    Company.objects.create(name="云杉（测速）")
    entity = Entity.objects.create(name="云杉（测速）有限公司")
    branch = Branch.objects.create(entity=entity, name="上海", zone="Asia/Shanghai")
    department = Department.objects.create(entity=entity, name="门店")
    boss = User(email="boss@yunshan.example", name="店长", created_at=now)
    boss.set_unusable_password()
    boss.save()
    RoleGrant.objects.create(user=boss, role="hr_manager", scope="all")
    people = Person.objects.bulk_create(
        [Person(name=f"员工{number:05d}", created_at=now) for number in range(count)], batch_size=1000
    )
    rows = Employment.objects.bulk_create(
        [
            Employment(
                person=person, entity=entity, department=department, branch=branch, number=f"S{number:05d}",
                badge=str(10_000 + number), from_on=date(2025, 1, 1), created_at=now,
            )
            for number, person in enumerate(people)
        ],
        batch_size=1000,
    )  # fmt: skip
    shift = rostering.publish_shift(
        actor=system, at=now, name="白班", valid_from=date(2025, 1, 1),
        definition={"kind": 1, "segments": [{"start": 540, "end": 1080}], "policy": {"dup": 120}},
    ).shift  # fmt: skip
    group = rostering.publish_group(
        actor=system, at=now, entity_id=entity.pk, name="门店", valid_from=date(2025, 1, 1),
        way=rostering.Way([shift.pk] * 7, date(2025, 1, 6), zone="Asia/Shanghai", follows_holidays=False),
    ).group  # fmt: skip
    Membership.objects.bulk_create(
        [Membership(employment=row, group=group, from_on=date(2025, 1, 1)) for row in rows], batch_size=1000
    )
    for number in range(DEVICES):
        device = services.greet_device(at=now, serial=f"BENCH-{number:02d}")
        services.keep_device(
            actor=system,
            at=now,
            device_id=device.pk,
            name="",
            branch_id=branch.pk,
            zone="Asia/Shanghai",
            state="claimed",
        )
    _past(rows, now)
    return [row.badge for row in rows], boss


def _past(rows: list[Any], now: datetime) -> None:
    """Let everybody have punched on the days before today of the last four weeks."""
    from zhiren.attendance import services

    draw = random.Random(SEED)
    began = time.perf_counter()
    for back in range(28, 0, -1):
        on = (now - DAY * back).date()
        midnight = datetime(on.year, on.month, on.day, tzinfo=UTC)
        punches = [
            services.Incoming(
                key=f"past:{row.badge}:{on}:{end}", at=midnight + timedelta(minutes=end + draw.gauss(-6, 6)),
                zone="Asia/Shanghai", source="file", employment_id=row.pk,
            )
            for row in rows
            for end in (60, 605)
        ]  # fmt: skip
        services.take_punches(at=now, punches=punches)
    while services.compute_dirty(at=now, limit=5000):
        pass
    say(f"their past: {len(rows) * 56} punches stored, computed day by day in {time.perf_counter() - began:.0f} s")


def line_of(badge: str, second: int) -> str:
    """Return what a clock tells of one punch, so many seconds ago."""
    shown = datetime.now(UTC) + timedelta(hours=8) - timedelta(seconds=second)
    return f"{badge}\t{shown:%Y-%m-%d %H:%M:%S}\t0\t1\t0\t0\n"


@contextmanager
def queries_of(connection: Any) -> Iterator[list[Any]]:
    """Give a list that holds, afterwards, what was asked of the database."""
    asked: list[Any] = []

    def note(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def single(badges: list[str], count: int) -> None:
    """Time single punches through the door of this process."""
    from django.db import connection
    from django.test import Client

    client, seconds = Client(HTTP_HOST="127.0.0.1"), []

    def knock(number: int) -> float:
        body = line_of(badges[number % len(badges)], number % 50)
        began = time.perf_counter()
        answer = client.post(
            f"/iclock/cdata?SN=BENCH-{number % DEVICES:02d}&table=ATTLOG&Stamp=1", body, content_type="text/plain"
        )
        assert answer.content.startswith(b"OK"), answer.content
        return time.perf_counter() - began

    for number in range(20):
        knock(number)
    with queries_of(connection) as asked:
        knock(20)
    used = cpu_seconds(connection.connection.info.backend_pid)
    seconds = [knock(number) for number in range(21, 21 + count)]
    used = cpu_seconds(connection.connection.info.backend_pid) - used
    say(
        f"one punch to stored day and month: p50 {percentile(seconds, 0.5):.1f} ms, "
        f"p95 {percentile(seconds, 0.95):.1f} ms, {len(asked)} queries, cpu {used / count * 1000:.1f} ms; load {load()}"
    )
    say(f"attendance_door_p95: {percentile(seconds, 0.95):.1f} ms")


def month(boss: Any) -> None:
    """Time the month of the whole team."""
    from django.db import connection
    from django.test import Client

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(boss)
    client.get("/attendance/month")
    with queries_of(connection) as asked:
        page = client.get("/attendance/month")
    assert page.status_code == 200
    seconds = []
    for _time in range(30):
        began = time.perf_counter()
        client.get("/attendance/month")
        seconds.append(time.perf_counter() - began)
    say(
        f"the month of the team: p50 {percentile(seconds, 0.5):.0f} ms, p95 {percentile(seconds, 0.95):.0f} ms, "
        f"{len(asked)} queries, {len(page.content) // 1024} KiB; load {load()}"
    )
    say(f"attendance_month_p95: {percentile(seconds, 0.95):.0f} ms")


def burst(badges: list[str], count: int, seconds: float) -> None:
    """Have 50 clocks tell of punches for a minute, one in five twice; count what is stored."""
    from zhiren.attendance.models import Punch
    from zhiren.site import launch

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = launch._environment("127.0.0.1", f"http://127.0.0.1:{port}") | {"ZHIREN_DATA": os.environ["ZHIREN_DATA"]}
    web = subprocess.Popen(
        launch._web("127.0.0.1", port, 1), env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        before = Punch.objects.count()
        took: list[float] = []
        threads = [
            threading.Thread(target=_clock, args=(number, port, badges, count // DEVICES, seconds, took))
            for number in range(DEVICES)
        ]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lasted = time.perf_counter() - began
        stored = Punch.objects.count() - before
        say(
            f"burst: {count} punches of {DEVICES} clocks in {lasted:.0f} s ({len(took)} calls, one in five twice): "
            f"{stored} stored, answers p50 {percentile(took, 0.5):.0f} ms, p95 {percentile(took, 0.95):.0f} ms; "
            f"load {load()}"
        )
        assert stored == count, "a punch was lost or doubled"
        say(f"attendance_burst_p95: {percentile(took, 0.95):.0f} ms")
    finally:
        web.terminate()
        web.wait(20)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the web server did not start")


def _clock(number: int, port: int, badges: list[str], count: int, seconds: float, took: list[float]) -> None:
    """Tell of punches evenly over the time, as one clock on one connection."""
    draw, line = random.Random(SEED + number), 0
    began = time.perf_counter()
    for line in range(count):
        pause = began + line * seconds / count - time.perf_counter()
        if pause > 0:
            time.sleep(pause)
        badge = badges[(number * count + line) % len(badges)]
        # Long enough ago to be no punch that was told of before.
        body = line_of(badge, 900 + (number * count + line) // len(badges) * 300 + line % 200)
        for _time in range(2 if draw.random() < 0.2 else 1):
            asked = time.perf_counter()
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("POST", f"/iclock/cdata?SN=BENCH-{number:02d}&table=ATTLOG&Stamp=1", body)
            answer = connection.getresponse()
            assert answer.status == 200, answer.status
            answer.read()
            connection.close()
            took.append(time.perf_counter() - asked)


if __name__ == "__main__":
    main()
