"""The program of the child process: one order and one file in on stdin, one answer out on stdout.

It gives away what it does not need before it looks at the bytes: memory, time, new files, new processes, the network.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiren.resumes.errors import Reason, Unreadable


@dataclass(frozen=True, slots=True)
class Powers:
    """What a child may use."""

    memory_bytes: int
    cpu_seconds: int


READING = Powers(memory_bytes=512 * 1024 * 1024, cpu_seconds=10)
# Address space, of which a third is used; each page of a scan takes about five seconds.
READING_PICTURES = Powers(memory_bytes=3 * 1024 * 1024 * 1024, cpu_seconds=120)
_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "shutil.")


def main() -> None:
    """Read a header line (the order as JSON) and the file from stdin; write an answer line and what follows it."""
    order = json.loads(sys.stdin.buffer.readline())
    if order["do"] == "render":  # all that reads, and knows words, takes longer to load than a page to draw
        from zhiren.resumes import pages
    else:
        from zhiren.resumes.pipeline import parse, parse_pictures
    if order["do"] == "parse_pictures":
        from zhiren.resumes import ocr

        ocr.engine()  # it reads its models, which this process may do for the last time
        give_up_powers(READING_PICTURES)
    else:
        give_up_powers(READING)  # our own code is loaded by now, and nothing of the file is read yet
    data = sys.stdin.buffer.read()
    models = Path(order["models"]) if order.get("models") else None
    answer: dict[str, Any]
    following = b""
    try:
        if order["do"] == "render":
            following = pages.render_page(data, order["filename"], page=order["page"], width=order["width"])
            answer = {"bytes": len(following)}
        elif order["do"] == "parse_pictures":
            answer = {"resume": parse_pictures(data, models=models).to_json()}
        else:
            answer = {"resume": parse(data, order["filename"], models=models).to_json()}
    except Unreadable as error:
        answer = {"unreadable": {"reason": error.reason.value, "detail": error.detail}}
    except (MemoryError, RecursionError) as error:
        answer = {"unreadable": {"reason": Reason.BOMB.value, "detail": type(error).__name__}}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii") + b"\n" + following)


def give_up_powers(left: Powers) -> None:
    """Limit this process for good. What the operating system does not know is left out."""
    with contextlib.suppress(ImportError):
        _limit_resources(left)
    if sys.platform == "linux":
        _leave_the_network()
    sys.addaudithook(_refuse_forbidden)


def _limit_resources(left: Powers) -> None:
    import resource

    for limit, amount in (
        (resource.RLIMIT_AS, (left.memory_bytes, left.memory_bytes)),
        (
            resource.RLIMIT_CPU,
            (left.cpu_seconds, left.cpu_seconds + 1),
        ),  # the soft limit is the one that can be told apart
        (resource.RLIMIT_FSIZE, (0, 0)),
        (resource.RLIMIT_CORE, (0, 0)),
        (resource.RLIMIT_NOFILE, (64, 64)),
        (resource.RLIMIT_NPROC, (0, 0)),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, amount)


def _leave_the_network() -> None:
    """Move into an empty network of our own; where the kernel forbids it, the audit hook remains."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_NETWORK) != 0:
        libc.unshare(_NEW_USER | _NEW_NETWORK)


def _refuse_forbidden(event: str, args: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN) or (event == "open" and _is_writing(args[1], args[2])):
        raise PermissionError(event)


def _is_writing(mode: object, flags: object) -> bool:
    if isinstance(mode, str):
        return not set(mode).isdisjoint("wax+")
    return isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) != 0
