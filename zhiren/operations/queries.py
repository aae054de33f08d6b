"""Read the mail that the sandbox caught: made-up words to made-up people, in a Maildir on this machine."""

import codecs
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, Message
from email.parser import BytesParser
from pathlib import Path

from django.conf import settings

from zhiren.kernel.actors import Actor
from zhiren.operations.errors import NoSuchMail

PAGE_SIZE = 50
_KEY = re.compile(r"[A-Za-z0-9._=,-]{1,200}")
_TIME = re.compile(r"(\d+)\.M(\d+)")
_PARTS = ("new", "cur")
_SHOWN = ("From", "To", "Reply-To", "Date", "Subject", "Message-ID", "In-Reply-To", "Auto-Submitted", "Delivered-To")


@dataclass(frozen=True)
class CaughtMail:
    """A caught mail in the list."""

    key: str
    subject: str
    sender: str
    receiver: str
    at: datetime | None


@dataclass(frozen=True)
class OpenedMail:
    """A caught mail in full. `has_html` tells whether there is an HTML part to look at."""

    mail: CaughtMail
    text: str
    has_html: bool
    headers: list[tuple[str, str]]


def caught_mail(actor: Actor, *, after: str = "") -> tuple[list[CaughtMail], str]:
    """Return the newest caught mail, a page at a time, and the cursor of the next page (empty at the end)."""
    folder = _folder(actor)
    keys = sorted(_keys(folder), key=_when, reverse=True)
    later = [key for key in keys if not after or _when(key) < _when(after)]
    page = later[:PAGE_SIZE]
    found = [_listed(key, _parsed(_path(folder, key), headers_only=True)) for key in page]
    return found, page[-1] if len(later) > PAGE_SIZE else ""


def count_caught_mail(actor: Actor) -> int:
    """Return how many mails were caught."""
    return sum(1 for _ in _keys(_folder(actor)))


def open_caught_mail(actor: Actor, key: str) -> OpenedMail:
    """Return one caught mail; NoSuchMail if there is none."""
    mail = _read(actor, key)
    text = mail.get_body(("plain",))
    headers = [(name, str(mail[name])) for name in _SHOWN if mail[name]]
    return OpenedMail(
        mail=_listed(key, mail),
        text=_content(text).replace("\r\n", "\n").strip() if text else "",
        has_html=mail.get_body(("html",)) is not None,
        headers=headers,
    )


def caught_html(actor: Actor, key: str) -> str:
    """Return the HTML part of a caught mail; NoSuchMail if there is none."""
    part = _read(actor, key).get_body(("html",))
    if part is None:
        raise NoSuchMail
    return _content(part)


def _folder(actor: Actor) -> Path:
    """Return the Maildir, in a sandbox and to whoever is signed in."""
    if not settings.SANDBOX or actor.user_id is None:
        raise NoSuchMail
    return Path(settings.CAUGHT_MAIL_DIR)


def _keys(folder: Path) -> Iterator[str]:
    for part in _PARTS:
        place = folder / part
        if place.is_dir():
            yield from (path.name for path in place.iterdir() if _KEY.fullmatch(path.name))


def _when(key: str) -> tuple[int, int, str]:
    """Return what puts the keys in the order in which the mail came: seconds and microseconds stand in the name."""
    match = _TIME.match(key)
    return (int(match[1]), int(match[2]), key) if match else (0, 0, key)


def _path(folder: Path, key: str) -> Path:
    if _KEY.fullmatch(key):
        for part in _PARTS:
            path = folder / part / key
            if path.is_file():
                return path
    raise NoSuchMail


def _read(actor: Actor, key: str) -> EmailMessage:
    return _parsed(_path(_folder(actor), key))


def _parsed(path: Path, *, headers_only: bool = False) -> EmailMessage:
    with path.open("rb") as stream:
        return BytesParser(EmailMessage, policy=email.policy.default).parse(stream, headersonly=headers_only)


def _listed(key: str, mail: EmailMessage) -> CaughtMail:
    at = getattr(mail["Date"], "datetime", None)
    return CaughtMail(
        key=key,
        subject=str(mail["Subject"] or ""),
        sender=str(mail["From"] or ""),
        receiver=str(mail["To"] or ""),
        at=at if at and at.tzinfo else None,
    )


def _content(part: Message) -> str:
    """Return the words of a part, whatever it claims about its letters."""
    data = part.get_payload(decode=True)
    charset = part.get_content_charset() or "utf-8"
    try:
        codecs.lookup(charset)
    except LookupError:
        charset = "utf-8"
    return data.decode(charset, "replace") if isinstance(data, bytes) else ""
