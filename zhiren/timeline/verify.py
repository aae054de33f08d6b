"""Prove that the log is what was recorded, or name the rows that are not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from zhiren.timeline import heads
from zhiren.timeline.models import EventRow, Seal, Unsealed
from zhiren.timeline.services import GENESIS, link_after, mac_of


@dataclass(frozen=True)
class Problem:
    """One row that is not as it was recorded. `event_id` is empty when the row is gone."""

    number: int
    event_id: str
    what: str


@dataclass
class Report:
    """What `verify` saw: how many rows, and every problem."""

    checked: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def verify() -> Report:
    """Check every event against its keyed hash and its place in the chain.

    Finds rows changed, removed, inserted or put in another order; the removal of the very last rows is seen against
    the head that is noted outside the database. Reads in order of position, in constant memory.
    """
    report = Report()
    _check_chain(report)
    _check_rows_outside_the_chain(report)
    report.problems = [next(same) for _key, same in groupby(sorted(report.problems, key=lambda p: (p.number, p.what)))]
    return report


def _check_chain(report: Report) -> None:
    previous, expected = GENESIS, 1
    head = heads.noted()
    last_number = 0
    for seal, row in _sealed():
        if seal.position != expected:
            _say(report, seal.event_number, row, f"links {expected} to {seal.position - 1} before it were removed")
            expected = seal.position
        expected += 1
        report.checked += 1
        if row is None:
            _say(report, seal.event_number, None, "removed")
        else:
            if bytes(row.mac) != mac_of(row):
                _say(report, row.number, row, "changed")
            elif link_after(previous, row) != bytes(seal.link):
                _say(report, row.number, row, "not in the place where it was recorded")
        last_number = max(last_number, seal.event_number)
        previous = bytes(seal.link)
        if head and seal.position == head[0] and previous != head[1]:
            _say(report, seal.event_number, row, "differs from the head noted outside the database")
    if head and head[0] >= expected:
        _say(report, last_number, None, f"the last {head[0] - expected + 1} links after it were removed")


def _sealed() -> Iterator[tuple[Seal, EventRow | None]]:
    batch = 2000
    after = 0
    while True:
        seals = list(Seal.objects.filter(position__gt=after).order_by("position")[:batch])
        if not seals:
            return
        rows = EventRow.objects.in_bulk([seal.event_number for seal in seals])
        for seal in seals:
            yield seal, rows.get(seal.event_number)
        after = seals[-1].position


def _check_rows_outside_the_chain(report: Report) -> None:
    waiting = set(Unsealed.objects.values_list("number", flat=True))
    loose = EventRow.objects.exclude(number__in=Seal.objects.values("event_number"))
    for row in loose.iterator(chunk_size=2000):
        report.checked += 1
        if bytes(row.mac) != mac_of(row):
            _say(report, row.number, row, "inserted, or changed before it was linked")
        elif row.number not in waiting:
            _say(report, row.number, row, "its link was removed")
    present = set(EventRow.objects.filter(number__in=waiting).values_list("number", flat=True))
    for number in sorted(waiting - present):
        _say(report, number, None, "removed before it was linked")


def _say(report: Report, number: int, row: EventRow | None, what: str) -> None:
    report.problems.append(Problem(number=number, event_id=str(row.id) if row else "", what=what))
