"""A mail as bytes in, what is in it out: sender, text, attachments, what was forwarded. Pure.

Nothing a mail points to is loaded, and its HTML is only ever turned into text.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value, getaddresses, parseaddr, parsedate_to_datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from zhiren.resumes.archives import safe_name

MOST_PARTS = 2_000
MOST_TEXT = 400_000  # characters
_DEEPEST = 20  # a part within a part …; the mails that people forward are three or four deep
# Parts that are never somebody's résumé: signatures, appointments, cards, reports of delivery.
_NEVER = frozenset({
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature", "text/calendar",
    "application/ics", "text/vcard", "text/x-vcard", "message/delivery-status", "message/disposition-notification",
    "text/rfc822-headers",
})  # fmt: skip
_CHARSETS = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030"}
_FORWARD = re.compile(r"^\s*(?:fwd?|转发|轉寄|转寄|tr|wg)\s*[:：]\s*", re.IGNORECASE)
_ANSWER = re.compile(r"^\s*(?:re|aw|sv|回复|答复|回覆|答覆)\s*(?:\[\d+\])?\s*[:：]\s*", re.IGNORECASE)
_AWAY = re.compile(
    r"^\s*(?:自动回复|自動回覆|automatic reply|auto(?:-| )?reply|out of office|休假自动回复)", re.IGNORECASE
)
_FROM = re.compile(r"^[ \t>*]*(?:发件人|寄件者|寄件人|from)[ \t*]*[:：][ \t*]*(.+)$", re.IGNORECASE)
_SUBJECT = re.compile(r"^[ \t>*]*(?:主题|主旨|标题|subject)[ \t*]*[:：][ \t*]*(.+)$", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+){1,8}")
_BLOCK = "address,article,blockquote,br,dd,div,dl,dt,fieldset,footer,h1,h2,h3,h4,h5,h6,header,hr,li,ol,p,pre,section,table,tr,ul"  # noqa: E501 - one list
_BREAK, _CELL = "\x1e", "\x1f"


class Unreadable(Exception):
    """These bytes cannot be taken apart as a mail. `problem` is "unreadable" or "too_many_parts"."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Attachment:
    """A file in a mail, under the name its sender gave it."""

    name: str
    media_type: str
    data: bytes = field(repr=False)

    @property
    def is_winmail(self) -> bool:
        """Tell whether it is Outlook's own package, which hides the files within."""
        return self.media_type == "application/ms-tnef" or self.name.casefold() == "winmail.dat"


@dataclass(frozen=True)
class Origin:
    """Who wrote first what was forwarded, and about what."""

    name: str
    address: str
    subject: str


@dataclass(frozen=True)
class Letter:
    """A mail taken apart.

    `recipients` are all addresses it was sent or delivered to; `origins` the mails it forwards, the outermost first.
    `nature` is "" for a letter, else "bounce", "automatic", "bulk" or "spam". `html` is what a résumé reader may be
    given; it is never shown.
    """

    message_id: str
    subject: str
    from_name: str
    from_address: str
    sent_at: datetime | None
    recipients: tuple[str, ...]
    is_answer: bool
    nature: str
    text: str
    html: str = field(repr=False)
    attachments: tuple[Attachment, ...]
    origins: tuple[Origin, ...]

    @property
    def topic(self) -> str:
        """The subject without what mail programs put before it."""
        return bare_subject(self.subject)


def read(raw: bytes) -> Letter:
    """Return a mail taken apart.

    Raises:
        Unreadable: it is built in a way that nobody's mail program builds.
    """
    try:
        mail = message_from_bytes(raw, policy=policy.compat32)
        parts = _Parts()
        parts.take(mail, depth=0)
    except RecursionError as error:
        raise Unreadable("unreadable") from error
    html = "\n".join(parts.htmls)[:MOST_TEXT]
    text = _text_of("\n\n".join(parts.texts), html)
    subject = header(mail, "Subject")
    from_name, from_address = _sender(header(mail, "From"))
    origins = (*parts.origins, *_quoted_origins(subject, text))
    return Letter(
        message_id=header(mail, "Message-ID")[:250],
        subject=subject[:500],
        from_name=from_name[:120],
        from_address=from_address[:254],
        sent_at=_moment(header(mail, "Date")),
        recipients=_recipients(mail),
        is_answer=bool(header(mail, "In-Reply-To") or _ANSWER.match(subject)),
        nature=_nature(mail, subject, from_address),
        text=text,
        html=html,
        attachments=tuple(parts.attachments),
        origins=origins,
    )


def identity(raw: bytes) -> bytes:
    """Return the bytes that make a mail this mail, wherever it lies: without what servers on the way have added.

    Of the head only Message-ID, date, sender and subject count, of the body every byte but its line ends.
    """
    head, gap, body = raw.partition(b"\r\n\r\n")
    if not gap:
        head, _gap, body = raw.partition(b"\n\n")
    unfolded = re.sub(rb"\r?\n[ \t]+", b" ", head[:200_000])
    kept = []
    for name in (b"message-id", b"date", b"from", b"subject"):
        found = re.search(rb"(?im)^" + name + rb":[ \t]*([^\r\n]*)", unfolded)
        kept.append(found[1].strip() if found else b"")
    return b"\n".join([*kept, body.replace(b"\r\n", b"\n").rstrip(b"\n")])


def bare_subject(subject: str) -> str:
    """Return a subject without "Re:", "转发：" and the like.

    >>> bare_subject("转发: Re: 应聘-后端工程师-郑亦安")
    '应聘-后端工程师-郑亦安'
    """
    while True:
        shorter = _ANSWER.sub("", _FORWARD.sub("", subject))
        if shorter == subject:
            return subject.strip()
        subject = shorter


def text_of_html(html: str) -> str:
    """Return the words of an HTML text, a line for each block; scripts, styles and the head are left out.

    >>> text_of_html("<style>p{}</style><p>姓名：<b>郑亦安</b></p><table><tr><td>电话</td><td>139</td></tr></table>")
    '姓名：郑亦安\\n电话 139'
    """
    tree = LexborHTMLParser(html)
    for node in tree.css("head,script,style,noscript,template,svg,object,iframe,title"):
        node.decompose()
    for node in tree.css(_BLOCK):
        node.insert_before(_BREAK)
        node.insert_after(_BREAK)
    for node in tree.css("td,th"):
        node.insert_after(_CELL)
    words = tree.root.text(deep=True, separator="") if tree.root else ""
    lines = (" ".join(line.replace(_CELL, " ").split()) for line in words.split(_BREAK))
    return "\n".join(line for line in lines if line)


# Headers --------------------------------------------------------------------------------------------------------------


def header(mail: Message, name: str) -> str:
    """Return a header as people read it, in one line; empty if there is none."""
    value = mail.get(name)
    return " ".join(words(value).split()) if value is not None else ""


def words(value: Any) -> str:
    """Return the text of a header or a parameter: encoded words, bare UTF-8 and bare GB18030 alike."""
    raw = str(value)
    if "=?" not in raw:
        return _bare(raw)
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, binascii.Error, ValueError):
        return _bare(raw)
    text = []
    for piece, charset in pieces:
        if isinstance(piece, str):
            text.append(_bare(piece))
        elif charset is None:
            text.append(piece.decode("raw-unicode-escape", "replace"))  # how decode_header hands over what is bare
        else:
            text.append(_decoded(piece, str(charset)))
    return _clean("".join(text))


def _bare(raw: str) -> str:
    return _clean(_guessed(raw.encode("utf-8", "surrogateescape")))


def _mend(part: Message) -> None:
    """Decode the headers that hold bare bytes, which the library would replace by question marks."""
    for name, value in list(part.raw_items()):
        text = str(value)
        if any("\udc80" <= char <= "\udcff" for char in text):
            part.replace_header(name, _guessed(text.encode("utf-8", "surrogateescape")))


def _clean(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def _guessed(data: bytes) -> str:
    for charset in ("utf-8", "gb18030"):
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


def _decoded(data: bytes, charset: str) -> str:
    name = charset.casefold().strip("\"' ")
    try:
        return data.decode(_CHARSETS.get(name, name))
    except (LookupError, UnicodeDecodeError):
        return _guessed(data)


def _sender(value: str) -> tuple[str, str]:
    name, address = parseaddr(value)
    if "@" not in address:
        found = _ADDRESS.search(value)
        address = found[0] if found else ""
    return name.strip("\"' "), address.casefold()


def _recipients(mail: Message) -> tuple[str, ...]:
    names = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Resent-To")
    values = [words(value) for name in names for value in mail.get_all(name, [])][:50]
    found = (address.casefold() for _name, address in getaddresses(values) if "@" in address)
    return tuple(dict.fromkeys(found))[:200]


def _moment(value: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _nature(mail: Message, subject: str, from_address: str) -> str:
    precedence = header(mail, "Precedence").casefold()
    automatic = header(mail, "Auto-Submitted").casefold()
    local = from_address.partition("@")[0]
    if header(mail, "X-Spam-Flag").casefold() == "yes" or header(mail, "X-Spam-Status").casefold().startswith("yes"):
        return "spam"
    if (
        mail.get_content_type() == "multipart/report"
        or local in {"mailer-daemon", "postmaster"}
        or header(mail, "Return-Path") == "<>"
    ):
        return "bounce"
    if (
        automatic not in {"", "no"}
        or precedence == "auto_reply"
        or mail.get("X-Autoreply")
        or mail.get("X-Autorespond")
        or _AWAY.match(subject)
    ):
        return "automatic"
    if precedence in {"bulk", "list", "junk"} or mail.get("List-Id") or mail.get("List-Unsubscribe"):
        return "bulk"
    return ""


# Parts ----------------------------------------------------------------------------------------------------------------


@dataclass
class _Parts:
    """What is found on the way through a mail's parts."""

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    seen: int = 0

    def take(self, part: Message, *, depth: int) -> None:
        """Take what a part holds, and the parts within it."""
        self.seen += 1
        if depth > _DEEPEST or self.seen > MOST_PARTS:
            raise Unreadable("too_many_parts")
        _mend(part)
        kind = part.get_content_type()
        if kind == "message/rfc822":
            for inner in _inner(part):
                self._take_mail(inner, depth=depth)
        elif part.is_multipart():
            linked = _linked(part) if kind == "multipart/related" else frozenset()
            for inner in _inner(part):
                if not _is_decoration(inner, linked):
                    self.take(inner, depth=depth + 1)
        elif kind not in _NEVER and not _is_decoration(part, frozenset()):
            self._take_leaf(part, kind, depth=depth)

    def _take_mail(self, mail: Message, *, depth: int) -> None:
        _mend(mail)
        name, address = _sender(header(mail, "From"))
        self.origins.append(Origin(name[:120], address[:254], header(mail, "Subject")[:500]))
        self.take(mail, depth=depth + 1)

    def _take_leaf(self, part: Message, kind: str, *, depth: int) -> None:
        name = file_name(part)
        is_body = kind in {"text/plain", "text/html"} and not name and _disposition(part) != "attachment"
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        if is_body:
            text = _decoded(data, part.get_content_charset() or "utf-8")[:MOST_TEXT]
            (self.htmls if kind == "text/html" else self.texts).append(text)
        elif name.casefold().endswith(".eml") and data:
            self._take_mail(message_from_bytes(data, policy=policy.compat32), depth=depth)
        elif data or name:
            number = len(self.attachments) + 1
            self.attachments.append(Attachment(name or f"{number}{_ending(kind)}", kind, data))


def _inner(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (one for one in payload if isinstance(one, Message))


def _disposition(part: Message) -> str:
    return (part.get_content_disposition() or "").casefold()


def _linked(part: Message) -> frozenset[str]:
    """Return the content ids of what belongs to the HTML in a `multipart/related`: pictures shown within the text."""
    return frozenset(str(inner["Content-ID"]).strip("<> ") for inner in _inner(part) if inner["Content-ID"])


def _is_decoration(part: Message, linked: frozenset[str]) -> bool:
    """Tell whether a part is a picture within the text rather than a file of its own."""
    if part.get_content_maintype() != "image":
        return False
    return _disposition(part) == "inline" or str(part["Content-ID"] or "").strip("<> ") in linked - {""}


def file_name(part: Message) -> str:
    """Return the name of a part's file, fit to be shown: RFC 2231, RFC 2047 and bare GB18030 alike; empty for none."""
    for value, name in (("filename", "content-disposition"), ("name", "content-type")):
        found = part.get_param(value, header=name)
        if found:
            text = collapse_rfc2231_value(found) if isinstance(found, tuple) else str(found)
            return safe_name(" ".join(words(text).split()))
    return ""


def _ending(kind: str) -> str:
    return {"application/pdf": ".pdf", "text/html": ".html", "text/plain": ".txt", "image/jpeg": ".jpg",
            "image/png": ".png", "application/zip": ".zip"}.get(kind, "")  # fmt: skip


def _text_of(plain: str, html: str) -> str:
    """Return the text of a mail: the plain part, unless it only says that there is an HTML part."""
    plain = "\n".join(line.rstrip() for line in plain.replace("\r\n", "\n").strip().split("\n"))
    if not html:
        return plain[:MOST_TEXT]
    rich = text_of_html(html)
    return (rich if len(rich) > 3 * len(plain) else plain)[:MOST_TEXT]


def _quoted_origins(subject: str, text: str) -> tuple[Origin, ...]:
    """Return what a forwarded text says of the mail within: "发件人: …", "主题: …" in lines near each other."""
    if not _FORWARD.match(_ANSWER.sub("", subject)):
        return ()
    lines = text.split("\n")[:2_000]
    found = []
    for place, line in enumerate(lines):
        sender = _FROM.match(line)
        if sender is None:
            continue
        about = next((told for near in lines[place + 1 : place + 7] if (told := _SUBJECT.match(near))), None)
        if about:
            name, address = _sender(sender[1].strip())
            found.append(Origin(name[:120], address[:254], about[1].strip()[:500]))
    return tuple(found[:5])
