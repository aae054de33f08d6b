"""The pages of working-time law over days worked: what to look at, a month before it is closed, hours of a period."""

from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhiren.attendance import comprehensive, exports, findings, hours_words, queries, seeing, services, settling, team
from zhiren.attendance.forms import SeenForm, day_in, month_in
from zhiren.people import employment_queries as employments
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.paging import keyset_page
from zhiren.plumbing.requests import HttpRequest, go_to

_MOST_PERIODS = 200


def to_look_at(request: HttpRequest) -> HttpResponse:
    """List what working-time law says to the days of the last weeks, the newest first."""
    today = clock.now().astimezone(request.actor.tzinfo).date()
    page = keyset_page(
        findings.to_look_at(request.actor, today=today),
        order=("-on", "-id"),
        after=request.GET.get("after", ""),
        size=50,
    )
    context: dict[str, Any] = {
        "lines": [findings.told(row) for row in page.rows],
        "judged": findings.ids_judged_by(request.actor, page.rows),
        "next_cursor": page.next_cursor,
    }
    if request.GET.get("after"):
        return render(request, "attendance/law.html#rows", context)
    seen = findings.seen_lately(request.actor, today=today)
    context["judged"] |= findings.ids_judged_by(request.actor, [one.row for one in seen])
    return render(request, "attendance/law.html", context | {"seen": seen})


def mark_seen(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Ask why a finding may stand, and mark it as seen."""
    finding = findings.get_finding(request.actor, finding_id)
    form = SeenForm(request.POST or None)
    address = reverse("attendance:law")
    if request.method == "POST" and form.is_valid():
        seeing.mark_seen(actor=request.actor, at=clock.now(), finding_id=finding.pk, reason=form.cleaned_data["reason"])
        tell(request, _("Marked as seen. It comes back if its facts change."))
        return go_to(request, address)
    if request.method == "GET" and not request.htmx:
        return redirect(address)
    context = {"form": form, "one": findings.told(finding), "here": request.path}
    return render(request, "attendance/mark_seen.html", context, status=422 if request.method == "POST" else 200)


def put_back(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Let a finding be looked at again."""
    seeing.put_back(actor=request.actor, at=clock.now(), finding_id=finding_id)
    tell(request, _("It is to be looked at again."))
    return go_to(request, reverse("attendance:law"))


def hours(request: HttpRequest, employment_id: UUID, on: str) -> HttpResponse:
    """Show, as a part of a page, what somebody worked in the period of a date, and what the law says to the date."""
    employment = queries.get_employment(request.actor, employment_id)
    when = day_in(on)
    found = [] if request.GET.get("part") == "hours" else findings.of_day(request.actor, employment, when)
    period = comprehensive.hours_on([employment.pk], when).get(employment.pk)
    context = {"findings": found, "hours": hours_words.shown(period) if period else None}
    return render(request, "attendance/hours.html", context)


def before_closing(request: HttpRequest, entity_id: UUID, month: str) -> HttpResponse:
    """Show what to know of a month before it is closed: findings of each person, and periods that end with it."""
    entity = services.entity_to_manage(request.actor, entity_id)
    first = month_in(month, today=clock.now().date())
    page = findings.of_month(entity.pk, first, after=request.GET.get("after", ""))
    context: dict[str, Any] = {"entity": entity, "month": first, "page": page}
    if request.GET.get("after"):
        return render(request, "attendance/before_closing.html#rows", context)
    people, count = findings.counts([entity.pk], first).get((entity.pk, first), (0, 0))
    is_closed = queries.closing_of(entity.pk, first) is not None
    periods, more = _ending(entity.pk, first, is_closed=is_closed)
    context |= {
        "people": people,
        "count": count,
        "seen": findings.count_seen(entity.pk, first),
        "periods": periods,
        "more": more,
        "is_closed": is_closed,
        "waiting": queries.count_dirty_of_entity(entity.pk, *team.bounds(first)),
    }
    return render(request, "attendance/before_closing.html", context)


def _ending(entity_id: UUID, first: date, *, is_closed: bool) -> tuple[list[tuple[str, hours_words.ShownHours]], int]:
    """Return the periods that end with a month, the most excess first, each with its person's name; and how many more.

    Of a closed month they are what was settled.
    """
    periods = settling.settled(entity_id, first) if is_closed else settling.ending(entity_id, *team.bounds(first))
    shown = sorted(periods, key=lambda one: -one.excess)[:_MOST_PERIODS]
    people = employments.employments_by_id([one.employment_id for one in shown])
    lines = [(people[one.employment_id].person.name, hours_words.shown(one)) for one in shown]
    return lines, len(periods) - len(shown)


def findings_csv(request: HttpRequest, entity_id: UUID, month: str) -> HttpResponse:
    """Hand out what working-time law says to a month of a legal entity, as CSV."""
    at = clock.now()
    first = month_in(month, today=at.date())
    text = exports.findings_csv(actor=request.actor, at=at, entity_id=entity_id, month=first)
    answer = HttpResponse(f"\ufeff{text}", content_type="text/csv; charset=utf-8")
    name = _("Working-time law") + f" {first:%Y-%m}.csv"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
