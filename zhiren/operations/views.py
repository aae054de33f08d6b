"""The mail that the sandbox caught."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from zhiren.operations import queries
from zhiren.plumbing.requests import HttpRequest

# What a caught mail may do in the reader's browser: show itself, and open its links elsewhere.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none';"
    " form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


def caught_mail(request: HttpRequest) -> HttpResponse:
    """Show what was caught, newest first."""
    after = request.GET.get("after", "")
    mails, next_cursor = queries.caught_mail(request.actor, after=after)
    context = {"mails": mails, "next_cursor": next_cursor, "total": queries.count_caught_mail(request.actor)}
    return render(request, "operations/caught_mail.html#rows" if after else "operations/caught_mail.html", context)


def caught_message(request: HttpRequest, key: str) -> HttpResponse:
    """Show one caught mail: as its reader sees it, as text, and its headers."""
    opened = queries.open_caught_mail(request.actor, key)
    shows_text = request.GET.get("part") == "text" or not opened.has_html
    context = {"opened": opened, "mail": opened.mail, "shows_text": shows_text, "shows_html": not shows_text}
    return render(request, "operations/caught_message.html", context)


@xframe_options_sameorigin
def caught_html(request: HttpRequest, key: str) -> HttpResponse:
    """Hand out the HTML part by itself, where it can do nothing but be looked at."""
    answer = HttpResponse(queries.caught_html(request.actor, key), content_type="text/html; charset=utf-8")
    answer["Content-Security-Policy"] = _MAIL_POLICY
    answer["Referrer-Policy"] = "no-referrer"
    return answer
