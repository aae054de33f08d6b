"""What to think of devices and places: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from math import asin, cos, radians, sin, sqrt
from typing import Any

# Punches are judged by the minute: a clock is off when it is by more than that.
OFF_S = 90
_LATE_S = 600
_HOUR, _NEAR = 3600, 300
_EARTH_M = 6_371_000
# Two punches that tell of a clock, and not of an outage after which all came at once, came so far apart, and as late
# within so many seconds.
_APART, _ALIKE_S = timedelta(seconds=60), 30


@dataclass(frozen=True)
class Doubt:
    """A punch that came late at a moment, by so many seconds below zero: its clock is behind, or it had to wait."""

    seconds: int
    at: datetime


def clock_off(seen: int, known: int | None, doubt: Doubt | None, at: datetime) -> tuple[int | None, Doubt | None]:
    """Return by how many seconds a clock is taken to be ahead, now that a punch came that shows `seen`, and what stays
    in doubt.

    What seems behind may have waited for the network. It is believed where it is by whole hours, as of a clock in a
    wrong zone, where it was known to be so, or where another punch came just as late some time before.
    """
    if seen >= -OFF_S or (abs(seen - hours_off(seen) * _HOUR) <= OFF_S and hours_off(seen)):
        return seen, None
    if known is not None and abs(seen - known) <= _ALIKE_S:
        return seen, None
    if doubt is not None and at - doubt.at < _APART:
        return known, doubt
    return (seen, None) if doubt and abs(seen - doubt.seconds) <= _ALIKE_S else (known, Doubt(seen, at))


def is_off(seconds: int) -> bool:
    """Tell whether a clock that is ahead by so many seconds must be put right.

    >>> is_off(-7200), is_off(30)
    (True, False)
    """
    return abs(seconds) > OFF_S


def hours_off(seconds: int) -> int:
    """Return by how many whole hours a clock is ahead, as one in a wrong zone is; 0 if it is off otherwise.

    >>> hours_off(7205), hours_off(1800)
    (2, 0)
    """
    hours = round(seconds / _HOUR)
    return hours if hours and abs(seconds - hours * _HOUR) < _NEAR else 0


def lag(seconds: int, clock_off: int) -> int:
    """Return how late a punch came, by what its clock showed and by how much that is off where it is; 0 at least.

    >>> lag(30, 0), lag(-7150, 7200), lag(-5, 0)
    (30, 50, 0)
    """
    return max(seconds + (clock_off if is_off(clock_off) else 0), 0)


def is_late(seconds: int) -> bool:
    """Tell whether punches come so late that somebody should know: what a page shows is not yet all.

    >>> is_late(3600), is_late(20)
    (True, False)
    """
    return seconds > _LATE_S


def place_of_network(places: Sequence[Mapping[str, Any]], address: str) -> str:
    """Return the name of the place from whose network somebody calls; nothing if it is none of theirs.

    >>> place_of_network([{"name": "Store", "networks": ["203.0.113.0/24"]}], "203.0.113.7")
    'Store'
    """
    try:
        caller = ip_address(address)
    except ValueError:
        return ""
    found = (place for place in places for network in place.get("networks", ()) if caller in ip_network(network))
    return next((str(place["name"]) for place in found), "")


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two places (latitude, longitude in degrees), in metres, on the surface of a sphere.

    >>> round(metres_between((31.2304, 121.4737), (31.2314, 121.4737)))
    111
    """
    (lat, lon), (other_lat, other_lon) = (tuple(map(radians, place)) for place in (one, other))
    half = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
    return 2 * _EARTH_M * asin(sqrt(min(half, 1.0)))
