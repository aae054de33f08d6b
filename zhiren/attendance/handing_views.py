"""The page on which punches of a badge are handed over to whose they are: what it changes is shown first."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhiren.attendance import handing, handing_queries, words
from zhiren.attendance.handing_forms import HandOverForm
from zhiren.attendance.models import DayRecord
from zhiren.people import employing
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.requests import HttpRequest

_SHOWN = 40


def hand_over(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """Say which punches of somebody are another's, see what that changes, and have it so."""
    at = clock.now()
    employment = handing_queries.get_employment_to_manage(request.actor, employment_id)
    form = HandOverForm(
        request.POST or None, actor=request.actor, employment=employment,
        badges=handing_queries.badges_of(employment, at), today=employing.today_of(employment, at),
    )  # fmt: skip
    context: dict[str, Any] = {"form": form, "employment": employment, "most": handing_queries.MOST}
    is_good = request.method == "POST" and form.is_valid()
    seen = _seen(form) if is_good else ""
    if is_good and request.POST.get("confirm") == seen:
        count = handing.hand_over(actor=request.actor, at=at, wish=form.wish())
        told = ngettext("%(n)s punch counts for %(name)s now.", "%(n)s punches count for %(name)s now.", count)
        tell(request, told % {"n": count, "name": form.cleaned_data["whose"].person.name})
        return redirect(reverse("attendance:person_month", args=[employment.pk]))
    if is_good:
        effect = handing.effect_of(actor=request.actor, at=at, wish=form.wish())
        read = [(one.employment, one.on, _read(one.before), _read(one.after)) for one in effect.changes]
        lines = [line for line in read if line[2] != line[3]]
        context |= {
            "effect": effect, "whose": form.cleaned_data["whose"], "seen": seen, "lines": lines[:_SHOWN],
            "more": max(len(lines) - _SHOWN, 0),
        }  # fmt: skip
    return render(
        request, "attendance/hand_over.html", context, status=422 if request.method == "POST" and not is_good else 200
    )


def _seen(form: HandOverForm) -> str:
    """Return what somebody has seen the effect of: what is typed anew afterwards is shown before it is done, too."""
    wish = form.wish()
    return f"{wish.to_id} {wish.badge} {wish.first} {wish.last}"


def _read(row: DayRecord | None) -> str:
    """Return what a day comes to in a few words."""
    if row is None:
        return "–"
    flags: Sequence[Any] = words.flags_of(row.flags)
    worked = words.span(row.worked) if row.worked else ""
    return _("; ").join([*map(str, flags), *([worked] if worked else [])]) or "–"
