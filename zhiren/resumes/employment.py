"""Employers, titles and the time spent there. Every entry hangs on a date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from zhiren.resumes.document import Line, fact
from zhiren.resumes.facts import Employment, Fact
from zhiren.resumes.headpieces import Piece, pieces_of
from zhiren.resumes.heads import Anchor, anchors_of, employers_below, field_of, head_of
from zhiren.resumes.places import is_place, is_town
from zhiren.resumes.segments import Segment
from zhiren.resumes.vocabulary import confidence
from zhiren.resumes.worktables import date_fact, rows_of_table, text_of

_PLACE = re.compile(r",\s?(?P<place>[^\t,(]+(?:,\s?[^\t,(]+)?)")
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
    apart = employers_below(lines, anchors)
    for place, anchor in enumerate(anchors):
        ceiling = anchors[place + 1].index if place + 1 < len(anchors) else len(lines)
        head = head_of(lines, anchor, floor, ceiling, names_above=anchors[0].index > 0, apart=apart)
        heads.append(head)
        floor = max(head) + 1
    pieces = [[piece for index in head for piece in pieces_of(lines[index])] for head in heads]
    employer_first = _employer_first(pieces)
    employer_last = _employer_last(pieces)
    entries = []
    for place, (anchor, head) in enumerate(zip(anchors, heads, strict=True)):
        employer, title = _employer_and_title(pieces[place], employer_first, employer_last)
        if not employer and not title:
            continue
        below = next(index for index in range(head[0], len(lines) + 1) if index not in head)
        stop = min(
            [index for other in (head, *heads[place + 1 : place + 2]) for index in other if index >= below]
            or [len(lines)]
        )
        above = employer is not None and employer.line is not None and employer.line < lines[anchor.index].number
        entries.append(_Entry(anchor, employer, title, above, text_of(lines[below:stop])))
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


def _employer_last(heads: list[list[Piece]]) -> bool | None:
    """Return whether, behind a title and a comma, the employer is the last name, or a town follows it; None if unknown.

    An entry with one name there tells: no town follows it (`Fitter, Kestrel`), or one that is known does.
    """
    for pieces in heads:
        title = next((piece for piece in pieces if piece.role == "title"), None)
        added = _added_to(title, pieces) if title else []
        if added and (_is_placed(added[-1]) or (len(added) > 1 and is_town(added[-1].text))):
            return False
        if len(added) == 1 and not _is_placed(added[0]) and not any(piece.role == "employer" for piece in pieces):
            return True
    return None


def _added_to(title: Piece, pieces: list[Piece]) -> list[Piece]:
    """Return the names that commas add to a title on its line: `Consultant, Human Capital, Kestrel` has two."""
    added = [title]
    for piece in pieces[pieces.index(title) + 1 :]:
        between = piece.line.folded[added[-1].end : piece.start] if piece.line is title.line else ""
        if piece.role != "unknown" or between.strip(" ") not in {",", "，"}:
            break
        added.append(piece)
    return added[1:]


def _is_placed(piece: Piece) -> bool:
    """Return whether a comma and a place that is known follow."""
    behind = _PLACE.match(piece.line.folded, piece.end)
    return behind is not None and (is_place(behind["place"]) or is_place(behind["place"].split(",")[0]))


def _among_commas(title: Piece, added: list[Piece], *, last: bool | None) -> tuple[Fact | None, Fact | None]:
    """Return employer and title of a line of two names or more behind a title, of which the first may be its field."""
    if is_town(added[-1].text):
        place = len(added) - 2
    elif _is_placed(added[-1]) or (last and len(added) == 2):
        place = len(added) - 1
    elif len(added) > 2:
        place = len(added) - 2
    elif last is None:
        return None, _named(title, "title_word")
    else:
        place = 0
    whole = replace(title, end=added[place - 1].end) if place else title
    return _named(added[place], "employer_beside_title"), _named(whole, "title_word")


def _employer_and_title(
    pieces: list[Piece], employer_first: bool | None, employer_last: bool | None
) -> tuple[Fact | None, Fact | None]:
    """Return who employed and as what: by telling words, else by the order that the other entries show."""
    labelled = {piece.role for piece in pieces if piece.labelled}
    employers = [
        piece for piece in pieces if piece.role == "employer" and (piece.labelled or "employer" not in labelled)
    ]
    titles = [piece for piece in pieces if piece.role == "title" and (piece.labelled or "title" not in labelled)]
    unknown = [piece for piece in pieces if piece.role == "unknown"]
    if employers and titles:
        field = field_of(titles[0], pieces, weak=True)
        apart = [
            piece for piece in pieces if piece.line is not titles[0].line and piece.role in {"employer", "unknown"}
        ]
        if field is employers[0] and apart:
            return _named(apart[0], "employer_word"), _named(replace(titles[0], end=field.end), "title_word")
        whole = _with_field(titles[0], pieces)
        return _named(employers[0], "employer_word"), _named(whole, "title_word")
    if employers:
        if employer_first is False:
            before = [piece for piece in unknown if pieces.index(piece) < pieces.index(employers[0])]
            unknown = before[-1:] or unknown
        named = [piece for piece in _short_ones(unknown) if not _is_added(employers[0], piece)]
        return _named(employers[0], "employer_word"), _named(_first(named), "title_beside_employer")
    if titles and unknown:
        added = _added_to(titles[0], pieces)
        if len(added) > 1 and len(added) == len(unknown):
            return _among_commas(titles[0], added, last=employer_last)
        field = field_of(titles[0], pieces)
        others = [piece for piece in unknown if field and not _goes_on_with(titles[0], field, piece)]
        if others:
            return _named(others[0], "employer_beside_title"), _named(_with_field(titles[0], pieces), "title_word")
        return _named(unknown[0], "employer_beside_title"), _named(titles[0], "title_word")
    if titles:
        if len(titles) > 1 and employer_first is not None:
            firm, other = (titles[0], titles[1]) if employer_first else (titles[1], titles[0])
            return _named(firm, "employer_by_order"), _named(other, "title_word")
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


def _is_added(employer: Piece, piece: Piece) -> bool:
    """Return whether a comma adds a word or two to the employer: it is a town more often than a title no word tells."""
    return (
        piece.line is employer.line
        and employer.line.folded[employer.end : piece.start].strip() == ","
        and len(piece.text.split()) <= 2
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
