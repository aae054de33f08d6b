"""Hand letters to an SMTP server, and know exactly how far that went."""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings

from zhiren.connectors.smtp.letters import as_mail, bare_address
from zhiren.conversation.channels import Letter, Refused, Uncertain, carriers

_LINE_END = re.compile(rb"\r?\n|\r")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_START_MAIL = 354
_DONE = 250
_PERMANENT = 500


class SmtpChannel:
    """Mail through the server in `settings.SMTP`: one connection for each letter."""

    def is_ready(self) -> bool:
        """Tell whether a server and a sender are set."""
        given = _given()
        return bool(given["host"] and bare_address(given["sender"]))

    def host(self) -> str:
        """Return the sender's domain."""
        return bare_address(_given()["sender"]).rpartition("@")[2]

    def send(self, letter: Letter) -> None:
        """Hand a letter over; return once the server has taken it.

        Until the server has asked for the letter's content, a broken connection means that it was not taken. From then
        until its answer nobody knows.
        """
        given = _given()
        data = as_mail(letter, sender=given["sender"])
        with _connection(given) as server:
            _ask(lambda: server.mail(bare_address(given["sender"])), "sender_refused")
            _ask(lambda: server.rcpt(letter.to_address), "mailbox_refused")
            _ask(lambda: server.docmd("DATA"), "content_refused", wanted=_START_MAIL)
            try:
                server.send(_LEADING_DOT.sub(b"..", _LINE_END.sub(b"\r\n", data)).rstrip(b"\r\n") + b"\r\n.\r\n")
                code, reply = server.getreply()
            except (OSError, smtplib.SMTPException) as error:
                raise Uncertain from error
            _judge(code, reply, "content_refused")


def _given() -> dict[str, Any]:
    found: dict[str, Any] = settings.SMTP
    return found


@contextmanager
def _connection(given: dict[str, Any]) -> Iterator[smtplib.SMTP]:
    """Give a connection that is greeted, encrypted as told, and signed in."""
    server: smtplib.SMTP | None = None
    try:
        if given["tls"] == "tls":
            server = smtplib.SMTP_SSL(
                given["host"], given["port"], timeout=given["timeout"], context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(given["host"], given["port"], timeout=given["timeout"])
        server.ehlo_or_helo_if_needed()
        if given["tls"] == "starttls":
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if given["user"]:
            server.login(given["user"], given["password"])
    except smtplib.SMTPAuthenticationError as error:
        _close(server)
        raise Refused("sign_in", permanent=False, detail=_words(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPNotSupportedError as error:
        _close(server)
        raise Refused("no_encryption" if given["tls"] == "starttls" else "sign_in", permanent=False) from error
    except smtplib.SMTPResponseException as error:
        _close(server)
        raise Refused("busy", permanent=False, detail=_words(error.smtp_code, error.smtp_error)) from error
    except (OSError, smtplib.SMTPException) as error:
        _close(server)
        raise Refused("unreachable", permanent=False) from error
    try:
        yield server
    finally:
        _close(server)


def _close(server: smtplib.SMTP | None) -> None:
    """Say goodbye if anybody still listens: nothing depends on it any more."""
    if server is not None:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _ask(step: Callable[[], tuple[int, bytes]], problem: str, *, wanted: int = _DONE) -> None:
    """Take one step of the dialogue; the letter was certainly not taken if it fails."""
    try:
        code, reply = step()
    except (OSError, smtplib.SMTPException) as error:
        raise Refused("unreachable", permanent=False) from error
    except UnicodeEncodeError as error:
        raise Refused("bad_address", permanent=True) from error
    _judge(code, reply, problem, wanted=wanted)


def _judge(code: int, reply: bytes, problem: str, *, wanted: int = _DONE) -> None:
    if code == wanted or (wanted == _DONE and code in {251, 252}):
        return
    permanent = code >= _PERMANENT
    raise Refused(problem if permanent else "busy", permanent=permanent, detail=_words(code, reply))


def _words(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {text}"


carriers.add("smtp", SmtpChannel())
