"""Whose roster is whose: in a big company most people of a group are planned alike, so it is worked out once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import connection

_MEMBERS = """
SELECT m.employment_id, m.group_id,
    m.from_on <= %(first)s AND (m.until_on IS NULL OR m.until_on >= %(last)s) AND NOT EXISTS (
        SELECT FROM rostering_assignment a
        WHERE a.employment_id = m.employment_id AND a."on" BETWEEN %(first)s AND %(last)s
    )
FROM rostering_membership m
WHERE m.employment_id = ANY(%(who)s) AND m.from_on <= %(last)s AND (m.until_on IS NULL OR m.until_on >= %(first)s)
"""


def planned_alike(employment_ids: Sequence[UUID], first: date, last: date) -> list[list[UUID]]:
    """Return those of these people whom somebody plans, together with whom the dates `first` to `last` are alike.

    The roster (`queries.roster`) of the first of each set is that of all in it: they are in one group all the time,
    and none of their dates was ever given another shift.
    """
    sets: dict[object, list[UUID]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, {"first": first, "last": last, "who": list(employment_ids)})
        for employment_id, group_id, is_usual in cursor.fetchall():
            if is_usual:
                sets[group_id].append(employment_id)
            else:
                sets[employment_id] = [employment_id]
    return list(sets.values())
