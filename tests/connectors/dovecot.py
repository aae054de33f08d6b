"""A real IMAP server (Dovecot) as a plain process on a free port of this machine, with a configuration of its own."""

from __future__ import annotations

import getpass
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from zhiren.mailbox.channels import Box

PROGRAM = shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
WHY_NOT = "" if PROGRAM else "Dovecot is not installed (Debian: apt install dovecot-imapd)"
PASSWORD = "correct-horse-battery"
USERS = ("jobs", "hr")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


class Dovecot:
    """A server with the users `USERS`, reached without encryption (it listens on this machine only) or by TLS.

    With `tokeninfo`, an address that tells whose an access token is, it lets in by tokens too.
    """

    def __init__(self, folder: Path, tokeninfo: str = "") -> None:
        self.folder, self.tokeninfo = folder, tokeninfo
        self.port, self.tls_port = _free_port(), _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._configure()

    def _configure(self) -> None:
        root = os.geteuid() == 0
        owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
        mail = self.folder / "mail"
        mail.mkdir()
        os.chmod(self.folder, 0o755)  # noqa: S103 - the server's own users must reach the mail
        os.chown(mail, owner.pw_uid, owner.pw_gid)
        passwords = self.folder / "passwords"
        passwords.write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}\n" for user in USERS))
        passwords.chmod(0o644)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(self.folder / "key.pem"),
             "-out", str(self.folder / "cert.pem")],
            check=True, capture_output=True,
        )  # fmt: skip
        me = getpass.getuser()
        own_users = "" if root else f"default_internal_user = {me}\ndefault_login_user = {me}\n"
        chroots = "" if root else "service imap-login {\n chroot =\n}\nservice anvil {\n chroot =\n}\n"
        chroots += (
            "service anvil {\n unix_listener anvil-auth-penalty {\n mode = 0\n }\n}\n"  # no waiting for the wrong
        )
        tokens = ""
        if self.tokeninfo:
            (self.folder / "oauth2.conf").write_text(
                f"tokeninfo_url = {self.tokeninfo}\nforce_introspection = no\nusername_attribute = user\n"
            )
            tokens = f"passdb {{\n driver = oauth2\n mechanisms = xoauth2\n args = {self.folder}/oauth2.conf\n}}\n"
        (self.folder / "dovecot.conf").write_text(
            f"""
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = {self.folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{self.folder}/cert.pem
ssl_key = <{self.folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login{" xoauth2" if tokens else ""}
auth_failure_delay = 0
mail_location = maildir:{mail}/%u
first_valid_uid = 1
first_valid_gid = 1
{own_users}{chroots}{tokens}
passdb {{
  driver = passwd-file
  args = {passwords}
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={mail}/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = {self.tls_port}
    ssl = yes
  }}
}}
"""
        )

    def start(self) -> None:
        """Start, and wait until it answers."""
        assert PROGRAM is not None
        self._process = subprocess.Popen(
            [PROGRAM, "-F", "-c", str(self.folder / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        give_up = time.monotonic() + 15
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                if connection.recv(4) == b"* OK":
                    return
            if self._process.poll() is not None or time.monotonic() > give_up:
                told = self._process.stderr.read() if self._process.poll() is not None and self._process.stderr else b""
                raise RuntimeError(f"Dovecot did not start: {told.decode()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop at once, as a machine does that loses its power; connections are cut."""
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=10)
        if self._process.stderr:
            self._process.stderr.close()
        self._process = None

    def box(self, user: str = "jobs", **given: Any) -> Box:
        """Return a user's mailbox."""
        wanted: dict[str, Any] = {"host": "127.0.0.1", "port": self.port, "tls": "none", "password": PASSWORD, **given}
        return Box(user=user, **wanted)

    @contextmanager
    def signed_in(self, user: str = "jobs", folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        """Give a plain client, as somebody's mail program is one."""
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(user, PASSWORD)
        client.select(folder)
        try:
            yield client
        finally:
            client.logout()

    def deliver(self, mail: bytes, user: str = "jobs", folder: str = "INBOX") -> None:
        """Put a mail into a folder, unread."""
        with self.signed_in(user) as client:
            client.append(folder, "", "", mail)

    def empty(self) -> None:
        """Remove every mail and folder of every user."""
        for user in USERS:
            with self.signed_in(user) as client:
                for line in client.list()[1]:
                    name = bytes(line).rsplit(b" ", 1)[1].decode()  # type: ignore[arg-type]  # names here need no quoting
                    if name.strip('"') != "INBOX":
                        client.delete(name)
                if client.search(None, "ALL")[1] != [b""]:
                    client.store("1:*", "+FLAGS", r"(\Deleted)")
                    client.expunge()

    def flags(self, user: str = "jobs", folder: str = "INBOX") -> list[bool]:
        """Return of each mail in a folder whether it is marked as read."""
        with self.signed_in(user, folder) as client:
            if client.search(None, "ALL")[1] == [b""]:
                return []
            _answer, found = client.fetch("1:*", "(FLAGS)")
            return [b"\\Seen" in line for line in found if isinstance(line, bytes)]


@contextmanager
def running(tokeninfo: str = "") -> Iterator[Dovecot]:
    """Give a running server."""
    folder = Path(tempfile.mkdtemp(prefix="zhiren-dovecot-"))
    server = Dovecot(folder, tokeninfo)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
