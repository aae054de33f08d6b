"""What is strange in a file of punches, so that a person looks before it counts. Pure; nothing is left out for it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from zhiren.attendance.files import Punch

NEAR = timedelta(seconds=60)
QUIET_DAYS = 4
FAR_BACK = timedelta(days=3652)
_BACK = timedelta(minutes=1)
_IN_ORDER = 0.95  # of the lines: then the file is as the clock wrote it, and a step back is the clock's


@dataclass(frozen=True, slots=True)
class Double:
    """One person, one time, several lines."""

    badge: str
    at: datetime
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Jump:
    """A clock that was set back: the line on which it shows, and the times before and after."""

    line: int
    before: datetime
    after: datetime


@dataclass(frozen=True)
class Oddities:
    """What is strange in the punches of a file.

    `near` are lines of a second punch of somebody within a minute, `quiet` first and last dates without any punch
    at all, `names` the badges that have more than one name, `badges` the names that have more than one badge.
    """

    doubles: tuple[Double, ...]
    near: tuple[int, ...]
    quiet: tuple[tuple[date, date], ...]
    future: tuple[int, ...]
    far_back: tuple[int, ...]
    names: dict[str, tuple[str, ...]]
    badges: dict[str, tuple[str, ...]]
    jumps: tuple[Jump, ...]


def oddities_of(punches: Sequence[Punch], *, now: datetime) -> Oddities:
    """Return what is strange in punches in the order of their file; `now` is the local wall time of the clocks."""
    lines_of: dict[tuple[str, datetime], list[int]] = defaultdict(list)
    names: dict[str, set[str]] = defaultdict(set)
    badges: dict[str, set[str]] = defaultdict(set)
    for punch in punches:
        lines_of[punch.badge, punch.at].append(punch.line)
        if punch.name:
            names[punch.badge].add(punch.name)
            badges[punch.name].add(punch.badge)
    return Oddities(
        doubles=tuple(Double(badge, at, tuple(lines)) for (badge, at), lines in lines_of.items() if len(lines) > 1),
        near=_near(punches),
        quiet=_quiet({punch.at.date() for punch in punches if now - FAR_BACK <= punch.at <= now}),
        future=tuple(punch.line for punch in punches if punch.at > now),
        far_back=tuple(punch.line for punch in punches if punch.at < now - FAR_BACK),
        names=_several(names),
        badges=_several(badges),
        jumps=_jumps(punches),
    )


def _near(punches: Iterable[Punch]) -> tuple[int, ...]:
    found = []
    for one, other in pairwise(sorted(punches, key=lambda punch: (punch.badge, punch.at, punch.line))):
        if one.badge == other.badge and timedelta() < other.at - one.at < NEAR:
            found.append(other.line)
    return tuple(sorted(found))


def _quiet(dates: set[date]) -> tuple[tuple[date, date], ...]:
    day = timedelta(days=1)
    return tuple((one + day, other - day) for one, other in pairwise(sorted(dates)) if (other - one).days > QUIET_DAYS)


def _jumps(punches: Sequence[Punch]) -> tuple[Jump, ...]:
    """Return the steps back of a file that else ascends; several times of one line are one person's day, no step."""
    steps = [(one, other) for one, other in pairwise(punches) if one.line != other.line]
    ascending = sum(one.at <= other.at for one, other in steps)
    if not steps or ascending < len(steps) * _IN_ORDER:
        return ()
    return tuple(Jump(other.line, one.at, other.at) for one, other in steps if one.at - other.at > _BACK)


def _several(found: dict[str, set[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(sorted(values)) for key, values in sorted(found.items()) if len(values) > 1}
