"""Each request gets its actor, and speaks the reader's language in the reader's zone."""

from collections.abc import Callable
from typing import cast

from django.http import HttpResponseBase
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from zhiren.access import queries
from zhiren.access.models import User
from zhiren.kernel.actors import Actor
from zhiren.plumbing.requests import HttpRequest

LANGUAGE_COOKIE = "zhiren_language"


class ActorMiddleware:
    """Put `request.actor` on every request; ask the database only when somebody looks at it.

    A visitor's language is the one they chose (cookie), else their browser's, else Chinese.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = cast("Actor", SimpleLazyObject(lambda: _actor(request)))
        signed_in = "_auth_user_id" in request.session
        language = request.actor.language if signed_in else _visitor_language(request)
        zone = request.actor.zone if signed_in else Actor.nobody().zone
        with translation.override(language), timezone.override(zone):
            request.LANGUAGE_CODE = translation.get_language()
            answer = self.get_response(request)
        answer.setdefault("Content-Language", language)
        return answer


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    return queries.actor_of(user) if isinstance(user, User) else Actor.nobody()


def _visitor_language(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    if chosen in {"zh-hans", "en"}:
        return chosen
    return "en" if request.headers.get("Accept-Language", "zh").lower().startswith("en") else "zh-hans"
