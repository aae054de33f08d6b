"""The search over everything."""

from __future__ import annotations

import pytest

from zhiren.kernel.actors import Actor
from zhiren.kernel.registry import Registry
from zhiren.plumbing import menu, search
from zhiren.plumbing.search import Hit


@pytest.fixture
def _nobody_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_providers", Registry("search provider"))
    monkeypatch.setattr(menu, "_counts", Registry("menu count"))


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


@pytest.mark.usefixtures("_nobody_registered")
class TestCountFor:
    def test_asks_whoever_counts(self) -> None:
        menu.counts("today:today")(lambda actor: len(actor.label))

        assert menu.count_for("today:today", Actor.system("four")) == 4

    def test_is_zero_where_nobody_counts(self) -> None:
        assert menu.count_for("today:today", Actor.nobody()) == 0
