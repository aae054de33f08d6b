"""Day records: what the rules make of stored punches, plans and approvals. Safe to run at any time, and again."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from zhiren.attendance import banking, known, queries, rules
from zhiren.attendance.events import DayFlagged
from zhiren.attendance.models import DAY_COLUMNS, TOTALS, Adjustment, DayRecord
from zhiren.plumbing import statements
from zhiren.rostering import queries as rostering
from zhiren.rostering.queries import Planned
from zhiren.timeline.services import record_many

DAY = timedelta(days=1)
# Windows reach at most so far beyond the dates around a day.
REACH = timedelta(days=3)
# What is only known once the day is over.
LATER = ("absent", "early", "short")
LATER_FLAGS = rules.ABSENT | rules.EARLY | rules.EARLY_ABSENT | rules.MISSING_IN | rules.MISSING_OUT | rules.SHORT
TOLD_FLAGS = (
    rules.LATE | rules.SERIOUSLY_LATE | rules.LATE_ABSENT | rules.EARLY | rules.EARLY_ABSENT | rules.MISSING_IN
    | rules.MISSING_OUT | rules.ABSENT
)  # fmt: skip

# One plan for each statement, whoever it is about: making a better one takes longer than the few people who wait.
_AT_ONCE = (
    "SELECT set_config('synchronous_commit', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)"
)

Key = tuple[UUID, date]


@dataclass(frozen=True)
class Computed:
    """What a computation did: days looked at, written anew, and adjusted because their month is closed."""

    days: int = 0
    written: int = 0
    adjusted: int = 0


@transaction.atomic(savepoint=False)
def compute(*, at: datetime, keys: Iterable[Key], thorough: bool = False, at_once: bool = False) -> Computed:
    """Compute days anew, and the months they belong to, and write what changed.

    `at_once` waits for no disk, in the whole transaction: should what is written be lost, the marks are still there.
    `thorough` looks into the hours bank also where a day stays as it is: its group may keep another bank now.

    Each person is locked while it lasts, so that two workers never write over each other. A day of a closed month
    stays; by how much it would differ is noted beside it. Days that have not begun are left out.
    """
    wanted: dict[UUID, list[date]] = defaultdict(list)
    keys = sorted(set(keys))
    for employment_id, on in keys:
        wanted[employment_id].append(on)
    if not wanted:
        return Computed()
    with statements.together():
        if at_once:
            statements.run(_AT_ONCE)
        lock(wanted)
        _unmark(wanted)
    first = min(days[0] for days in wanted.values())
    last = max(days[-1] for days in wanted.values())
    roster = rostering.roster(list(wanted), first - DAY, last + DAY)
    since, until = queries.utc_midnight(first) - REACH, queries.utc_midnight(last) + REACH
    found = known.of(list(wanted), since, until, first=first, last=last)
    stored = {(one, on): row for one, about in found.items() for on, row in about.stored.items()}
    changed: list[DayRecord] = []
    gone: list[Key] = []
    adjusted: list[Key] = []
    for employment_id, days in wanted.items():
        about = found.get(employment_id)
        if about is None:
            continue
        for on in days:
            before = about.stored.get(on)
            row = _record(about, on, roster.get(employment_id, {}), at)
            if on.replace(day=1) in about.person.closed:
                if _adjust(employment_id, on, before, row, at):
                    adjusted.append((employment_id, on))
            elif row is None:
                gone += [(employment_id, on)] if before else []
            elif before is None or before.digest != row.digest:
                changed.append(row)
    with statements.together():
        _write(changed, gone)
        sum_months(
            {(one.employment_id, one.on.replace(day=1)) for one in changed} | {(k, d.replace(day=1)) for k, d in gone}
        )
    tell(_news(changed, stored), {one: about.person.person_id for one, about in found.items()}, at)
    over = [(row.employment_id, row.on) for row in changed if row.is_final or _was_final(stored, row)]
    banking.settle(at=at, keys=keys if thorough else [*over, *gone, *adjusted])
    return Computed(sum(map(len, wanted.values())), len(changed) + len(gone), len(adjusted))


def _was_final(stored: Mapping[Key, DayRecord], row: DayRecord) -> bool:
    before = stored.get((row.employment_id, row.on))
    return before is not None and before.is_final


def mark(keys: Iterable[Key], *, at: datetime) -> None:
    """Note days that must be computed anew, in the caller's transaction.

    A mark that is there already is written again: whoever computes the day waits for the caller before taking it away,
    and so sees what the caller changed.
    """
    wanted = sorted(set(keys))
    if wanted:
        whose, days = statements.as_ids(one for one, _on in wanted), [on for _one, on in wanted]
        statements.run(_MARK, {"at": at, "whose": whose, "days": days})


def marking(keys: str) -> str:
    """Return the statement that notes days as `mark` does; `keys` is a query for them, `at` the moment."""
    return f"""
        INSERT INTO attendance_dirty (employment_id, "on", noted_at)
        SELECT e, o, %(at)s FROM (SELECT DISTINCT * FROM ({keys}) AS every (e, o) ORDER BY 1, 2) AS k
        ON CONFLICT (employment_id, "on") DO UPDATE SET noted_at = EXCLUDED.noted_at
    """  # noqa: S608 - texts of our own


_MARK = marking("SELECT * FROM unnest(%(whose)s::uuid[], %(days)s::date[])")


def _unmark(wanted: Mapping[UUID, Sequence[date]]) -> None:
    """Take the marks away before anything is read: what is marked from now on is computed once more."""
    keys = [(employment_id, on) for employment_id, days in wanted.items() for on in days]
    statements.run(
        "DELETE FROM attendance_dirty d USING unnest(%s::uuid[], %s::date[]) AS k (e, o) "
        'WHERE d.employment_id = k.e AND d."on" = k.o',
        [statements.as_ids(one for one, _on in keys), [on for _one, on in keys]],
    )


def lock(wanted: Iterable[UUID]) -> None:
    """Have whoever computes days of these people wait until the transaction is over."""
    statements.run(
        "SELECT pg_advisory_xact_lock(hashtextextended(one::text, 7402)) FROM unnest(%s::uuid[]) one",
        [statements.as_ids(sorted(wanted))],
    )


def _record(about: known.Known, on: date, days: Mapping[date, Planned], at: datetime) -> DayRecord | None:
    """Return what a day comes to now; None where nobody planned it, or it has not begun.

    While it goes on, who came is taken to stay.
    """
    planned = days.get(on)
    if planned is None or not about.person.covers(on):
        return None
    previous, following = (one.plan if one else None for one in (days.get(on - DAY), days.get(on + DAY)))
    plan = planned.plan
    low, high = rules.reach(previous, plan, following)
    now = int(at.timestamp())
    if low > now:
        return None
    facts = about.facts
    is_final = high <= now
    judged = plan if is_final else replace(plan, policy=replace(plan.policy, missing_trusted=True))
    day = rules.day(previous, judged, following, facts.punches, facts.absences, facts.overtimes)
    flags = day.flags if is_final else day.flags & ~LATER_FLAGS
    row = DayRecord(
        employment_id=about.person.employment_id,
        on=on,
        day_class=plan.day_class,
        flags=flags,
        first_in=_moment(day.first_in),
        last_out=_moment(day.last_out),
        n_punches=day.n_punches,
        n_kept=day.n_kept,
        is_final=is_final,
        rules_version=rules.RULES_VERSION,
        computed_at=at,
    )
    is_open = not is_final and day.last_out is None
    for name in TOTALS:
        counts_later = not is_final and (name in LATER or (is_open and name == "worked"))
        setattr(row, name, 0 if counts_later else getattr(day, name))
    row.digest = digest_of(row)
    return row


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)


def digest_of(row: DayRecord) -> int:
    """Return a number that tells whether two records of a day say the same."""
    parts = [getattr(row, name) for name in TOTALS]
    parts += [row.day_class, row.flags, row.n_punches, row.n_kept, int(row.is_final), row.rules_version]
    parts += [int(moment.timestamp()) if moment else -1 for moment in (row.first_in, row.last_out)]
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=8).digest(), "big", signed=True)


def _adjust(employment_id: UUID, on: date, before: DayRecord | None, row: DayRecord | None, at: datetime) -> bool:
    """Note by how much a closed day would differ, and tell that it does; not where that is known, or it never did."""
    digest = row.digest if row else 0
    newest = queries.adjustments_of(employment_id, on, on)
    if (newest[0].digest if newest else (before.digest if before else 0)) == digest:
        return False
    minutes = {
        name: difference
        for name in TOTALS
        if (difference := (getattr(row, name) if row else 0) - (getattr(before, name) if before else 0))
    }
    Adjustment.objects.update_or_create(
        employment_id=employment_id,
        on=on,
        digest=digest,
        defaults={"minutes": minutes, "flags": row.flags if row else 0, "made_at": at},
    )
    return True


_NAMES = ", ".join(f'"{name}"' for name in DAY_COLUMNS)
_UPDATES = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in DAY_COLUMNS[2:])
_UPSERT = f"""
INSERT INTO attendance_dayrecord ({_NAMES})
SELECT {_NAMES} FROM json_populate_recordset(NULL::attendance_dayrecord, %s::json)
ON CONFLICT (employment_id, "on") DO UPDATE SET {_UPDATES}
"""  # noqa: S608 - names of our own


def _write(changed: Sequence[DayRecord], gone: Sequence[Key]) -> None:
    for begin in range(0, len(changed), 1000):
        rows = ({name: getattr(row, name) for name in DAY_COLUMNS} for row in changed[begin : begin + 1000])
        statements.run(_UPSERT, [statements.as_json(rows)])
    if gone:
        statements.run(
            "DELETE FROM attendance_dayrecord d USING unnest(%s::uuid[], %s::date[]) AS k (e, o) "
            'WHERE d.employment_id = k.e AND d."on" = k.o',
            [[one for one, _on in gone], [on for _one, on in gone]],
        )


LATE = rules.LATE | rules.SERIOUSLY_LATE | rules.LATE_ABSENT
EARLY = rules.EARLY | rules.EARLY_ABSENT
MISSING = rules.MISSING_IN | rules.MISSING_OUT
# Which days a month counts, and how they are told.
COUNTED = {
    "days_worked": "d.worked > 0",
    "days_late": f"d.flags & {LATE} > 0",
    "days_early": f"d.flags & {EARLY} > 0",
    "days_absent": "d.absent > 0",
    "days_missing": f"d.flags & {MISSING} > 0",
}
DAYS_COUNTED = tuple(COUNTED)
_SUMS = ", ".join(f"coalesce(sum({name}), 0)" for name in TOTALS)
_COUNTS = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in COUNTED.values())
OVER_AN_OLDER_SUM = f"""
ON CONFLICT (employment_id, month) DO UPDATE SET
    {", ".join(f"{name} = EXCLUDED.{name}" for name in (*TOTALS, *COUNTED))},
    changes = attendance_monthrecord.changes + 1,
    digested = attendance_monthrecord.changes + 1, digests = EXCLUDED.digests
"""
# Looked up month by month: joined, the days of everybody are read for those of a few.
_SUM = f"""
INSERT INTO attendance_monthrecord
    (employment_id, month, changes, judged, digested, digests, {", ".join((*TOTALS, *COUNTED))})
SELECT k.e, k.m, 1, 0, 1, sums.* FROM unnest(%s::uuid[], %s::date[]) AS k (e, m) CROSS JOIN LATERAL (
    SELECT string_agg(date_send(d."on") || int8send(d.digest), ''::bytea ORDER BY d."on"), {_SUMS}, {_COUNTS}
    FROM attendance_dayrecord d
    WHERE d.employment_id = k.e AND d."on" >= k.m AND d."on" < (k.m + interval '1 month')::date
) sums {OVER_AN_OLDER_SUM}
"""  # noqa: S608 - names of our own


def sum_months(months: Iterable[tuple[UUID, date]]) -> None:
    """Make the sums of these months anew from their days."""
    wanted = sorted(set(months))
    if wanted:
        statements.run(_SUM, [statements.as_ids(one for one, _month in wanted), [month for _one, month in wanted]])


class News(NamedTuple):
    """What a day that is over says now of being late, early, absent or without a punch."""

    employment_id: UUID
    on: date
    flags: int
    late: int
    absent: int


def tell(news: Iterable[News], persons: Mapping[UUID, UUID], at: datetime) -> None:
    """Record what days say now that said something else; `persons` are whose employments these are."""
    events = [DayFlagged(person_id=persons[one.employment_id], at=at, **one._asdict()) for one in news]
    if events:
        record_many(events)


def _news(changed: Sequence[DayRecord], stored: Mapping[Key, DayRecord]) -> Iterator[News]:
    """Yield the days that are over and late, early, absent or without a punch, and those that no longer are."""
    for row in changed:
        before = stored.get((row.employment_id, row.on))
        told = before.flags & TOLD_FLAGS if before and before.is_final else 0
        if row.is_final and row.flags & TOLD_FLAGS != told:
            yield News(row.employment_id, row.on, row.flags & TOLD_FLAGS, row.late, row.absent)
