"""Headings of the parts of a résumé, in Chinese and English."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from zhiren.resumes.document import CELL, RawLine, fold
from zhiren.resumes.vocabulary import load, simplified

TITLE = "title"

# In a form these stand before a value.
_LABELS_TOO = frozenset(
    {
        "学历",
        "教育程度",
        "特长",
        "爱好",
        "兴趣爱好",
        "联系方式",
        "语言",
        "证书",
        "应聘职位",
        "应聘岗位",
        "求职意向",
        "意向岗位",
        "意向职位",
        "期望职位",
        "期望工作",
        "应征职位",
        "应征职务",
        "求职方向",
        "求职目标",
        "外语",
        "外语水平",
        "外语能力",
        "语言能力",
        "计算机水平",
        "资格",
        "职业资格",
        "专长",
        "技能",
        "项目",
        "备注",
        "培训",
    }
)
# Words that head a section in one résumé and are an entry of a list in the next.
AMBIGUOUS = frozenset(
    [
        "leadership",
        "research",
        "training",
        "languages",
        "language",
        "tools",
        "project",
        "personal",
        "work",
        "other",
        "expertise",
        "technologies",
        "courses",
        "achievements",
        "awards",
        "presentations",
        "activities",
        "interests",
        "academic",
        "papers",
        "talks",
        "additional",
        "profile",
        "contact",
        "学历",
        "coursework",
        "portfolio",
        "strengths",
        "affiliations",
        "honors",
        "appointments",
        "articles",
        "books",
        "community",
        "credentials",
        "declaration",
        "distinctions",
        "extracurricular",
        "formation",
        "industry",
        "leisure",
        "licensure",
        "notes",
        "prizes",
        "scholarships",
        "studies",
        "technology",
        "workshops",
        "availability",
        "internship",
        "项目",
        "经历",
        "经验",
        "实习",
        "兼职",
        "资格",
        "简介",
        "备注",
        "其他",
        "其它",
        "附件",
        "著作",
        "外语",
        "培训",
        "语言",
        "专长",
    ]
)
_FEWEST_BESIDE = 2
_EDGE = re.compile(r"^[\W\d_]+|[\W_]+$")
_LEAD = re.compile(r"^(?:[一二三四五六七八九十]{1,2}[、.．:]|[ivx]{1,4}[.、)]|part\s?\d+)\s?", re.IGNORECASE)

_LONGEST = 120
_YEARS = re.compile(r"\d{1,2}\s?(?:\+|多|余|以上)?\s?(?:years?|yrs?|年)(?:以上)?", re.IGNORECASE)  # Experience: 2 years
# What a heading says of itself in brackets: 工作经历（近五年）, Experience (continued).
# A degree in brackets is none of it: Education (MEd) is a subject.
_TAIL = re.compile(
    r"\s?[(\[](?!(?:[bm]\.?\s?(?:a|sc?|ed|eng|com|tech|des|ba)|ph\.?\s?d)\.?[)\]])[^()\[\]]{1,14}[)\]]\s?[:：]?$"
)


def _squeeze(text: str) -> str:
    if len(text) > _LONGEST:
        return text  # no heading; and a line of ten thousand brackets is not to be searched from each of them
    folded = _TAIL.sub("", _LEAD.sub("", simplified(fold(text)).strip().lower()))
    return re.sub(r"\band\b|[\s&/与和及·•|,、\-–—_]", "", _EDGE.sub("", folded))


@functools.cache
def _headings() -> dict[str, str]:
    """Every heading, squeezed, and its kind; `title` for what only says that this is a résumé."""
    return {
        _squeeze(words): kind
        for kind, languages in load("headings").items()
        for text in languages.values()
        for words in text.split(",")
    }


def _kind(squeezed: str) -> str | None:
    kind = _headings().get(squeezed)
    return None if kind == TITLE else kind


def kind_of_heading(text: str) -> str | None:
    """Return the kind of section a line announces; None for a line that is no heading.

    Decorations, numbers, letter spacing and a translation beside it (`教育背景 EDUCATION`) do not matter.
    """
    if len(text) > 60:
        return None
    squeezed = _squeeze(text)
    if not squeezed:
        return None
    kind = _kind(squeezed)
    if kind:
        return kind
    chinese = re.match(r"[\u4e00-\u9fff]+", squeezed)
    if chinese and chinese.end() < len(squeezed):
        kind = _kind(chinese.group())
        return kind if kind and _kind(squeezed[chinese.end() :]) else None
    turned = re.search(r"[\u4e00-\u9fff]+$", squeezed)
    if turned and turned.start():
        kind = _kind(turned.group())
        return kind if kind and _kind(squeezed[: turned.start()]) else None
    return None


def is_sure_heading(text: str) -> bool:
    """Return whether a text is a heading and not one of the words that are as often a label or an entry of a list."""
    return kind_of_heading(text) is not None and not _is_ambiguous(text)


def is_title(text: str) -> bool:
    """Return whether a line only says that this is a résumé."""
    squeezed = _squeeze(text)
    known = _headings()
    parts = re.match(r"([\u4e00-\u9fff]*)([a-zé]*)$", squeezed)
    return known.get(squeezed) == TITLE or (
        parts is not None and known.get(parts[1]) == TITLE and known.get(parts[2]) == TITLE
    )


def with_headings_apart(lines: Iterable[RawLine]) -> Iterator[RawLine]:
    """Yield the lines; one that has its heading in a cell before the content becomes two.

    A word that is often a label, too (`Languages`), is a heading there only where others stand at the left like it.
    """
    whole = list(lines)
    heads = [head if _is_head(head, rest) else "" for head, _, rest in (line.text.partition(CELL) for line in whole)]
    sure = len([head for head in heads if head and not _is_ambiguous(head)])
    for line, head in zip(whole, heads, strict=True):
        if not head or (_is_ambiguous(head) and sure < _FEWEST_BESIDE):
            yield line
            continue
        if _is_ambiguous(head):
            yield replace(line, text="", letters=())  # after a blank line it counts as a heading
        yield replace(line, text=head)
        yield replace(line, text=line.text[len(head) + 1 :])


def _is_head(head: str, rest: str) -> bool:
    return (
        bool(rest.strip())
        and not _YEARS.fullmatch(rest.strip())
        and kind_of_heading(head) is not None
        and not is_title(head)
        and re.sub(r"[\W_]", "", simplified(head)) not in _LABELS_TOO
    )


def _is_ambiguous(head: str) -> bool:
    return re.sub(r"[\W_]", "", fold(head).lower()) in AMBIGUOUS
