"""The request as our views see it."""

from typing import TYPE_CHECKING

from django.http import HttpRequest as DjangoRequest

from zhiren.kernel.actors import Actor

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class HttpRequest(DjangoRequest):
    """A Django request with the `actor` who made it, and htmx's details."""

    actor: Actor
    htmx: "HtmxDetails"
