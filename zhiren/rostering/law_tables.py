"""The numbers of working-time law as tables for a reader: each with its source, and what it was and will be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from zhiren.kernel import parameters
from zhiren.kernel.parameters import DatedValue, Parameter
from zhiren.rostering import law_words


@dataclass(frozen=True)
class Value:
    """A value from a date on: its parts, where it comes from, and the address of that if there is one."""

    valid_from: date
    parts: Sequence[str]
    source: str
    url: str


@dataclass(frozen=True)
class Line:
    """One number: `now` is in force on the day asked for, `past` (the newest first) and `coming` are not."""

    name: str
    condition: str
    description: str
    now: Value | None
    past: Sequence[Value]
    coming: Sequence[Value]
    checked_on: date | None

    @property
    def shown(self) -> Value:
        """The value in force, else the first that comes."""
        return self.now or self.coming[0]


@dataclass(frozen=True)
class Table:
    """The numbers of one subject."""

    title: str
    lines: Sequence[Line]


def tables(country: str, *, on: date) -> list[Table]:
    """Return the numbers of a country by subject, as they stand on a date."""
    known = parameters.listed().get(country, ())
    return [
        Table(str(title), [_line(parameter, on) for parameter in parameters.load(country, subject).values()])
        for subject, title in law_words.SUBJECTS.items()
        if subject in known
    ]


def _line(parameter: Parameter, on: date) -> Line:
    values = [_value(dated, parameter.unit) for dated in parameter.values]
    begun = [value for value in values if value.valid_from <= on]
    return Line(
        name=law_words.name_of(parameter.name),
        condition=law_words.condition_of(parameter.name),
        description=_(parameter.description),
        now=begun[-1] if begun else None,
        past=begun[-2::-1],
        coming=values[len(begun) :],
        checked_on=parameter.checked_on,
    )


def _value(dated: DatedValue, unit: str) -> Value:
    source, url = law_words.source_of(dated.source)
    return Value(dated.valid_from, law_words.value_of(dated.value, unit), source, url)
