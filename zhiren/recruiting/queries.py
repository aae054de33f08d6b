"""Every read of openings and applications."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, Count, Exists, Func, OuterRef, Q, QuerySet

from zhiren.kernel.actors import Actor
from zhiren.kernel.businesstime import WorkCalendar
from zhiren.kernel.refusals import NotFound
from zhiren.org import queries as org
from zhiren.people import queries as people
from zhiren.plumbing import crypto
from zhiren.plumbing.models import one
from zhiren.plumbing.permissions import within
from zhiren.recruiting import permissions
from zhiren.recruiting.models import (
    Application,
    ExitReason,
    Intake,
    IntakeFile,
    Opening,
    Stage,
    StageChange,
    StageTemplate,
)


def _own(actor: Actor) -> Q:
    if actor.user_id is None:
        return Q(pk__in=[])
    shared = Opening.team.through.objects.filter(user_id=actor.user_id).values("opening_id")
    return Q(owner_id=actor.user_id) | Q(hiring_manager_id=actor.user_id) | Q(pk__in=shared)


def _openings_in_reach(actor: Actor, permission: str) -> QuerySet[Opening]:
    return Opening.objects.filter(within(actor.reach(permission), own=_own(actor)))


def openings_visible_to(actor: Actor) -> QuerySet[Opening]:
    """Return the openings this actor may see."""
    return _openings_in_reach(actor, permissions.VIEW_OPENINGS)


def get_opening(actor: Actor, opening_id: UUID) -> Opening:
    """Return one opening; NotFound if there is none, or it is not this actor's to see."""
    return one(
        openings_visible_to(actor).select_related(
            "position", "department", "entity", "branch", "owner", "hiring_manager"
        ),
        opening_id,
    )


def openings_managed_by(actor: Actor) -> QuerySet[Opening]:
    """Return the openings this actor may change."""
    return _openings_in_reach(actor, permissions.MANAGE_OPENINGS)


def get_opening_to_manage(actor: Actor, opening_id: UUID) -> Opening:
    """Return one opening this actor may change; NotFound as ever."""
    rows = openings_managed_by(actor).select_related("position", "department", "entity", "branch", "owner")
    return one(rows, opening_id)


def lock_opening(opening_id: UUID) -> Opening:
    """Return one opening locked until the transaction ends, for a service that has checked who asks."""
    return one(Opening.objects.select_for_update(of=("self",)), opening_id)


def may_manage(actor: Actor, opening: Opening) -> bool:
    """Tell whether this actor may change a visible opening. No query unless their reach has borders."""
    reach = actor.reach(permissions.MANAGE_OPENINGS)
    if not reach or reach.everything:
        return bool(reach)
    if reach.own and actor.user_id in {opening.owner_id, opening.hiring_manager_id}:
        return True
    if opening.department_id in reach.departments or opening.entity_id in reach.entities:
        return True
    return openings_managed_by(actor).filter(pk=opening.pk).exists()


def team_of(opening: Opening) -> list[UUID]:
    """Return who works on a visible opening besides its owner."""
    return list(opening.team.values_list("pk", flat=True))


def openings_with_candidates(actor: Actor) -> QuerySet[Opening]:
    """Return the openings whose candidates this actor may see."""
    return _openings_in_reach(actor, permissions.VIEW_CANDIDATES)


def openings_taking_candidates(actor: Actor) -> QuerySet[Opening]:
    """Return the openings to which this actor may add candidates, newest first."""
    rows = _openings_in_reach(actor, permissions.ADD_CANDIDATES).exclude(state=Opening.State.CLOSED)
    return rows.order_by("-created_at", "-id")


def applications_visible_to(actor: Actor) -> QuerySet[Application]:
    """Return the applications this actor may see: those for the openings they reach."""
    return _applications_in_reach(actor, permissions.VIEW_CANDIDATES)


def applications_movable_by(actor: Actor) -> QuerySet[Application]:
    """Return the applications this actor may see and move."""
    movable = _applications_in_reach(actor, permissions.MOVE_CANDIDATES)
    return movable & applications_visible_to(actor)


def applications_exportable_by(actor: Actor) -> QuerySet[Application]:
    """Return the applications this actor may see and take away as a file."""
    return _applications_in_reach(actor, permissions.EXPORT_CANDIDATES) & applications_visible_to(actor)


def _applications_in_reach(actor: Actor, permission: str) -> QuerySet[Application]:
    if actor.reach(permission).everything:
        return Application.objects.all()
    return Application.objects.filter(opening__in=_openings_in_reach(actor, permission))


def get_application(actor: Actor, application_id: UUID) -> Application:
    """Return one application with person, opening and stage; NotFound as ever."""
    return one(
        applications_visible_to(actor).select_related("person__merged_into", "opening__owner", "stage"), application_id
    )


def lock_application(actor: Actor, application_id: UUID) -> Application:
    """Return one application to move, locked until the transaction ends.

    The row is locked alone and read again with what it belongs to: PostgreSQL drops a row from a join when, while one
    waited for its lock, it was moved to another stage.
    """
    one(applications_movable_by(actor).select_for_update(of=("self",)), application_id)
    rows = Application.objects.select_related("opening__branch", "opening__entity", "stage")
    return one(rows, application_id)


def application_by_id(application_id: UUID) -> Application:
    """Return an application, whoever asks: for handlers, and for the candidate's own link."""
    return one(Application.objects.select_related("person__merged_into", "opening__owner", "stage"), application_id)


def applications_of(actor: Actor, person_id: UUID) -> QuerySet[Application]:
    """Return a person's applications that this actor may see, newest first."""
    rows = applications_visible_to(actor).filter(person_id__in=people.same_person_ids(person_id))
    return rows.select_related("opening__owner", "stage", "exit_reason").order_by("-applied_at", "-id")


def openings_applied_for(person_ids: Iterable[UUID]) -> dict[UUID, list[tuple[UUID, datetime]]]:
    """Return for which openings each of these persons applied, and when, whoever asks: for the search index."""
    rows = Application.objects.filter(person_id__in=list(person_ids)).values_list(
        "person_id", "opening_id", "applied_at"
    )
    found: dict[UUID, list[tuple[UUID, datetime]]] = {}
    for person_id, opening_id, at in rows:
        found.setdefault(person_id, []).append((opening_id, at))
    return found


def active_application_ids(opening_id: UUID) -> list[UUID]:
    """Return the active applications for an opening, newest first, whoever asks: for work in the background."""
    rows = Application.objects.filter(opening_id=opening_id, state=Application.State.ACTIVE)
    return list(rows.order_by("-applied_at").values_list("pk", flat=True))


def active_applications_of_person(person_id: UUID) -> list[UUID]:
    """Return a person's active applications, whoever asks: for handlers."""
    rows = Application.objects.filter(person_id=person_id, state=Application.State.ACTIVE)
    return list(rows.values_list("pk", flat=True))


def is_in_first_stage(application: Application) -> bool:
    """Tell whether nobody has taken an application any further yet."""
    return not Stage.objects.filter(opening_id=application.opening_id, position__lt=application.stage.position).exists()


def application_for(person_id: UUID, opening: Opening) -> Application | None:
    """Return a person's application for an opening, under whichever record they applied, whoever asks.

    Of several it is the one that goes on, else the newest.
    """
    rows = Application.objects.filter(opening=opening, person_id__in=people.same_person_ids(person_id))
    return rows.select_related("opening", "stage").order_by("state", "-applied_at", "-id").first()


class _IsAmong(Func):
    """Whether a value is in an array that a subquery makes."""

    arg_joiner, template, output_field = " = ANY(", "%(expressions)s)", BooleanField()


def _persons_met(actor: Actor) -> Q:
    # Asked of each person alone, so that looking at a few costs nothing for the many others. Which openings are within
    # reach is looked up once for all of them: joined, it would be for each.
    rows = Application.objects.filter(person_id=OuterRef("pk"))
    if not actor.reach(permissions.VIEW_CANDIDATES).everything:
        openings = openings_with_candidates(actor).order_by().values("pk")
        rows = rows.filter(_IsAmong("opening_id", ArraySubquery(openings)))
    return Q(Exists(rows))


people.doors.add("recruiting", _persons_met)


def stages_of(opening: Opening) -> list[Stage]:
    """Return the stages of a visible opening in order."""
    return list(opening.stages.order_by("position"))


def get_stage(opening: Opening, stage_id: UUID) -> Stage:
    """Return one stage of a visible opening; NotFound as ever."""
    return one(opening.stages.all(), stage_id)


def stages_by_opening(opening_ids: Iterable[UUID]) -> dict[UUID, list[Stage]]:
    """Return the stages of visible openings, each in order."""
    found: dict[UUID, list[Stage]] = {}
    for stage in Stage.objects.filter(opening__in=list(opening_ids)).order_by("position"):
        found.setdefault(stage.opening_id, []).append(stage)
    return found


def stage_templates() -> QuerySet[StageTemplate]:
    """Return the lists of stages that openings start from, the usual one first."""
    return StageTemplate.objects.order_by("-is_default", "name")


def stage_counts(opening: Opening) -> dict[UUID, int]:
    """Return how many active applications each stage of a visible opening holds."""
    rows = (
        Application.objects.filter(opening=opening, state=Application.State.ACTIVE)
        .values("stage_id")
        .annotate(count=Count("pk"))
    )
    return {row["stage_id"]: row["count"] for row in rows.order_by()}


def active_applications(opening: Opening, stage: Stage) -> QuerySet[Application]:
    """Return the active applications in a stage of a visible opening, longest there first.

    Page by `entered_stage_at`, `id`.
    """
    rows = Application.objects.filter(opening=opening, stage=stage, state=Application.State.ACTIVE)
    return rows.select_related("person__merged_into").order_by("entered_stage_at", "id")


def changes_by_id(application_ids: Iterable[UUID]) -> QuerySet[StageChange]:
    """Return the stage changes of visible applications, oldest first."""
    rows = StageChange.objects.filter(application_id__in=list(application_ids))
    return rows.select_related("from_stage", "to_stage", "exit_reason", "by").order_by("at", "id")


def exit_reasons() -> QuerySet[ExitReason]:
    """Return the reasons for which a way may end, by side and group."""
    return ExitReason.objects.filter(is_active=True).order_by("side", "position")


def exit_reason_id(code: str) -> UUID:
    """Return the reason of this code."""
    return ExitReason.objects.values_list("pk", flat=True).get(code=code)


def exit_reason(code: str) -> ExitReason:
    """Return the reason for an end with this code; NotFound if there is none."""
    found = ExitReason.objects.filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def ended_because(code: str, application_ids: Iterable[UUID]) -> list[Application]:
    """Return those of these applications that have ended for a reason, whoever asks."""
    rows = Application.objects.filter(pk__in=list(application_ids), exit_reason__code=code)
    return list(rows.order_by("applied_at", "pk"))


def published_openings() -> QuerySet[Opening]:
    """Return what anybody may see: openings that are published and open."""
    rows = Opening.objects.filter(published_at__isnull=False, state=Opening.State.OPEN)
    return rows.select_related("department", "entity", "branch").order_by("-published_at", "-id")


def intakes_visible_to(actor: Actor) -> QuerySet[Intake]:
    """Return the uploads for openings this actor's candidates are in."""
    return Intake.objects.filter(opening__in=openings_with_candidates(actor))


def get_intake(actor: Actor, intake_id: UUID) -> Intake:
    """Return one upload; NotFound as ever."""
    return one(intakes_visible_to(actor).select_related("opening"), intake_id)


def intake_counts(intake: Intake) -> dict[str, int]:
    """Return how many files of a visible upload are in each state."""
    counts = dict.fromkeys(IntakeFile.State.values, 0)
    for row in intake.files.values("state").annotate(count=Count("pk")).order_by():
        counts[row["state"]] = row["count"]
    return counts


def stopped_count(intake: Intake) -> int:
    """Return how many files of a visible upload were not read because somebody stopped it."""
    return intake.files.filter(state=IntakeFile.State.UNREADABLE, problem="cancelled").count()


def unreadable_files(actor: Actor) -> QuerySet[IntakeFile]:
    """Return the files that wait for somebody to look at them, oldest first."""
    rows = IntakeFile.objects.filter(state=IntakeFile.State.UNREADABLE, intake__in=intakes_visible_to(actor))
    return rows.select_related("intake__opening", "document").order_by("intake__started_at", "position")


def files_dealt_with(intake: Intake) -> QuerySet[IntakeFile]:
    """Return the files of a visible upload that were read or found unreadable."""
    return intake.files.exclude(state=IntakeFile.State.WAITING)


def has_hint(person_id: UUID) -> bool:
    """Tell whether the name of a visible person was only guessed from their file's name."""
    ids = people.same_person_ids(person_id)
    return IntakeFile.objects.filter(application__person_id__in=ids).exclude(hint="").exists()


def calendar_of(opening: Opening) -> WorkCalendar:
    """Return the calendar of an opening's place of work: the branch's, else the entity's."""
    place = opening.branch or opening.entity
    return WorkCalendar.for_region(place.region, zone=place.zone)


def company_name(language: str) -> str:
    """Return the company's name in a language."""
    company = org.company()
    return (company.name_en if language == "en" else "") or company.name


def seal_name(intake_file_id: UUID, name: str) -> bytes:
    """Return a file's name as its row keeps it."""
    return crypto.seal(crypto.key_for("intake-name"), name[:255].encode(), bound_to=_name_cell(intake_file_id))


def file_name(row: IntakeFile) -> str:
    """Return the name that a visible file came with; empty once it was dealt with."""
    if not row.name_sealed:
        return ""
    return crypto.unseal(crypto.key_for("intake-name"), row.name_sealed, bound_to=_name_cell(row.pk)).decode()


def _name_cell(intake_file_id: UUID) -> str:
    return f"recruiting_intakefile|name_sealed|{intake_file_id}"


def get_intake_file(actor: Actor, intake_file_id: UUID) -> IntakeFile:
    """Return one file of an upload; NotFound as ever."""
    rows = IntakeFile.objects.filter(intake__in=intakes_visible_to(actor))
    return one(
        rows.select_related("intake__opening", "document", "archive", "application__person__merged_into"),
        intake_file_id,
    )


def lock_intake_file(intake_file_id: UUID) -> IntakeFile:
    """Return one file of an upload, locked until the transaction ends: for services that know who may touch it."""
    one(IntakeFile.objects.select_for_update(), intake_file_id)
    rows = IntakeFile.objects.select_related("intake__opening__entity", "document", "application__person__merged_into")
    return one(rows, intake_file_id)


def lock_same_file(row: IntakeFile) -> None:
    """Wait until nobody else deals with the same bytes for the same opening; hold them until the transaction ends."""
    if row.document is None:
        return
    what = hashlib.sha256(bytes(row.document.digest) + row.intake.opening_id.bytes).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(what[:8], "big", signed=True)])


def application_of_same_file(row: IntakeFile) -> Application | None:
    """Return the application that the same bytes have led to in the same opening, if they have."""
    if row.document is None:
        return None
    same = IntakeFile.objects.filter(document__digest=row.document.digest, intake__opening_id=row.intake.opening_id)
    found = same.exclude(pk=row.pk).filter(application__isnull=False).select_related("application").first()
    return found.application if found else None


def zone_of(opening: Opening) -> ZoneInfo:
    """Return the time zone of an opening's legal entity."""
    return ZoneInfo(opening.entity.zone)


def opening_labels(actor: Actor, opening_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what the openings among these are called whose candidates this actor may see."""
    rows = openings_with_candidates(actor).filter(pk__in=set(opening_ids))
    return {row.pk: row.label for row in rows.only("title", "title_en")}


def stage_labels(stage_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what stages are called."""
    rows = Stage.objects.filter(pk__in=set(stage_ids)).only("name", "name_en")
    return {row.pk: row.label for row in rows}


def reason_labels() -> dict[str, str]:
    """Return what the reasons for an end are called, by code."""
    return {row.code: row.label for row in ExitReason.objects.only("code", "name", "name_en")}


def reason_labels_by_id() -> dict[UUID, str]:
    """Return what the reasons for an end are called, by id."""
    return {row.pk: row.label for row in ExitReason.objects.only("name", "name_en")}


def notes_of_changes(application_ids: Iterable[UUID]) -> dict[tuple[UUID, datetime], str]:
    """Return what was noted with the changes of visible applications, by application and moment."""
    rows = StageChange.objects.filter(application_id__in=set(application_ids)).exclude(note="")
    return {(row.application_id, row.at): row.note for row in rows.only("application_id", "at", "note")}


def find_openings(actor: Actor, text: str, *, limit: int = 8) -> list[Opening]:
    """Return the openings with a part of this text in a title, whose candidates this actor may see; newest first."""
    rows = openings_with_candidates(actor).filter(Q(title__icontains=text) | Q(title_en__icontains=text))
    return list(rows.order_by("-created_at", "-id")[:limit])
