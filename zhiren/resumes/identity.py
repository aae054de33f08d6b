"""Who the résumé is about: name and date of birth."""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from zhiren.resumes.dates import When, dates_in
from zhiren.resumes.document import CELL, Document, Line, fact, one_line
from zhiren.resumes.facts import Fact
from zhiren.resumes.headings import is_title, kind_of_heading
from zhiren.resumes.places import is_place
from zhiren.resumes.segments import HEADER, OTHER, Segment, looks_like_resume
from zhiren.resumes.skills import is_skill
from zhiren.resumes.titles import looks_like_employer, looks_like_title
from zhiren.resumes.vocabulary import confidence, surnames

_HEADER_LINES = 8
_FIRST_LINES = 4
_LABEL_GAP = 3
_STANDS_OUT = 1.15
_CHINESE_LABEL = re.compile(
    r"(?:^|[\t\s|,，;；])(?:(?:中文)?姓\s*名|名\s*字|求职者|候选人|应聘者|"
    r"申请人)(?:\s?\(?(?:full )?name\)?)?\s*[:：\t ]\s*",
    re.IGNORECASE,
)
_ENGLISH_LABEL = re.compile(r"(?:^|[\t|])(?:full\s|candidate\s|applicant\s)?name\s?[:\t]\s?", re.IGNORECASE)
_HAN = "[\u3400-\u9fff]"
_DOT = "[·•‧・･.]"
_CHINESE_NAME = re.compile(
    rf"{_HAN}{{2,6}}(?:{_DOT}{_HAN}{{1,8}}){{1,3}}|{_HAN}(?: {{0,3}}{_HAN}){{1,3}}(?![\u3400-\u9fff])"
)
_DOTTED_NAME = re.compile(rf"({_HAN}{{2,6}}(?:{_DOT}{_HAN}{{1,8}}){{1,3}})(?=$|[\t |(])")
_NOISE = re.compile(r"(?:的)?(?:个人)?(?:求职)?简\s?历.*$|(?:先生|女士|小姐)$|^(?:我叫|我是)")
_TITLE_BEFORE = re.compile(r"^(?:个人)?(?:求职)?简历\s?[-—–:_ ]\s?")
_ENGLISH_TITLE_BEFORE = re.compile(
    r"^(?:Curriculum Vitae|CV|R[eé]sum[eé])(?:\s(?:of|for)|\s?[:\-–—])\s?", re.IGNORECASE
)
_NO_NAME = re.compile(
    r"大学|学院|学校|公司|集团|专业|本科|硕士|博士|大专|工程|经理|总监|主管|专员|助理|顾问|老师|教师|会计|销售|"
    r"运营|开发|设计|产品|技术|"
    r"简历|应届|毕业|求职|意向|电话|邮箱|性别|年龄|民族|籍贯|政治|党员|群众|团员|未婚|已婚|健康|经验|年限|至今|"
    r"目前|在职|离职|信息|管理|方向|"
    r"照片|头像|姓名|地址|[省市区县号岁届]$|^[男女]$|证书|能力|行政|财务|市场|人力|金融|计算机|服务|研究|平台|"
    r"数据|高级|资深|初级|中级|全栈|前端|后端"
)
_UPPER = r"A-Z\u00c0-\u00deĀĂĄĆĈĊČĎĐĒĖĘĚĜĞĠĢĤĪĮİĶĹĻĽŁŃŅŇŌŐŒŔŖŘŚŜŞŠŢŤŪŮŰŲŴŶŹŻŽȘȚ\u1e00-\u1eff"
_LOWER = r"a-z\u00df-\u017f\u0219\u021b\u1e00-\u1eff"
_ENGLISH_WORD = (
    rf"(?:(?:Mc|Mac|De|Di|Du|La|Le|Van|Fitz)?[{_UPPER}][{_LOWER}'’]*(?:[\-'’][A-Z]?[{_LOWER}]+)*\.?|"
    rf"[{_UPPER}][{_UPPER}'’\-]+|[A-Z]\.?(?:-?[A-Z]\.)?|Mc[A-Z][A-Za-z]+|O['’][A-Z][{_LOWER}]+|"
    r"de|del|della|di|dos|das|do|da|van|von|zu|zur|der|den|ter|ten|het|bin|binti|ibn|el|al|la|le|los|las|du|y|e|af|av)"
)
_ENGLISH_NAME = re.compile(rf"^{_ENGLISH_WORD}(?: [(\"“'‘]{_ENGLISH_WORD}[)\"”'’]| {_ENGLISH_WORD}){{0,5}}$")
_CREDENTIALS = re.compile(
    r"(?:,\s?|\s)(?:Ph\.?D\.?|M\.?D\.?|MBA|PMP|CPA|CFA|RN|J\.?D\.?|Esq\.?|M\.?Sc\.?|B\.?Sc\.?|MSc|BSc|MA|BA|MS|PE|"
    r"PHR|SPHR|SHRM-CP|P\.?Eng\.?|CEng|FCCA|ACCA|ACA|LL\.?[BM]\.?|EMBA|BSN|MSN|CISSP|B\.?Eng\.?|M\.?Eng\.?|"
    r"B\.?S\.?|M\.?S\.?)"
    r"(?![\w.]).*$"
)
_HONORIFIC = re.compile(r"^(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.?\s")
_NO_ENGLISH_NAME = frozenset(
    [
        "resume",
        "résumé",
        "cv",
        "curriculum",
        "vitae",
        "name",
        "address",
        "phone",
        "email",
        "mobile",
        "tel",
        "page",
        "profile",
        "summary",
        "objective",
        "company",
        "university",
        "college",
        "institute",
        "school",
        "inc",
        "ltd",
        "llc",
        "corp",
        "group",
        "street",
        "road",
        "avenue",
        "city",
        "state",
        "the",
        "and",
        "of",
        "for",
        "in",
        "to",
        "with",
        "at",
        "by",
        "on",
        "personal",
        "details",
        "contact",
        "information",
        "experience",
        "education",
        "skills",
        "work",
        "date",
        "birth",
        "nationality",
        "male",
        "female",
        "married",
        "single",
        "updated",
        "last",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "project",
        "projects",
        "welcome",
        "department",
        "north",
        "south",
        "east",
        "west",
    ]
)
_BIRTH = re.compile(
    r"(?:出生(?:日期|年月日?|时间|年份)?|生\s?日|(?:date|year)\s?of\s?birth|birth\s?date|birthday|d\.?o\.?b\.?|"
    r"\bborn(?:\son)?)\s?[:：\t ]\s?",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"(?:linkedin\.com/(?:in|pub)|indeed\.com/r|xing\.com/profile|github\.com)/(?P<who>[\w%.\-]{3,60})", re.IGNORECASE
)
_AGE = re.compile(r"\d{2}\s?岁\s?[(（]$")
_BORN = re.compile(r"(?:年|月|日|\d)\s?(?:出?生)(?!产|活|物|态|命|成|涯|意)")
_SPLIT = re.compile(
    r"[\t|｜/·•◆,，;；]|\s[-–—]\s|\s{2,}|(?<=[\u4e00-\u9fff])\s?[(（]|(?<=[\u4e00-\u9fff])[)）]|(?<=[a-z])[)）]$"
)
_BOTH = re.compile(rf"[A-Za-z][A-Za-z .,'’\-]{{1,30}}[(（ ]\s?(?P<chinese>{_HAN}{{2,4}})[)）]?$")


def name_in(document: Document, segments: list[Segment], *, mails: list[Fact], phones: list[Fact]) -> Fact | None:
    """Return the person's name: behind a label, else from the first prominent lines; None rather than a guess.

    A name in Latin letters without a label is only believed in a text that tells how to reach the person.
    """
    if not looks_like_resume(document, segments):
        return None
    near = [line for part in segments if part.kind in {HEADER, "personal"} for line in part.lines if line.text]
    every = [line for part in segments for line in part.lines if line.text]
    for line in (*near, *every[:40]):
        found = _labelled(line)
        if found:
            return found
    largest = max((line.size for line in document.lines if line.size and line.page == 1), default=None)
    if largest is not None and largest < _STANDS_OUT * statistics.median(line.size for line in every if line.size):
        largest = None  # nothing is set apart
    first = {line.number for line in near[: _HEADER_LINES * 2]}
    head = [line for line in every if not is_title(line.text) and (line.number in first or _is_large(line, largest))][
        :_HEADER_LINES
    ]
    local_parts = [mail.value.partition("@")[0] for mail in mails]
    local_parts += [profile["who"] for line in near for profile in _PROFILE.finditer(line.folded)]
    reachable = bool(local_parts or phones)
    candidates = [
        found for line in head for found in _candidates(line, local_parts, reachable=reachable, largest=largest)
    ]
    if reachable:
        candidates += _on_several_lines(head, local_parts, largest)
    best = max(candidates, key=lambda item: item[0], default=(0.0, None))[1]
    if best is None and reachable and largest is not None:
        best = next((found for line in head if _is_large(line, largest) and (found := _set_large(line))), None)
    return best


def _on_several_lines(head: list[Line], mails: list[str], largest: float | None) -> Iterator[tuple[float, Fact]]:
    """Yield names whose parts stand below each other, set larger than all else, each with its figure."""
    whole: Line | None = None
    for line in head:
        if largest is None or not _is_large(line, largest) or kind_of_heading(line.text) or CELL in line.folded:
            whole = None
            continue
        if whole is None or line.start - whole.end != 1 or line.page != whole.page:
            whole = line
            continue
        whole = one_line(whole, line, f"{whole.folded} {line.folded}")
        english = _english_name(whole.folded.replace("- ", "-"), mails, reachable=True, prominent=True)
        if english and len(english[0].split()) > 1:
            rule = "name_english_by_mail" if english[1] else "name_english_head"
            figure = (0.9 if english[1] else 0.75) + 0.1 + 0.01 * len(english[0].split())
            yield (
                figure,
                fact(whole, (0, len(whole.text)), confidence=confidence(rule), rule=rule, value=_cased(english[0])),
            )


def _set_large(line: Line) -> Fact | None:
    """Return what is set larger than all else and as short as a Chinese name, though no surname we know begins it."""
    bare = line.folded.strip()
    squeezed = bare.replace(" ", "")
    if (
        not re.fullmatch(rf"{_HAN}{{2,4}}", squeezed)
        or _NO_NAME.search(squeezed)
        or is_place(squeezed)
        or looks_like_title(squeezed)
        or looks_like_employer(squeezed)
        or kind_of_heading(squeezed)
    ):
        return None
    start = line.folded.index(bare)
    span = (start, start + len(bare))
    return fact(
        line,
        span,
        confidence=confidence("name_chinese_largest"),
        rule="name_chinese_largest",
        value=_written(line, span),
    )


def birth_in(segments: list[Segment]) -> Fact | None:
    """Return the date of birth where the résumé states it as such."""
    for part in segments:
        unheaded = part.kind == OTHER and not part.heading  # no résumé at all
        if unheaded or part.kind not in {HEADER, "personal", "objective", OTHER, "summary"}:
            continue
        for above, line in pairwise(part.lines):
            below = dates_in(line.folded) if _BIRTH.fullmatch(above.folded + ":") else []
            if below and below[0].start == 0:
                return _born(line, below[0], "birth_label")  # in a narrow column the label has a line of its own
        for line in part.lines:
            for label in _BIRTH.finditer(line.folded):
                for when in dates_in(line.folded[label.end() : label.end() + 30]):
                    if when.start <= _LABEL_GAP:
                        return _born(line, when, "birth_label", offset=label.end())
            for when in dates_in(line.folded):
                if _AGE.search(line.folded[: when.start]):
                    return _born(line, when, "birth_beside_age")
                if _BORN.match(line.folded, when.end - 1) or _BORN.match(line.folded, when.end):
                    return _born(line, when, "birth_suffix")
    return None


def _born(line: Line, when: When, rule: str, *, offset: int = 0) -> Fact:
    span = (offset + when.start, offset + when.end)
    return fact(line, span, confidence=confidence(rule), rule=rule, value=when.value)


def _labelled(line: Line) -> Fact | None:
    label = _CHINESE_LABEL.search(line.folded)
    if label:
        cell = line.folded[label.end() :].split(CELL)[0]
        match = _CHINESE_NAME.match(cell) or re.match(rf"{_HAN}{{2,4}}(?=性别|电话|年龄|手机)", cell)
        if match:
            span = (label.end(), label.end() + match.end())
            if not _NO_NAME.search(match.group().replace(" ", "")):
                return fact(
                    line, span, confidence=confidence("name_label"), rule="name_label", value=_written(line, span)
                )
    label = _ENGLISH_LABEL.search(line.folded) or label
    if label:
        cell = re.split(r"[\t|,;:]|\s{2,}|\s(?:Gender|Sex|Phone|Email|Tel)\b", line.folded[label.end() :])[0].strip()
        if _ENGLISH_NAME.match(cell) and len(cell) <= 50:
            return fact(
                line,
                (label.end(), label.end() + len(cell)),
                confidence=confidence("name_label"),
                rule="name_label",
                value=_cased(cell),
            )
        match = _CHINESE_NAME.match(line.folded, label.end())
        if match and not _NO_NAME.search(match.group()):
            return fact(
                line,
                match.span(),
                confidence=confidence("name_label"),
                rule="name_label",
                value=_written(line, match.span()),
            )
    return None


def _candidates(
    line: Line, mails: list[str], *, reachable: bool, largest: float | None
) -> Iterator[tuple[float, Fact]]:
    """Yield what may be the name, each with a figure by which the candidates of a text are compared."""
    if kind_of_heading(line.text) or ":" in line.folded[:12].split(CELL)[0] or len(line.text) > 120:
        return
    prominent = 0.05 if _is_large(line, largest) else 0.0
    early = 0.04 / (line.number + 1)
    dotted = _DOTTED_NAME.match(line.folded)
    if (
        dotted
        and (line.number <= _FIRST_LINES or prominent)
        and not _NO_NAME.search(dotted[1])
        and not is_place(dotted[1])
    ):
        yield (
            0.75 + prominent + early,
            fact(line, dotted.span(1), confidence=confidence("name_dotted_head"), rule="name_dotted_head"),
        )
        return
    position, in_chinese = 0, False
    for piece in _SPLIT.split(line.folded):
        begin = line.folded.index(piece, position) if piece else position
        position = begin + len(piece)
        begin += len(piece) - len(piece.lstrip())
        bare = piece.strip()
        both = _BOTH.match(bare)
        if both and _chinese_name(both["chinese"]):
            begin += both.start("chinese")
            bare = both["chinese"]
        chinese = _chinese_name(bare)
        if chinese:
            in_chinese = True
            length = len(bare) if chinese == bare.replace(" ", "") else len(chinese)
            begin = line.folded.index(bare[:1], begin) if length == len(bare) else line.folded.index(chinese, begin)
            span = (begin, begin + length)
            rule = "name_chinese_head"
            yield (
                0.85 + prominent + early,
                fact(line, span, confidence=confidence(rule), rule=rule, value=_written(line, span)),
            )
            continue
        if (line.number > _FIRST_LINES and not prominent) or in_chinese:
            continue
        english = _english_name(bare, mails, reachable=reachable, prominent=bool(prominent))
        if english:
            name, by_mail = english
            begin = line.folded.index(name, begin)
            span = (begin, begin + len(name))
            rule = "name_english_by_mail" if by_mail else "name_english_head"
            yield (
                (0.9 if by_mail else 0.75) + prominent + early,
                fact(line, span, confidence=confidence(rule), rule=rule, value=_cased(name)),
            )


def _written(line: Line, span: tuple[int, int]) -> str:
    """Return a Chinese name as its bearer writes it, without the blanks that only set it wider."""
    return line.text[span[0] : span[1]].replace(" ", "")


def _is_large(line: Line, largest: float | None) -> bool:
    if largest is None:
        return line.number == 1  # a text without sizes begins with what counts
    return line.size is not None and line.page == 1 and line.size >= largest * 0.97


def _chinese_name(piece: str) -> str | None:
    bare = _NOISE.sub("", _TITLE_BEFORE.sub("", piece)).strip()
    match = _CHINESE_NAME.match(bare)
    if not match:
        return None
    rest = bare[match.end() :].strip()
    if rest and not (
        re.fullmatch(r"[A-Za-z .\-]{2,30}|[男女](?:\s.{0,12})?|\d{2}岁", rest)
        or looks_like_title(rest)
        or is_place(rest)
    ):
        return None
    value = match.group().replace(" ", "")
    known = surnames()
    given = len(value) - (2 if value[:2] in known and len(value) > 2 else 1 if value[0] in known else 9)
    if len(value) == 4 and given == 3 and value[1] in known:
        given = 2  # a husband's family name before one's own: 陈李美玲
    if (
        not 1 <= given <= 2
        or _NO_NAME.search(value)
        or is_place(value)
        or looks_like_title(value)
        or kind_of_heading(value)
    ):
        return None
    return value


def _english_name(piece: str, mails: list[str], *, reachable: bool, prominent: bool) -> tuple[str, bool] | None:
    """Return a name in Latin letters and whether the mail address has it; who cannot be reached is not named."""
    bare = _CREDENTIALS.sub("", _HONORIFIC.sub("", _ENGLISH_TITLE_BEFORE.sub("", piece))).strip()
    words = bare.split()
    if not reachable or not 1 <= len(words) <= 5 or len(bare) > 50 or not _ENGLISH_NAME.match(bare):
        return None
    lowered = [word.lower().strip(".") for word in words]
    plain = [_without_accents(word).strip("()\"'’‘“”") for word in lowered]
    told_by_mail = [word for word in plain if len(word) > 2 and any(word in mail.lower() for mail in mails)]
    matches_mail = bool(told_by_mail)
    # Tim Baker is no baker: the mail address has his name, too.
    certain = prominent and len(words) > 1 and plain[-1] in told_by_mail
    if any(word in _NO_ENGLISH_NAME for word in lowered) or is_place(bare) or is_skill(bare):
        return None
    if not certain and (looks_like_title(bare) or looks_like_employer(bare)):
        return None
    if len(words) == 1:
        return (bare, True) if matches_mail and prominent and len(bare) > 2 else None
    if bare.isupper() and not matches_mail and not prominent:
        return None
    return bare, matches_mail


def _without_accents(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


def _cased(name: str) -> str:
    """Return a name as it is usually written: set in capitals or not, with the apostrophe that keys have."""
    plain = name.replace("’", "'")
    return " ".join(word.title() if len(word) > 2 else word for word in plain.split()) if plain.isupper() else plain
