"""What a newer reading of the same file says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from zhiren.resumes.corrections import ENTRY_FIELDS, FACT_LISTS, NOW, SINGLE, Anchor, entry_facts, placed, text_digest
from zhiren.resumes.facts import Fact, Pay, Resume


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One difference. `path` is a place in the newer reading, or in the older where it is gone.

    `field` is the path without places. `old` and `new` are values as a reader sees them, empty where there is none;
    of an entry that came or went they hold the values of all its fields.
    """

    kind: Literal["added", "gone", "changed"]
    path: str
    field: str
    old: str = ""
    new: str = ""


def differences(old: Resume, new: Resume) -> list[Difference]:
    """Return what differs in values; evidence, confidence and the order of a list do not count.

    Entries are the same entry when they were read from the same words, wherever they stand now.
    """
    return [*_singles(old, new), *(found for name in (*FACT_LISTS, *ENTRY_FIELDS) for found in _list(name, old, new))]


def _singles(old: Resume, new: Resume) -> Iterator[Difference]:
    for name in SINGLE:
        was, now = _shown(getattr(old, name)), _shown(getattr(new, name))
        if was != now:
            yield Difference(kind=_kind(was, now), path=name, field=name, old=was, new=now)


def _list(name: str, old: Resume, new: Resume) -> Iterator[Difference]:
    before, after = _values(old, name), _values(new, name)
    pairs = _pairs(name, old, new, before, after)
    for place, was in enumerate(before):
        if place not in pairs:
            yield Difference(kind="gone", path=f"{name}[{place}]", field=name, old=_line(was))
    partner = {there: here for here, there in pairs.items()}
    for place, now in enumerate(after):
        path = f"{name}[{place}]"
        if place not in partner:
            yield Difference(kind="added", path=path, field=name, new=_line(now))
            continue
        was = before[partner[place]]
        for inner in ENTRY_FIELDS.get(name, ("",)):
            had, has = was.get(inner, ""), now.get(inner, "")
            if had != has:
                dot = f".{inner}" if inner else ""
                yield Difference(kind=_kind(had, has), path=path + dot, field=name + dot, old=had, new=has)


def _pairs(
    name: str, old: Resume, new: Resume, before: list[dict[str, str]], after: list[dict[str, str]]
) -> dict[int, int]:
    """Return which entry of the newer reading each of the older one is: of like values first, then of like words."""
    pairs: dict[int, int] = {}
    free = dict.fromkeys(range(len(after)))
    for place, was in enumerate(before):
        same = next((there for there in free if after[there] == was), None)
        if same is not None:
            pairs[place] = same
            del free[same]
    left = [place for place in range(len(before)) if place not in pairs]
    entries, candidates = entry_facts(old, name), entry_facts(new, name)
    anchors = {_anchor(entries[place], old, place): place for place in left}
    there = list(free)
    for anchor, found in placed(list(anchors), [candidates[t] for t in there], name=name, text=new.text).items():
        pairs[anchors[anchor]] = there[found]
    return pairs


def _anchor(facts: dict[str, Fact], resume: Resume, place: int) -> Anchor:
    """Return an anchor of its own for each entry: `own` keeps entries of the very same words apart."""
    ordered = sorted((fact.start, inner, fact.source) for inner, fact in facts.items() if inner != "text")
    start = ordered[0][0] if ordered else 0
    return Anchor(
        sources=tuple((inner, source) for _start, inner, source in ordered) or (("", ""),),
        start=start,
        share=start / (len(resume.text) or 1),
        digest=text_digest(resume.text),
        own=str(place),
    )


def _values(resume: Resume, name: str) -> list[dict[str, str]]:
    found = []
    for held, facts in zip(getattr(resume, name), entry_facts(resume, name), strict=True):
        values = {inner: fact.value for inner, fact in facts.items()}
        if getattr(held, "current", False):
            values["end"] = NOW
        found.append(values)
    return found


def _line(values: dict[str, str]) -> str:
    return " · ".join(value for inner, value in values.items() if inner != "text")


def _kind(was: str, now: str) -> Literal["added", "gone", "changed"]:
    if not was:
        return "added"
    return "changed" if now else "gone"


def _shown(held: Fact | Pay | None) -> str:
    if held is None:
        return ""
    if isinstance(held, Fact):
        return held.value
    figures = f"{held.low / 100:.0f}" if held.low == held.high else f"{held.low / 100:.0f}–"
    if held.high is not None and held.high != held.low:
        figures += f"{held.high / 100:.0f}"
    return f"{held.currency} {figures}" + (f" × {held.months}" if held.months else "")
