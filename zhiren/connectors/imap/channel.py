"""Look into a mailbox by IMAP, and say exactly what is wrong where that cannot be done."""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError, MailboxStarttlsError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.utils import encode_folder

from zhiren.connectors.imap import tokens
from zhiren.connectors.imap.hosts import address_of
from zhiren.mailbox.channels import Box, Lying, Unavailable, postmen, token_offices

TIMEOUT_SECONDS = 30
_AT_ONCE = 500  # as many mails are asked about, or marked, in one command
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UID, _SIZE = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([ \d]\d)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"')
_FOR_NOW = re.compile(rb"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]", re.IGNORECASE)
# Some servers (163.com, 126.com) let nobody in who does not say what they are.
_WHO = '("name" "Zhiren" "version" "1" "vendor" "Zhiren")'


class ImapPostman:
    """Mailboxes that speak IMAP4rev1. TLS is never weaker than told, and certificates are checked."""

    @contextmanager
    def open(self, box: Box) -> Iterator["ImapSession"]:
        """Give an open folder; sign out at the end."""
        with _signed_in(box) as server, _explained():
            yield ImapSession(server, _select(server, box.folder))

    def folders(self, box: Box) -> list[str]:
        """Sign in, look whether the folder is there, and return the names of all."""
        with _signed_in(box) as server, _explained():
            names = sorted(
                folder.name
                for folder in server.folder.list()
                if not {"\\noselect", "\\nonexistent"} & {flag.casefold() for flag in folder.flags}
            )
            _select(server, box.folder)
            return names


class ImapSession:
    """An open folder."""

    def __init__(self, server: BaseMailBox, uid_validity: int) -> None:
        self._server = server
        self._client: Any = server.client
        self._uid_validity = uid_validity
        capabilities = self._client.capability()[1]
        self._can = set(b" ".join(line for line in capabilities if line).upper().split())

    @property
    def uid_validity(self) -> int:
        """The folder's UIDVALIDITY."""
        return self._uid_validity

    @property
    def can_wait(self) -> bool:
        """Tell whether the server offers IDLE."""
        return b"IDLE" in self._can

    def lying(self, *, after_uid: int, since: date) -> list[Lying]:
        """Return the mails with a higher UID that arrived on that day or later."""
        with _explained():
            day = f"{since.day:02d}-{_MONTHS[since.month - 1]}-{since.year}"
            found = self._ask("SEARCH", None, f"UID {after_uid + 1}:*", "SINCE", day, "UNDELETED")
            # "5:*" names the last mail also where it has a lower number than five
            uids = sorted({int(uid) for line in found if line for uid in line.split() if int(uid) > after_uid})
            mails: list[Lying] = []
            for start in range(0, len(uids), _AT_ONCE):
                some = uids[start : start + _AT_ONCE]
                mails += self._sizes(some)
            return sorted(mails, key=lambda mail: mail.uid)

    def _sizes(self, uids: Sequence[int]) -> Iterator[Lying]:
        wanted = set(uids)
        for item in self._ask("FETCH", _set(uids), "(UID RFC822.SIZE INTERNALDATE)"):
            line = item[0] if isinstance(item, tuple) else item
            uid, size = _UID.search(line or b""), _SIZE.search(line or b"")
            if uid and size and int(uid[1]) in wanted:
                wanted.discard(int(uid[1]))
                yield Lying(int(uid[1]), int(size[1]), _moment(line))

    def fetch(self, uid: int) -> bytes | None:
        """Return a whole mail. BODY.PEEK leaves it unread."""
        with _explained():
            for item in self._ask("FETCH", str(uid), "(UID BODY.PEEK[])"):
                if isinstance(item, tuple):
                    head = _UID.search(item[0])
                    if head is None or int(head[1]) == uid:
                        return bytes(item[1])
            return None

    def fetch_head(self, uid: int) -> bytes | None:
        """Return the first 64 KB of a mail's head."""
        with _explained():
            found = self._ask("FETCH", str(uid), "(UID BODY.PEEK[HEADER]<0.65536>)")
            return next((bytes(item[1]) for item in found if isinstance(item, tuple)), None)

    def mark_seen(self, uids: Sequence[int]) -> None:
        """Set the flag Seen."""
        with _explained():
            self._store(uids, r"(\Seen)")

    def move(self, uids: Sequence[int], *, folder: str) -> None:
        """Move mails, by MOVE where the server knows it; other mails that are marked as deleted stay there."""
        with _explained():
            if not uids:
                return
            if not self._server.folder.exists(folder):
                self._server.folder.create(folder)
            quoted = encode_folder(folder)
            for start in range(0, len(uids), _AT_ONCE):
                some = uids[start : start + _AT_ONCE]
                if b"MOVE" in self._can:
                    self._ask("MOVE", _set(some), quoted)
                    continue
                self._ask("COPY", _set(some), quoted)
                self._store(some, r"(\Seen \Deleted)")
                if b"UIDPLUS" in self._can:
                    self._ask("EXPUNGE", _set(some))

    def wait(self, seconds: float) -> bool:
        """Wait by IDLE, at most some seconds (29 minutes are the protocol's limit)."""
        with _explained():
            told = self._server.idle.wait(timeout=seconds)
            return any(b"EXISTS" in line or b"RECENT" in line for line in told)

    def _store(self, uids: Sequence[int], flags: str) -> None:
        for start in range(0, len(uids), _AT_ONCE):
            self._ask("STORE", _set(uids[start : start + _AT_ONCE]), "+FLAGS.SILENT", flags)

    def _ask(self, command: str, *arguments: Any) -> list[Any]:
        answer, data = self._client.uid(command, *arguments)
        if answer != "OK":
            raise Unavailable("refused")
        return [item for item in data if item is not None]


@contextmanager
def _signed_in(box: Box) -> Iterator[BaseMailBox]:
    with _explained():
        host = address_of(box.host, box.port, plain=box.tls == "none")
        server = _connected(box, host)
    try:
        with _explained():
            _sign_in(server, box)
            _introduce(server)
        yield server
    finally:
        # the server may be gone; nothing depends on its goodbye
        with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
            server.client.sock.settimeout(2)
            server.client.logout()
        with suppress(OSError):
            server.client.shutdown()


def _connected(box: Box, host: str) -> BaseMailBox:
    if box.tls == "tls":
        return MailBox(host, box.port, timeout=TIMEOUT_SECONDS, ssl_context=ssl.create_default_context())
    if box.tls == "starttls":
        return MailBoxStartTls(host, box.port, timeout=TIMEOUT_SECONDS, ssl_context=ssl.create_default_context())
    return MailBoxUnencrypted(host, box.port, timeout=TIMEOUT_SECONDS)


def _sign_in(server: BaseMailBox, box: Box) -> None:
    if box.is_token:
        _show_token(server, box)
        return
    if box.user.isascii() and box.password.isascii():
        server.login(box.user, box.password, initial_folder=None)
        return
    try:
        server.login_utf8(box.user, box.password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise Unavailable("sign_in", lasting=True) from error


def _show_token(server: BaseMailBox, box: Box) -> None:
    """Sign in with an access token (SASL XOAUTH2)."""
    said = [f"user={box.user}\1auth=Bearer {box.password}\1\1".encode()]
    client: Any = server.client
    try:
        # the server explains a refusal first, in a challenge that is answered by nothing
        client.authenticate("XOAUTH2", lambda _challenge: said.pop() if said else b"")
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        if _FOR_NOW.search(str(error).encode()):
            raise Unavailable("busy") from error
        raise Unavailable("token_refused", lasting=True) from error


def _introduce(server: BaseMailBox) -> None:
    client: Any = server.client
    if b"ID" in b" ".join(line for line in client.capability()[1] if line).upper().split():
        client.xatom("ID", _WHO)


def _select(server: BaseMailBox, folder: str) -> int:
    """Open a folder and return its UIDVALIDITY."""
    server.folder.set(folder)
    client: Any = server.client
    told = client.untagged_responses.get("UIDVALIDITY") or [None]
    if told[0] is None:
        raise Unavailable("not_imap", lasting=True)
    return int(told[0])


@contextmanager
def _explained() -> Iterator[None]:
    """Turn whatever the other side or the network does into the port's refusal."""
    try:
        yield
    except MailboxLoginError as error:
        if _FOR_NOW.search(_said(error)):
            raise Unavailable("busy") from error
        raise Unavailable("sign_in", lasting=True) from error
    except MailboxFolderSelectError as error:
        raise Unavailable("no_folder", lasting=True) from error
    except MailboxStarttlsError as error:
        raise Unavailable("no_encryption", lasting=True) from error
    except ssl.SSLCertVerificationError as error:
        raise Unavailable("certificate", lasting=True) from error
    except ssl.SSLError as error:
        raise Unavailable("no_encryption", lasting=True) from error
    except socket.gaierror as error:
        raise Unavailable("unknown_host") from error
    except OSError as error:
        raise Unavailable("unreachable") from error
    except imaplib.IMAP4.abort as error:
        raise Unavailable("broken_off") from error
    except imaplib.IMAP4.error as error:
        raise Unavailable("not_imap") from error
    except ImapToolsError as error:
        raise Unavailable("refused") from error


def _said(error: Any) -> bytes:
    return b" ".join(part for part in error.command_result[1] if isinstance(part, bytes))


def _set(uids: Sequence[int]) -> str:
    return ",".join(str(uid) for uid in uids)


def _moment(line: bytes) -> datetime:
    """Return when the server received a mail, in UTC; the beginning of time where it does not say.

    >>> _moment(b'1 (UID 1 INTERNALDATE " 2-Nov-2026 10:00:00 +0800")').isoformat()
    '2026-11-02T02:00:00+00:00'
    """
    told = _DATE.search(line)
    if told is None or told[2].decode().title() not in _MONTHS:
        return datetime(1970, 1, 1, tzinfo=UTC)
    month = _MONTHS.index(told[2].decode().title()) + 1
    offset = timedelta(hours=int(told[8]), minutes=int(told[9])) * (1 if told[7] == b"+" else -1)
    day, year, hour, minute, second = (int(told[number]) for number in (1, 3, 4, 5, 6))
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC) - offset


postmen.add("imap", ImapPostman())
token_offices.add("imap", tokens.OAuthOffice())
