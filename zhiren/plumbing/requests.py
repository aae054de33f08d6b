"""The request as our views see it."""

from typing import TYPE_CHECKING

from django.http import HttpRequest as DjangoRequest
from django.http import HttpResponse
from django.shortcuts import redirect

from zhiren.kernel.actors import Actor

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class HttpRequest(DjangoRequest):
    """A Django request with the `actor` who made it, and htmx's details."""

    actor: Actor
    htmx: "HtmxDetails"


def go_to(request: HttpRequest, address: str) -> HttpResponse:
    """Return the answer that leads to another page: the whole page, also where htmx asked for a part of one."""
    if not request.htmx:
        return redirect(address)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = address
    return answer
