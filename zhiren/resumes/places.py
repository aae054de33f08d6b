"""The city a person lives in."""

from __future__ import annotations

import functools
import re
from itertools import pairwise

from zhiren.resumes.document import CELL, Line, fact
from zhiren.resumes.facts import Fact
from zhiren.resumes.segments import HEADER, Segment
from zhiren.resumes.vocabulary import confidence, load, regions, small, towns

_LABEL = re.compile(
    r"(?<![望向作生籍校口])(?:现居住?[地址城市]{0,2}|现?所在[地城市]{1,2}|现住[地址]{1,2}|居住[地城市]{1,2}|(?:联系|"
    r"家庭|通讯|现居住?)?地\s?址|"
    r"目前所在地|常住地|常驻|居住城市|所在地区|现居|坐标|城\s?市|居住地区|目前城市|目前居住地?|目前地点|"
    r"\b(?:current\s)?(?:location|address|city|residence|"
    r"based\sin|"
    r"lives?\sin))\s?[:：\t ]\s?",
    re.IGNORECASE,
)
_LIVES = re.compile(r"(?:现居住?|现住|居住|住)(?:于|在)?|坐标|常驻|\b(?:based|living|located) in\s", re.IGNORECASE)
_NOT_HOME = re.compile(
    r"(?:期望|意向|工作|求职|目标|出生|户口|户籍|籍贯|希望|应聘|公司|单位|学校|email\s|e-mail\s|mail\s|邮箱|"
    r"preferred\s|work\s|desired\s)\W*$",
    re.IGNORECASE,
)
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|"
    "OR|PA|RI|SC|SD|"
    "TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|ON|BC|QC|AB|NSW|VIC|QLD|"
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|"
    "Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|"
    "Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|"
    "Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|"
    "West Virginia|Wisconsin|Wyoming|Ontario|Quebec|Québec|British Columbia|Alberta|Nova Scotia|Manitoba|"
    "New South Wales|Victoria|Queensland|Andhra Pradesh|Assam|Bihar|Chhattisgarh|Delhi|Goa|Gujarat|Haryana|"
    "Himachal Pradesh|Jharkhand|Karnataka|Kerala|Madhya Pradesh|Maharashtra|Odisha|Orissa|Punjab|Rajasthan|Tamil Nadu|"
    "Telangana|Uttar Pradesh|Uttarakhand|West Bengal"
)
_COUNTRIES = "|".join(
    sorted(
        (
            re.escape(name.strip())
            for names in load("cities")["countries"].values()
            for name in names.split(",")
            if name.isascii() or re.search("[a-z]", name)
        ),
        key=len,
        reverse=True,
    )
)
_CITY_STATES = "Singapore|Hong Kong|Hongkong|Macau|Macao|Monaco|Luxembourg"
_WORD = r"(?:[A-Z\u00c0-\u00de][\w.'’\-]+|[A-Z]\.)"
_SMALL = r"(?:de|del|di|da|do|la|le|les|am|an der|upon|on|sur|of|the|den|'s-)"
_TOWN = rf"{_WORD}(?: (?:{_SMALL} )?{_WORD}){{0,3}}"
_CITY_AND_STATE = re.compile(
    rf"^(?:\d{{4,5}} )?(?P<city>{_TOWN})\s?,\s?(?:(?:{_STATES})(?: \d{{5}})?(?:, (?:{_COUNTRIES}))?|"
    rf"(?:{_WORD}(?: {_WORD})?, )?(?:{_COUNTRIES}))$"
)
_PLACE = re.compile(
    rf"^(?:{_TOWN}\s?,\s?(?:(?:{_STATES})\b(?: \d{{5}})?|{_COUNTRIES}|State|"
    rf"(?!Inc|Ltd|Corp|Co\b)[A-Z][a-z]+)|"
    rf"City ?, ?State.*|Remote|远程|{_COUNTRIES}|(?:{_STATES})(?: \d{{5}})?|(?:US|United States))\.?$"
)
_PLACE_INSIDE = re.compile(
    rf"(?:^|[\t|·•(]\s?|\s[-–—]\s|,\s|\s{{2,}})({_TOWN} ?, ?"
    rf"(?!(?:{_CITY_STATES})(?![A-Za-z]))(?:{_STATES}|{_COUNTRIES})|"
    rf"City ?, ?State(?: ?, ?US)?)(?![A-Za-z]|\s(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Present|Current|"
    rf"Spring|Summer|Fall|Winter|Autumn|Remote|Full|Part)[a-z]*\b)[A-Z][a-z]|, ?(?:{_COUNTRIES})(?![A-Za-z]))"
    rf"|(?<=\s)(City ?, ?State(?: ?, ?US)?)(?![A-Za-z])"
)
_DISTRICT = re.compile(r"[\s·\-,/]{0,2}[\u4e00-\u9fff]{1,4}(?:新区|区|县|市|镇)|\s?[·\-/]\s?[\u4e00-\u9fff]{1,4}")
_OTHER_PLACE = re.compile(
    r"籍\s?贯|户\s?[口籍]|祖籍|生源地|出生地|期望|意向|求职|希望地|目标城市|desired|preferred|relocat|hometown|"
    r"place of birth",
    re.IGNORECASE,
)
_CELLS = re.compile(
    r"([\t|·•｜;；]|\S+@\S+|\+?\d[\d ()\-]{6,}\d|\s[-–—/]\s|\s{2,}|(?<=[\u4e00-\u9fff])\s(?=[\u4e00-\u9fff]))"
)
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
    for line in near:
        for match in _LIVES.finditer(line.folded):
            named = _city_at_start(line.folded[match.end() : match.end() + 30])
            if named and not _NOT_HOME.search(line.folded[: match.start()]):
                return _city(line, (match.end(), match.end() + named[1]), named[0], "city_lives")
    for line in near[:_HEADER_LINES]:
        if _OTHER_PLACE.search(line.folded) and not _LABEL.search(line.folded):
            continue
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


def is_town(text: str) -> bool:
    """Return whether a name is that of a town anywhere: told of what stands where a place would, for firms have such
    names, too."""
    bare = text.strip()
    return bare[:1].isupper() and small(bare).replace("’", "'") in towns()


def place_spans(text: str) -> list[tuple[int, int]]:
    """Return where a line names a city with its state or country."""
    return [match.span(match.lastindex or 0) for match in _PLACE_INSIDE.finditer(text)]


@functools.cache
def _spellings() -> dict[str, str]:
    """Every spelling beside the Chinese list, in lower case, and the value it stands for."""
    data = load("cities")
    known: dict[str, str] = {}
    for table in ("chinese_spellings", "world"):
        for name, text in data[table].items():
            known[name.lower()] = name
            spellings = [spelling.strip() for spelling in text.split(",") if spelling.strip()]
            for spelling in spellings:
                if spelling.isascii() != name.isascii():
                    # A résumé in Latin letters keeps its script: Peking is Beijing, not 北京.
                    known[spelling.lower()] = spellings[0]
                else:
                    # Bengaluru stays what they call it; nobody lives in LA but in Los Angeles.
                    known[spelling.lower()] = spelling if table == "world" and len(spelling) > 3 else name
    return known


@functools.cache
def _codes() -> dict[str, str]:
    """The six-digit code of every city with one, by its value in either script."""
    data = load("cities")
    known: dict[str, str] = dict(regions().values()) | data["codes"]
    for name, text in data["chinese_spellings"].items():
        if text:
            known[text.split(",")[0].strip()] = known[name]
    return known


def code_of(city: str) -> str:
    """Return the six-digit administrative code of a city by its name; "" for one abroad."""
    return _codes().get(city, "")


@functools.cache
def _latin() -> re.Pattern[str]:
    names = sorted((name for name in _spellings() if name not in regions()), key=len, reverse=True)
    return re.compile("(?:" + "|".join(re.escape(name) for name in names) + ")(?![a-z\u00c0-\u024f])")


@functools.cache
def _provinces() -> re.Pattern[str]:
    return re.compile(
        r"(?:中国)?\s?(?:(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|"
        r"四川|贵州|云南|陕西|甘肃|青海|台湾)省?|"
        r"(?:内蒙古|广西|西藏|宁夏|新疆)(?:壮族|回族|维吾尔)?(?:自治区)?)[\s·,\-/—–]{0,3}"
    )


def _city_at_start(text: str) -> tuple[str, int] | None:
    """Return the city a text begins with and where its name ends; the province before it counts as part."""
    country = re.match(r"中国\s?[·,\-/]?\s?", text)
    province = _provinces().match(text)
    begin = province.end() if province else country.end() if country else 0
    found = _chinese_city(text, begin)
    if found is None and province and text.startswith("吉林"):
        found = _chinese_city(text, 0)  # a province and a city
    if found:
        return found
    match = _latin().match(small(text), begin)
    if match is None:
        return None
    value = _spellings()[match.group()]
    end = match.end() + (1 if text[match.end() :].startswith("市") else 0)
    return value, end


def _chinese_city(text: str, begin: int) -> tuple[str, int] | None:
    if not "\u3400" <= text[begin : begin + 1] <= "\u9fff":
        return None
    known = regions()
    for length in range(min(12, len(text) - begin), 1, -1):
        name = text[begin : begin + length]
        found = known.get(name)
        if found is None:
            continue
        end = begin + length
        rest = text[end : end + 2]
        if name[-1] not in "市区县旗" or length == 2:
            if rest[:1] in ("区", "县", "路", "街", "大") or rest in ("新区", "市场", "市政"):
                continue  # 朝阳区 is not 朝阳, 南京路 is not 南京
            suffix = re.compile(r"市|地区|盟|(?:[\u4e00-\u9fff]{2,8})?自治州").match(text, end)
            end = suffix.end() if suffix else end
        return found[0], end
    return None


def _labelled_city(line: Line, begin: int) -> Fact | None:
    piece = line.folded[begin : begin + 60].split(CELL)[0]
    found = _city_at_start(piece)
    if found:
        return _city(line, (begin, begin + found[1]), found[0], "city_label")
    county = re.match(r"[\u4e00-\u9fff]{2,4}(?=$|[\s·,])", piece)
    if county and county.group() + "市" in regions():
        value = regions()[county.group() + "市"][0]
        return _city(line, (begin, begin + county.end()), value, "city_label")
    western = _CITY_AND_STATE.match(piece.strip())
    if western:
        return _city(line, (begin, begin + len(piece.rstrip())), western["city"], "city_label_state")
    for start in range(1, len(piece)):
        inside = _city_at_start(piece[start:]) if not piece[start - 1].isalpha() or piece[start] > "\u2e7f" else None
        if inside:
            return _city(line, (begin + start, begin + start + inside[1]), inside[0], "city_label_inside")
    return None


def _city(line: Line, span: tuple[int, int], value: str, rule: str) -> Fact:
    return fact(line, span, confidence=confidence(rule), rule=rule, value=value, code=code_of(value))


def _bare_city(line: Line) -> Fact | None:
    position = 0
    cells = _CELLS.split(line.folded)
    for cell in cells:
        piece = cell.strip()
        begin = position + len(cell) - len(cell.lstrip())
        icon = re.match(r"[^\w(（]+\s?", piece)
        if icon:
            piece = piece[icon.end() :]
            begin += icon.end()
        position += len(cell)
        if not 1 < len(piece) <= 48:
            continue
        western = _CITY_AND_STATE.match(piece)
        if western:
            found = _city_at_start(piece)
            value = found[0] if found else western["city"]
            return _city(line, (begin, begin + len(piece)), value, "city_state")
        found = _city_at_start(piece)
        if found is None and len(cells) > 1 and piece + "市" in regions():
            found = (regions()[piece + "市"][0], len(piece))  # 昆山 alone between other details
        rest = piece[found[1] :] if found else ""
        if found and re.fullmatch(
            r"|[\s·\-,]{0,2}[\u4e00-\u9fff]{1,6}(?:新区|区|县|市|镇|路|街道)|,\s?[A-Z][\w. ]{1,20}", rest
        ):
            return _city(line, (begin, begin + len(piece)), found[0], "city_alone")
    for start, end in place_spans(line.text):
        named = _city_at_start(line.folded[start:end])
        value = named[0] if named else line.text[start:end].split(",")[0].strip()
        if value != "City" and len(line.text) < 160:
            return _city(line, (start, end), value, "city_state_inside")
    return None
