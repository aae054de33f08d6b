"""Schools, degrees and subjects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from zhiren.resumes.dates import Range, dates_in, ranges_in
from zhiren.resumes.document import CELL, Line, fact, goes_on_below
from zhiren.resumes.facts import Education, Fact
from zhiren.resumes.limits import MAX_LINE
from zhiren.resumes.places import is_place, is_town, place_spans
from zhiren.resumes.segments import HEADER, Segment
from zhiren.resumes.vocabulary import confidence

RANKS = ("secondary", "associate", "bachelor", "master", "doctor")

_DEGREES = (
    (
        "doctor",
        (
            r"博士|(?<![A-Za-z])(?:Ph\.?\s?D\.?|Doctor(?:ate)?(?:\sof|\sdegree)?|D\.?Phil\.?|Ed\.?D\.?|"
            r"Juris Doctor|Doktor|Doctorat|Doctorado|Dr\.\s?(?:rer|phil|med|ing)\b)(?![A-Za-z])"
        ),
    ),
    (
        "master",
        (
            r"硕士|研究生(?!院|部|会|导师|助)|(?<![A-Za-z])(?:Master(?:['’]?s)?(?:\sof|\sdegree|\sin)|Master(?:['’]s|"
            r"s)(?![a-z])|"
            r"E?MBA|MPA|"
            r"M\.?S\.?c\.?|M\.?Eng\.?|M\.?Phil\.?|LL\.?M\.?|M\.?Ed\.?|M\.?F\.?A\.?|M\.?\s?Tech\.?|"
            r"M\.E\.?(?=[\s,]|$)|PGDB?M|Post ?Graduate Diploma|M\.?Com\.?|M\.?Arch\.?|M\.?P\.?H\.?|"
            r"M\.?Res\.?|MSN|MCA|MSW|MDes|MMus|MSocSc|MEcon|MASc|MAcc|MFin|Magister|Máster|Mastère|Maestría|Diplom-\w+|Diplom|"
            r"Dipl\.-?\s?(?:Wirt\w*\.-?)?(?:Ing|Inf|Kf[mf]|Phys|Chem|Math|Psych|Biol|Päd|Volksw|Betriebsw)\.?"
            r"(?: ?\(FH\))?|M\.\s?Sc\.?|M\.\s?S\.|"
            r"M\.\s?A\.)(?![A-Za-z])"
        ),
    ),
    (
        "bachelor",
        (
            r"本科|(?<!副)学士|专升本|大学毕业|大学部|四技|二技|(?<![A-Za-z])(?:Bachelor(?:['’]?s)?(?:\sof|"
            r"\sdegree|\sin|['’]?s)?|B\.?S\.?c\.?|B\.?Eng\.?|"
            r"B\.?\s?Tech\.?|B\.E(?=[\s,]|$)|BBA|LL\.?B\.?|BFA|B\.?Com\.?|"
            r"B\.?Acc\.?|B\.?Arch\.?|B\.?Ed\.?|B\.?Pharm\.?|BSN|BCA|BSW|BDes|BMus|BSocSc|BEcon|BASc|BAppSc|BBus|BHSc|Licence|Licenciatura|Grado|Laurea|B\.\s?Sc\.?|"
            r"B\.S\.|B\.A\.|B\.E\.|Undergraduate)(?![A-Za-z])"
        ),
    ),
    (
        "associate",
        (
            r"大专|专科|高职|副学士|高级文凭|五专|二专|(?<![A-Za-z])(?:Associate(?:['’]?s)?\s(?:of|degree|in)|"
            r"Associate['’]s|A\.A\.S?\.?|A\.S\.|"
            r"AAS)(?![A-Za-z])"
        ),
    ),
    (
        "secondary",
        (
            r"高中|中学文凭|中专|职高|中技|(?<![A-Za-z])(?:High\s?School(?:\sDiploma)?|Secondary School|"
            r"Higher Secondary|Senior Secondary|Matriculation|Baccalauréat|Baccalaureate|Abitur|Maturità|"
            r"Bachillerato|HSC|SSC|GED|A-levels)(?![A-Za-z])"
        ),
    ),
)
_DEGREE = [(name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _DEGREES]
# Two capitals mean a degree only among schools, and not behind a comma, where they are a state.
_SHORT_DEGREES = {
    "BS": "bachelor",
    "BA": "bachelor",
    "BE": "bachelor",
    "MS": "master",
    "MA": "master",
    "ME": "master",
    "AS": "associate",
    "AA": "associate",
}
_SHORT_DEGREE = re.compile(
    r"(?<![A-Za-z.])(?:(?<!, )(?:BS|BA|BE|MS|MA|ME|AS|AA)(?=[ \t](?:in |[A-Z]|[·•|])|,|$|:|[)）;]| –| -)|"
    r"(?:BS|BA|BE|MS|MA|ME|AS|AA)(?= in )|(?:BS|BA|BE|AA)$)"
)

_CHINESE_SCHOOL = re.compile(
    r"(?:[\u4e00-\u9fff]{2,18}大学|[\u4e00-\u9fff]{2,18}?(?:学院|研究院|党校)|[\u4e00-\u9fff]{2,18}(?:中学|高中|"
    r"职高|技校|学校|"
    r"职业技术学校|一中|二中))"
    r"(?:[（(](?!本科|硕士|博士|大专|专科|统招|全日制)[\u4e00-\u9fff]{2,8}[)）])?(?!生|英语|期间|四级|六级|物理|"
    r"数学|语文|毕业生)"
)
_CHINESE_LEAD = re.compile(
    r"^(?:.{0,6}?毕业于|.{0,4}?就读于|.{0,3}?考入|毕业院校|毕业学校|学校名?称?|院校名?称?|最高学历|第一学历|于|在|"
    r"全日制|统招|本科|硕士|博士|研究生|大专|专科|现就读)+"
)
_NO_SCHOOL = re.compile(
    r"^(?:全国|省|市|重点|互联网|优秀|一所|普通|国内|知名|某所|本|我|该|各|名牌|综合性?|中国(?=大学)|老年|"
    r"计算机学院$|经济学院$|管理学院$|外国语学院$)"
)
_ENGLISH_SCHOOL = re.compile(
    r"(?<![A-Za-z])(?:University|College|Institute?|Instituto|School|Academy|Polytechnic|Polytechnique|Politecnico|"
    r"Politécnica|Universit[éàä]t?|Universidade?|Universiteit|Universitet|Universitas|Hochschule|Fachhochschule|"
    r"Hogeschool|École|Ecole|Escuela|Escola|Lycée|Gymnasium|Akademie|Académie|Academia|Seminary|Conservatory|"
    r"Conservatoire)(?![a-z])|(?<=[a-zß])(?:universität|hochschule|universiteit|gymnasium)(?![a-z])"
)
# What follows is the subject, unless it is the place of one of several such institutes.
_TECHNOLOGY = re.compile(r"(Institute of Technology) (?!and\b|&|at\b)(?P<rest>[A-Z].*)$")
_SUBJECT_BEFORE = re.compile(
    r"^(?:[A-Z][\w&]*,? |and |of |in )*?(?:Sciences?|Engineering|Mathematics|Statistics|Economics|Administration|"
    r"Management|Marketing|Finance|Accounting|Physics|Chemistry|Biology|History|Psychology|Nursing|Literature|"
    r"Communications?|Linguistics|Philosophy|Education|Sociology|English|Counseling) "
    r"(?=(?!University|College|Institute|School|Academy|State|National|Community|Technical|Normal|Medical|and\b|of\b|"
    r"for\b|in\b|&)[A-Z][\w.&'’-]* (?:[A-Z][\w.&'’-]* )*(?:University|College)\b)"
)
_INDIAN = re.compile(r"^(?:Indian|National) Institute of")
# Schools of one name in several places, told apart by the place behind a comma.
_CAMPUS = re.compile(
    r"(?<![A-Za-z] )(?:University of (?:California|Texas|Wisconsin|Illinois|Colorado|Michigan|Minnesota|Massachusetts|"
    r"Maryland|Missouri|Nebraska|Nevada|Tennessee|Alabama|Alaska|Arkansas|Hawaii|North Carolina|South Carolina)|"
    r"California State (?:Polytechnic )?University|(?:State|City) University of New York|"
    r"(?:Indian|National) Institutes? of [A-Z]\w+|College of Engineering)$"
)
_PLACE_BEHIND = re.compile(r",\s?(?P<place>[A-Z][a-z]+(?: (?:at )?[A-Z][a-z]+)?)(?=\s*(?:[,\t|·•–—(]|$))")
# "Kestrel University Computer Science BSc": what follows a university and ends in the word of a subject is the subject
_SUBJECT = re.compile(
    r"(University) (?!of\b|for\b|at\b|in\b|School\b|College\b|Institute\b)(?:[A-Z&][\w&]* |and |of |in )*"
    r"(?:Sciences?|Engineering|Mathematics|Statistics|Economics|Administration|Management|Marketing|Design|"
    r"Finance|Accounting|"
    r"Physics|Chemistry|Biology|History|Psychology|Nursing|Literature|Communications?|Linguistics|Philosophy)$"
)
_GENERAL_SUBJECT = re.compile(
    r"(?:Sciences?|Engineering|Mathematics|Statistics|Economics|Administration|Management|Marketing|Design|Finance|"
    r"Accounting|Physics|Chemistry|Biology|History|Psychology|Nursing|Literature|Communications?|Linguistics|"
    r"Philosophy|Education|Law|Arts?|Music|Sociology|Informatics|Architecture|English|Politics)$"
)
_STRONG_SCHOOL = re.compile(r"[Uu]niversi|[Hh]ochschule|Institute of Technology|Polytechnic")
_NO_ENGLISH_SCHOOL = re.compile(
    r"High School Diploma$|^College (?:Station|Park|Point)\b|"
    r"^(?:High School|College|University|School|Graduate School|Business School)$|Student|"
    r"Coursework|GPA|Hackathon|Fair",
    re.IGNORECASE,
)
_MAJOR_LABEL = re.compile(
    r"(?:所学专业|专\s?业|\bmajor(?:ed in)?|\bfield of study|\bconcentration)\s?[:：\t ]\s?(?P<major>[^\t,，;；|"
    r"/·:(（]{2,40})",
    re.IGNORECASE,
)
_ANOTHER_LABEL = re.compile(
    r"技能|知识|能力|课程|学\s?历|学\s?位|学校|院校|毕业院校|毕业学校|时间|起止时间|毕业时间|备注|描述|专业|"
    r"degree|school|"
    r"university|period|date",
    re.IGNORECASE,
)
_MAJOR_AND_DEGREE = re.compile(
    r"(?P<major>[\u4e00-\u9fff]{2,14}?)(?:荣誉)?(?:理学|工学|文学|法学|商学)?(?:学士|硕士|"
    r"博士)(?:学位)?(?:[(（][^()（）]{1,12}[)）])?"
)
_DEGREE_AND_MAJOR = re.compile(
    r"(?:博士|硕士|本科|学士|大专|专科)(?:研究生)?(?:学位|学历)?[ ,，]?(?P<major>[\u4e00-\u9fff]{2,12})"
)
_CHINESE_MAJOR = re.compile(r"(?P<major>[\u4e00-\u9fff]{2,16}?)\s?专业")
_OF_OR_IN = re.compile(
    r"^[^A-Za-z]{0,3}(?:['’]?s)?\s?(?:Degree\s)?(?:(?:of|in|:|,|-|"
    r"–)\s?)?(?P<first>[A-Z][A-Za-z&/ ,.\-]{2,70}?)?(?:\sin\s|\s?[:,]\s?)(?P<major>[A-Z][A-Za-z&/ \-]{2,60})"
)
_OF = re.compile(r"^\s?(?:(?:of|in)\s)?(?P<major>[A-Z][A-Za-z&/ \-]{2,60})")
_GENERAL = re.compile(
    r"^(?:Science|Arts?|Engineering|Technology|Philosophy|Laws?|Business Administration|Fine Arts|Commerce|"
    r"Applied Science|Degree|Diploma|Honou?rs|Hons)$",
    re.IGNORECASE,
)
_DIPLOMA = re.compile(r"(?:(?:Advanced|Higher|National|Graduate|Postgraduate) )?(?:Diploma|Certificate)\b(?! of\b)")
"""What comes with a subject, but is no degree."""
_SPLIT = re.compile(r"[\t|·•｜◆,，、;；]|(?<=[\dtw])[:：]\s|\s[-–—/~]\s|(?<=[\u4e00-\u9fff)）])\s(?=[\u4e00-\u9fff])")
_MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?$")
_SPELLED = re.compile(r"Bachelor|Master|Doctor|Associate", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[•·●○◦▪■◆*‣➢►▸▶➤›»∙⁃–—]|-\s|\d{1,2}[.)、])\s*")
_NOT_MAJOR = re.compile(
    r"GPA|绩点|排名|rank|课程|成绩|奖|学院$|大学$|学校$|学位|学历|全日制|统招|统分|在读|毕业|本科|硕士|博士|大专|文凭|"
    r"专科|学士|minor|honou?rs|cum laude|award|"
    r"dean|scholar|thesis|advis|coursework|graduat|degree|expected|双一流|985|211|时间|应届|至今|present|//|\d",
    re.IGNORECASE,
)


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


@dataclass(slots=True)
class _Found:
    """What one line says."""

    school: Fact | None = None
    degree: Fact | None = None
    major: Fact | None = None
    dates: tuple[Fact | None, Fact | None] | None = None
    spare: Fact | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)


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
            if segment.kind == "education" and not _BULLET.match(line.folded):
                degree = _degree(line, among_schools=True)
                if degree:
                    found.append(degree)
            elif segment.kind in {HEADER, "personal"}:
                found.extend(_head_degrees(line))
    return max(found, key=lambda item: (RANKS.index(item.value), item.confidence), default=None)


def _head_degrees(line: Line) -> Iterator[Fact]:
    """Yield a degree that stands alone in its cell, or behind a label."""
    for match in re.finditer(
        r"(?:学\s?历|学位|文化程度|education|degree)\s?[:：\t ]\s?([^\t|,，]{2,20})", line.folded, re.IGNORECASE
    ):
        for name, pattern in _DEGREE:
            inside = pattern.search(match[1])
            if inside:
                start = match.start(1) + inside.start()
                yield fact(
                    line,
                    (start, start + len(inside.group())),
                    confidence=confidence("degree_label"),
                    rule="degree_label",
                    value=name,
                )
                break
    for cell in re.finditer(r"[^\t|｜·•/,，;； ]+", line.folded):
        for name, pattern in _DEGREE:
            if pattern.fullmatch(
                cell.group().removesuffix("学历").removesuffix("毕业").removesuffix("在读").removesuffix("研究生")
                or cell.group()
            ):
                yield fact(line, cell.span(), confidence=confidence("degree_alone"), rule="degree_alone", value=name)
                break


def _entries(lines: tuple[Line, ...]) -> list[_Entry]:
    """Cut the lines into stays: whenever a line brings what the stay at hand already has, a new one begins."""
    entries = [_Entry()]
    point: Line | None = None
    for line in lines:
        if not line.text or len(line.text) > MAX_LINE:
            continue
        found = _read(line)
        entry = entries[-1]
        awaited = entry.dated and not entry.school
        is_point = _BULLET.match(line.folded) is not None
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
        entry.major = entry.major or found.major
        entry.spare = entry.spare or found.spare
        if found.dates:
            entry.start, entry.end = found.dates
            entry.dated = True
    return entries


def _completes(entry: _Entry, found: _Found) -> bool:
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
        if alone or (_school(line, 0) and (ranges or _degree(line, among_schools=False))):
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
            school = _school(line, label.end())
            if school:
                major = next((item for other in lines if (item := _labelled_major(other))), None)
                degree = next((item for other in lines for item in _head_degrees(other)), None)
                return [_Entry(school=school, degree=degree, major=major)]
    return []


def _read(line: Line) -> _Found:
    found = _Found()
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
    found.school = _school(line, 0)
    if found.school:
        found.spans.append((found.school.start - line.start, found.school.end - line.start))
    found.degree = _degree(line, among_schools=True)
    if found.degree:
        found.spans.append((found.degree.start - line.start, found.degree.end - line.start))
    awarded = _DIPLOMA.search(line.folded)
    if awarded:
        found.spans.append(awarded.span())
    if found.school or found.degree or awarded or _labelled_major(line):
        found.major = _major(line, found)
    if not found.school:
        found.spare = _spare(line, found)
    return found


def _spare(line: Line, found: _Found) -> Fact | None:
    """Return the first piece of a line that could name a school: no date, place, degree or subject, few words."""
    if len(line.text) > 100 or line.text[-1:] in ".。;；":
        return None
    taken = [*found.spans, *place_spans(line.folded)]
    if found.major:
        taken.append((found.major.start - line.start, found.major.end - line.start))
    position = 0
    for piece in _SPLIT.split(line.folded):
        begin = line.folded.index(piece, position) if piece else position
        position = begin + len(piece)
        bare = piece.strip()
        begin += len(piece) - len(piece.lstrip())
        if (
            re.fullmatch(r"[A-Z][\w.&'’\-]*(?: [\w.&'’\-]+){0,6}", bare)
            and len(bare) > 2
            and not _NOT_MAJOR.search(bare)
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


def _school(line: Line, begin: int) -> Fact | None:
    text = line.folded
    for match in _CHINESE_SCHOOL.finditer(text, begin):
        lead = _CHINESE_LEAD.match(match.group())
        start = match.start() + (lead.end() if lead else 0)
        name = text[start : match.end()]
        if len(name) > 3 and not _NO_SCHOOL.match(name) and not re.fullmatch(r".?(?:大学|学院|学校)", name):
            return fact(line, (start, match.end()), confidence=confidence("school_chinese"), rule="school_chinese")
    best: tuple[bool, int, int] | None = None
    for start, end in _english_pieces(text, begin):
        piece = text[start:end]
        if _NO_ENGLISH_SCHOOL.search(piece) or len(piece.split()) > 9 or not piece[:1].isupper():
            continue
        strong = _STRONG_SCHOOL.search(piece) is not None
        if best is None or (strong and not best[0]):
            best = (strong, start, end)
    if best is None:
        return None
    best = (best[0], best[1], _with_campus(text, best[1], best[2]))
    rule = "school_english" if best[0] else "school_english_word"
    return fact(line, best[1:], confidence=confidence(rule), rule=rule)


def _english_pieces(text: str, begin: int) -> Iterator[tuple[int, int]]:
    """Yield the pieces that name a school, without the degree before it and the place behind it."""
    dates = [(when.start, when.end) for when in dates_in(text)]
    for match in re.finditer(r"[^\t|·•｜◆,，;；:：()（）]+", text):
        if match.end() <= begin or not _ENGLISH_SCHOOL.search(match.group()):
            continue
        start, end = max(match.start(), begin), match.end()
        parts = re.search(r"\s[-–—/]\s", text[start:end])
        while parts:
            left = text[start : start + parts.start()]
            if _ENGLISH_SCHOOL.search(left):
                end = start + parts.start()
                break
            start += parts.end()
            parts = re.search(r"\s[-–—/]\s", text[start:end])
        for first, last in dates:
            if start <= first < end:
                if _ENGLISH_SCHOOL.search(text[start:first]):
                    end = first
                elif last < end:
                    start = last
        lead = re.match(r"^.*\b(?:from|at|Diploma)\s(?=[A-Z])", text[start:end])
        if lead and _ENGLISH_SCHOOL.search(text, start + lead.end(), end):
            start += lead.end()
        for _, pattern in _DEGREE[:4]:
            degree = pattern.match(text[start:end].lstrip())
            if degree:
                start += degree.end() + len(text[start:end]) - len(text[start:end].lstrip())
        short = re.match(r"\s*(?:BS|BA|BE|MS|MA|ME|AS|AA)\s", text[start:end])
        if short:
            start += short.end()
        keyword = _ENGLISH_SCHOOL.search(text, start, end)
        behind = min(
            (
                found.start()
                for _, pattern in _DEGREE
                if keyword and (found := pattern.search(text, keyword.end(), end))
            ),
            default=end,
        )
        end = min(end, behind)
        piece = _BULLET.sub("", text[start:end])
        start = end - len(piece)
        piece = _SUBJECT_BEFORE.sub("", piece)
        start = end - len(piece)
        stripped = _technology_alone(piece.strip(" .-–—'’"))
        if behind <= end < match.end():  # a degree follows
            stripped = _SUBJECT.sub(r"\1", stripped)
        start += piece.index(stripped) if stripped else 0
        if _ENGLISH_SCHOOL.search(stripped):
            yield start, start + len(stripped)


def _technology_alone(piece: str) -> str:
    """Return the name of an institute of technology without the subject that follows it."""
    match = _TECHNOLOGY.search(piece)
    if match is None or is_place(match["rest"]) or (_INDIAN.match(piece) and " " not in match["rest"]):
        return piece
    return piece[: match.end(1)]


def _with_campus(text: str, start: int, end: int) -> int:
    """Return where the name of a school ends once the place that tells it from others of its name belongs to it."""
    behind = _PLACE_BEHIND.match(text, end) if _CAMPUS.search(text, start, end) else None
    if behind is None or _GENERAL_SUBJECT.search(behind["place"]) or _NOT_MAJOR.search(behind["place"]):
        return end
    return behind.end("place")


def _degree(line: Line, *, among_schools: bool) -> Fact | None:
    best: Fact | None = None
    for name, pattern in _DEGREE:
        match = pattern.search(line.folded)
        if match and (best is None or RANKS.index(name) > RANKS.index(best.value)):
            best = fact(line, match.span(), confidence=confidence("degree_word"), rule="degree_word", value=name)
    if best is None and among_schools:
        short = _SHORT_DEGREE.search(line.folded)
        if short:
            best = fact(
                line,
                short.span(),
                confidence=confidence("degree_letters"),
                rule="degree_letters",
                value=_SHORT_DEGREES[short.group()],
            )
    return best


def _labelled_major(line: Line) -> Fact | None:
    match = _MAJOR_LABEL.search(line.folded)
    if not match or _ANOTHER_LABEL.fullmatch(match["major"].strip()):
        return None
    start = match.start("major")
    return fact(
        line, (start, start + len(match["major"].rstrip())), confidence=confidence("major_label"), rule="major_label"
    )


def _major(line: Line, found: _Found) -> Fact | None:
    text = line.folded
    labelled = _labelled_major(line)
    if labelled:
        return labelled
    match = _CHINESE_MAJOR.search(text)
    if match and not _NOT_MAJOR.search(match["major"]) and match["major"] not in {"相关", "本"}:
        return fact(line, match.span("major"), confidence=confidence("major_suffix"), rule="major_suffix")
    blocked = [*found.spans, *place_spans(text)]
    diploma = _DIPLOMA.search(text)
    awarded = _words(line, found.degree) or (diploma.group() if diploma else "")
    if awarded and awarded[0] < "\u2e80":
        for end in _ends_of(text, awarded):
            english = _english_major(line, end, spelled=_SPELLED.match(awarded) is not None)
            if english:
                return english
    between = _between(line, found)
    if between:
        return between
    position = 0
    for piece in _SPLIT.split(text):
        begin = text.index(piece, position) if piece else position
        position = begin + len(piece)
        begin += len(piece) - len(piece.lstrip())
        bare = piece.strip()
        both = _MAJOR_AND_DEGREE.fullmatch(bare)
        if both and found.degree and not _NOT_MAJOR.search(both["major"]):
            return fact(
                line,
                (begin, begin + both.end("major")),
                confidence=confidence("major_before_degree"),
                rule="major_before_degree",
            )
        behind = _DEGREE_AND_MAJOR.fullmatch(bare)
        if behind and found.degree and not _NOT_MAJOR.search(behind["major"]) and not is_place(behind["major"]):
            return fact(
                line,
                (begin + behind.start("major"), begin + behind.end("major")),
                confidence=confidence("major_behind_degree"),
                rule="major_behind_degree",
            )
        for start, end in blocked:
            if begin < start < begin + len(bare) and not text[end : begin + len(bare)].strip(")） "):
                bare = bare[: start - begin].rstrip(" (（")
        if any(begin < end and start < begin + len(bare) for start, end in blocked) or is_place(bare):
            continue
        if _NOT_MAJOR.search(bare) or _ENGLISH_SCHOOL.search(bare) or is_town(bare):
            continue
        if re.fullmatch(
            r"[\u4e00-\u9fff]{2,12}(?:[（(][\u4e00-\u9fff]{1,8}[)）])?|[A-Z][A-Za-z&]+(?: (?:and|of|&|"
            r"[A-Z][A-Za-z&]+)){0,5}",
            bare,
        ):
            return fact(
                line,
                (begin, begin + len(bare)),
                confidence=confidence("major_beside_school"),
                rule="major_beside_school",
            )
    return None


def _between(line: Line, found: _Found) -> Fact | None:
    """Return the subject that stands between school and degree, or behind `硕士 in`, with blanks alone around it."""
    if found.degree is None:
        return None
    start = 0
    match = re.search(rf"{re.escape(_words(line, found.degree))} in (?P<major>[\u4e00-\u9fff]{{2,16}})", line.folded)
    if match is None and found.school and found.school.end < found.degree.start:
        start = found.school.end - line.start
        match = re.fullmatch(
            r"[ ,]+(?P<major>[A-Z][A-Za-z&]+(?: (?:and|of|&|[A-Z][A-Za-z&]+)){0,5})[ ,]+",
            line.folded[start : found.degree.start - line.start],
        )
    if not match or _NOT_MAJOR.search(match["major"]) or is_place(match["major"]):
        return None
    span = (start + match.start("major"), start + match.end("major"))
    return fact(line, span, confidence=confidence("major_between"), rule="major_between")


def _words(line: Line, found: Fact | None) -> str:
    return line.folded[found.start - line.start : found.end - line.start] if found else ""


def _ends_of(text: str, words: str) -> Iterator[int]:
    """Yield where these words end, each time they stand in the text: a degree may have a column of its own, too."""
    position = text.find(words)
    while position >= 0:
        yield position + len(words)
        position = text.find(words, position + len(words))


def _is_first_of_two(match: re.Match[str], rest: str, *, spelled: bool) -> bool:
    """Return whether the subject is what follows the degree and a comma, and what follows it is something else."""
    first = match.groupdict().get("first")
    return (
        bool(first)
        and (rest.startswith((",", " ,", " in ")) or (not spelled and "," in match.group()))
        and not re.search(r"\sin\s", match.group()[3:])
        and not (_GENERAL.match(first or "") and not rest.startswith(" in "))
    )


def _english_major(line: Line, begin: int, *, spelled: bool) -> Fact | None:
    rest = line.folded[begin:].split(CELL)[0]
    for pattern, rule in ((_OF_OR_IN, "major_english"), (_OF, "major_behind_degree")):
        match = pattern.match(rest)
        if not match:
            continue
        named = "first" if _is_first_of_two(match, rest, spelled=spelled) else "major"
        start, end = match.span(named)
        words = re.split(
            r"\s[-–—]\s|\s(?:from|at|GPA|with|Minor|Degree)\b|(?<=[a-z])(?=\d)|,|\s//|\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\s*$|\s(?:Spring|Summer|Fall|Winter|"
            r"Expected)\b",
            rest[start:end],
        )[0].rstrip(" -–.")
        if (
            words
            and not _MONTH.match(words)
            and not (_GENERAL.match(words) and spelled and not re.search(r"\bin\s$", rest[:start]))
            and not _ENGLISH_SCHOOL.search(words)
            and not any(pattern.match(words) for _, pattern in _DEGREE)
            and not is_place(words)
            and not _NOT_MAJOR.search(words)
        ):
            return fact(line, (begin + start, begin + start + len(words)), confidence=confidence(rule), rule=rule)
    return None
