"""Print how long the rules need for one dirty day, as they stand and compiled, and for its proof.

    python benchmarks/attendance_day.py --people 60

The days are those of made-up people with the nastiest shifts there are (`tests/attendance/worlds.py`), with a month of
their punches in memory. Each day is computed five times and the least counts, so that a busy machine disturbs less.
Without numba only the rules as they stand are measured.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterable
from typing import Any

from _common import machine, percentile, say

DAYS = 31
TIMES = 5


def least(function: Callable[[], object]) -> float:
    """Return the least time, in seconds, that a call takes."""
    best = float("inf")
    for _time in range(TIMES):
        began = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - began)
    return best


def tell(what: str, seconds: Iterable[float]) -> float:
    """Print the usual and the slow; return the latter in milliseconds."""
    found = list(seconds)
    slow = percentile(found, 0.95)
    say(f"{what}: {len(found)} days, p50 {percentile(found, 0.5):.4f} ms, p95 {slow:.4f} ms")
    return slow


def compiled_day(facts: tuple[Any, ...]) -> Callable[[], object] | None:
    """Return the compiled rules with everything they need of one day in arrays; None without numba."""
    import numpy as np

    from zhiren.attendance import bulk, rules

    kernel = bulk.kernel()
    if kernel is None:
        return None
    previous, plan, following, punches, absences, overtimes = facts
    rows = [rules.row_of(each) for each in (previous or plan, plan, following or plan)]
    p, ts, taken, approved = (np.array(each, np.int64).reshape(-1) for each in (rows, punches, absences, overtimes))
    out, buf, ab, ov = (
        np.zeros(size, np.int64) for size in (rules.OUT_SIZE, len(ts) + 4, len(taken) + 1, len(approved) + 1)
    )
    size, one_day = rules.P_SIZE, kernel["one_day"]
    before, after = 0 if previous else -1, 2 * size if following else -1
    given = (p, before, size, after, ts, 0, 0, len(ts), taken, 0, len(absences), approved, 0, len(overtimes))
    return lambda: one_day(*given, out, buf, ab, ov)


def main() -> None:
    """Measure the days of some people."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=60)
    given = parser.parse_args()
    from tests.attendance.comparing import beside
    from tests.attendance.worlds import random_person
    from zhiren.attendance import proofs, rules

    say(machine(with_database=False))
    people = [random_person(random.Random(seed), DAYS) for seed in range(given.people)]
    days = [
        (*beside(person, number), person.punches, person.absences, person.overtimes)
        for person in people
        for number in range(DAYS)
    ]
    slow = tell("as they stand", (least(lambda facts=facts: rules.day(*facts)) for facts in days))  # type: ignore[misc]  # the default binds the loop's value
    tell("with its proof", (least(lambda facts=facts: proofs.explain(*facts)) for facts in days))  # type: ignore[misc]  # as above
    calls = [compiled_day(facts) for facts in days]
    fast = tell("compiled", (least(call) for call in calls if call)) if calls[0] else None
    say(machine(with_database=False))
    if fast is not None:
        say(f"attendance_day_compiled_p95: {fast:.4f} ms")
    say(f"attendance_day_p95: {slow:.3f} ms")


if __name__ == "__main__":
    main()
