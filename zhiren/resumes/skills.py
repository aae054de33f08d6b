"""Skills: those of our own list wherever they stand, and whatever a list of skills holds."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from importlib import resources
from itertools import zip_longest
from typing import NamedTuple

from zhiren.resumes.certificates import is_certificate
from zhiren.resumes.dates import dates_in
from zhiren.resumes.document import Line, fact, fold
from zhiren.resumes.facts import Fact
from zhiren.resumes.languages import is_language
from zhiren.resumes.limits import MAX_LINE
from zhiren.resumes.places import is_place
from zhiren.resumes.segments import HEADER, Segment
from zhiren.resumes.skillgroups import LEAD, SPLIT, heads_a_group, label_end, with_lists_whole
from zhiren.resumes.vocabulary import load

_MOST = 80
_ESCO = "http://data.europa.eu/esco/skill/"
_TAIL = re.compile(
    r"(?:等(?:[工技]\S{0,6})?|\s?[（(][^()（）]{0,20}[)）]|[.。;；:：\s]|语言|and|experience|skills?)+$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[。！？!?]|\.\s|\b(?:I(?!/)|my|the|was|were|have|has|with the|able to)\b|的|我")
_BLANK_WORD = re.compile(
    r"(?:(?:with|on|and|or|to|of|as|by|such|including|包括|以及|并|对|能)\b.*|[包括以及并对能专].{0,3}(?:于|括)?|"
    r"more|熟练|精通|掌握|一般|"
    r"良好|优秀|native|fluent|basic|advanced|intermediate|good|excellent|others?|其他|etc|skills?|无|none|n/a)",
    re.IGNORECASE,
)


# What follows a Chinese word when it names a trade, a post, a school or a system, and no skill.
_PART_OF_NAME = re.compile(
    r"师|员|学院|系(?!统)|(?<![库式化])系统|专业|岗|部(?!署)|经理|主管|总监|助理|顾问|公司|有限|集团|行业|大学|学校|局|院|"
    r"事务所|协会|学会|论坛|中心|证"
)
# What may stand before the name of a kind of system; anything else makes it part of a product's name.
_BEFORE_SYSTEM = re.compile(
    r"(?:^\s*|[^\w\s]\s?|\d\s|\b[a-z][A-Za-z]*\s|\b[A-Z][a-z]*(?:ed|ing|t)\s|"
    r"\b(?:Built|Led|Made|Ran|Wrote|Drove|Oversaw|The|Our|A|An|New|Using|And|Or|With|Of|For)\s|"
    r"负责|使用|应用|利用|操作|熟[悉练]|了解|掌握|精通|擅长|搭建|建设|开发|设计|实施|维护|运维|运营|上线|对接|导入|推[行动广]|引[入进]|"
    r"参与|主导|优化|管理|通过|采用|升级|完善|仓[储库]|供应链|企业|公司|物流|生产|销售|客户|财务|系统|软件|平台|[的与和及或用在为对将把从至到])$"
)
_PRODUCT = re.compile(
    r" (?P<word>(?!(?:DBA|ERP|Database|Developer|Development|Administ|Consult|Module|Certified|Skill|System)\w*)"
    r"[A-Z][\w/.+-]*)"
)
_JOINT = r"\s?(?:[、,，/;；|+&和与及]|,? ?\b(?:and|or)\b)\s?"
_ALL_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
_PIECE = re.compile(r"(?<![a-z0-9])\.|[a-z0-9]+|[\u4e00-\u9fff]")
_ADDRESS = re.compile(r"www\.|://|\.com|\.cn|\.org|\.net/|@[a-z]")


class Skill(NamedTuple):
    """A skill of our list: its name and its ESCO address, "" where ESCO has none."""

    name: str
    code: str


class _Spelling(NamedTuple):
    name: str
    anywhere: bool
    """Whether it counts outside a list of skills, too."""
    cased: str
    """How it must be written outside a list; "" if that does not matter."""


def canonical(text: str) -> Skill | None:
    """Return the skill of our list that a text names, in any spelling, case and language; None for any other text.

    >>> canonical("k8s").name
    'Kubernetes'
    """
    bare = _bare(text)
    known = _spellings().get(bare.lower())
    name = known.name if known else _short().get(bare.lower())
    return Skill(name, code_of(name)) if name else None


def normalise(text: str) -> str:
    """Return the one name of a skill; a text our list does not know comes back trimmed, as it was written."""
    found = canonical(text)
    return found.name if found else _bare(text)


def same_skill(one: str, other: str) -> bool:
    """Return whether two texts name the same skill: by our list, else by the letters, whatever their case."""
    return normalise(one).casefold() == normalise(other).casefold()


def synonyms(name: str) -> list[str]:
    """Return every spelling of a skill, its name first; a text our list does not know has only itself."""
    wanted = normalise(name)
    spellings = {wanted.casefold(): wanted}
    for word in _by_name().get(wanted, ()):
        spellings.setdefault(word.casefold(), word)
    return list(spellings.values())


def called(name: str, language: str) -> str:
    """Return what readers of a language call a skill, for showing: the Chinese name in `zh` where our list has one.

    Search, filters and conditions go by the name itself, which is the same in every language.

    >>> called("Data Analysis", "zh-hans")
    '数据分析'
    >>> called("Kubernetes", "zh-hans")
    'Kubernetes'
    """
    return _chinese_names().get(name, name) if language.startswith("zh") else name


@functools.cache
def _chinese_names() -> dict[str, str]:
    """The first of a skill's spellings that is Chinese throughout, unless the list says another is better."""
    first = {
        name: word for name, words in _by_name().items() for word in reversed(words) if _ALL_CHINESE.fullmatch(word)
    }
    better: dict[str, str] = load("skills")["chinese"]
    return first | better


def code_of(name: str) -> str:
    """Return the ESCO address of a skill by the name our list has for it; "" where there is none."""
    return _esco().get(name, "")


def is_skill(text: str) -> bool:
    """Return whether a text is the name of a skill on our list."""
    return text.lower() in _spellings()


def skills_in(segments: list[Segment], *, names: Iterable[Fact] = ()) -> list[Fact]:
    """Return each skill once, those named in a list of skills first; at most 80.

    What stands within one of the `names`, those of employers and schools, is no skill.
    """
    taken = [(name.start, name.end) for name in names]
    found: dict[str, Fact] = {}
    for segment in segments:
        if segment.kind == "skills":
            lines = list(with_lists_whole(segment.lines))
            for line, after in zip_longest(lines, lines[1:]):
                label = len(line.text) if after and heads_a_group(line, after) else label_end(line.folded)
                for item in (*_known(line, listed=True), *_listed(line, label)):
                    if item.start - line.start >= label or _counts_anywhere(item.value):
                        _keep(found, item)
    for segment in segments:
        if segment.kind not in {"skills", HEADER, "education", "references", "interests"}:
            for line in segment.lines:
                for item in _known(line, listed=False):
                    if not any(start <= item.start and item.end <= end for start, end in taken):
                        _keep(found, item)
    return list(found.values())[:_MOST]


def _keep(found: dict[str, Fact], item: Fact) -> None:
    found.setdefault(item.value.casefold(), item)


def _bare(text: str) -> str:
    folded = fold(text).strip()
    lead = LEAD.match(folded)
    bare = _TAIL.sub("", folded[lead.end() :] if lead else folded)
    return bare if folded.lower() not in _spellings() and bare else folded


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


@functools.cache
def _spellings() -> dict[str, _Spelling]:
    """Every spelling in small letters."""
    data = load("skills")
    listed, cased = set(_words(data["listed"])), set(_words(data["cased"]))
    spellings: dict[str, _Spelling] = {}
    for name, others in data["known"].items():
        words = _words(others)
        everyday = name in listed or f"~{name.lower()}" in words or name in _strict_words()
        for word in words:
            bare = word.removeprefix("~")
            spellings[bare.lower()] = _Spelling(name, anywhere=bare == word, cased="")
        spellings[name.lower()] = _Spelling(name, anywhere=not everyday, cased=name if name in cased else "")
    return spellings


@functools.cache
def _by_name() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {
        name: [word.removeprefix("~") for word in _words(others)] for name, others in load("skills")["known"].items()
    }
    for short, name in _same().items():
        names[name].append(short)
    return names


@functools.cache
def _strict_words() -> frozenset[str]:
    return frozenset(_words(load("skills")["strict"]))


@functools.cache
def _systems() -> frozenset[str]:
    """The names of kinds of systems, which products have in their names."""
    return frozenset(_words(load("skills")["systems"]))


@functools.cache
def _makers() -> frozenset[str]:
    """The names of skills that the names of other products begin with."""
    return frozenset(_words(load("skills")["makers"]))


@functools.cache
def _short() -> dict[str, str]:
    """The strict words in small letters and what they mean."""
    return {word.lower(): _same().get(word, word) for word in _strict_words()}


def _same() -> dict[str, str]:
    same: dict[str, str] = load("skills")["same"]
    return same


@functools.cache
def _beside() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds a strict word behind a skill, and before one."""
    words = "|".join(map(re.escape, sorted(_strict_words(), key=len, reverse=True)))
    return (
        re.compile(rf"{_JOINT}(?P<word>{words})(?![A-Za-z0-9#+.@\-])"),
        re.compile(rf"(?<![A-Za-z0-9#+.@\-])(?P<word>{words}){_JOINT}$"),
    )


@functools.cache
def _esco() -> dict[str, str]:
    text = resources.files("zhiren.resumes").joinpath("data", "skills_esco.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {name: _ESCO + identifier for name, identifier, *_ in rows}


@functools.cache
def _index() -> dict[str, list[str]]:
    """The spellings by their first piece, the longest first: a spelling stands alone, so that a text has this piece."""
    index: dict[str, list[str]] = {}
    for spelling in sorted(_spellings(), key=len, reverse=True):
        first = _PIECE.match(spelling)
        if first and len(spelling) > 1:  # a letter alone means a skill only in a list, or beside another skill
            index.setdefault(first.group(), []).append(spelling)
    return index


def _spans(line: Line, *, listed: bool) -> Iterator[tuple[int, int, str]]:
    """Yield where a line names skills and which, the longest spelling at each place, none overlapping."""
    text = line.folded.lower()
    if len(text) != len(line.folded):  # some capital has two small letters; then it is not worth the trouble
        return
    index, spellings = _index(), _spellings()
    if index.keys().isdisjoint(_PIECE.findall(text)):
        return
    reached = 0
    for start in _PIECE.finditer(text):
        candidates = index.get(start.group())
        place = start.start()
        if candidates is None or place < reached:
            continue
        for spelling in candidates:
            if not text.startswith(spelling, place):
                continue
            end = place + len(spelling)
            known = spellings[spelling]
            fits = listed or (known.anywhere and known.cased in {"", line.folded[place:end]})
            fits = fits and not _names_product(line.folded, end, known)
            if fits and _stands_alone(text, place, end) and (listed or not _is_of_product(line.folded, place, known)):
                yield place, end, known.name
                reached = end
                break


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 2]
    if text[start].isascii() and before:
        if before.isascii() and (before.isalnum() or before in ".#+@-_"):
            return False
        if before == "/" and _ADDRESS.search(text[max(start - 40, 0) : start].rpartition(" ")[2]):
            return False
    if text[end - 1].isascii():
        return not re.match(r"[a-z0-9#+@_]|\.[a-z]|-[a-z]", after)
    return _PART_OF_NAME.match(text, end) is None


def _is_of_product(text: str, place: int, known: _Spelling) -> bool:
    """Return whether the name of a kind of system, WMS, only ends the name of one product of that kind."""
    return known.name in _systems() and _BEFORE_SYSTEM.search(text, max(place - 24, 0), place) is None


def _names_product(text: str, end: int, known: _Spelling) -> bool:
    """Return whether the name of a maker only begins the name of a product: Oracle HCM Cloud is not Oracle."""
    product = _PRODUCT.match(text, end) if known.name in _makers() else None
    return product is not None and product["word"].lower() not in _spellings()


def _known(line: Line, *, listed: bool) -> Iterator[Fact]:
    """Yield the skills of our list in a line, and the short names beside them: the Go of `Java、Go`."""
    if len(line.text) > MAX_LINE:
        return
    spans = list(_spans(line, listed=listed))
    confidence = 0.95 if listed else 0.75
    for start, end, name in spans:
        yield fact(line, (start, end), confidence=confidence, rule="skill_known", value=name, code=code_of(name))
    for start, end, name in _neighbours(line.folded, [(start, end) for start, end, _ in spans]):
        yield fact(line, (start, end), confidence=confidence, rule="skill_beside", value=name, code=code_of(name))


def _neighbours(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Yield the strict words that a comma or an "and" joins to a span, and those joined to them."""
    behind, ahead = _beside()
    taken = set(spans)
    waiting = list(spans)
    while waiting:
        start, end = waiting.pop()
        for match in (behind.match(text, end), ahead.search(text, max(start - 24, 0), start)):
            if match and not any(match.start("word") < stop and begin < match.end("word") for begin, stop in taken):
                taken.add(match.span("word"))
                waiting.append(match.span("word"))
                yield *match.span("word"), _same().get(match["word"], match["word"])


def _counts_anywhere(name: str) -> bool:
    known = _spellings().get(name.lower())
    return known is not None and known.anywhere


def _listed(line: Line, position: int) -> Iterator[Fact]:
    """Yield the entries from a place of a line on that reads like a list; a sentence yields none."""
    if not line.text or len(line.text) > MAX_LINE or dates_in(line.folded):
        return
    entries = SPLIT.split(line.folded[position:])
    if _SENTENCE.search(line.folded) and len(entries) < 4:
        return
    spans: list[tuple[int, int]] = []
    for entry in entries:
        begin = line.folded.index(entry, position) if entry else position
        position = begin + len(entry)
        lead = LEAD.match(entry)
        start = begin + (lead.end() if lead else 0)
        end = begin + len(_TAIL.sub("", entry))
        if start < end:
            spans.append((start, end))
    fitting = [span for span in spans if _is_entry(line.text[slice(*span)])]
    prose = len(fitting) * 4 < len(spans) * 3
    known_spans = list(_spans(line, listed=True)) if fitting else []
    for start, end in fitting:
        text = line.text[start:end].replace("\n", " ")
        known = None if text.lower() in _short() and text not in _strict_words() else canonical(text)
        wraps = known is None and (prose or _names_known(text, start, end, known_spans))
        wraps = wraps or any(begin <= start and end <= stop and not known for begin, stop, _ in known_spans)
        if wraps or (known is None and _is_told_elsewhere(line.folded[start:end])):
            continue
        yield fact(
            line,
            (start, end),
            confidence=0.95 if known else 0.6,
            rule="skill_listed",
            value=known.name if known else text,
            code=known.code if known else "",
        )


def _names_known(text: str, start: int, end: int, spans: list[tuple[int, int, str]]) -> bool:
    """Return whether an entry only wraps skills of our list, as 英语 CET-6 does, or strings several together."""
    inside = [span for span in spans if start <= span[0] and span[1] <= end]
    return len(inside) >= (2 if text.isascii() else 1)


def _is_told_elsewhere(entry: str) -> bool:
    return is_language(entry) or is_certificate(entry)


def _is_entry(text: str) -> bool:
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    if not text or len(text) > 40 or chinese > 10 or len(text.split()) > 4:
        return False
    if (text.count("(") + text.count("（")) != (text.count(")") + text.count("）")):
        return False  # a bracket was parted by the commas within
    if not re.search(r"[^\W\d_]", text) or (len(text) == 1 and text not in _strict_words()):
        return False
    return not (_SENTENCE.search(text) or _BLANK_WORD.fullmatch(text) or is_place(text))
