"""First signs in somebody's attendance, held against their own past. Pure: they ask for a talk, and never judge."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from statistics import median

# A change is looked for in the newest days against those before; fewer tell nothing.
RECENT, FEWEST_BEFORE, MOST_BEFORE = 10, 20, 60


@dataclass(frozen=True)
class Drift:
    """A change of arrival: by how many minutes the usual one moved, and how likely chance alone would look so."""

    minutes: int
    chance: float


def late_from_the_start(late: Sequence[bool], *, days: int) -> bool:
    """Tell whether somebody was late on each of their first planned days; `late` holds those that are over, in order.

    >>> late_from_the_start([True] * 5, days=5), late_from_the_start([True] * 4, days=5)
    (True, False)
    """
    return len(late) >= days and all(late[:days])


def drift(arrivals: Sequence[float], *, least_minutes: float, chance: float) -> Drift | None:
    """Return how arrival changed for the later, if that is neither chance nor small; None otherwise.

    `arrivals` are minutes after the expected start, a day each, oldest first. The newest ten are compared with up to
    sixty before them by the rank-sum test of Mann, Whitney and Wilcoxon (one-sided, normal approximation with ties),
    which asks nothing of how arrivals are spread and lets one very late day weigh no more than any other.
    """
    before, recent = arrivals[-RECENT - MOST_BEFORE : -RECENT], arrivals[-RECENT:]
    if len(recent) < RECENT or len(before) < FEWEST_BEFORE:
        return None
    moved = median(recent) - median(before)
    likely = _rank_sum(before, recent)
    return Drift(round(moved), likely) if moved >= least_minutes and likely <= chance else None


def _rank_sum(before: Sequence[float], recent: Sequence[float]) -> float:
    """Return how likely ranks as high as those of `recent` are if both were drawn alike.

    >>> round(_rank_sum([0.0] * 20, [0.0] * 10), 2)
    0.5
    """
    everything = sorted([*((value, 0) for value in before), *((value, 1) for value in recent)])
    ranks, ties, start, count = 0.0, 0, 0, len(everything)
    while start < count:
        end = start
        while end < count and everything[end][0] == everything[start][0]:
            end += 1
        size = end - start
        ranks += sum(one for _value, one in everything[start:end]) * (start + end + 1) / 2
        ties += size**3 - size
        start = end
    few, many = len(recent), len(before)
    expected = few * (count + 1) / 2
    variance = few * many / 12 * (count + 1 - ties / (count * (count - 1)))
    if variance <= 0:
        return 0.5
    return erfc((ranks - expected - 0.5) / sqrt(variance) / sqrt(2)) / 2 if ranks != expected else 0.5
