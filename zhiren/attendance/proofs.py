"""Why a day came out as it did: everything the rules used for it, as plain values. Pure; words are made elsewhere."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from zhiren.attendance import rules
from zhiren.rostering.plans import Kind, PlanDay

# What a punch was taken as. `left` and `back` are a pair within a segment, a gap if it was long enough.
IN, OUT, LEFT, BACK, BETWEEN, DUPLICATE = "in", "out", "left", "back", "between", "duplicate"
# How an in or an out came to be.
HOW = ("none", "punched", "assumed")


@dataclass(frozen=True)
class PunchUsed:
    """A punch in one of the day's windows: when it was made, what the day computes with, and what it was taken as."""

    at: int
    counted: int
    role: str
    segment: int


@dataclass(frozen=True, kw_only=True)
class SegmentProof:
    """How one segment, or a day without segments, came out; instants in UTC seconds, amounts in seconds.

    Punches in [`window_from`, `window_to`) were its own. `came_at` and `went_at` are None where `came` and `went` are
    `none`. `middle` is what decided whether a lone punch was an in or an out. `late_found` and `early_found` are before
    grace; the amounts after it. `flags` are those of `rules` that this segment raised.
    """

    window_from: int
    window_to: int
    expected_from: int
    expected_to: int
    came: str
    came_at: int | None
    went: str
    went_at: int | None
    middle: int | None
    late_found: int
    early_found: int
    planned: int
    present: int
    late: int
    early: int
    absent: int
    away: int
    leave_paid: int
    leave_unpaid: int
    duty: int
    flags: int


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Everything that made a day what it is; the same inputs give the same proof.

    `shift` is by how much an arrival moved a flexible day. Presence until `counted_to` is work as planned, after that
    and until `presence_to` it may be overtime (None where presence is not reckoned by the day). `absences` and
    `overtimes` are those that touched it.
    """

    rules_version: int
    work_date: int
    kind: int
    day_class: int
    day: rules.Day
    punches: tuple[PunchUsed, ...]
    segments: tuple[SegmentProof, ...]
    shift: int
    counted_to: int | None
    presence_to: int | None
    absences: tuple[tuple[int, int, int], ...]
    overtimes: tuple[tuple[int, int], ...]

    def to_json(self) -> dict[str, Any]:
        """Return the proof as plain values for JSON."""
        return {**asdict(self), "day": self.day._asdict()}


def explain(
    previous: PlanDay | None,
    plan: PlanDay,
    following: PlanDay | None,
    punches: Sequence[int],
    absences: Sequence[tuple[int, int, int]],
    overtimes: Sequence[tuple[int, int]],
) -> Proof:
    """Return why a day came out as it did; takes what `rules.day` takes, and its `day` is what that returns."""
    out = rules.traced(previous, plan, following, punches, absences, overtimes)
    low, high = rules.reach(previous, plan, following)
    places = [rules.D_SIZE + number * rules.T_SIZE for number in range(max(len(plan.segments), 1))]
    reckoned = bool(out[rules.D_PRESENCE_TO])
    return Proof(
        rules_version=rules.RULES_VERSION,
        work_date=plan.work_date,
        kind=plan.kind,
        day_class=plan.day_class,
        day=rules.day_of(out),
        punches=tuple(used for number, r in enumerate(places) for used in _used(plan, punches, out, r, number)),
        segments=tuple(_segment(out, r) for r in places),
        shift=out[rules.D_SHIFT],
        counted_to=out[rules.D_COUNTED_TO] if reckoned else None,
        presence_to=out[rules.D_PRESENCE_TO] if reckoned else None,
        absences=tuple(each for each in absences if each[0] < high and each[1] > low),
        overtimes=tuple(each for each in overtimes if each[0] < high and each[1] > low),
    )


def _segment(out: Sequence[int], r: int) -> SegmentProof:
    came, went = out[r + rules.T_CAME], out[r + rules.T_WENT]
    return SegmentProof(
        window_from=out[r + rules.T_FROM],
        window_to=out[r + rules.T_TO],
        expected_from=out[r + rules.T_S],
        expected_to=out[r + rules.T_E],
        came=HOW[came],
        came_at=out[r + rules.T_IN] if came else None,
        went=HOW[went],
        went_at=out[r + rules.T_OUT] if went else None,
        middle=out[r + rules.T_MIDDLE] if out[r + rules.T_KEPT] == 1 and came != went else None,
        late_found=out[r + rules.T_LATE_FOUND],
        early_found=out[r + rules.T_EARLY_FOUND],
        planned=out[r + rules.T_PLANNED],
        present=out[r + rules.T_PRESENT],
        late=out[r + rules.T_LATE],
        early=out[r + rules.T_EARLY],
        absent=out[r + rules.T_ABSENT],
        away=out[r + rules.T_AWAY],
        leave_paid=out[r + rules.T_PAID],
        leave_unpaid=out[r + rules.T_UNPAID],
        duty=out[r + rules.T_DUTY],
        flags=out[r + rules.T_FLAGS],
    )


def _used(plan: PlanDay, punches: Sequence[int], out: Sequence[int], r: int, number: int) -> Iterator[PunchUsed]:
    """Tell what each punch of a window was taken as."""
    policy, count = plan.policy, out[r + rules.T_KEPT]
    first = out[r + rules.T_FIRST]
    last: int | None = None
    kept = 0
    for at in punches[first : first + out[r + rules.T_PUNCHES]]:
        counted = at - at % 60 if policy.drop_seconds else at
        if last is not None and counted - last < policy.dup:
            yield PunchUsed(at, counted, DUPLICATE, number)
            continue
        yield PunchUsed(at, counted, _role(plan, out, r, kept, count), number)
        last = counted
        kept += 1


def _role(plan: PlanDay, out: Sequence[int], r: int, place: int, count: int) -> str:
    """Return what the kept punch at a place among so many was taken as."""
    if plan.kind in (Kind.OFF, Kind.FREE, Kind.IRREGULAR) and plan.policy.pairing:
        return OUT if place % 2 else IN
    if place == 0:
        return OUT if count == 1 and out[r + rules.T_WENT] == rules.PUNCHED else IN
    if place == count - 1:
        return OUT
    if plan.segments and plan.policy.gate and place + place % 2 < count - 1:
        return LEFT if place % 2 else BACK
    return BETWEEN
