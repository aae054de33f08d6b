"""The city a person lives in."""

from __future__ import annotations

import functools
import re
from itertools import pairwise

from zhiren.resumes.document import CELL, Line, fact
from zhiren.resumes.facts import Fact
from zhiren.resumes.segments import HEADER, Segment
from zhiren.resumes.vocabulary import load

_LABEL = re.compile(
    r"(?<![望向作生籍])(?:现居住?[地址城市]{0,2}|现?所在[地城市]{1,2}|现住[地址]{1,2}|居住[地城市]{1,2}|(?:联系|"
    r"家庭|通讯|现居住?)?地\s?址|"
    r"目前所在地|常住地|居住城市|所在地区|现居|坐标|城\s?市|\b(?:current\s)?(?:location|address|city|residence|"
    r"based\sin|"
    r"lives?\sin))\s?[:：\t ]\s?",
    re.IGNORECASE,
)
_NOT_HOME = re.compile(
    r"(?:期望|意向|工作|求职|目标|出生|户口|户籍|籍贯|email\s|e-mail\s|mail\s|邮箱|preferred\s|work\s|desired\s)\W*$",
    re.IGNORECASE,
)
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|"
    "OR|PA|RI|SC|SD|"
    "TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|ON|BC|QC|AB"
)
_COUNTRIES = (
    "USA?|United States|UK|United Kingdom|England|Scotland|Ireland|Canada|Germany|France|Spain|Italy|Netherlands|"
    "Belgium|Switzerland|"
    "Austria|Sweden|Norway|Denmark|Finland|Poland|Portugal|Greece|T(?:ü|u)rkiye|Turkey|Russia|China|"
    "P\\.?R\\.? ?China|Japan|Korea|South Korea|"
    "India|Singapore|Malaysia|Indonesia|Vietnam|Thailand|Philippines|Taiwan|Australia|New Zealand|Brazil|Mexico|"
    "Argentina|Chile|"
    "South Africa|Egypt|Nigeria|Kenya|UAE|Israel|Pakistan|Bangladesh"
)
_CITY_AND_STATE = re.compile(
    rf"^(?P<city>[A-Z][\w.'’\-]+(?: [A-Z][\w.'’\-]+){{0,2}})\s?,\s?(?:(?:{_STATES})(?: \d{{5}})?(?:, "
    rf"(?:{_COUNTRIES}))?|{_COUNTRIES})$"
)
_PLACE = re.compile(
    rf"^(?:[A-Z][\w.'’\-]+(?: [A-Z][\w.'’\-]+){{0,2}}\s?,\s?(?:(?:{_STATES})\b(?: \d{{5}})?|{_COUNTRIES}|State|"
    rf"(?!Inc|Ltd|Corp|Co\b)[A-Z][a-z]+)|"
    rf"City ?, ?State.*|Remote|远程|{_COUNTRIES}|(?:{_STATES})(?: \d{{5}})?|(?:US|United States))\.?$"
)
_PLACE_INSIDE = re.compile(
    rf"(?:^|[\t|·•(]\s?|\s[-–—]\s|,\s|\s{{2,}})((?:[A-Z][\w.'’\-]+ ){{0,2}}[A-Z][\w.'’\-]+ ?, ?(?:{_STATES}|"
    rf"{_COUNTRIES})|City ?, ?State(?: ?, ?US)?)(?![A-Za-z])"
    rf"|(?<=\s)(City ?, ?State(?: ?, ?US)?)(?![A-Za-z])"
)
_DISTRICT = re.compile(r"[\s·\-,/]{0,2}[\u4e00-\u9fff]{1,4}(?:新区|区|县|市|镇)|\s?[·\-/]\s?[\u4e00-\u9fff]{1,4}")
_HEADER_LINES = 12


def city_in(segments: list[Segment]) -> Fact | None:
    """Return where the person lives: what a label says, else a city that stands by itself at the head."""
    near = [
        line for part in segments if part.kind in {HEADER, "personal", "objective", "summary"} for line in part.lines
    ]
    for label, line in pairwise(near):
        alone = _LABEL.fullmatch(label.folded + ":")
        if alone and not _NOT_HOME.search(label.folded[: alone.start()]):
            found = _labelled_city(line, 0)
            if found:
                return found
    for line in near:
        for match in _LABEL.finditer(line.folded):
            if _NOT_HOME.search(line.folded[: match.start()]):
                continue
            found = _labelled_city(line, match.end())
            if found:
                return found
    for line in near[:_HEADER_LINES]:
        found = _bare_city(line)
        if found:
            return found
    return None


def is_place(text: str) -> bool:
    """Return whether a piece of a line only names a place."""
    bare = text.strip()
    if _PLACE.match(bare) or _PLACE.match(bare.replace("\t", " ")):
        return True
    found = _city_at_start(bare)
    return found is not None and (found[1] == len(bare) or _DISTRICT.fullmatch(bare[found[1] :]) is not None)


def place_spans(text: str) -> list[tuple[int, int]]:
    """Return where a line names a city with its state or country."""
    return [match.span(match.lastindex or 0) for match in _PLACE_INSIDE.finditer(text)]


@functools.cache
def _cities() -> dict[str, str]:
    """Every spelling in lower case, and the value it stands for."""
    data = load("cities")
    known = {name.lower(): name for name in data["prefectures"].split()}
    for table in ("chinese_spellings", "world"):
        for name, text in data[table].items():
            known[name.lower()] = name
            spellings = [spelling.strip() for spelling in text.split(",") if spelling.strip()]
            for spelling in spellings:
                # A résumé in Latin letters keeps its script: Peking is Beijing, not 北京.
                known[spelling.lower()] = spellings[0] if spelling.isascii() != name.isascii() else name
    known.update({f"{name}市": name for name in data["counties"].split()})
    return known


@functools.cache
def _counties() -> dict[str, str]:
    return {name: name for name in load("cities")["counties"].split()}


@functools.cache
def _pattern() -> re.Pattern[str]:
    names = sorted(_cities(), key=len, reverse=True)
    return re.compile("(?:" + "|".join(re.escape(name) for name in names) + ")(?![a-z])(?:市(?!场|政))?", re.IGNORECASE)


@functools.cache
def _provinces() -> re.Pattern[str]:
    return re.compile(
        r"(?:中国)?\s?(?:(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|"
        r"四川|贵州|云南|陕西|甘肃|青海|台湾)省?|"
        r"(?:内蒙古|广西|西藏|宁夏|新疆)(?:壮族|回族|维吾尔)?(?:自治区)?)[\s·,\-/]{0,3}"
    )


def _city_at_start(text: str) -> tuple[str, int] | None:
    province = _provinces().match(text)
    begin = province.end() if province else 0
    match = _pattern().match(text, begin)
    if match is None and province:
        # 吉林 is a province and a city
        match = _pattern().match(text)
    if match is None:
        return None
    spelling = match.group().lower()
    return _cities().get(spelling) or _cities()[spelling.removesuffix("市")], match.end()


def _labelled_city(line: Line, begin: int) -> Fact | None:
    piece = line.folded[begin : begin + 60].split(CELL)[0]
    found = _city_at_start(piece)
    if found:
        return fact(line, (begin, begin + found[1]), confidence=0.95, rule="city_label", value=found[0])
    county = re.match(r"[\u4e00-\u9fff]{2,4}(?=市|$|[\s·,])", piece)
    if county and county.group() in _counties():
        return fact(line, (begin, begin + county.end()), confidence=0.9, rule="city_label", value=county.group())
    inside = _pattern().search(piece)
    if inside:
        start = begin + inside.start()
        spelling = inside.group().lower()
        value = _cities().get(spelling) or _cities()[spelling.removesuffix("市")]
        return fact(line, (start, begin + inside.end()), confidence=0.8, rule="city_label_inside", value=value)
    western = _CITY_AND_STATE.match(piece.strip())
    if western:
        return fact(
            line, (begin, begin + len(piece.rstrip())), confidence=0.85, rule="city_label_state", value=western["city"]
        )
    return None


def _bare_city(line: Line) -> Fact | None:
    position = 0
    for cell in re.split(r"([\t|·•｜;；]|\s[-–—/]\s|\s{2,})", line.folded):
        piece = cell.strip()
        begin = position + len(cell) - len(cell.lstrip())
        position += len(cell)
        if not 1 < len(piece) <= 48:
            continue
        western = _CITY_AND_STATE.match(piece)
        if western:
            found = _city_at_start(piece)
            value = found[0] if found else western["city"]
            return fact(line, (begin, begin + len(piece)), confidence=0.85, rule="city_state", value=value)
        found = _city_at_start(piece)
        rest = piece[found[1] :] if found else ""
        if found and re.fullmatch(
            r"|[\s·\-,]{0,2}[\u4e00-\u9fff]{1,6}(?:新区|区|县|市|镇|路|街道)|,\s?[A-Z][\w. ]{1,20}", rest
        ):
            return fact(line, (begin, begin + len(piece)), confidence=0.8, rule="city_alone", value=found[0])
    for start, end in place_spans(line.text):
        named = _city_at_start(line.folded[start:end])
        value = named[0] if named else line.text[start:end].split(",")[0].strip()
        if value != "City" and len(line.text) < 160:
            return fact(line, (start, end), confidence=0.75, rule="city_state_inside", value=value)
    return None
