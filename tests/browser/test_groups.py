"""The year of a group: what a click on a date says of it, before anything is published."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, Visitors
from tests.factories.attendance import OFFICE
from zhiren.operations.demo import setup
from zhiren.org.models import Entity
from zhiren.rostering import queries, services

pytestmark = pytest.mark.browser


def _group(visitors: Visitors) -> UUID:
    """Return a new group that works from Monday to Friday."""
    at = visitors.installation.now()
    given = {"actor": setup.SYSTEM, "at": at, "valid_from": date(at.year, 1, 1)}
    name = f"门店 {at:%H%M%S%f}"
    shift = services.publish_shift(name=name, definition=OFFICE, **given).shift
    way = services.Way(
        pattern=[shift.pk] * 5 + [None, None], pattern_from=date(2026, 1, 5), zone="Asia/Shanghai"
    )  # fmt: skip
    return services.publish_group(entity_id=Entity.objects.first().pk, name=name, way=way, **given).group_id  # type: ignore[union-attr]  # the demo has one


class TestYear:
    @pytest.mark.parametrize("how", [DESK, PHONE], ids=["desk", "phone"])
    def test_takes_a_date_out_and_in_by_a_click(self, visitors: Visitors, how: dict[str, object]) -> None:
        place = visitors.installation
        group_id = place.call(_group, visitors)
        year = place.now().year + 1
        wednesday = next(on for day in range(1, 8) if (on := date(year, 3, day)).weekday() == 2)
        saturday = wednesday + timedelta(days=3)
        page = visitors.user("zhou-lan", **how)
        page.goto(f"/rostering/groups/{group_id}")
        page.locator("#year button", has_text=str(year)).click()
        days_off, workdays = page.locator("#id_days_off"), page.locator("#id_workdays")
        worked, free = (page.locator(f'[data-own-day="{on}"]') for on in (wednesday, saturday))

        worked.click()
        expect(days_off).to_have_value(str(wednesday))
        expect(worked).to_have_attribute("data-look", "off")
        free.click()
        expect(workdays).to_have_value(str(saturday))
        expect(free).to_have_attribute("data-look", "work")
        worked.click()
        expect(days_off).to_have_value("")
        expect(worked).to_have_attribute("data-look", "work")
        assert page.locator(f'[data-own-day^="{year}"][data-own]').count() == 1
        assert place.call(_own_days, group_id) == {}

        page.get_by_role("button", name="发布").click()
        expect(page.locator(f'[data-own-day^="{place.now().year}"]').first).to_be_visible()
        assert place.call(_own_days, group_id) == {str(saturday): True}


def _own_days(group_id: UUID) -> dict[str, bool]:
    version = queries.versions_of_group(queries.get_group_to_manage(setup.SYSTEM, group_id))[0]
    return dict(version.own_days)
