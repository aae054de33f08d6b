"""Segments from a few lines, as the rules for single fields take them."""

from __future__ import annotations

from zhiren.resumes.plain import read_plain
from zhiren.resumes.segments import Segment, segments_of


def segments(lines: str, *, heading: str = "") -> list[Segment]:
    """The parts of a résumé that says this, after a name and under a heading."""
    head = f"\n{heading}\n" if heading else ""
    return segments_of(read_plain(f"姓名：李若水\n手机：13800001234\n{head}{lines}\n".encode()))
