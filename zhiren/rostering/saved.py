"""What is stored of plans, in one statement: who is in which group, what differs on single dates, and which versions.

Versions never change, so what one says is asked for once in the life of a process.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from zhiren.plumbing import statements
from zhiren.rostering.models import GroupVersion, Membership, ShiftVersion

Version = TypeVar("Version", GroupVersion, ShiftVersion)

_STATEMENT = """
WITH planned AS MATERIALIZED (
    SELECT employment_id AS e, group_id AS g, from_on AS f, until_on AS u FROM rostering_membership
    WHERE employment_id = ANY(%(who)s::uuid[]) AND from_on <= %(last)s
    AND (until_on IS NULL OR until_on >= %(first)s)
), single AS MATERIALIZED (
    SELECT employment_id AS e, "on" AS d, shift_id AS s FROM rostering_assignment
    WHERE employment_id = ANY(%(who)s::uuid[]) AND "on" BETWEEN %(first)s AND %(last)s AND lifted_at IS NULL
), ways AS MATERIALIZED (
    SELECT id, pattern FROM rostering_groupversion
    WHERE (group_id IN (SELECT g FROM planned) OR group_id = ANY(%(groups)s::uuid[])) AND valid_from <= %(last)s
), named AS (
    SELECT s FROM single WHERE s IS NOT NULL
    UNION SELECT nullif(name, '')::uuid FROM ways, jsonb_array_elements_text(pattern) name
    UNION SELECT unnest(%(shifts)s::uuid[])
)
SELECT (SELECT json_agg(json_build_array(e, g, f, u)) FROM planned),
    (SELECT json_agg(json_build_array(e, d, s)) FROM single),
    (SELECT array_agg(id) FROM ways),
    (SELECT array_agg(id) FROM rostering_shiftversion WHERE shift_id IN (SELECT s FROM named)
        AND valid_from <= %(last)s)
"""
_MOST_KEPT = 20_000
_known: dict[UUID, Any] = {}


@dataclass(frozen=True)
class Saved:
    """What plans people on some dates. In `assigned`, None is a day off by itself."""

    memberships: list[Membership]
    ways: list[GroupVersion]
    assigned: dict[tuple[UUID, date], UUID | None]
    shifts: list[ShiftVersion]


def saved(
    employment_ids: Sequence[UUID],
    first: date,
    last: date,
    *,
    groups: Iterable[UUID] = (),
    shifts: Iterable[UUID] = (),
) -> Saved:
    """Return what plans these people from `first` to `last`; also versions of these groups and shifts. One query."""
    asked: dict[str, Any] = {
        "who": statements.as_ids(employment_ids), "first": first, "last": last, "groups": statements.as_ids(groups),
        "shifts": statements.as_ids(shifts),
    }  # fmt: skip
    ((planned, single, ways, said),) = statements.rows(_STATEMENT, asked)
    return Saved(
        [
            Membership(
                employment_id=UUID(who),
                group_id=UUID(group),
                from_on=_day(begins),
                until_on=_day(ends) if ends else None,
            )
            for who, group, begins, ends in planned or ()
        ],
        _versions(GroupVersion, ways or ()),
        {(UUID(who), _day(on)): UUID(shift) if shift else None for who, on, shift in single or ()},
        _versions(ShiftVersion, said or ()),
    )


_day = date.fromisoformat


def _membership(who: str, group: str, begins: str, ends: str | None) -> Membership:
    return Membership(
        employment_id=UUID(who), group_id=UUID(group), from_on=_day(begins), until_on=_day(ends) if ends else None
    )


def _versions(kind: type[Version], ids: Sequence[UUID]) -> list[Version]:
    missing = [one for one in ids if one not in _known]
    if missing:
        if len(_known) > _MOST_KEPT:
            _known.clear()
            missing = list(ids)
        _known.update(kind.objects.in_bulk(missing))
    return [_known[one] for one in ids]
