"""The reader of HTML files: what a browser would show, as lines; nothing in it runs or is fetched."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from zhiren.resumes.document import Document, RawLine, build
from zhiren.resumes.errors import Reason, Unreadable
from zhiren.resumes.headings import with_headings_apart
from zhiren.resumes.plain import decode
from zhiren.resumes.story import BULLET, Story, without_text

_MOST_NODES = 400_000
_LARGEST = 8 * 1024 * 1024
_HEAD = 4096
_MOST_SHEETS, _LONGEST_SHEET = 20, 50_000
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{3,30})|<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w-]{3,30})""",
    re.IGNORECASE,
)
_UNREAD = frozenset(
    [
        "script",
        "style",
        "head",
        "title",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "applet",
        "canvas",
        "audio",
        "video",
        "select",
        "datalist",
        "xml",
        "del",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "ul",
        "caption",
    ]
)
_NO_SHOW = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|opacity\s*:\s*0?\.?0+(?:[;\s]|$)"
    r"|font-size\s*:\s*0?\.?[0-2](?:\.\d+)?(?:px|pt)?\s*(?:;|!|$)|text-indent\s*:\s*-\d{3,}|left\s*:\s*-\d{4,}",
    re.IGNORECASE,
)
_SHOW_WHITE = re.compile(
    r"(?<![-\w])color\s*:\s*(?:white\b|#fff(?:fff)?\b|#f[a-f4-9]f[a-f4-9]f[a-f4-9]\b|rgba?\(\s*25[0-5]\s*,\s*25[0-5]\s*,\s*25[0-5]"
    r"|transparent\b|rgba\([^)]*,\s*0?\.?0+\s*\))",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"background(?:-color|-image)?\s*:\s*(?!\s*(?:none|transparent|white|inherit|initial|#fff(?:fff)?\b)\s*(?:;|!|$))",
    re.IGNORECASE,
)
_SIMPLE = re.compile(r"(?:[a-zA-Z][\w-]*)?[.#][\w-]+")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/><]{0,40})")
# Those that never lie in themselves: the next one, or what is around them, closes them.
_SHALLOW = frozenset(
    [
        "p",
        "li",
        "td",
        "th",
        "tr",
        "dt",
        "dd",
        "option",
        "thead",
        "tbody",
        "tfoot",
        "html",
        "head",
        "body",
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_DEEPEST = 256


def read_html(data: bytes) -> Document:
    """Return the text of an HTML page, tables as rows of cells; what a browser does not show is kept apart as hidden.

    Raises:
        Unreadable: `bomb`, `damaged`, `no_text`.
    """
    found = _CHARSET.search(data[:_HEAD])
    declared = (found[1] or found[2] or b"").decode("ascii") if found else ""
    return read_page(decode(data, declared=declared), layout="html")


def read_page(text: str, *, layout: str) -> Document:
    """Return the document of an HTML page that is decoded already.

    Raises:
        Unreadable: `bomb`, `damaged`, `no_text`.
    """
    text = _without_comments(text)
    if len(text) > _LARGEST:
        raise Unreadable(Reason.BOMB, "markup")
    _refuse_depth(text)
    try:
        root = LexborHTMLParser(text).root
    except (SelectolaxError, ValueError) as error:
        raise Unreadable(Reason.DAMAGED, "html") from error
    lines = _Walk(_hiding_names(text)).lines(root)
    if without_text(lines):
        raise Unreadable(Reason.NO_TEXT, layout)
    return build(with_headings_apart(lines), pages=None, layout=layout)


def _without_comments(text: str) -> str:
    """Return the page without comments; Word keeps pages of settings in them."""
    kept = []
    at = 0
    while (begin := text.find("<!--", at)) >= 0 and (end := text.find("-->", begin + 4)) >= 0:
        kept.append(text[at:begin])
        at = end + 3
    return "".join(kept) + text[at:]


def _refuse_depth(text: str) -> None:
    """Refuse a page whose elements lie in each other so deep that the time to parse it grows with its square."""
    depth: Counter[str] = Counter()
    total = 0
    for count, (closing, name) in enumerate(_TAG.findall(text)):
        tag = name.lower()
        if count > _MOST_NODES:
            raise Unreadable(Reason.BOMB, "nodes")
        if tag in _SHALLOW or (closing and not depth[tag]):
            continue
        step = -1 if closing else 1
        depth[tag] += step
        total += step
        if depth[tag] > _DEEPEST or total > 4 * _DEEPEST:
            raise Unreadable(Reason.BOMB, "depth")


def _hiding_names(text: str) -> frozenset[str]:
    """Return the classes and ids (`.x`, `#y`) that the page's own style sheets hide."""
    hiding: set[str] = set()
    lower = text.lower()
    at = 0
    for _ in range(_MOST_SHEETS):
        begin = lower.find("<style", at)
        at = lower.find("</style", begin)
        if begin < 0 or at < 0:
            break
        for rule in text[begin : min(at, begin + _LONGEST_SHEET)].partition(">")[2].split("}"):
            selectors, _, declarations = rule.partition("{")
            white = _SHOW_WHITE.search(declarations) and not _BACKGROUND.search(declarations)
            if "@" not in selectors and (_NO_SHOW.search(declarations) or white):
                names = (name.strip() for name in selectors.split(","))
                hiding.update(re.sub(r"^[^.#]+", "", name) for name in names if _SIMPLE.fullmatch(name))
    return frozenset(hiding)


def _is_coloured(attributes: dict[str, str | None], style: str) -> bool:
    paper = (attributes.get("bgcolor") or "white").lower() in {"white", "#ffffff", "#fff", "ffffff"}
    return not paper or "background" in attributes or _BACKGROUND.search(style) is not None


class _Walk:
    """Goes through a tree without recursion, for a page may be as deep as it is long."""

    def __init__(self, hiding: frozenset[str]) -> None:
        self._story = Story()
        self._hiding = hiding
        self._blank = True

    def lines(self, root: Any) -> list[RawLine]:
        # Each entry: a node to enter, or None with the name of what to close; with it whether it is hidden, on colour,
        # and preformatted.
        stack: list[tuple[Any, str, bool, bool, bool]] = [(root, "", False, False, False)] if root is not None else []
        count = 0
        while stack:
            node, closing, hidden, coloured, kept = stack.pop()
            if node is None:
                self._close(closing)
                continue
            count += 1
            if count > _MOST_NODES:
                raise Unreadable(Reason.BOMB, "nodes")
            following = node.next
            if following is not None and count > 1:
                stack.append((following, "", hidden, coloured, kept))
            tag = node.tag or ""
            if tag == "-text":
                self._text(node.text_content or "", hidden=hidden, kept=kept)
                continue
            if tag in _UNREAD or tag.startswith(("!", "-", "_")):
                continue
            if tag == "br":
                self._story.write("\n")
                self._blank = True
                continue
            attributes = node.attributes
            style = attributes.get("style") or ""
            coloured = coloured or _is_coloured(attributes, style)
            hidden = hidden or self._is_hidden(tag, attributes, style, coloured=coloured)
            kept = kept or tag in {"pre", "textarea"}
            if tag == "input" and not hidden and attributes.get("type", "text") in {"text", "email", "tel", None}:
                self._text(attributes.get("value") or "", hidden=False, kept=False)
            self._open(tag)
            stack.append((None, tag, hidden, coloured, kept))
            if node.child is not None:
                stack.append((node.child, "", hidden, coloured, kept))
        return self._story.take()

    def _is_hidden(self, tag: str, attributes: dict[str, str | None], style: str, *, coloured: bool) -> bool:
        if "hidden" in attributes or _NO_SHOW.search(style):
            return True
        if tag == "input" and attributes.get("type") == "hidden":
            return True
        if not coloured and (
            _SHOW_WHITE.search(style) or (attributes.get("color") or "").lower() in {"white", "#ffffff"}
        ):
            return True
        if not self._hiding:
            return False
        names = [f".{name}" for name in (attributes.get("class") or "").split()]
        return not self._hiding.isdisjoint([*names, f"#{attributes.get('id') or ''}"])

    def _text(self, text: str, *, hidden: bool, kept: bool) -> None:
        if not kept:
            text = re.sub(r"[ \t\r\n\f]+", " ", text)
            if self._blank:
                text = text.removeprefix(" ")
        if text:
            self._story.write(text, hidden=hidden and bool(text.strip()))
            self._blank = text.endswith((" ", "\n"))

    def _open(self, tag: str) -> None:
        if tag in _BLOCKS or tag in {"tr", "td", "th"}:
            self._story.break_off()
            self._blank = True
        if tag == "tr":
            self._story.open_row()
        elif tag in {"td", "th"}:
            self._story.open_cell()
        elif tag == "li":
            self._story.write(BULLET)

    def _close(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._story.break_off()
            self._blank = True
        elif tag in {"td", "th"}:
            self._story.close_cell()
        elif tag == "tr":
            self._story.close_row()
        if tag in {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "section"}:
            self._story.end_paragraph()
