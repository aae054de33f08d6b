"""What the system does by itself: the list, one playbook, changing it, trying it on the past."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiren.playbooks import permissions, queries, services, words
from zhiren.playbooks.definition import Definition
from zhiren.playbooks.forms import PlaybookForm
from zhiren.playbooks.models import Version
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.paging import keyset_page
from zhiren.plumbing.requests import HttpRequest


def playbooks(request: HttpRequest) -> HttpResponse:
    """List the playbooks in words, each with its switch and how often it ran."""
    templates = queries.template_names(request.actor.language)
    counts = queries.run_counts(request.actor, clock.now() - queries.LATELY)
    rows: list[dict[str, Any]] = [
        {
            "playbook": version.playbook,
            "words": words.described(queries.definition_of(version), request.actor.language, templates),
            "runs": counts.get(version.playbook_id, 0),
        }
        for version in queries.newest_versions(queries.playbooks_visible_to(request.actor))
    ]
    context = {
        "rows": rows,
        "on": sum(row["playbook"].is_on for row in rows),
        "may_manage": request.actor.may(permissions.MANAGE),
    }
    return render(request, "playbooks/playbooks.html", context)


def playbook(request: HttpRequest, playbook_id: UUID) -> HttpResponse:
    """Show one playbook: what it does in words, what it did, its versions."""
    found = queries.get_playbook(request.actor, playbook_id)
    versions = list(queries.versions_of(found)[:50])
    may_manage = request.actor.may(permissions.MANAGE)
    context = {
        "playbook": found,
        "words": _described(request, queries.definition_of(versions[0])),
        "versions": versions,
        "raw": json.dumps(versions[0].definition, ensure_ascii=False, indent=2) if may_manage else "",
        "may_manage": may_manage,
    }
    return render(request, "playbooks/playbook.html", context)


def runs(request: HttpRequest, playbook_id: UUID) -> HttpResponse:
    """Show for whom a playbook ran, the latest first."""
    found = queries.get_playbook(request.actor, playbook_id)
    page = keyset_page(
        queries.runs_of(request.actor, found),
        order=("-started_at", "-id"),
        after=request.GET.get("after", ""),
        size=20,
    )
    rows = [
        {
            "run": run,
            "steps": [
                {
                    "step": step,
                    "icon": words.ICONS[step.do],
                    "outcome": words.outcome(step.outcome, step.outcome_event, step.outcome_at),
                }
                for step in run.steps.all()
            ],
        }
        for run in page.rows
    ]
    context = {"playbook": found, "rows": rows, "next_cursor": page.next_cursor, "first": "after" not in request.GET}
    return render(request, "playbooks/runs.html", context)


def rehearsal(request: HttpRequest, playbook_id: UUID) -> HttpResponse:
    """Show what a playbook would have done in the last 30 days: as it is, or as it was just entered."""
    found = queries.get_playbook(request.actor, playbook_id)
    definition = queries.definition_of(queries.current_version(found))
    if request.method == "POST":
        form = PlaybookForm(request.POST, definition, queries.template_names(request.actor.language))
        if not form.is_valid():
            return render(request, "playbooks/rehearsal.html", {"form": form}, status=422)
        definition = services.read_definition(form.definition())
    told = queries.rehearse(request.actor, definition, at=clock.now())
    steps = _described(request, definition).steps
    rows = [
        {
            "row": row,
            "steps": [
                {
                    "step": step,
                    "words": steps[step.index],
                    "outcome": words.outcome(
                        step.outcome, step.fact.name if step.fact else "", step.fact.at if step.fact else None
                    ),
                }
                for step in row.steps
            ],
        }
        for row in told.rows
    ]
    return render(request, "playbooks/rehearsal.html", {"rehearsal": told, "rows": rows})


def switch(request: HttpRequest, playbook_id: UUID) -> HttpResponse:
    """Switch a playbook on or off."""
    is_on = request.POST.get("is_on") == "1"
    found = services.switch(actor=request.actor, at=clock.now(), playbook_id=playbook_id, is_on=is_on)
    tell(request, _("Switched on.") if found.is_on else _("Switched off. What was waiting is not done either."))
    if request.htmx:
        return render(request, "playbooks/switch.html", {"playbook": found, "may_manage": True})
    return redirect("playbooks:playbooks")


def change(request: HttpRequest, playbook_id: UUID) -> HttpResponse:
    """Change waits, texts and templates; what comes of it is a new version."""
    found = queries.get_playbook(request.actor, playbook_id)
    version = queries.current_version(found)
    definition = queries.definition_of(version)
    form = PlaybookForm(request.POST or None, definition, queries.template_names(request.actor.language))
    if request.method == "POST" and form.is_valid():
        saved = services.change(
            actor=request.actor, at=clock.now(), playbook_id=playbook_id, definition=form.definition()
        )
        tell(request, _told(saved, version))
        return redirect("playbooks:playbook", playbook_id=playbook_id)
    described = _described(request, definition)
    context: dict[str, Any] = {
        "playbook": found,
        "form": form,
        "version": version,
        "words": described,
        "steps": list(zip(form.steps(), described.steps, strict=True)),
    }
    return render(request, "playbooks/change.html", context, status=422 if request.method == "POST" else 200)


def _told(saved: Version, before: Version) -> str:
    if saved.number == before.number:
        return _("Nothing was different, so nothing was saved.")
    return _("Saved as version %(number)d. What is running goes on as it began.") % {"number": saved.number}


def done_lately(request: HttpRequest) -> HttpResponse:
    """Show what was done by itself since the reader's midnight."""
    midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    steps = queries.done_since(request.actor, midnight)
    templates = queries.template_names(request.actor.language) if steps else {}
    return render(request, "playbooks/done_lately.html", {"done": words.done_lately(steps, templates)})


def _described(request: HttpRequest, definition: Definition) -> words.PlaybookWords:
    language = request.actor.language
    return words.described(definition, language, queries.template_names(language))
