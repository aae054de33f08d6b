"""The events of this app in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiren.kernel.actors import Actor
from zhiren.plumbing.user_names import names_of
from zhiren.timeline.telling import Told, look_up, tells
from zhiren.today import queries
from zhiren.today.events import FollowUpDone, FollowUpHandedOver, FollowUpOpened, FollowUpReopened, FollowUpSnoozed
from zhiren.today.words import first_why

_LABEL = gettext_lazy("Follow-up")


@tells(FollowUpOpened, icon="bell", label=_LABEL)
def opened(events: Sequence[FollowUpOpened], actor: Actor) -> list[Told]:
    """Tell who was asked to do something, and why."""
    rows = queries.by_id(event.follow_up_id for event in events)
    names = look_up("names of users", names_of, [event.owner_id for event in events])
    told = []
    for event in events:
        row = rows.get(event.follow_up_id)
        text = _("%(name)s was reminded") % {"name": names.get(event.owner_id, "—")}
        told.append(Told(text, quote=first_why(row, actor.language) if row else ""))
    return told


@tells(FollowUpDone, icon="check", label=_LABEL)
def done(events: Sequence[FollowUpDone], actor: Actor) -> list[Told]:
    """Tell that it was taken care of."""
    del actor
    by_hand, by_event = _("Follow-up done"), _("Follow-up settled by itself")
    return [Told(by_hand if event.how == "by_hand" else by_event) for event in events]


@tells(FollowUpReopened, icon="undo-2", label=_LABEL)
def reopened(events: Sequence[FollowUpReopened], actor: Actor) -> list[Told]:
    """Tell that it was not done after all."""
    del actor
    return [Told(_("Follow-up taken back: it waits again")) for _event in events]


@tells(FollowUpSnoozed, icon="alarm-clock", label=_LABEL)
def snoozed(events: Sequence[FollowUpSnoozed], actor: Actor) -> list[Told]:
    """Tell until when it was put off."""
    return [
        Told(_("Put off until %(until)s") % {"until": event.until.astimezone(actor.tzinfo).strftime("%Y-%m-%d %H:%M")})
        for event in events
    ]


@tells(FollowUpHandedOver, icon="forward", label=_LABEL)
def handed_over(events: Sequence[FollowUpHandedOver], actor: Actor) -> list[Told]:
    """Tell who took it over."""
    del actor
    names = look_up("names of users", names_of, [event.to_id for event in events])
    return [Told(_("Handed over to %(name)s") % {"name": names.get(event.to_id, "—")}) for event in events]
