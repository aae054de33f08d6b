"""The part of the card of past attendance that our own records can fill."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhiren.attendance import past
from zhiren.people import past_queries
from zhiren.people import queries as people
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.requests import HttpRequest, go_to


def own_records(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Offer to work out what earlier employments here came to."""
    person = people.get_person(request.actor, person_id)
    rows = past_queries.earlier_employments(request.actor, person, at=clock.now())
    return render(request, "attendance/past.html", {"person": person, "rows": rows})


def take_over(request: HttpRequest, person_id: UUID, employment_id: UUID) -> HttpResponse:
    """Note what an earlier employment here came to."""
    past.take_over(actor=request.actor, at=clock.now(), person_id=person_id, employment_id=employment_id)
    tell(request, _("Worked out of our own records."))
    return go_to(request, reverse("people:person", args=[person_id]))
