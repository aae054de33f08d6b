"""How alike two records are, and why: decided from what they say, in words a person can check. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

from rapidfuzz import fuzz

from zhiren.people import names
from zhiren.resumes.vocabulary import simplified

# A change of what follows here is a new edition: everybody is compared again by it.
EDITION = 1

# Evidence is weighed in bits, as if each kind were independent: how many times likelier it is to be seen of one person
# than of two. Judged by hand and checked on made persons (benchmarks/duplicates.py); never enough to merge by itself.
_BITS = {
    "same_id_number": 30.0, "same_file": 18.0, "same_phone": 18.0, "same_mail": 18.0, "same_wechat": 16.0,
    "same_name": 8.0, "same_reading": 6.0, "similar_name": 3.0, "same_birth": 9.0, "same_birth_month": 6.0,
    "same_birth_year": 2.0, "same_city": 1.0,
    "other_id_number": -25.0, "other_birth": -12.0, "other_name": -8.0, "other_employers": -4.0, "other_schools": -3.0,
    "other_phone": -1.0, "other_mail": -0.5,
}  # fmt: skip
_RARE_NAME = 2.0  # three characters or more, two words in Latin letters: fewer people share it
_SCHOOL, _SCHOOL_DATED, _MOST_OF_SCHOOLS = 4.0, 7.0, 12.0
_EMPLOYER, _EMPLOYER_DATED, _MOST_OF_EMPLOYERS = 3.0, 6.0, 16.0
_SUGGESTED_FROM = 14.0
# What belongs to one person is worth a look even where names differ: a number may have been written down wrongly.
_IDENTIFYING = frozenset({"same_id_number", "same_file", "same_phone", "same_mail", "same_wechat"})
_SHARED_FROM = 2.0
_EVEN = 17.0  # at so many bits it is as likely as not, among a hundred thousand

_BRACKETS = re.compile(r"[()\[\]{}（）【】〔〕《》「」“”\"'’·•.,，。、/&_+*|:：;；\-–—]")
_LEGAL = re.compile(
    r"(?:股份有限公司|有限责任公司|有限公司|责任公司|股份公司|集团公司|总公司|分公司|子公司|公司|集团|控股|"
    r"\b(?:co ltd|company limited|limited|incorporated|corporation|company|holdings?|group|gmbh|corp|inc|llc|ltd|plc|"
    r"co|ag|sa|bv|kg|oy|ab|pte|pty)\b)"
)
_TRADE = re.compile(
    r"(?:信息技术|信息科技|网络技术|网络科技|电子商务|互联网|科技发展|科技|技术|网络|软件|信息|实业|贸易|商贸|文化传媒|传媒|"
    r"文化|教育|咨询|服务|管理|工业|发展|电子|数据|智能|"
    r"\b(?:technologies|technology|software|systems|solutions|services|international|china|the)\b)"
)
_PLACES = re.compile(
    r"(?:中国|北京|上海|广州|深圳|杭州|成都|南京|武汉|西安|重庆|天津|苏州|厦门|长沙|青岛|大连|宁波|郑州|合肥|福州|济南|无锡|佛山|"
    r"东莞|珠海|昆明|沈阳|哈尔滨|长春|石家庄|太原|南昌|贵阳|南宁|海口|兰州|香港|台湾|浙江|江苏|广东|福建|山东|四川|湖北|湖南|河南|"
    r"河北|安徽|江西|陕西|辽宁)(?:省|市)?"
)
_SCHOOL_END = re.compile(r"^.*?(?:大学|学院|学校|中学|高中)")
_SCHOOL_WORDS = re.compile(r"\b(?:the|university|univ|college|school|institute|of|at|and|faculty|department)\b")
_TITLES = re.compile(r"(?:先生|女士|小姐|同学|\bmr\b|\bmrs\b|\bms\b|\bdr\b)")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Stay:
    """A time at a school or with an employer, as read. Dates are `YYYY-MM`, `YYYY` or empty."""

    name: str
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared of a person. Contacts are (kind, keyed hash), wherever they stand; files are keyed hashes."""

    name: str
    birth: str = ""
    city: str = ""
    schools: Sequence[Stay] = ()
    employers: Sequence[Stay] = ()
    contacts: frozenset[tuple[str, bytes]] = frozenset()
    files: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """What speaks for and against two records being one person.

    `reasons` are codes with numbers, weightiest first, without a word of what the records say. `score` is 0 to 100.
    """

    bits: float
    reasons: tuple[dict[str, Any], ...]

    @property
    def score(self) -> int:
        """How likely it is, as a number to order by: 50 is as likely as not."""
        return round(100 / (1 + 2 ** ((_EVEN - self.bits) / 2)))

    @property
    def is_suggested(self) -> bool:
        """Whether somebody should look at the two."""
        shared = any(reason["code"] in _IDENTIFYING for reason in self.reasons)
        return self.bits >= (_SHARED_FROM if shared else _SUGGESTED_FROM)


def likeness(one: Profile, other: Profile) -> Likeness:
    """Return how alike two records are.

    >>> zhou = Profile("周明远", schools=[Stay("复旦大学", "2014-09", "2018-06")])
    >>> chou = Profile("周明遠", schools=[Stay("復旦大學", "2014", "2018")])
    >>> [reason["code"] for reason in likeness(zhou, chou).reasons]
    ['same_name', 'same_schools']
    """
    found: list[tuple[float, dict[str, Any]]] = []

    def say(code: str, *, extra: float = 0.0) -> None:
        found.append((_BITS[code] + extra, {"code": code}))

    for kind in ("id_number", "phone", "mail", "wechat"):
        theirs, others = _of_kind(one, kind), _of_kind(other, kind)
        if theirs & others:
            say(f"same_{kind}")
        elif theirs and others and f"other_{kind}" in _BITS:
            say(f"other_{kind}")
    if one.files & other.files:
        say("same_file")
    code = _names(one.name, other.name)
    say(code, extra=_RARE_NAME if code in {"same_name", "same_reading"} and _is_rare(one.name) else 0.0)
    if birth := _births(one.birth, other.birth):
        say(birth)
    if one.city and simplified(one.city).casefold() == simplified(other.city).casefold():
        say("same_city")
    schools = _Stays("schools", _SCHOOL, _SCHOOL_DATED, _MOST_OF_SCHOOLS)
    employers = _Stays("employers", _EMPLOYER, _EMPLOYER_DATED, _MOST_OF_EMPLOYERS)
    found += schools.compared(one.schools, other.schools, same_school)
    found += employers.compared(one.employers, other.employers, same_employer)
    found.sort(key=lambda entry: -abs(entry[0]))
    return Likeness(sum(bits for bits, _reason in found), tuple(reason for _bits, reason in found))


def says_more(reasons: Iterable[dict[str, Any]], than: Iterable[dict[str, Any]]) -> bool:
    """Tell whether reasons hold evidence for the same person that was not among those judged before."""
    return bool(_evidence(reasons) - _evidence(than))


def _evidence(reasons: Iterable[dict[str, Any]]) -> set[tuple[str, int]]:
    found = {(reason["code"], agree) for reason in reasons for agree in range(reason.get("agree", 1))}
    return {entry for entry in found if entry[0].startswith("same_")}


def _of_kind(profile: Profile, kind: str) -> set[bytes]:
    return {index for found, index in profile.contacts if found == kind}


# Names ----------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def _plain(text: str) -> str:
    """Return a text in one form: half width, simplified, lower case, without brackets and signs."""
    text = simplified(unicodedata.normalize("NFKC", text)).casefold()
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return " ".join(_BRACKETS.sub(" ", text).split())


@lru_cache(maxsize=8192)
def plain_name(name: str) -> str:
    """Return a name without titles, in one form; a Chinese one without spaces."""
    plain = " ".join(_TITLES.sub(" ", _plain(name)).split())
    return plain.replace(" ", "") if _CHINESE.search(plain) else plain


@lru_cache(maxsize=8192)
def reading(name: str) -> str:
    """Return the letters of a name's reading in order of the alphabet: alike whichever of surname and name comes first.

    >>> reading("周明远") == reading("Mingyuan Zhou") == reading("Zhou, Ming-Yuan")
    True
    """
    plain = plain_name(name)
    letters = names.pinyin(plain) + "".join(c for c in plain if c.isascii())
    return "".join(sorted(c for c in letters.replace("v", "u") if c.isalnum()))


def _is_rare(name: str) -> bool:
    plain = plain_name(name)
    return len(plain) >= 3 if _CHINESE.search(plain) else False


def _names(one: str, other: str) -> str:
    first, second = plain_name(one), plain_name(other)
    if first == second or sorted(first.split()) == sorted(second.split()):
        return "same_name"
    if reading(one) == reading(other):
        return "same_reading"
    if _CHINESE.search(first) and _CHINESE.search(second):
        alike = len(first) == len(second) and sum(a != b for a, b in zip(first, second, strict=True)) == 1
        alike = alike and len(first) > 2
        within = min(len(first), len(second)) >= 2 and (first in second or second in first)
        return "similar_name" if alike or within else "other_name"
    if _CHINESE.search(first) or _CHINESE.search(second):
        return "similar_name" if fuzz.ratio(reading(one), reading(other)) >= 92 else "other_name"
    return (
        "similar_name" if fuzz.token_sort_ratio(first, second) >= 85 or _initials_fit(first, second) else "other_name"
    )


def _initials_fit(one: str, other: str) -> bool:
    """Tell whether two names are alike but for words cut to their first letter or left out: j smith, john a smith."""
    shorter, longer = sorted((one.split(), other.split()), key=len)
    if len(shorter) < 2 or shorter[-1] != longer[-1]:
        return False
    return longer[0].startswith(shorter[0]) or shorter[0].startswith(longer[0])


def _births(one: str, other: str) -> str:
    if not one or not other:
        return ""
    if one[:4] != other[:4]:
        return "other_birth"
    if len(one) >= 10 and one == other:
        return "same_birth"
    if len(one) >= 7 and len(other) >= 7:
        return "same_birth_month" if one[:7] == other[:7] else ""
    return "same_birth_year"


# Stays ----------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def _employer_core(name: str) -> str:
    """Return what is an employer's own in its name: 字节跳动 of 北京字节跳动（中国）科技有限公司."""
    plain = _plain(name)
    joined = plain.replace(" ", "") if _CHINESE.search(plain) else plain
    core = _LEGAL.sub(" ", joined)
    for pattern in (_PLACES, _TRADE):
        shorter = pattern.sub(" ", core)
        if len(shorter.replace(" ", "")) >= 2:
            core = shorter
    return "".join(core.split()) if _CHINESE.search(core) else " ".join(core.split())


@lru_cache(maxsize=8192)
def _school_core(name: str) -> str:
    plain = _plain(name)
    if _CHINESE.search(plain):
        joined = plain.replace(" ", "")
        found = _SCHOOL_END.match(joined)
        return found.group() if found else joined
    return " ".join(_SCHOOL_WORDS.sub(" ", plain).split()) or plain


@lru_cache(maxsize=16384)
def same_employer(one: str, other: str) -> bool:
    """Tell whether two names mean one employer, whatever its legal form, its place, and where the brackets stand."""
    return _alike(_employer_core(one), _employer_core(other))


@lru_cache(maxsize=16384)
def same_school(one: str, other: str) -> bool:
    """Tell whether two names mean one school, with or without the faculty."""
    return _alike(_school_core(one), _school_core(other))


def _alike(one: str, other: str) -> bool:
    if not one or not other:
        return False
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if _CHINESE.search(shorter):
        if len(shorter) >= 3 and longer.startswith(shorter):
            return True
        return len(shorter) >= 4 and fuzz.ratio(one, other) >= 84
    return len(shorter) >= 5 and (longer.startswith(f"{shorter} ") or fuzz.token_sort_ratio(one, other) >= 88)


@dataclass(frozen=True)
class _Stays:
    what: str
    bits: float
    dated: float
    most: float

    def compared(self, one: Sequence[Stay], other: Sequence[Stay], same: Any) -> list[tuple[float, dict[str, Any]]]:
        """Return what the stays of two records say: how many agree, of how many that could, and from when to when."""
        if not one or not other:
            return []
        left = list(other)
        agree, bits = 0, 0.0
        years: list[str] = []
        for stay in one:
            fits = [theirs for theirs in left if same(stay.name, theirs.name)]
            if not fits:
                continue
            best = max(fits, key=lambda theirs: _dates_agree(stay, theirs))
            left.remove(best)
            weight = (0.0, self.bits, self.dated)[_dates_agree(stay, best) + 1]
            if weight:
                agree += 1
                bits += weight
                years += [date[:4] for date in (stay.start, stay.end) if date]
        of = min(len(one), len(other))
        if not agree:
            return [(_BITS[f"other_{self.what}"], {"code": f"other_{self.what}"})]
        reason: dict[str, Any] = {"code": f"same_{self.what}", "agree": agree, "of": of}
        if years:
            reason |= {"from": min(years), "to": max(years)}
        return [(min(bits, self.most), reason)]


def _dates_agree(one: Stay, other: Stay) -> int:
    """Return 1 where a date of the two stays is the same to the year, 0 where nothing can be said, -1 where none is."""
    pairs = [(a[:4], b[:4]) for a, b in ((one.start, other.start), (one.end, other.end)) if a and b]
    if not pairs:
        return 0
    if any(a == b for a, b in pairs):
        return 1
    near = all(abs(int(a) - int(b)) <= 1 for a, b in pairs if a.isdigit() and b.isdigit())
    return 0 if near else -1


# Whom to compare ------------------------------------------------------------------------------------------------------

_KEYS = 48


def match_keys(profile: Profile) -> list[str]:
    """Return what few others share with a person: whoever has one of these in common is compared.

    Each is a kind and a text; they are kept as keyed hashes only. At most 48, the most telling first.
    """
    who = reading(profile.name)
    schools = list(dict.fromkeys(_school_key(stay.name) for stay in profile.schools))[:4]
    employers = list(dict.fromkeys(filter(None, (_employer_key(stay.name) for stay in profile.employers))))[:6]
    years = {
        _school_key(stay.name): [date[:4] for date in (stay.start, stay.end) if date] for stay in profile.schools[:4]
    }
    found = [f"contact|{kind}|{index.hex()}" for kind, index in sorted(profile.contacts)[:12]]
    found += [f"file|{digest.hex()}" for digest in sorted(profile.files)[:6]]
    found += [f"birth|{who}|{profile.birth[:7]}"] if len(profile.birth) >= 7 else []
    found += [f"school|{who}|{school}" for school in schools]
    found += [f"employer|{who}|{employer}" for employer in employers]
    found += [
        f"stays|{school}|{year}|{employer}"
        for school in schools[:2]
        for year in years.get(school, [])
        for employer in employers[:3]
    ]
    found += [f"employers|{'|'.join(sorted(two))}" for two in combinations(employers[:4], 2)]
    return list(dict.fromkeys(found))[:_KEYS]


def _employer_key(name: str) -> str:
    core = _employer_core(name)
    if _CHINESE.search(core):
        return names.pinyin(core[:3])
    return "".join(c for c in core if c.isalnum())[:6]


def _school_key(name: str) -> str:
    core = _school_core(name)
    if _CHINESE.search(core):
        return names.pinyin(core)
    return "".join(sorted("".join(c for c in core if c.isalnum())))
