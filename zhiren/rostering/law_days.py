"""Plans, and what was worked by them, as spans for working-time law to judge. Pure."""

import itertools
from collections.abc import Iterable, Sequence

from zhiren.rostering.plans import Kind, PlanDay, Span

_NINE, _NOON, _HOUR = 9 * 3600, 12 * 3600, 3600


def as_planned(plan: PlanDay) -> list[Span]:
    """Return when a date is to be worked. Of hours that people choose the usual are taken: around the core, from nine.

    Whoever chooses is taken to rest an hour at noon; where a plan has no hours at all, nothing is planned.
    """
    if plan.kind == Kind.FREE:
        nine, noon = plan.midnights[0] + _NINE, plan.midnights[0] + _NOON
        work = _first(_without([(nine, plan.midnights[2])], [(noon, noon + _HOUR)]), plan.target)
    elif plan.kind == Kind.CORE:
        [segment] = plan.segments
        around = max(plan.target - (plan.core_end - plan.core_start), 0) // 2
        begins = max(segment.start, plan.core_start - around)
        work = _first(_without([(begins, segment.end)], segment.breaks), plan.target)
    else:
        work = _net(plan)
    return work


def as_worked(plan: PlanDay | None, *, seen: Span | None, minutes: int, after: int = 0) -> list[Span]:
    """Return when a date was worked: `minutes` of work between the first and the last punch (`seen`).

    Planned breaks and pauses are taken to be kept. Of presence that the day does not count, what lies before the plan
    is left out first, then the end; work that nobody punched is taken where it was planned. Nothing begins before
    `after`, the end of the work before.
    """
    planned = _net(plan) if plan else []
    pauses = [(one[1], other[0]) for one, other in itertools.pairwise(planned)]
    if seen and seen[0] < seen[1]:
        present = _without([seen], pauses)
        spare = _length(present) - minutes * 60
        if spare > 0 and planned and seen[0] < planned[0][0]:
            present = _without(present, [(seen[0], min(planned[0][0], seen[0] + spare))])
    else:
        present = planned or ([(plan.midnights[0] + _NINE, plan.midnights[2])] if plan else [])
    lacking = minutes * 60 - _length(present)
    if lacking > 0 and present:
        present[-1] = (present[-1][0], present[-1][1] + lacking)
    return _first([(max(begins, after), ends) for begins, ends in present if ends > after], minutes * 60)


def _net(plan: PlanDay) -> list[Span]:
    """Return the planned stretches of work without their breaks."""
    return [span for one in plan.segments for span in _without([(one.start, one.end)], one.breaks)]


def _without(spans: Iterable[Span], holes: Sequence[Span]) -> list[Span]:
    """Return what is left of ascending spans without ascending holes."""
    found: list[Span] = []
    for start, end in spans:
        for begins, ends in holes:
            if start < begins < end:
                found.append((start, begins))
            if begins < end and ends > start:
                start = max(start, ends)
        if start < end:
            found.append((start, end))
    return found


def _first(spans: Sequence[Span], seconds: int) -> list[Span]:
    """Return the first so many seconds of spans."""
    found: list[Span] = []
    for start, end in spans:
        if seconds <= 0:
            break
        found.append((start, min(end, start + seconds)))
        seconds -= end - start
    return found


def _length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)
