"""The pages of requests, as their readers use them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.approvals.conftest import House
from tests.approvals.test_services import ask
from tests.factories import MONDAY, make_user
from zhiren.access.models import User
from zhiren.plumbing import clock


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def _on_monday() -> object:
    with clock.travel(MONDAY):
        yield


class TestPages:
    @pytest.mark.parametrize("name", ["mine", "waiting", "new", "delegations", "all", "policies"])
    def test_show(self, house: House, name: str) -> None:
        ask(house)
        admin = make_user("hr_manager", scope="all")
        assert client_of(admin).get(reverse(f"approvals:{name}")).status_code == 200

    def test_show_a_request(self, house: House) -> None:
        request = ask(house)
        for user in (house.asker, house.manager, house.hr):
            assert client_of(user).get(reverse("approvals:request", args=[request.pk])).status_code == 200

    def test_show_a_policy(self, house: House) -> None:
        admin = make_user("hr_manager", scope="all")
        assert client_of(admin).get(reverse("approvals:policy", args=["holiday"])).status_code == 200
