"""Sentences that pages show after something was done."""

from __future__ import annotations

import json

from django.http import HttpResponse

from zhiren.plumbing import notices


class TestAddNotices:
    def test_keeps_the_events_that_the_answer_triggers_already(self) -> None:
        answer = HttpResponse()
        answer["HX-Trigger"] = "saved, dialog-done"

        notices.add_notices(answer, [{"text": "好了", "tone": "good", "undo": ""}])

        assert json.loads(answer["HX-Trigger"]) == {
            "saved": {},
            "dialog-done": {},
            "notices": {"items": [{"text": "好了", "tone": "good", "undo": ""}]},
        }

    def test_adds_to_the_notices_that_are_there(self) -> None:
        answer = HttpResponse()

        notices.add_notices(answer, [{"text": "1", "tone": "good", "undo": ""}])
        notices.add_notices(answer, [{"text": "2", "tone": "bad", "undo": ""}])

        assert [item["text"] for item in json.loads(answer["HX-Trigger"])["notices"]["items"]] == ["1", "2"]

    def test_leaves_an_answer_alone_that_tells_nothing(self) -> None:
        answer = HttpResponse()

        notices.add_notices(answer, [])

        assert "HX-Trigger" not in answer


class TestUndoOf:
    def test_finds_the_address_among_the_tags(self) -> None:
        assert notices.undo_of("safe undo:/take/back?x=1") == "/take/back?x=1"

    def test_is_empty_where_there_is_no_way_back(self) -> None:
        assert notices.undo_of("safe") == ""
