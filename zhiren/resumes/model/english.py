"""What a model sees of a text in English: sparse marks for each token, and words for the network."""

from __future__ import annotations

import functools
import re

from zhiren.resumes.titles import looks_like_employer, looks_like_title

VERSION = 1
"""Raised whenever the marks change: a model trained with other marks is refused."""

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
_SECTIONS = (
    ("work", "(?:professional |work |career |employment )*(?:experience|history|employment)\\b"),
    ("education", "education|academic|qualification|scholastic"),
    ("skills", "(?:technical |key |core |it |computer |professional )*(?:skills?|competenc)"),
    ("more", "additional information|personal|certificat|projects?|awards|links|achievements|hobbies|declaration"),
    ("profile", "summary|profile|objective|about"),
)
_HEADINGS = tuple((name, re.compile(rf"^\W*(?:{words})", re.IGNORECASE)) for name, words in _SECTIONS)
_LONGEST_HEADING = 40
_DEGREE = frozenset(
    [
        "bachelor", "bachelors", "master", "masters", "doctor", "doctorate", "phd", "mba", "mca", "bca", "bba",
        "btech", "mtech", "bsc", "msc", "bcom", "mcom", "diploma", "degree", "be", "me", "ba", "ma", "b", "m", "tech",
        "e", "sc", "com", "ed", "hsc", "ssc", "certificate", "pgdm", "pgdbm", "associate", "engineering", "science",
        "arts", "commerce", "technology", "philosophy",
    ]
)  # fmt: skip
_SCHOOL = frozenset(
    [
        "university", "college", "institute", "school", "academy", "polytechnic", "vidyalaya", "mahavidyalaya",
        "faculty", "campus", "institution", "education",
    ]
)  # fmt: skip
_MONTHS = frozenset(
    [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "january",
        "february", "march", "april", "june", "july", "august", "september", "october", "november", "december",
        "present",
    ]
)  # fmt: skip
_YEARS_LONG = 60


def units_of(text: str) -> list[tuple[int, int]]:
    """Return where each token starts and ends: words, numbers and single signs."""
    return [match.span() for match in _TOKEN.finditer(text)]


def words_of(text: str) -> tuple[list[str], list[str], list[str], list[str]]:
    """Return for each token: its lower-case form, its end, its shape with its place in the line, the part it is in."""
    lines = _Lines(text)
    lower, ends, shapes, parts = [], [], [], []
    for number, (start, end) in enumerate(lines.spans):
        token = text[start:end]
        at = lines.line_of[number]
        first, last = lines.first[at], lines.last[at]
        edge = ("B" if number == first else "") + ("E" if number == last else "")
        lower.append("0" * len(token) if token.isdigit() else token.lower())
        ends.append(token.lower()[-3:])
        shapes.append(_shape(token) + edge)
        parts.append(f"{lines.section[at]}{min(at, 6)}{lines.kind[at]}")
    return lower, ends, shapes, parts


def marks_of(text: str) -> list[list[str]]:
    """Return for each token the marks the linear part knows it by: windows, shapes, its line and what stands around."""
    lines = _Lines(text)
    tokens = [text[start:end] for start, end in lines.spans]
    lower = ["0" * len(token) if token.isdigit() else token.lower() for token in tokens]
    shapes = [_shape(token) for token in tokens]
    known = [_known(token, low) for token, low in zip(tokens, lower, strict=True)]
    edge = ["<3", "<2", "<1"], [">1", ">2", ">3"]
    shown = [*edge[0], *lower, *edge[1]]
    forms = [*edge[0], *shapes, *edge[1]]
    sorts = [*edge[0], *known, *edge[1]]
    marks = []
    for number, low in enumerate(lower):
        p3, p2, p1, _, n1, n2, n3 = shown[number : number + 7]
        f2, f1, form, g1, g2 = forms[number + 1 : number + 6]
        s2, s1, sort, t1, t2 = sorts[number + 1 : number + 6]
        at = lines.line_of[number]
        first, last, section = lines.first[at], lines.last[at], lines.section[at]
        begins, ends = min(number - first, 4), min(last - number, 4)
        before = lower[lines.first[at - 1]] if at else "<"
        marks.append(
            [
                "0" + low, "1" + p1, "2" + n1, "3" + p2, "4" + n2, "5" + p3, "6" + n3, "a" + p1 + " " + low,
                "b" + low + " " + n1, "c" + p2 + " " + p1, "d" + n1 + " " + n2, "e" + low[:3], "f" + low[-3:],
                "g" + low[-2:], "h" + form, "i" + f1 + form, "j" + form + g1, "k" + f1 + form + g1,
                "l" + f2 + f1 + form + g1 + g2, "m" + sort, "n" + s1 + "/" + sort, "o" + sort + "/" + t1,
                "p" + s2 + "/" + s1 + "/" + sort, "q" + sort + "/" + t1 + "/" + t2, "r" + section,
                f"s{section}/{begins}/{ends}", f"t{begins}", f"u{ends}", f"v{min(at, 8)}",
                f"w{min(at, 8)}/{begins}/{form}", f"x{lines.kind[at]}", f"y{section}/{lines.kind[at]}",
                f"z{lines.kind[at]}/{begins}/{ends}", "A" + before, "B" + lower[first], "C" + lower[last],
                f"D{section}/{low}", f"E{lines.around[at]}", f"F{section}/{lines.around[at]}",
                f"G{lines.blank[at]}/{section}/{begins}", f"H{section}/{sort}", f"I{lines.hints[at]}/{section}",
                f"J{lines.hints[at]}/{lines.blank[at]}/{sort}", "K" + sort + "/" + low[-3:],
            ]
        )  # fmt: skip
    return marks


class _Lines:
    """The lines of a text with tokens in them: where each begins and ends, and what it looks like."""

    def __init__(self, text: str) -> None:
        self.spans: list[tuple[int, int]] = []
        self.line_of: list[int] = []
        self.first: list[int] = []
        self.last: list[int] = []
        self.section: list[str] = []
        self.kind: list[str] = []
        self.hints: list[str] = []
        self.blank: list[int] = []
        section, blank, offset = "head", 0, 0
        for line in text.split("\n"):
            found = units_of(line)
            if found:
                heading = next((name for name, words in _HEADINGS if words.match(line)), None)
                if heading and len(line) < _LONGEST_HEADING:
                    section = heading
                self.section.append(section)
                self.first.append(len(self.spans))
                self.line_of += [len(self.first) - 1] * len(found)
                self.spans += [(offset + start, offset + end) for start, end in found]
                self.last.append(len(self.spans) - 1)
                self.kind.append(_kind(line))
                self.hints.append(_hints(line))
                self.blank.append(min(blank, 2))
                blank = 0
            else:
                blank += 1
            offset += len(line) + 1
        hints = ["<", *self.hints, ">"]
        self.around = [f"{hints[at]}:{hints[at + 1]}:{hints[at + 2]}" for at in range(len(self.hints))]


def _shape(token: str) -> str:
    if token.isdigit():
        return f"d{min(len(token), 5)}"
    if not token[0].isalpha():
        return token
    if token.isupper():
        return "A" if len(token) == 1 else "AA"
    return "Aa" if token[0].isupper() and token[1:].islower() else "a" if token.islower() else "aA"


def _known(token: str, low: str) -> str:
    if low in _MONTHS:
        return "M"
    if token.isdigit():
        return "Y" if len(token) == 4 and token[:2] in {"19", "20"} else "D"
    if low in _DEGREE:
        return "G"
    if low in _SCHOOL:
        return "S"
    return _look(low) or ("U" if token[0].isupper() else "a" if token.isalpha() else token)


@functools.lru_cache(maxsize=20_000)
def _look(word: str) -> str:
    return "T" if looks_like_title(word) else "O" if looks_like_employer(word) else ""


def _kind(line: str) -> str:
    bare = line.strip()
    size = "s" if len(bare) < 30 else "m" if len(bare) < _YEARS_LONG else "l"
    case = "U" if bare.isupper() else "T" if bare.istitle() else "x"
    return size + case + ("." if bare.endswith(".") else "•" if bare[0] in "•-*●➢" else "")


def _hints(line: str) -> str:
    """Return what a line holds at a glance: a year, a title, an employer, a school, a degree, an address."""
    low = {token.lower() for token in re.findall(r"[^\W\d_]+", line)} if len(line) < 90 else set()
    return (
        ("y" if re.search(r"(?:19|20)\d\d", line) else "")
        + ("t" if low and looks_like_title(line) else "")
        + ("s" if low & _SCHOOL else "")
        + ("o" if low and looks_like_employer(line) else "")
        + ("g" if low & (_DEGREE - {"e", "b", "m", "me", "be", "science", "arts", "technology", "engineering"}) else "")
        + ("@" if "@" in line or "indeed" in line.lower() else "")
    ) or ("-" if low else "=")
