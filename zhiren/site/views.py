"""The pages that belong to no app: the way in, the search over everything, the language, the health of the system."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from zhiren.access import services as access
from zhiren.access.middleware import LANGUAGE_COOKIE
from zhiren.access.models import User
from zhiren.kernel.refusals import NotFound
from zhiren.plumbing import clock, search
from zhiren.plumbing.requests import HttpRequest
from zhiren.plumbing.search import Hit
from zhiren.site import health, navigation
from zhiren.site.api import api

_A_YEAR = 365 * 24 * 3600
_MOST_TEXT = 100
# Whoever only runs the system has no Today; they begin with what has to be set up.
_FIRST_PAGES = ("today:today", "org:organisation")


def home(request: HttpRequest) -> HttpResponse:
    """Lead whoever is signed in to the first page that is theirs, and anybody else to the open jobs."""
    if not request.actor.user_id:
        return redirect("careers:openings")
    entries = {entry.url_name: entry for group in navigation.GROUPS for entry in group}
    theirs = navigation.items(tuple(entries[name] for name in _FIRST_PAGES), request.actor)
    return redirect(theirs[0].url if theirs else "access:preferences")


def nothing(request: HttpRequest) -> HttpResponse:
    """Answer that there is no such page."""
    del request
    raise NotFound


def palette(request: HttpRequest) -> HttpResponse:
    """Show the pages, people and jobs that a text finds; without a text, the pages."""
    text = request.GET.get("q", "")[:_MOST_TEXT].strip()
    entries = [entry for group in navigation.GROUPS for entry in group] + [*navigation.CREATE, *navigation.ACCOUNT]
    pages = [
        Hit(item.label, "", item.url, item.icon, gettext("Pages"))
        for item in navigation.items(tuple(entries), request.actor)
        if text.lower() in item.label.lower()
    ]
    return render(request, "palette.html", {"hits": [*search.search(request.actor, text), *pages], "text": text})


def language(request: HttpRequest) -> HttpResponse:
    """Change the language, and go back to where the reader was."""
    chosen = request.POST.get("language", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    answer = HttpResponseRedirect(target)
    if chosen in dict(settings.LANGUAGES):
        user = request.user
        if isinstance(user, User):
            access.change_preferences(user=user, language=chosen, zone=user.zone)
        answer.set_cookie(
            LANGUAGE_COOKIE, chosen, max_age=_A_YEAR, secure=settings.SECURE, httponly=True, samesite="Lax"
        )
    return answer


def manifest(request: HttpRequest) -> HttpResponse:
    """Describe the application to a phone that puts it on its home screen."""
    del request
    sizes = ("192x192", "512x512")
    described: dict[str, Any] = {
        "name": gettext("Zhiren"),
        "short_name": gettext("Zhiren"),
        "start_url": "/",
        "display": "standalone",
        "background_color": "#fdfdfb",
        "theme_color": "#00695c",
        "icons": [
            {"src": static(f"icon-{size.split('x')[0]}.png"), "sizes": size, "type": "image/png"} for size in sizes
        ]
        + [{"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(described, content_type="application/manifest+json")


def state(request: HttpRequest) -> HttpResponse:
    """Say for machines whether the system works: 200 if it does, 503 if not. Numbers only, nothing personal."""
    del request
    at: datetime = clock.now()
    found = health.look(at)
    answer = JsonResponse(found.as_json(), status=200 if found.well else 503)
    answer["Cache-Control"] = "no-store"
    return answer


def openapi(request: HttpRequest) -> HttpResponse:
    """Describe the API in OpenAPI."""
    del request
    return JsonResponse(api.get_openapi_schema())
