"""What is written to those who are asked, to who asked, and to who stands in: to each once."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from zhiren.access import queries as access
from zhiren.access.models import User
from zhiren.approvals import links, queries, words
from zhiren.approvals.models import Delegation, Request, Step
from zhiren.conversation import services as conversation
from zhiren.kernel.actors import Actor

_SENDER = Actor.system("approvals")


def values_for(request: Request, user: User, at: datetime) -> dict[str, str]:
    """Return what a letter about a request may say to a colleague, in their language.

    Whoever may answer it finds the link by which they do.
    """
    with override(user.language):
        told = words.description_of(request)
        values = {
            "request_title": told.title,
            "request_facts": "\n".join(f"- {line.label}: {line.text}" for line in told.lines if line.text),
            "requester_name": words.requester(request),
            "request_link": links.request_link(request.pk),
        }
    step = request.steps.filter(state=Step.State.ASKED).first()
    if step is not None and user.pk in queries.askable(request, at):
        values["approval_link"] = links.answer_link(user_id=user.pk, step_id=step.pk, at=at)
    return values


def write_to_approvers(*, request_id: UUID, at: datetime) -> None:
    """Write to everybody who may answer a request now; in each step everybody is told once."""
    request = queries.readable_request(request_id)
    step = request.steps.filter(state=Step.State.ASKED).first() if request else None
    if request is None or step is None:
        return
    asked = {row.user_id: row.user for row in queries.missing_answers(request).select_related("user")}
    for user in access.users_by_id(queries.askable(request, at)).values():
        values = values_for(request, user, at)
        if user.pk not in asked:
            with override(user.language):
                names = ", ".join(one.label for one in asked.values())
                values["why"] = _("You may answer in place of %(names)s.") % {"names": names}
        conversation.send_template(
            actor=_SENDER,
            at=at,
            template_key="approval_asked",
            to_user=user.pk,
            about_person=request.person_id,
            values=values,
            business_key=f"approval:{step.pk}:{user.pk}",
        )


def remind(*, at: datetime, step_id: UUID, template_key: str, why: Mapping[str, str], key: str) -> int:
    """Write again to those who may answer a step and have not, and say why (by language); return to how many.

    `key` says which reminder it is: the same is written once. Nobody is reminded of a step that is decided.
    """
    request = queries.readable_request_of_step(step_id)
    if request is None or not queries.missing_answers(request).filter(step=step_id).exists():
        return 0
    users = access.users_by_id(queries.askable(request, at))
    for user in users.values():
        conversation.send_template(
            actor=_SENDER,
            at=at,
            template_key=template_key,
            to_user=user.pk,
            about_person=request.person_id,
            values={**values_for(request, user, at), "why": why.get(user.language, "")},
            business_key=f"approval-reminder:{key}:{user.pk}",
        )
    return len(users)


def write_to_asker(*, request_id: UUID, at: datetime, by: UUID | None) -> None:
    """Write to who asked, who sent it for them and whom it concerns what became of it and why; not to who did it."""
    request = queries.readable_request(request_id)
    if request is None or request.is_pending:
        return
    receivers = {request.user_id, request.submitted_by_id, *request.parties} - {by, None}
    for user in access.users_by_id(one for one in receivers if one).values():
        values = values_for(request, user, at)
        with override(user.language):
            values |= {"decision": words.decision(request), "why": queries.reason_of_decision(request)}
        conversation.send_template(
            actor=_SENDER,
            at=at,
            template_key="approval_decided",
            to_user=user.pk,
            about_person=request.person_id,
            values=values,
            business_key=f"approval-decided:{request.pk}:{request.state}:{user.pk}",
        )


def write_to_delegate(*, delegation_id: UUID, at: datetime) -> None:
    """Write to a colleague that they decide for another for a while."""
    delegation = Delegation.objects.select_related("from_user", "to_user").filter(pk=delegation_id).first()
    if delegation is None or delegation.ends_at <= at:
        return
    to_user = delegation.to_user
    with override(to_user.language):
        span = _("%(begin)s to %(end)s") % {
            "begin": words.on_the_clock(delegation.starts_at, to_user.zone),
            "end": words.on_the_clock(delegation.ends_at, to_user.zone),
        }
        values = {"owner_name": delegation.from_user.label, "why": span, "request_link": links.waiting_link()}
    conversation.send_template(
        actor=_SENDER,
        at=at,
        template_key="approval_delegated",
        to_user=to_user.pk,
        values=values,
        business_key=f"approval-delegated:{delegation.pk}",
    )
