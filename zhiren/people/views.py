"""The page of a person. Apps above add their parts to it (`panels.py`)."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhiren.kernel.refusals import NotFound
from zhiren.people import (
    merging,
    pairs,
    permissions,
    pictures,
    queries,
    resume_correcting,
    resume_page,
    resume_queries,
    resume_rereading,
    services,
    words,
)
from zhiren.people.forms import ContactForm, EntryForm, FactForm, PersonForm
from zhiren.people.panels import panels_for
from zhiren.people.resume_view import resume_view
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.paging import keyset_page
from zhiren.plumbing.requests import HttpRequest
from zhiren.plumbing.user_names import names_of
from zhiren.resumes import VERSION
from zhiren.resumes.corrections import ENTRY_FIELDS, FACT_LISTS
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
    found, records = queries.get_person_with_records(request.actor, person_id)
    page = keyset_page(
        timeline.events_of(*records),
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
    """Show a résumé's fields, each with how sure it is, beside the original; and the original files."""
    context = _resume_context(request, person_id)
    if request.actor.may(permissions.REVEAL):
        context["documents"] = queries.documents_of(context["person"])
    return render(request, "people/resume.html", context)


def resume_wide(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show the same on a page of its own, where the original has room."""
    return render(request, "people/resume_wide.html", {**_resume_context(request, person_id), "wide": True})


def resume_fields(request: HttpRequest, person_id: UUID, resume_id: UUID) -> HttpResponse:
    """Show the fields anew."""
    return _fields(request, person_id, resume_id)


def _resume_context(request: HttpRequest, person_id: UUID) -> dict[str, Any]:
    found = queries.get_person(request.actor, person_id)
    rows = queries.resume_rows_of(found)
    chosen = next((row for row in rows if str(row.pk) == request.GET.get("resume")), rows[0] if rows else None)
    context: dict[str, Any] = {"person": found, "rows": rows}
    if chosen is not None and (opened := queries.open_resumes([chosen]).get(chosen.pk)):
        context |= _fields_context(request, found.pk, opened)
        context["rereading"] = resume_queries.open_rereading_of(chosen)
    return context


def _fields(request: HttpRequest, person_id: UUID, resume_id: UUID, *, focus: str = "") -> HttpResponse:
    opened = resume_queries.get_resume(request.actor, person_id, resume_id)
    context = _fields_context(request, person_id, opened)
    return render(request, "people/resume_fields.html", {**context, "focus": resume_page.mark_of(focus)})


def _fields_context(request: HttpRequest, person_id: UUID, opened: queries.OpenResume) -> dict[str, Any]:
    users = names_of(row.by for row in opened.corrections)
    authors = {str(row.pk): users.get(row.by, "") for row in opened.corrections if row.by}
    groups = resume_page.groups_of(opened.applied, authors)
    said = {word.id: word for word in opened.words}
    removed, unplaced = resume_page.gone_of(opened.read, opened.applied, said, authors)
    return {
        "person_id": person_id,
        "opened": opened,
        "reading": resume_correcting.stamp(opened.row),
        "groups": groups,
        "doubtful": resume_page.doubtful(groups),
        "removed": removed,
        "unplaced": unplaced,
        "hidden": bool({"hidden_text", "hidden_marks"} & set(opened.read.warnings)),
        "notes": resume_page.notes_of(opened.facts, on=opened.row.parsed_at.date()),
        "may_edit": request.actor.may(permissions.EDIT),
        "may_reveal": request.actor.may(permissions.REVEAL),
    }


def resume_field(request: HttpRequest, person_id: UUID, resume_id: UUID) -> HttpResponse:
    """Show where one field was read and how sure it is, with the form that corrects it."""
    opened = resume_queries.get_resume(request.actor, person_id, resume_id)
    return _field(request, person_id, opened, key=request.GET.get("key", ""))


def _field(
    request: HttpRequest,
    person_id: UUID,
    opened: queries.OpenResume,
    *,
    key: str,
    form: FactForm | EntryForm | None = None,
) -> HttpResponse:
    context = _fields_context(request, person_id, opened)
    if key in (*FACT_LISTS, *ENTRY_FIELDS):
        field = None
        form = form or (EntryForm(name=key) if key in ENTRY_FIELDS else FactForm(field=key))
    else:
        field = resume_page.field_at(context["groups"], key)
        if field is None:
            raise NotFound
        form = form or FactForm(field=field.name, value=resume_page.typed(field))
    fact = field.fact if field else None
    context |= {
        "key": key,
        "mark": resume_page.mark_of(key),
        "field": field,
        "form": form,
        "adds": field is None,
        "label": resume_page.LABELS[field.name if field else key],
        "snippet": resume_page.snippet_of(opened.read, fact) if fact and context["may_reveal"] else None,
        "pictured": bool(fact and fact.box and fact.page and context["may_reveal"] and _has_pages(opened)),
        "rule": fact.rule if fact else "",
    }
    answer = render(request, "people/resume_field.html", context, status=422 if form.errors else 200)
    if form.errors:
        answer["HX-Retarget"], answer["HX-Reswap"] = f"#correct-{context['mark']}", "outerHTML"
    return answer


def correct_resume(request: HttpRequest, person_id: UUID, resume_id: UUID) -> HttpResponse:
    """Say what is right about a field: another value, nothing, one that is missing, or that it is right."""
    key, act = request.POST.get("key", ""), request.POST.get("act", "")
    values: dict[str, str] = {}
    if act in ("change", "add"):
        opened = resume_queries.get_resume(request.actor, person_id, resume_id)
        form = _typed_form(request, opened, key)
        if not form.is_valid():
            return _field(request, person_id, opened, key=key, form=form)
        values = form.stated
    elif act == "confirm":
        values = resume_queries.values_at(resume_queries.get_resume(request.actor, person_id, resume_id), key)
    elif act != "remove":
        raise NotFound
    correction = resume_correcting.correct(
        actor=request.actor,
        at=clock.now(),
        person_id=person_id,
        resume_id=resume_id,
        reading=request.POST.get("reading", ""),
        key=key,
        act=act,
        values=values,
    )
    tell(request, _("Saved."), undo=reverse("people:withdraw_correction", args=[person_id, correction.pk]))
    if not request.htmx:
        return redirect("people:resume_wide", person_id=person_id)
    return _fields(request, person_id, resume_id, focus=key)


def _typed_form(request: HttpRequest, opened: queries.OpenResume, key: str) -> FactForm | EntryForm:
    if key in ENTRY_FIELDS:
        return EntryForm(request.POST, name=key)
    return FactForm(request.POST, field=resume_queries.field_of(opened, key))


def withdraw_correction(request: HttpRequest, person_id: UUID, correction_id: UUID) -> HttpResponse:
    """Take a correction back."""
    resume_correcting.withdraw_correction(
        actor=request.actor, at=clock.now(), person_id=person_id, correction_id=correction_id
    )
    if not request.htmx:
        return redirect("people:resume_wide", person_id=person_id)
    answer = HttpResponse(status=204)
    answer["HX-Trigger"] = "resume-changed"
    return answer


def resume_original(request: HttpRequest, person_id: UUID, resume_id: UUID) -> HttpResponse:
    """Show the original beside its fields: its pages with the place of each fact, or its text; this is noted."""
    opened = resume_queries.get_resume(request.actor, person_id, resume_id)
    services.note_look(actor=request.actor, at=clock.now(), document=opened.row.document)
    marks = resume_page.marks_by_page(opened.read)
    pages = range(1, (opened.read.pages or 1) + 1) if _has_pages(opened) else []
    context = {
        "person_id": person_id,
        "opened": opened,
        "pages": [(page, marks.get(page, [])) for page in pages],
        "lines": [] if pages else resume_page.lines_of(opened.read),
    }
    return render(request, "people/resume_original.html", context)


def _has_pages(opened: queries.OpenResume) -> bool:
    return opened.row.document.media_type == "application/pdf"


def resume_picture(request: HttpRequest, person_id: UUID, resume_id: UUID, page: int) -> HttpResponse:
    """Draw a page of the original; with `key` only the surroundings of that fact."""
    opened = resume_queries.get_resume(request.actor, person_id, resume_id)
    key = request.GET.get("key", "")
    box = resume_queries.box_at(opened, key) if key else None
    picture = services.draw_page(
        actor=request.actor,
        at=clock.now(),
        document=opened.row.document,
        page=page,
        width=1400 if box else 1100,
    )
    return HttpResponse(pictures.around(picture, box) if box else picture, content_type="image/png")


def reread(request: HttpRequest, person_id: UUID, resume_id: UUID) -> HttpResponse:
    """Have one résumé read again."""
    rereading = resume_rereading.ask_rereading(
        actor=request.actor, at=clock.now(), person_id=person_id, resume_id=resume_id
    )
    return _rereading(request, person_id, rereading.pk)


def rereading(request: HttpRequest, person_id: UUID, rereading_id: UUID) -> HttpResponse:
    """Show how a newer reading differs, or that it is still being made."""
    return _rereading(request, person_id, rereading_id)


def take_rereading(request: HttpRequest, person_id: UUID, rereading_id: UUID) -> HttpResponse:
    """Take a newer reading over."""
    resume_rereading.take_rereading(actor=request.actor, at=clock.now(), person_id=person_id, rereading_id=rereading_id)
    tell(request, _("The newer reading holds now; corrections were kept."))
    return _rereading(request, person_id, rereading_id)


def leave_rereading(request: HttpRequest, person_id: UUID, rereading_id: UUID) -> HttpResponse:
    """Put a newer reading aside."""
    resume_rereading.leave_rereading(
        actor=request.actor, at=clock.now(), person_id=person_id, rereading_id=rereading_id
    )
    tell(request, _("The résumé stays as it was."))
    return _rereading(request, person_id, rereading_id)


def _rereading(request: HttpRequest, person_id: UUID, rereading_id: UUID) -> HttpResponse:
    found = resume_queries.get_rereading(request.actor, person_id, rereading_id)
    changes, lost = resume_queries.rereading_differences(found)
    context = {
        "person_id": person_id,
        "rereading": found,
        "changes": resume_page.changes_of(changes),
        "lost": [resume_page.LABELS[word.field] for word in lost],
        "problem": resume_page.problem_of(found.problem),
    }
    answer = render(request, "people/resume_rereading.html", context)
    if found.state in (found.State.SAME, found.State.TAKEN):
        answer["HX-Trigger-After-Swap"] = "resume-changed"
    return answer


def readings(request: HttpRequest) -> HttpResponse:
    """Show how many résumés an older reader has read, and the runs that read all again."""
    run_id = request.GET.get("run")
    runs = resume_queries.newest_runs()
    run = next((one for one in runs if str(one.pk) == run_id), runs[0] if runs else None)
    context = {"version": VERSION, "older": resume_queries.unread_by(VERSION), "runs": runs}
    if run is not None:
        context |= _run_context(request, run)
    return render(request, "people/readings.html", context)


def run_part(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Show how far a run is."""
    return render(request, "people/readings.html#run", _run_context(request, resume_queries.get_run(run_id)))


def _run_context(request: HttpRequest, run: Any) -> dict[str, Any]:
    states = resume_queries.states_of_run(run)
    page = keyset_page(
        resume_queries.proposals_of_run(request.actor, run), order=("pk",), after=request.GET.get("after", ""), size=30
    )
    under_way = not (run.ended_at or run.cancelled_at)
    return {
        "run": run,
        "states": states,
        "under_way": under_way or bool(run.taking_at and states.get("proposed")),
        "reading": under_way,
        "fields": resume_page.change_rows(resume_queries.changes_of_run(run)),
        "proposals": page.rows,
        "next_cursor": page.next_cursor,
    }


def start_run(request: HttpRequest) -> HttpResponse:
    """Read all résumés again."""
    resume_rereading.start_run(actor=request.actor, at=clock.now(), everything=request.POST.get("everything") == "1")
    return redirect("people:readings")


def cancel_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Stop reading."""
    resume_rereading.cancel_run(actor=request.actor, at=clock.now(), run_id=run_id)
    return redirect("people:readings")


def resume_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Go on reading."""
    resume_rereading.resume_run(actor=request.actor, run_id=run_id)
    return redirect("people:readings")


def take_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Take over all that a run proposes."""
    resume_rereading.take_run(actor=request.actor, at=clock.now(), run_id=run_id)
    return redirect("people:readings")


def reader_report(request: HttpRequest) -> HttpResponse:
    """Show how often people corrected what the reader read: by field, kind of file and rule. Numbers only."""
    versions = resume_queries.parsers()
    version = request.GET.get("version") if request.GET.get("version") in versions else (versions or [VERSION])[0]
    by = request.GET.get("by") if request.GET.get("by") in resume_page.REPORTS else "field"
    rows = resume_queries.performance(version or VERSION, resume_page.REPORTS[by or "field"])
    context = {"rows": resume_page.report_rows(rows), "versions": versions, "version": version, "by": by}
    context |= {f"by_{one}": one == by for one in resume_page.REPORTS}
    return render(request, "people/reader_report.html", context)


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


# The same person twice ------------------------------------------------------------------------------------------------


def duplicates(request: HttpRequest) -> HttpResponse:
    """Show who may be the same person twice, the likeliest first."""
    rows = pairs.open_suggestions(request.actor)
    page = keyset_page(rows, order=("-score", "-id"), after=request.GET.get("after", ""), size=30)
    context = {"lines": words.suggested(page.rows), "next_cursor": page.next_cursor}
    return render(request, "people/duplicates.html#lines" if request.htmx else "people/duplicates.html", context)


def same_as(request: HttpRequest, person_id: UUID, other_id: UUID) -> HttpResponse:
    """Show two persons side by side, with what speaks for and against their being one; merge them."""
    actor = request.actor
    if request.method == "POST":
        merge = merging.merge_persons(
            actor=actor, at=clock.now(), stays_id=person_id, goes_id=other_id, answers=request.POST.dict()
        )
        undo = reverse("people:undo_merge", args=[merge.pk])
        tell(request, _("Merged. Both histories are here."), undo=undo)
        return redirect("people:person", person_id=merge.into_id)
    chosen = person_id if request.GET.get("stays") else None
    found = pairs.pair(actor, person_id, other_id, stays_id=chosen)
    suggestion = pairs.suggestion_for(actor, found.stays.person.pk, found.goes.person.pk)
    context = {
        "pair": found,
        "suggestion": suggestion,
        "reasons": words.reasons(suggestion.reasons) if suggestion else [],
        "lines": words.side_by_side(found, shows_contacts=actor.may(permissions.REVEAL)),
        "together": words.together(found),
    }
    return render(request, "people/same_as.html", context)


def not_the_same(request: HttpRequest, suggestion_id: UUID) -> HttpResponse:
    """Put a suggestion aside: they are two."""
    merging.dismiss_suggestion(actor=request.actor, at=clock.now(), suggestion_id=suggestion_id)
    tell(request, _("Noted: two different people."))
    return HttpResponse() if request.htmx else redirect("people:duplicates")


def undo_merge(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """Take two records apart again."""
    merge = merging.undo_merge(actor=request.actor, at=clock.now(), merge_id=merge_id)
    tell(request, _("Taken apart. Each has their own history again."))
    return _back(request, merge.into_id)


def sameness(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show on a person's page who may be the same, and of which records they are made up."""
    found = queries.get_person(request.actor, person_id)
    text = request.GET.get("q", "").strip()
    merges = list(pairs.merges_of(found))
    names = names_of(row.by for row in merges)
    context = {
        "person": found,
        "lines": words.suggested(pairs.suggestions_about(request.actor, found)[:3], about=found),
        "merges": [(row, names.get(row.by, "") if row.by else "") for row in merges],
        "text": text,
        "others": [row for row in queries.find_by_name(request.actor, text, limit=8) if row.pk != found.pk],
    }
    return render(request, "people/sameness.html#others" if "q" in request.GET else "people/sameness.html", context)


def _back(request: HttpRequest, person_id: UUID) -> HttpResponse:
    if request.htmx:
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return redirect("people:person", person_id=person_id)
