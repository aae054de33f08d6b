"""Punching while there is no network: kept by the browser, sent when it is back, one punch in the database."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visitors
from tests.browser.installation import Installation, wait_for
from zhiren.access import services as access
from zhiren.attendance.models import Punch, PunchKey
from zhiren.operations.demo import setup
from zhiren.people import employing
from zhiren.people import services as people
from zhiren.people.services import PersonFacts

pytestmark = pytest.mark.browser
WHO = "li-qian"
WAITS = "1 次打卡等待网络"


def _employ(place: Installation) -> UUID:
    """Employ a user of the demo company who may punch, and return the employment."""
    user, at = place.company.users[WHO], place.now()
    access.grant_role(actor=setup.SYSTEM, at=at, user_id=user.pk, role="employee", scope="own")
    facts = PersonFacts(name="李倩", mails=["li@example.com"])
    person = people.add_or_find_person(actor=setup.SYSTEM, at=at, facts=facts, door="test")[0]
    department = next(iter(place.company.departments.values()))
    return employing.employ(
        actor=setup.SYSTEM, at=at, person_id=person.pk, department_id=department.pk, from_on=date(2024, 3, 1),
        user_id=user.pk,
    ).pk  # fmt: skip


def _punches(employment_id: UUID) -> list[tuple[str, datetime, datetime]]:
    rows = Punch.objects.filter(employment_id=employment_id).order_by("at")
    return list(rows.values_list("source", "at", "received_at"))


def _opened(visitors: Visitors) -> Page:
    """Return the page of somebody who may punch, once the browser has all that it needs without a network."""
    page = visitors.user(WHO, **PHONE)
    page.goto("/attendance/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_for(lambda: visitors.installation.call(PunchKey.objects.count), "the browser has a key")
    return page


class TestPunchingWithoutNetwork:
    def test_records_it_once_the_network_is_back(self, visitors: Visitors) -> None:
        place = visitors.installation
        employment_id = place.call(_employ, place)
        page = _opened(visitors)
        punch = page.get_by_role("button", name="打卡", exact=True)

        with visitors.expecting(504):
            page.context.set_offline(True)
            page.goto("/attendance/")
            expect(page.get_by_text("没有网络", exact=True)).to_be_visible()
            punch.click()
            expect(page.get_by_text(WAITS)).to_be_visible()
            page.reload()  # it is kept, not just remembered
            expect(page.get_by_text(WAITS)).to_be_visible()
            pressed_before = place.now()
            assert place.call(_punches, employment_id) == []
            page.context.set_offline(False)
            expect(page.get_by_text("已在")).to_be_visible()

        expect(page.get_by_role("heading", name="我的考勤")).to_be_visible()
        ((source, at, received_at),) = place.call(_punches, employment_id)
        assert source == "phone"
        assert at <= pressed_before <= received_at
        page.get_by_role("button", name="关闭").click()
        expect(page.get_by_text("已在")).to_be_hidden()

        page.goto("/account/logout/")
        page.locator("form[data-sign-out] button[type=submit], form[data-sign-out] button:not([type])").first.click()
        page.wait_for_url(lambda url: "logout" not in url)
        assert page.evaluate("caches.keys()") == []
