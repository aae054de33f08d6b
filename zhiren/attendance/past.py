"""Past attendance out of our own records, for somebody who worked here before and agreed to that."""

from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Min

from zhiren.attendance import rules
from zhiren.attendance.errors import NoDaysKept
from zhiren.attendance.models import DayRecord
from zhiren.attendance.past_rules import Counts, PastDay, counts
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.people import past_attendance, past_queries
from zhiren.people import queries as people
from zhiren.people.models import PastAttendance
from zhiren.people.past_attendance import Figures

_LATE = rules.LATE | rules.SERIOUSLY_LATE | rules.LATE_ABSENT
_LACKING = (
    rules.EARLY | rules.EARLY_ABSENT | rules.MISSING_IN | rules.MISSING_OUT | rules.ABSENT | rules.SHORT | rules.AWAY
)


def counts_of(employment_id: UUID) -> Counts:
    """Return what somebody's planned days of an employment came to. One query; whoever asks."""
    rows = DayRecord.objects.filter(employment_id=employment_id, is_final=True, planned__gt=0).order_by("on")
    return counts(
        PastDay(
            on=on,
            planned=planned,
            worked=worked,
            is_late=bool(flags & _LATE),
            is_on_leave=bool(paid or unpaid),
            is_lacking=bool(flags & _LACKING),
        )
        for on, planned, worked, flags, paid, unpaid in rows.values_list(
            "on", "planned", "worked", "flags", "leave_paid", "leave_unpaid"
        )
    )


def period_of(employment_id: UUID) -> tuple[date, date] | None:
    """Return the first and the last planned day that is recorded of an employment; None without any. Whoever asks."""
    rows = DayRecord.objects.filter(employment_id=employment_id, is_final=True, planned__gt=0)
    found = rows.aggregate(first=Min("on"), last=Max("on"))
    return (found["first"], found["last"]) if found["first"] else None


@transaction.atomic
def take_over(*, actor: Actor, at: datetime, person_id: UUID, employment_id: UUID) -> PastAttendance:
    """Note on the person's page what an earlier employment here came to.

    Raises:
        NotAgreed: the person has not agreed, or no longer.
        NoDaysKept: nothing is recorded of that time.
        NotFound: it is no earlier employment of theirs, was noted before, or is not this actor's to see.
    """
    person = people.get_person(actor, person_id)
    known = past_queries.earlier_employments(actor, person, at=at)
    employment = next((row for row in known if row.pk == employment_id), None)
    if employment is None:
        raise NotFound
    period = period_of(employment.pk)
    if period is None:
        raise NoDaysKept
    return past_attendance.note(
        actor=actor,
        at=at,
        person_id=person.pk,
        source=PastAttendance.Source.OWN,
        employer=employment.entity.name,
        figures=Figures(from_on=period[0], to_on=period[1], **asdict(counts_of(employment.pk))),
        employment_id=employment.pk,
    )
