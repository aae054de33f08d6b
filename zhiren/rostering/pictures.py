"""The picture of a shift's day: stretches of work and breaks along 24 or 48 hours. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from zhiren.rostering import plans

_DAY = 24 * 60


@dataclass(frozen=True)
class Bar:
    """A stretch of the picture: what it shows, where it begins and how long it is, in thousandths of the width."""

    kind: str
    x: int
    width: int
    title: str


@dataclass(frozen=True)
class Picture:
    """A day as bars along an axis of hours; `minutes` is what the shift plans."""

    bars: Sequence[Bar]
    ticks: Sequence[tuple[int, str]]
    minutes: int


def of_shift(shift: plans.Shift) -> Picture:
    """Return the picture of a shift: over two days only if it reaches into the second."""
    latest = max([one.end for one in shift.segments], default=_DAY)
    whole = _DAY if latest <= _DAY else 2 * _DAY
    bars = []
    for segment in shift.segments:
        early, late = shift.policy.flex_early // 60, shift.policy.flex_late // 60
        if shift.kind == plans.Kind.FLEXIBLE and (early or late):
            bars.append(_bar("flex", segment.start - early, segment.end + late, whole))
        bars.append(_bar("work", segment.start, segment.end, whole))
        bars += [_bar("break", since, until, whole) for since, until in segment.breaks]
    if shift.core:
        bars.append(_bar("core", *shift.core, whole))
    step = 6 * 60
    ticks = [(minute * 1000 // whole, f"{minute // 60:02d}:00") for minute in range(0, whole + 1, step)]
    return Picture(bars, ticks, plans.planned_minutes(shift))


def _bar(kind: str, since: int, until: int, whole: int) -> Bar:
    title = f"{since // 60:02d}:{since % 60:02d}–{until // 60:02d}:{until % 60:02d}"
    return Bar(kind, since * 1000 // whole, max((until - since) * 1000 // whole, 2), title)
