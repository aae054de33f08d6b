"""The pages of who is employed."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhiren.people import employing, employment_queries, permissions, queries
from zhiren.people.employees.forms import EmployForm, EndForm, IdentityForm, TransferForm
from zhiren.people.services import PersonFacts
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.paging import keyset_page
from zhiren.plumbing.requests import HttpRequest, go_to


def employees(request: HttpRequest) -> HttpResponse:
    """Show whom the reader may see of those who are employed, or were."""
    text, gone = request.GET.get("q", "").strip()[:60], request.GET.get("gone") == "1"
    rows = employment_queries.employments_visible_to(request.actor)
    today = clock.now().astimezone(request.actor.tzinfo).date()
    rows = rows.filter(to_on__lt=today) if gone else rows.filter(Q(to_on=None) | Q(to_on__gte=today))
    if text:
        rows = rows.filter(Q(person__in=queries.records_named(text)) | Q(number__startswith=text))
    page = keyset_page(rows, order=["number", "id"], after=request.GET.get("after", ""))
    context = {
        "rows": page.rows,
        "next_cursor": page.next_cursor,
        "text": text,
        "gone": gone,
        "may_manage": request.actor.may(permissions.MANAGE_EMPLOYMENTS),
    }
    return render(request, "people/employees.html", context)


def employ(request: HttpRequest) -> HttpResponse:
    """Employ somebody: a person we know, by phone number or address, or a new one."""
    form = EmployForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        row = employing.employ_by_facts(
            actor=request.actor,
            at=clock.now(),
            facts=PersonFacts(
                name=given["name"],
                phones=[given["phone"]] if given["phone"] else [],
                mails=[given["mail"]] if given["mail"] else [],
            ),
            number=given["number"],
            badge=given["badge"],
            from_on=given["from_on"],
            worked_since=given["worked_since"],
            **form.placed(),
        )
        tell(request, _("Employed."))
        return go_to(request, reverse("people:employee", args=[row.pk]))
    context = {"form": form, "title": _("Employ somebody")}
    return render(request, "people/employ.html", context, status=422 if request.method == "POST" else 200)


def employee(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """Show one employment: where it stood, stands and will stand."""
    row = employment_queries.get_employment(request.actor, employment_id)
    context = {
        "row": row,
        "placements": employment_queries.placements_of(row.pk)[::-1],
        "today": employing.today_of(row, clock.now()),
        "may_manage": employment_queries.employments_managed_by(request.actor).filter(pk=row.pk).exists(),
    }
    return render(request, "people/employee.html", context)


def transfer(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """Place somebody elsewhere from a day on."""
    row = employment_queries.get_employment(request.actor, employment_id)
    at = clock.now()
    initial = {
        "department": row.department_id,
        "position": row.position_id,
        "branch": row.branch_id,
        "manager": row.manager_id,
        "on": employing.today_of(row, at) + timedelta(days=1),
    }
    form = TransferForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        employing.transfer(
            actor=request.actor, at=at, employment_id=row.pk, on=form.cleaned_data["on"], **form.placed()
        )
        tell(request, _("Saved."))
        return go_to(request, reverse("people:employee", args=[row.pk]))
    return _sheet(request, form, _("Place elsewhere"))


def identify(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """Correct somebody's staff number and badge."""
    row = employment_queries.get_managed_employment(request.actor, employment_id)
    form = IdentityForm(request.POST or None, initial={"number": row.number, "badge": row.badge})
    if request.method == "POST" and form.is_valid():
        employing.identify(actor=request.actor, at=clock.now(), employment_id=row.pk, **form.cleaned_data)
        tell(request, _("Saved. Punches that were set aside for this badge are looked through again."))
        return go_to(request, reverse("people:employee", args=[row.pk]))
    return _sheet(request, form, _("Staff number and badge"))


def end(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """Note somebody's last day."""
    row = employment_queries.get_employment(request.actor, employment_id)
    form = EndForm(request.POST or None, initial={"to_on": row.to_on, "reason": row.end_reason or None})
    if request.method == "POST" and form.is_valid():
        employing.end_employment(
            actor=request.actor,
            at=clock.now(),
            employment_id=row.pk,
            to_on=form.cleaned_data["to_on"],
            reason=form.cleaned_data["reason"],
        )
        tell(request, _("Saved."))
        return go_to(request, reverse("people:employee", args=[row.pk]))
    return _sheet(request, form, _("Note the last day"))


def _sheet(request: HttpRequest, form: TransferForm | EndForm | IdentityForm, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "here": request.path}
    return render(request, "people/employee_form.html", context, status=422 if request.method == "POST" else 200)
