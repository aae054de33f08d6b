"""Job boards as data: who delivers a candidate, and what the subject says of them. Pure."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from zhiren.kernel import yamls

_GROUPS = {
    "{title}": r"(?P<title>[^|]{1,80}?)",
    "{name}": r"(?P<name>[\u4e00-\u9fff·]{2,12}|[A-Za-z][A-Za-z .'’]{1,40})",
    "{city}": r"(?P<city>[^()|\-]{2,30})",
    "{any}": r".{0,80}?",
}
_PLACEHOLDER = re.compile(r"(\{\w+\})")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－_", "-"))
_MOST_SUBJECT = 300


@dataclass(frozen=True)
class Board:
    """A job board: the domains it sends from, its subjects, and the labels in its mails' text."""

    code: str
    domains: tuple[str, ...]
    subjects: tuple[re.Pattern[str], ...]
    labels: Mapping[str, re.Pattern[str]]


@dataclass(frozen=True)
class Delivery:
    """What a mail says of itself: by which board it came ("" for none), for which job, from whom, for which city.

    `is_known` is false where a board sent it in a way that we do not know.
    """

    board: str = ""
    title: str = ""
    name: str = ""
    city: str = ""
    is_known: bool = True


@functools.cache
def _data() -> tuple[tuple[Board, ...], tuple[re.Pattern[str], ...]]:
    raw = yamls.load(files("zhiren.mailbox").joinpath("boards.yaml").read_text(encoding="utf-8"))
    boards = tuple(
        Board(
            code=entry["code"],
            domains=tuple(entry["domains"]),
            subjects=tuple(_compiled(text) for text in entry["subjects"]),
            labels={what: _label(words) for what, words in entry["labels"].items()},
        )
        for entry in raw["boards"]
    )
    return boards, tuple(_compiled(text) for text in raw["subjects"])


def codes() -> list[str]:
    """Return the codes of the boards that are known."""
    return [board.code for board in _data()[0]]


def uniform(subject: str) -> str:
    """Return a subject with width, dashes and spaces made uniform.

    >>> uniform("应聘－后端工程师（上海） — 郑亦安")
    '应聘-后端工程师(上海) - 郑亦安'
    """
    return " ".join(unicodedata.normalize("NFKC", subject).translate(_DASHES).split())[:_MOST_SUBJECT]


def board_of(address: str) -> Board | None:
    """Return the board that sends from this address or from below its domain."""
    domain = address.rpartition("@")[2].casefold().rstrip(".")
    for board in _data()[0]:
        if any(domain == own or domain.endswith("." + own) for own in board.domains):
            return board
    return None


def recognise(address: str, subject: str, text: str) -> Delivery:
    """Return what sender, subject and, for a board, the labels of the text say."""
    told = uniform(subject)
    board = board_of(address)
    if board is None:
        found = _first(_data()[1], told)
        return _delivery("", found) if found else Delivery()
    found = _first((*board.subjects, *_data()[1]), told) or {}
    labelled = {what: one[1].strip() for what, label in board.labels.items() if (one := label.search(text))}
    said = {**labelled, **found}
    return _delivery(board.code, said) if said.get("title") else Delivery(board=board.code, is_known=False)


def _first(patterns: Sequence[re.Pattern[str]], subject: str) -> dict[str, str] | None:
    for pattern in patterns:
        if found := pattern.match(subject):
            return {key: value for key, value in found.groupdict().items() if value}
    return None


def _delivery(board: str, said: Mapping[str, str]) -> Delivery:
    title, name, city = (said.get(what, "").strip(" -:|,")[:80] for what in ("title", "name", "city"))
    return Delivery(board, title, name, city)


def _compiled(layout: str) -> re.Pattern[str]:
    parts = [_GROUPS[part] if part in _GROUPS else _literal(part) for part in _PLACEHOLDER.split(uniform(layout))]
    return re.compile(r"\s*" + "".join(parts) + r"\s*$", re.IGNORECASE)


def _literal(text: str) -> str:
    return "".join(r"\s*-+\s*" if char == "-" else r"\s*" if char == " " else re.escape(char) for char in text)


def _label(words: Sequence[str]) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(word) for word in words)
    return re.compile(rf"^[ \t]*(?:{alternatives})[ \t]*[:：][ \t]*([^\n]{{1,80}})", re.MULTILINE | re.IGNORECASE)
