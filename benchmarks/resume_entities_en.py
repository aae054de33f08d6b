"""Print per label how many marked spans of 200 English résumés the grammars find, and how many they add.

    python benchmarks/resume_entities_en.py --data ../shared/data

The data is `resume_entities_en` (Dataturks: résumés from an Indian job board, marked by hand). The marks are not
consistent: the same employer is marked in one line and not in the next, skills are whole paragraphs or single words,
a link to a profile is marked as a mail address, a place is marked beside one employer only. So neither precision nor
recall can come near 1, and the figures are good for comparing versions of the parser and nothing else. `exact` wants
the same words, `overlap` one of the two inside the other or half of the words in common; blanks and case do not
matter. What a résumé marks twice counts once. No text of these files is printed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from _common import machine

from zhiren.resumes import Resume, parse

LABELS = (
    "Name",
    "Email Address",
    "Location",
    "Companies worked at",
    "Designation",
    "College Name",
    "Degree",
    "Graduation Year",
    "Skills",
)


def marked_spans(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (label, words) of each mark."""
    for mark in record["annotation"] or ():
        for label in mark["label"]:
            for point in mark["points"]:
                yield label, words_of(point["text"])


def found_spans(resume: Resume) -> Iterator[tuple[str, str]]:
    """Yield (label, words) of each fact, in the labels of the data."""
    if resume.name:
        yield "Name", words_of(resume.name.source)
    if resume.city:
        yield "Location", words_of(resume.city.source)
    for mail in resume.mails:
        yield "Email Address", words_of(mail.source)
    for job in resume.employers:
        if job.employer:
            yield "Companies worked at", words_of(job.employer.source)
        if job.title:
            yield "Designation", words_of(job.title.source)
    for stay in resume.schools:
        yield "College Name", words_of(stay.school.source)
        if stay.degree:
            subject = f" in {stay.major.source}" if stay.major else ""
            yield "Degree", words_of(stay.degree.source + subject)
        if stay.end:
            yield "Graduation Year", stay.end.value[:4]
    for skill in resume.skills:
        yield "Skills", words_of(skill.source)


def words_of(text: str) -> str:
    """Return the words alone, in lower case."""
    return " ".join(re.findall(r"[\w@.+#]*\w[+#]*", text.lower()))


def overlap(one: str, other: str) -> bool:
    """Return whether one holds the other, or half of all their words are in both."""
    if not one or not other:
        return False
    first, second = set(one.split()), set(other.split())
    return first <= second or second <= first or len(first & second) * 2 >= len(first | second)


def matches(marked: set[str], found: set[str], alike: Callable[[str, str], bool]) -> tuple[int, int]:
    """Return how many marks were found, and how many finds were marked."""
    return (
        sum(any(alike(mark, find) for find in found) for mark in marked),
        sum(any(alike(mark, find) for mark in marked) for find in found),
    )


def main() -> int:
    """Run it; 0, or 2 where the data is not there."""
    arguments = argparse.ArgumentParser(description="The grammars on English résumés marked by hand.")
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the data sets")
    source = arguments.parse_args().data / "resume_entities_en/traindata.json.gz"
    if not source.is_file():
        print(f"no data at {source}: nothing measured", file=sys.stderr)
        return 2
    tallies = {kind: Counter[tuple[str, str]]() for kind in ("exact", "overlap")}
    alike: dict[str, Callable[[str, str], bool]] = {"exact": str.__eq__, "overlap": overlap}
    count = 0
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            count += 1
            resume = parse(record["content"].encode(), "resume.txt")
            marks, finds = set(marked_spans(record)), set(found_spans(resume))
            for label in LABELS:
                marked = {words for name, words in marks if name == label and words}
                found = {words for name, words in finds if name == label and words}
                for kind, tally in tallies.items():
                    hit, right = matches(marked, found, alike[kind])
                    tally[label, "marked"] += len(marked)
                    tally[label, "found"] += len(found)
                    tally[label, "hit"] += hit
                    tally[label, "right"] += right
    print(f"resume_entities_en, {count} résumés; marks are not consistent (see the head of this program)")
    print(f"  {'label':20} {'marked':>6} {'found':>6} | {'exact':>5} P     R    F1 | {'overlap':>7} P    R    F1")
    scores: dict[str, list[float]] = {kind: [] for kind in tallies}
    for label in LABELS:
        row = f"  {label:20} {tallies['exact'][label, 'marked']:6} {tallies['exact'][label, 'found']:6} |"
        for kind, tally in tallies.items():
            precision = tally[label, "right"] / max(tally[label, "found"], 1)
            recall = tally[label, "hit"] / max(tally[label, "marked"], 1)
            score = 2 * precision * recall / max(precision + recall, 1e-9)
            scores[kind].append(score)
            row += f"  {precision:5.2f} {recall:5.2f} {score:5.2f} |"
        print(row)
    print(machine(with_database=False))
    for kind, values in scores.items():
        print(f"resume_entities_en_macro_f1_{kind}: {sum(values) / len(values):.3f} of 1")
    return 0


if __name__ == "__main__":
    sys.exit(main())
