"""The calendar feed: shifts beside leave, read as strictly as calendars read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tests.factories import MONDAY, SYSTEM, actor_of, make_user
from tests.factories.attendance import NIGHT, make_group, make_shift, make_worker, wall
from tests.factories.leave import make_type
from zhiren.access.models import User
from zhiren.approvals import queries as approvals
from zhiren.approvals import services as approving
from zhiren.leave import services
from zhiren.leave.counting import Wish
from zhiren.people.models import Employment
from zhiren.plumbing import clock
from zhiren.plumbing.jobs import run_due
from zhiren.rostering import services as rostering

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 17)
SPLIT: dict[str, Any] = {"kind": 1, "segments": [{"start": 600, "end": 840}, {"start": 1020, "end": 1260}]}
FREE: dict[str, Any] = {"kind": 4, "target": 28800}


@dataclass(frozen=True)
class Event:
    """An event as a calendar reads it."""

    uid: str
    starts: datetime | date
    ends: datetime | date
    summary: str
    sequence: int | None
    changed: datetime | None
    is_free: bool


_MOMENT = re.compile(r"\d{8}T\d{6}Z")
_EACH = {"UID", "DTSTAMP", "SUMMARY", "TRANSP", "CLASS"}


def read(text: str) -> list[Event]:
    """Read a feed by RFC 5545, refusing whatever it does not allow."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    raw = text.split("\r\n")[:-1]
    assert all(len(line.encode()) <= 75 for line in raw)
    lines: list[str] = []
    for line in raw:
        if line.startswith(" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert {"VERSION:2.0"} <= set(lines)
    events, now = [], None
    for line in lines[1:-1]:
        if line == "BEGIN:VEVENT":
            assert now is None
            now = {}
        elif line == "END:VEVENT":
            assert now is not None
            events.append(_event(now))
            now = None
        elif now is not None:
            key, value = line.split(":", 1)
            assert key not in now
            now[key] = value
    assert now is None
    assert len({event.uid for event in events}) == len(events)
    return events


def _event(said: dict[str, str]) -> Event:
    assert said.keys() >= _EACH
    assert _MOMENT.fullmatch(said["DTSTAMP"])
    starts, ends = (_when(said, key) for key in ("DTSTART", "DTEND"))
    assert type(starts) is type(ends)
    assert starts < ends  # type: ignore[operator]  # of one type
    changed = said.get("LAST-MODIFIED")
    return Event(
        said["UID"], starts, ends, re.sub(r"\\([;,\\])", r"\1", said["SUMMARY"]),
        int(said["SEQUENCE"]) if "SEQUENCE" in said else None, _moment(changed) if changed else None,
        said["TRANSP"] == "TRANSPARENT",
    )  # fmt: skip


def _when(said: dict[str, str], key: str) -> datetime | date:
    if key in said:
        return _moment(said[key])
    return datetime.strptime(said[f"{key};VALUE=DATE"], "%Y%m%d").replace(tzinfo=UTC).date()


def _moment(text: str) -> datetime:
    assert _MOMENT.fullmatch(text)
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def make(definition: dict[str, Any] | None = None, **given: Any) -> Employment:
    return make_worker(definition, user=make_user("employee", **given.pop("owner", {})), **given)


def feed(worker: Employment, at: datetime = MONDAY) -> list[Event]:
    owner = actor_of(User.objects.get(pk=worker.user_id))
    token = services.make_calendar_link(actor=owner, at=at, employment_id=worker.pk)
    with clock.travel(at):
        answer = Client().get(f"/leave/calendar/{token}.ics")
    assert answer.status_code == 200
    return read(answer.content.decode())


def on(events: list[Event], day: date = TUESDAY) -> list[Event]:
    return [event for event in events if f"-{day:%Y%m%d}-" in event.uid]


class TestShifts:
    def test_are_there_two_weeks_back_and_sixty_days_ahead(self) -> None:
        days = [event.starts.date() for event in feed(make()) if isinstance(event.starts, datetime)]

        assert (min(days), max(days)) == (date(2026, 11, 2), date(2027, 1, 15))
        assert date(2026, 11, 21) not in days

    def test_over_midnight_end_on_the_next_day(self) -> None:
        [night] = on(feed(make(NIGHT, pattern=[True] * 7, follows_holidays=False)))

        assert (night.starts, night.ends) == (wall("2026-11-17 22:00"), wall("2026-11-18 06:00"))

    def test_are_right_when_the_clock_changes(self) -> None:
        berlin = ZoneInfo("Europe/Berlin")
        worker = make(pattern=[True] * 7, follows_holidays=False, zone="Europe/Berlin", region="DE")

        events = feed(worker, wall("2026-10-20 12:00", berlin))

        before, after = on(events, date(2026, 10, 24))[0], on(events, date(2026, 10, 25))[0]
        assert (before.starts.hour, after.starts.hour) == (7, 8)  # type: ignore[union-attr]  # moments
        assert after.starts == wall("2026-10-25 09:00", berlin)

    def test_that_are_split_are_two_events(self) -> None:
        first, second = on(feed(make(SPLIT)))

        assert (first.starts, second.starts) == (wall("2026-11-17 10:00"), wall("2026-11-17 17:00"))
        assert first.summary == second.summary

    def test_without_hours_stand_on_the_date_and_leave_it_free(self) -> None:
        [free] = on(feed(make(FREE)))

        assert (free.starts, free.ends, free.is_free) == (TUESDAY, date(2026, 11, 18), True)
        assert "8" in free.summary

    def test_end_with_the_employment(self) -> None:
        worker = make()
        Employment.objects.filter(pk=worker.pk).update(to_on=TUESDAY)

        assert max(event.starts.date() for event in feed(worker) if isinstance(event.starts, datetime)) == TUESDAY

    def test_are_called_as_their_owner_speaks(self) -> None:
        shift = make_shift(name_en="Early; first, of all")
        worker = make(owner={"language": "en"})
        group = make_group(worker, shift)
        rostering.place(actor=SYSTEM, at=MONDAY, employment_id=worker.pk, group_id=group.pk, from_on=TUESDAY)

        assert on(feed(worker))[0].summary == "Early; first, of all"


class TestChanges:
    def test_keep_the_uid_and_raise_the_sequence(self) -> None:
        worker, late = make(), make_shift({"kind": 1, "segments": [{"start": 840, "end": 1320}]})
        [before] = on(feed(worker))
        later = MONDAY + timedelta(hours=3)
        rostering.assign(actor=SYSTEM, at=later, employment_id=worker.pk, on=TUESDAY, shift_id=late.pk)

        [after] = on(feed(worker, later))

        assert (after.uid, after.starts) == (before.uid, wall("2026-11-17 14:00"))
        assert after.changed == later
        assert before.sequence is not None
        assert after.sequence is not None
        assert after.sequence > before.sequence

    def test_go_up_when_a_change_is_taken_back(self) -> None:
        worker, late = make(), make_shift({"kind": 1, "segments": [{"start": 840, "end": 1320}]})
        later, latest = MONDAY + timedelta(hours=3), MONDAY + timedelta(hours=5)
        rostering.assign(actor=SYSTEM, at=later, employment_id=worker.pk, on=TUESDAY, shift_id=late.pk)
        [changed] = on(feed(worker, later))
        rostering.let_group_plan(actor=SYSTEM, at=latest, employment_id=worker.pk, on=TUESDAY)

        [back] = on(feed(worker, latest))

        assert back.starts == wall("2026-11-17 09:00")
        assert (back.sequence or 0) > (changed.sequence or 0)

    def test_go_up_when_another_group_plans(self) -> None:
        worker = make()
        [before] = on(feed(worker))
        later = MONDAY + timedelta(hours=3)
        group = make_group(worker, make_shift(SPLIT))
        rostering.place(actor=SYSTEM, at=later, employment_id=worker.pk, group_id=group.pk, from_on=TUESDAY)

        after = on(feed(worker, later))

        assert [event.changed for event in after] == [later, later]
        assert after[0].uid == before.uid


class TestLeave:
    def take(self, worker: Employment, **given: Any) -> None:
        leave_type = make_type(needs_balance=False, unit="hour")
        leave = services.ask_leave(
            actor=SYSTEM, at=MONDAY, employment_id=worker.pk, type_id=leave_type.pk,
            wish=Wish(from_on=TUESDAY, to_on=TUESDAY, **given),
        )  # fmt: skip
        request = approvals.requests_of(services.KIND, [leave.pk])[leave.pk]
        for user in User.objects.filter(grants__role="hr_manager"):
            approving.decide_request(actor=actor_of(user), at=MONDAY, request_id=request.pk, approves=True)
        run_due(MONDAY)

    def test_takes_the_place_of_the_shift(self) -> None:
        worker = make()
        make_user("hr_manager", scope="all")
        self.take(worker)

        events = feed(worker)

        assert on(events) == []
        assert [event.starts for event in events if "shift-" not in event.uid] == [TUESDAY]

    def test_of_some_hours_leaves_the_rest(self) -> None:
        worker = make()
        make_user("hr_manager", scope="all")
        self.take(worker, until_midday=True)

        [rest] = on(feed(worker))

        assert rest.ends == wall("2026-11-17 18:00")
        assert wall("2026-11-17 12:00") <= rest.starts <= wall("2026-11-17 14:00")  # type: ignore[operator]  # a moment
