"""The pages and the API: what they show to whom, how many queries they need."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import MONDAY, actor_of, make_application, make_opening, make_person, make_user
from tests.talent.conftest import Work
from tests.talent.making import with_resume
from zhiren.access.models import User
from zhiren.people.models import Person
from zhiren.recruiting.models import Opening
from zhiren.talent import index_queries, queries, services
from zhiren.talent.queries import Search

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
MOST_QUERIES = 12
# Once a minute and reader it is looked up whom they meet otherwise than by an opening.
MOST_AT_FIRST = 15


def signed_in(user: User) -> Client:
    """Return a browser in which this user has signed in, in English."""
    user.language = "en"
    user.save(update_fields=["language"])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def opening(work: Work) -> Opening:
    """An opening with two candidates, one of them with a résumé."""
    opening = make_opening(title_en="Backend")
    make_application(opening, with_resume(name="陈一诺", city="上海", skills=["Kafka"]))
    make_application(opening, make_person(name="王伟"))
    work()
    return opening


def page_of(client: Client, **query: str) -> str:
    return client.get(reverse("talent:search"), query).content.decode()


class TestSearch:
    def test_shows_who_was_found_with_the_words_marked(self, opening: Opening) -> None:
        page = page_of(signed_in(opening.owner), q="订单系统")

        assert "1 person" in page
        assert "陈一诺" in page
        assert "<mark>订单系统</mark>" in page
        assert "王伟" not in page

    def test_offers_filters_with_numbers_and_takes_them_away_again(self, opening: Opening) -> None:
        client = signed_in(opening.owner)

        page, filtered = page_of(client, q="订单系统"), page_of(client, q="订单系统", city="上海")

        assert "city=%E4%B8%8A%E6%B5%B7" in page
        assert 'aria-current="true"' in filtered
        assert "Take away:" in filtered

    @pytest.mark.parametrize(("sort", "other"), [("newest", "best"), ("best", "newest")])
    def test_shows_by_what_it_is_ordered_and_leads_to_the_other_way(
        self, opening: Opening, sort: str, other: str
    ) -> None:
        page = page_of(signed_in(opening.owner), q="订单系统", city="上海", sort=sort)

        ways = dict(re.findall(r'<a href="\?([^"]*)"([^>]*)>(?=Newest|Best)', page))
        query = "q=%E8%AE%A2%E5%8D%95%E7%B3%BB%E7%BB%9F&amp;city=%E4%B8%8A%E6%B5%B7"
        addresses = {"newest": query, "best": f"{query}&amp;sort=best"}
        assert 'aria-current="page"' in ways[addresses[sort]]
        assert "aria-current" not in ways[addresses[other]]

    def test_escapes_what_resumes_hold(self, work: Work) -> None:
        opening = make_opening()
        make_application(opening, with_resume("精通数据 <script>alert(1)", name="<b>王</b>"))
        work()

        page = page_of(signed_in(opening.owner), q="数据 alert")

        assert "<script>alert(1)" not in page
        assert "<mark>alert</mark>" in page
        assert "&lt;b&gt;" in page

    def test_says_what_to_do_when_nobody_fits(self, opening: Opening) -> None:
        assert "Nobody fits" in page_of(signed_in(opening.owner), q="龘龘")

    @pytest.mark.parametrize(
        "query",
        [
            {"q": "'|!&():*\\"},
            {"q": '"'},
            {"q": "a" * 5000},
            {"q": "\0"},
            {"q": "x", "after": "nonsense", "sort": "no"},
            {"opening": "no-id", "years": "x", "city": "'); DROP"},
        ],
    )
    def test_stands_whatever_is_typed(self, opening: Opening, query: dict[str, str]) -> None:
        client = signed_in(opening.owner)

        assert client.get(reverse("talent:search"), query).status_code == 200
        assert client.get(reverse("talent:search"), query, headers=HTMX).status_code == 200

    def test_finds_a_whole_number_and_says_that_it_is_noted(self, opening: Opening) -> None:
        make_application(opening, make_person(name="李娜", phones=["13800008888"]))

        page = page_of(signed_in(opening.owner), q="138 0000 8888")

        assert "李娜" in page
        assert "It is noted that you looked." in page

    def test_tells_how_far_the_index_is(self, opening: Opening) -> None:
        index_queries._walked.clear()
        services.walk(at=MONDAY, size=1)

        assert "1 of 2 persons" in page_of(signed_in(opening.owner), q="数据")

    def test_needs_few_queries(self, opening: Opening) -> None:
        client = signed_in(opening.owner)
        services.walk(at=MONDAY)
        counted = []
        for _again in range(2):
            with CaptureQueriesContext(connection) as captured:
                page_of(client, q="订单系统", city="上海", stage="new")
            counted.append(len(captured))

        assert counted[0] <= MOST_AT_FIRST
        assert counted[1] <= MOST_QUERIES

    def test_is_not_for_interviewers(self) -> None:
        assert signed_in(make_user("interviewer")).get(reverse("talent:search")).status_code == 403


class TestSaved:
    def test_are_kept_opened_and_removed(self, opening: Opening) -> None:
        client = signed_in(opening.owner)
        answer = client.post(reverse("talent:save"), {"q": "订单", "city": "上海", "name": "系统"}, headers=HTMX)
        assert answer.status_code == 204
        row = queries.saved_of(actor_of(opening.owner))[0].row

        listed = client.get(reverse("talent:saved"), headers=HTMX).content.decode()
        opened = client.get(reverse("talent:open_saved", args=[row.pk]))
        client.post(reverse("talent:remove_saved", args=[row.pk]), headers=HTMX)

        assert "系统" in listed
        assert opened.headers["Location"].endswith("?q=%E8%AE%A2%E5%8D%95&city=%E4%B8%8A%E6%B5%B7")
        assert queries.saved_of(actor_of(opening.owner)) == []

    def test_are_a_page_of_their_own_when_opened_directly(self, opening: Opening) -> None:
        client = signed_in(opening.owner)
        services.save_search(actor=actor_of(opening.owner), at=MONDAY, name="系统", search=Search("订单"))

        part = client.get(reverse("talent:saved"), headers=HTMX).content.decode()
        page = client.get(reverse("talent:saved")).content.decode()

        assert "系统" in part
        assert "<html" not in part
        assert "系统" in page
        assert "<html" in page

    def test_of_others_are_not_there(self, opening: Opening) -> None:
        row = services.save_search(actor=actor_of(opening.owner), at=MONDAY, name="a", search=Search("一二"))

        assert signed_in(make_user()).get(reverse("talent:open_saved", args=[row.pk])).status_code == 404


class TestTag:
    def test_tags_those_chosen(self, opening: Opening) -> None:
        ids = [str(one) for one in Person.objects.values_list("pk", flat=True)]

        answer = signed_in(opening.owner).post(reverse("talent:tag"), {"ids": ids, "add": "储备，高潜"}, headers=HTMX)

        assert answer.status_code == 204
        assert {tuple(one.tags) for one in Person.objects.all()} == {("储备", "高潜")}

    def test_asks_for_a_tag(self, opening: Opening) -> None:
        answer = signed_in(opening.owner).post(
            reverse("talent:tag"), {"ids": str(Person.objects.values_list("pk", flat=True)[0])}, headers=HTMX
        )

        assert answer.status_code == 422


class TestCompare:
    def test_shows_both_side_by_side(self, opening: Opening) -> None:
        ids = ",".join(str(one) for one in Person.objects.values_list("pk", flat=True))

        page = signed_in(opening.owner).get(reverse("talent:compare"), {"ids": ids}).content.decode()

        assert "东海理工大学" in page
        assert "unknown" in page
        assert "Line " in page

    def test_leads_from_those_ticked_in_a_table(self, opening: Opening) -> None:
        seen = [f"{one.pk}:{one.version}" for one in opening.applications.order_by("pk")]

        answer = signed_in(opening.owner).get(reverse("talent:compare"), {"seen": seen}, headers=HTMX)

        persons = [str(one.person_id) for one in opening.applications.order_by("pk")]
        assert answer.headers["HX-Redirect"] == f"{reverse('talent:compare')}?ids={','.join(persons)}"

    def test_of_somebody_elses_candidates_is_not_there(self, opening: Opening) -> None:
        ids = ",".join(str(one) for one in Person.objects.values_list("pk", flat=True))

        assert signed_in(make_user()).get(reverse("talent:compare"), {"ids": ids}).status_code == 404

    def test_needs_few_queries(self, opening: Opening, django_assert_max_num_queries: Callable[[int], Any]) -> None:
        ids = ",".join(str(one) for one in Person.objects.values_list("pk", flat=True))
        client = signed_in(opening.owner)

        with django_assert_max_num_queries(MOST_QUERIES):
            client.get(reverse("talent:compare"), {"ids": ids})


class TestApi:
    def test_finds_and_pages(self, opening: Opening) -> None:
        client = signed_in(opening.owner)

        found = client.get("/api/v1/search", {"q": "订单系统"}).json()
        first = client.get("/api/v1/search", {"size": "1"}).json()
        second = client.get("/api/v1/search", {"size": "1", "after": first["next"]}).json()

        assert [(one["name"], one["found_in"]) for one in found["items"]] == [("陈一诺", "resume")]
        assert {"text": "订单系统", "is_hit": True} in found["items"][0]["snippet"]
        assert {first["items"][0]["name"], second["items"][0]["name"]} == {"陈一诺", "王伟"}
        assert second["next"] == ""

    def test_finds_nobody_for_others(self, opening: Opening) -> None:
        assert signed_in(make_user()).get("/api/v1/search", {"q": "订单系统"}).json() == {"items": [], "next": ""}


class TestPalette:
    def test_leads_to_the_search_in_everything(self, opening: Opening) -> None:
        page = signed_in(opening.owner).get(reverse("palette"), {"q": "订单"}).content.decode()

        assert f"{reverse('talent:search')}?q=%E8%AE%A2%E5%8D%95" in page
