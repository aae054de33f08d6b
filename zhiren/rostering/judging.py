"""Plans held against working-time law before they are published: what they would do, to whom, and when. Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from zhiren.kernel.actors import Actor
from zhiren.kernel.ids import new_id
from zhiren.people import employment_queries as employments
from zhiren.people.models import Employment
from zhiren.rostering import law, law_days, law_words, queries
from zhiren.rostering.models import Assignment, GroupVersion, Membership, ShiftVersion
from zhiren.rostering.queries import Planned, Supposed
from zhiren.rostering.services import Way, check_way, read_shift

DAY = timedelta(days=1)
# A plan repeats itself; averages look over half a year at most.
_AHEAD = 182
_AROUND_A_DAY = 35
_NEWEST = 1_000_000
_MOST_NAMES = 5
_EIGHT_HOURS = 480
# Everything that is judged here is still to come.
_BEFORE_ALL = 0


@dataclass(frozen=True)
class Found:
    """One thing that a plan would do against a rule: the first time, how often, and to whom; nobody is in it yet where
    `employment_ids` is empty."""

    finding: law.Finding
    times: int
    employment_ids: tuple[UUID, ...]


def law_for(version: GroupVersion, region: str) -> law.Law | None:
    """Return the law for somebody of a group who works in a region; None where nobody knows it.

    Where a country has no comprehensive hours of this period, its standard rules hold.
    """
    country = law.country_of(region)
    if not country:
        return None
    regime, period = law.Regime(version.regime), law.Period(version.period)
    if regime == law.Regime.COMPREHENSIVE and period not in law.comprehensive_periods(country):
        regime = law.Regime.STANDARD
    known = law.agreements(country)
    agreed = tuple(one for one in version.agreed if one in known)
    return law.Law(country=country, regime=regime, period=period, agreed=agreed, preset=version.preset)


def normal_day(region: str, on: date) -> int:
    """Return the minutes of a normal day where people work; eight hours where no law is known to say so."""
    country = law.country_of(region)
    term = law.Law(country=country).on(on).get("normal_day") if country else None
    return int(term.value) if term else _EIGHT_HOURS


def of_way(way: Way, *, group_id: UUID | None, region: str, valid_from: date) -> list[Found]:
    """Return what a way of working would do to the people of a group from a date on, or to whoever will be in it.

    `region` is where people of a group work in which nobody is yet.

    Raises:
        PatternMalformed, RegionUnknown: it cannot be worked.
    """
    check_way(way)
    version = GroupVersion(group_id=group_id or new_id(), number=_NEWEST, valid_from=valid_from, **way.fields())
    members = [one for one, _from, _until in queries.members_from([group_id], valid_from)] if group_id else []
    if members:
        return _judge(_regions(members), valid_from, [version])
    nobody = Membership(employment_id=new_id(), group_id=version.group_id, from_on=valid_from)
    found = _judge({nobody.employment_id: region}, valid_from, [version, nobody])
    return [Found(one.finding, one.times, ()) for one in found]


def of_shift(shift_id: UUID, definition: Mapping[str, object], *, valid_from: date) -> list[Found]:
    """Return what a shift would do to the people who work it from a date on.

    Raises:
        ShiftMalformed: it cannot be worked.
    """
    said = read_shift(definition)
    version = ShiftVersion(shift_id=shift_id, number=_NEWEST, valid_from=valid_from, definition=said.to_json())
    people = {one for one, _from, _until in queries.members_from(queries.groups_working(shift_id), valid_from)}
    people |= {one for one, _on in queries.assigned_to(shift_id, valid_from)}
    return _judge(_regions(people), valid_from, [version])


def of_placing(employment: Employment, group_id: UUID, *, from_on: date) -> list[Found]:
    """Return what it would do to somebody to be planned by a group from a date on."""
    row = Membership(employment_id=employment.pk, group_id=group_id, from_on=from_on)
    return _judge({employment.pk: employment.region}, from_on, [row])


def of_days(days: Sequence[Assignment]) -> list[Found]:
    """Return what single days, not saved yet, would do to those who are to work them: only what bears on these days."""
    people = _regions({row.employment_id for row in days})
    on = {(row.employment_id, row.on) for row in days}
    found = _judge(people, min(row.on for row in days), days, ahead=max(row.on for row in days))
    return [one for one in found if any((who, day) in on for who in one.employment_ids for day in one.finding.days)]


def _regions(employment_ids: Iterable[UUID]) -> dict[UUID, str]:
    return {one.pk: one.region for one in employments.employments_by_id(employment_ids).values()}


def _judge(
    people: Mapping[UUID, str], since: date, supposing: Sequence[Supposed], *, ahead: date | None = None
) -> list[Found]:
    """Hold the plans of people, with rows that are not saved, against the law that holds for each.

    Who is planned alike is judged once: a group of thousands costs what one person does.
    """
    if not people:
        return []
    first, last = _window(people, since, supposing, ahead)
    own = {row.employment_id for row in supposing if isinstance(row, Assignment | Membership)}
    shared = _planned_alike([one for one in people if one not in own], first, last)
    alike = [[one] for one in people if one in own]
    for together in shared:
        by_region: dict[str, list[UUID]] = {}
        for one in together:
            by_region.setdefault(people[one], []).append(one)
        alike += by_region.values()
    speakers = [together[0] for together in alike]
    roster = queries.roster(speakers, first, last, supposing=supposing)
    ways = _ways(roster, supposing)
    found: dict[tuple[str, int, int, str], list[tuple[law.Finding, list[UUID]]]] = {}
    for together in alike:
        days = roster.get(together[0], {})
        version = next((ways[days[on].group_version_id] for on in sorted(days, reverse=True) if on >= since), None)
        judged_by = law_for(version, people[together[0]]) if version else None
        if judged_by:
            for finding in _findings(days, judged_by, since):
                key = (finding.code, finding.reached, finding.limit, finding.source)
                found.setdefault(key, []).append((finding, together))
    return sorted(map(_told_once, found.values()), key=lambda one: (one.finding.days, one.finding.code))


def _planned_alike(employment_ids: Sequence[UUID], first: date, last: date) -> list[list[UUID]]:
    """Return those of these people whom a group plans, by whose dates and groups are the same: two queries."""
    known: dict[UUID, list[object]] = defaultdict(list)
    rows = Membership.objects.filter(employment_id__in=employment_ids, from_on__lte=last).exclude(until_on__lt=first)
    for row in rows.order_by("from_on"):
        known[row.employment_id].append((row.group_id, max(first, row.from_on), min(last, row.until_on or last)))
    single = Assignment.objects.filter(employment_id__in=known, on__range=(first, last), lifted_at__isnull=True)
    for employment_id, *day in single.order_by("on").values_list("employment_id", "on", "shift_id"):
        known[employment_id].append(tuple(day))
    alike: dict[tuple[object, ...], list[UUID]] = defaultdict(list)
    for employment_id, plans in known.items():
        alike[tuple(plans)].append(employment_id)
    return list(alike.values())


def _window(
    people: Mapping[UUID, str], since: date, supposing: Sequence[Supposed], ahead: date | None
) -> tuple[date, date]:
    """Return which dates are judged: whole weeks, the month, and whole periods of comprehensive hours."""
    first = since.replace(day=1) - 7 * DAY
    first -= first.weekday() * DAY
    last = ahead + _AROUND_A_DAY * DAY if ahead else since + _AHEAD * DAY
    versions = [row for row in supposing if isinstance(row, GroupVersion)]
    for version in versions or queries.ways_of(list(people), since, since).values():
        if version.regime == GroupVersion.Regime.COMPREHENSIVE:
            begins, ends = law.period_of(since, law.Period(version.period))
            first, last = min(first, begins), max(last, ends)
    return first, last


def _ways(roster: queries.Roster, supposing: Sequence[Supposed]) -> dict[UUID | None, GroupVersion]:
    """Return the versions of groups by which days are planned, saved or not."""
    found: dict[UUID | None, GroupVersion] = {row.pk: row for row in supposing if isinstance(row, GroupVersion)}
    wanted = {day.group_version_id for days in roster.values() for day in days.values()} - found.keys()
    found.update({row.pk: row for row in GroupVersion.objects.filter(pk__in=[one for one in wanted if one])})
    return found


def _findings(days: Mapping[date, Planned], judged_by: law.Law, since: date) -> list[law.Finding]:
    """Return what is found of plans from a date on."""
    planned: list[law.Day] = []
    before = _BEFORE_ALL
    for on in sorted(days):
        spans = law_days.as_planned(days[on].plan)
        work = tuple((max(begins, before), ends) for begins, ends in spans if ends > before)
        before = work[-1][1] if work else before
        planned.append(law.Day(on, work, days[on].zone, kind_of(days[on], on, judged_by)))
    found = law.check(planned, law=judged_by, at=_BEFORE_ALL)
    return [one for one in found if one.days[-1] >= since]


def kind_of(planned: Planned, on: date, judged_by: law.Law) -> int:
    """Return of which kind a date is for the law: with comprehensive hours that of the calendar, else of the plan."""
    if judged_by.regime == law.Regime.COMPREHENSIVE:
        return queries.calendar_class(planned.region, planned.zone, on)
    return planned.plan.day_class


def _told_once(same: Sequence[tuple[law.Finding, list[UUID]]]) -> Found:
    finding = min((one for one, _people in same), key=lambda one: one.days)
    times = len({one.days for one, _people in same})
    return Found(finding, times, tuple(dict.fromkeys(who for _one, people in same for who in people)))


# In words -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What a plan would do, as a page says it: how much, how much may be, whose rule that is, when, and to whom."""

    sentence: str
    source: str
    url: str
    on: date
    until: date
    times: int
    people: int
    names: tuple[str, ...]


def in_words(actor: Actor, found: Sequence[Found]) -> list[Told]:
    """Return findings as a page says them; names only of those whom the reader may see."""
    wanted = {who for one in found for who in one.employment_ids[:_MOST_NAMES]}
    visible = employments.employments_visible_to(actor).filter(pk__in=wanted) if wanted else []
    names = {row.pk: row.person.name for row in visible}
    return [
        Told(
            law_words.say(one.finding),
            *_whose(one.finding.source),
            on=one.finding.days[0],
            until=one.finding.days[-1],
            times=one.times,
            people=len(one.employment_ids),
            names=tuple(names[who] for who in one.employment_ids[:_MOST_NAMES] if who in names),
        )
        for one in found
    ]


def _whose(source: str) -> tuple[str, str]:
    return (_("Rules of the house"), "") if law_words.is_of_house(source) else law_words.source_of(source)
