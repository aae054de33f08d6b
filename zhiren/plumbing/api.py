"""The API's frame: each operation names the permission it needs, like every route."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest as DjangoRequest
from ninja import Router
from ninja.security import APIKeyCookie

from zhiren.kernel.refusals import Forbidden
from zhiren.plumbing.permissions import known_permissions
from zhiren.plumbing.requests import HttpRequest
from zhiren.plumbing.routes import Declared

F = TypeVar("F", bound=Callable[..., Any])


class ActorRequest(HttpRequest):
    """A request to the API by somebody who is signed in."""


class SessionAuth(APIKeyCookie):
    """Whoever is signed in to the pages may use the API; changes need the CSRF token, as on the pages."""

    def authenticate(self, request: DjangoRequest, key: str | None) -> Any:
        """Return the actor, None for visitors."""
        del key
        actor = getattr(request, "actor", None)
        return actor if actor is not None and actor.user_id is not None else None


class PermRouter(Router):
    """A router whose operations come into being only with a permission."""

    def needing(self, permission: str, method: str, path: str, **options: Any) -> Callable[[F], F]:
        """Register an operation that needs `permission`: `@router.needing(VIEW, "get", "/{person_id}", response=…)`.

        Raises ImproperlyConfigured, at import, for a permission that nobody declared.
        """
        if permission not in known_permissions():
            raise ImproperlyConfigured(f"operation {path!r} needs {permission!r}, which no app declares")

        def wrap(function: F) -> F:
            def before(request: DjangoRequest) -> None:
                if not request.actor.may(permission):  # type: ignore[attr-defined]  # set by the middleware
                    raise Forbidden

            guarded = _guard(function, before)
            guarded.declared = Declared(permission, (method.upper(),))
            getattr(self, method)(path, **options)(guarded)
            return function

        return wrap


def _guard(function: Callable[..., Any], before: Callable[[DjangoRequest], None]) -> Any:
    @wraps(function)
    def guarded(request: DjangoRequest, *args: Any, **kwargs: Any) -> Any:
        before(request)
        return function(request, *args, **kwargs)

    return guarded
