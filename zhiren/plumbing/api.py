"""The API's frame: each operation names the permission it needs, like every route."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest as DjangoRequest
from ninja import Router
from ninja.security import APIKeyCookie

from zhiren.plumbing.permissions import known_permissions
from zhiren.plumbing.requests import HttpRequest
from zhiren.plumbing.routes import AnyUser

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


class AllowedAuth(SessionAuth):
    """Whoever is signed in and has a permission; it is asked before the request is read any further."""

    def __init__(self, permission: str) -> None:
        super().__init__()
        self.permission = permission

    def authenticate(self, request: DjangoRequest, key: str | None) -> Any:
        """Return the actor, None for visitors.

        Raises:
            Forbidden: they may not.
        """
        actor = super().authenticate(request, key)
        if actor is not None:
            actor.require(self.permission)
        return actor


class PermRouter(Router):
    """A router whose operations come into being only with a permission."""

    def needing(self, permission: str | AnyUser, method: str, path: str, **options: Any) -> Callable[[F], F]:
        """Register an operation that needs `permission`: `@router.needing(VIEW, "get", "/{person_id}", response=…)`.

        `AnyUser("why")` lets in whoever is signed in. Raises ImproperlyConfigured, at import, for a permission that
        nobody declared.
        """
        if isinstance(permission, str) and permission not in known_permissions():
            raise ImproperlyConfigured(f"operation {path!r} needs {permission!r}, which no app declares")

        def wrap(function: F) -> F:
            auth = AllowedAuth(permission) if isinstance(permission, str) else SessionAuth()
            getattr(self, method)(path, auth=auth, **options)(function)
            return function

        return wrap
