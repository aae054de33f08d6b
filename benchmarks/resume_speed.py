"""Print how fast résumés are read, side by side with parsers that anybody can install from PyPI, and what each finds.

    python benchmarks/resume_speed.py --data ../shared/data [--others PYTHON]... [--every 8]

PDF: the rendercv themes and every n-th file of `resumes_en_livecareer_pdf`. DOCX: the made-up English applicants of
the demo in its three Word layouts. Each parser reads all of them in a process of its own, held to one core, one parser
after the other in the same run; a file is read once for warmth, then every file once. A page's time is a file's time
over its pages. Files a minute: two processes with half of the files each. `--others` names the interpreter of an
environment with other parsers in it; a parser that is not installed or does not run is left out with the reason.

Found: names, mails and skills of the rendercv themes' YAML, and names, mails, phones and skills of the made-up
applicants. A skill counts if it is among those a parser tells, letter for letter but for case.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import yaml
from _common import load, machine, say

from zhiren.operations.demo.people import FictionalPerson, fictional_people
from zhiren.operations.demo.resumes import LAYOUTS, write_resume

WORKER = Path(__file__).with_name("_resume_others.py")
OURS = "zhiren"
OTHERS = ("pyresparser", "resume-parser", "pyresumeparser", "pyresumize")
# Extraction of text and nothing else: what a parser built on it needs at least.
FLOORS = ("pdfminer (text only)", "docx2txt (text only)", "pdfplumber (text only)", "markitdown (text only)")
ONLY = {"pdfminer (text only)": ".pdf", "docx2txt (text only)": ".docx", "pdfplumber (text only)": ".pdf"}
WRITTEN = date(2026, 11, 22)
Truth = dict[str, list[str]]


@dataclass(frozen=True)
class Run:
    """What one parser said of each file; `fails` is why it does not run, "" if it does."""

    name: str
    fails: str
    ready: float
    files: dict[str, dict[str, Any]]


def run(name: str, interpreter: str, paths: list[str], core: int | None) -> Run:
    """Let one parser read files on one core."""
    worker = start(name, interpreter, core)
    output, errors = worker.communicate("\n".join(paths))
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    if not lines or "fails" in lines[0]:
        return Run(name, lines[0]["fails"] if lines else errors.strip()[-160:] or "no answer", 0.0, {})
    return Run(name, "", lines[0]["ready"], {line["path"]: line for line in lines[1:]})


def start(name: str, interpreter: str, core: int | None) -> subprocess.Popen[str]:
    """Start the process of one parser."""
    worker = subprocess.Popen(
        [interpreter, str(WORKER), name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"},
    )
    if core is not None and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(worker.pid, {core})
    return worker


def files_a_minute(name: str, interpreter: str, paths: list[str]) -> float:
    """Return how many files two processes read in a minute, getting ready not counted."""
    halves = [paths[::2], paths[1::2]]
    workers = [start(name, interpreter, core) for core in sorted(os.sched_getaffinity(0))[:2] or [None]]
    seconds = []
    for worker, half in zip(workers, halves, strict=False):
        assert worker.stdin is not None
        worker.stdin.write("\n".join(half))
        worker.stdin.close()
    for worker in workers:
        assert worker.stdout is not None
        lines = [json.loads(line) for line in worker.stdout if line.startswith("{")]
        seconds.append(sum(line["wall"] for line in lines[1:]))
        worker.wait()
    return len(paths) / max(seconds) * 60


def theme_truths(folder: Path) -> Iterator[tuple[str, Truth]]:
    """Yield each rendercv PDF and what its YAML says."""
    for pdf in sorted(folder.glob("*.pdf")):
        cv = yaml.safe_load(pdf.with_suffix(".yaml").read_text(encoding="utf-8"))["cv"]
        skills = [skill for group in cv["sections"]["skills"] for skill in group["details"].split(", ")]
        yield str(pdf), {"name": [cv["name"]], "mail": [cv["email"]], "skills": skills}


def applicants(folder: Path) -> Iterator[tuple[str, Truth]]:
    """Write the English applicants' Word files and yield each with what it says."""
    people: list[FictionalPerson] = [person for person in fictional_people(on=WRITTEN) if person.language == "en"]
    for person in people:
        for layout in LAYOUTS:
            if layout.startswith("docx"):
                _, data = write_resume(person, layout)
                path = folder / f"{person.key}-{layout}.docx"
                path.write_bytes(data)
                yield (
                    str(path),
                    {
                        "name": [person.name],
                        "mail": [person.mail],
                        "phone": [person.phone],
                        "skills": list(person.skills),
                    },
                )


def shares(found: Run, truths: dict[str, Truth]) -> dict[str, float]:
    """Return per fact the share of the truth that was found."""
    wanted: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for path, truth in truths.items():
        told = (found.files.get(path) or {}).get("facts") or {}
        for fact, values in truth.items():
            said = {_bare(fact, value) for value in told.get(fact, ())}
            wanted[fact] += len(values)
            hits[fact] += sum(_bare(fact, value) in said for value in values)
    return {fact: hits[fact] / count for fact, count in wanted.items()}


def _bare(fact: str, value: str) -> str:
    return re.sub(r"\D", "", value)[-9:] if fact == "phone" else " ".join(value.casefold().split())


def _row(name: str, seconds: list[float], cpu: list[float]) -> str:
    ordered = sorted(seconds)
    return (
        f"  {name:24} {statistics.median(ordered) * 1000:9.1f} {ordered[int(len(ordered) * 0.95)] * 1000:9.1f} "
        f"{statistics.median(cpu) * 1000:9.1f}"
    )


def main() -> int:
    """Run all of it; 0, or 2 where the data is not there."""
    arguments = argparse.ArgumentParser(description="How fast résumés are read, beside other parsers.")
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the data sets")
    arguments.add_argument("--others", action="append", default=[], help="interpreter that has other parsers")
    arguments.add_argument("--every", type=int, default=8, help="take every n-th LiveCareer file")
    options = arguments.parse_args()
    themes, real = options.data / "resume_layouts/rendercv", options.data / "resumes_en_livecareer_pdf"
    if not themes.is_dir() or not real.is_dir():
        print(f"no data at {options.data}: nothing measured", file=sys.stderr)
        return 2
    say(f"load average at the start {load()}")
    with tempfile.TemporaryDirectory() as folder:
        theme_facts, word_facts = dict(theme_truths(themes)), dict(applicants(Path(folder)))
        pdfs = [*theme_facts, *map(str, sorted(real.glob("*/*.pdf"))[:: options.every])]
        pages = {path: _pages(path) for path in pdfs}
        say(f"{len(pdfs)} PDF with {sum(pages.values())} pages, {len(word_facts)} DOCX")
        core = max(os.sched_getaffinity(0))
        runs = [(sys.executable, run(OURS, sys.executable, [*pdfs, *word_facts], core))]
        for interpreter in options.others:
            for name in (*OTHERS, *FLOORS):
                began = time.perf_counter()
                paths = [path for path in (*pdfs, *word_facts) if path.endswith(ONLY.get(name, ""))]
                found = run(name, interpreter, paths, core)
                if found.fails:
                    say(f"  left out: {name}: {found.fails}")
                elif name not in {known.name for _, known in runs}:
                    runs.append((interpreter, found))
                    say(f"  {name} took {time.perf_counter() - began:.0f} s")
        if not options.others:
            say(f"  left out: {', '.join((*OTHERS, *FLOORS))}: no --others given")
        report(runs, pages, list(word_facts))
        for title, truths in (("rendercv themes", theme_facts), ("made-up applicants, DOCX", word_facts)):
            say(f"found in {title}")
            for _, found in runs:
                if found.name not in FLOORS:
                    say(f"  {found.name:24} " + ", ".join(f"{k} {v:.0%}" for k, v in shares(found, truths).items()))
        for interpreter, found in runs:
            if found.name == OURS or found.name in OTHERS:
                rate = files_a_minute(found.name, interpreter, pdfs)
                say(f"  {found.name:24} {rate:8.0f} PDF files a minute, 2 processes")
    say(machine(with_database=False))
    ours = page_times(runs[0][1], pages)
    for clock in ("cpu", "wall"):  # on a busy machine only the processor's time is worth comparing
        mine = statistics.median(page_times(runs[0][1], pages, clock))
        for what, names in (("parser", OTHERS), ("text_extraction", FLOORS)):
            times = [page_times(found, pages, clock) for _, found in runs[1:] if found.name in names]
            medians = [statistics.median(each) for each in times if each]
            if medians:
                say(f"resume_speed_beside_fastest_{what}_{clock}: {min(medians) / mine:.1f} times")
    say(f"resume_pdf_page_cpu_median: {statistics.median(page_times(runs[0][1], pages, 'cpu')) * 1000:.1f} ms")
    say(f"resume_pdf_page_median: {statistics.median(ours) * 1000:.1f} ms")
    return 0


def page_times(found: Run, pages: dict[str, int], clock: str = "wall") -> list[float]:
    """Return the seconds a page took in each PDF a parser could read."""
    return [
        entry[clock] / pages[path]
        for path, entry in found.files.items()
        if path in pages and entry["facts"] is not None
    ]


def report(runs: list[tuple[str, Run]], pages: dict[str, int], words: list[str]) -> None:
    """Print the times of all parsers, one below the other."""
    say(f"  {'a page of a text PDF':24} {'median ms':>9} {'p95 ms':>9} {'cpu ms':>9}")
    for _, found in runs:
        if page_times(found, pages):
            say(_row(found.name, page_times(found, pages), page_times(found, pages, "cpu")))
    say(f"  {'a DOCX':24} {'median ms':>9} {'p95 ms':>9} {'cpu ms':>9}")
    for _, found in runs:
        read = [found.files[path] for path in words if path in found.files and found.files[path]["facts"] is not None]
        if read:
            say(_row(found.name, [entry["wall"] for entry in read], [entry["cpu"] for entry in read]))
    for _, found in runs:
        lost = sum(entry["facts"] is None for entry in found.files.values())
        say(f"  {found.name:24} ready after {found.ready:.1f} s, {lost} files not read")


def _pages(path: str) -> int:
    with pypdfium2.PdfDocument(path) as document:
        return len(document)


if __name__ == "__main__":
    sys.exit(main())
