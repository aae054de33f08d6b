"""The page of the organisation."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhiren.org import permissions, queries, services
from zhiren.org.forms import FORMS, CompanyForm, pay_as_filled_in
from zhiren.org.tree import department_tree
from zhiren.plumbing.models import one
from zhiren.plumbing.notices import tell
from zhiren.plumbing.requests import HttpRequest


def organisation(request: HttpRequest) -> HttpResponse:
    """Show the company: entities, places, the tree of departments with their positions, and grades to those who may."""
    context = {
        "company": queries.company(),
        "entities": queries.entities(request.actor),
        "branches": queries.branches(request.actor),
        "tree": department_tree(list(queries.departments(request.actor)), list(queries.positions(request.actor))),
        "grades": queries.grades(request.actor),
        "may_manage": request.actor.may(permissions.MANAGE),
    }
    return render(request, "org/organisation.html", context)


def company(request: HttpRequest) -> HttpResponse:
    """Change the company."""
    form = CompanyForm(request.POST or None, instance=queries.company())
    if request.method == "POST" and form.is_valid():
        services.save_company(actor=request.actor, **form.cleaned_data)
        return _done(request)
    return _form(request, form)


def add(request: HttpRequest, kind: str) -> HttpResponse:
    """Add an entity, a branch, a department, a grade or a position."""
    return _edit(request, kind, None)


def change(request: HttpRequest, kind: str, row_id: UUID) -> HttpResponse:
    """Change one."""
    return _edit(request, kind, row_id)


def _edit(request: HttpRequest, kind: str, row_id: UUID | None) -> HttpResponse:
    if kind not in FORMS:
        raise Http404
    instance = one(queries.rows_of(request.actor, kind), row_id) if row_id else None
    initial = pay_as_filled_in(instance) if kind == "grade" and instance else None
    form = FORMS[kind](request.POST or None, instance=instance, initial=initial)
    form.offer(request.actor)
    if request.method == "POST" and form.is_valid():
        services.save(actor=request.actor, row=form.save(commit=False))
        return _done(request)
    return _form(request, form)


def _form(request: HttpRequest, form: object) -> HttpResponse:
    if request.method == "GET" and not request.htmx:
        return redirect("org:organisation")  # the form is a part of that page
    status = 422 if request.method == "POST" else 200
    return render(request, "org/form.html", {"form": form, "here": request.path}, status=status)


def _done(request: HttpRequest) -> HttpResponse:
    tell(request, _("Saved."))
    if request.htmx:
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return redirect("org:organisation")
