"""What people ask for about their attendance: a missing punch, overtime, work elsewhere. Approved, it counts."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from zhiren.approvals import services as approvals
from zhiren.approvals.kinds import Outcome
from zhiren.attendance import computing, mending, queries, services
from zhiren.attendance.cycles import cycle_of, last_day_to_ask
from zhiren.attendance.errors import (
    AskedBefore,
    NotMendable,
    NotYet,
    ResultNotMendable,
    TimesMixedUp,
    TooLate,
    TooManyCorrections,
)
from zhiren.attendance.models import Punch, Request
from zhiren.kernel.actors import Actor
from zhiren.people.models import Employment
from zhiren.people.vault import open_vault
from zhiren.rostering import queries as rostering

KIND = "attendance"
LONGEST = timedelta(days=31)
_DAY = timedelta(days=1)


@transaction.atomic
def ask(
    *,
    actor: Actor,
    at: datetime,
    employment_id: UUID,
    kind: str,
    starts_at: datetime,
    ends_at: datetime | None = None,
    reason: str = "",
) -> Request:
    """Ask for a missing punch (one moment), overtime, an errand, a trip or remote work (both ends), one's own.

    HR may ask for others within their reach.

    Raises:
        NotFound: it is not the actor's to ask for.
        NotYet, NotMendable, ResultNotMendable, TooManyCorrections, TooLate: what the group says about corrections.
        TimesMixedUp, AskedBefore: the times cannot be, or were asked for before.
    """
    employment = queries.get_employment_to_ask_for(actor, employment_id)
    zone = ZoneInfo(employment.zone)
    kind = Request.Kind(kind)
    ends_at = starts_at if kind == Request.Kind.CORRECTION else (ends_at or starts_at)
    on = starts_at.astimezone(zone).date()
    if kind == Request.Kind.CORRECTION:
        _check_correction(employment, starts_at, on, at)
    elif not starts_at < ends_at <= starts_at + LONGEST:
        raise TimesMixedUp
    queries.lock_employment(employment.pk)
    if before := queries.overlapping_request(employment.pk, kind, starts_at, ends_at):
        since = before.starts_at.astimezone(zone)
        raise AskedBefore(kind=before.get_kind_display(), since=f"{since:%Y-%m-%d %H:%M}")
    row = Request(
        employment=employment, kind=kind, on=on, starts_at=starts_at, ends_at=ends_at, zone=employment.zone, asked_at=at
    )
    vault = open_vault(employment.person_id)
    row.reason_sealed = vault.seal(reason, cell="attendance_request|reason_sealed", row=row.pk) if reason else b""
    row.save()
    approvals.submit_request(
        actor=actor,
        at=at,
        kind=KIND,
        subject_id=row.pk,
        employment_id=employment.pk,
        values={
            "kind": str(kind),
            "starts_at": starts_at.isoformat(),
            "ends_at": ends_at.isoformat(),
            "zone": employment.zone,
            "hours": round((ends_at - starts_at).total_seconds() / 3600, 2),
            "reason": reason,
        },
    )
    return row


def _check_correction(employment: Employment, moment: datetime, on: date, at: datetime) -> None:
    """Refuse what the person's group on that day does not let be mended."""
    if moment > at:
        raise NotYet
    group = rostering.group_of(employment.pk, on)
    version = rostering.group_on(group.pk, on) if group else None
    rules: Mapping[str, Any] = version.corrections if version else {}
    if not rules.get("allowed", True):
        raise NotMendable
    if not mending.may_be_mended(employment, moment, on, allowed=rules.get("results") or ()):
        raise ResultNotMendable
    first, last = cycle_of(on, first_day=int(rules.get("cycle_day", 1)))
    most = rules.get("per_cycle")
    if most is not None and queries.count_corrections(employment.pk, first, last) >= int(most):
        raise TooManyCorrections(count=most, first=first.isoformat(), last=last.isoformat())
    until = last_day_to_ask(
        on, days=rules.get("days"), working=bool(rules.get("working_days")), region=employment.region,
        zone=employment.zone,
    )  # fmt: skip
    if until and at.astimezone(ZoneInfo(employment.zone)).date() > until:
        raise TooLate(day=until.isoformat())


# What becomes of a request: called by approvals, at least once, so each is safe to run twice.


@transaction.atomic
def approve(outcome: Outcome) -> None:
    """Let it count: a missing punch becomes one, everything else bears on its days."""
    row = queries.lock_request(outcome.subject_id)
    _settle(row, Request.State.APPROVED, outcome.at)
    if row.kind == Request.Kind.CORRECTION:
        services.take_punches(
            at=outcome.at,
            punches=[
                services.Incoming(
                    key=f"correction:{row.pk}",
                    at=row.starts_at,
                    zone=row.zone,
                    source=Punch.Source.CORRECTION.value,
                    employment_id=row.employment_id,
                    details={"request": str(row.pk)},
                )
            ],
        )
    _anew(row, outcome.at)


@transaction.atomic
def decline(outcome: Outcome) -> None:
    """Note that somebody said no."""
    _settle(queries.lock_request(outcome.subject_id), Request.State.DECLINED, outcome.at)


@transaction.atomic
def withdraw(outcome: Outcome) -> None:
    """Note that it was taken back before it was decided, or after."""
    row = queries.lock_request(outcome.subject_id)
    _settle(row, Request.State.WITHDRAWN, outcome.at)
    _anew(row, outcome.at)


def _settle(row: Request, state: Request.State, at: datetime) -> None:
    row.state, row.settled_at = state, at
    row.save(update_fields=["state", "settled_at"])


def _anew(row: Request, at: datetime) -> None:
    first, last = (end.astimezone(UTC).date() for end in (row.starts_at, row.ends_at))
    days = [first - _DAY + _DAY * number for number in range((last - first).days + 3)]
    computing.compute(at=at, keys=[(row.employment_id, on) for on in days])
