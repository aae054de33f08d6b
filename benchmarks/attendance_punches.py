"""Whether every line of the logs of real time clocks becomes a punch or a rejected line, and what in them is strange.

Two countings that share nothing: the program's own reader of files, and a count of the lines by their form alone. The
punches must be the same ones, each on its line: none lost, none invented.

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
from datetime import datetime
from pathlib import Path

from _common import machine, say

_LINE = re.compile(rb"^\s*(\S+)\t(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(\t\S*)*\s*$")
_KINDS = {".dat", ".txt", ".csv", ".xls", ".xlsx"}
_SHOWN = 5


def main() -> None:
    """Read every log, count it a second time, and tell what is strange."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--now", default="", help="wall time that counts as now, such as 2026-03-31T12:00; else the last"
    )
    given = parser.parse_args()
    paths = [path for path in sorted(given.data.iterdir()) if Path(path.name.removesuffix(".gz")).suffix in _KINDS]
    say(machine(with_database=False))
    lines = wrong = 0
    for path in paths:
        raw = path.read_bytes()
        data = gzip.decompress(raw) if path.suffix == ".gz" else raw
        seen, mistakes = look_at(path.name, data, given.now)
        lines += seen
        wrong += mistakes
    say(f"{len(paths)} files, {lines} lines that hold something, {wrong} lost or invented")
    say(f"attendance_punches_wrong: {wrong} lines")


def look_at(name: str, data: bytes, now: str) -> tuple[int, int]:
    """Read one log; return how many of its lines hold something, and how many were lost or invented."""
    from zhiren.attendance import files
    from zhiren.attendance.oddities import oddities_of

    began = time.process_time()
    tables = files.tables_of(data, name=name)
    mapping = files.guess(tables)
    if doubts := files.doubts(tables[mapping.sheet], mapping):
        say(f"{name}: must be asked about: {', '.join(doubts)}")
        return 0, 0
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
    return len(table.rows), wrong


def second_count(data: bytes, reading: object) -> int:
    """Return how many lines of an attlog.dat differ from what was read of them."""
    expected = {}
    for number, line in enumerate(data.splitlines(), 1):
        if match := _LINE.match(line):
            expected[number] = (
                match[1].decode(),
                "{}-{}-{} {}:{}:{}".format(*(part.decode() for part in match.groups()[1:7])),
            )
    read = {punch.line: (punch.badge, punch.at.isoformat(" ")) for punch in reading.punches}  # type: ignore[attr-defined]  # a Reading
    differing = [number for number in expected.keys() | read.keys() if expected.get(number) != read.get(number)]
    say(f"  counted a second time by form alone: {len(expected)} lines, {len(differing)} differ")
    return len(differing)


if __name__ == "__main__":
    main()
