"""The pages where the company is described."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_company, make_entity, make_user
from zhiren.org.models import Branch, Company

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> Client:
    """Return a browser in which somebody is signed in who may describe the company."""
    client.force_login(make_user("administrator"))
    return client


class TestCompany:
    def test_is_changed_by_who_may(self, manager: Client) -> None:
        make_company()

        manager.post(reverse("org:company"), {"name": "云杉", "zone": "Europe/Berlin", "region": "de"})

        company = Company.objects.get()
        assert (company.name, company.zone, company.region) == ("云杉", "Europe/Berlin", "DE")

    @pytest.mark.parametrize("typed", ["ZZ", "中国", "utils"])
    def test_stays_as_it_is_where_nobody_knows_the_holidays(self, manager: Client, typed: str) -> None:
        make_company()

        answer = manager.post(reverse("org:company"), {"name": "云杉", "zone": "Asia/Shanghai", "region": typed})

        assert "没有" in answer.content.decode()
        assert Company.objects.get().region == "CN"

    def test_offers_zones_and_countries_by_name(self, manager: Client) -> None:
        text = manager.get(reverse("org:company"), headers={"HX-Request": "true"}).content.decode()

        assert '<option value="Asia/Shanghai">上海</option>' in text
        assert '<option value="DE">德国</option>' in text


class TestPlaces:
    def test_lie_in_a_zone_and_a_country_that_there_are(self, manager: Client) -> None:
        entity = make_entity()
        typed = {"entity": entity.pk, "name": "柏林", "zone": "Europe/Berlin", "region": "DE"}

        manager.post(reverse("org:add", args=["branch"]), typed | {"region": "XX"})
        assert not Branch.objects.exists()

        manager.post(reverse("org:add", args=["branch"]), typed)
        assert Branch.objects.get().region == "DE"
