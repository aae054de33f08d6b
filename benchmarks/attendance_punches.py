"""Whether every line of the logs of real time clocks becomes a punch or a rejected line, and what in them is strange.

Two countings that share nothing: the program's own reader of files, and a count of the lines by their form alone. The
punches must be the same ones, each on its line: none lost, none invented. Then the days of everybody are computed under
three plans (eight to five, with lunch punched, and free hours) by the rules and by the reference of the rules.

    python benchmarks/attendance_punches.py --data FOLDER

`FOLDER` holds logs as clocks write them (`.dat`, `.txt`, `.csv`, `.xls`, `.xlsx`, also with `.gz`). A `.dat` is counted
a second time; of other files the accounting of lines is printed.
"""

from __future__ import annotations

import argparse
import gzip
import re
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from _common import machine, say

from tests.attendance.comparing import computed, differences, readings
from tests.attendance.worlds import PersonMonth
from zhiren.attendance import files
from zhiren.attendance.files import Reading
from zhiren.attendance.oddities import oddities_of
from zhiren.rostering.plans import Kind, Policy, Shift, ShiftSegment, off_day, resolve

_LINE = re.compile(rb"^\s*(\S+)\t(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(\t\S*)*\s*$")
_KINDS = {".dat", ".txt", ".csv", ".xls", ".xlsx"}
_SHOWN = 5
POLICY = Policy(
    dup=120, grace_in=300, serious_after=1800, late_absent_after=7200, ot_mode=1, ot_min=1800, ot_round=900, pairing=1
)
SHIFTS = (
    Shift(kind=Kind.FIXED, segments=(ShiftSegment(start=480, end=1020, breaks=((720, 780),)),), policy=POLICY),
    Shift(
        kind=Kind.FIXED, segments=(ShiftSegment(start=480, end=720), ShiftSegment(start=780, end=1020)), policy=POLICY
    ),
    Shift(kind=Kind.FREE, target=8 * 3600, day_start=240, policy=POLICY),
)


def main() -> None:
    """Read every log, count it a second time, and tell what is strange."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--now", default="", help="wall time that counts as now, such as 2026-03-31T12:00; else the last"
    )
    parser.add_argument("--zone", default="Asia/Manila")
    given = parser.parse_args()
    paths = [path for path in sorted(given.data.iterdir()) if Path(path.name.removesuffix(".gz")).suffix in _KINDS]
    say(machine(with_database=False))
    lines = wrong = differing = 0
    for path in paths:
        raw = path.read_bytes()
        data = gzip.decompress(raw) if path.suffix == ".gz" else raw
        seen, mistakes, unlike = look_at(path.name, data, given.now, given.zone)
        lines += seen
        wrong += mistakes
        differing += unlike
    say(f"{len(paths)} files, {lines} lines that hold something, {wrong} lost or invented, {differing} days differ")
    say(f"attendance_punches_wrong: {wrong} lines")


def look_at(name: str, data: bytes, now: str, zone: str) -> tuple[int, int, int]:
    """Read one log; return how many lines hold something, how many were lost or invented, how many days differ."""
    began = time.process_time()
    tables = files.tables_of(data, name=name)
    mapping = files.guess(tables, zone=zone)
    if doubts := files.doubts(tables[mapping.sheet], mapping):
        say(f"{name}: must be asked about: {', '.join(doubts)}")
        return 0, 0, 0
    table, reading = tables[mapping.sheet], files.read(tables, mapping)
    took = time.process_time() - began
    why = Counter(each.why.value for each in reading.rejected)
    unaccounted = len(reading.unaccounted(table))
    say(
        f"{name}: {len(table.rows)} lines ({table.encoding or 'workbook'}, {mapping.layout}), {len(reading.punches)} "
        f"punches of {len({punch.badge for punch in reading.punches})} badges, rejected {dict(why)}, "
        f"{len(reading.headings)} headings, {unaccounted} unaccounted for; {took:.2f} s of processor time"
    )
    wrong = unaccounted + second_count(data, reading) if name.removesuffix(".gz").endswith(".dat") else unaccounted
    last = max((punch.at for punch in reading.punches), default=datetime.min)  # noqa: DTZ901  # a wall time
    found = oddities_of(reading.punches, now=datetime.fromisoformat(now) if now else last)
    say(
        f"  strange: {len(found.doubles)} times on several lines, {len(found.near)} second punches within a minute, "
        f"{len(found.future)} in the future, {len(found.far_back)} ten years back, {len(found.names)} badges with two "
        f"names, {len(found.jumps)} steps back of the clock, {len(found.quiet)} stretches without any punch"
    )
    for double in found.doubles[:_SHOWN]:
        say(f"    badge {double.badge} at {double.at} on the lines {', '.join(map(str, double.lines))}")
    for jump in found.jumps[:_SHOWN]:
        say(f"    line {jump.line}: from {jump.before} back to {jump.after}")
    for first, end in sorted(found.quiet, key=lambda each: each[0] - each[1])[:_SHOWN]:
        say(f"    nobody from {first} to {end}")
    return len(table.rows), wrong, compare_days(reading, zone)


def compare_days(reading: Reading, zone: str) -> int:
    """Return on how many days the rules and their reference differ, under one of three plans for each badge."""
    days = seen = differ = 0
    for number, badge in enumerate(sorted({punch.badge for punch in reading.punches})):
        walls = sorted(punch.at for punch in reading.punches if punch.badge == badge)
        person = person_of(walls, SHIFTS[number % len(SHIFTS)], zone)
        for at, expected in readings(person):
            days += 1
            seen += expected.n_punches
            differ += bool(differences(computed(person, at), expected))
    say(f"  days: {days}, which own {seen} of {len(reading.punches)} punches; the reference differs on {differ}")
    return differ


def person_of(walls: Sequence[datetime], shift: Shift, zone: str) -> PersonMonth:
    """Return somebody with these punches and a plan for every date around them, off at weekends."""
    first, last = walls[0].date() - timedelta(days=1), walls[-1].date() + timedelta(days=1)
    dates = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    plans = []
    for on in dates:
        today, tomorrow = (int((on + timedelta(days=ahead)).weekday() >= 5) for ahead in (0, 1))
        classes = {"day_class": today, "next_class": tomorrow}
        planned = off_day(on=on, zone=zone, policy=POLICY, **classes) if today else None
        plans.append(planned or resolve(shift, on=on, zone=zone, **classes))
    offsets = [wall.replace(tzinfo=ZoneInfo(zone)) for wall in walls]
    return PersonMonth(plans, sorted(int(each.timestamp()) for each in offsets), [], [])


def second_count(data: bytes, reading: Reading) -> int:
    """Return how many lines of an attlog.dat differ from what was read of them."""
    expected = {}
    for number, line in enumerate(data.splitlines(), 1):
        if match := _LINE.match(line):
            expected[number] = (
                match[1].decode(),
                "{}-{}-{} {}:{}:{}".format(*(part.decode() for part in match.groups()[1:7])),
            )
    read = {punch.line: (punch.badge, punch.at.isoformat(" ")) for punch in reading.punches}
    differing = [number for number in expected.keys() | read.keys() if expected.get(number) != read.get(number)]
    say(f"  counted a second time by form alone: {len(expected)} lines, {len(differing)} differ")
    return len(differing)


if __name__ == "__main__":
    main()
