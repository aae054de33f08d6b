"""The points of a list that are drawn and not written, as browsers draw them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import attrgetter

from zhiren.resumes.document import Glyph

# In heights of a letter.
_LEAST_DOT, _LARGEST_DOT = 0.1, 0.48
_DOT_RISES, _DOT_STANDS_OFF = 0.7, 1.6
_HIGHEST = 60.0  # points from a baseline to the highest dot that may be the point of its line

Dot = tuple[float, float, float, float]
"""Left, bottom, right, top of a small shape that is drawn and not written."""


def with_points(glyphs: list[Glyph], dots: Sequence[Dot]) -> list[Glyph]:
    """Return the letters and a bullet for each dot that is drawn before a line as the point of a list.

    Such a dot is small, stands alone close before the first letter of a line, and at half the height of its letters.
    """
    by_base: dict[float, list[Glyph]] = {}
    for glyph in glyphs:
        if glyph.height > 0 and not glyph.char.isspace():
            by_base.setdefault(glyph.base, []).append(glyph)
    bases = sorted(by_base)
    points = []
    for left, bottom, right, top in dots:
        middle = (bottom + top) / 2
        level = [
            glyph
            for base in bases[bisect_left(bases, bottom - _HIGHEST) : bisect_right(bases, middle)]
            for glyph in by_base[base]
            if middle < base + _DOT_RISES * glyph.height
        ]
        behind = min((glyph for glyph in level if glyph.left >= right), key=attrgetter("left"), default=None)
        if behind is None:
            continue
        high = behind.height
        near = _DOT_STANDS_OFF * high
        alone = not any(left - near < glyph.right <= right for glyph in level) and not any(
            0 < abs(other[0] - left) < near and other[1] < middle < other[3] for other in dots
        )
        if alone and behind.left - right <= near and _LEAST_DOT < (top - bottom) / high < _LARGEST_DOT:
            points.append(behind._replace(char="•", left=left, right=right))
    return [*glyphs, *points]
