"""What people said about a reading, laid over it: a correction finds its place again in any later reading."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as default
from hashlib import blake2s
from typing import Any, Literal, Self, cast

from zhiren.resumes.facts import Certificate, Education, Employment, Fact, Language, Pay, Resume

Act = Literal["change", "remove", "add", "confirm"]

SINGLE = ("name", "city", "birth", "degree", "expected_pay", "current_pay", "notice")
PAYS = ("expected_pay", "current_pay")
FACT_LISTS = ("phones", "mails", "skills")
ENTRY_FIELDS: Mapping[str, tuple[str, ...]] = {
    "employers": ("employer", "title", "start", "end", "text"),
    "schools": ("school", "degree", "major", "start", "end"),
    "languages": ("language", "level"),
    "certificates": ("name", "date"),
}
"""The fields of each kind of entry; the first names the entry, which is not without it."""

NOW = "now"
"""What `employers.end` says of a job that goes on."""

CORRECTED, CONFIRMED = "corrected", "confirmed"
"""The rules of facts that a person has stated, or has called right."""

_PLACED = 2  # the least likeness at which an entry is taken for the one that was corrected
_DATES = ("start", "end", "date")


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor:
    """What was corrected, told by the words it was read from, so that it is found in another reading.

    `sources` are the words of the entry, each with its field ("" for a fact that is a list's own); `start` is where
    the first of them begins, `share` the same as a share of the text. `own` are the words of the very field; `digest`
    tells whether a text is the very same, so that places in it can be compared.
    """

    sources: tuple[tuple[str, str], ...]
    start: int
    share: float
    digest: str
    own: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the anchor as plain JSON values."""
        pairs = [list(pair) for pair in self.sources]
        return {
            "sources": pairs,
            "start": self.start,
            "share": self.share,
            "digest": self.digest,
            "own": self.own,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the anchor that `to_json` wrote."""
        pairs = tuple((str(name), str(source)) for name, source in data["sources"])
        return cls(**{**data, "sources": pairs})


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """One thing a person said. `field` is `city`, `skills`, `employers.title`, or `employers` for a whole entry.

    `values` holds what is right: under "value" for one fact (with "code" where it has one, and "low", "high",
    "currency", "months" for pay), under the entry's field names for a whole entry.
    """

    id: str
    act: Act
    field: str
    values: Mapping[str, str] = default(default_factory=dict)
    anchor: Anchor | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Applied:
    """A reading with all that was said about it.

    A key names a place: `employers[1].title` is one of the reading as it was before corrections, `+ID.title` one of an
    entry that the correction ID added. `keys` gives each path of `resume` its key, `made_by` a key's correction.
    """

    resume: Resume
    keys: Mapping[str, str]
    made_by: Mapping[str, str]
    removed: Mapping[str, str]
    """Keys of what was read and is not there, each with the correction that said so."""
    idle: tuple[str, ...]
    """Corrections that have nothing to do: the reading has no such fact any more, or says the same by itself."""
    unplaced: tuple[str, ...]
    """Corrections whose place was not found in this reading."""


def apply(resume: Resume, corrections: Iterable[Correction]) -> Resume:
    """Return the résumé with the corrections laid over it; what cannot be placed changes nothing."""
    return applied(resume, corrections).resume


def anchor_of(resume: Resume, key: str) -> Anchor | None:
    """Return the anchor of a place of a reading; None where nothing was read (an empty single field).

    Raises:
        KeyError: the reading has no such place.
    """
    name, place, inner = parts_of(key)
    if place is None:
        if name not in SINGLE:
            raise KeyError(key)
        found = _single(resume, name)
        return _anchor(resume, {"": found}, found) if found else None
    entries = _entries(resume, name)
    if not 0 <= place < len(entries):
        raise KeyError(key)
    held = entries[place].facts
    return _anchor(resume, held, held.get(inner))


def parts_of(key: str) -> tuple[str, int | None, str]:
    """Return the parts of a key: `employers[1].title` gives `("employers", 1, "title")`, `city` `("city", None, "")`.

    >>> parts_of("skills[0]")
    ('skills', 0, '')
    """
    head, _dot, inner = key.partition(".")
    name, bracket, rest = head.partition("[")
    number = rest[:-1]
    known = name in ENTRY_FIELDS or name in FACT_LISTS if bracket else name in SINGLE
    if not known or (bracket and not (number.isdecimal() and number.isascii() and rest.endswith("]"))):
        raise KeyError(key)
    if inner and inner not in ENTRY_FIELDS.get(name, ()):
        raise KeyError(key)
    return name, int(number) if bracket else None, inner


def field_of(key: str) -> str:
    """Return the field a key belongs to, without places: `employers[1].title` gives `employers.title`."""
    name, _place, inner = parts_of(key)
    return f"{name}.{inner}" if inner else name


def applied(resume: Resume, corrections: Iterable[Correction]) -> Applied:
    """Return the résumé with the corrections laid over it, and what became of each. Later ones prevail."""
    return _Work(resume).run(list(corrections))


@dataclass(slots=True)
class _Entry:
    """An entry in the making: its facts by field ("" for a list of facts), and the key they are known by."""

    key: str
    facts: dict[str, Fact]
    current: bool = False
    kept: bool = True


class _Work:
    def __init__(self, resume: Resume) -> None:
        self.read = resume
        self.singles: dict[str, Fact | Pay | None] = {name: getattr(resume, name) for name in SINGLE}
        self.lists = {name: _entries(resume, name) for name in (*FACT_LISTS, *ENTRY_FIELDS)}
        self.made_by: dict[str, str] = {}
        self.removed: dict[str, str] = {}
        self.idle: list[str] = []
        self.unplaced: list[str] = []

    def run(self, corrections: list[Correction]) -> Applied:
        places = self._places(corrections)
        for one in corrections:
            name = one.field.partition(".")[0]
            if name in SINGLE:
                self._single(one)
            elif one.act == "add":
                self._add(one, name)
            elif (place := places.get((name, one.anchor))) is not None:
                self._entry(one, self.lists[name][place])
            else:
                self._astray(one, name)
        return self._result()

    def _places(self, corrections: list[Correction]) -> dict[tuple[str, Anchor | None], int]:
        """Return which entry each anchor means; two different anchors never mean the same entry."""
        found: dict[tuple[str, Anchor | None], int] = {}
        for name, entries in self.lists.items():
            anchors = dict.fromkeys(
                one.anchor for one in corrections if one.anchor and one.field.partition(".")[0] == name
            )
            held = [entry.facts for entry in entries]
            for anchor, place in placed(list(anchors), held, name=name, text=self.read.text).items():
                found[name, anchor] = place
        return found

    def _single(self, one: Correction) -> None:
        held = self.singles[one.field]
        fact = held.fact if isinstance(held, Pay) else held
        if one.act == "remove":
            if held is None:
                self.idle.append(one.id)
            else:
                self.singles[one.field] = None
                self.removed[one.field] = one.id
            return
        made = self._fact(one.values["value"], fact, one)
        self.singles[one.field] = _pay(made, one.values) if one.field in PAYS else made
        self.made_by[one.field] = one.id
        self.removed.pop(one.field, None)

    def _entry(self, one: Correction, entry: _Entry) -> None:
        name, _dot, inner = one.field.partition(".")
        key = f"{entry.key}.{inner}" if inner else entry.key
        naming = not inner or inner == ENTRY_FIELDS[name][0]
        if one.act == "remove" and naming:
            entry.kept = False
            self.removed[entry.key] = one.id
            return
        entry.kept = True
        self.removed.pop(entry.key, None)
        if one.act == "remove":
            nothing = inner not in entry.facts and not (inner == "end" and entry.current)
            entry.facts.pop(inner, None)
            if inner == "end":
                entry.current = False
            if nothing:
                self.idle.append(one.id)
            else:
                self.removed[key] = one.id
            return
        self._set(entry, inner, one.values["value"], one)
        self.made_by[key] = one.id
        self.removed.pop(key, None)

    def _set(self, entry: _Entry, inner: str, value: str, one: Correction) -> None:
        if inner == "end":
            entry.current = value == NOW
            if entry.current:
                entry.facts.pop("end", None)
                return
        entry.facts[inner] = self._fact(value, entry.facts.get(inner), one)

    def _add(self, one: Correction, name: str) -> None:
        naming = "" if name in FACT_LISTS else ENTRY_FIELDS[name][0]
        values = {"": one.values["value"]} if name in FACT_LISTS else {k: v for k, v in one.values.items() if v}
        known = next((entry for entry in self.lists[name] if entry.kept and _says(entry, values, naming)), None)
        if known is not None and name in FACT_LISTS:
            self.idle.append(one.id)
            return
        entry = known or _Entry(f"+{one.id}", {})
        for inner, value in values.items():
            held = entry.facts.get(inner)
            if held is None or held.value != value:
                self._set(entry, inner, value, one)
                self.made_by[f"{entry.key}.{inner}" if inner else entry.key] = one.id
        if known is None:
            self.made_by[entry.key] = one.id
            _insert(self.lists[name], entry)

    def _astray(self, one: Correction, name: str) -> None:
        """Deal with a correction whose entry was not read: nothing is left to remove, a fact in a list still holds."""
        if one.act == "remove" and "." not in one.field:
            self.idle.append(one.id)
        elif name not in FACT_LISTS:
            self.unplaced.append(one.id)
        elif any(entry.facts[""].value == one.values["value"] for entry in self.lists[name] if entry.kept):
            self.idle.append(one.id)
        elif one.anchor and one.anchor.own in self.read.text:
            entry = _Entry(f"+{one.id}", {"": self._fact(one.values["value"], None, one)})
            self.lists[name].append(entry)
            self.made_by[entry.key] = one.id
        else:
            self.unplaced.append(one.id)

    def _fact(self, value: str, held: Fact | None, one: Correction) -> Fact:
        """Return the stated fact with the evidence of the one read in its place, else with where the words stand."""
        rule = CONFIRMED if one.act == "confirm" else CORRECTED
        if held is not None:
            code = one.values.get("code", held.code if held.value == value else "")
            return replace(held, value=value, code=code, confidence=1.0, rule=rule)
        words = one.anchor.own if one.anchor and one.anchor.own else value
        start = _nearest(self.read.text, words, one.anchor.share if one.anchor else 0.0)
        found = start >= 0 and bool(words)
        return Fact(
            value=value,
            source=words if found else "",
            page=None,
            line=self.read.text.count("\n", 0, start) + 1 if found else None,
            start=start if found else 0,
            end=start + len(words) if found else 0,
            confidence=1.0,
            rule=rule,
            code=one.values.get("code", ""),
        )

    def _result(self) -> Applied:
        keys = {name: name for name in SINGLE if self.singles[name] is not None}
        built: dict[str, Any] = dict(self.singles)
        for name, entries in self.lists.items():
            kept = [entry for entry in entries if entry.kept and (name in FACT_LISTS or _stands(name, entry))]
            built[name] = tuple(entry.facts[""] if name in FACT_LISTS else _record(name, entry) for entry in kept)
            for place, entry in enumerate(kept):
                keys[f"{name}[{place}]"] = entry.key
                keys.update(
                    {f"{name}[{place}].{inner}": f"{entry.key}.{inner}" for inner in ENTRY_FIELDS.get(name, ())}
                )
        return Applied(
            resume=replace(self.read, **built),
            keys=keys,
            made_by=self.made_by,
            removed=self.removed,
            idle=tuple(dict.fromkeys(self.idle)),
            unplaced=tuple(dict.fromkeys(self.unplaced)),
        )


def placed(
    anchors: Sequence[Anchor], entries: Sequence[Mapping[str, Fact]], *, name: str, text: str
) -> dict[Anchor, int]:
    """Return for each anchor the place of the entry it means, as far as there is one; no entry is meant twice.

    The words decide, then how near they stand to where they stood.
    """
    naming = ENTRY_FIELDS[name][0] if name in ENTRY_FIELDS else ""
    pairs = []
    for number, anchor in enumerate(anchors):
        for place, facts in enumerate(entries):
            likeness = _likeness(anchor, facts, naming, text)
            if likeness >= _PLACED:
                away = abs(_start(facts) / (len(text) or 1) - anchor.share)
                pairs.append((-likeness, away, number, place))
    found: dict[Anchor, int] = {}
    taken: set[int] = set()
    for _score, _away, number, place in sorted(pairs):
        if anchors[number] not in found and place not in taken:
            found[anchors[number]] = place
            taken.add(place)
    return found


def entry_facts(resume: Resume, name: str) -> list[dict[str, Fact]]:
    """Return the entries of a list, each as its facts by field ("" for a list of facts)."""
    return [entry.facts for entry in _entries(resume, name)]


def text_digest(text: str) -> str:
    """Return what tells two texts apart."""
    return blake2s(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _likeness(anchor: Anchor, facts: Mapping[str, Fact], naming: str, text: str) -> int:
    held = dict(anchor.sources)
    ours, theirs = _plain(held.get(naming, "")), facts.get(naming)
    score = 0
    if ours and theirs:
        score = _alike(ours, _plain(theirs.source))
    for name in held.keys() & facts.keys() - {naming}:
        if _plain(held[name]) == _plain(facts[name].source):
            score += 1
        elif name in _DATES:
            score -= 4
        elif name != "text":
            score -= 1
    return score + (6 if _same_spot(anchor, facts, text) else 0)


def _alike(ours: str, theirs: str) -> int:
    if ours == theirs:
        return 4
    short, long = sorted((ours, theirs), key=len)
    enough = len(short) >= (2 if short[:1] > "\u2e7f" else 4)
    return 2 if enough and short in long and len(short) * 2 >= len(long) else -3


def _same_spot(anchor: Anchor, facts: Mapping[str, Fact], text: str) -> bool:
    """Tell whether the text is the very same, and the entry was read from the very spot of the anchor's first words."""
    end = anchor.start + len(anchor.sources[0][1])
    return any(
        fact.start < end and anchor.start < fact.end for inner, fact in facts.items() if inner != "text"
    ) and anchor.digest == text_digest(text)


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _start(facts: Mapping[str, Fact]) -> int:
    return min((fact.start for fact in facts.values()), default=0)


def _anchor(resume: Resume, facts: Mapping[str, Fact], own: Fact | None) -> Anchor:
    ordered = sorted(facts.items(), key=lambda pair: (pair[1].start, pair[0]))
    words = [(name, fact.source) for name, fact in ordered if name != "text"] or [("", "")]
    start = ordered[0][1].start if ordered else 0
    if ordered and ordered[0][0] == "text" and len(ordered) > 1:
        start = ordered[1][1].start
    return Anchor(
        sources=tuple(words),
        start=start,
        share=round(start / (len(resume.text) or 1), 4),
        digest=text_digest(resume.text),
        own=own.source if own else "",
    )


def _single(resume: Resume, name: str) -> Fact | None:
    held = getattr(resume, name)
    return held.fact if isinstance(held, Pay) else cast("Fact | None", held)


def _entries(resume: Resume, name: str) -> list[_Entry]:
    found = []
    for place, held in enumerate(getattr(resume, name)):
        key = f"{name}[{place}]"
        if isinstance(held, Fact):
            found.append(_Entry(key, {"": held}))
        else:
            facts = {inner: fact for inner in ENTRY_FIELDS[name] if (fact := getattr(held, inner)) is not None}
            found.append(_Entry(key, facts, current=getattr(held, "current", False)))
    return found


def _record(name: str, entry: _Entry) -> Education | Employment | Language | Certificate:
    facts: dict[str, Any] = entry.facts
    if name == "employers":
        return Employment(**{"employer": None, **facts}, current=entry.current)
    if name == "schools":
        return Education(**facts)
    return Language(**facts) if name == "languages" else Certificate(**facts)


def _stands(name: str, entry: _Entry) -> bool:
    return ENTRY_FIELDS[name][0] in entry.facts if name != "employers" else bool(entry.facts)


def _says(entry: _Entry, values: Mapping[str, str], naming: str) -> bool:
    """Tell whether an entry says what is to be added: the same name, and no other beginning."""
    held = entry.facts.get(naming)
    if held is None or _plain(held.value) != _plain(values.get(naming, "")):
        return False
    begun, given = entry.facts.get("start"), values.get("start", "")
    return not begun or not given or begun.value[: len(given)] == given[: len(begun.value)]


def _insert(entries: list[_Entry], entry: _Entry) -> None:
    """Put an added entry where its dates belong among entries that run from the newest to the oldest."""
    begun = entry.facts.get("start")
    for place, other in enumerate(entries):
        theirs = other.facts.get("start")
        if begun and theirs and theirs.value < begun.value:
            entries.insert(place, entry)
            return
    entries.append(entry)


def _pay(fact: Fact, values: Mapping[str, str]) -> Pay:
    return Pay(
        fact=fact,
        low=int(values["low"]),
        high=int(values["high"]) if values.get("high") else None,
        currency=values["currency"],
        months=int(values["months"]) if values.get("months") else None,
    )


def _nearest(text: str, words: str, share: float) -> int:
    """Return where words stand in a text, of several places the one nearest to a share of it; -1 if nowhere."""
    if not words:
        return -1
    starts: list[int] = []
    at = text.find(words)
    while at >= 0:
        starts.append(at)
        at = text.find(words, at + 1)
    if not starts:
        return -1
    wanted = int(share * len(text))
    place = bisect_left(starts, wanted)
    return min(starts[max(place - 1, 0) : place + 1], key=lambda start: abs(start - wanted))
