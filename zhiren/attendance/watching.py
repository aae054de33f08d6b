"""Watch for first signs: late from the first day on, much leave, arrival that drifts. Each is told once."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from zhiren.attendance import queries, rules, warnings
from zhiren.attendance.events import EarlyWarningRaised
from zhiren.attendance.models import EarlyWarning
from zhiren.kernel.parameters import parameter_for
from zhiren.people import employment_queries as employments
from zhiren.people.models import Employment
from zhiren.timeline.services import record

DAY = timedelta(days=1)
_LATE = rules.LATE | rules.SERIOUSLY_LATE | rules.LATE_ABSENT
# So far back arrivals are looked at: seventy working days.
_PAST = timedelta(days=110)
_FIRST_DAYS = timedelta(days=14)


@transaction.atomic
def look_at(*, at: datetime, employment_ids: Iterable[UUID], on: date) -> int:
    """Look for what a day of these people may show: late from the start, much leave; return how many were told of."""
    told = 0
    ids, first = set(employment_ids), on.replace(day=1)
    leave_days = queries.count_leave_days(ids, first, on)
    looked_at = leave_days.keys() | employments.begun_since(ids, on - _FIRST_DAYS)  # of most days there is nothing more
    for employment in employments.employments_by_id(looked_at).values():
        if on <= employment.from_on + _FIRST_DAYS:
            days = int(_limit(employment, "first_week_days", on))
            late = queries.late_days(employment.pk, employment.from_on, on)
            if warnings.late_from_the_start(late, days=days):
                told += _raise(employment, EarlyWarning.Kind.LATE_FIRST_WEEK, employment.from_on, days, at)
        most = int(_limit(employment, "leave_days_month", on))
        leave = leave_days.get(employment.pk, 0)
        if leave > most:
            told += _raise(employment, EarlyWarning.Kind.MUCH_LEAVE, first, leave, at)
    return told


@transaction.atomic
def look_for_drift(*, at: datetime, employment_ids: Iterable[UUID], on: date) -> int:
    """Look, once a week, whether these people come later than they used to; return of how many that is told."""
    people = employments.employments_by_id(employment_ids)
    arrivals = queries.arrivals(list(people), on - _PAST, on)
    told = 0
    for employment_id, minutes in arrivals.items():
        least, chance = (_limit(people[employment_id], name, on) for name in ("drift_minutes", "drift_false_alarms"))
        found = warnings.drift(minutes, least_minutes=least, chance=chance)
        # Once in so many weeks as it takes for the change to be one's own past.
        if found and not queries.warned_since(employment_id, EarlyWarning.Kind.DRIFT, on - _PAST):
            told += _raise(people[employment_id], EarlyWarning.Kind.DRIFT, on, found.minutes, at)
    return told


def _limit(employment: Employment, name: str, on: date) -> float:
    """Return a number of `early_warning.yaml`, as it is where somebody works."""
    return float(parameter_for(employment.region.lower(), "early_warning", name, on=on))


def _raise(employment: Employment, kind: str, on: date, amount: int, at: datetime) -> int:
    row, is_new = EarlyWarning.objects.get_or_create(
        employment=employment, kind=kind, on=on, defaults={"amount": amount, "raised_at": at}
    )
    if is_new:
        record(
            EarlyWarningRaised(
                person_id=employment.person_id,
                at=at,
                employment_id=employment.pk,
                warning_id=row.pk,
                kind=str(kind),
                amount=amount,
            )
        )
    return int(is_new)
