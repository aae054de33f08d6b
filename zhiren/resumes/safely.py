"""Parsing in a child process, so that no file can hurt the one who asks."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from zhiren.resumes.errors import Reason, Unreadable
from zhiren.resumes.facts import Resume
from zhiren.resumes.limits import MAX_FILE_BYTES

WALL_SECONDS = 20
PICTURES_WALL_SECONDS = 180
_ROOT = str(Path(__file__).resolve().parents[2])
# Isolated mode ignores the environment and the working folder; where the package lies is passed on by hand.
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from zhiren.resumes.{} import main; main()"
# A child may make no threads, so those who do sums must not try.
_ALONE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_PASSED_ON = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_CAN_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")
_AT_ONCE = 1 << 18
# How a child of the fork server ended comes after all it said: its exit code, negative for a signal.
ENDED = struct.Struct("!i")
_one_at_a_time = threading.Lock()
_server: tuple[socket.socket, subprocess.Popen[bytes]] | None = None


def parse_safely(
    data: bytes,
    filename: str,
    *,
    wall_seconds: float = WALL_SECONDS,
    pictures: bool = True,
    models: Path | None = None,
) -> Resume:
    """Return what `parse` returns, worked out in a child process with 512 MB, 10 s of CPU and 20 s of patience.

    The child gets no environment, and no network where the system lets a process give it up. Photographs and scans are
    read letter by letter in a child of their own, with 3 GB of address space, 120 s of CPU and 180 s of patience, where
    the optional part `ocr` is installed; with `pictures` false (whoever waits for the answer) they are `no_text`.
    `models` is a folder of trained models.

    Raises:
        Unreadable: no résumé can be read from these bytes.
    """
    order: dict[str, str | int] = {"do": "parse", "filename": filename, "models": str(models or "")}
    try:
        answer, _ = _ask_child(order, data, wall_seconds)
    except Unreadable as error:
        if error.reason is not Reason.NO_TEXT or not pictures or not ocr_is_available():
            raise
        answer, _ = _ask_child({**order, "do": "parse_pictures"}, data, PICTURES_WALL_SECONDS)
    return Resume.from_json(answer["resume"])


def ocr_is_available() -> bool:
    """Tell whether photographs and scans can be read here."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime", "cv2"))


def render_page_safely(
    data: bytes, filename: str, *, page: int, width: int, wall_seconds: float = WALL_SECONDS
) -> bytes:
    """Return one page as a PNG, drawn in a child process like that of `parse_safely`; pages count from 1.

    Only PDF has pages. `width` is in pixels and brought to 16-1600; see `pages.render_page`.

    Raises:
        Unreadable: the page cannot be drawn; `unsupported` where the format has no pages or the page is not there.
    """
    order: dict[str, str | int] = {"do": "render", "filename": filename, "page": page, "width": width}
    _, picture = _ask_child(order, data, wall_seconds)
    return picture


def _ask_child(order: dict[str, str | int], data: bytes, wall_seconds: float) -> tuple[dict[str, Any], bytes]:
    """Return the child's answer and the bytes that follow it."""
    if not data:
        raise Unreadable(Reason.EMPTY)
    if len(data) > MAX_FILE_BYTES:
        raise Unreadable(Reason.TOO_LARGE, "file")
    said = json.dumps(order).encode("ascii") + b"\n" + data
    ask = _ask_fork_server if _CAN_FORK else _ask_program
    try:
        output, returncode = ask(said, wall_seconds)
    except TimeoutError as error:
        raise Unreadable(Reason.TIMEOUT, "wall") from error
    return _read_answer(output, returncode)


def _ask_program(said: bytes, wall_seconds: float) -> tuple[bytes, int]:
    """Return what a child of its own program says to this, and its exit code, where processes cannot be forked."""
    child = _start("child", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with child:
        try:
            output, _ = child.communicate(said, timeout=wall_seconds)
        except subprocess.TimeoutExpired as error:
            raise TimeoutError from error
        finally:
            child.kill()
    return output, child.returncode


def _ask_fork_server(said: bytes, wall_seconds: float) -> tuple[bytes, int]:
    """Return what a child of the fork server says to this, and its exit code."""
    until = time.monotonic() + wall_seconds
    output = bytearray()
    # Ended before it had heard all, or said all.
    with contextlib.suppress(ConnectionError), _child_of_fork_server() as child:
        child.settimeout(wall_seconds)
        child.sendall(said)
        child.shutdown(socket.SHUT_WR)
        while some := _received(child, until):
            output += some
    if len(output) < ENDED.size:
        raise Unreadable(Reason.CRASHED, "no end")
    (returncode,) = ENDED.unpack(output[-ENDED.size :])
    return bytes(output[: -ENDED.size]), returncode


def _received(child: socket.socket, until: float) -> bytes:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    child.settimeout(left)
    return child.recv(_AT_ONCE)


def _child_of_fork_server() -> socket.socket:
    """Return what a new child listens and talks to; closed, the child ends."""
    ours, theirs = socket.socketpair()
    with theirs, contextlib.ExitStack() as failed:
        failed.callback(ours.close)
        server = _fork_server()
        try:
            socket.send_fds(server, [b"!"], [theirs.fileno()])
        except ConnectionError:  # somebody ended the server
            socket.send_fds(_fork_server(instead_of=server), [b"!"], [theirs.fileno()])
        failed.pop_all()
    return ours


def _fork_server(*, instead_of: socket.socket | None = None) -> socket.socket:
    """Return what this process tells its fork server by. The server ends with the last process that could."""
    global _server
    with _one_at_a_time:
        if _server and _server[0] is instead_of:
            _server[0].close()
            _server[1].kill()
            _server[1].wait()
            _server = None
        if _server is None:
            ours, theirs = socket.socketpair()
            with theirs:
                _server = ours, _start("forkserver", stdin=theirs.fileno(), stdout=subprocess.DEVNULL)
        return _server[0]


def _start(module: str, *, stdin: int, stdout: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-c", _PROGRAM.format(module), _ROOT],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        env=_ALONE | {name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        cwd=os.path.abspath(os.sep),
        start_new_session=True,
    )


def _read_answer(output: bytes, returncode: int) -> tuple[dict[str, Any], bytes]:
    if returncode == -getattr(signal, "SIGXCPU", 0) != 0:
        raise Unreadable(Reason.TIMEOUT, "cpu")
    if returncode == -getattr(signal, "SIGKILL", 0) != 0:  # the system took it, as it does when memory runs out
        raise Unreadable(Reason.BOMB, "killed")
    if returncode != 0:
        raise Unreadable(Reason.CRASHED, f"exit {returncode}")
    line, _, following = output.partition(b"\n")
    try:
        answer: dict[str, Any] = json.loads(line)
    except ValueError as error:
        raise Unreadable(Reason.CRASHED, "answer") from error
    if "unreadable" in answer:
        raise Unreadable(Reason(answer["unreadable"]["reason"]), answer["unreadable"]["detail"])
    return answer, following
