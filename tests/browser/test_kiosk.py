"""A kiosk's screen: what somebody typed there, and what they were told, is gone before the next one comes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SECONDS, Visitors
from zhiren.attendance import kiosk_looks, kiosks
from zhiren.operations.demo import setup
from zhiren.org.models import Branch

pytestmark = pytest.mark.browser
WRONG = 422
TABLET = {"viewport": {"width": 1024, "height": 768}}


def _kiosk(visitors: Visitors) -> Page:
    """Return the screen of a new kiosk, with the form for badge number and PIN open."""
    place = visitors.installation
    branch = place.call(Branch.objects.order_by("pk").first)
    _row, secret = place.call(kiosks.make_kiosk, actor=setup.SYSTEM, at=place.now(), name="正门", branch_id=branch.pk)
    page = visitors.guest(**TABLET)
    page.goto(kiosk_looks.pairing_link(secret))
    page.locator("form button[type=submit]").first.click()
    page.locator("summary").click()
    return page


class TestKiosk:
    def test_forgets_what_was_typed_and_told_after_some_seconds(self, visitors: Visitors) -> None:
        page = _kiosk(visitors)
        badge, pin, told = page.locator("#pin-badge"), page.locator("#pin-pin"), page.locator("#notices [data-notice]")
        badge.fill("9999")
        pin.fill("280417")

        with visitors.expecting(WRONG):
            pin.press("Enter")
            expect(told).to_have_count(1)

        assert page.locator("#notices").get_attribute("role") == "status"
        assert told.bounding_box()["y"] < page.locator("#pin").bounding_box()["y"]  # type: ignore[index]  # it is there
        expect(pin).to_have_value("")
        told.hover()  # elsewhere that keeps a notice
        expect(told).to_have_count(0, timeout=12 * SECONDS)
        expect(badge).to_have_value("")
