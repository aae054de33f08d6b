"""The events of screening in words."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiren.kernel.actors import Actor
from zhiren.recruiting import queries as recruiting
from zhiren.screening.events import CandidateBroughtBack, CandidatePutAside, CandidateScreened
from zhiren.timeline.telling import Told, look_up, tells

_LABEL = gettext_lazy("Hard conditions")


@tells(CandidateScreened, icon="list-checks", label=_LABEL)
def screened(events: Sequence[CandidateScreened], actor: Actor) -> list[Told | None]:
    """Tell what came of the conditions, not of which."""
    words = {
        "passed": _("%(opening)s: the résumé meets every hard condition"),
        "unknown": _("%(opening)s: the résumé leaves a hard condition open"),
        "failed": _("%(opening)s: the résumé does not meet a hard condition"),
    }
    return _told(actor, [(event.opening_id, words[event.outcome]) for event in events])


@tells(CandidatePutAside, icon="archive", label=_LABEL)
def put_aside(events: Sequence[CandidatePutAside], actor: Actor) -> list[Told | None]:
    """Tell that somebody waits to be declined."""
    return _told(actor, [(event.opening_id, _("%(opening)s: put aside, to be declined later")) for event in events])


@tells(CandidateBroughtBack, icon="undo-2", label=_LABEL)
def brought_back(events: Sequence[CandidateBroughtBack], actor: Actor) -> list[Told | None]:
    """Tell that somebody goes on."""
    return _told(actor, [(event.opening_id, _("%(opening)s: brought back")) for event in events])


def _told(actor: Actor, lines: list[tuple[UUID, str]]) -> list[Told | None]:
    wanted = [opening_id for opening_id, _words in lines]
    labels = look_up("openings", lambda ids: recruiting.opening_labels(actor, ids), wanted)
    return [
        Told(words % {"opening": labels[opening_id]}, link=reverse("screening:opening", args=[opening_id]))
        if opening_id in labels
        else None
        for opening_id, words in lines
    ]
