"""Dated numbers with unit and source, one YAML file per subject: `parameters/<country>/<subject>.yaml`.

hours_per_month:
  description: The most overtime one employee may work in a calendar month.
  unit: hour
  checked_on: 2026-11-22
  values:
    1995-01-01: {value: 36, source: "Labour Law of the People's Republic of China, art. 41"}

`checked_on: null` says that nobody has compared the number with a text of its source yet.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

import zhiren
from zhiren.kernel import yamls

FOLDER = Path(zhiren.__file__).parent.parent / "parameters"
# The folder of what holds in every country that says nothing else.
EVERYWHERE = "all"

_SAFE_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KEYS = frozenset({"description", "unit", "checked_on", "values"})


class InvalidParameters(ValueError):
    """A file of parameters breaks the format; the message names the file, the entry and what is wrong."""


@dataclass(frozen=True)
class DatedValue:
    """A value from one day on, and where it comes from."""

    valid_from: date
    value: Any
    source: str


@dataclass(frozen=True)
class Parameter:
    """One number through the years, oldest value first; `checked_on` is None until it was compared with its source."""

    name: str
    description: str
    unit: str
    checked_on: date | None
    values: tuple[DatedValue, ...]

    def on(self, day: date) -> DatedValue:
        """Return the value in force on a day; LookupError before the first one."""
        for dated in reversed(self.values):
            if dated.valid_from <= day:
                return dated
        raise LookupError(f"{self.name} has no value on {day}; the first is from {self.values[0].valid_from}")


def parameter(country: str, subject: str, name: str, *, on: date) -> Any:
    """Return the value in force on a day.

    Raises:
        LookupError: no such file, no such name, or no value yet on that day.
        InvalidParameters: the file breaks the format.
    """
    return get_parameter(country, subject, name).on(on).value


def parameter_for(country: str, subject: str, name: str, *, on: date) -> Any:
    """Return a country's own value in force on a day, else the one in `parameters/all/`, which holds everywhere else.

    Raises:
        LookupError, InvalidParameters: as `parameter`.
    """
    own = load(country, subject) if subject in listed().get(country, ()) else {}
    return parameter(country if name in own else EVERYWHERE, subject, name, on=on)


def get_parameter(country: str, subject: str, name: str) -> Parameter:
    """Return a parameter with its description, unit and sources; LookupError if there is none."""
    known = load(country, subject)
    if name not in known:
        raise LookupError(f"parameters/{country}/{subject}.yaml has no {name}; it has {', '.join(sorted(known))}")
    return known[name]


def listed() -> Mapping[str, tuple[str, ...]]:
    """Return the subjects that there are, in order, by country or whatever else a folder stands for; looked up once."""
    return _listed(FOLDER)


@lru_cache(maxsize=8)
def _listed(folder: Path) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(folder.glob("*/*.yaml")):
        found[path.parent.name] = (*found.get(path.parent.name, ()), path.stem)
    return found


@lru_cache(maxsize=256)
def load(country: str, subject: str) -> Mapping[str, Parameter]:
    """Return every parameter of a subject by name, read and checked once; LookupError if there is no such file."""
    for part in (country, subject):
        if not _SAFE_NAME.fullmatch(part):
            raise LookupError(f"{part!r} names no parameters")
    path = FOLDER / country / f"{subject}.yaml"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LookupError(f"there is no parameters/{country}/{subject}.yaml") from None
    return parse(text, where=f"parameters/{country}/{subject}.yaml")


def parse(text: str, *, where: str) -> Mapping[str, Parameter]:
    """Return the parameters of a YAML text; InvalidParameters names `where` and the entry that breaks the format."""
    try:
        plain = yamls.load(text)
    except yaml.YAMLError as error:
        raise InvalidParameters(f"{where} is not YAML: {error}") from error
    if not isinstance(plain, dict) or not plain:
        raise InvalidParameters(f"{where} must map names to parameters")
    return {str(name): _parameter(str(name), entry, f"{where}, {name}") for name, entry in plain.items()}


def _parameter(name: str, entry: Any, where: str) -> Parameter:
    if not _SAFE_NAME.fullmatch(name):
        raise InvalidParameters(f"{where}: a name is lower case letters, digits and underscores")
    if not isinstance(entry, dict) or set(entry) != _KEYS:
        raise InvalidParameters(f"{where}: needs exactly {', '.join(sorted(_KEYS))}")
    if not isinstance(entry["values"], dict) or not entry["values"]:
        raise InvalidParameters(f"{where}: values must map dates to values")
    values = [_dated(day, value, where) for day, value in entry["values"].items()]
    return Parameter(
        name=name,
        description=_text(entry["description"], f"{where}, description"),
        unit=_text(entry["unit"], f"{where}, unit"),
        checked_on=None if entry["checked_on"] is None else _date(entry["checked_on"], f"{where}, checked_on"),
        values=tuple(sorted(values, key=lambda dated: dated.valid_from)),
    )


def _dated(day: Any, entry: Any, where: str) -> DatedValue:
    valid_from = _date(day, where)
    if not isinstance(entry, dict) or set(entry) != {"value", "source"} or entry["value"] is None:
        raise InvalidParameters(f"{where}, {day}: needs exactly value and source")
    return DatedValue(valid_from, entry["value"], _text(entry["source"], f"{where}, {day}, source"))


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidParameters(f"{where}: must be a text")
    return value.strip()


def _date(value: Any, where: str) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidParameters(f"{where}: {value!r} is not a date like 2026-01-31")
    return value
