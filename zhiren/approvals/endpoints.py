"""Requests, for other programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema

from zhiren.approvals import queries, services, words
from zhiren.approvals.models import Approver, Request
from zhiren.plumbing import clock
from zhiren.plumbing.api import ActorRequest, PermRouter
from zhiren.plumbing.paging import keyset_page
from zhiren.plumbing.routes import AnyUser

router = PermRouter(tags=["requests"])
_OWN = AnyUser("one's own requests, what one is asked, and what one may see of others'")


class FactOut(Schema):
    """One fact of a request, in the reader's language."""

    label: str
    text: str


class RequestOut(Schema):
    """A request in the reader's language. `digest` is the keyed hash of all that was frozen."""

    id: UUID
    kind: str
    subject_id: UUID
    title: str
    facts: list[FactOut]
    requester: str
    state: str
    submitted_at: datetime
    decided_at: datetime | None
    due_at: datetime | None
    cancels_id: UUID | None
    digest: str


class AnswerOut(Schema):
    """One who is asked; `answer` is empty until they have said "approved" or "declined"."""

    user_id: UUID
    name: str
    answer: str
    answered_at: datetime | None
    answered_by_id: UUID | None
    reason: str


class StepOut(Schema):
    """A step: whom it asks, and what they said. `people` would be asked if it is still ahead."""

    number: int
    title: str
    state: str
    due_at: datetime | None
    answers: list[AnswerOut]
    people: list[str]


class RequestWithStepsOut(RequestOut):
    """A request with its steps in order."""

    steps: list[StepOut]


class RequestsOut(Schema):
    """Some requests, and the cursor for the next ones; empty at the end."""

    items: list[RequestOut]
    next: str


class DecisionIn(Schema):
    """A yes, or a no with its reason."""

    approves: bool
    reason: str = ""


@router.needing(_OWN, "get", "", response=RequestsOut)
def list_requests(
    request: ActorRequest, which: Literal["mine", "waiting", "visible"] = "mine", after: str = "", size: int = 50
) -> dict[str, object]:
    """List requests, newest first, at most 200: your own, those that wait for you, or all that you may see."""
    at = clock.now()
    rows = {
        "mine": lambda: queries.my_requests(request.actor),
        "waiting": lambda: queries.waiting_for(request.actor, at),
        "visible": lambda: queries.requests_visible_to(request.actor, at),
    }[which]()
    page = keyset_page(rows, order=("-submitted_at", "-id"), after=after, size=max(1, min(size, 200)))
    return {"items": _told(page.rows), "next": page.next_cursor}


@router.needing(_OWN, "get", "/{request_id}", response=RequestWithStepsOut)
def get_request(request: ActorRequest, request_id: UUID) -> dict[str, Any]:
    """Show one request with who has to say yes, and what they said."""
    at = clock.now()
    return _with_steps(queries.get_request(request.actor, request_id, at), at)


@router.needing(_OWN, "post", "/{request_id}/decide", response=RequestWithStepsOut)
def decide_request(request: ActorRequest, request_id: UUID, decision: DecisionIn) -> dict[str, Any]:
    """Say yes or no to a request that waits for you."""
    at = clock.now()
    found = services.decide_request(
        actor=request.actor,
        at=at,
        request_id=request_id,
        approves=decision.approves,
        reason=decision.reason,
        door=Approver.Door.API,
    )
    return _with_steps(found, at)


def _told(rows: Sequence[Request]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.request.pk,
            "kind": one.request.kind,
            "subject_id": one.request.subject_id,
            "title": one.told.title,
            "facts": [{"label": line.label, "text": line.text} for line in one.told.lines],
            "requester": one.who,
            "state": one.request.state,
            "submitted_at": one.request.submitted_at,
            "decided_at": one.request.decided_at,
            "due_at": one.due_at,
            "cancels_id": one.request.cancels_id,
            "digest": bytes(one.request.digest).hex(),
        }
        for one in words.shown(rows, steps=queries.steps_now(rows))
    ]


def _with_steps(found: Request, at: datetime) -> dict[str, Any]:
    steps = [
        {
            "number": row.step.number,
            "title": row.title,
            "state": row.step.state,
            "due_at": row.step.due_at,
            "people": row.people,
            "answers": [
                {
                    "user_id": one.approver.user_id,
                    "name": one.name,
                    "answer": one.approver.answer,
                    "answered_at": one.approver.answered_at,
                    "answered_by_id": one.approver.answered_by_id,
                    "reason": one.reason,
                }
                for one in row.answers
            ],
        }
        for row in words.steps_shown(found, queries.steps_of(found), at)
    ]
    return {**_told([found])[0], "steps": steps}
