"""Links that only their owner has. Each is proof of itself: nothing is stored for them."""

import base64
import binascii
import hmac
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from zhiren.kernel.refusals import NotFound
from zhiren.plumbing import crypto

_MAC_BYTES = 16


def token_for(application_id: UUID) -> str:
    """Return the token of a candidate's page: always the same for one application, and 128 bits nobody can guess."""
    proof = crypto.mac("candidate-link", application_id.bytes)[:_MAC_BYTES]
    return base64.urlsafe_b64encode(application_id.bytes + proof).decode().rstrip("=")


def read_token(token: str) -> UUID:
    """Return the application a token opens; NotFound for every other text, in the same time."""
    try:
        application_id = UUID(bytes=base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[:16])
    except (ValueError, binascii.Error) as error:
        raise NotFound from error
    if not hmac.compare_digest(token.encode(), token_for(application_id).encode()):
        raise NotFound
    return application_id


def status_link(application_id: UUID) -> str:
    """Return the whole address of a candidate's page, for mail."""
    return settings.PUBLIC_URL + reverse("careers:status", args=[token_for(application_id)])


def sent_token(application_id: UUID, *, shows_link: bool) -> str:
    """Return the token of the page that says thank you."""
    return _sign("careers.sent", [str(application_id), shows_link])


def read_sent_token(token: str) -> tuple[UUID, bool]:
    """Return the application that was sent and whether its link may be shown; NotFound for what we did not sign."""
    application_id, shows_link = _read("careers.sent", token)
    return UUID(application_id), bool(shows_link)


def upload_token(upload_id: UUID) -> str:
    """Return what a form carries for a file that was read already."""
    return _sign("careers.upload", str(upload_id))


def read_upload_token(token: str) -> UUID:
    """Return the upload a form carries; NotFound for what we did not sign."""
    return UUID(_read("careers.upload", token))


def opened_token(at: datetime) -> str:
    """Return what a form carries to say when it was opened."""
    return _sign("careers.opened", int(at.timestamp()))


def read_opened_token(token: str) -> datetime:
    """Return when a form was opened; NotFound for what we did not sign."""
    return datetime.fromtimestamp(_read("careers.opened", token), tz=UTC)


def _sign(salt: str, value: Any) -> str:
    return signing.Signer(salt=salt).sign_object(value)


def _read(salt: str, token: str) -> Any:
    try:
        return signing.Signer(salt=salt).unsign_object(token)
    except (signing.BadSignature, ValueError, binascii.Error) as error:
        raise NotFound from error
