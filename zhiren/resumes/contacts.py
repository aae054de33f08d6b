"""Phone numbers and mail addresses."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

import phonenumbers

from zhiren.resumes.dates import ranges_in
from zhiren.resumes.document import Document, Line, fact
from zhiren.resumes.facts import Fact
from zhiren.resumes.segments import HEADER, Segment, lines_of, looks_like_resume
from zhiren.resumes.vocabulary import confidence, load, simplified

_HEAD_LENGTH = 1500
_NEAR_THE_TOP = 12  # lines
_STATE = re.compile(r", [A-Z]{2}(?: \d{5})?(?![A-Za-z])")

_MAIL = re.compile(
    r"(?<![\w.+\-@])[A-Za-z0-9_](?:[A-Za-z0-9._%+\-]{0,62}[A-Za-z0-9_%+\-])?\s?(?:@|[(\[{]\s?(?:at|AT|@)\s?[)\]}])\s?"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?(?:\.|\s?[(\[{]\s?(?:dot|DOT)\s?[)\]}]\s?)){1,5}"
    r"[A-Za-z]{2,18}(?![\w@])"
)
_HIDDEN_AT = re.compile(r"[(\[{]\s?(?:at|AT|@)\s?[)\]}]")
_HIDDEN_DOT = re.compile(r"[(\[{]\s?(?:dot|DOT)\s?[)\]}]")
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.@/])(?:\(?\+|00)?[(\d](?:[\d()]|[ \-.–·/](?=[\d(]|[ \-][\d(])){5,24}\d(?![\w@]|\.\d|/\d)"
)
_LABEL = re.compile(
    r"(?:手机号?码?|电话|移动电话|联系方式|联系电话|微信同号|tel(?:ephone)?|phone|mobile|cell|call|fax|手機|電話|"
    r"\bM|\bT|\bP)"
    r"(?:\s?(?:number|no\.?|号码?|/[\w微信]{2,8}|\(.{1,8}\)))?\s?[:：.]?\s?$",
    re.IGNORECASE,
)
_CHINESE_MOBILE = re.compile(
    r"^[(]?(?:\+?86|0086)?[)]?[ \-]?(1[3-9]\d(?:[ \-.–]?\d{4}){2}|1[3-9]\d[ \-]\d{3}[ \-]\d{5})$"
)
_TWO_NUMBERS = re.compile(r"(?<=\d{4})/(?=\(?\+?\d{3})")
_OTHER_NUMBER = re.compile(
    r"(?:学号|工号|编号|证件?号?码?|证书号|账号|卡号|税号|邮编|QQ\s?号?码?|身份证[\u4e00-\u9fff]{0,2}|"
    r"准考证号?)\s?[:：]?\s?$",
    re.IGNORECASE,
)
_WECHAT = re.compile(
    r"(?<!手机)(?<!电话)(?<!手机[/、|及和])(?<!电话[/、|及和])(?:微信|WeChat|Weixin|\bWX|\bV信)\s?(?:号码?|id|no\.?)?\s?[:：]?\s*$",
    re.IGNORECASE,
)
_TAIWANESE = re.compile(r"09\d{2}[- ]?\d{3}[- ]?\d{3}")
_NOT_A_PHONE = re.compile(
    r"^(?:19|20)\d\d\D+(?:19|20)?\d{2,4}$|^(?:19|20)\d\d[./\-]\d{1,2}(?:\D|$)|^\d{1,2}[./]\d{1,2}[./]\d{2,4}$"
)


def mails_in(document: Document, segments: list[Segment]) -> list[Fact]:
    """Return each mail address of the person once, in lower case, in the order they stand; referees' are left out."""
    found: dict[str, Fact] = {}
    if not looks_like_resume(document, segments):
        return []
    others = {line.number for line in lines_of(segments, "references")}
    for line in document.lines:
        if ("@" not in line.folded and not _HIDDEN_AT.search(line.folded)) or line.number in others:
            continue
        for match in _MAIL.finditer(line.folded):
            value = _HIDDEN_DOT.sub(".", _HIDDEN_AT.sub("@", match.group()))
            value = re.sub(r"\s", "", value).lower()
            if " " in match.group() and ".." in value:
                continue
            found.setdefault(value, fact(line, match.span(), confidence=confidence("mail"), rule="mail", value=value))
    return list(found.values())


def phones_in(document: Document, segments: list[Segment], *, chinese: bool) -> list[Fact]:
    """Return each phone number of the person once, as E.164 where country and number are certain.

    A number without country code is read as mainland Chinese in a Chinese résumé; in others it needs a label or a
    place in the first lines, and keeps its digits as written where no country is certain.
    """
    found: dict[str, Fact] = {}
    beside_work: dict[str, Fact] = {}
    if not looks_like_resume(document, segments):
        return []
    head = "\n".join(line.folded for line in lines_of(segments, HEADER, "personal"))[:_HEAD_LENGTH]
    regions = list(dict.fromkeys(_regions_named_in(head)))
    others = {line.number for line in lines_of(segments, "references")}
    foreign = {line.number for line in lines_of(segments, "work", "projects", "education", "volunteer")}
    for line in document.lines:
        if line.number in others:
            continue
        for match in _NUMBER.finditer(_TWO_NUMBERS.sub("|", line.folded)):
            result = _read_number(line, match, regions, chinese=chinese)
            if result:
                value, rule = result
                item = fact(line, match.span(), confidence=confidence(rule), rule=rule, value=value)
                if line.number not in foreign:
                    found.setdefault(value, item)
                elif rule in {"phone_cn_mobile", "phone_international"}:
                    beside_work.setdefault(value, item)
    # A number among the employers may be a supervisor's; it counts only where the person gives no other.
    return list((found or beside_work).values())


def _read_number(line: Line, match: re.Match[str], regions: list[str], *, chinese: bool) -> tuple[str, str] | None:
    written = match.group()
    digits = re.sub(r"\D", "", written)
    if not 7 <= len(digits) <= 15 or _NOT_A_PHONE.match(written) or ranges_in(written):
        return None
    if _OTHER_NUMBER.search(line.folded[max(0, match.start() - 12) : match.start()]):
        return None
    if _WECHAT.search(line.folded[max(0, match.start() - 16) : match.start()]):
        return None
    labelled = _LABEL.search(line.folded[max(0, match.start() - 24) : match.start()]) is not None
    mobile = _CHINESE_MOBILE.match(written)
    if mobile:
        return "+86" + re.sub(r"\D", "", mobile[1]), "phone_cn_mobile"
    if written.lstrip("(").startswith(("+", "00")):
        text = "+" + digits.removeprefix("00") if not written.lstrip("(").startswith("+") else "+" + digits
        number = _valid(text, None)
        if number:
            return number, "phone_international"
        # Numbering plans change, and some numbers are set aside for films and examples: 07700 900123.
        possible = _possible(text) if labelled or line.number <= _NEAR_THE_TOP else None
        return (possible, "phone_international_unknown") if possible else None
    if not labelled and line.number > _NEAR_THE_TOP:
        return None
    beside = line.folded[max(0, match.start() - 80) : match.end() + 80]
    taiwanese = ("TW",) if chinese and _TAIWANESE.fullmatch(written) else ()
    for region in dict.fromkeys((*taiwanese, *_regions_named_in(beside), *regions)):
        number = _valid(written, region)
        if number:
            return number, "phone_region"
    if chinese:
        number = _valid(digits, "CN") if digits.startswith(("0", "400", "800")) else None
        if number:
            return number, "phone_cn_line"
    if labelled or _looks_western(written):
        return digits, "phone_digits"
    return None


@functools.cache
def _countries() -> tuple[re.Pattern[str], dict[str, str]]:
    known = {name.strip(): code for code, names in load("cities")["countries"].items() for name in names.split(",")}
    words = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z])(?:{words})(?![A-Za-z])"), known


def _regions_named_in(text: str) -> Iterator[str]:
    """Yield the countries the words around a number name; nothing is concluded from the language alone."""
    pattern, known = _countries()
    for match in pattern.finditer(simplified(text)):
        yield known[match.group()]
    if _STATE.search(text):
        yield "US"


def _looks_western(written: str) -> bool:
    return re.match(r"^\(?\d{3}\)?[ .\-]?\d{3}[ .\-]\d{4}$", written) is not None


def _valid(text: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _possible(text: str) -> str | None:
    """Return a number with its country code that is as long as numbers there are, though no plan we know has it."""
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
