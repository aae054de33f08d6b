"""The pages of accounts at platforms outside: how each stands, setting one up, testing it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhiren.attendance import platform_queries, platform_words, pulling
from zhiren.attendance.models import PunchAccount
from zhiren.attendance.platform_forms import AccountForm
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.requests import HttpRequest


def accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts, and how each stands."""
    rows = [
        {"row": row, "problem": platform_words.PROBLEMS.get(row.problem, row.problem)}
        for row in platform_queries.accounts_visible_to(request.actor)
    ]
    return render(request, "attendance/platforms.html", {"accounts": rows})


def new(request: HttpRequest) -> HttpResponse:
    """Set up an account."""
    return _account(request, None)


def account(request: HttpRequest, platform_account_id: UUID) -> HttpResponse:
    """Change an account."""
    return _account(request, platform_queries.get_account(request.actor, platform_account_id))


def _account(request: HttpRequest, known: PunchAccount | None) -> HttpResponse:
    at = clock.now()
    today = at.astimezone(request.actor.tzinfo).date()
    form = AccountForm(request.POST or None, actor=request.actor, today=today, account=known)
    account_id = known.pk if known else None
    tried = None
    if request.method == "POST" and form.is_valid():
        if "test" not in request.POST:
            pulling.save_account(actor=request.actor, at=at, facts=form.facts(), account_id=account_id)
            tell(request, _("Saved. The platform is asked within a minute."))
            return redirect("attendance:platforms")
        tried = pulling.try_account(actor=request.actor, facts=form.facts(), account_id=account_id)
    context = {
        "form": form,
        "account": known,
        "tried": tried,
        "refused": platform_queries.refused_shown(request.actor, known.pk) if known else [],
        "problem": platform_words.PROBLEMS.get(tried.problem, tried.problem) if tried else "",
    }
    if "test" in request.POST and request.htmx:
        return render(request, "attendance/platform.html#tried", context)
    return render(request, "attendance/platform.html", context, status=422 if form.errors else 200)


def switch(request: HttpRequest, platform_account_id: UUID) -> HttpResponse:
    """Stop asking a platform, or begin again."""
    active = request.POST.get("active") == "1"
    pulling.switch_account(actor=request.actor, at=clock.now(), account_id=platform_account_id, active=active)
    tell(request, _("The platform is asked again.") if active else _("The platform is no longer asked."))
    return redirect("attendance:platforms")


def ask(request: HttpRequest, platform_account_id: UUID) -> HttpResponse:
    """Have a platform asked now, whenever its turn would be."""
    pulling.ask_now(actor=request.actor, at=clock.now(), account_id=platform_account_id)
    tell(request, _("The platform is being asked."))
    return redirect("attendance:platforms")
