"""Links in mail by which one who is asked answers. Each is proof of itself, for one user, one step and a while.

A link works once because an answer is given once: whoever has answered, or comes too late, is told so.
"""

import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from zhiren.approvals.errors import LinkUnusable

LINK_LIFE = timedelta(days=7)
_SALT = "approvals.answer"


@dataclass(frozen=True)
class Answering:
    """Whom a link was sent to, and about which step."""

    user_id: UUID
    step_id: UUID


def answer_link(*, user_id: UUID, step_id: UUID, at: datetime) -> str:
    """Return the whole address of the page on which a user answers, for mail."""
    return settings.PUBLIC_URL + reverse("approvals:by_mail", args=[token_for(user_id=user_id, step_id=step_id, at=at)])


def token_for(*, user_id: UUID, step_id: UUID, at: datetime) -> str:
    """Return the token of that page."""
    until = int((at + LINK_LIFE).timestamp())
    return signing.Signer(salt=_SALT).sign_object([str(user_id), str(step_id), until])


def read_token(token: str, *, at: datetime) -> Answering:
    """Return what a token is for; LinkUnusable when we did not sign it or its time is over."""
    try:
        user_id, step_id, until = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, binascii.Error) as error:
        raise LinkUnusable from error
    if datetime.fromtimestamp(until, tz=UTC) < at:
        raise LinkUnusable
    return Answering(UUID(user_id), UUID(step_id))


def request_link(request_id: UUID) -> str:
    """Return the whole address of a request's page, for mail."""
    return settings.PUBLIC_URL + reverse("approvals:request", args=[request_id])


def waiting_link() -> str:
    """Return the whole address of the list of what waits for the reader, for mail."""
    return settings.PUBLIC_URL + reverse("approvals:waiting")
