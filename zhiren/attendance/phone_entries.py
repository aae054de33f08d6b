"""What a phone signs when somebody punches without a network: read, and its signature checked."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from django.core import signing

from zhiren.attendance.errors import EntryUnreadable, KeyUnusable, SignatureWrong
from zhiren.attendance.phone_rules import Told

_SALT = "attendance.phone"
_SIGNATURE_BYTES = 64  # r and s of P-256, as browsers give them
_MOST_TEXT = 2000
_MOST_MS = 4_102_444_800_000  # the year 2100
_MOST_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class Signed:
    """An entry as it was sent: the very text that was signed, and the signature in base64."""

    payload: str
    signature: str


@dataclass(frozen=True)
class Spot:
    """Where a phone says it was."""

    latitude: float
    longitude: float
    accuracy_m: float


@dataclass(frozen=True)
class Entry:
    """One punch without a network, as it was signed."""

    id: UUID
    key_id: UUID
    sequence: int
    told: Told
    spot: Spot | None


def stamp_for(*, user_id: UUID, at: datetime) -> str:
    """Return the server's word for what time it is, for one user; a phone hands it back with what it signs."""
    return signing.Signer(salt=_SALT).sign_object([str(user_id), milliseconds(at)])


def milliseconds(at: datetime) -> int:
    """Return a moment as browsers count."""
    return round(at.timestamp() * 1000)


def read_key(text: Any) -> bytes:
    """Return a public key in the form in which it is kept (DER).

    Raises:
        KeyUnusable: it is no key of the one kind that is used, ECDSA over P-256.
    """
    data = _bytes(text, most=200)
    try:
        key = serialization.load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyUnusable from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KeyUnusable
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def check(signed: Signed, public_key: bytes) -> None:
    """Make sure that an entry is as it was signed with a key.

    Raises:
        SignatureWrong: it was changed, or signed with another key.
    """
    data = _bytes(signed.signature, most=200)
    key = serialization.load_der_public_key(public_key)
    if len(data) != _SIGNATURE_BYTES or not isinstance(key, ec.EllipticCurvePublicKey):
        raise SignatureWrong
    half = _SIGNATURE_BYTES // 2
    der = utils.encode_dss_signature(int.from_bytes(data[:half]), int.from_bytes(data[half:]))
    try:
        key.verify(der, signed.payload.encode(errors="surrogatepass"), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise SignatureWrong from error


def read_entry(payload: str, *, user_id: UUID) -> Entry:
    """Return what an entry says, whose signature was checked.

    Raises:
        EntryUnreadable: it does not say what it must.
        SignatureWrong: its stamp is none of ours, or was for somebody else.
    """
    if len(payload) > _MOST_TEXT:
        raise EntryUnreadable
    try:
        given = json.loads(payload)
        elapsed = given["elapsed"]
        return Entry(
            id=UUID(given["id"]),
            key_id=UUID(given["key"]),
            sequence=int(_number(given["seq"], 1, _MOST_NUMBER)),
            told=Told(
                stamped_at=_stamped_at(given["stamp"], user_id),
                met=_moment(given["met"]),
                made=_moment(given["made"]),
                elapsed=None if elapsed is None else timedelta(milliseconds=_number(elapsed, 0, _MOST_MS)),
            ),
            spot=_spot(given["place"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise EntryUnreadable from error


def _stamped_at(stamp: Any, user_id: UUID) -> datetime:
    try:
        whose, told = signing.Signer(salt=_SALT).unsign_object(stamp)
    except (signing.BadSignature, ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise SignatureWrong from error
    if whose != str(user_id):
        raise SignatureWrong
    return _moment(told)


def _spot(given: Any) -> Spot | None:
    if given is None:
        return None
    return Spot(_number(given["lat"], -90, 90), _number(given["lon"], -180, 180), _number(given["acc"], 0, 1e9))


def _moment(given: Any) -> datetime:
    return datetime.fromtimestamp(_number(given, 0, _MOST_MS) / 1000, tz=UTC)


def _number(given: Any, least: float, most: float) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise TypeError
    if not least <= given <= most:  # so is what is no number (NaN)
        raise ValueError
    return given


def _bytes(text: Any, *, most: int) -> bytes:
    try:
        if not isinstance(text, str) or len(text) > most:
            raise EntryUnreadable
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise EntryUnreadable from error
