"""How soon somebody could start, in days."""

from __future__ import annotations

import re

from zhiren.resumes.dates import dates_in
from zhiren.resumes.document import CELL, Line, fact, fold
from zhiren.resumes.facts import Fact
from zhiren.resumes.segments import Segment

_START = r"(?:到岗|上岗|入职|到职|报到|就职)"
_LABEL = re.compile(
    rf"(?:(?:最快|最早|预计|可|期望)?{_START}(?:时间|日期|周期)|(?:求职|目前|当前|在职|离职|工作|职业)状态|离职周期|"
    r"\bnotice(?:\speriod)?|\bavailability|\bavailable(?:\s(?:from|to start|in))?|\b(?:earliest\s)?start(?:ing)?\sdate|"
    r"\bjoining\stime|\bcan\s(?:join|start)(?:\s(?:in|within))?)\s?(?:[:：]|[\t ]|$)[\s:：]*",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"随时|立即|马上|即时|即刻|立刻|当天|"
    r"immediate(?:ly)?|\basap\b|as soon as possible|at once|right away|any\s?time|\bnone\b",
    re.IGNORECASE,
)
_COUNT = {
    "半": 0.5, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "十": 10, "十五": 15, "三十": 30,
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "six": 6,
}  # fmt: skip
_NUMBER = r"\d{1,3}|十五|三十|[半一两二三四五六七十]|\b(?:an?|one|two|three|four|six)\b"
_SPAN = re.compile(
    rf"(?:(?:{_NUMBER})\s?(?:个)?(?:天|日|周|月)?\s?(?:[-–~～至到]|\bto\b)\s?)?(?P<count>{_NUMBER})\s?-?\s?"
    r"(?:(?P<workdays>个?工作日|working days?|business days?)|个?(?P<unit>天|日|周|星期|礼拜|月|days?|weeks?|months?))"
    r"(?!\d|薪|前|月)",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"(?<![\d一两二三半个])(?P<unit>周|月)内")
_DAYS = {"天": 1, "日": 1, "day": 1, "周": 7, "星期": 7, "礼拜": 7, "week": 7, "月": 30, "month": 30}
_UNLABELLED = re.compile(
    rf"(?:随时|立即|马上|即刻|立刻|(?:{_NUMBER})\s?个?(?:天|日|周|星期|月|工作日)(?:之?内|左右)?|(?<![\d一两])[周月]内)"
    rf"(?:可以?|能够?)?{_START}|(?:immediately\savailable|available\s(?:immediately|at once|now)|"
    r"available\sto\sstart\simmediately)",
    re.IGNORECASE,
)
_STATE = re.compile(r"^\W*(?:我?目前)?(?:离职|在职)\s?[-–—,，、·/|（(]")
_BLIND = frozenset({"education", "references", "publications", "campus", "volunteer", "projects"})
# Under an employment these labels tell when it began.
_BEGINNING = re.compile(r"入职|到职|start|available|availability|can", re.IGNORECASE)
_LONGEST = 40


def days_in(text: str) -> tuple[int, int, int] | None:
    """Return (days, start, end) of the first waiting time a text names; of "2-4 weeks" the longer one counts.

    A week has 7 days, a month 30, five working days a week. None for what names no time: `面议`, `在职-考虑机会`.
    """
    folded = fold(text)
    if dates_in(folded):
        return None
    now = _NOW.search(folded)
    spans = [found for match in _SPAN.finditer(folded) if (found := _days(match))]
    within = _WITHIN.search(folded)
    if within:
        spans.append((_DAYS[within["unit"]], within.start(), within.end()))
    first = min(spans, key=lambda found: found[1], default=None)
    if now and (first is None or now.start() < first[1]):
        return 0, now.start(), now.end()
    return first


def notice_in(segments: list[Segment]) -> Fact | None:
    """Return how soon the person could start: what stands behind a label, else a sentence that says it by itself.

    The value is a number of days.
    """
    lines = [(segment, line) for segment in segments if segment.kind not in _BLIND for line in segment.lines]
    for segment, line in lines:
        match = _LABEL.search(line.folded) if len(line.folded) <= 200 else None
        if match is None or (segment.kind == "work" and _BEGINNING.match(match.group())):
            continue
        piece = line.folded[match.end() : match.end() + _LONGEST].split(CELL)[0]
        found = _found(line, match.end(), piece, 0.95, "notice_label")
        if found:
            return found
    for segment, line in lines:
        if segment.kind == "work" or len(line.folded) > 200:
            continue
        match = _UNLABELLED.search(line.folded)
        state = _STATE.match(line.folded) if match is None and len(line.folded) < _LONGEST else None
        if match:
            found = _found(line, match.start(), match.group(), 0.85, "notice_words")
        elif state:
            found = _found(line, state.end(), line.folded[state.end() :], 0.8, "notice_state")
        else:
            continue
        if found:
            return found
    return None


def _found(line: Line, begin: int, piece: str, confidence: float, rule: str) -> Fact | None:
    named = days_in(piece)
    if named is None:
        return None
    days, start, end = named
    return fact(line, (begin + start, begin + end), confidence=confidence, rule=rule, value=str(days))


def _days(match: re.Match[str]) -> tuple[int, int, int] | None:
    written = match["count"].lower()
    count = _COUNT.get(written) or float(written)
    days = -(-count * 7 // 5) if match["workdays"] else count * _DAYS[match["unit"].lower().rstrip("s")]
    return (int(days), match.start(), match.end()) if 0 < days <= 366 else None
