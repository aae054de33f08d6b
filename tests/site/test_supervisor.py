"""The supervisor, with real little programs."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from zhiren.site import supervisor as supervising
from zhiren.site.supervisor import Stopped, Supervisor


def program(source: str) -> list[str]:
    return [sys.executable, "-u", "-c", source]


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that is only waiting to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except OSError:
        return False


def wait_for(condition: Callable[[], object], seconds: float = 10) -> bool:
    give_up = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.02)
    return True


def stop_soon(condition: Callable[[], object]) -> None:
    """Send this process a SIGTERM once something has happened, as an operator would."""

    def wait_and_signal() -> None:
        wait_for(condition)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_and_signal, daemon=True).start()


class TestRun:
    def test_prints_the_lines_under_the_name_and_returns_the_exit_code(self) -> None:
        out = io.StringIO()
        watched = Supervisor(out=out)

        code = watched.run("db", program("import sys; print('one'); print('two', file=sys.stderr); sys.exit(3)"), {})

        assert code == 3
        assert out.getvalue().splitlines() == ["db     | one", "db     | two"]

    def test_is_cut_short_when_somebody_asks_to_stop(self) -> None:
        out = io.StringIO()
        watched = Supervisor(out=out)
        stop_soon(lambda: "pid" in out.getvalue())

        with pytest.raises(Stopped), watched.listening():
            watched.run("db", program("import os, time; print('pid', os.getpid()); time.sleep(60)"), {})

        assert not is_alive(int(out.getvalue().split()[-1]))


class TestWatch:
    def test_brings_a_crashed_program_back_and_says_so(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(supervising.Child, "wait", 0.05)
        out = io.StringIO()
        watched = Supervisor(out=out)
        crash_once = (
            "import os, sys, time\n"
            f"mark = {str(tmp_path / 'mark')!r}\n"
            "if not os.path.exists(mark): open(mark, 'w').close(); sys.exit(7)\n"
            "print('here again'); time.sleep(60)"
        )
        stop_soon(lambda: "here again" in out.getvalue())

        with watched.listening():
            watched.start("worker", program(crash_once), {})
            with pytest.raises(Stopped):
                watched.watch(lambda: None)

        assert "worker | Stopped unexpectedly (exit code 7). Starting it again in" in out.getvalue()
        assert "worker | here again" in out.getvalue()

    def test_looks_after_other_things_each_second(self) -> None:
        looks: list[float] = []
        watched = Supervisor(out=io.StringIO())
        stop_soon(lambda: len(looks) > 1)

        with pytest.raises(Stopped), watched.listening():
            watched.watch(lambda: looks.append(time.monotonic()))

        assert looks[1] - looks[0] >= 0.9


class TestStop:
    def test_ends_what_the_programs_started_and_what_does_not_listen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(supervising, "STOP_SECONDS", 0.5)
        out = io.StringIO()
        watched = Supervisor(out=out)
        stubborn = (
            "import os, signal, subprocess, sys, time\n"
            "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
            "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
            "print('pids', os.getpid(), child.pid); time.sleep(60)"
        )
        watched.start("web", program(stubborn), {})
        assert wait_for(lambda: "pids" in out.getvalue())
        pids = [int(word) for word in out.getvalue().split()[-2:]]
        assert all(is_alive(pid) for pid in pids)

        watched.stop()

        assert wait_for(lambda: not any(is_alive(pid) for pid in pids))
        assert "Did not stop within 0.5 s" in out.getvalue()

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
    def test_is_not_needed_when_the_supervisor_itself_is_killed(self) -> None:
        source = (
            "import sys\n"
            "from zhiren.site.supervisor import Supervisor\n"
            "watched = Supervisor()\n"
            "child = [sys.executable, '-u', '-c', 'import os, time; print(os.getpid()); time.sleep(60)']\n"
            "watched.start('web', child, {})\n"
            "watched.watch(lambda: None)"
        )
        with subprocess.Popen(program(source), stdout=subprocess.PIPE, text=True) as parent:
            assert parent.stdout
            pid = int(parent.stdout.readline().split()[-1])
            assert is_alive(pid)

            parent.kill()

            assert wait_for(lambda: not is_alive(pid))
