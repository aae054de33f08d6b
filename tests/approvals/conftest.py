"""A kind of request to test with, and a small company to ask in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from tests.factories import make_department, make_employment, make_user
from zhiren.access.models import User
from zhiren.approvals.kinds import Cancelling, Description, Field, Kind, Line, Outcome, kinds
from zhiren.kernel.ids import new_id
from zhiren.org.models import Department


@dataclass
class Told:
    """What the kind's callbacks were told, and how often the next ones shall fail."""

    said: list[tuple[str, UUID]] = field(default_factory=list)
    failures: int = 0

    def hears(self, what: str) -> Any:
        def callback(outcome: Outcome) -> None:
            if self.failures:
                self.failures -= 1
                raise RuntimeError("the disk is full")
            self.said.append((what, outcome.subject_id))

        return callback


def described(values: Any) -> Description:
    return Description(f"{values['days']} days", [Line("Days", str(values["days"]))])


@pytest.fixture
def told() -> Iterator[Told]:
    """Kinds called `holiday` (needs approval to be cancelled) and `errand` (cancelled freely), for one test."""
    told = Told()
    heard: dict[str, Any] = {
        f"on_{what}": told.hears(what) for what in ("approved", "declined", "withdrawn", "cancelled")
    }
    fields = (Field("days", "Days"), Field("type", "Type", "choice", lambda: [("annual", "Annual"), ("sick", "Sick")]))
    steps = ({"ask": ["manager"]}, {"ask": ["hr"], "when": [{"field": "days", "is": "more", "than": 3}]})
    kinds.add("holiday", Kind(title="Holiday", describe=described, steps=steps, fields=fields, **heard))
    kinds.add(
        "errand",
        Kind(title="Errand", describe=described, steps=steps[:1], cancelling=Cancelling.FREELY, **heard),
    )
    yield told
    for code in ("holiday", "errand"):
        del kinds._items[code]


@dataclass
class House:
    """Somebody who asks, their manager, the manager's manager, and HR of the entity."""

    department: Department
    asker: User
    manager: User
    head: User
    hr: User
    employment_id: UUID
    subject: UUID = field(default_factory=new_id)


@pytest.fixture
def house(db: None, told: Told) -> House:
    """A small company with a line of managers."""
    department = make_department()
    head = make_user("", department=department, name="总监")
    manager = make_user("", department=department, manager=head, name="经理")
    asker = make_user("", department=department, manager=manager, name="员工")
    hr = make_user("hr_manager", entity=department.entity, name="人事")
    above = None
    for user in (head, manager, asker):
        above = make_employment(user, manager=above)
    assert above is not None
    return House(department, asker, manager, head, hr, above.pk)
