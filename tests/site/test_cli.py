"""The command line as a person sees it: whole processes, their words, their exit codes."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from zhiren.plumbing import postgres
from zhiren.site import cli

COMMANDS = ["up", "demo", "worker", "migrate", "parse", "verify", "health", "createadmin"]


def zhiren(*arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "zhiren.site.cli", *arguments],
        env=environment(**env), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "COLUMNS"}}
    return {**kept, "PYTHONWARNINGS": "default", "DJANGO_SETTINGS_MODULE": "zhiren.site.settings", **changes}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def health_status(port: int) -> int | None:
    """Return the status of the health page; None while nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def move_newest_event(folder: Path, by: timedelta) -> tuple[object, object]:
    """Change the newest event as an intruder would, past the trigger; return its number and id."""
    where = postgres.connection_settings(folder)
    with psycopg.connect(
        host=where["HOST"], port=where["PORT"], user="postgres", dbname=where["NAME"], **where["OPTIONS"]
    ) as connection:
        connection.execute("SET session_replication_role = replica")
        row = connection.execute(
            "UPDATE timeline_event SET at = at + %s WHERE number = (SELECT max(number) FROM timeline_event)"
            " RETURNING number, id",
            [by],
        ).fetchone()
    assert row
    return row[0], row[1]


@pytest.fixture(scope="module")
def installation() -> Iterator[Path]:
    """A data folder with a migrated database, which the server's user can reach also when root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="zhiren-cli-"))
    folder.chmod(0o711)
    try:
        done = zhiren("migrate", ZHIREN_DATA=str(folder))
        assert done.returncode == 0, done.stderr
        yield folder
    finally:
        shutil.rmtree(folder)


class TestHelp:
    def test_names_every_command(self) -> None:
        done = zhiren("--help")

        assert done.returncode == 0
        assert [command for command in COMMANDS if f"\n  {command} " not in done.stdout] == []
        assert "build-demo" not in done.stdout

    def test_loads_no_django(self) -> None:
        source = "import sys, zhiren.site.cli, zhiren.site.launch; sys.exit('django' in sys.modules)"

        assert subprocess.run([sys.executable, "-c", source], check=False).returncode == 0

    def test_an_unknown_command_is_wrong_usage(self) -> None:
        done = zhiren("fly")

        assert done.returncode == 2
        assert "No such command" in done.stderr


class TestParse:
    def test_prints_a_json_resume_with_the_evidence(self, tmp_path: Path) -> None:
        resume = tmp_path / "resume.txt"
        resume.write_text("张晓测\n手机：13800000000\n邮箱：xiaoce@example.com\n", encoding="utf-8")

        done = zhiren("parse", str(resume), DATABASE_URL="postgresql://zhiren@127.0.0.1:1/zhiren")

        assert done.returncode == 0, done.stderr
        document = json.loads(done.stdout)
        assert document["basics"]["email"] == "xiaoce@example.com"
        assert document["meta"]["x-zhiren"]["file"] == str(resume)
        assert document["meta"]["x-zhiren"]["evidence"]["mails[0]"]["line"] == 3

    def test_reads_the_others_when_one_is_unreadable(self, tmp_path: Path) -> None:
        good, empty = tmp_path / "good.txt", tmp_path / "empty.pdf"
        good.write_text("邮箱：xiaoce@example.com\n", encoding="utf-8")
        empty.touch()

        done = zhiren("parse", str(empty), str(good), str(tmp_path / "missing.pdf"))

        assert done.returncode == 1
        assert [document["meta"]["x-zhiren"]["file"] for document in json.loads(done.stdout)] == [str(good)]
        assert f"{empty}: The file is empty" in done.stderr
        assert "missing.pdf: No such file" in done.stderr

    def test_reads_a_folder_and_prints_a_line_each_if_asked(self, tmp_path: Path) -> None:
        (tmp_path / "sub").mkdir()
        for name in ("b.txt", "sub/a.txt", ".hidden.txt"):
            (tmp_path / name).write_text("邮箱：xiaoce@example.com\n", encoding="utf-8")

        array, lines = zhiren("parse", str(tmp_path)), zhiren("parse", "--lines", str(tmp_path))

        documents = [json.loads(line) for line in lines.stdout.splitlines()]
        assert json.loads(array.stdout) == documents
        assert [document["meta"]["x-zhiren"]["file"] for document in documents] == [
            str(tmp_path / "b.txt"),
            str(tmp_path / "sub/a.txt"),
        ]

    def test_explains_each_value_and_what_is_odd(self, tmp_path: Path) -> None:
        resume = tmp_path / "resume.txt"
        resume.write_text("姓名：张晓测\n手机：13800000000\n学历：硕士\n期望薪资：15-20K\n", encoding="utf-8")

        done = zhiren("parse", "--explain", str(resume))

        assert done.returncode == 0, done.stderr
        rows = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines() if line}
        assert rows["name"][:4] == ["张晓测", "1", "张晓测", "name_label"]
        assert rows["expected_pay"][-2:] == ["pay_expected", "0.95"]
        assert "! A degree is stated, but no school that gave it." in done.stdout


class TestUnreachableDatabase:
    @pytest.mark.parametrize("command", [["up"], ["verify"], ["migrate"], ["worker"]])
    def test_is_one_sentence_and_exit_code_3(self, command: list[str]) -> None:
        done = zhiren(*command, DATABASE_URL="postgresql://zhiren@127.0.0.1:1/zhiren")

        assert done.returncode == 3
        assert done.stderr.startswith("zhiren: The database does not answer:")
        assert len(done.stderr.splitlines()) == 1


class TestHealth:
    def test_of_nothing_is_a_failure_that_starts_nothing(self, installation: Path) -> None:
        done = zhiren("health", "--url", "http://127.0.0.1:1", ZHIREN_DATA=str(installation))

        assert done.returncode == 1
        assert json.loads(done.stdout) == {"status": "failing", "web": "unreachable", "database": "not running"}
        assert not postgres.is_running(installation)

    def test_says_that_the_database_cannot_be_reached(self) -> None:
        url = "postgresql://zhiren@127.0.0.1:1/zhiren"

        done = zhiren("health", "--url", "http://127.0.0.1:1", DATABASE_URL=url)

        assert done.returncode == 1
        assert json.loads(done.stdout)["database"] == "unreachable"

    def test_asks_over_http_only(self) -> None:
        assert zhiren("health", "--url", "file:///etc/passwd").returncode == 2


class TestDemo:
    def test_keeps_its_company_apart_from_a_real_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("ZHIREN_DATA", raising=False)
        monkeypatch.setenv("ZHIREN_SANDBOX", "0")
        real = postgres.data_folder()

        cli._use_demo_folder()

        assert postgres.data_folder() == real.with_name(f"{real.name}-demo")
        assert os.environ["ZHIREN_SANDBOX"] == "1"

    def test_is_not_built_into_a_database_that_is_in_use(self, installation: Path) -> None:
        zhiren("createadmin", "--email=a@example.com", "--name=An", ZHIREN_DATA=str(installation))

        done = zhiren("build-demo", ZHIREN_DATA=str(installation))

        assert done.returncode == 1
        assert "this database holds a company already" in done.stderr


class TestMigrate:
    def test_is_asked_for_by_commands_that_need_tables(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="zhiren-cli-"))
        folder.chmod(0o711)

        done = zhiren("verify", ZHIREN_DATA=str(folder))

        shutil.rmtree(folder)
        assert done.returncode == 3
        assert done.stderr.splitlines()[-1] == "zhiren: The database has no tables yet. Make them with: zhiren migrate"

    def test_may_run_again_and_lets_the_server_go(self, installation: Path) -> None:
        done = zhiren("migrate", ZHIREN_DATA=str(installation))

        assert done.returncode == 0
        assert "No migrations to apply" in done.stdout
        assert not postgres.is_running(installation)


class TestVerify:
    def test_is_content_with_an_untouched_timeline_and_names_a_changed_row(self, installation: Path) -> None:
        assert (
            zhiren("createadmin", "--email=a@example.com", "--name=An", ZHIREN_DATA=str(installation)).returncode == 0
        )
        before = zhiren("verify", ZHIREN_DATA=str(installation))
        with postgres.ensure_running(folder=installation):
            row = move_newest_event(installation, timedelta(days=1))

            after = zhiren("verify", ZHIREN_DATA=str(installation))

            move_newest_event(installation, timedelta(days=-1))
        assert before.returncode == 0, before.stderr
        assert after.returncode == 1
        assert f"event {row[0]} {row[1]}: " in after.stderr


class TestCreateadmin:
    def test_prints_a_link_and_no_password(self, installation: Path) -> None:
        done = zhiren("createadmin", "--email=boss@example.com", "--name=Boss", ZHIREN_DATA=str(installation))

        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("http://127.0.0.1:8000/")
        assert len(done.stdout.splitlines()) == 1

    def test_refuses_what_is_no_address(self, installation: Path) -> None:
        done = zhiren("createadmin", "--email=boss", "--name=Boss", ZHIREN_DATA=str(installation))

        assert done.returncode == 2
        assert "boss is not an address" in done.stderr


@pytest.mark.enable_socket
class TestUp:
    def test_refuses_a_taken_port_before_it_touches_anything(self, tmp_path: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]

            done = zhiren("up", "--port", str(port), ZHIREN_DATA=str(tmp_path))

        assert done.returncode == 4
        assert f"Port {port} is in use" in done.stderr
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.slow
    def test_runs_everything_brings_back_what_dies_and_leaves_nothing(self, installation: Path, tmp_path: Path) -> None:
        port = free_port()
        log = tmp_path / "log"
        with log.open("w") as out:
            running = subprocess.Popen(
                [sys.executable, "-m", "zhiren.site.cli", "up", "--port", str(port)],
                env=environment(ZHIREN_DATA=str(installation)), stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            assert eventually(lambda: health_status(port) == 200), log.read_text()
            assert zhiren("health", "--url", f"http://127.0.0.1:{port}").returncode == 0
            for name in ("granian", "zhiren.site.cli worker"):
                os.kill(child_of(running.pid, name), signal.SIGKILL)
            server_pid = int((installation / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])
            os.kill(server_pid, signal.SIGKILL)
            assert eventually(lambda: "The database is back." in log.read_text()), log.read_text()
            assert eventually(lambda: health_status(port) == 200), log.read_text()
            group = [child_of(running.pid, name) for name in ("granian", "zhiren.site.cli worker")]
        finally:
            running.send_signal(signal.SIGTERM)
            code = running.wait(timeout=30)

        assert code == 0
        assert [pid for pid in group if Path(f"/proc/{pid}").exists()] == []
        assert health_status(port) is None
        assert not postgres.is_running(installation)
        words = log.read_text()
        assert "web    | Zhiren is ready at" in words
        assert "worker | Stopped unexpectedly (signal SIGKILL)" in words
        assert words.splitlines()[-1] == "zhiren | Stopped."


def eventually(condition: object, seconds: float = 60) -> bool:
    assert callable(condition)
    give_up = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.1)
    return True


def child_of(parent: int, name: str) -> int:
    """Return the child of a process whose command line has a name in it."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_text().replace("\0", " ")
            is_child = f"\nPPid:\t{parent}\n" in (entry / "status").read_text()
        except OSError:
            continue
        if is_child and name in words:
            return int(entry.name)
    raise LookupError(name)
