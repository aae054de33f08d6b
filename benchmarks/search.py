"""How long a search takes: 200,000 persons with a résumé's text each, asked for through the web, by who may see whom.

Texts are drawn from one seed, as often as words are (Zipf), from the parser's own vocabulary: 300 to 1,500 characters,
four fifths Chinese. Entries are made by the real tokenizer with real keys and seals, and loaded with COPY. The queries
are chosen by how many texts hold them. Who asks: a recruiter with a hundredth of all persons, one with a tenth, a
hiring manager with the half that is in their department, and an HR manager who sees everybody.

Then a thousand texts are read one by one: whatever holds two characters must be found by them.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import re
import time
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from _common import copy, cpu_seconds, execute, fresh_database, load, machine, percentile, say

if TYPE_CHECKING:
    from django.test import Client

SEED = 20261122
WARM_UPS, REQUESTS = 4, 40
GOAL_MS = 50
HISTORY_DAYS = 3 * 365
SAMPLE = 1000
INDEXES = tuple(f"entry_words_{age}" for age in range(4))
PART = 5_000  # persons made and loaded at a time
GLUE = re.findall(
    r"\w+",
    "负责 参与 公司 项目 工作 系统 团队 开发 设计 完成 使用 熟悉 管理 数据 客户 提升 优化 业务 平台 产品 "
    "分析 支持 推进 协调 沟通 经验 能力 学习 年度 获得 优秀 部门 流程 方案 实现 维护 测试 上线 运营 市场 "
    "销售 增长 成本 质量 培训 招聘 财务 合同 供应 采购 主导 带领 搭建 建设 落地 跟进 对接 输出 制定 执行 "
    "监控 评估 改进 复盘 规划 目标 指标 季度 同比 万元 用户 渠道 活动 内容 品牌",
)
ENGLISH = re.findall(
    r"\w+",
    "led built designed managed improved delivered supported the and for with of to in a team product data system "
    "customer revenue growth project cloud platform service process quality cost analysis report market sales",
)
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾"
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉萍红辉建国文博宇浩然子轩梓涵欣怡"
    "思雨佳琪梦婷雪晓东志远海鹏飞龙翔鑫慧颖俊峰"
)
CITIES = ("上海", "北京", "深圳", "杭州", "苏州", "成都", "南京", "武汉", "广州", "西安")
DEGREES = ("secondary", "associate", "bachelor", "bachelor", "bachelor", "master", "master", "doctor", "")
TITLES = ("后端工程师", "产品经理", "数据分析师", "销售经理", "财务主管", "招聘专员", "测试工程师", "运营经理")


class Texts:
    """Résumé texts, as often as words are."""

    def __init__(self, seed: str) -> None:
        from zhiren.resumes.vocabulary import load as vocabulary

        self.random = random.Random(SEED)  # the same words are common for every seed
        skills = [str(name) for name in _strings(vocabulary("skills"))]
        places = [str(name) for name in _strings(vocabulary("cities"))]
        headings = [str(name) for name in _strings(vocabulary("headings"))]
        rest = sorted({word.strip() for word in (*skills, *places, *headings) if 1 < len(word.strip()) <= 24})
        self.random.shuffle(rest)
        pairs = [one + two for one in GIVEN for two in GIVEN[::3]]
        self.random.shuffle(pairs)
        self.skills = sorted({word for word in skills if 1 < len(word) <= 24})
        self.words = [*GLUE, *rest, *pairs]
        self._shares = list(accumulate(1 / (rank + 6) for rank in range(len(self.words))))
        self._english = [*ENGLISH, *[word for word in rest if word.isascii()]]
        self._english_shares = list(accumulate(1 / (rank + 6) for rank in range(len(self._english))))
        self.random = random.Random(seed)

    def text(self) -> str:
        """Return one text of 300 to 1,500 characters."""
        draw = self.random
        size = draw.randrange(300, 1500)
        english = draw.random() < 0.2
        words, shares = (self._english, self._english_shares) if english else (self.words, self._shares)
        found: list[str] = []
        length = 0
        while length < size:
            for word in draw.choices(words, cum_weights=shares, k=12):
                found.append(word)
                length += len(word) + english
                if english or word.isascii():
                    found.append(" ")
                elif draw.random() < 0.18:
                    found.append(draw.choice("，，，。；、\n"))
        return "".join(found)[:size]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (word.strip(" ~") for word in value.split(","))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _strings(inner)


@dataclass
class World:
    """Who asks, and how many persons hold which pairs of characters or words."""

    users: dict[str, str]
    held: Counter[str]
    sample: dict[str, str]

    def clients(self) -> dict[str, Client]:
        """Return each of them signed in."""
        from django.test import Client

        from zhiren.access.models import User

        found = {}
        for who, email in self.users.items():
            found[who] = Client(SERVER_NAME="127.0.0.1")
            found[who].force_login(User.objects.get(email=email))
        return found


@dataclass(frozen=True)
class Part:
    """What loading some thousand persons gave: how long hashing took in seconds, and the texts of the sample."""

    hashing: float
    length: int
    sample: dict[str, str]


def _load_part(
    first: int,
    *,
    size: int,
    repeat: int,
    at: datetime,
    openings: dict[str, list[UUID]],
    stages: dict[UUID, list[UUID]],
) -> Part:
    """Make the persons from this number on, and load them: runs in a process of its own."""
    from zhiren.people import names
    from zhiren.people.models import Person, PersonKey
    from zhiren.people.vault import Vault
    from zhiren.plumbing import crypto
    from zhiren.recruiting.models import Application
    from zhiren.resumes import Resume
    from zhiren.talent import contents, lexemes, rules
    from zhiren.talent.models import Entry

    texts = Texts(f"{SEED} {first}")
    draw = random.Random(f"{SEED} {first} persons")
    hashing, length, sample = 0.0, 0, dict[str, str]()
    ends = list(accumulate(rules.AGES))
    rows: dict[type[Any], list[Any]] = {Person: [], PersonKey: [], Application: [], Entry: []}
    known: list[tuple[dict[str, Any], contents.Contents, str]] = []
    for number in range(first, min(first + PART, size)):
        place = number % 100
        kind = "small" if place == 0 else "tenth" if place < 11 else "half" if place < 51 else "other"
        opening_id = openings[kind][number // 100 % 4]
        created = at - timedelta(days=HISTORY_DAYS) * (1 - number / size)
        if number - first < PART // repeat:
            name = draw.choice(SURNAMES) + draw.choice(GIVEN) + (draw.choice(GIVEN) if draw.random() < 0.7 else "")
            facts = {
                "name": name,
                "name_grams": names.grams(name),
                "headline": f"{draw.choice(TITLES)} · {draw.choice(texts.words)}（演示）",
                "city": draw.choice(CITIES),
                "degree": draw.choice(DEGREES),
                "years": draw.randrange(21),
                "skills": draw.sample(texts.skills, 6),
                "tags": draw.sample(("储备", "内推", "高潜", "985", "海归"), draw.randrange(3)),
            }
            text = texts.text()
            length += len(text)
            began = time.perf_counter()
            gathered = contents.gather([Person(**facts)], [Resume(text=text, pages=1, language="zh")], [], [], [])
            known.append((facts, gathered, gathered.vector))
            hashing += time.perf_counter() - began
        facts, gathered, vector = known[(number - first) % len(known)]
        person = Person(**facts, created_at=created)
        own = lexemes.vector([(lexemes.KEYS, [contents.key("o", opening_id), contents.key("p", person.pk)])])
        key = crypto.new_key()
        entry = Entry(
            person_id=person.pk,
            words=f"{vector} {own}",
            text_sealed=contents.sealed(Vault(person.pk, key), gathered.texts),
            newest=created,
            age=bisect(ends, size - 1 - number),
            version=lexemes.version(),
        )
        if number - first < max(PART * SAMPLE // size, 1):
            sample[str(person.pk)] = "\n".join((person.name, person.headline, *person.skills, text))
        rows[Person].append(person)
        rows[PersonKey].append(
            PersonKey(person_id=person.pk, wrapped=crypto.wrap(key, bound_to=f"people_personkey|{person.pk}"))
        )
        rows[Application].append(
            Application(
                person_id=person.pk,
                opening_id=opening_id,
                stage_id=draw.choice(stages[opening_id]),
                source=draw.choice(("careers", "upload", "referral")),
                applied_at=created,
                entered_stage_at=created,
            )
        )
        rows[Entry].append(entry)
    for model, found in rows.items():
        copy(model, found)
    return Part(hashing, length, sample)


def build(size: int, repeat: int) -> World:
    """Load the company and its entries."""
    from django.db import connections

    from zhiren.access.models import RoleGrant, User
    from zhiren.kernel.actors import Actor
    from zhiren.org.models import Company, Department, Entity, Grade, Position
    from zhiren.recruiting import services as recruiting
    from zhiren.recruiting.models import Stage
    from zhiren.talent import lexemes
    from zhiren.talent.models import Walk

    at = datetime.now(UTC)
    Company.objects.create(name="云杉科技（演示）", name_en="Yunshan (demo)")
    entity = Entity.objects.create(name="云杉科技（上海）", name_en="Yunshan Shanghai")
    departments = [Department.objects.create(entity=entity, name=name) for name in ("研发部", "销售部")]
    grade = Grade.objects.create(code="P5", name="P5", currency="CNY", pay_from=1_800_000, pay_to=3_000_000)

    def user(role: str, scope: str, department: Department | None = None) -> User:
        row = User(email=f"user{User.objects.count()}@yunshan.example", name=role, created_at=at, department=department)
        row.set_unusable_password()
        row.save()
        RoleGrant.objects.create(
            user=row, role=role, scope=scope, department=department if scope == "department" else None
        )
        return row

    # A hundredth, a tenth, the rest: by a recruiter each; the first department has one half.
    users = {
        "recruiter, own 1 %": user("recruiter", "own"),
        "recruiter, own 10 %": user("recruiter", "own"),
        "hiring manager, 50 %": user("hiring_manager", "department", departments[0]),
        "HR manager, all": user("hr_manager", "all"),
    }
    rest = user("recruiter", "own")
    owners = {
        "small": users["recruiter, own 1 %"], "tenth": users["recruiter, own 10 %"], "half": rest, "other": rest
    }  # fmt: skip
    openings: dict[str, list[Any]] = {}
    for kind, owner in owners.items():
        position = Position.objects.create(
            department=departments[1 if kind == "other" else 0], grade=grade, title=TITLES[len(openings)]
        )
        openings[kind] = [
            recruiting.open_opening(
                actor=Actor.system("benchmark"),
                opening_id=recruiting.create_opening(
                    actor=Actor.system("benchmark"), at=at, position_id=position.pk, owner_id=owner.pk,
                    title=f"{position.title} {number}",
                ).pk,
            )
            for number in range(4)
        ]  # fmt: skip
    groups = {kind: [one.pk for one in group] for kind, group in openings.items()}
    stages = {
        one: list(Stage.objects.filter(opening_id=one).values_list("pk", flat=True))
        for group in groups.values()
        for one in group
    }
    execute(*(f"DROP INDEX {name}" for name in ("entry_by_age", *INDEXES)))
    began = time.perf_counter()
    connections.close_all()  # each process opens its own
    load_of = partial(_load_part, size=size, repeat=repeat, at=at, openings=groups, stages=stages)
    with get_context("fork").Pool(2 * (os.cpu_count() or 1)) as pool:  # half of them wait for the database
        parts = pool.map(load_of, range(0, size, PART), chunksize=1)
    loaded = time.perf_counter() - began
    held, sample = Counter[str](), dict[str, str]()
    for part in parts:
        sample |= part.sample
    for text in sample.values():
        held.update(set(_asked(text)))
    hashing, length = sum(part.hashing for part in parts), sum(part.length for part in parts)
    Walk.objects.create(version=lexemes.version(), done=size, total=size, finished_at=at)
    began = time.perf_counter()
    execute(
        "SET maintenance_work_mem = '1GB'",
        *(
            f"CREATE INDEX {name} ON talent_entry USING gin (words) WITH (fastupdate = off) WHERE age = {age}"
            for age, name in enumerate(INDEXES)
        ),
        "CREATE INDEX entry_by_age ON talent_entry (age, newest DESC, person_id DESC)",
    )
    indexed = time.perf_counter() - began
    execute("VACUUM (ANALYZE)")
    say(
        f"{size} persons, {size // repeat} texts of {length / size * repeat:.0f} characters on average, "
        f"hashed in {hashing / size * repeat * 1000:.2f} ms each; all made and loaded in {loaded:.0f} s, "
        f"indexes built in {indexed:.0f} s"
    )
    return World({label: row.email for label, row in users.items()}, held, sample)


def world_of(size: int, repeat: int, kept: Path | None) -> World:
    """Load the company, or take the one that an earlier run loaded into a folder and left there."""
    from zhiren.talent.models import Entry

    told = kept / "search-benchmark.json" if kept else None
    if told and told.exists():
        known = json.loads(told.read_text())
        assert Entry.objects.count() == size, "another size was loaded into this folder"
        say(f"{size} persons loaded by an earlier run")
        return World(known["users"], Counter(known["held"]), known["sample"])
    world = build(size, repeat)
    if told:
        told.write_text(json.dumps({"users": world.users, "held": world.held, "sample": world.sample}))
    return world


_HITS = re.compile(r'role="status">(\d+)')
_PAIR = re.compile(r"(?=([\u4e00-\u9fff]{2}))")
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{3,12}(?![A-Za-z0-9+#])")


def _asked(text: str) -> Iterator[str]:
    yield from (match.group(1) for match in _PAIR.finditer(text))
    yield from (word.lower() for word in _WORD.findall(text))


def kinds_of_queries(world: World) -> dict[str, list[dict[str, str]]]:
    """Return the queries of each kind, chosen by how many of the sample hold them."""
    pairs = [(word, count / SAMPLE) for word, count in world.held.most_common() if not word.isascii()]
    english = [(word, count / SAMPLE) for word, count in world.held.most_common() if word.isascii()]

    def some(among: list[tuple[str, float]], least: float, most: float, number: int = 8) -> list[str]:
        fitting = [word for word, share in among if least <= share < most]
        return fitting[:: max(len(fitting) // number, 1)][:number]

    everywhere, common = some(pairs, 0.4, 1.01), some(pairs, 0.1, 0.4)
    rare = some(pairs, 0.001, 0.003)
    return {
        "in 40 % and more": [{"q": word} for word in everywhere],
        "in 10 to 40 %": [{"q": word} for word in common],
        "in 1 to 10 %": [{"q": word} for word in some(pairs, 0.01, 0.1)],
        "in 0.1 to 0.3 %": [{"q": word} for word in rare],
        "in nobody": [{"q": "龘龘"}],
        "common and filters": [{"q": word, "city": "上海", "degree": "master"} for word in common],
        "common two": [{"q": f"{one} {two}"} for one, two in zip(common, reversed(everywhere), strict=False)],
        "common but not": [{"q": f"{one} -{two}"} for one, two in zip(common, reversed(common), strict=True)],
        "phrase": [{"q": f'"{one}{two}"'} for one, two in zip(GLUE[:8], GLUE[8:16], strict=True)],
        "prefix": [{"q": word[:3]} for word in some(english, 0.005, 0.5)],
        "common, best first": [{"q": word, "sort": "best"} for word in common],
        "no words, a filter": [{"city": city} for city in CITIES[:4]],
    }


def measure(client: Client, queries: list[dict[str, str]], database: int) -> tuple[float, float, float, int]:
    """Ask for the page with each query in turn; return p50, p95, processor time, and the most hits that one found."""
    from django.urls import reverse

    address = reverse("talent:search")
    seconds = []
    hits = 0
    before = 0.0
    for number in range(WARM_UPS + REQUESTS):
        if number == WARM_UPS:
            before = cpu_seconds(database)
        query = urlencode(queries[number % len(queries)])
        began = time.perf_counter()
        answer = client.get(f"{address}?{query}")
        if number >= WARM_UPS:
            seconds.append(time.perf_counter() - began)
        assert answer.status_code == 200, query
        told = _HITS.search(answer.content.decode())
        hits = max(hits, int(told.group(1)) if told else 0)
    cpu = (cpu_seconds(database) - before) / REQUESTS * 1000
    return percentile(seconds, 0.5), percentile(seconds, 0.95), cpu, hits


def recall(world: World) -> tuple[int, int]:
    """Return how many of the places where a slow look finds pairs are found by the index, and how many there are."""
    from zhiren.talent import lexemes, rules
    from zhiren.talent.models import Entry

    draw = random.Random(SEED + 2)
    pairs = sorted(word for word in world.held if not word.isascii())
    wanted = found = 0
    for pair in draw.sample(pairs, min(300, len(pairs))):
        slow = {person_id for person_id, text in world.sample.items() if pair in text}
        condition = lexemes.condition(rules.read_query(pair), (lexemes.TEXT,))[0]
        quick = {
            str(one)
            for age in range(rules.OLDEST + 1)
            for one in Entry.objects.filter(
                age=age, words__matches=condition, person_id__in=list(world.sample)
            ).values_list("person_id", flat=True)
        }
        wanted += len(slow)
        found += len(slow & quick)
    return found, wanted


def main() -> None:
    """Measure."""
    arguments = argparse.ArgumentParser(description="How long a search takes.")
    arguments.add_argument("--size", type=int, default=200_000, help="number of persons")
    arguments.add_argument("--repeat", type=int, default=1, help="persons with the same text: a quicker load")
    arguments.add_argument("--keep", type=Path, help="load into this folder and keep it, or use what is kept there")
    options = arguments.parse_args()
    with fresh_database(options.keep):
        from django.db import connection

        say(machine())
        began = time.perf_counter()
        world = world_of(options.size, options.repeat, options.keep)
        say(f"loaded in {time.perf_counter() - began:.0f} s; load average {load()}")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_relation_size('talent_entry'), pg_table_size('talent_entry')"
                + "".join(f", pg_relation_size('{name}')" for name in INDEXES)
            )
            narrow, table, *ages = (number / 1024**2 for number in cursor.fetchone())
            cursor.execute("SELECT pg_backend_pid()")
            database = cursor.fetchone()[0]
        say(
            f"entries {narrow:.0f} MiB, with what lies beside them {table:.0f} MiB; "
            f"indexes from the newest to the oldest {', '.join(f'{size:.0f}' for size in ages)} MiB"
        )
        gc.collect()
        gc.freeze()
        everything = []
        say(f"{'who asks':22} {'query':20} {'p50 ms':>8} {'p95 ms':>8} {'cpu ms':>8} {'most hits':>10}")
        for who, client in world.clients().items():
            for kind, queries in kinds_of_queries(world).items():
                p50, p95, cpu, hits = measure(client, queries, database)
                everything.append((p95, f"{who}, {kind}"))
                missed = " misses the goal" if p95 > GOAL_MS else ""
                say(f"{who:22} {kind:20} {p50:8.1f} {p95:8.1f} {cpu:8.1f} {hits:10}{missed}")
        found, wanted = recall(world)
        say(f"recall of two characters: {found} of {wanted} places in {SAMPLE} texts ({found / wanted:.2%})")
        say(f"load average at the end: {load()}; goal: p95 < {GOAL_MS} ms of each kind, recall 100 %")
        worst = max(everything)
        say(f"worst: {worst[1]}")
        say(f"search_p95: {worst[0]:.1f} ms")


if __name__ == "__main__":
    main()
