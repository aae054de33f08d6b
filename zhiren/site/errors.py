"""What people see when something cannot be done: what happened, that nothing was lost, and what to do."""

import sys
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_noop

from zhiren.kernel.refusals import Refusal, TooMany
from zhiren.plumbing import notices
from zhiren.site.context import Frame

DATABASE_GONE = (OperationalError, InterfaceError)
RETRY_AFTER_SECONDS = 10
# The kernel knows no translations: its own sentences are translated here.
KERNEL_SENTENCES = (
    gettext_noop("This cannot be done."),
    gettext_noop("There is nothing here that you may see."),
    gettext_noop("Your role does not allow this."),
    gettext_noop("Too many tries. Please wait a little and try again."),
)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a refusal in the form that was asked for: a page, a notice in the page, or JSON."""
    answer = _answer(request, refusal.status, code=refusal.code, message=gettext(str(refusal)))
    if isinstance(refusal, TooMany):
        answer["Retry-After"] = str(refusal.retry_after)
    return answer


def holds_nul(exception: Exception) -> bool:
    """Tell whether the database was asked for a text with a NUL in it: nobody types one, and it can hold none."""
    return isinstance(exception, DataError) and "NUL (0x00)" in str(exception)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400, or 413 where there was too much of it."""
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return _answer(request, 413, code="too_large", bare=True)
    return _answer(request, 400, code="bad_request", bare=True)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that came from another site, or from a page that was open for too long."""
    del reason
    return _answer(
        request,
        403,
        code="stale_page",
        message=gettext("This page was open for too long. Load it again and repeat the last step."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    del exception
    return _answer(request, 403, code="forbidden")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404."""
    del exception
    return _answer(request, 404, code="not_found")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a defect with 500, and a database that is gone with 503. Neither page needs the database."""
    if isinstance(sys.exc_info()[1], DATABASE_GONE):
        return database_gone(request)
    return _answer(request, 500, code="error", bare=True)


def database_gone(request: HttpRequest) -> HttpResponse:
    """Answer that the database cannot be reached, and when to ask again."""
    answer = _answer(request, 503, code="unavailable", bare=True)
    answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def by_status(request: HttpRequest, status: int) -> HttpResponse:
    """Answer a bare status in words."""
    return _answer(request, status, code=HTTPStatus(status).name.lower())


def _answer(request: HttpRequest, status: int, *, code: str, message: str = "", bare: bool = False) -> HttpResponse:
    title, advice, icon = _words(status)
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=status)
        answer["HX-Reswap"] = "none"
        notices.add_notices(answer, [{"text": message or f"{title} {advice}", "tone": "bad", "undo": ""}])
        return answer
    if _wants_json(request):
        return JsonResponse({"code": code, "message": message or title}, status=status)
    context = {"status": status, "heading": message or title, "advice": advice, "icon": icon}
    if bare:
        return HttpResponse(render_to_string("error-bare.html", {**context, "shell": Frame()}), status=status)
    return HttpResponse(render_to_string("error.html", context, request=request), status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or (
        request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    )


def _words(status: int) -> tuple[str, str, str]:
    words = {
        400: (
            gettext("We did not understand this request."),
            gettext("Go back, load the page again and repeat the last step."),
            "circle-help",
        ),
        403: (
            gettext("Your role does not allow this."),
            gettext("Whoever gives out the roles in your company can change that."),
            "lock",
        ),
        404: (
            gettext("There is nothing here that you may see."),
            gettext("It may have been removed, or the link is incomplete, or it belongs to somebody else."),
            "search-x",
        ),
        405: (gettext("This cannot be done this way."), gettext("Go back and use the button on the page."), "ban"),
        409: (
            gettext("Somebody was faster."),
            gettext("Nothing was changed. Load the page again to see how things stand."),
            "git-merge",
        ),
        413: (
            gettext("That is more than can be taken at once."),
            gettext("Nothing was saved. Send fewer or smaller files."),
            "file-warning",
        ),
        422: (
            gettext("Something in what you entered does not fit."),
            gettext("Nothing was saved. Go back and change it."),
            "pencil",
        ),
        429: (gettext("Too many tries."), gettext("Please wait a little and try again."), "hourglass"),
        503: (
            gettext("The system is taking a short break."),
            gettext("What was saved is safe. This page tries again by itself in ten seconds."),
            "unplug",
        ),
    }
    fallback = (
        gettext("Something broke on our side."),
        gettext("What was saved is safe, and the fault is recorded. Please try again."),
        "server-crash",
    )
    return words.get(status, fallback if status >= 500 else words[400])
