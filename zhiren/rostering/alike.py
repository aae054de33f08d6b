"""The rosters of very many people: in a big company most of a group are planned alike, so that is worked out once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from zhiren.plumbing import statements
from zhiren.rostering import queries
from zhiren.rostering.queries import Planned

_MEMBERS = """
SELECT m.employment_id, m.group_id,
    m.from_on <= %(first)s AND (m.until_on IS NULL OR m.until_on >= %(last)s) AND NOT EXISTS (
        SELECT FROM rostering_assignment a
        WHERE a.employment_id = m.employment_id AND a."on" BETWEEN %(first)s AND %(last)s
    )
FROM rostering_membership m
WHERE m.employment_id = ANY(%(who)s::uuid[])
AND m.from_on <= %(last)s AND (m.until_on IS NULL OR m.until_on >= %(first)s)
"""
# Versions are never changed, so how many there are, and which is the newest, tells whether groups work as before.
_STATE = """
SELECT (SELECT count(*) FROM rostering_groupversion), (SELECT count(*) FROM rostering_shiftversion),
    (SELECT id FROM rostering_groupversion ORDER BY id DESC LIMIT 1),
    (SELECT id FROM rostering_shiftversion ORDER BY id DESC LIMIT 1)
"""

Days = Mapping[date, Planned]

# How groups work, by what that was worked out for.
_known: dict[tuple[Any, ...], dict[UUID, Days]] = {}


def rosters(employment_ids: Sequence[UUID], first: date, last: date) -> list[tuple[list[UUID], Days]]:
    """Return what `queries.roster` does, for those whom somebody plans: each roster with all whose it is.

    Who is in one group all the time, with no date that was ever given another shift, has the roster of the group. It
    is kept for the next people of the same dates.
    """
    groups: dict[UUID, list[UUID]] = defaultdict(list)
    others: set[UUID] = set()
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        key = (first, last, *(cursor.fetchone() or ()))
        cursor.execute(_MEMBERS, {"first": first, "last": last, "who": statements.as_ids(employment_ids)})
        for employment_id, group_id, is_usual in cursor.fetchall():
            if is_usual:
                groups[group_id].append(employment_id)
            else:
                others.add(employment_id)
    if key not in _known:
        _known.clear()
    known = _known.setdefault(key, {})
    asked = {members[0]: group_id for group_id, members in groups.items() if group_id not in known}
    found = queries.roster([*asked, *others], first, last)
    known |= {group_id: found[employment_id] for employment_id, group_id in asked.items()}
    alone = [([employment_id], found[employment_id]) for employment_id in others]
    return [(members, known[group_id]) for group_id, members in groups.items()] + alone
