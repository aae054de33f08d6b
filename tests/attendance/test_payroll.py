"""A closed month as payroll gets it: the same rows as CSV, as a spreadsheet and through the API, with a checksum."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any
from zipfile import ZipFile

import pytest
import python_calamine
from django.test import Client
from django.urls import reverse

from tests.factories import SYSTEM, make_user
from tests.factories.attendance import NIGHT, make_worker, punch, wall
from zhiren.attendance import endpoints, months, services
from zhiren.attendance.models import Period, Request
from zhiren.people.models import Employment, Person
from zhiren.plumbing import clock
from zhiren.timeline.models import EventRow

pytestmark = pytest.mark.django_db

DECEMBER = wall("2026-12-03 12:00")
NOVEMBER = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _in_december() -> Iterator[None]:
    with clock.travel(DECEMBER):
        yield


@pytest.fixture
def worker() -> Employment:
    """Somebody who was late once in a closed November, and about whom something became known afterwards."""
    found = make_worker(number="=HYPERLINK(1)")
    Person.objects.filter(pk=found.person_id).update(name="@SUM(A1)")
    punch(found, "2026-11-17 09:20", "2026-11-17 18:00", at=DECEMBER)
    services.close_month(actor=SYSTEM, at=DECEMBER, entity_id=found.entity_id, month=NOVEMBER)
    punch(found, "2026-11-17 08:50", at=DECEMBER)
    return found


def client_of(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def of_hr(worker: Employment) -> Client:
    return client_of(make_user("hr_manager", scope="entity", entity=worker.entity, language="en"))


def xlsx_of(client: Client, worker: Employment) -> bytes:
    answer = client.get(reverse("attendance:payroll_xlsx", args=[worker.entity_id, "2026-11"]))
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file is streamed


class TestAllowances:
    def test_are_paid_by_days_of_nights_duty_and_holidays(self) -> None:
        row = make_worker(
            {**NIGHT, "policy": {**NIGHT["policy"], "ot_mode": 1, "holiday_is_overtime": True}}, follows_holidays=False,
            placed_on=date(2026, 9, 1),
        )  # fmt: skip
        for on, following in (("2026-10-01", "2026-10-02"), ("2026-10-12", "2026-10-13"), ("2026-10-14", "2026-10-15")):
            punch(row, f"{on} 21:55", f"{following} 06:05", at=DECEMBER)
        Request.objects.create(
            employment=row, kind="trip", state="approved", on=date(2026, 10, 20), starts_at=wall("2026-10-20 20:00"),
            ends_at=wall("2026-10-21 08:00"), zone="Asia/Shanghai", asked_at=DECEMBER, settled_at=DECEMBER,
        )  # fmt: skip
        months.compute_month(at=DECEMBER, month=date(2026, 10, 1))
        services.close_month(actor=SYSTEM, at=DECEMBER, entity_id=row.entity_id, month=date(2026, 10, 1))

        text = of_hr(row).get(reverse("attendance:payroll", args=[row.entity_id, "2026-10"])).content.decode()

        [line] = [one for one in csv.DictReader(io.StringIO(text)) if one["row"] == "month"]
        assert (line["days_night"], line["days_duty"], line["days_holiday"]) == ("3", "1", "1")


class TestTheSpreadsheet:
    def test_has_the_rows_of_the_csv_and_the_checksum_on_a_sheet_of_its_own(self, worker: Employment) -> None:
        client = of_hr(worker)

        text = client.get(reverse("attendance:payroll", args=[worker.entity_id, "2026-11"])).content.decode()
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(xlsx_of(client, worker)))

        rows = list(csv.reader(io.StringIO(text)))[:-1]
        shown = [
            [str(int(cell)) if isinstance(cell, float) else str(cell) for cell in row]
            for row in book.get_sheet_by_name("2026-11").to_python()
        ]
        assert shown == rows
        assert [row[3] for row in rows[1:]] == ["month", "adjustment"]
        proof = [row[0] for row in book.get_sheet_by_name("checksum").to_python()]
        assert proof == [Period.objects.get().checksum, "2 days", "2026-12-03T04:00:00Z"]

    def test_holds_no_formula(self, worker: Employment) -> None:
        with ZipFile(io.BytesIO(xlsx_of(of_hr(worker), worker))) as book:
            sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/" in name]

        assert not any("<f>" in sheet for sheet in sheets)
        assert any("'=HYPERLINK(1)" in sheet and "'@SUM(A1)" in sheet for sheet in sheets)

    def test_is_on_the_record(self, worker: Employment) -> None:
        xlsx_of(of_hr(worker), worker)

        assert EventRow.objects.get(name="attendance.exported").payload == {"month": "2026-11-01", "people": 1}

    def test_is_for_those_who_manage_attendance_there(self, worker: Employment) -> None:
        elsewhere = make_user("hr_manager", scope="entity", entity=make_worker().entity)

        address = reverse("attendance:payroll_xlsx", args=[worker.entity_id, "2026-11"])
        assert client_of(elsewhere).get(address).status_code == 404

    def test_is_not_made_of_a_month_that_is_open(self, worker: Employment) -> None:
        address = reverse("attendance:payroll_xlsx", args=[worker.entity_id, "2026-10"])
        assert of_hr(worker).get(address).status_code == 409


class TestTheApi:
    def address(self, worker: Employment, month: str = "2026-11") -> str:
        return f"/api/v1/attendance/entities/{worker.entity_id}/months/{month}/payroll"

    def test_tells_the_same_with_the_checksum(self, worker: Employment) -> None:
        told = of_hr(worker).get(self.address(worker)).json()

        assert told["checksum"] == Period.objects.get().checksum
        assert [(line["kind"], line["minutes"]["late"]) for line in told["lines"]] == [
            ("month", 20),
            ("adjustment", -20),
        ]
        assert told["lines"][0]["number"] == "=HYPERLINK(1)"  # a program takes nothing for a formula
        assert told["next"] is None

    def test_goes_on_where_a_page_ended(self, worker: Employment, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(endpoints, "_MOST_PEOPLE", 1)
        other = make_worker(number="zz", department=worker.department)
        punch(other, "2026-11-17 09:00", "2026-11-17 18:00", at=DECEMBER)
        client = of_hr(worker)

        first = client.get(self.address(worker)).json()
        second = client.get(self.address(worker) + f"?after={first['next']}").json()

        assert {line["employment_id"] for line in first["lines"]} == {str(worker.pk)} == {first["next"]}
        assert {line["employment_id"] for line in second["lines"]} == {str(other.pk)}
        assert second["next"] is None

    def test_refuses_like_the_csv(self, worker: Employment) -> None:
        elsewhere = make_user("hr_manager", scope="entity", entity=make_worker().entity)

        assert of_hr(worker).get(self.address(worker, "2026-10")).status_code == 409
        assert client_of(elsewhere).get(self.address(worker)).status_code == 404
        assert of_hr(worker).get(self.address(worker, "2026-13")).status_code == 404
        assert client_of(make_user("employee")).get(self.address(worker)).status_code == 403
