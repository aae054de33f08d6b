"""Today: the queue, its numbers, and what is done from a line of it."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiren.conversation.permissions import WRITE
from zhiren.interviews import queries as interviews
from zhiren.kernel.ids import new_id
from zhiren.org import queries as org
from zhiren.people import permissions as people_permissions
from zhiren.people import queries as people
from zhiren.people import services as people_services
from zhiren.plumbing import clock
from zhiren.plumbing.menu import counts as counts_for_menu
from zhiren.plumbing.notices import tell
from zhiren.plumbing.paging import keyset_page
from zhiren.plumbing.requests import HttpRequest
from zhiren.plumbing.rights import MOMENT
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting.permissions import ADD_CANDIDATES, VIEW_OPENINGS
from zhiren.today import forms, permissions, queries, services
from zhiren.today.models import FollowUp
from zhiren.today.rules import snooze_times
from zhiren.today.words import Line, lines, one_per_person


def today(request: HttpRequest) -> HttpResponse:
    """Show who is to be contacted now, the most urgent and important first."""
    at, team = clock.now(), _team(request)
    page = keyset_page(
        queries.waiting(request.actor, at, team=team),
        order=("rank_at", "id"),
        after=request.GET.get("after", ""),
        size=15,
    )
    context = {
        "at": at,
        "lines": one_per_person(_lines(request, page.rows)),
        "next_cursor": page.next_cursor,
        "team": team,
        "may_see_team": request.actor.may(permissions.VIEW_TEAM),
        "may_see_jobs": request.actor.may(VIEW_OPENINGS),
        "may_see_system": request.actor.may("playbooks.view"),
        **_moves(request),
    }
    return render(request, "today/today.html#rows" if request.htmx else "today/today.html", context)


def numbers(request: HttpRequest) -> HttpResponse:
    """Show the numbers of the first line."""
    at, team = clock.now(), _team(request)
    found = queries.numbers(request.actor, at, team=team)
    return render(request, "today/numbers.html", {"numbers": found, "team": team, "at": at})


def day(request: HttpRequest) -> HttpResponse:
    """Show the interviews of the reader's day, and the files that wait to be looked at."""
    midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    held = interviews.interviews_between(request.actor, midnight, midnight + timedelta(days=1))
    context = {
        "interviews": list(held[:8]),
        "unreadable": list(recruiting.unreadable_files(request.actor)[:6]) if request.actor.may(ADD_CANDIDATES) else [],
        "zone": str(request.actor.zone),
    }
    return render(request, "today/day.html", context)


def of_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show what is to be done about one person, on their page."""
    rows = _lines(request, queries.open_about(request.actor, person_id)[:10])
    return render(request, "today/of_person.html", {"lines": rows})


def evidence(request: HttpRequest, follow_up_id: UUID) -> HttpResponse:
    """Show what a line rests on, and what has happened since."""
    follow_up, _person = queries.get_about_person(request.actor, follow_up_id)
    began = {entry.get("event_id") for entry in follow_up.evidence}
    entries = [(entry, str(entry.event_id) in began) for entry in queries.events_behind(request.actor, follow_up)]
    return render(request, "today/evidence.html", {"line": _line(request, follow_up), "entries": entries})


def contact(request: HttpRequest, follow_up_id: UUID) -> HttpResponse:
    """Show the number to call and what to say; that the number was looked at is on the record."""
    follow_up, person = queries.get_about_person(request.actor, follow_up_id)
    kind = "wechat" if follow_up.action == FollowUp.Action.WECHAT else "phone"
    contacts = [found for found in people.masked_contacts(person) if found.kind == kind]
    may_reveal = request.actor.may(people_permissions.REVEAL)
    number = (
        people_services.reveal_contact(
            actor=request.actor, at=clock.now(), person_id=person.pk, contact_id=contacts[0].id
        )
        if contacts and may_reveal
        else ""
    )
    context = {
        "line": _line(request, follow_up),
        "kind": kind,
        "number": number,
        "masked": contacts[0].masked if contacts else "",
        "may_note": request.actor.may(people_permissions.EDIT),
    }
    return render(request, "today/contact.html", context)


def mail(request: HttpRequest, follow_up_id: UUID) -> HttpResponse:
    """Write to the person; sending it is doing it."""
    follow_up, person = queries.get_about_person(request.actor, follow_up_id)
    line = _line(request, follow_up)
    initial = {"subject": line.opening, "body": line.suggestion, "key": new_id()}
    form = forms.MailForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.finish_by_mail(
            actor=request.actor,
            at=clock.now(),
            follow_up_id=follow_up_id,
            subject=form.cleaned_data["subject"],
            body=form.cleaned_data["body"],
            business_key=f"by-hand:{form.cleaned_data['key']}",
        )
        tell(request, _("Mail to %(name)s is on its way.") % {"name": person.root.name})
        return _gone(request, follow_up)
    status = 422 if request.method == "POST" else 200
    return render(request, "today/mail.html", {"line": line, "form": form}, status=status)


def done(request: HttpRequest, follow_up_id: UUID) -> HttpResponse:
    """Say that it was done; for ten seconds it can be taken back."""
    follow_up = services.finish(
        actor=request.actor,
        at=clock.now(),
        follow_up_id=follow_up_id,
        note=request.POST.get("note", ""),
        called=request.POST.get("called") == "1",
    )
    tell(request, _("Done: %(name)s") % {"name": _line(request, follow_up).name}, undo=_undo(follow_up))
    return _gone(request, follow_up)


def reopen(request: HttpRequest, follow_up_id: UUID) -> HttpResponse:
    """Take back what was done or put off."""
    services.reopen(actor=request.actor, at=clock.now(), follow_up_id=follow_up_id)
    if not request.htmx:
        return redirect("today:today")
    answer = HttpResponse(status=200)
    answer["HX-Refresh"] = "true"
    return answer


def snooze(request: HttpRequest, follow_up_id: UUID) -> HttpResponse:
    """Put it off until a moment that was chosen."""
    follow_up = queries.get_follow_up(request.actor, follow_up_id)
    form = forms.SnoozeForm(request.POST or None, initial={"until": clock.now() + timedelta(days=1)})
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["until"]
        services.snooze(actor=request.actor, at=clock.now(), follow_up_id=follow_up_id, until=until)
        when = timezone.localtime(until).strftime("%m-%d %H:%M")
        tell(
            request,
            _("%(name)s comes back on %(when)s.") % {"name": _line(request, follow_up).name, "when": when},
            undo=_undo(follow_up),
        )
        return _gone(request, follow_up)
    status = 422 if request.method == "POST" else 200
    return render(request, "today/snooze.html", {"line": _line(request, follow_up), "form": form}, status=status)


def hand_over(request: HttpRequest, follow_up_id: UUID) -> HttpResponse:
    """Give it to a colleague."""
    follow_up = queries.get_follow_up(request.actor, follow_up_id)
    groups = queries.hand_over_choices(request.actor, follow_up)
    form = forms.HandOverForm(request.POST or None, groups, english=request.actor.language == "en")
    if request.method == "POST" and form.is_valid():
        given = services.hand_over(
            actor=request.actor, at=clock.now(), follow_up_id=follow_up_id, to_id=form.cleaned_data["to"]
        )
        tell(request, _("%(name)s takes it over.") % {"name": given.owner.name})
        return _gone(request, follow_up)
    status = 422 if request.method == "POST" else 200
    return render(request, "today/hand_over.html", {"line": _line(request, follow_up), "form": form}, status=status)


@counts_for_menu("today:today")
def _waiting_for(actor: Any) -> Any:
    return queries.persons_waiting(actor, MOMENT)


def _team(request: HttpRequest) -> bool:
    return request.GET.get("who") == "team" and request.actor.may(permissions.VIEW_TEAM)


def _lines(request: HttpRequest, follow_ups: Any) -> list[Line]:
    follow_ups = list(follow_ups)
    company = org.company() if follow_ups else None
    names = (company.name, company.name_en) if company else ("", "")
    return lines(follow_ups, actor=request.actor, at=clock.now(), reader=request.user, company=names)  # type: ignore[arg-type]  # signed in


def _line(request: HttpRequest, follow_up: FollowUp) -> Line:
    return _lines(request, [follow_up])[0]


def _moves(request: HttpRequest) -> dict[str, Any]:
    """Return what the buttons of a line need."""
    return {
        "may_write": request.actor.may(WRITE),
        "snooze_times": snooze_times(clock.now(), request.actor.tzinfo),
    }


def _undo(follow_up: FollowUp) -> str:
    return reverse("today:reopen", args=[follow_up.pk])


def _gone(request: HttpRequest, follow_up: FollowUp) -> HttpResponse:
    """Answer that a line has left the queue, wherever it is shown; what else is due takes its place."""
    if not request.htmx:
        return redirect("today:today")
    page = request.htmx.current_url_abs_path or reverse("today:today")
    others = queries.waiting_about(request.actor, clock.now(), follow_up) if page == reverse("today:today") else []
    line = next(iter(one_per_person(_lines(request, others))), None)
    answer = render(request, "today/today.html#line", {"line": line, **_moves(request)}) if line else HttpResponse()
    answer["HX-Retarget"] = f"#follow-up-{follow_up.pk}"
    answer["HX-Reswap"] = "outerHTML" if line else "delete"
    answer["HX-Trigger"] = json.dumps({"dialog-done": {}, "today-changed": {}, "person-changed": {}})
    return answer
