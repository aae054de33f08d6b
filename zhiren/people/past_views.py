"""The card of past attendance on a person's page: whether they agreed, what is known, and noting more."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhiren.people import past_attendance, past_queries, past_words, permissions, queries
from zhiren.people.panels import panels_for
from zhiren.people.past_forms import ConsentForm, PastAttendanceForm
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.requests import HttpRequest, go_to
from zhiren.plumbing.user_names import names_of

_USUAL = timedelta(days=365)


def card(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show what attendance somebody had before, as far as they agreed to that."""
    person, at = queries.get_person(request.actor, person_id), clock.now()
    rows = past_queries.past_attendance_of(request.actor, person, at=at)
    names = names_of(row.entered_by for row, _employer in rows)
    context = {
        "person": person,
        "consent": past_queries.consent_of(person, at=at),
        "rows": [
            past_words.shown(row, employer, names.get(row.entered_by, "") if row.entered_by else "")
            for row, employer in rows
        ],
        "parts": panels_for(request.actor, "past_attendance"),
        "may_open": request.actor.may(permissions.REVEAL),
    }
    return render(request, "people/past_attendance.html", context)


def consent(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Note that somebody agreed to it, after the wording was read to them."""
    person, at = queries.get_person(request.actor, person_id), clock.now()
    form = ConsentForm(request.POST or None, initial={"until": (at + _USUAL).date()})
    if request.method == "POST" and form.is_valid():
        past_attendance.note_consent(
            actor=request.actor, at=at, person_id=person.pk, language=get_language() or "", **form.cleaned_data
        )
        tell(request, _("Noted."))
        return _back(request, person.pk)
    return _sheet(request, form, person.pk, "people/past_consent.html")


def take_back(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Note that somebody took it back; all that was noted is erased."""
    past_attendance.take_consent_back(actor=request.actor, at=clock.now(), person_id=person_id)
    tell(request, _("Noted; what was known of past attendance is erased."))
    return _back(request, person_id)


def add(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Note attendance at an earlier employer."""
    person = queries.get_person(request.actor, person_id)
    form = PastAttendanceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        past_attendance.note(
            actor=request.actor, at=clock.now(), person_id=person.pk, source=form.cleaned_data["source"],
            employer=form.cleaned_data["employer"], figures=form.figures(), proof=form.document(),
        )  # fmt: skip
        tell(request, _("Noted."))
        return _back(request, person.pk)
    return _sheet(request, form, person.pk, "people/past_form.html")


def remove(request: HttpRequest, past_attendance_id: UUID) -> HttpResponse:
    """Remove what was noted."""
    person_id = past_attendance.remove(actor=request.actor, at=clock.now(), past_attendance_id=past_attendance_id)
    tell(request, _("Removed."))
    return _back(request, queries.root_of(person_id))


def _sheet(request: HttpRequest, form: Any, person_id: UUID, template: str) -> HttpResponse:
    if request.method == "GET" and not request.htmx:
        return redirect("people:person", person_id=person_id)
    context = {"form": form, "here": request.path}
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _back(request: HttpRequest, person_id: UUID) -> HttpResponse:
    return go_to(request, reverse("people:person", args=[person_id]))
