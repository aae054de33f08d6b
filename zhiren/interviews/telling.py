"""The events of this app in words."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from zhiren.interviews import queries
from zhiren.interviews.events import (
    InterviewArranged,
    InterviewCancelled,
    InterviewChanged,
    InterviewCompleted,
    InterviewHeld,
    ScorecardSubmitted,
)
from zhiren.interviews.models import Interview
from zhiren.interviews.words import when_there
from zhiren.kernel.actors import Actor
from zhiren.plumbing.user_names import names_of
from zhiren.timeline.telling import Told, look_up, tells

_FIELDS = {
    "kind": pgettext_lazy("interview", "kind"),
    "round_name": pgettext_lazy("interview", "round"),
    "starts_at": pgettext_lazy("interview", "time"),
    "ends_at": pgettext_lazy("interview", "time"),
    "zone": pgettext_lazy("interview", "time zone"),
    "place": pgettext_lazy("interview", "place"),
    "interviewers": pgettext_lazy("interview", "interviewers"),
}
_INTERVIEW = gettext_lazy("Interview")


def _link(interview_id: UUID) -> str:
    return reverse("interviews:interview", args=[interview_id])


@tells(InterviewArranged, icon="calendar-plus", label=_INTERVIEW)
def arranged(events: Sequence[InterviewArranged], actor: Actor) -> list[Told | None]:
    """Tell round and time as they are now, and whether it was only written down afterwards."""
    del actor
    found = look_up("interviews", queries.interviews_by_id, [event.interview_id for event in events])
    told: list[Told | None] = []
    for event in events:
        row = found.get(event.interview_id)
        afterwards = row is not None and row.starts_at < event.at
        words = _("%(round)s written down: %(when)s") if afterwards else _("%(round)s arranged: %(when)s")
        told.append(
            Told(words % {"round": row.round_name, "when": when_there(row)}, link=_link(row.pk)) if row else None
        )
    return told


@tells(InterviewChanged, icon="calendar-clock", label=_INTERVIEW)
def changed(events: Sequence[InterviewChanged], actor: Actor) -> list[Told | None]:
    """Tell what was changed."""
    del actor
    found = look_up("interviews", queries.interviews_by_id, [event.interview_id for event in events])
    told: list[Told | None] = []
    for event in events:
        row = found.get(event.interview_id)
        fields = pgettext("list", ", ").join(dict.fromkeys(str(_FIELDS.get(name, name)) for name in event.fields))
        words = _("%(round)s changed: %(fields)s")
        told.append(Told(words % {"round": row.round_name, "fields": fields}, link=_link(row.pk)) if row else None)
    return told


@tells(InterviewCancelled, icon="calendar-x", label=_INTERVIEW)
def cancelled(events: Sequence[InterviewCancelled], actor: Actor) -> list[Told | None]:
    """Tell that it does not take place, and why."""
    del actor
    found = look_up("interviews", queries.interviews_by_id, [event.interview_id for event in events])
    told: list[Told | None] = []
    for event in events:
        row = found.get(event.interview_id)
        reason = str(dict(Interview.CancelReason.choices).get(event.reason, event.reason))
        words = _("%(round)s called off: %(reason)s")
        told.append(Told(words % {"round": row.round_name, "reason": reason}, link=_link(row.pk)) if row else None)
    return told


@tells(InterviewHeld, icon="calendar-check", label=_INTERVIEW)
def held(events: Sequence[InterviewHeld], actor: Actor) -> list[Told | None]:
    """Tell that it took place."""
    del actor
    found = look_up("interviews", queries.interviews_by_id, [event.interview_id for event in events])
    return [
        Told(_("%(round)s took place") % {"round": row.round_name}, link=_link(row.pk)) if row else None
        for row in (found.get(event.interview_id) for event in events)
    ]


@tells(ScorecardSubmitted, icon="clipboard-check", label=gettext_lazy("Scorecard"))
def submitted(events: Sequence[ScorecardSubmitted], actor: Actor) -> list[Told | None]:
    """Tell who has sent a scorecard, not what it says: others may not have sent theirs."""
    del actor
    found = look_up("interviews", queries.interviews_by_id, [event.interview_id for event in events])
    names = look_up("names of users", names_of, [event.interviewer_id for event in events])
    told: list[Told | None] = []
    for event in events:
        row, name = found.get(event.interview_id), names.get(event.interviewer_id)
        words = _("%(name)s sent the scorecard of %(round)s")
        told.append(Told(words % {"name": name, "round": row.round_name}, link=_link(row.pk)) if row and name else None)
    return told


@tells(InterviewCompleted, icon="star", label=gettext_lazy("Scorecard"))
def completed(events: Sequence[InterviewCompleted], actor: Actor) -> list[Told | None]:
    """Tell what the interviewers found together."""
    del actor
    found = look_up("interviews", queries.interviews_by_id, [event.interview_id for event in events])
    told: list[Told | None] = []
    for event in events:
        row = found.get(event.interview_id)
        verdict = str(dict(Interview.Verdict.choices).get(event.verdict, event.verdict))
        words = _("%(round)s completed: %(verdict)s")
        told.append(Told(words % {"round": row.round_name, "verdict": verdict}, link=_link(row.pk)) if row else None)
    return told
