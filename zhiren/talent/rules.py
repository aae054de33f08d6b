"""Text into the pieces it is found by, what was typed into what must be there, and a text cut around what was found.

A unit is a character of a script without spaces, or a word of letters and digits. A piece is what is hashed: a word
(`=python`), the beginning of one (`~pyth`), two neighbours (`数 据`), one character of the facts (`=王`).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

# Changing what text is found by changes this, and everybody's entry is made anew.
RULES_VERSION = "1"
PREFIX_LETTERS = range(2, 9)
LONGEST_WORD = 40
MOST_PIECES = 20_000
MOST_TERMS = 12
# So many of the newest persons are of age 0, so many more of age 1, and so on; everybody else is of the last.
AGES = (5_000, 15_000, 60_000)
OLDEST = len(AGES)
YEARS = (("0-2", 0, 2), ("3-5", 3, 5), ("6-9", 6, 9), ("10+", 10, 99))

# Scripts written without spaces: Han, kana, hangul.
_SCRIPTS = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_CHARACTER = f"[{_SCRIPTS}]"
_LETTER = rf"[^\W_{_SCRIPTS}]"
_UNIT = re.compile(rf"{_CHARACTER}|{_LETTER}+[+#]*")
# What may stand between two neighbours: a PDF breaks words anywhere, and "Node.js" is one name.
_GAP = r"[\s\-_./·'’]{0,4}"
_IS_GAP = re.compile(_GAP)
_IS_CHARACTER = re.compile(_CHARACTER)

# Whatever could be a way to reach somebody, or a number that identifies them.
_CONTACTS = re.compile(
    r"[\w.+%-]+\s?@\s?[\w-]+(?:\.[\w-]+)+"
    r"|(?:微信号?|WeChat(?:\sID)?|Weixin|VX|QQ号?)\s{0,2}[:：]\s{0,2}[\w-]{5,}"
    r"|(?<![\d.])(?!(?:19|20)\d\d\s?[-./年])\+?[(（]?\d(?:[ ()（）-]{0,2}\d){6,18}[xX]?(?!\d)",
    re.IGNORECASE,
)
CONTACT_GONE = "…"
# Wide letters and ligatures become plain ones; the punctuation of Chinese stays as people write it.
_NOT_PUNCTUATION = re.compile("[^\u2026\u3001-\u3003\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]+")
_UNPRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2060\ufeff]")


def clean(text: str) -> str:
    """Return text as it is indexed: one form of each character, no phone numbers, addresses and long numbers.

    >>> clean("Ｐｙｔｈｏｎ，电话：138 0000 0000")
    'Python，电话：…'
    """
    return _CONTACTS.sub(CONTACT_GONE, _UNPRINTED.sub("", _plain(text)))


def _plain(text: str) -> str:
    return _NOT_PUNCTUATION.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)


def _units(text: str) -> list[tuple[str, bool]]:
    """Return the units of clean text in order, each with whether it stands next to the one before."""
    found: list[tuple[str, bool]] = []
    end = -1
    for match in _UNIT.finditer(text):
        unit = match.group().lower()
        if len(unit) > LONGEST_WORD:
            end = -1
            continue
        found.append((unit, end >= 0 and bool(_IS_GAP.fullmatch(text, end, match.start()))))
        end = match.end()
    return found


def is_character(unit: str) -> bool:
    """Tell whether a unit is one character of a script without spaces."""
    return bool(_IS_CHARACTER.fullmatch(unit))


def pieces(text: str, *, singles: bool = False) -> set[str]:
    """Return what clean text is found by; with `singles` also by one character alone.

    >>> sorted(pieces("用 Go 写"))
    ['=go', 'go 写', '~go', '用 go']
    """
    found: set[str] = set()
    before = ""
    for unit, is_neighbour in _units(text):
        if is_neighbour:
            found.add(f"{before} {unit}")
        before = unit
        if not is_character(unit):
            found.add(f"={unit}")
            found.update(f"~{unit[:length]}" for length in PREFIX_LETTERS if length <= len(unit))
        elif singles:
            found.add(f"={unit}")
        if len(found) > MOST_PIECES:
            break
    return found


@dataclass(frozen=True)
class Term:
    """One thing to be found: units that stand beside one another.

    The last one may be the beginning of a word unless it was in quotes.
    """

    units: tuple[str, ...]
    is_exact: bool = False

    @property
    def pieces(self) -> tuple[str, ...]:
        """What must all be there."""
        *before, last = self.units
        pairs = [f"{one} {two}" for one, two in zip(before, self.units[1:], strict=False)]
        if is_character(last) or self.is_exact or len(last) not in PREFIX_LETTERS:
            return tuple(pairs) or (f"={last}",)
        return (*pairs[:-1], f"~{last}")

    @property
    def is_single(self) -> bool:
        """Whether it is one character, which only the facts are found by."""
        return len(self.units) == 1 and is_character(self.units[0])

    @property
    def needs_look(self) -> bool:
        """Whether its pieces may all be there without it: a chain of more than two."""
        return len(self.units) > 2 or (len(self.units) == 2 and not self.is_exact and not is_character(self.units[1]))

    @property
    def pattern(self) -> str:
        """The regular expression that finds it in clean text, whatever the case."""
        first, last = self.units[0], self.units[-1]
        begin = "" if is_character(first) else rf"(?<!{_LETTER})"
        is_whole = self.is_exact or len(last) not in PREFIX_LETTERS
        end = "" if is_character(last) or not is_whole else rf"(?!{_LETTER})"
        return begin + _GAP.join(re.escape(unit) for unit in self.units) + end


@dataclass(frozen=True)
class Group:
    """One of these must be there, or none of them if `is_minus`."""

    terms: tuple[Term, ...]
    is_minus: bool = False


_TYPED = re.compile(r'(?P<minus>-)?(?:["“”「](?P<quoted>[^"“”」]*)["“”」]?|(?P<plain>[^\s"“”「」]+))')


def read_query(text: str) -> list[Group]:
    """Return what somebody typed: words side by side must all be there, OR joins two, - excludes, quotes are exact.

    >>> [[term.units for term in group.terms] for group in read_query('数据 Go OR Rust')]
    [[('数', '据')], [('go',), ('rust',)]]
    """
    groups: list[Group] = []
    joins = False
    for match in list(_TYPED.finditer(_plain(text)))[: MOST_TERMS * 2]:
        plain, quoted = match.group("plain"), match.group("quoted")
        if plain in {"OR", "|", "或"} and not match.group("minus"):
            joins = bool(groups)
            continue
        terms = _terms(quoted if plain is None else plain, is_exact=plain is None)
        if not terms or len(groups) >= MOST_TERMS:
            continue
        minus = bool(match.group("minus"))
        if joins and not minus and not groups[-1].is_minus and len(terms) == 1:
            groups[-1] = replace(groups[-1], terms=groups[-1].terms + terms)
        else:
            groups += [Group((term,), is_minus=minus) for term in terms]
        joins = False
    return groups


def _terms(text: str, *, is_exact: bool) -> tuple[Term, ...]:
    """Return the terms of one word or of what stood between quotes: more than one where a comma parts them."""
    found: list[list[str]] = []
    for unit, is_neighbour in _units(_UNPRINTED.sub("", text)):
        if found and is_neighbour:
            found[-1].append(unit)
        else:
            found.append([unit])
    return tuple(Term(tuple(units), is_exact) for units in found)


def holds(groups: Iterable[Group], texts: Sequence[str]) -> bool:
    """Tell whether clean texts truly hold what was looked for; the index answers chains of neighbours too freely."""
    for group in groups:
        if group.is_minus or not any(term.needs_look for term in group.terms):
            continue
        patterns = [re.compile(term.pattern, re.IGNORECASE) for term in group.terms]
        if not any(pattern.search(text) for pattern in patterns for text in texts):
            return False
    return True


def marker(groups: Iterable[Group]) -> re.Pattern[str] | None:
    """Return what finds every word that was looked for; None if there is none to mark."""
    terms = sorted({term.pattern for group in groups if not group.is_minus for term in group.terms}, key=len)
    return re.compile("|".join(reversed(terms)), re.IGNORECASE) if terms else None


class Cut(NamedTuple):
    """A piece of a snippet; `is_hit` is marked."""

    text: str
    is_hit: bool = False


def marked(text: str, pattern: re.Pattern[str] | None) -> list[Cut]:
    """Return a whole short text cut where it is to be marked."""
    if pattern is None or not pattern.search(text):
        return [Cut(text)]
    found: list[Cut] = []
    end = 0
    for match in pattern.finditer(text):
        if match.end() > match.start():
            found += [Cut(text[end : match.start()]), Cut(match.group(), is_hit=True)]
            end = match.end()
    return [cut for cut in (*found, Cut(text[end:])) if cut.text]


def snippet(text: str, pattern: re.Pattern[str] | None, *, around: int = 32, most: int = 2) -> list[Cut]:
    """Return up to `most` passages of clean text around what is found, `around` characters to each side."""
    if pattern is None:
        return []
    text = " ".join(text.split())
    spans: list[tuple[int, int]] = []
    seen: set[str] = set()
    for match in pattern.finditer(text):
        word = match.group().lower()
        if spans and match.start() - around <= spans[-1][1]:
            spans[-1] = (spans[-1][0], min(max(spans[-1][1], match.end() + around // 2), spans[-1][0] + 4 * around))
        elif word not in seen and len(spans) < most:
            spans.append((max(0, match.start() - around), match.end() + around))
        seen.add(word)
    found: list[Cut] = []
    for start, end in spans:
        if start > 0 or found:
            found.append(Cut(" … "))
        found += marked(_whole_words(text, start, end).strip(), pattern)
    if spans and spans[-1][1] < len(text):
        found.append(Cut(" …"))
    return found


_CUT_BEGIN = re.compile(rf"(?<={_LETTER}){_LETTER}{{1,16}}(?!{_LETTER})")
_CUT_END = re.compile(rf"(?<!{_LETTER}){_LETTER}{{1,16}}$")


def _whole_words(text: str, start: int, end: int) -> str:
    """Return a passage without the halves of words at its ends."""
    if half := _CUT_BEGIN.match(text, start):
        start = half.end()
    if end < len(text) and re.match(_LETTER, text[end]) and (half := _CUT_END.search(text[start:end])):
        end = start + half.start()
    return text[start:end]


def years_band(years: int | None) -> str:
    """Return into which band of experience somebody falls; empty if it is not known."""
    if years is None:
        return ""
    return next((name for name, least, most in YEARS if least <= years <= most), YEARS[-1][0])


def differing(values: Mapping[object, str]) -> bool:
    """Tell whether what is known of several people differs."""
    return len(set(values.values())) > 1


def words_of_tags(text: str) -> Iterator[str]:
    """Return the tags in a line, parted by commas of either kind or by semicolons."""
    for tag in re.split(r"[,，;；、\n]", text):
        if plain := " ".join(tag.split())[:60]:
            yield plain
