"""The menus."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.http import HttpRequest as DjangoRequest
from django.http import HttpResponse
from django.urls import include, path

from tests.factories import MONDAY
from zhiren.kernel.actors import EVERYWHERE, Actor
from zhiren.people import permissions as people
from zhiren.plumbing.permissions import permission
from zhiren.plumbing.routes import AnyUser, Open, route
from zhiren.recruiting import permissions as recruiting
from zhiren.site import navigation
from zhiren.site.navigation import Entry

pytestmark = pytest.mark.urls(__name__)
MAY_LOOK = permission("tests.look", "Look at the test's page")


def page(request: DjangoRequest) -> HttpResponse:
    return HttpResponse()


_pages = (
    [
        route("people/", page, name="people", needs=MAY_LOOK),
        route("people/late/", page, name="late", needs=MAY_LOOK),
        route("own/", page, name="own", needs=AnyUser("a test")),
        route("open/", page, name="open", needs=Open("a test")),
    ],
    "tested",
)
urlpatterns = [path("t/", include(_pages))]
ENTRIES = tuple(Entry(f"tested:{name}", name, icon="sun") for name in ("people", "late", "own", "open", "missing"))
ALLOWED = Actor(user_id=uuid4(), label="a", reaches={MAY_LOOK: EVERYWHERE})


class TestItems:
    def test_leaves_out_pages_that_do_not_exist(self) -> None:
        assert [item.label for item in navigation.items(ENTRIES, ALLOWED)] == ["people", "late", "own", "open"]

    def test_leaves_out_what_the_page_itself_would_refuse(self) -> None:
        somebody = Actor(user_id=uuid4(), label="b")

        assert [item.label for item in navigation.items(ENTRIES, somebody)] == ["own", "open"]
        assert [item.label for item in navigation.items(ENTRIES, Actor.nobody())] == ["open"]

    def test_marks_the_page_that_leads_furthest_towards_here(self) -> None:
        current = [item.label for item in navigation.items(ENTRIES, ALLOWED, here="/t/people/late/7/") if item.current]

        assert current == ["late"]

    def test_marks_a_page_for_what_stands_elsewhere_too(self) -> None:
        entries = (Entry("tested:people", "people", icon="sun", also=("/elsewhere/",)), *ENTRIES[1:])

        assert [item.label for item in navigation.items(entries, ALLOWED, here="/elsewhere/7") if item.current] == [
            "people"
        ]

    def test_leaves_out_what_is_not_for_this_installation(self) -> None:
        hidden = Entry("tested:open", "hidden", icon="sun", when=lambda: False)

        assert navigation.items((hidden,), ALLOWED) == ()


@pytest.mark.django_db
@pytest.mark.urls("zhiren.site.urls")
class TestGroups:
    @pytest.mark.parametrize("here", ["/people/readings", "/people/reader", "/people/duplicates", "/people/7"])
    def test_mark_one_page_among_all_groups(self, here: str) -> None:
        every = dict.fromkeys((recruiting.VIEW_CANDIDATES, people.MERGE, people.REPARSE), EVERYWHERE)
        somebody = Actor(user_id=uuid4(), label="a", reaches=every)

        groups = navigation.groups(somebody, here=here, at=MONDAY)

        assert [len(group) for group in groups] == [3, 1]  # with the approvals, which are everybody's
        assert [item.url for group in groups for item in group if item.current] == [
            {"/people/reader": "/people/readings", "/people/7": "/recruiting/candidates"}.get(here, here)
        ]
