"""A month of a big company, drawn from one seed: nine shifts in six zones, and what people punch, as Parquet files."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhiren.attendance.bulk import Frames
    from zhiren.rostering.plans import PlanDay, Shift

SEED = 4
FIRST = date(2026, 3, 1)  # the clocks go forward in four of the zones
DAYS = 31
ZONES = ("Asia/Shanghai", "Asia/Singapore", "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles")
PEOPLE_AT_ONCE = 10_000
FRAMES = {
    "roster": ("employee", "plan"),
    "punches": ("employee", "at"),
    "absences": ("employee", "start", "end", "kind"),
    "overtimes": ("employee", "start", "end"),
}
_NIGHT = (22 * 60, 30 * 60)


@cache
def shifts() -> list[Shift]:
    """Return the shifts: office, flexible, split, core, free, early, late, night, irregular."""
    from zhiren.rostering.plans import Kind, Overtime, Policy, Shift, ShiftSegment

    common = {"drop_seconds": True, "dup": 120, "grace_in": 300, "ot_round": 1800, "ot_min": 1800}
    plain = Policy(**common, serious_after=1800, late_absent_after=7200, ot_mode=Overtime.APPROVED_AND_PUNCHED)
    gated = Policy(**common, gate=True, gate_free=900, ot_mode=Overtime.PUNCHED, ot_start_after=1800)
    flexible = Policy(**common, flex_early=3600, flex_late=3600, ot_mode=Overtime.APPROVED)
    free = Policy(**common, pairing=1, auto_break_after=6 * 3600, auto_break=1800, ot_mode=Overtime.PUNCHED)
    split = Policy(**common, ot_by_calendar=True, holiday_is_overtime=True, ot_mode=Overtime.PUNCHED, ot_before=True)

    def at(start: int, end: int, *breaks: tuple[int, int]) -> ShiftSegment:
        return ShiftSegment(start=start * 60, end=end * 60, breaks=breaks)

    noon, evening = (720, 780), (18 * 60, 18 * 60 + 30)
    return [
        Shift(kind=Kind.FIXED, segments=(at(9, 18, noon),), night=_NIGHT, policy=plain),
        Shift(kind=Kind.FLEXIBLE, segments=(at(9, 18, noon),), night=_NIGHT, policy=flexible),
        Shift(kind=Kind.FIXED, segments=(at(10, 14), at(17, 21, evening)), night=_NIGHT, policy=split),
        Shift(
            kind=Kind.CORE, segments=(at(7, 20, noon),), core=(600, 960), target=8 * 3600, night=_NIGHT, policy=gated
        ),
        Shift(kind=Kind.FREE, target=8 * 3600, night=_NIGHT, policy=free),
        Shift(kind=Kind.FIXED, segments=(at(6, 14, (600, 630)),), night=_NIGHT, policy=gated),
        Shift(kind=Kind.FIXED, segments=(at(14, 22, evening),), night=_NIGHT, policy=plain),
        Shift(kind=Kind.FIXED, segments=(at(22, 30, (26 * 60, 26 * 60 + 30)),), night=_NIGHT, policy=gated),
        Shift(kind=Kind.IRREGULAR, night=_NIGHT, policy=free),
    ]


@cache
def plans() -> list[PlanDay]:
    """Return every plan of the month: by zone, then date, then shift, a day off last."""
    from zhiren.rostering.plans import off_day, resolve

    found = []
    for zone in ZONES:
        for number in range(DAYS):
            on = FIRST + timedelta(days=number)
            classes = {"day_class": _class_of(on), "next_class": _class_of(on + timedelta(days=1))}
            found += [resolve(shift, on=on, zone=zone, **classes) for shift in shifts()]
            found.append(off_day(on=on, zone=zone, night=_NIGHT, policy=shifts()[0].policy, **classes))
    return found


def _class_of(on: date) -> int:
    return 2 if on.day == 8 else int(on.weekday() >= 5)


def write_month(folder: Path, people: int, *, buckets: int = 1) -> int:
    """Write the month of so many people, sorted by person and time; return how many punches there are.

    Each bucket is a folder of its own with a file for each frame; `zhiren attendance compute --from` reads it, too.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from zhiren.attendance.frames import write_plans

    punches = 0
    folder.mkdir(parents=True, exist_ok=True)
    write_plans(folder / "plans.parquet", plans())
    edges = [people * number // buckets for number in range(buckets + 1)]
    for bucket, (first, last) in enumerate(pairwise(edges)):
        where = folder / f"bucket-{bucket:03}"
        where.mkdir(parents=True, exist_ok=True)
        writers: dict[str, Any] = {}
        for start in range(first, last, PEOPLE_AT_ONCE):
            rng = np.random.default_rng((SEED, start))
            made = some_people(rng, start, min(start + PEOPLE_AT_ONCE, last))
            punches += len(made["punches"][0])
            for name, columns in FRAMES.items():
                table = pa.table(dict(zip(columns, made[name], strict=True)))
                if name not in writers:
                    # Instants hardly repeat, and whole numbers are read as fast as they are copied.
                    options = {"compression": "none", "use_dictionary": ["employee", "plan", "kind"]}
                    writers[name] = pq.ParquetWriter(where / f"{name}.parquet", table.schema, **options)
                writers[name].write_table(table)
        for writer in writers.values():
            writer.close()
    return punches


def read_month(where: Path) -> Frames:
    """Return the frames of one bucket."""
    import pyarrow.parquet as pq

    from zhiren.attendance.bulk import Frames

    return Frames(
        plans=plans(), **{name: pq.read_table(where / f"{name}.parquet", pre_buffer=False) for name in FRAMES}
    )


def some_people(rng: Any, first: int, last: int) -> dict[str, list[Any]]:
    """Return the columns of some people: a roster by pattern, and careless punches around it.

    `ways` tells how each is planned: zone, shift, and, of those who work four days on and two off (-1: others), at
    which of 18 days they begin, and whether they change between early, late and night (6 of 18 days make no difference
    to those who do not).
    """
    import numpy as np

    count = last - first
    employee = np.arange(first, last, dtype=np.int32)
    zone = rng.integers(0, len(ZONES), count)
    weekday = np.array([(FIRST + timedelta(days=number)).weekday() for number in range(DAYS)])
    days = np.arange(DAYS)
    pattern = rng.choice(9, count, p=(0.3, 0.18, 0.1, 0.08, 0.06, 0.08, 0.06, 0.1, 0.04))
    shift = np.repeat(pattern[:, None], DAYS, axis=1)
    off = np.broadcast_to(weekday >= 5, shift.shape).copy()
    turning = np.isin(pattern, (5, 6, 7))  # four on, two off; a third of them change between early, late and night
    begins = rng.integers(0, 18, count)
    phase = (days[None, :] + begins[:, None]) % 18
    off[turning] = phase[turning] % 6 >= 4
    changing = turning & (rng.random(count) < 0.33)
    begins[~turning], begins[turning & ~changing] = -1, begins[turning & ~changing] % 6
    shift[changing] = 5 + phase[changing] // 6
    shift[off] = 9
    plan = ((zone[:, None] * DAYS + days[None, :]) * 10 + shift).astype(np.int32)

    segments = [[(each.start, each.end) for each in one.segments] for one in plans()]
    for number, one in enumerate(plans()):
        if not segments[number] and one.kind:
            segments[number] = [(one.midnights[0] + 9 * 3600, one.midnights[0] + 18 * 3600)]
    starts = np.zeros((len(segments), 2), np.int64)
    ends = np.zeros((len(segments), 2), np.int64)
    for number, found in enumerate(segments):
        for part, (start, end) in enumerate(found):
            starts[number, part], ends[number, part] = start, end
    here = rng.random(plan.shape) > 0.01
    who, at = [], []
    for part in range(2):
        rows, column = np.nonzero((starts[plan, part] > 0) & here)
        start, end = starts[plan[rows, column], part], ends[plan[rows, column], part]
        size = len(rows)

        def punch(when: Any, share: float, rows: Any = rows, size: int = size) -> None:
            chosen = rng.random(size) < share
            who.append(rows[chosen])
            at.append(when[chosen])

        came = start + rng.normal(-420, 500, size).astype(np.int64)
        went = end + rng.exponential(1500, size).astype(np.int64) - 300
        middle = (start + end) // 2 + rng.integers(-1800, 1800, size)
        punch(came, 0.985)
        punch(came + rng.integers(1, 119, size), 0.06)
        punch(went, 0.985)
        punch(went + rng.integers(1, 240, size), 0.06)
        lunch = rng.random(size) < 0.85
        for offset in (0, rng.integers(600, 3900, size)):
            punch(np.where(lunch, middle + offset, came + 5), 0.86)
        smoke = start + rng.integers(1800, 7200, size)
        for offset in (0, rng.integers(200, 1500, size)):
            punch(smoke + offset, 0.76)
    rows, at_all = np.concatenate(who), np.concatenate(at)
    order = np.lexsort((at_all, rows))
    absences = _spans(rng, plan, starts, ends, share=0.03)
    overtimes = _spans(rng, plan, starts, ends, share=0.1, late=True)
    kinds = rng.integers(1, 4, len(absences[0])).astype(np.int8)
    return {
        "ways": [zone, np.where(changing, 5, pattern), begins, changing],
        "roster": [np.repeat(employee, DAYS), plan.reshape(-1)],
        "punches": [employee[rows[order]], at_all[order]],
        "absences": [employee[absences[0]], *absences[1:], kinds],
        "overtimes": [employee[overtimes[0]], *overtimes[1:]],
    }


def _spans(rng: Any, plan: Any, starts: Any, ends: Any, *, share: float, late: bool = False) -> list[Any]:
    """Return rows, starts and ends of absences (a half or a whole day), or of approvals of the hours after work."""
    import numpy as np

    rows, days = np.nonzero((starts[plan, 0] > 0) & (rng.random(plan.shape) < share))
    start, end = starts[plan[rows, days], 0], ends[plan[rows, days], 0]
    if late:
        return [rows, end, end + 3600 * rng.integers(1, 4, len(rows))]
    return [rows, start, np.where(rng.random(len(rows)) < 0.5, end, (start + end) // 2)]
