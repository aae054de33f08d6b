"""What days are computed from: who is employed and whose badge is which, punches, absences, approvals, stored days.

Every punch asks this, so it is asked in as few statements as can be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from zhiren.attendance.models import TOTALS, DayRecord, Request
from zhiren.leave import queries as leave
from zhiren.plumbing import statements

Table = NDArray[np.int64]

# Kinds of absence as `rules` knows them.
PAID_LEAVE, UNPAID_LEAVE, DUTY = 1, 2, 3
_ON_DUTY = {Request.Kind.OUTING.value, Request.Kind.TRIP.value, Request.Kind.REMOTE.value}


@dataclass(frozen=True)
class Facts:
    """What is known of somebody that bears on some of their days, as `rules` takes it: UTC seconds, in order."""

    punches: list[int] = field(default_factory=list)
    absences: list[tuple[int, int, int]] = field(default_factory=list)
    overtimes: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Employed:
    """What computing days, and taking punches, must know of an employment; `closed` are months of its entity."""

    employment_id: UUID
    person_id: UUID
    badge: str
    from_on: date
    to_on: date | None
    closed: frozenset[date] = frozenset()

    def covers(self, day: date) -> bool:
        """Tell whether the person is employed on a day."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


_WITH_BADGES = """
SELECT id, person_id, badge, from_on, to_on FROM people_employment
WHERE badge = ANY(%(badges)s) AND badge <> '' AND (%(entity)s::uuid IS NULL OR entity_id = %(entity)s)
"""


def with_badges(badges: Iterable[str], entity_id: UUID | None) -> list[Employed]:
    """Return who has, or had, one of these badges, in an entity or in any. Whoever asks: for those who take punches."""
    rows = statements.rows(_WITH_BADGES, {"badges": list(badges), "entity": entity_id})
    return [Employed(*row) for row in rows]


# Missing punches of `e` that were added and taken back again, and punches of a badge that were another's: a punch is
# never deleted, but these do not count.
_TAKEN_BACK = """
SELECT floor(extract(epoch FROM p.at))::bigint AS at FROM attendance_request r
JOIN attendance_punch p ON p.key = 'correction:' || r.id
WHERE r.employment_id = e.id AND r.kind = 'correction' AND r.state = 'withdrawn'
AND p.at >= %(since)s AND p.at < %(until)s
UNION ALL SELECT floor(extract(epoch FROM h.at))::bigint FROM attendance_handedover h
WHERE h.employment_id = e.id AND h.at >= %(since)s AND h.at < %(until)s
"""
_APPROVED = """
SELECT r.kind, floor(extract(epoch FROM r.starts_at))::bigint AS begins,
    floor(extract(epoch FROM r.ends_at))::bigint AS ends
FROM attendance_request r WHERE r.employment_id = e.id AND r.state = 'approved'
AND r.starts_at < %(until)s AND r.ends_at > %(since)s AND r.kind <> 'correction'
"""
# What must be known of stored days to tell whether they stay as they are.
_COMPARED = ("digest", "flags", "is_final", *TOTALS)
_KNOWN = f"""
SELECT e.id, e.person_id, e.badge, e.from_on, e.to_on,
    ARRAY(SELECT month FROM attendance_period p WHERE p.entity_id = e.entity_id),
    ARRAY(
        SELECT floor(extract(epoch FROM p.at))::bigint FROM attendance_punch p
        WHERE p.employment_id = e.id AND p.at >= %(since)s AND p.at < %(until)s ORDER BY p.at
    ),
    ARRAY({_TAKEN_BACK}),
    (SELECT json_agg(json_build_array(kind, begins, ends)) FROM ({_APPROVED}) a),
    (
        SELECT json_agg(json_build_array(d."on", {", ".join(f"d.{name}" for name in _COMPARED)}))
        FROM attendance_dayrecord d WHERE d.employment_id = e.id AND d."on" BETWEEN %(first)s AND %(last)s
    )
FROM people_employment e WHERE e.id = ANY(%(who)s::uuid[])
"""  # noqa: S608 - names of our own


@dataclass(frozen=True)
class Known:
    """What is known of an employment that bears on some of its days, and what these were when last computed.

    Of a stored day only `digest`, `flags`, `is_final` and the minutes are there.
    """

    person: Employed
    facts: Facts
    stored: dict[date, DayRecord]


def of(
    employment_ids: Sequence[UUID], since: datetime, until: datetime, *, first: date, last: date
) -> dict[UUID, Known]:
    """Return what bears on days of these people from a moment to another, and their days that are stored: two queries.

    Who is not employed here is not in it.
    """
    asked = {"who": statements.as_ids(employment_ids), "since": since, "until": until, "first": first, "last": last}
    away = leave.approved_between(employment_ids, since, until)
    found = {}
    for employment_id, person_id, badge, from_on, to_on, closed, punches, gone, approved, days in statements.rows(
        _KNOWN, asked
    ):
        for at in gone:
            if at in punches:
                punches.remove(at)
        absences, overtimes = _spans(away.get(employment_id, ()), approved or ())
        found[employment_id] = Known(
            Employed(employment_id, person_id, badge, from_on, to_on, frozenset(closed)),
            Facts(punches, absences, overtimes),
            {
                date.fromisoformat(on): DayRecord(**dict(zip(_COMPARED, values, strict=True)))
                for on, *values in days or ()
            },
        )
    return found


def facts_between(employment_id: UUID, since: datetime, until: datetime) -> Facts:
    """Return what is known of somebody from a moment to another. Two queries."""
    found = of([employment_id], since, until, first=date.max, last=date.min).get(employment_id)
    return found.facts if found else Facts()


def taken_back(employment_ids: Sequence[UUID], since: datetime, until: datetime) -> list[tuple[UUID, int]]:
    """Return whose punches are there but do not count (any more), and when they are, in UTC seconds."""
    rows = statements.rows(
        _OF_MANY.format("e.id", _TAKEN_BACK), {"who": statements.as_ids(employment_ids), "since": since, "until": until}
    )
    return [(employment_id, at) for employment_id, at in rows]


_OF_MANY = "SELECT {}, found.* FROM unnest(%(who)s::uuid[]) WITH ORDINALITY AS e (id, n) CROSS JOIN LATERAL ({}) found"
_APPROVED_OF_MANY = _OF_MANY.format("e.n - 1", _APPROVED)


def spans_between(employment_ids: Sequence[UUID], since: datetime, until: datetime) -> tuple[Table, Table]:
    """Return when these people were away, and when overtime was approved; what is one person's is disjoint.

    A row for each span: the person's place among those given, from, until, and the kind of an absence.
    """
    given = {"who": statements.as_ids(employment_ids), "since": since, "until": until}
    leaves = leave.approved_of_many(employment_ids, since, until)
    approved = statements.rows(_APPROVED_OF_MANY, given)
    absences = [(who, begins, ends, PAID_LEAVE if is_paid else UNPAID_LEAVE) for who, begins, ends, is_paid in leaves]
    absences += [(who, begins, ends, DUTY) for who, kind, begins, ends in approved if kind in _ON_DUTY]
    overtimes = [(who, begins, ends, 0) for who, kind, begins, ends in approved if kind not in _ON_DUTY]
    return _apart(absences), _apart(overtimes)


def _apart(rows: Sequence[tuple[int, int, int, int]]) -> Table:
    """Return spans (whose, from, until, kind) of many people as a table in which those of one person are disjoint."""
    table = np.array(rows, np.int64).reshape(-1, 4)
    table = table[np.lexsort(table.T[::-1])]
    whose, begins, ends, _kind = table.T
    meet = (whose[1:] == whose[:-1]) & (begins[1:] < ends[:-1])
    mixed = np.unique(whose[1:][meet])
    if not len(mixed):
        return table
    mended = [
        (one, *span)
        for one in mixed.tolist()
        for span in disjoint((since, until, kind) for since, until, kind in table[whose == one, 1:].tolist())
    ]
    return np.concatenate((table[~np.isin(whose, mixed)], np.array(mended, np.int64).reshape(-1, 4)))


def _spans(
    leaves: Iterable[tuple[int, int, bool]], approved: Iterable[Sequence[Any]]
) -> tuple[list[tuple[int, int, int]], list[tuple[int, int]]]:
    """Return when one person was away (from, to, kind), and when overtime was approved; each disjoint, in order."""
    absences = [(begins, ends, PAID_LEAVE if is_paid else UNPAID_LEAVE) for begins, ends, is_paid in leaves]
    absences += [(begins, ends, DUTY) for kind, begins, ends in approved if kind in _ON_DUTY]
    overtimes = disjoint((begins, ends, 0) for kind, begins, ends in approved if kind not in _ON_DUTY)
    return disjoint(absences), [(begins, ends) for begins, ends, _kind in overtimes]


def disjoint(spans: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return spans in order that share no instant: where two meet, leave counts before duty, paid before unpaid."""
    ordered = sorted(spans)
    if all(one[0] < one[1] <= other[0] for one, other in pairwise(ordered)):
        return ordered
    kept: list[tuple[int, int, int]] = []
    for begins, ends, kind in sorted(ordered, key=lambda span: (span[2], span[0])):
        pieces = [(begins, ends)]
        for other_begins, other_ends, _kind in kept:
            pieces = [
                piece
                for low, high in pieces
                for piece in ((low, min(high, other_begins)), (max(low, other_ends), high))
                if piece[0] < piece[1]
            ]
        kept += [(low, high, kind) for low, high in pieces]
    return sorted(kept)
