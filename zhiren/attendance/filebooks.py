"""Workbooks (XLSX, XLS) read in a child process: a file of a few bytes may make its reader take all memory, or crash.

The child gets no environment, no network where the system lets it give that up, and only so much memory and time.
"""

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from zhiren.resumes.archives import Limits, inflate, open_archive
from zhiren.resumes.errors import Reason, Unreadable

WALL_SECONDS = 60
MAX_CELLS = 5_000_000
"""How many cells a sheet may span, empty ones included: a workbook may claim billions in a few bytes."""
MAX_ROWS = 1_000_000
MAX_FILLED = 4_000_000
"""How many cells of a workbook may be filled: a month of a hundred thousand people has some three million."""
MAX_TOLD = 256 * 1024 * 1024
"""How many bytes the rows of a workbook may be, as the child tells of them."""

Cell = str | float | bool | datetime | date | time | timedelta

_MEMORY_BYTES, _CPU_SECONDS = 1024 * 1024 * 1024, 30
_ZIP = b"PK\x03\x04"
_WORKBOOK = Limits(members=2_000, member_bytes=200 * 1024 * 1024, total_bytes=400 * 1024 * 1024, ratio=1_000)
_SHEET = re.compile(r"^xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
_CELL_NAME = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_ROOT = str(Path(__file__).resolve().parents[2])
# Isolated mode ignores the environment and the working folder; where the package lies is passed on by hand.
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from zhiren.attendance.filebooks import main; main()"
_PASSED_ON = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
# Values that JSON does not know, by the letter that marks them.
_READERS: dict[str, Callable[[str], Cell]] = {
    "m": datetime.fromisoformat,
    "d": date.fromisoformat,
    "t": time.fromisoformat,
    "s": lambda seconds: timedelta(seconds=float(seconds)),
}


def sheets_of(data: bytes) -> Iterator[tuple[str, list[list[Cell]]]]:
    """Yield the name and all rows of each sheet of a workbook; empty cells at the end of a row are left out.

    Raises:
        Unreadable: `encrypted`, `damaged`, `bomb`, `timeout`, `too_large`, `unsupported` (no workbook).
    """
    name = ""
    rows: list[list[Cell]] | None = None
    for told in _told_by_child(data):
        if isinstance(told, list):
            assert rows is not None  # noqa: S101 - the name of a sheet comes before its rows
            rows.append([_cell(value) for value in told])
        elif "reason" in told:
            raise Unreadable(Reason(told["reason"]), told["detail"])
        else:
            if rows is not None:
                yield name, rows
            name, rows = told["sheet"], []
    if rows is not None:
        yield name, rows


def _told_by_child(data: bytes) -> Iterator[Any]:
    """Yield what the child tells of a workbook, line by line, while it reads on."""
    child = subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-c", _PROGRAM, _ROOT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"OPENBLAS_NUM_THREADS": "1"} | {name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        cwd=os.path.abspath(os.sep),
        start_new_session=True,
    )
    late = threading.Event()

    def end() -> None:
        late.set()
        child.kill()

    alarm = threading.Timer(WALL_SECONDS, end)
    alarm.start()
    assert child.stdin  # noqa: S101 - pipes, as asked for above
    assert child.stdout  # noqa: S101 - as well
    size = 0
    with child:
        try:
            with suppress(BrokenPipeError):  # it has ended already, and says why by how
                child.stdin.write(data)  # all of it is read before the first answer
                child.stdin.close()
            while line := child.stdout.readline(MAX_TOLD):
                size += len(line)
                if size > 2 * MAX_TOLD:  # a child that keeps to its limits tells less
                    raise Unreadable(Reason.TOO_LARGE, "bytes")
                if line.endswith(b"\n"):  # else it was cut off in the middle of it
                    yield json.loads(line)
        finally:
            alarm.cancel()
            if sys.exc_info()[0] is not None:
                child.kill()
    if late.is_set():
        raise Unreadable(Reason.TIMEOUT, "wall")
    if child.returncode == -getattr(signal, "SIGXCPU", 0) != 0:
        raise Unreadable(Reason.TIMEOUT, "cpu")
    if child.returncode != 0:  # what the reader of workbooks does with one that it does not understand
        raise Unreadable(Reason.DAMAGED, f"exit {child.returncode}")


def main() -> None:
    """Read a workbook from stdin and write its rows, or the reason against it, as lines of JSON: the child's work."""
    import python_calamine

    from zhiren.resumes.child import Powers, give_up_powers

    give_up_powers(Powers(memory_bytes=_MEMORY_BYTES, cpu_seconds=_CPU_SECONDS))
    data = sys.stdin.buffer.read()
    answer: dict[str, Any] = {}
    try:
        if data.startswith(_ZIP):
            _check_workbook(data)
        for line in _lines_of(python_calamine.load_workbook(io.BytesIO(data))):
            sys.stdout.buffer.write(line)
    except Unreadable as error:
        answer = {"reason": error.reason.value, "detail": error.detail}
    except python_calamine.PasswordError:
        answer = {"reason": Reason.ENCRYPTED.value, "detail": "workbook"}
    except (python_calamine.CalamineError, zipfile.BadZipFile, ValueError, OSError):
        answer = {"reason": Reason.DAMAGED.value, "detail": "workbook"}
    except MemoryError:
        answer = {"reason": Reason.BOMB.value, "detail": "memory"}
    if answer:
        sys.stdout.buffer.write(json.dumps(answer).encode("ascii") + b"\n")


def _lines_of(book: Any) -> Iterator[bytes]:
    """Yield the name of each sheet and its rows as lines, and stop at what is more than anybody's month."""
    rows = cells = size = 0
    for name in book.sheet_names:
        yield json.dumps({"sheet": name}).encode("ascii") + b"\n"
        sheet = book.get_sheet_by_name(name)
        before = [""] * (sheet.start[1] if sheet.start else 0)
        for found in sheet.iter_rows():
            row = [_plain(cell) for cell in found]
            while row and row[-1] == "":
                row.pop()
            line = json.dumps(before + row if row else []).encode("ascii") + b"\n"
            rows, cells, size = rows + 1, cells + sum(cell != "" for cell in row), size + len(line)
            for what, much, most in (("rows", rows, MAX_ROWS), ("cells", cells, MAX_FILLED), ("bytes", size, MAX_TOLD)):
                if much > most:
                    raise Unreadable(Reason.TOO_LARGE, what)
            yield line


def _plain(cell: Cell) -> Any:
    if isinstance(cell, datetime):
        return ["m", cell.isoformat()]
    if isinstance(cell, date):
        return ["d", cell.isoformat()]
    if isinstance(cell, time):
        return ["t", cell.isoformat()]
    return ["s", str(cell.total_seconds())] if isinstance(cell, timedelta) else cell


def _cell(value: Any) -> Cell:
    found: Cell = _READERS[value[0]](value[1]) if isinstance(value, list) else value
    return found


def _check_workbook(data: bytes) -> None:
    """Refuse an archive that is no workbook, or whose sheets would not fit into memory."""
    with open_archive(data, limits=_WORKBOOK) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            raise Unreadable(Reason.UNSUPPORTED, "no workbook")
        left = _WORKBOOK.total_bytes
        for info in archive.infolist():
            if info.filename.endswith("/"):
                continue
            content = inflate(archive, info, limits=_WORKBOOK, left=left)
            left -= len(content)
            if _SHEET.match(info.filename):
                _check_span(content)


def _check_span(sheet: bytes) -> None:
    width = height = 0
    for match in _CELL_NAME.finditer(sheet):
        column = 0
        for letter in match[1]:
            column = column * 26 + letter - 64
        width, height = max(width, column), max(height, int(match[2]))
        if width * height > MAX_CELLS:
            raise Unreadable(Reason.BOMB, "cells")
