"""The pages of recruiting."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhiren.people import queries as people
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.requests import HttpRequest
from zhiren.recruiting import exports, intake, lists, permissions, queries, services, words
from zhiren.recruiting.forms import (
    ByHandForm,
    ExitForm,
    FilterForm,
    NewCandidateForm,
    NewOpeningForm,
    OpeningForm,
    StageForm,
    TeamForm,
    UploadForm,
    a_number,
    an_id,
    colleagues,
    seen_as,
)
from zhiren.recruiting.lists import Filters
from zhiren.recruiting.models import Application, IntakeFile, Opening

_SHOWN = {"open": ("draft", "open"), "closed": ("closed",), "all": ("draft", "open", "closed")}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# Openings -----------------------------------------------------------------------------------------------------------


def openings(request: HttpRequest) -> HttpResponse:
    """List the openings with how many candidates are where."""
    shown = request.GET.get("state", "open")
    lines, after = lists.page_of_openings(
        request.actor,
        states=_SHOWN.get(shown, _SHOWN["open"]),
        at=clock.now(),
        after=request.GET.get("after", ""),
    )
    context = {
        "lines": lines,
        "after": after,
        "shown_open": shown not in {"closed", "all"},
        "shown_closed": shown == "closed",
        "shown_all": shown == "all",
        "may_manage": request.actor.may(permissions.MANAGE_OPENINGS),
    }
    return render(request, _part(request, "recruiting/openings.html", "rows"), context)


def new_opening(request: HttpRequest) -> HttpResponse:
    """Draft an opening."""
    form = NewOpeningForm(request.POST or None, actor=request.actor, colleagues=colleagues(request.actor))
    if request.method == "POST" and form.is_valid():
        template = form.cleaned_data["template"]
        opening = services.create_opening(
            actor=request.actor,
            at=clock.now(),
            position_id=form.cleaned_data["position"].pk,
            template_id=template.pk if template else None,
            **form.details(),
        )
        tell(request, _("The draft is saved. Publish it when it is ready."))
        return redirect("recruiting:opening_settings", opening_id=opening.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "recruiting/new_opening.html", {"form": form}, status=status)


def opening(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Show an opening's board."""
    at = clock.now()
    found = lists.get_opening_with_candidates(request.actor, opening_id)
    columns = lists.board_of(found, at)
    context = {
        **_head(request, found),
        "columns": columns,
        "all_stages": words.choices([column.stage for column in columns]),
        "said": words.on_cards(),
        "total": lists.total(column.count for column in columns),
        "overdue": lists.total(column.overdue for column in columns),
        "usual_days": lists.usual_days_to_hire(found, columns),
        **_powers(request),
    }
    return render(request, "recruiting/board.html", context)


def more_cards(request: HttpRequest, opening_id: UUID, stage_id: UUID) -> HttpResponse:
    """Show the next cards of a column."""
    found = lists.get_opening_with_candidates(request.actor, opening_id)
    stage = queries.get_stage(found, stage_id)
    cards, after = lists.more_cards(found, stage, after=request.GET.get("after", ""), at=clock.now())
    context = {
        "opening": found,
        "stage": stage,
        "cards": cards,
        "after": after,
        "stages": words.choices(queries.stages_of(found)),
        "said": words.on_cards(),
        **_powers(request),
    }
    return render(request, "recruiting/board.html#cards", context)


def opening_table(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Show an opening's candidates as a table with filters."""
    at = clock.now()
    found = lists.get_opening_with_candidates(request.actor, opening_id)
    form = FilterForm(request.GET)
    cards, after = lists.page_of_candidates(
        request.actor, form.filters(), at=at, after=request.GET.get("after", ""), opening=found
    )
    columns = lists.stages_with_counts(found, at)
    context = {
        **_head(request, found),
        "cards": cards,
        "after": after,
        "form": form,
        "filters": form.filters(),
        "is_filtered": form.filters() != Filters(),
        "stages": [column.stage for column in columns],
        "total": lists.total(column.count for column in columns),
        "overdue": lists.total(column.overdue for column in columns),
        "may_export": lists.may_export(request.actor),
        "said": words.on_cards(),
        **_powers(request),
    }
    return render(request, _part(request, "recruiting/table.html", "rows"), context)


def opening_numbers(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Show how many applied, week by week."""
    at = clock.now()
    found = lists.get_opening_with_candidates(request.actor, opening_id)
    weeks = lists.applications_by_week(found, at.astimezone(request.actor.tzinfo))
    columns = lists.stages_with_counts(found, at)
    context = {
        **_head(request, found),
        "columns": columns,
        "total": lists.total(column.count for column in columns),
        "overdue": lists.total(column.overdue for column in columns),
        "usual_days": lists.usual_days_to_hire(found, columns),
        **words.weeks_for_chart(weeks),
        **_powers(request),
    }
    return render(request, "recruiting/numbers.html", context)


def opening_settings(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Show and change an opening: texts and pay, stages, team, publication."""
    found = queries.get_opening_to_manage(request.actor, opening_id)
    stages = queries.stages_of(found)
    part = request.POST.get("part", "") if request.method == "POST" else ""
    data = request.POST if part else None
    among = colleagues(request.actor)
    form = OpeningForm(data if part == "opening" else None, actor=request.actor, colleagues=among, opening=found)
    stage_forms = [StageForm(data if part == "stages" else None, stage=stage, colleagues=among) for stage in stages]
    team = TeamForm(data if part == "team" else None, opening=found, colleagues=among, chosen=queries.team_of(found))
    valid = _save_settings(request, found, part, form, stage_forms, team)
    if valid:
        tell(request, _("Saved."))
        return redirect("recruiting:opening_settings", opening_id=found.pk)
    context = {
        **_head(request, found),
        "form": form,
        "stage_forms": stage_forms,
        "team": team,
        "public_url": words.public_address(found),
        **_powers(request),
    }
    return render(request, "recruiting/settings.html", context, status=422 if part else 200)


def _save_settings(
    request: HttpRequest,
    found: Opening,
    part: str,
    form: OpeningForm,
    stage_forms: list[StageForm],
    team: TeamForm,
) -> bool:
    """Save the part of the page that was sent; tell whether it was in order."""
    actor = request.actor
    if part == "opening" and form.is_valid():
        services.change_opening(actor=actor, opening_id=found.pk, **form.details())
        return True
    if part == "stages" and all(one.is_valid() for one in stage_forms):
        services.set_stages(
            actor=actor,
            opening_id=found.pk,
            stages=[(one.stage.pk, one.cleaned_data["limit_hours"], one.cleaned_data["owner"]) for one in stage_forms],
        )
        return True
    if part == "team" and team.is_valid():
        services.share_opening(actor=actor, opening_id=found.pk, user_ids=team.cleaned_data["team"])
        return True
    return False


def publish(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Show an opening to the public."""
    services.publish_opening(actor=request.actor, at=clock.now(), opening_id=opening_id)
    tell(request, _("Published. Anybody can see it now."), undo=reverse("recruiting:unpublish", args=[opening_id]))
    return _refreshed(request, opening_id)


def unpublish(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Take an opening from the public."""
    services.unpublish_opening(actor=request.actor, at=clock.now(), opening_id=opening_id)
    tell(request, _("No longer public. Its candidates stay."), undo=reverse("recruiting:publish", args=[opening_id]))
    return _refreshed(request, opening_id)


def close(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Take no more candidates for an opening."""
    services.close_opening(actor=request.actor, at=clock.now(), opening_id=opening_id)
    tell(
        request,
        _("Closed. It takes no more candidates; those in progress stay."),
        undo=reverse("recruiting:open", args=[opening_id]),
    )
    return _refreshed(request, opening_id)


def open_again(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Open a draft or a closed opening for candidates, without showing it to the public."""
    services.open_opening(actor=request.actor, opening_id=opening_id)
    tell(request, _("Open for candidates, not public."))
    return _refreshed(request, opening_id)


def _refreshed(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    if request.htmx:
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return redirect("recruiting:opening_settings", opening_id=opening_id)


def _head(request: HttpRequest, found: Opening) -> dict[str, Any]:
    return {
        "opening": found,
        "may_manage": queries.may_manage(request.actor, found),
    }


def _powers(request: HttpRequest) -> dict[str, bool]:
    return {
        "may_move": request.actor.may(permissions.MOVE_CANDIDATES),
        "may_add": request.actor.may(permissions.ADD_CANDIDATES),
        "may_compare": request.actor.may("talent.search"),
    }


def _part(request: HttpRequest, template: str, part: str) -> str:
    """Return the part of a page that htmx fetches more rows with, or the whole page."""
    return f"{template}#{part}" if request.htmx and request.GET.get("after") else template


# Candidates ---------------------------------------------------------------------------------------------------------


def candidates(request: HttpRequest) -> HttpResponse:
    """List the candidates of every opening the reader may see."""
    form = FilterForm(request.GET)
    cards, after = lists.page_of_candidates(
        request.actor, form.filters(), at=clock.now(), after=request.GET.get("after", "")
    )
    context = {
        "cards": cards,
        "after": after,
        "form": form,
        "filters": form.filters(),
        "is_filtered": form.filters() != Filters(),
        "openings": lists.openings_to_choose(request.actor),
        "may_export": lists.may_export(request.actor),
        "said": words.on_cards(),
        **_powers(request),
    }
    return render(request, _part(request, "recruiting/candidates.html", "rows"), context)


def new_candidate(request: HttpRequest) -> HttpResponse:
    """Add somebody without a résumé."""
    form = NewCandidateForm(
        request.POST or None, actor=request.actor, initial={"opening": request.GET.get("opening", "")}
    )
    if request.method == "POST" and form.is_valid():
        application = intake.add_by_hand(
            actor=request.actor,
            at=clock.now(),
            opening_id=form.cleaned_data["opening"].pk,
            name=form.cleaned_data["name"],
            **form.contacts(),
        )
        return redirect("people:person", person_id=application.person_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "recruiting/new_candidate.html", {"form": form}, status=status)


def export(request: HttpRequest) -> HttpResponseBase:
    """Hand out the candidates that the filters let through as a spreadsheet."""
    at = clock.now()
    sheet = exports.export_candidates(
        actor=request.actor, at=at, filters=FilterForm(request.GET).filters(), sources=words.SOURCES
    )
    name = _("Candidates") + f" {at.astimezone(request.actor.tzinfo):%Y-%m-%d}.xlsx"
    answer = FileResponse(sheet, content_type=_XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def move(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Move a candidate, and answer with the card as it is now."""
    at = clock.now()
    before = queries.get_application(request.actor, application_id)
    moved = services.move_application(
        actor=request.actor,
        at=at,
        application_id=application_id,
        stage_id=an_id(request.POST.get("stage") or request.GET.get("stage", "")),
        version=a_number(request.POST.get("version") or request.GET.get("version", "")),
        note=request.POST.get("note", ""),
    )
    if request.GET.get("undo"):
        return _reload()
    if moved.version != before.version:
        undo = f"{reverse('recruiting:move', args=[moved.pk])}?stage={before.stage_id}&version={moved.version}&undo=1"
        text = _("%(name)s moved to “%(stage)s”.") % {"name": before.person.root.name, "stage": moved.stage.label}
        tell(request, text, undo=undo)
    if request.GET.get("from") == "person":
        return _person_changed()
    return _card(request, queries.get_application(request.actor, application_id))


def move_many(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Move the candidates that were ticked."""
    lists.get_opening_with_candidates(request.actor, opening_id)
    seen = [seen_as(text) for text in request.POST.getlist("seen")[:500]]
    moved, left = services.move_many(
        actor=request.actor, at=clock.now(), seen=seen, stage_id=an_id(request.POST.get("stage", ""))
    )
    text = ngettext("%(n)d candidate moved.", "%(n)d candidates moved.", moved) % {"n": moved}
    if left:
        more = ngettext(
            "%(n)d was moved by somebody else or has ended, and stays.",
            "%(n)d were moved by somebody else or have ended, and stay.",
            left,
        )
        text = f"{text} {more % {'n': left}}"
    tell(request, text, tone="warn" if left else "good")
    return _reload()


def exit_(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Ask why a candidate's way ends, and end it."""
    application = queries.get_application(request.actor, application_id)
    form = ExitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ended = services.exit_application(
            actor=request.actor,
            at=clock.now(),
            application_id=application_id,
            reason_id=form.cleaned_data["reason"].pk,
            version=a_number(request.POST.get("version", "")),
            note=form.cleaned_data["note"],
        )
        text = _("%(name)s: ended, %(reason)s.") % {
            "name": application.person.root.name,
            "reason": ended.exit_reason.label if ended.exit_reason else "",
        }
        tell(request, text, undo=reverse("recruiting:reopen", args=[ended.pk]) + "?undo=1")
        context = {"application": ended, "count": lists.count_in_stage(ended)}
        answer = render(request, "recruiting/exit.html#gone", context)
        answer["HX-Trigger"] = '{"dialog-done": {}, "person-changed": {}}'
        # nothing for the dialog, which would open again with it: the answer's parts find their own places
        answer["HX-Retarget"], answer["HX-Reswap"] = "#notices", "none"
        return answer
    context = {
        "application": application,
        "form": form,
        "sides": words.reasons_by_side(queries.exit_reasons()),
        "version": request.GET.get("version") or request.POST.get("version") or application.version,
    }
    return render(request, "recruiting/exit.html", context, status=422 if request.method == "POST" else 200)


def reopen(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Let an ended application go on."""
    application = services.reopen_application(actor=request.actor, at=clock.now(), application_id=application_id)
    if request.GET.get("undo"):
        return _reload()
    tell(request, _("Goes on in “%(stage)s”.") % {"stage": application.stage.label})
    if request.GET.get("from") == "person":
        return _person_changed()
    return _reload()


def of_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show a person's applications beside their page."""
    at = clock.now()
    person = people.get_person(request.actor, person_id)
    found = [lists.Card(row, at) for row in queries.applications_of(request.actor, person.pk)[:20]]
    context = {
        "cards": found,
        "stages": queries.stages_by_opening([card.application.opening_id for card in found]),
        "hint": queries.has_hint(person_id) if found else False,
        **_powers(request),
    }
    return render(request, "recruiting/of_person.html", context)


def _card(request: HttpRequest, application: Application) -> HttpResponse:
    context = {
        "card": lists.Card(application, clock.now()),
        "stages": words.choices(queries.stages_of(application.opening)),
        "said": words.on_cards(),
        **_powers(request),
    }
    return render(request, "recruiting/board.html#card", context)


def _reload() -> HttpResponse:
    answer = HttpResponse(status=204)
    answer["HX-Refresh"] = "true"
    return answer


def _person_changed() -> HttpResponse:
    answer = HttpResponse(status=204)
    answer["HX-Trigger"] = '{"person-changed": {}}'
    return answer


# Intake -------------------------------------------------------------------------------------------------------------


def upload(request: HttpRequest) -> HttpResponse:
    """Take in résumés: one, many, or a ZIP."""
    form = UploadForm(request.POST or None, actor=request.actor, initial={"opening": request.GET.get("opening", "")})
    if request.method == "POST" and form.is_valid():
        started = intake.start_intake(
            actor=request.actor,
            at=clock.now(),
            opening_id=form.cleaned_data["opening"].pk,
            files=[(file.name or "", file) for file in request.FILES.getlist("files")],
        )
        return _progress(request, started.pk)
    if request.method == "POST":
        return render(request, "recruiting/upload.html#refused", {"form": form}, status=422)
    context = {"form": form, "limit": intake.MOST_MEGABYTES, "waiting": queries.unreadable_files(request.actor).count()}
    return render(request, "recruiting/upload.html", context)


def progress(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """Show how far an upload is: in a page of its own, or within another."""
    return _progress(request, intake_id)


def stop(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """Stop the reading of an upload."""
    count = intake.stop_intake(actor=request.actor, at=clock.now(), intake_id=intake_id)
    text = ngettext(
        "Stopped. %(n)d file was not read and stays kept.", "Stopped. %(n)d files were not read and stay kept.", count
    )
    tell(request, text % {"n": count}, undo=reverse("recruiting:resume_intake", args=[intake_id]))
    return _progress(request, intake_id) if request.htmx else redirect("recruiting:intake", intake_id=intake_id)


def resume(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """Let the reading of an upload go on."""
    count = intake.resume_intake(actor=request.actor, at=clock.now(), intake_id=intake_id)
    tell(request, ngettext("Reading goes on: %(n)d file.", "Reading goes on: %(n)d files.", count) % {"n": count})
    return _progress(request, intake_id) if request.htmx else redirect("recruiting:intake", intake_id=intake_id)


def _progress(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    found = queries.get_intake(request.actor, intake_id)
    counts = queries.intake_counts(found)
    lines, after = lists.page_of_files(
        queries.files_dealt_with(found), order=("position",), after=request.GET.get("after", "")
    )
    total = sum(counts.values())
    stopped = queries.stopped_count(found) if counts[IntakeFile.State.UNREADABLE] else 0
    read = total - counts[IntakeFile.State.WAITING] - stopped
    context = {
        "intake": found,
        "lines": lines,
        "after": after,
        "counts": counts,
        "total": total,
        "read": read,
        "stopped": stopped,
        "unreadable": counts[IntakeFile.State.UNREADABLE] - stopped,
        "percent": read * 100 // max(total, 1),
    }
    if request.GET.get("after"):
        return render(request, "recruiting/intake.html#lines", context)
    return render(request, "recruiting/intake.html#progress" if request.htmx else "recruiting/intake.html", context)


def unreadable(request: HttpRequest) -> HttpResponse:
    """List the files that wait for somebody to look at them."""
    lines, after = lists.page_of_files(
        queries.unreadable_files(request.actor), order=("pk",), after=request.GET.get("after", "")
    )
    context = {"lines": lines, "after": after, **_powers(request)}
    return render(request, _part(request, "recruiting/unreadable.html", "rows"), context)


def settle(request: HttpRequest, intake_file_id: UUID) -> HttpResponse:
    """Make a candidate of an unreadable file by hand."""
    row = queries.get_intake_file(request.actor, intake_file_id)
    form = ByHandForm(request.POST or None)
    if row.application:
        form.fields["name"].required = False
    if request.method == "POST" and form.is_valid():
        application = intake.settle_unreadable(
            actor=request.actor,
            at=clock.now(),
            intake_file_id=intake_file_id,
            name=form.cleaned_data["name"],
            **form.contacts(),
        )
        tell(
            request, _("%(name)s is a candidate now, with the original file.") % {"name": application.person.root.name}
        )
        return _settled()
    context = {"row": row, "name": queries.file_name(row), "form": form}
    return render(request, "recruiting/settle.html", context, status=422 if request.method == "POST" else 200)


def dismiss(request: HttpRequest, intake_file_id: UUID) -> HttpResponse:
    """Put an unreadable file aside."""
    intake.dismiss_unreadable(
        actor=request.actor, at=clock.now(), intake_file_id=intake_file_id, reason=request.POST.get("reason", "")
    )
    tell(request, _("Put aside. The file stays kept."))
    return _settled()


def original(request: HttpRequest, intake_file_id: UUID) -> HttpResponse:
    """Hand out a file as it came, never to be shown as a page of ours."""
    name, data = intake.open_original(actor=request.actor, at=clock.now(), intake_file_id=intake_file_id)
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _settled() -> HttpResponse:
    answer = HttpResponse(status=204)
    answer["HX-Trigger"] = '{"dialog-done": {}}'
    answer["HX-Refresh"] = "true"
    return answer
