"""Names as they are searched: single characters, pairs, and pinyin. Pure."""

from functools import lru_cache

# Surnames that are read otherwise than the everyday word (unlike the dictionary's first reading).
_SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "区": "ou", "盖": "ge", "朴": "piao",
    "任": "ren", "华": "hua", "秘": "bi", "冼": "xian", "尉": "yu", "员": "yun", "繁": "po", "翟": "zhai",
    "乐": "yue", "覃": "qin",
}  # fmt: skip


@lru_cache(maxsize=4096)
def _syllables(name: str) -> tuple[str, ...]:
    if not any("\u4e00" <= character <= "\u9fff" for character in name):
        return ()
    from pypinyin import Style, lazy_pinyin  # its dictionaries take a third of a second, and few processes need them

    syllables = lazy_pinyin(name, style=Style.NORMAL, errors="ignore")
    if syllables and name[0] in _SURNAMES:
        syllables[0] = _SURNAMES[name[0]]
    return tuple(syllables)


def pinyin(name: str) -> str:
    """Return a Chinese name in pinyin without tones, surname read as a surname: 曾明 -> "zengming"; else "".

    >>> pinyin("周明远")
    'zhoumingyuan'
    """
    return "".join(_syllables(name))


def grams(name: str) -> list[str]:
    """Return what a name is found by: each character and pair of characters of the name, its pinyin and its initials.

    >>> [gram for gram in grams("周明") if not gram.isascii()]
    ['周', '周明', '明']
    """
    found: set[str] = set()
    for text in (_plain(name), pinyin(name), _initials(name)):
        found.update(text)
        found.update(text[at : at + 2] for at in range(len(text) - 1))
    return sorted(found - {""})


def query_grams(text: str) -> list[str]:
    """Return the grams that a name must have to contain `text`."""
    plain = _plain(text)
    if len(plain) < 2:
        return [plain] if plain else []
    return sorted({plain[at : at + 2] for at in range(len(plain) - 1)})


def matches(name: str, text: str) -> bool:
    """Tell whether a name, its pinyin or its initials contain what was typed."""
    plain = _plain(text)
    return plain in _plain(name) or plain in pinyin(name) or plain in _initials(name)


def _initials(name: str) -> str:
    return "".join(syllable[0] for syllable in _syllables(name))


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def mask_phone(phone: str) -> str:
    """Return a phone number with its middle hidden.

    >>> mask_phone("+8613812342071")
    '138****2071'
    """
    digits = phone.removeprefix("+86")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****"


def mask_mail(mail: str) -> str:
    """Return a mail address with most of its name hidden.

    >>> mask_mail("mingyuan@example.com")
    'mi****@example.com'
    """
    name, _at, domain = mail.partition("@")
    return f"{name[:2] if len(name) > 3 else name[:1]}****@{domain}"


def mask_name(name: str) -> str:
    """Return a name as others may see it on a screen: its first character, of the other words their initials.

    >>> mask_name("周明远"), mask_name("Anna Lindqvist")
    ('周**', 'Anna L.')
    """
    words = name.split()
    if len(words) > 1:
        return " ".join([words[0], *(f"{word[0]}." for word in words[1:])])
    return name[:1] + "*" * min(len(name) - 1, 3)


def mask(kind: str, value: str) -> str:
    """Return a contact as it is shown until somebody asks to see it."""
    if kind == "phone":
        return mask_phone(value)
    if kind == "mail":
        return mask_mail(value)
    return f"{value[:1]}****{value[-2:]}" if len(value) > 4 else "****"
