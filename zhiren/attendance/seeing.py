"""Writes about findings of working-time law: that somebody has seen one and why it may stand, and taking that back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhiren.attendance import findings
from zhiren.attendance.errors import SeenAlready
from zhiren.attendance.events import FindingPutBack, FindingSeen
from zhiren.attendance.models import SeenFinding
from zhiren.kernel.actors import Actor
from zhiren.people.vault import open_vault
from zhiren.timeline.services import record


@transaction.atomic
def mark_seen(*, actor: Actor, at: datetime, finding_id: UUID, reason: str) -> SeenFinding:
    """Note that the actor has seen a finding of somebody whose attendance they manage, and why it may stand.

    Raises:
        NotFound: it is not the actor's to judge, or its facts have changed meanwhile.
        SeenAlready: somebody did so before.
    """
    finding = findings.lock_finding(actor, finding_id)
    if before := findings.mark_of(finding.pk):
        raise SeenAlready(name=before.seen_by.label if before.seen_by else "–")
    person_id = finding.employment.person_id
    row = SeenFinding(
        finding=finding, employment_id=finding.employment_id, on=finding.on, code=finding.code, seen_at=at,
        seen_by_id=actor.user_id,
    )  # fmt: skip
    row.reason_sealed = open_vault(person_id).seal(reason, cell=findings.REASON, row=row.pk)
    row.save()
    record(
        FindingSeen(
            person_id=person_id, at=at, by=actor.user_id, employment_id=row.employment_id, on=row.on, code=row.code
        )
    )
    return row


@transaction.atomic
def put_back(*, actor: Actor, at: datetime, finding_id: UUID) -> None:
    """Let a finding be looked at again; who had seen it, when and why stays known. Twice is as good as once."""
    finding = findings.lock_finding(actor, finding_id)
    if SeenFinding.objects.filter(finding=finding).update(finding=None):
        record(
            FindingPutBack(
                person_id=finding.employment.person_id, at=at, by=actor.user_id, employment_id=finding.employment_id,
                on=finding.on, code=finding.code,
            )
        )  # fmt: skip
