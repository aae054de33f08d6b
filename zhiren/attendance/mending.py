"""Whether a group lets a day be mended: by what it came to."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from zhiren.attendance import queries, rules
from zhiren.people.models import Employment
from zhiren.rostering import queries as rostering

_DAY = timedelta(days=1)
# What a day came to, as a group names it, and the flags that say so; a day with none of them is `normal`.
RESULTS = {
    "missing": rules.MISSING_IN | rules.MISSING_OUT | rules.ABSENT | rules.UNPLANNED,
    "late": rules.LATE | rules.SERIOUSLY_LATE | rules.LATE_ABSENT,
    "early": rules.EARLY | rules.EARLY_ABSENT,
}


def results_of(flags: int) -> set[str]:
    """Return what a day came to, of what a group may let be mended.

    >>> sorted(results_of(rules.LATE | rules.MISSING_OUT)), results_of(rules.OVERTIME)
    (['late', 'missing'], {'normal'})
    """
    return {name for name, some in RESULTS.items() if flags & some} or {"normal"}


def may_be_mended(employment: Employment, moment: datetime, on: date, *, allowed: Collection[str]) -> bool:
    """Tell whether the day to which a moment belongs came to one of these; of no names: whatever it came to.

    `on` is the moment's date where the person works. A day that goes on may be mended, since nobody knows yet.
    """
    if not allowed:
        return True
    day = _day_of(employment, moment, on)
    record = queries.days_of(employment.pk, day, day).get(day)
    if record is None or record.is_final:
        return bool(results_of(record.flags if record else 0) & set(allowed))
    return True


def _day_of(employment: Employment, moment: datetime, on: date) -> date:
    """Return the day whose plan a moment belongs to: a night shift reaches into the next date."""
    days = rostering.roster([employment.pk], on - 2 * _DAY, on + 2 * _DAY).get(employment.pk, {})
    for day in (on, on - _DAY, on + _DAY):
        previous, plan, following = (
            planned.plan if (planned := days.get(one)) else None for one in (day - _DAY, day, day + _DAY)
        )
        if plan:
            low, high = rules.reach(previous, plan, following)
            if low <= moment.timestamp() < high:
                return day
    return on
