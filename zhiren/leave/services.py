"""Asking for leave; types and plans. What becomes of a request is `outcomes`, what the ledger says `ledger`."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.formats import date_format

from zhiren.approvals import services as approvals
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import Forbidden, NotFound, Refusal
from zhiren.leave import counting, ledger, permissions, queries, rules
from zhiren.leave.counting import Day, Wish
from zhiren.leave.errors import (
    BalanceTooLow,
    DocumentMissing,
    DocumentUnusable,
    OnLeaveAlready,
    TooLong,
    TypeCodeTaken,
    TypeNotOpen,
)
from zhiren.leave.events import LeaveRequested
from zhiren.leave.models import AccrualPlan, CalendarLink, Leave, LeaveDay, LeaveType
from zhiren.leave.words import amount
from zhiren.people import employing
from zhiren.people import queries as people_queries
from zhiren.people import services as people
from zhiren.people.events import DocumentOpened
from zhiren.people.models import Document, Employment
from zhiren.people.vault import open_vault
from zhiren.plumbing.crypto import token_digest
from zhiren.plumbing.models import one
from zhiren.timeline.services import record

KIND = "leave"
LARGEST_DOCUMENT = 10 * 1024 * 1024
_SIGNS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n": "image/png"}
T = TypeVar("T", LeaveType, AccrualPlan)


# Asking ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_leave(
    *,
    actor: Actor,
    at: datetime,
    employment_id: UUID,
    type_id: UUID,
    wish: Wish,
    reason: str = "",
    files: Sequence[tuple[str, bytes]] = (),
) -> Leave:
    """Ask for leave, one's own or, as HR, somebody's. Its days are held from now on; who must say yes is asked.

    `files` are names and bytes of documents. Of two requests at once for the same days, or the last of a balance, the
    second is refused.

    Raises:
        NotEmployedThroughout, UnitTooSmall, NothingToTake: see `counting.days_taken`.
        TypeNotOpen, TooLong, DocumentMissing, DocumentUnusable: what the type asks for.
        OnLeaveAlready: it overlaps; the other leave is named.
        BalanceTooLow: not enough is left, with all that waits.
    """
    employment = _askable(actor, employment_id)
    leave_type = one(_types_in(employment), type_id)
    days = check_wish(at=at, employment=employment, leave_type=leave_type, wish=wish)
    minutes = sum(day.minutes for day in days)
    kept = [(name, data, _media_type(data)) for name, data in files]
    needed = leave_type.document_after
    if needed is not None and minutes > needed * rules.DAY and not kept:
        raise DocumentMissing(type=leave_type.label, days=needed)
    leave = Leave(
        employment=employment,
        type=leave_type,
        from_on=days[0].day,
        to_on=days[-1].day,
        minutes=minutes,
        requested_at=at,
        requested_by=actor.user_id,
    )
    if reason.strip():
        vault = open_vault(employment.person_id)
        leave.reason_sealed = vault.seal(reason.strip()[:1000], cell="leave_leave|reason_sealed", row=leave.pk)
    leave.save(force_insert=True)
    _hold(leave, days)
    for name, data, media_type in kept:
        leave.documents.add(
            people.store_document(
                at=at, data=data, name=name, media_type=media_type, person_id=employment.person_id, kind="leave"
            )
        )
    record(LeaveRequested(**about(leave), at=at, by=actor.user_id))
    values = _values(leave, wish, reason)
    request = approvals.submit_request(
        actor=actor, at=at, kind=KIND, subject_id=leave.pk, employment_id=employment.pk, values=values
    )
    leave.request_id = request.pk
    leave.save(update_fields=["request_id"])
    return leave


@transaction.atomic
def check_wish(*, at: datetime, employment: Employment, leave_type: LeaveType, wish: Wish) -> list[Day]:
    """Return the days that a wish would take, once all is found well that can be found before it is sent."""
    today = employing.today_of(employment, at)
    opens_on = rules.add_months(employment.from_on, leave_type.after_months)
    if wish.from_on < opens_on:
        raise TypeNotOpen(type=leave_type.label, day=date_format(opens_on))
    days = counting.days_taken(leave_type, employment, wish)
    if leave_type.most_days is not None and sum(day.minutes for day in days) > leave_type.most_days * rules.DAY:
        raise TooLong(type=leave_type.label, days=leave_type.most_days)
    other = queries.overlapping(employment.pk, [(day.starts_at, day.ends_at) for day in days])
    if other:
        raise _overlap(other)
    if leave_type.needs_balance:
        wanted = {day.day: day.minutes for day in days}
        account = ledger.lock_account(employment.pk, leave_type.pk, at=at)
        missing = ledger.missing_for(account, employment, wanted, today=today)
        if missing:
            asked = sum(wanted.values())
            raise BalanceTooLow(
                wanted=amount(asked, in_hours=leave_type.in_hours),
                left=amount(asked - missing, in_hours=leave_type.in_hours),
            )
    return days


def try_wish(
    *, at: datetime, employment: Employment, leave_type: LeaveType, wish: Wish
) -> tuple[list[Day], Refusal | None]:
    """Return the days that a wish takes, and why it would be refused as it stands; nothing is sent."""
    try:
        return check_wish(at=at, employment=employment, leave_type=leave_type, wish=wish), None
    except Refusal as refusal:
        return [], refusal


def _types_in(employment: Employment) -> Any:
    wanted = [row.pk for row in queries.types_for(employment)]
    return LeaveType.objects.filter(pk__in=wanted)


def _askable(actor: Actor, employment_id: UUID) -> Employment:
    """Return the employment somebody may ask for: their own, or, as HR, one in their reach."""
    if actor.may(permissions.USE) and actor.user_id:
        own = queries.employments(actor).filter(user_id=actor.user_id, pk=employment_id).first()
        if own:
            return own
    return queries.managed_employment(actor, employment_id)


def _hold(leave: Leave, days: Iterable[Day]) -> None:
    rows = [
        LeaveDay(
            leave=leave,
            employment_id=leave.employment_id,
            day=day.day,
            part=day.part,
            minutes=day.minutes,
            starts_at=day.starts_at,
            ends_at=day.ends_at,
        )
        for day in days
    ]
    try:
        with transaction.atomic():
            LeaveDay.objects.bulk_create(rows)
    except IntegrityError as error:
        other = queries.overlapping(leave.employment_id, [(row.starts_at, row.ends_at) for row in rows])
        if other is None:
            raise
        raise _overlap(other) from error


def _overlap(other: Leave) -> OnLeaveAlready:
    return OnLeaveAlready(
        type=other.type.label,
        from_on=date_format(other.from_on),
        to_on=date_format(other.to_on),
        state=other.get_state_display(),
    )


def _media_type(data: bytes) -> str:
    found = next((media_type for sign, media_type in _SIGNS.items() if data.startswith(sign)), None)
    if found is None or len(data) > LARGEST_DOCUMENT:
        raise DocumentUnusable
    return found


def _values(leave: Leave, wish: Wish, reason: str) -> dict[str, Any]:
    """Return what is frozen with the request: all that who decides should know."""
    hours = [f"{clock:%H:%M}" for clock in (wish.starts, wish.ends) if clock] if wish.in_hours else []
    return {
        "type": leave.type.name,
        "type_en": leave.type.name_en,
        "code": leave.type.code,
        "from": leave.from_on.isoformat(),
        "to": leave.to_on.isoformat(),
        "minutes": leave.minutes,
        "in_hours": leave.type.in_hours,
        "from_midday": wish.from_midday,
        "until_midday": wish.until_midday,
        "hours": hours,
        "days": leave.minutes / rules.DAY,
        "paid": leave.type.is_paid,
        "reason": reason.strip()[:1000],
    }


@transaction.atomic
def open_document(*, actor: Actor, at: datetime, leave: Leave, document_id: UUID) -> tuple[Document, str, bytes]:
    """Return a document of visible leave, its name and bytes, to oneself and to HR; that it was opened is on record."""
    if not queries.sees_reason(actor, leave):
        raise NotFound
    document = queries.document_of(leave, document_id)
    record(DocumentOpened(person_id=leave.employment.person_id, at=at, by=actor.user_id, document_id=document.pk))
    return document, people_queries.document_name(document), people_queries.document_bytes(document)


def about(leave: Leave) -> dict[str, Any]:
    """Return what every event about a leave says."""
    days = queries.days_of(leave)
    return {
        "person_id": leave.employment.person_id,
        "leave_id": leave.pk,
        "employment_id": leave.employment_id,
        "type_id": leave.type_id,
        "starts_at": days[0].starts_at,
        "ends_at": days[-1].ends_at,
    }


# Types, plans, feeds --------------------------------------------------------------------------------------------------


@transaction.atomic
def save(*, actor: Actor, at: datetime, row: T) -> T:
    """Add or change a type, or a plan; accounts are opened for whoever earns by it, and looked at anew.

    Who is responsible for some legal entities changes theirs, not what holds for all.

    Raises:
        TypeCodeTaken: there is one of this code, or one for this entity.
    """
    reach = actor.reach(permissions.CONFIGURE)
    touched = {row.entity_id, _entity_before(row)}
    if not (reach.everything or touched <= reach.entities):
        raise Forbidden
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise TypeCodeTaken from error
    ledger.open_accounts(at=at)
    ledger.look_again(at=at, type_id=row.pk if isinstance(row, LeaveType) else row.type_id)
    return row


def _entity_before(row: LeaveType | AccrualPlan) -> UUID | None:
    """Return the entity of a row as it is stored; of a new one, the one it is to have."""
    if isinstance(row, LeaveType):
        found: LeaveType | AccrualPlan | None = LeaveType.objects.filter(pk=row.pk).first()
    else:
        found = AccrualPlan.objects.filter(pk=row.pk).first()
    return found.entity_id if found else row.entity_id


@transaction.atomic
def make_calendar_link(*, actor: Actor, at: datetime, employment_id: UUID) -> str:
    """Return the secret of a new private address of one's own calendar; the old address ends."""
    actor.require(permissions.USE)
    employment = one(queries.employments(actor).filter(user_id=actor.user_id), employment_id)
    token = secrets.token_urlsafe(24)
    CalendarLink.objects.update_or_create(
        employment=employment, defaults={"digest": token_digest(token), "created_at": at}
    )
    return token
