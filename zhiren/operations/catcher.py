"""Catch outgoing mail on this machine: an SMTP server that delivers everything into one Maildir.

`zhiren demo` starts it and hands its address to the other processes, so that nothing of a sandbox leaves the machine.
"""

import mailbox
import socket
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_HOST = "127.0.0.1"
_SENDER = "hr@yunshan.example"
_TRIES = 5
_MAX_BYTES = 10 * 1024 * 1024


class Catcher:
    """A mail server on a free port of this machine. A letter is on disk before its sender hears that it was taken."""

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._mailbox = mailbox.Maildir(folder, create=True)
        self._wanted = port
        self._controller: Controller | None = None

    @property
    def port(self) -> int:
        """The port it listens on, 0 while it does not run."""
        return self._controller.port if self._controller else 0

    def start(self) -> None:
        """Begin to listen; OSError when no port can be had."""
        for left in reversed(range(_TRIES)):
            controller = Controller(
                self,
                hostname=_HOST,
                port=self._wanted or _free_port(),
                data_size_limit=_MAX_BYTES,
                server_hostname="catcher",
            )
            try:
                controller.start()
            except OSError:  # somebody took the port in between
                if not left:
                    raise
            else:
                self._controller = controller
                return

    def stop(self) -> None:
        """Stop listening; what was caught stays."""
        if self._controller:
            self._controller.stop()
            self._controller = None

    def environment(self, *, sender: str = _SENDER) -> dict[str, str]:
        """Return the settings by which the other processes send their mail here."""
        return {
            "ZHIREN_SMTP_HOST": _HOST,
            "ZHIREN_SMTP_PORT": str(self.port),
            "ZHIREN_SMTP_TLS": "none",
            "ZHIREN_SMTP_USER": "",
            "ZHIREN_SMTP_PASSWORD": "",
            "ZHIREN_SMTP_SENDER": sender,
        }

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one letter, with the addresses it was really sent to."""
        del server, session
        content = envelope.content or b""
        data = content if isinstance(content, bytes) else content.encode()
        receivers = ", ".join(envelope.rcpt_tos).encode("ascii", "replace")
        self._mailbox.add(b"Delivered-To: " + receivers + b"\r\n" + data)
        return "250 Caught; nothing was sent"


def start_catcher(folder: Path, *, port: int = 0) -> Catcher:
    """Return a running catcher that keeps its mail in `folder`."""
    catcher = Catcher(folder, port=port)
    catcher.start()
    return catcher


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port
