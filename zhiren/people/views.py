"""The page of a person. Apps above add their parts to it (`panels.py`)."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhiren.people import permissions, queries, services
from zhiren.people.forms import ContactForm, PersonForm
from zhiren.people.panels import panels_for
from zhiren.people.resume_view import resume_view
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.paging import keyset_page
from zhiren.plumbing.requests import HttpRequest
from zhiren.timeline import queries as timeline
from zhiren.timeline.telling import tell as tell_events


def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show a person: who they are, what they did, and all that the apps above add."""
    found = queries.get_person(request.actor, person_id)
    if found.pk != person_id:
        return redirect("people:person", person_id=found.pk)
    newest = queries.newest_resume(found)
    context = {
        "person": found,
        "contacts": queries.masked_contacts(found) if request.actor.may(permissions.REVEAL) else [],
        "resume": resume_view(newest[1]) if newest else None,
        "tabs": panels_for(request.actor, "tab"),
        "sides": panels_for(request.actor, "side"),
        "compose": panels_for(request.actor, "compose"),
        "may_edit": request.actor.may(permissions.EDIT),
        "may_see_timeline": request.actor.may(permissions.VIEW_TIMELINE),
    }
    return render(request, "people/person.html", context)


def timeline_of_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show what happened, newest first, thirty at a time."""
    found = queries.get_person(request.actor, person_id)
    page = keyset_page(
        timeline.events_of(*queries.same_person_ids(found.pk)),
        order=("-at", "-number"),
        after=request.GET.get("after", ""),
        size=30,
    )
    entries = tell_events(page.rows, request.actor)
    context: dict[str, Any] = {
        "person": found,
        "entries": entries,
        "next_cursor": page.next_cursor,
    }
    return render(request, "people/timeline.html", context)


def resume_of_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show the facts of the newest résumé with their sources, the text, and the original files."""
    found = queries.get_person(request.actor, person_id)
    newest = queries.newest_resume(found)
    context = {
        "person": found,
        "resume": resume_view(newest[1]) if newest else None,
        "documents": queries.documents_of(found) if request.actor.may(permissions.REVEAL) else [],
    }
    return render(request, "people/resume.html", context)


def reveal(request: HttpRequest, person_id: UUID, contact_id: UUID) -> HttpResponse:
    """Show one contact in the clear; it is noted who looked."""
    value = services.reveal_contact(actor=request.actor, at=clock.now(), person_id=person_id, contact_id=contact_id)
    return render(request, "people/person.html#revealed", {"value": value})


def edit(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Correct what is known of a person."""
    found = queries.get_person(request.actor, person_id)
    form = PersonForm(request.POST or None, initial={name: getattr(found, name) for name in PersonForm.base_fields})
    if request.method == "POST" and form.is_valid():
        services.change_person(
            actor=request.actor, at=clock.now(), person_id=person_id, changes=form.changes(), tags=form.chosen_tags()
        )
        tell(request, _("Saved."))
        return _back(request, person_id)
    if request.method == "GET" and not request.htmx:
        return redirect("people:person", person_id=person_id)  # the form is a part of that page
    status = 422 if request.method == "POST" else 200
    return render(request, "people/edit.html", {"form": form, "person": found}, status=status)


def add_contact(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Add a phone number or an address."""
    found = queries.get_person(request.actor, person_id)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.add_contact(actor=request.actor, at=clock.now(), person_id=person_id, **form.cleaned_data)
        tell(request, _("Saved."))
        return _back(request, person_id)
    if request.method == "GET" and not request.htmx:
        return redirect("people:person", person_id=person_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "people/contact.html", {"form": form, "person": found}, status=status)


def mark_key(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Mark a person as one to take special care of, or take the mark away."""
    found = services.mark_key(
        actor=request.actor, at=clock.now(), person_id=person_id, is_key=request.POST.get("is_key") == "1"
    )
    return render(request, "people/person.html#star", {"person": found, "may_edit": True})


def document(request: HttpRequest, person_id: UUID, document_id: UUID) -> HttpResponse:
    """Hand out an original file, never to be shown as a page of ours."""
    row, name, data = services.open_document(
        actor=request.actor, at=clock.now(), person_id=person_id, document_id=document_id
    )
    answer = HttpResponse(data, content_type=row.media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _back(request: HttpRequest, person_id: UUID) -> HttpResponse:
    if request.htmx:
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return redirect("people:person", person_id=person_id)
