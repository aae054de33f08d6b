"""Openings and applications, for other programs."""

from datetime import datetime
from uuid import UUID

from ninja import File, Schema, Status
from ninja.files import UploadedFile

from zhiren.plumbing import clock
from zhiren.plumbing.api import ActorRequest, PermRouter
from zhiren.plumbing.paging import keyset_page
from zhiren.recruiting import intake, permissions, queries, services
from zhiren.recruiting.models import Application, Intake, IntakeFile, Opening, Stage

openings = PermRouter(tags=["openings"])
applications = PermRouter(tags=["applications"])
intakes = PermRouter(tags=["intakes"])


class StageOut(Schema):
    """A stage of an opening; `limit_hours` are business hours."""

    id: UUID
    kind: str
    name: str
    name_en: str
    limit_hours: int | None


class OpeningOut(Schema):
    """An opening."""

    id: UUID
    title: str
    title_en: str
    city: str
    headcount: int
    state: str
    published_at: datetime | None
    created_at: datetime


class OpeningWithStagesOut(OpeningOut):
    """An opening with its stages in order."""

    stages: list[StageOut]

    @staticmethod
    def resolve_stages(opening: Opening) -> list[Stage]:
        """Return the stages in order."""
        return queries.stages_of(opening)


class OpeningsOut(Schema):
    """Some openings, and the cursor for the next ones."""

    items: list[OpeningOut]
    next: str


class ApplicationOut(Schema):
    """One person for one opening; give `version` back when you move it."""

    id: UUID
    person_id: UUID
    opening_id: UUID
    stage_id: UUID
    state: str
    source: str
    applied_at: datetime
    entered_stage_at: datetime
    due_at: datetime | None
    version: int


class ApplicationsOut(Schema):
    """Some applications, and the cursor for the next ones."""

    items: list[ApplicationOut]
    next: str


class MoveIn(Schema):
    """Where to, and which version you saw."""

    stage_id: UUID
    version: int
    note: str = ""


class IntakeFileOut(Schema):
    """A file of an upload: `state` is waiting, done, unreadable or settled; `problem` is a code for one unreadable."""

    id: UUID
    position: int
    state: str
    problem: str
    was_known: bool
    application_id: UUID | None


class IntakeOut(Schema):
    """An upload and how far it is: how many files there are, and how many are in which state.

    `state` is reading until no file waits, then done, or stopped where somebody stopped it.
    """

    id: UUID
    opening_id: UUID
    source: str
    started_at: datetime
    state: str
    total: int
    waiting: int
    done: int
    unreadable: int
    settled: int


class IntakeWithFilesOut(IntakeOut):
    """An upload with some of its files, and the cursor for the next ones."""

    files: list[IntakeFileOut]
    next: str


@openings.needing(permissions.VIEW_OPENINGS, "get", "", response=OpeningsOut)
def list_openings(request: ActorRequest, after: str = "", size: int = 50) -> dict[str, object]:
    """List the openings you may see, newest first. At most 200 at a time."""
    rows = queries.openings_visible_to(request.actor)
    page = keyset_page(rows, order=("-created_at", "-id"), after=after, size=max(1, min(size, 200)))
    return {"items": list(page.rows), "next": page.next_cursor}


@openings.needing(permissions.VIEW_OPENINGS, "get", "/{opening_id}", response=OpeningWithStagesOut)
def get_opening(request: ActorRequest, opening_id: UUID) -> Opening:
    """Show one opening with its stages."""
    return queries.get_opening(request.actor, opening_id)


@applications.needing(permissions.VIEW_CANDIDATES, "get", "", response=ApplicationsOut)
def list_applications(
    request: ActorRequest, opening_id: UUID | None = None, after: str = "", size: int = 50
) -> dict[str, object]:
    """List the applications you may see, newest first, of one opening if you name it. At most 200 at a time."""
    rows = queries.applications_visible_to(request.actor)
    if opening_id:
        rows = rows.filter(opening_id=opening_id)
    page = keyset_page(rows, order=("-applied_at", "-id"), after=after, size=max(1, min(size, 200)))
    return {"items": list(page.rows), "next": page.next_cursor}


@applications.needing(permissions.VIEW_CANDIDATES, "get", "/{application_id}", response=ApplicationOut)
def get_application(request: ActorRequest, application_id: UUID) -> Application:
    """Show one application."""
    return queries.get_application(request.actor, application_id)


@applications.needing(permissions.MOVE_CANDIDATES, "post", "/{application_id}/move", response=ApplicationOut)
def move_application(request: ActorRequest, application_id: UUID, move: MoveIn) -> Application:
    """Move an application to another stage; 409 when somebody else moved it since `version`."""
    return services.move_application(
        actor=request.actor,
        at=clock.now(),
        application_id=application_id,
        stage_id=move.stage_id,
        version=move.version,
        note=move.note,
    )


@openings.needing(permissions.ADD_CANDIDATES, "post", "/{opening_id}/resumes", response={202: IntakeOut})
def upload_resumes(
    request: ActorRequest,
    opening_id: UUID,
    files: File[list[UploadedFile]],
) -> Status[dict[str, object]]:
    """Take in résumés, one, many or a ZIP, as a form with the field `files`; they are read in the background.

    When this answers (202), every file is stored. Ask for the intake to see how far the reading is.
    """
    started = intake.start_intake(
        actor=request.actor,
        at=clock.now(),
        opening_id=opening_id,
        files=[(file.name or "", file) for file in files],
        source="api",
    )
    return Status(202, _as_out(started))


@intakes.needing(permissions.ADD_CANDIDATES, "get", "/{intake_id}", response=IntakeWithFilesOut)
def get_intake(request: ActorRequest, intake_id: UUID, after: str = "", size: int = 50) -> dict[str, object]:
    """Show how far an upload is, with its files in order. At most 200 at a time."""
    found = queries.get_intake(request.actor, intake_id)
    page = keyset_page(found.files.all(), order=("position",), after=after, size=max(1, min(size, 200)))
    return {**_as_out(found), "files": list(page.rows), "next": page.next_cursor}


@intakes.needing(permissions.ADD_CANDIDATES, "post", "/{intake_id}/stop", response=IntakeOut)
def stop_intake(request: ActorRequest, intake_id: UUID) -> dict[str, object]:
    """Stop the reading; what was not read yet stays kept."""
    intake.stop_intake(actor=request.actor, at=clock.now(), intake_id=intake_id)
    return _as_out(queries.get_intake(request.actor, intake_id))


@intakes.needing(permissions.ADD_CANDIDATES, "post", "/{intake_id}/resume", response=IntakeOut)
def resume_intake(request: ActorRequest, intake_id: UUID) -> dict[str, object]:
    """Let the reading of a stopped upload go on."""
    intake.resume_intake(actor=request.actor, at=clock.now(), intake_id=intake_id)
    return _as_out(queries.get_intake(request.actor, intake_id))


def _as_out(found: Intake) -> dict[str, object]:
    counts = queries.intake_counts(found)
    stopped = counts[IntakeFile.State.UNREADABLE] and queries.stopped_count(found)
    return {
        "id": found.pk,
        "opening_id": found.opening_id,
        "source": found.source,
        "started_at": found.started_at,
        "state": "reading" if counts[IntakeFile.State.WAITING] else "stopped" if stopped else "done",
        "total": sum(counts.values()),
        **counts,
    }
