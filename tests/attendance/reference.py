"""A slow, literal reading of `docs/attendance-rules.md`, written from the text alone, one function per section.

It thinks in sets of instants and in seconds, knows nothing of the kernel, and is there to disagree with it. The plan
side hands in a day with the attributes of `Planned` and `Terms` below; nothing else of the program is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

MINUTE = 60
PAID, UNPAID, DUTY = 1, 2, 3
OFF, FIXED, FLEXIBLE, CORE, FREE, IRREGULAR = range(6)
WORKDAY, REST, HOLIDAY = range(3)
NO_OVERTIME, BY_PUNCHES, APPROVED_AND_PUNCHED, AS_APPROVED, AS_WORK = range(5)
EVER = 2**62

FLAG = {
    "late": 1, "seriously late": 2, "late as absence": 4, "early": 8, "early as absence": 16,
    "missing in": 32, "missing out": 64, "absent": 128, "leave": 256, "duty": 512, "overtime": 1024,
    "away": 2048, "short": 4096, "unplanned": 8192, "duplicates": 16384, "holiday": 32768, "rest": 65536,
}  # fmt: skip


class Instants:
    """A set of whole seconds, kept as ascending stretches that do not touch."""

    def __init__(self, *stretches: tuple[int, int]) -> None:
        merged: list[tuple[int, int]] = []
        for start, end in sorted(stretch for stretch in stretches if stretch[0] < stretch[1]):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        self.stretches = tuple(merged)

    def __or__(self, other: Instants) -> Instants:
        return Instants(*self.stretches, *other.stretches)

    def __and__(self, other: Instants) -> Instants:
        return Instants(*((max(a, c), min(b, d)) for a, b in self.stretches for c, d in other.stretches))

    def __sub__(self, other: Instants) -> Instants:
        edges = [-EVER, *(edge for stretch in other.stretches for edge in stretch), EVER]
        return self & Instants(*zip(edges[::2], edges[1::2], strict=True))

    def __len__(self) -> int:
        return sum(end - start for start, end in self.stretches)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Instants) and self.stretches == other.stretches

    def __hash__(self) -> int:
        return hash(self.stretches)

    def __repr__(self) -> str:
        return f"Instants{self.stretches}"

    def __contains__(self, instant: int) -> bool:
        return any(start <= instant < end for start, end in self.stretches)

    def before(self, instant: int) -> Instants:
        """Return those that are before an instant."""
        return self & Instants((-EVER, instant))

    def since(self, instant: int) -> Instants:
        """Return those that are not before an instant."""
        return self & Instants((instant, EVER))

    def first(self, count: int) -> Instants:
        """Return the first so many of them."""
        taken = []
        for start, end in self.stretches:
            taken.append((start, min(end, start + count)))
            count -= min(end - start, count)
        return Instants(*taken)


class Segment(Protocol):
    """A stretch of planned work."""

    start: int
    end: int
    breaks: Sequence[tuple[int, int]]
    need_in: int
    need_out: int
    before: int
    after: int


class Terms(Protocol):
    """The policy of a plan; names and units as in section 1."""

    drop_seconds: int
    dup: int
    grace_in: int
    late_from_grace: int
    serious_after: int
    late_absent_after: int
    grace_out: int
    early_absent_after: int
    flex_early: int
    flex_late: int
    missing_trusted: int
    gate: int
    gate_free: int
    pairing: int
    auto_break_after: int
    auto_break: int
    ot_mode: int
    ot_before: int
    ot_start_after: int
    ot_min: int
    ot_round: int
    ot_by_calendar: int
    holiday_is_overtime: int


class Planned(Protocol):
    """One plan of a work date."""

    kind: int
    day_class: int
    next_class: int
    segments: Sequence[Segment]
    midnights: Sequence[int]
    day_start: int
    day_end: int
    night: Sequence[tuple[int, int]]
    core_start: int
    core_end: int
    target: int
    policy: Terms


@dataclass
class Tally:
    """What has been found of a day so far, in seconds and instants."""

    planned: int = 0
    present: int = 0
    late: int = 0
    early: int = 0
    absent: int = 0
    away: int = 0
    short: int = 0
    paid: int = 0
    unpaid: int = 0
    duty: int = 0
    present_at: Instants = field(default_factory=Instants)
    candidates: Instants = field(default_factory=Instants)
    not_as_approved: Instants = field(default_factory=Instants)
    holiday_presence: int = 0
    holiday_presence_at: Instants = field(default_factory=Instants)
    ins: list[int] = field(default_factory=list)
    outs: list[int] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Record:
    """A day record: minutes, unless said."""

    planned: int
    worked: int
    late: int
    early: int
    absent: int
    away: int
    short: int
    paid_leave: int
    unpaid_leave: int
    duty: int
    extra: int
    overtime_workday: int
    overtime_rest: int
    overtime_holiday: int
    night: int
    flags: int
    first_in: int | None
    last_out: int | None
    n_punches: int
    n_kept: int


@dataclass(frozen=True)
class Absences:
    """The approved absences of a person as sets of instants."""

    paid: Instants
    unpaid: Instants
    duty: Instants

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int]]) -> Absences:
        """Sort approved intervals by their kind."""
        rows = list(rows)
        return cls(*(Instants(*((a, b) for a, b, kind in rows if kind == wanted)) for wanted in (PAID, UNPAID, DUTY)))

    @property
    def leave(self) -> Instants:
        """Return `L`."""
        return self.paid | self.unpaid

    @property
    def all(self) -> Instants:
        """Return `E`."""
        return self.leave | self.duty


def read_day(
    before: Planned | None,
    plan: Planned,
    after: Planned | None,
    punches: Sequence[int],
    absences: Iterable[tuple[int, int, int]],
    approvals: Iterable[tuple[int, int]],
) -> Record:
    """Return the record of a plan's day, given the plans of the dates beside it and all facts of the person."""
    policy, facts = plan.policy, Absences.of(absences)
    windows = windows_of(before, plan, after)
    inside = [[punch for punch in sorted(punches) if start <= punch < end] for start, end in windows]
    if policy.drop_seconds:
        inside = [[punch // MINUTE * MINUTE for punch in some] for some in inside]
    kept = [kept_of(punches_inside, policy.dup) for punches_inside in inside]

    tally = Tally()
    if plan.kind in (FIXED, FLEXIBLE):
        read_segments(tally, plan, kept, facts)
    elif plan.kind == CORE:
        read_core(tally, plan, kept[0], facts)
    else:
        read_whole_day(tally, plan, windows[0], kept[0], facts)

    counted, extra, overtime = overtime_of(tally, plan, Instants(*windows), Instants(*approvals))
    n_punches, n_kept = sum(map(len, inside)), sum(map(len, kept))
    return finish(tally, plan, counted, extra, overtime, n_punches, n_kept)


# Section 3: which day a punch belongs to


def has_segments(plan: Planned | None) -> bool:
    """Tell whether a plan's windows are those of segments."""
    return plan is not None and plan.kind in (FIXED, FLEXIBLE, CORE)


def owns_the_day(plan: Planned | None) -> bool:
    """Tell whether a plan owns a whole day."""
    return plan is not None and plan.kind in (OFF, FREE, IRREGULAR)


def segment_windows(plans: Sequence[Planned | None]) -> list[tuple[int, tuple[int, int]]]:
    """Return the windows of all segments of consecutive dates after cut 1, each with the index of its date."""
    edges = []  # of each segment: its date, and start and end as they stand for it here
    for index, plan in enumerate(plans):
        if plan is None or not has_segments(plan):
            continue
        first, last = plan.segments[:1], plan.segments[-1:]
        for segment in plan.segments:
            start = segment.start - (plan.policy.flex_early if plan.kind == FLEXIBLE and segment in first else 0)
            end = segment.end + (plan.policy.flex_late if plan.kind == FLEXIBLE and segment in last else 0)
            edges.append((index, segment, start, end))
    opens = [start - segment.before for _index, segment, start, _end in edges]
    closes = [end + segment.after for _index, segment, _start, end in edges]
    for number in range(len(edges) - 1):
        earlier, later = edges[number], edges[number + 1]
        neighbours = later[0] - earlier[0] <= 1
        if neighbours and closes[number] > opens[number + 1]:
            closes[number] = opens[number + 1] = (earlier[3] + later[2]) // 2
    return [(edge[0], (opens[number], closes[number])) for number, edge in enumerate(edges)]


def windows_of(before: Planned | None, plan: Planned, after: Planned | None) -> list[tuple[int, int]]:
    """Return the windows a plan owns: one per segment, or one for the whole day."""
    found = segment_windows([before, plan, after])
    if has_segments(plan):
        return [window for index, window in found if index == 1]
    start, end = plan.day_start, plan.day_end
    last_before = [window for index, window in found if index == 0][-1:]
    first_after = [window for index, window in found if index == 2][:1]
    for _opens, closes in last_before:
        start = max(start, closes)
    for opens, _closes in first_after:
        end = min(end, opens)
    if after is not None and owns_the_day(after):
        end = after.day_start
    return [(start, end)]


# Section 4: which punches count


def kept_of(punches: Sequence[int], dup: int) -> list[int]:
    """Return the punches of one window that are no duplicates."""
    kept: list[int] = []
    for punch in punches:
        if not kept or punch - kept[-1] >= dup:
            kept.append(punch)
    return kept


# Section 5: segments


def punched_of(kept: Sequence[int], required: Instants) -> tuple[int | None, int | None]:
    """Return the in and the out that were really made."""
    if not kept:
        return None, None
    if len(kept) > 1:
        return kept[0], kept[-1]
    if not len(required):
        return kept[0], None
    middle = (required.stretches[0][0] + required.stretches[-1][1]) // 2
    return (kept[0], None) if kept[0] < middle else (None, kept[0])


@dataclass(frozen=True)
class Presence:
    """From when to when somebody counts as there; `None` twice when they do not."""

    arrival: int | None
    departure: int | None
    missing_in: bool
    missing_out: bool


def presence_of(
    punched: tuple[int | None, int | None], segment: Segment, required: Instants, trusted: int, assumed: tuple[int, int]
) -> Presence:
    """Return the in and the out, assumed where the text says so."""
    arrival, departure = punched
    nothing_required = not len(required)
    missing_in = bool(segment.need_in) and not nothing_required and arrival is None and departure is not None
    missing_out = bool(segment.need_out) and not nothing_required and departure is None and arrival is not None
    neither_needed = not segment.need_in and not segment.need_out

    def assume(needed: int, other: int | None, missing: bool) -> bool:
        return (
            (not needed and other is not None)
            or neither_needed
            or nothing_required
            or (other is not None and missing and bool(trusted))
        )

    if punched[0] is None and assume(segment.need_in, punched[1], missing_in):
        arrival = assumed[0]
    if punched[1] is None and assume(segment.need_out, punched[0], missing_out):
        departure = assumed[1]
    return Presence(arrival, departure, missing_in, missing_out)


def gate_gaps(kept: Sequence[int], policy: Terms, net: Instants, absent: Instants) -> Instants:
    """Return the instants somebody was out at the gate and should not have been."""
    gaps = Instants()
    if policy.gate and len(kept) >= 4:
        between = kept[1:-1]
        for left, back in zip(between[::2], between[1::2], strict=False):
            gap = (net & Instants((left, back))) - absent
            if len(gap) > policy.gate_free:
                gaps |= gap
    return gaps


def grade(tally: Tally, policy: Terms, late: int, early: int) -> int:
    """Add late and early seconds of a segment to the day by their grade; return the seconds that are forgiven."""
    forgiven = 0
    if late:
        if late <= policy.grace_in:
            forgiven += late
        else:
            if policy.late_from_grace:
                forgiven += policy.grace_in
                late -= policy.grace_in
            if policy.late_absent_after and late > policy.late_absent_after:
                tally.absent += late
                tally.flags.add("late as absence")
            elif policy.serious_after and late > policy.serious_after:
                tally.late += late
                tally.flags.add("seriously late")
            else:
                tally.late += late
                tally.flags.add("late")
    if early:
        if early <= policy.grace_out:
            forgiven += early
        elif policy.early_absent_after and early > policy.early_absent_after:
            tally.absent += early
            tally.flags.add("early as absence")
        else:
            tally.early += early
            tally.flags.add("early")
    return forgiven


def note_punches(tally: Tally, punched: tuple[int | None, int | None], presence: Presence) -> None:
    """Keep what was really punched, and what is missing."""
    if punched[0] is not None:
        tally.ins.append(punched[0])
    if punched[1] is not None:
        tally.outs.append(punched[1])
    if presence.missing_in:
        tally.flags.add("missing in")
    if presence.missing_out:
        tally.flags.add("missing out")


def shift_of(plan: Planned, kept: Sequence[Sequence[int]], absent: Instants) -> int:
    """Return by how many seconds a flexible day is moved."""
    if plan.kind != FLEXIBLE or not plan.segments or plan.segments[0].start in absent:
        return 0
    first = plan.segments[0]
    required = Instants((first.start, first.end)) - Instants(*first.breaks) - absent
    arrival, _departure = punched_of(kept[0], required)
    if arrival is None:
        return 0
    return max(-plan.policy.flex_early, min(plan.policy.flex_late, arrival - first.start))


def read_segments(tally: Tally, plan: Planned, kept: Sequence[Sequence[int]], facts: Absences) -> None:
    """Read a day of `fixed` or `flexible` segments into the tally."""
    shift = shift_of(plan, kept, facts.all)
    for number, segment in enumerate(plan.segments):
        start = segment.start + (shift if number == 0 else 0)
        end = segment.end + (shift if number == len(plan.segments) - 1 else 0)
        read_segment(tally, plan.policy, segment, start, end, kept[number], facts)


def read_segment(
    tally: Tally, policy: Terms, segment: Segment, start: int, end: int, kept: Sequence[int], facts: Absences
) -> None:
    """Read one segment, expected from `start` to `end`, into the tally."""
    breaks, absent = Instants(*segment.breaks), facts.all
    required = Instants((segment.start, segment.end)) - breaks - absent
    punched = punched_of(kept, required)
    presence = presence_of(punched, segment, required, policy.missing_trusted, (start, end))
    note_punches(tally, punched, presence)

    net = Instants((start, end)) - breaks
    due = net - absent
    tally.planned += len(net)
    tally.paid += len(net & facts.paid)
    tally.unpaid += len(net & facts.unpaid)
    tally.duty += len((net & facts.duty) - facts.leave)
    tally.not_as_approved |= Instants((start, end))
    if presence.arrival is None or presence.departure is None:
        tally.absent += len(due)
        if not kept:
            tally.flags.add("absent")
    else:
        arrival = min(max(presence.arrival, start), end)
        departure = min(max(presence.departure, start), end)
        late = due.before(arrival)
        early = due.since(departure) - late
        away = (due - late - early) & gate_gaps(kept, policy, net, absent)
        present = due - late - early - away
        tally.away += len(away)
        tally.present += len(present) + grade(tally, policy, len(late), len(early))
        tally.present_at |= present
    around = Instants()
    if policy.ot_before and punched[0] is not None:
        around |= Instants((punched[0], start))
    if punched[1] is not None:
        around |= Instants((end + policy.ot_start_after, punched[1]))
    if punched[0] is not None and punched[1] is not None:
        around &= Instants((punched[0], punched[1]))
    tally.candidates |= around - absent


# Section 6: core


def settle_absences(tally: Tally, where: Instants, facts: Absences) -> int:
    """Take paid leave, then unpaid leave, then duty off what is planned; return what is still due."""
    due = tally.planned
    tally.paid = min(len(where & facts.paid), due)
    due -= tally.paid
    tally.unpaid = min(len(where & facts.unpaid), due)
    due -= tally.unpaid
    tally.duty = min(len((where & facts.duty) - facts.leave), due)
    return due - tally.duty


def read_core(tally: Tally, plan: Planned, kept: Sequence[int], facts: Absences) -> None:
    """Read a day whose core must be worked and whose target is due."""
    policy, (band,), absent = plan.policy, plan.segments, facts.all
    net = Instants((band.start, band.end)) - Instants(*band.breaks)
    core = Instants((plan.core_start, plan.core_end)) - Instants(*band.breaks) - absent
    punched = punched_of(kept, core)
    presence = presence_of(punched, band, core, policy.missing_trusted, (plan.core_start, plan.core_end))
    note_punches(tally, punched, presence)

    tally.planned = plan.target
    due = settle_absences(tally, net, facts)
    if presence.arrival is None or presence.departure is None:
        tally.absent = due
        if not kept:
            tally.flags.add("absent")
    else:
        late = core.before(presence.arrival)
        early = core.since(presence.departure) - late
        gaps = gate_gaps(kept, policy, net, absent)
        there = (net & Instants((presence.arrival, presence.departure))) - absent
        worked = there - gaps
        tally.away = len(there & gaps)
        tally.present_at = worked.first(due)
        tally.candidates = worked - tally.present_at
        forgiven = grade(tally, policy, len(late), len(early))
        tally.present = min(due, len(tally.present_at) + forgiven)
    tally.short = max(0, due - tally.present - tally.late - tally.early - tally.absent)
    tally.not_as_approved = tally.present_at


# Section 7: free, irregular and off


def whole_day_presence(kept: Sequence[int], policy: Terms, absent: Instants) -> Instants:
    """Return the instants somebody was there on a day without segments."""
    if policy.pairing == 0:
        pairs = [(kept[0], kept[-1])] if len(kept) >= 2 else []
    else:
        pairs = list(zip(kept[::2], kept[1::2], strict=False))
    there = Instants(*pairs) - absent
    if policy.auto_break_after and len(there) >= policy.auto_break_after:
        there = there.first(max(0, len(there) - policy.auto_break))
    return there


def read_whole_day(tally: Tally, plan: Planned, window: tuple[int, int], kept: Sequence[int], facts: Absences) -> None:
    """Read a day of free or irregular hours, or one off."""
    policy = plan.policy
    there = whole_day_presence(kept, policy, facts.all)
    odd = policy.pairing == 1 and len(kept) % 2 == 1
    if (len(kept) == 1 or odd) and plan.kind != IRREGULAR:
        tally.flags.add("missing out")
    if kept:
        tally.ins.append(kept[0])
    if len(kept) > 1:
        tally.outs.append(kept[-2] if odd else kept[-1])

    if plan.kind == OFF:
        tally.candidates = there
    elif plan.kind == IRREGULAR:
        if plan.day_class == HOLIDAY and policy.holiday_is_overtime:
            tally.holiday_presence, tally.holiday_presence_at = len(there), there
        else:
            tally.present, tally.present_at = len(there), there
    else:
        read_free(tally, plan, Instants(window), kept, there, facts)


def read_free(
    tally: Tally, plan: Planned, window: Instants, kept: Sequence[int], there: Instants, facts: Absences
) -> None:
    """Read a day on which some hours are due, whenever."""
    tally.planned = plan.target
    due = settle_absences(tally, window, facts)
    tally.present_at = there.first(due)
    tally.candidates = there - tally.present_at
    tally.present = len(tally.present_at)
    if not kept:
        tally.absent = due
        if due:
            tally.flags.add("absent")
    elif len(kept) == 1 and plan.policy.missing_trusted:
        tally.present = due
    else:
        tally.short = due - tally.present


# Section 8: overtime


def overtime_of(
    tally: Tally, plan: Planned, windows: Instants, approved: Instants
) -> tuple[Instants, int, dict[int, int]]:
    """Return the instants that count as overtime or extra work, the extra seconds, and the overtime by class."""
    policy, candidates = plan.policy, tally.candidates
    counted, extra = Instants(), 0
    if policy.ot_mode == BY_PUNCHES:
        counted = candidates
    elif policy.ot_mode == APPROVED_AND_PUNCHED:
        counted = candidates & approved
    elif policy.ot_mode == AS_APPROVED and plan.kind != IRREGULAR:
        counted = (approved & windows) - tally.not_as_approved
    elif policy.ot_mode == AS_WORK:
        counted, extra = candidates, len(candidates)

    overtime = dict.fromkeys((WORKDAY, REST, HOLIDAY), 0)
    if policy.ot_mode != AS_WORK:
        next_date = plan.midnights[1] if policy.ot_by_calendar else EVER
        overtime[plan.day_class] += len(counted.before(next_date))
        overtime[plan.next_class] += len(counted.since(next_date))
    for day_class, seconds in overtime.items():
        if seconds < policy.ot_min:
            overtime[day_class] = 0
        elif policy.ot_round > 1:
            overtime[day_class] = seconds // policy.ot_round * policy.ot_round

    if policy.holiday_is_overtime and plan.day_class == HOLIDAY and plan.kind in (FIXED, FLEXIBLE, CORE, FREE):
        overtime[HOLIDAY] += tally.present + tally.duty
    overtime[HOLIDAY] += tally.holiday_presence
    return counted, extra, overtime


# Section 9: the day


def finish(
    tally: Tally,
    plan: Planned,
    counted: Instants,
    extra: int,
    overtime: dict[int, int],
    n_punches: int,
    n_kept: int,
) -> Record:
    """Return the record: flags from seconds, each total floored to minutes once."""
    if plan.kind in (FIXED, FLEXIBLE):
        parts = (tally.present, tally.late, tally.early, tally.absent, tally.away, tally.paid, tally.unpaid, tally.duty)
        assert tally.planned == sum(parts), (tally.planned, parts)
    flags = set(tally.flags)
    amounts = {
        "leave": tally.paid + tally.unpaid, "duty": tally.duty, "overtime": sum(overtime.values()),
        "away": tally.away, "short": tally.short, "duplicates": n_punches - n_kept,
    }  # fmt: skip
    flags |= {name for name, amount in amounts.items() if amount > 0}
    if plan.kind == OFF and n_kept and not sum(overtime.values()) and not extra:
        flags.add("unplanned")
    flags |= {name for name, day_class in (("holiday", HOLIDAY), ("rest", REST)) if plan.day_class == day_class}
    night = Instants(*plan.night) & (tally.present_at | tally.holiday_presence_at | counted)
    return Record(
        planned=tally.planned // MINUTE,
        worked=(tally.present + tally.duty + extra) // MINUTE,
        late=tally.late // MINUTE,
        early=tally.early // MINUTE,
        absent=tally.absent // MINUTE,
        away=tally.away // MINUTE,
        short=tally.short // MINUTE,
        paid_leave=tally.paid // MINUTE,
        unpaid_leave=tally.unpaid // MINUTE,
        duty=tally.duty // MINUTE,
        extra=extra // MINUTE,
        overtime_workday=overtime[WORKDAY] // MINUTE,
        overtime_rest=overtime[REST] // MINUTE,
        overtime_holiday=overtime[HOLIDAY] // MINUTE,
        night=len(night) // MINUTE,
        flags=sum(FLAG[name] for name in flags),
        first_in=min(tally.ins, default=None),
        last_out=max(tally.outs, default=None),
        n_punches=n_punches,
        n_kept=n_kept,
    )


# Section 10: balances and periods


@dataclass(frozen=True)
class BankTerms:
    """How an hours bank is limited, in minutes and days; 0 switches `cap` and `expire_days` off."""

    cap: int = 0
    floor: int = 0
    expire_days: int = 0


@dataclass
class Bank:
    """An hours bank after its movements, in minutes."""

    lots: list[tuple[int, int]] = field(default_factory=list)
    debt: int = 0
    expired: int = 0
    refused: int = 0
    overflow: int = 0

    @property
    def balance(self) -> int:
        """Return what there is, negative when more was taken."""
        return sum(minutes for _on, minutes in self.lots) - self.debt


def read_bank(movements: Iterable[tuple[int, int]], terms: BankTerms, until: int | None = None) -> Bank:
    """Return the bank after movements `(date, minutes)` in order of date, and after the expiries up to `until`."""
    bank = Bank()

    def expire(on: int) -> None:
        old = [lot for lot in bank.lots if terms.expire_days and on - lot[0] > terms.expire_days]
        bank.expired += sum(minutes for _on, minutes in old)
        bank.lots = [lot for lot in bank.lots if lot not in old]

    for on, minutes in sorted(movements, key=lambda movement: movement[0]):
        expire(on)
        if minutes < 0:
            wanted = -minutes
            while wanted and bank.lots:
                lot_on, there = bank.lots.pop(0)
                taken = min(there, wanted)
                wanted -= taken
                if there > taken:
                    bank.lots.insert(0, (lot_on, there - taken))
            lent = min(wanted, terms.floor - bank.debt)
            bank.debt += lent
            bank.refused += wanted - lent
        else:
            filled = min(minutes, bank.debt)
            bank.debt -= filled
            rest = minutes - filled
            room = terms.cap - bank.balance if terms.cap else rest
            credited = max(0, min(rest, room))
            bank.overflow += rest - credited
            if credited:
                bank.lots.append((on, credited))
    if until is not None:
        expire(until)
    return bank


def read_comprehensive(days: Iterable[tuple[int, int]], *, workdays: int, daily_minutes: int) -> tuple[int, int]:
    """Return a period's overtime of the classes workday and holiday; a day is `(class, worked minutes)`."""
    ordinary = holiday = 0
    for day_class, minutes in days:
        if day_class == HOLIDAY:
            holiday += minutes
        else:
            ordinary += minutes
    return max(0, ordinary - workdays * daily_minutes), holiday
