"""Whether the rules of attendance come to the same, cell by cell, however they are run.

On made-up people as nasty as the rules allow (`tests/attendance/worlds.py`): over both changes of the clock in six
zones, with all kinds of plans. Compared are all columns of the day records: interpreted and compiled (where numba is
installed) on everybody, day by day as after a single punch on some, and on these also the slow reference that was
written from the text of the rules and not from the kernel (`tests/attendance/reference.py`).

    python benchmarks/attendance_exact.py [--days 1000000] [--every 40] [--seed 1]

`--every` names the share of people whose days the reference reads, too: one in so many.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from _common import machine, say

from tests.attendance.comparing import computed, differences, frames_of, readings, row_of
from tests.attendance.reference import FLAG
from tests.attendance.worlds import PersonMonth, random_person
from zhiren.attendance import bulk
from zhiren.rostering.plans import Kind

MONTH, AT_ONCE = 31, 1_000
_SHOWN = 10


def person_of(rng: random.Random) -> PersonMonth:
    """Return somebody for a month; of one in four some dates have no plan."""
    person = random_person(rng, MONTH)
    if rng.random() < 0.25:
        person = replace(person, plans=[plan for plan in person.plans if rng.random() < 0.8] or person.plans)
    return person


def crowds(days: int, seed: int) -> Iterator[list[PersonMonth]]:
    """Yield people, some at a time, until they have so many days."""
    rng = random.Random(seed)
    made = 0
    while made < days:
        crowd = [person_of(rng) for _number in range(min(AT_ONCE, (days - made) // 28 + 1))]
        made += sum(len(person.plans) for person in crowd)
        yield crowd


def differing(one: bulk.Days, other: bulk.Days) -> int:
    """Return on how many days two computations differ in any column."""
    pairs = zip(one.columns().values(), other.columns().values(), strict=True)
    return int(np.logical_or.reduce([first != second for first, second in pairs]).sum())


def main() -> None:
    """Make people, compute their days in each way, and count where they differ."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=1_000_000)
    parser.add_argument("--every", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    say(machine(with_database=False))
    if not bulk.is_compiled():
        say("numba is not installed: nothing compiled is compared")
    counts: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    flags: Counter[str] = Counter()
    for crowd in crowds(given.days, given.seed):
        frames = frames_of(crowd)
        kinds.update(Kind(plan.kind).name.lower() for plan in frames.plans)
        began = time.process_time()
        interpreted = bulk.compute(frames, compiled=False)
        counts["interpreted ms"] += round(1000 * (time.process_time() - began))
        counts["days"] += len(interpreted)
        counts["punches"] += sum(len(person.punches) for person in crowd)
        if bulk.is_compiled():
            counts["compiled differ"] += differing(bulk.compute(frames), interpreted)
        flags.update({name: int((interpreted.flags & bit != 0).sum()) for name, bit in FLAG.items()})
        first = 0
        for who, person in enumerate(crowd):
            if who % given.every == 0:
                compare_slowly(person, interpreted, first, counts)
            first += len(person.plans)
        if counts["days"] // 100_000 > (counts["days"] - len(interpreted)) // 100_000:
            say(f"  {counts['days']} days, {counts['compiled differ'] + counts['reference differ']} differences so far")
    say(f"{counts['days']} person-days of {counts['punches']} punches; by kind of plan: {dict(kinds)}")
    say(f"days with each flag: {dict(flags)}")
    say(f"interpreted: {counts['interpreted ms'] / 1000:.0f} s of processor time")
    say(f"compiled against interpreted: {counts['compiled differ']} days differ")
    say(f"reference against interpreted, {counts['read slowly']} days: {counts['reference differ']} differ")
    say(f"day by day against all at once, {counts['read slowly']} days: {counts['single differ']} differ")
    wrong = counts["compiled differ"] + counts["reference differ"] + counts["single differ"]
    say(f"attendance_exact_differences: {wrong} days")


def compare_slowly(person: PersonMonth, days: bulk.Days, first: int, counts: Counter[str]) -> None:
    """Read somebody's days by the reference and one by one, and count where they differ from what was computed."""
    for number, expected in readings(person):
        day = row_of(days, first + number)
        counts["read slowly"] += 1
        if found := differences(day, expected):
            counts["reference differ"] += 1
            if counts["reference differ"] <= _SHOWN:
                say(f"  {Kind(person.plans[number].kind).name.lower()} on {person.plans[number].work_date}: {found}")
        counts["single differ"] += day != computed(person, number)


if __name__ == "__main__":
    main()
