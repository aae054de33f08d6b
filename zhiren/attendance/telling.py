"""The events of attendance in words, for those who may see somebody's attendance and nobody else."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from zhiren.attendance import queries, words
from zhiren.attendance.events import DayFlagged, EarlyWarningRaised
from zhiren.attendance.models import EarlyWarning
from zhiren.kernel.actors import Actor
from zhiren.timeline.telling import Told, tells

_LABEL = gettext_lazy("Attendance")


@tells(DayFlagged, icon="clock", label=_LABEL)
def flagged(events: Sequence[DayFlagged], actor: Actor) -> list[Told | None]:
    """Tell which day was late, early, absent or without a punch, or is no longer so."""
    seen = _visible(events, actor)
    return [_flagged(event) if event.employment_id in seen else None for event in events]


def _flagged(event: DayFlagged) -> Told:
    day = date_format(event.on)
    if not event.flags:
        return Told(_("%(day)s: in order now") % {"day": day})
    what = _("; ").join(str(label) for label in words.flags_of(event.flags))
    return Told(_("%(day)s: %(what)s") % {"day": day, "what": what})


@tells(EarlyWarningRaised, icon="triangle-alert", label=_LABEL)
def warned(events: Sequence[EarlyWarningRaised], actor: Actor) -> list[Told | None]:
    """Tell of a first sign. It is for those who manage the person; the person's own page does not show it."""
    seen = _visible(events, actor, own=False)
    return [_warned(event) if event.employment_id in seen else None for event in events]


def _warned(event: EarlyWarningRaised) -> Told:
    amount = event.amount
    sentences = {
        EarlyWarning.Kind.LATE_FIRST_WEEK: ngettext(
            "Late on the first %(n)s day", "Late on each of the first %(n)s days", amount
        ),
        EarlyWarning.Kind.MUCH_LEAVE: ngettext(
            "%(n)s day of leave in the month", "%(n)s days of leave in the month", amount
        ),
        EarlyWarning.Kind.DRIFT: ngettext(
            "Comes %(n)s minute later than before", "Comes %(n)s minutes later than before", amount
        ),
    }
    return Told(sentences[EarlyWarning.Kind(event.kind)] % {"n": amount})


def _visible(events: Sequence[DayFlagged | EarlyWarningRaised], actor: Actor, *, own: bool = True) -> set[UUID]:
    rows = queries.employments_visible_to(actor).filter(pk__in={event.employment_id for event in events})
    return {pk for pk, user_id in rows.values_list("pk", "user_id") if own or user_id != actor.user_id}
