"""What recruiting does when two records become one person: of two applications for one opening, one goes on."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zhiren.kernel.actors import Actor
from zhiren.people.mergeparts import Choice, Question
from zhiren.recruiting import queries, services
from zhiren.recruiting.models import Application
from zhiren.recruiting.rules import DUPLICATE


class Applications:
    """The applications of two records."""

    def counts(self, actor: Actor, person_ids: Sequence[UUID]) -> Sequence[tuple[Any, Mapping[UUID, int]]]:
        """Return how many applications the actor sees of each."""
        rows = queries.applications_visible_to(actor).filter(person_id__in=person_ids)
        return [(_("Applications"), Counter(rows.values_list("person_id", flat=True)))]

    def questions(self, actor: Actor, stays: Sequence[UUID], goes: Sequence[UUID]) -> Sequence[Question]:
        """Ask, for each opening both are candidates for, which application goes on: the furthest, unless told."""
        return [
            Question(
                key=_key(rows[0]),
                text=_("Both applied for “%(opening)s”. Which application goes on?")
                % {"opening": rows[0].opening.label},
                choices=[
                    Choice(str(row.pk), row.stage.label, _("Applied on %(day)s") % {"day": date_format(row.applied_at)})
                    for row in rows
                ],
                default=str(rows[0].pk),
            )
            for rows in _both(actor, stays, goes)
        ]

    def settle(
        self, *, actor: Actor, at: datetime, stays: Sequence[UUID], goes: Sequence[UUID], answers: Mapping[str, str]
    ) -> Sequence[str]:
        """End the other applications as duplicates; return their ids."""
        ended = []
        for rows in _both(actor, stays, goes):
            answer = answers.get(_key(rows[0]))
            kept = next((row for row in rows if str(row.pk) == answer), rows[0])
            reason = queries.exit_reason(DUPLICATE)
            for row in rows:
                if row.pk != kept.pk:
                    services.exit_application(actor=actor, at=at, application_id=row.pk, reason_id=reason.pk)
                    ended.append(str(row.pk))
        return ended

    def undo(self, *, actor: Actor, at: datetime, settled: Sequence[str]) -> None:
        """Let those go on that are still ended as duplicates; it is the merge that is undone, whoever may move them."""
        for row in queries.ended_because(DUPLICATE, [UUID(found) for found in settled]):
            mover = actor if queries.applications_movable_by(actor).filter(pk=row.pk).exists() else _WE
            services.reopen_application(actor=mover, at=at, application_id=row.pk)


_WE = Actor.system("merge")


def _key(application: Application) -> str:
    return f"opening-{application.opening_id}"


def _both(actor: Actor, stays: Sequence[UUID], goes: Sequence[UUID]) -> list[list[Application]]:
    """Return the active applications of both for one opening that the actor may move, the furthest first."""
    by_opening: dict[UUID, list[Application]] = defaultdict(list)
    rows = queries.applications_movable_by(actor).filter(person_id__in=[*stays, *goes], state=Application.State.ACTIVE)
    for row in rows.select_related("opening", "stage").order_by("-stage__position", "applied_at", "pk"):
        by_opening[row.opening_id].append(row)
    return [rows for rows in by_opening.values() if len(rows) > 1]
