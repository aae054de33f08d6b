"""One installation of its own: database, web, worker and mailbox, each the real program."""

from __future__ import annotations

import email.policy
import http.client
import mailbox
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import connections

from zhiren.operations.catcher import Catcher, _free_port, start_catcher
from zhiren.operations.demo.setup import Company
from zhiren.plumbing import postgres
from zhiren.site import launch
from zhiren.site.supervisor import _die_with_parent

T = TypeVar("T")
START_SECONDS = 60


class Program:
    """One process of the installation, and what it wrote."""

    def __init__(self, name: str, command: list[str], env: dict[str, str], folder: Path) -> None:
        self.name = name
        self.log = folder / f"{name}-{time.monotonic_ns()}.log"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                command,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

    def stop(self) -> None:
        """Ask it to end, and see that nothing of it is left."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        self.kill()

    def kill(self) -> None:
        """End it and all it started, without a word (SIGKILL)."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def written(self) -> str:
        """Return the last lines that it wrote."""
        return self.log.read_text("utf-8", "replace")[-4000:]


class Installation:
    """Zhiren in a data folder of its own, on a port of its own, as a sandbox."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="zhiren-browser-"))
        self.folder.chmod(0o711)  # the database server runs as a user of its own
        self.logs = self.folder / "logs"
        self.logs.mkdir()
        self.parts = ExitStack()
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env: dict[str, str] = {}
        self.signed_in: dict[str, Any] = {}  # what a browser keeps of a user who is signed in
        self.catcher: Catcher
        self.company: Company
        self.web: Program
        self.worker: Program
        self._ahead = timedelta(0)
        self._orm = ThreadPoolExecutor(1)  # apart from Playwright's loop, in which Django refuses to talk to a database

    def start(self) -> None:
        """Start everything and make the company without a past."""
        try:
            server = postgres.ensure_running(folder=self.folder)
            self.parts.callback(server.release)
            self.catcher = start_catcher(self.folder / "caught-mail")
            self.parts.callback(self.catcher.stop)
            ours = {"ZHIREN_DATA": str(self.folder), "ZHIREN_SANDBOX": "1", "ZHIREN_PUBLIC_URL": self.url}
            self.env = launch._environment("127.0.0.1", self.url) | ours | self.catcher.environment()
            self.env.pop("DATABASE_URL", None)
            migrated = self.run("migrate")
            assert migrated.returncode == 0, migrated.stdout + migrated.stderr
            self.parts.callback(self._end_thread)
            self._orm.submit(_connect_to, self.folder).result()
            self.web = self.start_web()
            self.parts.callback(lambda: self.web.stop())
            self.worker = self.start_worker()
            self.parts.callback(lambda: self.worker.stop())
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop everything and leave nothing behind."""
        self.parts.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_web(self) -> Program:
        """Start the web server and return once it answers."""
        web = Program("web", launch._web("127.0.0.1", self.port, 1), self.env, self.logs)
        wait_for(lambda: _answers(self.port) or web.process.poll() is not None, "the web server answers", START_SECONDS)
        assert web.process.poll() is None, web.written()
        return web

    def start_worker(self, **env: str) -> Program:
        """Start a worker; it takes up its work within seconds."""
        return Program("worker", launch._cli("worker"), {**self.env, **env}, self.logs)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the command line to its end."""
        return subprocess.run(
            launch._cli(*arguments), env=self.env, capture_output=True, text=True, timeout=120, check=False
        )

    def call(self, function: Callable[..., T], /, *given: Any, **named: Any) -> T:
        """Call something that uses the database, and return its answer."""
        return self._orm.submit(function, *given, **named).result()

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Have this process, too, belong to the installation: its folder, and its address in links."""
        before = os.environ["ZHIREN_DATA"], settings.PUBLIC_URL
        os.environ["ZHIREN_DATA"], settings.PUBLIC_URL = str(self.folder), self.url
        try:
            yield
        finally:
            os.environ["ZHIREN_DATA"], settings.PUBLIC_URL = before

    @contextmanager
    def ahead(self, by: timedelta) -> Iterator[None]:
        """Let time have passed: web and worker start again with a clock that is ahead, and nobody is signed in."""
        self._start_again(by)
        try:
            yield
        finally:
            self._start_again(timedelta(0))

    def _start_again(self, ahead: timedelta) -> None:
        self.web.stop()
        self.worker.stop()
        self.signed_in.clear()
        self._ahead = ahead
        self.env["ZHIREN_CLOCK_AHEAD"] = str(ahead.total_seconds())
        self.worker = self.start_worker()
        self.web = self.start_web()

    def now(self) -> datetime:
        """Return what time it is in the installation."""
        return datetime.now(UTC) + self._ahead

    def mail_to(self, address: str) -> list[EmailMessage]:
        """Return the caught mail to an address, oldest first."""
        box = mailbox.Maildir(self.folder / "caught-mail", create=False)
        found = []
        for key in sorted(box.keys()):
            letter = email.message_from_bytes(box.get_bytes(key), policy=email.policy.default)
            if address in str(letter["Delivered-To"]):
                found.append(letter)
        return sorted(found, key=lambda letter: letter["Date"].datetime)

    def letter(self, address: str, saying: str, *, seconds: float = 90) -> EmailMessage:
        """Wait for a mail to an address whose subject or text says something, and return it."""
        found: list[EmailMessage] = []

        def look() -> bool:
            found[:] = [one for one in self.mail_to(address) if saying in str(one["Subject"]) or saying in text_of(one)]
            return bool(found)

        wait_for(look, f"a mail to {address} says {saying!r}; the worker wrote: {self.worker.written()}", seconds)
        return found[0]

    def _end_thread(self) -> None:
        self._orm.submit(connections.close_all).result()
        self._orm.shutdown()


def text_of(letter: EmailMessage) -> str:
    """Return the plain text of a mail."""
    part = letter.get_body(("plain",))
    return str(part.get_content()) if part else ""


def wait_for(condition: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """Wait until something is so and return it; fail with what was waited for."""
    give_up = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > give_up:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(0.1)
    return found


def moment(text: str) -> datetime:
    """Return the moment that a page's `<time datetime>` names."""
    return datetime.fromisoformat(text)


def _connect_to(folder: Path) -> None:
    """Have this thread talk to the installation's database, whatever the rest of the process talks to."""
    connection = connections.create_connection("default")
    where = postgres.connection_settings(folder)
    where["OPTIONS"] = {**connection.settings_dict["OPTIONS"], **where["OPTIONS"]}
    connection.settings_dict = {**connection.settings_dict, **where}
    connections["default"] = connection


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/manifest.webmanifest")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
