"""Every read of the public pages: what anybody may see, and what a candidate sees by their own link."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet

from zhiren.careers import rules
from zhiren.careers.models import Upload
from zhiren.conversation import queries as conversation
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.org import queries as org
from zhiren.people import queries as people
from zhiren.plumbing import crypto
from zhiren.plumbing.paging import Page, keyset_page
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting import rules as recruiting_rules
from zhiren.resumes import Resume

if TYPE_CHECKING:
    from zhiren.conversation.models import Promise
    from zhiren.org.models import Company
    from zhiren.people.models import Consent
    from zhiren.recruiting.models import Application, ExitReason, Opening

_WE = Actor.system("careers")
_PAGE = 30
_SITEMAP = 50_000


@dataclass(frozen=True)
class FrontPage:
    """The company, its open jobs, and the cities they are in."""

    company: "Company"
    page: "Page[Opening]"
    cities: list[str]


def front_page(*, city: str = "", after: str = "") -> FrontPage:
    """Return the published openings, newest first, of one city if it is named; page by `after`."""
    openings = recruiting.published_openings()
    cities = openings.exclude(city="").order_by("city").values_list("city", flat=True).distinct()
    page = keyset_page(
        openings.filter(city=city) if city else openings, order=["-published_at", "-id"], after=after, size=_PAGE
    )
    return FrontPage(org.company(), page, list(cities))


def company() -> "Company":
    """Return the company."""
    return org.company()


def zone_of(opening: "Opening") -> str:
    """Return the name of the time zone in which an opening's work is done."""
    return (opening.branch or opening.entity).zone


def published_opening(slug: str) -> "Opening":
    """Return a published opening; one that is not published looks like one that does not exist."""
    found = recruiting.published_openings().filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found


def sitemap() -> "QuerySet[Opening]":
    """Return every published opening, as many as one sitemap may name."""
    return recruiting.published_openings()[:_SITEMAP]


def _cell(upload: Upload) -> dict[str, Any]:
    return {"key": crypto.key_for("careers-uploads"), "bound_to": f"careers_upload|read_sealed|{upload.pk}"}


def seal_reading(upload: Upload, resume: Resume) -> bytes:
    """Return what was read from an upload, sealed for its row."""
    return crypto.seal(plain=json.dumps(resume.to_json()).encode(), **_cell(upload))


def reading_of(upload: Upload) -> Resume | None:
    """Return what was read from an upload; None where nothing could be read."""
    if upload.read_sealed is None:
        return None
    return Resume.from_json(json.loads(crypto.unseal(sealed=upload.read_sealed, **_cell(upload))))


def lock_upload(upload_id: UUID) -> Upload | None:
    """Return an upload, locked; None once its application was sent, or after a day."""
    return Upload.objects.select_for_update().filter(pk=upload_id).first()


def uploaded_name(upload_id: UUID) -> str | None:
    """Return the name of a file that waits for its application; None when it does not wait any more."""
    upload = Upload.objects.select_related("document").filter(pk=upload_id).first()
    return people.document_name(upload.document) if upload else None


def was_withdrawn(application: "Application") -> bool:
    """Tell whether an application ended because the candidate wanted it to."""
    reason = application.exit_reason
    return reason is not None and reason.side == reason.Side.THEY


def candidates_application(application_id: UUID) -> "Application":
    """Return the application a candidate's link opens; NotFound when their data was erased.

    The link of one that ended because they had applied twice opens the one that goes on.
    """
    application = recruiting.application_by_id(application_id)
    if application.exit_reason and application.exit_reason.code == recruiting_rules.DUPLICATE:
        other = recruiting.application_for(application.person_id, application.opening)
        if other is not None and other.state == other.State.ACTIVE:
            application = recruiting.application_by_id(other.pk)
    if application.person.erased_at:
        raise NotFound
    return application


def active_applications_of(person_id: UUID) -> list[UUID]:
    """Return the ids of all that a person is a candidate for now."""
    rows = recruiting.applications_of(_WE, person_id).filter(state="active")
    return list(rows.values_list("pk", flat=True))


def withdrawal_reason() -> "ExitReason":
    """Return the reason given to an application that its candidate ends by their link."""
    reason = recruiting.exit_reasons().filter(code="withdrew").first()
    if reason is None:
        raise NotFound
    return reason


@dataclass(frozen=True)
class Status:
    """What a candidate sees of an application.

    `due_at` is the moment by which they hear from us: a date they were told (`promised`), else the stage's norm.
    """

    application: "Application"
    steps: list[rules.Step]
    promised: "Promise | None"
    due_at: datetime | None
    is_late: bool
    zone: str
    withdrawn: bool
    consents: "Sequence[Consent]"
    contacts: Sequence[people.MaskedContact]
    messages: "Sequence[conversation.Said]"


def status(*, application_id: UUID, at: datetime) -> Status:
    """Return where a candidate stands at `at`."""
    application = candidates_application(application_id)
    opening = application.opening
    is_active = application.state == application.State.ACTIVE
    promised = _promised(application) if is_active else None
    due_at = promised.due_at if promised else application.due_at if is_active else None
    return Status(
        application=application,
        steps=rules.steps([stage.kind for stage in recruiting.stages_of(opening)], current=application.stage.kind),
        promised=promised,
        due_at=due_at,
        is_late=due_at is not None and due_at < at,
        zone=zone_of(opening),
        withdrawn=was_withdrawn(application),
        consents=list(people.valid_consents(application.person).order_by("given_at")),
        contacts=people.masked_contacts(application.person),
        messages=conversation.said_to_candidate(application_id),
    )


def _promised(application: "Application") -> "Promise | None":
    """Return what the candidate waits for: the nearest date to come, else the last one if it was not kept yet."""
    to_come = conversation.open_promises(application.pk).first()
    if to_come:
        return to_come
    rows = conversation.promises_of(_WE, application.person_id).filter(application_id=application.pk)
    last = rows.order_by("-due_at").first()
    return last if last and last.kept_at is None else None
