"""Employers, titles and the time spent there. Every entry hangs on a date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from zhiren.resumes.document import Line, fact
from zhiren.resumes.facts import Employment, Fact
from zhiren.resumes.headpieces import Piece, pieces_of
from zhiren.resumes.heads import Anchor, anchors_of, field_of, head_of
from zhiren.resumes.segments import Segment
from zhiren.resumes.vocabulary import confidence
from zhiren.resumes.worktables import date_fact, rows_of_table, text_of

_LINKS = re.compile(r"\b(?:and|for|the)\b")
_FEWEST_PROSE = 3  # words in small letters


def employers_in(segments: list[Segment]) -> list[Employment]:
    """Return the employments in the order of the résumé; each has a date and an employer or a title."""
    found: list[Employment] = []
    for segment in segments:
        if segment.kind == "work":
            lines = [line for line in segment.lines if line.text]
            found.extend(rows_of_table(lines) or _entries(lines))
    return found


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry before it is told apart from its neighbours: `above` says that its employer has a line of its own."""

    anchor: Anchor
    employer: Fact | None
    title: Fact | None
    above: bool
    text: Fact | None


def _entries(lines: Sequence[Line]) -> Iterator[Employment]:
    anchors = anchors_of(lines)
    heads = []
    floor = 0
    for place, anchor in enumerate(anchors):
        ceiling = anchors[place + 1].index if place + 1 < len(anchors) else len(lines)
        head = head_of(lines, anchor, floor, ceiling, names_above=anchors[0].index > 0)
        heads.append(head)
        floor = max(head) + 1
    pieces = [[piece for index in head for piece in pieces_of(lines[index])] for head in heads]
    employer_first = _employer_first(pieces)
    entries = []
    for place, (anchor, head) in enumerate(zip(anchors, heads, strict=True)):
        employer, title = _employer_and_title(pieces[place], employer_first)
        if not employer and not title:
            continue
        stop = min(heads[place + 1]) if place + 1 < len(heads) else len(lines)
        above = employer is not None and employer.line is not None and employer.line < lines[anchor.index].number
        entries.append(_Entry(anchor, employer, title, above, text_of(lines[max(head) + 1 : stop])))
    for entry in _with_employers_handed_down(entries):
        yield Employment(
            employer=entry.employer,
            title=entry.title,
            start=date_fact(lines[entry.anchor.index], entry.anchor.first),
            end=date_fact(lines[entry.anchor.index], entry.anchor.last),
            current=entry.anchor.current,
            text=entry.text,
        )


def _with_employers_handed_down(entries: list[_Entry]) -> Iterator[_Entry]:
    """Yield the entries; several titles under one employer, who is named once, all get that employer.

    The employer stands on a line above the first title, or has dates of its own that hold those of the titles.
    """
    giver: _Entry | None = None
    whole: _Entry | None = None
    for place, entry in enumerate(entries):
        after = entries[place + 1] if place + 1 < len(entries) else None
        if (
            entry.employer
            and not entry.title
            and after
            and after.title
            and not after.employer
            and _holds(entry.anchor, after.anchor)
        ):
            giver = whole = entry
            continue
        if entry.title and not entry.employer and giver and (whole is None or _holds(whole.anchor, entry.anchor)):
            yield replace(entry, employer=giver.employer)
            continue
        giver, whole = (entry if entry.above and entry.title else None), None
        yield entry


def _holds(outer: Anchor, inner: Anchor) -> bool:
    if outer.first is None or inner.first is None:
        return False
    last = "9" if outer.current or outer.last is None else outer.last.month
    inner_last = "9" if inner.current or inner.last is None else inner.last.month
    return outer.first.month[:4] <= inner.first.month[:4] and inner_last[:4] <= last[:4]


def _employer_first(heads: list[list[Piece]]) -> bool | None:
    """Return what comes first where words tell both apart: the employer, the title, or None where none tells."""
    votes = 0
    for pieces in heads:
        roles = [piece.role for piece in pieces]
        if "employer" in roles and "title" in roles:
            votes += 1 if roles.index("employer") < roles.index("title") else -1
    return None if votes == 0 else votes > 0


def _employer_and_title(pieces: list[Piece], employer_first: bool | None) -> tuple[Fact | None, Fact | None]:
    """Return who employed and as what: by telling words, else by the order that the other entries show."""
    employers = [piece for piece in pieces if piece.role == "employer"]
    titles = [piece for piece in pieces if piece.role == "title"]
    unknown = [piece for piece in pieces if piece.role == "unknown"]
    if employers and titles:
        whole = _with_field(titles[0], pieces)
        return _named(employers[0], "employer_word"), _named(whole, "title_word")
    if employers:
        if employer_first is False:
            before = [piece for piece in unknown if pieces.index(piece) < pieces.index(employers[0])]
            unknown = before[-1:] or unknown
        return _named(employers[0], "employer_word"), _named(_first(_short_ones(unknown)), "title_beside_employer")
    if titles and unknown:
        field = field_of(titles[0], pieces)
        others = [piece for piece in unknown if field and not _goes_on_with(titles[0], field, piece)]
        if others:
            return _named(others[0], "employer_beside_title"), _named(_with_field(titles[0], pieces), "title_word")
        return _named(unknown[0], "employer_beside_title"), _named(titles[0], "title_word")
    if titles:
        if len(titles) > 1 and employer_first is not None:
            named, other = (titles[0], titles[1]) if employer_first else (titles[1], titles[0])
            return _named(named, "employer_by_order"), _named(other, "title_word")
        return None, _named(titles[0], "title_word")
    if len(unknown) > 1 and employer_first is False:
        return _named(unknown[1], "employer_by_order"), _named(unknown[0], "title_by_order")
    title = _first(_short_ones(unknown[1:]))
    return _named(_first(unknown), "employer_beside_date"), _named(title, "title_beside_employer")


def _with_field(title: Piece, pieces: list[Piece]) -> Piece:
    """Return the title with what a comma adds to it: `Financial Controller, APAC`."""
    field = field_of(title, pieces)
    return replace(title, end=field.end) if field else title


def _goes_on_with(title: Piece, field: Piece, other: Piece) -> bool:
    """Return whether a piece is the field behind a title, or what a comma adds to that field."""
    return other is field or (
        other.line is field.line
        and other.start > title.start
        and "\t" not in other.line.folded[field.end : other.start]
        and other.line.folded[field.end : other.start].strip() in {",", "，"}
    )


def _short_ones(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces that read like a title and not like the beginning of a sentence."""
    return [
        piece for piece in pieces if len(re.findall(r"(?<![\w-])[a-z]{3,}", _LINKS.sub("", piece.text))) < _FEWEST_PROSE
    ]


def _first(pieces: list[Piece]) -> Piece | None:
    return pieces[0] if pieces else None


def _named(piece: Piece | None, rule: str) -> Fact | None:
    return None if piece is None else fact(piece.line, (piece.start, piece.end), confidence=confidence(rule), rule=rule)
