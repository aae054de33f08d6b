"""The codes that a kiosk shows: signed, each for a few seconds, naming the kiosk."""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from zhiren.attendance.errors import CodeStale
from zhiren.kernel.refusals import NotFound
from zhiren.plumbing import crypto

SLOT_S = 20
# From when it is first shown; so one that was photographed is soon worth nothing.
FRESH_S = 60
_SLOT_BYTES, _PROOF_BYTES, _ID_BYTES = 5, 16, 16


def slot_of(at: datetime) -> int:
    """Return the number of the stretch of time in which one code is shown."""
    return int(at.timestamp()) // SLOT_S


def code_for(kiosk_id: UUID, at: datetime) -> str:
    """Return the code that a kiosk shows at a moment."""
    body = kiosk_id.bytes + slot_of(at).to_bytes(_SLOT_BYTES)
    return base64.urlsafe_b64encode(body + _proof(body)).rstrip(b"=").decode()


def read_code(code: str, at: datetime) -> tuple[UUID, int]:
    """Return which kiosk shows a code, and in which slot.

    Raises:
        NotFound: we never made it.
        CodeStale: it is not shown any more.
    """
    try:
        data = base64.b64decode(code.encode() + b"=" * (-len(code) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotFound from error
    body, proof = data[:-_PROOF_BYTES], data[-_PROOF_BYTES:]
    if len(body) != _ID_BYTES + _SLOT_BYTES or not hmac.compare_digest(proof, _proof(body)):
        raise NotFound
    slot = int.from_bytes(body[_ID_BYTES:])
    if not 0 <= at.timestamp() - slot * SLOT_S < FRESH_S:
        raise CodeStale
    return UUID(bytes=body[:_ID_BYTES]), slot


def _proof(body: bytes) -> bytes:
    return hmac.new(crypto.key_for("kiosk-code"), body, hashlib.sha256).digest()[:_PROOF_BYTES]
