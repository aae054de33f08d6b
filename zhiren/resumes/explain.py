"""Every fact of a résumé under a stable name, and a table for people of where each came from."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import fields

from zhiren.resumes.facts import Fact, Pay, Resume

_SINGLE = ("name", "city", "birth", "degree", "expected_pay", "current_pay", "notice")
_HEAD = ("field", "value", "page", "line", "source", "rule", "confidence")
_WIDTHS = (24, 30, 4, 4, 34, 26, 10)
_LISTS = ("phones", "mails", "schools", "employers", "skills", "languages", "certificates")


def fact_paths(resume: Resume) -> Iterator[tuple[str, Fact]]:
    """Yield every fact of a résumé with its path, single ones first, then the lists in their order.

    A path is `name`, `phones[0]`, `employers[1].title`, `languages[0].level`, `expected_pay`: field names and places
    counted from 0, the same for the same résumé always.
    """
    for name in _SINGLE:
        held = getattr(resume, name)
        if held is not None:
            yield name, held.fact if isinstance(held, Pay) else held
    for name in _LISTS:
        for place, held in enumerate(getattr(resume, name)):
            path = f"{name}[{place}]"
            if isinstance(held, Fact):
                yield path, held
                continue
            for field in fields(held):
                inner = getattr(held, field.name)
                if isinstance(inner, Fact):
                    yield f"{path}.{field.name}", inner


def table_of(resume: Resume, sentences: Iterable[str] = ()) -> str:
    """Return the facts as a table of text, one a line, and below it the sentences, of findings for instance.

    Texts too long for their column are cut with an ellipsis; a Chinese character takes two columns, as terminals show.
    """
    rows = [_HEAD, *(_row(path, fact) for path, fact in fact_paths(resume))]
    lines = [_set(row) for row in rows]
    lines.insert(1, " ".join("-" * width for width in _WIDTHS))
    lines += [f"! {sentence}" for sentence in sentences]
    return "\n".join(lines)


def _row(path: str, fact: Fact) -> tuple[str, ...]:
    value = f"{fact.value} [{fact.code.rpartition('/')[2][:8]}]" if fact.code else fact.value
    page, line = ("" if number is None else str(number) for number in (fact.page, fact.line))
    return path, value, page, line, fact.source, fact.rule, f"{fact.confidence:.2f}"


def _set(row: tuple[str, ...]) -> str:
    return " ".join(_fit(cell, width) for cell, width in zip(row, _WIDTHS, strict=True)).rstrip()


def _fit(text: str, width: int) -> str:
    """Return a text as wide as its column."""
    kept, used = "", 0
    flat = "".join(char if char.isprintable() else " " for char in text)
    whole = sum(map(_columns, flat)) <= width
    for char in flat:
        if used + _columns(char) > (width if whole else width - 1):
            break
        kept, used = kept + char, used + _columns(char)
    if not whole:
        kept, used = kept + "…", used + 1
    return kept + " " * (width - used)


def _columns(char: str) -> int:
    return 0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
