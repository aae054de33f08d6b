"""Print what the résumé parser finds, misses and invents, and how long it takes.

    python benchmarks/resume_parsing.py --data ../shared/data

Ground truth: the YAML beside each PDF of `resume_layouts/rendercv` (one made-up person, five themes). Speed and
robustness: every PDF of `resumes_en_livecareer_pdf`, which is made anonymous: what looks like a name, phone or mail
there is an invention or one of the few slips of whoever blacked them out. No text of these files is printed.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

from zhiren.resumes import Resume, Unreadable, parse, parse_safely

DEGREES = {"PhD": "doctor", "BS": "bachelor"}


def expected_facts(truth: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Yield (field, value) for all a reader could know from the YAML."""
    cv = truth["cv"]
    assert isinstance(cv, dict)
    yield "name", cv["name"]
    yield "mail", cv["email"]
    yield "city", cv["location"].split(",")[0]
    for stay in cv["sections"]["education"]:
        yield "school", stay["institution"]
        yield "major", stay["area"]
        yield "degree", DEGREES[stay["degree"]]
        yield "school_dates", f"{stay['start_date']}/{stay['end_date']}"
    for job in cv["sections"]["experience"]:
        yield "employer", job["company"]
        yield "title", job["position"]
        yield "job_dates", f"{job['start_date']}/{job['end_date']}"
    for group in cv["sections"]["skills"]:
        for skill in group["details"].split(", "):
            yield "listed_skill", skill.casefold()


def found_facts(resume: Resume) -> Iterator[tuple[str, str]]:
    """Yield (field, value) for all the parser says; skills by the words they stand in."""
    for field, fact in (("name", resume.name), ("city", resume.city), ("birth", resume.birth)):
        if fact:
            yield field, fact.value
    for field, facts in (("mail", resume.mails), ("phone", resume.phones)):
        for fact in facts:
            yield field, fact.value
    for stay in resume.schools:
        yield "school", stay.school.value
        if stay.major:
            yield "major", stay.major.value
        if stay.degree:
            yield "degree", stay.degree.value
        if stay.start and stay.end:
            yield "school_dates", f"{stay.start.value}/{stay.end.value}"
    for job in resume.employers:
        if job.employer:
            yield "employer", job.employer.value
        if job.title:
            yield "title", job.title.value
        if job.start:
            yield "job_dates", f"{job.start.value}/{'present' if job.current else job.end.value if job.end else ''}"
    listed = {section.kind: (section.start, section.end) for section in resume.sections}.get("skills", (0, 0))
    for skill in resume.skills:
        if listed[0] <= skill.start < listed[1]:
            yield "listed_skill", skill.source.casefold()


def compare(folder: Path) -> float:
    """Print per field what was found and what was invented; return the share found over all fields."""
    wanted: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    invented: Counter[str] = Counter()
    for pdf in sorted(folder.glob("*.pdf")):
        truth = yaml.safe_load(pdf.with_suffix(".yaml").read_text(encoding="utf-8"))
        expected = Counter(expected_facts(truth))
        found = Counter(found_facts(parse(pdf.read_bytes(), pdf.name)))
        for (field, _), count in expected.items():
            wanted[field] += count
        for (field, _), count in (expected & found).items():
            hits[field] += count
        for (field, _), count in (found - expected).items():
            invented[field] += count
    print(f"rendercv, {len(list(folder.glob('*.pdf')))} themes")
    print(f"  {'field':14} {'in the truth':>12} {'found':>7} {'invented':>9}")
    for field in dict.fromkeys((*wanted, *invented)):
        share = f"{hits[field] / wanted[field]:.0%}" if wanted[field] else "-"
        print(f"  {field:14} {wanted[field]:12} {share:>7} {invented[field]:9}")
    return sum(hits.values()) / max(sum(wanted.values()), 1)


def measure(folder: Path, every: int) -> list[float]:
    """Print failures and finds over the LiveCareer files; return the seconds each file took in this process."""
    paths = sorted(folder.glob("*/*.pdf"))[::every]
    seconds: list[float] = []
    failures: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for path in paths:
        data = path.read_bytes()
        begin = time.perf_counter()
        try:
            resume = parse(data, path.name)
        except Unreadable as error:
            failures[error.reason.value] += 1
            continue
        finally:
            seconds.append(time.perf_counter() - begin)
        seen["with two sections or more"] += len(resume.sections) > 1
        seen["with an employment"] += bool(resume.employers)
        seen["with a degree"] += resume.degree is not None
        seen["with a skill"] += bool(resume.skills)
        seen["with a name"] += resume.name is not None
        seen["with a phone"] += bool(resume.phones)
        seen["with a mail"] += bool(resume.mails)
    print(f"livecareer, {len(paths)} files, {sum(failures.values())} failures {dict(failures) or ''}")
    for what, count in seen.items():
        print(f"  {what:28} {count:4}  {count / max(len(paths), 1):.0%}")
    return seconds


def child_seconds(folder: Path, count: int) -> list[float]:
    """Return the seconds of whole calls of `parse_safely`, the child's start included."""
    seconds = []
    for path in sorted(folder.glob("*/*.pdf"))[:: max(len(list(folder.glob("*/*.pdf"))) // count, 1)][:count]:
        data = path.read_bytes()
        begin = time.perf_counter()
        parse_safely(data, path.name)
        seconds.append(time.perf_counter() - begin)
    return seconds


def main() -> int:
    """Run all of it; 0, or 2 where the data is not there."""
    arguments = argparse.ArgumentParser(description="What the résumé parser finds, and how fast.")
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the data sets")
    arguments.add_argument("--every", type=int, default=1, help="take every n-th LiveCareer file")
    options = arguments.parse_args()
    rendercv, livecareer = options.data / "resume_layouts/rendercv", options.data / "resumes_en_livecareer_pdf"
    if not rendercv.is_dir() or not livecareer.is_dir():
        print(f"no data at {options.data}: nothing measured", file=sys.stderr)
        return 2
    share = compare(rendercv)
    seconds = measure(livecareer, options.every)
    in_child = child_seconds(livecareer, 12)
    print(
        f"machine: {platform.machine()}, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    )
    print(f"resume_facts_found: {share * 100:.1f} %")
    print(f"resume_pdf_p95: {sorted(seconds)[int(len(seconds) * 0.95)] * 1000:.1f} ms")
    print(f"resume_pdf_in_child_median: {statistics.median(in_child) * 1000:.1f} ms")
    print(f"resume_pdf_median: {statistics.median(seconds) * 1000:.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
