"""Why a file could not be read: stable codes, and for each one sentence on what happened and what to do."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The code of a refusal. Codes are stored and compared; they never change their meaning."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    ENCRYPTED = "encrypted"
    UNSUPPORTED = "unsupported"
    LYING = "lying"
    DAMAGED = "damaged"
    TOO_MANY_PAGES = "too_many_pages"
    NO_TEXT = "no_text"
    BOMB = "bomb"
    TIMEOUT = "timeout"
    CRASHED = "crashed"


REASONS: dict[Reason, str] = {
    Reason.EMPTY: "The file is empty. Ask the sender for it again.",
    Reason.TOO_LARGE: "The file is larger than allowed. Ask for a smaller one, or enter the facts by hand.",
    Reason.ENCRYPTED: "The file is protected by a password. Ask for a copy without one.",
    Reason.UNSUPPORTED: "This kind of file cannot be read. Ask for a PDF or a Word file.",
    Reason.LYING: "The name of the file and its content do not agree. Do not open it; ask the sender for it again.",
    Reason.DAMAGED: "The file is damaged or incomplete. Ask the sender for it again.",
    Reason.TOO_MANY_PAGES: "The file has more pages than a résumé may have. Ask for the résumé alone.",
    Reason.NO_TEXT: "The file is a picture without text. Enter the facts by hand, or ask for a file with text.",
    Reason.BOMB: "The file grows beyond all measure when it is opened. Do not open it; ask the sender for it again.",
    Reason.TIMEOUT: "Reading the file took too long. Enter the facts by hand, or ask for a simpler file.",
    Reason.CRASHED: "The file could not be read. Enter the facts by hand, or ask for it in another format.",
}
"""English sentences for people; whoever shows them translates them."""


class Unreadable(Exception):
    """No résumé can be read from these bytes. `detail` is a short technical word for the log, free of personal data."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail
