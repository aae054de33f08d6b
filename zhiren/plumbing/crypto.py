"""Keys and sealed cells: AES-256-GCM, a master key outside the database, a data key per person.

The master key is read from the environment (`ZHIREN_MASTER_KEY`, base64) or from a file (`ZHIREN_MASTER_KEY_FILE`,
default `keys/master.key` in the data folder, made on first start, readable by its owner only). It wraps data keys and
brings forth the other keys of the system (HKDF-SHA256, one per purpose); it never encrypts a cell itself.
"""

import base64
import functools
import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zhiren.plumbing import postgres

KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"\x01"


class KeyUnusable(RuntimeError):
    """The master key is missing, malformed or open to others; the message says what to do."""


class Tampered(ValueError):
    """A sealed value was changed, moved to another cell, or sealed with another key."""


@functools.cache
def _master() -> bytes:
    given = os.environ.get("ZHIREN_MASTER_KEY")
    if given:
        return _decoded(given, "ZHIREN_MASTER_KEY")
    path = Path(os.environ.get("ZHIREN_MASTER_KEY_FILE") or postgres.data_folder() / "keys" / "master.key")
    if not path.exists():
        _make(path)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyUnusable(f"The master key {path} can be read by others. Run: chmod 600 {path}")
    return _decoded(path.read_text(), str(path))


def _decoded(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyUnusable(f"{where} must hold {KEY_BYTES} bytes in base64.")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(draft, path)  # never over a key that another process made meanwhile
    except FileExistsError:
        pass
    finally:
        draft.unlink()


@functools.cache
def key_for(purpose: str) -> bytes:
    """Return the system's 32-byte key for one purpose, such as "blind-index"."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=f"zhiren|{purpose}".encode()).derive(
        _master()
    )


def new_key() -> bytes:
    """Return a fresh 256-bit data key."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, plain: bytes, *, bound_to: str) -> bytes:
    """Encrypt; `bound_to` ("table|column|row id") must be given again to open, so a sealed cell cannot be moved."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, b"v1|" + bound_to.encode())


def unseal(key: bytes, sealed: bytes | memoryview, *, bound_to: str) -> bytes:
    """Decrypt what `seal` made; Tampered if it is not that, or not in its place."""
    sealed = bytes(sealed)
    if sealed[:1] != _VERSION:
        raise Tampered("unknown format of a sealed value")
    nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, rest, b"v1|" + bound_to.encode())
    except InvalidTag as error:
        raise Tampered(f"a sealed value does not belong to {bound_to}") from error


def wrap(key: bytes, *, bound_to: str) -> bytes:
    """Seal a data key with the master's wrapping key."""
    return seal(key_for("wrap"), key, bound_to=bound_to)


def unwrap(wrapped: bytes | memoryview, *, bound_to: str) -> bytes:
    """Open a data key that `wrap` sealed."""
    return unseal(key_for("wrap"), wrapped, bound_to=bound_to)


def blind_index(kind: str, normalised: str) -> bytes:
    """Return 16 bytes that are equal for equal values of a kind and tell nothing without the key."""
    return hmac.digest(key_for("blind-index"), f"{kind}|{normalised}".encode(), "sha256")[:16]


def mac(purpose: str, data: bytes) -> bytes:
    """Return the 32-byte HMAC-SHA256 of `data` under the system's key for `purpose`."""
    return hmac.digest(key_for(purpose), data, "sha256")


def token_digest(token: str) -> str:
    """Return what is stored of a random token (>= 128 bits): its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()
