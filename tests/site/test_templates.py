"""What holds for every template, whoever writes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "zhiren"
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
COMPONENTS = PACKAGE / "site" / "templates" / "cotton"

FORBIDDEN = {
    "an inline style": re.compile(r"<[^>]*\sstyle="),
    "an inline handler": re.compile(r"<[^>{]*\son[a-z]+="),
    "hx-on": re.compile(r"\bhx-on\b"),
    "a js: value": re.compile(r"""["']js:"""),
    "a filter of a trigger": re.compile(r"""hx-trigger="[^"]*\["""),
    "a filter on a handed-over value, which components do not understand": re.compile(r"""\s:[\w-]+="[^"{]*\|"""),
    "an inline script": re.compile(r"<script(?![^>]*(\bsrc=|application/(ld\+)?json))"),
}


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def declared_by(component: str) -> set[str]:
    source = (COMPONENTS / f"{component.replace('-', '_')}.html").read_text()
    found = re.search(r"<c-vars\s([^>]*?)/>", source)
    return set(re.findall(r":?([\w-]+)=", found[1])) if found else set()


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
class TestEveryTemplate:
    def test_compiles(self, path: Path) -> None:
        folder = next(parent for parent in path.parents if parent.name == "templates")

        assert get_template(str(path.relative_to(folder)))

    def test_holds_nothing_that_would_not_work(self, path: Path) -> None:
        source = path.read_text()

        assert [what for what, pattern in FORBIDDEN.items() if pattern.search(source)] == []

    def test_hands_values_only_to_what_the_component_declares(self, path: Path) -> None:
        undeclared = [
            f"<c-{component} :{value}>"
            for component, attributes in re.findall(r"<c-([\w-]+)((?:\s[^<>]*)?)/?>", path.read_text())
            if component not in {"vars", "slot"}
            for value in re.findall(r"\s:([\w-]+)=", attributes)
            if value not in declared_by(component)
        ]

        assert undeclared == [], "these would be printed unescaped"


class TestComponents:
    def test_are_all_described(self) -> None:
        described = (ROOT / "docs" / "components.md").read_text()
        parts_of_the_frame = {"nav_link", "language_switch", "user_menu"}

        missing = [
            path.stem
            for path in COMPONENTS.glob("*.html")
            if path.stem not in parts_of_the_frame and f"<c-{path.stem.replace('_', '-')}" not in described
        ]

        assert missing == []
