"""The pages on which files of punches come in: upload, what is in it, how far it is, what was rejected."""

import csv
import io
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhiren.attendance import import_looks, import_queries, import_words, importing
from zhiren.attendance.import_forms import FileForm, MappingForm
from zhiren.attendance.models import FileImport
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.requests import HttpRequest

_BUSY = (FileImport.State.READING, FileImport.State.IMPORTING)


def imports(request: HttpRequest) -> HttpResponse:
    """List the files that came last, and take another."""
    form = FileForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        entity, file = form.cleaned_data["entity"], form.cleaned_data["file"]
        row = importing.start_import(
            actor=request.actor,
            at=clock.now(),
            name=file.name or "",
            data=file.read(),
            entity_id=entity.pk if entity else None,
        )
        return redirect("attendance:import", import_id=row.pk)
    context = {"form": form, "imports": import_queries.latest_imports(request.actor)}
    return render(request, "attendance/imports.html", context, status=422 if form.errors else 200)


def file_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Show what is in a file and how far it is, or read it by another mapping (POST)."""
    row = import_queries.get_import(request.actor, import_id)
    if request.htmx and row.state not in _BUSY:
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    shown = import_queries.shown_of(row)
    form = None
    if row.state == FileImport.State.ASKING and shown:
        mapping = import_looks.mapping_of(row.mapping)
        form = MappingForm(request.POST or None, mapping=mapping, shown=shown)
        if request.method == "POST" and form.is_valid():
            importing.choose_mapping(actor=request.actor, at=clock.now(), import_id=row.pk, mapping=form.chosen())
            return redirect("attendance:import", import_id=row.pk)
    context = _context(row, shown) | {"form": form}
    page = "attendance/import.html#progress" if request.htmx else "attendance/import.html"
    return render(request, page, context, status=422 if form and form.errors else 200)


def _context(row: FileImport, shown: dict[str, Any]) -> dict[str, Any]:
    """Return what the page says of a file; of one that is only being read, or was forgotten, there is little."""
    return {
        "row": row,
        "shown": shown,
        "busy": row.state in _BUSY,
        "percent": row.done * 100 // row.punches if row.punches else 0,
        "problem": import_words.PROBLEMS.get(row.problem, row.problem),
        "doubts": [import_words.DOUBTS[one] for one in shown.get("doubts", ())],
        "whys": [(import_words.WHYS[one], n) for one, n in shown.get("whys", {}).items()],
        "odd": [(*import_words.ODDITIES[kind], found) for kind, found in shown.get("odd", {}).items()],
        "beyond": [(n, import_words.BEYOND[kind]) for kind, n in shown.get("beyond", {}).items()],
        "rejected": [{**one, "why": import_words.WHYS[one["why"]]} for one in shown.get("rejected", ())],
        "layout": import_words.LAYOUTS.get(row.mapping.get("layout", "")),
        "others": importing.zones_of_others(row, at=clock.now()),
    }


def begin(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Have every row of a file imported."""
    importing.begin_import(
        actor=request.actor, at=clock.now(), import_id=import_id, zone_is_right="zone_is_right" in request.POST
    )
    return redirect("attendance:import", import_id=import_id)


def stop(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Stop an import; what came in stays."""
    importing.stop_import(actor=request.actor, import_id=import_id)
    return redirect("attendance:import", import_id=import_id)


def go_on(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Let an import that was stopped go on."""
    importing.go_on(actor=request.actor, import_id=import_id)
    return redirect("attendance:import", import_id=import_id)


def throw_away(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Throw a file away, and what was noted of it."""
    importing.throw_away(actor=request.actor, import_id=import_id)
    tell(request, _("Thrown away. Punches that came from it stay."))
    return redirect("attendance:imports")


def rejects(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Hand out the lines that were no punches, each with its reason."""
    row = import_queries.get_import(request.actor, import_id)
    out = io.StringIO()
    out.write("\ufeff")  # spreadsheets take the text for what it is
    lines = csv.writer(out)
    lines.writerow([str(title) for title in import_words.REJECTS_HEAD])
    for one in importing.rejects_of(row):
        lines.writerow([one["line"], str(import_words.WHYS[one["why"]]), importing.harmless(one["text"])])
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_('Not imported') + f' {row.name}.csv')}"
    return answer
