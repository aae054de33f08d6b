"""The log: recorded in the transaction, delivered after it, once per handler, provable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories import MONDAY
from zhiren.kernel.events import Event
from zhiren.kernel.ids import new_id
from zhiren.plumbing import jobs
from zhiren.timeline import on, queries, services
from zhiren.timeline.models import Delivery, EventRow, Seal, Unsealed
from zhiren.timeline.registry import _handlers
from zhiren.timeline.verify import verify


@dataclass(frozen=True, kw_only=True)
class BellRung(Event):
    """Something that only the tests know."""

    name = "test.bell.rung"
    times: int


class Listener:
    """A handler that remembers what it heard and can be told to fail."""

    def __init__(self, name: str) -> None:
        self.heard: list[int] = []
        self.fails = False
        self.__module__, self.__qualname__ = "tests", name

    def __call__(self, event: BellRung) -> None:
        if self.fails:
            raise RuntimeError("the bell is too loud")
        self.heard.append(event.times)


@pytest.fixture
def listeners() -> Iterator[tuple[Listener, Listener]]:
    """Two handlers of the bell, and nobody after the test."""
    first, second = Listener("first"), Listener("second")
    on(BellRung)(first)
    on(BellRung)(second)
    yield first, second
    _handlers.pop(BellRung.name)


def ring(times: int = 1, person_id: UUID | None = None) -> UUID:
    return services.record(BellRung(person_id=person_id, at=MONDAY, times=times))


def tamper(sql: str, *values: Any) -> None:
    """Do what the owner of the tables can: go around the triggers."""
    with connection.cursor() as cursor:
        for table in ("timeline_event", "timeline_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        for table in ("timeline_event", "timeline_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.django_db
class TestRecord:
    def test_keeps_what_happened(self) -> None:
        person_id = new_id()

        ring(3, person_id)

        row = EventRow.objects.get(person_id=person_id)
        assert (row.name, row.at, row.payload) == ("test.bell.rung", MONDAY, {"times": 3})

    def test_rolls_back_with_its_fact(self, listeners: tuple[Listener, Listener]) -> None:
        with transaction.atomic():
            ring()
            transaction.set_rollback(True)

        jobs.run_due(MONDAY)
        assert not EventRow.objects.filter(name=BellRung.name).exists()
        assert listeners[0].heard == []

    @pytest.mark.parametrize("statement", ["UPDATE timeline_event SET payload = '{}'", "DELETE FROM timeline_event"])
    def test_is_for_ever(self, statement: str) -> None:
        ring()

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db
class TestDeliver:
    def test_tells_every_handler_once_however_often_it_runs(self, listeners: tuple[Listener, Listener]) -> None:
        event_id = ring(2)

        services.deliver(event_id=event_id)
        services.deliver(event_id=event_id)

        assert [listener.heard for listener in listeners] == [[2], [2]]

    def test_lets_no_failing_handler_block_another(self, listeners: tuple[Listener, Listener]) -> None:
        listeners[0].fails = True
        event_id = ring()

        with pytest.raises(services.DeliveryFailed, match="first"):
            services.deliver(event_id=event_id)

        assert listeners[1].heard == [1]
        failing = queries.failing_deliveries().get()
        assert (failing.handler, failing.attempts) == ("tests.first", 1)
        assert "too loud" in failing.last_error

    def test_tries_only_the_failed_handler_again(self, listeners: tuple[Listener, Listener]) -> None:
        listeners[0].fails = True
        event_id = ring()
        with pytest.raises(services.DeliveryFailed):
            services.deliver(event_id=event_id)
        listeners[0].fails = False

        services.deliver(event_id=event_id)

        assert [listener.heard for listener in listeners] == [[1], [1]]
        assert not Delivery.objects.filter(done_at__isnull=True).exists()

    def test_happens_in_the_background(self, listeners: tuple[Listener, Listener]) -> None:
        ring(5)
        assert listeners[0].heard == []

        jobs.run_due(MONDAY)

        assert listeners[0].heard == [5]


@pytest.mark.django_db
@pytest.mark.usefixtures("data_folder")  # where no other test has noted the head of its chain
class TestVerify:
    def test_is_content_with_what_was_recorded(self) -> None:
        for times in range(5):
            ring(times)
        services.seal()
        ring(6)

        report = verify()

        assert report.ok
        assert report.checked == 6

    def test_names_a_changed_row(self) -> None:
        rows = [ring(times) for times in range(3)]
        services.seal()

        tamper("UPDATE timeline_event SET payload = '{\"times\": 9}' WHERE id = %s", rows[1])

        assert [(p.event_id, p.what) for p in verify().problems] == [(str(rows[1]), "changed")]

    def test_names_a_removed_row(self) -> None:
        rows = [ring(times) for times in range(3)]
        services.seal()
        number = EventRow.objects.get(id=rows[1]).number

        tamper("DELETE FROM timeline_event WHERE number = %s", number)

        assert [(p.number, p.what) for p in verify().problems] == [(number, "removed")]

    def test_names_the_place_where_row_and_link_were_removed(self) -> None:
        rows = [ring(times) for times in range(3)]
        services.seal()
        number, after = EventRow.objects.get(id=rows[1]).number, EventRow.objects.get(id=rows[2])

        tamper("DELETE FROM timeline_event WHERE number = %s", number)
        tamper("DELETE FROM timeline_seal WHERE event_number = %s", number)

        assert str(after.id) in {p.event_id for p in verify().problems}

    def test_names_an_inserted_row(self) -> None:
        ring()
        services.seal()
        forged = new_id()

        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO timeline_event (id, name, at, recorded_at, payload, mac)"
                " VALUES (%s, 'test.bell.rung', now(), now(), '{\"times\": 1}', '\\x00')",
                [forged],
            )

        before_linking = verify()
        services.seal()
        assert str(forged) in {p.event_id for p in before_linking.problems}
        assert str(forged) in {p.event_id for p in verify().problems}

    def test_names_rows_put_in_another_order(self) -> None:
        rows = [ring(times) for times in range(3)]
        services.seal()
        first, second = (EventRow.objects.get(id=row).number for row in rows[:2])

        tamper("UPDATE timeline_event SET number = -1 WHERE number = %s", first)
        tamper("UPDATE timeline_event SET number = %s WHERE number = %s", first, second)
        tamper("UPDATE timeline_event SET number = %s WHERE number = -1", second)

        assert {str(rows[0]), str(rows[1])} <= {p.event_id for p in verify().problems}

    def test_sees_that_the_end_was_cut_off(self) -> None:
        from zhiren.timeline import heads

        for times in range(3):
            ring(times)
        services.seal()
        heads.note(MONDAY)
        last = Seal.objects.order_by("-position").first()
        assert last is not None

        tamper("DELETE FROM timeline_event WHERE number = %s", last.event_number)
        tamper("DELETE FROM timeline_seal WHERE position = %s", last.position)

        assert any("were removed" in p.what for p in verify().problems)


@pytest.mark.django_db
class TestSeal:
    def test_links_each_event_once(self) -> None:
        for times in range(3):
            ring(times)

        assert services.seal() == 3
        assert services.seal() == 0
        assert not Unsealed.objects.exists()
