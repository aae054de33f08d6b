"""The pages of interviews: the list, one interview, arranging it, scoring it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiren.interviews import forms, lists, permissions, queries, services
from zhiren.interviews.models import Interview
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.requests import HttpRequest
from zhiren.recruiting import permissions as recruiting_permissions
from zhiren.recruiting import queries as recruiting

_A_WEEK = timedelta(days=7)


def interviews(request: HttpRequest) -> HttpResponse:
    """List interviews: today's, the week's, those that wait for scorecards, or all."""
    actor, at = request.actor, clock.now()
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    today, week_until = (midnight, midnight + timedelta(days=1)), midnight + _A_WEEK
    counts = lists.list_counts(actor, day=today, week_until=week_until)
    shown = request.GET.get("show", "")
    if shown not in {"today", "week", "waiting", "all"}:
        shown = "today" if counts["today"] or not counts["waiting"] else "waiting"
    only_mine = request.GET.get("mine") == "1"
    page = lists.page_of_interviews(
        actor, shown, day=today, week_until=week_until, only_mine=only_mine, after=request.GET.get("after", "")
    )
    context: dict[str, Any] = {
        "at": at,
        "counts": counts,
        "shown": shown,
        "only_mine": only_mine,
        "sees_others": actor.may(recruiting_permissions.VIEW_CANDIDATES),
        "may_arrange": actor.may(permissions.ARRANGE),
    }
    context |= {"rows": page.rows, "next_cursor": page.next_cursor}
    return render(request, "interviews/interviews.html#rows" if request.htmx else "interviews/interviews.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """Choose whom to interview."""
    text = request.GET.get("q", "")[:100]
    context = {"found": queries.applications_to_interview(request.actor, text), "text": text.strip()}
    return render(request, "interviews/new.html#found" if request.htmx else "interviews/new.html", context)


def colleagues(request: HttpRequest) -> HttpResponse:
    """Find colleagues to put on the panel; those ticked before stay, those the form shows already are left out."""
    shown = set(forms.uuids(request.GET.getlist("shown")))
    ticked = [pk for pk in forms.uuids(request.GET.getlist("interviewers")) if pk not in shown]
    found = queries.find_colleagues(request.actor, request.GET.get("find", "")[:100])
    context = {
        "kept": queries.colleagues_by_id(request.actor, ticked),
        "found": [user for user in found if user.pk not in shown | set(ticked)],
    }
    return render(request, "interviews/arrange.html#found", context)


def arrange(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Arrange an interview for a candidate, or write one down that was held."""
    application = recruiting.get_application(request.actor, application_id)
    place_zone = recruiting.calendar_of(application.opening).zone
    initial = forms.initial_of_new(at=clock.now(), zone=place_zone, round_number=queries.rounds_of(application))
    form = forms.ArrangeForm(
        request.POST or None, initial=initial, near_zones=(place_zone, application.person.zone, request.actor.zone)
    )
    if request.method == "POST" and form.is_valid():
        made = services.arrange_interview(
            actor=request.actor, at=clock.now(), application_id=application.pk, **form.plan()
        )
        tell(request, _("Interview written down.") if made.ends_at <= clock.now() else _("Interview arranged."))
        return _done(request, made)
    address = reverse("interviews:arrange", args=[application.pk])
    return _plan_page(request, form, application, address, _("Arrange an interview"))


def change(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Change an interview's time, place or interviewers."""
    found = queries.get_interview_to_change(request.actor, interview_id)
    chosen = [row.user_id for row in found.panel]
    form = forms.ArrangeForm(
        request.POST or None,
        initial=forms.initial_of(found) | {"interviewers": chosen},
        near_zones=(found.zone, found.application.person.zone, request.actor.zone),
        length=found.minutes,
    )
    if request.method == "POST" and form.is_valid():
        services.change_interview(actor=request.actor, at=clock.now(), interview_id=found.pk, **form.plan())
        tell(request, _("Saved."))
        return _done(request, found)
    address = reverse("interviews:change", args=[found.pk])
    return _plan_page(request, form, found.application, address, _("Change the interview"))


def _plan_page(
    request: HttpRequest, form: forms.ArrangeForm, application: Any, address: str, title: str
) -> HttpResponse:
    chosen = queries.colleagues_by_id(request.actor, forms.uuids(form["interviewers"].value() or []))
    suggested = queries.suggested_interviewers(request.actor, application)
    in_dialog = "in_dialog" in request.POST or (bool(request.htmx) and request.method == "GET")
    context = {
        "form": form,
        "application": application,
        "address": address,
        "title": title,
        "chosen": chosen,
        "suggested": [user for user in suggested if user not in chosen],
        "in_dialog": in_dialog,
    }
    template = "interviews/arrange.html#sheet" if in_dialog else "interviews/arrange.html"
    if request.htmx and not in_dialog:
        template = "interviews/arrange.html#form"
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _done(request: HttpRequest, found: Interview) -> HttpResponse:
    if not request.htmx:
        return redirect("interviews:interview", interview_id=found.pk)
    answer = HttpResponse(status=204)
    if "in_dialog" in request.POST:
        answer["HX-Refresh"] = "true"
    else:
        answer["HX-Redirect"] = reverse("interviews:interview", args=[found.pk])
    return answer


def interview(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Show one interview: when, who, what was found, and what the candidate is told."""
    actor = request.actor
    found = queries.get_interview(actor, interview_id)
    findings = queries.findings_shown_to(actor, found)
    context = {
        "interview": found,
        "application": found.application,
        "person": found.application.person.root,
        "cards": findings.cards,
        "is_mine_to_score": any(card.is_mine and not card.submitted_at for card in findings.cards) and found.is_open,
        "may_arrange": found.is_open and queries.may_arrange(actor, found),
        "resume": queries.resume_facts(found.application.person.root),
        "told": findings.told,
        "at": clock.now(),
    }
    return render(request, "interviews/interview.html", context)


def cancel(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Call an interview off, for a reason."""
    found = queries.get_interview_to_change(request.actor, interview_id)
    form = forms.CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.cancel_interview(
            actor=request.actor, at=clock.now(), interview_id=found.pk, reason=form.cleaned_data["reason"]
        )
        tell(
            request,
            _("Called off. The interviewers are free again."),
            undo=reverse("interviews:reinstate", args=[found.pk]),
        )
        return _done(request, found)
    status = 422 if request.method == "POST" else 200
    template = "interviews/cancel.html#sheet" if request.htmx else "interviews/cancel.html"
    return render(request, template, {"form": form, "interview": found}, status=status)


def reinstate(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Take back that an interview was called off."""
    found = services.reinstate_interview(actor=request.actor, at=clock.now(), interview_id=interview_id)
    if not request.htmx:
        return redirect("interviews:interview", interview_id=found.pk)
    answer = HttpResponse(status=204)
    answer["HX-Refresh"] = "true"
    return answer


def of_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show a person's interviews, as a tab of their page."""
    rows = queries.interviews_of(request.actor, person_id)[:50]
    may_arrange = request.actor.may(permissions.ARRANGE)
    active = recruiting.applications_of(request.actor, person_id).filter(state="active") if may_arrange else []
    context = {"rows": rows, "applications": active, "at": clock.now()}
    return render(request, "interviews/of_person.html", context)


def compared(request: HttpRequest) -> HttpResponse:
    """Show the interviews of several persons side by side, as a part of a comparison."""
    ids = forms.uuids(request.GET.get("ids", "").split(","))[:5]
    rows = queries.interviews_side_by_side(request.actor, ids)
    return render(request, "interviews/compared.html", {"rows": rows, "any": any(found for _person, found in rows)})


def _scorecard_form(request: HttpRequest, own: queries.OwnCard) -> forms.ScorecardForm:
    return forms.ScorecardForm(
        request.POST if request.method == "POST" else None,
        attributes=own.card.attributes,
        ratings=own.card.ratings,
        words=own.words,
        verdict=own.card.verdict,
        language=request.actor.language,
    )


def scorecard(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Score an interview on a phone, in one go."""
    own = queries.get_own_card(request.actor, interview_id)
    found = own.card.interview
    if own.card.submitted_at:
        return redirect("interviews:sent", interview_id=found.pk)
    form = _scorecard_form(request, own)
    if request.method == "POST" and form.is_valid():
        services.submit_scorecard(actor=request.actor, at=clock.now(), interview_id=found.pk, **form.given())
        return redirect("interviews:sent", interview_id=found.pk)
    context = {
        "form": form,
        "interview": found,
        "person": found.application.person.root,
        "saved_at": own.card.saved_at,
        "has_begun": found.starts_at <= clock.now(),
        "resume": queries.resume_facts(found.application.person.root),
    }
    return render(request, "interviews/scorecard.html", context, status=422 if request.method == "POST" else 200)


def draft(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Keep what was entered so far; answer how much is still missing."""
    own = queries.get_own_card(request.actor, interview_id)
    form = _scorecard_form(request, own)
    form.is_valid()
    card = services.save_draft(actor=request.actor, at=clock.now(), interview_id=interview_id, **form.given())
    context = {"form": form, "saved_at": card.saved_at}
    return render(request, "interviews/scorecard.html#progress", context)


def sent(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Thank an interviewer, say what happens now, and hand them the next card."""
    own = queries.get_own_card(request.actor, interview_id)
    if not own.card.submitted_at:
        return redirect("interviews:scorecard", interview_id=interview_id)
    found = queries.get_interview(request.actor, interview_id)
    context = {
        "interview": found,
        "person": found.application.person.root,
        "waiting": [card for card in queries.findings_shown_to(request.actor, found).cards if not card.submitted_at],
        "next": queries.next_to_score(request.actor),
    }
    return render(request, "interviews/sent.html", context)
