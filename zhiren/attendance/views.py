"""The pages of attendance: one's own, a day and why it reads so, the month of a team, devices, closing months."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhiren.attendance import (
    comprehensive,
    exports,
    hours_words,
    kiosk_looks,
    kiosk_queries,
    permissions,
    phone_looks,
    phone_queries,
    phone_words,
    queries,
    requests,
    services,
    showing,
    team,
    words,
)
from zhiren.attendance.forms import AskForm, DeviceForm, PunchForm, day_in, id_in, month_in
from zhiren.attendance.models import Request
from zhiren.attendance.phone_views import PERMISSIONS_POLICY
from zhiren.leave import permissions as leave
from zhiren.leave import queries as leave_queries
from zhiren.org import queries as org
from zhiren.people.models import Employment
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.paging import keyset_page
from zhiren.plumbing.requests import HttpRequest, go_to
from zhiren.rostering import permissions as rostering

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAY = timedelta(days=1)
_MOST_DOUBTS = 100


# One's own ------------------------------------------------------------------------------------------------------------


def home(request: HttpRequest) -> HttpResponse:
    """Show the reader's own attendance: punching, today, this month, what leave is left, what they asked for."""
    at = clock.now()
    employment = queries.own_employment(request.actor, on=at.astimezone(request.actor.tzinfo).date())
    if employment is None:
        return render(request, "attendance/nobody.html")
    today = at.astimezone(ZoneInfo(employment.zone)).date()
    month = month_in(request.GET.get("month", ""), today=today)
    shown = showing.today(employment, at, address=str(request.META.get("REMOTE_ADDR", "")))
    context = {
        "employment": employment,
        "now": at,
        "today": shown,
        "zone_beside": showing.zone_beside(request.actor, shown.zone, at),
        "month": showing.month(employment, month, today=today),
        "requests": queries.requests_of(employment.pk)[:5],
        "kinds": words.REQUESTS,
        "leave_url": reverse("leave:mine") if request.actor.may(leave.USE) else "",
        "balances": leave_queries.balances_of(employment, on=today) if request.actor.may(leave.USE) else [],
        "phone": phone_looks.for_script(user_id=request.actor.user_id, zone=shown.zone, at=at),
        "has_kiosk": kiosk_queries.has_kiosk(employment.entity_id),
        "pin": kiosk_queries.pin_of(employment.pk),
        "phones": phone_queries.own_keys(request.actor),
        "doubts": [
            (row, [phone_words.DOUBTS[name] for name in row.doubts])
            for row in phone_queries.doubts_of(employment.pk, at=at)
        ],
    }
    answer = render(request, "attendance/home.html", context)
    answer["Permissions-Policy"] = PERMISSIONS_POLICY
    return answer


def punch(request: HttpRequest) -> HttpResponse:
    """Punch, with the place if the phone told it, and show today anew."""
    at = clock.now()
    form = PunchForm(request.POST)
    services.punch_by_phone(
        actor=request.actor,
        at=at,
        key=form.key_of() or f"{at:%Y%m%d%H%M%S}",
        place=form.place(),
        address=str(request.META.get("REMOTE_ADDR", "")),
    )
    employment = queries.own_employment(request.actor, on=at.astimezone(request.actor.tzinfo).date())
    zone = employment.zone if employment else request.actor.zone
    tell(request, _("Recorded at %(time)s.") % {"time": showing.clock_at(request.actor, zone, at)})
    return go_to(request, reverse("attendance:home"))


def ask(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """Ask for a missing punch, overtime, an errand, a trip or remote work."""
    employment = queries.get_employment_to_ask_for(request.actor, employment_id)
    initial = {"kind": request.GET.get("kind", Request.Kind.CORRECTION), "starts_at": request.GET.get("at", "")}
    form = AskForm(request.POST or None, initial=initial, zone=employment.zone)
    if request.method == "POST" and form.is_valid():
        requests.ask(actor=request.actor, at=clock.now(), employment_id=employment.pk, **form.cleaned_data)
        tell(request, _("Sent. You hear as soon as it is decided."))
        return go_to(request, _page_of(request, employment))
    if request.method == "GET" and not request.htmx:
        return redirect(_page_of(request, employment))
    status = 422 if request.method == "POST" else 200
    return render(request, "attendance/ask.html", {"form": form, "here": request.path}, status=status)


def _page_of(request: HttpRequest, employment: Employment) -> str:
    if employment.user_id == request.actor.user_id:
        return reverse("attendance:home")
    return reverse("attendance:person_month", args=[employment.pk])


# A day ----------------------------------------------------------------------------------------------------------------


def day(request: HttpRequest, employment_id: UUID, on: str) -> HttpResponse:
    """Show one day of somebody, and why it reads as it does."""
    employment = queries.get_employment(request.actor, employment_id)
    when, at = day_in(on), clock.now()
    shown = showing.day(employment, when, at)
    context = {
        "employment": employment,
        "zone_beside": showing.zone_beside(request.actor, shown.zone, at),
        "on": when,
        "previous": when - DAY,
        "following": when + DAY,
        "is_own": employment.user_id == request.actor.user_id,
        "may_ask": queries.may_ask_for(request.actor, employment),
        "may_plan": request.actor.may(rostering.MANAGE) and employment.covers(when),
        "shown": shown,
    }
    return render(request, "attendance/day.html", context)


# The month of a team --------------------------------------------------------------------------------------------------


def month(request: HttpRequest) -> HttpResponse:
    """Show the month of everybody whose attendance the reader may see."""
    today = clock.now().astimezone(request.actor.tzinfo).date()
    first = month_in(request.GET.get("month", ""), today=today)
    filters = _filters(request)
    after = request.GET.get("after", "")
    page = team.month_page(request.actor, first, filters, after=after)
    periods = _periods(request, page, today)
    lines = [
        {
            "person": one,
            "address": _days_of(one.employment.pk),
            "cells": words.cells(_days_of(one.employment.pk), page.first, page.days, one.days),
            "worked": words.hours(one.month.worked if one.month else 0),
            "period": hours_words.for_table(periods.get(one.employment.pk)),
            "overtime": words.hours(one.month.ot_work + one.month.ot_rest + one.month.ot_holiday if one.month else 0),
            "banked": "" if one.banked is None else words.hours(one.banked),
        }
        for one in page.people
    ]
    context = {
        "page": page,
        "lines": lines,
        "days": words.days_of_month(page.first, page.days),
        "previous": (page.first - DAY).replace(day=1),
        "following": page.first + DAY * page.days,
        "filters": filters,
        "shows_periods": _shows_periods(request),
    }
    if after:
        return render(request, "attendance/month.html#rows", context)
    context |= {
        **org.named(request.actor, "departments", "branches"),
        "looks": [(code, words.NAMES[code]) for code in words.LEGEND],
        "only": words.ONLY,
        "may_manage": request.actor.may(permissions.MANAGE),
        "totals": [(label, words.span(page.totals.get(name, 0))) for name, label in words.HEADLINE],
    }
    return render(request, "attendance/month.html", context)


def _shows_periods(request: HttpRequest) -> bool:
    return request.GET.get("also") == "period"


def _periods(request: HttpRequest, page: team.Month, today: date) -> dict[UUID, comprehensive.Hours]:
    """Return, where the reader asked for it, what each period came to by the end of the month, or by today."""
    if not _shows_periods(request):
        return {}
    return comprehensive.hours_on([one.employment.pk for one in page.people], min(team.bounds(page.first)[1], today))


def _days_of(employment_id: UUID) -> str:
    return reverse("attendance:day", args=[employment_id, "0"])[:-1]


def _filters(request: HttpRequest) -> team.Filters:
    given = request.GET
    return team.Filters(
        department=id_in(given.get("department", "")),
        branch=id_in(given.get("branch", "")),
        name=given.get("q", "").strip()[:50],
        only=given.get("only", ""),
    )


def export(request: HttpRequest) -> HttpResponseBase:
    """Hand out the sums of a month as a spreadsheet."""
    at = clock.now()
    first = month_in(request.GET.get("month", ""), today=at.astimezone(request.actor.tzinfo).date())
    sheet = exports.export_month(actor=request.actor, at=at, month=first, filters=_filters(request))
    answer = FileResponse(sheet, content_type=_XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_('Attendance') + f' {first:%Y-%m}.xlsx')}"
    return answer


def exceptions(request: HttpRequest) -> HttpResponse:
    """List the days that somebody should look at: absent without leave, or a punch missing, the newest first."""
    today = clock.now().astimezone(request.actor.tzinfo).date()
    page = keyset_page(
        queries.exceptions(request.actor, today=today),
        order=("-on", "-employment_id"),
        after=request.GET.get("after", ""),
        size=50,
    )
    context = {
        "lines": [(row, words.flags_of(row.flags)) for row in page.rows],
        "next_cursor": page.next_cursor,
        "doubts": [
            (row, [phone_words.DOUBTS[name] for name in row.doubts])
            for row in phone_queries.doubts_open_to(request.actor)[:_MOST_DOUBTS]
        ],
    }
    template = "attendance/exceptions.html#rows" if request.GET.get("after") else "attendance/exceptions.html"
    return render(request, template, context)


# Devices and closing months -------------------------------------------------------------------------------------------


def devices(request: HttpRequest) -> HttpResponse:
    """List the clocks that send punches, those first that nobody knows."""
    at = clock.now()
    context = {
        "devices": [showing.device(row, at) for row in queries.devices(request.actor)],
        "strays": queries.strays(request.actor),
        "address": request.build_absolute_uri("/"),
        "kiosks": [(row, kiosk_looks.state_of(row, at)) for row in kiosk_queries.kiosks(request.actor)],
        "may_manage": request.actor.may(permissions.MANAGE),
    }
    return render(request, "attendance/devices.html", context)


def device(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Take a device into use, change what is known of it, or retire it."""
    row = queries.get_device(request.actor, device_id)
    initial = {"name": row.name, "branch": row.branch_id, "zone": row.zone, "network": row.network, "state": row.state}
    form = DeviceForm(request.POST or None, initial=initial)
    form.offer(request.actor)
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        branch = given.pop("branch")
        services.keep_device(
            actor=request.actor, at=clock.now(), device_id=row.pk, branch_id=branch.pk if branch else None, **given
        )
        tell(request, _("Saved."))
        return go_to(request, reverse("attendance:devices"))
    if request.method == "GET" and not request.htmx:
        return redirect("attendance:devices")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "device": row, "here": request.path}
    return render(request, "attendance/device.html", context, status=status)


def closing(request: HttpRequest) -> HttpResponse:
    """List the last months of each entity, and whether they are closed."""
    context = {"entities": showing.closings(request.actor, clock.now())}
    return render(request, "attendance/closing.html", context)


def close(request: HttpRequest, entity_id: UUID, month: str) -> HttpResponse:
    """Close a month of a legal entity."""
    at = clock.now()
    first = month_in(month, today=at.date())
    period = services.close_month(actor=request.actor, at=at, entity_id=entity_id, month=first)
    tell(request, _("Closed: %(days)s days.") % {"days": period.days})
    return go_to(request, reverse("attendance:closing"))


def payroll(request: HttpRequest, entity_id: UUID, month: str) -> HttpResponseBase:
    """Hand out a closed month for payroll, with its checksum."""
    at = clock.now()
    text = exports.payroll_csv(actor=request.actor, at=at, entity_id=entity_id, month=month_in(month, today=at.date()))
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_('Payroll input') + f' {month}.csv')}"
    return answer


def payroll_xlsx(request: HttpRequest, entity_id: UUID, month: str) -> HttpResponseBase:
    """Hand out a closed month for payroll as a spreadsheet, with its checksum on a sheet of its own."""
    at = clock.now()
    first = month_in(month, today=at.date())
    sheet = exports.payroll_xlsx(actor=request.actor, at=at, entity_id=entity_id, month=first)
    answer = FileResponse(sheet, content_type=_XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_('Payroll input') + f' {first:%Y-%m}.xlsx')}"
    return answer
