"""What is read out of a résumé: values that each point at the text they came from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from zhiren.resumes.dates import months_covered


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One value and its evidence: `source` is exactly `text[start:end]` of the résumé it belongs to."""

    value: str
    source: str
    page: int | None
    """Counted from 1; None where the format knows no pages."""
    line: int | None
    """Counted from 1 over the whole text."""
    start: int
    end: int
    confidence: float
    """How far the rule is to be trusted, 0 to 1. A judgement of the rule's author, not a measured probability."""
    rule: str
    """Which rule or model found it: a dotted code, `contacts.phone`, `model.zh`."""
    code: str = ""
    """The value in a published list, where it is in one: a skill's ESCO address, a place's six-digit administrative
    code, a language's ISO 639-1 code."""
    box: tuple[float, float, float, float] | None = None
    """Where it stands on its page: left, top, right, bottom as shares of the page's width and height. None where the
    format has no pages."""

    def to_json(self) -> dict[str, Any]:
        """Return the fact as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the fact that `to_json` wrote."""
        box = data.get("box")
        return cls(**{**data, "box": tuple(box) if box else None})


@dataclass(frozen=True, kw_only=True, slots=True)
class Education:
    """One stay at a school. Dates are `YYYY-MM`, or `YYYY` where the résumé gives only the year."""

    school: Fact
    degree: Fact | None = None
    """One of `doctor`, `master`, `bachelor`, `associate`, `secondary`."""
    major: Fact | None = None
    start: Fact | None = None
    end: Fact | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the stay as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the stay that `to_json` wrote."""
        known: dict[str, Any] = {name: _fact(value) for name, value in data.items()}
        return cls(**known)


@dataclass(frozen=True, kw_only=True, slots=True)
class Employment:
    """One time with an employer. Dates are `YYYY-MM`, or `YYYY` where the résumé gives only the year.

    `end` is None for a job that goes on (`current` is true) and where the résumé gives none (`current` is false).
    """

    employer: Fact | None
    title: Fact | None = None
    start: Fact | None = None
    end: Fact | None = None
    current: bool = False
    text: Fact | None = None
    """What was done there, as written."""

    def to_json(self) -> dict[str, Any]:
        """Return the employment as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the employment that `to_json` wrote."""
        known: dict[str, Any] = {name: value if name == "current" else _fact(value) for name, value in data.items()}
        return cls(**known)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pay:
    """Pay as the résumé states it, brought to a month.

    `low` and `high` are hundredths of `currency` (ISO 4217) a month, equal where one figure is given; `high` is None
    for "from low up". `months` counts the pays of a year where the résumé says so (`15K*13` has 13). A yearly figure
    is divided by 12, a day counts as 1/21.75 of a month, an hour as an eighth of a day. A Fact's value is the text.
    """

    fact: Fact
    low: int
    high: int | None
    currency: str
    months: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the pay as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the pay that `to_json` wrote."""
        return cls(**{**data, "fact": Fact.from_json(data["fact"])})


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    """A language somebody says to know; `language.code` is its ISO 639-1 code, `level` what they say of how well.

    `level.code` is one of `A1` to `C2` or `native` where the words or the examination (CET-6, IELTS 7) tell.
    """

    language: Fact
    level: Fact | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the language as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the language that `to_json` wrote."""
        known: dict[str, Any] = {name: _fact(value) for name, value in data.items()}
        return cls(**known)


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """A certificate or licence, with its date (`YYYY-MM` or `YYYY`) where one is given."""

    name: Fact
    date: Fact | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the certificate as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the certificate that `to_json` wrote."""
        known: dict[str, Any] = {name: _fact(value) for name, value in data.items()}
        return cls(**known)


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A headed part of the résumé: `kind` is a stable code, `heading` the heading as written ("" before the first)."""

    kind: str
    heading: str
    start: int
    end: int

    def to_json(self) -> dict[str, Any]:
        """Return the section as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the section that `to_json` wrote."""
        return cls(**data)


@dataclass(frozen=True, kw_only=True, slots=True)
class Resume:
    """Everything read from one file. What has no evidence in the text is None or empty; nothing is guessed.

    Personal data: all of it. Keep it no longer than the person's file.
    """

    text: str
    pages: int | None
    language: str
    """`zh`, `en`, `mixed` or `other`: the script most of the words are written in."""
    name: Fact | None = None
    phones: tuple[Fact, ...] = ()
    """Values in E.164 where the country is certain, else digits as written."""
    mails: tuple[Fact, ...] = ()
    city: Fact | None = None
    birth: Fact | None = None
    """`YYYY-MM-DD`, `YYYY-MM` or `YYYY`, only where the résumé states it."""
    degree: Fact | None = None
    """The highest of `doctor`, `master`, `bachelor`, `associate`, `secondary`."""
    schools: tuple[Education, ...] = ()
    employers: tuple[Employment, ...] = ()
    skills: tuple[Fact, ...] = ()
    """Values as the list of skills calls them, or as written where it does not know them."""
    languages: tuple[Language, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    expected_pay: Pay | None = None
    current_pay: Pay | None = None
    notice: Fact | None = None
    """How soon they could start: the value is a number of days, `0` for at once."""
    layout: str = ""
    """What kind of file and arrangement it was, a short code for counting: `pdf-2-columns`, `docx-table`."""
    sections: tuple[Section, ...] = ()
    warnings: tuple[str, ...] = ()
    """Codes of what somebody who reads the facts should know.

    Of the file: `active_content` (scripts or files inside), `hidden_text` (text nobody sees, left out of the facts),
    `hidden_marks` (marks that turn the direction of letters), `text_cut` (longer than is read), `read_from_picture`
    (letters recognised in a picture). Of what it says: `not_a_resume`, and `few_facts` (no name, phone or mail).
    """

    def years_of_experience(self, *, on: date) -> float | None:
        """Return the years covered by dated employments up to a day, to one decimal; overlaps count once.

        None where no employment has a start and an end. Years without months count from and to January, so the
        figure is rather too low than too high.
        """
        spans = [
            (job.start.value, None if job.current else job.end.value if job.end else "")
            for job in self.employers
            if job.start and (job.current or job.end)
        ]
        return round(months_covered(spans, on=on) / 12, 1) if spans else None

    def to_json(self) -> dict[str, Any]:
        """Return the résumé as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the résumé that `to_json` wrote."""
        known = dict(data)
        for name in ("name", "city", "birth", "degree", "notice"):
            known[name] = _fact(data.get(name))
        for name in ("expected_pay", "current_pay"):
            known[name] = Pay.from_json(data[name]) if data.get(name) else None
        known["languages"] = tuple(Language.from_json(item) for item in data.get("languages", ()))
        known["certificates"] = tuple(Certificate.from_json(item) for item in data.get("certificates", ()))
        for name in ("phones", "mails", "skills"):
            known[name] = tuple(Fact.from_json(item) for item in data[name])
        known["schools"] = tuple(Education.from_json(item) for item in data["schools"])
        known["employers"] = tuple(Employment.from_json(item) for item in data["employers"])
        known["sections"] = tuple(Section.from_json(item) for item in data["sections"])
        known["warnings"] = tuple(data["warnings"])
        return cls(**known)


def _fact(data: dict[str, Any] | None) -> Fact | None:
    return None if data is None else Fact.from_json(data)
