"""Print how long it takes to compute a month of a big company from stored punches to stored days, and again.

    python benchmarks/attendance_database.py --people 100000

What `zhiren attendance compute` does, in an embedded PostgreSQL with the settings of production: nine shifts in six
zones, 252 groups, everybody's punches, leave, trips and approved overtime read, days and months written. The first time
everything is new; then nothing has changed; then clocks that were offline have told of one more punch each on 4 % of
the days, and the days so marked are computed (`--marked`). Processor time is of our processes, starting them included,
and of the whole database server. Beside it, in the same run, what most programs do, on some of the people: a query for
each fact of each day, and a row written for it.
Data: made up, from one seed.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from _attendance import DAYS, FIRST, PEOPLE_AT_ONCE, SEED, ZONES, shifts, some_people
from _common import copy, execute, fresh_database, machine, say
from _common import load as load_average

LONG_AGO = date(2025, 1, 1)
QUERIED, CHECKED = 10, 50
NOW = datetime(2026, 4, 20, tzinfo=UTC)
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Load the company, compute its month three times, and hold a loop over days against it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--at-once", type=int, help="people computed at a time")
    parser.add_argument("--keep", type=Path, help="where the database stays for the next run")
    given = parser.parse_args()
    with fresh_database(given.keep) as server:
        from zhiren.attendance.models import Punch

        say(machine())
        if not Punch.objects.exists():
            load(given.people)
        execute("TRUNCATE attendance_dayrecord, attendance_monthrecord, attendance_computerun")
        compute("compiled and imported", server, given, to_warm=True)
        execute("TRUNCATE attendance_dayrecord, attendance_monthrecord, attendance_computerun")
        first = compute("first time", server, given)
        execute("VACUUM ANALYZE attendance_dayrecord", "VACUUM ANALYZE attendance_monthrecord")
        compute("nothing changed", server, given)
        tell_more()
        again = compute("4 % changed", server, given, marked=True)
        check()
        slow = query_by_query(server)
        say(f"a query for each fact: {slow / first['cpu per day']:.0f} times the processor time, by the day")
        say(machine())
        say(f"attendance_database_again: {again['wall']:.1f} s")
        say(f"attendance_database: {first['wall']:.1f} s")


def cpu_of_us() -> float:
    """Return the processor time so far of this process and of those that it started and that ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def cpu_of_server(server: Any) -> float:
    """Return the processor time so far of the whole database server, of connections that ended, too."""
    used = 0.0
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                fields = (each / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(each.name) == server.pid:
                used += sum(map(int, fields[11:15])) / _TICKS
            elif int(fields[1]) == server.pid:
                used += sum(map(int, fields[11:13])) / _TICKS
    return used


def compute(what: str, server: Any, given: Any, *, to_warm: bool = False, marked: bool = False) -> dict[str, float]:
    """Compute the month once, as the command does, or only what is marked, and print what it took."""
    from django.db import connection

    from zhiren.attendance import runs
    from zhiren.plumbing import clock

    connection.close()
    wall, ours, theirs = time.perf_counter(), cpu_of_us(), cpu_of_server(server)
    size = {"people_at_once": given.at_once} if given.at_once else {}
    for run in runs.compute(now=clock.now, month=FIRST, workers=given.workers, marked=marked, **size):
        if to_warm and run.done:
            break
    wall, ours, theirs = time.perf_counter() - wall, cpu_of_us() - ours, cpu_of_server(server) - theirs
    if not to_warm:
        say(
            f"{what}: {run.days} days of {run.done} people, {run.written} written: wall {wall:.2f} s, processor "
            f"{ours:.2f} s ours, {theirs:.2f} s of the server, {run.days / wall:.0f} days/s; load {load_average()}"
        )
    return {"wall": wall, "cpu per day": (ours + theirs) / run.days}


def load(count: int) -> None:
    """Store a company of so many people and a month of theirs."""
    from zhiren.attendance.models import Request
    from zhiren.leave.models import Leave, LeaveDay
    from zhiren.people.models import Employment, Person
    from zhiren.rostering.models import Membership

    began = time.perf_counter()
    entity, department, groups = company()
    types = leave_types()
    execute("CREATE UNLOGGED TABLE staged (employment_id uuid, at timestamptz)")
    for first in range(0, count, PEOPLE_AT_ONCE):
        import numpy as np

        rng = np.random.default_rng((SEED, first))
        last = min(first + PEOPLE_AT_ONCE, count)
        made = some_people(rng, first, last)
        people = [Person(name=f"员工{number:06d}", created_at=NOW) for number in range(first, last)]
        copy(Person, people)
        rows = [
            Employment(
                person_id=person.pk, entity_id=entity.pk, department_id=department.pk, number=f"S{first + number:06d}",
                badge=str(100_000 + first + number), from_on=LONG_AGO, created_at=NOW,
            )
            for number, person in enumerate(people)
        ]  # fmt: skip
        copy(Employment, rows)
        ids = [row.pk for row in rows]
        ways = zip(*(column.tolist() for column in made["ways"]), strict=True)
        copy(
            Membership,
            (
                Membership(employment_id=one, group_id=groups[way], from_on=LONG_AGO)
                for one, way in zip(ids, ways, strict=True)
            ),
        )
        stage(ids, made["punches"], first)
        spans = list(zip(*(column.tolist() for column in made["absences"]), strict=True))
        leaves, days = [], []
        for employee, start, end, kind in spans:
            if kind < 3:
                span = {"from_on": moment(start).date(), "to_on": moment(end).date(), "minutes": 480}
                leaves.append(
                    Leave(
                        employment_id=ids[employee - first], type_id=types[kind], state="approved", requested_at=NOW,
                        **span,
                    )
                )  # fmt: skip
                days.append(
                    LeaveDay(
                        leave_id=leaves[-1].pk, employment_id=ids[employee - first], day=span["from_on"], part="hours",
                        minutes=480, starts_at=moment(start), ends_at=moment(end),
                    )
                )  # fmt: skip
        copy(Leave, leaves)
        copy(LeaveDay, days)
        trips = [(employee, start, end) for employee, start, end, kind in spans if kind == 3]
        copy(Request, (request(ids[employee - first], "trip", start, end) for employee, start, end in trips))
        extra = zip(*(column.tolist() for column in made["overtimes"]), strict=True)
        copy(Request, (request(ids[employee - first], "overtime", start, end) for employee, start, end in extra))
    unstage()
    say(f"loaded {count} people in {time.perf_counter() - began:.0f} s")


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def request(employment_id: Any, kind: str, start: int, end: int) -> Any:
    from zhiren.attendance.models import Request

    return Request(
        employment_id=employment_id, kind=kind, state="approved", on=moment(start).date(), starts_at=moment(start),
        ends_at=moment(end), zone="UTC", asked_at=NOW, settled_at=NOW,
    )  # fmt: skip


def company() -> tuple[Any, Any, dict[tuple[Any, ...], Any]]:
    """Make the company with its shifts and groups; return which group works in which way."""
    from zhiren.org.models import Company, Department, Entity
    from zhiren.rostering.models import Group, GroupVersion, Shift, ShiftVersion

    Company.objects.create(name="云杉（测速）")
    entity = Entity.objects.create(name="云杉（测速）有限公司")
    department = Department.objects.create(entity=entity, name="门店")
    names = []
    for number, one in enumerate(shifts()):
        shift = Shift.objects.create(name=f"班次{number}")
        ShiftVersion.objects.create(shift=shift, number=1, valid_from=LONG_AGO, definition=one.to_json(), made_at=NOW)
        names.append(str(shift.pk))
    groups = {}
    for zone in range(len(ZONES)):
        ways: list[tuple[int, int, bool]] = [(pattern, -1, False) for pattern in (0, 1, 2, 3, 4, 8)]
        ways += [(pattern, begins, False) for pattern in (5, 6, 7) for begins in range(6)]
        ways += [(5, begins, True) for begins in range(18)]
        for pattern, begins, changing in ways:
            if begins < 0:
                turn, since = [names[pattern]] * 5 + ["", ""], date(2025, 1, 6)
            else:
                phases = [(begins + number) % 18 for number in range(18)]
                turn = ["" if phase % 6 >= 4 else names[5 + phase // 6 if changing else pattern] for phase in phases]
                since = FIRST - 18 * timedelta(days=20)
            group = Group.objects.create(entity=entity, name=f"组{zone}-{pattern}-{begins}-{changing}")
            GroupVersion.objects.create(
                group=group, number=1, valid_from=LONG_AGO, zone=ZONES[zone], pattern=turn, pattern_from=since,
                follows_holidays=False, made_at=NOW,
            )  # fmt: skip
            groups[zone, pattern, begins, changing] = group.pk
    return entity, department, groups


def leave_types() -> dict[int, Any]:
    """Make a paid and an unpaid type of leave."""
    from zhiren.leave.models import LeaveType

    return {
        kind: LeaveType.objects.create(code=f"bench-{kind}", name=f"假{kind}", is_paid=kind == 1).pk for kind in (1, 2)
    }


def stage(ids: Sequence[Any], punches: Sequence[Any], first: int) -> None:
    """Bring punches in as columns."""
    from zhiren.attendance import binary

    columns = {"employment_id": binary.ids_of(ids)[punches[0] - first], "at": punches[1]}
    binary.copy_in("staged", {"employment_id": "uuid", "at": "timestamptz"}, columns, -1)


def unstage() -> None:
    """Make punches of what was brought in, in the order of time, as they would have come."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype IN ('u', 'f') "
            "AND conrelid = 'attendance_punch'::regclass"
        )
        constraints = cursor.fetchall()
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'attendance_punch' "
            "AND indexname <> ALL(%s) AND indexname NOT LIKE '%%_pkey'",
            [[name for name, _how in constraints]],
        )
        indexes = cursor.fetchall()
    execute(
        *(f'ALTER TABLE attendance_punch DROP CONSTRAINT "{name}"' for name, _how in constraints),
        *(f'DROP INDEX "{name}"' for name, _how in indexes),
        "INSERT INTO attendance_punch (id, key, employment_id, badge, at, zone, source, received_at, details) "
        "SELECT uuidv7(), 'BENCH:' || row_number() OVER (ORDER BY at), employment_id, '100001', at, 'Asia/Shanghai', "
        "'device', at, '{}' FROM staged ORDER BY at",
        "DROP TABLE staged",
        *(f'ALTER TABLE attendance_punch ADD CONSTRAINT "{name}" {how}' for name, how in constraints),
        *(how for _name, how in indexes),
        "VACUUM ANALYZE",
    )


def tell_more() -> None:
    """Let clocks that were offline tell of a punch before the first one of 4 % of the days: days marked, as they do."""
    execute(
        'CREATE TEMP TABLE told AS SELECT employment_id, "on", first_in FROM attendance_dayrecord '
        "WHERE first_in IS NOT NULL AND random() < 0.055",
        "INSERT INTO attendance_punch (id, key, employment_id, badge, at, zone, source, received_at, details) "
        "SELECT uuidv7(), 'LATE:' || clock_timestamp() || row_number() OVER (), employment_id, '', "
        "first_in - interval '3 minutes', 'Asia/Shanghai', 'device', first_in, '{}' FROM told",
        'INSERT INTO attendance_dirty (employment_id, "on", noted_at) SELECT employment_id, "on", now() FROM told',
        "DROP TABLE told",
    )


def check() -> None:
    """Compute the days of some people one by one: nothing may differ."""
    from zhiren.attendance import computing
    from zhiren.people.models import Employment

    ids = Employment.objects.order_by("?").values_list("pk", flat=True)[:CHECKED]
    keys = [(one, FIRST + timedelta(days=number)) for one in ids for number in range(DAYS)]
    found = computing.compute(at=datetime.now(UTC), keys=keys)
    say(f"checked: {found.days} days computed one by one, {found.written} differ")
    assert found.written == 0


def query_by_query(server: Any) -> float:
    """Do what most programs do, on some people; return the processor time a day takes, the server's included."""
    from zhiren.attendance import known, rules
    from zhiren.attendance.models import TOTALS, DayRecord, Punch, Request
    from zhiren.leave import queries as leave
    from zhiren.people.models import Employment
    from zhiren.rostering import queries as rostering

    day = timedelta(days=1)
    people = list(Employment.objects.order_by("pk")[:QUERIED])
    before = cpu_of_us() + cpu_of_server(server)
    wall = time.perf_counter()
    for one in people:
        for number in range(DAYS):
            on = FIRST + day * number
            near = rostering.roster([one.pk], on - day, on + day)[one.pk]
            beside = [planned.plan if (planned := near.get(on + day * step)) else None for step in (-1, 0, 1)]
            low, high = rules.reach(*beside)
            since, until = moment(low), moment(high)
            punches = Punch.objects.filter(employment_id=one.pk, at__range=(since, until)).order_by("at")
            away = [
                (begins, ends, 1 if is_paid else 2)
                for begins, ends, is_paid in leave.approved_between([one.pk], since, until).get(one.pk, ())
            ]
            asked = Request.objects.filter(
                employment_id=one.pk, state="approved", starts_at__lt=until, ends_at__gt=since
            )
            spans = [(row.kind, int(row.starts_at.timestamp()), int(row.ends_at.timestamp())) for row in asked]
            found = rules.day(
                *beside,
                [int(row.at.timestamp()) for row in punches],
                known.disjoint([*away, *((start, end, 3) for kind, start, end in spans if kind != "overtime")]),
                [(start, end) for kind, start, end in sorted(spans) if kind == "overtime"],
            )
            values = {name: getattr(found, name) for name in (*TOTALS, "flags", "n_punches", "n_kept")}
            DayRecord.objects.update_or_create(employment_id=one.pk, on=on, defaults=values)
    used = cpu_of_us() + cpu_of_server(server) - before
    days = len(people) * DAYS
    wall = time.perf_counter() - wall
    say(f"a query for each fact: {days} days in {wall:.2f} s, processor {used / days * 1000:.2f} ms a day")
    return used / days


if __name__ == "__main__":
    main()
