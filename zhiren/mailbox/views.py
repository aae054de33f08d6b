"""The pages of the mailbox."""

from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhiren.mailbox import permissions, queries, services, words
from zhiren.mailbox.forms import AccountForm, FileForm, an_id
from zhiren.mailbox.models import MailAccount
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.requests import HttpRequest, go_to
from zhiren.recruiting import permissions as recruiting

_SHOWN = ("unfiled", "aside", "filed")
_SHOWN_TEXT = 50_000


# Mails ----------------------------------------------------------------------------------------------------------------


def unfiled(request: HttpRequest) -> HttpResponse:
    """List the mails that wait for somebody, or those that were put aside or filed."""
    state = request.GET.get("state", "unfiled")
    state = state if state in _SHOWN else "unfiled"
    lines, after = queries.page_of_mails(request.actor, state=state, after=request.GET.get("after", ""))
    may_file = request.actor.may(permissions.FILE) and request.actor.may(recruiting.ADD_CANDIDATES)
    context = {
        "lines": lines,
        "after": after,
        "state": state,
        "is_unfiled": state == "unfiled",
        "is_aside": state == "aside",
        "is_filed": state == "filed",
        "urgent": words.URGENT,
        "may_file": may_file,
        "form": FileForm(actor=request.actor) if may_file and state == "unfiled" else None,
        "failing": queries.failing_accounts(request.actor),
        "may_manage": request.actor.may(permissions.MANAGE_ACCOUNTS),
    }
    is_part = request.htmx and request.GET.get("after")
    return render(request, "mailbox/unfiled.html#rows" if is_part else "mailbox/unfiled.html", context)


def mail(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """Show one mail as text, with its attachments."""
    return _mail(request, mail_id, FileForm(actor=request.actor))


def _mail(request: HttpRequest, mail_id: UUID, form: FileForm, *, status: int = 200) -> HttpResponse:
    found = queries.get_mail(request.actor, mail_id)
    letter = queries.shown_letter(found)
    context = {
        "line": queries.line_of(request.actor, found),
        "letter": letter,
        "text": letter.text[:_SHOWN_TEXT] if letter else "",
        "is_cut": bool(letter and len(letter.text) > _SHOWN_TEXT),
        "may_file": request.actor.may(permissions.FILE) and request.actor.may(recruiting.ADD_CANDIDATES),
        "may_settle": request.actor.may(permissions.FILE),
        "may_see_opening": request.actor.may(recruiting.VIEW_CANDIDATES),
        "form": form,
    }
    return render(request, "mailbox/mail.html", context, status=status)


def attachment(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """Hand out a file of a mail (`n` from 1), or the mail itself (0), never to be shown as a page of ours."""
    number = request.GET.get("n", "0")
    name, data = services.open_attachment(
        actor=request.actor,
        at=clock.now(),
        mail_id=mail_id,
        number=int(number) if number.isascii() and number.isdigit() else -1,
    )
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def file_mail(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """Have a mail's files read into an opening."""
    form = FileForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _mail(request, mail_id, form, status=422)
    filed = services.file_mail(
        actor=request.actor, at=clock.now(), mail_id=mail_id, opening_id=form.cleaned_data["opening"].pk
    )
    return redirect("recruiting:intake", intake_id=filed.intake_id)


def file_many(request: HttpRequest) -> HttpResponse:
    """Have the files of the mails that were ticked read into one opening."""
    form = FileForm(request.POST, actor=request.actor)
    if not form.is_valid():
        tell(request, _("Please choose an opening. Nothing was changed."), tone="warn")
        return _reload(request)
    if not request.POST.getlist("mail"):
        tell(request, _("Please choose at least one mail. Nothing was changed."), tone="warn")
        return _reload(request)
    chosen = queries.visible_ids(request.actor, [an_id(text) for text in request.POST.getlist("mail")[:200]])
    filed, left = services.file_many(
        actor=request.actor, at=clock.now(), mail_ids=chosen, opening_id=form.cleaned_data["opening"].pk
    )
    text = ngettext(
        "%(n)d mail filed; its files are being read.", "%(n)d mails filed; their files are being read.", filed
    ) % {"n": filed}
    if left:
        more = ngettext("%(n)d could not be filed, and stays.", "%(n)d could not be filed, and stay.", left)
        text = f"{text} {more % {'n': left}}"
    tell(request, text, tone="warn" if left else "good")
    return _reload(request)


def put_aside(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """Put a mail aside."""
    services.put_aside(actor=request.actor, at=clock.now(), mail_id=mail_id, note=request.POST.get("note", ""))
    tell(request, _("Put aside. The mail stays kept."), undo=reverse("mailbox:back", args=[mail_id]))
    return _to_list(request)


def take_back(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """Put a mail back among the unfiled."""
    services.take_back(actor=request.actor, at=clock.now(), mail_id=mail_id)
    tell(request, _("Back among the mails that are not filed."))
    return _to_list(request)


def _to_list(request: HttpRequest) -> HttpResponse:
    return go_to(request, reverse("mailbox:unfiled"))


def _reload(request: HttpRequest) -> HttpResponse:
    if request.htmx:
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return redirect("mailbox:unfiled")


# Accounts -------------------------------------------------------------------------------------------------------------


def accounts(request: HttpRequest) -> HttpResponse:
    """List the mailboxes, and how each stands."""
    return render(request, "mailbox/accounts.html", {"accounts": list(queries.accounts_visible_to(request.actor))})


def new_account(request: HttpRequest) -> HttpResponse:
    """Set up a mailbox."""
    return _account(request, None)


def account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Change how a mailbox is reached and read."""
    return _account(request, queries.get_account(request.actor, account_id))


def _account(request: HttpRequest, known: MailAccount | None) -> HttpResponse:
    at = clock.now()
    form = AccountForm(
        request.POST or None,
        actor=request.actor,
        today=at.astimezone(request.actor.tzinfo).date(),
        account=known,
    )
    account_id = known.pk if known else None
    tried = None
    if request.method == "POST" and form.is_valid():
        if "test" in request.POST:
            tried = services.try_account(actor=request.actor, facts=form.facts(), account_id=account_id)
        else:
            services.save_account(actor=request.actor, at=at, facts=form.facts(), account_id=account_id)
            tell(request, _("Saved. The mailbox is looked at within seconds."))
            return redirect("mailbox:accounts")
    if "test" in request.POST and request.htmx:
        return render(request, "mailbox/account.html#tried", {"tried": tried, "form": form})
    status = 422 if request.method == "POST" and not tried else 200
    return render(request, "mailbox/account.html", {"form": form, "account": known, "tried": tried}, status=status)


def switch(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Stop reading a mailbox, or begin again."""
    active = request.POST.get("active") == "1"
    services.switch_account(actor=request.actor, at=clock.now(), account_id=account_id, active=active)
    again, stopped = _("The mailbox is read again."), _("The mailbox is no longer read. What came in stays.")
    tell(request, again if active else stopped)
    return redirect("mailbox:accounts")
