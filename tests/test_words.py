"""Every word of the interface is there in Chinese too."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation import trans_real
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent / "zhiren"
APPS = sorted(path.name for path in ROOT.iterdir() if (path / "__init__.py").exists())
KEYWORDS = [
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy",
    "npgettext",
]  # fmt: skip
HAN = re.compile(r"[\u4e00-\u9fff]")


def words_of(app: str) -> set[str]:
    """Return every English sentence that an app says."""
    found: set[str] = set()
    for path in (ROOT / app).rglob("*.py"):
        if "migrations" not in path.parts:
            found |= _extracted(path.read_text(encoding="utf-8"))
    for path in (ROOT / app).rglob("*.html"):
        plain = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        found |= _extracted("\n".join(line.strip() for line in plain.splitlines()))
    return found


def _extracted(source: str) -> set[str]:
    found = set()
    for _line, function, messages, _comments in extract_python(io.BytesIO(source.encode()), KEYWORDS, [], {}):
        texts = [messages] if isinstance(messages, str) else [text for text in messages or () if isinstance(text, str)]
        if function in {"pgettext", "pgettext_lazy", "npgettext"}:
            texts = texts[1:]
        found.update(texts[:1])
    return {text for text in found if text}


class TestChinese:
    @pytest.mark.parametrize("app", APPS)
    def test_is_complete(self, app: str) -> None:
        path = ROOT / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        known: dict[str, str] = {}
        if path.exists():
            with path.open("rb") as stream:
                for message in read_po(stream, locale="zh_Hans"):
                    english = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
                    chinese = message.string[0] if isinstance(message.string, (list, tuple)) else message.string
                    known[english] = "" if message.fuzzy else chinese

        missing = sorted(text for text in words_of(app) if not known.get(text) and not _by_django(text))

        assert missing == []

    @pytest.mark.parametrize("app", APPS)
    def test_keeps_every_placeholder(self, app: str) -> None:
        path = ROOT / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        if not path.exists():
            pytest.skip("this app says nothing")
        wrong = []
        with path.open("rb") as stream:
            for message in read_po(stream, locale="zh_Hans"):
                english = message.id if isinstance(message.id, str) else message.id[-1]
                chinese = message.string if isinstance(message.string, str) else message.string[0]
                if english and set(re.findall(r"%\(\w+\)", english)) != set(re.findall(r"%\(\w+\)", chinese)):
                    wrong.append(english)

        assert wrong == []


def _by_django(text: str) -> bool:
    """Tell whether Django or a package brings the translation along, or there is nothing to translate."""
    return bool(HAN.search(text)) or trans_real.translation("zh-hans").gettext(text) != text


class TestTemplates:
    def test_hold_no_chinese_of_their_own(self) -> None:
        found = [
            f"{path.relative_to(ROOT)}:{number}"
            for path in ROOT.rglob("*.html")
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if HAN.search(line) and "知" not in line and "中文" not in line
        ]

        assert found == []


class TestAcrossApps:
    def test_says_the_same_thing_the_same_way(self) -> None:
        """Django merges all apps' words: of two translations of one sentence, one would show in the other's place."""
        said: dict[tuple[str | None, str], dict[str, str]] = {}
        for app in APPS:
            path = ROOT / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
            if not path.exists():
                continue
            with path.open("rb") as stream:
                for message in read_po(stream, locale="zh_Hans"):
                    english = message.id if isinstance(message.id, str) else message.id[0]
                    chinese = message.string if isinstance(message.string, str) else message.string[0]
                    if english and chinese:
                        said.setdefault((message.context, english), {})[chinese] = app

        assert {key: ways for key, ways in said.items() if len(ways) > 1} == {}
