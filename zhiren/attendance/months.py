"""A month of many people at once, from what is stored to what is stored: what `computing` does, by columns.

Everybody who is planned alike shares one roster, the rules run compiled where numba is there (`bulk`), and only days
that changed are written. The outcome is that of the days computed one by one, but that less is told: see `_tell`.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from zhiren.attendance import banking, binary, bulk, computing, digests, known, queries, rules, run_queries, summing
from zhiren.attendance.models import TOTALS
from zhiren.rostering import alike
from zhiren.rostering import queries as rostering
from zhiren.rostering.plans import PlanDay, days_since_1970

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

DAY = timedelta(days=1)
# A day is over, whatever its plan, once so much time has passed since it began in UTC.
_OVER_AFTER = 2 * DAY + computing.REACH
# Of days this far back is told when they are computed for the first time; older ones are history.
TOLD_BACK = timedelta(days=3)
_EPOCH = date(1970, 1, 1)
_TYPES = (
    {"employment_id": "uuid", "on": "date"}
    | dict.fromkeys(TOTALS, "int4")
    | {
        "day_class": "int2", "flags": "int4", "first_in": "timestamptz", "last_out": "timestamptz",
        "n_punches": "int2", "n_kept": "int2", "is_final": "bool", "rules_version": "int2", "digest": "int8",
        "computed_at": "timestamptz",
    }
)  # fmt: skip
_WORKED = TOTALS.index("worked")
_LATE_ABSENT = [TOTALS.index("late"), TOTALS.index("absent")]
_LATER = [TOTALS.index(name) for name in computing.LATER]


@dataclass(frozen=True)
class Done:
    """What computing a month of some people came to: days looked at, written, and adjusted as their month is closed."""

    people: int = 0
    days: int = 0
    written: int = 0
    adjusted: int = 0


@dataclass(frozen=True)
class Given:
    """What days of a month of some people are computed from: their numbers stand for `ids`.

    `counts` tells which rows of the roster are days of theirs that are over; the others only stand beside those.
    """

    ids: list[UUID]
    frames: bulk.Frames
    counts: Mask


@dataclass(frozen=True)
class _People:
    """Some people by number, and which dates of a month are theirs; a cell for each of them and date.

    `wanted` are the cells to compute.
    """

    ids: list[UUID]
    first: date
    last: date
    employed: Mask
    closed: Mask
    wanted: Mask

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class _Roster:
    """Plans, which of them each person has on each date and the dates beside the month (-1: none), and how far each
    date of the month is: whether it has begun, and is over."""

    plans: list[PlanDay]
    numbers: NDArray[np.int32]
    begun: Mask
    final: Mask


def dates_of(month: date) -> tuple[date, date]:
    """Return the first and the last date of a month."""
    first = month.replace(day=1)
    return first, (first + 31 * DAY).replace(day=1) - DAY


@transaction.atomic
def compute_month(
    *,
    at: datetime,
    month: date,
    entity_id: UUID | None = None,
    after: UUID | None = None,
    until: UUID | None = None,
    marked: bool = False,
) -> Done:
    """Compute all days of a month anew, and its sums, and write what changed: of everybody, of a legal entity, of those
    whose ids are above `after` and not above `until`. With `marked`, only the days that are marked.

    They are locked while it lasts. Days of a closed month stay; by how much they would differ is noted beside them.
    """
    first, last = dates_of(month)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    whose = run_queries.marked_of if marked else run_queries.people_of
    ids = whose(first, last, entity_id=entity_id, after=after, until=until)
    computing.lock(ids)
    people = _people(ids, first, last)
    if not people.ids:
        return Done()
    marks = _unmark(people)
    if marked:
        people.wanted[:] = marks
    roster = _roster(people, at)
    cells, table = _computed(people, roster)
    stored, before, is_known = _stored(people)
    digest = digests.digests(table)
    same = np.zeros(len(cells), np.bool_)
    same[stored[cells]] = before[cells][stored[cells]] == digest[stored[cells]]
    closed = np.repeat(people.closed, people.days)
    gone = stored & ~closed & people.wanted.reshape(-1)
    gone[cells] = False
    written = ~same & ~closed[cells]
    told = _told(people, cells[written & stored[cells]])
    touched = np.unique(np.concatenate((cells[written], np.flatnonzero(gone))) // people.days)
    changing = _changing(people, cells[written], stored, gone, before, digest[written], is_known) if marked else None
    _write(people, cells[written], table[:, written], digest[written], stored[cells[written]], at, changing)
    _forget(people, np.flatnonzero(gone))
    if changing or not len(touched):
        others = set(touched.tolist()) - set(changing.whose if changing else ())
        computing.sum_months((people.ids[number], people.first) for number in others)
    else:
        _sum(people, touched, cells, table, digest)
    _tell(people, cells[written], table[:, written], stored, told, at)
    _bank(people, cells, table, at)
    missing = stored & closed & people.wanted.reshape(-1)
    missing[cells] = False
    late = _beside_closed(people, np.concatenate((cells[~same & closed[cells]], np.flatnonzero(missing))))
    adjusted = computing.compute(at=at, keys=late).adjusted
    return Done(len(ids), len(cells) + int(gone.sum() + missing.sum()), int(written.sum() + gone.sum()), adjusted)


def given(*, at: datetime, month: date, employment_ids: list[UUID]) -> Given:
    """Return what the days of a month of these people are computed from, as `compute_month` would."""
    people = _people(employment_ids, *dates_of(month))
    roster = _roster(people, at)
    employee, column = np.nonzero(roster.numbers >= 0)
    plan = roster.numbers[employee, column]
    counts = _begun(people, roster, employee, column)
    counts[counts] = roster.final[employee[counts], column[counts] - 1]
    return Given(people.ids, _frames(people, roster.plans, employee, plan), counts)


def _people(ids: list[UUID], first: date, last: date) -> _People:
    rows = run_queries.employed_spans(ids)
    closed = queries.closed_months({entity_id for _id, entity_id, _from, _to in rows})
    far = last + DAY
    begins = np.array([days_since_1970(from_on) for _id, _entity, from_on, _to in rows], np.int64)
    ends = np.array([days_since_1970(to_on or far) for _id, _entity, _from, to_on in rows], np.int64)
    dates = np.arange(days_since_1970(first), days_since_1970(far))
    return _People(
        ids=[row[0] for row in rows],
        first=first,
        last=last,
        employed=(begins[:, None] <= dates) & (dates <= ends[:, None]),
        closed=np.array([(entity_id, first) in closed for _id, entity_id, _from, _to in rows], np.bool_),
        wanted=np.ones((len(rows), len(dates)), np.bool_),
    )


def _unmark(people: _People) -> Mask:
    """Take the marks away before anything is read: what is marked from now on is computed once more. Return them."""
    numbers, dates = run_queries.take_marks(people.ids, people.first, people.last)
    marks = np.zeros((len(people.ids), people.days), np.bool_)
    marks[numbers, dates - days_since_1970(people.first)] = True
    return marks


def _roster(people: _People, at: datetime) -> _Roster:
    """Return everybody's plans; those of a day that goes on take who came to stay."""
    span = (people.first - DAY, people.last + DAY)
    number_of = {one: number for number, one in enumerate(people.ids)}
    numbers = np.full((len(people.ids), people.days + 2), -1, np.int32)
    begun, final = np.ones((2, len(people.ids), people.days), np.bool_)
    places: dict[int, int] = {}
    plans: list[PlanDay] = []

    def place_of(plan: PlanDay) -> int:
        if id(plan) not in places:
            places[id(plan)] = len(plans)
            plans.append(plan)
        return places[id(plan)]

    dates = [people.first + DAY * number for number in range(people.days)]
    unsettled = {on for on in dates if queries.utc_midnight(on) + _OVER_AFTER > at}
    judged: dict[int, PlanDay] = {}
    now = int(at.timestamp())
    for members, days in alike.rosters(people.ids, *span):
        who = [number_of[one] for one in members]
        row = np.full(people.days + 2, -1, np.int32)
        for on, one in days.items():
            column = (on - span[0]).days
            plan = one.plan
            if on in unsettled:
                beside = [planned.plan if (planned := days.get(near)) else None for near in (on - DAY, on + DAY)]
                low, high = rules.reach(beside[0], plan, beside[1])
                begun[who, column - 1], final[who, column - 1] = low <= now, high <= now
                if high > now:
                    if id(plan) not in judged:
                        judged[id(plan)] = replace(plan, policy=replace(plan.policy, missing_trusted=True))
                    plan = judged[id(plan)]
            row[column] = place_of(plan)
        numbers[who] = row
    return _Roster(plans, numbers, begun, final)


def _computed(people: _People, roster: _Roster) -> tuple[Numbers, Numbers]:
    """Return the cells of the days there are now, and what each is, in the order of `computing.digest_of`."""
    # A day is told from its neighbours' plans, and from nothing else of theirs.
    near = np.zeros(roster.numbers.shape, np.bool_)
    for step in range(3):
        near[:, step : step + people.days] |= people.wanted
    employee, column = np.nonzero((roster.numbers >= 0) & near)
    plan = roster.numbers[employee, column]
    found = bulk.compute(_frames(people, roster.plans, employee, plan))
    classes = np.array([one.day_class for one in roster.plans], np.int64)
    kept = _begun(people, roster, employee, column)
    employee, column = employee[kept], column[kept] - 1
    minutes, flags = found.minutes[:, kept].astype(np.int64), found.flags[kept].astype(np.int64)
    final = roster.final[employee, column]
    seen = [np.where(each[kept] == rules.NEVER, -1, each[kept]) for each in (found.first_in, found.last_out)]
    minutes[_LATER] *= final
    minutes[_WORKED, ~final & (seen[1] == -1)] = 0
    flags[~final] &= ~computing.LATER_FLAGS
    counts = [found.n_punches[kept], found.n_kept[kept], final, np.full(len(final), rules.RULES_VERSION)]
    return employee * people.days + column, np.vstack((minutes, classes[plan[kept]], flags, *counts, *seen))


def _begun(people: _People, roster: _Roster, employee: Any, column: Any) -> Mask:
    """Return which of these are wanted days of the month that have begun, of who is employed then."""
    kept: Mask = (column >= 1) & (column <= people.days)
    kept[kept] &= (people.wanted & people.employed & roster.begun)[employee[kept], column[kept] - 1]
    return kept


def _frames(people: _People, plans: list[PlanDay], employee: Any, plan: Any) -> bulk.Frames:
    first = queries.utc_midnight(people.first)
    since, until = first - computing.REACH, queries.utc_midnight(people.last) + computing.REACH
    whose, begins, ends = _stretches(people)
    ids = [people.ids[number] for number in whose.tolist()]
    moments, counts = run_queries.punches_of(ids, first, begins.tolist(), ends.tolist())
    whose = np.repeat(whose, counts)
    counting = np.ones(len(moments), bool)
    for employment_id, at in known.taken_back(people.ids, since, until):
        same = (whose == people.ids.index(employment_id)) & (moments == at) & counting
        counting[np.flatnonzero(same)[:1]] = False
    absences, overtimes = known.spans_between(people.ids, since, until)
    return bulk.Frames(
        plans=plans,
        roster={"employee": employee, "plan": plan},
        punches={"employee": whose[counting], "at": moments[counting]},
        absences=_columns(absences, "employee", "start", "end", "kind"),
        overtimes=_columns(overtimes, "employee", "start", "end"),
    )


def _stretches(people: _People) -> tuple[Numbers, Numbers, Numbers]:
    """Return whose punches bear on the wanted days, from which date on and until before which, as days of the month."""
    reach = computing.REACH.days
    near = np.zeros((len(people.ids), people.days + 2 * reach), np.bool_)
    for step in range(2 * reach):
        near[:, step : step + people.days] |= people.wanted
    edges = np.diff(near, axis=1, prepend=False, append=False)
    whose, column = np.nonzero(edges)
    return whose[::2], column[::2] - reach, column[1::2] - reach


def _columns(table: Numbers, *names: str) -> dict[str, Numbers]:
    return {name: table[:, number] for number, name in enumerate(names)}


def _stored(people: _People) -> tuple[Mask, Numbers, Mask]:
    """Return which cells have a record, the digest of each that has, and whose month knows all of theirs.

    The months know it; the days themselves are read only of who has none that does.
    """
    kept = run_queries.digests_kept(people.ids, people.first)
    dates, digest, counts = binary.days_of(kept)
    cells = np.repeat(np.arange(len(people.ids)), counts) * people.days + dates - days_since_1970(people.first)
    others = np.array([number for number, one in enumerate(kept) if one is None], np.int64)
    if len(others):
        without = [people.ids[number] for number in others]
        (dates, counts), (their_digest, _counts) = run_queries.digests_of_days(without, people.first, people.last)
        theirs = np.repeat(others, counts) * people.days + dates - days_since_1970(people.first)
        cells, digest = np.concatenate((cells, theirs)), np.concatenate((digest, their_digest))
    found = np.zeros(len(people.ids) * people.days, np.int64)
    found[cells] = digest
    there = np.zeros(len(found), np.bool_)
    there[cells] = True
    return there, found, np.array([one is not None for one in kept], np.bool_)


def _changing(
    people: _People, cells: Numbers, stored: Mask, gone: Mask, before: Numbers, digest: Numbers, is_known: Mask
) -> summing.Changing:
    """Return whose sums can be told from the days that change alone: none of theirs is new, and none is gone."""
    now = before.copy()
    now[cells] = digest
    theirs = np.zeros(len(people.ids), np.bool_)
    theirs[cells // people.days] = True
    theirs &= is_known
    theirs[cells[~stored[cells]] // people.days] = False
    theirs[np.flatnonzero(gone) // people.days] = False
    whose = np.flatnonzero(theirs)
    kept = np.flatnonzero(stored & np.repeat(theirs, people.days))
    return summing.Changing(
        month=people.first,
        whose=whose.tolist(),
        ids=[people.ids[number] for number in whose],
        sizes=np.bincount(kept // people.days, minlength=len(people.ids))[whose],
        digests=binary.days_as_kept(kept % people.days + days_since_1970(people.first), now[kept]),
    )


def _told(people: _People, cells: Numbers) -> dict[tuple[UUID, date], int]:
    """Return what was told of stored days that are over, as flags."""
    rows = run_queries.flags_of_days_over(_keys(people, cells)) if len(cells) else []
    return {(one, on): flags & computing.TOLD_FLAGS for one, on, flags in rows}


def _write(
    people: _People,
    cells: Numbers,
    table: Numbers,
    digest: Numbers,
    there: Mask,
    at: datetime,
    changing: summing.Changing | None,
) -> None:
    """Write days: new ones straight into the table, since nobody else writes while their people are locked.

    The sums that can be told from what changes are changed by that.
    """
    minutes = dict(zip(TOTALS, table, strict=False))
    names = ("day_class", "flags", "n_punches", "n_kept", "is_final", "rules_version", "first_in", "last_out")
    columns: dict[str, Any] = {
        "employment_id": binary.ids_of(people.ids)[cells // people.days],
        "on": cells % people.days + days_since_1970(people.first),
        **minutes,
        **dict(zip(names, table[len(TOTALS) :], strict=True)),
        "digest": digest,
        "computed_at": np.full(len(cells), int(at.timestamp())),
    }
    if not there.all():
        binary.copy_in("attendance_dayrecord", _TYPES, {name: each[~there] for name, each in columns.items()}, -1)
    if there.any():
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE attendance_changed (LIKE attendance_dayrecord) ON COMMIT DROP")
            binary.copy_in("attendance_changed", _TYPES, {name: each[there] for name, each in columns.items()}, -1)
            cursor.execute("ANALYZE attendance_changed")  # else it may be thought large
            if changing:
                summing.change_months(changing)
            sets = ", ".join(f'"{name}" = c."{name}"' for name in list(_TYPES)[2:])
            cursor.execute(
                f"UPDATE attendance_dayrecord d SET {sets} FROM attendance_changed c "  # noqa: S608 - names of our own
                'WHERE d.employment_id = c.employment_id AND d."on" = c."on" '
                # Else a few rows of a part are looked for in the whole table, for each part.
                'AND d.employment_id BETWEEN %s AND %s AND d."on" BETWEEN %s AND %s',
                [people.ids[0], people.ids[-1], people.first, people.last],
            )
            cursor.execute("DROP TABLE attendance_changed")


def _sum(people: _People, touched: Numbers, cells: Numbers, table: Numbers, digest: Numbers) -> None:
    """Make the sums of those whose days changed, of all days there are now."""
    whose, column = np.divmod(cells, people.days)
    place = np.full(len(people.ids), -1)
    place[touched] = np.arange(len(touched))
    theirs = place[whose] >= 0
    summing.sum_months(
        people.first,
        [people.ids[number] for number in touched],
        place[whose[theirs]],
        column[theirs] + days_since_1970(people.first),
        table[:, theirs],
        digest[theirs],
    )


def _forget(people: _People, cells: Numbers) -> None:
    """Remove the records of days that nobody planned, after all."""
    if len(cells):
        keys = _keys(people, cells)
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM attendance_dayrecord d USING unnest(%s::uuid[], %s::date[]) AS k (e, o) "
                'WHERE d.employment_id = k.e AND d."on" = k.o',
                [[one for one, _on in keys], [on for _one, on in keys]],
            )


def _keys(people: _People, cells: Numbers) -> list[tuple[UUID, date]]:
    return [(people.ids[cell // people.days], people.first + DAY * (cell % people.days)) for cell in cells.tolist()]


def _tell(
    people: _People, cells: Numbers, table: Numbers, stored: Mask, told: dict[tuple[UUID, date], int], at: datetime
) -> None:
    """Record what changed about days of which something else was told, and what is new about the last few days.

    That somebody was late a year ago is no news to anybody when a company's history is computed for the first time.
    """
    flags, is_final = table[len(TOTALS) + 1] & computing.TOLD_FLAGS, table[len(TOTALS) + 4] == 1
    recent = cells % people.days >= ((at - TOLD_BACK).date() - people.first).days
    news = np.flatnonzero(is_final & (stored[cells] | recent))
    changed = []
    for number, (one, on) in zip(news.tolist(), _keys(people, cells[news]), strict=True):
        if flags[number] != told.get((one, on), 0):
            changed.append(computing.News(one, on, int(flags[number]), *map(int, table[_LATE_ABSENT, number])))
    if changed:
        computing.tell(changed, run_queries.persons_of([one.employment_id for one in changed]), at)


def _bank(people: _People, cells: Numbers, table: Numbers, at: datetime) -> None:
    """Have hours banks hold what the days came to, also those that stay as they are: a group may keep another now."""
    if rostering.keeps_a_bank():
        overtime = table[[TOTALS.index(name) for name in banking.TOTALS.values()]].any(axis=0)
        keys = set(_keys(people, cells[overtime])) | queries.banked_between(people.ids, people.first, people.last)
        banking.settle(at=at, keys=keys)


def _beside_closed(people: _People, differing: Numbers) -> set[tuple[UUID, date]]:
    """Return the days of closed months that differ from their record, or did once."""
    closed = [one for one, is_closed in zip(people.ids, people.closed, strict=True) if is_closed]
    noted = run_queries.adjusted_days(closed, people.first, people.last) if closed else set()
    return noted | set(_keys(people, differing))
