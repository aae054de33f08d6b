"""From a template's words and some values to a letter's text and its HTML part. Pure.

There is no template engine: a fixed set of names in double braces, and values that go in as they are.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from zhiren.conversation.rules import clean_text, one_line

PLACEHOLDERS = (
    "candidate_name", "company_name", "opening_title", "stage_name", "status_link",
    "next_step", "next_step_date", "promise_date", "summary", "why",
    "interview_time", "interview_place", "interviewer_name", "interviewer_introduction",
    "recruiter_name", "recruiter_phone", "recruiter_mail", "recipient_name", "owner_name", "today_link",
    "request_title", "request_facts", "requester_name", "request_link", "approval_link", "decision",
)  # fmt: skip

_FIELD = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
_BRACES = re.compile(r"\{\{.*?\}\}|\{\{|\}\}|\{%|%\}")
_LINK = re.compile(r"https?://[^\s<>\"'，。；！？、）」]+")
_ITEM = re.compile(r"^\s*[-•·]\s+")


def unknown_placeholder(text: str) -> str | None:
    """Return the first thing in braces that cannot be filled in; None if there is none.

    >>> unknown_placeholder("Hi {{ candidate_name }}, {{ 7*7 }}")
    '{{ 7*7 }}'
    """
    for found in _BRACES.findall(text):
        match = _FIELD.fullmatch(found)
        if match is None or match[1] not in PLACEHOLDERS:
            return str(found)
    return None


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with the values in it.

    A line that names something without a value is left out, and with it the heading (a line ending in a colon) that
    would have nothing beneath it.
    """
    paragraphs = (_fill_paragraph(paragraph, values) for paragraph in re.split(r"\n\s*\n", clean_text(text)))
    return "\n\n".join(filter(None, paragraphs))


def fill_line(text: str, values: Mapping[str, str]) -> str:
    """Return a subject with the values in it, in one line; what has no value is left out."""
    return one_line(_FIELD.sub(lambda match: one_line(values.get(match[1], "")), text))


def _fill_paragraph(paragraph: str, values: Mapping[str, str]) -> str:
    kept: list[str] = []
    left_out = False
    for line in paragraph.split("\n"):
        if all(values.get(name, "").strip() for name in _FIELD.findall(line)):
            kept.append(_FIELD.sub(lambda match: clean_text(values[match[1]]), line))
        else:
            left_out = True
    if left_out and kept and kept[-1].rstrip().endswith(("：", ":")):
        kept.pop()
    return "\n".join(kept)


@dataclass(frozen=True)
class Span:
    """A stretch of a line; `href` makes it a link."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph of lines, or a list of items."""

    is_list: bool
    lines: tuple[tuple[Span, ...], ...]


def blocks(text: str) -> list[Block]:
    """Return a text's paragraphs and lists; web addresses in it are links."""
    found = []
    for paragraph in re.split(r"\n\s*\n", clean_text(text)):
        lines: list[tuple[Span, ...]] = []
        in_list = False
        for line in paragraph.split("\n"):
            is_item = bool(_ITEM.match(line))
            if lines and is_item != in_list:
                found.append(Block(in_list, tuple(lines)))
                lines = []
            in_list = is_item
            lines.append(_spans(_ITEM.sub("", line)))
        found.append(Block(in_list, tuple(lines)))
    return found


def _spans(line: str) -> tuple[Span, ...]:
    spans, position = [], 0
    for match in _LINK.finditer(line):
        address = match[0].rstrip(".,;:!?)")
        if match.start() > position:
            spans.append(Span(line[position : match.start()]))
        spans.append(Span(address, address))
        position = match.start() + len(address)
    if position < len(line) or not spans:
        spans.append(Span(line[position:]))
    return tuple(spans)


_STYLE = """
:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;padding:0;background:#f4f6f3;color:#1f2a2c;-webkit-text-size-adjust:100%}
.page{padding:24px 12px}
.sheet{max-width:560px;margin:0 auto;padding:32px 28px;background:#ffffff;border-radius:12px}
.words{font:16px/1.75 -apple-system,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",system-ui,sans-serif}
p{margin:0 0 18px}
ul{margin:0 0 18px;padding-left:22px}
li{margin:0 0 6px}
a{color:#0b6b5d;word-break:break-all}
.from{margin:0 0 24px;padding-bottom:14px;border-bottom:1px solid #e3e8e2;font-weight:600;color:#0b6b5d}
@media (prefers-color-scheme:dark){
body{background:#12181a;color:#e4e9e5}
.sheet{background:#1b2325}
a,.from{color:#6fcfb9}
.from{border-color:#2c3739}
}
""".replace("\n", "")


def as_html(text: str, *, subject: str, sender: str, language: str) -> str:
    """Return a whole HTML document with the same words; everything in it is escaped."""
    tag = "en" if language == "en" else "zh-Hans"
    body = "".join(_block_html(block) for block in blocks(text))
    head = f'<div class="from">{html.escape(sender)}</div>' if sender else ""
    return (
        f'<!doctype html><html lang="{tag}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{html.escape(subject)}</title><style>{_STYLE}</style></head>"
        f'<body><div class="page"><div class="sheet"><div class="words">{head}{body}</div></div></div></body></html>'
    )


def _block_html(block: Block) -> str:
    lines = ["".join(_span_html(span) for span in line) for line in block.lines]
    if block.is_list:
        return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"
    return f"<p>{'<br>'.join(lines)}</p>"


def _span_html(span: Span) -> str:
    words = html.escape(span.text)
    if not span.href:
        return words
    return f'<a href="{html.escape(span.href)}" target="_blank" rel="noopener noreferrer">{words}</a>'
