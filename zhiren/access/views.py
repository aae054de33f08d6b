"""Signing in by link, users and their roles, and how one reads."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhiren.access import queries, services
from zhiren.access.forms import GrantForm, InviteForm, PreferencesForm
from zhiren.access.models import User
from zhiren.plumbing import clock, limits
from zhiren.plumbing.notices import tell
from zhiren.plumbing.requests import HttpRequest


def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask before the link is spent (a mail scanner only looks); then sign the user in."""
    if request.method == "GET":
        return render(request, "access/sign_in_by_link.html", {"token": token})
    limits.check("sign-in-link", request.META.get("REMOTE_ADDR", ""), limit=20, seconds=300, at=clock.now())
    user = services.use_sign_in_link(token=token, at=clock.now())
    login(request, user)
    return redirect("home")


def users(request: HttpRequest) -> HttpResponse:
    """Show who may sign in, and as what."""
    rows = queries.users_visible_to(request.actor).prefetch_related("grants__department", "grants__entity")
    context = {"users": rows.select_related("manager").order_by("-is_active", "name", "id")}
    return render(request, "access/users.html", context)


def invite(request: HttpRequest) -> HttpResponse:
    """Create a user with a role, and show the link that lets them in once."""
    form = InviteForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        user, token = services.invite_with_role(actor=request.actor, at=clock.now(), **form.chosen())
        return render(request, "access/invited.html", {"invited": user, "link": _link(token)})
    status = 422 if request.method == "POST" else 200
    return render(request, "access/invite.html", {"form": form}, status=status)


def user(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Show one user's roles, to give and to take."""
    found = queries.get_user(request.actor, user_id)
    form = GrantForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        services.grant_role(actor=request.actor, at=clock.now(), user_id=user_id, **form.chosen())
        tell(request, _("The role was given; it counts from their next click."))
        return redirect("access:user", user_id=user_id)
    grants = found.grants.select_related("department", "entity").order_by("role")
    context = {"shown": found, "grants": grants, "form": form, "is_self": found.pk == request.actor.user_id}
    return render(request, "access/user.html", context, status=422 if request.method == "POST" else 200)


def revoke(request: HttpRequest, user_id: UUID, grant_id: UUID) -> HttpResponse:
    """Take a role."""
    services.revoke_role(actor=request.actor, at=clock.now(), grant_id=grant_id)
    tell(request, _("The role was taken; it counts from their next click."))
    return redirect("access:user", user_id=user_id)


def new_link(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Make a new one-time link for a user."""
    found = queries.get_user(request.actor, user_id)
    token = services.make_sign_in_link(actor=request.actor, at=clock.now(), user_id=found.pk)
    return render(request, "access/invited.html", {"invited": found, "link": _link(token)})


def disable(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """End a user's access."""
    services.disable_user(actor=request.actor, at=clock.now(), user_id=user_id)
    tell(request, _("Their access has ended."))
    return redirect("access:users")


def preferences(request: HttpRequest) -> HttpResponse:
    """Change language and time zone."""
    me = request.user
    assert isinstance(me, User)  # noqa: S101 - the route lets nobody else in
    form = PreferencesForm(request.POST or None, initial={"language": me.language, "zone": me.zone})
    if request.method == "POST" and form.is_valid():
        services.change_preferences(user=me, **form.cleaned_data)
        tell(request, _("Saved."))
        return redirect("access:preferences")
    return render(request, "access/preferences.html", {"form": form})


def _link(token: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse('access:sign_in_by_link', args=[token])}"
