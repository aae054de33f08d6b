"""The last word on every answer: refusals become answers, and what was private does not stay in a cache."""

from collections.abc import Callable

from django.contrib.messages import get_messages
from django.http import HttpResponseBase

from zhiren.kernel.refusals import Refusal
from zhiren.plumbing import notices
from zhiren.plumbing.requests import HttpRequest
from zhiren.site import errors

PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"
)


class SafeAnswerMiddleware:
    """Turn a refusal, or a database that is gone, into an answer; keep a signed-in reader's pages out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if answer.status_code == 405 and not getattr(answer, "streaming", False):
            allowed = answer.headers.get("Allow", "")
            answer = errors.by_status(request, 405)
            answer["Allow"] = allowed
        if request.headers.get("HX-Request") and _stays_on_the_page(answer):
            notices.hand_to_htmx(answer, get_messages(request))
        if "_auth_user_id" in request.session and "Cache-Control" not in answer:
            answer["Cache-Control"] = "no-store"
        if "Permissions-Policy" not in answer:  # a page that needs more says so itself
            answer["Permissions-Policy"] = PERMISSIONS_POLICY
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer a refusal, and what no text can be; let everything that is a defect through."""
        if isinstance(exception, Refusal):
            return errors.refused(request, exception)
        if isinstance(exception, errors.DATABASE_GONE):
            return errors.database_gone(request)
        if errors.holds_nul(exception):
            return errors.bad_request(request)
        return None


def _stays_on_the_page(answer: HttpResponseBase) -> bool:
    headers = answer.headers
    return answer.status_code not in {301, 302, 303, 307, 308} and not {
        "HX-Redirect",
        "HX-Refresh",
        "HX-Location",
    } & set(headers)
