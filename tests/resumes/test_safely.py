"""The child process: what it may not do, and what its end means."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.resumes.builders import bomb, column, docx, encrypted_pdf, paragraph, pdf
from zhiren.resumes import MAX_FILE_BYTES, REASONS, Reason, Unreadable, parse, parse_safely, safely
from zhiren.resumes.safely import _read_answer

ROOT = Path(__file__).resolve().parents[2]
TEXT = "姓名：李若水\n手机：13800001234\n".encode()


def child_says(code: str) -> str:
    """Run a few lines after the child has given up its powers; return what they print."""
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    program += "from zhiren.resumes.child import READING, give_up_powers\ngive_up_powers(READING)\n" + textwrap.dedent(
        code
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout + done.stderr


@pytest.fixture(params=["forked", "started"])
def _child(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have children forked by the fork server, or started as programs, as where nothing can be forked."""
    monkeypatch.setattr(safely, "_CAN_FORK", request.param == "forked")


@pytest.mark.usefixtures("_child")
class TestParseSafely:
    def test_gives_what_parse_gives(self) -> None:
        assert parse_safely(TEXT, "李若水.txt") == parse(TEXT, "李若水.txt")

    @pytest.mark.parametrize(
        ("data", "filename", "reason"),
        [
            (b"", "cv.pdf", Reason.EMPTY),
            (b"a" * (MAX_FILE_BYTES + 1), "cv.txt", Reason.TOO_LARGE),
            (encrypted_pdf(), "cv.pdf", Reason.ENCRYPTED),
            (b"MZ\x00\x00" * 20, "cv.pdf", Reason.LYING),
            (pdf([column(["Jane Roe"])])[:90], "cv.pdf", Reason.DAMAGED),
            (pdf([[]]), "cv.pdf", Reason.EMPTY),
            (bomb(60), "cv.docx", Reason.BOMB),
        ],
        ids=lambda value: value.value if isinstance(value, Reason) else None,
    )
    def test_refuses_with_the_reason(self, data: bytes, filename: str, reason: Reason) -> None:
        with pytest.raises(Unreadable) as caught:
            parse_safely(data, filename, pictures=False)

        assert caught.value.reason is reason

    def test_gives_up_after_its_patience(self) -> None:
        with pytest.raises(Unreadable) as caught:
            parse_safely(docx(paragraph("李若水，工程师，青禾网络科技有限公司")), "cv.docx", wall_seconds=0.001)

        assert caught.value.reason is Reason.TIMEOUT


@pytest.mark.skipif(sys.platform != "linux", reason="what children a process has is read as Linux tells it")
class TestForkServer:
    def test_reads_many_files_at_a_time(self) -> None:
        texts = [f"姓名：李若水\n手机：138{number:08}\n".encode() for number in range(12)]

        with ThreadPoolExecutor(6) as pool:
            found = list(pool.map(lambda text: parse_safely(text, "李若水.txt"), texts))

        assert found == [parse(text, "李若水.txt") for text in texts]

    def test_is_started_anew_when_somebody_ended_it(self) -> None:
        parse_safely(TEXT, "李若水.txt")
        assert safely._server is not None
        before = safely._server[1]
        before.kill()
        before.wait()

        assert parse_safely(TEXT, "李若水.txt").name
        assert safely._server[1].pid != before.pid

    def test_ends_a_child_of_which_nobody_wants_to_know(self) -> None:
        parse_safely(TEXT, "李若水.txt")
        assert safely._server is not None
        with safely._child_of_fork_server():  # it waits for an order that does not come
            wait_until(lambda: len(descendants(safely._server[1].pid)) == KEEPER_AND_CHILD)

        wait_until(lambda: descendants(safely._server[1].pid) == set())

    def test_tells_of_a_child_that_was_killed(self) -> None:
        parse_safely(TEXT, "李若水.txt")
        assert safely._server is not None
        with safely._child_of_fork_server() as talk:
            wait_until(lambda: len(descendants(safely._server[1].pid)) == KEEPER_AND_CHILD)
            os.kill(max(descendants(safely._server[1].pid)), signal.SIGKILL)

            assert safely.ENDED.unpack(talk.recv(100)) == (-signal.SIGKILL,)

    def test_goes_with_who_started_it(self) -> None:
        program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from zhiren.resumes import parse_safely, safely; "
        program += "parse_safely(b'Jane Roe', 'cv.txt'); print(safely._server[1].pid)"
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

        wait_until(lambda: not Path(f"/proc/{int(done.stdout)}/cmdline").exists())


KEEPER_AND_CHILD = 2


def descendants(pid: int) -> set[int]:
    """Return the processes that come from a process, by Linux' own list."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    children = set(map(int, listed.read_text().split())) if listed.exists() else set()
    return children.union(*map(descendants, children))


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for what comes by itself; fail when it does not within half a minute."""
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


class TestGiveUpPowers:
    def test_leaves_half_a_gigabyte(self) -> None:
        assert "MemoryError" in child_says("bytearray(600 * 1024 * 1024)")

    def test_leaves_ten_seconds_of_the_processor(self) -> None:
        assert child_says("import resource; print(resource.getrlimit(resource.RLIMIT_CPU))") == "(10, 11)\n"

    @pytest.mark.parametrize(
        "code",
        [
            "import socket; socket.create_connection(('127.0.0.1', 9))",
            "import subprocess; subprocess.run(['true'])",
            "import os; os.system('true')",
            "import os; os.fork()",
            "open('/tmp/zhiren-child-test', 'w')",
            "import os; os.open('/tmp/zhiren-child-test', os.O_CREAT | os.O_WRONLY)",
        ],
    )
    def test_forbids(self, code: str) -> None:
        assert "PermissionError" in child_says(code)


class TestReadAnswer:
    @pytest.mark.parametrize(
        ("output", "returncode", "reason"),
        [
            (b"", -signal.SIGXCPU, Reason.TIMEOUT),
            (b"", -signal.SIGKILL, Reason.BOMB),
            (b"", -signal.SIGSEGV, Reason.CRASHED),
            (b"", 1, Reason.CRASHED),
            (b"{", 0, Reason.CRASHED),
            (b'{"unreadable": {"reason": "no_text", "detail": ""}}', 0, Reason.NO_TEXT),
        ],
    )
    def test_understands_how_the_child_ended(self, output: bytes, returncode: int, reason: Reason) -> None:
        with pytest.raises(Unreadable) as caught:
            _read_answer(output, returncode)

        assert caught.value.reason is reason


class TestPackage:
    def test_has_a_sentence_for_every_reason(self) -> None:
        assert set(REASONS) == set(Reason)

    def test_loads_no_reader_for_who_only_asks(self) -> None:
        program = (
            "import sys; import zhiren.resumes; "
            "print([name for name in ('pypdfium2', 'docx', 'phonenumbers', 'yaml', 'django') if name "
            "in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {program}"],
            capture_output=True,
            text=True,
            check=True,
        )

        assert done.stdout == "[]\n"
