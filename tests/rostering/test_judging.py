"""Plans held against working-time law: what is found before they are published, and what is kept of it."""

from __future__ import annotations

import html
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import MONDAY, SYSTEM, make_user
from tests.factories.attendance import make_group, make_shift, make_worker
from zhiren.rostering import judging, law, queries, services
from zhiren.rostering.errors import ReasonMissing
from zhiren.rostering.models import GroupVersion, Membership, ShiftVersion
from zhiren.timeline.models import EventRow

pytestmark = pytest.mark.django_db

FIRST = date(2026, 12, 7)  # a Monday
LONG: dict[str, Any] = {"kind": 1, "segments": [{"start": 480, "end": 1260, "breaks": [[720, 780]]}]}
LATE: dict[str, Any] = {"kind": 1, "segments": [{"start": 840, "end": 1320, "breaks": [[1080, 1125]]}]}


def way(shift: Any, **given: Any) -> services.Way:
    usual = {"pattern": [shift.pk] * 5 + [None, None], "pattern_from": date(2026, 11, 30), "zone": "Asia/Shanghai"}
    return services.Way(**{**usual, **given})


def codes(found: list[judging.Found]) -> list[str]:
    return sorted({one.finding.code for one in found})


class TestOfWay:
    def test_finds_nothing_in_eight_hours_on_five_days(self) -> None:
        assert judging.of_way(way(make_shift()), group_id=None, region="CN", valid_from=FIRST) == []

    def test_finds_days_that_are_too_long_with_what_would_be_allowed_and_where_that_stands(self) -> None:
        found = judging.of_way(way(make_shift(LONG)), group_id=None, region="CN", valid_from=FIRST)

        longest = next(one for one in found if one.finding.code == law.Code.OVERTIME_DAY)
        assert (longest.finding.reached, longest.finding.limit) == (240, 60)
        assert longest.finding.source == "Labour Law of the People's Republic of China, art. 41"
        assert longest.finding.severity == law.Severity.SOON
        assert longest.employment_ids == ()

    def test_judges_by_the_law_of_where_people_work(self) -> None:
        shift = make_shift(LONG)

        assert law.Code.LONGEST_DAY in codes(judging.of_way(way(shift), group_id=None, region="DE", valid_from=FIRST))
        assert judging.of_way(way(shift), group_id=None, region="FR", valid_from=FIRST) == []

    def test_adds_the_rules_of_the_house(self) -> None:
        shift = make_shift()
        every_day = way(shift, pattern=[shift.pk] * 7, follows_holidays=False, agreed=["special_reasons"])

        plain = judging.of_way(every_day, group_id=None, region="CN", valid_from=FIRST)
        of_house = judging.of_way(
            services.Way(**{**every_day.__dict__, "preset": "retail"}), group_id=None, region="CN", valid_from=FIRST
        )

        assert law.Code.CONSECUTIVE_DAYS not in codes(plain)
        assert law.Code.CONSECUTIVE_DAYS in codes(of_house)

    def test_asks_for_the_permit_of_comprehensive_hours_until_it_is_noted(self) -> None:
        shift = make_shift(LONG)
        pattern = [shift.pk, shift.pk, None, None]
        quarter = way(shift, pattern=pattern, regime="comprehensive", period="quarter", follows_holidays=False)
        permitted = services.Way(**{**quarter.__dict__, "agreed": ["approved"]})

        assert codes(judging.of_way(quarter, group_id=None, region="CN", valid_from=FIRST)) == [law.Code.APPROVAL]
        assert judging.of_way(permitted, group_id=None, region="CN", valid_from=FIRST) == []

    def test_says_nothing_to_irregular_hours_that_were_permitted(self) -> None:
        shift = make_shift(LONG)
        irregular = way(shift, pattern=[shift.pk] * 7, regime="irregular", agreed=["approved"])

        assert judging.of_way(irregular, group_id=None, region="CN", valid_from=FIRST) == []

    def test_judges_people_who_are_planned_alike_once(self, django_assert_max_num_queries: Any) -> None:
        first = make_worker()
        group = queries.group_of(first.pk, FIRST)
        assert group
        people = [first, *(make_worker() for _number in range(4))]
        for one in people[1:]:
            services.place(actor=SYSTEM, at=MONDAY, employment_id=one.pk, group_id=group.pk, from_on=FIRST)
        long = make_shift(LONG)

        with django_assert_max_num_queries(16):
            found = judging.of_way(way(long), group_id=group.pk, region="CN", valid_from=FIRST)

        too_long = next(one for one in found if one.finding.code == law.Code.OVERTIME_DAY)
        assert set(too_long.employment_ids) == {one.pk for one in people}

    def test_looks_at_the_rest_between_the_plan_before_and_the_new_one(self) -> None:
        worker = make_worker(LATE, pattern=[1] * 7, follows_holidays=False)
        early = make_shift({"kind": 1, "segments": [{"start": 360, "end": 840}]})
        group = make_group(worker, early, pattern=[early.pk] * 4 + [None] * 3, preset="retail", follows_holidays=False)

        found = judging.of_placing(worker, group.pk, from_on=FIRST)

        rest = next(one for one in found if one.finding.code == law.Code.DAILY_REST)
        assert (rest.finding.days, rest.finding.reached) == ((date(2026, 12, 6), FIRST), 480)
        assert Membership.objects.get(employment=worker).until_on is None


class TestOfShift:
    def test_finds_what_it_does_to_everybody_who_works_it(self) -> None:
        worker = make_worker()
        shift_id = ShiftVersion.objects.get().shift_id

        found = judging.of_shift(shift_id, LONG, valid_from=FIRST)

        assert law.Code.OVERTIME_DAY in codes(found)
        assert all(one.employment_ids == (worker.pk,) for one in found)
        assert ShiftVersion.objects.count() == 1


class TestPublishing:
    @pytest.fixture
    def client(self) -> Client:
        client = Client()
        client.force_login(make_user("hr_manager", scope="all", language="en"))
        return client

    def typed(self, **given: Any) -> dict[str, Any]:
        worker = make_worker()
        shift = make_shift(LONG)
        return {
            "name": "门店", "entity": worker.entity_id, "valid_from": "2026-12-07", "pattern_from": "2026-11-30",
            "zone": "Asia/Shanghai", "region": "CN", "regime": "standard", "length": 7, "day_0": shift.pk, **given,
        }  # fmt: skip

    def test_a_group_asks_why_when_a_rule_is_against_it(self, client: Client) -> None:
        answer = client.post(reverse("rostering:new_group"), self.typed())

        text = html.unescape(answer.content.decode())
        assert answer.status_code == 200
        assert "4 hours of overtime on one day; at most 1 hour." in text
        assert "Labour Law of the People's Republic of China, art. 41" in text
        assert not GroupVersion.objects.filter(group__name="门店").exists()

    def test_nothing_is_published_without_a_reason(self, client: Client) -> None:
        answer = client.post(reverse("rostering:new_group"), self.typed(publish="1", reason="  "))

        assert answer.status_code == 422
        assert "Say why, or change the plan." in answer.content.decode()
        assert not GroupVersion.objects.filter(group__name="门店").exists()

    def test_the_reason_is_on_the_record(self, client: Client) -> None:
        client.post(reverse("rostering:new_group"), self.typed(publish="1", reason="盘点周，工会同意"))

        version = GroupVersion.objects.get(group__name="门店")
        event = EventRow.objects.get(name="rostering.group.published", payload__group_id=str(version.group_id))
        assert event.payload["against"] == ["overtime_day"]
        assert event.payload["reason"] == "盘点周，工会同意"

    def test_a_plan_that_no_rule_is_against_is_published_at_once(self, client: Client) -> None:
        client.post(reverse("rostering:new_group"), self.typed(day_0=make_shift().pk))

        assert GroupVersion.objects.filter(group__name="门店").exists()

    def test_a_service_refuses_what_is_against_a_rule_without_a_reason(self) -> None:
        worker = make_worker()

        with pytest.raises(ReasonMissing):
            services.publish_group(
                actor=SYSTEM, at=MONDAY, entity_id=worker.entity_id, name="门店", way=way(make_shift()),
                valid_from=FIRST, despite=services.Despite(("overtime_day",), " "),
            )  # fmt: skip
        assert not GroupVersion.objects.filter(group__name="门店").exists()

    def test_a_person_is_placed_after_the_reason_is_told(self, client: Client) -> None:
        worker = make_worker()
        long = make_shift(LONG)
        group = make_group(worker, long)
        page = reverse("rostering:place", args=[group.pk])
        asked = {"employment": worker.pk, "from_on": "2026-12-07"}

        shown = client.post(page, asked)
        assert queries.group_of(worker.pk, FIRST) != group
        client.post(page, {**asked, "publish": "1", "reason": "本人同意"})

        assert "4 hours of overtime on one day" in shown.content.decode()
        assert queries.group_of(worker.pk, FIRST) == group

    def test_keeps_the_period_of_comprehensive_hours_and_refuses_one_that_the_law_does_not_know(
        self, client: Client
    ) -> None:
        given = self.typed(day_0=make_shift().pk, regime="comprehensive", period="quarter", agreed=["approved"])
        abroad = {**given, "name": "Osaka", "region": "JP", "zone": "Asia/Tokyo", "agreed": []}

        client.post(reverse("rostering:new_group"), given)
        refused = client.post(reverse("rostering:new_group"), abroad)

        version = GroupVersion.objects.get(group__name="门店")
        assert (version.period, version.agreed) == ("quarter", ["approved"])
        assert "The law there knows no comprehensive hours over this period." in refused.content.decode()
