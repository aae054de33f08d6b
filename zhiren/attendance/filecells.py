"""What a cell of a file of punches says of a person. Pure."""

import re
import unicodedata

from zhiren.attendance.filetables import Cell

LONGEST_BADGE = 64

_AS_TEXT = re.compile(r"""^(?:=\s*)?["'](.*?)["']?$|^'(.*)$""")
_BROKEN = re.compile("[\ufffd\x00-\x08\x0e-\x1f\x7f]")


def text_of(cell: Cell) -> str:
    """Return a cell as text: width and blanks evened out, a whole number without its point.

    >>> text_of(895.0), text_of(' 张三\u3000 '), text_of('="007"')
    ('895', '张三', '007')
    """
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    text = " ".join(unicodedata.normalize("NFKC", str(cell)).split())
    if text.isalnum():
        return text
    return _AS_TEXT.sub(lambda match: match[1] or match[2] or "", text).strip()


def badge_of(cell: Cell) -> str:
    """Return the number somebody has at a clock; "" for a cell that is broken or cannot be one."""
    text = text_of(cell)
    return "" if _BROKEN.search(text) or len(text) > LONGEST_BADGE else text


def is_blank(cell: Cell) -> bool:
    """Tell a cell with nothing in it."""
    return isinstance(cell, str) and not cell.strip(" \t\r\n\u3000\x1a")
