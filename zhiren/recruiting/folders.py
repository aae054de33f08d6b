"""A folder of résumés, brought in from the command line: counted, interruptible, and the same files never twice."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from zhiren.kernel.actors import Actor
from zhiren.plumbing.models import one
from zhiren.recruiting import intake, queries
from zhiren.recruiting.models import IntakeFile, Opening

# A larger file is nobody's résumé; it is named in the summary and left where it is.
MOST_BYTES = intake.MOST_MEGABYTES * 1_000_000


@dataclass
class Summary:
    """What came of a folder: files looked at, and how many of them (with those in ZIPs) led where.

    `known` are candidates who were there before; `again` are files that this opening was given before; `left` are the
    paths that could not be read from the disk, each with the reason.
    """

    looked_at: int = 0
    candidates: int = 0
    known: int = 0
    tasks: int = 0
    again: int = 0
    left: list[tuple[Path, str]] = field(default_factory=list)


def files_in(folder: Path) -> list[Path]:
    """Return every file in a folder and below it, in order, without the hidden ones."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def find_opening(actor: Actor, named: str) -> Opening:
    """Return the opening this actor may fill that has this slug or id; NotFound if there is none."""
    rows = queries.openings_taking_candidates(actor)
    return rows.filter(slug=named).first() or one(rows, named)


def bring_in(
    *, actor: Actor, opening_id: UUID, paths: Iterable[Path], now: Callable[[], datetime], summary: Summary
) -> Iterator[Path]:
    """Bring in file after file, and read each before the next; yield each path when it is done.

    Whatever moment it is cut off at: what was kept stays, what was kept and not read is read by the worker, or by
    giving the same folder again.
    """
    intake_id: UUID | None = None
    for path in paths:
        summary.looked_at += 1
        try:
            size = path.stat().st_size
            data = path.read_bytes() if size <= MOST_BYTES else b""
        except OSError as error:
            summary.left.append((path, error.strerror or type(error).__name__))
            yield path
            continue
        if size > MOST_BYTES:
            summary.left.append((path, f"larger than {intake.MOST_MEGABYTES} MB"))
            yield path
            continue
        started, new, before = intake.take_more(
            actor=actor, at=now(), opening_id=opening_id, files=[(path.name, data)], intake_id=intake_id
        )
        intake_id = started.pk if started else intake_id
        for row in new:
            _read(row, now=now, summary=summary)
        for row in before:
            if row.state == IntakeFile.State.WAITING:  # an earlier run was cut off before it was read
                _read(row, now=now, summary=summary)
            else:
                summary.again += 1
        yield path


def _read(row: IntakeFile, *, now: Callable[[], datetime], summary: Summary) -> None:
    """Read a file, and count where it led."""
    intake.read_file(at=now(), intake_file_id=row.pk)
    row.refresh_from_db()
    if row.state == IntakeFile.State.UNREADABLE:
        summary.tasks += 1
    elif row.application_id and row.was_known:
        summary.known += 1
    elif row.application_id:
        summary.candidates += 1
