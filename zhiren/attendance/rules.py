"""What punches, plans and approvals come to: `docs/attendance-rules.md`, section by section. Pure.

From "Measures" on all is plain integers in flat sequences, so that the same lines run as they stand for one day, and
compiled over millions (`bulk`), which is also why they are in one file. `p` holds plans, each a row of numbers, one
after another; `o` is where the plan begins, `b` one of its segments. `ts` are punches, `ab` the day's absences (their
number, then from, to, kind of each), `ov` its approvals of overtime (their number, then from, to of each). `out` takes
the day's totals and then, for each segment at `r`, how they came about (`proofs` reads it); `buf` holds the punches
kept, then the stretches of presence.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from zhiren.attendance.balances import Bank as Bank
from zhiren.attendance.balances import Comprehensive as Comprehensive
from zhiren.attendance.balances import bank as bank
from zhiren.attendance.balances import comprehensive as comprehensive

if TYPE_CHECKING:
    from zhiren.rostering.plans import PlanDay

Row = Sequence[int]
Cells = list[int]

RULES_VERSION = 1
NEVER = -(2**62)
PAID_LEAVE, UNPAID_LEAVE, ON_DUTY = 1, 2, 3

# Flags of a day.
LATE, SERIOUSLY_LATE, LATE_ABSENT, EARLY, EARLY_ABSENT = 1, 2, 4, 8, 16
MISSING_IN, MISSING_OUT, ABSENT, LEAVE, DUTY, OVERTIME = 32, 64, 128, 256, 512, 1024
AWAY, SHORT, UNPLANNED, DUPLICATES, HOLIDAY, REST = 2048, 4096, 8192, 16384, 32768, 65536

# How an in or an out of a segment came to be.
NOT_THERE, PUNCHED, ASSUMED = 0, 1, 2

_OFF, _FIXED, _FLEXIBLE, _CORE, _FREE, _IRREGULAR = range(6)
_APPROVED_AND_PUNCHED, _APPROVED, _EXTRA = 2, 3, 4

# A plan's row: what every plan has, then four segments, then one cell that reads as a segment without breaks.
P_DATE, P_KIND, P_CLASS, P_NEXT_CLASS, P_TURN, P_DAY_START, P_DAY_END, P_NIGHT = 0, 1, 2, 3, 4, 5, 6, 7
P_CORE_START, P_CORE_END, P_TARGET = 11, 12, 13
P_DROP, P_DUP, P_GRACE_IN, P_LATE_FROM_GRACE, P_SERIOUS, P_LATE_ABSENT, P_GRACE_OUT, P_EARLY_ABSENT = range(14, 22)
P_FLEX_EARLY, P_FLEX_LATE, P_TRUSTED, P_GATE, P_GATE_FREE, P_PAIRING, P_BREAK_AFTER, P_BREAK = range(22, 30)
P_OT_MODE, P_OT_BEFORE, P_OT_START, P_OT_MIN, P_OT_ROUND, P_BY_CALENDAR, P_HOLIDAY_OT = range(30, 37)
P_COUNT = 37
P_SEGMENTS = 38
S_BREAKS, S_START, S_END, S_BEFORE, S_AFTER, S_NEED_IN, S_NEED_OUT, S_BREAK = 0, 1, 2, 3, 4, 5, 6, 7
S_SIZE = 15
P_NO_SEGMENT = P_SEGMENTS + 4 * S_SIZE
P_SIZE = P_NO_SEGMENT + 1

# The day in `out`: first what `Day` tells, in its order; seconds until the very end.
D_PLANNED, D_WORKED, D_LATE, D_EARLY, D_ABSENT, D_AWAY, D_SHORT, D_PAID, D_UNPAID, D_DUTY, D_EXTRA = range(11)
D_OT, D_NIGHT, D_FLAGS, D_FIRST_IN, D_LAST_OUT, D_PUNCHES, D_KEPT = 11, 14, 15, 16, 17, 18, 19
D_PRESENT, D_SHIFT, D_COUNTED_TO, D_PRESENCE_TO = 20, 21, 22, 23
D_SIZE = 24
# How a segment came to that: its window, expected times, in and out, punches, seconds by category, before grace too.
T_FROM, T_TO, T_S, T_E, T_IN, T_OUT, T_CAME, T_WENT, T_MIDDLE, T_FIRST, T_PUNCHES, T_KEPT = range(12)
T_PLANNED, T_PRESENT, T_LATE, T_EARLY, T_ABSENT, T_AWAY, T_PAID, T_UNPAID, T_DUTY = range(12, 21)
T_LATE_FOUND, T_EARLY_FOUND, T_FLAGS = 21, 22, 23
T_SIZE = 24
OUT_SIZE = D_SIZE + 4 * T_SIZE


class Day(NamedTuple):
    """What one day came to: minutes, flags, and who was seen first and last (UTC seconds; None for nobody)."""

    planned: int
    worked: int
    late: int
    early: int
    absent: int
    away: int
    short: int
    leave_paid: int
    leave_unpaid: int
    duty: int
    extra: int
    ot_work: int
    ot_rest: int
    ot_holiday: int
    night: int
    flags: int
    first_in: int | None
    last_out: int | None
    n_punches: int
    n_kept: int


def day(
    previous: "PlanDay | None",
    plan: "PlanDay",
    following: "PlanDay | None",
    punches: Sequence[int],
    absences: Sequence[tuple[int, int, int]],
    overtimes: Sequence[tuple[int, int]],
) -> Day:
    """Return what a day came to, given the plans of the dates next to it.

    The punches are ascending, absences (from, to, kind) and approvals of overtime ascending and disjoint; those of
    other days may be among them.
    """
    return day_of(traced(previous, plan, following, punches, absences, overtimes))


def traced(
    previous: "PlanDay | None",
    plan: "PlanDay",
    following: "PlanDay | None",
    punches: Sequence[int],
    absences: Iterable[tuple[int, int, int]],
    overtimes: Iterable[tuple[int, int]],
) -> list[int]:
    """Return what `out` holds for a day, as `day` takes it."""
    rows, before, after = _side_by_side(previous, plan, following)
    taken = [number for absence in absences for number in absence]
    approved = [number for overtime in overtimes for number in overtime]
    out, buf = [0] * OUT_SIZE, [0] * (len(punches) + 4)
    begin = bisect_left(punches, _reach_from(rows, before, P_SIZE))
    one_day(
        rows, before, P_SIZE, after, punches, begin, 0, len(punches), taken, 0, len(taken) // 3,
        approved, 0, len(approved) // 2, out, buf, [0] * (len(taken) + 1), [0] * (len(approved) + 1),
    )  # fmt: skip
    return out


def day_of(out: Sequence[int]) -> Day:
    """Return the day that `out` holds."""
    seen = [None if at == NEVER else at for at in (out[D_FIRST_IN], out[D_LAST_OUT])]
    return Day._make([*out[:D_FIRST_IN], *seen, out[D_PUNCHES], out[D_KEPT]])


def reach(previous: "PlanDay | None", plan: "PlanDay", following: "PlanDay | None") -> tuple[int, int]:
    """Return from when on and until when punches, absences and approvals can change this day."""
    rows, before, after = _side_by_side(previous, plan, following)
    return _reach_from(rows, before, P_SIZE), _reach_to(rows, P_SIZE, after)


def _side_by_side(
    previous: "PlanDay | None", plan: "PlanDay", following: "PlanDay | None"
) -> tuple[tuple[int, ...], int, int]:
    """Return up to three rows as one, the middle one at P_SIZE, and where the outer ones begin (-1 for none)."""
    rows = row_of(previous or plan) + row_of(plan)
    if following is None:
        return rows, 0 if previous else -1, -1
    return rows + row_of(following), 0 if previous else -1, 2 * P_SIZE


def row_of(plan: "PlanDay") -> tuple[int, ...]:
    """Return a plan as the row of numbers that the rules compute with; it is made once and kept with the plan."""
    kept: dict[str, tuple[int, ...]] = vars(plan)
    if "row" not in kept:
        kept["row"] = _row_of(plan)
    return kept["row"]


def _row_of(plan: "PlanDay") -> tuple[int, ...]:
    policy = plan.policy
    row = [
        plan.work_date, plan.kind, plan.day_class, plan.next_class, plan.midnights[1], plan.day_start, plan.day_end,
        *_flat(plan.night, 2), plan.core_start, plan.core_end, plan.target,
        policy.drop_seconds, policy.dup, policy.grace_in, policy.late_from_grace, policy.serious_after,
        policy.late_absent_after, policy.grace_out, policy.early_absent_after, policy.flex_early, policy.flex_late,
        policy.missing_trusted, policy.gate, policy.gate_free, policy.pairing, policy.auto_break_after,
        policy.auto_break, policy.ot_mode, policy.ot_before, policy.ot_start_after, policy.ot_min, policy.ot_round,
        policy.ot_by_calendar, policy.holiday_is_overtime, len(plan.segments),
    ]  # fmt: skip
    for each in plan.segments:
        row += [len(each.breaks), each.start, each.end, each.before, each.after, each.need_in, each.need_out]
        row += _flat(each.breaks, 4)
    row += [0] * (P_SIZE - len(row))
    return tuple(map(int, row))


def _flat(spans: Sequence[tuple[int, int]], most: int) -> list[int]:
    return [at for span in spans for at in span] + [0, 0] * (most - len(spans))


# ---- Measures: how much of [x, y) there is.


def _net(p: Row, b: int, x: int, y: int) -> int:
    """Less the breaks of the segment at `b`."""
    if y <= x:
        return 0
    total = y - x
    for i in range(b + S_BREAK, b + S_BREAK + 2 * p[b + S_BREAKS], 2):
        total -= max(min(y, p[i + 1]) - max(x, p[i]), 0)
    return total


def _free(p: Row, b: int, ab: Row, x: int, y: int) -> int:
    """Less the breaks and the absences."""
    if y <= x:
        return 0
    total = _net(p, b, x, y)
    for i in range(1, 3 * ab[0], 3):
        total -= _net(p, b, max(x, ab[i]), min(y, ab[i + 1]))
    return total


def _taken(p: Row, b: int, ab: Row, x: int, y: int, kind: int) -> int:
    """Only the absences of one kind, less the breaks."""
    total = 0
    for i in range(1, 3 * ab[0], 3):
        if ab[i + 2] == kind:
            total += _net(p, b, max(x, ab[i]), min(y, ab[i + 1]))
    return total


def _held(p: Row, b: int, ab: Row, buf: Cells, n: int, x: int, y: int) -> int:
    """Only the first `n` stretches of presence, less breaks and absences."""
    total = 0
    for i in range(0, 2 * n, 2):
        total += _free(p, b, ab, max(x, buf[i]), min(y, buf[i + 1]))
    return total


def _used(p: Row, b: int, ab: Row, buf: Cells, n: int, amount: int) -> int:
    """Return the instant at which so many seconds of the presence are used."""
    for i in range(0, 2 * n, 2):
        x = buf[i]
        length = _free(p, b, ab, x, buf[i + 1])
        if amount <= length:
            at = x + amount
            found = _free(p, b, ab, x, at)
            while found < amount:
                at += amount - found
                found = _free(p, b, ab, x, at)
            return at
        amount -= length
    return buf[2 * n - 1] if n else 0


# ---- Section 3: which day a punch belongs to.


def _window_from(p: Row, before: int, o: int, j: int) -> int:
    b = o + P_SEGMENTS + j * S_SIZE
    c = b - S_SIZE
    start = p[b + S_START]
    moved = 0
    if j == 0:
        start -= p[o + P_FLEX_EARLY]
        if before < 0 or p[before + P_COUNT] == 0:
            return start - p[b + S_BEFORE]
        c = before + P_SEGMENTS + (p[before + P_COUNT] - 1) * S_SIZE
        moved = p[before + P_FLEX_LATE]
    begin = start - p[b + S_BEFORE]
    end = p[c + S_END] + moved
    return (end + start) // 2 if end + p[c + S_AFTER] > begin else begin


def _window_to(p: Row, o: int, after: int, j: int) -> int:
    b = o + P_SEGMENTS + j * S_SIZE
    c = b + S_SIZE
    end = p[b + S_END]
    moved = 0
    if j == p[o + P_COUNT] - 1:
        end += p[o + P_FLEX_LATE]
        if after < 0 or p[after + P_COUNT] == 0:
            return end + p[b + S_AFTER]
        c = after + P_SEGMENTS
        moved = p[after + P_FLEX_EARLY]
    finish = end + p[b + S_AFTER]
    start = p[c + S_START] - moved
    return (end + start) // 2 if finish > start - p[c + S_BEFORE] else finish


def _own_from(p: Row, before: int, o: int) -> int:
    """Return where the window of a plan without segments begins."""
    begin = p[o + P_DAY_START]
    if before >= 0 and p[before + P_COUNT] > 0:
        begin = max(begin, _window_to(p, before, -1, p[before + P_COUNT] - 1))
    return begin


def _own_to(p: Row, o: int, after: int) -> int:
    end = p[o + P_DAY_END]
    if after >= 0:
        if p[after + P_COUNT] == 0:
            return p[after + P_DAY_START]
        end = min(end, _window_from(p, -1, after, 0))
    return end


def _reach_from(p: Row, before: int, o: int) -> int:
    if p[o + P_COUNT] == 0:
        return _own_from(p, before, o) - 60
    return min(_window_from(p, before, o, 0), p[o + P_SEGMENTS + S_START] - p[o + P_FLEX_EARLY]) - 60


def _reach_to(p: Row, o: int, after: int) -> int:
    last = p[o + P_COUNT] - 1
    if last < 0:
        return _own_to(p, o, after)
    end = p[o + P_SEGMENTS + last * S_SIZE + S_END] + p[o + P_FLEX_LATE]
    return max(_window_to(p, o, after, last), end)


# ---- Section 4: which punches count.


def _keep(p: Row, o: int, ts: Row, t: int, t0: int, t1: int, out: Cells, r: int, buf: Cells) -> int:
    """Put the punches that the window at `r` keeps into `buf` and return how many; `t` is where to look first."""
    begin = out[r + T_FROM]
    end = out[r + T_TO]
    while t > t0 and ts[t - 1] >= begin:
        t -= 1
    while t < t1 and ts[t] < begin:
        t += 1
    out[r + T_FIRST] = t
    drop = p[o + P_DROP]
    dup = p[o + P_DUP]
    k = 0
    n = 0
    while t + n < t1 and ts[t + n] < end:
        at = ts[t + n]
        if drop:
            at -= at % 60
        if k == 0 or at - buf[k - 1] >= dup:
            buf[k] = at
            k += 1
        n += 1
    out[r + T_PUNCHES] = n
    out[r + T_KEPT] = k
    out[D_PUNCHES] += n
    out[D_KEPT] += k
    return k


# ---- Section 5: a segment; 6: core time.


def _middle(p: Row, b: int, ab: Row, x: int, y: int) -> int:
    """Return the middle between the first and the last instant of [x, y) that is neither break nor absence."""
    moved = True
    while moved:
        moved = False
        for i in range(b + S_BREAK, b + S_BREAK + 2 * p[b + S_BREAKS], 2):
            if p[i] <= x < p[i + 1]:
                x = p[i + 1]
                moved = True
            if p[i] < y <= p[i + 1]:
                y = p[i]
                moved = True
        for i in range(1, 3 * ab[0], 3):
            if ab[i] <= x < ab[i + 1]:
                x = ab[i + 1]
                moved = True
            if ab[i] < y <= ab[i + 1]:
                y = ab[i]
                moved = True
    return (x + y) // 2


def _in_and_out(p: Row, o: int, b: int, ab: Row, x: int, y: int, out: Cells, r: int, buf: Cells) -> None:
    """Tell whether in and out were punched, are assumed or not there; [x, y) is what is required before breaks."""
    k = out[r + T_KEPT]
    required = _free(p, b, ab, x, y) if k < 2 else 0
    need_in = p[b + S_NEED_IN]
    need_out = p[b + S_NEED_OUT]
    trusted = p[o + P_TRUSTED]
    came = NOT_THERE
    went = NOT_THERE
    flags = 0
    middle = x
    if k >= 2:
        came = PUNCHED
        went = PUNCHED
    elif k == 1:
        if required > 0:
            middle = _middle(p, b, ab, x, y)
        if required == 0 or buf[0] < middle:
            came = PUNCHED
            if required == 0 or trusted or not need_out:
                went = ASSUMED
            if required > 0 and need_out:
                flags = MISSING_OUT
        else:
            went = PUNCHED
            if trusted or not need_in:
                came = ASSUMED
            if need_in:
                flags = MISSING_IN
    elif required == 0 or not (need_in or need_out):
        came = ASSUMED
        went = ASSUMED
    else:
        flags = ABSENT
    out[r + T_MIDDLE] = middle
    out[r + T_CAME] = came
    out[r + T_WENT] = went
    out[r + T_FLAGS] = flags
    if came == PUNCHED:
        out[r + T_IN] = buf[0]
        if out[D_FIRST_IN] == NEVER:
            out[D_FIRST_IN] = buf[0]
    if went == PUNCHED:
        out[r + T_OUT] = buf[k - 1]
        out[D_LAST_OUT] = buf[k - 1]


def _stretches(p: Row, o: int, b: int, ab: Row, x: int, y: int, k: int, buf: Cells) -> int:
    """Turn the punches kept into the stretches of [x, y) between gate gaps; return how many."""
    n = 0
    start = x
    if p[o + P_GATE]:
        for i in range(1, k - 2, 2):
            left = max(x, min(buf[i], y))
            back = max(x, min(buf[i + 1], y))
            if _free(p, b, ab, left, back) > p[o + P_GATE_FREE]:
                buf[2 * n] = start
                buf[2 * n + 1] = left
                start = back
                n += 1
    buf[2 * n] = start
    buf[2 * n + 1] = y
    return n + 1


def _grade(p: Row, o: int, out: Cells, r: int, room: int) -> None:
    """Forgive and grade what is late and early; at most `room` of what is forgiven becomes present."""
    late = out[r + T_LATE]
    early = out[r + T_EARLY]
    out[r + T_LATE_FOUND] = late
    out[r + T_EARLY_FOUND] = early
    forgiven = 0
    if late <= p[o + P_GRACE_IN]:
        forgiven = late
    elif p[o + P_LATE_FROM_GRACE]:
        forgiven = p[o + P_GRACE_IN]
    late -= forgiven
    if late > 0:
        if late > p[o + P_LATE_ABSENT] > 0:
            out[r + T_ABSENT] += late
            out[r + T_FLAGS] |= LATE_ABSENT
            late = 0
        elif late > p[o + P_SERIOUS] > 0:
            out[r + T_FLAGS] |= SERIOUSLY_LATE
        else:
            out[r + T_FLAGS] |= LATE
    if early <= p[o + P_GRACE_OUT]:
        forgiven += early
        early = 0
    elif early > p[o + P_EARLY_ABSENT] > 0:
        out[r + T_ABSENT] += early
        out[r + T_FLAGS] |= EARLY_ABSENT
        early = 0
    else:
        out[r + T_FLAGS] |= EARLY
    out[r + T_LATE] = late
    out[r + T_EARLY] = early
    out[r + T_PRESENT] += min(forgiven, room)


def _shift(p: Row, o: int, ab: Row, out: Cells) -> int:
    """Return by how much an arrival moves a flexible day."""
    start = p[o + P_SEGMENTS + S_START]
    if out[D_SIZE + T_CAME] != PUNCHED:
        return 0
    for i in range(1, 3 * ab[0], 3):
        if ab[i] <= start < ab[i + 1]:
            return 0
    return max(-p[o + P_FLEX_EARLY], min(out[D_SIZE + T_IN] - start, p[o + P_FLEX_LATE]))


def _segment(p: Row, o: int, j: int, ab: Row, ov: Row, out: Cells, buf: Cells) -> None:
    """Section 5, after the punches of the segment's window were kept."""
    b = o + P_SEGMENTS + j * S_SIZE
    r = D_SIZE + j * T_SIZE
    s = p[b + S_START]
    e = p[b + S_END]
    _in_and_out(p, o, b, ab, s, e, out, r, buf)
    if j == 0:
        out[D_SHIFT] = _shift(p, o, ab, out)
        s += out[D_SHIFT]
    if j == p[o + P_COUNT] - 1:
        e += out[D_SHIFT]
    came = out[r + T_CAME]
    went = out[r + T_WENT]
    if came == ASSUMED:
        out[r + T_IN] = s
    if went == ASSUMED:
        out[r + T_OUT] = e
    first = out[r + T_IN]
    last = out[r + T_OUT]
    out[r + T_S] = s
    out[r + T_E] = e
    planned = _net(p, b, s, e)
    out[r + T_PLANNED] = planned
    if ab[0] > 0:
        out[r + T_PAID] = _taken(p, b, ab, s, e, PAID_LEAVE)
        out[r + T_UNPAID] = _taken(p, b, ab, s, e, UNPAID_LEAVE)
        out[r + T_DUTY] = _taken(p, b, ab, s, e, ON_DUTY)
    if came and went:
        x = min(max(first, s), e)
        y = min(max(last, s), e)
        n = _stretches(p, o, b, ab, x, y, out[r + T_KEPT], buf)
        held = _held(p, b, ab, buf, n, x, y)
        out[r + T_PRESENT] = held
        out[r + T_LATE] = _free(p, b, ab, s, x)
        out[r + T_EARLY] = _free(p, b, ab, y, e)
        if n > 1:
            out[r + T_AWAY] = _free(p, b, ab, x, y) - held
        _night_of(p, o, b, ab, buf, n, e, out)
        _grade(p, o, out, r, planned)
    else:
        out[r + T_ABSENT] = planned - out[r + T_PAID] - out[r + T_UNPAID] - out[r + T_DUTY]
    c = o + P_NO_SEGMENT
    if came == PUNCHED and p[o + P_OT_BEFORE]:
        _candidate(p, o, c, ab, ov, first, min(s, last) if went == PUNCHED else s, out)
    if went == PUNCHED:
        x = e + p[o + P_OT_START]
        _candidate(p, o, c, ab, ov, max(x, first) if came == PUNCHED else x, last, out)


def _core(p: Row, o: int, ab: Row, ov: Row, out: Cells, buf: Cells) -> None:
    """Section 6, after the punches of the band's window were kept."""
    b = o + P_SEGMENTS
    r = D_SIZE
    s = p[o + P_CORE_START]
    e = p[o + P_CORE_END]
    _in_and_out(p, o, b, ab, s, e, out, r, buf)
    if out[r + T_CAME] == ASSUMED:
        out[r + T_IN] = s
    if out[r + T_WENT] == ASSUMED:
        out[r + T_OUT] = e
    first = out[r + T_IN]
    last = out[r + T_OUT]
    out[r + T_S] = s
    out[r + T_E] = e
    out[r + T_PLANNED] = p[o + P_TARGET]
    due = _due(p, o, b, ab, p[b + S_START], p[b + S_END], out)
    n = 0
    cut = 0
    if out[r + T_CAME] and out[r + T_WENT]:
        x = max(first, p[b + S_START])
        y = max(min(last, p[b + S_END]), x)
        out[r + T_LATE] = _free(p, b, ab, s, min(first, e))
        out[r + T_EARLY] = _free(p, b, ab, max(last, s), e)
        n = _stretches(p, o, b, ab, x, y, out[r + T_KEPT], buf)
        held = _held(p, b, ab, buf, n, x, y)
        out[r + T_AWAY] = _free(p, b, ab, x, y) - held
        present = min(held, due)
        out[r + T_PRESENT] = present
        cut = y
        if held > due:
            cut = _used(p, b, ab, buf, n, due)
        _night_of(p, o, b, ab, buf, n, cut, out)
        _grade(p, o, out, r, due - present)
        for i in range(0, 2 * n, 2):
            _candidate(p, o, b, ab, ov, max(buf[i], cut), buf[i + 1], out)
        out[D_COUNTED_TO] = cut
        out[D_PRESENCE_TO] = y
    else:
        out[r + T_ABSENT] = due
    used = out[r + T_PRESENT] + out[r + T_LATE] + out[r + T_EARLY] + out[r + T_ABSENT]
    out[D_SHORT] = max(due - used, 0)
    if p[o + P_OT_MODE] == _APPROVED:
        _approved(p, o, b, ab, ov, out, buf, n, n, cut, 0)


def _due(p: Row, o: int, b: int, ab: Row, x: int, y: int, out: Cells) -> int:
    """Note leave and duty of [x, y), together at most the target, and return what is due beside them."""
    due = p[o + P_TARGET]
    for kind in range(PAID_LEAVE, ON_DUTY + 1):
        amount = min(_taken(p, b, ab, x, y, kind), due)
        out[D_SIZE + T_PAID + kind - 1] = amount
        due -= amount
    return due


# ---- Section 7: days without segments.


def _whole_day(p: Row, o: int, ab: Row, ov: Row, out: Cells, buf: Cells) -> None:
    """Section 7, after the punches of the day's window were kept."""
    b = o + P_NO_SEGMENT
    r = D_SIZE
    kind = p[o + P_KIND]
    k = out[r + T_KEPT]
    n = k // 2
    if p[o + P_PAIRING] == 0 and k >= 2:
        n = 1
        buf[1] = buf[k - 1]
    if k > 0:
        out[D_FIRST_IN] = buf[0]
        if n > 0:
            out[D_LAST_OUT] = buf[2 * n - 1]
        if kind != _IRREGULAR and (k == 1 or (k % 2 == 1 and p[o + P_PAIRING])):
            out[r + T_FLAGS] |= MISSING_OUT
    end = out[D_LAST_OUT] if n > 0 else out[r + T_FROM]
    held = _held(p, b, ab, buf, n, out[r + T_FROM] - 60, end)
    if held >= p[o + P_BREAK_AFTER] > 0:
        held = max(held - p[o + P_BREAK], 0)
        end = _used(p, b, ab, buf, n, held) if n > 0 else end
    present = held
    cut = end
    if kind == _OFF:
        present = 0
    elif kind == _FREE:
        out[r + T_PLANNED] = p[o + P_TARGET]
        due = _due(p, o, b, ab, out[r + T_FROM], out[r + T_TO], out)
        present = min(held, due)
        if k == 1 and p[o + P_TRUSTED]:
            present = due
        elif k == 0 and due > 0:
            out[r + T_ABSENT] = due
            out[r + T_FLAGS] |= ABSENT
        else:
            out[D_SHORT] = due - present
    elif p[o + P_CLASS] == 2 and p[o + P_HOLIDAY_OT]:
        present = 0
    out[r + T_PRESENT] = present
    if n > 0 and kind != _IRREGULAR:
        cut = _used(p, b, ab, buf, n, present) if present < held else end
        for i in range(0, 2 * n, 2):
            _candidate(p, o, b, ab, ov, max(buf[i], cut), min(buf[i + 1], end), out)
    _night_of(p, o, b, ab, buf, n, cut, out)
    out[D_COUNTED_TO] = cut
    out[D_PRESENCE_TO] = end
    if p[o + P_OT_MODE] == _APPROVED and kind != _IRREGULAR:
        _approved(p, o, b, ab, ov, out, buf, 0, n, cut, 0)
    if kind == _IRREGULAR and present < held:
        out[D_OT + 2] = held


# ---- Section 8: overtime, and night.


def _night_of(p: Row, o: int, b: int, ab: Row, buf: Cells, n: int, until: int, out: Cells) -> None:
    """Count what of the presence until an instant lies in the night."""
    for i in range(o + P_NIGHT, o + P_NIGHT + 4, 2):
        if n > 0 and p[i] < until and buf[0] < p[i + 1]:
            out[D_NIGHT] += _held(p, b, ab, buf, n, p[i], min(p[i + 1], until))


def _candidate(p: Row, o: int, b: int, ab: Row, ov: Row, x: int, y: int, out: Cells) -> None:
    """Count [x, y) as overtime or extra work, as far as the mode lets it."""
    mode = p[o + P_OT_MODE]
    if y <= x or mode == 0 or mode == _APPROVED:
        return
    if mode != _APPROVED_AND_PUNCHED:
        _credit(p, o, b, ab, x, y, out)
        return
    for i in range(1, 2 * ov[0], 2):
        _credit(p, o, b, ab, max(x, ov[i]), min(y, ov[i + 1]), out)


def _credit(p: Row, o: int, b: int, ab: Row, x: int, y: int, out: Cells) -> None:
    if y <= x:
        return
    if p[o + P_OT_MODE] == _EXTRA:
        out[D_EXTRA] += _free(p, b, ab, x, y)
    else:
        turn = p[o + P_TURN] if p[o + P_BY_CALENDAR] else y
        out[D_OT + p[o + P_CLASS]] += _free(p, b, ab, x, min(y, turn))
        out[D_OT + p[o + P_NEXT_CLASS]] += _free(p, b, ab, max(x, turn), y)
    for i in range(o + P_NIGHT, o + P_NIGHT + 4, 2):
        if p[i] < y and x < p[i + 1]:
            out[D_NIGHT] += _free(p, b, ab, max(x, p[i]), min(y, p[i + 1]))


def _approved(
    p: Row, o: int, b: int, ab: Row, ov: Row,
    out: Cells, buf: Cells, n: int, n_night: int, cut: int, count: int,
) -> None:  # fmt: skip
    """Count approvals within the windows, less the segments and the first `n` stretches of presence.

    `n_night` stretches are taken off what is night of it, which the presence has counted already.
    """
    turn = p[o + P_TURN]
    for r in range(D_SIZE, D_SIZE + max(count, 1) * T_SIZE, T_SIZE):
        for i in range(1, 2 * ov[0], 2):
            x = max(ov[i], out[r + T_FROM])
            y = min(ov[i + 1], out[r + T_TO])
            if y <= x:
                continue
            here = min(y, turn) if p[o + P_BY_CALENDAR] else y
            there = max(x, turn) if p[o + P_BY_CALENDAR] else y
            out[D_OT + p[o + P_CLASS]] += _beyond(p, b, ab, out, buf, n, cut, count, x, here)
            out[D_OT + p[o + P_NEXT_CLASS]] += _beyond(p, b, ab, out, buf, n, cut, count, there, y)
            for m in range(o + P_NIGHT, o + P_NIGHT + 4, 2):
                x_night = max(x, p[m])
                y_night = min(y, p[m + 1])
                out[D_NIGHT] += _beyond(p, b, ab, out, buf, n_night, cut, count, x_night, y_night)


def _beyond(p: Row, b: int, ab: Row, out: Cells, buf: Cells, n: int, cut: int, count: int, x: int, y: int) -> int:
    """Return what of [x, y) lies in none of the segments, nor in the presence until `cut`."""
    if y <= x:
        return 0
    total = y - x - _held(p, b, ab, buf, n, x, min(y, cut))
    for r in range(D_SIZE, D_SIZE + count * T_SIZE, T_SIZE):
        total -= max(min(y, out[r + T_E]) - max(x, out[r + T_S]), 0)
    return total


# ---- Section 9: the day.


def _sum_up(p: Row, o: int, out: Cells) -> None:
    """Add up the segments, round overtime, set the flags, and turn seconds into minutes."""
    flags = 0
    for r in range(D_SIZE, D_SIZE + max(p[o + P_COUNT], 1) * T_SIZE, T_SIZE):
        out[D_PLANNED] += out[r + T_PLANNED]
        out[D_PRESENT] += out[r + T_PRESENT]
        out[D_LATE] += out[r + T_LATE]
        out[D_EARLY] += out[r + T_EARLY]
        out[D_ABSENT] += out[r + T_ABSENT]
        out[D_AWAY] += out[r + T_AWAY]
        out[D_PAID] += out[r + T_PAID]
        out[D_UNPAID] += out[r + T_UNPAID]
        out[D_DUTY] += out[r + T_DUTY]
        flags |= out[r + T_FLAGS]
    kind = p[o + P_KIND]
    if kind != _IRREGULAR:
        for i in range(D_OT, D_OT + 3):
            if out[i] < p[o + P_OT_MIN]:
                out[i] = 0
            elif p[o + P_OT_ROUND] > 1:
                out[i] -= out[i] % p[o + P_OT_ROUND]
        if p[o + P_CLASS] == 2 and p[o + P_HOLIDAY_OT] and kind != _OFF:
            out[D_OT + 2] += out[D_PRESENT] + out[D_DUTY]
    overtime = out[D_OT] + out[D_OT + 1] + out[D_OT + 2]
    out[D_WORKED] = out[D_PRESENT] + out[D_DUTY] + out[D_EXTRA]
    flags |= LEAVE if out[D_PAID] + out[D_UNPAID] > 0 else 0
    flags |= DUTY if out[D_DUTY] > 0 else 0
    flags |= OVERTIME if overtime > 0 else 0
    flags |= AWAY if out[D_AWAY] > 0 else 0
    flags |= SHORT if out[D_SHORT] > 0 else 0
    flags |= UNPLANNED if kind == _OFF and out[D_KEPT] > 0 and overtime + out[D_EXTRA] == 0 else 0
    flags |= DUPLICATES if out[D_KEPT] < out[D_PUNCHES] else 0
    flags |= HOLIDAY if p[o + P_CLASS] == 2 else 0
    flags |= REST if p[o + P_CLASS] == 1 else 0
    out[D_FLAGS] = flags
    for i in range(D_FLAGS):
        out[i] //= 60


def one_day(
    p: Row, before: int, o: int, after: int, ts: Row, t: int, t0: int, t1: int,
    absences: Row, a: int, z: int, overtimes: Row, v: int, w: int, out: Cells, buf: Cells, ab: Cells, ov: Cells,
) -> int:  # fmt: skip
    """Compute the day of the plan at `o` into `out`; return where in `ts` the next date's punches are likely to begin.

    `before` and `after` are where the plans of the dates next to it begin, -1 for none; [t0, t1), [a, z) and [v, w) are
    this person's punches, absences and approvals, `t` where in `ts` to look first; `ab` and `ov` have room for them.
    """
    count = p[o + P_COUNT]
    for i in range(D_SIZE + max(count, 1) * T_SIZE):
        out[i] = 0
    out[D_FIRST_IN] = NEVER
    out[D_LAST_OUT] = NEVER
    ab[0] = 0
    ov[0] = 0
    if a < z or v < w:
        begin = _reach_from(p, before, o)
        end = _reach_to(p, o, after)
        _near(absences, a, z, 3, begin, end, ab)
        _near(overtimes, v, w, 2, begin, end, ov)
    if count == 0:
        out[D_SIZE + T_FROM] = _own_from(p, before, o)
        out[D_SIZE + T_TO] = _own_to(p, o, after)
        _keep(p, o, ts, t, t0, t1, out, D_SIZE, buf)
        t = out[D_SIZE + T_FIRST] + out[D_SIZE + T_PUNCHES]
        _whole_day(p, o, ab, ov, out, buf)
    for j in range(count):
        r = D_SIZE + j * T_SIZE
        out[r + T_FROM] = _window_from(p, before, o, j)
        out[r + T_TO] = _window_to(p, o, after, j)
        _keep(p, o, ts, t, t0, t1, out, r, buf)
        t = out[r + T_FIRST] + out[r + T_PUNCHES]
        if p[o + P_KIND] == _CORE:
            _core(p, o, ab, ov, out, buf)
        else:
            _segment(p, o, j, ab, ov, out, buf)
    if count > 0 and p[o + P_OT_MODE] == _APPROVED and p[o + P_KIND] != _CORE:
        _approved(p, o, o + P_NO_SEGMENT, ab, ov, out, buf, 0, 0, 0, count)
    _sum_up(p, o, out)
    return t


def _near(spans: Row, first: int, last: int, size: int, begin: int, end: int, found: Cells) -> None:
    """Put those of the spans that reach into [begin, end) into `found`, after their number."""
    n = 0
    for i in range(size * first, size * last, size):
        if spans[i] < end and spans[i + 1] > begin:
            for m in range(size):
                found[1 + size * n + m] = spans[i + m]
            n += 1
    found[0] = n


def people(
    p: Row, plans: Row, rows: Row, first: int, last: int, ts: Row, punches: Row,
    absences: Row, absent: Row, overtimes: Row, approved: Row,
    minutes: Any, flags: Any, seen: Any, counts: Any, out: Cells, buf: Cells, ab: Cells, ov: Cells,
) -> None:  # fmt: skip
    """Compute all days of the people numbered [first, last) into the columns `minutes`, `flags`, `seen` and `counts`.

    `plans` tells for each day where its plan begins, `rows`, `punches`, `absent` and `approved` for each person where
    their days begin, the next one's beginning being their end; `punches`, `absent` and `approved` tell both.
    """
    for person in range(first, last):
        t = punches[2 * person]
        before = -1
        for row in range(rows[person], rows[person + 1]):
            o = plans[row]
            after = -1
            if row + 1 < rows[person + 1] and p[plans[row + 1] + P_DATE] == p[o + P_DATE] + 1:
                after = plans[row + 1]
            t = one_day(
                p, before, o, after, ts, t, punches[2 * person], punches[2 * person + 1],
                absences, absent[2 * person], absent[2 * person + 1],
                overtimes, approved[2 * person], approved[2 * person + 1], out, buf, ab, ov,
            )  # fmt: skip
            before = o if after >= 0 else -1
            for i in range(D_FLAGS):
                minutes[i, row] = out[i]
            flags[row] = out[D_FLAGS]
            seen[0, row] = out[D_FIRST_IN]
            seen[1, row] = out[D_LAST_OUT]
            counts[0, row] = out[D_PUNCHES]
            counts[1, row] = out[D_KEPT]


# What `bulk` compiles, each after those it calls; small ones end up within these.
KERNEL = (
    _net, _free, _taken, _held, _used, _window_from, _window_to, _own_from, _own_to, _reach_from, _reach_to, _keep,
    _middle, _in_and_out, _stretches, _grade, _shift, _due, _night_of, _credit, _candidate, _beyond, _approved,
    _segment, _core, _whole_day, _sum_up, _near, one_day, people,
)  # fmt: skip
