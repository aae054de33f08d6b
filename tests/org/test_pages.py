"""The pages where the company is described."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_company, make_department, make_entity, make_user
from zhiren.org.models import Branch, Company, Grade, Position

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

    def test_has_a_name_as_things_have(self, manager: Client) -> None:
        text = manager.get(reverse("org:company"), headers={"HX-Request": "true"}).content.decode()

        assert "名称" in text
        assert "姓名" not in text


class TestPlaces:
    def test_lie_in_a_zone_and_a_country_that_there_are(self, manager: Client) -> None:
        entity = make_entity()
        typed = {"entity": entity.pk, "name": "柏林", "zone": "Europe/Berlin", "region": "DE"}

        manager.post(reverse("org:add", args=["branch"]), typed | {"region": "XX"})
        assert not Branch.objects.exists()

        manager.post(reverse("org:add", args=["branch"]), typed)
        assert Branch.objects.get().region == "DE"


class TestGrades:
    FACTS = {"code": "G4", "name": "四级", "currency": "CNY", "pay_from": "12000.50", "pay_to": "20000"}

    @pytest.mark.parametrize("typed", ["¥", "ZZZ", "元"])
    def test_are_paid_in_a_currency_that_there_is(self, manager: Client, typed: str) -> None:
        answer = manager.post(reverse("org:add", args=["grade"]), self.FACTS | {"currency": typed})

        assert answer.status_code == 422
        assert f"“{typed}”不是币种" in answer.content.decode()
        assert 'value="12000.50"' in answer.content.decode()
        assert not Grade.objects.exists()

    def test_are_shown_as_they_were_typed_whatever_the_digits_of_their_currency(self, manager: Client) -> None:
        yen = {"currency": "jpy", "pay_from": "300000", "pay_to": "450000"}
        manager.post(reverse("org:add", args=["grade"]), self.FACTS)
        manager.post(reverse("org:add", args=["grade"]), self.FACTS | yen)

        page = manager.get(reverse("org:organisation")).content.decode()
        assert "¥12,000.50 – ¥20,000" in page
        assert "JP¥300,000 – JP¥450,000" in page
        grade = Grade.objects.get(currency="JPY")
        address = reverse("org:change", args=["grade", grade.pk])
        assert 'value="300000"' in manager.get(address, headers={"HX-Request": "true"}).content.decode()

    def test_have_no_amounts_that_cannot_be_paid(self, manager: Client) -> None:
        answer = manager.post(
            reverse("org:add", args=["grade"]), self.FACTS | {"currency": "JPY", "pay_from": "300000.5"}
        )

        assert "这个币种没有这么小的金额" in answer.content.decode()
        assert not Grade.objects.exists()


class TestNames:
    @pytest.fixture(autouse=True)
    def _position(self) -> None:
        department = make_department(name="技术部", name_en="Engineering")
        head = Position.objects.create(department=department, title="技术总监", title_en="Head of engineering")
        Position.objects.create(department=department, title="工程师", title_en="Engineer", reports_to=head)

    @pytest.mark.parametrize(
        ("language", "shown", "hidden"),
        [
            ("en", ["Engineering", "Engineer", "reports to Head of engineering"], ["技术部", "技术总监", "工程师"]),
            ("zh-hans", ["技术部", "工程师", "汇报给 技术总监"], ["Head of engineering"]),
        ],
    )
    def test_are_in_the_readers_language(
        self, client: Client, language: str, shown: list[str], hidden: list[str]
    ) -> None:
        client.force_login(make_user("administrator", language=language))

        page = client.get(reverse("org:organisation")).content.decode()

        assert [words for words in shown if words not in page] == []
        assert [words for words in hidden if words in page] == []

    def test_are_offered_in_the_readers_language(self, client: Client) -> None:
        client.force_login(make_user("administrator", language="en"))

        form = client.get(reverse("org:add", args=["position"]), headers={"HX-Request": "true"}).content.decode()

        assert ">Head of engineering</option>" in form
        assert "技术总监" not in form

    def test_of_colleagues_are_offered_and_not_their_titles(self, client: Client) -> None:
        client.force_login(make_user("administrator", language="en"))
        make_user("recruiter", name="林晓", name_en="Lin Xiao", title="招聘专员")

        form = client.get(reverse("access:invite")).content.decode()

        assert ">Lin Xiao</option>" in form
        assert ">招聘专员</option>" not in form
