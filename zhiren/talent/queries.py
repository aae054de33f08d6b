"""Every read of search: who is found, what with, and the searches that were saved."""

import contextlib
import heapq
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from zhiren.access.models import User
from zhiren.conversation import permissions as conversation
from zhiren.kernel.actors import Actor
from zhiren.people import permissions as people_permissions
from zhiren.people import queries as people
from zhiren.people.models import Person
from zhiren.people.vault import vault_of
from zhiren.plumbing import crypto, statements
from zhiren.plumbing.models import one
from zhiren.plumbing.rights import Sql, sql_of
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting.models import Application
from zhiren.resumes.skills import called
from zhiren.talent import contents, lexemes, reach, rules
from zhiren.talent.contents import key
from zhiren.talent.lexemes import FACTS, KEYS, NOTES, SAID, TEXT
from zhiren.talent.models import Entry, SavedSearch, Seen
from zhiren.talent.rules import Cut, Group

ROWS = 20
# More hits are told as "300+", and numbers beside filters are those of the newest three hundred: each hit is asked
# whether it may be seen, and what it counts for. Five hundred cost some six milliseconds more.
MOST_HITS = 300
MOST_VALUES = 8
MOST_SKILLS = 6
NEW_COUNTED = 99
OF_PERSON = ("city", "degree", "years", "skill", "tag")
OF_APPLICATION = {"stage": "stage__kind", "opening": "opening_id", "source": "source"}
SORTS = ("newest", "best")
FILTERS = (*OF_PERSON, *OF_APPLICATION)


# What is looked for -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Search:
    """What somebody looks for. Several values of a filter mean any of them; several skills or tags mean all."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "newest"

    @property
    def is_empty(self) -> bool:
        """Whether it would find everybody."""
        return not self.groups and not self.filters

    @property
    def groups(self) -> list[Group]:
        """What was typed, read."""
        return rules.read_query(self.text)

    def to_json(self) -> dict[str, Any]:
        """Return the search as plain JSON values."""
        return {**asdict(self), "filters": {name: list(values) for name, values in self.filters.items()}}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the search that `to_json` wrote."""
        return cls(**{**data, "filters": {name: tuple(values) for name, values in data["filters"].items()}})


def zones_of(actor: Actor) -> tuple[str, ...]:
    """Return in which zones this actor may look."""
    found = [TEXT]
    if actor.may(people_permissions.VIEW_TIMELINE):
        found.append(NOTES)
    if actor.may(conversation.VIEW):
        found.append(SAID)
    return tuple(found)


def _conditions(search: Search, zones: Iterable[str]) -> list[str]:
    """Return what must be true of an entry; filters on applications are only narrowed by it, not decided."""
    found = lexemes.condition(search.groups, zones)
    for name in OF_PERSON:
        wanted = [lexemes.lexeme(KEYS, key(name, value)) for value in search.filters.get(name, ())]
        if wanted:
            found += wanted if name in {"skill", "tag"} else [lexemes.any_of(wanted)]
    if wanted := [lexemes.lexeme(KEYS, key("o", value)) for value in search.filters.get("opening", ())]:
        found.append(lexemes.any_of(wanted))
    return found


# Who is found ---------------------------------------------------------------------------------------------------------


class Cursor(NamedTuple):
    """A place in a list of hits: whom, and whether among the best (0) or the others (1). Pages go on after one."""

    newest: datetime
    person_id: UUID
    rank: int = 0

    def __str__(self) -> str:
        return f"{self.rank}~{self.newest.astimezone(UTC).isoformat()}~{self.person_id}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the place that a page was asked for with; None for what was not made here."""
        rank, _tilde, rest = text.partition("~")
        newest, _tilde, person_id = rest.partition("~")
        with contextlib.suppress(ValueError):
            moment = datetime.fromisoformat(newest.replace(" ", "+"))
            return cls(moment, UUID(person_id), rank=int(rank == "1")) if moment.tzinfo else None
        return None


@dataclass(frozen=True)
class Found:
    """Who was found, the newest (or best) first: the ids of at most one more than `MOST_HITS`, and the first places."""

    ids: list[str]
    hits: list[Cursor]

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are told."""
        return len(self.ids) > MOST_HITS

    @property
    def count(self) -> int:
        """How many there are, `MOST_HITS` when there are more."""
        return min(len(self.ids), MOST_HITS)


def find(
    actor: Actor,
    search: Search,
    *,
    at: datetime,
    most: int = MOST_HITS + 1,
    first: int = ROWS + 1,
    after: Cursor | None = None,
) -> Found:
    """Return the newest whom a search finds among those this actor may see, with the places of the `first`.

    The newest are asked first; whoever looks for something common needs no others.
    """
    conditions = _conditions(search, zones_of(actor))
    if actor.reach(people_permissions.VIEW).everything:
        return _found(conditions, _check(actor, search), search, most=most, first=first, after=after)
    if near := reach.within(actor, at):
        conditions.append(near)
    return _found(conditions, _check(actor, search), search, most=most, first=first, after=after)


def _check(actor: Actor, search: Search) -> Sql | None:
    """Return the condition that tells whether a hit is this actor's to see and passes the filters on applications."""
    wanted = {OF_APPLICATION[name]: values for name, values in search.filters.items() if name in OF_APPLICATION}
    return reach.check(actor, wanted)


def _found(
    conditions: list[str], check: Sql | None, search: Search, *, most: int, first: int, after: Cursor | None
) -> Found:
    """Return whom a search finds among those who fulfil the conditions and pass the check."""
    ids: list[str] = []
    hits: list[Cursor] = []
    ways = [conditions]
    if search.sort == "best" and search.groups:
        facts = lexemes.condition(search.groups, (FACTS,))
        ways = [[*conditions, *facts], [*conditions, f"!({'&'.join(facts)})"]]
    for rank, way in enumerate(ways):
        if after and after.rank > rank:
            continue
        since = after if after and after.rank == rank else None
        theirs, moments = _newest("&".join(way), check, since=since, most=most - len(ids), first=first - len(hits))
        hits += [Cursor(at, UUID(one), rank) for one, at in zip(theirs, moments, strict=False)]
        ids += theirs
        if len(ids) >= most:
            break
    return Found(ids, hits)


def the_one(person_id: UUID, at: datetime) -> Found:
    """Return one person as if they had been searched for."""
    return Found([str(person_id)], [Cursor(at, person_id)])


def _newest(
    condition: str, check: Sql | None, *, since: Cursor | None, most: int, first: int
) -> tuple[list[str], list[datetime]]:
    """Return the ids of the newest, and the moments of the first of these.

    One age is looked through after the other, and each hit is checked, only until there are enough: PostgreSQL takes
    the parts of a union in turn (`site.database` has it divide none among processes), and the check is a subquery of
    its own, which it neither joins nor asks before the hits are sorted. Many ids come as one text: faster than rows.
    """
    wheres, params = ["age = {age}"], list[Any]()
    if condition:
        wheres.append("words @@ %s::tsquery")
        params.append(condition)
    if since:
        wheres.append("(newest, person_id) < (%s, %s)")
        params += [since.newest, since.person_id]
    order = "newest DESC, person_id DESC"
    limit = ""
    if check is None and not condition:
        limit = "LIMIT %s"
        params.append(most)
    theirs = f"(SELECT person_id, newest FROM talent_entry WHERE {' AND '.join(wheres)} ORDER BY {order} {limit})"  # noqa: S608 - names of our own
    ages = " UNION ALL ".join(theirs.format(age=age) for age in range(rules.OLDEST + 1))
    params *= rules.OLDEST + 1
    # Out of sight of the limit, where there is none within. Else PostgreSQL hopes to meet enough hits soon and opens
    # everybody's words in turn.
    is_theirs, more = check or ("TRUE", ())
    # Whether somebody may be seen takes longer to plan than to find out for some hundred.
    rows = statements.rows_blindly if check else statements.rows
    sql = f"WITH found AS MATERIALIZED ({ages}) SELECT person_id, newest FROM found WHERE {is_theirs} LIMIT %s"  # noqa: S608 - made by Django
    ids, moments = rows(
        f"SELECT array_agg(person_id ORDER BY {order})::text, (array_agg(newest ORDER BY {order}))[:%s] "  # noqa: S608 - as above
        f"FROM ({sql}) hits",
        [max(first, 0), *params, *more, most],
    )[0]
    return (ids[1:-1].split(","), moments) if ids else ([], [])


class Chip(NamedTuple):
    """One application of somebody found, as a line shows it. `stage` is empty when it has ended."""

    opening_id: UUID
    title: str
    stage: str


class Known(NamedTuple):
    """What a page shows of somebody found; to make a `Person` of each takes a millisecond a page."""

    id: UUID
    name: str
    headline: str
    city: str
    degree: str
    years: int | None
    skills: list[str]
    tags: list[str]
    is_key: bool
    created_at: datetime


@dataclass(frozen=True)
class Row:
    """One person found, with what is marked: name, headline, and where else it was found (`zone`)."""

    person: Known
    name: list[Cut]
    headline: list[Cut]
    skills: list[list[Cut]]
    zone: str
    snippet: list[Cut]
    chips: list[Chip] = field(default_factory=list)


class Value(NamedTuple):
    """A value of a filter, and how many of the newest hits have it. `label` is empty where the code tells."""

    code: str
    hits: int
    label: str = ""


@dataclass(frozen=True)
class Hits:
    """Those found as rows, the cursor after them, and the commonest values of each filter where these were wanted."""

    rows: list[Row]
    after: str
    values: dict[str, list[Value]]


def page_of(actor: Actor, search: Search, *, at: datetime, after: str = "", size: int = ROWS) -> Hits:
    """Return the next hits as rows."""
    found = find(actor, search, at=at, most=size + 1, first=size + 1, after=Cursor.read(after))
    return hits_of(actor, search, found, size=size)


def hits_of(actor: Actor, search: Search, found: Found, *, size: int = ROWS, counted: bool = False) -> Hits:
    """Return the first hits, which are this actor's to see; with `counted` also the values beside filters.

    The text is opened for these alone, while the database looks up their applications and counts: three queries. Who
    does not truly hold what was looked for is left out: the index answers a chain of three neighbours by its pairs. So
    is who was erased or merged while the search ran.
    """
    shown = found.hits[:size]
    entries = _entries_of([hit.person_id for hit in shown])
    chips = _chips_asked(actor, list(entries))
    values = _values_asked(actor, found) if counted else None
    groups, zones = search.groups, zones_of(actor)
    marker, language = rules.marker(groups), get_language() or ""
    rows = []
    with statements.under_way(*(asked for asked in (chips, values) if asked)) as answers:
        for hit in shown:
            if hit.person_id not in entries:
                continue
            person, wrapped, sealed = entries[hit.person_id]
            theirs = contents.unsealed(vault_of(person.id, wrapped), sealed) if groups else {}
            if groups and not rules.holds(groups, [theirs.get(zone, "") for zone in (FACTS, *zones)]):
                continue
            zone, cuts = _where(theirs, zones, marker)
            rows.append(
                Row(
                    person=person,
                    name=rules.marked(person.name, marker),
                    headline=rules.marked(person.headline, marker),
                    skills=[rules.marked(called(skill, language), marker) for skill in person.skills[:MOST_SKILLS]],
                    zone=zone,
                    snippet=cuts,
                )
            )
    theirs_of = _chips_told(answers.pop(0)) if chips else {}
    return Hits(
        rows=[replace(row, chips=theirs_of.get(row.person.id, [])) for row in rows],
        after=str(shown[-1]) if len(found.ids) > size else "",
        values=_values_told(answers.pop(0)) if values else {},
    )


@cache
def _entries_sql() -> Sql | None:
    rows = Entry.objects.filter(reach.is_one_of("chosen", "talent_entry.person_id"))
    rows = rows.filter(person__erased_at__isnull=True, person__merged_into__isnull=True, person__key__isnull=False)
    return sql_of(rows.values(*(f"person__{name}" for name in Known._fields), "person__key__wrapped", "text_sealed"))


_CHOSEN = "WITH chosen AS MATERIALIZED (SELECT %s::uuid[] AS ids)"
# Those chosen, and whoever was merged into one of them.
_FAMILY = "SELECT ids || ARRAY(SELECT id FROM people_person WHERE merged_into_id = ANY(ids)) AS ids FROM chosen"


def _entries_of(person_ids: Sequence[UUID]) -> dict[UUID, tuple[Known, bytes, bytes]]:
    """Return the persons with their keys and the text of their entries, whose erasure or merge is not under way."""
    asked = _entries_sql()
    if not asked or not person_ids:
        return {}
    answer = statements.rows(f"{_CHOSEN} {asked[0]}", [statements.as_ids(person_ids), *asked[1]])
    return {person_id: (Known(person_id, *facts), wrapped, sealed) for person_id, *facts, wrapped, sealed in answer}


def _chips_asked(actor: Actor, person_ids: Sequence[UUID]) -> Sql | None:
    """Return the statement for the applications of persons that this actor may see."""
    asked = reach.statements_of(actor).chips
    if not asked or not person_ids:
        return None
    family = f"{_CHOSEN}, family AS MATERIALIZED ({_FAMILY})"
    return (f"{family} {asked[0]}", (statements.as_ids(person_ids), *asked[1]))


def _chips_told(answer: Iterable[tuple[Any, ...]]) -> dict[UUID, list[Chip]]:
    """Return applications by who their persons are now, the newest first."""
    found: dict[UUID, list[Chip]] = {}
    is_english = get_language() == "en"
    for opening_id, state, title, title_en, stage, stage_en, root in answer:
        is_active = state == Application.State.ACTIVE
        found.setdefault(root, []).append(
            Chip(
                opening_id,
                title=(title_en if is_english else "") or title,
                stage=((stage_en if is_english else "") or stage) if is_active else "",
            )
        )
    return found


def _where(texts: Mapping[str, str], zones: Iterable[str], marker: re.Pattern[str] | None) -> tuple[str, list[Cut]]:
    for zone in zones:
        if cuts := rules.snippet(texts.get(zone, ""), marker):
            return zone, cuts
    return "", []


def applications_of(actor: Actor, person_ids: Sequence[UUID], *also: str) -> dict[UUID, list[Application]]:
    """Return the applications of persons that this actor may see, by who they are now, the newest first.

    They come with what a line shows of them, and with the columns named in `also`.
    """
    family = Person.objects.filter(Q(pk__in=person_ids) | Q(merged_into__in=person_ids))
    rows = recruiting.applications_visible_to(actor).filter(person_id__in=family.values("pk"))
    rows = rows.annotate(root=Coalesce("person__merged_into_id", "person_id")).select_related("stage", "opening")
    found: dict[UUID, list[Application]] = {}
    for row in rows.only(*_OF_CHIP, *also).order_by("-applied_at", "-id"):
        found.setdefault(row.root, []).append(row)
    return found


_OF_CHIP = (
    "state", "opening__title", "opening__title_en", "stage__name", "stage__name_en",
)  # fmt: skip


# What is counted of applications, by the number that GROUPING gives it: a bit for each column not grouped by.
_COUNTED = {3: "stage", 5: "opening", 6: "source"}
_TITLES = {"en": "COALESCE(NULLIF(title_en, ''), title)"}
# Parts the values of many persons in one text, in which nothing that was typed holds it.
_PART = "\x1f"


_NO_APPLICATIONS: Sql = ("SELECT NULL::uuid, '', NULL::uuid, '', '', '' WHERE FALSE", ())


def _values_asked(actor: Actor, found: Found) -> Sql | None:
    """Return the statement that gathers what the newest hits have of each filter."""
    if not found.ids:
        return None
    applications, applications_params = reach.statements_of(actor).counted or _NO_APPLICATIONS
    title = _TITLES.get(actor.language, "title")
    sql = (
        f"{_CHOSEN}, applications (person_id, kind, opening_id, source, title, title_en) "  # noqa: S608 - made by Django, and names of our own
        f"AS MATERIALIZED ({applications}) "
        "SELECT 0, ARRAY[string_agg(city, %s), string_agg(degree, %s), string_agg(years::text, %s), "
        "string_agg(array_to_string(skills, %s), %s), string_agg(array_to_string(tags, %s), %s)], '', 0 "
        "FROM people_person WHERE id = ANY((SELECT ids FROM chosen)::uuid[]) "
        "UNION ALL SELECT GROUPING(kind, opening_id, source), "
        f"ARRAY[COALESCE(kind, opening_id::text, source)], min({title}), count(DISTINCT person_id) "
        "FROM applications GROUP BY GROUPING SETS (kind, opening_id, source)"
    )
    return (sql, (f"{{{','.join(found.ids[:MOST_HITS])}}}", *applications_params, *[_PART] * 7))


def _values_told(answer: Sequence[tuple[Any, ...]]) -> dict[str, list[Value]]:
    """Return the commonest values of each filter."""
    persons, *theirs = answer
    city, degree, years, skill, tag = (Counter((text or "").split(_PART)) for text in persons[1])
    bands = Counter[str]()
    for value, count in years.items():
        bands[rules.years_band(int(value) if value else None)] += count
    of_persons = {"city": city, "degree": degree, "years": bands, "skill": skill, "tag": tag}
    counted = {
        name: [Value(value, count) for value, count in _commonest(counts)] for name, counts in of_persons.items()
    }
    labels: dict[str, str] = {}
    of_applications: dict[str, dict[str, int]] = {name: {} for name in _COUNTED.values()}
    for kind, (value,), label, count in theirs:
        of_applications[_COUNTED[kind]][value] = count
        labels[value] = label if _COUNTED[kind] == "opening" else ""
    for name, counts in of_applications.items():
        counted[name] = [Value(value, count, labels[value]) for value, count in _commonest(counts)]
    return {name: values for name, values in counted.items() if values}


def _commonest(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    known = ((value, count) for value, count in counts.items() if value)
    return heapq.nsmallest(MOST_VALUES, known, key=lambda one: (-one[1], one[0]))


def person_with_contact(actor: Actor, text: str) -> tuple[UUID, str] | None:
    """Return whose whole phone number or address this is, and which of the two, if this actor may see both."""
    if not actor.may(people_permissions.REVEAL):
        return None
    kind = "mail" if "@" in text else "phone" if sum(character.isdigit() for character in text) >= 7 else ""
    found = people.person_with_contact(kind, text.strip()) if kind and len(text) <= 100 else None
    if found is None:
        return None
    root = found.merged_into_id or found.pk
    return (root, kind) if people.persons_visible_to(actor).filter(pk=root).exists() else None


def persons_of(actor: Actor, application_ids: Sequence[UUID]) -> list[UUID]:
    """Return whose applications these are, in their order, as far as this actor may see them."""
    rows = recruiting.applications_visible_to(actor).filter(pk__in=application_ids).select_related("person")
    found = {row.pk: row.person.merged_into_id or row.person_id for row in rows}
    return [found[one] for one in application_ids if one in found]


# Saved searches -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Saved:
    """A saved search as its reader sees it; `new` counts who came since they looked last, up to `NEW_COUNTED`."""

    row: SavedSearch
    search: Search
    is_mine: bool
    new: int = 0


def search_cell(search_id: UUID) -> str:
    """Return to which cell the words of a saved search are bound."""
    return f"talent_savedsearch|query_sealed|{search_id}"


def _saved_visible_to(actor: Actor) -> QuerySet[SavedSearch]:
    """Return one's own saved searches, and those shared with one's department."""
    if actor.user_id is None:
        return SavedSearch.objects.none()
    department = User.objects.filter(pk=actor.user_id, department__isnull=False).values("department")
    return SavedSearch.objects.filter(
        Q(owner_id=actor.user_id) | Q(is_shared=True, owner__is_active=True, owner__department__in=department)
    )


def get_saved(actor: Actor, search_id: UUID) -> SavedSearch:
    """Return one saved search; NotFound as ever."""
    return one(_saved_visible_to(actor), search_id)


def opened(row: SavedSearch) -> Search:
    """Return what a visible saved search looks for."""
    data = crypto.unseal(crypto.key_for("saved-search"), row.query_sealed, bound_to=search_cell(row.pk))
    return Search.from_json(json.loads(data))


def saved_of(actor: Actor) -> list[Saved]:
    """Return the saved searches of a reader, their own first."""
    rows = _saved_visible_to(actor).select_related("owner").order_by("name", "pk")[:100]
    saved = [Saved(row, opened(row), row.owner_id == actor.user_id) for row in rows]
    return sorted(saved, key=lambda one: not one.is_mine)


def saved_with_news(actor: Actor, *, at: datetime) -> list[Saved]:
    """Return the saved searches of a reader with how many came since they looked last: one query for all of these."""
    saved = saved_of(actor)
    seen = dict(
        Seen.objects.filter(search__in=[one.row for one in saved], user__in=[actor.user_id]).values_list(
            "search_id", "at"
        )
    )
    near = "" if actor.reach(people_permissions.VIEW).everything else reach.within(actor, at)
    parts, params = [], []
    for number, one_saved in enumerate(saved):
        since = seen.get(one_saved.row.pk, one_saved.row.created_at)
        conditions = [*_conditions(one_saved.search, zones_of(actor)), *([near] if near else [])]
        words = Q(words__matches="&".join(conditions)) if conditions else Q()
        rows = Entry.objects.filter(Q(words, age=0) | Q(words, age=1), newest__gt=since).order_by()
        sql, given = rows.values("person_id").query.sql_with_params()
        check, check_params = _check(actor, one_saved.search) or ("TRUE", ())
        parts.append(
            f"SELECT {number}, count(*) FROM (WITH found AS MATERIALIZED ({sql}) "  # noqa: S608 - made by Django
            f"SELECT 1 FROM found WHERE {check} LIMIT {NEW_COUNTED + 1}) new_ones"
        )
        params += [*given, *check_params]
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        counts = dict(cursor.fetchall())
    return [replace(one_saved, new=counts[number]) for number, one_saved in enumerate(saved)]
