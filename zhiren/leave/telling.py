"""The events of this app in words: that somebody is away and how long, never why."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiren.kernel.actors import Actor
from zhiren.leave.events import (
    LeaveApproved,
    LeaveCancelled,
    LeaveDeclined,
    LeaveEvent,
    LeaveRequested,
    LeaveShortened,
    LeaveWithdrawn,
)
from zhiren.leave.models import Leave
from zhiren.timeline.telling import Told, tells

_LABEL = gettext_lazy("Leave")


def _told(events: Sequence[LeaveEvent], text: str) -> list[Told]:
    """Return the events in words. One query for the leaves."""
    rows = Leave.objects.in_bulk([event.leave_id for event in events])
    told = []
    for event in events:
        row = rows[event.leave_id]
        days = {"first": date_format(row.from_on), "last": date_format(row.to_on)}
        told.append(Told(text % days, link=reverse("leave:leave", args=[row.pk])))
    return told


@tells(LeaveRequested, icon="calendar-plus", label=_LABEL)
def requested(events: Sequence[LeaveRequested], actor: Actor) -> list[Told]:
    """Tell that leave was asked for."""
    del actor
    return _told(events, _("Asked for leave: %(first)s – %(last)s"))


@tells(LeaveApproved, icon="calendar-check", label=_LABEL)
def approved(events: Sequence[LeaveApproved], actor: Actor) -> list[Told]:
    """Tell that leave was approved."""
    del actor
    return _told(events, _("Leave approved: %(first)s – %(last)s"))


@tells(LeaveDeclined, icon="x", label=_LABEL)
def declined(events: Sequence[LeaveDeclined], actor: Actor) -> list[Told]:
    """Tell that leave was declined."""
    del actor
    return _told(events, _("Leave declined: %(first)s – %(last)s"))


@tells(LeaveWithdrawn, icon="undo-2", label=_LABEL)
def withdrawn(events: Sequence[LeaveWithdrawn], actor: Actor) -> list[Told]:
    """Tell that a request was taken back."""
    del actor
    return _told(events, _("Request for leave taken back: %(first)s – %(last)s"))


@tells(LeaveShortened, icon="calendar-days", label=_LABEL)
def shortened(events: Sequence[LeaveShortened], actor: Actor) -> list[Told]:
    """Tell that leave ends earlier."""
    del actor
    return _told(events, _("Leave ends earlier: %(first)s – %(last)s"))


@tells(LeaveCancelled, icon="undo-2", label=_LABEL)
def cancelled(events: Sequence[LeaveCancelled], actor: Actor) -> list[Told]:
    """Tell that leave was cancelled."""
    del actor
    return _told(events, _("Leave cancelled: %(first)s – %(last)s"))
