"""Messages on the page of a person, and the templates."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhiren.conversation import permissions, queries, rules, services, texts, words
from zhiren.conversation.errors import EmptyNote
from zhiren.conversation.forms import TemplateForm
from zhiren.conversation.models import Message, TemplateVersion
from zhiren.kernel.ids import new_id
from zhiren.people import permissions as people_permissions
from zhiren.people import queries as people
from zhiren.people import services as people_services
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.paging import keyset_page
from zhiren.plumbing.requests import HttpRequest
from zhiren.plumbing.user_names import names_of

_PAGE = 20
_KINDS = ("mail", "call", "note")


# On the page of a person ----------------------------------------------------------------------------------------------


def of_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show what was written to a person, newest first, and what they were promised."""
    rows = queries.messages_of(request.actor, person_id)
    after = request.GET.get("after", "")
    page = keyset_page(rows, order=("-queued_at", "-id"), after=after, size=_PAGE)
    context = {
        **_lines(request, page.rows),
        "person_id": person_id,
        "next_cursor": page.next_cursor,
        "promises": [] if after else _promises(request, person_id),
        "mail_is_ready": queries.mail_is_ready(),
        "is_first": not after,
    }
    return render(request, "conversation/of_person.html", context)


def _promises(request: HttpRequest, person_id: UUID) -> list[dict[str, Any]]:
    rows = queries.promises_of(request.actor, person_id)[:5]
    return [{"row": row, "words": words.promise(row.what)} for row in rows]


def _lines(request: HttpRequest, rows: Any) -> dict[str, Any]:
    lines = queries.lines_of(rows)
    names = names_of(line.message.by for line in lines)
    return {
        "lines": [
            {
                "message": line.message,
                "subject": line.subject,
                "blocks": line.blocks,
                "who": names.get(line.message.by, "") if line.message.by else "",
                "template": words.template_name(line.message),
                "problem": words.problem(line.message.error),
            }
            for line in lines
        ],
        "may_write": request.actor.may(permissions.WRITE),
    }


def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Show one message."""
    row = queries.get_message(request.actor, message_id)
    return render(
        request,
        "conversation/message.html",
        {"person": row.person and row.person.root, "open": True, **_lines(request, [row])},
    )


def confirm(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Note that an uncertain message did arrive."""
    row = services.confirm_delivery(actor=request.actor, at=clock.now(), message_id=message_id)
    tell(request, _("Noted: it arrived."))
    return _line(request, row)


def resend(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Send a message again that failed or is uncertain."""
    row = services.resend_message(actor=request.actor, at=clock.now(), message_id=message_id)
    tell(request, _("It goes out again in a moment."))
    return _line(request, row)


def _line(request: HttpRequest, row: Message) -> HttpResponse:
    if not request.htmx:
        return redirect("conversation:message", message_id=row.pk)
    found = queries.get_message(request.actor, row.pk)
    return render(request, "conversation/lines.html", _lines(request, [found]))


# Writing --------------------------------------------------------------------------------------------------------------


def compose(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show the place to write a mail, to note a call, or to note a thought; then take it."""
    person = people.get_person(request.actor, person_id)
    kind = request.GET.get("kind", "mail")
    kind = kind if kind in _KINDS else "mail"
    if request.method == "POST":
        return _write(request, person_id, kind)
    return _composer(request, person, kind)


def _composer(request: HttpRequest, person: Any, kind: str) -> HttpResponse:
    mails = [contact.masked for contact in people.masked_contacts(person) if contact.kind == "mail"]
    context = {
        "person": person,
        "kind": kind,
        "is_mail": kind == "mail",
        "is_call": kind == "call",
        "is_note": kind == "note",
        "key": new_id(),
        "address": mails[0] if mails else "",
        "may_note": request.actor.may(people_permissions.EDIT),
        "mail_is_ready": queries.mail_is_ready(),
    }
    return render(request, "conversation/compose.html", context)


def _write(request: HttpRequest, person_id: UUID, kind: str) -> HttpResponse:
    at, body = clock.now(), request.POST.get("body", "")
    if kind == "mail":
        services.write_message(
            actor=request.actor,
            at=at,
            person_id=person_id,
            subject=request.POST.get("subject", ""),
            body=body,
            business_key=f"by-hand:{request.actor.user_id}:{request.POST.get('key', '')[:60]}",
        )
        is_ready = queries.mail_is_ready()
        tell(request, _("It goes out in a moment.") if is_ready else _("Kept. It goes out once mail is set up."))
    elif not body.strip():
        raise EmptyNote
    else:
        people_services.write_note(actor=request.actor, at=at, person_id=person_id, text=body, kind=kind)
        tell(request, _("The call is noted.") if kind == "call" else _("The note is kept."))
    if not request.htmx:
        return redirect("people:person", person_id=person_id)
    answer = _composer(request, people.get_person(request.actor, person_id), kind)
    answer["HX-Trigger"] = "person-changed"
    return answer


# Templates ------------------------------------------------------------------------------------------------------------


def templates(request: HttpRequest) -> HttpResponse:
    """Show the templates with the subjects of their newest wordings."""
    rows = list(queries.templates_visible_to(request.actor))
    newest = queries.newest_versions(rows)
    context = {
        "rows": [
            {
                "template": row,
                "name": words.named(row),
                "purpose": words.purpose(row),
                "entries": [
                    {**entry, "version": newest.get((row.pk, entry["language"]))} for entry in words.LANGUAGE_NAMES
                ],
            }
            for row in rows
        ],
        "mail_is_ready": queries.mail_is_ready(),
        "waiting": queries.waiting_count(),
    }
    return render(request, "conversation/templates.html", context)


def template(request: HttpRequest, key: str) -> HttpResponse:
    """Show a template's words in one language, how they will look, and all earlier wordings; take new words."""
    row = queries.get_template(request.actor, key)
    language = request.GET.get("language", "")
    language = language if language in queries.LANGUAGES else queries.LANGUAGES[0]
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = services.save_template(
            actor=request.actor, at=clock.now(), template_key=key, language=language, **form.cleaned_data
        )
        saved = _("Saved as version %(number)s. Mail written from now on uses it.")
        tell(request, saved % {"number": version.number})
        return redirect(f"{request.path}?language={language}")
    versions = list(queries.versions_of(row, language))
    chosen = _chosen(versions, request.GET.get("version", ""))
    shown = {name: str(form[name].value() or "") for name in form.fields}
    if not form.is_bound and chosen:
        shown = {"subject": chosen.subject, "text": chosen.text}
        form = TemplateForm(initial=shown)
    names = names_of(version.by for version in versions)
    context = {
        "template": row,
        "name": words.named(row),
        "purpose": words.purpose(row),
        "language": language,
        "is_chinese": language == "zh-hans",
        "is_english": language == "en",
        "form": form,
        "history": [
            {"version": version, "who": names.get(version.by, "") if version.by else _("Came with the system")}
            for version in versions
        ],
        "chosen": chosen,
        "is_newest": bool(versions) and chosen == versions[0],
        "placeholders": words.PLACEHOLDER_WORDS.items(),
        "may_manage": request.actor.may(permissions.MANAGE_TEMPLATES),
        **_preview(shown["subject"], shown["text"], language),
    }
    return render(request, "conversation/template.html", context, status=422 if request.method == "POST" else 200)


def _chosen(versions: list[TemplateVersion], number: str) -> TemplateVersion | None:
    wanted = [version for version in versions if str(version.number) == number] or versions
    return wanted[0] if wanted else None


def preview(request: HttpRequest) -> HttpResponse:
    """Show how words that are being typed will look, with made-up values."""
    language = "en" if request.GET.get("language") == "en" else "zh-hans"
    context = _preview(request.POST.get("subject", ""), request.POST.get("text", ""), language)
    return render(request, "conversation/template.html#preview", context)


def _preview(subject: str, text: str, language: str) -> dict[str, Any]:
    values = words.SAMPLES[language]
    return {
        "preview_subject": texts.fill_line(subject, values),
        "preview_blocks": texts.blocks(texts.fill(text[: rules.MAX_BODY], values)),
        "unknown": texts.unknown_placeholder(subject) or texts.unknown_placeholder(text) or "",
    }
