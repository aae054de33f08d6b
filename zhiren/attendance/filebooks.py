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
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from zhiren.resumes.archives import Limits, inflate, open_archive
from zhiren.resumes.errors import Reason, Unreadable

WALL_SECONDS = 60
MAX_CELLS = 5_000_000
"""How many cells a sheet may span, empty ones included: a workbook may claim billions in a few bytes."""

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
    """Yield the name and all rows of each sheet of a workbook.

    Raises:
        Unreadable: `encrypted`, `damaged`, `bomb`, `timeout`, `unsupported` (no workbook).
    """
    child = subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-c", _PROGRAM, _ROOT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"OPENBLAS_NUM_THREADS": "1"} | {name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        cwd=os.path.abspath(os.sep),
        start_new_session=True,
    )
    with child:
        try:
            output, _ = child.communicate(data, timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise Unreadable(Reason.TIMEOUT, "wall") from error
        finally:
            child.kill()
    if child.returncode == -getattr(signal, "SIGXCPU", 0) != 0:
        raise Unreadable(Reason.TIMEOUT, "cpu")
    if child.returncode != 0:  # what the reader of workbooks does with one that it does not understand
        raise Unreadable(Reason.DAMAGED, f"exit {child.returncode}")
    answer = json.loads(output)
    if "reason" in answer:
        raise Unreadable(Reason(answer["reason"]), answer["detail"])
    for name, rows in answer["sheets"]:
        yield name, [[_cell(value) for value in row] for row in rows]


def main() -> None:
    """Read a workbook from stdin and write its sheets, or the reason against it, as JSON: the program of the child."""
    import python_calamine

    from zhiren.resumes.child import Powers, give_up_powers

    give_up_powers(Powers(memory_bytes=_MEMORY_BYTES, cpu_seconds=_CPU_SECONDS))
    data = sys.stdin.buffer.read()
    answer: dict[str, Any]
    try:
        if data.startswith(_ZIP):
            _check_workbook(data)
        book = python_calamine.load_workbook(io.BytesIO(data))
        sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
        answer = {
            "sheets": [
                (name, [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)])
                for name, sheet in sheets
            ]
        }
    except Unreadable as error:
        answer = {"reason": error.reason.value, "detail": error.detail}
    except python_calamine.PasswordError:
        answer = {"reason": Reason.ENCRYPTED.value, "detail": "workbook"}
    except (python_calamine.CalamineError, zipfile.BadZipFile, ValueError, OSError):
        answer = {"reason": Reason.DAMAGED.value, "detail": "workbook"}
    except MemoryError:
        answer = {"reason": Reason.BOMB.value, "detail": "memory"}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


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
