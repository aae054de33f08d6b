"""What search calls things on its pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhiren.people import queries as people
from zhiren.recruiting.models import Stage
from zhiren.resumes.skills import called
from zhiren.talent.forms import as_query, with_value
from zhiren.talent.lexemes import NOTES, SAID, TEXT
from zhiren.talent.queries import Search, Value

ZONES: dict[str, Any] = {TEXT: _("Résumé"), NOTES: _("Note"), SAID: _("Message")}
FILTERS: dict[str, Any] = {
    "city": _("City"),
    "degree": _("Degree"),
    "years": pgettext_lazy("filter", "Years of work"),
    "skill": _("Skills"),
    "tag": _("Tags"),
    "stage": _("Stage"),
    "opening": _("Opening"),
    "source": _("Source"),
}
_BANDS = _("%(band)s years")
_FOLDED = frozenset({"skill", "tag", "city"})


class Choice(NamedTuple):
    """A value of a filter as the page lists it: where a click leads, whether it is chosen; `hits` may be unknown."""

    code: str
    label: str
    hits: int | None
    is_chosen: bool
    query: str


# A page shows some sixty of them: drawn here, they cost a tenth.
CHOICE = (
    '<li><a class="flex min-h-11 items-center gap-2 rounded-md px-2 text-sm hover:bg-muted'
    " aria-[current=true]:bg-accent aria-[current=true]:font-medium aria-[current=true]:text-accent-foreground"
    ' lg:min-h-7" href="?{query}"{current}><span class="min-w-0 truncate">{label}</span>'
    '<span class="quiet ms-auto tabular-nums">{count}</span></a></li>'
)


@dataclass(frozen=True)
class Filter:
    """A filter with its values."""

    name: str
    label: Any
    choices: list[Choice]


def filters_of(search: Search, counted: Mapping[str, Sequence[Value]]) -> list[Filter]:
    """Return the filters a page offers: the commonest values, and what is chosen whether it is among them or not."""
    language = get_language() or ""
    known: dict[str, Mapping[str, Any]] = {"degree": people.degree_labels(), "stage": dict(Stage.Kind.choices)}
    asked = as_query(search)
    found = []
    for name, label in FILTERS.items():
        values = list(counted.get(name, ()))
        chosen = search.filters.get(name, ())
        taken = {_same(name, code) for code in chosen}
        codes = {_same(name, value.code) for value in values}
        values += [Value(code, -1) for code in chosen if _same(name, code) not in codes]
        if name in {"degree", "years", "stage"}:
            order = list(known[name]) if name in known else ["0-2", "3-5", "6-9", "10+"]
            values.sort(key=lambda value: order.index(value.code) if value.code in order else len(order))
        choices = [
            Choice(
                code=value.code,
                label=_BANDS % {"band": value.code}
                if name == "years"
                else called(str(value.label or value.code), language)
                if name == "skill"
                else str(known.get(name, {}).get(value.code) or value.label or value.code),
                hits=value.hits if value.hits >= 0 else None,
                is_chosen=is_chosen,
                query=as_query(without(search, name, value.code)) if is_chosen else with_value(asked, name, value.code),
            )
            for value in values
            for is_chosen in [_same(name, value.code) in taken]
        ]
        if choices:
            found.append(Filter(name, label, choices))
    return found


def _same(name: str, code: str) -> str:
    return code.casefold() if name in _FOLDED else code


def without(search: Search, name: str, code: str) -> Search:
    """Return the search with a value of a filter no longer chosen."""
    kept = tuple(one for one in search.filters.get(name, ()) if _same(name, one) != _same(name, code))
    filters = {**search.filters, name: kept}
    return replace(search, filters={one: values for one, values in filters.items() if values})


def chosen_of(filters: Iterable[Filter]) -> list[Choice]:
    """Return every value that is chosen, to be taken away with one click."""
    return [choice for one in filters for choice in one.choices if choice.is_chosen]
