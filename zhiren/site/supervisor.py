"""Several processes in one terminal: prefixed lines, a crashed one comes back, all of them stop together.

Knows neither Django nor the database, so that it starts at once and stays small.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import IO, TextIO

STOP_SECONDS = 15  # the worker lets a running job finish for ten
FIRST_WAIT_SECONDS = 1
LONGEST_WAIT_SECONDS = 30
STEADY_SECONDS = 60  # who ran this long before crashing starts over with the shortest wait
POLL_SECONDS = 0.1
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


class Stopped(Exception):
    """Somebody asked to stop (Ctrl-C, SIGTERM, a closed terminal)."""


@dataclass
class Child:
    """One supervised program and the process it runs as now."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    process: "subprocess.Popen[bytes]"
    reader: threading.Thread
    started_at: float
    wait: float = FIRST_WAIT_SECONDS
    due_at: float | None = None


@dataclass
class Supervisor:
    """Runs programs, prints their lines with their names, and brings crashed ones back."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    children: list[Child] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _printing: threading.Lock = field(default_factory=threading.Lock)

    def say(self, name: str, line: str) -> None:
        """Print one line under a name."""
        with self._printing, suppress(OSError):  # a terminal that was closed must not keep us from stopping cleanly
            self.out.write(f"{name:<6} | {line}\n")
            self.out.flush()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take SIGINT, SIGTERM and SIGHUP as the wish to stop; at the end stop every program."""
        asked = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
        before = {number: signal.signal(number, self._on_signal) for number in asked}
        try:
            yield
        finally:
            self.stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def run(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> int:
        """Run a program to its end and return its exit code; Stopped if somebody asks to stop meanwhile."""
        child = self._spawn(name, command, env)
        self.children.append(child)
        try:
            while child.process.poll() is None:
                self._pause()
        finally:
            self._end([child])
            self.children.remove(child)
        return child.process.returncode

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        """Start a program that is to run until the end."""
        self.children.append(self._spawn(name, command, env))

    def wait(self, condition: Callable[[], bool], seconds: float) -> None:
        """Wait until something is so, at most some seconds; Stopped if somebody asks to stop meanwhile."""
        give_up = time.monotonic() + seconds
        while not condition() and time.monotonic() < give_up:
            self._pause()

    def watch(self, each_second: Callable[[], None]) -> None:
        """Keep every program running until somebody asks to stop, then raise Stopped."""
        next_check = 0.0
        while True:
            self._pause()
            now = time.monotonic()
            for place, child in enumerate(self.children):
                self.children[place] = self._revived(child, now)
            if now >= next_check:
                each_second()
                next_check = now + 1

    def stop(self) -> None:
        """End every program: politely, then by force. Nothing of them is left."""
        self._end(self.children)
        self.children.clear()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopping.is_set():  # asked twice: no patience
            for child in self.children:
                _signal_group(child, signal.SIGKILL)
        self._stopping.set()

    def _pause(self) -> None:
        if self._stopping.wait(POLL_SECONDS):
            raise Stopped

    def _spawn(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> Child:
        process = subprocess.Popen(
            command,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a Ctrl-C reaches us alone, and we can end the whole group
            preexec_fn=_die_with_parent,
        )
        reader = threading.Thread(target=self._print_lines, args=(name, process.stdout), daemon=True)
        reader.start()
        return Child(name, command, env, process, reader, started_at=time.monotonic())

    def _print_lines(self, name: str, output: IO[bytes]) -> None:
        with output:
            for line in output:
                self.say(name, line.decode("utf-8", "replace").rstrip())

    def _revived(self, child: Child, now: float) -> Child:
        """Return the program, started again if it has ended, after a wait that grows each time it does not last."""
        if child.due_at is not None:
            if now < child.due_at:
                return child
            again = self._spawn(child.name, child.command, child.env)
            again.wait = min(child.wait * 2, LONGEST_WAIT_SECONDS)
            return again
        code = child.process.poll()
        if code is not None:
            _signal_group(child, signal.SIGKILL)  # what it started must not hold on to its port
            if now - child.started_at >= STEADY_SECONDS:
                child.wait = FIRST_WAIT_SECONDS
            self.say(
                child.name, f"Stopped unexpectedly ({_how_it_ended(code)}). Starting it again in {child.wait:g} s."
            )
            child.due_at = now + child.wait
        return child

    def _end(self, children: Sequence[Child]) -> None:
        for child in children:
            _signal_group(child, signal.SIGTERM, only_leader=True)
        patience = time.monotonic() + STOP_SECONDS
        for child in children:
            try:
                child.process.wait(max(patience - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                self.say(child.name, f"Did not stop within {STOP_SECONDS} s, and was ended.")
            _signal_group(child, signal.SIGKILL)
            child.process.wait()
            child.reader.join(timeout=2)


def _signal_group(child: Child, number: signal.Signals, *, only_leader: bool = False) -> None:
    """Send a signal to a program and, unless told otherwise, to everything it started."""
    try:
        if only_leader:
            child.process.send_signal(number)
        else:
            os.killpg(child.process.pid, number)
    except ProcessLookupError:
        return


def _how_it_ended(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    """Have the kernel stop this program when the supervisor itself is killed. Linux only; elsewhere it would stay."""
    if _libc is not None:
        _libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
