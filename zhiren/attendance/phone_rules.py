"""When a punch was made without a network, and what speaks against believing it: pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Two clocks that differ by more were not both left alone.
DISAGREE = timedelta(minutes=2)
# What comes later than this is looked at by somebody.
LATE = timedelta(hours=72)
CLOCK, LATE_NEWS, ORDER, GAP = "clock", "late", "order", "gap"


@dataclass(frozen=True)
class Told:
    """What a phone tells of a punch made without a network.

    `stamped_at` is the server's time when the two last spoke, `met` what the phone's clock showed then, `made` what it
    showed at the punch. `elapsed` is the time between, by a clock that nobody can set; None if the page was closed or
    hidden meanwhile.
    """

    stamped_at: datetime
    met: datetime
    made: datetime
    elapsed: timedelta | None


@dataclass(frozen=True)
class Judged:
    """When a punch was made as far as can be known, and what speaks against it."""

    at: datetime
    doubts: tuple[str, ...]


def judged(told: Told, *, shown: datetime, received_at: datetime) -> Judged:
    """Return when a punch was made; `shown` is what the phone's clock showed when it was sent.

    The server's time is the truth: its last stamp and the time since then by the steady clock, else by the phone's
    own, put right by how far off it was when the two last spoke. A phone's clock that was not always equally far off
    was set; a moment before the stamp, or still to come, cannot be.
    """
    by_clock = told.made + (told.stamped_at - told.met)
    at = by_clock if told.elapsed is None else told.stamped_at + told.elapsed
    doubts = []
    moved = (received_at - shown) - (told.stamped_at - told.met) if told.elapsed is None else at - by_clock
    if abs(moved) > DISAGREE:
        doubts.append(CLOCK)
    if not told.stamped_at - DISAGREE <= at <= received_at + DISAGREE:
        doubts.append(ORDER)
    if received_at - at > LATE:
        doubts.append(LATE_NEWS)
    return Judged(min(at, received_at), tuple(doubts))
