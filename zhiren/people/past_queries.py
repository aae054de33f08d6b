"""Every read of attendance at earlier employers: nothing of it without a consent that holds."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.people import permissions, queries
from zhiren.people.models import Consent, Employment, PastAttendance, Person
from zhiren.people.vault import open_vaults
from zhiren.plumbing.models import one

CELL = "people_pastattendance|employer_sealed"


def consent_of(person: Person, *, at: datetime) -> Consent | None:
    """Return by which consent past attendance of a person may be looked at now; None if they did not agree."""
    rows = queries.valid_consents(person).filter(purpose=Consent.Purpose.PAST_ATTENDANCE, given_at__lte=at)
    return rows.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at)).order_by("-given_at").first()


def past_attendance_of(actor: Actor, person: Person, *, at: datetime) -> list[tuple[PastAttendance, str]]:
    """Return what is known of somebody's past attendance, each with the employer's name, the newest first.

    Nothing for who may not see it, and nothing without a consent that holds.
    """
    consent = consent_of(person, at=at) if actor.may(permissions.VIEW_PAST_ATTENDANCE) else None
    if consent is None:
        return []
    ids = queries.same_person_ids(person.pk)
    rows = list(PastAttendance.objects.filter(consent=consent, person__in=ids).order_by("-to_on", "-pk"))
    vaults = open_vaults({row.person_id for row in rows})
    return [
        (row, vaults[row.person_id].open(row.employer_sealed, cell=CELL, row=row.pk))
        for row in rows
        if row.person_id in vaults
    ]


def get_past_attendance(actor: Actor, past_attendance_id: UUID, *, at: datetime) -> PastAttendance:
    """Return one of these; NotFound as ever."""
    row = one(PastAttendance.objects.select_related("person"), past_attendance_id)
    person = queries.get_person(actor, row.person_id)
    if all(known.pk != row.pk for known, _employer in past_attendance_of(actor, person, at=at)):
        raise NotFound
    return row


def earlier_employments(actor: Actor, person: Person, *, at: datetime) -> list[Employment]:
    """Return how somebody was employed here before, of whose attendance nothing is noted yet, the newest first."""
    if not actor.may(permissions.VIEW_PAST_ATTENDANCE):
        return []
    rows = Employment.objects.filter(person__in=queries.same_person_ids(person.pk), to_on__lt=at.date())
    noted = PastAttendance.objects.filter(employment__isnull=False).values("employment")
    return list(rows.exclude(pk__in=noted).select_related("entity", "person").order_by("-to_on"))
