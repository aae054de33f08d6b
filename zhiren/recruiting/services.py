"""Every write to openings and applications."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from zhiren.access import queries as access
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import Conflict, NotFound
from zhiren.org import queries as org
from zhiren.plumbing.models import one
from zhiren.recruiting import permissions, queries
from zhiren.recruiting.errors import ApplicationEnded, MovedMeanwhile, OpeningNotOpen, StageOfOtherOpening
from zhiren.recruiting.events import (
    ApplicationExited,
    ApplicationReceived,
    ApplicationReopened,
    OpeningClosed,
    OpeningCreated,
    OpeningPublished,
    OpeningUnpublished,
    StageChanged,
    StageLimitExceeded,
)
from zhiren.recruiting.models import Application, ExitReason, Opening, Stage, StageChange, StageTemplate
from zhiren.recruiting.rules import STANDARD_STAGES, stage_due
from zhiren.timeline.services import record

# What an opening's form may set.
_OPENING_COLUMNS = (
    "title", "title_en", "description", "description_en", "city", "headcount", "currency", "pay_from", "pay_to",
    "shows_pay", "hiring_manager_id", "branch_id",
)  # fmt: skip


def _details(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in _OPENING_COLUMNS if name in given}


@transaction.atomic
def create_opening(
    *,
    actor: Actor,
    at: datetime,
    position_id: UUID,
    owner_id: UUID | None = None,
    template_id: UUID | None = None,
    **details: Any,
) -> Opening:
    """Draft an opening for a position, with the stages of a template (the default one if none is named)."""
    actor.require(permissions.MANAGE_OPENINGS)
    owner = owner_id or actor.user_id
    if owner is None:
        raise ValueError("an opening that the system drafts needs an owner")
    position = one(org.positions(actor), position_id)
    grade = position.grade
    values = {
        "title": position.title,
        "title_en": position.title_en,
        "currency": grade.currency if grade else position.department.entity.currency,
        "pay_from": grade.pay_from if grade else None,
        "pay_to": grade.pay_to if grade else None,
        **{name: value for name, value in _details(details).items() if value not in (None, "")},
    }
    opening = Opening.objects.create(
        position=position,
        department=position.department,
        entity=position.department.entity,
        owner_id=owner,
        slug=secrets.token_urlsafe(6).replace("_", "a").replace("-", "b"),
        created_at=at,
        **values,
    )
    _add_stages(opening, template_id)
    record(OpeningCreated(at=at, by=actor.user_id, opening_id=opening.pk))
    return opening


def _add_stages(opening: Opening, template_id: UUID | None) -> None:
    templates = (
        StageTemplate.objects.filter(pk=template_id) if template_id else StageTemplate.objects.filter(is_default=True)
    )
    template = templates.first()
    stages: Sequence[Any] = template.stages if template else STANDARD_STAGES
    Stage.objects.bulk_create(
        [Stage(opening=opening, position=position, **stage) for position, stage in enumerate(stages, 1)]
    )


@transaction.atomic
def change_opening(*, actor: Actor, opening_id: UUID, **details: Any) -> Opening:
    """Change an opening's texts, place, pay and people."""
    opening = one(queries.openings_managed_by(actor).select_for_update(of=("self",)), opening_id)
    for name, value in _details(details).items():
        setattr(opening, name, value)
    opening.save()
    return opening


@transaction.atomic
def set_stage(*, actor: Actor, stage_id: UUID, limit_hours: int | None, owner_id: UUID | None) -> Stage:
    """Change a stage's time limit (business hours; None for no limit) and owner, for whoever enters from now on."""
    stage = one(Stage.objects.filter(opening__in=queries.openings_managed_by(actor)), stage_id)
    stage.limit_hours, stage.owner_id = limit_hours, owner_id
    stage.save(update_fields=["limit_hours", "owner"])
    return stage


@transaction.atomic
def set_stages(*, actor: Actor, opening_id: UUID, stages: Sequence[tuple[UUID, int | None, UUID | None]]) -> None:
    """Change the time limits (business hours) and owners of several stages of an opening."""
    opening = one(queries.openings_managed_by(actor), opening_id)
    for stage_id, limit_hours, owner in stages:
        stage = queries.get_stage(opening, stage_id)
        set_stage(actor=actor, stage_id=stage.pk, limit_hours=limit_hours, owner_id=owner)


@transaction.atomic
def share_opening(*, actor: Actor, opening_id: UUID, user_ids: Sequence[UUID]) -> Opening:
    """Let these users, and no others besides the owner, work on an opening."""
    opening = one(queries.openings_managed_by(actor), opening_id)
    opening.team.set(access.colleagues(actor).filter(pk__in=user_ids))
    return opening


@transaction.atomic
def publish_opening(*, actor: Actor, at: datetime, opening_id: UUID) -> Opening:
    """Show an opening to the public; a draft becomes open by it. Publishing twice changes nothing."""
    opening = one(queries.openings_managed_by(actor).select_for_update(of=("self",)), opening_id)
    if opening.state == Opening.State.CLOSED:
        raise OpeningNotOpen
    if opening.published_at is None:
        opening.state, opening.published_at = Opening.State.OPEN, at
        opening.save(update_fields=["state", "published_at"])
        record(OpeningPublished(at=at, by=actor.user_id, opening_id=opening.pk))
    return opening


@transaction.atomic
def unpublish_opening(*, actor: Actor, at: datetime, opening_id: UUID) -> Opening:
    """Take an opening from the public; its candidates stay."""
    opening = one(queries.openings_managed_by(actor).select_for_update(of=("self",)), opening_id)
    if opening.published_at is not None:
        opening.published_at = None
        opening.save(update_fields=["published_at"])
        record(OpeningUnpublished(at=at, by=actor.user_id, opening_id=opening.pk))
    return opening


@transaction.atomic
def close_opening(*, actor: Actor, at: datetime, opening_id: UUID) -> Opening:
    """Take no more candidates; it leaves the public at once. Whoever is still active stays to be told."""
    opening = one(queries.openings_managed_by(actor).select_for_update(of=("self",)), opening_id)
    if opening.state != Opening.State.CLOSED:
        opening.state, opening.published_at, opening.closed_at = Opening.State.CLOSED, None, at
        opening.save(update_fields=["state", "published_at", "closed_at"])
        record(OpeningClosed(at=at, by=actor.user_id, opening_id=opening.pk))
    return opening


@transaction.atomic
def open_opening(*, actor: Actor, opening_id: UUID) -> Opening:
    """Open a draft for candidates without showing it to the public, or open a closed one again."""
    opening = one(queries.openings_managed_by(actor).select_for_update(of=("self",)), opening_id)
    opening.state, opening.closed_at = Opening.State.OPEN, None
    opening.save(update_fields=["state", "closed_at"])
    return opening


@transaction.atomic
def receive_application(
    *, actor: Actor, at: datetime, person_id: UUID, opening: Opening, source: str
) -> tuple[Application, bool]:
    """Return the person's application for an opening and whether it is new; who applies twice has one application.

    Of two that a merge has brought together it is the one that goes on.
    """
    if opening.state == Opening.State.CLOSED:
        raise OpeningNotOpen
    first = opening.stages.order_by("position").first()
    if first is None:
        raise OpeningNotOpen
    known = queries.application_for(person_id, opening)
    if known is not None:
        return known, False
    due_at = stage_due(at, limit_hours=first.limit_hours, calendar=queries.calendar_of(opening))
    try:
        with transaction.atomic():
            application = Application.objects.create(
                person_id=person_id,
                opening=opening,
                stage=first,
                source=source,
                applied_at=at,
                entered_stage_at=at,
                due_at=due_at,
            )
    except IntegrityError:
        return Application.objects.get(person_id=person_id, opening=opening), False
    StageChange.objects.create(application=application, to_stage=first, at=at, by_id=actor.user_id)
    record(
        ApplicationReceived(
            person_id=person_id,
            at=at,
            by=actor.user_id,
            application_id=application.pk,
            opening_id=opening.pk,
            source=source,
        )
    )
    return application, True


@transaction.atomic
def move_application(
    *, actor: Actor, at: datetime, application_id: UUID, stage_id: UUID, version: int | None = None, note: str = ""
) -> Application:
    """Move a candidate to another stage.

    `version` is the one the mover saw; with it, of two people moving the same card the second is refused.

    Raises:
        MovedMeanwhile: somebody else changed it since.
        ApplicationEnded: it has ended.
        StageOfOtherOpening: the stage is not one of the opening's.
    """
    actor.require(permissions.MOVE_CANDIDATES)
    application = queries.lock_application(actor, application_id)
    if version is not None and application.version != version:
        raise MovedMeanwhile(stage=application.stage.label)
    if application.state != Application.State.ACTIVE:
        raise ApplicationEnded
    target = Stage.objects.filter(opening_id=application.opening_id, pk=stage_id).first()
    if target is None:
        raise StageOfOtherOpening
    if target.pk == application.stage_id:
        return application
    source = application.stage
    StageChange.objects.create(
        application=application, from_stage=source, to_stage=target, at=at, by_id=actor.user_id, note=note[:500]
    )
    _enter(application, target, at)
    record(
        StageChanged(
            person_id=application.person_id,
            at=at,
            by=actor.user_id,
            application_id=application.pk,
            opening_id=application.opening_id,
            from_stage_id=source.pk,
            to_stage_id=target.pk,
            from_kind=source.kind,
            to_kind=target.kind,
        )
    )
    return application


def move_many(*, actor: Actor, at: datetime, seen: Sequence[tuple[UUID, int]], stage_id: UUID) -> tuple[int, int]:
    """Move several candidates, each as its mover saw it (id and version); return how many moved and how many did not.

    One that somebody else moved, or that has ended, stays where it is and keeps nobody else back.
    """
    moved = 0
    for application_id, version in seen:
        try:
            move_application(actor=actor, at=at, application_id=application_id, stage_id=stage_id, version=version)
        except (Conflict, NotFound):
            continue
        moved += 1
    return moved, len(seen) - moved


def _enter(application: Application, stage: Stage, at: datetime) -> None:
    application.stage, application.entered_stage_at, application.limit_announced_at = stage, at, None
    application.due_at = stage_due(at, limit_hours=stage.limit_hours, calendar=queries.calendar_of(application.opening))
    application.version += 1
    application.save(update_fields=["stage", "entered_stage_at", "limit_announced_at", "due_at", "version"])


@transaction.atomic
def exit_application(
    *, actor: Actor, at: datetime, application_id: UUID, reason_id: UUID, version: int | None = None, note: str = ""
) -> Application:
    """End a candidate's way with a reason of the second level.

    Raises:
        MovedMeanwhile: somebody else changed it since `version`.
        ApplicationEnded: it has ended already.
    """
    actor.require(permissions.MOVE_CANDIDATES)
    application = queries.lock_application(actor, application_id)
    if version is not None and application.version != version:
        raise MovedMeanwhile(stage=application.stage.label)
    if application.state != Application.State.ACTIVE:
        raise ApplicationEnded
    reason = one(ExitReason.objects.filter(is_active=True), reason_id)
    application.state, application.exit_reason, application.due_at = Application.State.EXITED, reason, None
    application.version += 1
    application.save(update_fields=["state", "exit_reason", "due_at", "version"])
    StageChange.objects.create(
        application=application,
        from_stage=application.stage,
        exit_reason=reason,
        at=at,
        by_id=actor.user_id,
        note=note[:500],
    )
    record(
        ApplicationExited(
            person_id=application.person_id,
            at=at,
            by=actor.user_id,
            application_id=application.pk,
            opening_id=application.opening_id,
            stage_kind=application.stage.kind,
            side=reason.side,
            reason=reason.code,
        )
    )
    return application


@transaction.atomic
def reopen_application(*, actor: Actor, at: datetime, application_id: UUID) -> Application:
    """Let an ended application go on where it ended; the stage's clock starts anew."""
    actor.require(permissions.MOVE_CANDIDATES)
    application = queries.lock_application(actor, application_id)
    if application.state == Application.State.ACTIVE:
        return application
    application.state, application.exit_reason = Application.State.ACTIVE, None
    application.save(update_fields=["state", "exit_reason"])
    _enter(application, application.stage, at)
    StageChange.objects.create(application=application, to_stage=application.stage, at=at, by_id=actor.user_id)
    record(
        ApplicationReopened(
            person_id=application.person_id,
            at=at,
            by=actor.user_id,
            application_id=application.pk,
            opening_id=application.opening_id,
        )
    )
    return application


def announce_overdue(at: datetime) -> int:
    """Record, once per stay in a stage, that its time limit has passed; return how many."""
    overdue = Application.objects.filter(
        state=Application.State.ACTIVE, due_at__lte=at, limit_announced_at__isnull=True
    )
    announced = 0
    for application_id in list(overdue.values_list("pk", flat=True)[:2000]):
        with transaction.atomic():
            application = (
                Application.objects.select_for_update(of=("self",), skip_locked=True)
                .filter(
                    pk=application_id, state=Application.State.ACTIVE, due_at__lte=at, limit_announced_at__isnull=True
                )
                .select_related("stage")
                .first()
            )
            if application is None or application.due_at is None:
                continue
            application.limit_announced_at = at
            application.save(update_fields=["limit_announced_at"])
            record(
                StageLimitExceeded(
                    person_id=application.person_id,
                    at=application.due_at,
                    application_id=application.pk,
                    opening_id=application.opening_id,
                    stage_id=application.stage_id,
                    stage_kind=application.stage.kind,
                )
            )
            announced += 1
    return announced


Reasons = Mapping[str, Sequence[tuple[str, str, Sequence[tuple[str, str, str]]]]]


@transaction.atomic
def ensure_standards(reasons: Reasons) -> None:
    """Bring in the standard stages and the reasons that are missing; what somebody renamed keeps its name.

    `reasons` gives, for each side, the groups with their English names and their (code, name, English name).
    """
    if not StageTemplate.objects.filter(is_default=True).exists():
        StageTemplate.objects.create(name="标准流程", name_en="Standard", stages=list(STANDARD_STAGES), is_default=True)
    position = 0
    for side, groups in reasons.items():
        for group, group_en, entries in groups:
            for code, name, name_en in entries:
                position += 1
                ExitReason.objects.get_or_create(
                    code=code,
                    defaults={
                        "side": side,
                        "group": group,
                        "group_en": group_en,
                        "name": name,
                        "name_en": name_en,
                        "position": position,
                    },
                )
