"""Everything in one terminal: database, migrations, web, worker; for the demo also its company and its mailbox.

Loads no Django: the second start must show its first page within five seconds.
"""

import errno
import hashlib
import http.client
import importlib.util
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

import zhiren
from zhiren.plumbing import postgres
from zhiren.site.supervisor import Stopped, Supervisor

LOCAL = "127.0.0.1"
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with what the person asked for, never a default
CONNECT_SECONDS = 5
RETRY_SECONDS = 5
FIRST_PAGE_SECONDS = 10  # how long the other parts wait for the web
OLDEST_SERVER = postgres.OLDEST_MAJOR * 10000
_PYTHON = (sys.executable, "-u")


class PortTaken(Exception):
    """The address cannot be listened on; the message is one sentence for the person who runs Zhiren."""


class StepFailed(Exception):
    """A step that must succeed before the rest can start did not; its own lines say why."""


def run_all(*, host: str, port: int, web_processes: int, demo: bool) -> None:
    """Run everything until somebody asks to stop, then leave nothing behind.

    Raises:
        PortTaken: the port is in use or may not be used.
        DatabaseUnavailable: there is no database to work with.
        StepFailed: the migrations, or the making of the demo company, ended with an error.
    """
    refuse_taken_port(host, port)
    base_url = f"http://{_in_url(LOCAL if host in ANYWHERE else host)}:{port}"
    supervisor = Supervisor()
    try:
        with supervisor.listening(), ExitStack() as parts:  # they end in reverse: programs, mailbox, database
            database = parts.enter_context(Database(supervisor))
            env = _environment(host, base_url)
            if demo:
                env |= _catch_mail(parts)
            parts.callback(supervisor.stop)
            _start(supervisor, _web(host, port, web_processes), base_url, env, demo=demo)
            supervisor.watch(database.keep)
    except Stopped:
        supervisor.say("zhiren", "Stopped.")


def _start(supervisor: Supervisor, web: list[str], base_url: str, env: dict[str, str], *, demo: bool) -> None:
    """Start each part as early as its needs are met."""
    if note_of("django_migrations") != migrations_on_disk():
        _must(supervisor, "db", _cli("migrate"), env)
    if demo and note_of("access_user") != DEMO_BUILT:
        supervisor.say("demo", "Making a company of made-up people. This takes some minutes, once.")
        _must(supervisor, "demo", _cli("build-demo"), env)
    supervisor.start("web", web, env)
    announcing = threading.Thread(target=_announce, args=(supervisor, base_url), daemon=True)
    announcing.start()
    supervisor.wait(lambda: not announcing.is_alive(), FIRST_PAGE_SECONDS)  # the first page has the machine to itself
    if demo:
        _must(supervisor, "demo", _cli("demo-links", base_url), env)
    supervisor.start("worker", _cli("worker"), env)


def _must(supervisor: Supervisor, name: str, command: list[str], env: dict[str, str]) -> None:
    if supervisor.run(name, command, env):
        raise StepFailed(f"{command[-1]} failed")


def _cli(*arguments: str) -> list[str]:
    return [*_PYTHON, "-m", "zhiren.site.cli", *arguments]


def _web(host: str, port: int, processes: int) -> list[str]:
    threads = min(8, 2 * (os.cpu_count() or 1) + 1)
    return [
        *_PYTHON, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(processes), "--blocking-threads", str(threads), "--workers-kill-timeout", "5",
        "--log-level", "warning", "--no-ws", "zhiren.site.wsgi:application",
    ]  # fmt: skip


def _environment(host: str, base_url: str) -> dict[str, str]:
    """Return the environment of the parts: ours, plus what follows from the address unless it is set already."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GRANIAN_")}
    env.setdefault("DJANGO_SETTINGS_MODULE", "zhiren.site.settings")
    env.setdefault("ZHIREN_PUBLIC_URL", base_url)
    if host not in {*ANYWHERE, LOCAL, "localhost"}:
        env.setdefault("ZHIREN_HOSTS", f"{host},{LOCAL},localhost")
    home = Path(zhiren.__file__).parent.parent
    if home.name != "site-packages":  # a checkout that is not installed
        env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(home), env.get("PYTHONPATH", "")]))
    return env


def _announce(supervisor: Supervisor, base_url: str) -> None:
    """Say when the first page can be had."""
    where = urlsplit(base_url)
    while True:
        connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=120)
        try:
            connection.request("GET", "/manifest.webmanifest")  # the health would be logged as failing: no worker yet
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            supervisor.say("web", f"Zhiren is ready at {base_url} (Ctrl-C stops it).")
            return
        finally:
            connection.close()


def _catch_mail(parts: ExitStack) -> dict[str, str]:
    """Start the sandbox's mailbox; return the settings that lead all mail there."""
    from zhiren.operations.catcher import start_catcher

    catcher = start_catcher(postgres.data_folder() / "caught-mail")
    parts.callback(catcher.stop)
    return {"ZHIREN_SANDBOX": "1", **catcher.environment()}


# The address ----------------------------------------------------------------------------------------------------------


def refuse_taken_port(host: str, port: int) -> None:
    """Raise PortTaken if the port of an address cannot be listened on."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise PortTaken(f"{host} is no address of this machine ({error.strerror}).") from error
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise PortTaken(_why_not(error, host, port)) from error


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program. Stop it, or choose another port with --port {port + 1}."
    if error.errno == errno.EACCES:
        return f"Port {port} needs root. Choose one above 1023 with --port."
    return f"{host} port {port} cannot be listened on: {error.strerror}."


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


# The database ---------------------------------------------------------------------------------------------------------


@dataclass
class Database:
    """The database while everything runs: the embedded server is held, and started again if somebody kills it."""

    supervisor: Supervisor
    server: postgres.Server | None = None
    next_try: float = field(default=0, repr=False)

    def __enter__(self) -> "Database":
        if postgres.database_url():
            check_reachable()
        else:
            self.server = postgres.ensure_running(self._say)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.server:
            self.server.release(self._say)

    def keep(self) -> None:
        """Start the embedded server again if it is gone."""
        if self.server is None or self.server.pid or time.monotonic() < self.next_try:
            return
        self._say("The database stopped unexpectedly.")
        try:
            again = postgres.ensure_running(self._say, folder=self.server.folder)
        except postgres.DatabaseUnavailable as error:
            self._say(f"{error} Trying again in {RETRY_SECONDS} s.")
            self.next_try = time.monotonic() + RETRY_SECONDS
            return
        self.server.release()
        self.server = again
        self._say("The database is back.")

    def _say(self, sentence: str) -> None:
        self.supervisor.say("db", sentence)


def _embedded_address() -> str:
    where = postgres.connection_settings()
    return make_conninfo(
        host=where["HOST"], port=where["PORT"], user=where["USER"], dbname=where["NAME"], **where["OPTIONS"]
    )


@contextmanager
def _connected() -> Iterator["psycopg.Connection[tuple[str | None]]"]:
    """Connect without Django; DatabaseUnavailable if the database does not answer."""
    url = postgres.database_url()
    try:
        connection = psycopg.connect(url or _embedded_address(), connect_timeout=CONNECT_SECONDS)
    except psycopg.ProgrammingError as error:
        raise postgres.DatabaseUnavailable("DATABASE_URL is no address like postgresql://user@host/name.") from error
    except psycopg.OperationalError as error:
        raise postgres.DatabaseUnavailable(f"The database does not answer: {one_line(error)}") from error
    with connection:
        yield connection


def check_reachable() -> None:
    """Raise DatabaseUnavailable unless the database answers and is new enough."""
    with _connected() as connection:
        version = connection.info.server_version
    if version < OLDEST_SERVER:
        raise postgres.DatabaseUnavailable(
            f"The database is PostgreSQL {version // 10000}; Zhiren needs {postgres.OLDEST_MAJOR} or newer."
        )


def one_line(error: Exception) -> str:
    """Return the first line of a database's complaint."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


# Notes in the database: what has been done to it, kept as comments of tables, so that a backup carries them along.

DEMO_BEGUN = "demo company begun"
DEMO_BUILT = "demo company built"


def note_of(table: str) -> str | None:
    """Return the note on a table; None if there is none or no such table."""
    with _connected() as connection:
        row = connection.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", [table]).fetchone()
    return row[0] if row else None


def write_note(table: str, note: str) -> None:
    """Put a note on a table."""
    with _connected() as connection:
        connection.execute(sql.SQL("COMMENT ON TABLE {} IS {}").format(sql.Identifier(table), sql.Literal(note)))


def migrations_on_disk(package: Path = Path(zhiren.__file__).parent) -> str:
    """Return a mark of our migrations, our settings and the installed versions of everything else.

    The same mark means that there is nothing to migrate; another one that there may be. Only files are looked at:
    asking Django takes two seconds.
    """
    django = importlib.util.find_spec("django")
    installed = Path(str(django.origin)).parents[1] if django else package
    mark = hashlib.sha256()
    for path in [package / "site" / "settings.py", *sorted(package.glob("*/migrations/[0-9]*.py"))]:
        mark.update(f"{path.relative_to(package)} ".encode())
        mark.update(path.read_bytes())
    for name in sorted(path.name for path in installed.glob("*-info")):
        mark.update(f"{name} ".encode())
    return mark.hexdigest()
