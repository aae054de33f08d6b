"""Pay that is asked for and pay that is earned: a grammar of amounts, and the labels that tell the two apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from zhiren.resumes.document import CELL, Line, fact, fold
from zhiren.resumes.facts import Pay
from zhiren.resumes.segments import Segment

DAYS_A_MONTH = Fraction(2175, 100)
HOURS_A_DAY = 8
_MONTHLY = {
    "month": Fraction(1),
    "year": Fraction(1, 12),
    "day": DAYS_A_MONTH,
    "hour": DAYS_A_MONTH * HOURS_A_DAY,
}

_CURRENCIES = (
    ("HKD", r"HK\$|HKD|港币|港元|港幣"),
    ("TWD", r"NT\$|TWD|NTD|新?[台臺][币幣]|[台臺]元"),
    ("SGD", r"S\$|SGD|新加?坡?元|新币"),
    ("AUD", r"AU?\$|AUD|澳元|澳币"),
    ("CAD", r"CA?\$|CAD|加元|加币"),
    ("USD", r"US\$|USD|U\.S\.\s?\$|\$|美元|美金|dollars?"),
    ("EUR", r"€|EUR|欧元|euros?"),
    ("GBP", r"£|GBP|英镑"),
    ("INR", r"₹|INR|Rs\.?|卢比|rupees?"),
    ("JPY", r"JPY|日元|日币|円"),
    ("KRW", r"₩|KRW|韩元"),
    ("MYR", r"RM(?=\s?\d)|MYR"),
    ("AED", r"AED"),
    ("CHF", r"CHF"),
    ("CNY", r"[¥￥]|RMB|CNY|人民币|元|块"),
)
_CURRENCY = "|".join(f"(?P<{{0}}{code}>{words})" for code, words in _CURRENCIES)
_UNITS = {
    "k": 1_000, "千": 1_000, "thousand": 1_000, "w": 10_000, "万": 10_000, "萬": 10_000,
    "lakh": 100_000, "lakhs": 100_000, "lac": 100_000, "lacs": 100_000, "lpa": 100_000, "l": 100_000,
    "crore": 10_000_000, "crores": 10_000_000, "cr": 10_000_000,
}  # fmt: skip
_UNIT = r"(?:k|千|thousand|w|万|萬|lakhs?|lacs?|lpa|crores?|cr|l)(?![A-Za-z])"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:,\d{2})+,\d{3}|\d{1,9}(?:\.\d{1,4})?"
_WORDS_BEFORE = (
    r"(?P<from>不低于|不少于|至少|最低|minimum(?: of)?|at least|from|above|over)|"
    r"(?P<upto>不超过|最高|up to)|约|大约|around|about|approx\.?|circa|税[前后]|月薪|年薪|综合|gross|net|base"
)
_AMOUNT = re.compile(
    rf"(?:(?:{_WORDS_BEFORE})\s?[:：]?\s?)*"
    rf"(?:(?:{_CURRENCY.format('a')})\s?)?"
    rf"(?<![\d.,])(?P<low>{_NUMBER})\s?(?P<unit1>{_UNIT})?"
    rf"(?:\s?(?:{_CURRENCY.format('b')}))?(?:\s?/\s?(?:月|month))?"
    rf"(?:\s?(?:-{{1,2}}|[–—−~～〜至到]|\bto\b)\s?(?:{_CURRENCY.format('c')})?\s?"
    rf"(?P<high>{_NUMBER})(?![\d,]*\d)\s?(?P<unit2>{_UNIT})?)?(?!\d)",
    re.IGNORECASE,
)
_TAILS = (
    ("currency", re.compile(rf"\s?[(（]?(?:{_CURRENCY.format('d')})(?![A-Za-z])", re.IGNORECASE)),
    (
        "hour",
        re.compile(
            r"\s?(?:(?:[/每]|per|an|a)\s?(?:个?小?时|hours?|hr)|(?:[/每]时)|hourly|p\.?h\.?(?![A-Za-z]))", re.IGNORECASE
        ),
    ),
    ("day", re.compile(r"\s?(?:(?:[/每]|per|a)\s?(?:天|日|days?)(?![A-Za-z])|daily)", re.IGNORECASE)),
    (
        "month",
        re.compile(
            r"\s?(?:(?:[/每]|per|a)\s?(?:个?月|months?|mon|mth)(?![A-Za-z])|monthly|p\.?m\.?(?![A-Za-z]))",
            re.IGNORECASE,
        ),
    ),
    (
        "year",
        re.compile(
            r"\s?(?:(?:[/每]|per|a)\s?(?:年|years?|yr|annum)(?![A-Za-z])|annually|annual|yearly|"
            r"p\.?\s?a\.?(?![A-Za-z]))",
            re.IGNORECASE,
        ),
    ),
    (
        "months",
        re.compile(
            r"\s?[·•∙・*×xX+,，(（]{0,2}\s?(?P<months>1[2-9]|2[0-4])\s?"
            r"(?:薪|个?月(?:薪)?|months?(?: pay| salary)?)[)）]?",
            re.IGNORECASE,
        ),
    ),
    ("times", re.compile(r"\s?[*×xX·•]\s?(?P<months>1[2-9]|2[0-4])(?![\d.kKwW万千])[)）]?")),
    ("open", re.compile(r"\s?(?:以上|起|\+|及以上|or above|and above|or more|upwards?)(?![\d\w])", re.IGNORECASE)),
    ("below", re.compile(r"\s?(?:以下|以内|or below|or less)", re.IGNORECASE)),
    (
        "tax",
        re.compile(r"\s?[,，]?\s?[(（]?\s?(?:税[前后]|before tax|after tax|gross|net)\s?[)）]?", re.IGNORECASE),
    ),
)
_CLOSING = re.compile(r"\s?[)）\]】]")
# Above these monthly sums nobody means a month where no period is written.
_YEAR_FROM = {"CNY": 100_000, "HKD": 200_000, "TWD": 400_000, "INR": 300_000, "JPY": 2_000_000, "KRW": 20_000_000}
_YEAR_FROM_ELSE = 20_000
# Below these a bare number is no monthly pay: it counts something else, or its unit was left out.
_LEAST = {"CNY": 500, "HKD": 1_000, "TWD": 5_000, "INR": 2_000, "JPY": 20_000, "KRW": 200_000}
_LEAST_ELSE = 100

_PAY_WORD = (
    r"(?:税[前后])?(?:薪资待遇|薪酬待遇|工资待遇|福利待遇|月薪|年薪|日薪|时薪|薪资|薪酬|薪水|薪金|月收入|年收入|收入|"
    r"工资|待遇|薪資|工資|薪)(?:范围|水平|要求|期望)?"
)
_PAY_WORD_EN = (
    r"(?:salary|pay|compensation|c\.?t\.?c\.?|remuneration|wages?|package|rate)(?:\s(?:range|package|level))?"
)
_KIND_EN = r"(?:(?:annual|yearly|monthly|hourly|daily|base|gross|net|minimum|total|fixed)\s){0,2}"
_CLOSE = r"\s?(?:[(（](?P<note>[^()（）]{1,12})[)）])?\s?(?:[:：]|is\b|[\t ]|$)[\s:：]*"
_EXPECTED = re.compile(
    rf"(?:(?:期望|期待|希望|意向|要求|目标|理想|预期|望)的?{_PAY_WORD}|(?:薪资|薪酬|待遇|月薪|年薪|工资|薪水)(?:要求|期望|"
    rf"预期|意向)|"
    rf"\b(?:expected|desired|target|asking|required)\s{_KIND_EN}{_PAY_WORD_EN}|"
    rf"\b{_KIND_EN}{_PAY_WORD_EN}\s(?:expectations?|requirements?|expected|desired)|\bECTC\b){_CLOSE}",
    re.IGNORECASE,
)
_CURRENT = re.compile(
    rf"(?:(?:目前|当前|现在|现有|现|最近|上家|离职前|在职|在岗)的?{_PAY_WORD}|"
    rf"\b(?:current|present|last(?:\sdrawn)?|latest|previous)\s{_KIND_EN}{_PAY_WORD_EN}|\bCCTC\b){_CLOSE}",
    re.IGNORECASE,
)
_LONGEST = 60
_BEFORE, _AFTER = re.compile(r"(?:^|[\s|｜,，;；·/:：、(（])$"), re.compile(r"$|[\s|｜,，;；·/、)）]")
_INTENT = re.compile(r"^\W*(?:求职意向|求职期望|期望职?位?|意向|应聘)")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as written, brought to a month: hundredths of `currency`; `high` is None for "from low up".

    `period` is `hour`, `day`, `month` or `year`; `sure` is false where the period was told by the size of the sum.
    """

    low: int
    high: int | None
    currency: str
    months: int | None
    period: str
    sure: bool
    written: bool
    """Whether a unit, a currency or a period stands there: a bare number is pay only behind a label."""
    start: int
    end: int


def amounts_in(text: str, *, currency: str = "", period: str = "", unit: str = "") -> Iterator[Amount]:
    """Yield the amounts of pay of a text from left to right.

    `currency` (ISO 4217), `period` and `unit` (`k`, `万`) are what the words around say, where the amount says nothing;
    an amount without any currency is left out. A text that only counts yields nothing.
    """
    folded = fold(text)
    for match in _AMOUNT.finditer(folded):
        amount = _amount(folded, match, currency, period, unit)
        if amount:
            yield amount


def pay_in(segments: list[Segment], *, currency: str = "") -> tuple[Pay | None, Pay | None]:
    """Return the expected and the current pay, each from the first label that has an amount behind it.

    `currency` is meant where none is written: that of the country the résumé's language is at home in, or "".
    """
    expected = current = None
    for segment in segments:
        if segment.kind == "references":
            continue
        for place, line in enumerate(segment.lines):
            following = segment.lines[place + 1] if place + 1 < len(segment.lines) else None
            expected = expected or _labelled(line, following, _EXPECTED, "pay_expected", currency)
            current = current or _labelled(line, following, _CURRENT, "pay_current", currency)
    return expected or _intended(segments, currency), current


def _labelled(line: Line, following: Line | None, label: re.Pattern[str], rule: str, currency: str) -> Pay | None:
    match = label.search(line.folded)
    if match is None:
        return None
    head = match.group()
    begin = match.end()
    if not line.folded[begin:].strip() and following is not None and not label.search(following.folded):
        line, begin = following, 0
    piece = line.folded[begin : begin + _LONGEST].split(CELL)[0]
    note = match["note"] or ""
    chinese = re.search(r"[\u4e00-\u9fff]", head) is not None
    unit = note.strip().lower() if note.strip().lower() in _UNITS else "万" if "万" in note else ""
    for amount in amounts_in(
        piece, currency=_currency_named(note) or currency or ("CNY" if chinese else ""), period=_period(head), unit=unit
    ):
        return _pay(line, begin, amount, 0.95 if amount.sure else 0.7, rule if amount.sure else f"{rule}_by_size")
    return None


def _intended(segments: list[Segment], currency: str) -> Pay | None:
    """Return the pay in a row of wishes, as job boards print them: `产品经理 | 上海 | 15-20K`."""
    for segment in segments:
        for line in segment.lines:
            if segment.kind != "objective" and not _INTENT.match(line.folded):
                continue
            if len(line.folded) > 120:
                continue
            for amount in amounts_in(line.folded, currency=currency):
                before, after = line.folded[: amount.start], line.folded[amount.end :]
                alone = re.search(r"(?:^|[\s|｜,，;；·/:：、(（])$", before) and re.match(
                    r"$|[\s|｜,，;；·/、)）]", after
                )
                if amount.written and amount.sure and alone:
                    return _pay(line, 0, amount, 0.85, "pay_in_objective")
    return None


def _pay(line: Line, begin: int, amount: Amount, confidence: float, rule: str) -> Pay:
    span = (begin + amount.start, begin + amount.end)
    return Pay(
        fact=fact(line, span, confidence=confidence, rule=rule),
        low=amount.low,
        high=amount.high,
        currency=amount.currency,
        months=amount.months,
    )


def _period(label: str) -> str:
    for period, words in (
        ("year", r"年薪|年收入|annual|yearly|c\.?t\.?c"),
        ("month", r"月薪|月收入|monthly"),
        ("day", r"日薪|daily"),
        ("hour", r"时薪|hourly"),
    ):
        if re.search(words, label, re.IGNORECASE):
            return period
    note = re.search(r"/\s?(年|月|天|日|时)", label)
    return {"年": "year", "月": "month", "天": "day", "日": "day", "时": "hour"}[note[1]] if note else ""


def _currency_named(text: str) -> str:
    for code, words in _CURRENCIES:
        if re.search(words, text, re.IGNORECASE):
            return code
    return ""


def _currency_of(match: re.Match[str], *letters: str) -> str:
    for name, text in match.groupdict().items():
        if text and len(name) == 4 and name[0] in letters and name[1:].isupper():
            return name[1:]
    return ""


def _amount(text: str, match: re.Match[str], currency: str, period: str, unit: str) -> Amount | None:
    named = _currency_of(match, "a", "b", "c")
    told = bool(named or match["unit1"] or match["unit2"])
    end, tails = _tails(text, match.end(), told=told)
    named = named or str(tails.get("currency", ""))
    found = next((name for name in ("hour", "day", "month", "year") if name in tails), "")
    if not found and re.search(r"/\s?(?:月|month)", match.group(), re.IGNORECASE):
        found = "month"
    first, last = (match["unit1"] or "").lower(), (match["unit2"] or "").lower()
    if "年薪" in match.group() or "lpa" in {first, last}:
        found = found or "year"
    if "月薪" in match.group():
        found = found or "month"
    written = bool(named or first or last or found or "months" in tails)
    if {first, last} & {"lpa", "lakh", "lakhs", "lac", "lacs", "crore", "crores", "cr", "l"} and named in {"", "INR"}:
        named = "INR"
    low, high = _sums(match["low"], first, match["high"], last, unit)
    money = named or currency or ("CNY" if re.search(r"[千万萬薪]", match.group()) else "")
    if not money or low <= 0 or (high is not None and high < low):
        return None
    sure = True
    period = found or period
    if not period:
        # Chinese job boards write K for a month's thousands and 万 for both
        many = low >= _YEAR_FROM.get(money, _YEAR_FROM_ELSE) and not (money == "CNY" and "k" in {first, last})
        period, sure = ("year", False) if many else ("month", True)
    bounds = low * _MONTHLY[period], None if high is None else high * _MONTHLY[period]
    if bounds[0] < _LEAST.get(money, _LEAST_ELSE) or not _is_whole(text, match.start(), end):
        return None
    top: Fraction | None = bounds[0] if bounds[1] is None else bounds[1]
    bottom = bounds[0]
    if bounds[1] is None and ("open" in tails or match["from"]):
        top = None
    elif bounds[1] is None and ("below" in tails or match["upto"]):
        bottom = Fraction(0)
    months = tails.get("months") or tails.get("times")
    return Amount(
        low=_hundredths(bottom),
        high=None if top is None else _hundredths(top),
        currency=money,
        months=int(months) if months else None,
        period=period,
        sure=sure,
        written=written,
        start=match.start(),
        end=end,
    )


def _tails(text: str, end: int, *, told: bool) -> tuple[int, dict[str, str]]:
    """Return where an amount ends and what stands behind it, in whatever order."""
    found: dict[str, str] = {}
    more = True
    while more:
        more = False
        for name, pattern in _TAILS:
            match = None if name in found or (name == "currency" and told and found) else pattern.match(text, end)
            if match:
                found[name] = _currency_of(match, "d") if name == "currency" else match.groupdict().get("months") or "-"
                end, more = match.end(), True
    opened = text.rfind("(", 0, end) > text.rfind(")", 0, end) or text.rfind("（", 0, end) > text.rfind("）", 0, end)
    closing = _CLOSING.match(text, end) if opened and found else None
    return (closing.end() if closing else end), found


def _sums(low: str, first: str, high: str | None, last: str, unit: str) -> tuple[Fraction, Fraction | None]:
    """Return both ends; one unit written once is meant for both, as in 15-20K and 1.5万-2, unless that turns them."""
    bottom, top = Fraction(low.replace(",", "")), None if high is None else Fraction(high.replace(",", ""))
    if not first and not last:
        first = last = unit if unit and bottom < 1_000 else ""
    scale = _UNITS.get(first, 1)
    if top is None:
        return bottom * scale, None
    if not first and last:
        shared = bottom * _UNITS[last]
        return (shared if shared <= top * _UNITS[last] else bottom), top * _UNITS[last]
    if first and not last:
        shared = top * scale
        return bottom * scale, shared if shared >= bottom * scale and top < bottom * scale else top
    return bottom * scale, top * _UNITS.get(last, 1)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Return whether the amount is not cut out of a longer word or number."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if re.match(r"[\d.,%]", before) or (before.isascii() and before.isalpha() and text[start].isalnum()):
        return False
    return not (after.isascii() and (after.isalnum() or after == "%")) and after not in {
        "年",
        "个",
        "人",
        "岁",
        "名",
        "号",
    }


def _hundredths(amount: Fraction) -> int:
    return int(amount * 100 + Fraction(1, 2))
