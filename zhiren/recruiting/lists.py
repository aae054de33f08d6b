"""Reads for boards, tables and numbers. What they cost does not grow with how far down a list is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Count,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    prefetch_related_objects,
)
from django.db.models.functions import Cast, Coalesce, Extract, TruncWeek

from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import NotFound
from zhiren.people import names
from zhiren.people import queries as people
from zhiren.plumbing.paging import Page, cursor_after, keyset_page, page_of
from zhiren.plumbing.questions import Question
from zhiren.plumbing.rights import MOMENT, per_rights
from zhiren.recruiting import permissions, queries, rules
from zhiren.recruiting.models import Application, IntakeFile, Opening, Stage

CARDS = 6
# A stage with more candidates than this is told as "1000+": counting costs the same however many there are.
MOST_COUNTED = 1000
ROWS = 25
# From how many hires, the newest first, the usual way's length is told.
HIRES_LOOKED_AT = 100
WEEKS_SHOWN = 12
# Stand for the opening, and for the text in a name, in questions that are made once.
_SOME, _TEXT = UUID(int=0), "?"
DEGREES = ("secondary", "associate", "bachelor", "master", "doctor")
SORTS = {
    "newest": ("-applied_at", "-id"),
    "oldest": ("applied_at", "id"),
    "waiting": ("entered_stage_at", "id"),
}


@dataclass(frozen=True)
class Filters:
    """What a table shows. Empty means everything; `degree` and `years` are the least there must be.

    What is asked of persons is asked of who is shown: of who stays, where records were merged.
    """

    text: str = ""
    stage: UUID | None = None
    opening: UUID | None = None
    state: str = "active"
    source: str = ""
    city: str = ""
    degree: str = ""
    years: int | None = None
    overdue: bool = False
    key: bool = False
    sort: str = "newest"

    def condition(self, at: datetime) -> Q:
        """Return the filters as a condition on applications."""
        found = Q()
        for name, value in (("stage_id", self.stage), ("opening_id", self.opening), ("source", self.source)):
            if value:
                found &= Q(**{name: value})
        if self.state:
            found &= Q(state=self.state)
        if self.overdue:
            found &= Q(state=Application.State.ACTIVE, due_at__lte=at)
        if self.city:
            found &= people.shown_condition("person__", city=self.city)
        if self.degree in DEGREES:
            found &= people.shown_condition("person__", degree__in=DEGREES[DEGREES.index(self.degree) :])
        if self.years:
            found &= people.shown_condition("person__", years__gte=self.years)
        if self.key:
            found &= people.shown_condition("person__", is_key=True)
        if self.text:
            found &= Q(person__in=people.records_named(self.text))
        return found


@dataclass(frozen=True)
class Card:
    """An application as a card or a row shows it at a moment."""

    application: Application
    at: datetime

    @property
    def waited(self) -> timedelta:
        """How long it has been in its stage."""
        return self.at - self.application.entered_stage_at

    @property
    def is_overdue(self) -> bool:
        """Whether the stage's time limit has passed."""
        return bool(self.application.due_at and self.application.due_at <= self.at)


class Number(int):
    """A count of rows. Counting stops at `MOST_COUNTED`; a number that was cut is shown with a plus: 1000+."""

    is_cut: bool

    def __new__(cls, value: int, *, is_cut: bool = False) -> Self:
        """Return a number; more than `MOST_COUNTED` of one count is that, cut."""
        number = super().__new__(cls, value)
        number.is_cut = is_cut
        return number

    @classmethod
    def counted(cls, value: int) -> Self:
        """Return what `_CappedCount` found."""
        return cls(min(value, MOST_COUNTED), is_cut=value > MOST_COUNTED)

    def __add__(self, other: int) -> "Number":
        return Number(int(self) + int(other), is_cut=self.is_cut or getattr(other, "is_cut", False))

    __radd__ = __add__

    def __str__(self) -> str:
        return f"{int(self)}+" if self.is_cut else str(int(self))


def total(numbers: Iterable[Number]) -> Number:
    """Return the sum of counts, cut if one of them was."""
    found = Number(0)
    for number in numbers:
        found = found + number
    return found


@dataclass
class Column:
    """A stage of a board with its first cards; `after` fetches more."""

    stage: Stage
    count: Number
    overdue: Number
    cards: list[Card] = field(default_factory=list)
    after: str = ""


def get_opening_with_candidates(actor: Actor, opening_id: UUID) -> Opening:
    """Return one opening whose candidates this actor may see; NotFound as ever."""
    for found in _opening_with_owner(actor).rows(given={_SOME: opening_id}):
        return found
    raise NotFound


@per_rights
def _opening_with_owner(actor: Actor) -> Question[Opening]:
    return Question(queries.openings_with_candidates(actor).select_related("owner").filter(pk=_SOME))


def openings_to_choose(actor: Actor) -> list[Opening]:
    """Return the newest 200 openings whose candidates this actor may see, the newest first."""
    return _newest_openings(actor).rows()


@per_rights
def _newest_openings(actor: Actor) -> Question[Opening]:
    return Question(queries.openings_with_candidates(actor).order_by("-created_at", "-id")[:200])


def board_of(opening: Opening, at: datetime) -> list[Column]:
    """Return the stages of a visible opening with their numbers and first cards. Two queries, however many."""
    columns = stages_with_counts(opening, at)
    by_stage: dict[UUID, list[Application]] = defaultdict(list)
    for row in _first_cards().rows(given={_SOME: opening.pk}):
        by_stage[row.stage_id].append(row)
    for column in columns:
        page = cards_after(by_stage[column.stage.pk])
        column.cards, column.after = [Card(row, at) for row in page.rows], page.next_cursor
    return columns


@cache
def _first_cards() -> Question[Application]:
    there = _in_stage(_SOME, OuterRef("pk")).order_by("entered_stage_at", "id")
    firsts = ArraySubquery(there.values("pk")[: CARDS + 1])
    rows = Application.objects.filter(pk__in=Stage.objects.filter(opening=_SOME).values(first=_Unnest(firsts)))
    return Question(rows.select_related("person__merged_into").order_by("entered_stage_at", "id"))


class _Unnest(Func):
    """The elements of an array, each in a row of its own."""

    function, set_returning, output_field = "unnest", True, UUIDField()


class _CappedCounts(Subquery):
    """How many rows a subquery has, and how many of these are due by a moment.

    It is cut at one more than `MOST_COUNTED` and never costs more than that; its rows come in the order in which they
    are due, so those that are due are cut last.
    """

    template = "(SELECT ARRAY[count(*), count(*) FILTER (WHERE due_at <= %%s)] FROM (%(subquery)s) counted)"
    output_field = ArrayField(IntegerField())

    def as_sql(self, *given: Any, **more: Any) -> tuple[str, tuple[Any, ...]]:
        """Return it with `MOMENT`, which the question puts right."""
        sql, params = super().as_sql(*given, **more)
        return sql, (MOMENT, *params)


def _counted(opening_ids: Sequence[UUID], at: datetime) -> list[tuple[Stage, Number, Number]]:
    """Return the stages of openings in order, with how many they hold and how many of these are late.

    One look into the index `application_count` per stage, and none at any row.
    """
    rows: list[Any] = _stages_of(len(opening_ids)).rows(
        at, dict(zip(_some(len(opening_ids)), opening_ids, strict=True))
    )
    return [(row, *map(Number.counted, row.counts)) for row in rows]


@cache
def _stages_of(openings: int) -> Question[Stage]:
    there = Application.objects.filter(
        opening_id=OuterRef("opening_id"), stage_id=OuterRef("pk"), state=Application.State.ACTIVE
    )
    counts = _CappedCounts(there.order_by("due_at").values("due_at")[: MOST_COUNTED + 1])
    return Question(Stage.objects.filter(opening__in=_some(openings)).annotate(counts=counts).order_by("position"))


def _some(openings: int) -> list[UUID]:
    return [UUID(int=number) for number in range(openings)]


def stages_with_counts(opening: Opening, at: datetime) -> list[Column]:
    """Return the stages of a visible opening with how many active applications each holds and how many are late."""
    return [Column(stage, count, late) for stage, count, late in _counted([opening.pk], at)]


def _in_stage(opening_id: UUID, stage_id: UUID | OuterRef) -> QuerySet[Application]:
    return Application.objects.filter(opening_id=opening_id, stage_id=stage_id, state=Application.State.ACTIVE)


def cards_after(rows: Sequence[Application]) -> Page[Application]:
    """Return the first cards of a column that was asked for one more than it shows, and the cursor to the rest."""
    shown = rows[:CARDS]
    more = len(rows) > CARDS
    return Page(shown, cursor_after(shown[-1], ("entered_stage_at", "id")) if more else "")


def more_cards(opening: Opening, stage: Stage, *, after: str, at: datetime) -> tuple[list[Card], str]:
    """Return the next cards of a column of a visible opening, and the cursor after them."""
    rows = queries.active_applications(opening, stage)
    page = keyset_page(rows, order=("entered_stage_at", "id"), after=after, size=CARDS)
    return [Card(row, at) for row in page.rows], page.next_cursor


def count_in_stage(application: Application) -> Number:
    """Return how many active applications share a visible application's stage."""
    there = _in_stage(application.opening_id, application.stage_id).order_by()
    return Number.counted(there.values("due_at")[: MOST_COUNTED + 1].count())


def usual_days_to_hire(opening: Opening, columns: Iterable[Column]) -> float | None:
    """Return the median number of days from application to hire over the newest hires; None if nobody was hired.

    `columns` are the opening's.
    """
    ends = [column.stage.pk for column in columns if column.stage.kind == Stage.Kind.HIRED]
    rows = Application.objects.filter(opening=opening, stage__in=ends, state=Application.State.ACTIVE)
    # as numbers: the driver takes longer to read two moments in each row than all the rest takes
    seconds = Cast(Extract(F("entered_stage_at") - F("applied_at"), "epoch"), FloatField())
    spans = rows.order_by("-entered_stage_at").values_list(seconds, flat=True)[:HIRES_LOOKED_AT]
    return rules.median([span / 86_400 for span in spans])


def page_of_candidates(
    actor: Actor, filters: Filters, *, at: datetime, after: str = "", opening: Opening | None = None
) -> tuple[list[Card], str]:
    """Return the visible applications that the filters let through, a page at a time, and the cursor after them."""
    order = SORTS.get(filters.sort, SORTS["newest"])
    if after:
        rows = _candidates(actor, filters, at, opening.pk if opening else None)
        page = keyset_page(rows, order=order, after=after, size=ROWS)
    else:
        asked = _first_candidates(actor, replace(filters, text=_TEXT if filters.text else ""), opening is not None)
        given = {_SOME: opening and opening.pk, tuple(names.query_grams(_TEXT)): names.query_grams(filters.text)}
        page = page_of(asked.rows(at, given), order=order, size=ROWS)
    # Few stages and openings are behind many candidates, and so many joins would take longer to plan than to run.
    prefetch_related_objects(page.rows, "stage", "exit_reason", *([] if opening else ["opening"]))
    if opening:
        for row in page.rows:
            row.opening = opening
    return [Card(row, at) for row in page.rows if _named(row, filters.text)], page.next_cursor


def _candidates(actor: Actor, filters: Filters, at: datetime, opening_id: UUID | None) -> QuerySet[Application]:
    rows = Application.objects.filter(opening_id=opening_id) if opening_id else queries.applications_visible_to(actor)
    return rows.filter(filters.condition(at)).select_related("person__merged_into")


@per_rights
def _first_candidates(actor: Actor, filters: Filters, of_opening: bool) -> Question[Application]:
    rows = _candidates(actor, filters, MOMENT, _SOME if of_opening else None)
    return Question(rows.order_by(*SORTS.get(filters.sort, SORTS["newest"]))[: ROWS + 1])


def _named(row: Application, text: str) -> bool:
    """Tell whether the name truly contains the text: the index finds pairs of characters, in whatever order."""
    return _is_named(text, row.person.name, row.person.root.name)


def _is_named(text: str, *called: str) -> bool:
    return not text or any(names.matches(name, text) for name in called)


class Exported(NamedTuple):
    """A candidate as a spreadsheet needs them: plain columns, for objects would take as long as all the rest.

    They are of who is shown; `recorded_as` is the name of the record that the application is under.
    """

    person_id: UUID
    recorded_as: str
    name: str
    headline: str
    degree: str
    city: str
    years: int | None
    skills: list[str]
    is_key: bool
    source: str
    opening_id: UUID
    stage_id: UUID
    exit_reason_id: UUID | None
    applied_at: datetime
    entered_stage_at: datetime
    due_at: datetime | None


_OF_PERSON = ("name", "headline", "degree", "city", "years", "skills", "is_key")
_COLUMNS = {name: f"shown_{name}" for name in (*_OF_PERSON, "person_id")} | {"recorded_as": "person__name"}


def candidates_to_export(actor: Actor, filters: Filters, *, at: datetime) -> Iterator[Exported]:
    """Return every application that the filters let through and this actor may take away, newest first."""
    rows = queries.applications_exportable_by(actor).filter(filters.condition(at)).order_by("-applied_at", "-id")
    rows = rows.annotate(
        shown_person_id=Coalesce("person__merged_into_id", "person_id"),
        **{f"shown_{name}": people.shown_value("person__", name) for name in _OF_PERSON},
    )
    columns = [_COLUMNS.get(name, name) for name in Exported._fields]
    for values in rows.values_list(*columns).iterator(chunk_size=2000):
        row = Exported(*values)
        if _is_named(filters.text, row.name, row.recorded_as):
            yield row


@dataclass(frozen=True)
class OpeningLine:
    """An opening in the list: how many in each kind of stage, and how many are late."""

    opening: Opening
    by_kind: dict[str, Number]
    overdue: Number


def page_of_openings(
    actor: Actor, *, states: Sequence[str], at: datetime, after: str = ""
) -> tuple[list[OpeningLine], str]:
    """Return the visible openings in these states, newest first, a page at a time, and the cursor after them."""
    rows = queries.openings_visible_to(actor).filter(state__in=states)
    rows = rows.select_related("owner", "department")
    page = keyset_page(rows, order=("-created_at", "-id"), after=after, size=ROWS)
    numbers: dict[UUID, dict[str, Number]] = defaultdict(lambda: dict.fromkeys(Stage.Kind.values, Number(0)))
    late: dict[UUID, Number] = defaultdict(lambda: Number(0))
    for stage, count, overdue in _counted([row.pk for row in page.rows], at):
        numbers[stage.opening_id][stage.kind] += count
        late[stage.opening_id] += overdue
    return [OpeningLine(row, numbers[row.pk], late[row.pk]) for row in page.rows], page.next_cursor


def applications_by_week(opening: Opening, at: datetime) -> list[tuple[datetime, dict[str, int]]]:
    """Return, for each of the last twelve weeks, how many applied to a visible opening by each source, oldest first."""
    this_week = (at - timedelta(days=at.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    weeks = [this_week - timedelta(weeks=back) for back in range(WEEKS_SHOWN - 1, -1, -1)]
    rows = Application.objects.filter(opening=opening, applied_at__gte=weeks[0])
    grouped = rows.order_by().values("source", week=TruncWeek("applied_at", tzinfo=at.tzinfo))
    counted = grouped.annotate(count=Count("*"))
    numbers: dict[datetime, dict[str, int]] = {week: {} for week in weeks}
    for row in counted:
        numbers.setdefault(row["week"], {})[row["source"]] = row["count"]
    return [(week, numbers[week]) for week in weeks]


def sources_of(opening: Opening) -> list[str]:
    """Return by which doors the newest thousand candidates of a visible opening came."""
    newest = Application.objects.filter(opening=opening).order_by("-applied_at", "-id")[:1000]
    return sorted(set(newest.values_list("source", flat=True)))


@dataclass(frozen=True)
class FileLine:
    """A file of an upload as the result lists it; `name` is empty once a person stands for it."""

    row: IntakeFile
    name: str


def page_of_files(
    rows: QuerySet[IntakeFile], *, order: Sequence[str], after: str = "", size: int = ROWS
) -> tuple[list[FileLine], str]:
    """Return visible files with their names, some at a time, and the cursor after them."""
    rows = rows.select_related("application__person__merged_into", "intake__opening", "document", "archive")
    page = keyset_page(rows, order=order, after=after, size=size)
    return [FileLine(row, queries.file_name(row)) for row in page.rows], page.next_cursor


def may_export(actor: Actor) -> bool:
    """Tell whether this actor may take candidates away as a file."""
    return actor.may(permissions.EXPORT_CANDIDATES)
