"""The events of recruiting in words."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiren.kernel.actors import Actor
from zhiren.recruiting import queries, words
from zhiren.recruiting.events import (
    ApplicationExited,
    ApplicationReceived,
    ApplicationReopened,
    ResumeUnreadable,
    StageChanged,
    StageLimitExceeded,
    UnreadableSettled,
)
from zhiren.timeline.telling import Told, look_up, tells

_STAGE = gettext_lazy("Stage")
_APPLICATION = gettext_lazy("Application")
_FILE = gettext_lazy("Résumé")


def _openings(actor: Actor, events: Sequence[Any]) -> dict[UUID, str]:
    wanted = [event.opening_id for event in events]
    return look_up("openings", lambda ids: queries.opening_labels(actor, ids), wanted)


def _board(opening_id: UUID) -> str:
    return reverse("recruiting:opening", args=[opening_id])


@tells(ApplicationReceived, icon="inbox", label=_APPLICATION)
def received(events: Sequence[ApplicationReceived], actor: Actor) -> list[Told | None]:
    """Tell for what the person applied, and by which door. One query."""
    openings = _openings(actor, events)
    return [
        Told(
            _("Applied for “%(opening)s” (%(source)s)")
            % {"opening": openings[event.opening_id], "source": words.source(event.source)},
            link=_board(event.opening_id),
        )
        if event.opening_id in openings
        else None
        for event in events
    ]


@tells(StageChanged, icon="move-right", label=_STAGE)
def moved(events: Sequence[StageChanged], actor: Actor) -> list[Told | None]:
    """Tell from where to where, for which opening, and what the mover noted. Three queries."""
    openings = _openings(actor, events)
    wanted = [stage for event in events for stage in (event.from_stage_id, event.to_stage_id) if stage]
    stages = look_up("stages", queries.stage_labels, wanted)
    notes = queries.notes_of_changes(event.application_id for event in events)
    return [
        Told(
            _("Moved from “%(before)s” to “%(after)s”, %(opening)s")
            % {
                "before": stages.get(event.from_stage_id, "—") if event.from_stage_id else "—",
                "after": stages.get(event.to_stage_id, "—"),
                "opening": openings[event.opening_id],
            },
            quote=notes.get((event.application_id, event.at), ""),
            link=_board(event.opening_id),
        )
        if event.opening_id in openings
        else None
        for event in events
    ]


@tells(ApplicationExited, icon="user-x", label=_STAGE)
def exited(events: Sequence[ApplicationExited], actor: Actor) -> list[Told | None]:
    """Tell why the way ended, whose decision it was, and what was noted. Three queries."""
    openings = _openings(actor, events)
    reasons = queries.reason_labels()
    notes = queries.notes_of_changes(event.application_id for event in events)
    we, they = _("We declined: %(reason)s, %(opening)s"), _("They withdrew: %(reason)s, %(opening)s")
    return [
        Told(
            (we if event.side == "we" else they)
            % {"reason": reasons.get(event.reason, event.reason), "opening": openings[event.opening_id]},
            quote=notes.get((event.application_id, event.at), ""),
        )
        if event.opening_id in openings
        else None
        for event in events
    ]


@tells(ApplicationReopened, icon="rotate-ccw", label=_STAGE)
def reopened(events: Sequence[ApplicationReopened], actor: Actor) -> list[Told | None]:
    """Tell that the way goes on. One query."""
    openings = _openings(actor, events)
    return [
        Told(_("Reopened, %(opening)s") % {"opening": openings[event.opening_id]}, link=_board(event.opening_id))
        if event.opening_id in openings
        else None
        for event in events
    ]


@tells(StageLimitExceeded, icon="alarm-clock", label=_STAGE)
def overdue(events: Sequence[StageLimitExceeded], actor: Actor) -> list[Told | None]:
    """Tell in which stage the time limit passed. Two queries."""
    openings = _openings(actor, events)
    stages = look_up("stages", queries.stage_labels, [event.stage_id for event in events])
    return [
        Told(
            _("Time limit of “%(stage)s” passed, %(opening)s")
            % {"stage": stages.get(event.stage_id, "—"), "opening": openings[event.opening_id]},
            link=_board(event.opening_id),
        )
        if event.opening_id in openings
        else None
        for event in events
    ]


@tells(ResumeUnreadable, icon="file-warning", label=_FILE)
def unreadable(events: Sequence[ResumeUnreadable], actor: Actor) -> list[Told]:
    """Tell why the file could not be read."""
    del actor
    return [
        Told(
            _("The résumé could not be read"), quote=words.problem(event.problem), link=reverse("recruiting:unreadable")
        )
        for event in events
    ]


@tells(UnreadableSettled, icon="file-check", label=_FILE)
def settled(events: Sequence[UnreadableSettled], actor: Actor) -> list[Told]:
    """Tell how the unreadable file was dealt with."""
    del actor
    by_hand, aside = _("The unreadable résumé was dealt with by hand"), _("The unreadable file was put aside")
    return [Told(by_hand if event.how == "by_hand" else aside) for event in events]
