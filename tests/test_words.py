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


# A sentence, and the context in which it is said; none mostly.
Said = tuple[str | None, str]


def words_of(app: str) -> set[Said]:
    """Return every English sentence that an app says, with its context."""
    found: set[Said] = set()
    for path in (ROOT / app).rglob("*.py"):
        if "migrations" not in path.parts:
            found |= _extracted(path.read_text(encoding="utf-8"))
    for path in (ROOT / app).rglob("*.html"):
        plain = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        found |= _extracted("\n".join(line.strip() for line in plain.splitlines()))
    return found


def _extracted(source: str) -> set[Said]:
    found: set[Said] = set()
    for _line, function, messages, _comments in extract_python(io.BytesIO(source.encode()), KEYWORDS, [], {}):
        texts = [messages] if isinstance(messages, str) else [text for text in messages or () if isinstance(text, str)]
        context = None
        if function in {"pgettext", "pgettext_lazy", "npgettext"}:
            context, *texts = texts
        found.update((context, text) for text in texts[:1] if text)
    return found


class TestChinese:
    @pytest.mark.parametrize("app", APPS)
    def test_is_complete(self, app: str) -> None:
        path = ROOT / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        known: dict[Said, str] = {}
        if path.exists():
            with path.open("rb") as stream:
                for message in read_po(stream, locale="zh_Hans"):
                    english = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
                    chinese = message.string[0] if isinstance(message.string, (list, tuple)) else message.string
                    known[message.context, english] = "" if message.fuzzy else chinese

        missing = [said for said in words_of(app) if not known.get(said) and not _by_django(*said)]

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


def _by_django(context: str | None, text: str) -> bool:
    """Tell whether Django, a package or another app brings the translation along, or there is nothing to translate."""
    chinese = trans_real.translation("zh-hans")
    name = f"{context}\x04{text}" if context else text
    return bool(HAN.search(text)) or chinese.gettext(name) != name


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
