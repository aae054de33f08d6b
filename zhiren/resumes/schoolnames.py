"""Names of schools within a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhiren.resumes.dates import dates_in
from zhiren.resumes.degrees import DEGREE
from zhiren.resumes.document import Line, fact
from zhiren.resumes.facts import Fact
from zhiren.resumes.places import is_place
from zhiren.resumes.vocabulary import confidence

BULLET = re.compile(r"^\s*(?:[•·●○◦▪■◆*‣➢►▸▶➤›»∙⁃–—]|-\s|\d{1,2}[.)、](?!\d))\s*")
NOT_MAJOR = re.compile(
    r"GPA|绩点|排名|rank|课程|成绩|奖|学院$|大学$|学校$|学位|学历|全日制|统招|统分|在读|毕业|本科|硕士|博士|大专|文凭|"
    r"专科|学士|minor|honou?rs|cum laude|award|"
    r"dean|scholar|thesis|advis|coursework|graduat|degree|expected|双一流|985|211|时间|应届|至今|present|//|\d",
    re.IGNORECASE,
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
ENGLISH_SCHOOL = re.compile(
    r"(?<![A-Za-z])(?:University|College|Institute?|Instituto|Istituto|Institut(?:et|tet)|School|Academy|Polytechnic|Polytechnique|Politecnico|"
    r"Politécnica|Universit[éàä]t?|Universidade?|Universiteit|Universitet|Universitas|Hochschule|Fachhochschule|"
    r"Hogeschool|École|Ecole|Escuela|Escola|Scuola|Liceo|Liceu|Colegio|Collège|Kolleg|Högskolan?|Høgskolen?|Hochschule|Lycée|Gymnasium|Akademie|Académie|Academia|Seminary|Conservatory|"
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
    r"High School Diploma\b|^College (?:Station|Park|Point)\b|"
    r"^(?:High School|College|University|School|Graduate School|Business School)$|Student|"
    r"Coursework|GPA|Hackathon|Fair",
    re.IGNORECASE,
)


def school_of(line: Line, begin: int) -> Fact | None:
    """Return the name of a school in a line, from a place on: a Chinese one first, else the surest English one."""
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
        if match.end() <= begin or not ENGLISH_SCHOOL.search(match.group()):
            continue
        start, end = max(match.start(), begin), match.end()
        parts = re.search(r"\s[-–—/]\s", text[start:end])
        while parts:
            left = text[start : start + parts.start()]
            if ENGLISH_SCHOOL.search(left):
                end = start + parts.start()
                break
            start += parts.end()
            parts = re.search(r"\s[-–—/]\s", text[start:end])
        for first, last in dates:
            if start <= first < end:
                if ENGLISH_SCHOOL.search(text[start:first]):
                    end = first
                elif last < end:
                    start = last
        lead = re.match(r"^.*\b(?:from|at|Diploma)\s(?=[A-Z])", text[start:end])
        if lead and ENGLISH_SCHOOL.search(text, start + lead.end(), end):
            start += lead.end()
        for _, pattern in DEGREE[:4]:
            degree = pattern.match(text[start:end].lstrip())
            if degree:
                start += degree.end() + len(text[start:end]) - len(text[start:end].lstrip())
        short = re.match(r"\s*(?:BS|BA|BE|MS|MA|ME|AS|AA)\s", text[start:end])
        if short:
            start += short.end()
        sentence = re.search(r"(?<=[a-z]{3})\.\s(?=[A-Z])", text[start:end])
        if sentence and ENGLISH_SCHOOL.search(text, start, start + sentence.start()):
            end = start + sentence.start()
        keyword = ENGLISH_SCHOOL.search(text, start, end)
        behind = min(
            (found.start() for _, pattern in DEGREE if keyword and (found := pattern.search(text, keyword.end(), end))),
            default=end,
        )
        end = min(end, behind)
        piece = BULLET.sub("", text[start:end])
        start = end - len(piece)
        piece = _SUBJECT_BEFORE.sub("", piece)
        start = end - len(piece)
        stripped = _technology_alone(piece.strip(" .-–—'’"))
        if behind <= end < match.end():  # a degree follows
            stripped = _SUBJECT.sub(r"\1", stripped)
        start += piece.index(stripped) if stripped else 0
        if ENGLISH_SCHOOL.search(stripped):
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
    if behind is None or _GENERAL_SUBJECT.search(behind["place"]) or NOT_MAJOR.search(behind["place"]):
        return end
    return behind.end("place")
