"""The events of this app in words, on the timeline of the person a request is about: that, not what, was asked for.

It is told only to those who may see everybody's requests; what a request says is behind the link.
"""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiren.approvals import permissions
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


def _told(events: Sequence[RequestEvent], actor: Actor, plain: str, taking_back: str) -> list[Told | None]:
    if not actor.may(permissions.VIEW):
        return [None for _event in events]
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
    return _told(events, actor, _("Request sent: %(kind)s"), _("Asked to take back: %(kind)s"))


@tells(RequestApproved, icon="file-check", label=_REQUEST)
def approved(events: Sequence[RequestApproved], actor: Actor) -> list[Told | None]:
    """Tell that it was approved."""
    return _told(events, actor, _("Request approved: %(kind)s"), _("Taking back approved: %(kind)s"))


@tells(RequestDeclined, icon="file-x", label=_REQUEST)
def declined(events: Sequence[RequestDeclined], actor: Actor) -> list[Told | None]:
    """Tell that it was declined, not why."""
    return _told(events, actor, _("Request declined: %(kind)s"), _("Taking back declined: %(kind)s"))


@tells(RequestWithdrawn, icon="undo-2", label=_REQUEST)
def withdrawn(events: Sequence[RequestWithdrawn], actor: Actor) -> list[Told | None]:
    """Tell that it was withdrawn."""
    return _told(events, actor, _("Request withdrawn: %(kind)s"), _("Taking back given up: %(kind)s"))


@tells(RequestCancelled, icon="undo-2", label=_REQUEST)
def cancelled(events: Sequence[RequestCancelled], actor: Actor) -> list[Told | None]:
    """Tell that what was approved holds no longer."""
    words = _("Request taken back: %(kind)s")
    return _told(events, actor, words, words)
