"""When somebody is to work, for counting leave."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.factories import MONDAY, SYSTEM, make_employment
from tests.factories.leave import Company
from zhiren.leave import queries
from zhiren.leave.planned import planned_work
from zhiren.leave.rules import DAY
from zhiren.people.models import Employment
from zhiren.rostering import services as rostering

SATURDAY, SUNDAY = date(2026, 11, 21), date(2026, 11, 22)


def at_night(employment: Employment) -> None:
    """Plan somebody from 22:00 to 06:00 with a break at two, every day but Sundays."""
    shift = rostering.publish_shift(
        actor=SYSTEM,
        at=MONDAY,
        name="夜班",
        definition={"kind": 1, "segments": [{"start": 1320, "end": 1800, "breaks": [[1560, 1620]]}]},
        valid_from=date(2026, 1, 1),
    ).shift
    group = rostering.publish_group(
        actor=SYSTEM,
        at=MONDAY,
        entity_id=employment.entity_id,
        name="仓库",
        way=rostering.Way(
            pattern=[shift.pk] * 6 + [None],
            pattern_from=date(2026, 11, 16),
            zone="Asia/Shanghai",
            region="CN",
            follows_holidays=False,
        ),
        valid_from=date(2026, 1, 1),
    ).group
    rostering.place(actor=SYSTEM, at=MONDAY, employment_id=employment.pk, group_id=group.pk, from_on=date(2026, 11, 16))


@pytest.mark.django_db
class TestPlannedWork:
    def test_is_by_the_calendar_where_nobody_plans(self) -> None:
        found = planned_work(make_employment(), date(2026, 11, 20), SATURDAY)

        assert [sum(end - start for start, end in spans) / 3600 for spans in found.values()] == [8, 0]

    def test_is_by_the_roster_where_somebody_does(self) -> None:
        employment = make_employment()
        at_night(employment)

        found = planned_work(employment, SATURDAY, SUNDAY)

        begins = datetime(2026, 11, 21, 14, 0, tzinfo=UTC).timestamp()
        hours = [((start - begins) / 3600, (end - begins) / 3600) for start, end in found[SATURDAY]]
        assert hours == [(0, 4), (5, 8)]
        assert found[SUNDAY] == []

    def test_makes_leave_of_a_night_end_the_next_morning(self) -> None:
        company = Company(unit="hour")
        at_night(company.employment)

        leave = company.ask(SATURDAY, SUNDAY)
        half = company.ask(date(2026, 11, 20), until_midday=True)

        assert leave.minutes == DAY
        assert queries.days_of(leave)[0].ends_at == datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
        assert queries.days_of(half)[0].ends_at == datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
