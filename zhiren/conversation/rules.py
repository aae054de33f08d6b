"""Decisions about sending. Pure."""

from datetime import timedelta

# Minutes until the next try double from one: the twelfth and last is about a day and a half after the first.
MAX_ATTEMPTS = 12
# For so long a worker may be busy with one message before somebody looks whether it is still alive.
LEASE = timedelta(minutes=5)
MAX_BODY = 20_000
MAX_SUBJECT = 200


def retry_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many failed tries; None when it is time to give up.

    >>> retry_after(1), retry_after(4)
    (datetime.timedelta(seconds=60), datetime.timedelta(seconds=480))
    >>> retry_after(12) is None
    True
    """
    return timedelta(minutes=2 ** (attempts - 1)) if attempts < MAX_ATTEMPTS else None


def may_resend(on_unknown: str | None) -> bool:
    """Tell whether a message of uncertain fate goes out again by itself; what was written by hand (None) never does."""
    return on_unknown == "resend"


def message_id(digest: bytes, host: str) -> str:
    """Return the Message-ID that a digest of the business key gives at a host.

    >>> message_id(bytes(32), "example.com")
    '<00000000000000000000000000000000@example.com>'
    """
    return f"<{digest[:16].hex()}@{host}>"


def one_line(text: str, limit: int = MAX_SUBJECT) -> str:
    r"""Return text fit for a header: no line break, no control character, no stray space.

    >>> one_line("Hello\r\nBcc: x@example.com")
    'Hello Bcc: x@example.com'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:limit].rstrip()


def clean_text(text: str) -> str:
    r"""Return text of many lines with plain line ends and without control characters.

    >>> clean_text(" a\r\nb\x00 \n")
    'a\nb'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ("".join(c if c.isprintable() else " " for c in line).rstrip() for line in lines)
    return "\n".join(kept).strip()
