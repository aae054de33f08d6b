"""The pages of changes of shifts: asking for one, what it would come to, planning somebody's day by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhiren.approvals import queries as approvals
from zhiren.attendance import queries, shift_changes, shift_queries
from zhiren.attendance.forms import day_in
from zhiren.attendance.shift_forms import PlanDayForm, ShiftChangeForm
from zhiren.attendance.words import shift_told
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.people import employing
from zhiren.people.models import Employment
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.requests import HttpRequest, go_to
from zhiren.rostering import judging
from zhiren.rostering import queries as rostering


@dataclass(frozen=True)
class ShownLine:
    """What one person works on one date before and after, in words."""

    name: str
    on: date
    before: str
    after: str


def ask(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """Ask for another shift, or a swap with a colleague."""
    employment, at = queries.get_employment_to_ask_for(request.actor, employment_id), clock.now()
    whose: dict[str, Any] = {
        "employment": employment, "actor": request.actor, "today": employing.today_of(employment, at),
    }  # fmt: skip
    context = {"employment": employment, "is_own": employment.user_id == request.actor.user_id}
    if request.method == "POST":
        form = ShiftChangeForm(request.POST, **whose)
        if form.is_valid():
            shift_changes.ask(
                actor=request.actor, at=at, employment_id=employment.pk, wish=form.wish(),
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
            tell(request, _("Sent. You hear as soon as it is decided."))
            return go_to(request, reverse("attendance:home"))
        return render(request, "attendance/ask_shift.html", context | {"form": form}, status=422)
    form = ShiftChangeForm(given=request.GET.dict(), **whose)
    template = "attendance/ask_shift.html#fields" if request.htmx else "attendance/ask_shift.html"
    return render(request, template, context | {"form": form})


def preview(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """Say what each would work, what working-time law says to it, and why it cannot be asked for as it stands."""
    employment, at = queries.get_employment_to_ask_for(request.actor, employment_id), clock.now()
    form = ShiftChangeForm(
        request.GET, employment=employment, actor=request.actor, today=employing.today_of(employment, at)
    )
    context: dict[str, Any] = {}
    if form.is_valid():
        lines, refusal = shift_changes.try_wish(actor=request.actor, at=at, employment=employment, wish=form.wish())
        context = {"refusal": refusal, **_shown(request.actor, lines)}
    return render(request, "attendance/shift_preview.html", context)


def changes(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """List what somebody asked about their shifts, or was asked, for their page."""
    employment = queries.get_employment(request.actor, employment_id)
    rows = shift_queries.shift_changes_of(employment.pk)
    asked = approvals.requests_of(shift_queries.KIND, [row.pk for row in rows])
    context = {
        "employment": employment,
        "rows": [(row, sorted({day.on for day in row.days.all()}), asked.get(row.pk)) for row in rows],
    }
    return render(request, "attendance/shift_changes.html", context)


def beside(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Show beside a request what each would work by now, and what working-time law says to it."""
    change = shift_queries.get_shift_change(request.actor, change_id)
    wanted = [(day.employment, day.on, day.after_id) for day in change.days.all()]
    lines = shift_queries.lines_of(wanted) if change.state == change.State.WAITING else []
    return render(request, "attendance/shift_beside.html", {"change": change, **_shown(request.actor, lines)})


def plan_day(request: HttpRequest, employment_id: UUID, on: str) -> HttpResponse:
    """Plan somebody's day by hand: another shift, a day off, or what the group says."""
    employment, when = queries.get_employment(request.actor, employment_id), day_in(on)
    if employment.user_id == request.actor.user_id:
        raise NotFound
    form = PlanDayForm(request.POST or None, on=when, given=_as_planned(employment, when))
    address = reverse("attendance:day", args=[employment.pk, on])
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = {"actor": request.actor, "at": clock.now(), "employment_id": employment.pk, "on": when}
        if form.follows_group:
            shift_changes.let_group_plan(**given)
        else:
            shift_changes.plan_by_hand(**given, shift_id=form.shift_id, note=form.cleaned_data["note"])
        tell(request, _("Saved. The day is computed anew."))
        return go_to(request, address)
    if request.method == "GET" and not request.htmx:
        return redirect(address)
    context = {"form": form, "employment": employment, "on": when, "here": request.path}
    return render(request, "attendance/plan_day.html", context, status=422 if request.method == "POST" else 200)


def preview_day(request: HttpRequest, employment_id: UUID, on: str) -> HttpResponse:
    """Say what somebody would work by hand, and what working-time law says to it."""
    employment, when = queries.get_employment(request.actor, employment_id), day_in(on)
    form = PlanDayForm(request.GET, on=when)
    lines: Sequence[shift_queries.Line] = []
    if form.is_valid() and not form.follows_group:
        lines = shift_queries.lines_of([(employment, when, form.shift_id)])
    return render(request, "attendance/shift_preview.html", _shown(request.actor, lines))


def _as_planned(employment: Employment, on: date) -> dict[str, str]:
    row = rostering.assignment_on(employment.pk, on)
    if row is None:
        return {"plan": "group"}
    return {"plan": str(row.shift_id) if row.shift_id else "off", "note": row.note}


def _shown(actor: Actor, lines: Sequence[shift_queries.Line]) -> dict[str, Any]:
    return {
        "lines": [
            ShownLine(
                line.employment.person.name,
                line.on,
                shift_told(shift_queries.as_values(line.before)),
                shift_told(shift_queries.as_values(line.after)),
            )
            for line in lines
        ],
        "found": judging.in_words(actor, shift_queries.findings_of(lines)),
    }
