"""Who must say yes to what: setting it, and trying it on somebody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.approvals.conftest import House
from tests.approvals.test_services import ask, waiting
from tests.factories import MONDAY, SYSTEM, actor_of, make_entity, make_user
from zhiren.access.models import User
from zhiren.approvals import definition, policies, queries, words
from zhiren.approvals.errors import PolicyInvalid
from zhiren.approvals.models import PolicyVersion
from zhiren.kernel.refusals import Forbidden, NotFound


def change(by: User, *steps: dict[str, Any], **given: Any) -> PolicyVersion:
    return policies.change_policy(actor=actor_of(by), at=MONDAY, kind="holiday", steps=steps, **given)


class TestChangePolicy:
    def test_is_a_new_version_each_time_something_changes(self, house: House) -> None:
        boss = make_user("hr_manager", scope="all")

        first = change(boss, {"ask": ["hr"]})
        same = change(boss, {"ask": ["hr"]})
        second = change(boss, {"ask": ["manager"]})

        assert (first, second.number, second.by) == (same, 2, boss)

    def test_for_an_entity_is_for_its_hr_alone(self, house: House) -> None:
        entity_id = house.department.entity_id

        assert change(house.hr, {"ask": ["hr"]}, entity_id=entity_id).number == 1
        for elsewhere in (None, make_entity().pk):
            with pytest.raises(Forbidden):
                change(house.hr, {"ask": ["hr"]}, entity_id=elsewhere)
        with pytest.raises(Forbidden):
            change(house.manager, {"ask": ["hr"]}, entity_id=entity_id)

    def test_lets_an_entity_follow_the_company_again(self, house: House) -> None:
        entity_id = house.department.entity_id
        change(house.hr, {"ask": ["managers_manager"]}, entity_id=entity_id)
        policies.change_policy(actor=actor_of(house.hr), at=MONDAY, kind="holiday", steps=None, entity_id=entity_id)

        request = ask(house)

        assert waiting(house.manager) == [request]

    @pytest.mark.parametrize(
        "step",
        [
            {"ask": ["manager"], "when": [{"field": "colour", "is": "equal", "than": "red"}]},
            {"ask": [{"role": "king"}]},
            {"ask": [{"user": "00000000-0000-7000-8000-000000000000"}]},
        ],
    )
    def test_refuses_what_there_is_not(self, house: House, step: dict[str, Any]) -> None:
        with pytest.raises(PolicyInvalid):
            change(make_user("hr_manager", scope="all"), step)

    def test_knows_no_unknown_kind(self, house: House) -> None:
        with pytest.raises(NotFound):
            policies.change_policy(actor=SYSTEM, at=MONDAY, kind="unknown", steps=[])


class TestTried:
    def test_says_whom_each_step_would_ask(self, house: House) -> None:
        policy = definition.of_steps(
            [{"ask": ["manager"]}, {"ask": ["hr"], "when": [{"field": "days", "is": "more", "than": 3}]}]
        )

        short = words.tried("holiday", policy, house.asker.pk, {"days": 2.0}, MONDAY)
        long = words.tried("holiday", policy, house.asker.pk, {"days": 4.0}, MONDAY)

        assert [(step.applies, list(step.people)) for step in short] == [(True, ["经理"]), (False, [])]
        assert [(step.applies, list(step.people)) for step in long] == [(True, ["经理"]), (True, ["人事"])]

    def test_is_what_happens(self, house: House) -> None:
        tried = words.tried("holiday", definition.of_steps([{"ask": ["hr"]}]), house.hr.pk, {}, MONDAY)
        asked = queries.approvers_of(
            definition.StepPlan.model_validate({"ask": ["hr"]}), queries.asking_of_user(house.hr.pk, MONDAY), MONDAY
        )

        assert [list(step.people) for step in tried] == [[User.objects.get(pk=pk).label for pk in asked]]


class TestEditor:
    def test_saves_what_was_ticked_and_shows_it_again(self, house: House) -> None:
        client = Client()
        client.force_login(make_user("hr_manager", scope="all"))
        address = reverse("approvals:policy", args=["holiday"])
        colleague = make_user("", name="财务")

        answer = client.post(
            address,
            {
                "step0-ask": ["manager", "hr"], "step0-needs": "all", "step0-within_days": "2",
                "step1-user0": str(colleague.pk), "step1-needs": "any",
                "step1-when0": "days:more", "step1-than0": "3", "step1-when1": "type:equal:annual",
                "step2-needs": "any",
            },
        )  # fmt: skip

        assert answer.status_code == 302
        version = queries.own_version("holiday", None)
        assert version is not None
        assert version.definition == definition.plain(
            definition.of_steps(
                [
                    {"ask": ["manager", "hr"], "needs": "all", "within_days": 2},
                    {
                        "ask": [{"user": str(colleague.pk)}],
                        "when": [
                            {"field": "days", "is": "more", "than": 3},
                            {"field": "type", "is": "equal", "than": "annual"},
                        ],
                    },
                ]
            )
        )
        page = client.get(address).content.decode()
        assert '<option value="days:more" selected>' in page
        assert '<option value="type:equal:annual" selected>' in page

    def test_keeps_what_there_is_more_of_than_it_usually_shows(self, house: House) -> None:
        boss = make_user("hr_manager", scope="all")
        users = [{"user": str(make_user("").pk)} for _number in range(4)]
        when = [{"field": "days", "is": "more", "than": number} for number in (1, 2, 3)]
        version = change(boss, {"ask": users, "when": when})
        client = Client()
        client.force_login(boss)
        address = reverse("approvals:policy", args=["holiday"])

        step = client.get(address).context["form"].steps[0]
        given = {f"step0-{name}": value for name, value in step.initial.items() if value is not None}
        assert client.post(address, given).status_code == 302

        assert queries.own_version("holiday", None) == version

    def test_asks_for_the_number_that_is_missing(self, house: House) -> None:
        client = Client()
        client.force_login(make_user("hr_manager", scope="all"))

        answer = client.post(
            reverse("approvals:policy", args=["holiday"]),
            {"step0-ask": ["manager"], "step0-needs": "any", "step0-when0": "days:more"},
        )

        assert answer.status_code == 422
        assert queries.own_version("holiday", None) is None

    def test_tries_what_is_not_saved_yet(self, house: House) -> None:
        client = Client()
        client.force_login(house.hr)

        answer = client.post(
            reverse("approvals:try_policy", args=["holiday"]),
            {"step0-ask": ["managers_manager"], "step0-needs": "any", "try-for_user": str(house.asker.pk)},
        )

        assert "总监" in answer.content.decode()
        assert not PolicyVersion.objects.exists()
