"""Phone numbers and mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from zhiren.resumes.dates import ranges_in
from zhiren.resumes.document import Document, Line, fact
from zhiren.resumes.facts import Fact
from zhiren.resumes.segments import Segment, lines_of

_MAIL = re.compile(
    r"(?<![\w.+\-@])[A-Za-z0-9_](?:[A-Za-z0-9._%+\-]{0,62}[A-Za-z0-9_%+\-])?\s?@\s?"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.){1,5}[A-Za-z]{2,18}(?![\w@])"
)
_NUMBER = re.compile(
    r"(?<![\w.@/])(?:\(?\+|00)?[(\d](?:[\d()]|[ \-.–·/](?=[\d(]|[ \-][\d(])){5,24}\d(?![\w@]|\.\d|/\d)"
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
_NOT_A_PHONE = re.compile(
    r"^(?:19|20)\d\d\D+(?:19|20)?\d{2,4}$|^(?:19|20)\d\d[./\-]\d{1,2}(?:\D|$)|^\d{1,2}[./]\d{1,2}[./]\d{2,4}$"
)


def mails_in(document: Document, segments: list[Segment]) -> list[Fact]:
    """Return each mail address of the person once, in lower case, in the order they stand; referees' are left out."""
    found: dict[str, Fact] = {}
    others = {line.number for line in lines_of(segments, "references")}
    for line in document.lines:
        if "@" not in line.folded or line.number in others:
            continue
        for match in _MAIL.finditer(line.folded):
            value = re.sub(r"\s", "", match.group()).lower()
            if " " in match.group() and ".." in value:
                continue
            found.setdefault(value, fact(line, match.span(), confidence=0.98, rule="mail", value=value))
    return list(found.values())


def phones_in(document: Document, segments: list[Segment], *, chinese: bool) -> list[Fact]:
    """Return each phone number of the person once, as E.164 where country and number are certain.

    A number without country code is read as mainland Chinese in a Chinese résumé; in others it needs a label or a
    place in the first lines, and keeps its digits as written where no country is certain.
    """
    found: dict[str, Fact] = {}
    beside_work: dict[str, Fact] = {}
    others = {line.number for line in lines_of(segments, "references")}
    foreign = {line.number for line in lines_of(segments, "work", "projects", "education", "volunteer")}
    for line in document.lines:
        if line.number in others:
            continue
        for match in _NUMBER.finditer(line.folded):
            result = _read_number(line, match, chinese=chinese)
            if result:
                value, rule, confidence = result
                item = fact(line, match.span(), confidence=confidence, rule=rule, value=value)
                if line.number not in foreign:
                    found.setdefault(value, item)
                elif rule in {"phone_cn_mobile", "phone_international"}:
                    beside_work.setdefault(value, item)
    # A number among the employers may be a supervisor's; it counts only where the person gives no other.
    return list((found or beside_work).values())


def _read_number(line: Line, match: re.Match[str], *, chinese: bool) -> tuple[str, str, float] | None:
    written = match.group()
    digits = re.sub(r"\D", "", written)
    if not 7 <= len(digits) <= 15 or _NOT_A_PHONE.match(written) or ranges_in(written):
        return None
    labelled = _LABEL.search(line.folded[max(0, match.start() - 24) : match.start()]) is not None
    mobile = _CHINESE_MOBILE.match(written)
    if mobile:
        return "+86" + re.sub(r"\D", "", mobile[1]), "phone_cn_mobile", 0.98 if labelled else 0.95
    if written.lstrip("(").startswith(("+", "00")):
        text = "+" + digits.removeprefix("00") if not written.lstrip("(").startswith("+") else "+" + digits
        number = _valid(text, None)
        return (number, "phone_international", 0.97) if number else None
    if not labelled and line.number > 12:
        return None
    if chinese:
        number = _valid(digits, "CN") if digits.startswith(("0", "400", "800")) else None
        if number:
            return number, "phone_cn_line", 0.85 if labelled else 0.7
    for region in _regions_named_in(line.folded[max(0, match.start() - 80) : match.end() + 80]):
        number = _valid(written, region)
        if number:
            return number, "phone_region", 0.7
    if labelled or _looks_western(written):
        return digits, "phone_digits", 0.6 if labelled else 0.5
    return None


def _regions_named_in(text: str) -> Iterator[str]:
    """Yield the countries the words around a number name; nothing is concluded from the language alone."""
    if re.search(r"香港|Hong ?Kong|\bHK\b", text):
        yield "HK"
    if re.search(r"台湾|臺灣|台灣|台北|Taiwan|Taipei", text):
        yield "TW"
    if re.search(r"\bUSA?\b|United States|, [A-Z]{2}(?: \d{5})?\b", text):
        yield "US"
    if re.search(r"\bUK\b|United Kingdom|England|London", text):
        yield "GB"


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
