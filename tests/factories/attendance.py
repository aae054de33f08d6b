"""Make shifts, groups, people who work by them, and their punches."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.factories import MONDAY, SYSTEM, make_employment
from zhiren.attendance import services
from zhiren.attendance.services import Incoming, Taken
from zhiren.people.models import Employment
from zhiren.rostering import services as rostering
from zhiren.rostering.models import Group, Shift

SHANGHAI = ZoneInfo("Asia/Shanghai")
_count = itertools.count(1)
LONG_AGO = date(2026, 1, 1)
# Late enough that few days without a punch come before those of a test.
PLACED_ON = date(2026, 10, 1)
WEEKDAYS = 5
_WAY = (
    "follows_holidays", "zone", "region", "places", "regime", "period", "agreed", "preset", "own_days", "corrections",
)  # fmt: skip
# Nine to six with an hour's break; a quarter of an hour late is serious, two hours are an absence.
OFFICE: dict[str, Any] = {
    "kind": 1,
    "segments": [{"start": 540, "end": 1080, "breaks": [[720, 780]]}],
    "policy": {"dup": 120, "grace_in": 300, "serious_after": 900, "late_absent_after": 7200, "ot_mode": 1},
}
NIGHT: dict[str, Any] = {
    "kind": 1,
    "segments": [{"start": 1320, "end": 1800, "before": 7200, "after": 14400}],
    "night": [1320, 1800],
    "policy": {"dup": 120},
}


def make_shift(definition: dict[str, Any] | None = None, *, valid_from: date = LONG_AGO, **given: Any) -> Shift:
    """Return a shift that says this from a date on; nine to six unless told otherwise."""
    return rostering.publish_shift(
        actor=SYSTEM,
        at=given.pop("at", MONDAY),
        name=f"白班 {next(_count)}",
        definition=definition or OFFICE,
        valid_from=valid_from,
        **given,
    ).shift


def make_group(employment: Employment, shift: Shift | None = None, **given: Any) -> Group:
    """Return a group of somebody's entity that works a shift from Monday to Friday."""
    shift = shift or make_shift()
    way = {
        "pattern": [shift.pk] * WEEKDAYS + [None, None],
        "pattern_from": date(2026, 1, 5),
        "zone": "Asia/Shanghai",
        **given,
    }
    return rostering.publish_group(
        actor=SYSTEM,
        at=MONDAY,
        entity_id=employment.entity_id,
        name=f"总部 {next(_count)}",
        way=rostering.Way(**way),
        valid_from=LONG_AGO,
    ).group


def make_worker(definition: dict[str, Any] | None = None, **given: Any) -> Employment:
    """Return somebody who works a shift from Monday to Friday since autumn, nine to six unless told otherwise."""
    given_on = given.pop("placed_on", None)
    group_of = {name: given.pop(name) for name in _WAY if name in given}
    pattern_of = given.pop("pattern", None)
    employment = make_employment(given.pop("user", None), **given)
    shift = make_shift(definition)
    if pattern_of:
        group_of["pattern"] = [shift.pk if works else None for works in pattern_of]
    group = make_group(employment, shift, **group_of)
    rostering.place(
        actor=SYSTEM,
        at=MONDAY,
        employment_id=employment.pk,
        group_id=group.pk,
        from_on=max(given_on or PLACED_ON, employment.from_on),
    )
    return employment


def wall(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """Return the moment at which a clock shows a text such as "2026-11-16 08:58"."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def punch(employment: Employment, *times: str, at: datetime, zone: ZoneInfo = SHANGHAI) -> Taken:
    """Have somebody punch at these wall times, told at `at`, and compute what that touches."""
    taken = services.take_punches(at=at, punches=list(incoming(employment, times, zone)))
    services.compute_now(at=at, taken=taken)
    return taken


def incoming(employment: Employment, times: Sequence[str], zone: ZoneInfo = SHANGHAI) -> Iterable[Incoming]:
    """Yield punches as a source tells of them, keyed by badge and time."""
    for text in times:
        yield Incoming(
            key=f"test:{employment.pk}:{text}",
            at=wall(text, zone),
            zone=zone.key,
            source="api",
            employment_id=employment.pk,
        )
