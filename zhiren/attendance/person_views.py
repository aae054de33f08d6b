"""The page of one person's month, for HR and for their manager."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from zhiren.attendance import findings, permissions, queries, showing
from zhiren.attendance.forms import month_in
from zhiren.leave import queries as leave
from zhiren.people import employing
from zhiren.plumbing import clock
from zhiren.plumbing.requests import HttpRequest


def month(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """Show one person's month: its days and sums, what the law says, leave, what they asked for."""
    employment = queries.get_employment(request.actor, employment_id)
    today = employing.today_of(employment, clock.now())
    shown = showing.month(employment, month_in(request.GET.get("month", ""), today=today), today=today)
    sees_leave = leave.employments(request.actor).filter(pk=employment.pk).exists()
    context = {
        "employment": employment,
        "month": shown,
        "findings": findings.of_person(request.actor, employment, shown.first),
        "requests": queries.requests_of(employment.pk).filter(on__range=(shown.first, shown.last)),
        "sees_leave": sees_leave,
        "balances": leave.balances_of(employment, on=today) if sees_leave else [],
        "leaves": leave.leaves_between(employment.pk, shown.first, shown.last) if sees_leave else [],
        "may_hand_over": employment.user_id != request.actor.user_id and queries.may_manage(request.actor, employment),
        "may_see_all": request.actor.may(permissions.VIEW),
    }
    return render(request, "attendance/person_month.html", context)
