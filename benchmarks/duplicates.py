"""How many of the persons who are in the database twice are suggested, how many suggestions are right, and how long
it takes to compare a new person, and those who wait after an update or an import.

The persons are made: names as common as they are in China, schools and employers drawn so that a few are everywhere.
One in ten has a second record, made from the first as people make one: another phone number and address always, then
by chance a slip in the name, traditional characters or pinyin, a newer job, one job or school left out, years instead
of months, months that are off, the employer's name in another form, no date of birth; some have no résumé in the second
record at all. A hundred more share name and school with somebody and are not them. Everybody is compared through the
program's own service, on sealed résumés in the database.

    python benchmarks/duplicates.py [--persons 10000] [--crowd 100000]

`--crowd` fills up with strangers before the time for a new person is taken; 0 leaves that out.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any
from uuid import UUID

from _common import copy, execute, fresh_database, machine, percentile, say, timed

SEED = 20260302
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NEWCOMERS = 200
BACKLOG = 2000
_WORDS = "云山海川星辰远航青禾银杏金石长风明湖瑞安嘉禾天成宏图和光启明大地东方新城南岭北辰西江春晓秋实"
_TRADES = (
    "网络科技",
    "信息技术",
    "电子商务",
    "软件",
    "食品",
    "医药",
    "物流",
    "机械",
    "建筑",
    "能源",
    "教育咨询",
    "文化传媒",
)
_FORMS = ("有限公司", "有限公司", "股份有限公司", "有限责任公司", "集团有限公司")
_PLACES = ("北京", "上海", "深圳", "杭州", "成都", "南京", "武汉", "广州", "苏州", "西安")
_SCHOOL_KINDS = ("大学", "理工大学", "师范大学", "科技大学", "财经大学", "职业技术学院")
_FACULTIES = ("计算机学院", "管理学院", "机械工程学院", "外国语学院")


@dataclass(frozen=True)
class Job:
    """A time with an employer; months are counted from the year 0."""

    words: str
    place: str
    trade: str
    form: str
    start: int
    end: int

    def named(self, style: int) -> str:
        """Return the employer's name as somebody writes it."""
        return (
            f"{self.place}{self.words}{self.trade}{self.form}",
            f"{self.words}（{self.place}）{self.trade}{self.form}",
            f"{self.words}{self.trade}",
            f"{self.words}{self.trade}（{self.place}）公司",
            self.words,
        )[style]


@dataclass(frozen=True)
class Life:
    """What is true of somebody, and how one record tells it."""

    who: int
    name: str
    city: str
    birth: str
    schools: tuple[tuple[str, int, int], ...]
    jobs: tuple[Job, ...]
    style: int = 0
    by_year: bool = False
    has_resume: bool = True


class Makers:
    """Draws lives; a few names, schools and employers are everywhere."""

    def __init__(self, seed: int) -> None:
        from _company import GIVEN, SURNAMES

        from zhiren.resumes import vocabulary

        self.rng = random.Random(seed)
        self.surnames, self.shares = list(SURNAMES), list(accumulate(SURNAMES.values()))
        self.given = GIVEN
        self.given_shares = list(accumulate(range(len(GIVEN) + 10, 10, -1)))
        self.schools = [f"{_PLACES[n % 10]}{_WORDS[n % 40]}{_SCHOOL_KINDS[n % 6]}" for n in range(240)]
        self.school_shares = list(accumulate(1 / (n + 3) for n in range(240)))
        pairs = [f"{a}{b}" for a in _WORDS for b in _WORDS if a != b]
        self.rng.shuffle(pairs)
        self.employers = [(words, self.rng.choice(_PLACES), self.rng.choice(_TRADES), self.rng.choice(_FORMS))
                          for words in pairs]  # fmt: skip
        self.employer_shares = list(accumulate(1 / (n + 8) for n in range(len(self.employers))))
        self.traditional = {simple: other for other, simple in vocabulary._to_simplified().items()}

    def life(self, who: int) -> Life:
        """Return somebody."""
        rng = self.rng
        length = 1 if rng.random() < 0.25 else 2
        name = rng.choices(self.surnames, cum_weights=self.shares)[0]
        name += "".join(rng.choices(self.given, cum_weights=self.given_shares, k=length))
        born = rng.randint(1968, 2003)
        began = born + 18
        schools = [(rng.choices(self.schools, cum_weights=self.school_shares)[0], began * 12 + 8, (began + 4) * 12 + 5)]
        if rng.random() < 0.25:
            schools.append(
                (
                    rng.choices(self.schools, cum_weights=self.school_shares)[0],
                    (began + 4) * 12 + 8,
                    (began + 7) * 12 + 5,
                )
            )
        at = schools[-1][2] + 1
        jobs = []
        while at < 2025 * 12 and len(jobs) < 5:
            stay = rng.randint(8, 60)
            employer = rng.choices(self.employers, cum_weights=self.employer_shares)[0]
            jobs.append(Job(*employer, start=at, end=at + stay))
            at += stay + rng.choice((0, 0, 1, 3))
        month, day = rng.randint(1, 12), rng.randint(1, 28)
        birth = (
            f"{born}-{month:02d}-{day:02d}"
            if rng.random() < 0.2
            else f"{born}-{month:02d}"
            if rng.random() < 0.5
            else ""
        )
        return Life(who, name, rng.choice(_PLACES), birth, tuple(schools), tuple(jobs))

    def second_record(self, life: Life) -> Life:
        """Return somebody as a later record tells them."""
        rng = self.rng
        schools, jobs = list(life.schools), list(life.jobs)
        if len(jobs) > 1 and rng.random() < 0.3:
            jobs.pop(rng.randrange(len(jobs)))
        if rng.random() < 0.4:
            start = (jobs[-1].end if jobs else 2024 * 12) + 1
            employer = rng.choices(self.employers, cum_weights=self.employer_shares)[0]
            jobs.append(Job(*employer, start=start, end=start + 12))
        if rng.random() < 0.15:
            jobs = [replace(job, start=job.start + rng.randint(-2, 2)) for job in jobs]
        if len(schools) > 1 and rng.random() < 0.3:
            schools.pop(0)
        if rng.random() < 0.2:
            schools = [(f"{name}{rng.choice(_FACULTIES)}", start, end) for name, start, end in schools]
        if rng.random() < 0.1:
            jobs = []
        elif rng.random() < 0.05:
            schools = []
        return replace(
            life,
            name=self.written(life.name),
            birth=life.birth if rng.random() < 0.5 else "",
            city=life.city if rng.random() < 0.7 else rng.choice(_PLACES),
            schools=tuple(schools),
            jobs=tuple(jobs),
            style=rng.choice((0, 1, 2, 3, 4)),
            by_year=rng.random() < 0.3,
            has_resume=rng.random() >= 0.04,
        )

    def written(self, name: str) -> str:
        """Return a name as it may be written the second time."""
        from zhiren.people import names

        chance = self.rng.random()
        if chance < 0.1:
            at = self.rng.randrange(1, len(name))
            return name[:at] + self.rng.choice(self.given) + name[at + 1 :]
        if chance < 0.2:
            return name.translate(self.traditional)
        if chance < 0.3:
            return f"{names.pinyin(name[1:]).title()} {names.pinyin(name[0]).title()}"
        return name

    def namesake(self, life: Life, who: int) -> Life:
        """Return somebody else of the same name from the same school, a few years apart or not."""
        other = self.life(who)
        school, start, end = life.schools[0]
        shift = 12 * self.rng.randint(-3, 3)
        return replace(other, name=life.name, schools=((school, start + shift, end + shift),))


def records(makers: Makers, count: int) -> list[Life]:
    """Return the records: nine tenths are first ones, a tenth second ones, and a hundred namesakes among them."""
    twice, namesakes = count // 10, min(100, count // 50)
    lives = [makers.life(who) for who in range(count - twice - namesakes)]
    chosen = makers.rng.sample(lives, twice + namesakes)
    found = [*lives, *(makers.second_record(life) for life in chosen[:twice])]
    found += [makers.namesake(life, len(lives) + number) for number, life in enumerate(chosen[twice:])]
    makers.rng.shuffle(found)
    return found


def resume_json(life: Life) -> str:
    """Return the résumé of a record as it is stored."""
    from zhiren.resumes import Education, Employment, Fact, Resume

    def fact(value: str) -> Fact:
        return Fact(value=value, source=value, page=1, line=1, start=0, end=len(value), confidence=0.9, rule="made")

    def date(month: int) -> Fact:
        return fact(f"{month // 12}" if life.by_year else f"{month // 12}-{month % 12 + 1:02d}")

    resume = Resume(
        text="",
        pages=1,
        language="zh",
        name=fact(life.name),
        birth=fact(life.birth) if life.birth else None,
        schools=tuple(
            Education(school=fact(name), start=date(start), end=date(end)) for name, start, end in life.schools
        ),
        employers=tuple(
            Employment(employer=fact(job.named(life.style)), start=date(job.start), end=date(job.end))
            for job in life.jobs
        ),
    )
    return json.dumps(resume.to_json(), ensure_ascii=False)


def load(lives: Sequence[Life], *, first_number: int, with_keys: bool) -> list[UUID]:
    """Load records with contacts, files and résumés, sealed as ever; return their ids in order."""
    from zhiren.kernel.ids import new_id
    from zhiren.people import likeness, names
    from zhiren.people.models import Compared, Contact, Document, MatchKey, Person, PersonKey, Resume
    from zhiren.people.vault import Vault
    from zhiren.plumbing import crypto

    rows: dict[type[Any], list[Any]] = {
        model: [] for model in (Person, PersonKey, Contact, Document, Resume, MatchKey, Compared)
    }
    for number, life in enumerate(lives, first_number):
        person = Person(
            name=life.name, name_grams=names.grams(life.name), city=life.city, created_at=AT, skills=[], tags=[]
        )
        key = crypto.new_key()
        vault = Vault(person.pk, key)
        wrapped = crypto.wrap(key, bound_to=f"people_personkey|{person.pk}")
        rows[Person].append(person)
        rows[PersonKey].append(PersonKey(person_id=person.pk, wrapped=wrapped))
        contacts = {("phone", f"+86100{number:08d}"), ("mail", f"p{number}@example.com")}
        for kind, value in contacts:
            contact = Contact(person_id=person.pk, kind=kind, index=crypto.blind_index(kind, value))
            contact.sealed = vault.seal(value, cell="people_contact|sealed", row=contact.pk)
            rows[Contact].append(contact)
        if life.has_resume:
            document_id, file_key = new_id(), crypto.new_key()
            rows[Document].append(
                Document(
                    id=document_id,
                    person_id=person.pk,
                    name_sealed=crypto.seal(file_key, b"a", bound_to=f"people_document|name_sealed|{document_id}"),
                    key_wrapped=vault.wrap(file_key, cell="people_document|key_wrapped", row=document_id),
                    media_type="application/pdf",
                    size=1,
                    digest=document_id.bytes,
                    stored_at=AT,
                )
            )
            resume = Resume(person_id=person.pk, document_id=document_id, parsed_at=AT, parser="1")
            sealed = vault.seal(resume_json(life), cell="people_resume|parsed_sealed", row=resume.pk)
            resume.parsed_sealed = sealed
            rows[Resume].append(resume)
        if with_keys:
            keys = {crypto.mac("match-key", key.encode())[:16] for key in likeness.match_keys(profile(life, contacts))}
            rows[MatchKey] += [MatchKey(person_id=person.pk, index=index) for index in keys]
            rows[Compared].append(Compared(person_id=person.pk, edition=likeness.EDITION, at=AT))
    for model, found in rows.items():
        copy(model, found, without=["id"] if model is MatchKey else [])
    return [person.pk for person in rows[Person]]


def profile(life: Life, contacts: set[tuple[str, str]]) -> Any:
    """Return what is compared of a record."""
    from zhiren.people.likeness import Profile, Stay
    from zhiren.plumbing import crypto

    def date(month: int) -> str:
        return f"{month // 12}" if life.by_year else f"{month // 12}-{month % 12 + 1:02d}"

    if not life.has_resume:
        return Profile(life.name, city=life.city)
    return Profile(
        life.name,
        life.birth,
        life.city,
        [Stay(name, date(start), date(end)) for name, start, end in life.schools],
        [Stay(job.named(life.style), date(job.start), date(job.end)) for job in life.jobs],
        frozenset((kind, crypto.blind_index(kind, value)) for kind, value in contacts),
    )


def crowds(makers: Makers, count: int, already: int) -> Iterator[list[Life]]:
    """Return strangers, some thousands at a time."""
    while already < count:
        some = min(5000, count - already)
        yield [makers.life(-1) for _number in range(some)]
        already += some


def say_pace(among: int) -> float:
    """Compare all who wait, job by job as the worker does; return how many in a minute."""
    from zhiren.people import duplicates

    times: list[float] = []
    done = 0
    while True:
        began = time.perf_counter()
        some = duplicates.find_in_backlog(at=AT)
        if not some:
            break
        times.append(time.perf_counter() - began)
        done += some
    say(
        f"backlog, among {among}: {done} compared in {sum(times):.0f} s, {sum(times) / done * 1000:.1f} ms each;"
        f" the longest job took {max(times):.1f} s"
    )
    return done / sum(times) * 60


def main() -> None:
    """Make persons, compare them, count, and time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=10_000)
    parser.add_argument("--crowd", type=int, default=100_000)
    given = parser.parse_args()
    with fresh_database():
        from zhiren.people import duplicates
        from zhiren.people.models import DuplicateSuggestion

        say(machine())
        makers = Makers(SEED)
        lives = records(makers, given.persons)
        ids = load(lives, first_number=0, with_keys=False)
        whose = dict(zip(ids, (life.who for life in lives), strict=True))
        records_of: dict[int, list[UUID]] = {}
        for person_id, who in whose.items():
            records_of.setdefault(who, []).append(person_id)
        true_pairs = {tuple(sorted(found)) for found in records_of.values() if len(found) == 2}
        say(f"{given.persons} records, {len(true_pairs)} persons twice")
        execute("ANALYZE")
        pace = say_pace(len(ids))
        rows = list(DuplicateSuggestion.objects.values_list("first_id", "second_id", "score"))
        say(f"{len(rows)} suggestions")
        for least, label in ((0, "all suggestions"), (50, "likely ones"), (90, "very likely ones")):
            found = {(first, second) for first, second, score in rows if score >= least}
            right = len(found & true_pairs)
            say(
                f"{label}: precision {right / max(len(found), 1):.3f} ({right} of {len(found)}), "
                f"recall {right / len(true_pairs):.3f}"
            )
        missed = [pair for pair in true_pairs if pair not in {(first, second) for first, second, _score in rows}]
        bare = sum(not lives[ids.index(one)].has_resume for pair in missed for one in pair)
        say(f"missed {len(missed)}, of which {bare} have a record without a résumé")
        recall = 1 - len(missed) / len(true_pairs)
        wrong = len({(first, second) for first, second, _score in rows} - true_pairs)
        if given.crowd:
            total = given.persons
            for some in crowds(makers, given.crowd, given.persons):
                load(some, first_number=total, with_keys=True)
                total += len(some)
            execute("ANALYZE")
            new = load([makers.life(-1) for _number in range(NEWCOMERS)], first_number=total, with_keys=False)
            times = [timed(lambda one=one: duplicates.find_duplicates_of(person_id=one, at=AT)) for one in new]  # type: ignore[misc]  # as above
            say(
                f"new, among {total}: median {percentile(times, 0.5):.1f} ms, p95 {percentile(times, 0.95):.1f} ms,"
                f" worst {max(times) * 1000:.1f} ms"
            )
            load([makers.life(-1) for _number in range(BACKLOG)], first_number=total + NEWCOMERS, with_keys=False)
            execute("ANALYZE")
            pace = say_pace(total)
        say(machine())
        say(f"duplicates_precision: {(len(rows) - wrong) / max(len(rows), 1):.3f} share")
        say(f"duplicates_recall: {recall:.3f} share")
        say(f"duplicates_backlog: {pace:.0f} persons/minute")


if __name__ == "__main__":
    main()
