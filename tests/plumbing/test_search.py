"""The search over everything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.factories import MONDAY, make_user
from zhiren.access.models import User
from zhiren.kernel.actors import Actor
from zhiren.kernel.registry import Registry
from zhiren.plumbing import menu, search
from zhiren.plumbing.rights import MOMENT
from zhiren.plumbing.search import Hit


@pytest.fixture
def _nobody_registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(search, "_providers", Registry("search provider"))
    monkeypatch.setattr(menu, "_counts", Registry("menu count"))
    menu._statements.forget()
    yield
    menu._statements.forget()


@pytest.mark.usefixtures("_nobody_registered")
class TestSearch:
    def test_asks_everybody_in_turn_for_the_trimmed_text(self) -> None:
        @search.finds
        def people(actor: Actor, text: str) -> list[Hit]:
            return [Hit(text, actor.label, "/p", "user", "people")]

        @search.finds
        def jobs(actor: Actor, text: str) -> list[Hit]:
            return [Hit(text, actor.label, "/j", "briefcase", "jobs")]

        found = search.search(Actor.system("me"), "  周 ")

        assert [(hit.title, hit.subtitle, hit.kind) for hit in found] == [("周", "me", "people"), ("周", "me", "jobs")]

    def test_asks_nobody_for_nothing(self) -> None:
        @search.finds
        def people(actor: Actor, text: str) -> list[Hit]:
            raise AssertionError("asked")

        assert search.search(Actor.nobody(), "   ") == []


@pytest.mark.django_db
@pytest.mark.usefixtures("_nobody_registered")
class TestCountsFor:
    def test_counts_the_rows_of_whoever_counts_in_one_query(self, django_assert_num_queries: Any) -> None:
        somebody = Actor(user_id=make_user().pk, label="")
        menu.counts("today:today")(lambda actor: User.objects.filter(pk=actor.user_id, created_at__lte=MOMENT))
        menu.counts("openings")(lambda actor: User.objects.filter(created_at__gt=MOMENT))

        with django_assert_num_queries(2):
            now = menu.counts_for(["today:today", "openings", "nobody"], somebody, at=MONDAY)
            long_ago = menu.counts_for(["today:today"], somebody, at=MONDAY - timedelta(days=4000))

        assert now == {"today:today": 1, "openings": 0}
        assert long_ago == {"today:today": 0}

    def test_counts_from_and_until_other_moments(self) -> None:
        joined = make_user().created_at
        lately = {"created_at__gt": MOMENT - timedelta(days=7), "created_at__lte": MOMENT + timedelta(hours=1)}
        menu.counts("today:today")(lambda actor: User.objects.filter(**lately))
        days = [timedelta(minutes=-90), timedelta(minutes=-30), timedelta(days=6), timedelta(days=8)]

        found = [menu.counts_for(["today:today"], Actor.nobody(), at=joined + later) for later in days]

        assert [one["today:today"] for one in found] == [0, 1, 1, 0]

    def test_tells_readers_apart(self) -> None:
        menu.counts("today:today")(lambda actor: User.objects.filter(pk=actor.user_id))
        somebody, nobody = Actor(user_id=make_user().pk, label=""), Actor(user_id=uuid4(), label="")

        assert menu.counts_for(["today:today"], somebody, at=MONDAY) == {"today:today": 1}
        assert menu.counts_for(["today:today"], nobody, at=MONDAY) == {"today:today": 0}

    def test_leaves_out_where_nobody_counts_or_nothing_can_be(self) -> None:
        menu.counts("today:today")(lambda actor: User.objects.none())

        assert menu.counts_for(["today:today", "nobody"], Actor.nobody(), at=MONDAY) == {}
