"""Print what the résumé parser finds, misses and invents, per field and per layout, and how long it takes.

    python benchmarks/resume_parsing.py --data ../shared/data [--theme-folder FOLDER ...] [--own] [--rules]

Ground truth: the YAML beside each PDF of `resume_layouts/rendercv` (one made-up person, five themes) and of every
`--theme-folder`, which holds what `rendercv render` wrote from other people's YAMLs in other themes; with `--own` also
the made-up applicants of the demo company in every layout the demo can draw. `--rules` prints how often each rule was
right over all of these: what `docs/decisions/0016-confidence.md` states. `--missed` names what was missed or invented
(of made-up people only).

Speed and robustness: every PDF of `resumes_en_livecareer_pdf`, which is made anonymous: what looks like a name, phone
or mail there is an invention or one of the few slips of whoever blacked them out. No text of these files is printed.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from _common import machine, percentile

from zhiren.resumes import Fact, Resume, Unreadable, parse, parse_safely

RANKS = {
    "doctor": "phd dphil edd doctor doctorate 博士",
    "master": (
        "ms msc meng mba ma med mphil mtech mfa mdes mmus mpp mpa mph msw mcom march llm mres macc mfin emba master "
        "masters dipling dipl diplom magister 硕士 碩士"
    ),
    "bachelor": (
        "bs bsc beng ba bcom bacc bed btech be bba bfa bdes bmus bsn bsocsc barch llb bca bsw bpharm basc bachelor "
        "bachelors licence laurea 本科 学士 學士"
    ),
    "associate": "associate associates aa as aas 大专 专科",
    "secondary": "baccalauréat abitur alevels highschool ged secondary 高中 中专",
}
DEGREES = {word: rank for rank, words in RANKS.items() for word in words.split()}
SKILL_HEADINGS = frozenset({"skills", "key skills", "专业技能", "技能", "專業技能", "專長"})
YAML_FIELDS = frozenset(
    [
        "name",
        "phone",
        "mail",
        "city",
        "birth",
        "school",
        "major",
        "degree",
        "school_dates",
        "employer",
        "title",
        "job_dates",
        "listed_skill",
    ]
)
OWN_ON = date(2026, 1, 5)
WITHOUT_BIRTH = frozenset({"compact"})
OWN_FIELDS = frozenset(
    [
        "name",
        "phone",
        "mail",
        "city",
        "birth",
        "school",
        "major",
        "degree",
        "school_dates",
        "employer",
        "title",
        "job_dates",
        "duties",
    ]
)  # what every layout of the demo tells; it tells more in some


@dataclass
class Score:
    """What was to be found, was found and was invented, per field."""

    wanted: Counter[str] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)
    invented: Counter[str] = field(default_factory=Counter)

    def add(self, expected: Counter[tuple[str, str]], found: Counter[tuple[str, str]]) -> None:
        for table, items in (
            (self.wanted, expected),
            (self.hits, expected & found),
            (self.invented, found - expected),
        ):
            for (name, _), count in items.items():
                table[name] += count

    def share(self, name: str) -> str:
        return f"{self.hits[name] / self.wanted[name]:.0%}" if self.wanted[name] else "-"

    @property
    def whole(self) -> float:
        return sum(self.hits.values()) / max(sum(self.wanted.values()), 1)


def expected_facts(truth: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (field, value) for all a reader could know from a YAML of rendercv; sections by their entries."""
    cv = truth["cv"]
    yield "name", cv["name"]
    yield "mail", cv["email"]
    yield "city", cv["location"].split(",")[0]
    if cv.get("phone"):
        yield "phone", cv["phone"]
    for heading, entries in cv["sections"].items():
        for entry in entries:
            if not isinstance(entry, dict):
                continue
            if "institution" in entry:
                yield "school", entry["institution"]
                yield "major", entry["area"]
                if rank := rank_of(entry["degree"] or ""):
                    yield "degree", rank
                yield "school_dates", f"{entry['start_date']}/{entry['end_date']}"
            elif "company" in entry:
                yield "employer", entry["company"]
                yield "title", entry["position"]
                yield "job_dates", f"{entry['start_date']}/{entry['end_date']}"
            elif "label" in entry and heading.lower() in SKILL_HEADINGS:
                for skill in entry["details"].split(", "):
                    yield "listed_skill", skill.casefold()


def rank_of(degree: str) -> str:
    """Return the rank of a degree as a person writes it: `B.Sc. (Hons)`, `Master's`, `High School Diploma`."""
    bare = re.sub(r"\(.*?\)|[.'’-]", "", degree.casefold())
    words = bare.split()
    return next((DEGREES[word] for word in ("".join(words[:2]), *words[:1]) if word in DEGREES), "")


def facts_of(resume: Resume) -> Iterator[tuple[str, str, Fact]]:
    """Yield (field, value, fact) for all the parser says; skills by the words they stand in."""
    for name, fact in (("name", resume.name), ("city", resume.city), ("birth", resume.birth)):
        if fact:
            yield name, fact.value, fact
    for name, facts in (("mail", resume.mails), ("phone", resume.phones)):
        for fact in facts:
            yield name, fact.value, fact
    for stay in resume.schools:
        yield "school", stay.school.value, stay.school
        if stay.major:
            yield "major", stay.major.value, stay.major
        if stay.degree:
            yield "degree", stay.degree.value, stay.degree
        if stay.start and stay.end:
            yield "school_dates", f"{stay.start.value}/{stay.end.value}", stay.start
    for job in resume.employers:
        if job.employer:
            yield "employer", job.employer.value, job.employer
        if job.title:
            yield "title", job.title.value, job.title
        if job.start:
            end = "present" if job.current else job.end.value if job.end else ""
            yield "job_dates", f"{job.start.value}/{end}", job.start
        if job.text:
            yield "duties", bare(job.text.value), job.text
    listed = [(section.start, section.end) for section in resume.sections if section.kind == "skills"]
    for skill in resume.skills:
        if any(start <= skill.start < end for start, end in listed):
            yield "listed_skill", " ".join(skill.source.casefold().split()), skill


def bare(text: str) -> str:
    """Return the letters and figures of a text, without the numbers and marks of its points."""
    return re.sub(r"\W", "", re.sub(r"(?m)^\s*\d{1,2}[.、)](?!\d)\s?", "", text))


def in_one_form(name: str, value: str, wanted: Counter[tuple[str, str]]) -> str:
    """Return a phone as the truth writes it: a page that leaves out the country tells only the national digits."""
    if name != "phone":
        return value
    digits = "".join(char for char in value if char.isdigit()).lstrip("0")
    for kind, phone in wanted:
        if kind == "phone" and "".join(char for char in phone if char.isdigit()).endswith(digits):
            return phone
    return value


def own_facts(person: Any) -> Iterator[tuple[str, str]]:
    """Yield (field, value) for what every layout of the demo tells of its person."""
    yield "name", person.name
    yield "phone", person.phone
    yield "mail", person.mail
    yield "city", person.city
    if person.birth_year:
        yield "birth", str(person.birth_year)
    for study in person.education:
        yield "school", study.school
        yield "major", study.major
        yield "degree", rank_of(study.degree)
        yield "school_dates", f"{study.start:%Y-%m}/{study.end:%Y-%m}"
    for job in person.employments:
        yield "employer", job.company
        yield "title", job.title
        yield "job_dates", f"{job.start:%Y-%m}/" + (f"{job.end:%Y-%m}" if job.end else "present")
        yield "duties", bare("\n".join(job.duties))


def cases_of(folder: Path) -> Iterator[tuple[str, str, bytes, Counter[tuple[str, str]]]]:
    """Yield theme, file name, bytes and truth of each PDF with a YAML beside it; `NAME__THEME.pdf` is a variation."""
    for pdf in sorted(folder.glob("*.pdf")):
        truth = yaml.safe_load(pdf.with_suffix(".yaml").read_text(encoding="utf-8"))
        theme = pdf.stem.partition("__")[2] or truth["design"]["theme"]
        yield theme, pdf.name, pdf.read_bytes(), Counter(expected_facts(truth))


def own_cases() -> Iterator[tuple[str, str, bytes, Counter[tuple[str, str]]]]:
    """Yield the demo's people: eight with a Chinese résumé and two with an English one to each layout."""
    from zhiren.operations.demo import people, resumes

    everybody = people.fictional_people(on=OWN_ON)
    by_language = {
        language: [person for person in everybody if person.language == language] for language in ("zh", "en")
    }
    for number, layout in enumerate(resumes.LAYOUTS):
        chosen = [
            by_language[language][(number * count + more) % len(by_language[language])]
            for language, count in (("zh", 8), ("en", 2))
            for more in range(count)
        ]
        for person in chosen:
            name, data = resumes.write_resume(person, layout)
            told = Counter(own_facts(person))
            if layout in WITHOUT_BIRTH:
                told = Counter({fact: count for fact, count in told.items() if fact[0] != "birth"})
            yield f"{layout}-{person.language}", name, data, told


def compare(
    title: str,
    cases: Iterator[tuple[str, str, bytes, Counter[tuple[str, str]]]],
    rules: dict[str, list[int]],
    *,
    missed: bool,
    only: frozenset[str] = frozenset(),
) -> Score:
    """Print per field and per theme what was found and what was invented; return the sum over all."""
    total, themes = Score(), defaultdict[str, Score](Score)
    files = 0
    for theme, file_name, data, expected in cases:
        files += 1
        facts = [
            (name, in_one_form(name, value, expected), fact)
            for name, value, fact in facts_of(parse(data, file_name))
            if name in (only or YAML_FIELDS)
        ]
        found = Counter((name, value) for name, value, _ in facts)
        for score in (total, themes[theme]):
            score.add(expected, found)
        left = Counter(expected)
        for name, value, fact in facts:
            right = left[name, value] > 0
            left[name, value] -= right
            if name != "listed_skill":
                rules[fact.rule].append(int(right))
            if missed and not right:
                print(f"    {theme:18} {file_name:34.34} invented {name}: {value!r} by {fact.rule}")
        if missed:
            for (name, value), count in sorted(left.items()):
                if count > 0:
                    print(f"    {theme:18} {file_name:34.34} missed   {name}: {value!r}")
    fields = dict.fromkeys((*total.wanted, *total.invented))
    print(f"{title}, {files} files, {len(themes)} layouts: found {total.whole:.1%}, invented {total.invented.total()}")
    print(f"  {'field':14} {'in the truth':>12} {'found':>7} {'invented':>9}")
    for name in fields:
        print(f"  {name:14} {total.wanted[name]:12} {total.share(name):>7} {total.invented[name]:9}")
    print(f"  {'layout':20} {'all':>6} {'inv.':>5}  " + " ".join(f"{name[:8]:>8}" for name in fields))
    for theme, score in sorted(themes.items()):
        columns = " ".join(f"{score.share(name):>8}" for name in fields)
        print(f"  {theme:20} {score.whole:6.1%} {score.invented.total():5}  {columns}")
    return total


def show_rules(rules: Mapping[str, list[int]]) -> None:
    """Print how often each rule was right over all layouts with a truth."""
    print(f"rules\n  {'rule':28} {'facts':>6} {'right':>7}")
    for rule, outcomes in sorted(rules.items()):
        print(f"  {rule:28} {len(outcomes):6} {sum(outcomes) / len(outcomes):7.3f}")


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
        kinds = {section.kind for section in resume.sections}
        seen["with two sections or more"] += len(resume.sections) > 1
        for kind in ("work", "education", "skills", "summary"):
            seen[f"with a section of {kind}"] += kind in kinds
        seen["with work, education, skills"] += kinds >= {"work", "education", "skills"}
        seen["with an employment"] += bool(resume.employers)
        seen["with a school"] += bool(resume.schools)
        seen["with a degree"] += resume.degree is not None
        seen["with a skill"] += bool(resume.skills)
        seen["with a name"] += resume.name is not None
        seen["with a phone"] += bool(resume.phones)
        seen["with a mail"] += bool(resume.mails)
        seen["taken for no résumé"] += "not_a_resume" in resume.warnings
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
    arguments.add_argument(
        "--theme-folder", type=Path, action="append", default=[], help="PDFs with a YAML beside each"
    )
    arguments.add_argument("--own", action="store_true", help="the demo's people in the demo's layouts, too")
    arguments.add_argument("--rules", action="store_true", help="print how often each rule was right")
    arguments.add_argument("--missed", action="store_true", help="name what was missed or invented")
    arguments.add_argument("--every", type=int, default=1, help="take every n-th LiveCareer file; 0 for none")
    options = arguments.parse_args()
    rendercv, livecareer = options.data / "resume_layouts/rendercv", options.data / "resumes_en_livecareer_pdf"
    if not rendercv.is_dir() or not livecareer.is_dir():
        print(f"no data at {options.data}: nothing measured", file=sys.stderr)
        return 2
    rules: dict[str, list[int]] = defaultdict(list)
    score = compare("rendercv", cases_of(rendercv), rules, missed=options.missed)
    for folder in options.theme_folder:
        score = compare(folder.name, cases_of(folder), rules, missed=options.missed)
    if options.own:
        compare("the demo's own layouts", own_cases(), rules, missed=options.missed, only=OWN_FIELDS)
    if options.rules:
        show_rules(rules)
    print(machine(with_database=False))
    if options.every:
        seconds = measure(livecareer, options.every)
        print(f"resume_pdf_p95: {percentile(seconds, 0.95):.1f} ms")
        print(f"resume_pdf_in_child_median: {statistics.median(child_seconds(livecareer, 12)) * 1000:.1f} ms")
        print(f"resume_pdf_median: {statistics.median(seconds) * 1000:.1f} ms")
    print(f"resume_facts_invented: {score.invented.total()} facts")
    print(f"resume_facts_found: {score.whole * 100:.1f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
