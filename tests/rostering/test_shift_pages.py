"""Shifts and groups as HR writes them: what is kept, what is refused, whom a change touches before it holds."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import MONDAY, SYSTEM, make_user
from tests.factories.attendance import NIGHT, OFFICE, make_group, make_shift, make_worker
from zhiren.plumbing import clock
from zhiren.rostering import plans, queries, services
from zhiren.rostering.errors import PatternMalformed, RegionUnknown
from zhiren.rostering.models import GroupVersion, Shift, ShiftVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_user("hr_manager", scope="all", language="en"))
    return client


def typed(**given: Any) -> dict[str, Any]:
    usual = {
        "name": "白班", "valid_from": "2026-12-01", "kind": 1, "hours": "09:00-18:00", "breaks": "12:00-13:00",
        "ot_mode": 1,
    }  # fmt: skip
    return usual | given


def opened(**given: Any) -> dict[str, Any]:
    """Return what the part with more rules sends."""
    return {f"more-{name}": value for name, value in {"asked": "1", "needed": "all", **given}.items()}


def said() -> plans.Shift:
    return queries.shift_in(ShiftVersion.objects.order_by("-number").first())  # type: ignore[arg-type]  # there is one


class TestAShift:
    def test_is_written_in_hours_and_minutes(self, client: Client) -> None:
        client.post(reverse("rostering:new_shift"), typed(grace_in=5))

        shift = said()
        assert (shift.segments[0].start, shift.segments[0].end, shift.segments[0].breaks) == (540, 1080, ((720, 780),))
        assert shift.policy.grace_in == 300

    def test_may_be_a_night_with_a_break_after_midnight(self, client: Client) -> None:
        client.post(reverse("rostering:new_shift"), typed(hours="22:00-06:00", breaks="02:00-02:30"))

        assert (said().segments[0].end, said().segments[0].breaks) == (1800, ((1560, 1590),))

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"hours": "nine to six"}, "Write it like 09:00-12:00, 13:00-18:00."),
            ({"hours": "09:99-18:00"}, "Write it like 09:00-12:00, 13:00-18:00."),
            ({"hours": ""}, "Write it like 09:00-12:00, 13:00-18:00."),
            ({"hours": "09:00-13:00, 12:00-18:00"}, "One stretch after the other, none in another."),
            ({"breaks": "19:00-20:00"}, "A break lies outside the working hours."),
            ({"kind": 3, "target_hours": 8}, "One stretch within the working hours, which are one stretch, too."),
            ({"kind": 4, "hours": "", "breaks": ""}, "Say how many hours are due."),
        ],
    )
    def test_that_nobody_can_work_is_refused_where_it_was_typed(
        self, client: Client, wrong: dict[str, Any], words: str
    ) -> None:
        answer = client.post(reverse("rostering:new_shift"), typed(**wrong))

        assert answer.status_code == 422
        assert words in html.unescape(answer.content.decode())
        assert not Shift.objects.exists()

    def test_keeps_what_the_form_does_not_ask_for(self, client: Client) -> None:
        definition = {**NIGHT, "policy": {**NIGHT["policy"], "gate": True, "ot_start_after": 1800}}
        shift = make_shift(definition)
        page = reverse("rostering:shift", args=[shift.pk])

        client.post(page, typed(hours="22:00-06:30", breaks="", publish="1"))

        assert (said().segments[0].before, said().policy.gate, said().policy.ot_start_after) == (7200, True, 1800)
        assert said().segments[0].end == 1830

    def test_has_every_rule_that_days_are_computed_by(self, client: Client) -> None:
        more = {
            "early_absent_after": 60, "late_from_grace": "on", "needed": "ends", "missing_trusted": "on",
            "count_before": 90, "count_after": 120, "gate": "on", "gate_free": 10, "pairing": "on",
            "day_start": "04:30", "auto_break_after": 360, "auto_break": 30, "ot_before": "on", "ot_start_after": 30,
            "ot_by_calendar": "on", "holiday_is_plain": "on", "night": "23:00-05:00",
        }  # fmt: skip
        given = typed(hours="09:00-12:00, 14:00-18:00", breaks="", flex_early=5, kind=2, drop_seconds="on")
        minutes = (
            "flex_late",
            "grace_in",
            "serious_after",
            "late_absent_after",
            "grace_out",
            "dup",
            "ot_min",
            "ot_round",
        )
        given |= dict.fromkeys(minutes, 7)

        client.post(reverse("rostering:new_shift"), given | opened(**more))

        shift, usual = said(), plans.Policy(holiday_is_overtime=True)
        assert all(getattr(shift.policy, name) != getattr(usual, name) for name in vars(usual))
        assert [(one.need_in, one.need_out) for one in shift.segments] == [(True, False), (False, True)]
        assert [(one.before, one.after) for one in shift.segments] == [(5400, 7200)] * 2
        assert (shift.day_start, shift.night) == (270, (1380, 1740))
        page = client.get(reverse("rostering:shift", args=[Shift.objects.get().pk])).content.decode()
        assert 'value="04:30"' in page
        assert 'value="23:00-05:00"' in page

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"night": "22:00-23:00, 01:00-02:00"}, "One stretch, such as 22:00-06:00."),
            ({"night": "soon"}, "Write it like 09:00-12:00, 13:00-18:00."),
            ({"auto_break": 30}, "Say from how long a presence on."),
            ({"count_before": 5000}, "Something under “More rules” does not fit."),
            ({"day_start": "25:00"}, "Something under “More rules” does not fit."),
            ({"needed": "some"}, "Something under “More rules” does not fit."),
        ],
    )
    def test_says_what_of_its_rules_cannot_be(self, client: Client, more: dict[str, Any], words: str) -> None:
        answer = client.post(reverse("rostering:new_shift"), typed() | opened(**more))

        assert answer.status_code == 422
        assert words in html.unescape(answer.content.decode())
        assert not Shift.objects.exists()

    def test_shows_its_rules_only_where_one_is_not_as_most_have_it(self, client: Client) -> None:
        usual = {**OFFICE, "night": [1320, 1800], "policy": {"dup": 120, "holiday_is_overtime": True}}
        addresses = [reverse("rostering:new_shift")]
        for policy in ({}, {"gate": True}):
            shift = make_shift({**usual, "policy": {**usual["policy"], **policy}})
            addresses.append(reverse("rostering:shift", args=[shift.pk]))

        pages = [client.get(address).content.decode() for address in addresses]

        opened = [bool(re.search(r'rounded-lg border px-4 py-2" +open>', page)) for page in pages]
        assert opened == [False, False, True]

    def test_keeps_of_each_stretch_what_was_not_changed(self, client: Client) -> None:
        stretch = {"start": 540, "end": 720, "before": 600, "after": 660, "need_in": False}
        other = {"start": 840, "end": 1080, "before": 1200, "after": 1260}
        shift = make_shift({"kind": 1, "segments": [stretch, other], "policy": {}})
        address = reverse("rostering:shift", args=[shift.pk])
        assert "As it was, stretch by stretch" in client.get(address).content.decode()
        given = opened(needed="as_before", count_before=10, count_after=5)

        client.post(address, typed(hours="09:00-12:00, 14:00-18:00", breaks="", publish="1") | given)

        assert [(one.before, one.after, one.need_in) for one in said().segments] == [
            (600, 300, False), (1200, 300, True),
        ]  # fmt: skip

    def test_shows_whom_a_change_touches_before_it_is_published(self, client: Client) -> None:
        worker = make_worker()
        group = queries.group_of(worker.pk, MONDAY.date())
        assert group is not None
        shift_id = queries.group_on(group.pk, MONDAY.date()).pattern[0]  # type: ignore[union-attr]  # it has a version
        before = ShiftVersion.objects.count()

        answer = client.post(reverse("rostering:shift", args=[shift_id]), typed(hours="09:00-17:00"))

        assert "This touches 1 person." in answer.content.decode()
        assert "A day plans 420 minutes instead of 480." in answer.content.decode()
        assert ShiftVersion.objects.count() == before


def dates_shown(page: Any) -> dict[str, tuple[str, bool]]:
    """Return what the picture of a year says of each date, and whether the group itself says so."""
    found = re.findall(r'data-own-day="([\d-]+)" data-look="(\w+)"([^>]*)title=', page.content.decode())
    return {on: (look, "data-own" in more) for on, look, more in found}


class TestAGroup:
    def group(self, **given: Any) -> dict[str, Any]:
        worker = make_worker()
        shift = make_shift()
        return {
            "name": "门店", "entity": worker.entity_id, "valid_from": "2026-12-01", "pattern_from": "2026-11-30",
            "zone": "Asia/Shanghai", "region": "CN", "regime": "standard", "length": 7, "day_0": shift.pk, **given,
        }  # fmt: skip

    def test_says_where_phones_may_punch(self, client: Client) -> None:
        client.post(reverse("rostering:new_group"), self.group(places="静安店，31.2304, 121.4737, 200\n"))

        version = GroupVersion.objects.get(group__name="门店")
        assert version.places == [{"name": "静安店", "lat": 31.2304, "lon": 121.4737, "radius_m": 200}]

    def test_has_days_of_its_own_that_come_before_holidays_and_the_pattern(self, client: Client) -> None:
        given = self.group(days_off="2026-12-25，2026-12-31", workdays="2026-10-01 2026-12-26", follows_holidays="on")
        client.post(reverse("rostering:new_group"), given | {f"day_{number}": given["day_0"] for number in range(5)})

        version = GroupVersion.objects.get(group__name="门店")
        found = {on: queries.day_of(version, date.fromisoformat(on)) for on in (
            "2026-12-24", "2026-12-25", "2026-12-26", "2026-12-27", "2026-10-01", "2026-10-02",
        )}  # fmt: skip

        assert {on: (day_class, shift is not None) for on, (day_class, shift) in found.items()} == {
            "2026-12-24": (plans.DayClass.WORKDAY, True),
            "2026-12-25": (plans.DayClass.REST_DAY, False),
            "2026-12-26": (plans.DayClass.WORKDAY, True),
            "2026-12-27": (plans.DayClass.REST_DAY, False),
            "2026-10-01": (plans.DayClass.HOLIDAY, True),
            "2026-10-02": (plans.DayClass.HOLIDAY, False),
        }
        page = client.get(reverse("rostering:group", args=[version.group_id])).content.decode()
        assert "2026-12-25, 2026-12-31" in page
        assert "2026-10-01, 2026-12-26" in page

    def test_shows_its_year_as_it_is(self, client: Client) -> None:
        given = self.group(days_off="2026-12-25", workdays="2026-10-01", follows_holidays="on")
        client.post(reverse("rostering:new_group"), given | {f"day_{number}": given["day_0"] for number in range(5)})
        group = GroupVersion.objects.get(group__name="门店").group_id

        found = dates_shown(client.get(reverse("rostering:group", args=[group])))

        assert len(found) == 365
        assert {on: found[on] for on in (
            "2026-10-01", "2026-10-02", "2026-10-05", "2026-10-10", "2026-12-24", "2026-12-25", "2026-12-26",
        )} == {
            "2026-10-01": ("work", True),
            "2026-10-02": ("holiday", False),
            "2026-10-05": ("bridge", False),
            "2026-10-10": ("make_up", False),
            "2026-12-24": ("work", False),
            "2026-12-25": ("off", True),
            "2026-12-26": ("off", False),
        }  # fmt: skip

    def test_shows_the_year_as_typed_and_publishes_nothing(self, client: Client) -> None:
        given = self.group(days_off="2028-02-29", show="1", year="2028")

        page = client.post(reverse("rostering:new_group"), given)

        assert page.status_code == 200
        assert dates_shown(page)["2028-02-29"] == ("off", True)
        assert "The holidays of 2028 are not announced yet" not in page.content.decode()
        assert not GroupVersion.objects.filter(group__name="门店").exists()
        announced = client.post(reverse("rostering:new_group"), given | {"follows_holidays": "on"}).content.decode()
        assert "The holidays of 2028 are not announced yet" in announced

    @pytest.mark.parametrize("year", ["", "x", "0", "99999", "２０２８年"])
    def test_shows_this_year_where_none_is_asked_for_that_there_is(self, client: Client, year: str) -> None:
        with clock.travel(MONDAY):
            page = client.post(reverse("rostering:new_group"), self.group(show="1", year=year))

        assert "2026-01-01" in dates_shown(page)

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"days_off": "Christmas"}, "Write dates like"),
            ({"days_off": "2026-02-30"}, "Write dates like"),
            ({"days_off": "0001-01-01"}, "Write dates like"),
            ({"days_off": "2026-12-24", "workdays": "2026-12-24"}, "2026-12-24 is a day off and a workday."),
            ({"results": "luck"}, "luck"),
            ({"places": "静安店, 31, 121, 200, office"}, "Write it like: Jing'an store"),
        ],
    )
    def test_says_what_of_it_cannot_be(self, client: Client, wrong: dict[str, Any], words: str) -> None:
        answer = client.post(reverse("rostering:new_group"), self.group(**wrong))

        assert answer.status_code == 422
        assert words in html.unescape(answer.content.decode())

    def test_says_what_may_be_mended_and_whose_network_counts(self, client: Client) -> None:
        client.post(
            reverse("rostering:new_group"),
            self.group(
                may_correct="on", results=["missing", "late"], days=5, natural_days="on",
                places="静安店, 31.2, 121.4, 200, 203.0.113.7, 203.0.114.9/24",
            ),
        )  # fmt: skip

        version = GroupVersion.objects.get(group__name="门店")
        assert version.corrections["results"] == ["missing", "late"]
        assert version.corrections["working_days"] is False
        assert version.places[0]["networks"] == ["203.0.113.7/32", "203.0.114.0/24"]
        page = client.get(reverse("rostering:group", args=[version.group_id])).content.decode()
        assert "静安店, 31.2, 121.4, 200, 203.0.113.7/32, 203.0.114.0/24" in page

    def test_keeps_its_places_when_something_else_is_changed(self, client: Client) -> None:
        places = [{"name": "静安店", "lat": 31.2304, "lon": 121.4737, "radius_m": 200}]
        worker = make_worker()
        group = make_group(worker, places=places)
        page = client.get(reverse("rostering:group", args=[group.pk])).content.decode()

        assert "静安店, 31.2304, 121.4737, 200" in page

    @pytest.mark.parametrize(
        "wrong",
        ["静安店", "静安店, 131, 121, 200", "静安店, 31, 121, 0", "静安店, 31, 121, 0.2", "静安店, nan, 121, 200"],
    )
    def test_refuses_a_place_that_is_none(self, client: Client, wrong: str) -> None:
        answer = client.post(reverse("rostering:new_group"), self.group(places=wrong))

        assert answer.status_code == 422
        assert not GroupVersion.objects.filter(group__name="门店").exists()

    def test_keeps_what_was_typed_when_its_pattern_grows(self, client: Client) -> None:
        given = self.group(name="轮班", places="not a place", bank_classes=["1"], length=14, resize="1")

        answer = client.post(reverse("rostering:new_group"), given)

        page = answer.content.decode()
        assert answer.status_code == 200
        assert 'name="day_13"' in page
        assert re.search(r'name="name" value="轮班"', page)
        assert "not a place" in page
        assert re.search(r'name="bank_classes"[^>]*value="1"[^>]*checked', page)
        assert f'<option value="{given["day_0"]}" selected>' in page
        assert 'role="alert"' not in page
        assert not GroupVersion.objects.filter(group__name="轮班").exists()

    def test_asks_whom_to_place_and_keeps_the_day(self, client: Client) -> None:
        group = make_group(make_worker())
        make_worker()
        address = reverse("rostering:place", args=[group.pk])

        page = client.get(reverse("rostering:group", args=[group.pk])).content.decode()
        assert re.search(r'name="employment"[^>]*>\s*<option value="" selected>', page)
        answer = client.post(address, {"employment": "", "from_on": "2026-12-24"})

        assert answer.status_code == 422
        assert 'id="id_employment_error"' in answer.content.decode()
        assert 'value="2026-12-24"' in answer.content.decode()
        assert f'action="{reverse("rostering:group", args=[group.pk])}"' in answer.content.decode()

    def test_is_refused_where_nobody_knows_the_holidays(self) -> None:
        worker = make_worker()

        with pytest.raises(RegionUnknown):
            make_group(worker, region="XX")

    def test_is_refused_without_a_shift(self) -> None:
        worker = make_worker()

        with pytest.raises(PatternMalformed):
            make_group(worker, pattern=[None] * 7)


class TestAssign:
    def test_gives_a_day_another_shift_or_none(self) -> None:
        worker = make_worker()
        night, day = make_shift(NIGHT), date(2026, 11, 17)

        services.assign(actor=SYSTEM, at=MONDAY, employment_id=worker.pk, on=day, shift_id=night.pk)
        moved = queries.roster([worker.pk], day, day)[worker.pk][day]
        services.assign(actor=SYSTEM, at=MONDAY, employment_id=worker.pk, on=day, shift_id=None)
        off = queries.roster([worker.pk], day, day)[worker.pk][day]

        assert moved.shift_id == night.pk
        assert (off.plan.kind, off.shift_id) == (plans.Kind.OFF, None)
