"""Routes that say who may use them. A route without a declaration does not come into being."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, path

from zhiren.kernel.refusals import Forbidden
from zhiren.plumbing.permissions import known_permissions
from zhiren.plumbing.requests import HttpRequest

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Open:
    """Nobody needs to be signed in, for the reason given."""

    reason: str


@dataclass(frozen=True)
class AnyUser:
    """Whoever is signed in may use it, for the reason given."""

    reason: str


@dataclass(frozen=True)
class Declared:
    """Who may use a route, and how."""

    needs: str | Open | AnyUser
    methods: tuple[str, ...]


def route(
    pattern: str,
    view: View,
    *,
    name: str,
    needs: str | Open | AnyUser,
    methods: Sequence[str] = ("GET",),
) -> URLPattern:
    """Return the URL pattern of a view that only those may use who have what it `needs`.

    `needs` is a permission, or `Open("why")`, or `AnyUser("why")`. GET allows HEAD too. The view finds the actor in
    `request.actor`. Raises ImproperlyConfigured, at import, for a permission that nobody declared.
    """
    if isinstance(needs, str) and needs not in known_permissions():
        raise ImproperlyConfigured(f"route {name!r} needs {needs!r}, which no app declares")
    allowed = tuple(methods) + (("HEAD",) if "GET" in methods else ())

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in allowed:
            return HttpResponseNotAllowed(allowed)
        if not isinstance(needs, Open):
            if request.actor.user_id is None:
                return _to_sign_in(request)
            if isinstance(needs, str) and not request.actor.may(needs):
                raise Forbidden
        return view(request, *args, **kwargs)

    guarded.declared = Declared(needs, allowed)  # type: ignore[attr-defined]  # read by the tests of the policy
    return path(pattern, guarded, name=name)


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = redirect_to_login(request.headers.get("HX-Current-URL-Path", "/")).url
        return answer
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
