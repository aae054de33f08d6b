"""Stays at schools: school, degree, subject and time, cut out of the lines of a part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from zhiren.resumes.dates import Range, dates_in, ranges_in
from zhiren.resumes.degrees import RANKS, degree_of, head_degrees
from zhiren.resumes.document import Line, fact, goes_on_below
from zhiren.resumes.facts import Education, Fact
from zhiren.resumes.limits import MAX_LINE
from zhiren.resumes.majors import DIPLOMA, PARTS, Found, labelled_major, major_of
from zhiren.resumes.places import is_place, place_spans
from zhiren.resumes.schoolnames import BULLET, NOT_MAJOR, school_of
from zhiren.resumes.segments import HEADER, Segment
from zhiren.resumes.vocabulary import confidence

_LABEL = re.compile(
    r"From|To|Dates?|Period|Duration|Degree|Qualifications?(?: awarded)?|Title of qualification(?: awarded)?|Schools?|"
    r"Name and type of organi[sz]ation(?: providing education(?: and training)?)?|"
    r"Institution|Major|Subject|Field of study|Level|Location|Grade",
    re.IGNORECASE,
)
_SUBJECT_ALONE = re.compile(r"[\u4e00-\u9fff]{2,12}")


@dataclass(slots=True)
class _Entry:
    school: Fact | None = None
    degree: Fact | None = None
    major: Fact | None = None
    start: Fact | None = None
    end: Fact | None = None
    dated: bool = False
    spare: Fact | None = None
    """What may be the school where no word says so: the first piece of the entry that is nothing else."""

    def freeze(self) -> Education | None:
        school = self.school or (self.spare if (self.degree or self.major) and self.dated else None)
        if school is None:
            return None
        return Education(school=school, degree=self.degree, major=self.major, start=self.start, end=self.end)


def schools_in(segments: list[Segment]) -> list[Education]:
    """Return the stays at schools in the order of the résumé; a degree or date without a school makes none."""
    entries: list[_Entry] = []
    for segment in segments:
        if segment.kind == "education":
            entries.extend(_entries(segment.lines))
    if not any(entry.school for entry in entries):
        for segment in segments:
            if segment.kind in {HEADER, "personal"}:
                entries.extend(_labelled_entries(segment.lines) or _entries(tuple(_dated_schools(segment.lines))))
    return [stay for entry in entries if (stay := entry.freeze())]


def highest_degree_in(segments: list[Segment], schools: list[Education]) -> Fact | None:
    """Return the highest degree that is stated: with a school, in the education part, or as a detail at the head."""
    found = [stay.degree for stay in schools if stay.degree]
    for segment in segments:
        for line in segment.lines:
            if segment.kind == "education" and not BULLET.match(line.folded):
                degree = degree_of(line, among_schools=True)
                if degree:
                    found.append(degree)
            elif segment.kind in {HEADER, "personal"}:
                found.extend(head_degrees(line))
    return max(found, key=lambda item: (RANKS.index(item.value), item.confidence), default=None)


def _entries(lines: tuple[Line, ...]) -> list[_Entry]:
    """Cut the lines into stays: whenever a line brings what the stay at hand already has, a new one begins."""
    entries = [_Entry()]
    point: Line | None = None
    for line, below in zip_longest(lines, lines[1:]):
        if not line.text or len(line.text) > MAX_LINE:
            continue
        found = _read(line)
        entry = entries[-1]
        awaited = entry.dated and not entry.school
        is_point = BULLET.match(line.folded) is not None
        is_rest = not is_point and point is not None and goes_on_below(point, line)
        point = line if is_point else point if is_rest else None
        if (is_point or is_rest) and not (found.school and (found.dates or awaited)):
            continue
        if _completes(entry, found):
            continue
        told = entry.school and entry.degree and entry.dated
        again = (
            (told and found.spare and not (found.school or found.degree or found.major or found.dates))
            or (found.school and entry.school)
            or (found.dates and entry.dated)
            or (
                found.degree
                and entry.degree
                and (found.school or entry.school)
                and found.degree.value != entry.degree.value
            )
        )
        if again:
            entry = _Entry()
            entries.append(entry)
        entry.school = entry.school or found.school
        entry.degree = entry.degree or found.degree
        if found.major and found.major.rule == "major_label":
            entry.major = found.major
        entry.major = entry.major or found.major or _subject_alone(entry, line, below)
        entry.spare = entry.spare or found.spare
        if found.dates:
            entry.start, entry.end = found.dates
            entry.dated = True
    return entries


def _subject_alone(entry: _Entry, line: Line, below: Line | None) -> Fact | None:
    """Return the subject that has a line of its own between the school above and the degree below."""
    if not (entry.school and entry.school.line == line.number - 1 and below) or entry.degree:
        return None
    if not _SUBJECT_ALONE.fullmatch(line.folded) or NOT_MAJOR.search(line.folded) or is_place(line.folded):
        return None
    degree = degree_of(below, among_schools=True)
    if degree is None or degree.start != below.start:
        return None
    return fact(line, (0, len(line.text)), confidence=confidence("major_between"), rule="major_between")


def _completes(entry: _Entry, found: Found) -> bool:
    """Give a stay whose two dates stand one above the other its second one, and return whether this was it."""
    if not entry.school or found.school or entry.start or not entry.end or not found.dates:
        return False
    start, end = found.dates
    if start or not end or end.value == entry.end.value:
        return False
    entry.start, entry.end = (end, entry.end) if end.value < entry.end.value else (entry.end, end)
    entry.degree = entry.degree or found.degree
    entry.major = entry.major or found.major
    return True


def _dated_schools(lines: tuple[Line, ...]) -> Iterator[Line]:
    """Yield the lines that name a school together with a degree or the time spent there, and lines that are a time."""
    for line in lines:
        ranges = ranges_in(line.folded)
        alone = bool(ranges) and ranges[0].start == 0 and ranges[0].end == len(line.text)
        if alone or (school_of(line, 0) and (ranges or degree_of(line, among_schools=False))):
            yield line


def _labelled_entries(lines: tuple[Line, ...]) -> list[_Entry]:
    """Return what a form without an education part says: 毕业院校, 专业, 学历."""
    for line in lines:
        label = re.search(
            r"(?:毕业院校|毕业学校|就读院校|学\s?校|院校|university|school|college)\s?[:：\t]\s?",
            line.folded,
            re.IGNORECASE,
        )
        if label:
            school = school_of(line, label.end())
            if school:
                major = next((item for other in lines if (item := labelled_major(other))), None)
                degree = next((item for other in lines for item in head_degrees(other)), None)
                return [_Entry(school=school, degree=degree, major=major)]
    return []


def _read(line: Line) -> Found:
    found = Found()
    ranges = ranges_in(line.folded)
    if ranges:
        found.dates = _range_facts(line, ranges[0])
        found.spans.append((ranges[0].start, ranges[0].end))
    else:
        singles = dates_in(line.folded)
        if len(singles) == 1 and len(line.text) < 120:
            when = singles[0]
            found.dates = (
                None,
                fact(
                    line,
                    (when.start, when.end),
                    confidence=confidence("date_single"),
                    rule="date_single",
                    value=when.month,
                ),
            )
            found.spans.append((when.start, when.end))
    found.school = school_of(line, 0)
    if found.school:
        found.spans.append((found.school.start - line.start, found.school.end - line.start))
    found.degree = degree_of(line, among_schools=True)
    if found.degree:
        found.spans.append((found.degree.start - line.start, found.degree.end - line.start))
    awarded = DIPLOMA.search(line.folded)
    if awarded:
        found.spans.append(awarded.span())
    if found.school or found.degree or awarded or labelled_major(line):
        found.major = major_of(line, found)
    if not found.school:
        found.spare = _spare(line, found)
    return found


def _spare(line: Line, found: Found) -> Fact | None:
    """Return the first piece of a line that could name a school: no date, place, degree or subject, few words."""
    if len(line.text) > 100 or line.text[-1:] in ".。;；":
        return None
    taken = [*found.spans, *place_spans(line.folded)]
    if found.major:
        taken.append((found.major.start - line.start, found.major.end - line.start))
    position = 0
    for piece in PARTS.split(line.folded):
        begin = line.folded.index(piece, position) if piece else position
        position = begin + len(piece)
        begin += len(piece) - len(piece.lstrip())
        behind = min((start for start, _ in taken if start > begin), default=len(line.folded))
        bare = piece.strip()[: behind - begin].rstrip(" (（")  # Kestrel (2010 – 2012)
        if (
            not _LABEL.fullmatch(bare)
            and re.fullmatch(r"[A-Z][\w.&'’\-]*(?: [\w.&'’\-]+){0,6}", bare)
            and len(bare) > 2
            and not NOT_MAJOR.search(bare)
            and not is_place(bare)
            and not any(begin < end and start < begin + len(bare) for start, end in taken)
        ):
            return fact(
                line,
                (begin, begin + len(bare)),
                confidence=confidence("school_beside_degree"),
                rule="school_beside_degree",
            )
    return None


def _range_facts(line: Line, stretch: Range) -> tuple[Fact, Fact | None]:
    first, last = stretch.first, stretch.last
    start = fact(
        line, (first.start, first.end), confidence=confidence("date_range"), rule="date_range", value=first.month
    )
    if last is None:
        return start, None
    return start, fact(
        line, (last.start, last.end), confidence=confidence("date_range"), rule="date_range", value=last.month
    )
