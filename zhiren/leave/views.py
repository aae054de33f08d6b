"""The pages of leave: one's own, the team's, somebody's ledger, types and plans."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from zhiren.access import queries as access
from zhiren.kernel.refusals import NotFound
from zhiren.leave import board, feed, ledger, outcomes, permissions, queries, rules, services
from zhiren.leave.forms import AdjustForm, AskForm, PlanForm, ShortenForm, TypeForm, WishForm, documents_of
from zhiren.people import employing
from zhiren.people import employment_queries as people
from zhiren.people.models import Employment
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.requests import HttpRequest, go_to

# So many days of leave before today are in the calendar, and of shifts before and after it.
_FEED_DAYS = 92
_SHIFTS_BEFORE, _SHIFTS_AHEAD = 14, 60


# One's own ------------------------------------------------------------------------------------------------------------


def mine(request: HttpRequest) -> HttpResponse:
    """Show what leave the reader has, and what they asked for."""
    employment = _own(request)
    if employment is None:
        return render(request, "leave/nobody.html")
    today = employing.today_of(employment, clock.now())
    context = {
        "employment": employment,
        "balances": queries.balances_of(employment, on=today),
        "leaves": queries.leaves_of(employment),
        "today": today,
    }
    return render(request, "leave/mine.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """Ask for leave: one's own, or as HR somebody's; the form follows the type that is chosen."""
    employment = _asked_for(request)
    if employment is None:
        return render(request, "leave/nobody.html")
    at = clock.now()
    types = queries.types_for(employment)
    if request.method == "POST":
        form = AskForm(request.POST, types=types)
        if form.is_valid() and form.chosen:
            leave = services.ask_leave(
                actor=request.actor,
                at=at,
                employment_id=employment.pk,
                type_id=form.chosen.pk,
                wish=form.wish(),
                reason=form.cleaned_data["reason"],
                files=documents_of(request.FILES),
            )
            tell(request, _("Your request was sent."))
            return go_to(request, reverse("leave:leave", args=[leave.pk]))
        return render(request, "leave/new.html", {"form": form, "employment": employment}, status=422)
    day = employing.today_of(employment, at) + timedelta(days=1)
    given = request.GET.dict()
    form = AskForm(types=types, initial={"from_on": day, "to_on": day, **given})
    template = "leave/new.html#fields" if request.htmx else "leave/new.html"
    return render(request, template, {"form": form, "employment": employment, "own": _is_own(request, employment)})


def preview(request: HttpRequest) -> HttpResponse:
    """Say how much leave a wish takes, and what would be left."""
    employment = _asked_for(request)
    if employment is None:
        raise NotFound
    form = WishForm(request.GET, types=queries.types_for(employment))
    context: dict[str, Any] = {"form": form}
    if form.is_valid() and form.chosen:
        at = clock.now()
        days, refusal = services.try_wish(at=at, employment=employment, leave_type=form.chosen, wish=form.wish())
        balances = queries.balances_of(employment, on=employing.today_of(employment, at))
        balance = next((one for one in balances if one.type.pk == form.chosen.pk), None)
        context |= {
            "refusal": refusal,
            "type": form.chosen,
            "minutes": sum(day.minutes for day in days),
            "days": days,
            "balance": balance,
        }
    return render(request, "leave/preview.html", context)


def leave(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Show one leave, and what can be done about it."""
    found = queries.get_leave(request.actor, leave_id)
    shows_reason = queries.sees_reason(request.actor, found)
    context = {
        "leave": found,
        "days": queries.days_of(found),
        "reason": queries.reason_of(found) if shows_reason else "",
        "documents": list(found.documents.all()) if shows_reason else [],
        "is_own": _is_own(request, found.employment),
        "may_change": _is_own(request, found.employment) or request.actor.may(permissions.MANAGE),
        "shorten": ShortenForm(initial={"to_on": found.to_on}),
    }
    return render(request, "leave/leave.html", context)


def withdraw(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Take back a request."""
    outcomes.withdraw_leave(actor=request.actor, at=clock.now(), leave_id=leave_id)
    tell(request, _("The request was taken back."))
    return go_to(request, reverse("leave:leave", args=[leave_id]))


def cancel(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Take back approved leave."""
    outcomes.cancel_leave(actor=request.actor, at=clock.now(), leave_id=leave_id)
    tell(request, _("The leave was cancelled; its days are given back."))
    return go_to(request, reverse("leave:leave", args=[leave_id]))


def shorten(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Let approved leave end earlier."""
    form = ShortenForm(request.POST)
    if form.is_valid():
        outcomes.shorten_leave(actor=request.actor, at=clock.now(), leave_id=leave_id, to_on=form.cleaned_data["to_on"])
        tell(request, _("The leave ends earlier; the days after are given back."))
    else:
        queries.get_leave(request.actor, leave_id)
        tell(request, _("Choose the new last day."), tone="warn")
    return go_to(request, reverse("leave:leave", args=[leave_id]))


def document(request: HttpRequest, leave_id: UUID, document_id: UUID) -> HttpResponse:
    """Hand out a document of a leave; that it was opened is on the record."""
    found = queries.get_leave(request.actor, leave_id)
    row, name, data = services.open_document(actor=request.actor, at=clock.now(), leave=found, document_id=document_id)
    answer = HttpResponse(data, content_type=row.media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def beside(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Show who decides what is left of the balance, and who else is away."""
    found = queries.get_leave(request.actor, leave_id)
    today = employing.today_of(found.employment, clock.now())
    balances = queries.balances_of(found.employment, on=today)
    context = {
        "leave": found,
        "balance": next((one for one in balances if one.type.pk == found.type_id), None),
        "others": board.beside(found),
    }
    return render(request, "leave/beside.html", context)


def calendar_link(request: HttpRequest) -> HttpResponse:
    """Make a new private address of one's own calendar, and show it once."""
    employment = _own(request)
    if employment is None:
        raise NotFound
    token = services.make_calendar_link(actor=request.actor, at=clock.now(), employment_id=employment.pk)
    return render(
        request, "leave/calendar_link.html", {"link": f"{settings.PUBLIC_URL}{reverse('leave:calendar', args=[token])}"}
    )


def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out somebody's approved leave and planned shifts, in their language, to whoever has their address."""
    del request
    employment = queries.employment_of_link(token)
    if employment is None:
        raise NotFound
    at = clock.now()
    today = employing.today_of(employment, at)
    leaves = queries.feed_of(employment, since=today - timedelta(days=_FEED_DAYS))
    first, last = today - timedelta(days=_SHIFTS_BEFORE), today + timedelta(days=_SHIFTS_AHEAD)
    owners = list(access.users_by_id([employment.user_id] if employment.user_id else []).values())
    with override(owners[0].language if owners else get_language()):
        shifts = feed.shift_entries(employment, leaves, first=first, last=last)
        text = feed.calendar_of([*feed.leave_entries(leaves), *shifts], name=_("Shifts and leave"), at=at)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, max-age=900"
    return answer


# Others' --------------------------------------------------------------------------------------------------------------


def team(request: HttpRequest) -> HttpResponse:
    """Show a month of those whose leave the reader may see."""
    today = clock.now().astimezone(request.actor.tzinfo).date()
    first = _month(request.GET.get("month", ""), today)
    shown = board.month_board(
        request.actor, first=first, text=request.GET.get("q", "")[:60], after=request.GET.get("after", "")
    )
    context = {
        "board": shown,
        "text": request.GET.get("q", ""),
        "today": today,
        "before": rules.add_months(first, -1),
        "following": rules.add_months(first, 1),
    }
    return render(request, "leave/team.html#board" if request.htmx else "leave/team.html", context)


def person(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """Show somebody's balances, requests and ledgers; HR may correct them."""
    employment = queries.get_employment(request.actor, employment_id)
    today = employing.today_of(employment, clock.now())
    context = {
        "employment": employment,
        "balances": queries.balances_of(employment, on=today),
        "leaves": queries.leaves_of(employment, limit=20),
        "ledgers": queries.ledger_of(request.actor, employment_id),
        "today": today,
        "may_manage": request.actor.may(permissions.MANAGE) and not _is_own(request, employment),
    }
    return render(request, "leave/person.html", context)


def adjust(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """Give leave, or take some away, by hand."""
    employment = queries.managed_employment(request.actor, employment_id)
    at = clock.now()
    types = [row for row in queries.types_for(employment) if row.needs_balance]
    form = AdjustForm(request.POST or None, types=types, initial={"on": employing.today_of(employment, at)})
    if request.method == "POST" and form.is_valid():
        ledger.adjust(actor=request.actor, at=at, employment_id=employment_id, **form.facts())
        tell(request, _("Saved."))
        return go_to(request, reverse("leave:person", args=[employment_id]))
    context = {"form": form, "employment": employment, "here": request.path}
    return render(request, "leave/adjust.html", context, status=422 if request.method == "POST" else 200)


# Types and plans ------------------------------------------------------------------------------------------------------


def types(request: HttpRequest) -> HttpResponse:
    """Show the types of leave, and how they are earned."""
    context = {"types": queries.types(request.actor), "plans": queries.plans(request.actor)}
    return render(request, "leave/types.html", context)


def edit_type(request: HttpRequest, type_id: UUID | None = None) -> HttpResponse:
    """Add or change a type."""
    instance = queries.get_type(request.actor, type_id) if type_id else None
    form = TypeForm(request.POST or None, actor=request.actor, instance=instance)
    if request.method == "POST" and form.is_valid():
        services.save(actor=request.actor, at=clock.now(), row=form.row())
        tell(request, _("Saved."))
        return go_to(request, reverse("leave:types"))
    context = {"form": form, "row": instance}
    return render(request, "leave/type.html", context, status=422 if request.method == "POST" else 200)


def edit_plan(request: HttpRequest, plan_id: UUID | None = None) -> HttpResponse:
    """Add or change how a type is earned."""
    instance = queries.get_plan(request.actor, plan_id) if plan_id else None
    form = PlanForm(request.POST or None, actor=request.actor, types=queries.types(request.actor), instance=instance)
    if request.method == "POST" and form.is_valid():
        services.save(actor=request.actor, at=clock.now(), row=form.row())
        tell(request, _("Saved. It holds for periods that were not granted yet."))
        return go_to(request, reverse("leave:types"))
    context = {"form": form, "row": instance}
    return render(request, "leave/plan.html", context, status=422 if request.method == "POST" else 200)


def _own(request: HttpRequest) -> Employment | None:
    assert request.actor.user_id is not None  # noqa: S101 - the route lets nobody else in
    today = clock.now().astimezone(request.actor.tzinfo).date()
    return people.employment_of_user(request.actor.user_id, on=today)


def _asked_for(request: HttpRequest) -> Employment | None:
    """Return whom leave is asked for: whoever is named, else the reader."""
    named = request.GET.get("employment", "")
    if not named:
        return _own(request)
    employment = queries.get_employment(request.actor, named)
    return employment if _is_own(request, employment) else queries.managed_employment(request.actor, employment.pk)


def _is_own(request: HttpRequest, employment: Employment) -> bool:
    return request.actor.user_id is not None and employment.user_id == request.actor.user_id


def _month(text: str, today: date) -> date:
    """Return the first day of a month written like 2026-11; of this month where it is none."""
    year, _dash, month = text.partition("-")
    if year.isdecimal() and month.isdecimal() and 2000 <= int(year) <= 2100 and 1 <= int(month) <= 12:
        return date(int(year), int(month), 1)
    return today.replace(day=1)
