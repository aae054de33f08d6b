"""The word lists of this package, read once."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any

_PIECE = re.compile(r"[a-z]+|[0-9]|[^\x00-\x7f]")


def small(text: str) -> str:
    """Return the text in small letters; its length does not change.

    Search this text, not the text itself whatever its case: a pattern that ignores case takes the dotless Turkish i
    for an i, and then no list knows what it found.
    """
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(char.lower()[0] for char in text)


def pieces(text: str) -> list[str]:
    """Return the Latin words, the digits and the other signs of a text in small letters, in order.

    A name of a list can only stand in a text that has the first piece of the name among its own: asking for that first
    (`first_pieces`) spares most lines the search.
    """
    return _PIECE.findall(text)


def pieces_with_places(text: str) -> Iterator[tuple[str, int]]:
    """Yield the same with where each begins."""
    for found in _PIECE.finditer(text):
        yield found.group(), found.start()


def first_pieces(names: Iterable[str]) -> frozenset[str]:
    """Return the first pieces of names in small letters."""
    return frozenset(found.group() for name in names if (found := _PIECE.search(name)))


@functools.cache
def load(name: str) -> dict[str, Any]:
    """Return one of our own YAML lists."""
    from zhiren.kernel import yamls  # whoever only asks for a reading in a child process needs no lists here

    loaded: dict[str, Any] = yamls.load(_read(f"{name}.yaml"))
    return loaded


@functools.cache
def towns() -> frozenset[str]:
    """Return the names of towns outside China, in small letters."""
    return frozenset(line for line in _read("towns.txt").splitlines() if not line.startswith("#"))


@functools.cache
def surnames() -> frozenset[str]:
    """Return the Chinese surnames, of one character and of two, simplified and traditional."""
    single: set[str] = set()
    double: set[str] = set()
    for line in _read("surnames.txt").splitlines():
        if " " in line:
            double.update(line.split())
        else:
            single.update(line.strip())
    return frozenset(single | double)


@functools.cache
def confidence(rule: str) -> float:
    """Return how often a rule is right, as measured (`docs/decisions/0016-confidence.md`); 0.5 where nothing was."""
    known: float = load("confidence")["measured"].get(rule, 0.5)
    return known


@functools.cache
def _to_simplified() -> dict[int, str]:
    traditional, simplified = _read("traditional.txt").split()
    return {ord(one): other for one, other in zip(traditional, simplified, strict=True)}


def simplified(text: str) -> str:
    """Return the text with simplified characters for traditional ones, letter for letter: rules know only these."""
    return text if text.isascii() else text.translate(_to_simplified())


@functools.cache
def regions() -> dict[str, tuple[str, str]]:
    """Return the city and the six-digit code of every place of mainland China that is known by its name alone.

    Prefectures stand without 市 (`苏州`: 苏州, 320500), counties with their ending; a district means its city
    (`海淀区`: 北京, 110000), a county means itself (`昆山市`: 昆山, 320583). Names that places share are left out.
    """
    known: dict[str, tuple[str, str]] = {}
    for row in _read("regions.txt").splitlines():
        code, city, *counties = row.split()
        if city != "-":
            known[city] = (city, code)
        for county in counties:
            # Digits that tell the county from its prefecture stand before its name.
            number = "".join(char for char in county[:4] if char.isdigit())
            name = county[len(number) :]
            if name.endswith("区") and city != "-":
                known[name] = (city, code)
            else:
                known[name] = (name.removesuffix("市"), code[: 6 - len(number)] + number)
    return known


def _read(name: str) -> str:
    return resources.files("zhiren.resumes").joinpath("data", name).read_text(encoding="utf-8")
