"""Why a day reads as it does, in the reader's words: the plan, the punches and what each was taken as, each verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zhiren.attendance import known, proofs, punch_words, queries, rules, shift_queries, words
from zhiren.attendance.models import Banked, Punch
from zhiren.attendance.proofs import Proof, PunchUsed, SegmentProof
from zhiren.people.models import Employment
from zhiren.rostering import plans
from zhiren.rostering.models import Assignment
from zhiren.rostering.queries import Planned

DAY = timedelta(days=1)
PUNCHED, ASSUMED = proofs.HOW[1:]


@dataclass(frozen=True)
class Sentence:
    """One thing that bore on the day."""

    icon: str
    text: str


@dataclass(frozen=True)
class ShownPunch:
    """A punch of the day, and what it was taken as."""

    at: datetime
    zone: str
    origin: punch_words.Origin
    role: str
    is_ignored: bool


@dataclass(frozen=True)
class Reasons:
    """The reasons of a day, worked out anew from what is stored."""

    sentences: list[Sentence]
    punches: list[ShownPunch]
    rules_version: int


def of_day(employment: Employment, on: date, days: Mapping[date, Planned], at: datetime) -> Reasons:
    """Return why somebody's day reads as it does. `days` holds the plans of the date and of those next to it."""
    planned = days[on]
    previous, following = (one.plan if one else None for one in (days.get(on - DAY), days.get(on + DAY)))
    low, high = rules.reach(previous, planned.plan, following)
    since, until = (datetime.fromtimestamp(one, tz=UTC) for one in (low, high))
    facts = known.facts_between(employment.pk, since - DAY, until + DAY)
    is_over = high <= at.timestamp()
    plan = planned.plan
    judged = plan if is_over else replace(plan, policy=replace(plan.policy, missing_trusted=True))
    proof = proofs.explain(previous, judged, following, facts.punches, facts.absences, facts.overtimes)
    clock = _Clock(planned.zone)
    sentences = [Sentence("calendar", _plan_in_words(plan, clock))]
    if why := shift_queries.because(employment.pk, on):
        sentences.append(Sentence("arrow-left-right", _because_in_words(why, planned.zone)))
    for told, segment in zip(proof.segments, plan.segments, strict=False):
        sentences += _segment_in_words(told, segment, plan, clock, is_over=is_over)
    sentences += _day_in_words(proof.day, is_over=is_over)
    sentences += [_banked_in_words(row) for row in queries.banked([(employment.pk, on)]) if row.minutes + row.overflow]
    rows = queries.punches_of(employment.pk, since - DAY, until + DAY)
    return Reasons(sentences, _punches(rows, proof, clock), proof.rules_version)


def _banked_in_words(row: Banked) -> Sentence:
    given = {"minutes": words.span(row.minutes), "rest": words.span(row.overflow)}
    if not row.overflow:
        return Sentence("piggy-bank", _("Of the overtime %(minutes)s became time off.") % given)
    if not row.minutes:
        return Sentence("piggy-bank", _("The hours bank is full: %(rest)s of overtime are paid.") % given)
    text = _("Of the overtime %(minutes)s became time off; %(rest)s had no room in the hours bank and are paid.")
    return Sentence("piggy-bank", text % given)


class _Clock:
    def __init__(self, zone: str) -> None:
        self.zone = zone
        self._tz = ZoneInfo(zone)

    def __call__(self, seconds: int) -> str:
        moment = datetime.fromtimestamp(seconds, tz=UTC).astimezone(self._tz)
        return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def _plan_in_words(plan: plans.PlanDay, clock: _Clock) -> str:
    if plan.kind == plans.Kind.OFF:
        return _("A day off; what is worked on it may be overtime.")
    if plan.kind == plans.Kind.IRREGULAR:
        return _("Irregular hours: whoever comes is present; nobody is late.")
    if plan.kind == plans.Kind.FREE:
        return _("Free hours: %(length)s are due, at whatever time.") % {"length": words.span(plan.target // 60)}
    stretches = ", ".join(f"{clock(one.start)}–{clock(one.end)}" for one in plan.segments)
    if plan.kind == plans.Kind.CORE:
        given = {"span": stretches, "core": f"{clock(plan.core_start)}–{clock(plan.core_end)}"}
        return _("Between %(span)s, and from %(core)s in any case.") % given
    return _("Planned from %(span)s.") % {"span": stretches}


def _because_in_words(why: shift_queries.Because, zone: str) -> str:
    """Return who is behind a day that is planned otherwise than the group says."""
    given = {
        "day": date_format(why.at.astimezone(ZoneInfo(zone))) if why.at else "",
        "by": ", ".join(why.by),
        "name": why.with_name,
    }
    source = why.assignment.source
    if source == Assignment.Source.SWAP:
        if why.by:
            return _("Planned by a swap with %(name)s, approved by %(by)s on %(day)s.") % given
        return _("Planned by a swap with %(name)s, agreed on %(day)s.") % given
    if source == Assignment.Source.CHANGE:
        if why.by:
            return _("Planned as was asked for, approved by %(by)s on %(day)s.") % given
        return _("Planned as was asked for on %(day)s.") % given
    told = _("Planned by hand by %(by)s on %(day)s.") if why.by else _("Planned by hand on %(day)s.")
    return told % given + (f" {why.assignment.note}" if why.assignment.note else "")


def _segment_in_words(
    told: SegmentProof, segment: plans.Segment, plan: plans.PlanDay, clock: _Clock, *, is_over: bool
) -> list[Sentence]:
    found = []
    s, e = told.expected_from, told.expected_to
    if plan.kind == plans.Kind.FLEXIBLE and s != segment.start:
        given = {"since": clock(s), "until": clock(e)}
        found.append(
            Sentence("move-right", _("By the time of arrival it is expected from %(since)s to %(until)s.") % given)
        )
    came, went = told.came, told.went
    flags = told.flags
    if came == PUNCHED:
        late = told.late_found
        given = {
            "at": clock(told.came_at or s),
            "since": clock(s),
            "late": words.span(late // 60),
            "grace": str(plan.policy.grace_in // 60),
        }
        if late and not told.late and not flags & rules.LATE_ABSENT:
            found.append(
                Sentence(
                    "log-in", _("In at %(at)s: %(late)s after %(since)s, within the %(grace)s minutes allowed.") % given
                )
            )
        elif late:
            found.append(Sentence("log-in", _("In at %(at)s, expected at %(since)s: late by %(late)s.") % given))
        else:
            found.append(Sentence("log-in", _("In at %(at)s, in time for %(since)s.") % given))
    elif came == ASSUMED and went == PUNCHED and not flags & rules.MISSING_IN:
        found.append(Sentence("log-in", _("No punch in was needed; taken as in at %(since)s.") % {"since": clock(s)}))
    if flags & rules.LATE_ABSENT:
        given = {"limit": words.span(plan.policy.late_absent_after // 60)}
        found.append(Sentence("circle-x", _("Later than %(limit)s counts as absence.") % given))
    elif flags & rules.SERIOUSLY_LATE:
        given = {"limit": words.span(plan.policy.serious_after // 60)}
        found.append(Sentence("triangle-alert", _("More than %(limit)s late is seriously late.") % given))
    if went == PUNCHED:
        early = told.early_found
        given = {"at": clock(told.went_at or e), "until": clock(e), "early": words.span(early // 60)}
        if early:
            found.append(Sentence("log-out", _("Out at %(at)s, expected until %(until)s: %(early)s early.") % given))
        else:
            found.append(Sentence("log-out", _("Out at %(at)s, after %(until)s or on time.") % given))
    if is_over:
        found += _missing_in_words(flags, s, e, clock)
    return found


def _missing_in_words(flags: int, s: int, e: int, clock: _Clock) -> list[Sentence]:
    found = []
    if flags & rules.MISSING_IN:
        found.append(Sentence("circle-help", _("There is no punch in for %(since)s.") % {"since": clock(s)}))
    if flags & rules.MISSING_OUT:
        found.append(Sentence("circle-help", _("There is no punch out for %(until)s.") % {"until": clock(e)}))
    if flags & rules.ABSENT:
        given = {"span": f"{clock(s)}–{clock(e)}"}
        found.append(
            Sentence("circle-x", _("Nobody punched for %(span)s, and no leave or errand was approved.") % given)
        )
    return found


def _day_in_words(day: rules.Day, *, is_over: bool) -> list[Sentence]:
    found = []
    leave = day.leave_paid + day.leave_unpaid
    if leave:
        found.append(Sentence("calendar-days", _("Leave was approved for %(length)s.") % {"length": words.span(leave)}))
    if day.duty:
        text = _("%(length)s away on duty were approved and count as work.") % {"length": words.span(day.duty)}
        found.append(Sentence("plane", text))
    if day.away:
        found.append(Sentence("footprints", _("Out in between for %(length)s.") % {"length": words.span(day.away)}))
    overtime = day.ot_work + day.ot_rest + day.ot_holiday
    if overtime:
        found.append(Sentence("alarm-clock", _("Overtime of %(length)s counts.") % {"length": words.span(overtime)}))
    elif day.flags & rules.UNPLANNED:
        found.append(
            Sentence(
                "alarm-clock",
                _("What was worked on this day off does not count as overtime: it was not approved, or too little."),
            )
        )
    if is_over and day.short:
        found.append(Sentence("timer", _("%(length)s fewer than due.") % {"length": words.span(day.short)}))
    return found


def _punches(rows: list[Punch], proof: Proof, clock: _Clock) -> list[ShownPunch]:
    """Return the punches of the day, each with where it came from and what it was taken as."""
    used: dict[int, list[PunchUsed]] = {}
    for one in proof.punches:
        used.setdefault(one.at, []).append(one)
    found = []
    for row in rows:
        taken = used.get(int(row.at.timestamp()))
        if taken:
            role = taken.pop(0).role
            is_ignored = role in {proofs.DUPLICATE, proofs.BETWEEN}
            found.append(
                ShownPunch(row.at, clock.zone, punch_words.origin(row, clock.zone), words.ROLES[role], is_ignored)
            )
    return found
