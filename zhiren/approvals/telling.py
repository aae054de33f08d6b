"""The events of this app in words, on the timeline of the person a request is about: that, not what, was asked for.

What a request says is for those who may see the request; the link leads there.
"""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiren.approvals.events import (
    RequestApproved,
    RequestCancelled,
    RequestDeclined,
    RequestEvent,
    RequestSubmitted,
    RequestWithdrawn,
)
from zhiren.approvals.kinds import kinds
from zhiren.kernel.actors import Actor
from zhiren.timeline.telling import Told, tells

_REQUEST = gettext_lazy("Request")


def _told(events: Sequence[RequestEvent], plain: str, taking_back: str) -> list[Told | None]:
    return [
        Told(
            (taking_back if event.cancels_id else plain) % {"kind": kinds[event.kind].title},
            link=_link(event.request_id),
        )
        if event.kind in kinds
        else None
        for event in events
    ]


def _link(request_id: UUID) -> str:
    return reverse("approvals:request", args=[request_id])


@tells(RequestSubmitted, icon="file-plus", label=_REQUEST)
def submitted(events: Sequence[RequestSubmitted], actor: Actor) -> list[Told | None]:
    """Tell what kind of request was sent."""
    del actor
    return _told(events, _("Request sent: %(kind)s"), _("Asked to take back: %(kind)s"))


@tells(RequestApproved, icon="file-check", label=_REQUEST)
def approved(events: Sequence[RequestApproved], actor: Actor) -> list[Told | None]:
    """Tell that it was approved."""
    del actor
    return _told(events, _("Request approved: %(kind)s"), _("Taking back approved: %(kind)s"))


@tells(RequestDeclined, icon="file-x", label=_REQUEST)
def declined(events: Sequence[RequestDeclined], actor: Actor) -> list[Told | None]:
    """Tell that it was declined, not why."""
    del actor
    return _told(events, _("Request declined: %(kind)s"), _("Taking back declined: %(kind)s"))


@tells(RequestWithdrawn, icon="undo-2", label=_REQUEST)
def withdrawn(events: Sequence[RequestWithdrawn], actor: Actor) -> list[Told | None]:
    """Tell that it was withdrawn."""
    del actor
    return _told(events, _("Request withdrawn: %(kind)s"), _("Taking back given up: %(kind)s"))


@tells(RequestCancelled, icon="undo-2", label=_REQUEST)
def cancelled(events: Sequence[RequestCancelled], actor: Actor) -> list[Told | None]:
    """Tell that what was approved holds no longer."""
    del actor
    words = _("Request taken back: %(kind)s")
    return _told(events, words, words)
