"""Days of many people at once: columns in, columns out, by the very lines of `rules`, compiled where numba is there.

A frame is whatever gives a column by its name: a dict of arrays, an Arrow table, a Polars frame. Instants are UTC
seconds or timestamps of any unit.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from functools import cache
from types import FunctionType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from zhiren.attendance import rules
from zhiren.rostering.plans import PlanDay

Numbers = NDArray[np.int64]

MINUTES = rules.Day._fields[: rules.D_FLAGS]
_PEOPLE_AT_ONCE = 1024
_ROWS_AT_ONCE = 32_768
# Functions of fewer bytes of Python are put where they are called: a call hands over seven numbers for each sequence.
_SMALL = 500
# Minutes are kept in 16 bits.
_LONGEST_DAY = 20 * 24 * 3600


class Frame(Protocol):
    """Columns by name."""

    def __getitem__(self, name: str, /) -> Any: ...


@dataclass(frozen=True, kw_only=True)
class Frames:
    """What days are computed from, in any order.

    `roster` has the columns `employee` and `plan` (a number into `plans`), one row for each day of each employee;
    `punches` has `employee` and `at`; `absences` `employee`, `start`, `end` and `kind`; `overtimes` `employee`, `start`
    and `end`. One person's absences are disjoint, and so are their approvals.
    """

    plans: Sequence[PlanDay]
    roster: Frame
    punches: Frame
    absences: Frame | None = None
    overtimes: Frame | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Days:
    """One row per planned day, by employee and date; columns as in `rules.Day`, `NEVER` where nobody was seen.

    `stray` counts the punches that lie in no window: of people or dates without a plan, or too far from it.
    """

    employee: NDArray[Any]
    work_date: NDArray[np.int32]
    minutes: NDArray[np.int16]
    flags: NDArray[np.int32]
    first_in: Numbers
    last_out: Numbers
    n_punches: NDArray[np.int16]
    n_kept: NDArray[np.int16]
    stray: int

    def __len__(self) -> int:
        return len(self.employee)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the columns by name: `employee`, `work_date`, and those of `rules.Day`."""
        names = [field.name for field in fields(self) if field.name not in ("minutes", "stray")]
        found = {name: getattr(self, name) for name in names}
        totals = {name: self.minutes[number] for number, name in enumerate(MINUTES)}
        return {"employee": found.pop("employee"), "work_date": found.pop("work_date"), **totals, **found}

    def table(self) -> Any:
        """Return the columns as an Arrow table, null where nobody was seen; needs pyarrow."""
        import pyarrow as pa

        columns: dict[str, Any] = self.columns()
        for name in ("first_in", "last_out"):
            columns[name] = pa.array(columns[name], mask=columns[name] == rules.NEVER)
        return pa.table(columns)


def is_compiled() -> bool:
    """Tell whether the rules can be compiled here: whether numba is installed."""
    return kernel() is not None


def compute(frames: Frames, *, threads: int | None = None, compiled: bool = True) -> Days:
    """Return the days of everybody on the roster; the order of the frames' rows does not matter.

    `threads` are as many as there are processors unless told otherwise. Without numba, or with `compiled` off, the
    rules run as they stand, some eighty times slower, and equal in every cell.

    Raises:
        ValueError: somebody has two plans for a date, or a plan spans weeks.
    """
    rows = _plan_rows(frames.plans)
    employee, plan = _sorted_roster(frames.roster, rows)
    begins = np.flatnonzero(np.concatenate(([True], employee[1:] != employee[:-1]))) if len(employee) else employee
    people = employee[begins]
    ts, punches = _punches(frames.punches, people)
    absences, absent = _spans(frames.absences, people, ("start", "end", "kind"))
    overtimes, approved = _spans(frames.overtimes, people, ("start", "end"))
    count = len(employee)
    minutes = np.empty((len(MINUTES), count), np.int16)
    flags = np.empty(count, np.int32)
    seen = np.empty((2, count), np.int64)
    counts = np.empty((2, count), np.int16)
    columns = (minutes, flags, seen, counts)
    room = (_most(punches) + 4, 3 * _most(absent) + 1, 2 * _most(approved) + 1)
    flat = rows.reshape(-1)
    given = (plan.astype(np.int64) * rules.P_SIZE, np.append(begins, count), ts, punches, absences, absent)
    _run((flat, *given, overtimes, approved), columns, room, len(people), threads, compiled)
    return Days(
        employee=employee,
        work_date=rows[plan, rules.P_DATE].astype(np.int32),
        minutes=minutes,
        flags=flags,
        first_in=seen[0],
        last_out=seen[1],
        n_punches=counts[0],
        n_kept=counts[1],
        stray=len(frames.punches["at"]) - int(counts[0].sum(dtype=np.int64)),
    )


def _run(
    given: tuple[Numbers, ...],
    columns: tuple[NDArray[Any], ...],
    room: tuple[int, int, int],
    people: int,
    threads: int | None,
    compiled: bool,
) -> None:
    """Fill the columns, some people at a time, in threads where the rules are compiled."""
    made = kernel() if compiled else None
    sizes = (rules.OUT_SIZE, *room)
    if made is None:
        rows, plans, begins, *rest = (each.tolist() for each in given)
        scratch = [[0] * size for size in sizes]
        rules.people(rows, plans, begins, 0, people, *rest, *columns, *scratch)
        return
    rows, plans, begins, *others = given

    def some(first: int) -> None:
        scratch = [np.zeros(size, np.int64) for size in sizes]
        last = min(first + _PEOPLE_AT_ONCE, people)
        made["people"](rows, plans, begins, first, last, *others, *columns, *scratch)

    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        list(pool.map(some, range(0, people, _PEOPLE_AT_ONCE)))


@cache
def kernel() -> dict[str, Any] | None:
    """Return the functions of `rules.KERNEL` compiled, by name; None without numba.

    The machine code is kept on disk where that can be, so only the first call after an update takes long.
    """
    try:
        import numba
    except ImportError:
        return None
    read = numba.types.Array(numba.int64, 1, "C", readonly=True)
    columns = {
        "minutes": numba.int16[:, ::1],
        "flags": numba.int32[::1],
        "seen": numba.int64[:, ::1],
        "counts": numba.int16[:, ::1],
    }
    kinds = {int: numba.int64, rules.Row: read, rules.Cells: numba.int64[::1], None: numba.void}
    space: dict[str, Any] = dict(vars(rules))
    for function in rules.KERNEL:
        types = {name: columns.get(name) or kinds[kind] for name, kind in function.__annotations__.items()}
        signature = types.pop("return")(*types.values())
        clone = FunctionType(function.__code__, space, function.__name__)
        # No function makes an array, so none need count who holds one: counting took more than half of the time.
        options: Any = {"nogil": True, "error_model": "numpy", "_nrt": False}
        options["forceinline"] = len(function.__code__.co_code) < _SMALL
        try:
            made = numba.njit(signature, cache=True, **options)(clone)
        except RuntimeError:  # there is no folder in which the machine code could be kept
            made = numba.njit(signature, **options)(clone)
        space[function.__name__] = made
    return space


def _plan_rows(plans: Sequence[PlanDay]) -> Numbers:
    rows = np.array([_row_of(plan) for plan in plans], np.int64)
    return rows.reshape(-1, rules.P_SIZE)


# The rows of plans by identity, each with its plan, which so stays who it is: the next people mostly have the same.
_known: dict[int, tuple[PlanDay, Numbers]] = {}
_MOST_KNOWN = 50_000


def _row_of(plan: PlanDay) -> Numbers:
    found = _known.get(id(plan))
    if found is None:
        low, high = rules.reach(None, plan, None)
        if high - low > _LONGEST_DAY:
            raise ValueError(f"a plan spans weeks: {plan}")
        if len(_known) > _MOST_KNOWN:
            _known.clear()
        found = _known[id(plan)] = (plan, np.array(rules.row_of(plan), np.int64))
    return found[1]


def _sorted_roster(roster: Frame, rows: Numbers) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return employees and plans by employee and date."""
    employee, plan = np.asarray(roster["employee"]), np.asarray(roster["plan"])
    dates = rows[plan, rules.P_DATE]
    if not _ascend(employee, dates):
        order = np.lexsort((dates, employee))
        employee, plan, dates = employee[order], plan[order], dates[order]
    twice = np.flatnonzero((employee[1:] == employee[:-1]) & (dates[1:] == dates[:-1]))
    if len(twice):
        raise ValueError(f"employee {employee[twice[0]]} has two plans for day {dates[twice[0]]}")
    return employee, plan


def _punches(frame: Frame, people: NDArray[Any]) -> tuple[Numbers, Numbers]:
    """Return instants by person and time, and where each person's begin; sort only what is not sorted."""
    employee, at = np.asarray(frame["employee"]), _seconds(frame["at"])
    if len(at) == 0:
        return at, np.zeros(2 * len(people), np.int64)
    if _ascend(employee, at):
        return at, _bounds(employee, people)
    lowest, first = int(employee.min()), int(at.min())
    bits = (int(at.max()) - first).bit_length()
    if (int(employee.max()) - lowest).bit_length() + bits > 62:
        order = np.lexsort((at, employee))
        return at[order], _bounds(employee[order], people)
    key = employee.astype(np.int64)
    key -= lowest
    key <<= bits
    key += at
    key -= first
    key.sort()
    found = np.clip(people.astype(np.int64) - lowest, -1, 1 << (62 - bits))
    starts = np.searchsorted(key, found << bits)
    ends = np.searchsorted(key, (found + 1) << bits)
    key &= (1 << bits) - 1
    key += first
    return key, _pairs(starts, ends)


def _ascend(employee: NDArray[Any], at: NDArray[Any]) -> bool:
    """Tell whether rows are by person and time, some thousands at a time, which stay in the processor's cache."""
    for start in range(0, len(at) - 1, _ROWS_AT_ONCE):
        one, other = employee[start : start + _ROWS_AT_ONCE], employee[start + 1 : start + _ROWS_AT_ONCE + 1]
        early, late = at[start : start + _ROWS_AT_ONCE], at[start + 1 : start + _ROWS_AT_ONCE + 1]
        one, early = one[: len(other)], early[: len(late)]
        if np.any((one > other) | ((one == other) & (early > late))):
            return False
    return True


def _spans(frame: Frame | None, people: NDArray[Any], names: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Return spans by person and time, one after another in one row, and where each person's begin."""
    if frame is None or len(frame["employee"]) == 0:
        return np.zeros(0, np.int64), np.zeros(2 * len(people), np.int64)
    employee, columns = np.asarray(frame["employee"]), [_seconds(frame[name]) for name in names]
    order = np.lexsort((columns[0], employee))
    return np.column_stack(columns)[order].reshape(-1), _bounds(employee[order], people)


def _bounds(employee: NDArray[Any], people: NDArray[Any]) -> Numbers:
    return _pairs(np.searchsorted(employee, people), np.searchsorted(employee, people, side="right"))


def _pairs(starts: NDArray[Any], ends: NDArray[Any]) -> Numbers:
    return np.column_stack((starts, ends)).astype(np.int64, copy=False).reshape(-1)


def _most(bounds: Numbers) -> int:
    """Return how many rows the person with the most of them has."""
    return int((bounds[1::2] - bounds[::2]).max(initial=0))


def _seconds(column: Any) -> Numbers:
    found = np.asarray(column)
    if found.dtype.kind == "M":
        found = found.astype("datetime64[s]")
    return np.ascontiguousarray(found, np.int64)
