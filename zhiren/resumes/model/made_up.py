"""Lines of résumés that nobody wrote: put together from word lists, with their entities, to train what may be shipped.

Names, employers and schools are drawn part by part; that one of them exists would be chance. The same seed gives the
same lines.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from zhiren.kernel import yamls
from zhiren.resumes.vocabulary import surnames

Entity = tuple[int, int, str]
"""Start, end and label of an entity."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and the entities in it, from left to right."""

    text: str
    entities: tuple[Entity, ...]


def chinese(count: int, *, seed: int) -> list[Labelled]:
    """Return lines as Chinese résumés have them: prose of executives and lines of forms."""
    writer = _Chinese(seed)
    return [writer.line() for _ in range(count)]


def english(count: int, *, seed: int) -> list[Labelled]:
    """Return whole short résumés in English, a text of several lines each."""
    writer = _English(seed)
    return [writer.resume() for _ in range(count)]


@functools.cache
def _lists(language: str) -> dict[str, list[str]]:
    return {name: [word.replace("|", " ") for word in words.split()] for name, words in _data()[language].items()}


@functools.cache
def _data() -> dict[str, Any]:
    text = resources.files("zhiren.resumes.model").joinpath("data", "made_up.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yamls.load(text)
    return found


class _Text:
    """A text that grows, and its entities."""

    def __init__(self) -> None:
        self.text = ""
        self.entities: list[Entity] = []

    def add(self, words: str, label: str | None = None) -> None:
        if label and words:
            self.entities.append((len(self.text), len(self.text) + len(words), label))
        self.text += words

    def done(self) -> Labelled:
        return Labelled(self.text, tuple(self.entities))


class _Writer:
    """What both languages share: chance, and templates whose slots are filled by methods."""

    language = ""
    slots: dict[str, str]
    """Which label what stands in a slot has."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.words = _lists(self.language)
        self.lines: dict[str, list[str]] = _data()[f"{self.language}_lines"]

    def one(self, words: Sequence[str]) -> str:
        return words[int(self.random.integers(len(words)))]

    def of(self, name: str) -> str:
        return self.one(self.words[name])

    def chance(self, part: float) -> bool:
        return bool(self.random.random() < part)

    def number(self, first: int, last: int) -> int:
        return int(self.random.integers(first, last + 1))

    def fill(self, template: str, into: _Text) -> None:
        """Write a template; `{slot}` is filled by the method of that name and labelled as `slots` says."""
        for number, part in enumerate(template.replace("}", "{").split("{")):
            if number % 2 == 0:
                into.add(part)
            else:
                make: Callable[[], str] = getattr(self, part)
                into.add(make(), self.slots.get(part))


_SKILLS = (
    "Java", "Python", "Excel", "MySQL", "Linux", "Photoshop", "Vue", "Spring", "Docker", "SQL",
    "数据分析", "项目管理", "沟通", "谈判", "CAD", "SolidWorks", "PPT",
)  # fmt: skip


class _Chinese(_Writer):
    language = "zh"
    slots = {
        "name": "name", "surname": "name", "country": "country", "land": "country", "ethnicity": "ethnicity",
        "place": "place", "degree": "degree", "major": "major", "major_long": "major", "major_short": "major",
        "school": "org", "org": "org", "title": "title", "profession": "title", "party": "title",
    }  # fmt: skip

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.cities = self.words["cities"]
        known = sorted(surnames())
        common = _common_surnames()
        self.single = [*common * 6, *(one for one in known if len(one) == 1)]
        self.double = [one for one in known if len(one) == 2]
        self.given = "".join(self.words["given"])
        self.brand_letters = "".join(self.words["brands"])

    def line(self) -> Labelled:
        text = _Text()
        choice = self.random.random()
        if choice < 0.34:
            self._person(text)
        elif choice < 0.66:
            for _ in range(self.number(1, 3)):
                self.fill(self.one(self.lines["work"]), text)
        elif choice < 0.74:
            self.fill(self.one(self.lines["studies"]), text)
            if self.chance(0.5):
                self.fill(self.one(self.lines["work"]), text)
        elif choice < 0.92:
            self.fill(self.one(self.lines["form"]), text)
        else:
            self.fill(self.one(self.lines["other"]), text)
        made = text.done()
        if made.text.endswith("，") and self.chance(0.5):
            return Labelled(made.text[:-1] + "。", made.entities)
        return made

    def _person(self, text: _Text) -> None:
        self.fill(self.one(self.lines["person"]), text)
        for _ in range(self.number(1, 4)):
            self.fill(self.one(self.lines["facts"]), text)
        if self.chance(0.3):
            self.fill(self.one(self.lines["studies"]), text)
        if self.chance(0.35):
            self.fill(self.one(self.lines["work"]), text)

    def surname(self) -> str:
        return self.one(self.double) if self.chance(0.03) else self.one(self.single)

    def name(self) -> str:
        choice = self.random.random()
        if choice < 0.02:
            return (
                "".join(self.one("阿艾巴卡达尔哈吉库拉玛米尼帕热萨苏提瓦亚依扎") for _ in range(self.number(2, 4)))
                + "·"
                + "".join(self.one("阿艾巴卡达尔哈吉库拉玛米尼帕热萨苏提瓦亚依扎") for _ in range(self.number(2, 4)))
            )
        if choice < 0.04:
            words = _lists("en")
            return f"{self.one(words['first'])} {self.one(words['last'])}"
        return self.surname() + "".join(self.one(self.given) for _ in range(1 if self.chance(0.3) else 2))

    def sex(self) -> str:
        return "女" if self.chance(0.4) else "男"

    def land(self) -> str:
        return "中国" if self.chance(0.4) else self.of("countries")

    def country(self) -> str:
        land = "中国" if self.chance(0.8) else self.of("countries")
        return land + self.one(("国籍", "国籍", "国籍", "籍", "公民"))

    def ethnicity(self) -> str:
        name = "汉" if self.chance(0.5) else self.of("ethnic")
        return name if self.chance(0.05) else name + "族"

    def place(self) -> str:
        province, city = self.of("provinces"), self.one(self.cities)
        choice = self.number(0, 6)
        return (province, city, province + city, province + "省" + city + "市", city + "市", province + "省", city)[
            choice
        ]

    def degree(self) -> str:
        return self.of("degrees")

    def major(self) -> str:
        name = self.of("majors")
        if self.chance(0.1):
            name += self.one(("与", "及")) + self.of("majors")
        return name

    def major_long(self) -> str:
        return self.major() + self.one(("专业", "专业", "专业", "系", ""))

    def major_short(self) -> str:
        return self.major() + ("专业" if self.chance(0.3) else "")

    def region(self) -> str:
        choice = self.random.random()
        if choice < 0.55:
            return self.one(self.cities) + ("市" if self.chance(0.3) else "")
        if choice < 0.9:
            return self.of("provinces") + ("省" if self.chance(0.3) else "")
        return self.one(("中国", "中国", "国家", "全国", "亚太", "中华"))

    def brand(self) -> str:
        if self.chance(0.06):
            letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            return "".join(self.one(letters) for _ in range(self.number(2, 4)))
        return "".join(self.one(self.brand_letters) for _ in range(1 + self.number(1, 2)))

    def company(self) -> str:
        place, brand, trade = self.region(), self.brand(), self.of("trades")
        if self.chance(0.12):
            trade += self.of("trades")
        form = self.of("forms")
        choice = self.number(0, 15)
        if choice < 6:
            return place + brand + trade + form
        if choice < 9:
            return brand + trade + form
        if choice < 11:
            return f"{brand}（{place}）{trade}{form}"
        if choice < 13:
            return brand + self.of("short_forms")
        if choice == 13:
            return place + brand + self.of("short_forms")
        if choice == 14:
            return f"{brand}{trade}（{self.one(self.cities)}）有限公司"
        return place + trade + form

    def school(self) -> str:
        choice = self.number(0, 11)
        if choice == 0:
            base = self.of("foreign_schools").replace("{brand}", self.brand())
        elif choice < 4:
            base = self.one(("中国", "中央", "华东", "华北", "华南", "西南", "东北", "西北", "北方", "南方")) + self.of(
                "school_kinds"
            )
        else:
            base = self.region() + self.of("school_kinds")
        return base + self.of("faculties") if self.chance(0.12) else base

    def org(self) -> str:
        choice = self.random.random()
        if choice < 0.1:
            return self.of("generic_orgs")
        if choice < 0.66:
            name = self.company()
        elif choice < 0.74:
            name = self.region() + self.of("offices")
        elif choice < 0.77:
            name = self.of("national")
        elif choice < 0.81:
            name = self.region() + self.of("associations")
        elif choice < 0.86:
            name = self.region() + ("" if self.chance(0.5) else self.brand()) + self.of("institutes")
        elif choice < 0.9:
            name = (self.region() if self.chance(0.5) else "") + self.brand() + self.of("firms")
        elif choice < 0.95:
            name = self.one(("中国", self.brand(), self.region())) + self.brand()[:1] + self.of("banks")
            if self.chance(0.6):
                name += self.region() + self.one(("分行", "支行", "省分行", "分公司", "营业部", "市分行"))
        else:
            name = self.school()
        if self.chance(0.12):
            name += self.of("branches")
        return name

    def department(self) -> str:
        return self.of("departments")

    def title(self) -> str:
        choice = self.random.random()
        if choice < 0.45:
            return self.of("leaders")
        if choice < 0.67:
            return self.of("departments") + self.of("heads")
        if choice < 0.74:
            return self.of("heads")
        if choice < 0.79:
            number, board = self.one("一二三四五六七八九十"), self.one(("董事会", "监事会", ""))
            return f"第{number}届{board}{self.one(('董事', '独立董事', '监事', '主席', '董事长', '委员'))}"
        if choice < 0.95:
            name = self.of("skills_titles")
            return self.of("levels") + name if self.chance(0.12) else name
        return self.of("professions")

    def profession(self) -> str:
        return self.of("professions")

    def party(self) -> str:
        return self.of("party")

    def year(self) -> str:
        return str(self.number(1950, 2024))

    def month(self) -> str:
        return str(self.number(1, 12))

    def age(self) -> str:
        return str(self.number(20, 68))

    def span(self) -> str:
        first = self.number(1975, 2020)
        last = first + self.number(0, 8)
        one, two, joint = self.number(1, 12), self.number(1, 12), self.one(("至", "至", "-", "--", "到", "—"))
        if self.chance(0.3):
            return f"{first}年{joint}{last}年" + ("间" if self.chance(0.1) else "")
        if self.chance(0.15):
            return f"{first}.{one:02}{joint}{last}.{two:02}"
        return f"{first}年{one}月{joint}{last}年{two}月" + ("，" if self.chance(0.1) else "")

    def since(self) -> str:
        year, month = self.number(1990, 2024), self.number(1, 12)
        end = self.one(("至今", "起", "至今，", "起至今"))
        return f"{year}年{month}月{end}" if self.chance(0.75) else f"{year}年{end}"

    def dotted(self) -> str:
        first = self.number(1995, 2023)
        last = first + self.number(0, 6)
        mark = self.one((".", "/", "-", "年"))
        tail = "月" if mark == "年" else ""
        end = "至今" if self.chance(0.25) else f"{last}{mark}{self.number(1, 12):02}{tail}"
        return f"{first}{mark}{self.number(1, 12):02}{tail}{self.one((' - ', '-', '~', '至', ' – ', '—'))}{end}"

    def phone(self) -> str:
        return f"1{self.number(10, 19)}{self.number(0, 9999):04}{self.number(0, 9999):04}"

    def mail(self) -> str:
        return f"{self.one('abcdefghijklm')}{self.number(1, 9999)}@example.com"

    def pay(self) -> str:
        return self.one(("面议", f"{self.number(5, 40)}K", f"{self.number(4, 20)}000-{self.number(21, 40)}000元/月"))

    def skill(self) -> str:
        return self.one(_SKILLS)

    def number_word(self) -> str:
        return str(self.number(2, 300))


@functools.cache
def _common_surnames() -> list[str]:
    """Return the surnames our list of surnames puts first: it is ordered by how many bear them."""
    text = resources.files("zhiren.resumes").joinpath("data", "surnames.txt").read_text(encoding="utf-8")
    return list(text.splitlines()[0].strip()[:100])


class _English(_Writer):
    language = "en"
    slots = {
        "name": "name", "capitals": "name", "title": "title", "org": "employer", "school": "school",
        "degree": "degree", "major": "major", "place": "place", "graduation": "graduation", "mail": "mail",
        "link": "mail", "years": "experience",
    }  # fmt: skip

    def resume(self) -> Labelled:
        text = _Text()
        self.fill(self.one(self.lines["head"]), text)
        self.fill(self.one(self.lines["summary"]), text)
        parts = [self._work, self._study]
        if self.chance(0.25):
            parts.reverse()
        for part in parts:
            part(text)
        if self.chance(0.8):
            text.add(self.one(("\nSKILLS\n\n", "\nSkills\n", "\nTECHNICAL SKILLS\n", "\nADDITIONAL INFORMATION\n")))
            text.add(", ".join(self.skill() for _ in range(self.number(3, 9))), "skills")
            text.add("\n")
        return text.done()

    def _work(self, text: _Text) -> None:
        text.add(
            self.one(("\nWORK EXPERIENCE\n", "\nEXPERIENCE\n", "\nEmployment History\n", "\nProfessional Experience\n"))
        )
        template = self.one(self.lines["job"])
        for _ in range(self.number(1, 4)):
            self.fill(template if self.chance(0.8) else self.one(self.lines["job"]), text)
            for _ in range(self.number(0, 4)):
                self.fill(self.one(self.lines["duty"]), text)

    def _study(self, text: _Text) -> None:
        text.add(self.one(("\nEDUCATION\n", "\nEducation\n", "\nACADEMIC QUALIFICATIONS\n")))
        template = self.one(self.lines["study"])
        for _ in range(self.number(1, 3)):
            self.fill(template, text)

    def name(self) -> str:
        middle = f" {self.one('ABCDEFGHJKLMNPRSTVW')}." if self.chance(0.08) else ""
        return f"{self.of('first')}{middle} {self.of('last')}"

    def capitals(self) -> str:
        return self.name().upper()

    def title(self) -> str:
        if self.chance(0.35):
            return self.of("whole_roles")
        name = f"{self.of('fields')} {self.of('roles')}"
        return f"{self.of('levels')} {name}" if self.chance(0.35) else name

    def org(self) -> str:
        name = self.of("brands")
        if self.chance(0.3):
            name += " " + self.of("brands")
        if self.chance(0.75):
            name += " " + self.of("trades")
        if self.chance(0.45):
            name += " " + self.of("forms")
        return name.upper() if self.chance(0.06) else name

    def school(self) -> str:
        kind = self.of("school_kinds")
        start = self.of("brands") if self.chance(0.5) else self.of("cities")
        if kind in ("University", "Institute of Technology") and self.chance(0.3):
            return f"{kind} of {start}" if kind == "University" else f"{start} {kind}"
        return f"{start} {kind}"

    def degree(self) -> str:
        return self.of("degrees")

    def major(self) -> str:
        return self.of("majors")

    def place(self) -> str:
        city = self.of("cities")
        return f"{city}, {self.of('states')}" if self.chance(0.6) else city

    def graduation(self) -> str:
        return str(self.number(1985, 2024))

    def year(self) -> str:
        return str(self.number(1985, 2020))

    def dates(self) -> str:
        first = self.number(1995, 2022)
        cut = 3 if self.chance(0.4) else 20
        end = "Present" if self.chance(0.3) else f"{self.of('months')[:cut]} {first + self.number(0, 6)}"
        return f"{self.of('months')[:cut]} {first} {self.one(('to', '-', '–'))} {end}"

    def years(self) -> str:
        return self.one(
            (
                f"{self.number(1, 20)} years",
                f"{self.number(1, 15)}+ years",
                f"{self.number(1, 9)}.{self.number(1, 9)} years",
            )
        )

    def skill(self) -> str:
        return self.of("skills")

    def count(self) -> str:
        return str(self.number(2, 60))

    def phone(self) -> str:
        return f"+1 555 01{self.number(0, 99):02}"

    def mail(self) -> str:
        return f"{self.of('first').lower()}.{self.number(1, 999)}@example.com"

    def link(self) -> str:
        return f"indeed.com/r/{self.of('first')}-{self.of('last')}/{int(self.random.integers(16**10)):x}"
