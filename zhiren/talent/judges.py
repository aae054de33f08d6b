"""What apps below talent say of those who are compared."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from zhiren.kernel.actors import Actor
from zhiren.screening import queries as screening
from zhiren.talent.panels import Criterion, Shown, criteria

_TONES = {"passed": "good", "failed": "bad", "unknown": "warn"}


def _conditions(actor: Actor, person_ids: Sequence[UUID], opening_id: UUID | None) -> list[Criterion]:
    """Return the hard conditions of the opening, each with what every résumé says to it."""
    if opening_id is None:
        return []
    return [
        Criterion(
            label=_("Condition: %(words)s") % {"words": label},
            values={
                person_id: [Shown(one.text, one.source, one.line, _TONES[one.outcome])]
                for person_id, one in held.items()
            },
        )
        for label, held in screening.held_against(actor, person_ids, opening_id)
    ]


criteria.add("screening", _conditions)
