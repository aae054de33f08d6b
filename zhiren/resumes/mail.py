"""The reader of saved mails (EML) and saved pages (MHT): the part a person reads, in the best form it is there."""

from __future__ import annotations

import email
import email.message
import re

from zhiren.resumes.document import Document, RawLine, build
from zhiren.resumes.errors import Reason, Unreadable
from zhiren.resumes.headings import with_headings_apart
from zhiren.resumes.html import read_page
from zhiren.resumes.plain import decode
from zhiren.resumes.story import without_text

_MOST_PARTS = 300
_LARGEST_HEAD = 256 * 1024
_CHARSET = re.compile(r"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{3,30})""", re.IGNORECASE)


def read_mail(data: bytes) -> Document:
    """Return the text of a mail or a saved page: its largest HTML part, else its largest plain text.

    Attached files are not opened: whoever keeps mails takes them out and has each read by itself.

    Raises:
        Unreadable: `bomb` (too many parts), `damaged`, `no_text`.
    """
    if len(re.findall(rb"(?i)boundary\s*=|message/rfc822", data)) > _MOST_PARTS:
        raise Unreadable(Reason.BOMB, "parts")
    data = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    ends = [end for end in (data.find(b"\n\r\n"), data.find(b"\n\n")) if end >= 0]
    if min(ends, default=len(data)) > _LARGEST_HEAD:
        raise Unreadable(Reason.BOMB, "head")
    try:
        message = email.message_from_bytes(data)
        parts = [part for part in message.walk() if not part.is_multipart()]
    except (ValueError, LookupError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise Unreadable(Reason.DAMAGED, "mail") from error
    layout = "mht" if message.get_content_subtype() == "related" else "mail"
    pages = [_text(part, html=True) for part in parts if _is_body(part, "text/html")]
    if pages:
        try:
            return read_page(max(pages, key=len), layout=layout)
        except Unreadable as error:
            if error.reason is not Reason.NO_TEXT:
                raise
    plain = max((_text(part, html=False) for part in parts if _is_body(part, "text/plain")), key=len, default="")
    lines = [RawLine(line) for line in plain.splitlines()]
    if without_text(lines):
        raise Unreadable(Reason.NO_TEXT, layout)
    return build(with_headings_apart(lines), pages=None, layout=layout)


def _is_body(part: email.message.Message, kind: str) -> bool:
    attached = str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")
    return part.get_content_type() == kind and not attached


def _text(part: email.message.Message, *, html: bool) -> str:
    """Return the text of a part by what its head says of the encoding, else by what the page itself says."""
    try:
        content = part.get_payload(decode=True)
        declared = str(part.get_param("charset") or "")
    except (ValueError, LookupError, TypeError, AttributeError, IndexError) as error:
        raise Unreadable(Reason.DAMAGED, "mail_part") from error
    if not isinstance(content, bytes) or not content:
        return ""
    if html and not declared:
        found = _CHARSET.search(content[:4096].decode("latin-1"))
        declared = found[1] if found else ""
    return decode(content, declared=declared)
