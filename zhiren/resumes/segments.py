"""The parts of a résumé: which line belongs under which heading."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from zhiren.resumes.dates import ends_open, ranges_in
from zhiren.resumes.document import CELL, Document, Line, one_line
from zhiren.resumes.facts import Section
from zhiren.resumes.headings import AMBIGUOUS, is_title, kind_of_heading
from zhiren.resumes.titles import looks_like_employer, looks_like_title
from zhiren.resumes.vocabulary import simplified

HEADER = "header"
OTHER = "other"
_INLINE = re.compile(r"^(?P<head>[^:：]{2,24})\s?[:：]\s?(?=\S)")
_INLINE_KINDS = frozenset({"skills", "education", "objective", "summary"})
_CLOSED_TO_INLINE = frozenset({"work", "projects", "skills", "campus", "volunteer", "publications"})
_FEWEST_KNOWN = 3
_FEWEST_OF_A_TYPE = 2
_LARGER, _LARGER_TYPE = 1.08, 1.03
_TWO_CHINESE = re.compile(r"[\u4e00-\u9fff]{2}")
_SMALLEST, _TALLEST = 0.4, 1.7  # heights of a letter, in sizes of its type
_WIDE_LABEL = re.compile(r"(?<=(?<![\u4e00-\u9fff])[\u4e00-\u9fff])\t(?=[\u4e00-\u9fff]\s?[:：])")  # 学    历：
_LONGEST_REST = 24
_BROKEN_MONTH = re.compile(r"\s(?P<word>[A-Z][a-z]{1,7})-$")
_LETTERS = re.compile(r"[a-z]*")
_END_OF_REST = re.compile(r"[\s)）\].,，]*")
_WEIGHTS = {"work": 2, "education": 2, "internships": 2}
_PERSONAL = re.compile(
    r"姓\s?名\s*[:：\t ]|求职意向|应聘(?:职位|岗位)|期望薪[资水]|毕业院校|政治面貌|籍\s?贯\s*[:：\t ]|"
    r"出生(?:年月|日期)|"
    r"\d{1,2}年(?:以上)?工作经验|在职状态|\bdate of birth\b|\bnationality\s?:|\bfull name\s?:|\bcurriculum vitae\b",
    re.IGNORECASE,
)
# At least two different signs of one of these papers outweigh a little that résumés say, too.
_OTHER_PAPERS = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        (
            r"发票|税号|纳税人识别号|价税合计|开户行|应付金额|合计金额|\binvoice\b|\bamount due\b|"
            r"\bsub-?total\b|\bbill(?:ed)? to\b|"
            r"\bpayment terms\b|\bIBAN\b|\bVAT (?:no|number|id|reg)|\bunit price\b|单价|数量|收据|"
            r"\breceipt (?:no|number)"
        ),
        (
            r"甲\s?方|乙\s?方|本合同|违约责任|本协议|劳动合同法|\bthis agreement\b|\bhereinafter\b|"
            r"\bthe parties\b|\bgoverning law\b|"
            r"\bparty [ab]\b|\bin witness whereof\b"
        ),
        (
            r"任职要求|任职资格|岗位要求|职位要求|职位描述|招聘人数|福利待遇|公司福利|投递简历|发送简历|"
            r"简历(?:发送)?至|我们提供|优先考虑|"
            r"\bwe are (?:looking|hiring|seeking)\b|\bwe offer\b|\bwhat we offer\b|\bhow to apply\b|"
            r"\babout (?:the role|us)\b|"
            r"\byou will\b|\bwe're looking\b|\bapply (?:now|by)\b|\byour profile\b|\bjob description\b|"
            r"\bwhat you(?:'ll| will) do\b|"
            r"\bequal opportunity employer\b|\bthe (?:ideal|successful) candidate\b|\bsend your (?:cv|resume)\b|"
            r"\brequirements\s*:"
        ),
        (
            r"课程表|教学大纲|课程编号|任课教师|上课时间|开课学院|选课|\bsyllabus\b|\bcourse (?:list|code|"
            r"catalog(?:ue)?)\b|"
            r"\bprerequisites?\b|\bcredit hours\b|\boffice hours\b|\binstructor\s?:"
        ),
    )
)
_DECORATED = re.compile(r"[【\[■◆▌▎▍●※=#*◇□▶►]")
_DATED_BELOW = frozenset({"学历", "经历", "实习", "项目"})
_FEWEST_SIGNS = 2
_LONGEST_DATED = 120
_BEYOND_DOUBT = 5  # work and education, with dates
_SHORT_TEXT = 600
_REACHABLE = re.compile(r"@|\d{7}|\d{3,4}[ \-]\d{4}")


@dataclass(frozen=True, slots=True)
class Segment:
    """One part with its lines, the heading left out; `kind` is `header` for what stands before the first heading."""

    kind: str
    heading: str
    lines: tuple[Line, ...]
    start: int
    end: int

    def as_section(self) -> Section:
        """Return the part without its lines."""
        return Section(kind=self.kind, heading=self.heading, start=self.start, end=self.end)


def segments_of(document: Document) -> list[Segment]:
    """Return the parts in reading order; together they hold every line of the document.

    A text that is no résumé is one part of kind `other`. In the lines of the parts a date range that the page breaks
    into two lines is whole again, and `folded` knows no traditional characters.
    """
    lines = list(_with_dates_whole(_simplified(line) for line in document.lines))
    sizes = [line.size for line in lines if line.size]
    body_size = statistics.median(sizes) if sizes else 0.0
    exact = _sizes_of_type(lines)
    if exact:
        body_size = statistics.median(exact.values())
    parts = _parts(lines, body_size, len(document.text), exact)
    if not _is_resume(document, parts):
        return [Segment(OTHER, "", tuple(lines), 0, len(document.text))]
    return parts


def looks_like_resume(document: Document, segments: list[Segment]) -> bool:
    """Return whether a text tells of one person's life, which an invoice, a contract or a job posting does not."""
    return bool(document.text) and not (len(segments) == 1 and (segments[0].kind, segments[0].heading) == (OTHER, ""))


def _sizes_of_type(lines: list[Line]) -> dict[int, float]:
    """Return the size that the first letter of each line is set in, by the line's number; empty where none tells.

    Letters' heights differ between scripts on one line. Sizes differ only where the file scales no letters itself.
    """
    letters = [(line.number, line.letters[0]) for line in lines if line.letters and line.text]
    told = all(_SMALLEST < letter.height / letter.size < _TALLEST for _, letter in letters if letter.size > 0)
    whole = letters and all(letter.size > 0 for _, letter in letters)
    return {number: letter.size for number, letter in letters} if whole and told else {}


def _parts(all_lines: list[Line], body_size: float, length: int, sizes: Mapping[int, float]) -> list[Segment]:
    parts: list[Segment] = []
    kind, heading, start, lines = HEADER, "", 0, list[Line]()
    before: Line | None = None
    foreign = _unknown_headings(all_lines, body_size, sizes)
    for place, line in enumerate(all_lines):
        after = all_lines[place + 1] if place + 1 < len(all_lines) else None
        found = _heading(line, before, after, body_size, kind, sizes.get(line.number, 0.0))
        if found is None and line.number in foreign and kind != HEADER:
            found = OTHER
        if found:
            parts.append(Segment(kind, heading, tuple(lines), start, line.start))
            inline = None if kind_of_heading(line.folded) or found == OTHER else _INLINE.match(line.folded)
            kind, heading, start = found, inline["head"] if inline else line.text, line.start
            lines = [line] if inline else []
        else:
            lines.append(line)
        before = line
    parts.append(Segment(kind, heading, tuple(lines), start, length))
    return [part for part in parts if part.heading or any(line.text for line in part.lines)]


def _unknown_headings(lines: list[Line], body_size: float, sizes: Mapping[int, float]) -> set[int]:
    """Return the numbers of lines that are set like the headings we know, but say other words."""
    told = {line.number: sizes.get(line.number, line.size or 0.0) for line in lines}
    fewest = _FEWEST_OF_A_TYPE if sizes else _FEWEST_KNOWN
    known = [line for line in lines if told[line.number] > body_size * _LARGER and kind_of_heading(line.folded)]
    groups = Counter(round(told[line.number], 1) for line in known) if sizes else {}
    if not sizes and known:
        groups = {statistics.median(told[line.number] for line in known): len(known)}
    found = set[int]()
    for size, count in groups.items():
        if count >= fewest:
            upper = all(line.text.isupper() for line in known if abs(told[line.number] - size) < 0.02 * size)
            found |= _set_alike(lines, told, size, count, upper=upper)
    return found


def _set_alike(lines: list[Line], sizes: Mapping[int, float], size: float, most: int, *, upper: bool) -> set[int]:
    """Return the numbers of lines of a size that could be headings; none where employers or titles are set in it."""
    alike = [
        line
        for line in lines
        if abs(sizes[line.number] - size) < 0.02 * size
        and (2 < len(line.text) <= 40 or _TWO_CHINESE.fullmatch(line.text))
        and not re.search(r"[\d\t@|·,，。.:：]", line.folded)
        and (not upper or line.text.isupper())
        and not kind_of_heading(line.folded)
    ]
    if len(alike) > most or any(_names_work(line.folded) for line in alike):
        return set()
    return {line.number for line in alike}


def _is_dated(text: str) -> bool:
    return bool(ranges_in(text)) or re.search("大学|学院", text) is not None


def _names_work(text: str) -> bool:
    return looks_like_employer(text) or looks_like_title(text)


def _simplified(line: Line) -> Line:
    folded = simplified(line.folded)
    if CELL in folded:
        folded = _WIDE_LABEL.sub(" ", folded)
    return line if folded == line.folded else replace(line, folded=folded)


def _with_dates_whole(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines; `September 2018 to May` and the `2023` alone below it become one."""
    held: Line | None = None
    for line in lines:
        if held is not None:
            joined = _joined(held, line) if 0 < len(line.text) <= _LONGEST_REST else None
            if joined is not None:
                yield joined
                held = None
                continue
            yield held
            held = None
        if ends_open(line.folded):
            held = line
        else:
            yield line
    if held is not None:
        yield held


def _joined(line: Line, rest: Line) -> Line | None:
    gap = rest.start - line.end
    folded = f"{line.folded}{' ' * gap}{rest.folded}"
    broken = _BROKEN_MONTH.search(line.folded)
    if broken:
        # the hyphen and the line's end make room before and behind the word: positions stay true
        word = broken["word"] + (_LETTERS.match(rest.folded) or [""])[0]
        after = rest.folded[len(word) - len(broken["word"]) :]
        folded = f"{line.folded[: broken.start('word')]} {word}{' ' * gap}{after}"
    stretch = next((found for found in ranges_in(folded) if found.start < len(line.folded) < found.end), None)
    if stretch is None or not _END_OF_REST.fullmatch(folded[stretch.end :]):
        return None
    return one_line(line, rest, folded)


def _is_resume(document: Document, parts: list[Segment]) -> bool:
    """Weigh what résumés say against what invoices, contracts, timetables and postings say."""
    kinds = {part.kind for part in parts} - {HEADER, OTHER, "references", "training"}
    told = sum(_WEIGHTS.get(kind, 1) for kind in kinds)
    dated = (line for line in document.lines if len(line.text) < _LONGEST_DATED and ranges_in(line.folded))
    stretches = len(list(islice(dated, 2)))
    told += stretches
    if stretches and told >= _BEYOND_DOUBT:
        return True
    text = simplified(document.text)
    told += 2 * any(is_title(line.text) for line in document.lines[:10])
    told += 2 * (_PERSONAL.search(text) is not None)
    other = max(len({found.lower() for found in pattern.findall(text)}) for pattern in _OTHER_PAPERS)
    if other >= _FEWEST_SIGNS:
        return told >= 4 + 2 * other
    if told == 0:
        return len(text) < _SHORT_TEXT and _REACHABLE.search(text) is not None
    return told >= 2 + other


def lines_of(segments: list[Segment], *kinds: str) -> Iterator[Line]:
    """Yield the lines of all parts of these kinds."""
    for segment in segments:
        if segment.kind in kinds:
            yield from segment.lines


def _heading(
    line: Line, before: Line | None, after: Line | None, body_size: float, current: str, size: float
) -> str | None:
    if not line.text or is_title(line.text):
        return None
    kind = kind_of_heading(line.folded)
    if kind:
        return kind if size > body_size * _LARGER_TYPE or _is_prominent(line, before, after, body_size) else None
    inline = _INLINE.match(line.folded)
    if inline and current not in _CLOSED_TO_INLINE:
        kind = kind_of_heading(inline["head"])
        if "学历" not in re.sub(r"\s", "", inline["head"]) and kind in _INLINE_KINDS and kind != current:
            return kind
    return None


def _is_prominent(line: Line, before: Line | None, after: Line | None, body_size: float) -> bool:
    """Only a doubtful word must look like a heading: larger, in capitals, marked, or after a blank line."""
    word = re.sub(r"[\W_]", "", line.folded.lower())
    if word not in AMBIGUOUS:
        return True
    return (
        bool(line.size and max(line.size, line.letters[0].height if line.letters else 0) > body_size * 1.06)
        or (line.text.isupper() and len(word) > 3)
        or line.folded.rstrip().endswith(":")
        or _DECORATED.match(line.folded) is not None
        or before is None
        or not before.text
        or (word in _DATED_BELOW and after is not None and _is_dated(after.folded))
    )
