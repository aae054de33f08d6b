"""What is drawn once looks like what is drawn anew."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.template import Context, Engine, Template, TemplateSyntaxError, engines
from django.urls import NoReverseMatch, reverse
from django.urls.base import set_script_prefix
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, override

from zhiren.site.templatetags import components


def compiled(source: str) -> Template:
    engine: Engine = engines["django"].engine  # type: ignore[attr-defined]  # Django's own
    return engine.from_string(source)


def rendered(source: str, **values: object) -> str:
    return compiled(source).render(Context(values))


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    components._drawn.clear()


class TestRememberedNode:
    BADGE = '{% for word in words %}{% cotton badge :tone="word" %}{{ word }}{% endcotton %}{% endfor %}'

    def test_draws_every_value_its_own_way(self) -> None:
        found = rendered(self.BADGE, words=["good", "bad", "good"])

        assert found.count('data-tone="good"') == 2
        assert found.count('data-tone="bad"') == 1
        assert found.count(">bad</span>") == 1

    def test_draws_equal_values_once(self) -> None:
        rendered(self.BADGE, words=["good", "bad", "good"])

        assert len(components._drawn) == 2

    def test_does_not_take_text_for_the_safe_html_that_reads_the_same(self) -> None:
        badge = '{% cotton badge :tone="word" %}x{% endcotton %}'
        safe = rendered(badge, word=SafeString("<b>"))
        text = rendered(badge, word="<b>")

        assert 'data-tone="<b>"' in safe
        assert 'data-tone="&lt;b&gt;"' in text

    def test_stays_small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(components, "_MOST", 3)

        rendered(self.BADGE, words=["a", "b", "c", "d", "e"])

        assert len(components._drawn) <= 3


class TestOnce:
    ROWS = "{% for row in rows %}{% once row.kind %}{{ row.text }}{% endonce %}{% endfor %}"

    def test_draws_a_block_once_for_the_same_values(self) -> None:
        rows = [{"kind": 1, "text": "a"}, {"kind": 2, "text": "b"}, {"kind": 1, "text": "never looked at"}]

        assert rendered(self.ROWS, rows=rows) == "aba"

    def test_remembers_nothing_for_the_next_answer(self) -> None:
        template = compiled(self.ROWS)

        assert [template.render(Context({"rows": [{"kind": 1, "text": text}]})) for text in "ab"] == ["a", "b"]


class TestOnceWithPlaces:
    ROWS = (
        "{% for row in rows %}{% once row.kind with name=row.name id=row.id %}"
        "<a href=\"{% url 'recruiting:move' id %}\">{{ row.kind }} {{ name }} {{ name }}</a>{% endonce %}{% endfor %}"
    )

    def test_puts_the_values_of_each_row_into_a_block_drawn_once(self) -> None:
        rows = [{"kind": "new", "name": name, "id": uuid4()} for name in ("周", "李")]

        assert rendered(self.ROWS, rows=rows) == "".join(
            f'<a href="{reverse("recruiting:move", args=[row["id"]])}">new {row["name"]} {row["name"]}</a>'
            for row in rows
        )

    def test_escapes_text_and_keeps_html_that_is_safe(self) -> None:
        once = "{% once with one=text other=safe %}{{ one }}{{ other }}{% endonce %}"

        assert rendered(once, text="<b>'&", safe=SafeString("<i>")) == "&lt;b&gt;&#x27;&amp;<i>"
        assert rendered("{% autoescape off %}" + once + "{% endautoescape %}", text="<b>", safe="") == "<b>"

    @pytest.mark.parametrize("value", [7, 2.5, None, True, timezone.now(), uuid4(), gettext_lazy("Today")])
    def test_shows_everything_as_elsewhere(self, value: object) -> None:
        once = "{% once with one=value %}{{ one }}{% endonce %}"

        assert rendered(once, value=value) == rendered("{{ value }}", value=value)

    @pytest.mark.parametrize(
        "name", ["row.name", "row.items", "row.list.0", "row.none.such", "row.call", "nobody.such"]
    )
    def test_looks_names_up_as_elsewhere(self, name: str) -> None:
        row = {"name": "<周>", "items": "things", "list": ["first"], "none": None, "call": lambda: "called"}
        once = f"{{% once with one={name} %}}{{{{ one }}}}{{% endonce %}}"

        assert rendered(once, row=row) == rendered(f"{{{{ {name} }}}}", row=row)

    def test_lets_nobody_ask_about_what_differs(self) -> None:
        with pytest.raises(TypeError, match="name it before"):
            rendered("{% once with one=value %}{% if one %}yes{% endif %}{% endonce %}", value="")

    def test_refuses_what_names_nothing(self) -> None:
        with pytest.raises(TemplateSyntaxError):
            rendered("{% once with value %}{% endonce %}")


class TestKept:
    def test_draws_a_block_once_for_all_answers_with_the_same_values(self) -> None:
        template = compiled("{% kept kind %}{{ text }}{% endkept %}")

        drawn = [
            template.render(Context({"kind": kind, "text": text})) for kind, text in ((1, "a"), (2, "b"), (1, "c"))
        ]

        assert drawn == ["a", "b", "a"]

    def test_puts_what_differs_between_readers_into_its_places(self) -> None:
        template = compiled("{% kept with token=csrf_token %}<b>{{ token }}</b>{% endkept %}")

        assert [template.render(Context({"csrf_token": one})) for one in ("mine", "yours")] == [
            "<b>mine</b>",
            "<b>yours</b>",
        ]

    def test_draws_each_language_for_itself(self) -> None:
        template = compiled("{% load i18n %}{% kept %}{% translate 'Search' %}{% endkept %}")
        drawn = {}
        for language in ("en", "zh-hans", "en"):
            with override(language):
                drawn[language] = template.render(Context())

        assert drawn == {"en": "Search", "zh-hans": "搜索"}

    def test_stays_small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(components, "_MOST_KEPT", 3)
        template = compiled("{% kept kind %}{{ kind }}{% endkept %}")

        assert [template.render(Context({"kind": kind})) for kind in range(7)] == [str(kind) for kind in range(7)]
        assert len(template.nodelist[0].drawn(Context())) <= 3


class TestUrl:
    ADDRESS = "{% url 'recruiting:move' one %}"

    def test_names_the_page_of_each_id(self) -> None:
        ids = [uuid4(), uuid4()]

        assert [rendered(self.ADDRESS, one=one) for one in ids] == [
            reverse("recruiting:move", args=[one]) for one in ids
        ]

    def test_keeps_to_where_the_system_is_mounted(self) -> None:
        one = uuid4()
        rendered(self.ADDRESS, one=one)
        set_script_prefix("/hr/")
        try:
            mounted = rendered(self.ADDRESS, one=one)
        finally:
            set_script_prefix("/")

        assert mounted == "/hr" + rendered(self.ADDRESS, one=one)

    def test_refuses_what_is_no_id(self) -> None:
        with pytest.raises(NoReverseMatch):
            rendered(self.ADDRESS, one="<script>")
