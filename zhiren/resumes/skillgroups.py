"""How lists of skills are set: lists that break off, and the names of groups before or above them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from zhiren.resumes.document import CELL, Line, one_line

LEAD = re.compile(
    r"^[\s\-–—*•·●○◦▪■◆►▸‣›»∙⁃✓√>\d.、)）(]*(?:(?:熟练)?(?:掌握|使用|运用)|精通|熟悉|了解|擅长|能够|具备|熟练|"
    r"会(?=使?用|[A-Za-z])|良好的|"
    r"proficient (?:in|with)|"
    r"familiar with|experienced? (?:in|with)|knowledge of|skilled in|expert in|working knowledge of|including|and|"
    r"以及|等)*\s*",
    re.IGNORECASE,
)
# A stroke beside a letter alone parts nothing (A/B testing, I/O), but C and R are skills.
SPLIT = re.compile(
    r"[,，、;；|\t•·●▪■◆]|(?<!(?<![A-Za-z0-9])[ABD-QS-Zabd-qs-z])/(?![ABD-QS-Zabd-qs-z](?![A-Za-z0-9]))|"
    r"(?<=\S)\s{2,}|\s[-–—]\s"
)
_LABEL = re.compile(r"^[\s•·●○◦▪■◆*\-]*(?P<label>[^:：,，]{1,30})[:：]\s*(?=\S)")
_DASH = re.compile(r"^[\s•·●○◦▪■◆*\-]*[^,，、;；|\t–—]{1,30}?\s[-–—]\s(?P<rest>.+)$")
_COMMA = re.compile(r"[,，、;；|]")
_POINT = re.compile(r"[•·●▪■◆‣▸►›»∙⁃*]\s?\S|[-–]\s")
_LEAST_INDENT, _MOST_INDENT = 0.004, 0.06  # shares of the page's width
_BOLDER = 1.3
_BLANK, _NEXT_LINE = 0.25, 1.8  # heights of a letter


def with_lists_whole(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines; a list that its column is too narrow for is one line again."""
    right = max([line.box[2] for line in lines if line.box], default=0.0)
    held: Line | None = None
    for line in lines:
        if held is not None and _breaks_off(held, line, right):
            held = one_line(held, line, f"{held.folded} {line.folded}")
            continue
        if held is not None:
            yield held
        held = line
    if held is not None:
        yield held


def _breaks_off(line: Line, rest: Line, right: float) -> bool:
    """Return whether a list goes on below: the first word of what is there would have had no room behind it."""
    if not (line.letters and rest.letters and line.box and rest.box) or rest.start - line.end != 1:
        return False
    if not _COMMA.search(line.folded) or _LABEL.match(rest.folded) or _POINT.match(rest.folded) or CELL in rest.text:
        return False
    word = rest.letters[min(len(rest.folded.split(" ")[0]), len(rest.letters)) - 1].right - rest.letters[0].left
    last = line.letters[-1]
    return (
        line.page == rest.page
        and abs(line.letters[-1].height - rest.letters[0].height) < 1
        and 0 < last.base - rest.letters[0].base < _NEXT_LINE * last.height
        and last.right + word + _BLANK * last.height > right * line.sheet[0]
    )


def label_end(text: str) -> int:
    """Return where the name of a group ends that a list stands behind, after a colon or in the next cell."""
    label = _LABEL.match(text)
    if label:
        return label.end()
    dash = _DASH.match(text)
    if dash and _COMMA.search(dash["rest"]) and not re.search(r"\s[-–—]\s", dash["rest"]):
        return dash.start("rest")
    head, parted, rest = text.partition(CELL)
    return len(head) + 1 if parted and not SPLIT.search(head) and _COMMA.search(rest) else 0


def heads_a_group(line: Line, after: Line) -> bool:
    """Return whether a line is the name of a group: what is below are points, less bold, or further to the right."""
    if not line.text or not after.text or LEAD.sub("", line.folded) != line.folded or SPLIT.search(line.folded):
        return False
    if _POINT.match(after.folded) or _is_bolder(line, after):
        return True
    if line.box is None or after.box is None or line.page != after.page or line.box[1] >= after.box[1]:
        return False
    return _LEAST_INDENT < after.box[0] - line.box[0] < _MOST_INDENT


def _is_bolder(line: Line, after: Line) -> bool:
    """Return whether a line is set bolder than the one below it."""
    if not (line.letters and after.letters):
        return False
    return line.letters[0].weight > _BOLDER * after.letters[0].weight > 0
