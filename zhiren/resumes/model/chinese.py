"""What a model sees of a Chinese line: sparse marks for the linear part and words for the network."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterable
from itertools import pairwise

import rjieba

from zhiren.resumes.vocabulary import surnames

VERSION = 1
"""Raised whenever the marks change: a model trained with other marks is refused."""

_BREAKS = frozenset("、，。；：()P")
_CLAUSE = frozenset("、，。；：")
_ORGANISATION = re.compile(
    "公司|集团|银行|大学|学院|厂|局|委员会|协会|学会|研究所|研究院|事务所|医院|中心|学校|分行|支行|部|处|科|室|会|所|院|委"
)
_TITLE = re.compile(
    "经理|总裁|董事长|董事|监事|主任|主席|工程师|会计师|教授|总监|书记|部长|处长|科长|厂长|所长|院长|行长|校长|会长|局长|"
    "秘书|委员|负责人|主管|助理|顾问|研究员|讲师|代表|会计|长|员|师|人|职"
)
_TRIGGER = re.compile("曾任|现任|历任|兼任|担任|先后任|任|就职于|毕业于|于|在|至今|加入|进入|为|获|及|和|与|兼")
_SPACE = re.compile(r"\s")
_HALF = re.compile(r"[\ud800-\udfff]")
"""Half of a character, which no encoding takes."""


def words_of(text: str) -> tuple[list[str], list[str], list[str], list[str]]:
    """Return for each character: itself, itself with the next one, its place in its word with the kind, the word."""
    folded = [_fold(character) for character in text]
    places, words = [], []
    for word, kind in _segmented(text):
        for number in range(len(word)):
            places.append(kind[:2] + _place(number, len(word)))
            words.append(word)
    pairs = [one + two for one, two in zip(folded, [*folded[1:], ">"], strict=True)]
    return folded, pairs, places, words


def marks_of(text: str) -> list[list[str]]:
    """Return for each character the marks the linear part knows it by: windows, kinds, words, what lies further off."""
    count = len(text)
    kinds = [_kind(character) for character in text]
    edge = ["<4", "<3", "<2", "<1"], [">1", ">2", ">3", ">4"]
    shown = [*edge[0], *(_fold(character) for character in text), *edge[1]]
    # Pairs, threes and fours are made once; each is wanted from several places.
    twos = [one + two for one, two in pairwise(shown)]
    threes = [two + three for two, three in zip(twos, shown[2:], strict=False)]
    fours = [three + four for three, four in zip(threes, shown[3:], strict=False)]
    types = f"<<{''.join(kinds)}>>"
    since, until = _distances(kinds), _distances(kinds[::-1])[::-1]
    by_word = _word_marks(text)
    far = _far_marks(text, kinds)
    known = surnames()
    marks = []
    for at in range(count):
        p3, p2, p1, this, n1, n2, n3 = shown[at + 1 : at + 8]
        before, after = since[at], until[at]
        opener = shown[at + 3 - before] if before < at + 4 else "<"
        found = [
            "0" + this, "1" + p1, "2" + n1, "3" + p2, "4" + n2, "5" + p3, "6" + n3,
            "a" + twos[at + 3], "b" + twos[at + 4], "c" + twos[at + 2], "d" + twos[at + 5], "e" + p1 + n1,
            "f" + threes[at + 3], "g" + threes[at + 4], "i" + threes[at + 2], "j" + threes[at + 1],
            "k" + threes[at + 5], "l" + fours[at + 1], "m" + fours[at + 4], "n" + fours[at + 2], "o" + fours[at + 3],
            "p" + twos[at + 6], "q" + twos[at + 1], "x" + twos[at], "X" + twos[at + 7],
            "t" + kinds[at], "u" + types[at + 1 : at + 4], "v" + types[at : at + 5],
            f"L{min(before, 6)}", f"R{min(after, 6)}", f"Y{min(before, 4)}.{min(after, 4)}",
            "w" + opener, f"z{this}{min(after, 3)}", f"y{this}{min(before, 3)}",
        ]  # fmt: skip
        if at < 3:
            found.append(f"^{at}")
        if before == 0 and (this in known or this + n1 in known):
            found.append(f"s{min(after, 6)}")
        found += by_word[at]
        found += far[at]
        marks.append(found)
    return marks


def _fold(character: str) -> str:
    if character.isdigit():
        return "0"
    return " " if character.isspace() else character.lower()


def _kind(character: str) -> str:
    if "\u3400" <= character <= "\u9fff":
        return "H"
    if character.isdigit():
        return "D"
    if character.isascii() and character.isalpha():
        return "A"
    if character in _CLAUSE:
        return character
    return {"（": "(", "(": "(", "）": ")", ")": ")"}.get(character, "P")


@functools.lru_cache(maxsize=32)  # the marks and the words of a text are asked for one after the other
def _segmented(text: str) -> tuple[tuple[str, str], ...]:
    """Return words and their kinds that together are the text."""
    found = [(_SPACE.sub(" ", word), kind) for word, kind in rjieba.tag(_HALF.sub("\ufffd", text))]
    if sum(len(word) for word, _ in found) != len(text):
        return tuple((_SPACE.sub(" ", character), "x") for character in text)
    return tuple(found)


def _place(number: int, length: int) -> str:
    if length == 1:
        return "S"
    return "B" if number == 0 else "E" if number == length - 1 else "M"


def _distances(kinds: Iterable[str]) -> list[int]:
    """Return for each character how many stand between it and the break before it."""
    found = []
    distance = 0
    for kind in kinds:
        found.append(distance)
        distance = 0 if kind in _BREAKS else distance + 1
    return found


def _word_marks(text: str) -> list[list[str]]:
    words = [("<", "<"), ("<", "<"), *_segmented(text), (">", ">"), (">", ">")]
    marks = []
    for number in range(2, len(words) - 2):
        (w2, _), (w1, k1), (word, kind), (v1, m1), (v2, _) = words[number - 2 : number + 3]
        for at in range(len(word)):
            place = _place(at, len(word))
            marks.append(
                [
                    "A" + place, "B" + place + word, "C" + place + kind, "D" + place + k1 + "/" + kind,
                    "E" + place + kind + "/" + m1, "F" + place + w1, "G" + place + v1,
                    "H" + place + w1 + "/" + word, "I" + place + word + "/" + v1, "J" + place + k1 + kind + "/" + m1,
                    "K" + place + w2 + "/" + w1, "M" + place + v1 + "/" + v2,
                ]
            )  # fmt: skip
    return marks


def _far_marks(text: str, kinds: list[str]) -> list[list[str]]:
    """Return marks of what stands further off in the same clause: the ends of organisations and titles, and verbs."""
    clauses, number = [], 0
    for kind in kinds:
        number += kind in _CLAUSE
        clauses.append(number)
    organisations = [(match.start(), match.end(), match.group()) for match in _ORGANISATION.finditer(text)]
    titles = [(match.start(), match.end(), match.group()) for match in _TITLE.finditer(text)]
    triggers = [(match.end(), match.group()) for match in _TRIGGER.finditer(text)]
    organisation_ends = [end for _, end, _ in organisations]
    title_ends = [end for _, end, _ in titles]
    trigger_ends = [end for end, _ in triggers]
    last_of = {clauses[start]: end for start, end, _ in organisations}
    marks = []
    for at, clause in enumerate(clauses):
        ahead = _within(organisations, bisect.bisect_right(organisation_ends, at), clause, clauses)
        title = _within(titles, bisect.bisect_right(title_ends, at), clause, clauses)
        behind = _within(organisations, bisect.bisect_right(organisation_ends, at) - 1, clause, clauses)
        verb_at = bisect.bisect_right(trigger_ends, at) - 1
        verb = triggers[verb_at][1] if verb_at >= 0 else "-"
        last = last_of.get(clause)
        side = "n" if last is None else "b" if at < last else "a"
        marks.append(
            [
                "N" + ahead, "O" + title, "Q" + behind, f"S{ahead}/{title}", f"T{behind}/{title}", "U" + verb,
                f"V{verb}/{int(ahead != '-')}/{int(title != '-')}", "W" + side + title,
            ]
        )  # fmt: skip
    return marks


def _within(found: list[tuple[int, int, str]], index: int, clause: int, clauses: list[int]) -> str:
    if 0 <= index < len(found) and clauses[found[index][0]] == clause:
        return found[index][2]
    return "-"
