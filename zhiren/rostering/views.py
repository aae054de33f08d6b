"""The pages of shifts and groups (what each says, whom a change would touch), and of working-time law."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiren.kernel.refusals import NotFound
from zhiren.org import queries as org
from zhiren.people import employment_queries as employments
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.requests import HttpRequest
from zhiren.rostering import judging, law, law_tables, law_words, permissions, pictures, queries, services
from zhiren.rostering.forms import ShiftForm, shift_as_filled_in
from zhiren.rostering.group_forms import GroupForm, PlaceForm, group_as_filled_in
from zhiren.rostering.models import Group, GroupVersion

_MOST_DAYS = 42
_LONGEST_REASON = 300
_YEARS = range(1990, 2200)


def shifts(request: HttpRequest) -> HttpResponse:
    """List the shifts, each with a picture of its day, and the groups with their pattern."""
    newest = queries.newest_versions()
    rows = list(queries.shifts(request.actor))
    names = {str(row.pk): row.label for row in rows}
    ways = queries.newest_group_versions()
    counts = queries.member_counts(request.actor, clock.now().date())
    context = {
        "shifts": [(row, newest[row.pk], pictures.of_shift(queries.shift_in(newest[row.pk]))) for row in rows],
        "groups": [
            (row, ways[row.pk], [names.get(shift, "") for shift in ways[row.pk].pattern], counts.get(row.pk, 0))
            for row in queries.groups(request.actor)
        ],
        "may_manage": request.actor.may(permissions.MANAGE),
    }
    return render(request, "rostering/shifts.html", context)


def shift(request: HttpRequest, shift_id: UUID | None = None) -> HttpResponse:
    """Write a shift, or what one says from a date on; show whom that touches before it is published."""
    row = queries.get_shift(request.actor, shift_id) if shift_id else None
    today = clock.now().astimezone(request.actor.tzinfo).date()
    initial: dict[str, Any] = {"valid_from": today, "ot_mode": 2, "dup": 2, "kind": 1}
    versions = queries.versions_of(row) if row else []
    if row and versions:
        initial |= {
            **shift_as_filled_in(queries.shift_in(versions[0])), "name": row.name, "name_en": row.name_en,
        }  # fmt: skip
    said = queries.shift_in(versions[0]) if versions else None
    form = ShiftForm(request.POST or None, initial=initial, said=said)
    impact, found = None, []
    if request.method == "POST" and form.is_valid():
        given = {"definition": form.definition(), "valid_from": form.cleaned_data["valid_from"]}
        found = judging.of_shift(row.pk, **given) if row else []
        if row and ("publish" not in request.POST or _needs_reason(request, found)):
            impact = services.impact_of(actor=request.actor, shift_id=row.pk, today=today, **given)
        else:
            services.publish_shift(
                actor=request.actor, at=clock.now(), shift_id=row.pk if row else None,
                name=form.cleaned_data["name"], name_en=form.cleaned_data["name_en"],
                despite=_despite(request, found), **given,
            )  # fmt: skip
            tell(request, _("Published. The days it bears on are being computed anew."))
            return redirect("rostering:shifts")
    picture = pictures.of_shift(services.read_shift(form.definition())) if form.is_bound and form.is_valid() else None
    context = {
        "form": form, "shift": row, "versions": versions, "impact": impact, "picture": picture,
        **_told(request, found),
    }  # fmt: skip
    status = 422 if request.method == "POST" and (impact is None or "publish" in request.POST) else 200
    return render(request, "rostering/shift.html", context, status=status)


def group(request: HttpRequest, group_id: UUID | None = None) -> HttpResponse:
    """Write a group, or how one works from a date on, and say who belongs to it."""
    row = queries.get_group_to_manage(request.actor, group_id) if group_id else None
    today = clock.now().astimezone(request.actor.tzinfo).date()
    versions = queries.versions_of_group(row) if row else []
    newest = versions[0] if versions else None
    if newest and row:
        newest.group = row
    length = _length(request, len(newest.pattern) if newest else 7)
    initial = group_as_filled_in(newest, today=today) | ({} if newest else {"zone": request.actor.zone})
    form = GroupForm(request.POST or None, initial=initial, actor=request.actor, length=length)
    resizes = "resize" in request.POST
    if resizes:
        form = GroupForm(initial=form.as_typed(), actor=request.actor, length=length)
    only_shows = "show" in request.POST
    found: list[judging.Found] = []
    if form.is_bound and form.is_valid() and not only_shows:
        given = form.cleaned_data
        way, entity, since = form.way(), given["entity"], given["valid_from"]
        found = judging.of_way(way, group_id=row.pk if row else None, region=entity.region, valid_from=since)
        if not _needs_reason(request, found):
            version = services.publish_group(
                actor=request.actor, at=clock.now(), group_id=row.pk if row else None, entity_id=entity.pk,
                name=given["name"], name_en=given["name_en"], way=way, valid_from=since,
                despite=_despite(request, found),
            )  # fmt: skip
            tell(request, _("Published. The days it bears on are being computed anew."))
            return redirect("rostering:group", group_id=version.group_id)
    context = {"form": form, **_told(request, found), **_year(request, form, newest, today)}
    asks_why = bool(found) and "publish" not in request.POST
    status = 422 if request.method == "POST" and not resizes and not only_shows and not asks_why else 200
    return _group_page(request, row, versions, today, context, status=status)


def _year(request: HttpRequest, form: GroupForm, newest: GroupVersion | None, today: date) -> dict[str, Any]:
    """Return the picture of a year by what is typed, else by what holds; none of a group of which nothing is known."""
    asked = request.POST.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in _YEARS else today.year
    version = GroupVersion(**form.way().fields()) if form.is_bound and form.is_valid() else newest
    if version is None:
        return {"year": year}
    return {
        "year": year,
        "year_before": year - 1 if year - 1 in _YEARS else None,
        "year_after": year + 1 if year + 1 in _YEARS else None,
        "months": pictures.of_year(year, partial(queries.look_of, version)),
        "is_estimated": version.follows_holidays and not queries.year_is_known(version, year),
    }


def _group_page(
    request: HttpRequest,
    row: Group | None,
    versions: Sequence[GroupVersion],
    today: date,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    shown = {
        "group": row,
        "versions": versions,
        "length": len(context["form"].pattern_names),
        "here": reverse("rostering:group", args=[row.pk]) if row else reverse("rostering:new_group"),
    }
    members = _members(request, row, today) if row else {}
    return render(request, "rostering/group.html", shown | members | context, status=status)


def _needs_reason(request: HttpRequest, found: Sequence[judging.Found]) -> bool:
    return bool(found) and not request.POST.get("reason", "").strip()


def _despite(request: HttpRequest, found: Sequence[judging.Found]) -> services.Despite:
    """Return what the reader was told a plan does not keep, and why they publish it all the same."""
    return services.Despite(
        tuple(sorted({one.finding.code for one in found})), request.POST.get("reason", "")[:_LONGEST_REASON]
    )


def _told(request: HttpRequest, found: Sequence[judging.Found]) -> dict[str, Any]:
    is_unsaid = "publish" in request.POST and _needs_reason(request, found)
    return {"found": judging.in_words(request.actor, found), "reason_missing": is_unsaid}


def _length(request: HttpRequest, usual: int) -> int:
    text = request.POST.get("length") or request.GET.get("length", "")
    return min(max(int(text), 1), _MOST_DAYS) if text.isdecimal() and len(text) < 5 else usual


def _members(request: HttpRequest, row: Group, today: date) -> dict[str, Any]:
    people = employments.employments_visible_to(request.actor).filter(employments.covering(today))
    members = set(queries.members_on(row.pk, today))
    ordered = list(people.filter(entity_id=row.entity_id).order_by("person__name", "pk")[:2000])
    form = PlaceForm(initial={"from_on": today})
    form.offer([(one.pk, one.person.name) for one in ordered if one.pk not in members])
    return {"members": [one for one in ordered if one.pk in members], "place_form": form}


def place(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Have somebody planned by a group from a date on."""
    row = queries.get_group_to_manage(request.actor, group_id)
    form = PlaceForm(request.POST)
    people = employments.employments_visible_to(request.actor).filter(entity_id=row.entity_id)
    form.offer(list(people.order_by("person__name", "pk").values_list("pk", "person__name")))
    if not form.is_valid():
        today = clock.now().astimezone(request.actor.tzinfo).date()
        versions = queries.versions_of_group(row)
        versions[0].group = row
        length = len(versions[0].pattern)
        way = GroupForm(initial=group_as_filled_in(versions[0], today=today), actor=request.actor, length=length)
        return _group_page(request, row, versions, today, {"form": way, "place_form": form}, status=422)
    employment = employments.get_employment(request.actor, UUID(form.cleaned_data["employment"]))
    from_on = form.cleaned_data["from_on"]
    found = judging.of_placing(employment, row.pk, from_on=from_on)
    if _needs_reason(request, found):
        context = {"group": row, "employment": employment, "from_on": from_on, **_told(request, found)}
        status = 422 if "publish" in request.POST else 200
        return render(request, "rostering/place.html", context, status=status)
    services.place(
        actor=request.actor, at=clock.now(), employment_id=employment.pk, group_id=row.pk, from_on=from_on,
        despite=_despite(request, found),
    )  # fmt: skip
    tell(request, _("Placed."))
    return redirect(reverse("rostering:group", args=[row.pk]))


def working_time_law(request: HttpRequest) -> HttpResponse:
    """Show the numbers of one country with their sources: the one asked for, else the company's own."""
    known = law.countries()
    country = request.GET.get("country") or law.country_of(org.company().region) or known[0]
    if country not in known:
        raise NotFound
    context = {
        "country": law_words.COUNTRIES[country],
        "countries": [(code, law_words.COUNTRIES[code], code == country) for code in known],
        "tables": law_tables.tables(country, on=timezone.localdate(clock.now())),
    }
    return render(request, "rostering/law.html", context)
