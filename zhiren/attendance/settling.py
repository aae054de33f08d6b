"""Periods of comprehensive hours settled with the month that they end in, so that payroll gets each of them once."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from zhiren.attendance import comprehensive
from zhiren.attendance.comprehensive import Hours
from zhiren.attendance.models import PeriodHours
from zhiren.people.models import Employment


def ending(entity_id: UUID, first: date, last: date) -> list[Hours]:
    """Return the periods of an entity's people that end in a month and were not settled: two queries.

    A period ends early with the job, or when hours are no longer reckoned so. Whoever asks.
    """
    return not_settled(Employment.objects.filter(entity_id=entity_id).values_list("pk", flat=True), first, last)


def not_settled(employment_ids: Iterable[UUID], first: date, last: date) -> list[Hours]:
    """Return the periods of these people that end in a month and were not settled: two queries. Whoever asks.

    Of a month that is closed these became known afterwards: the hours of a group were reckoned otherwise until then, or
    a job was to go on.
    """
    found = [one for one in comprehensive.hours_between(employment_ids, first, last) if first <= one.ends <= last]
    if not found:
        return []
    known = PeriodHours.objects.filter(employment_id__in={one.employment_id for one in found})
    settled = set(known.values_list("employment_id", "period", "first"))
    return [one for one in found if (one.employment_id, one.period, one.first) not in settled]


def settle(*, entity_id: UUID, first: date, last: date, at: datetime) -> list[PeriodHours]:
    """Keep what the periods that end in a month came to, in the caller's transaction."""
    return PeriodHours.objects.bulk_create(
        [
            PeriodHours(
                employment_id=one.employment_id,
                period=one.period,
                first=one.first,
                ends=one.ends,
                month=first,
                standard=one.standard,
                worked=one.worked,
                excess=one.excess,
                holiday=one.holiday,
                settled_at=at,
            )
            for one in ending(entity_id, first, last)
        ],
        batch_size=1000,
    )


def settled(entity_id: UUID, month: date) -> list[Hours]:
    """Return the periods of an entity's people that were settled with a month, as they were then. Whoever asks."""
    rows = PeriodHours.objects.filter(month=month, employment__entity_id=entity_id)
    return [
        Hours(
            employment_id=row.employment_id,
            period=row.period,
            first=row.first,
            last=row.ends,
            ends=row.ends,
            standard=row.standard,
            worked=row.worked,
            excess=row.excess,
            holiday=row.holiday,
        )
        for row in rows
    ]
